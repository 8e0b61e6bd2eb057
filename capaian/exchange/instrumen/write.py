"""Writing a version of an instrument as a workbook: protected heads, lists for closed sets, texts as texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from capaian.assessments.fields import Field, fields_of, show, words
from capaian.assessments.models import VersiInstrumen
from capaian.assessments.tree import walk
from capaian.exchange.instrumen.layout import (
    CHOICE_SHEET,
    GUIDE_SHEET,
    HEAD_FIELDS,
    HEAD_ROW,
    HEAD_SHEET,
    NODE_SHEET,
    SCALE_SHEET,
    SIFAT_SHEET,
    STAMP_LABEL,
    TABLES,
    Column,
    stamp_text,
)
from capaian.exchange.sheets.book import new_book, row_height, text_format, write_text

_LINE, _HEAD, _FILL = "#B8C2C6", "#0F5C63", "#FFF9DB"
# Rows below the last one that still offer the lists.
_SPARE: Final = 200
# Excel keeps fifteen digits; a longer number goes out as a text.
_DIGITS: Final = 15
_NOTES: Final = {
    NODE_SHEET: "Satu baris satu kelompok atau butir; Induk ialah kode kelompok di atasnya, kosong hanya pada akar.",
    CHOICE_SHEET: "Jawaban yang dapat dipilih, atau pita; kolom Daftar ialah nama yang disebut pada lembar Butir.",
    SCALE_SHEET: "Kelas tiap kelompok, dari yang terbaik. Kebijakan dan dasar cukup pada baris pertama tiap skala.",
    SIFAT_SHEET: "Sifat unit yang disebut butir, misalnya rawat_inap.",
}
_GUIDE: Final = (
    (
        "Untuk apa",
        "Buku kerja ini memuat satu instrumen penilaian seutuhnya. Ubah, lalu unggah pada halaman Instrumen penilaian; "
        "isinya menjadi draf sesudah pratinjau diterapkan. Versi yang sudah terbit tidak pernah berubah.",
    ),
    (
        "Judul kolom",
        "Terkunci. Kolom dikenali dari judulnya; baris boleh ditambah, dihapus, dan diurutkan. Urutan baris ialah "
        "urutan dalam instrumen.",
    ),
    (
        "Kode",
        "Huruf, angka, titik, dan garis, tanpa spasi. Jawaban disimpan menurut kode; mengganti kode berarti butir "
        "lain.",
    ),
    ("Angka", "Ketik sebagai angka, bukan rumus. Target ditulis seperti tercetak: ≤ 3, < 24 jam, Maks tgl 5, ya."),
    (
        "Daftar pilihan",
        "Beberapa butir boleh memakai satu daftar. Nama daftar bebas, asal sama pada lembar Butir dan Pilihan.",
    ),
    (
        "Kunci",
        "Kunci yang sudah ada memperbarui draf instrumen itu, atau membuat draf versi barunya. Kunci baru membuat "
        "instrumen baru.",
    ),
)


def write_instrumen(versi: VersiInstrumen, mark: str) -> bytes:
    """The .xlsx of a version, whatever state its data is in; `mark` says when it was changed last."""
    definisi = versi.definisi
    book, buffer = new_book(str(versi), versi.instrumen.instansi.nama)
    looks = _Looks(book)
    _write_head(book, looks, versi, mark)
    lists = name_lists(definisi)
    _write_table(book, looks, NODE_SHEET, list(_nodes(definisi, lists)))
    _write_table(book, looks, CHOICE_SHEET, [{"daftar": name, **row} for name, rows in lists for row in rows])
    _write_table(book, looks, SCALE_SHEET, list(_scales(definisi)))
    pairs = (definisi.get("sifat") or {}).items()
    _write_table(book, looks, SIFAT_SHEET, [{"kode": kode, "nama": nama} for kode, nama in pairs])
    _write_guide(book, looks)
    book.get_worksheet_by_name(NODE_SHEET).activate()
    book.close()
    return buffer.getvalue()


def name_lists(definisi: Mapping[str, Any]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """Each list of answers once, under the kode of the first group or item that has it."""
    found: list[tuple[str, list[Mapping[str, Any]]]] = []
    for one in walk(definisi):
        choices = one.node.get("pilihan")
        if choices and not any(rows == choices for _, rows in found):
            found.append((one.kode, choices))
    return found


def _nodes(definisi: Mapping[str, Any], lists: Sequence[tuple[str, Any]]) -> Iterator[dict[str, Any]]:
    for one in walk(definisi):
        known = fields_of(one.node)
        values = {field.name: one.node.get(field.name, field.default) for field in known}
        choices = one.node.get("pilihan")
        name = next((name for name, rows in lists if choices and rows == choices), "")
        jenis = "kelompok" if one.is_group else "butir"
        yield {**values, "induk": one.induk, "jenis": jenis, "pilihan": name}


def _scales(definisi: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for part in definisi.get("klasifikasi") or []:
        others = [(f"lain {number}", one) for number, one in enumerate(part.get("skala_lain") or [], start=1)]
        for name, one in [("", part), *others]:
            scale = one.get("skala") or {}
            first: dict[str, Any] = {f"r_{key}": value for key, value in (one.get("rujukan") or {}).items()}
            first |= {"kebijakan": scale.get("kebijakan") or "", "desimal": str(scale.get("desimal", 2))}
            for number, band in enumerate(scale.get("tingkat") or []):
                yield {**band, **(first if number == 0 else {}), "kelompok": part.get("kelompok", ""), "skala": name}


class _Looks:
    """The formats of the workbook, made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        def cell(**look: Any) -> Any:
            return text_format(book, border=1, border_color=_LINE, text_wrap=True, **look)

        self.title = text_format(book, bold=True, font_size=14)
        self.note = text_format(book, italic=True, font_color="#55616A")
        self.head = cell(bold=True, font_color="#FFFFFF", bg_color=_HEAD)
        self.label = cell(bold=True)
        self.text = cell(num_format="@", locked=False)
        self.value = cell(num_format="@", locked=False, bg_color=_FILL)
        self.number = book.add_format(
            {"font_name": "Arial", "font_size": 10, "valign": "top", "align": "right", "border": 1,
             "border_color": _LINE, "locked": False}
        )  # fmt: skip
        # Groups stand out from their items.
        self.group = cell(num_format="@", locked=False, bold=True, bg_color="#E6F0F0")
        self.group_number = cell(locked=False, bold=True, bg_color="#E6F0F0", align="right")
        self.fixed = cell(font_color="#55616A")
        self.wrapped = text_format(book, text_wrap=True)
        # Whole columns, so that rows can be added and taken out below the protected head.
        self.free = book.add_format({"locked": False})


def _write_head(book: xlsxwriter.Workbook, looks: _Looks, versi: VersiInstrumen, mark: str) -> None:
    page = book.add_worksheet(HEAD_SHEET)
    page.set_column(0, 0, 34)
    page.set_column(1, 1, 70)
    page.set_column(2, 2, 60)
    write_text(page, 0, 0, str(versi), looks.title)
    for column, label in enumerate(("Hal", "Isi", "Keterangan")):
        write_text(page, HEAD_ROW - 1, column, label, looks.head)
    at = HEAD_ROW
    for field, text in _head_values(versi):
        write_text(page, at, 0, field.label, looks.label)
        write_text(page, at, 1, text, looks.value)
        write_text(page, at, 2, field.help, looks.note)
        page.set_row(at, row_height([(text, 70)]) + 2)
        if field.choices:
            page.data_validation(at, 1, at, 1, _list(field))
        at += 1
    write_text(page, at, 0, STAMP_LABEL, looks.label)
    write_text(page, at, 1, stamp_text(versi.nomor, mark), looks.fixed)
    write_text(
        page, at, 2, "Jangan diubah; dengan ini terlihat bila draf berubah di situs sesudah diunduh.", looks.note
    )
    page.protect("", {"insert_rows": True, "format_rows": True, "format_columns": True})
    page.hide_gridlines(2)
    page.fit_to_pages(1, 0)


def _head_values(versi: VersiInstrumen) -> Iterator[tuple[Field, str]]:
    definisi = versi.definisi
    values: dict[str, Any] = {"kunci": versi.instrumen.kunci, "nama": definisi.get("nama", ""),
                              "keluarga": versi.instrumen.keluarga,
                              "peringkat": ", ".join(definisi.get("peringkat") or [])}  # fmt: skip
    values |= {f"r_{name}": value for name, value in (definisi.get("rujukan") or {}).items()}
    policies = definisi.get("kebijakan") or {}
    values |= {f"k_{name}": ", ".join(value) if isinstance(value, list) else value for name, value in policies.items()}
    for field in HEAD_FIELDS:
        if field.name == "catatan":
            for text in definisi.get("catatan") or [""]:
                yield field, str(text)
        else:
            yield field, words(field, values)


def _write_table(book: xlsxwriter.Workbook, looks: _Looks, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    columns = TABLES[name]
    page = book.add_worksheet(name)
    page.set_column(0, 16_383, None, looks.free)
    write_text(page, 0, 0, name, looks.title)
    write_text(page, 1, 0, _NOTES[name], looks.note)
    for number, column in enumerate(columns):
        page.set_column(number, number, column.width, looks.free)
        write_text(page, HEAD_ROW - 1, number, column.label, looks.head)
        if column.field.help:
            page.write_comment(HEAD_ROW - 1, number, column.field.help)
    for at, row in enumerate(rows, start=HEAD_ROW):
        for number, column in enumerate(columns):
            _write_cell(page, looks, at, number, column.field, row)
        page.set_row(at, row_height((words(one.field, row), one.width) for one in columns))
    _lists(page, columns, HEAD_ROW + len(rows) + _SPARE)
    end = max(HEAD_ROW + len(rows) - 1, HEAD_ROW)
    page.autofilter(HEAD_ROW - 1, 0, end, len(columns) - 1)
    page.freeze_panes(HEAD_ROW, 1)
    allowed = ("insert_rows", "delete_rows", "sort", "autofilter", "format_columns", "format_rows", "format_cells")
    page.protect("", dict.fromkeys(allowed, True))
    page.ignore_errors({"number_stored_as_text": f"A1:{xl_col_to_name(len(columns))}{end + _SPARE}"})
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(HEAD_ROW - 1)


def _write_cell(page: Worksheet, looks: _Looks, at: int, number: int, field: Field, row: Mapping[str, Any]) -> None:
    value = row.get(field.name, "")
    is_group = row.get("jenis") == "kelompok"
    if field.kind == "number" and value not in ("", None):
        exact = _short(value)
        if exact is not None:
            page.write_number(at, number, float(exact), looks.group_number if is_group else looks.number)
            return
    text = "" if value in ("", None) else words(field, row) if field.kind == "choice" else show(field, row)
    write_text(page, at, number, text, looks.group if is_group else looks.text)


def _short(value: object) -> Decimal | None:
    """A number that Excel keeps exactly; None for one that it does not."""
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() and len(number.as_tuple().digits) <= _DIGITS else None


def _lists(page: Worksheet, columns: Sequence[Column], end: int) -> None:
    """Lists for closed sets, and for the names that other sheets give."""
    for number, column in enumerate(columns):
        name = column.field.name
        if column.field.kind in ("choice", "flag"):
            page.data_validation(HEAD_ROW, number, end, number, _list(column.field))
        elif name == "sifat":
            source = f"='{SIFAT_SHEET}'!$A${HEAD_ROW + 1}:$A$200"
            said = "Sifat ini tidak ada pada lembar Sifat."
            rule = {"validate": "list", "source": source, "error_type": "warning", "error_message": said}
            page.data_validation(HEAD_ROW, number, end, number, rule)


def _list(field: Field) -> dict[str, Any]:
    source = ["ya", "tidak"] if field.kind == "flag" else [label for _, label in field.choices]
    return {
        "validate": "list",
        "source": source,
        "ignore_blank": True,
        "error_title": "Pilihan tidak ada",
        "error_message": "Pilih salah satu dari daftar pada sel ini.",
    }


def _write_guide(book: xlsxwriter.Workbook, looks: _Looks) -> None:
    page = book.add_worksheet(GUIDE_SHEET)
    page.set_column(0, 0, 20)
    page.set_column(1, 1, 96)
    write_text(page, 0, 0, "Petunjuk", looks.title)
    for at, (head, text) in enumerate(_GUIDE, start=2):
        write_text(page, at, 0, head, looks.label)
        write_text(page, at, 1, text, looks.wrapped)
        page.set_row(at, row_height([(text, 96)]) + 4)
    page.hide_gridlines(2)
    page.protect("")
