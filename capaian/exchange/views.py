"""Unggah Excel: take a template, hand in the filled one, see every problem and every change, apply."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from capaian.exchange.actions import UploadRefused, receive_upload, request_apply
from capaian.exchange.models import Upload
from capaian.exchange.sheets.places import ALL_UNITS, PERIOD_CHOICES, forms_of, period_title, units_of
from capaian.exchange.uploads import MOST_SHOWN, applied_before, finding_groups, severity_counts, visible_uploads
from capaian.organisations.models import UnitKerja
from capaian.organisations.permissions import Office, Permission, require_office
from capaian.workflow.forms import FormDefinition
from capaian.workflow.jobs import sweep
from capaian.workflow.queries_sheets import OFFICE
from capaian.workflow.storage import FileRefused, show_size

_RECENT = 20
# A worker looks for work twice a second; one that has not begun by then is probably not running.
_WORKER_MISSING = timedelta(seconds=20)


@require_http_methods(["GET", "POST"])
def unggah(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """Take a template or hand in a filled one; what was handed in before."""
    office = require_office(request, instansi, tahun, somewhere=True)
    forms = forms_of(office)
    if not forms:
        raise PermissionDenied(office.refusal(Permission.RECORD_REALISASI))
    if request.method == "POST":
        return _receive(request, office)
    return render(request, "exchange/unggah.html", _unggah_context(request, office, forms))


def _unggah_context(request: HttpRequest, office: Office, forms: list[FormDefinition]) -> dict[str, Any]:
    asked = _asked(request.GET)
    form = next((one for one in forms if one.kode == asked.get("form")), forms[0])
    periode = asked.get("periode", _current(office.tahun_kinerja.tahun))
    if periode not in form.periods:
        periode = form.periods[0]
    units = units_of(office, form, periode)
    return {
        "forms": forms,
        "form": form,
        "units": [(unit.kunci if unit else OFFICE, str(unit or office.tahun_kinerja.instansi)) for unit in units],
        "all_units": ALL_UNITS,
        "periods": [one for one in PERIOD_CHOICES if one[0] in form.periods],
        "unit": asked.get("unit", ""),
        "periode": periode,
        "limit": show_size(settings.UPLOAD_MAX_BYTES),
        "expected": _expected_words(office, form, asked) if {"form", "unit", "periode"} <= asked.keys() else "",
        "uploads": visible_uploads(office, request.user)[:_RECENT],  # type: ignore[arg-type]
    }


def _asked(query: QueryDict) -> dict[str, Any]:
    """What the address preselects: form, unit (its key, `instansi` for the office itself) and periode."""
    found: dict[str, Any] = {name: query[name] for name in ("form", "unit") if query.get(name)}
    periode = str(query.get("periode", ""))
    if periode in {"0", "1", "2", "3", "4"}:
        found["periode"] = int(periode)
    return found


def _expected_words(office: Office, form: FormDefinition, asked: dict[str, Any]) -> str:
    unit = UnitKerja.objects.filter(instansi=office.tahun_kinerja.instansi, kunci=asked["unit"]).first()
    if not office.allows(Permission.VIEW, unit.pk if unit else None):
        return ""
    who = str(unit or office.tahun_kinerja.instansi)
    return f"{form.nama}, {period_title(asked['periode'], office.tahun_kinerja.tahun)}, {who}"


def _current(tahun: int) -> int:
    today = timezone.localdate()
    return (today.month - 1) // 3 + 1 if today.year == tahun else 4


def _receive(request: HttpRequest, office: Office) -> HttpResponse:
    place: dict[str, Any] = {"instansi": office.tahun_kinerja.instansi.kunci, "tahun": office.tahun_kinerja.tahun}
    file = request.FILES.get("berkas")
    if file is None:
        messages.error(request, "Belum ada berkas yang dipilih. Pilih templat yang sudah diisi (.xlsx), lalu unggah.")
        return redirect("exchange:unggah", **place)
    expected = _asked(request.POST)
    if expected.get("unit") == OFFICE:
        expected["unit"] = ""
    try:
        upload = receive_upload(
            by=request.user,  # type: ignore[arg-type]
            tahun_kinerja=office.tahun_kinerja,
            jenis=Upload.Jenis.LEMBAR,
            nama=file.name or "",
            stream=file,
            options={"lembar": expected} if expected else {},
        )
    except FileRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("exchange:unggah", **place)
    return redirect("exchange:unggahan", upload_id=upload.pk, **place)


@require_GET
def template_pilih(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """From the choices of a form to the address of the template."""
    require_office(request, instansi, tahun, somewhere=True)
    asked = _asked(request.GET)
    if not {"form", "unit", "periode"} <= asked.keys():
        raise Http404("Pilih formulir, unit, dan periode untuk templatnya.")
    return redirect("exchange:template", instansi=instansi, tahun=tahun, **asked)


@require_GET
def unggahan(request: HttpRequest, instansi: str, tahun: int, upload_id: int) -> HttpResponse:
    """One upload: how far its check is, everything wrong with it, everything that it would change."""
    office = require_office(request, instansi, tahun, somewhere=True)
    sweep(Upload, timezone.now())
    upload = find_upload(request, office, upload_id)
    return render(request, "exchange/unggahan.html", _unggahan_context(upload))


def _unggahan_context(upload: Upload) -> dict[str, Any]:
    counts = severity_counts(upload.findings)
    changes = upload.summary.get("changes", [])
    return {
        "upload": upload,
        "is_sheet": upload.jenis == Upload.Jenis.LEMBAR,
        "groups": finding_groups(upload),
        "more": max(0, len(upload.findings) - MOST_SHOWN),
        "counts": counts,
        "severities": [name for name, count in counts.items() if count],
        "changes": changes[:MOST_SHOWN],
        "more_changes": max(0, len(changes) - MOST_SHOWN),
        "sheets": list(dict.fromkeys(one["sheet"] for one in upload.findings if one["sheet"])),
        "before": applied_before(upload) if not upload.applied_at else None,
        "can_apply": upload.state == Upload.State.READY and not upload.applied_at,
        "again": _again(upload),
        "nothing": not changes and not counts["konflik"],
        "waiting": upload.state == Upload.State.QUEUED and timezone.now() - upload.created_at > _WORKER_MISSING,
    }


def _again(upload: Upload) -> str:
    """Where a corrected file is handed in."""
    year = upload.tahun_kinerja
    place: dict[str, Any] = {"instansi": year.instansi.kunci, "tahun": year.tahun}
    if upload.jenis == Upload.Jenis.SKM_JAWABAN:
        return reverse("exchange:skm_impor", kwargs=place | {"survei_id": upload.options["survei"]})
    if upload.jenis == Upload.Jenis.INSTRUMEN:
        return reverse("assessments:instrumen", kwargs=place)
    return reverse("exchange:unggah", kwargs=place)


@require_GET
def unggahan_kemajuan(request: HttpRequest, instansi: str, tahun: int, upload_id: int) -> HttpResponse:
    """How far the work is, asked again and again; when it has ended, the page is loaded anew."""
    office = require_office(request, instansi, tahun, somewhere=True)
    sweep(Upload, timezone.now())
    upload = find_upload(request, office, upload_id)
    response = render(request, "exchange/parts/kemajuan.html", _unggahan_context(upload))
    if not upload.is_pending:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def terapkan(request: HttpRequest, instansi: str, tahun: int, upload_id: int) -> HttpResponse:
    """Apply what was checked, with the decisions about conflicts; pressed twice it is done once."""
    office = require_office(request, instansi, tahun, somewhere=True)
    upload = find_upload(request, office, upload_id)
    try:
        request_apply(
            by=request.user,  # type: ignore[arg-type]
            upload=upload,
            choices=_choices(request.POST, upload),
            partial=bool(request.POST.get("sebagian")),
        )
    except UploadRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("exchange:unggahan", instansi=instansi, tahun=tahun, upload_id=upload_id)


def _choices(data: QueryDict, upload: Upload) -> dict[str, dict[str, str]]:
    """What was decided about each conflict, against the stored value that the page showed."""
    found = {}
    for number, one in enumerate(upload.findings):
        decided = data.get(f"pilih-{number}", "")
        if one["severity"] == "konflik" and decided in {"excel", "tersimpan"}:
            found[f"{one['sheet']}!{one['cell']}"] = {"pakai": decided, "theirs": one["theirs"]}
    return found


def find_upload(request: HttpRequest, office: Office, upload_id: int) -> Upload:
    """An upload that this person may see. Raises `Http404`: about those of others not even that they exist."""
    rows = visible_uploads(office, request.user).defer(None)  # type: ignore[arg-type]
    return get_object_or_404(rows, pk=upload_id)
