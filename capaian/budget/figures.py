"""The single amounts that one unit fills of the money spent, and what is stored of them.

A unit answers for the lowest nodes that carry money: sub kegiatan as a rule, or the level at which the office keeps
its pagu. A node whose realisasi is broken down by kind of belanja is one amount for each kind.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from capaian.budget.models import Pagu, RealisasiAnggaran
from capaian.budget.queries import versions
from capaian.organisations.models import TahunKinerja
from capaian.planning.models import Node
from capaian.planning.units import node_units
from capaian.rules.numbers import format_number
from capaian.workflow.forms import SheetKey

_Belanja = RealisasiAnggaran.Belanja
BY_SOURCE = (
    "Realisasi ini dirinci menurut sumber dana. Ubahlah lewat impor berkas realisasi; di sini tampak jumlahnya saja."
)


@dataclass(frozen=True)
class MoneyFigure:
    """One amount of a sheet: a node, or one kind of its belanja, with its pagu in the last version (whole rupiah)."""

    key: SheetKey
    node: Node
    pagu: int | None
    belanja: str = ""
    closed: str = ""

    @property
    def kunci(self) -> str:
        return f"{self.node.kunci}#{self.belanja}" if self.belanja else self.node.kunci

    @property
    def subject(self) -> str:
        return money_subject(self.kunci, self.key.tahun_kinerja.tahun, self.key.periode)


def money_subject(kunci: str, tahun: int, periode: int) -> str:
    """The natural key of an amount, as audit entries and comments carry it."""
    return f"anggaran {kunci} {tahun}/{periode}"


@dataclass(frozen=True)
class YearMoney:
    """The tree of a year with its last pagu version and every amount spent, read once.

    `spent` by node id and period: the amount of each kind of belanja ("" when not broken down), whole rupiah.
    """

    nodes: list[Node]
    versi: str
    pagu: dict[int, int]
    spent: dict[int, dict[int, dict[str, int]]] = field(default_factory=dict)
    by_source: set[tuple[int, int]] = field(default_factory=set)

    @property
    def carrying(self) -> set[int]:
        return {*self.pagu, *self.spent}

    def lowest(self) -> list[Node]:
        """The nodes whose money is filled in, in printed order: the lowest that carry any, else those without children.

        Where the office keeps its pagu on the kegiatan, its sub kegiatan are not asked for.
        """
        children: dict[int | None, list[Node]] = defaultdict(list)
        for node in self.nodes:
            children[node.induk_id].append(node)
        carrying = self.carrying

        def below(node: Node) -> tuple[list[Node], bool]:
            found = [below(child) for child in children[node.pk]]
            if not found or (node.pk in carrying and not any(carries for _, carries in found)):
                return [node], node.pk in carrying
            return [one for nodes, _ in found for one in nodes], any(carries for _, carries in found)

        return [one for root in children[None] for one in below(root)[0]]


def year_money(tahun_kinerja: TahunKinerja) -> YearMoney:
    """Four queries."""
    versi = (versions(tahun_kinerja) or [""])[-1]
    pagu = Pagu.objects.filter(node__tahun_kinerja=tahun_kinerja, versi=versi).order_by()
    spent: dict[int, dict[int, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    by_source = set()
    rows = RealisasiAnggaran.objects.filter(node__tahun_kinerja=tahun_kinerja).order_by()
    for node, periode, belanja, source, jumlah in rows.values_list(
        "node", "periode", "belanja", "sumber_dana", "jumlah"
    ):
        kinds = spent[node][periode]
        kinds[belanja] = kinds.get(belanja, 0) + jumlah
        if source is not None:
            by_source.add((node, periode))
    nodes = list(Node.objects.filter(tahun_kinerja=tahun_kinerja).order_by("urutan", "pk"))
    return YearMoney(nodes, versi, dict(pagu.values_list("node", "jumlah")), dict(spent), by_source)


def money_figures(key: SheetKey, money: YearMoney, kunci: Iterable[str] | None = None) -> list[MoneyFigure]:
    """The amounts of a sheet in printed order, or those that `kunci` names. One query."""
    units = node_units(key.tahun_kinerja)
    unit = key.unit.pk if key.unit else None
    mine = [node for node in money.lowest() if units.get(node.pk) == unit]
    found = [one for node in mine for one in node_figures(key, money, node)]
    wanted = None if kunci is None else set(kunci)
    return [one for one in found if wanted is None or one.kunci in wanted]


def node_figures(key: SheetKey, money: YearMoney, node: Node) -> list[MoneyFigure]:
    """The amounts of one node in the period of a sheet."""
    closed = BY_SOURCE if (node.pk, key.periode) in money.by_source else ""
    kinds = _kinds(money.spent.get(node.pk, {}), key.periode)
    return [MoneyFigure(key, node, money.pagu.get(node.pk), belanja, closed) for belanja in kinds]


def stored_amount(money: YearMoney, figure: MoneyFigure, periode: int) -> int | None:
    """What is stored of an amount for a period; a node that is not broken down there tells no kind of belanja."""
    kinds = money.spent.get(figure.node.pk, {}).get(periode, {})
    if figure.belanja:
        return kinds.get(figure.belanja)
    return sum(kinds.values()) if kinds else None


def amount_text(jumlah: int | None) -> str:
    """An amount as a sheet says it: `1.250.000`, empty where there is none."""
    return "" if jumlah is None else format_number(jumlah)


def _kinds(by_period: dict[int, dict[str, int]], periode: int) -> Sequence[str]:
    """The kinds of belanja that are filled in: as the period is stored, else as the year is broken down elsewhere."""
    here = by_period.get(periode)
    broken_down = any(here) if here else any(kind for kinds in by_period.values() for kind in kinds)
    return _Belanja.values if broken_down and not (here and "" in here) else ("",)
