"""The printed tables of an instrument: which items stand in which, in printed order, with the headings between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from capaian.rules.instrumen.model import Butir, Instrumen, Kelompok

# An item with more answers than yes and no is graded: its answers are columns of the printed table.
_YES_NO = 2


@dataclass(frozen=True)
class Line:
    """A group or an item of a printed table; `depth` counts the headings above it in that table."""

    node: Butir | Kelompok
    depth: int


@dataclass(frozen=True)
class PrintedTable:
    """One table as the instrument prints it: its number, the groups that it is about, and its lines in order.

    The heading of a table about one group alone is the name of that group, which is then no line of it.
    """

    tabel: str
    tops: tuple[Kelompok, ...]
    lines: tuple[Line, ...]
    is_numbered: bool = True

    @property
    def nama(self) -> str:
        return " dan ".join(one.nama for one in self.tops)

    @property
    def items(self) -> tuple[Butir, ...]:
        return tuple(line.node for line in self.lines if isinstance(line.node, Butir))

    @property
    def nilai(self) -> tuple[Decimal, ...]:
        """The scores that are columns of a graded table; empty for a table of targets."""
        graded = [one for one in self.items if len(one.pilihan) > _YES_NO]
        if len(graded) * 2 < len(self.items):
            return ()
        return tuple(sorted({choice.nilai for one in self.items for choice in one.pilihan}))


def _numbers(akar: Kelompok) -> dict[str, str]:
    """The number of the table in which each item stands, by kode: its own, else that of the nearest group above."""
    return dict(_numbered(akar, akar.tabel))


def _numbered(group: Kelompok, above: str) -> Iterator[tuple[str, str]]:
    for child in group.isi:
        here = child.tabel or above
        if isinstance(child, Kelompok):
            yield from _numbered(child, here)
        else:
            yield child.kode, here


def printed_tables(instrumen: Instrumen) -> tuple[PrintedTable, ...]:
    """The tables in printed order. An instrument that numbers none has one for each group below its root."""
    numbers = _numbers(instrumen.akar)
    is_numbered = any(numbers.values())
    if not is_numbered:
        numbers = {
            item.kode: child.kode
            for child in instrumen.akar.isi
            for item in (child.items() if isinstance(child, Kelompok) else (child,))
        }
    found: dict[str, list[Kelompok]] = {}
    for top in _tops(instrumen.akar, numbers):
        number = numbers[next(top.items()).kode]
        found.setdefault(number, []).append(top)
    return tuple(_table(number, tops, is_numbered=is_numbered and bool(number)) for number, tops in found.items())


def _tops(group: Kelompok, numbers: dict[str, str]) -> Iterator[Kelompok]:
    """The highest groups that stand in one table as a whole."""
    items = list(group.items())
    if not items:
        return
    if len({numbers[one.kode] for one in items}) == 1:
        yield group
        return
    for child in group.isi:
        if isinstance(child, Kelompok):
            yield from _tops(child, numbers)
        else:
            # An item beside groups of other tables: a group of its own keeps its place in the order.
            yield Kelompok(child.kode, child.nama, "rata_rata", (child,), tabel=child.tabel)


def _table(number: str, tops: list[Kelompok], *, is_numbered: bool) -> PrintedTable:
    alone = len(tops) == 1
    lines = [line for top in tops for line in _lines(top, 0, with_head=not alone)]
    return PrintedTable(number, tuple(tops), tuple(lines), is_numbered)


def _lines(group: Kelompok, depth: int, *, with_head: bool) -> Iterator[Line]:
    if with_head:
        yield Line(group, depth)
        depth += 1
    for child in group.isi:
        if isinstance(child, Kelompok):
            yield from _lines(child, depth, with_head=True)
        else:
            yield Line(child, depth)
