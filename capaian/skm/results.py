"""The results of surveys: kept for those that are closed, computed for those that run, and joined over the units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User

from capaian.measurement.entry import plain_number
from capaian.measurement.models import SumberRealisasi
from capaian.measurement.sources import Incoming, take_source
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.rules.numbers import divide, format_number, round_half_up
from capaian.rules.skm import Ikm, UnitIkm, combine_units, compute_gabungan
from capaian.rules.trace import Trace
from capaian.skm.compute import (
    PACK,
    Measured,
    Tally,
    aggregate,
    count_profil,
    measure,
    measure_printed,
    sample_of,
    skm_pack,
    unsur_names,
)
from capaian.skm.models import UNSUR, HasilSkm, NrrTercetak, PengaturanSkm, Survei
from capaian.workflow.audit import audited, record_audit

FINAL = (Survei.Status.DITUTUP, Survei.Status.TERBIT)
# Decimals of a stored mean: more than any report prints, and the same again whoever reads it.
_NRR_DECIMALS = 10


@dataclass(frozen=True)
class SurveyResult:
    """What came out of a survey: means by unsur, index, mutu, lowest unsur, remarks and trace.

    `responden` is None where a report does not say, `nilai` and what follows from it while nobody has answered.
    `is_final` is a survey that takes no more answers, `is_printed` one of which only a report is known.
    """

    survei: Survei
    responden: int | None
    nrr: Mapping[str, Decimal]
    terisi: Mapping[str, int]
    nilai: Decimal | None
    tampil: Decimal | None
    mutu: str
    kinerja: str
    catatan: tuple[str, ...]
    jejak: Mapping[str, Any]
    is_final: bool
    is_printed: bool = False

    @property
    def unit(self) -> UnitKerja | None:
        return self.survei.unit

    @property
    def sampel(self) -> int | None:
        return sample_of(self.survei)

    @property
    def terendah(self) -> tuple[str, ...]:
        """The unsur with the lowest mean, by kode; several where they are even."""
        lowest = min(self.nrr.values(), default=None)
        return tuple(kode for kode, value in self.nrr.items() if value == lowest)

    @property
    def nama_terendah(self) -> tuple[str, ...]:
        names = unsur_names()
        return tuple(names[kode] for kode in self.terendah)


@dataclass(frozen=True)
class UnitLine:
    """A unit (None the office itself) in the joined index, with its surveys that count and their index as one."""

    unit: UnitKerja | None
    results: tuple[SurveyResult, ...]
    nilai: Decimal
    responden: int | None


@dataclass(frozen=True)
class Combined:
    """The index over the units of an office: by each method, the one that holds, and the means by unsur."""

    lines: tuple[UnitLine, ...]
    method: str
    by_method: Mapping[str, Ikm | None]
    nrr: Mapping[str, Decimal]

    @property
    def ikm(self) -> Ikm | None:
        return self.by_method[self.method]

    @property
    def method_name(self) -> str:
        """In a sentence: `rata-rata IKM unit`."""
        label = str(PengaturanSkm.Gabungan(self.method).label)
        return label[:1].lower() + label[1:]

    @property
    def terendah(self) -> tuple[str, ...]:
        lowest = min(self.nrr.values(), default=None)
        return tuple(kode for kode, value in self.nrr.items() if value == lowest)


def read_results(surveys: Sequence[Survei]) -> list[SurveyResult]:
    """The result of each survey, in the order given. Three queries, however many there are."""
    stored = {row.survei_id: row for row in HasilSkm.objects.filter(survei__in=surveys)}
    printed: dict[int, list[NrrTercetak]] = {}
    for row in NrrTercetak.objects.filter(survei__in=surveys).order_by("pk"):
        printed.setdefault(row.survei_id, []).append(row)
    running = [one.pk for one in surveys if not (one.status in FINAL and one.pk in stored) and one.pk not in printed]
    counted = aggregate(running) if running else {}
    found = []
    for one in surveys:
        if one.pk in printed:
            found.append(_of_measured(one, measure_printed(one, printed[one.pk]), is_printed=True))
        elif one.status in FINAL and one.pk in stored:
            found.append(_of_stored(one, stored[one.pk]))
        else:
            found.append(_of_measured(one, measure(one, counted.get(one.pk, Tally()))))
    return found


def read_result(survei: Survei) -> SurveyResult:
    """The result of one survey."""
    return read_results([survei])[0]


@audited()
def freeze(*, survei: Survei, by: User | None) -> HasilSkm | None:
    """Keep the result of a survey that was closed just now, and let the indicator that takes the IKM follow.

    Closed again after it was reopened, the result is made anew. Nothing is kept of a survey that nobody answered. The
    caller has checked the right and holds the survey.
    """
    before = HasilSkm.objects.filter(survei=survei).first()
    found = measure(survei)
    if found.ikm is None:
        HasilSkm.objects.filter(survei=survei).delete()
        kept = None
    else:
        kept, _ = HasilSkm.objects.update_or_create(survei=survei, defaults=_columns(survei, found, found.ikm))
    record_audit(
        by=by,
        action="skm.freeze",
        subject=f"survei {survei.pk} {survei.nama}",
        instansi=survei.tahun_kinerja.instansi,
        unit=survei.unit,
        before={"ikm": before.tampil, "mutu": before.mutu} if before else None,
        after={"ikm": kept.tampil, "mutu": kept.mutu, "responden": kept.responden} if kept else None,
    )
    take_source(by=by, tahun_kinerja=survei.tahun_kinerja, sumber=SumberRealisasi.Sumber.IKM)
    return kept


def year_results(tahun_kinerja: TahunKinerja) -> list[SurveyResult]:
    """The results of all surveys of a year that have been opened, by unit, the office first. Four queries."""
    rows = tahun_kinerja.survei.exclude(status=Survei.Status.DRAF).select_related("unit", "tahun_kinerja")
    return read_results(sorted(rows, key=_place))


def combine(results: Iterable[SurveyResult], method: str) -> Combined:
    """Join the units by their closed surveys; several of one unit are joined first, in the same way."""
    by_unit: dict[int | None, list[SurveyResult]] = {}
    for one in results:
        if one.is_final and one.nilai is not None:
            by_unit.setdefault(one.survei.unit_id, []).append(one)
    lines = tuple(_line(tuple(rows), method) for rows in by_unit.values())
    units = [UnitIkm(line_name(line), line.nilai, line.responden) for line in lines]
    by_method = {one: compute_gabungan(units, one, skm_pack()) for one in PengaturanSkm.Gabungan.values}
    nrr = {kode: value for kode in UNSUR if (value := _joined_nrr(lines, kode, method)) is not None}
    return Combined(lines, method, by_method, nrr)


def method_of(tahun_kinerja: TahunKinerja) -> str:
    """How the office joins its units: as it has chosen, else the mean of the units. One query."""
    chosen = PengaturanSkm.objects.filter(tahun_kinerja=tahun_kinerja).first()
    return str((chosen or PengaturanSkm()).gabungan)


def read_ikm(tahun_kinerja: TahunKinerja) -> Incoming | None:
    """The IKM of an office year for an indicator that takes it (`measurement.sources`); None while none is final."""
    found = combine(year_results(tahun_kinerja), method_of(tahun_kinerja))
    if found.ikm is None:
        return None
    results = [one for line in found.lines for one in line.results]
    if len(results) == 1:
        trace, head = Trace.from_dict(results[0].jejak), f"{results[0].survei}, mutu {found.ikm.mutu}."
    else:
        trace = found.ikm.trace
        head = (
            f"IKM gabungan {len(found.lines)} unit ({len(results)} survei), {found.method_name}, mutu {found.ikm.mutu}."
        )
    return Incoming(plain_number(found.ikm.tampil), trace, " ".join((head, *_missing_words(results))))


def line_name(line: UnitLine) -> str:
    """Whose line it is: the unit, or the office itself."""
    return str(line.unit) if line.unit else line.results[0].survei.tahun_kinerja.instansi.singkatan


def _missing_words(results: Sequence[SurveyResult]) -> Iterable[str]:
    """What the definition names and no value stands for: unsur of the nine without a mean."""
    names = unsur_names()
    lacking = [one for one in results if len(one.nrr) < len(UNSUR)]
    if lacking:
        kode = [one for one in UNSUR if any(one not in result.nrr for result in lacking)]
        yield (
            f"Definisi IKM menyebut {len(UNSUR)} unsur; tanpa nilai pada {len(lacking)} survei: "
            f"{', '.join(names[one] for one in kode)}."
        )


def _place(survei: Survei) -> tuple[int, int, Any]:
    return (survei.unit.urutan + 1, survei.unit.pk, survei.mulai) if survei.unit else (0, 0, survei.mulai)


def _line(results: tuple[SurveyResult, ...], method: str) -> UnitLine:
    known = [one.responden for one in results if one.responden]
    values = [(one.nilai, one.responden or 0) for one in results if one.nilai is not None]
    # Weights that are not all known weigh nothing: then each survey of the unit counts the same.
    weighs = method == PengaturanSkm.Gabungan.BOBOT_RESPONDEN and len(known) == len(results)
    nilai = combine_units(values, method if weighs else PengaturanSkm.Gabungan.RATA_RATA_UNIT.value)
    return UnitLine(results[0].unit, results, nilai or Decimal(0), sum(known) if len(known) == len(results) else None)


def _joined_nrr(lines: Sequence[UnitLine], kode: str, method: str) -> Decimal | None:
    """The mean of one unsur over the surveys that have it, each unit weighing as it does in the index."""
    rows = [(one.nrr[kode], one.responden or 0) for line in lines for one in line.results if kode in one.nrr]
    if method == PengaturanSkm.Gabungan.BOBOT_RESPONDEN:
        return combine_units([row for row in rows if row[1]], method)
    means = [
        divide(sum(values, Decimal(0)), Decimal(len(values)))
        for line in lines
        if (values := [one.nrr[kode] for one in line.results if kode in one.nrr])
    ]
    return divide(sum(means, Decimal(0)), Decimal(len(means))) if means else None


def _of_measured(survei: Survei, found: Measured, *, is_printed: bool = False) -> SurveyResult:
    ikm = found.ikm
    return SurveyResult(
        survei=survei,
        responden=found.responden,
        nrr=found.nrr,
        terisi=found.terisi,
        nilai=ikm.nilai if ikm else None,
        tampil=ikm.tampil if ikm else None,
        mutu=(ikm.mutu or "") if ikm else "",
        kinerja=ikm.kinerja if ikm else "",
        catatan=found.catatan,
        jejak=ikm.trace.to_dict() if ikm else {},
        is_final=survei.status in FINAL,
        is_printed=is_printed,
    )


def _of_stored(survei: Survei, row: HasilSkm) -> SurveyResult:
    labels = {band.kode: band.label for band in skm_pack().scale("mutu").bands}
    return SurveyResult(
        survei=survei,
        responden=row.responden,
        nrr={kode: Decimal(row.nrr[kode]["nilai"]) for kode in UNSUR if kode in row.nrr},
        terisi={kode: row.nrr[kode]["terisi"] for kode in UNSUR if kode in row.nrr},
        nilai=row.ikm,
        tampil=row.tampil,
        mutu=row.mutu,
        kinerja=labels.get(row.mutu, ""),
        catatan=tuple(row.catatan),
        jejak=row.jejak,
        is_final=True,
    )


def _columns(survei: Survei, found: Measured, ikm: Ikm) -> dict[str, Any]:
    return {
        "responden": found.responden or 0,
        "nrr": {
            kode: {"nilai": str(round_half_up(value, _NRR_DECIMALS)), "terisi": found.terisi[kode]}
            for kode, value in found.nrr.items()
        },
        "ikm": ikm.nilai,
        "tampil": ikm.tampil,
        "mutu": ikm.mutu or "",
        "profil": count_profil(survei),
        "catatan": list(found.catatan),
        "jejak": {**ikm.trace.to_dict(), "paket": f"{PACK} v{skm_pack().versi}"},
    }


def shown_nrr(value: Decimal) -> str:
    """A mean as pages and reports print it."""
    return format_number(round_half_up(value, 3), 3)
