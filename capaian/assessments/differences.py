"""What two versions of an instrument differ in: groups and items added, removed, changed, and the head of the whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, Literal

from capaian.assessments.fields import (
    AGREGASI,
    ITEM_FIELDS,
    Field,
    fields_of,
    typed_number,
    words,
)
from capaian.assessments.tree import Placed, walk

Apa = Literal["ditambah", "dihapus", "diubah"]
_HEAD = (("nama", "Nama instrumen"), ("keluarga", "Keluarga"))


@dataclass(frozen=True)
class Difference:
    """One difference: of which group or item (empty for the head), what happened, in which field, before and after."""

    kode: str
    nama: str
    apa: Apa
    bidang: str
    before: str
    after: str


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """All differences between the data of two versions: the head first, then in the order of the later version."""
    return [*_head(before, after), *_nodes(before, after)]


def node_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Label, before and after of each field that differs between two states of one group or item."""
    fields: dict[str, Field] = {one.name: one for one in (*fields_of(before), *fields_of(after))}
    for field in fields.values():
        old, new = words(field, before), words(field, after)
        if old != new:
            yield field.label, old, new
    old, new = choices_text(before.get("pilihan")), choices_text(after.get("pilihan"))
    if old != new:
        yield "Pilihan", old, new


def choices_text(rows: Any) -> str:
    """Answers in one line: `10: lengkap; 7: sebagian (dari 50 sampai 69)`."""
    return "; ".join(_choice(row) for row in rows or [] if isinstance(row, Mapping))


def bounds_text(row: Mapping[str, Any]) -> str:
    """The bounds of a band as they read: `> 70 sampai 80`, `≤ 30`; empty without bounds."""
    lower, upper = row.get("dari"), row.get("sampai")
    low = f"{'>' if row.get('dari_terbuka') else '≥'} {typed_number(lower)}" if lower is not None else ""
    high = f"{'<' if row.get('sampai_terbuka') else '≤'} {typed_number(upper)}" if upper is not None else ""
    return " dan ".join(part for part in (low, high) if part)


def _choice(row: Mapping[str, Any]) -> str:
    bounds = bounds_text(row)
    text = f"{row.get('kode', '')} = {typed_number(row.get('nilai'))}"
    text += f" {row['teks']}" if row.get("teks") else ""
    return f"{text} ({bounds})" if bounds else text


def _nodes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    old = {one.kode: one for one in walk(before)}
    new = {one.kode: one for one in walk(after)}
    for kode, one in new.items():
        nama = str(one.node.get("nama", ""))
        if kode not in old:
            yield Difference(kode, nama, "ditambah", _what(one), "", _summary(one))
            continue
        if old[kode].induk != one.induk:
            yield Difference(kode, nama, "diubah", "Kelompok induk", old[kode].induk, one.induk)
        for bidang, was, now in node_differences(old[kode].node, one.node):
            yield Difference(kode, nama, "diubah", bidang, was, now)
        if one.is_group and (order := _order(old[kode], one)):
            yield Difference(kode, nama, "diubah", "Urutan isi", *order)
    for kode, one in old.items():
        if kode not in new:
            yield Difference(kode, str(one.node.get("nama", "")), "dihapus", _what(one), _summary(one), "")


def _order(before: Placed, after: Placed) -> tuple[str, str] | None:
    """The order of what both hold, where it differs."""
    first, second = ([str(one.get("kode")) for one in part.node.get("isi") or []] for part in (before, after))
    old, new = [one for one in first if one in second], [one for one in second if one in first]
    return (", ".join(old), ", ".join(new)) if old != new else None


def _what(one: Placed) -> str:
    return "Kelompok" if one.is_group else "Butir"


def _summary(one: Placed) -> str:
    """What an item or a group is, in a line."""
    node = one.node
    if one.is_group:
        return f"{dict(AGREGASI).get(str(node.get('agregasi', 'rata_rata')), '')}, {len(node['isi'])} isi"
    target = f", target {node['target']}" if node.get("target") else ""
    way = next(words(field, node) for field in ITEM_FIELDS if field.name == "penilaian")
    return f"{way}{target}"


def _head(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Difference]:
    pairs = [(label, str(before.get(name, "")), str(after.get(name, ""))) for name, label in _HEAD]
    pairs.append(("Rujukan", _citation(before.get("rujukan")), _citation(after.get("rujukan"))))
    pairs.append(("Sifat unit", _pairs(before.get("sifat")), _pairs(after.get("sifat"))))
    pairs.append(("Peringkat menurut", _list(before.get("peringkat")), _list(after.get("peringkat"))))
    pairs.append(("Catatan", _list(before.get("catatan")), _list(after.get("catatan"))))
    pairs.append(("Kebijakan bawaan", _pairs(before.get("kebijakan")), _pairs(after.get("kebijakan"))))
    old, new = (_scales(one.get("klasifikasi")) for one in (before, after))
    for kelompok in dict.fromkeys([*old, *new]):
        for number, (was, now) in enumerate(zip_longest(old.get(kelompok, []), new.get(kelompok, []), fillvalue="")):
            pairs.append((f"Kelas {kelompok}" + (f" ({number + 1})" if number else ""), was, now))
    for label, was, now in pairs:
        if was != now:
            yield Difference("", "Instrumen", "diubah", label, was, now)


def _scales(parts: Any) -> dict[str, list[str]]:
    """Each classified group with its scales as they read: the one in use, then those printed besides."""
    found: dict[str, list[str]] = {}
    for part in parts or []:
        texts = [_scale(one) for one in (part, *(part.get("skala_lain") or []))]
        found.setdefault(str(part.get("kelompok")), []).extend(texts)
    return found


def _scale(part: Mapping[str, Any]) -> str:
    scale = part.get("skala") or {}
    bands = "; ".join(
        f"{row.get('kode', '')} {row.get('label', '')} {bounds_text(row)}" for row in scale.get("tingkat") or []
    )
    policy = scale.get("kebijakan") or "seperti tercetak"
    return f"{bands}; batas {policy}; desimal {scale.get('desimal', 2)}; {_citation(part.get('rujukan'))}"


def _citation(data: Any) -> str:
    names = ("instrumen", "tempat", "dasar", "catatan")
    return ", ".join(str(data[name]) for name in names if (data or {}).get(name))


def _list(data: Any) -> str:
    return "; ".join(map(str, data or []))


def _pairs(data: Any) -> str:
    return "; ".join(
        f"{name}: {', '.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in (data or {}).items()
    )
