"""Signals over the figures of the seeds: what a verifier would ask, and what nobody would."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from capaian.rules.numbers import NumberFormatError, parse_number
from capaian.rules.signals import (
    EQUAL_QUARTERS,
    REACHED_NOT_SPENT,
    SPENT_NOT_REACHED,
    History,
    Money,
    Pair,
    Series,
    ask_equal_quarters,
    ask_jump,
    ask_money,
    ask_realisasi_is_target,
)

pytestmark = pytest.mark.spec
SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def rows(path: str) -> list[dict[str, str]]:
    """The rows of a table as transcribed from a seed; its first line names the seed and the table."""
    lines = (SAMPLES / path).read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# sumber: ")
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def number(text: str) -> Decimal | None:
    try:
        return parse_number(text.replace("-", "") if text.strip() == "-" else text, "id")
    except NumberFormatError:
        return None


def metro() -> Iterator[Series]:
    """The quarters of the rencana aksi of Metro 2024, as if each were reported exactly as planned."""
    for row in rows("metro_2024/rencana_aksi.csv"):
        quarters = [parse_number(row[f"tw{n}"]) if row[f"tw{n}"] not in ("", "-") else None for n in range(1, 5)]
        yield Series(row["kunci"], row["indikator"], quarters, is_sum=row["sifat"] == "jumlah")


def test_metro_98_percent_split_into_four_times_24_5() -> None:
    """001, tabel rencana aksi: JKN 98 %, planned 24,5 in each quarter although it is a level."""
    found = {one.subject: ask_equal_quarters(one) for one in metro()}
    question = found["iku.jkn"]
    assert question is not None
    assert question.kode == EQUAL_QUARTERS
    assert "triwulan I, II, III dan IV memang persis sama, 24,5" in question.sentence
    assert question.inputs == tuple((f"Triwulan {roman}", "24,5") for roman in ("I", "II", "III", "IV"))
    # A count with different quarters, and one with empty ones, are no matter for asking.
    assert found["iku.kematian_bayi"] is None
    assert found["iku.kematian_ibu"] is None


def balangan_money() -> dict[str, Money]:
    """Tabel 3.9 of Balangan: by node the printed serapan and the printed capaian of its indicators."""
    nodes: dict[str, tuple[str, Decimal, list[tuple[str, Decimal]]]] = {}
    for row in rows("balangan_2024/tabel_3_9_kinerja_anggaran.csv"):
        serapan = number(row["persen_tercetak"])
        if serapan is not None and row["kunci_node"] not in nodes:
            nodes[row["kunci_node"]] = (row["nama"], serapan, [])
        capaian = number(row["capaian_tercetak"])
        if capaian is not None and row["kunci_node"] in nodes:
            nodes[row["kunci_node"]][2].append((row["indikator"], capaian))
    return {kunci: Money(kunci, nama, serapan, values) for kunci, (nama, serapan, values) in nodes.items()}


def test_balangan_money_spent_without_the_result() -> None:
    """000, Tabel 3.10 number 3: TFU yang memenuhi syarat 17,1 % reached, 93,8 % of the money spent."""
    found = {kunci: ask_money(one) for kunci, one in balangan_money().items()}
    spent = {kunci: one for kunci, one in found.items() if one and one.kode == SPENT_NOT_REACHED}
    assert set(spent) == {"1.02.02.2.02.0017"}
    assert "terpakai (93,80%), sedangkan capaian Jumlah TFU yang memenuhi syarat baru 17,10%?" in (
        spent["1.02.02.2.02.0017"].sentence
    )
    # 87,6 % spent with -123,3 % reached (Tabel 3.10 number 2) is under the threshold of the money.
    assert found["1.02.02"] is None


def test_balangan_result_without_the_money() -> None:
    """000: of the nodes that Tabel 3.11 explains for their low serapan, those that reached all their targets."""
    explained = {row["kunci_node"] for row in rows("balangan_2024/tabel_3_11_serapan_rendah.csv")}
    asked = {
        kunci
        for kunci, one in balangan_money().items()
        if (question := ask_money(one)) and question.kode == REACHED_NOT_SPENT
    }
    # 18,1; 27,8; 40,4; 48,9; 19,6 and 48,6 percent.
    assert asked & explained == {
        "1.02.02.2.01.0020",
        "1.02.02.2.01.0025",
        "1.02.02.2.02.0003",
        "1.02.02.2.02.0022",
        "1.02.02.2.02.0036",
        "1.02.05.2.03.0001",
    }
    # Nothing spent (printed "-", 0,0), everything reached; and a kegiatan above one of the six.
    assert asked - explained == {"1.02.02.2.02.0034", "1.02.03.2.02.0003", "1.02.05.2.03"}


def test_bekasi_efficiency_asks_nothing() -> None:
    """002, Tabel 3.12: full capaian with serapan of 89 to 93 percent is neither of the two."""
    for row in rows("bekasi_2024/tabel_3_12_efisiensi.csv"):
        serapan, capaian = number(row["serapan_tercetak"]), number(row["capaian_tercetak"])
        assert serapan is not None
        assert capaian is not None
        assert ask_money(Money(row["kunci"], row["indikator"], serapan, [(row["indikator"], capaian)])) is None


def test_bekasi_history_has_no_jump() -> None:
    """002, Tabel 3.2: AKIP, IKM and UHH from 2018 to 2024 move by a few points."""
    for row in rows("bekasi_2024/tabel_3_2_riwayat_iku.csv"):
        values = [(str(year), number(row[f"realisasi_{year}"])) for year in range(2018, 2025)]
        known = [(label, value) for label, value in values if value is not None]
        assert len(known) == 7
        assert ask_jump(History(row["kunci"], row["indikator"], *known[-1], known[:-1])) is None


@pytest.mark.parametrize(
    ("path", "same", "counted"),
    [
        # Of 33 targets 25 are 100; of the others (64, 16, 68, 60, 83, 7,82, 72, 50) none was reached exactly.
        ("bekasi_2024/tabel_3_4_indikator_program.csv", 0, 8),
        # 98 rows print the same text as target and realisasi, 23 of them 100: 75 of 108, 69 percent.
        ("balangan_2024/tabel_3_9_kinerja_anggaran.csv", 75, 108),
    ],
)
def test_no_office_of_the_seeds_reports_its_targets(path: str, same: int, counted: int) -> None:
    pairs = [
        Pair(row["kunci"], target, realisasi)
        for row in rows(path)
        if (target := number(row["target"])) is not None and (realisasi := number(row["realisasi"])) is not None
    ]
    notable = [pair for pair in pairs if pair.target not in (0, 100)]
    assert (sum(pair.target == pair.realisasi for pair in notable), len(notable)) == (same, counted)
    assert ask_realisasi_is_target("unit", "Dinas Kesehatan", pairs) is None
