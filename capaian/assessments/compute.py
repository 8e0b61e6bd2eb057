"""The results of assessments: computed by `rules.instrumen` from answers, stored small, explained on demand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from capaian.assessments.models import Hasil, Penilaian
from capaian.assessments.queries import Active, isian_by_penilaian, sifat_by_unit
from capaian.rules.instrumen.hasil import HasilInstrumen, evaluate

_KEPT = ("nilai", "tampil", "kelas", "terjawab", "berlaku", "catatan")


def evaluate_penilaian(judged: Active, penilaian: Sequence[Penilaian]) -> Mapping[int, HasilInstrumen]:
    """The result of each assessment by its id, from what is stored now. Two queries, whatever the number."""
    if not penilaian:
        return {}
    answers = isian_by_penilaian([one.pk for one in penilaian])
    properties = sifat_by_unit(penilaian[0].tahun_kinerja, {one.unit_id for one in penilaian if one.unit_id})
    return {
        one.pk: evaluate(
            judged.instrumen,
            answers.get(one.pk, {}),
            properties.get(one.unit_id, frozenset()) if one.unit_id else frozenset(),
            judged.kebijakan,
        )
        for one in penilaian
    }


@dataclass(frozen=True)
class Comparison:
    """What assessments come to now by their id, and the stored rows that this adds, changes and takes away."""

    computed: Mapping[int, HasilInstrumen]
    fresh: Sequence[Hasil]
    changed: Sequence[Hasil]
    gone: Sequence[Hasil]

    @property
    def touched(self) -> frozenset[int]:
        """The ids of the assessments whose stored results are not what they come to now."""
        return frozenset(row.penilaian_id for row in (*self.fresh, *self.changed, *self.gone))


def store_results(judged: Active, penilaian: Sequence[Penilaian]) -> Mapping[int, HasilInstrumen]:
    """Bring the stored results of assessments in line with their answers; what was computed, by id.

    Call it inside the transaction that changed the answers, while the assessments are held.
    """
    found = compare_results(judged, penilaian)
    write_results(judged, found)
    return found.computed


def compare_results(judged: Active, penilaian: Sequence[Penilaian]) -> Comparison:
    """What assessments come to now beside what is stored of them; nothing is written. Three queries."""
    computed = evaluate_penilaian(judged, penilaian)
    stored = {(row.penilaian_id, row.kelompok): row for row in Hasil.objects.filter(penilaian__in=computed)}
    fresh: list[Hasil] = []
    changed: list[Hasil] = []
    for pk, result in computed.items():
        for kelompok, values in _rows(judged, result).items():
            row = stored.pop((pk, kelompok), None)
            if row is None:
                fresh.append(Hasil(penilaian_id=pk, kelompok=kelompok, **values))
            elif any(getattr(row, name) != value for name, value in values.items()):
                for name, value in values.items():
                    setattr(row, name, value)
                changed.append(row)
    return Comparison(computed, fresh, changed, list(stored.values()))


def write_results(judged: Active, found: Comparison) -> None:
    """Store what was compared, in few statements whatever the number."""
    Hasil.objects.bulk_create(found.fresh, batch_size=500)
    Hasil.objects.bulk_update(found.changed, _KEPT, batch_size=200)
    Hasil.objects.filter(pk__in=[row.pk for row in found.gone]).delete()
    Penilaian.objects.filter(pk__in=found.computed).update(kebijakan=_plain(asdict(judged.kebijakan)))


def _rows(judged: Active, result: HasilInstrumen) -> dict[str, dict[str, Any]]:
    """The stored fields of every group; the root carries the class of the whole."""
    root = judged.instrumen.akar.kode
    found = {}
    for kode, group in result.kelompok.items():
        own = group.kelas.kode if group.kelas and group.kelas.kode else ""
        found[kode] = {
            # As many decimals as the column keeps, so that a row that did not change is found equal.
            "nilai": None if group.nilai is None else round(group.nilai, 12),
            "tampil": group.tampil,
            "kelas": result.kelas or own if kode == root else own,
            "terjawab": group.terjawab,
            "berlaku": group.berlaku,
            "catatan": [*group.catatan, *(result.catatan if kode == root else ())],
        }
    return found


def _plain(policies: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in policies.items()}
