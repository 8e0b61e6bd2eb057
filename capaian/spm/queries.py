"""Reading what an office counts by: the standard and policies of its year, its units, sasaran, and stored results."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q

from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.rules.spm.standar import Jendela, Layanan, Standar, load_standar, standar_of
from capaian.spm.models import CapaianSpm, PengaturanSpm, SasaranSpm

TRIWULAN = (1, 2, 3, 4)
# The quarters, and 0 for the year.
PERIODE = (1, 2, 3, 4, 0)
# Kode of the staff items, which belong to a unit and not to one service.
SDM = "sdm."


@dataclass(frozen=True)
class SpmRules:
    """What the figures of an office year are counted by."""

    tahun: int
    standar: Standar
    pengaturan: PengaturanSpm

    def jendela(self, layanan: Layanan) -> Jendela:
        """The months that count for a service, as the office has chosen."""
        if layanan.jendela == "tahun_ajaran" and self.pengaturan.jendela_pendidikan == "tahun_ajaran":
            return "tahun_ajaran"
        return "tahun_kalender"

    @property
    def dasar(self) -> dict[str, str]:
        """The packs and policies, as they are stored beside a result."""
        return {
            "standar": f"{self.standar.pack.id} v{self.standar.pack.versi}",
            "penerapan": f"{self.standar.penerapan.id} v{self.standar.penerapan.versi}",
            "indeks_mutu": self.pengaturan.indeks_mutu,
            "jendela_pendidikan": self.pengaturan.jendela_pendidikan,
        }


def spm_rules(tahun_kinerja: TahunKinerja) -> SpmRules:
    """The standard and the policies of a year. One query."""
    chosen = PengaturanSpm.objects.filter(tahun_kinerja=tahun_kinerja).first()
    pengaturan = chosen or PengaturanSpm(tahun_kinerja=tahun_kinerja)
    standar = load_standar(pengaturan.standar) if pengaturan.standar else standar_of(tahun_kinerja.tahun)
    return SpmRules(tahun_kinerja.tahun, standar, pengaturan)


def spm_units(tahun_kinerja: TahunKinerja) -> list[UnitKerja]:
    """The Puskesmas that owe SPM reports: those whose sasaran is set. One query."""
    owing = SasaranSpm.objects.filter(tahun_kinerja=tahun_kinerja, dipakai=True, wilayah=None, unit__isnull=False)
    rows = UnitKerja.objects.filter(instansi=tahun_kinerja.instansi_id, pk__in=owing.values("unit"))
    return list(rows.order_by("urutan", "pk"))


def used_sasaran(
    tahun_kinerja: TahunKinerja, units: Iterable[UnitKerja | None] | None = None
) -> dict[int | None, dict[str, int]]:
    """The sasaran in use by unit id (None the office's own) and kelompok; of all units, or of some. One query."""
    rows = SasaranSpm.objects.filter(tahun_kinerja=tahun_kinerja, dipakai=True, wilayah=None)
    if units is not None:
        wanted = [unit.pk if unit else None for unit in units]
        rows = rows.filter(Q(unit__in=[pk for pk in wanted if pk]) | (Q(unit=None) if None in wanted else Q(pk=None)))
    found: dict[int | None, dict[str, int]] = defaultdict(dict)
    for unit_id, kelompok, jumlah in rows.values_list("unit", "kelompok", "jumlah"):
        found[unit_id][kelompok] = jumlah
    return found


def office_sasaran(by_unit: Mapping[int | None, Mapping[str, int]], kelompok: str) -> int | None:
    """The office's own figure for a group, else the sum of its units; None where nobody states it."""
    own = by_unit.get(None, {}).get(kelompok)
    if own is not None:
        return own
    stated = [groups[kelompok] for unit_id, groups in by_unit.items() if unit_id and kelompok in groups]
    return sum(stated) if stated else None


def stored_capaian(tahun_kinerja: TahunKinerja, triwulan: int) -> dict[int | None, dict[str, CapaianSpm]]:
    """The results up to a quarter (0 the year) by unit id (None the office) and service. One query."""
    found: dict[int | None, dict[str, CapaianSpm]] = defaultdict(dict)
    for row in CapaianSpm.objects.filter(tahun_kinerja=tahun_kinerja, triwulan=triwulan):
        found[row.unit_id][row.layanan] = row
    return found
