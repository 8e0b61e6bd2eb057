"""Which sheets a person may take as a template: by form, unit and period, always within what the right covers."""

from __future__ import annotations

from collections.abc import Sequence

from capaian.organisations.models import UnitKerja
from capaian.organisations.permissions import Office, Permission
from capaian.rules.periods import Period
from capaian.workflow.forms import PERIODS, FormDefinition, SheetKey, form_definitions
from capaian.workflow.queries_sheets import period_label

# What stands in an address for all units that a person fills; the office itself is `queries_sheets.OFFICE`.
ALL_UNITS = "semua"
PERIOD_CHOICES = tuple((periode, period_label(periode)) for periode in PERIODS)


def forms_of(office: Office) -> list[FormDefinition]:
    """The forms that the person may fill for at least one unit."""
    return [one for one in form_definitions() if office.allows_somewhere(right_of(one))]


def right_of(form: FormDefinition) -> Permission:
    """The right that filling the form needs."""
    return Permission[form.permission]


def units_of(office: Office, form: FormDefinition, periode: int) -> list[UnitKerja | None]:
    """The units that owe the form and that the person fills it for."""
    scope = office.scope(right_of(form))
    return [unit for unit in form.units(office.tahun_kinerja, periode) if scope.covers(unit.pk if unit else None)]


def unit_label(key: SheetKey) -> str:
    return key.unit.nama if key.unit else key.tahun_kinerja.instansi.nama


def template_name(form: FormDefinition, keys: Sequence[SheetKey]) -> str:
    """`Pengukuran-kinerja_TW2-2024_puskesmas-yosomulyo.xlsx`."""
    first = keys[0]
    periode = f"TW{first.periode}" if first.periode else "Tahun"
    who = "semua-unit" if len(keys) > 1 else (first.unit.kunci if first.unit else first.tahun_kinerja.instansi.kunci)
    return f"{form.nama.replace(' ', '-')}_{periode}-{first.tahun_kinerja.tahun}_{who}.xlsx"


def period_title(periode: int, tahun: int) -> str:
    return Period(tahun, periode or None).label
