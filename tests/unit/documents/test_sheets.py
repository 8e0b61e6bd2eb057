"""Worksheets that a document brings: exact numbers and formulas, kept as data, and drawn in the workbook alone."""

from __future__ import annotations

import io
import json

import pytest
from openpyxl import load_workbook

from capaian.documents.blocks import Document, text
from capaian.documents.sheets import Sheet, SheetCell, SheetColumn, SheetRow, cell_name
from capaian.documents.text import render_text
from capaian.documents.xlsx import render_xlsx

VALUES = Sheet(
    "Nilai",
    "Nilai setiap butir",
    (SheetColumn("Butir", 30), SheetColumn("Nilai", 10)),
    (
        SheetRow((SheetCell("Rata-rata"), SheetCell(number="84.25", formula="AVERAGE(B6:B7)")), "group"),
        SheetRow((SheetCell("=K1", indent=1), SheetCell(number="85.123456"))),
        SheetRow((SheetCell("K4", indent=1), SheetCell(number="83.376544"))),
    ),
    subtitle="Puskesmas Mawar",
    notes=("Kosong berarti belum dijawab.",),
)
DOCUMENT = Document("Judul", "Kantor", (text("Isi."),), sheets=(VALUES,))


@pytest.mark.parametrize(
    ("row", "column", "name"), [(0, 0, "A5"), (2, 1, "B7"), (0, 25, "Z5"), (0, 26, "AA5"), (9, 701, "ZZ14")]
)
def test_cells_are_named_as_a_spreadsheet_does(row: int, column: int, name: str) -> None:
    assert cell_name(row, column) == name
    assert cell_name(row, column, "Nilai") == f"'Nilai'!{name}"


def test_the_workbook_has_the_sheet_with_numbers_formulas_and_texts() -> None:
    content = render_xlsx(DOCUMENT)
    formulas, values = (load_workbook(io.BytesIO(content), data_only=only)["Nilai"] for only in (False, True))
    assert formulas[cell_name(0, 1)].value == "=AVERAGE(B6:B7)"
    assert values[cell_name(0, 1)].value == 84.25
    assert values[cell_name(1, 1)].value == 85.123456
    # A text that begins like a formula stays a text.
    assert formulas[cell_name(1, 0)].data_type == "s"
    assert values["A1"].value == "Nilai setiap butir"
    assert values["A9"].value == "Kosong berarti belum dijawab."


def test_sheets_travel_as_data_and_leave_other_documents_as_they_were() -> None:
    assert Document.from_dict(json.loads(json.dumps(DOCUMENT.to_dict()))) == DOCUMENT
    assert "sheets" not in Document("Judul", "Kantor", ()).to_dict()
    assert "Nilai" not in render_text(DOCUMENT)
