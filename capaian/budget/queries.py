"""Reading the money: the tree with its roll-ups, totals, spending under the threshold, and breakdowns.

Sums are integers of rupiah; percentages and differences come from `rules`. A node's own amount wins over the sum of
its children; the sum is given beside it, so that a difference can be shown.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from django.db.models import Sum

from capaian.budget.models import Pagu, RealisasiAnggaran
from capaian.organisations.models import TahunKinerja
from capaian.planning.models import Node
from capaian.rules.efisiensi import compute_serapan
from capaian.rules.trace import Computed


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
        return compute_serapan(self.pagu, self.realisasi)

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
    """The money of a whole office year in one version: programmes plus lines outside them, whole rupiah."""

    pagu: int
    realisasi: int

    @cached_property
    def money(self) -> Computed:
        return compute_serapan(self.pagu, self.realisasi)


def versions(tahun_kinerja: TahunKinerja) -> list[str]:
    """The pagu versions that exist for a year, from the first plan to the last change."""
    present = set(Pagu.objects.filter(node__tahun_kinerja=tahun_kinerja).values_list("versi", flat=True).distinct())
    return [versi for versi in Pagu.Versi.values if versi in present]


def budget_tree(tahun_kinerja: TahunKinerja, versi: str | None = None) -> list[BudgetRow]:
    """All nodes in printed order with money and roll-ups; `versi` defaults to the last one. Four queries."""
    versi = versi or (versions(tahun_kinerja) or [Pagu.Versi.APBD])[-1]
    nodes = list(tahun_kinerja.nodes.all())
    pagu = dict(Pagu.objects.filter(node__tahun_kinerja=tahun_kinerja, versi=versi).values_list("node", "jumlah"))
    belanja = _realisasi_by_belanja(tahun_kinerja)
    realisasi = {node: sum(parts.values()) for node, parts in belanja.items()}
    children: dict[int | None, list[Node]] = defaultdict(list)
    for node in nodes:
        children[node.induk_id].append(node)
    pagu_total: dict[int, int | None] = {}
    realisasi_total: dict[int, int | None] = {}
    pagu_anak: dict[int, int | None] = {}
    realisasi_anak: dict[int, int | None] = {}

    def roll_up(node: Node) -> None:
        for child in children[node.pk]:
            roll_up(child)
        pagu_anak[node.pk] = _sum_known(pagu_total[child.pk] for child in children[node.pk])
        realisasi_anak[node.pk] = _sum_known(realisasi_total[child.pk] for child in children[node.pk])
        pagu_total[node.pk] = pagu.get(node.pk, pagu_anak[node.pk])
        realisasi_total[node.pk] = realisasi.get(node.pk, realisasi_anak[node.pk])

    rows: list[BudgetRow] = []

    def walk(node: Node, depth: int) -> None:
        rows.append(
            BudgetRow(
                node,
                depth,
                pagu_total[node.pk],
                realisasi_total[node.pk],
                pagu_anak[node.pk],
                realisasi_anak[node.pk],
                belanja.get(node.pk, {}),
            )
        )
        for child in children[node.pk]:
            walk(child, depth + 1)

    for root in children[None]:
        roll_up(root)
        walk(root, 0)
    return rows


def total(rows: list[BudgetRow]) -> BudgetTotal:
    """The sum over the roots of a budget tree."""
    roots = [row for row in rows if row.depth == 0]
    return BudgetTotal(sum(row.pagu or 0 for row in roots), sum(row.realisasi or 0 for row in roots))


def low_serapan(rows: list[BudgetRow], ambang: Decimal) -> list[BudgetRow]:
    """The nodes without children whose serapan is under `ambang` percent, in printed order."""
    return [row for row in rows if row.pagu_anak is None and row.serapan is not None and row.serapan < ambang]


def pagu_by_version(tahun_kinerja: TahunKinerja) -> dict[str, dict[int, Pagu]]:
    """The pagu rows of every version, by node id."""
    result: dict[str, dict[int, Pagu]] = defaultdict(dict)
    for pagu in Pagu.objects.filter(node__tahun_kinerja=tahun_kinerja):
        result[pagu.versi][pagu.node_id] = pagu
    return dict(result)


def _realisasi_by_belanja(tahun_kinerja: TahunKinerja) -> dict[int, dict[str, int]]:
    result: dict[int, dict[str, int]] = defaultdict(dict)
    sums = (
        RealisasiAnggaran.objects.filter(node__tahun_kinerja=tahun_kinerja, periode=0)
        .order_by()
        .values_list("node", "belanja")
        .annotate(total=Sum("jumlah"))
    )
    for node, belanja, jumlah in sums:
        result[node][belanja] = jumlah
    return dict(result)


def _sum_known(values: object) -> int | None:
    known = [value for value in values if value is not None]  # type: ignore[attr-defined]
    return sum(known) if known else None
