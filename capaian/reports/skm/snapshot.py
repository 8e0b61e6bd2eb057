"""Reading everything that the report of the satisfaction survey prints, once, for one unit or for the whole office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.reports.formats import proper
from capaian.reports.snapshot import Office, read_office
from capaian.rules.packs import Pack
from capaian.skm.compute import skm_pack, unsur_names
from capaian.skm.models import JawabanSkm, RencanaSkm
from capaian.skm.profil import ProfilTable, profil_tables, summed_profil
from capaian.skm.results import Combined, SurveyResult, combine, method_of, year_results


@dataclass(frozen=True)
class SkmSnapshot:
    """The closed surveys of an office year, or of one unit, with their joined index, respondents and plans.

    `running` are the surveys that still take answers, `sources` how many answers came in by which way.
    """

    office: Office
    tahun: int
    unit: UnitKerja | None
    pack: Pack
    unsur: Mapping[str, str]
    results: tuple[SurveyResult, ...]
    running: int
    joined: Combined
    profil: tuple[ProfilTable, ...]
    sources: tuple[tuple[str, int], ...]
    plans: tuple[RencanaSkm, ...]

    @property
    def nama(self) -> str:
        """Whose satisfaction it is: `Puskesmas Mawar`, or the office."""
        return proper(self.unit.nama) if self.unit else self.office.nama

    @property
    def place(self) -> str:
        return f"{self.nama} {self.office.daerah}" if self.unit else self.office.nama

    def whose(self, result: SurveyResult) -> str:
        return proper(result.unit.nama) if result.unit else self.office.singkatan or self.office.nama


def take_skm(tahun_kinerja: TahunKinerja, unit: UnitKerja | None = None) -> SkmSnapshot:
    """The surveys of a year, of all units or of one. The number of queries does not grow with them."""
    found = [one for one in year_results(tahun_kinerja) if unit is None or one.survei.unit_id == unit.pk]
    results = [one for one in found if one.is_final and one.nilai is not None]
    surveys = [one.survei for one in results]
    profil = summed_profil(surveys)
    plans = RencanaSkm.objects.filter(survei__in=surveys).select_related("survei__unit")
    return SkmSnapshot(
        office=read_office(tahun_kinerja),
        tahun=tahun_kinerja.tahun,
        unit=unit,
        pack=skm_pack(),
        unsur=unsur_names(),
        results=tuple(results),
        running=sum(1 for one in found if not one.is_final),
        joined=combine(results, method_of(tahun_kinerja)),
        profil=tuple(profil_tables(profil)),
        sources=_sources(profil),
        plans=tuple(sorted(plans, key=lambda one: (surveys.index(one.survei), one.pk))),
    )


def has_skm(tahun_kinerja: TahunKinerja, unit: UnitKerja | None) -> bool:
    """Whether there is any survey that the report could be about. One query."""
    rows = tahun_kinerja.survei.exclude(status="draf")
    return (rows.filter(unit=unit) if unit else rows).exists()


def _sources(profil: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    counts = profil.get("sumber", {})
    labels: Sequence[tuple[str, str]] = JawabanSkm.Sumber.choices
    return tuple((str(label), counts[value]) for value, label in labels if counts.get(value))
