"""Changing the tree of an instrument's data: every function gives a changed copy, and says in words what it cannot do.

The data of a draft may be one that `rules.instrumen.read` refuses; here only its shape matters: groups have `isi`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

from capaian.rules.instrumen.read import MAX_DEPTH

Node = dict[str, Any]
Definisi = dict[str, Any]
MOST_NODES: Final = 3000
# As `rules.instrumen.read` asks.
_KODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class TreeError(ValueError):
    """The tree cannot be changed like that; the message says why and what to do."""


@dataclass(frozen=True)
class Placed:
    """A group or item with its place: how deep, below which group, the how many-th of how many there."""

    node: Node
    depth: int
    induk: str
    number: int
    of: int

    @property
    def kode(self) -> str:
        return str(self.node.get("kode", ""))

    @property
    def is_group(self) -> bool:
        return "isi" in self.node


def walk(definisi: Mapping[str, Any]) -> Iterator[Placed]:
    """Every group and item in printed order, a group before what it holds."""
    root = definisi.get("akar")
    if isinstance(root, dict):
        yield from _walk(Placed(root, 0, "", 0, 1))


def _walk(placed: Placed) -> Iterator[Placed]:
    yield placed
    children = placed.node.get("isi") or []
    for number, child in enumerate(children):
        yield from _walk(Placed(child, placed.depth + 1, placed.kode, number, len(children)))


def find(definisi: Mapping[str, Any], kode: str) -> Placed:
    """The group or item of a kode. Raises `TreeError`."""
    for one in walk(definisi):
        if one.kode == kode:
            return one
    raise TreeError(f'Kode "{kode}" tidak ada (lagi) dalam instrumen ini. Muat ulang halamannya.')


def own(node: Mapping[str, Any]) -> Node:
    """The fields of a group or item without what is below it."""
    return {name: value for name, value in node.items() if name != "isi"}


def mark(part: object) -> str:
    """A short checksum of a part of the data, to see whether somebody has changed it meanwhile."""
    return hashlib.sha256(json.dumps(part, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:20]


def node_mark(placed: Placed) -> str:
    """What a person saw of a group or item: its fields and where it hangs."""
    return mark([own(placed.node), placed.induk])


def check_kode(definisi: Mapping[str, Any], kode: str, before: str = "") -> None:
    """Raise `TreeError` for a kode that cannot be one, or that another group or item has."""
    if not _KODE.fullmatch(kode):
        raise TreeError(f'Kode "{kode}" tidak dapat dipakai: huruf, angka, titik, garis; tanpa spasi.')
    if kode != before and any(one.kode == kode for one in walk(definisi)):
        raise TreeError(f'Kode "{kode}" sudah dipakai butir atau kelompok lain; tiap kode harus satu.')


def with_changed(definisi: Mapping[str, Any], kode: str, values: Node) -> Definisi:
    """The data with a group's or item's fields replaced; what names its kode elsewhere follows a new one."""
    found = deepcopy(dict(definisi))
    node = find(found, kode).node
    check_kode(found, str(values.get("kode", "")), kode)
    below = {"isi": node["isi"]} if "isi" in node else {}
    node.clear()
    node.update({**values, **below})
    if values["kode"] != kode:
        _rename(found, kode, values["kode"])
    return found


def with_added(definisi: Mapping[str, Any], induk: str, node: Node) -> Definisi:
    """The data with a group or item added last below a group."""
    found = deepcopy(dict(definisi))
    check_kode(found, str(node.get("kode", "")))
    above = _group(found, induk)
    if above.depth >= MAX_DEPTH - 1:
        raise TreeError(f'Di bawah "{induk}" sudah {MAX_DEPTH} tingkat; susun pada tingkat yang lebih tinggi.')
    if sum(1 for _ in walk(found)) >= MOST_NODES:
        raise TreeError(f"Instrumen ini sudah berisi {MOST_NODES} baris; pecah menjadi beberapa instrumen.")
    above.node["isi"].append(node)
    return found


def with_moved(definisi: Mapping[str, Any], kode: str, step: int) -> Definisi:
    """The data with a group or item one place up (-1) or down (1) among its neighbours; at the end it stays."""
    found = deepcopy(dict(definisi))
    placed = find(found, kode)
    if not placed.induk:
        return found
    row = _group(found, placed.induk).node["isi"]
    to = min(max(placed.number + step, 0), len(row) - 1)
    row.insert(to, row.pop(placed.number))
    return found


def with_parent(definisi: Mapping[str, Any], kode: str, induk: str) -> Definisi:
    """The data with a group or item hung last below another group. Raises `TreeError` for one within itself."""
    found = deepcopy(dict(definisi))
    placed = find(found, kode)
    if placed.induk == induk:
        return found
    if not placed.induk:
        raise TreeError("Akar instrumen tidak dapat dipindahkan.")
    inside = {one.kode for one in _walk(placed)}
    if induk in inside:
        raise TreeError(f'"{kode}" tidak dapat berada di dalam dirinya sendiri ("{induk}"). Pilih kelompok lain.')
    target = _group(found, induk)
    deepest = max(one.depth for one in _walk(placed)) - placed.depth
    if target.depth + 1 + deepest > MAX_DEPTH:
        raise TreeError(f'Di bawah "{induk}" menjadi lebih dari {MAX_DEPTH} tingkat.')
    _group(found, placed.induk).node["isi"].pop(placed.number)
    target.node["isi"].append(placed.node)
    return found


def without(definisi: Mapping[str, Any], kode: str) -> Definisi:
    """The data without a group or item and all below it."""
    found = deepcopy(dict(definisi))
    placed = find(found, kode)
    if not placed.induk:
        raise TreeError("Akar instrumen tidak dapat dihapus; hapus drafnya bila tidak diperlukan.")
    _group(found, placed.induk).node["isi"].pop(placed.number)
    return found


def _group(definisi: Definisi, kode: str) -> Placed:
    placed = find(definisi, kode)
    if not placed.is_group:
        raise TreeError(f'"{kode}" adalah butir; hanya kelompok yang dapat berisi. Pilih kelompok.')
    return placed


def _rename(definisi: Definisi, before: str, after: str) -> None:
    for part in definisi.get("klasifikasi") or []:
        if part.get("kelompok") == before:
            part["kelompok"] = after
    for holder, name in ((definisi, "peringkat"), (definisi.get("kebijakan") or {}, "sertakan")):
        if holder.get(name):
            holder[name] = [after if one == before else one for one in holder[name]]
