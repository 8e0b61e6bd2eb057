"""Sums down a column: sub kegiatan to kegiatan to program, parts to totals, what is mapped to an indicator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from capaian.exchange.fidelity.cells import Tipe, amount
from capaian.exchange.fidelity.context import Context
from capaian.exchange.fidelity.figures import Figure, compare
from capaian.exchange.samples.findings import first_rows
from capaian.exchange.samples.kinds import PROFESI
from capaian.exchange.samples.tables import Row, SampleTable, parent_key

_VERSI = ("renja_murni", "kua_ppas", "apbd_perubahan")
_PAGU_VERSI = tuple(f"{versi}_{part}" for versi in _VERSI for part in ("kegiatan", "sub", "pagu"))
# Which columns add up along the programme tree.
TREES: dict[str, tuple[str, ...]] = {
    "rencana_kerja": ("anggaran",),
    "kinerja_anggaran": ("pagu", "realisasi_anggaran", "sisa_tercetak"),
    "rencana_aksi": ("anggaran",),
    "pemetaan": ("pagu", "realisasi_anggaran"),
}
# Which rows add up to a printed total, and in which columns.
TOTALS: dict[str, tuple[tuple[str, ...], str, tuple[str, ...]]] = {
    "rencana_kerja": (("program", "lain"), "jumlah", ("anggaran",)),
    "kinerja_anggaran": (("program", "lain"), "jumlah", ("pagu", "realisasi_anggaran", "sisa_tercetak")),
    "pemetaan": (("program",), "jumlah", ("pagu", "realisasi_anggaran")),
    "pk_anggaran": (("program",), "jumlah", ("anggaran",)),
    "pagu_versi": (("program",), "jumlah", (*_PAGU_VERSI, "selisih_tercetak")),
    "realisasi_belanja": (
        ("program",),
        "jumlah",
        ("anggaran", "pegawai", "barang_jasa", "modal", "total_tercetak", "sisa_tercetak"),
    ),
    "pendapatan_sumber": (("sumber",), "jumlah", ("target", "realisasi", "sisa_tercetak")),
    "pendapatan_unit": (("jumlah",), "total", ("target", "realisasi")),
    "anggaran_sasaran": (("sasaran",), "jumlah", ("pagu_tercetak", "realisasi_tercetak")),
    "tenaga_jabatan": (("jumlah",), "total", ("jumlah",)),
    "tenaga_profesi": (("kelompok",), "total", (*PROFESI, "jumlah_tercetak")),
    "odf": (("kecamatan",), "jumlah", ("jumlah_kk", "kk_babs")),
}
# Which rows add up to the heading or closing row of their own group: (parts, sum, column with the group, columns).
GROUPS: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    "pendapatan_unit": ("unit", "jumlah", "kelompok", ("target", "realisasi")),
    "tenaga_jabatan": ("jabatan", "jumlah", "kolom", ("jumlah",)),
    "tenaga_profesi": ("unit", "kelompok", "kelompok", (*PROFESI, "jumlah_tercetak")),
    "odf": ("kelurahan", "kecamatan", "kecamatan", ("jumlah_kk", "kk_babs")),
}
_MONEY_KINDS = set(TREES) | {
    "pk_anggaran", "pagu_versi", "realisasi_belanja", "pendapatan_sumber", "pendapatan_unit", "anggaran_sasaran",
}  # fmt: skip


def tree_sums(context: Context, table: SampleTable) -> Iterator[Figure]:
    """Every printed node as the sum of its children in the same table."""
    for column in TREES[table.kind]:
        nodes = first_rows(table, column)
        for key, row in nodes.items():
            children = {child: nodes[child] for child in nodes if parent_key(child) == key}
            if children:
                kind = next(iter(children.values()))["jenis"].replace("_", " ")
                yield from _sum(context, table, row, column, children.values(), f"Σ {kind}")


def totals(context: Context, table: SampleTable) -> Iterator[Figure]:
    """Every printed total as the sum of the parts printed above it."""
    parts, total, columns = TOTALS[table.kind]
    for place, row in enumerate(table.rows):
        if row["jenis"] == total:
            above = [part for part in table.rows[:place] if part["jenis"] in parts]
            for column in columns:
                yield from _sum(context, table, row, column, _with_value(above, column), f"Σ {' + '.join(parts)}")


def group_sums(context: Context, table: SampleTable) -> Iterator[Figure]:
    """Every printed row of a group as the sum of the rows in that group."""
    part, total, group, columns = GROUPS[table.kind]
    for row in table.rows:
        if row["jenis"] == total:
            members = [other for other in table.rows if other["jenis"] == part and other[group] == row[group]]
            for column in columns:
                yield from _sum(context, table, row, column, members, f"Σ {part} {row[group]}")


def indicator_sums(context: Context, table: SampleTable) -> Iterator[Figure]:
    """The money of an indicator as the sum of the kegiatan printed below it (`pemetaan`)."""
    for row in table.rows:
        if row["jenis"] == "indikator":
            below = kegiatan_below(table, row["kunci"])
            for column in TREES["pemetaan"]:
                yield from _sum(context, table, row, column, below, "Σ kegiatan di bawah indikator")


def plan_total(context: Context, table: SampleTable) -> Iterator[Figure]:
    """The money of the sasaran in a rencana aksi as the sum of the programmes under it."""
    programs = [row for row in table.rows if row["jenis"] == "program" and row["anggaran"]]
    for row in table.rows:
        if row["jenis"] == "sasaran" and row["anggaran"]:
            yield from _sum(context, table, row, "anggaran", programs, "Σ program")


def sasaran_sums(context: Context, table: SampleTable) -> Iterator[Figure]:
    """The money of a sasaran as the sum of what the mapping gives its indicators."""
    owner = {
        row["kunci"]: row["kunci_sasaran"]
        for source in context.sample.of_kind("capaian_iku", "pk")
        for row in source.rows
    }
    for mapping in context.sample.of_kind("pemetaan"):
        for row in table.rows:
            parts = [
                part
                for part in mapping.rows
                if part["jenis"] == "indikator" and row["kunci_sasaran"] == owner.get(part["kunci"])
            ]
            for column, source_column in (("pagu_tercetak", "pagu"), ("realisasi_tercetak", "realisasi_anggaran")):
                if row["jenis"] == "sasaran":
                    formula = f"Σ indikator sasaran pada {mapping.table}"
                    yield from _sum(context, table, row, column, parts, formula, source_column)


def node_counts(context: Context, table: SampleTable) -> Iterator[Figure]:
    """How many kegiatan a programme has, counted in the mapping."""
    for mapping in context.sample.of_kind("pemetaan"):
        found = [row["kunci_node"] for row in mapping.rows if row["jenis"] == "kegiatan"]
        for row in table.rows:
            if row["jenis"] == "program":
                counted = [key for key in found if parent_key(key) == row["kunci_node"]]
                cell = context.cell(table, row, "apbd_perubahan_kegiatan")
                formula = f"banyaknya kegiatan pada {mapping.table}"
                yield from compare(cell, len(counted), formula, {"kegiatan": ", ".join(counted)}, tipe="cacah")


def kegiatan_below(table: SampleTable, kunci: str) -> list[Row]:
    """The kegiatan rows that a mapping prints between this indicator and the next."""
    found: list[Row] = []
    inside = False
    for row in table.rows:
        if row["jenis"] == "indikator":
            inside = row["kunci"] == kunci
        elif inside and row["jenis"] == "kegiatan":
            found.append(row)
    return found


def _with_value(rows: Sequence[Row], column: str) -> list[Row]:
    """Rows that carry a value; a programme with thirteen indicators has thirteen rows and one amount.

    When none carries one they are all kept, so that the total is reported as not computable.
    """
    return [row for row in rows if row[column]] or list(rows)


def _sum(
    context: Context,
    table: SampleTable,
    row: Row,
    column: str,
    parts: Iterable[Row],
    formula: str,
    source_column: str = "",
) -> Iterator[Figure]:
    source = source_column or column
    rows = list(parts)
    missing = [_name(part) for part in rows if part[source] == ""]
    amounts = [amount(part, source) for part in rows]
    value = None if None in amounts or not rows else sum((part or Decimal(0) for part in amounts), Decimal(0))
    note = f"{source.removesuffix('_tercetak')} tidak tercetak: {', '.join(missing)}" if missing else ""
    tipe: Tipe = "uang" if table.kind in _MONEY_KINDS else "cacah"
    inputs = {_name(part): part[source] for part in rows}
    candidates = [("sama dengan salah satu bagiannya", part) for part in amounts]
    candidates.append(
        ("jumlah bagian yang dihitung ulang, bukan yang tercetak", _recomputed(context, table, rows, source))
    )
    cell = context.cell(table, row, column)
    yield from compare(cell, value, formula, inputs, tipe=tipe, note=note, candidates=candidates)


def _recomputed(context: Context, table: SampleTable, rows: list[Row], column: str) -> Decimal | None:
    """The sum of the parts as we compute them, where we do."""
    figures = [context.computed.get(context.cell(table, row, column).key) for row in rows]
    values = [
        figure.value if figure and figure.value is not None else amount(row, column)
        for figure, row in zip(figures, rows, strict=True)
    ]
    return None if None in values else sum((value or Decimal(0) for value in values), Decimal(0))


def _name(row: Row) -> str:
    names = ("kunci_node", "kunci_sasaran", "kunci", "unit", "nama", "jabatan", "kelurahan", "kecamatan", "kelompok")
    found = next((row[name] for name in names if row[name]), row["jenis"])
    return f"{found} {row['kolom']}".strip()
