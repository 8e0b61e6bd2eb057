"""From a printed table of means to a survey whose answers are not at hand: pure, rows for `skm.sync`.

`responden` of the table is how many answered, as the document says; without it nobody knows.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from capaian.exchange.samples.tables import Sample
from capaian.rules.numbers import NumberFormatError
from capaian.rules.packs import Pack, load_pack
from capaian.rules.skm import read_nrr

_SOURCE = 200


def skm_pack() -> Pack:
    """The regulation that names the nine unsur."""
    return load_pack("skm/permenpanrb_14_2017")


@cache
def unsur_kode() -> frozenset[str]:
    """The kode of the nine unsur."""
    return frozenset(row["kode"] for row in skm_pack().rows("unsur"))


def read_mean(text: str) -> Decimal:
    """The mean that a cell prints. Raises `NumberFormatError` for anything that is no mean of answers."""
    try:
        return read_nrr(text, skm_pack())
    except ValueError as error:
        raise NumberFormatError(str(error)) from error


def survei_rows(sample: Sample) -> list[dict[str, Any]]:
    """A survey for each table, over the whole year where nothing is said, with its means by unsur under `nrr`."""
    return [
        {
            "unit": table.options.get("unit"),
            "nama": str(table.options.get("survei") or table.title),
            "mulai": date(sample.tahun, 1, 1),
            "sampai": date(sample.tahun, 12, 31),
            "unsur": [row["unsur"] for row in table.rows],
            "responden_tercetak": table.options.get("responden"),
            "sumber": "; ".join(
                filter(None, (f"{sample.document}, {table.table}", table.options.get("keterangan", "")))
            )[:_SOURCE],
            "nrr": [{"unsur": row["unsur"], "teks": row["nrr"], "nilai": read_mean(row["nrr"])} for row in table.rows],
        }
        for table in sample.of_kind("skm_nrr")
    ]
