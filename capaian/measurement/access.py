"""Who may look at the figures of one indicator: those who see its responsible unit, and those who report to it."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404

from capaian.measurement import dossier
from capaian.organisations.models import UnitKerja
from capaian.organisations.permissions import Office, Permission
from capaian.planning.models import Indikator
from capaian.planning.units import responsible_units


@dataclass(frozen=True)
class Seen:
    """An indicator before a person, and the unit that answers for it (None is the office itself).

    `is_answering` says that the person sees that unit, and not only one that reports the indicator.
    """

    indikator: Indikator
    unit: UnitKerja | None
    is_answering: bool

    @property
    def unit_id(self) -> int | None:
        return self.unit.pk if self.unit else None


def find_seen(office: Office, kunci: str) -> Seen:
    """The indicator of the year with this key. Raises `Http404`, and `PermissionDenied` with the reason in words."""
    found = dossier.find_indikator(office.tahun_kinerja, kunci)
    if found is None:
        raise Http404(f"Tidak ada indikator {kunci} pada tahun {office.tahun_kinerja.tahun}.")
    return require_seen(office, found)


def require_seen(office: Office, indikator: Indikator) -> Seen:
    """Raises `PermissionDenied` for an indicator that the person's units neither answer for nor report."""
    unit_id = responsible_units(office.tahun_kinerja).get(indikator.pk)
    unit = UnitKerja.objects.get(pk=unit_id) if unit_id is not None else None
    is_answering = office.allows(Permission.VIEW, unit_id)
    if not is_answering and not _reports(office, indikator):
        raise PermissionDenied(office.refusal(Permission.VIEW, unit))
    return Seen(indikator, unit, is_answering)


def _reports(office: Office, indikator: Indikator) -> bool:
    if not indikator.pelapor:
        return False
    units = office.tahun_kinerja.instansi.unit_kerja.filter(jenis=indikator.pelapor)
    return office.scope(Permission.VIEW).narrow(units, "pk").exists()
