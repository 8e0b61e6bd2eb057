"""What the Anggaran page shows, prepared from the budget tree: rows, findings, breakdowns, charts.

The rows of the tree are written here and not in a template: a year may have a thousand of them, and a template loop
with filters costs several times as much. Every text passes `escape`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from textwrap import wrap
from typing import Any
from urllib.parse import quote

from django.utils.safestring import SafeString, mark_safe

from capaian.budget.models import RealisasiAnggaran
from capaian.budget.queries import BudgetRow
from capaian.documents.charts.options import Series, bar_option
from capaian.rules.numbers import HUNDRED, divide, format_number, format_percent, round_half_up
from capaian.web.templatetags.capaian import NOTHING, icon, rupiah_singkat, status_badge

LOW, OVER, EMPTY, DIFFERS = "rendah", "lebih", "kosong", "beda"
STATUS_WORDS = {
    LOW: "Serapan rendah",
    OVER: "Melebihi pagu",
    EMPTY: "Belum ada realisasi",
    DIFFERS: "Berbeda dari rincian",
}


def row_status(row: BudgetRow, ambang: Decimal) -> str:
    """What a row should be looked at for; empty when nothing."""
    serapan = row.money.tampil
    if row.realisasi is None:
        return EMPTY
    if serapan is None:
        return ""
    return OVER if serapan > HUNDRED else LOW if serapan < ambang else ""


def tree_rows(rows: Sequence[BudgetRow], versi: str, ambang: Decimal) -> SafeString:
    """The body of the tree table: one `<tr>` per node, its serapan a link to the trace."""
    badges = {
        LOW: status_badge("rendah", STATUS_WORDS[LOW]),
        OVER: status_badge("beda", STATUS_WORDS[OVER]),
        # Where nothing has been spent yet at all, saying so on every row tells nobody anything.
        EMPTY: status_badge("belum_ada", STATUS_WORDS[EMPTY]) if any(row.realisasi for row in rows) else "",
        "": "",
    }
    return mark_safe("\n".join(_tree_row(row, versi, row_status(row, ambang), badges) for row in rows))  # noqa: S308


def _tree_row(row: BudgetRow, versi: str, status: str, badges: dict[str, str]) -> str:
    serapan = row.money.tampil
    marks = f"{status} {DIFFERS}" if row.pagu_differs or row.realisasi_differs else status
    shown = NOTHING
    if serapan is not None:
        shown = f'<a href="jejak/{versi}/{quote(row.node.kunci, safe="")}/">{format_percent(serapan)}</a>'
    return (
        f'<tr data-depth="{row.depth}"{f" data-marks={chr(34)}{marks.strip()}{chr(34)}" if marks else ""}>'
        f"{_name_cell(row)}"
        f'<td class="num">{_amount(row.pagu)}{_difference(row.pagu_anak, row.pagu_differs)}</td>'
        f'<td class="num">{_amount(row.realisasi)}{_difference(row.realisasi_anak, row.realisasi_differs)}</td>'
        f'<td class="num">{_amount(row.sisa)}</td>'
        f'<td class="num" data-value="{"" if serapan is None else serapan}">{shown}</td>'
        f"<td>{badges[status]}</td></tr>"
    )


def compare_rows(rows: Sequence[BudgetRow], before: Sequence[BudgetRow]) -> SafeString:
    """The body of the table that puts two versions side by side, with the difference in rupiah and in percent."""
    return mark_safe("\n".join(_compare_row(old, new) for old, new in zip(before, rows, strict=True)))  # noqa: S308


def _compare_row(old: BudgetRow, new: BudgetRow) -> str:
    change = new.pagu - old.pagu if new.pagu is not None and old.pagu is not None else None
    return (
        f'<tr data-depth="{new.depth}">{_name_cell(new)}'
        f'<td class="num">{_amount(old.pagu)}</td><td class="num">{_amount(new.pagu)}</td>'
        f'<td class="num">{signed(change)}</td>'
        f'<td class="num" data-value="{"" if change is None else change}">{change_percent(change, old.pagu)}</td></tr>'
    )


def signed(change: int | None) -> str:
    """A difference of money with its sign: `+1.500.000`."""
    return NOTHING if change is None else f"+{format_number(change)}" if change > 0 else format_number(change)


def change_percent(change: int | None, base: int | None) -> str:
    """A difference in percent of where it started from; a dash where that is nothing."""
    if change is None or not base or base < 0:
        return NOTHING
    share = round_half_up(divide(Decimal(change) * HUNDRED, Decimal(base)), 2)
    return f"+{format_percent(share)}" if share > 0 else format_percent(share)


def _name_cell(row: BudgetRow) -> str:
    kode = f'<span class="code num">{escape(row.node.kode)}</span> ' if row.node.kode else ""
    return f'<th scope="row" class="depth-{min(row.depth, 3)}">{kode}{escape(row.node.nama)}</th>'


def _amount(value: int | None) -> str:
    # What `format_number` prints for a whole number, at a tenth of its cost: a page has thousands of them.
    return NOTHING if value is None else f"{value:,}".replace(",", ".")


def _difference(children: int | None, differs: bool) -> str:
    if not differs or children is None:
        return ""
    return f'<span class="tree-differs">{icon("exclamation-triangle-fill")} rincian {format_number(children)}</span>'


@dataclass(frozen=True)
class Finding:
    """A node whose stated amount is not the sum of its children: both numbers and their difference, whole rupiah."""

    row: BudgetRow
    apa: str
    tertulis: int
    rincian: int

    @property
    def selisih(self) -> int:
        return self.tertulis - self.rincian


def findings(rows: Iterable[BudgetRow]) -> list[Finding]:
    found = []
    for row in rows:
        if row.pagu_differs and row.pagu is not None and row.pagu_anak is not None:
            found.append(Finding(row, "Pagu", row.pagu, row.pagu_anak))
        if row.realisasi_differs and row.realisasi is not None and row.realisasi_anak is not None:
            found.append(Finding(row, "Realisasi", row.realisasi, row.realisasi_anak))
    return found


@dataclass(frozen=True)
class BelanjaRow:
    """The spending of a program by kind of belanja, whole rupiah, in the order of `BELANJA`."""

    nama: str
    parts: tuple[int | None, ...]
    total: int


BELANJA = tuple(RealisasiAnggaran.Belanja)
_LINE = 26  # letters of a program's name on one line beside its bar


def belanja_table(rows: Iterable[BudgetRow]) -> tuple[list[BelanjaRow], BelanjaRow | None]:
    """The programmes whose spending is broken down by kind, and their sum; nothing where no program is."""
    broken_down = [row for row in rows if row.depth == 0 and any(row.belanja.get(kind) for kind in BELANJA)]
    table = [
        BelanjaRow(row.node.nama, tuple(row.belanja.get(kind) for kind in BELANJA), sum(row.belanja.values()))
        for row in broken_down
    ]
    if not table:
        return [], None
    sums = tuple(sum(row.parts[place] or 0 for row in table) for place in range(len(BELANJA)))
    return table, BelanjaRow("Jumlah", sums, sum(row.total for row in table))


@dataclass(frozen=True)
class ChartPart:
    """A chart for `{% chart %}`: option, title, and the same data as a table."""

    option: dict[str, Any]
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    height: int


def serapan_chart(rows: Iterable[BudgetRow]) -> ChartPart | None:
    """Serapan of every program as lying bars."""
    programs = [row for row in rows if row.depth == 0 and row.money.tampil is not None]
    if not programs:
        return None
    names = [short_name(row.node.nama) for row in programs]
    texts = tuple(format_percent(row.money.tampil) for row in programs if row.money.tampil is not None)
    series = Series("Serapan", tuple(row.money.tampil for row in programs), texts)
    option = bar_option(names, [series], horizontal=True, axis="persen", axis_format="@angka")
    pairs = tuple(zip(names, texts, strict=True))
    return ChartPart(_two_lines(option), "Serapan per program (%)", ("Program", "Serapan"), pairs, _height(programs))


def belanja_chart(table: Sequence[BelanjaRow]) -> ChartPart | None:
    """Spending of every program, stacked by kind of belanja."""
    if not table:
        return None
    names = [short_name(row.nama) for row in table]
    series = [
        Series(kind.label, tuple(row.parts[place] for row in table), tuple(_short(row.parts[place]) for row in table))
        for place, kind in enumerate(BELANJA)
    ]
    option = _money_axis(bar_option(names, series, horizontal=True, stacked=True, labels=False, axis_format="@ringkas"))
    rows = tuple((name, *(_short(part) for part in row.parts)) for name, row in zip(names, table, strict=True))
    columns = ("Program", *(kind.label for kind in BELANJA))
    return ChartPart(_two_lines(option), "Realisasi menurut jenis belanja (Rp)", columns, rows, _height(table))


def money_chart(rows: Iterable[BudgetRow]) -> ChartPart | None:
    """Pagu beside realisasi of every program, where spending is not broken down by kind."""
    programs = [row for row in rows if row.depth == 0 and row.pagu is not None]
    if not programs:
        return None
    names = [short_name(row.node.nama) for row in programs]
    pagu, realisasi = ([row.pagu for row in programs], [row.realisasi for row in programs])
    series = [
        Series(name, tuple(values), tuple(_short(value) for value in values))
        for name, values in (("Pagu", pagu), ("Realisasi", realisasi))
        if any(value is not None for value in values)
    ]
    option = _money_axis(bar_option(names, series, horizontal=True, axis_format="@ringkas"))
    table = tuple((name, _short(p), _short(r)) for name, p, r in zip(names, pagu, realisasi, strict=True))
    height = _height(programs) + 16 * len(programs)
    return ChartPart(
        _two_lines(option), "Pagu dan realisasi per program (Rp)", ("Program", "Pagu", "Realisasi"), table, height
    )


def short_name(name: str) -> str:
    """A program's name for an axis: without the word Program, on at most two lines."""
    words = name.removeprefix("PROGRAM ").removeprefix("Program ").split()
    if words and name.isupper():
        words = [word.capitalize() if len(word) > 3 else word.lower() for word in words]
    lines = wrap(" ".join(words), _LINE)
    return "\n".join(lines[:2]) + (" …" if len(lines) > 2 else "")


def _money_axis(option: dict[str, Any]) -> dict[str, Any]:
    """Few marks on the axis: words such as "400 miliar" need room."""
    return {**option, "xAxis": {**option["xAxis"], "splitNumber": 3}}


def _two_lines(option: dict[str, Any]) -> dict[str, Any]:
    """Room between the two lines of a name beside its bar."""
    axis = option["yAxis"]
    return {**option, "yAxis": {**axis, "axisLabel": {**axis["axisLabel"], "lineHeight": 15}}}


def _short(value: int | None) -> str:
    return rupiah_singkat(value, "huruf")


def _height(rows: Sequence[object]) -> int:
    return 90 + 44 * len(rows)
