"""Files that leave: templates, the workbook with marks, lists of findings, and the tables people look at."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from capaian.exchange.exports import EXPORTS, findings_table
from capaian.exchange.exports_book import write_table
from capaian.exchange.models import Upload
from capaian.exchange.sheets.book import CONTENT_TYPE
from capaian.exchange.sheets.marked import mark_workbook
from capaian.exchange.sheets.places import ALL_UNITS, right_of, template_name, units_of
from capaian.exchange.sheets.template import write_template
from capaian.exchange.views import find_upload
from capaian.organisations.permissions import Office, require_office
from capaian.workflow.forms import SheetKey, form_definition
from capaian.workflow.page import find_form, sheet_key
from capaian.workflow.storage import FileRefused, stored_path


@require_GET
def template(request: HttpRequest, instansi: str, tahun: int, form: str, unit: str, periode: int) -> HttpResponse:
    """The template of a sheet, or of all sheets of a form that the person fills."""
    office = require_office(request, instansi, tahun, somewhere=True)
    keys = _all_keys(office, form, periode) if unit == ALL_UNITS else [sheet_key(office, form, unit, periode)]
    definition = form_definition(form)
    content = write_template(definition, keys, timezone.localdate())
    return _file(content, template_name(definition, keys))


def _all_keys(office: Office, form: str, periode: int) -> list[SheetKey]:
    definition = find_form(form, periode)
    if not office.allows_somewhere(right_of(definition)):
        raise PermissionDenied(office.refusal(right_of(definition)))
    units = units_of(office, definition, periode)
    if not units:
        raise Http404("Tidak ada unit yang mengisi formulir ini pada periode ini.")
    return [SheetKey(office.tahun_kinerja, definition.kode, one, periode) for one in units]


@require_GET
def bertanda(request: HttpRequest, instansi: str, tahun: int, upload_id: int) -> HttpResponse:
    """The uploaded workbook with its problems marked in the cells."""
    office = require_office(request, instansi, tahun, somewhere=True)
    upload = find_upload(request, office, upload_id)
    if upload.jenis != Upload.Jenis.LEMBAR:
        raise Http404("Berkas bertanda hanya ada untuk lembar isian; unduh daftar temuannya.")
    try:
        content = mark_workbook(stored_path(upload.berkas), upload.findings)
    except (FileRefused, FileNotFoundError) as error:
        raise Http404("Berkas yang diunggah tidak dapat dibuka lagi; unduh daftar temuannya.") from error
    return _file(content, f"{_stem(upload)}-bertanda.xlsx")


@require_GET
def temuan(request: HttpRequest, instansi: str, tahun: int, upload_id: int) -> HttpResponse:
    """Every finding of an upload as a table of its own."""
    office = require_office(request, instansi, tahun, somewhere=True)
    upload = find_upload(request, office, upload_id)
    return _file(write_table(findings_table(upload)), f"Temuan-{_stem(upload)}.xlsx")


@require_GET
def ekspor(request: HttpRequest, instansi: str, tahun: int, jenis: str) -> HttpResponse:
    """A table of the office with all its rows."""
    office = require_office(request, instansi, tahun)
    export = EXPORTS.get(jenis)
    if export is None:
        raise Http404(f"Tidak ada ekspor {jenis}; yang ada: {', '.join(EXPORTS)}.")
    table = export.build(office.tahun_kinerja)
    return _file(write_table(table), f"{export.nama}-{instansi}-{tahun}.xlsx")


def _stem(upload: Upload) -> str:
    """The name of the upload without its ending, safe for a header; browsers add nothing to it."""
    stem = upload.nama.rpartition(".")[0] or upload.nama
    plain = "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-_") else "-" for sign in stem)
    return plain.strip("-")[:80] or f"unggahan-{upload.pk}"


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
