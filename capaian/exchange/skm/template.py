"""The workbook in which the sheets of a survey are typed: a column for each unsur, lists for the profile."""

from __future__ import annotations

from typing import Final

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from capaian.exchange.sheets.book import new_book, row_height, text_format, write_text
from capaian.skm.answers import PROFILE, PROFILE_LABELS
from capaian.skm.models import UNSUR, Survei
from capaian.skm.questions import HIGHEST, LOWEST, questions_of

SHEET: Final = "Jawaban"
_GUIDE: Final = "Petunjuk"
_LISTS: Final = "Pilihan"
HEAD_ROW: Final = 4
# Ready to be typed in; more rows below are read as well.
_ROWS: Final = 500
_LINE, _HEAD, _OPEN = "#B8C2C6", "#0F5C63", "#FFF9DB"
_NOTE: Final = (
    "Satu baris satu lembar; jawaban 1 (terburuk) sampai 4 (terbaik), kosong bila tidak dijawab. Lihat Petunjuk."
)


def column_titles(survei: Survei) -> list[tuple[str, str]]:
    """The columns by name and title; the number of an unsur is its place in the list of the regulation."""
    asked = {one.unsur: one.nama for one in questions_of(survei)}
    unsur = [(kode, f"U{number} {asked[kode]}") for number, kode in enumerate(UNSUR, 1) if kode in asked]
    profile = [(name, label) for name, label in PROFILE_LABELS.items() if name != "layanan" or survei.layanan]
    return [("tanggal", "Tanggal"), *unsur, *profile, ("saran", "Saran")]


def write_template(survei: Survei) -> bytes:
    """The .xlsx to fill for a survey."""
    book, buffer = new_book(f"Jawaban {survei.nama}", survei.tahun_kinerja.instansi.nama)
    sheet, guide, lists = (book.add_worksheet(name) for name in (SHEET, _GUIDE, _LISTS))
    _write_sheet(book, sheet, survei, _write_lists(lists, survei, text_format(book)))
    _write_guide(book, guide, survei)
    lists.hide()
    book.close()
    return buffer.getvalue()


def _write_lists(page: Worksheet, survei: Survei, look: Format) -> dict[str, str]:
    """The words of the profile on a sheet of their own, since a list in a cell holds 255 letters; ranges by name."""
    offered = {name: [str(label) for _, label in choices] for name, choices in PROFILE.items()}
    if survei.layanan:
        offered["layanan"] = list(survei.layanan)
    ranges = {}
    for column, (name, words) in enumerate(offered.items()):
        for row, word in enumerate(words):
            write_text(page, row, column, word, look)
        letter = chr(ord("A") + column)
        ranges[name] = f"={_LISTS}!${letter}$1:${letter}${len(words)}"
    return ranges


def _write_sheet(book: xlsxwriter.Workbook, page: Worksheet, survei: Survei, ranges: dict[str, str]) -> None:
    write_text(page, 0, 0, f"Jawaban {survei.nama}", text_format(book, bold=True, font_size=14))
    place = survei.unit or survei.tahun_kinerja.instansi
    write_text(page, 1, 0, str(place), text_format(book, bold=True))
    write_text(page, 2, 0, _NOTE, text_format(book, italic=True, font_color="#55616A"))
    head = text_format(
        book, bold=True, font_color="#FFFFFF", bg_color=_HEAD, border=1, border_color=_LINE, text_wrap=True
    )
    # A text format takes what is typed as it is typed; a day stays a day.
    cell = book.add_format({"border": 1, "border_color": _LINE, "bg_color": _OPEN, "num_format": "@"})
    day = book.add_format({"border": 1, "border_color": _LINE, "bg_color": _OPEN, "num_format": "yyyy-mm-dd"})
    last = HEAD_ROW + _ROWS - 1
    for column, (name, title) in enumerate(column_titles(survei)):
        write_text(page, HEAD_ROW - 1, column, title, head)
        page.set_column(column, column, 40 if name == "saran" else 13)
        for row in range(HEAD_ROW, last + 1):
            page.write_blank(row, column, None, day if name == "tanggal" else cell)
        if name in UNSUR:
            page.data_validation(HEAD_ROW, column, last, column, _scale())
        elif name in ranges:
            page.data_validation(HEAD_ROW, column, last, column, {"validate": "list", "source": ranges[name]})
    page.set_row(HEAD_ROW - 1, 44)
    page.freeze_panes(HEAD_ROW, 1)


def _scale() -> dict[str, object]:
    return {
        "validate": "list",
        "source": [str(one) for one in range(LOWEST, HIGHEST + 1)],
        "error_title": "Bukan 1 sampai 4",
        "error_message": "Jawaban SKM ialah 1, 2, 3, atau 4; kosongkan bila tidak dijawab.",
    }


def _write_guide(book: xlsxwriter.Workbook, page: Worksheet, survei: Survei) -> None:
    strong, plain = text_format(book, bold=True), text_format(book, text_wrap=True)
    page.set_column(0, 0, 34)
    page.set_column(1, 1, 60)
    lines = [
        ("Tanggal", f"Hari lembar diisi, {survei.mulai:%Y-%m-%d} sampai {survei.sampai:%Y-%m-%d}; boleh dikosongkan."),
        *((one.nama, _question(one.teks, one.jawaban)) for one in questions_of(survei)),
        ("Profil", "Pilih dari daftarnya; boleh dikosongkan."),
        ("Saran", "Tanpa nama atau nomor telepon: nomor panjang dan surel dihapus saat disimpan."),
        ("Mengunggah", "Berkas diperiksa dahulu; tidak ada yang disimpan selama masih ada yang salah. Berkas yang sama "
         "dihitung satu kali."),
    ]  # fmt: skip
    for row, (title, text) in enumerate(lines):
        write_text(page, row, 0, title, strong)
        write_text(page, row, 1, text, plain)
        page.set_row(row, row_height([(text, 60)]))


def _question(teks: str, jawaban: tuple[str, ...]) -> str:
    return f"{teks} {'; '.join(f'{value} = {word}' for value, word in enumerate(jawaban, start=LOWEST))}."
