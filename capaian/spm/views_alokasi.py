"""The money of the services by source, of the office or a Puskesmas, beside the budget of their sub kegiatan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from capaian.organisations.models import UnitKerja
from capaian.organisations.permissions import Office, Permission, require_office
from capaian.rules.numbers import format_number
from capaian.spm.actions import SpmRefused, save_alokasi
from capaian.spm.models import AlokasiSpm
from capaian.spm.places import chosen_unit, named_unit, unit_choice, unit_key
from capaian.spm.queries import spm_rules
from capaian.spm.queries_rencana import Money, money_of
from capaian.spm.queries_sasaran import puskesmas
from capaian.spm.typed import TypedRefused, read_money
from capaian.workflow.audit import audited
from capaian.workflow.checks import clean_text

_NEW = ("layanan", "sumber", "alokasi", "realisasi")


@dataclass(frozen=True)
class Line:
    """A line as it is drawn: the amounts in it (stored, or as typed), what the person saw, what is wrong."""

    row: AlokasiSpm
    nama: str
    alokasi: str
    realisasi: str
    base: str
    error: str = ""


@dataclass(frozen=True)
class NewLine:
    """The line to be added as typed, and what is wrong with it."""

    typed: dict[str, str] = field(default_factory=dict)
    error: str = ""

    @property
    def is_empty(self) -> bool:
        return not any(self.typed.get(name) for name in ("sumber", "alokasi", "realisasi"))


@require_http_methods(["GET", "POST"])
def alokasi(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """What pays for each service, and does it agree with the budget of its sub kegiatan?"""
    is_post = request.method == "POST"
    permission = Permission.RECORD_ANGGARAN if is_post else Permission.VIEW
    office = require_office(request, instansi, tahun, permission, somewhere=True)
    units = puskesmas(office.tahun_kinerja)
    unit, exists = chosen_unit(request, office, units)
    if is_post and exists:
        named_unit(office, unit_key(unit), permission)
    money = money_of(spm_rules(office.tahun_kinerja), office.tahun_kinerja, unit, budget=office.can_view_all)
    names = {row.layanan.kode: row.layanan.nama_pendek for row in money.rows}
    lines, new, status = [_stored(one, names) for one in money.lines], NewLine(), 200
    if is_post and exists:
        typed, new = [_typed(request, line) for line in lines], _new(request)
        if not new.error and not any(line.error for line in typed):
            error = _try(request, office, unit, [one for one, old in zip(typed, lines, strict=True) if one != old], new)
            if not error:
                messages.success(request, "Alokasi disimpan.")
                return redirect(f"{request.path}?unit={unit_key(unit)}")
            new = NewLine(new.typed, error)
        lines, status = typed, 422
    context = _context(office, unit, money, lines, new)
    context |= {"versi": unit_choice(request, office, units, unit), "exists": exists}
    return render(request, "spm/alokasi.html", context, status=status)


def _context(
    office: Office, unit: UnitKerja | None, money: Money, lines: list[Line], new: NewLine
) -> dict[str, object]:
    year = office.tahun_kinerja
    sources = set(year.sumber_dana.values_list("nama", flat=True)) if office.can_view_all else set()
    return {
        "unit": unit,
        "kunci": unit_key(unit),
        "money": money,
        "lines": lines,
        "new": new,
        "has_errors": bool(new.error) or any(line.error for line in lines),
        "sources": sorted(sources | {line.row.sumber_dana for line in lines}),
        "can_write": office.allows(Permission.RECORD_ANGGARAN, unit.pk if unit else None),
    }


def _shown(value: int | None) -> str:
    return "" if value is None else format_number(value)


def _stored(row: AlokasiSpm, names: dict[str, str]) -> Line:
    amounts = _shown(row.alokasi), _shown(row.realisasi)
    return Line(row, names[row.layanan], *amounts, "/".join(amounts))


def _typed(request: HttpRequest, stored: Line) -> Line:
    """The line as it was sent; what was not sent stays as it is stored."""
    pk = stored.row.pk
    alokasi = request.POST.get(f"alokasi-{pk}", stored.alokasi).strip()
    realisasi = request.POST.get(f"realisasi-{pk}", stored.realisasi).strip()
    base = request.POST.get(f"dasar-{pk}", stored.base)
    if f"{alokasi}/{realisasi}" == base:
        return stored
    problems = list(_problems(stored, alokasi, realisasi, base))
    return Line(stored.row, stored.nama, alokasi, realisasi, stored.base, " ".join(problems))


def _problems(stored: Line, alokasi: str, realisasi: str, base: str) -> Iterator[str]:
    what = f"{stored.nama}, {stored.row.sumber_dana}"
    if base != stored.base:
        yield (
            f"{what} sudah diubah orang lain sejak halaman dibuka: kini {stored.alokasi or 'kosong'} dan "
            f"{stored.realisasi or 'kosong'}. Periksa, lalu simpan lagi bila angka Anda yang benar."
        )
    for text, label in ((alokasi, "alokasi"), (realisasi, "realisasi")):
        try:
            read_money(text, f"{what}, {label}")
        except TypedRefused as error:
            yield str(error)


def _new(request: HttpRequest) -> NewLine:
    typed = {name: clean_text(request.POST.get(f"baru-{name}", "")) for name in _NEW}
    new = NewLine(typed)
    if new.is_empty:
        return new
    try:
        amounts = [read_money(typed[name], f"Baris baru, {name}") for name in ("alokasi", "realisasi")]
    except TypedRefused as error:
        return NewLine(typed, str(error))
    if all(amount is None for amount in amounts):
        return NewLine(typed, "Baris baru belum berisi angka: isi alokasi, realisasi, atau keduanya.")
    if not typed["layanan"]:
        return NewLine(typed, "Baris baru: pilih jenis pelayanannya.")
    return new


def _try(request: HttpRequest, office: Office, unit: UnitKerja | None, lines: list[Line], new: NewLine) -> str:
    """Save everything, or nothing and say why."""
    try:
        _save(request, office, unit, lines, new)
    except SpmRefused as error:
        return str(error)
    return ""


@audited()
def _save(request: HttpRequest, office: Office, unit: UnitKerja | None, lines: list[Line], new: NewLine) -> None:
    entries = [(line.row.layanan, line.row.sumber_dana, line.alokasi, line.realisasi) for line in lines]
    if not new.is_empty:
        _hold_new(office, unit, new)
        entries.append((new.typed["layanan"], new.typed["sumber"], new.typed["alokasi"], new.typed["realisasi"]))
    for layanan, sumber, alokasi, realisasi in entries:
        save_alokasi(
            by=request.user,  # type: ignore[arg-type]
            tahun_kinerja=office.tahun_kinerja,
            unit=unit,
            layanan=layanan,
            sumber_dana=sumber,
            alokasi=read_money(alokasi, "Alokasi"),
            realisasi=read_money(realisasi, "Realisasi"),
        )


def _hold_new(office: Office, unit: UnitKerja | None, new: NewLine) -> None:
    """A line that is there already is changed in its row, where one sees what it was; never overwritten from here."""
    if new.typed["layanan"] not in spm_rules(office.tahun_kinerja).standar.by_kode:
        raise SpmRefused(f'Jenis pelayanan "{new.typed["layanan"]}" tidak dikenal; pilih satu dari daftar.')
    same = AlokasiSpm.objects.filter(
        tahun_kinerja=office.tahun_kinerja,
        unit=unit,
        layanan=new.typed["layanan"],
        sumber_dana=new.typed["sumber"][:120],
    )
    if same.exists():
        raise SpmRefused(f"Sumber {new.typed['sumber']} sudah ada untuk pelayanan ini; ubah angkanya pada barisnya.")
