"""From sample tables to the rows of SPM: sasaran, served persons, printed figures, money, monev.

Pure: reads tables, returns rows; `unit` is a key of the manifest, None the office. A figure of a damaged scan has a
reading only where it is certain; its text is kept as it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from capaian.exchange.samples.tables import Row, Sample, SampleTable
from capaian.rules.spm.standar import Standar, standar_of

_TEXT = 200
_REMARK = 300


def standar(sample: Sample) -> Standar:
    """The technical standard of the year of a sample."""
    return standar_of(sample.tahun)


def sasaran_rows(sample: Sample) -> list[dict[str, Any]]:
    """What each table says of the size of a target group; services of one group state it once."""
    found: dict[tuple[str | None, str, str], dict[str, Any]] = {}
    for table, row in _rows(sample, "spm_layanan", "spm_program"):
        is_service = table.kind == "spm_layanan"
        jumlah = row.cacah("sasaran" if is_service else "target")
        if jumlah is None:
            continue
        kelompok = standar(sample).find(row["layanan"]).kelompok if is_service else row["layanan"]
        unit, sumber = _unit(table), _source(sample, table, row["sumber"])
        metode = row["metode"] or "tidak_disebut"
        stated = {"unit": unit, "kelompok": kelompok, "jumlah": jumlah, "metode": metode, "sumber": sumber}
        found.setdefault((unit, kelompok, sumber), stated)
    return list(found.values())


def pelayanan_rows(sample: Sample) -> list[dict[str, Any]]:
    """Persons served in the year as a whole."""
    return [
        {"unit": _unit(table), "layanan": row["layanan"], "terlayani": row.cacah("terlayani")}
        for table, row in _rows(sample, "spm_layanan")
        if row.has("terlayani")
    ]


def alokasi_rows(sample: Sample) -> list[dict[str, Any]]:
    """Money by service and source; None where the amount cannot be read. Printed totals are left out."""
    return [
        {
            "unit": _unit(table),
            "layanan": row["layanan"],
            "sumber_dana": row["sumber_dana"],
            "alokasi": row.rupiah("alokasi"),
        }
        for table, row in _rows(sample, "spm_alokasi")
        if row["layanan"]
    ]


def monev_rows(sample: Sample) -> list[dict[str, Any]]:
    """Problems and solutions of the year."""
    return [
        {
            "unit": _unit(table),
            "layanan": row["layanan"],
            "permasalahan": row["permasalahan"],
            "solusi": row["solusi"],
        }
        for table, row in _rows(sample, "spm_monev", "spm_layanan")
        if row["permasalahan"] or row["solusi"]
    ]


def tercetak_rows(sample: Sample) -> list[dict[str, Any]]:
    """The printed figures that say what a service has or reached, with what can be read of them."""
    return [
        {"unit": _unit(table), "layanan": row["layanan"], **figure}
        for table, row in _rows(sample, "spm_layanan", "spm_program", "spm_tercetak", "spm_alokasi", "spm_monev")
        for figure in _figures(sample, table, row)
    ]


def _figures(sample: Sample, table: SampleTable, row: Row) -> Iterator[dict[str, Any]]:
    source = _source(sample, table)
    match table.kind:
        case "spm_layanan":
            other = f"{sample.document}, {table.options['tabel_persen']}"
            for column, where in (("persen_tercetak", source), ("persen_tabel_tercetak", other)):
                yield _figure(row, "persen_penerima", where, row[column], row.angka(column))
        case "spm_program":
            yield _figure(row, "sasaran", source, row["target_tercetak"], row.cacah("target"))
        case "spm_alokasi":
            yield _figure(row, "alokasi", source, row["alokasi_tercetak"], row.rupiah("alokasi"))
        case "spm_monev":
            yield _figure(row, "persen_penerima", source, row["realisasi_tercetak"], row.angka("realisasi"))
        case _ if row["besaran"]:
            # Several figures of one place have no column: the line tells them apart.
            line = f", baris {row['baris']}" if row["besaran"] == "tidak_jelas" else ""
            yield _figure(row, row["besaran"], f"{source}{line}", row["tercetak"], row.angka("nilai"))


def _figure(row: Row, besaran: str, source: str, text: str, value: Decimal | int | None) -> dict[str, Any]:
    return {
        "butir": row["butir"],
        "besaran": besaran,
        "sumber": source,
        "teks": text[:_TEXT],
        "nilai": None if value is None else Decimal(value),
        "terbaca": row["terbaca"] or "terbaca",
        "keterangan": row["keterangan"][:_REMARK],
    }


def _rows(sample: Sample, *kinds: str) -> Iterator[tuple[SampleTable, Row]]:
    return ((table, row) for table in sample.of_kind(*kinds) for row in table.rows)


def _unit(table: SampleTable) -> str | None:
    return table.options.get("unit")


def _source(sample: Sample, table: SampleTable, detail: str = "") -> str:
    source = f"{sample.document}, {table.table}"
    return (f"{source} ({detail})" if detail else source)[:_TEXT]
