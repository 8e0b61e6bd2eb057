"""From sample tables to the rows of the plan: sasaran, nodes, indicators, targets. Pure: reads tables, returns rows.

Where several tables print the same thing, the order of the kinds below says whose wording is kept; of two rows in one
order the first printed wins. What the other tables print is compared by the fidelity check, never merged.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from capaian.exchange.samples.kinds import NODE_JENIS, NOMENKLATUR, RENSTRA_TAHUN, RIWAYAT_TAHUN
from capaian.exchange.samples.tables import Row, Sample, SampleTable, parent_key
from capaian.rules.numbers import format_number
from capaian.rules.target import NumberTarget, parse_target

UNNAMED_TUJUAN = "(tujuan tidak dicantumkan dalam dokumen sumber)"
_SASARAN_KINDS = ("pk", "tujuan_sasaran", "capaian_iku", "rencana_aksi", "strategi")
_NODE_KINDS = (
    "rencana_kerja",
    "rencana_aksi",
    "pemetaan",
    "kinerja_anggaran",
    "indikator_program",
    "pagu_versi",
    "pk_anggaran",
    "realisasi_belanja",
)
_IKU_KINDS = ("capaian_iku", "pk", "definisi_iku", "rencana_aksi", "tujuan_sasaran")
_NODE_INDIKATOR_KINDS = ("kinerja_anggaran", "rencana_kerja", "indikator_program", "rencana_aksi")


def tujuan_rows(sample: Sample) -> list[dict[str, Any]]:
    """The tujuan in printed order; one unnamed tujuan where the document states none."""
    texts = [row["tujuan"] for table in sample.of_kind("tujuan_sasaran", "strategi") for row in table.rows]
    distinct = list(dict.fromkeys(text for text in texts if text)) or [UNNAMED_TUJUAN]
    return [{"urutan": number, "uraian": text} for number, text in enumerate(distinct, start=1)]


def tujuan_indicators(sample: Sample) -> list[dict[str, str]]:
    """The indicators that the document prints beside a tujuan; each has the key of the indicator of a sasaran."""
    return [
        {"tujuan": row["tujuan"], "kunci": row["kunci"], "nama": row["indikator"]}
        for table in sample.of_kind("tujuan_sasaran")
        for row in table.rows
        if row["jenis"] == "tujuan" and row["kunci"]
    ]


def sasaran_rows(sample: Sample) -> list[dict[str, Any]]:
    """The sasaran by key, each with the `urutan` of its tujuan."""
    goals = {row["uraian"]: row["urutan"] for row in tujuan_rows(sample)}
    goal_of: dict[str, int] = {}
    for table in sample.of_kind("tujuan_sasaran", "strategi"):
        current = 1
        for row in table.rows:
            current = goals.get(row["tujuan"], current)
            if row["kunci_sasaran"]:
                goal_of.setdefault(row["kunci_sasaran"], current)
    texts: dict[str, str] = {}
    for table in _ordered(sample, _SASARAN_KINDS):
        for row in table.rows:
            text = row["nama"] if table.kind == "rencana_aksi" else row["sasaran"]
            if row["kunci_sasaran"] and text:
                texts.setdefault(row["kunci_sasaran"], text)
    return [
        {"kunci": key, "urutan": number, "uraian": texts[key], "tujuan": goal_of.get(key, 1)}
        for number, key in enumerate(sorted(texts, key=lambda key: int(key[1:])), start=1)
    ]


def strategi_rows(sample: Sample) -> list[dict[str, Any]]:
    """The strategies with their policy directions; `sasaran` is a key."""
    return [
        {
            "sasaran": row["kunci_sasaran"],
            "urutan": int(row["baris"]),
            "strategi": row["strategi"],
            "arah_kebijakan": row["arah_kebijakan"],
        }
        for table in sample.of_kind("strategi")
        for row in table.rows
        if row["strategi"] or row["arah_kebijakan"]
    ]


def node_rows(sample: Sample) -> list[dict[str, Any]]:
    """The programme tree; `induk` is a key. Only nodes whose parents are printed too, in printed order."""
    found: dict[str, dict[str, Any]] = {}
    for table in _ordered(sample, _NODE_KINDS):
        for row in table.rows:
            key = row["kunci_node"]
            if key and row["jenis"] in NODE_JENIS:
                name = row["nama"] or row["program"]
                found.setdefault(key, {"jenis": row["jenis"], "nama": name})
    ordered = sorted(found, key=lambda key: (found[key]["jenis"] == "lain", key))
    return [
        {
            "kunci": key,
            "kode": _code(key) if found[key]["jenis"] != "lain" else "",
            "nomenklatur": NOMENKLATUR if found[key]["jenis"] != "lain" else "",
            "urutan": number,
            "induk": parent_key(key) if parent_key(key) in found else None,
            **found[key],
        }
        for number, key in enumerate(ordered, start=1)
    ]


def indikator_rows(sample: Sample) -> list[dict[str, Any]]:
    """The indicators of sasaran and nodes by key; `sasaran`, `tujuan` (its `urutan`) and `node` are keys or None."""
    measured = {
        row["kunci"]
        for table in sample.of_kind("capaian_iku", "rencana_aksi")
        for row in table.rows
        if row["kunci"].startswith("iku.")
    }
    found: dict[str, dict[str, Any]] = {}
    for table in _ordered(sample, _IKU_KINDS):
        for row in table.rows:
            if row["kunci"].startswith("iku."):
                _merge(found, row, {"sasaran": row["kunci_sasaran"], "is_iku": row["kunci"] in measured})
    for table in _ordered(sample, _NODE_INDIKATOR_KINDS):
        for row in table.rows:
            if row["kunci"] and row["kunci_node"] and not row["kunci"].startswith("iku."):
                _merge(found, row, {"node": row["kunci_node"], "is_iku": False})
    blank = {"sasaran": None, "node": None, "satuan": "", "alasan": "", "formulasi": "", "sumber_data": ""}
    return [
        {**blank, "kunci": key, "sifat": "posisi_akhir", **values, "urutan": number}
        for number, (key, values) in enumerate(found.items(), start=1)
    ]


def target_rows(sample: Sample) -> list[dict[str, Any]]:
    """Every target in its document; `indikator` and `dokumen` are keys. The first table that prints one is kept."""
    found: dict[tuple[str, str, int], dict[str, Any]] = {}
    for indikator, dokumen, tahun, teks, satuan in _targets(sample):
        if teks:
            found.setdefault(
                (indikator, dokumen, tahun),
                {"indikator": indikator, "dokumen": dokumen, "tahun": tahun, "teks": teks, "satuan": satuan},
            )
    return list(found.values())


def target_triwulan_rows(sample: Sample) -> list[dict[str, Any]]:
    """The quarterly targets; `indikator` and `dokumen` are keys."""
    return [
        {
            "indikator": row["kunci"],
            "dokumen": table.options["dokumen"],
            "triwulan": quarter,
            "teks": expression(row, f"tw{quarter}"),
        }
        for table in sample.of_kind("rencana_aksi")
        for row in table.rows
        for quarter in range(1, 5)
    ]


def expression(row: Row, column: str) -> str:
    """A target or realisasi as the system keeps it: as printed, plain numbers in Indonesian notation."""
    parsed = parse_target(row[column], row.convention)
    if row.convention == "en" and isinstance(parsed, NumberTarget) and row[column].strip("0123456789.,") == "":
        return format_number(parsed.value)
    return row[column]


def _targets(sample: Sample) -> Iterator[tuple[str, str, int, str, str]]:
    akhir = sample.manifest["renstra"].get("akhir")
    for table in sample.tables:
        dokumen = table.options.get("dokumen", "")
        for row in table.rows:
            key = row["kunci"]
            if not key:
                continue
            if table.kind in (
                "pk",
                "rencana_kerja",
                "kinerja_anggaran",
                "capaian_iku",
                "indikator_program",
                "rencana_aksi",
            ):
                yield key, dokumen, sample.tahun, expression(row, "target"), row["satuan"]
            if table.kind == "capaian_iku" and row.has("target_renstra"):
                yield key, "renstra", akhir, expression(row, "target_renstra"), row["satuan"]
            if table.kind in ("tujuan_sasaran", "definisi_iku"):
                for tahun in RENSTRA_TAHUN:
                    yield key, "renstra", tahun, expression(row, f"target_{tahun}"), row["satuan"]
            if table.kind == "riwayat_iku":
                for tahun in RIWAYAT_TAHUN:
                    yield key, dokumen, tahun, expression(row, f"target_{tahun}"), ""


def _merge(found: dict[str, dict[str, Any]], row: Row, values: dict[str, Any]) -> None:
    """Keep what is known of an indicator and fill what is still empty from this row."""
    known = found.setdefault(row["kunci"], {"nama": row["indikator"], **values})
    for column in ("satuan", "arah", "sifat", "alasan", "formulasi", "sumber_data", "sasaran"):
        if not known.get(column) and (value := values.get(column) or row[column]) and column != "sasaran":
            known[column] = value


def _ordered(sample: Sample, kinds: tuple[str, ...]) -> Iterator[SampleTable]:
    for kind in kinds:
        yield from sample.of_kind(kind)


def _code(key: str) -> str:
    return key.partition("#")[0]
