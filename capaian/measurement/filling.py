"""How far the sheets of all units are filled, counted at once: the same counts as reading each sheet would give."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Q

from capaian.measurement.figures import figure_kunci, figure_subject, parts_of
from capaian.measurement.models import BuktiDukung, Realisasi, RealisasiUnit
from capaian.measurement.queries import measured_targets
from capaian.measurement.sourced import source_of, with_source
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.planning.queries import read_expression, year_indikator
from capaian.planning.units import node_units, responsible_unit
from capaian.rules.target import EmptyTarget
from capaian.workflow.forms import Filling

_Value = tuple[int, int | None, str]  # indicator, reporting unit (None for the office's value), component


@dataclass(frozen=True)
class _Figure:
    """A value that a unit fills (`figures.Figure`), without its period; `is_own` is the unit's own report."""

    pk: int
    kunci: str
    unit: UnitKerja | None
    komponen: str
    is_own: bool
    is_stated: bool
    has_source: bool

    def is_typed(self, periode: int) -> bool:
        """Whether the value of a period is filled by people at all."""
        return self.is_stated and (self.is_own or bool(periode) or not self.has_source)

    @property
    def value(self) -> _Value:
        return (self.pk, self.unit.pk if self.is_own and self.unit else None, self.komponen)

    def subject(self, tahun: int, periode: int) -> str:
        owner = self.unit if self.is_own else None
        return figure_subject(figure_kunci(self.kunci, self.komponen), owner, tahun, periode)


def fillings(tahun_kinerja: TahunKinerja, periods: Collection[int]) -> dict[tuple[int, int | None], Filling]:
    """By period and unit id (None the office) how far each sheet is filled. Seven queries, eight with evidence."""
    figures = list(_figures(tahun_kinerja))
    stored = _stored(tahun_kinerja, periods)
    needs_bukti = tahun_kinerja.instansi.wajib_bukti
    bukti = _bukti(tahun_kinerja, periods) if needs_bukti else set()
    counts: dict[tuple[int, int | None], list[int]] = defaultdict(lambda: [0, 0, 0])
    for one in figures:
        unit_id = one.unit.pk if one.unit else None
        for periode in periods:
            count = counts[periode, unit_id]
            if not one.is_typed(periode):
                continue
            count[0] += 1
            if (one.value, periode) in stored:
                count[1] += 1
                is_proven = (unit_id, one.subject(tahun_kinerja.tahun, periode)) in bukti
                count[2] += needs_bukti and not is_proven
    return {place: Filling(*count) for place, count in counts.items()}


def _figures(tahun_kinerja: TahunKinerja) -> Iterator[_Figure]:
    """Every value that some unit fills, in five queries."""
    nodes = node_units(tahun_kinerja)
    units = {unit.pk: unit for unit in tahun_kinerja.instansi.unit_kerja.all()}
    by_jenis: dict[str, list[UnitKerja]] = defaultdict(list)
    for unit in units.values():
        by_jenis[unit.jenis].append(unit)
    targets = measured_targets(tahun_kinerja, Q(tahun=tahun_kinerja.tahun))
    stated = {one.indikator_id for one in targets if not isinstance(read_expression(one.teks), EmptyTarget)}
    rows = with_source(year_indikator(tahun_kinerja))
    rows = rows.only("kunci", "penanggung_jawab", "node", "pelapor", "gabungan")
    for one in rows:
        responsible = responsible_unit(one.penanggung_jawab_id, one.node_id, nodes)
        owing: Sequence[UnitKerja | None] = (
            by_jenis[one.pelapor] if one.pelapor else [units[responsible] if responsible else None]
        )
        for filling_unit in owing:
            for part in parts_of(one):
                yield _Figure(
                    one.pk, one.kunci, filling_unit, part, bool(one.pelapor), one.pk in stated, bool(source_of(one))
                )


def _stored(tahun_kinerja: TahunKinerja, periods: Collection[int]) -> set[tuple[_Value, int]]:
    place = {
        "indikator__in": year_indikator(tahun_kinerja).values("pk"),
        "tahun": tahun_kinerja.tahun,
        "periode__in": periods,
    }
    office = Realisasi.objects.filter(**place).exclude(teks="").values_list("indikator", "periode")
    own = RealisasiUnit.objects.filter(**place).exclude(teks="")
    values = own.values_list("indikator", "unit", "komponen", "periode")
    return {((pk, None, ""), periode) for pk, periode in office} | {
        ((pk, unit, part), periode) for pk, unit, part, periode in values
    }


def _bukti(tahun_kinerja: TahunKinerja, periods: Collection[int]) -> set[tuple[int | None, str]]:
    rows = BuktiDukung.objects.filter(tahun_kinerja=tahun_kinerja, periode__in=periods, removed_at=None)
    return set(rows.values_list("unit", "subject"))
