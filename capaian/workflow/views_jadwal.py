"""When the forms open and close, for all units and for one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods, require_POST

from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.organisations.permissions import Office, Permission, require_office
from capaian.workflow.actions import set_deadline
from capaian.workflow.audit import audited
from capaian.workflow.checks import clean_text
from capaian.workflow.forms import PERIODS, form_definitions
from capaian.workflow.models import Deadline
from capaian.workflow.queries_sheets import period_label


class NotStored(ValueError):
    """A line of the schedule that cannot be stored; the message says which and why."""


@dataclass
class Line:
    """The dates of one form and period as stored (`base`) and as typed, with what is wrong with them."""

    form: str
    nama: str
    periode: int
    starts: str = ""
    ends: str = ""
    base: str = ""
    error: str = ""

    @property
    def name(self) -> str:
        return f"{self.form}-{self.periode}"

    @property
    def label(self) -> str:
        return period_label(self.periode)

    @property
    def is_changed(self) -> bool:
        return f"{self.starts}/{self.ends}" != self.base


@require_http_methods(["GET", "POST"])
def jadwal(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """When can the units fill each form, and who has more time?"""
    permission = Permission.SET_DEADLINES if request.method == "POST" else Permission.VIEW
    office = require_office(request, instansi, tahun, permission, somewhere=request.method != "POST")
    lines = _stored_lines(office.tahun_kinerja)
    status = 200
    if request.method == "POST":
        typed = [_typed(line, request) for line in lines]
        if _store(request, office, typed, {line.name: line.base for line in lines}):
            messages.success(request, "Jadwal disimpan.")
            return redirect(request.path)
        lines, status = typed, 422
    return render(request, "workflow/jadwal.html", _context(office, lines), status=status)


@require_POST
def jadwal_unit(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """More time for one unit, with the reason; or, with `hapus`, the general schedule for it again."""
    office = require_office(request, instansi, tahun, Permission.SET_DEADLINES)
    year = office.tahun_kinerja
    typed = {
        name: clean_text(request.POST.get(name, "")) for name in ("formulir", "periode", "unit", "sampai", "alasan")
    }
    unit = year.instansi.unit_kerja.filter(kunci=typed["unit"]).first()
    try:
        form, periode = _place(typed)
        if unit is None:
            raise NotStored("Pilih unit yang diberi perpanjangan.")
        if "hapus" in request.POST:
            _set(request, year, form, periode, None, None, unit)
            messages.success(request, f"{unit} kembali memakai jadwal umum.")
        else:
            _extend(request, year, form, periode, unit, typed)
            messages.success(request, f"{unit} diberi waktu sampai {_day(_date(typed['sampai']))}.")
    except ValueError as error:
        context = _context(office, _stored_lines(year)) | {"typed": typed, "unit_error": str(error)}
        return render(request, "workflow/jadwal.html", context, status=422)
    return redirect("workflow:jadwal", instansi=instansi, tahun=tahun)


def _context(office: Office, lines: list[Line]) -> dict[str, object]:
    year = office.tahun_kinerja
    own = Deadline.objects.filter(tahun_kinerja=year, unit__isnull=False).select_related("unit")
    names = {definition.kode: definition.nama for definition in form_definitions()}
    extensions = office.scope(Permission.VIEW).narrow(own)
    return {
        "groups": [(nama, [line for line in lines if line.form == kode]) for kode, nama in names.items()],
        "extensions": [(row, names.get(row.form, row.form), period_label(row.periode)) for row in extensions],
        "can_set": office.allows_everywhere(Permission.SET_DEADLINES),
        "has_errors": any(line.error for line in lines),
        "units": list(year.instansi.unit_kerja.all()),
        "forms": list(names.items()),
        "periods": [(str(one), period_label(one)) for one in PERIODS],
        "typed": {},
    }


def _stored_lines(year: TahunKinerja) -> list[Line]:
    known = {(row.form, row.periode): row for row in year.deadlines.filter(unit=None)}
    lines = []
    for definition in form_definitions():
        for periode in definition.periods:
            row = known.get((definition.kode, periode))
            starts, ends = (_iso(row.starts_on), _iso(row.ends_on)) if row else ("", "")
            lines.append(Line(definition.kode, definition.nama, periode, starts, ends, f"{starts}/{ends}"))
    return lines


def _typed(line: Line, request: HttpRequest) -> Line:
    """The line as the person sent it, against what they saw; what the page did not have stays as it is."""
    base = request.POST.get(f"dasar-{line.name}", line.base)
    starts = request.POST.get(f"mulai-{line.name}", line.starts).strip()
    ends = request.POST.get(f"sampai-{line.name}", line.ends).strip()
    return Line(line.form, line.nama, line.periode, starts, ends, base)


def _store(request: HttpRequest, office: Office, lines: list[Line], stored: dict[str, str]) -> bool:
    """All changed lines or none; each that cannot be stored says why."""
    try:
        with audited():
            for line in lines:
                if line.is_changed:
                    _store_line(request, office.tahun_kinerja, line, stored[line.name])
            if any(line.error for line in lines):
                raise NotStored
    except NotStored:
        return False
    return True


def _store_line(request: HttpRequest, year: TahunKinerja, line: Line, stored: str) -> None:
    try:
        if stored not in (line.base, f"{line.starts}/{line.ends}"):
            raise NotStored(f"Orang lain sudah mengubahnya menjadi {_range(stored)} sejak halaman ini dibuka.")
        _set(request, year, line.form, line.periode, _date(line.starts), _date(line.ends), None)
    except ValueError as error:
        line.error = str(error)
        # What is shown next is compared with what is stored now.
        line.base = stored


def _extend(
    request: HttpRequest, year: TahunKinerja, form: str, periode: int, unit: UnitKerja, typed: dict[str, str]
) -> None:
    ends = _date(typed["sampai"])
    general = year.deadlines.filter(form=form, periode=periode, unit=None).first()
    if ends is None:
        raise NotStored("Isi tanggal sampai kapan unit ini boleh mengisi.")
    if general and general.ends_on and ends <= general.ends_on:
        raise NotStored(
            f"Perpanjangan harus sesudah penutupan umum, {_day(general.ends_on)}; {_day(ends)} bukan perpanjangan."
        )
    if not typed["alasan"]:
        raise NotStored("Tulis alasan perpanjangan; alasan ini tercatat dalam jejak audit.")
    _set(request, year, form, periode, general.starts_on if general else None, ends, unit, typed["alasan"])


def _set(
    request: HttpRequest,
    year: TahunKinerja,
    form: str,
    periode: int,
    starts: date | None,
    ends: date | None,
    unit: UnitKerja | None,
    reason: str = "",
) -> None:
    set_deadline(
        by=request.user,  # type: ignore[arg-type]
        tahun_kinerja=year,
        form=form,
        periode=periode,
        starts_on=starts,
        ends_on=ends,
        unit=unit,
        reason=reason,
    )


def _place(typed: dict[str, str]) -> tuple[str, int]:
    known = {definition.kode: definition.periods for definition in form_definitions()}
    if typed["periode"] not in {str(one) for one in known.get(typed["formulir"], ())}:
        raise Http404("Formulir atau periode ini tidak ada.")
    return typed["formulir"], int(typed["periode"])


def _date(text: str) -> date | None:
    """Raises `NotStored` for what is no day."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotStored(f'"{text[:20]}" bukan tanggal; pilih dari kalender atau tulis tahun-bulan-hari.') from error


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _day(day: date | None) -> str:
    return date_format(day, "j F Y") if day else "tidak ditentukan"


def _range(stored: str) -> str:
    starts, _, ends = stored.partition("/")
    return f"{_day(_date(starts))} sampai {_day(_date(ends))}" if starts or ends else "tanpa jadwal"
