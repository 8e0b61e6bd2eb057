"""The money of a generated district: pagu in two versions and what was spent up to each quarter, whole rupiah."""

from __future__ import annotations

from capaian.exchange.simulation.district import QUARTERS, District, Row

_SALARIES = "1.02.01.2.02.0001"
# Nearly everything is spent here while half of the work is done (`District._activity`).
SPENT = "1.02.03.2.03"
# What is spent of the pagu up to each quarter, in percent.
_PACE = (12, 38, 63, 94)


def pagu_rows(district: District) -> list[Row]:
    """The pagu of every node in APBD and APBD perubahan; a node above is the sum of those below. `node` is a key."""
    rows = []
    for versi in ("apbd", "apbd_perubahan"):
        amounts = _with_parents(district, _leaves(district, versi))
        rows += [
            {
                "node": node,
                "versi": versi,
                "jumlah": jumlah,
                "keterangan": "",
                "jumlah_kegiatan": None,
                "jumlah_sub_kegiatan": None,
            }
            for node, jumlah in amounts.items()
        ]
    return rows


def realisasi_rows(district: District) -> list[Row]:
    """What was spent on the nodes without nodes below, up to each quarter and in the year (`periode` 0)."""
    rows = []
    for node, pagu in _leaves(district, "apbd_perubahan").items():
        chance = district.chance("realisasi", node)
        for quarter, pace in zip(QUARTERS, _PACE, strict=True):
            percent = 98 if quarter == QUARTERS[-1] and node.startswith(SPENT) else pace - chance.randrange(0, 9)
            jumlah = pagu * percent // 100
            periods = (quarter, 0) if quarter == QUARTERS[-1] else (quarter,)
            rows += [
                {"node": node, "periode": periode, "belanja": "", "sumber_dana": None, "jumlah": jumlah}
                for periode in periods
            ]
    return rows


def _leaves(district: District, versi: str) -> dict[str, int]:
    parents = {row["induk"] for row in district.node_rows}
    found = {}
    for row in district.node_rows:
        if row["kunci"] in parents:
            continue
        chance = district.chance("pagu", row["kunci"])
        amount = 42_000_000_000 if row["kunci"] == _SALARIES else chance.randrange(20_000, 900_000) * 1000
        change = chance.randrange(94, 112)
        found[row["kunci"]] = amount * change // 100 if versi == "apbd_perubahan" else amount
    return found


def _with_parents(district: District, leaves: dict[str, int]) -> dict[str, int]:
    amounts = dict.fromkeys((row["kunci"] for row in district.node_rows), 0) | leaves
    for row in reversed(district.node_rows):
        if row["induk"]:
            amounts[row["induk"]] += amounts[row["kunci"]]
    return amounts
