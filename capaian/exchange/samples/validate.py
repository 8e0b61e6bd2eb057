"""What a row cannot know of itself: duplicates, unknown codes, missing parents, keys that name nothing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from capaian.exchange.samples.kinds import KINDS, NODE_JENIS, NOMENKLATUR
from capaian.exchange.samples.problem import Problem
from capaian.exchange.samples.tables import Row, SampleTable
from capaian.rules.packs import load_pack

_UNIQUE = {
    "pk": ("kunci",),
    "definisi_iku": ("kunci",),
    "capaian_iku": ("kunci",),
    "riwayat_iku": ("kunci",),
    "rencana_aksi": ("kunci",),
    "indikator_program": ("kunci",),
    "rencana_kerja": ("kunci",),
    "kinerja_anggaran": ("kunci",),
    "efisiensi": ("kunci",),
    "pk_anggaran": ("kunci_node",),
    "pagu_versi": ("kunci_node",),
    "realisasi_belanja": ("kunci_node",),
    "pembanding": ("kunci", "wilayah"),
    "rincian": ("kategori", "seri"),
    "pemanfaatan_sumber": ("sumber",),
}
_DEFINES_INDIKATOR = set(KINDS) - {"analisis_rendah", "penjelasan", "pembanding", "efisiensi", "pemetaan", "kalimat"}


def check_tables(manifest: dict[str, Any], tables: list[SampleTable], narasi: dict[str, Any]) -> Iterator[Problem]:
    """Every problem between rows and between tables."""
    documents = {entry["kunci"] for entry in manifest["dokumen"]}
    nodes = {row["kunci_node"] for table in tables for row in table.rows if row["jenis"] in NODE_JENIS}
    indicators = {row["kunci"] for table in tables if table.kind in _DEFINES_INDIKATOR for row in table.rows}
    for table in tables:
        yield from _duplicates(table)
        yield from _rows(table, nodes, indicators)
        dokumen = table.options.get("dokumen")
        if dokumen and dokumen not in documents:
            message = f'Dokumen "{dokumen}" tidak didaftarkan.'
            yield Problem("sample.yaml", 0, f"files.{table.file}", message, ", ".join(sorted(documents)))
    for entry in narasi.get("analisis") or []:
        if entry.get("kunci") not in indicators:
            message = f'Indikator "{entry.get("kunci")}" tidak dikenal.'
            yield Problem(manifest["narasi"], 0, "analisis", message, "kunci indikator yang ada dalam tabel")
        for item in entry.get("penunjang") or []:
            program = item.get("program") if isinstance(item, dict) else None
            if program and program not in nodes:
                message = f'Program "{program}" pada analisis {entry.get("kunci")} tidak dikenal.'
                yield Problem(manifest["narasi"], 0, "analisis", message, "kode yang ada dalam tabel program")


def _duplicates(table: SampleTable) -> Iterator[Problem]:
    names = _UNIQUE.get(table.kind, ())
    seen: dict[tuple[str, ...], int] = {}
    for row in table.rows:
        key = tuple(row[name] for name in names)
        if not any(key):
            continue
        if key in seen:
            message = f"{' / '.join(key)} sudah ada pada baris {seen[key]}."
            yield Problem(table.file, row.line, names[0], message, "satu baris untuk setiap kunci")
        seen.setdefault(key, row.line)


def _rows(table: SampleTable, nodes: set[str], indicators: set[str]) -> Iterator[Problem]:
    for row in table.rows:
        if row["jenis"] in NODE_JENIS and row["jenis"] != "lain" and row["kunci_node"]:
            yield from _check_code(table, row, nodes)
        if row["kunci_node"] and row["kunci_node"] not in nodes:
            message = f'Program atau kegiatan "{row["kunci_node"]}" tidak dikenal.'
            yield Problem(table.file, row.line, "kunci_node", message, "kode yang ada dalam tabel program")
        if row["kunci"] and row["kunci"] not in indicators:
            message = f'Indikator "{row["kunci"]}" tidak dikenal.'
            yield Problem(table.file, row.line, "kunci", message, "kunci indikator yang ada dalam tabel")
        if row["realisasi"] and "target" in row.cells and table.kind != "pendapatan" and not row["target"]:
            yield Problem(table.file, row.line, "target", "Realisasi ada tetapi target kosong.", "target dan realisasi")


def _check_code(table: SampleTable, row: Row, nodes: set[str]) -> Iterator[Problem]:
    code = row["kunci_node"].partition("#")[0]
    if code not in _known_codes():
        message = f'Kode "{code}" tidak ada dalam nomenklatur {NOMENKLATUR}.'
        expected = "kode program 1.02.xx, kegiatan 1.02.xx.2.xx atau sub kegiatan 1.02.xx.2.xx.xxxx"
        yield Problem(table.file, row.line, "kunci_node", message, expected)
    parts = code.split(".")
    parent = ".".join(parts[:5] if len(parts) == 6 else parts[:3])
    if len(parts) > 3 and parent not in nodes:
        message = f'Induk "{parent}" dari "{code}" tidak ada.'
        yield Problem(table.file, row.line, "kunci_node", message, "baris induk dalam tabel yang sama atau tabel lain")


@cache
def _known_codes() -> frozenset[str]:
    pack = load_pack(f"nomenklatur/{NOMENKLATUR}")
    return frozenset(
        row["kode"] for name in ("program", "kegiatan", "sub_kegiatan") if pack.has(name) for row in pack.rows(name)
    )
