"""What RPJMD and renstra plan for the services over their years: persons and money."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from capaian.organisations.permissions import Office, Permission, require_office
from capaian.rules.numbers import format_number
from capaian.spm.actions import save_rencana
from capaian.spm.models import RencanaSpm
from capaian.spm.queries import spm_rules
from capaian.spm.queries_rencana import Plan, PlanCell, plan_of
from capaian.spm.typed import TypedRefused, read_money, read_persons
from capaian.web.components import context_choice
from capaian.workflow.audit import audited

_DOKUMEN = RencanaSpm.Dokumen
_SHORT = {_DOKUMEN.RENSTRA.value: "Renstra", _DOKUMEN.RPJMD.value: "RPJMD"}


@dataclass(frozen=True)
class Field:
    """A cell as it is drawn: the text in it (stored, or as typed), what the person saw, what is wrong with it."""

    cell: PlanCell
    target: str
    dana: str
    base: str
    error: str = ""


@require_http_methods(["GET", "POST"])
def rencana(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """How many people will each service reach in each year of the plan, and with what money?"""
    is_post = request.method == "POST"
    permission = Permission.WRITE_RENCANA if is_post else Permission.VIEW
    office = require_office(request, instansi, tahun, permission, somewhere=not is_post)
    dokumen = _dokumen(request)
    plan = plan_of(spm_rules(office.tahun_kinerja), office.tahun_kinerja, dokumen)
    fields = {cell.name: _stored(cell) for row in plan.rows for cell in row.cells}
    status = 200
    if is_post:
        typed = {name: _typed(request, field) for name, field in fields.items()}
        if not any(field.error for field in typed.values()):
            _save(request, office, dokumen, [typed[name] for name in typed if _changed(typed[name], fields[name])])
            messages.success(request, "Rencana disimpan.")
            return redirect(f"{request.path}?dokumen={dokumen}")
        fields, status = typed, 422
    return render(request, "spm/rencana.html", _context(request, office, plan, dokumen, fields), status=status)


def _context(
    request: HttpRequest, office: Office, plan: Plan, dokumen: str, fields: Mapping[str, Field]
) -> dict[str, object]:
    return {
        "plan": plan,
        "rows": [(row, [fields[cell.name] for cell in row.cells]) for row in plan.rows],
        "dokumen": dokumen,
        "dokumen_nama": _DOKUMEN(dokumen).label,
        "columns": len(plan.years) + 3,
        "gaps": [row for row in plan.rows if row.selisih],
        "errors": [field for field in fields.values() if field.error],
        "can_write": office.allows(Permission.WRITE_RENCANA),
        "versi": context_choice(request, "Dokumen", "dokumen", _SHORT.items(), dokumen),
    }


def _dokumen(request: HttpRequest) -> str:
    asked = request.GET.get("dokumen", "")
    return asked if asked in _DOKUMEN.values else _DOKUMEN.RENSTRA.value


def _shown(value: int | None) -> str:
    return "" if value is None else format_number(value)


def _stored(cell: PlanCell) -> Field:
    target, dana = _shown(cell.target), _shown(cell.dana)
    return Field(cell, target, dana, f"{target}/{dana}")


def _changed(field: Field, stored: Field) -> bool:
    return f"{field.target}/{field.dana}" != stored.base


def _typed(request: HttpRequest, stored: Field) -> Field:
    """The cell as it was sent; what was not sent stays as it is stored."""
    name = stored.cell.name
    target = request.POST.get(f"target-{name}", stored.target).strip()
    dana = request.POST.get(f"dana-{name}", stored.dana).strip()
    base = request.POST.get(f"dasar-{name}", stored.base)
    if f"{target}/{dana}" == base:
        return stored
    return Field(stored.cell, target, dana, stored.base, "; ".join(_problems(stored, target, dana, base)))


def _problems(stored: Field, target: str, dana: str, base: str) -> Iterator[str]:
    what = f"{stored.cell.layanan.nama_pendek} {stored.cell.tahun}"
    if base != stored.base:
        yield (
            f"{what} sudah diubah orang lain sejak halaman dibuka: kini target {stored.target or 'kosong'}, dana "
            f"{stored.dana or 'kosong'}. Periksa, lalu simpan lagi bila angka Anda yang benar."
        )
    for read, text, label in ((read_persons, target, "target"), (read_money, dana, "dana")):
        try:
            read(text, f"{what}, {label}")
        except TypedRefused as error:
            yield str(error)


@audited()
def _save(request: HttpRequest, office: Office, dokumen: str, fields: list[Field]) -> None:
    for field in fields:
        save_rencana(
            by=request.user,  # type: ignore[arg-type]
            tahun_kinerja=office.tahun_kinerja,
            dokumen=dokumen,
            layanan=field.cell.layanan.kode,
            tahun=field.cell.tahun,
            target=read_persons(field.target, "Target"),
            dana=read_money(field.dana, "Dana"),
        )
