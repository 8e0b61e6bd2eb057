"""From the rows of a workbook to the data of an instrument: the tree, its answers, its scales, all faults named."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from capaian.assessments.fields import BAND_FIELDS, CHOICE_FIELDS, GROUP_FIELDS, ITEM_FIELDS, FieldError, read
from capaian.assessments.tree import TreeError, check_kode
from capaian.exchange.instrumen.layout import (
    CHOICE_SHEET,
    HEAD_FIELDS,
    HEAD_SHEET,
    NODE_COLUMNS,
    NODE_SHEET,
    SCALE_COLUMNS,
    SCALE_SHEET,
    SIFAT_COLUMNS,
    SIFAT_SHEET,
    citation_of,
)
from capaian.exchange.instrumen.read import Book, Row, read_values
from capaian.rules.instrumen.model import InstrumenError
from capaian.rules.instrumen.read import MAX_DEPTH, read_instrumen

Node = dict[str, Any]
_KUNCI: Final = re.compile(r"[a-z0-9][a-z0-9_-]*")
_PROBLEM: Final = re.compile(r"^(?:Akar|Kelompok|Butir) ([^\s:]+):")
_JENIS: Final = next(one.field for one in NODE_COLUMNS if one.field.name == "jenis")
_FIELDS: Final = {"kelompok": GROUP_FIELDS, "butir": ITEM_FIELDS}
_MOST_OF_LOOP: Final = 8
_OF_ROW: Final = frozenset({"induk", "jenis", "pilihan"})


@dataclass
class Built:
    """What a workbook holds: key, family, data, and where each kode stands."""

    kunci: str = ""
    keluarga: str = ""
    definisi: Node = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)


def build(book: Book) -> Built:
    """The data of a workbook; its faults are added to the findings of the book.

    A draft may hold what cannot be used yet: what `read_instrumen` says is then a remark. Without a sound tree there is
    no data at all.
    """
    built = Built()
    definisi = _head(book, built)
    definisi["sifat"] = _sifat(book)
    lists = _lists(book)
    nodes = _nodes(book, built, lists)
    root = _tree(book, nodes)
    if root is not None:
        definisi["akar"] = root
    definisi["klasifikasi"] = _scales(book)
    built.definisi = definisi
    if root is not None and not any(one.severity == "salah" for one in book.findings):
        _remark(book, built)
    return built


def _head(book: Book, built: Built) -> Node:
    found: Node = {}
    for one in HEAD_FIELDS:
        given = book.head.get(one.name)
        try:
            value = read(one, given.text if given else "") if one.name != "catatan" else None
        except FieldError as error:
            book.wrong(HEAD_SHEET, given.cell if given else "", "isian", str(error), given.text if given else "")
            continue
        if value is not None:
            found[one.name] = value
    built.kunci, built.keluarga = str(found.get("kunci", "")), str(found.get("keluarga", ""))
    if built.kunci and not _KUNCI.fullmatch(built.kunci):
        book.wrong(
            HEAD_SHEET, book.head["kunci"].cell, "kunci",
            f'Kunci "{built.kunci}" tidak dapat dipakai: huruf kecil, angka, garis bawah; tanpa spasi.', built.kunci,
        )  # fmt: skip
    policies = {name.removeprefix("k_"): value for name, value in found.items() if name.startswith("k_")}
    if "sertakan" in policies:
        policies["sertakan"] = _names(policies["sertakan"])
    return {
        "kunci": built.kunci,
        "nama": found.get("nama", ""),
        "keluarga": built.keluarga,
        "rujukan": citation_of(found),
        "kebijakan": policies,
        "peringkat": _names(found.get("peringkat", "")),
        "catatan": [one.text for one in book.notes],
    }


def _names(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]


def _sifat(book: Book) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in book.tables.get(SIFAT_SHEET, []):
        values = read_values(book, SIFAT_SHEET, row, [one.field for one in SIFAT_COLUMNS])
        if {"kode", "nama"} <= values.keys():
            if values["kode"] in found:
                book.wrong(SIFAT_SHEET, row.at("kode"), "kode-ganda", f'Sifat "{values["kode"]}" ditulis dua kali.')
            found[values["kode"]] = values["nama"]
    return found


def _lists(book: Book) -> dict[str, list[Node]]:
    """The lists of answers by name; two answers of one kode in a list are a fault."""
    found: dict[str, list[Node]] = {}
    for row in book.tables.get(CHOICE_SHEET, []):
        name = row.text("daftar")
        if not name:
            book.wrong(CHOICE_SHEET, row.at("daftar"), "isian", f"Baris {row.number}: nama daftar belum diisi.")
            continue
        values = read_values(book, CHOICE_SHEET, row, CHOICE_FIELDS)
        kept = found.setdefault(name, [])
        if any(one.get("kode") == values.get("kode") for one in kept):
            message = f'Pilihan "{values.get("kode")}" ada dua dalam daftar "{name}". Hapus satu, atau ganti kodenya.'
            book.wrong(CHOICE_SHEET, row.at("kode"), "kode-ganda", message, row.text("kode"))
        kept.append(values)
    return found


def _nodes(book: Book, built: Built, lists: Mapping[str, list[Node]]) -> list[tuple[Row, Node, str]]:
    """Every row as a group or item, with the kode of the group that it names."""
    found: list[tuple[Row, Node, str]] = []
    used: set[str] = set()
    for row in book.tables.get(NODE_SHEET, []):
        try:
            jenis = str(read(_JENIS, row.text("jenis")))
        except FieldError as error:
            book.wrong(NODE_SHEET, row.at("jenis"), "isian", f"{error} Tulis kelompok atau butir.", row.text("jenis"))
            continue
        node: Node = read_values(book, NODE_SHEET, row, _FIELDS[jenis])
        _warn_foreign(book, row, jenis)
        name = row.text("pilihan")
        if name in lists:
            node["pilihan"] = lists[name]
            used.add(name)
        elif name:
            message = f'Daftar pilihan "{name}" tidak ada pada lembar Pilihan; yang ada {", ".join(lists) or "–"}.'
            book.wrong(NODE_SHEET, row.at("pilihan"), "daftar-pilihan", message[:400], name)
        if jenis == "kelompok":
            node = {"agregasi": "rata_rata", **node, "isi": []}
        else:
            node.setdefault("masukan", "nilai")
        _place(book, built, row, node)
        found.append((row, node, row.text("induk")))
    for name in lists:
        if name not in used:
            message = f'Daftar "{name}" tidak dipakai butir mana pun, dan tidak disimpan.'
            book.warn(CHOICE_SHEET, "", "daftar-pilihan", message, name)
    return found


def _warn_foreign(book: Book, row: Row, jenis: str) -> None:
    """A group has no target, an item no way of joining: what stands there is not read."""
    known = {one.name for one in _FIELDS[jenis]} | _OF_ROW
    for name, given in row.cells.items():
        if name not in known and not (name in ("ikut", "is_item", "datar") and given.text == "tidak"):
            message = f"Kolom ini tidak berlaku bagi {jenis} dan tidak dibaca. Kosongkan."
            book.warn(NODE_SHEET, given.cell, "kolom", message, given.text)


def _place(book: Book, built: Built, row: Row, node: Node) -> None:
    kode = str(node.get("kode", ""))
    if not kode:
        return
    if kode in built.places:
        message = f'Kode "{kode}" sudah dipakai pada baris {built.places[kode]}; tiap kode harus satu.'
        book.wrong(NODE_SHEET, row.at("kode"), "kode-ganda", message, kode)
        return
    built.places[kode] = row.number
    try:
        check_kode({}, kode)
    except TreeError as error:
        book.wrong(NODE_SHEET, row.at("kode"), "kode", str(error), kode)


def _tree(book: Book, nodes: list[tuple[Row, Node, str]]) -> Node | None:
    """The root with everything below it; None where the rows make no tree."""
    before = len(book.findings)
    by_kode = {str(node.get("kode")): node for _, node, _ in nodes}
    parents = {str(node.get("kode")): induk for _, node, induk in nodes}
    roots = [(row, node) for row, node, induk in nodes if not induk]
    for row, node, induk in nodes:
        kode = str(node.get("kode", ""))
        if not induk:
            continue
        if induk not in by_kode:
            message = f'Induk "{induk}" tidak ada pada kolom Kode. Tulis kode kelompok yang ada.'
            book.wrong(NODE_SHEET, row.at("induk"), "induk", message, induk)
        elif "isi" not in by_kode[induk]:
            message = f'Induk "{induk}" adalah butir; hanya kelompok yang dapat berisi.'
            book.wrong(NODE_SHEET, row.at("induk"), "induk", message, induk)
        elif loop := _loop(parents, kode):
            shown = loop if len(loop) <= _MOST_OF_LOOP else [*loop[: _MOST_OF_LOOP - 2], "…", kode]
            book.wrong(
                NODE_SHEET, row.at("induk"), "lingkaran", f"Induk berputar: {' → '.join(shown)}. Putuskan.", induk
            )
        elif _depth(parents, kode) > MAX_DEPTH:
            book.wrong(NODE_SHEET, row.at("induk"), "tingkat", f"Lebih dari {MAX_DEPTH} tingkat.", induk)
        else:
            by_kode[induk]["isi"].append(node)
    _check_roots(book, roots, bool(nodes))
    sound = all(one.severity != "salah" for one in book.findings[before:])
    return roots[0][1] if sound and len(roots) == 1 else None


def _check_roots(book: Book, roots: list[tuple[Row, Node]], has_rows: bool) -> None:
    if not has_rows:
        if NODE_SHEET in book.tables:
            book.wrong(NODE_SHEET, "", "isi", "Lembar ini belum berisi kelompok atau butir.")
    elif not roots:
        book.wrong(NODE_SHEET, "", "akar", "Tidak ada baris tanpa induk; akar instrumen harus satu.")
    elif "isi" not in roots[0][1]:
        book.wrong(NODE_SHEET, roots[0][0].at("jenis"), "akar", "Baris tanpa induk harus kelompok.")
    for row, node in roots[1:]:
        message = f'"{node.get("kode", "")}" tidak mempunyai induk, sedangkan akarnya sudah baris {roots[0][0].number}.'
        book.wrong(NODE_SHEET, row.at("induk"), "akar", f"{message} Isi kolom Induk.")


def _loop(parents: Mapping[str, str], kode: str) -> list[str]:
    """The way from a kode back to itself; empty where it leads to a root, or into a loop that it is not part of."""
    way, at = {kode: None}, parents.get(kode, "")
    while at and at not in way:
        way[at] = None
        at = parents.get(at, "")
    return [*way, kode] if at and at == kode else []


def _depth(parents: Mapping[str, str], kode: str) -> int:
    depth, at, seen = 0, parents.get(kode, ""), {kode}
    while at and at not in seen:
        seen.add(at)
        depth, at = depth + 1, parents.get(at, "")
    return depth


def _scales(book: Book) -> list[Node]:
    """The classified groups with their scales, in the order of their rows."""
    by_group: dict[str, dict[str, list[tuple[Row, Node]]]] = {}
    for row in book.tables.get(SCALE_SHEET, []):
        values = read_values(book, SCALE_SHEET, row, [one.field for one in SCALE_COLUMNS])
        if "kelompok" in values:
            name = str(values.get("skala", ""))
            by_group.setdefault(values["kelompok"], {}).setdefault(name, []).append((row, values))
    found = []
    for kelompok, scales in by_group.items():
        if "" not in scales:
            row = next(iter(scales.values()))[0][0]
            message = f"Kelompok {kelompok} hanya mempunyai skala lain; kosongkan kolom Skala pada skala yang dipakai."
            book.wrong(SCALE_SHEET, row.at("skala"), "skala", message)
            continue
        part = {"kelompok": kelompok, **_scale(book, scales[""])}
        others = [_scale(book, rows) for name, rows in scales.items() if name]
        found.append({**part, "skala_lain": others} if others else part)
    return found


def _scale(book: Book, rows: list[tuple[Row, Node]]) -> Node:
    bands = []
    for row, _ in rows:
        values = read_values(book, SCALE_SHEET, row, BAND_FIELDS)
        bands.append({"dari": None, "sampai": None, **values})
    first = rows[0][1]
    return {
        "skala": {"tingkat": bands, "kebijakan": first.get("kebijakan"), "desimal": int(first.get("desimal", 2))},
        "rujukan": citation_of(first),
    }


def _remark(book: Book, built: Built) -> None:
    """What keeps the draft from being published: told, and no reason not to store it."""
    try:
        read_instrumen(built.definisi)
    except InstrumenError as error:
        for problem in error.problems:
            match = _PROBLEM.match(problem)
            number = built.places.get(match[1]) if match else None
            sheet = SCALE_SHEET if problem.startswith(("Klasifikasi", "Skala")) else NODE_SHEET
            message = f"{problem} Draf dapat disimpan begini, tetapi belum dapat diterbitkan."
            book.warn(sheet if number or sheet == SCALE_SHEET else "", f"A{number}" if number else "", "isi", message)
