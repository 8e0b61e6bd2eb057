"""The unit that an address or a choice of the page names, for who may look at it."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from capaian.organisations.models import UnitKerja
from capaian.organisations.permissions import Office, Permission
from capaian.web.components import ContextChoice, context_choice
from capaian.workflow.queries_sheets import OFFICE


def unit_key(unit: UnitKerja | None) -> str:
    """How a unit, or the office itself, is named in an address."""
    return unit.kunci if unit else OFFICE


def named_unit(office: Office, kunci: str, permission: Permission = Permission.VIEW) -> UnitKerja | None:
    """The unit of a key, None for the office itself. Raises `Http404`, or `PermissionDenied` without the right."""
    instansi = office.tahun_kinerja.instansi
    unit = None if kunci == OFFICE else instansi.unit_kerja.filter(kunci=kunci).first()
    if unit is None and kunci != OFFICE:
        raise Http404(f"Tidak ada unit {kunci} pada {instansi}.")
    if not office.allows(permission, unit.pk if unit else None):
        raise PermissionDenied(office.refusal(permission, unit))
    return unit


def chosen_unit(request: HttpRequest, office: Office, units: Iterable[UnitKerja]) -> tuple[UnitKerja | None, bool]:
    """The unit that `?unit=` names, and whether there is one to show; without it the office, else the first one seen.

    Raises as `named_unit`.
    """
    kunci = request.GET.get("unit", "")
    if kunci:
        return named_unit(office, kunci), True
    if office.allows(Permission.VIEW):
        return None, True
    first = next((one for one in units if office.allows(Permission.VIEW, one.pk)), None)
    return first, first is not None


def unit_choice(
    request: HttpRequest, office: Office, units: Iterable[UnitKerja], current: UnitKerja | None
) -> ContextChoice:
    """The item of the context bar that leads to the same page of another unit, of those that the person may see."""
    seen = [(unit.kunci, str(unit)) for unit in units if office.allows(Permission.VIEW, unit.pk)]
    whole = [(OFFICE, "Kabupaten/kota")] if office.allows(Permission.VIEW) else []
    return context_choice(request, "Unit", "unit", [*whole, *seen], unit_key(current))
