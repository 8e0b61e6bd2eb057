"""From sample tables to the rows of the budget: pagu, realisasi, sources, revenue. Pure: reads tables, returns rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from capaian.exchange.samples.kinds import NODE_JENIS
from capaian.exchange.samples.tables import Row, Sample

BELANJA = ("pegawai", "barang_jasa", "modal")
_VERSI = ("renja_murni", "kua_ppas", "apbd_perubahan")


def pagu_rows(sample: Sample) -> list[dict[str, Any]]:
    """Every pagu by node key and version.

    The first table of the manifest that prints one is kept; a later one only adds what the first leaves open: the
    counts of kegiatan and sub kegiatan, and the remark.
    """
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in _pagu(sample):
        known = found.setdefault((row["node"], row["versi"]), row)
        known.update({name: value for name, value in row.items() if known[name] in (None, "")})
    return list(found.values())


def realisasi_rows(sample: Sample) -> list[dict[str, Any]]:
    """The year's spending by node key, by kind of belanja where a table breaks it down."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table in sample.of_kind("realisasi_belanja"):
        for row in _node_rows(table.rows):
            found.setdefault(
                row["kunci_node"],
                [_realisasi(row["kunci_node"], kind, row.rupiah(kind)) for kind in BELANJA if row.rupiah(kind)],
            )
    for table in sample.of_kind("kinerja_anggaran", "pemetaan"):
        for row in _node_rows(table.rows):
            if row["realisasi_anggaran"]:
                found.setdefault(
                    row["kunci_node"], [_realisasi(row["kunci_node"], "", row.rupiah("realisasi_anggaran"))]
                )
    return [values for rows in found.values() for values in rows]


def perjanjian_kinerja_rows(sample: Sample) -> list[dict[str, Any]]:
    """The budget annex of the perjanjian kinerja by node key."""
    return [
        {
            "dokumen": table.options["dokumen"],
            "node": row["kunci_node"],
            "anggaran": row.rupiah("anggaran"),
            "keterangan": row["keterangan"],
        }
        for table in sample.of_kind("pk_anggaran")
        for row in _node_rows(table.rows)
    ]


def pemetaan_rows(sample: Sample) -> list[dict[str, Any]]:
    """Which kegiatan supports which indicator of sasaran: the kegiatan printed below it."""
    rows = []
    for table in sample.of_kind("pemetaan"):
        indikator = ""
        for row in table.rows:
            if row["jenis"] == "indikator":
                indikator = row["kunci"]
            elif row["jenis"] == "kegiatan":
                rows.append({"node": row["kunci_node"], "indikator": indikator})
    return rows


def sumber_dana_rows(sample: Sample) -> list[dict[str, Any]]:
    """The sources of funds and what they were used for."""
    return [
        {
            "nama": row["sumber"],
            "urutan": int(row["baris"]),
            "murni": "" if row["murni"] == "-" else row["murni"],
            "perubahan": "" if row["perubahan"] == "-" else row["perubahan"],
        }
        for table in sample.of_kind("pemanfaatan_sumber")
        for row in table.rows
    ]


def pendapatan_rows(sample: Sample) -> list[dict[str, Any]]:
    """Revenue by source and by unit; printed totals are left out, they are computed."""
    rows = []
    for table in sample.of_kind("pendapatan_sumber", "pendapatan_unit"):
        jenis = table.kind.removeprefix("pendapatan_")
        for row in table.rows:
            if row["jenis"] not in ("jumlah", "total", "kelompok"):
                rows.append(
                    {
                        "jenis": jenis,
                        "kelompok": row["kelompok"],
                        "nama": row["nama"],
                        "urutan": int(row["baris"]),
                        "target": row.rupiah("target"),
                        "realisasi": row.rupiah("realisasi"),
                    }
                )
    return rows


def _pagu(sample: Sample) -> Iterator[dict[str, Any]]:
    for table in sample.of_kind("kinerja_anggaran", "pemetaan", "rencana_aksi"):
        column = "anggaran" if table.kind == "rencana_aksi" else "pagu"
        for row in _node_rows(table.rows):
            if row[column]:
                yield _pagu_row(row["kunci_node"], table.options.get("versi_pagu", "apbd"), row.rupiah(column))
    for table in sample.of_kind("pagu_versi"):
        for row in _node_rows(table.rows):
            for versi in _VERSI:
                counts = {
                    "jumlah_kegiatan": row.cacah(f"{versi}_kegiatan"),
                    "jumlah_sub_kegiatan": row.cacah(f"{versi}_sub"),
                }
                note = row["keterangan"] if versi == _VERSI[-1] else ""
                yield _pagu_row(row["kunci_node"], versi, row.rupiah(f"{versi}_pagu"), note, counts)


def _pagu_row(
    node: str, versi: str, jumlah: int | None, keterangan: str = "", counts: dict[str, int | None] | None = None
) -> dict[str, Any]:
    none = {"jumlah_kegiatan": None, "jumlah_sub_kegiatan": None}
    return {"node": node, "versi": versi, "jumlah": jumlah, "keterangan": keterangan, **(counts or none)}


def _realisasi(node: str, belanja: str, jumlah: int | None) -> dict[str, Any]:
    return {"node": node, "periode": 0, "belanja": belanja, "sumber_dana": None, "jumlah": jumlah}


def _node_rows(rows: list[Row]) -> Iterator[Row]:
    return (row for row in rows if row["kunci_node"] and row["jenis"] in NODE_JENIS)
