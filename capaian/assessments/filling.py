"""How far the PKP sheets of a year are filled, counted in the database and not by reading every answer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q

from capaian.assessments.models import Jawaban, Keluarga, Penilaian
from capaian.assessments.queries import active, pkp_units, sifat_by_unit
from capaian.assessments.sheet_cells import parts_of
from capaian.organisations.models import TahunKinerja
from capaian.rules.instrumen.model import Instrumen
from capaian.workflow.forms import Filling


@dataclass(frozen=True)
class _Asked:
    """The items that apply to a unit: those of one value, and those of two."""

    single: frozenset[str]
    paired: frozenset[str]


def pkp_fillings(tahun_kinerja: TahunKinerja) -> Mapping[tuple[int, int | None], Filling]:
    """By period (0) and unit id how far each sheet is filled. Five queries, one where no instrument is chosen."""
    judged = active(tahun_kinerja, Keluarga.PKP)
    if judged is None:
        return {}
    units, sifat = pkp_units(tahun_kinerja), sifat_by_unit(tahun_kinerja)
    asked = {kinds: _asked(judged.instrumen, kinds) for kinds in {sifat[unit.pk] for unit in units}}
    rows = Penilaian.objects.filter(
        tahun_kinerja=tahun_kinerja, versi=judged.versi, tingkat=Penilaian.Tingkat.MANDIRI, unit__isnull=False
    )
    mine = {pk: sifat[unit_id or 0] for pk, unit_id in rows.values_list("pk", "unit")}
    by_kinds: dict[frozenset[str], list[int]] = defaultdict(list)
    for pk, kinds in mine.items():
        by_kinds[kinds].append(pk)
    counted = {
        unit_id: values for kinds, pks in by_kinds.items() if kinds in asked
        for unit_id, values in _counted(pks, asked[kinds]).items()
    }  # fmt: skip
    return {(0, unit.pk): _filling(asked[sifat[unit.pk]], counted.get(unit.pk, (0, 0))) for unit in units}


def _asked(instrumen: Instrumen, sifat: Collection[str]) -> _Asked:
    applying = [one for one in instrumen.items.values() if not one.sifat or one.sifat in sifat]
    return _Asked(
        frozenset(one.kode for one in applying if len(parts_of(one)) == 1),
        frozenset(one.kode for one in applying if len(parts_of(one)) == 2),
    )


def _counted(penilaian: Collection[int], asked: _Asked) -> dict[int, tuple[int, int]]:
    """By unit id how many values are filled, and how many denominators nobody asks for. One query."""
    single, paired, out = Q(butir__in=asked.single), Q(butir__in=asked.paired), Q(tidak_berlaku=True)
    rows = (
        Jawaban.objects.filter(penilaian__in=penilaian)
        .order_by()
        .values("penilaian__unit")
        .annotate(
            answered=Count("pk", filter=single & (~Q(nilai="") | out)),
            numerators=Count("pk", filter=paired & (Q(realisasi__isnull=False) | out)),
            denominators=Count("pk", filter=paired & Q(sasaran__isnull=False) & ~out),
            left_out=Count("pk", filter=paired & out),
        )
    )
    return {
        row["penilaian__unit"]: (row["answered"] + row["numerators"] + row["denominators"], row["left_out"])
        for row in rows
    }


def _filling(asked: _Asked, counted: tuple[int, int]) -> Filling:
    filled, left_out = counted
    return Filling(len(asked.single) + 2 * len(asked.paired) - left_out, filled)
