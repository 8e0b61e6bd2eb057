"""Making and damaging workbooks for the tests of Excel both ways."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from capaian.exchange.models import Upload

BASE = "/contoh/2024/data"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ISIAN, KUNCI = 7, 9


def fetch(client: Client, unit: str = "instansi", periode: int = 2, form: str = "kinerja") -> Workbook:
    """A template as the site gives it."""
    response = client.get(f"{BASE}/templat/{form}/{unit}/{periode}/")
    assert response.status_code == 200, response.content[:300]
    return openpyxl.load_workbook(io.BytesIO(response.content))


def grid(book: Workbook, number: int = 0) -> Worksheet:
    """One of the worksheets to be filled."""
    names = [name for name in book.sheetnames if name not in ("Petunjuk", "Daftar", "Temuan", "_capaian")]
    return book[names[number]]


def row_of(sheet: Worksheet, kunci: str) -> int:
    """The number of the row of a key."""
    return next(row for row in range(8, sheet.max_row + 1) if sheet.cell(row, KUNCI).value == kunci)


def fill(sheet: Worksheet, kunci: str, value: Any) -> str:
    """Type a value into the input cell of a row; its address."""
    cell = sheet.cell(row_of(sheet, kunci), ISIAN)
    cell.value = value
    return cell.coordinate


def packed(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def send(client: Client, content: bytes, name: str = "isian.xlsx", year: int = 2024, **fields: Any) -> Any:
    """Upload a file; the answer of the site."""
    file = SimpleUploadedFile(name, content, content_type=TYPE)
    return client.post(f"/contoh/{year}/data/unggah/", {"berkas": file, **fields})


def upload(client: Client, book: Workbook, **fields: Any) -> Upload:
    """Upload a workbook that is taken; what was found in it."""
    response = send(client, packed(book), **fields)
    assert response.status_code == 302, response.content[:500]
    assert "/unggahan/" in response["Location"]
    return Upload.objects.get(pk=int(response["Location"].rstrip("/").rpartition("/")[2]))


def apply(client: Client, one: Upload, **fields: Any) -> Upload:
    """Press the button; the upload afterwards."""
    response = client.post(f"{BASE}/unggahan/{one.pk}/terapkan/", fields)
    assert response.status_code == 302
    return Upload.objects.get(pk=one.pk)
