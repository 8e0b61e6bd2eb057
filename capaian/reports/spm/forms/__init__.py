"""The eight official forms of health in Permendagri 59/2021: `official_forms(snapshot)`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from capaian.reports.spm.forms.capaian import form_2d2, form_2e2
from capaian.reports.spm.forms.kebutuhan import form_2b4, form_2b5
from capaian.reports.spm.forms.model import OfficialForm
from capaian.reports.spm.forms.rencana import form_2c3, form_2c4
from capaian.reports.spm.forms.sasaran import form_2a2, form_2a3
from capaian.reports.spm.snapshot import SpmSnapshot
from capaian.rules.spm.standar import Standar

_MAKERS: Final[Mapping[str, Callable[[SpmSnapshot, str], OfficialForm]]] = {
    "2.A.2": form_2a2,
    "2.A.3": form_2a3,
    "2.B.4": form_2b4,
    "2.B.5": form_2b5,
    "2.C.3": form_2c3,
    "2.C.4": form_2c4,
    "2.D.2": form_2d2,
    "2.E.2": form_2e2,
}
KODE: Final = tuple(_MAKERS)


def form_names(standar: Standar) -> dict[str, str]:
    """The titles of the forms by kode, in their order."""
    names = {row["kode"]: row["nama"] for row in standar.penerapan.rows("formulir")}
    return {kode: names[kode] for kode in KODE}


def official_form(snapshot: SpmSnapshot, kode: str) -> OfficialForm:
    """One form. Raises `KeyError` for a kode that is not one of `KODE`."""
    return _MAKERS[kode](snapshot, form_names(snapshot.rules.standar)[kode])


def official_forms(snapshot: SpmSnapshot) -> dict[str, OfficialForm]:
    """All eight, by kode in their order."""
    return {kode: official_form(snapshot, kode) for kode in KODE}
