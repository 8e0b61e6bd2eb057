"""Writing the template of one or many sheets: protected, with choices and instructions, stamped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import xlsxwriter
from django.utils import timezone
from django.utils.formats import date_format
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from capaian.exchange.sheets.book import new_book, row_height, text_format, write_text
from capaian.exchange.sheets.guide import GUIDE
from capaian.exchange.sheets.layout import (
    CHOICES_SHEET,
    COLUMNS,
    GUIDE_SHEET,
    HEAD_ROW,
    INDEX_SHEET,
    ISIAN,
    KUNCI,
    MAX_LENGTH,
    sheet_names,
)
from capaian.exchange.sheets.places import period_title, unit_label
from capaian.exchange.sheets.stamp import STAMP_SHEET, Stamp, StampRow, StampSheet, write_stamp
from capaian.planning.queries import read_expression
from capaian.rules.target import YesNoTarget
from capaian.workflow.forms import FormDefinition, Sheet, SheetKey, SheetRow
from capaian.workflow.policy import may_write
from capaian.workflow.queries import deadline_of, submission_of

_LINE, _HEAD, _BAND = "#B8C2C6", "#0F5C63", "#E6F0F0"
_OPEN, _CLOSED = "#FFF9DB", "#EAECED"
_GUIDE_WIDTH = 92
_NOTE = "Isi hanya kolom Isian (kuning). Sel kelabu tertutup; alasannya di kolom Keterangan. Cara mengisi: Petunjuk."


def write_template(definition: FormDefinition, keys: Sequence[SheetKey], today: date) -> bytes:
    """The .xlsx of the sheets that `keys` name, all of one form and period, with what is stored filled in."""
    sheets = [definition.read(key, today) for key in keys]
    names = sheet_names(unit_label(key) for key in keys)
    first = keys[0]
    book, buffer = new_book(f"{definition.nama} {first.tahun_kinerja}", first.tahun_kinerja.instansi.nama)
    looks = _Looks(book)
    _write_guide(book, looks, definition, first)
    if len(keys) > 1:
        _write_index(book, looks, names, sheets)
    stamped = [_write_sheet(book, looks, name, sheet, today) for name, sheet in zip(names, sheets, strict=True)]
    _write_lists(book, looks)
    _write_stamp(book, first, stamped)
    book.get_worksheet_by_name(INDEX_SHEET if len(keys) > 1 else names[0]).activate()
    book.close()
    return buffer.getvalue()


class _Looks:
    """The formats of a template, made once for the whole workbook."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        def cell(**look: Any) -> Format:
            return text_format(book, border=1, border_color=_LINE, text_wrap=True, **look)

        self.title = text_format(book, bold=True, font_size=14)
        self.plain = text_format(book)
        self.strong = text_format(book, bold=True)
        self.wrapped = text_format(book, text_wrap=True)
        self.note = text_format(book, italic=True, font_color="#55616A")
        self.warning = text_format(book, bold=True, font_color="#8A1C12")
        self.head = cell(bold=True, font_color="#FFFFFF", bg_color=_HEAD)
        # Not wrapped: the name of a group runs on over the empty cells beside it.
        self.band = text_format(book, bold=True, bg_color=_BAND, bottom=1, bottom_color=_LINE)
        self.text = cell()
        self.value = cell(align="right")
        # A text format takes what is typed as it is typed: no date out of 1/2, no lost digits, no lost comma.
        self.open = cell(align="right", bg_color=_OPEN, num_format="@", locked=False)
        self.closed = cell(align="right", bg_color=_CLOSED, font_color="#55616A")
        self.remark = cell(font_color="#55616A", font_size=9)
        self.link = text_format(book, font_color=_HEAD, underline=1)
        # Lists that do not fit into a cell's own rule, with the column of `CHOICES_SHEET` that holds each.
        self.lists: dict[tuple[str, ...], int] = {}


def _write_sheet(book: xlsxwriter.Workbook, looks: _Looks, name: str, sheet: Sheet, today: date) -> StampSheet:
    page = book.add_worksheet(name)
    lock = may_write(submission_of(sheet.key), deadline_of(sheet.key), today)
    _write_top(page, looks, sheet, lock.reason)
    labels = [column.label for column in COLUMNS]
    labels[4], labels[5], labels[6] = sheet.target_label, sheet.previous_label, f"Isian: {sheet.value_label.lower()}"
    for column, label in enumerate(labels):
        write_text(page, HEAD_ROW - 1, column, label, looks.head)
    at, group, stamped = HEAD_ROW, "", []
    for number, row in enumerate(sheet.rows, start=1):
        if row.kelompok and row.kelompok != group:
            group = row.kelompok
            _write_band(page, looks, at, group)
            at += 1
        _write_row(page, looks, at, number, row, is_open=lock.allowed and not row.closed)
        stamped.append(StampRow(row.kunci, at + 1, row.nama, row.satuan, row.target, row.teks))
        at += 1
    _set_up(page, at)
    return StampSheet(name, sheet.key.unit.kunci if sheet.key.unit else "", tuple(stamped))


def _write_top(page: Worksheet, looks: _Looks, sheet: Sheet, lock: str) -> None:
    key = sheet.key
    write_text(page, 0, 0, f"{sheet.title} — {period_title(key.periode, key.tahun_kinerja.tahun)}", looks.title)
    write_text(page, 1, 0, key.tahun_kinerja.instansi.nama, looks.plain)
    write_text(page, 2, 0, unit_label(key), looks.strong)
    made = date_format(timezone.localtime(), "j F Y H:i")
    write_text(page, 3, 0, f"Templat dibuat {made}; isian memuat nilai yang tersimpan saat itu.", looks.note)
    write_text(page, 4, 0, lock or _NOTE, looks.warning if lock else looks.note)


def _write_band(page: Worksheet, looks: _Looks, at: int, group: str) -> None:
    for column in range(len(COLUMNS)):
        write_text(page, at, column, group if column == 0 else "", looks.band)


def _write_row(page: Worksheet, looks: _Looks, at: int, number: int, row: SheetRow, *, is_open: bool) -> None:
    page.write_number(at, 0, number, looks.value)
    cells = ((row.kode, looks.text), (row.nama, looks.text), (row.satuan, looks.text), (row.target, looks.value))
    for column, (text, look) in enumerate((*cells, (row.previous, looks.value)), start=1):
        write_text(page, at, column, text, look)
    write_text(page, at, ISIAN - 1, row.teks, looks.open if is_open else looks.closed)
    write_text(page, at, ISIAN, row.closed or row.hint, looks.remark)
    write_text(page, at, KUNCI - 1, row.kunci, looks.plain)
    texts = (row.kode, row.nama, row.satuan, row.target, row.previous, row.teks, row.closed or row.hint)
    page.set_row(at, row_height((text, column.width) for text, column in zip(texts, COLUMNS[1:], strict=True)))
    if is_open:
        page.data_validation(at, ISIAN - 1, at, ISIAN - 1, _validation(looks, row))


def _validation(looks: _Looks, row: SheetRow) -> dict[str, Any]:
    """What the cell takes, and what is said when it is entered: its target and unit."""
    said = "; ".join(
        part
        for part in (f"Target {row.target}" if row.target else "", f"satuan {row.satuan}" if row.satuan else "")
        if part
    )
    common = {"ignore_blank": True, "input_title": "Isian", "input_message": (said or "Ketik nilainya")[:250]}
    if choices := choices_of(row):
        return {
            "validate": "list",
            "source": _source(looks, choices),
            # The form itself says on upload what else fits.
            "error_type": "warning" if row.choices else "stop",
            "error_title": "Pilihan tidak ada",
            "error_message": "Pilih salah satu dari daftar pada sel ini.",
            **common,
        }
    return {
        "validate": "length",
        "criteria": "<=",
        "value": MAX_LENGTH,
        "error_title": "Terlalu panjang",
        "error_message": f"Paling banyak {MAX_LENGTH} huruf. Uraian ditulis pada analisis, bukan di sini.",
        **common,
    }


def choices_of(row: SheetRow) -> tuple[str, ...]:
    """The values that are offered for a row, where there are such."""
    if row.choices:
        return row.choices
    return ("ya", "tidak") if isinstance(read_expression(row.target), YesNoTarget) else ()


def _source(looks: _Looks, choices: tuple[str, ...]) -> list[str] | str:
    """The list itself, of which Excel takes 255 characters without a comma; a longer one by where it stands."""
    if len(",".join(choices)) <= 255 and not any("," in one for one in choices):
        return list(choices)
    column = xl_col_to_name(looks.lists.setdefault(choices, len(looks.lists)))
    return f"='{CHOICES_SHEET}'!${column}$1:${column}${len(choices)}"


def _set_up(page: Worksheet, end: int) -> None:
    for number, column in enumerate(COLUMNS):
        page.set_column(number, number, column.width)
    page.set_column(KUNCI - 1, KUNCI - 1, 12, None, {"hidden": True})
    page.freeze_panes(HEAD_ROW, 3)
    page.ignore_errors({"number_stored_as_text": f"A1:I{end + 1}"})
    # Columns and rows may be made wider; no password, since this guards against slips, not against people.
    page.protect("", {"format_columns": True, "format_rows": True, "autofilter": True})
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(HEAD_ROW - 1)
    page.print_area(0, 0, max(end - 1, HEAD_ROW), len(COLUMNS) - 1)
    page.set_margins(0.4, 0.4, 0.5, 0.6)
    page.set_footer("&L&A&RHalaman &P dari &N")


def _write_guide(book: xlsxwriter.Workbook, looks: _Looks, definition: FormDefinition, key: SheetKey) -> None:
    page = book.add_worksheet(GUIDE_SHEET)
    page.set_column(0, 0, 26)
    page.set_column(1, 1, _GUIDE_WIDTH)
    write_text(page, 0, 0, "Petunjuk pengisian", looks.title)
    what = f"{definition.nama}, {period_title(key.periode, key.tahun_kinerja.tahun)}, {key.tahun_kinerja.instansi.nama}"
    write_text(page, 1, 0, what, looks.plain)
    for at, (head, text) in enumerate(GUIDE, start=3):
        write_text(page, at, 0, head, looks.strong)
        write_text(page, at, 1, text, looks.wrapped)
        page.set_row(at, row_height([(text, _GUIDE_WIDTH)]) + 4)
    page.hide_gridlines(2)
    page.protect("")
    page.set_paper(9)
    page.fit_to_pages(1, 0)


def _write_index(book: xlsxwriter.Workbook, looks: _Looks, names: Sequence[str], sheets: Sequence[Sheet]) -> None:
    page = book.add_worksheet(INDEX_SHEET)
    page.set_column(0, 0, 5)
    page.set_column(1, 1, 52)
    page.set_column(2, 3, 12)
    write_text(page, 0, 0, "Daftar unit", looks.title)
    for column, label in enumerate(("No", "Unit", "Dapat diisi", "Terisi")):
        write_text(page, 2, column, label, looks.head)
    for number, (name, sheet) in enumerate(zip(names, sheets, strict=True), start=1):
        at = number + 2
        page.write_number(at, 0, number, looks.value)
        page.write_url(at, 1, f"internal:'{name}'!A1", looks.link, unit_label(sheet.key)[:255])
        page.write_number(at, 2, sheet.fillable, looks.value)
        page.write_number(at, 3, sheet.filled, looks.value)
    page.freeze_panes(3, 0)
    page.protect("")


def _write_lists(book: xlsxwriter.Workbook, looks: _Looks) -> None:
    if not looks.lists:
        return
    page = book.add_worksheet(CHOICES_SHEET)
    for choices, column in looks.lists.items():
        for row, text in enumerate(choices):
            page.write_string(row, column, text)
    page.protect("")
    page.very_hidden()


def _write_stamp(book: xlsxwriter.Workbook, key: SheetKey, sheets: Sequence[StampSheet]) -> None:
    year = key.tahun_kinerja
    made_at = timezone.now().isoformat()
    stamp = Stamp(year.instansi.kunci, year.tahun, key.form, key.periode, made_at, tuple(sheets))
    page = book.add_worksheet(STAMP_SHEET)
    for row, cells in enumerate(write_stamp(stamp)):
        for column, text in enumerate(cells):
            page.write_string(row, column, text)
    page.protect("")
    page.very_hidden()
