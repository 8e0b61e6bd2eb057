"""Pages of the evidence: of one figure, of a unit's sheet, one file, and whether the office asks for it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from capaian.measurement.bukti_actions import (
    MAX_PER_FIGURE,
    BuktiRefused,
    attach_file,
    attach_link,
    remove_bukti,
    set_wajib_bukti,
)
from capaian.measurement.bukti_files import ACCEPTED, KINDS
from capaian.measurement.bukti_queries import MAX_SHOWN, bukti_by_subject, bukti_of_row, evidence_limit
from capaian.measurement.models import BuktiDukung
from capaian.organisations.permissions import Office, Permission, require_office
from capaian.rules.periods import Period
from capaian.web.navigation import office_url
from capaian.workflow.forms import SheetKey, form_definition
from capaian.workflow.page import sheet_key, unit_name
from capaian.workflow.policy import StateRefused, may_write
from capaian.workflow.queries import deadline_of, submission_of
from capaian.workflow.queries_sheets import OFFICE
from capaian.workflow.storage import FileRefused, stored_path

# A file is shown by itself or not at all: it loads nothing, runs nothing, and belongs to no origin.
_SANDBOX = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"


@require_http_methods(["GET", "POST"])
def bukti(
    request: HttpRequest, instansi: str, tahun: int, form: str, unit: str, periode: int, kunci: str
) -> HttpResponse:
    """The evidence of one figure, with the form to add some; a fragment for the drawer, a page for a plain link."""
    office = require_office(request, instansi, tahun, somewhere=True)
    key = sheet_key(office, form, unit, periode)
    error = ""
    if request.method == "POST":
        error = _add(request, key, kunci)
        if not error and not request.htmx:  # type: ignore[attr-defined]
            messages.success(request, "Bukti dukung dilampirkan.")
            return redirect(_row_url(key, kunci))
    return _show_row(request, office, key, kunci, error, saved=request.method == "POST" and not error)


def _add(request: HttpRequest, key: SheetKey, kunci: str) -> str:
    """Attach what was handed in; the reason in words where it was refused."""
    try:
        place: dict[str, Any] = {
            "by": request.user,
            "key": key,
            "kunci": kunci,
            "tanggal": _read_date(request.POST.get("tanggal", "")),
            "request_key": _read_key(request.POST.get("request_key", "")),
            "today": timezone.localdate(),
        }
        files, tautan = request.FILES.getlist("berkas"), request.POST.get("tautan", "").strip()
        if len(files) + bool(tautan) != 1:
            raise BuktiRefused("Pilih satu berkas, atau tulis satu tautan.")
        if files:
            attach_file(**place, stream=files[0], name=files[0].name or "")
        else:
            attach_link(**place, tautan=tautan, nama=request.POST.get("nama", ""))
    except (BuktiRefused, FileRefused, StateRefused) as refusal:
        return str(refusal)
    return ""


def _read_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BuktiRefused("Tanggal bukti dukung tidak terbaca; pilih dari kalender atau tulis 2024-03-31.") from error


def _read_key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise BuktiRefused("Permintaan ini tidak lengkap; muat ulang halaman, lalu lampirkan lagi.") from error


def _show_row(
    request: HttpRequest, office: Office, key: SheetKey, kunci: str, error: str = "", *, saved: bool = False
) -> HttpResponse:
    today = timezone.localdate()
    row = form_definition(key.form).read(key, today).by_kunci.get(kunci)
    if row is None:
        raise Http404(f"Tidak ada angka {kunci} dalam lembar ini.")
    decision = may_write(submission_of(key), deadline_of(key), today)
    may = office.allows(Permission.ATTACH_BUKTI, key.unit.pk if key.unit else None)
    found = bukti_of_row(key, row)
    context = {
        "row": row,
        "found": found,
        "post_url": _row_url(key, kunci),
        "can_attach": may and decision.allowed and not row.closed and len(found) < MAX_PER_FIGURE,
        "can_remove": may and decision.allowed,
        "why_not": _why_not(may, decision.reason, row.closed, len(found)),
        "error": error,
        "saved": saved,
        "typed": request.POST if error else {},
        "request_key": uuid4(),
        "limit": evidence_limit(),
        "endings": ",".join(f".{ending}" for kind in KINDS.values() for ending in kind.endings),
        "accepted": ACCEPTED,
        "today": today.isoformat(),
        **_place(key),
    }
    is_fragment = request.htmx  # type: ignore[attr-defined]
    return render(request, "measurement/bukti_isi.html" if is_fragment else "measurement/bukti.html", context)


def _why_not(may: bool, lock: str, closed: str, count: int) -> str:
    if not may:
        return "Anda membaca bukti dukung ini tanpa hak melampirkannya. Yang melampirkan: operator unit dan perencana."
    if lock or closed:
        return lock or closed
    return (
        f"Sudah ada {count} bukti dukung, sebanyak yang diterima untuk satu angka." if count >= MAX_PER_FIGURE else ""
    )


@require_GET
def bukti_lembar(request: HttpRequest, instansi: str, tahun: int, form: str, unit: str, periode: int) -> HttpResponse:
    """All evidence of one unit's sheet, figure by figure: what is proved, by what, and what is not."""
    office = require_office(request, instansi, tahun, somewhere=True)
    key = sheet_key(office, form, unit, periode)
    sheet = form_definition(key.form).read(key, timezone.localdate())
    by_subject = bukti_by_subject(key)
    lines = [
        (row, found[:MAX_SHOWN], max(0, len(found) - MAX_SHOWN), _row_url(key, row.kunci))
        for row in sheet.rows
        for found in [by_subject.get(row.subject, [])]
        if row.teks or found
    ]
    context = {
        "lines": lines,
        "filled": sum(1 for row, *_ in lines if row.teks),
        "proved": sum(1 for row, found, *_ in lines if row.teks and found),
        "late": sum(1 for found in by_subject.values() for one in found if one.dating == "sesudah"),
        "wajib": key.tahun_kinerja.instansi.wajib_bukti,
        "can_attach": office.allows(Permission.ATTACH_BUKTI, key.unit.pk if key.unit else None)
        and may_write(submission_of(key), deadline_of(key), timezone.localdate()).allowed,
        **_place(key),
    }
    return render(request, "measurement/bukti_lembar.html", context)


@require_GET
def bukti_berkas(request: HttpRequest, instansi: str, tahun: int, pk: int) -> FileResponse:
    """The file itself: to be saved, or with `?lihat=1`, for an image or a PDF, to be looked at."""
    office = require_office(request, instansi, tahun, somewhere=True)
    found = _visible(office, pk)
    kind = KINDS.get(found.jenis_berkas)
    if not found.berkas or kind is None:
        raise Http404("Bukti dukung ini sebuah tautan, bukan berkas.")
    try:
        handle = stored_path(found.berkas).open("rb")
    except FileNotFoundError as error:
        raise Http404("Berkas ini hilang dari penyimpanan. Hubungi admin: cadangan mungkin masih memuatnya.") from error
    shown = kind.is_shown and bool(request.GET.get("lihat"))
    response = FileResponse(handle, as_attachment=not shown, filename=found.nama, content_type=kind.media_type)
    response["Content-Security-Policy"] = _SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-cache"
    return response


@require_POST
def bukti_hapus(request: HttpRequest, instansi: str, tahun: int, pk: int) -> HttpResponse:
    """Take one piece of evidence away from its figure, then show what is left."""
    office = require_office(request, instansi, tahun, Permission.ATTACH_BUKTI, somewhere=True)
    found = _visible(office, pk)
    key = SheetKey(office.tahun_kinerja, found.form, found.unit, found.periode)
    error = ""
    try:
        remove_bukti(by=request.user, bukti=found, today=timezone.localdate())  # type: ignore[arg-type]
    except StateRefused as refusal:
        error = str(refusal)
    kunci = request.POST.get("kunci", "")
    if request.htmx:  # type: ignore[attr-defined]
        return _show_row(request, office, key, kunci, error)
    if error:
        messages.error(request, error)
    else:
        messages.success(request, f"{found.nama} dihapus dari angka ini. Jejak audit tetap menyimpannya.")
    return redirect(_row_url(key, kunci) if kunci else _place(key)["list_url"])


def _visible(office: Office, pk: int) -> BuktiDukung:
    """Evidence that the person may see; what belongs to another unit does not exist for them."""
    rows = BuktiDukung.objects.filter(tahun_kinerja=office.tahun_kinerja, removed_at=None)
    narrowed = office.scope(Permission.VIEW).narrow(rows)
    return get_object_or_404(narrowed.select_related("unit", "tahun_kinerja__instansi"), pk=pk)


@require_http_methods(["GET", "POST"])
def aturan_bukti(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Whether a filled figure without evidence can be submitted: one switch for the office."""
    office = require_office(request, instansi, tahun, Permission.SET_DEADLINES)
    if request.method == "POST":
        wajib = request.POST.get("wajib") == "ya"
        set_wajib_bukti(by=request.user, tahun_kinerja=office.tahun_kinerja, wajib=wajib)  # type: ignore[arg-type]
        said = "wajib sebelum isian diajukan" if wajib else "tidak diwajibkan"
        messages.success(request, f"Aturan disimpan: bukti dukung {said}.")
        return redirect("measurement:aturan_bukti", instansi=instansi, tahun=tahun)
    context = {"wajib": office.tahun_kinerja.instansi.wajib_bukti, "limit": evidence_limit(), "accepted": ACCEPTED}
    return render(request, "measurement/bukti_aturan.html", {**context, "most": MAX_PER_FIGURE})


def _place(key: SheetKey) -> dict[str, Any]:
    """What every page of a sheet's evidence says about where one is."""
    facts = {"kunci": key.tahun_kinerja.instansi.kunci, "tahun": key.tahun_kinerja.tahun}
    unit = {"form": key.form, "unit": key.unit.kunci if key.unit else OFFICE, "periode": key.periode}
    return {
        "unit_nama": unit_name(key),
        "period": Period(key.tahun_kinerja.tahun, key.periode or None),
        "sheet_url": office_url("workflow:lembar", facts, **unit),
        "list_url": office_url("measurement:bukti_lembar", facts, **unit),
    }


def _row_url(key: SheetKey, kunci: str) -> str:
    unit = key.unit.kunci if key.unit else OFFICE
    place = {"instansi": key.tahun_kinerja.instansi.kunci, "tahun": key.tahun_kinerja.tahun, "form": key.form}
    return reverse("measurement:bukti", kwargs={**place, "unit": unit, "periode": key.periode, "kunci": kunci})
