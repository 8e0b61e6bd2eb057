"""What Beranda shows: the year in figures, what is red, why, and what is being done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q, prefetch_related_objects

from capaian.budget import queries as budget
from capaian.budget.queries import BudgetData, BudgetRow, BudgetTotal
from capaian.measurement.models import Capaian, Faktor
from capaian.measurement.queries import HistoryPoint, IkuRow, low_capaian, measured_rows
from capaian.organisations.models import TahunKinerja
from capaian.planning.models import Indikator, Node
from capaian.rules.numbers import NumberFormatError, parse_number

TREND_YEARS = 5


@dataclass(frozen=True)
class Reason:
    """What the office wrote about something that went badly: why, and what it does about it."""

    uraian: str = ""
    penghambat: tuple[str, ...] = ()
    tindak_lanjut: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.uraian or self.penghambat or self.tindak_lanjut)


@dataclass(frozen=True)
class Concern:
    """One thing that needs attention: an indicator with low capaian or a node with low serapan, with its reason."""

    jenis: str
    nama: str
    kode: str
    persen: Decimal | None
    reason: Reason
    indikator: Indikator | None = None
    capaian: Capaian | None = None
    node: Node | None = None


@dataclass(frozen=True)
class StatusCount:
    """How many indicators have a status."""

    status: str
    jumlah: int


@dataclass(frozen=True)
class IkuCard:
    """An IKU on Beranda: its row, and the realisasi of the last years as numbers for the small line."""

    row: IkuRow
    trend: tuple[tuple[int, Decimal | None], ...]


@dataclass(frozen=True)
class Beranda:
    """Everything on the page. `program` are the roots of the budget tree, `versi` the pagu version they show."""

    iku: list[IkuCard]
    iku_counts: list[StatusCount]
    node_counts: list[StatusCount]
    program: list[BudgetRow]
    total: BudgetTotal
    versi: str
    concerns: list[Concern] = field(default_factory=list)

    @property
    def iku_tercapai(self) -> int:
        return sum(one.jumlah for one in self.iku_counts if one.status == Capaian.Status.TERCAPAI)

    @property
    def node_tercapai(self) -> int:
        return sum(one.jumlah for one in self.node_counts if one.status == Capaian.Status.TERCAPAI)

    @property
    def node_jumlah(self) -> int:
        return sum(one.jumlah for one in self.node_counts)


def beranda(tahun_kinerja: TahunKinerja, money: BudgetData, versi: str) -> Beranda:
    """The page's figures for one pagu version of `money`. Seven queries."""
    ambang = tahun_kinerja.instansi.ambang_rendah
    # The documents of the year are asked for twice on the way to the targets.
    prefetch_related_objects([tahun_kinerja], "dokumen")
    rows = measured_rows(
        tahun_kinerja,
        Indikator.objects.filter(Q(instansi=tahun_kinerja.instansi, is_iku=True) | Q(node__tahun_kinerja=tahun_kinerja))
        .select_related("sasaran", "node")
        .order_by("node__urutan", "urutan"),
    )
    iku = [row for row in rows if row.indikator.is_iku]
    nodes = [row for row in rows if not row.indikator.is_iku]
    tree = money.tree(versi)
    reasons = _reasons(tahun_kinerja)
    missed = [row for row in iku if row.status == Capaian.Status.TIDAK_TERCAPAI]
    return Beranda(
        iku=[IkuCard(row, _trend(row.history)) for row in iku],
        iku_counts=_count(iku),
        node_counts=_count(nodes),
        program=[row for row in tree if row.depth == 0],
        total=budget.total(tree),
        versi=versi,
        concerns=[
            *(_capaian_concern("IKU", row, reasons) for row in missed),
            *(_capaian_concern("Indikator program", row, reasons) for row in low_capaian(nodes, ambang)),
            *(_serapan_concern(row, reasons) for row in budget.low_serapan(tree, ambang)),
        ],
    )


def _count(rows: Iterable[IkuRow]) -> list[StatusCount]:
    found: dict[str, int] = defaultdict(int)
    for row in rows:
        found[row.status] += 1
    return [StatusCount(status, found[status]) for status in Capaian.Status.values if found[status]]


def _trend(history: list[HistoryPoint]) -> tuple[tuple[int, Decimal | None], ...]:
    return tuple((point.tahun, _number(point.realisasi)) for point in history[-TREND_YEARS:])


def _number(text: str) -> Decimal | None:
    # A realisasi such as "ada" or "1 : 1000" has no place on a line.
    try:
        return parse_number(text, "id")
    except NumberFormatError:
        return None


def _capaian_concern(jenis: str, row: IkuRow, reasons: dict[tuple[int | None, int | None], Reason]) -> Concern:
    return Concern(
        jenis=jenis,
        nama=row.indikator.nama,
        kode=row.indikator.node.kode if row.indikator.node else "",
        persen=row.capaian.tampil if row.capaian else None,
        reason=reasons.get((row.indikator.pk, None), Reason()),
        indikator=row.indikator,
        capaian=row.capaian,
    )


def _serapan_concern(row: BudgetRow, reasons: dict[tuple[int | None, int | None], Reason]) -> Concern:
    return Concern(
        jenis="Serapan",
        nama=row.node.nama,
        kode=row.node.kode,
        persen=row.money.tampil,
        reason=reasons.get((None, row.node.pk), Reason()),
        node=row.node,
    )


def _reasons(tahun_kinerja: TahunKinerja) -> dict[tuple[int | None, int | None], Reason]:
    """What was written in the year, by (indicator id, node id). One query: factors are joined, not fetched apart."""
    texts: dict[tuple[int | None, int | None], str] = {}
    factors: dict[tuple[int | None, int | None, str], list[str]] = defaultdict(list)
    found = tahun_kinerja.analisis.order_by("pk", "faktor__urutan").values_list(
        "indikator", "node", "uraian", "faktor__jenis", "faktor__uraian"
    )
    for indikator, node, uraian, jenis, faktor in found:
        texts[indikator, node] = uraian
        if jenis:
            factors[indikator, node, jenis].append(faktor)
    return {
        (indikator, node): Reason(
            uraian,
            tuple(factors[indikator, node, Faktor.Jenis.PENGHAMBAT]),
            tuple(factors[indikator, node, Faktor.Jenis.TINDAK_LANJUT]),
        )
        for (indikator, node), uraian in texts.items()
    }
