"""What a file says, held against the plan and the money that is stored: unknown codes, other names, other amounts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher, get_close_matches
from typing import Final

from capaian.exchange.kinds import Finding
from capaian.exchange.mapping import header_key
from capaian.exchange.sipd.gather import CodeSum, children_of, own_sums
from capaian.exchange.sipd.rows import belanja_of
from capaian.organisations.models import Instansi, TahunKinerja
from capaian.planning.models import Node
from capaian.rules.nomenklatur import KodeError, parse_kode
from capaian.rules.numbers import format_rupiah

_SAME_NAME: Final = 0.6
_MOST_SEARCHED: Final = 200
_YEAR = re.compile(r"tahun(?:\s+anggaran)?\s*:?\s*(20[0-9]{2})", re.IGNORECASE)


@dataclass
class Matched:
    """The codes of a file that are nodes of the plan: amounts whole and by kind of belanja, and the cell of each."""

    amounts: dict[Node, int] = field(default_factory=dict)
    by_belanja: dict[Node, dict[str, int]] = field(default_factory=dict)
    cells: dict[Node, tuple[str, str]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def match_plan(tahun_kinerja: TahunKinerja, codes: Mapping[str, CodeSum]) -> Matched:
    """Find the node of each code. Amounts are given for codes without others under them, and above where stated."""
    nodes: dict[str, list[Node]] = defaultdict(list)
    for stored in Node.objects.filter(tahun_kinerja=tahun_kinerja).exclude(kode=""):
        nodes[_plain(stored.kode)].append(stored)
    by_kode = dict(nodes)
    own, children = own_sums(codes), children_of(codes)
    found = Matched()
    searched = 0
    for kode, one in codes.items():
        match = _same_name(by_kode.get(kode, []), one.nama)
        if match is None:
            searched += 1
            found.findings.append(_unknown(kode, one, by_kode, searched <= _MOST_SEARCHED))
            continue
        node = match
        found.findings += _other_name(node, one)
        amount, is_lowest = own[kode], kode not in children
        if amount is None:
            if is_lowest:
                message = f"Kode {kode} tidak berjumlah dan tidak mempunyai rincian. Isi jumlahnya; tulis 0 bila nol."
                found.findings.append(Finding(one.sheet, one.cell, "jumlah uang", message))
            continue
        if is_lowest or one.stated is not None:
            found.amounts[node], found.cells[node] = amount, (one.sheet, one.cell)
        if is_lowest:
            found.by_belanja[node] = _by_belanja(one, amount)
    return found


def _plain(kode: str) -> str:
    try:
        return parse_kode(kode).kode
    except KodeError:
        return kode


def _same_name(nodes: Sequence[Node], nama: str) -> Node | None:
    """A code that the plan prints twice is told by its name; None where that does not help either."""
    if len(nodes) <= 1:
        return nodes[0] if nodes else None
    named = [node for node in nodes if header_key(node.nama) == header_key(nama)]
    return named[0] if len(named) == 1 else None


def _unknown(kode: str, one: CodeSum, nodes: Mapping[str, list[Node]], search: bool) -> Finding:
    if len(nodes.get(kode, [])) > 1:
        message = f"Kode {kode} ada lebih dari sekali dalam rencana, dan namanya tidak menunjukkan yang mana."
        return Finding(one.sheet, one.cell, "kode", message, value=kode)
    twin = _other_nomenclature(kode, nodes)
    if twin:
        message = (
            f"Kode {kode} memakai nomenklatur lain daripada rencana ({twin}): sub kegiatan dua angka dan empat angka "
            "tidak pernah disamakan. Sesuaikan kodenya di berkas asal."
        )
        return Finding(one.sheet, one.cell, "nomenklatur", message, value=kode)
    near = (get_close_matches(kode, list(nodes), 1, 0.8) if search else []) or [""]
    hint = f' Yang terdekat: {near[0]} "{nodes[near[0]][0].nama[:80]}".' if near[0] else ""
    message = f"Kode {kode} tidak ada dalam rencana tahun ini.{hint} Perbaiki kodenya, atau masukkan dulu ke rencana."
    return Finding(one.sheet, one.cell, "kode", message, value=kode)


def _other_nomenclature(kode: str, nodes: Mapping[str, list[Node]]) -> str:
    head, _, last = kode.rpartition(".")
    if head.count(".") != 4 or not last.isdigit():
        return ""
    other = f"{head}.{int(last):02d}" if len(last) == 4 else f"{head}.{int(last):04d}"
    return other if other in nodes else ""


def _other_name(node: Node, one: CodeSum) -> list[Finding]:
    mine, theirs = header_key(node.nama), header_key(one.nama)
    if not theirs or theirs.endswith(mine) or SequenceMatcher(None, mine, theirs).ratio() >= _SAME_NAME:
        return []
    message = (
        f'Kode {node.kode} bernama "{one.nama[:80]}" dalam berkas, tetapi "{node.nama[:80]}" dalam rencana. '
        "Periksa apakah kodenya benar."
    )
    return [Finding(one.sheet, one.cell, "nama berbeda", message, "peringatan", one.nama[:80])]


def _by_belanja(one: CodeSum, amount: int) -> dict[str, int]:
    """By kind of belanja where every account tells one; else whole, so that the parts always are the whole."""
    kinds: dict[str, int] = defaultdict(int)
    for rekening, jumlah in one.leaves().items():
        kinds[belanja_of(rekening)] += jumlah
    return dict(kinds) if kinds and "" not in kinds else {"": amount}


def over_pagu(matched: Matched, pagu: Mapping[int, int], spent: Mapping[int, int]) -> Iterator[Finding]:
    """Nodes on which more is spent than their pagu allows; one of both comes from the file."""
    for node, (sheet, cell) in matched.cells.items():
        limit, used = pagu.get(node.pk), spent.get(node.pk)
        if limit is not None and used is not None and used > limit:
            message = (
                f"Kode {node.kode}: realisasi {format_rupiah(used)} melebihi pagu {format_rupiah(limit)}. "
                "Periksa versi pagu dan periodenya."
            )
            yield Finding(sheet, cell, "pagu di bawah realisasi", message, "peringatan")


def other_office(instansi: Instansi, sheet: str, values: Mapping[str, tuple[str, int]]) -> Iterator[Finding]:
    """Rows of another SKPD; `values` gives cell and number of rows of each text in the column."""
    mine = {header_key(text) for text in (instansi.nama, instansi.singkatan, "dinas kesehatan") if text}
    for text, (cell, count) in values.items():
        if not any(one in header_key(text) for one in mine):
            message = f'{count} baris milik "{text[:80]}", bukan {instansi.nama}. Saring berkasnya untuk SKPD ini saja.'
            yield Finding(sheet, cell, "SKPD", message, value=text[:80])


def other_year(tahun: int, sheet: str, values: Mapping[str, tuple[str, int]]) -> Iterator[Finding]:
    """Rows and titles of another year."""
    for text, (cell, _) in values.items():
        years = _YEAR.findall(text) or re.findall(r"\b20[0-9]{2}\b", text)
        if years and str(tahun) not in years:
            message = f"Berkas ini untuk tahun {years[0]}, sedangkan halaman ini tahun {tahun}. Unggah di tahunnya."
            yield Finding(sheet, cell, "tahun", message, value=text[:80])


def title_years(text: str) -> bool:
    """Whether a title above the table names a year."""
    return bool(_YEAR.search(text))
