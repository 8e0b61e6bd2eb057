"""Reading what was reached: the IKU table, histories, low capaian, comparators, and the traces behind the figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from capaian.measurement.models import Analisis, Capaian, Pembanding, Realisasi, Rincian
from capaian.measurement.quarters import annual_value
from capaian.organisations.models import TahunKinerja
from capaian.planning.models import Dokumen, Indikator, Target
from capaian.planning.queries import last_version
from capaian.rules.kesehatan import compute_rate, rate_base

# The document whose targets a year is measured against: the report's own restatement, else the promise, else the plan.
_MEASURED = [Dokumen.Jenis.LKIP, Dokumen.Jenis.PK, Dokumen.Jenis.RENCANA_AKSI, Dokumen.Jenis.RENJA]


@dataclass(frozen=True)
class HistoryPoint:
    """An indicator in one year: target and realisasi as numbers where they are numbers, and the rounded capaian."""

    tahun: int
    target: str
    realisasi: str
    persen: Decimal | None


@dataclass(frozen=True)
class IkuRow:
    """An indicator in a year with its annual target, realisasi, capaian, capaian against the renstra, and history."""

    indikator: Indikator
    target: str
    satuan: str
    realisasi: str
    capaian: Capaian | None
    target_renstra: str
    capaian_renstra: Capaian | None
    history: list[HistoryPoint]

    @property
    def status(self) -> str:
        return self.capaian.status if self.capaian else Capaian.Status.BELUM_ADA


def measured_dokumen(tahun_kinerja: TahunKinerja) -> Dokumen | None:
    """The document whose targets the year is measured against, or None for a year without documents."""
    stored = list(tahun_kinerja.dokumen.all())
    found = (last_version(one for one in stored if one.jenis == jenis) for jenis in _MEASURED)
    return next((dokumen for dokumen in found if dokumen), None)


def measured_targets(tahun_kinerja: TahunKinerja, only: Q | None = None) -> list[Target]:
    """The targets that the year is measured against: those of the measured document, in all the years it states.

    Before the report is written a promise may name the IKU only; an indicator that it leaves out is then measured
    against the next document that states one for the year. Two queries; `only` narrows the targets.
    """
    dokumen = measured_dokumen(tahun_kinerja)
    if dokumen is None:
        return []
    rows = Target.objects.filter(only or Q(), dokumen__tahun_kinerja=tahun_kinerja, dokumen__jenis__in=_MEASURED)
    own: list[Target] = []
    best: dict[int, tuple[int, int, Target]] = {}
    stated: set[int] = set()
    for target in rows.select_related("indikator", "dokumen"):
        if target.dokumen_id == dokumen.pk:
            own.append(target)
            if target.tahun == tahun_kinerja.tahun:
                stated.add(target.indikator_id)
        elif target.tahun == tahun_kinerja.tahun and target.teks:
            rank = (_MEASURED.index(Dokumen.Jenis(target.dokumen.jenis)), -target.dokumen_id)
            if target.indikator_id not in best or rank < best[target.indikator_id][:2]:
                best[target.indikator_id] = (*rank, target)
    return own + [target for pk, (_, _, target) in best.items() if pk not in stated]


def iku_table(tahun_kinerja: TahunKinerja) -> list[IkuRow]:
    """The indicators of sasaran that the year measures, in printed order."""
    return measured_rows(
        tahun_kinerja,
        Indikator.objects.filter(instansi=tahun_kinerja.instansi, is_iku=True).select_related("sasaran__tujuan"),
    )


def node_indicator_rows(tahun_kinerja: TahunKinerja) -> list[IkuRow]:
    """The indicators of all programmes, kegiatan and sub kegiatan of the year, in printed order."""
    return measured_rows(
        tahun_kinerja,
        Indikator.objects.filter(node__tahun_kinerja=tahun_kinerja)
        .select_related("node")
        .order_by("node__urutan", "urutan"),
    )


def measured_rows(tahun_kinerja: TahunKinerja, indikator: QuerySet[Indikator]) -> list[IkuRow]:
    """The given indicators with everything measured about them. Seven queries, whatever their number."""
    if measured_dokumen(tahun_kinerja) is None:
        return []
    tahun = tahun_kinerja.tahun
    targets: dict[int, dict[int, Target]] = defaultdict(dict)
    renstra: dict[int, Target] = {}
    for target in measured_targets(tahun_kinerja, Q(indikator__in=indikator)):
        targets[target.indikator_id][target.tahun] = target
    ends = Target.objects.filter(
        indikator__in=indikator, dokumen__tahun_kinerja=tahun_kinerja, dokumen__jenis=Dokumen.Jenis.RENSTRA
    )
    for target in ends.order_by("tahun"):
        renstra[target.indikator_id] = target
    realisasi = _annual_realisasi(indikator)
    capaian: dict[tuple[int, int, int], Capaian] = {
        (row.indikator_id, row.tahun, row.tahun_target): row
        for row in Capaian.objects.filter(
            indikator__in=indikator, dokumen__tahun_kinerja=tahun_kinerja, periode=0
        ).defer("jejak")
    }
    return [
        _iku_row(item, tahun, targets[item.pk], renstra.get(item.pk), realisasi[item.pk], capaian) for item in indikator
    ]


def _iku_row(
    indikator: Indikator,
    tahun: int,
    targets: Mapping[int, Target],
    end: Target | None,
    realisasi: Mapping[int, str],
    capaian: Mapping[tuple[int, int, int], Capaian],
) -> IkuRow:
    """One row: `targets` and `realisasi` by year, `end` the last target of the renstra."""
    own = targets.get(tahun)
    return IkuRow(
        indikator=indikator,
        target=own.teks if own else "",
        satuan=(own.satuan if own else "") or indikator.satuan,
        realisasi=realisasi.get(tahun, ""),
        capaian=capaian.get((indikator.pk, tahun, tahun)),
        target_renstra=end.teks if end else "",
        capaian_renstra=capaian.get((indikator.pk, tahun, end.tahun)) if end and end.tahun != tahun else None,
        history=[
            HistoryPoint(
                year,
                targets[year].teks if year in targets else "",
                realisasi.get(year, ""),
                point.tampil if (point := capaian.get((indikator.pk, year, year))) else None,
            )
            for year in sorted({*targets, *realisasi})
            if year <= tahun
        ],
    )


def _annual_realisasi(indikator: QuerySet[Indikator]) -> dict[int, dict[int, str]]:
    """The year's realisasi by indicator and year: as stated for the year, else its quarters joined. One query."""
    stated: dict[tuple[int, int, str], dict[int, str]] = defaultdict(dict)
    rows = Realisasi.objects.filter(indikator__in=indikator)
    for pk, tahun, sifat, periode, teks in rows.values_list(
        "indikator", "tahun", "indikator__sifat", "periode", "teks"
    ):
        stated[pk, tahun, sifat][periode] = teks
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for (pk, tahun, sifat), periods in stated.items():
        found[pk][tahun] = annual_value(periods, sifat).value.text
    return found


def low_capaian(rows: list[IkuRow], ambang: Decimal) -> list[IkuRow]:
    """The rows whose rounded capaian is under `ambang` percent."""
    return [row for row in rows if row.capaian and row.capaian.tampil is not None and row.capaian.tampil < ambang]


def analisis_by_indikator(tahun_kinerja: TahunKinerja) -> dict[int, Analisis]:
    """What the office wrote about its indicators in the year, with factors, by indicator id. Two queries."""
    return {
        analisis.indikator_id: analisis
        for analisis in tahun_kinerja.analisis.filter(indikator__isnull=False).prefetch_related("faktor__program")
        if analisis.indikator_id is not None
    }


def analisis_by_node(tahun_kinerja: TahunKinerja) -> dict[int, Analisis]:
    """What the office wrote about the spending of its nodes in the year, by node id. One query."""
    return {
        analisis.node_id: analisis
        for analisis in tahun_kinerja.analisis.filter(node__isnull=False)
        if analisis.node_id is not None
    }


def pembanding_by_indikator(
    tahun_kinerja: TahunKinerja, indikator: Indikator | None = None
) -> dict[int, list[Pembanding]]:
    """The comparators of the year in printed order, by indicator id. One query.

    Where a document prints counts only, `nilai` is their rate per what the indicator's unit names, rounded half up;
    it is computed here and not stored.
    """
    rows = Pembanding.objects.filter(indikator__instansi=tahun_kinerja.instansi, tahun=tahun_kinerja.tahun)
    if indikator is not None:
        rows = rows.filter(indikator=indikator)
    found: dict[int, list[Pembanding]] = defaultdict(list)
    for row in rows.select_related("indikator"):
        if row.nilai is None and (base := rate_base(row.indikator.satuan)):
            row.nilai = compute_rate(row.cacah, row.penyebut, base).tampil
        found[row.indikator_id].append(row)
    return dict(found)


def rincian_of(tahun_kinerja: TahunKinerja) -> list[Rincian]:
    """The supporting data sets of the year with their values, in printed order. Two queries."""
    return list(tahun_kinerja.rincian.select_related("indikator").prefetch_related("nilai"))


def traces(capaian: Iterable[Capaian]) -> dict[int, dict[str, Any]]:
    """The traces of the given capaian by id, which the lists leave out. One query."""
    return dict(Capaian.objects.filter(pk__in=[row.pk for row in capaian]).values_list("pk", "jejak"))


def realisasi_parts(tahun_kinerja: TahunKinerja) -> dict[int, tuple[Decimal | None, Decimal | None]]:
    """Numerator and denominator of the year's realisasi where either is known, by indicator id. One query."""
    rows = Realisasi.objects.filter(
        indikator__instansi=tahun_kinerja.instansi, tahun=tahun_kinerja.tahun, periode=0
    ).exclude(pembilang=None, penyebut=None)
    return {pk: (above, below) for pk, above, below in rows.values_list("indikator", "pembilang", "penyebut")}
