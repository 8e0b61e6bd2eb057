"""The shape of `sample.yaml` and of the narrative: what must be there, of which type, before anything else is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from capaian.exchange.samples.problem import Problem

_EXPECTED = "isian seperti dalam samples/README.md"
_WORDS = {str: "teks", int: "bilangan bulat", dict: "isian bernama", list: "daftar"}
_TYPES: dict[str, type] = {
    "sample": str,
    "seed": str,
    "document": str,
    "tahun": int,
    "instansi": dict,
    "policy": dict,
    "renstra": dict,
    "units": list,
    "dokumen": list,
    "files": list,
    "narasi": str,
}
# The named entries that each part must have; of `instansi` also those that it may have, and no others.
_NAMES = {
    "instansi": ("kunci", "nama", "daerah", "provinsi", "kepala_daerah", "pimpinan", "tempat"),
    "policy": ("rumus_turun", "desimal", "batas_atas", "batas_bawah", "ambang_rendah"),
    "renstra": ("awal", "akhir", "nama", "visi", "misi"),
    "units": ("kunci", "nama", "jenis", "induk"),
    "dokumen": ("kunci", "jenis", "nama", "versi"),
    "files": ("file", "kind", "table", "title"),
}
_MAY_BE_EMPTY = {"policy", "renstra", "units.induk"}
_INSTANSI = {*_NAMES["instansi"], "alamat", "singkatan"}
_NARASI: dict[str, tuple[type, str]] = {
    "analisis": (list, "kunci"),
    "perbandingan": (list, "kunci"),
    "inovasi": (list, "nama"),
    "program_prioritas": (list, ""),
    "maksud_tujuan": (dict, ""),
    "penutup": (dict, ""),
}


def check_manifest(manifest: Any, today: date | None = None) -> list[Problem]:
    """What is missing from `sample.yaml`, or of another type than it must be; a year that has not begun by `today`."""
    if not isinstance(manifest, dict):
        return [Problem("sample.yaml", 0, "", "Isinya bukan isian bernama.", _EXPECTED)]
    problems = list(_types(manifest))
    return problems or [
        *_future(manifest["tahun"], today),
        *_parts(manifest),
        *_plain_names(manifest),
        *_duplicates("units", manifest["units"]),
        *_duplicates("dokumen", manifest["dokumen"]),
        *_units(manifest["units"]),
    ]


def check_narasi(narasi: Any, file: str) -> list[Problem]:
    """The parts of the narrative that are read by name."""
    if not isinstance(narasi, dict):
        return [Problem(file, 0, "", "Isinya bukan isian bernama.", _EXPECTED)]
    problems = []
    for key, (kind, name) in _NARASI.items():
        value: Any = narasi.get(key)
        right = value is None or isinstance(value, kind)
        if not right:
            problems.append(Problem(file, 0, key, f"Isian bukan {_WORDS[kind]}.", _EXPECTED))
        elif name and not all(isinstance(entry, dict) and entry.get(name) for entry in value or []):
            problems.append(Problem(file, 0, key, f"Ada butir tanpa {name}.", _EXPECTED))
    return problems


def _types(manifest: dict[str, Any]) -> Iterator[Problem]:
    for key, kind in _TYPES.items():
        value = manifest.get(key)
        if value is None:
            yield Problem("sample.yaml", 0, key, "Isian tidak ada.", _EXPECTED)
        elif not isinstance(value, kind):
            yield Problem("sample.yaml", 0, key, f'Isian "{str(value)[:40]}" salah jenis.', _WORDS[kind])
    if manifest.get("convention", "id") not in ("id", "en"):
        yield Problem("sample.yaml", 0, "convention", "Cara menulis angka tidak dikenal.", "id atau en")


def _future(tahun: int, today: date | None) -> Iterator[Problem]:
    if today is not None and tahun > today.year:
        yield Problem("sample.yaml", 0, "tahun", f"Tahun {tahun} belum mulai.", f"{today.year} atau tahun sebelumnya")


def _parts(manifest: dict[str, Any]) -> Iterator[Problem]:
    for key, names in _NAMES.items():
        for entry in manifest[key] if isinstance(manifest[key], list) else [manifest[key]]:
            if not isinstance(entry, dict):
                yield Problem("sample.yaml", 0, key, f'Butir "{str(entry)[:40]}" salah jenis.', _WORDS[dict])
                continue
            where = f" pada {entry['file']}" if entry.get("file") else ""
            for name in names:
                optional = {key, f"{key}.{name}"} & _MAY_BE_EMPTY
                if name not in entry if optional else not entry.get(name):
                    yield Problem("sample.yaml", 0, f"{key}.{name}", f"Isian tidak ada{where}.", _EXPECTED)
    for name in sorted(set(manifest["instansi"]) - _INSTANSI):
        yield Problem("sample.yaml", 0, f"instansi.{name}", "Isian tidak dikenal.", ", ".join(sorted(_INSTANSI)))


def _plain_names(manifest: dict[str, Any]) -> Iterator[Problem]:
    """A sample reads its own folder and nothing else."""
    files = [entry.get("file") for entry in manifest["files"] if isinstance(entry, dict)]
    for name in [*files, manifest["narasi"]]:
        if name and Path(str(name)).name != name:
            yield Problem("sample.yaml", 0, "files", f'"{name}" menunjuk ke luar folder.', "nama berkas tanpa folder")


def _duplicates(part: str, entries: list[Any]) -> Iterator[Problem]:
    counts = Counter(str(entry.get("kunci")) for entry in entries if isinstance(entry, dict))
    for key, count in counts.items():
        if count > 1:
            yield Problem("sample.yaml", 0, f"{part}.kunci", f'"{key}" ditulis {count} kali.', "kunci yang berbeda")


def _units(entries: list[Any]) -> Iterator[Problem]:
    known = {entry.get("kunci") for entry in entries if isinstance(entry, dict)}
    if "dinas" not in known:
        yield Problem("sample.yaml", 0, "units.kunci", 'Unit "dinas" tidak ada.', "satu unit berkunci dinas")
    for entry in entries:
        if isinstance(entry, dict) and entry.get("induk") and entry["induk"] not in known:
            yield Problem("sample.yaml", 0, "units.induk", f'Induk "{entry["induk"]}" tidak ada.', "kunci unit lain")
