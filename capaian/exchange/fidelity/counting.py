"""Counts of rows with a condition in words: `kab_kota di grafik_3_6 dengan nilai lebih dari nilai Balangan`.

<what> di <table> [di bawah <key>] [selain <key>] [dengan <column> <comparison> <value | column area>]
units dengan jenis <jenis> [dan akreditasi <tingkat>]
<what> yang disebut: <name>, <name>, …
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from capaian.exchange.fidelity.cells import read_printed
from capaian.exchange.fidelity.comparators import rate
from capaian.exchange.fidelity.context import Context
from capaian.exchange.fidelity.results import persen_capaian
from capaian.exchange.fidelity.rollup import kegiatan_below
from capaian.exchange.samples.tables import Row, SampleTable
from capaian.rules.numbers import round_half_up

_PHRASE = re.compile(
    r"^(?P<what>.+?) di (?P<table>[a-z][a-z0-9_]*[0-9a-z])"
    r"(?: di bawah (?P<below>\S+))?(?: selain (?P<without>.+?))?(?: dengan (?P<condition>.+))?$"
)
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "tidak kurang dari": operator.ge,
    "tidak lebih dari": operator.le,
    "kurang dari": operator.lt,
    "lebih dari": operator.gt,
    "sama dengan": operator.eq,
}
_CONDITION = re.compile(rf"^(?P<column>\w+) (?P<comparison>{'|'.join(_COMPARISONS)}) (?P<value>.+)$")
_CODE = re.compile(r"^(?P<jenis>\w+) .*\((?P<code>[0-9.]+)\)$")


def count(context: Context, phrase: str) -> int | None:
    """How many there are, or None when the phrase is outside the small language above."""
    listed = re.match(r"^[^:]+ yang disebut: (.+)$", phrase)
    if listed:
        return len(listed[1].split(","))
    if phrase.startswith("units dengan "):
        return _units(context, phrase)
    match = _PHRASE.match(phrase)
    tables = list(context.tables_named(match["table"])) if match else []
    for table in tables if match else []:
        found = _count_in(context, table, match.groupdict() if match else {})
        if found is not None:
            return found
    return None


def count_rounded(context: Context, phrase: str) -> int | None:
    """The count when `realisasi kurang dari target` is read off the printed percentage instead of the amounts."""
    match = re.match(r"^(.+ dengan )realisasi (.+) target$", phrase)
    return count(context, f"{match[1]}persen_tercetak {match[2]} 100") if match else None


def _units(context: Context, phrase: str) -> int | None:
    wanted = dict(re.findall(r"(jenis|akreditasi) (\w+)", phrase))
    units = context.sample.manifest["units"]
    found = [unit for unit in units if all(unit.get(name) == value for name, value in wanted.items())]
    # Units of a sample that only a table names are not in the manifest: then nothing can be counted.
    return len(found) if found else None


def _count_in(context: Context, table: SampleTable, phrase: dict[str, str | None]) -> int | None:
    what = phrase["what"] or ""
    if what == "tahun target":
        return sum(1 for column in table.rows[0].cells if column.startswith("target_") and table.rows[0].has(column))
    rows = kegiatan_below(table, phrase["below"]) if phrase["below"] and what == "kegiatan" else table.rows
    if phrase["below"] and what != "kegiatan":
        rows = _below(table, phrase["below"])
    rows = [row for row in rows if _is(row, what) and phrase["without"] not in (row["kunci_node"], row["wilayah"])]
    if phrase["condition"]:
        test = _condition(context, table, phrase["condition"])
        return None if test is None else sum(1 for row in rows if test(row))
    column = {"sasaran": "kunci_sasaran", "tahun": "kategori", "program": "kunci_node"}.get(what)
    return len({row[column] for row in rows} - {""}) if column else len(rows)


def _below(table: SampleTable, kunci: str) -> list[Row]:
    """All rows between this indicator and the next."""
    starts = [place for place, row in enumerate(table.rows) if row["jenis"] == "indikator"]
    for place, following in zip(starts, [*starts[1:], len(table.rows)], strict=True):
        if table.rows[place]["kunci"] == kunci:
            return table.rows[place + 1 : following]
    return []


def _is(row: Row, what: str) -> bool:
    """Whether a row is what is counted: its `jenis`, a group, a code, or any row."""
    if what in ("baris", "tahun", "sasaran"):
        return True
    if what in ("indikator", "baris indikator"):
        return bool(row["kunci"])
    if match := _CODE.match(what):
        return row["jenis"] == match["jenis"] and row["kunci_node"] == match["code"]
    kind, _, group = what.partition(" kelompok ")
    return row["jenis"] == kind and row["kelompok"].casefold().startswith(group.casefold())


def _condition(context: Context, table: SampleTable, text: str) -> Callable[[Row], bool] | None:
    match = _CONDITION.match(text)
    if not match:
        return None
    column, compares, wanted = match["column"], _COMPARISONS[match["comparison"]], match["value"]
    if column in table.rows[0].cells and read_printed(wanted, "bebas", context.sample.convention) is None:
        area = wanted.removeprefix(f"{column} ")
        if wanted not in table.rows[0].cells and not any(row["wilayah"] == area for row in table.rows):
            return lambda row: compares(row[column].casefold(), wanted.casefold())

    def test(row: Row) -> bool:
        left, right = _number(context, table, row, column), _right(context, table, row, column, wanted)
        return left is not None and right is not None and compares(left, right)

    return test


def _right(context: Context, table: SampleTable, row: Row, column: str, wanted: str) -> Decimal | None:
    """What is compared with: a number, another column of the row, or the same column of a named area."""
    printed = read_printed(wanted, "bebas", context.sample.convention)
    if printed:
        return printed.value
    if wanted in row.cells:
        return _number(context, table, row, wanted)
    area = next((other for other in table.rows if other["wilayah"] == wanted.removeprefix(f"{column} ")), None)
    return _number(context, table, area, column) if area else None


def _number(context: Context, table: SampleTable, row: Row, column: str) -> Decimal | None:
    """The number of a row: ours, rounded as the office rounds, where the column is derived; else as printed."""
    if column == "AKB":
        return rate(context, table, row)[0]
    if column in row.cells:
        cell = context.cell(table, row, column)
        printed = cell.read("bebas") or cell.read("target")
        return printed.value if printed else None
    derived = f"{column}_tercetak"
    value = persen_capaian(context, row) if column == "capaian" else None
    if value is None and derived in row.cells:
        value = context.value_of(context.cell(table, row, derived))
    return None if value is None else round_half_up(value, int(context.policy["desimal"]))
