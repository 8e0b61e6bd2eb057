"""What a row cannot know of itself: duplicates, unknown codes, missing parents, keys that name nothing."""

from __future__ import annotations

import re
from collections import defaultdict
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
    "spm_layanan": ("layanan",),
    "spm_program": ("layanan",),
    "spm_target": ("layanan",),
    "spm_monev": ("layanan",),
    "spm_alokasi": ("layanan", "sumber_dana"),
    "akip_komponen": ("komponen",),
    "skm_nrr": ("unsur",),
}
# A sasaran is defined where one of these prints its text; other tables only use its key.
DEFINES_SASARAN = ("tujuan_sasaran", "capaian_iku", "pk", "rencana_aksi")
_SASARAN_KEY = re.compile(r"s[1-9][0-9]*")
_REACHED = re.compile(r"(?:realisasi|capaian)_([0-9]{4})(?:_tercetak)?")
_DEFINES_INDIKATOR = set(KINDS) - {
    "analisis_rendah",
    "penjelasan",
    "pembanding",
    "efisiensi",
    "pemetaan",
    "kalimat",
    "skm_nrr",
    "akip_komponen",
}


def check_tables(manifest: dict[str, Any], tables: list[SampleTable], narasi: dict[str, Any]) -> Iterator[Problem]:
    """Every problem between rows and between tables."""
    documents = {entry["kunci"] for entry in manifest["dokumen"]}
    nodes = {row["kunci_node"] for table in tables for row in table.rows if row["jenis"] in NODE_JENIS}
    indicators = {row["kunci"] for table in tables if table.kind in _DEFINES_INDIKATOR for row in table.rows}
    for table in tables:
        yield from _rows(table, nodes, indicators)
        yield from _later_years(table, manifest["tahun"])
        dokumen = table.options.get("dokumen")
        if dokumen and dokumen not in documents:
            message = f'Dokumen "{dokumen}" tidak didaftarkan.'
            yield Problem("sample.yaml", 0, f"files.{table.file}", message, ", ".join(sorted(documents)))
    yield from _check_sasaran(tables)
    for entry in narasi.get("analisis") or []:
        if entry.get("kunci") not in indicators:
            message = f'Indikator "{entry.get("kunci")}" tidak dikenal.'
            yield Problem(manifest["narasi"], 0, "analisis", message, "kunci indikator yang ada dalam tabel")
        for item in entry.get("penunjang") or []:
            program = item.get("program") if isinstance(item, dict) else None
            if program and program not in nodes:
                message = f'Program "{program}" pada analisis {entry.get("kunci")} tidak dikenal.'
                yield Problem(manifest["narasi"], 0, "analisis", message, "kode yang ada dalam tabel program")


def duplicates(table: SampleTable) -> Iterator[Problem]:
    """Rows of a table that say again what an earlier row says, each with the line of that row."""
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


def _later_years(table: SampleTable, tahun: int) -> Iterator[Problem]:
    """What was reached in a year after the one that is reported: only a target may lie ahead."""
    for row in table.rows:
        for column in row.cells:
            year = _REACHED.fullmatch(column)
            if year and int(year[1]) > tahun and row.has(column):
                message = f"Isi tahun {year[1]}, sesudah tahun {tahun} dalam sample.yaml."
                yield Problem(table.file, row.line, column, message, "sel kosong untuk tahun yang belum dilaporkan")


def _check_sasaran(tables: list[SampleTable]) -> Iterator[Problem]:
    """A key of sasaran names one sasaran, has its text in a table that defines them, and is no slip of the pen.

    A slip is a key that one table alone uses while other tables say which sasaran there are; the Renstra
    (`tujuan_sasaran`) may name sasaran that no other table takes up.
    """
    defining = [table for table in tables if table.kind in DEFINES_SASARAN and _sasaran_texts(table)]
    texts = {key: text for table in reversed(defining) for key, text in _sasaran_texts(table).items()}
    used: dict[str, list[tuple[SampleTable, Row]]] = defaultdict(list)
    for table in tables:
        for row in table.rows:
            if row["kunci_sasaran"]:
                used[row["kunci_sasaran"]].append((table, row))
    for key, places in used.items():
        table, row = places[0]
        alone = len({place.file for place, _ in places}) == 1 and table.kind != "tujuan_sasaran"
        if key not in texts or (alone and any(other.file != table.file for other in defining)):
            known = ", ".join(sorted(other for other in texts if other != key)) or "kunci dengan teks sasaran"
            message = f'Sasaran "{key}" tidak dikenal: tidak ada tabel sasaran yang memuatnya.'
            yield Problem(table.file, row.line, "kunci_sasaran", message, known)
        elif not _SASARAN_KEY.fullmatch(key):
            yield Problem(table.file, row.line, "kunci_sasaran", f'Kunci sasaran "{key}" tidak sah.', "s1, s2, …")
    for table in defining:
        yield from _same_text(table)


def _same_text(table: SampleTable) -> Iterator[Problem]:
    keys: dict[str, str] = {}
    for key, text in _sasaran_texts(table).items():
        first = keys.setdefault(" ".join(text.lower().split()), key)
        if first != key:
            row = next(row for row in table.rows if row["kunci_sasaran"] == key)
            message = f'Sasaran "{key}" berbunyi sama dengan "{first}".'
            yield Problem(table.file, row.line, "kunci_sasaran", message, f"{first}, satu kunci untuk satu sasaran")


def _sasaran_texts(table: SampleTable) -> dict[str, str]:
    """The text of each sasaran that a table prints; a merged cell gives its text to the first row only."""
    found: dict[str, str] = {}
    for row in table.rows:
        text = row["nama"] if table.kind == "rencana_aksi" else row["sasaran"]
        if row["kunci_sasaran"] and text:
            found.setdefault(row["kunci_sasaran"], text)
    return found


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
