"""Facts that a report derives from its snapshot: counts, averages, ranks, efficiency, the rows under the threshold.

Pure functions. Figures come from `rules`; nothing is computed here that a table does not print too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from capaian.reports.snapshot import Iku, Measured, NodeRow, Pembanding, Snapshot
from capaian.rules.capaian import mean_capaian
from capaian.rules.capaian_forms import Arah
from capaian.rules.efisiensi import Efisiensi, compute_efisiensi, compute_serapan
from capaian.rules.kesehatan import compute_rate
from capaian.rules.numbers import round_half_up
from capaian.rules.perbandingan import Change, Ranked, compare_years, own_area, rank

LEVELS = (
    ("program", "Program"),
    ("kegiatan", "Kegiatan"),
    ("sub_kegiatan", "Sub kegiatan"),
    ("lain", "Di luar program"),
)


@dataclass(frozen=True)
class Tally:
    """How the indicators of one level did; `rata_rata` is the mean capaian, rounded to two decimals.

    `label` heads a row, `noun` names the indicators within a sentence.
    """

    label: str
    noun: str
    jumlah: int
    tercapai: int
    tidak_tercapai: int
    tanpa_nilai: int
    rata_rata: Decimal | None
    tanpa_realisasi: int = 0

    @property
    def persen_tercapai(self) -> Decimal | None:
        return compute_rate(self.tercapai, self.jumlah).tampil


def tally(label: str, noun: str, rows: Iterable[Measured]) -> Tally:
    """Count the indicators by status and take the plain mean of their unrounded capaian."""
    found = list(rows)
    average = mean_capaian([one.score.persen if one.score else None for one in found])
    reached = sum(one.status == "tercapai" for one in found)
    failed = sum(one.status == "tidak_tercapai" for one in found)
    return Tally(
        label,
        noun,
        len(found),
        reached,
        failed,
        len(found) - reached - failed,
        None if average is None else round_half_up(average, 2),
        sum(not one.realisasi for one in found),
    )


def iku_tally(snapshot: Snapshot) -> Tally:
    return tally("Indikator Kinerja Utama", "IKU", snapshot.iku)


def level_tallies(snapshot: Snapshot) -> list[Tally]:
    """The tallies of program, kegiatan and sub kegiatan that have indicators; a line outside them counts apart."""
    tallies = [
        tally(label, f"indikator {label[:1].lower()}{label[1:]}", indicators_of(snapshot, jenis))
        for jenis, label in LEVELS
    ]
    return [one for one in tallies if one.jumlah]


def indicators_of(snapshot: Snapshot, jenis: str) -> list[Measured]:
    """The indicators of all nodes of one kind, in printed order."""
    return [one for node in snapshot.nodes if node.jenis == jenis for one in node.indikator]


def all_tallies(snapshot: Snapshot) -> list[Tally]:
    return [one for one in (iku_tally(snapshot), *level_tallies(snapshot)) if one.jumlah]


def roots(snapshot: Snapshot) -> list[NodeRow]:
    """The programmes, and lines of money outside them."""
    return [node for node in snapshot.nodes if node.depth == 0]


def programs(snapshot: Snapshot) -> list[NodeRow]:
    return [node for node in snapshot.nodes if node.jenis == "program"]


def program_of(snapshot: Snapshot, kunci: str) -> NodeRow | None:
    """The program above a node, or the node itself when it is one."""
    node = snapshot.node(kunci)
    while node is not None and node.induk:
        node = snapshot.node(node.induk)
    return node


def low_indicators(snapshot: Snapshot) -> list[tuple[NodeRow | None, Measured]]:
    """Every indicator, IKU first, whose printed capaian is under the threshold, with its node."""
    ambang = snapshot.office.ambang_rendah
    found: list[tuple[NodeRow | None, Measured]] = [(None, one) for one in snapshot.iku if _below(one.tampil, ambang)]
    for node in snapshot.nodes:
        found += [(node, one) for one in node.indikator if _below(one.tampil, ambang)]
    return found


def low_nodes(snapshot: Snapshot) -> list[NodeRow]:
    """Every node without children whose printed serapan is under the threshold."""
    ambang = snapshot.office.ambang_rendah
    return [node for node in snapshot.nodes if node.is_leaf and _below(node.tampil, ambang)]


def _below(value: Decimal | None, ambang: Decimal) -> bool:
    return value is not None and value < ambang


def compare(before: Decimal | None, now: Decimal | None, arah: str) -> Change:
    """The change between two values; nothing in it is known where one of them is not."""
    return compare_years(before, now, cast(Arah, arah))


def change_of(iku: Measured) -> Change | None:
    """The change from the last earlier year with a number to this year's."""
    before = iku.previous
    if before is None or before.value is None or iku.value is None:
        return None
    return compare(before.value, iku.value, iku.arah)


@dataclass(frozen=True)
class Standing:
    """Where the office stands among its peers: its own comparator, the ranks, and the wider areas."""

    own: Ranked | None
    ranked: tuple[Ranked, ...]
    wider: tuple[Pembanding, ...]

    @property
    def count(self) -> int:
        return sum(1 for one in self.ranked if one.peringkat is not None)


def standing(snapshot: Snapshot, iku: Iku) -> Standing | None:
    """The standing of the office, or None where the indicator has no comparators with values."""
    peers = [(one.wilayah, one.nilai) for one in iku.pembanding if one.jenis == "kab_kota"]
    wider = tuple(one for one in iku.pembanding if one.jenis != "kab_kota")
    if not any(value is not None for _, value in peers) and not any(one.nilai is not None for one in wider):
        return None
    ranked = rank(peers, cast(Arah, iku.arah))
    own = own_area(snapshot.office.daerah, [one.nama for one in ranked])
    return Standing(next((one for one in ranked if one.nama == own), None), ranked, wider)


@dataclass(frozen=True)
class Money:
    """Pagu and realisasi of several nodes together, whole rupiah, with serapan as printed."""

    pagu: int
    realisasi: int

    @property
    def serapan(self) -> Decimal | None:
        return compute_serapan(self.pagu, self.realisasi).tampil

    @property
    def sisa(self) -> int:
        return self.pagu - self.realisasi


def sum_money(nodes: Iterable[NodeRow]) -> Money:
    found = list(nodes)
    return Money(sum(node.pagu or 0 for node in found), sum(node.realisasi or 0 for node in found))


def has_mapping(s: Snapshot) -> bool:
    """Whether any kegiatan is mapped to any main indicator."""
    return any(mapped_nodes(s, iku) for iku in s.iku)


def mapped_nodes(snapshot: Snapshot, iku: Iku) -> list[NodeRow]:
    """The kegiatan whose money is analysed under this indicator."""
    return [node for kunci in iku.pemetaan if (node := snapshot.node(kunci)) is not None]


def efficiency(snapshot: Snapshot, iku: Iku) -> Efisiensi | None:
    """Capaian less serapan of the mapped kegiatan, from unrounded figures; None without a mapping."""
    nodes = mapped_nodes(snapshot, iku)
    if not nodes:
        return None
    money = sum_money(nodes)
    return compute_efisiensi(
        "selisih",
        persen_capaian=iku.score.persen if iku.score else None,
        pagu=money.pagu,
        realisasi=money.realisasi,
    )


@dataclass(frozen=True)
class Support:
    """A program with the indicators of its nodes that are told to support an IKU."""

    program: NodeRow
    indikator: tuple[Measured, ...]


def supports(snapshot: Snapshot, iku: Iku) -> list[Support]:
    """The programmes that support an IKU, by mapping or by what its analysis names, in printed order."""
    named = {one.indikator_kunci for one in iku.analisis.penunjang if one.indikator_kunci}
    keys = {one.program_kunci for one in iku.analisis.penunjang if one.program_kunci} | set(iku.pemetaan)
    wanted = {program.kunci for kunci in keys if (program := program_of(snapshot, kunci)) is not None}
    found = []
    for program in roots(snapshot):
        if program.kunci not in wanted:
            continue
        below = [node for node in snapshot.nodes if program_of(snapshot, node.kunci) == program]
        chosen = tuple(one for node in below for one in node.indikator if one.kunci in named)
        found.append(Support(program, chosen or program.indikator))
    return found
