"""Reading the money: the tree with its roll-ups, totals, spending under the threshold, and breakdowns.

Sums are integers of rupiah; percentages and differences come from `rules`. A node's own amount wins over the sum of
its children; the sum is given beside it, so that a difference can be shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache

from django.db.models import Sum

from capaian.budget.models import Pagu, Pendapatan, RealisasiAnggaran
from capaian.organisations.models import TahunKinerja
from capaian.planning.models import Node
from capaian.rules.efisiensi import compute_pendapatan, compute_serapan
from capaian.rules.trace import Computed

QUARTERS = range(1, 5)
# A pure function of two numbers, asked a thousand times for the page of a year and again at every visit.
_serapan = lru_cache(maxsize=16384)(compute_serapan)


@dataclass(frozen=True)
class BudgetRow:
    """A node with its money in one version, whole rupiah; `*_anak` are the sums of its children (None for a leaf)."""

    node: Node
    depth: int
    pagu: int | None
    realisasi: int | None
    pagu_anak: int | None
    realisasi_anak: int | None
    belanja: dict[str, int] = field(default_factory=dict)

    @cached_property
    def money(self) -> Computed:
        """Serapan of the node in percent, unrounded (`nilai`) and as printed (`tampil`), with its trace."""
        return _serapan(self.pagu, self.realisasi)

    @property
    def sisa(self) -> int | None:
        return None if self.pagu is None or self.realisasi is None else self.pagu - self.realisasi

    @property
    def serapan(self) -> Decimal | None:
        return self.money.nilai

    @property
    def pagu_differs(self) -> bool:
        """Whether the stated pagu is not the sum of the children: a finding, never corrected here."""
        return self.pagu_anak is not None and self.pagu is not None and self.pagu_anak != self.pagu

    @property
    def realisasi_differs(self) -> bool:
        return self.realisasi_anak is not None and self.realisasi is not None and self.realisasi_anak != self.realisasi


@dataclass(frozen=True)
class BudgetTotal:
    """The money of a whole office year in one version: programmes plus lines outside them, whole rupiah.

    None where no node has the amount: nothing entered is not a zero.
    """

    pagu: int | None
    realisasi: int | None

    @cached_property
    def money(self) -> Computed:
        return compute_serapan(self.pagu, self.realisasi)

    @property
    def sisa(self) -> int | None:
        return None if self.pagu is None or self.realisasi is None else self.pagu - self.realisasi


@dataclass(frozen=True)
class BudgetData:
    """The money of a year as stored, read once, from which the tree of any version and period is built.

    `pagu` by version and node id; `belanja` the realisasi by period (0 the year), node id and kind of belanja ("" when
    it is not broken down). All whole rupiah.
    """

    nodes: list[Node]
    pagu: dict[str, dict[int, int]]
    belanja: dict[int, dict[int, dict[str, int]]]

    @property
    def versions(self) -> list[str]:
        """The pagu versions read, from the first plan to the last change."""
        return [versi for versi in Pagu.Versi.values if versi in self.pagu]

    def tree(self, versi: str, periode: int = 0) -> list[BudgetRow]:
        """All nodes in printed order with money and roll-ups in one version, spent up to the end of a period."""
        children: dict[int | None, list[Node]] = defaultdict(list)
        for node in self.nodes:
            children[node.induk_id].append(node)
        belanja = self.belanja.get(periode, {})
        realisasi = {node: sum(parts.values()) for node, parts in belanja.items()}
        return _build_tree(children, self.pagu.get(versi, {}), realisasi, belanja)


def versions(tahun_kinerja: TahunKinerja) -> list[str]:
    """The pagu versions that exist for a year, from the first plan to the last change."""
    present = set(Pagu.objects.filter(node__tahun_kinerja=tahun_kinerja).values_list("versi", flat=True).distinct())
    return [versi for versi in Pagu.Versi.values if versi in present]


def read_budget(tahun_kinerja: TahunKinerja, only: Collection[str] | None = None) -> BudgetData:
    """The nodes, the pagu of every version (or of those in `only`) and the realisasi of a year. Three queries."""
    pagu: dict[str, dict[int, int]] = defaultdict(dict)
    stored = Pagu.objects.filter(node__tahun_kinerja=tahun_kinerja).order_by()
    if only is not None:
        stored = stored.filter(versi__in=only)
    for versi, node, jumlah in stored.values_list("versi", "node", "jumlah"):
        pagu[versi][node] = jumlah
    return BudgetData(
        list(Node.objects.filter(tahun_kinerja=tahun_kinerja)), dict(pagu), _realisasi_by_belanja(tahun_kinerja)
    )


def realisasi_by_quarter(tahun_kinerja: TahunKinerja) -> dict[int, tuple[int | None, ...]]:
    """What was spent on each node up to the end of quarters 1–4, rolled up, by node id; empty where none is known."""
    data = read_budget(tahun_kinerja)
    if not any(periode in data.belanja for periode in QUARTERS):
        return {}
    trees = [data.tree("", periode) for periode in QUARTERS]
    return {rows[0].node.pk: tuple(row.realisasi for row in rows) for rows in zip(*trees, strict=True)}


def budget_tree(tahun_kinerja: TahunKinerja, versi: str | None = None) -> list[BudgetRow]:
    """All nodes in printed order with money and roll-ups; `versi` defaults to the last one. Three queries."""
    data = read_budget(tahun_kinerja)
    return data.tree(versi or (data.versions or [Pagu.Versi.APBD])[-1])


def _build_tree(
    children: dict[int | None, list[Node]],
    pagu: dict[int, int],
    realisasi: dict[int, int],
    belanja: dict[int, dict[str, int]],
) -> list[BudgetRow]:
    pagu_total: dict[int, int | None] = {}
    realisasi_total: dict[int, int | None] = {}
    belanja_total: dict[int, dict[str, int]] = {}
    rows: list[BudgetRow] = []

    def place(node: Node, depth: int) -> None:
        # A row stands above its children but is known only after them, so its place is kept.
        at = len(rows)
        below = children.get(node.pk, [])
        for child in below:
            place(child, depth + 1)
        pagu_anak = _sum_known(pagu_total[child.pk] for child in below)
        realisasi_anak = _sum_known(realisasi_total[child.pk] for child in below)
        pagu_total[node.pk] = pagu.get(node.pk, pagu_anak)
        realisasi_total[node.pk] = realisasi.get(node.pk, realisasi_anak)
        belanja_total[node.pk] = belanja.get(node.pk) or _merged(belanja_total[child.pk] for child in below)
        own = (pagu_total[node.pk], realisasi_total[node.pk], pagu_anak, realisasi_anak)
        rows.insert(at, BudgetRow(node, depth, *own, belanja_total[node.pk]))

    for root in children.get(None, []):
        place(root, 0)
    return rows


def total(rows: list[BudgetRow]) -> BudgetTotal:
    """The sum over the roots of a budget tree."""
    roots = [row for row in rows if row.depth == 0]
    return BudgetTotal(_sum_known(row.pagu for row in roots), _sum_known(row.realisasi for row in roots))


@dataclass(frozen=True)
class PendapatanRow:
    """Revenue of a source, a unit or a whole: target and realisasi in rupiah, and their share as printed (percent)."""

    nama: str
    target: int
    realisasi: int
    pk: int | None = None

    @cached_property
    def money(self) -> Computed:
        return compute_pendapatan(self.target, self.realisasi)

    @property
    def persen(self) -> Decimal | None:
        return self.money.tampil

    @property
    def selisih(self) -> int:
        return self.realisasi - self.target


@dataclass(frozen=True)
class PendapatanGroup:
    """The revenue of one kind (by source, by unit): its rows by group, and their sum."""

    jenis: str
    judul: str
    kelompok: list[tuple[str, list[PendapatanRow]]]

    @property
    def rows(self) -> list[PendapatanRow]:
        return [row for _, members in self.kelompok for row in members]

    @cached_property
    def jumlah(self) -> PendapatanRow:
        return PendapatanRow("Jumlah", sum(row.target for row in self.rows), sum(row.realisasi for row in self.rows))


def pendapatan_groups(tahun_kinerja: TahunKinerja) -> list[PendapatanGroup]:
    """The revenue by source and by unit, as far as there is any, in printed order. One query."""
    stored: dict[str, dict[str, list[PendapatanRow]]] = defaultdict(lambda: defaultdict(list))
    for row in tahun_kinerja.pendapatan.all():
        stored[row.jenis][row.kelompok].append(PendapatanRow(row.nama, row.target, row.realisasi, row.pk))
    return [
        PendapatanGroup(jenis.value, jenis.label, list(stored[jenis.value].items()))
        for jenis in Pendapatan.Jenis
        if jenis.value in stored
    ]


def low_serapan(rows: list[BudgetRow], ambang: Decimal) -> list[BudgetRow]:
    """The nodes without children whose printed serapan is under `ambang` percent, in printed order."""
    return [row for row in rows if row.pagu_anak is None and row.money.tampil is not None and row.money.tampil < ambang]


def pagu_versions_by_node(tahun_kinerja: TahunKinerja) -> dict[int, list[Pagu]]:
    """The pagu of each node in all versions, from the first plan to the last change, by node id. One query."""
    order = {versi: number for number, versi in enumerate(Pagu.Versi.values)}
    found: dict[int, list[Pagu]] = defaultdict(list)
    for pagu in Pagu.objects.filter(node__tahun_kinerja=tahun_kinerja):
        found[pagu.node_id].append(pagu)
    return {node: sorted(rows, key=lambda row: order[row.versi]) for node, rows in found.items()}


def _realisasi_by_belanja(tahun_kinerja: TahunKinerja) -> dict[int, dict[int, dict[str, int]]]:
    result: dict[int, dict[int, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    sums = (
        RealisasiAnggaran.objects.filter(node__tahun_kinerja=tahun_kinerja)
        .order_by()
        .values_list("periode", "node", "belanja")
        .annotate(total=Sum("jumlah"))
    )
    for periode, node, belanja, jumlah in sums:
        result[periode][node][belanja] = jumlah
    return {periode: dict(by_node) for periode, by_node in result.items()}


def _merged(parts: Iterable[dict[str, int]]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for part in parts:
        for kind, jumlah in part.items():
            sums[kind] += jumlah
    return dict(sums)


def _sum_known(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
