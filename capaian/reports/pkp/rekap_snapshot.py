"""Reading the PKP of all Puskesmas of a district, ranked where their sheets are verified."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from capaian.assessments.compute import evaluate_penilaian
from capaian.assessments.models import Keluarga
from capaian.assessments.queries import Active, active, penilaian_by_unit, pkp_units
from capaian.assessments.queries_pkp import sheet_states
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.reports.errors import ReportError
from capaian.reports.formats import proper
from capaian.reports.pkp.snapshot import not_chosen, parts_of
from capaian.reports.snapshot import Office, read_office
from capaian.rules.instrumen.hasil import HasilInstrumen
from capaian.rules.instrumen.model import Butir, Instrumen, Kelompok
from capaian.rules.instrumen.peringkat import Peringkat, peserta_of, rank
from capaian.rules.numbers import mean
from capaian.workflow.models import Submission
from capaian.workflow.transitions import COUNTED


@dataclass(frozen=True)
class UnitRow:
    """A Puskesmas with its result; `place` is its rank, None while its sheet is not verified."""

    unit: UnitKerja
    state: str
    hasil: HasilInstrumen
    place: Peringkat[int] | None

    @property
    def nama(self) -> str:
        return proper(self.unit.nama)

    @property
    def is_verified(self) -> bool:
        return self.state in COUNTED

    @property
    def nomor(self) -> int | None:
        return self.place.nomor if self.place else None


@dataclass(frozen=True)
class BelowTarget:
    """An item with how many of the units that have a score lack the full one, and the unit that has least."""

    item: Butir
    below: int
    scored: int
    mean: Decimal
    least: str


@dataclass(frozen=True)
class RekapSnapshot:
    """The PKP of a district: verified Puskesmas in rank order, then those whose results are provisional, the silent."""

    office: Office
    tahun: int
    judged: Active
    rows: tuple[UnitRow, ...]
    silent: tuple[str, ...]

    @property
    def instrumen(self) -> Instrumen:
        return self.judged.instrumen

    @property
    def verified(self) -> tuple[UnitRow, ...]:
        return tuple(row for row in self.rows if row.is_verified)

    @property
    def provisional(self) -> tuple[UnitRow, ...]:
        return tuple(row for row in self.rows if not row.is_verified)

    @property
    def counted(self) -> tuple[UnitRow, ...]:
        """Whom sums and means are about: the verified; while there is none, everybody who has a result."""
        return self.verified or self.rows

    def mean_of(self, group: Kelompok) -> Decimal | None:
        """The mean of a group over those who are counted and have a value."""
        known = [value for row in self.counted if (value := row.hasil.kelompok[group.kode].nilai) is not None]
        return mean(known) if known else None

    def of_class(self, kode: str) -> tuple[UnitRow, ...]:
        """Those counted whose whole is in a class, in rank order."""
        return tuple(row for row in self.counted if row.hasil.kelas == kode)


def take_rekap(tahun_kinerja: TahunKinerja) -> RekapSnapshot:
    """Everything of the district; the number of queries does not grow with its Puskesmas.

    Raises `ReportError` where no instrument is chosen or no Puskesmas has answered anything.
    """
    judged = active(tahun_kinerja, Keluarga.PKP)
    if judged is None:
        raise not_chosen(tahun_kinerja)
    units = pkp_units(tahun_kinerja)
    penilaian = penilaian_by_unit(tahun_kinerja, judged.versi)
    stored = [penilaian[unit.pk] for unit in units if unit.pk in penilaian]
    hasil = evaluate_penilaian(judged, stored)
    found = {one.unit_id: hasil[one.pk] for one in stored if one.unit_id and _is_begun(hasil[one.pk])}
    if not found:
        raise ReportError(
            f"Rekapitulasi PKP {tahun_kinerja} belum dapat disusun: belum ada Puskesmas yang mengisi formulir PKP. "
            "Mintalah Puskesmas mengisinya, lalu buat lagi."
        )
    return RekapSnapshot(
        read_office(tahun_kinerja),
        tahun_kinerja.tahun,
        judged,
        _ordered(units, found, sheet_states(tahun_kinerja), judged.instrumen),
        tuple(proper(unit.nama) for unit in units if unit.pk not in found),
    )


def _is_begun(hasil: HasilInstrumen) -> bool:
    return any(one.nilai is not None for one in hasil.kelompok.values())


def _ordered(
    units: list[UnitKerja], found: Mapping[int, HasilInstrumen], states: Mapping[int | None, str], instrumen: Instrumen
) -> tuple[UnitRow, ...]:
    by_id = {unit.pk: unit for unit in units if unit.pk in found}
    ranked = rank((peserta_of(pk, found[pk]) for pk in by_id if states.get(pk) in COUNTED), instrumen)
    rows = [UnitRow(by_id[one.kunci], states[one.kunci], found[one.kunci], one) for one in ranked]
    known = {one.kunci for one in ranked}
    return tuple(rows) + tuple(
        UnitRow(unit, states.get(pk, Submission.State.DRAF), found[pk], None)
        for pk, unit in by_id.items()
        if pk not in known
    )


def below_target(snapshot: RekapSnapshot) -> list[BelowTarget]:
    """The items that most of the Puskesmas have below their full score, most first."""
    found = list(_below(snapshot))
    return sorted(found, key=lambda one: (-one.below, one.mean / one.item.best))


def _below(snapshot: RekapSnapshot) -> Iterator[BelowTarget]:
    for item in snapshot.instrumen.items.values():
        scores = [
            (nilai, row.nama) for row in snapshot.counted if (nilai := row.hasil.butir[item.kode].nilai) is not None
        ]
        below = sum(1 for nilai, _ in scores if nilai < item.best)
        if below:
            least = min(scores, key=lambda pair: pair[0])
            yield BelowTarget(item, below, len(scores), mean([nilai for nilai, _ in scores]), least[1])


def remarks(snapshot: RekapSnapshot) -> list[tuple[str, str]]:
    """What the classes say of holes, overlaps and mixed classes, by Puskesmas."""
    found = []
    for row in snapshot.rows:
        for part in parts_of(snapshot.instrumen):
            kelas = row.hasil.kelompok[part.kode].kelas
            found += [(row.nama, f"{proper(part.nama)}: {note}") for note in (kelas.notes if kelas else ())]
        found += [(row.nama, note) for note in row.hasil.catatan]
    return found
