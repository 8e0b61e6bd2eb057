"""What the fidelity check finds in the four documents: facts that were computed independently, and planted errors."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from capaian.exchange.fidelity.check import check_sample, render_text, summary, to_json
from capaian.exchange.fidelity.coverage import coverage, uncovered
from capaian.exchange.fidelity.figures import Figure
from capaian.exchange.fidelity.reasons import EXTRA_GROUP, SWAPPED, TRUNCATED, UNEXPLAINED
from capaian.exchange.fidelity.report import coverage_markdown, fidelity_markdown
from capaian.exchange.fidelity.results import OPPOSITE
from capaian.exchange.samples.reader import SAMPLES_DIR, read_sample

pytestmark = pytest.mark.acceptance

NAMES = ("balangan_2024", "metro_2024", "bekasi_2024", "tana_toraja_2025")
Find = Callable[..., Figure]


@pytest.fixture(scope="module")
def figures() -> dict[str, list[Figure]]:
    return {name: check_sample(read_sample(name)) for name in NAMES}


@pytest.fixture(scope="module")
def find(figures: dict[str, list[Figure]]) -> Find:
    """The only figure of a sample with these properties; `row` and `formula` as the beginning of the text."""

    def only(sample: str, table: str, row: str, column: str = "", formula: str = "", kunci: str = "") -> Figure:
        found = [
            figure
            for figure in figures[sample]
            if figure.table == table
            and figure.row.startswith(row)
            and column in ("", figure.column)
            and figure.formula.startswith(formula)
            and kunci in ("", figure.kunci)
        ]
        assert len(found) == 1, found
        return found[0]

    return only


def test_desa_odf_was_computed_with_the_formula_of_the_opposite_direction(find: Find) -> None:
    # (64,74 ÷ 70) × 100 = 92,49; (2 × 70 − 64,74) ÷ 70 × 100 = 107,51
    figure = find("balangan_2024", "Tabel 3.9", "1.02.02/8 ", "capaian_tercetak")
    assert (figure.printed, figure.computed, figure.equal) == ("107,5", "92,49", False)
    assert figure.reason == f"{OPPOSITE}: (2T − R) ÷ T × 100"
    assert figure.inputs == {"target": "70", "realisasi": "64,74", "arah": "naik"}


@pytest.mark.parametrize(
    ("kunci", "printed"),
    [
        ("1.02.02.2.02.0015/2", "120,65"),  # mean of four component ratios
        ("1.02.02/2", "-123,3"),  # (6 − 9,70) ÷ 3
        ("1.02.01.2.10/3", "97"),  # 0,97 : 1000 against 1 : 1000
        ("1.02.03/1", "71,11"),  # 45 per 100.000
    ],
)
def test_special_cases_of_balangan_agree(find: Find, kunci: str, printed: str) -> None:
    figure = find("balangan_2024", "Tabel 3.9", f"{kunci} ", "capaian_tercetak")
    assert (figure.printed, figure.status) == (printed, "sama")


def test_stunting_of_bekasi_uses_the_formula_of_its_office(find: Find) -> None:
    figure = find("bekasi_2024", "Tabel 3.4", "1.02.02/10 ", "capaian_tercetak")
    assert (figure.printed, figure.status, figure.formula) == ("270,59%", "sama", "T ÷ R × 100")


def test_a_truncated_figure_is_not_equal_and_says_so(find: Find) -> None:
    figure = find("bekasi_2024", "Kalimat", "3.2.A.1: Capaian nilai AKIP tahun 2023 dari target")
    assert (figure.printed, figure.computed, figure.status) == ("104,80", "104,81", "beda")
    assert figure.reason.startswith(TRUNCATED)


def test_an_extra_group_of_digits_is_named(find: Find) -> None:
    figure = find("bekasi_2024", "Kalimat", "3.2.C.a: Pagu APBD perubahan")
    assert (figure.printed, figure.computed) == ("862.583.197.187.457", "862.583.197.457")
    assert figure.reason == EXTRA_GROUP


def test_a_percentage_that_its_own_numbers_do_not_give(figures: dict[str, list[Figure]]) -> None:
    found = [figure for figure in figures["balangan_2024"] if figure.printed == "71,5"]
    assert [(figure.computed, figure.reason) for figure in found] == [("96,95", UNEXPLAINED)] * 2


def test_swapped_digits_are_named(find: Find) -> None:
    figure = find("balangan_2024", "Kalimat", "III.C: Realisasi pelayanan hipertensi")
    assert (figure.printed, figure.computed, figure.reason) == ("1.152.256.658", "1.152.265.658", SWAPPED)


@pytest.mark.parametrize(
    ("level", "printed", "computed"),
    [("program", "85,07", "84,74"), ("kegiatan", "99,68", "99,31"), ("sub kegiatan", "102,02", "104,93")],
)
def test_averages_of_balangan(find: Find, level: str, printed: str, computed: str) -> None:
    figure = find("balangan_2024", "Kalimat", f"IV.A: Rata-rata capaian kinerja seluruh {level}")
    assert (figure.printed, figure.computed, figure.status) == (printed, computed, "beda")


def test_quarters_of_metro_do_not_add_up_to_the_year(find: Find) -> None:
    figure = find("metro_2024", "Rencana Aksi", "iku.stunting ", "target", formula="Σ triwulan")
    assert (figure.printed, figure.computed, figure.status) == ("8.5", "8.52", "beda")
    assert figure.reason == "setiap triwulan dibulatkan, jumlahnya 8,52"


def test_the_five_programmes_of_metro_do_not_add_up_to_the_sasaran(find: Find) -> None:
    figure = find("metro_2024", "Rencana Aksi", "iku.ahh ", "anggaran")
    assert (figure.printed, figure.computed) == ("343,221,061,270", "342,067,018,088")


@pytest.mark.parametrize(
    ("sample", "table", "row", "column", "value"),
    [
        ("balangan_2024", "Tabel 3.9", "JUMLAH", "pagu", 423_419_620_839),
        ("balangan_2024", "Tabel 3.9", "JUMLAH", "realisasi_anggaran", 378_770_560_925),
        ("bekasi_2024", "Tabel 3.7", "TOTAL", "anggaran", 862_583_197_457),
        ("bekasi_2024", "Tabel 3.7", "TOTAL", "total_tercetak", 778_228_368_441),
    ],
)
def test_totals_that_hold(find: Find, sample: str, table: str, row: str, column: str, value: int) -> None:
    figure = find(sample, table, row, column, formula="Σ program")
    assert (figure.value, figure.status) == (Decimal(value), "sama")


def test_one_quantity_in_two_tables(find: Find) -> None:
    wasting = find("balangan_2024", "Tabel 3.9", "1.02.02/4 ", "target")
    assert (wasting.printed, wasting.computed, wasting.status) == ("7", "0,07", "beda")
    assert wasting.formula == "sama dengan tabel_2_3:1.02.02/4:target"
    # 11,6 and 11,61 are one number in two precisions
    stunting = find("balangan_2024", "Tabel 3.1", "iku.stunting ", "target")
    assert stunting.status == "sama"


def test_every_numeric_cell_of_a_table_is_covered(figures: dict[str, list[Figure]]) -> None:
    for name in NAMES:
        left = [cell.place for cell in uncovered(read_sample(name), figures[name]) if cell.table.kind != "kalimat"]
        assert left == []


def test_more_than_1700_printed_figures_are_compared(figures: dict[str, list[Figure]]) -> None:
    counts = [coverage(read_sample(name), figures[name])[""] for name in NAMES]
    assert sum(count.dihitung + count.diulang for count in counts) > 1700


def test_no_difference_is_silent(figures: dict[str, list[Figure]]) -> None:
    for figure in (figure for name in NAMES for figure in figures[name]):
        assert bool(figure.reason) == (figure.status != "sama")
        assert figure.formula or figure.status == "tidak_dihitung"


def test_text_and_json_tell_the_same(figures: dict[str, list[Figure]]) -> None:
    text = render_text(figures["bekasi_2024"])
    assert "tercetak 862.583.197.187.457, terhitung 862.583.197.457" in text
    data = to_json(figures["bekasi_2024"])["figures"]
    counts = summary(figures["bekasi_2024"])[""]
    assert [sum(row["equal"] is value for row in data) for value in (True, False, None)] == [
        counts.sama,
        counts.beda,
        counts.tidak_dihitung,
    ]
    assert set(data[0]) == {
        "seed", "table", "row", "column", "printed", "computed", "equal", "formula", "inputs", "reason",
    }  # fmt: skip


def test_the_command_prints_json_and_reports_differences_by_its_exit_code() -> None:
    command = [sys.executable, "-m", "capaian", "check", "metro_2024", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=SAMPLES_DIR.parent)
    assert done.returncode == 1, done.stderr
    assert {figure["seed"] for figure in json.loads(done.stdout)["figures"]} == {"001"}


def test_the_reference_pages_hold_every_difference_and_every_file(figures: dict[str, list[Figure]]) -> None:
    samples = [read_sample(name) for name in NAMES]
    page = fidelity_markdown(samples)
    assert page.count("\n| Rencana Aksi |") == 1 + summary(figures["metro_2024"])[""].beda
    pages = coverage_markdown(samples)
    assert all(f"`{table.file}`" in pages for sample in samples for table in sample.tables)
    assert not [line for line in pages.splitlines() if line.endswith("|  |") and "Total" not in line]


def test_two_places_of_tana_toraja_state_another_achievement(find: Find) -> None:
    # Monitoring table of Bab IV against form 2.E.2, of one year
    figure = find("tana_toraja_2025", "Monitoring Evaluasi", "Ibu hamil", "realisasi")
    assert (figure.printed, figure.computed, figure.equal) == ("47,12", "45,16", False)
    # Allocation table against form 2.D.2
    money = find("tana_toraja_2025", "Alokasi Anggaran", "Ibu bersalin", "alokasi")
    assert (money.printed, money.computed, money.equal) == ("121.250.000", "121.150.000", False)


def test_the_sum_of_damaged_allocations_is_reported_and_not_guessed(find: Find) -> None:
    # 656.212.697 + 121.250.000 + 28.350.000 + 602.005.000 + 571.275.000 + 779.860.000 + 80.100.000 + 63.600.000
    # + 103.040.000 = 3.005.692.697; three of the twelve rows and the total (about 4,68 billion) are damaged
    figure = find("tana_toraja_2025", "Alokasi Anggaran", "JUMLAH")
    assert (figure.printed, figure.computed, figure.equal) == ("a681,r1r,923", "", None)
    assert "9 dari 12 baris terbaca, berjumlah 3.005.692.697" in figure.reason


def test_a_damaged_figure_of_tana_toraja_is_named_and_never_read(figures: dict[str, list[Figure]]) -> None:
    unread = [figure for figure in figures["tana_toraja_2025"] if figure.reason.startswith("angka tercetak ")]
    assert {figure.computed for figure in unread} == {""}
    damaged = {figure.printed for figure in unread}
    assert {"1a31.611,631", "3r.r(b,600", "221,610", "79,9610", "al33", "5135"} <= damaged
    assert {"47,12", "45.16", "6423"}.isdisjoint(damaged)


def test_a_readable_total_of_allocations_is_compared(spoiled_readable: list[Figure]) -> None:
    [total] = [figure for figure in spoiled_readable if figure.row == "JUMLAH"]
    # 3.005.692.697 and the three amounts that the copy fills in: 1 + 2 + 4
    assert (total.printed, total.computed, total.equal) == ("3.005.692.700", "3.005.692.704", False)


@pytest.fixture
def spoiled_readable(tmp_path: Path) -> list[Figure]:
    """The check of a copy in which every allocation can be read."""
    folder = Path(shutil.copytree(SAMPLES_DIR / "tana_toraja_2025", tmp_path / "tana_toraja"))
    path = folder / "alokasi.csv"
    text = path.read_text(encoding="utf-8")
    for damaged, amount in (
        ('"1a31.611,631",,', '"1",1,'),
        ('"212.187,00n",,', '"2",2,'),
        ('"3r.r(b,600",,', '"4",4,'),
        ('"a681,r1r,923",,', '"3.005.692.700",3.005.692.700,'),
    ):
        assert damaged in text
        head, tail = text.split(damaged)
        text = head + amount + tail.replace("tidak_terbaca", "terbaca", 1)
    path.write_text(text, encoding="utf-8")
    return check_sample(read_sample(folder))


def test_bekasi_prints_two_percentages_of_one_service(find: Find) -> None:
    # 144.969 ÷ 150.066 × 100 = 96,60 in the text, 85,44 in table 3.4: both are kept
    figure = find("bekasi_2024", "Tabel 3.4", "1.02.02/16 ", "realisasi", formula="pembilang")
    assert (figure.printed, figure.computed, figure.equal) == ("85,44", "96,60", False)
    text = find("bekasi_2024", "Bab III B", "Balita", "persen_tercetak")
    assert (text.printed, text.status) == ("96,60%", "sama")


@pytest.fixture
def spoiled(tmp_path: Path) -> Callable[[str, str, str, str], list[Figure]]:
    """Check a copy of a sample in which the first `old` of a file is replaced."""

    def check(sample: str, file: str, old: str, new: str) -> list[Figure]:
        folder = Path(shutil.copytree(SAMPLES_DIR / sample, tmp_path / sample))
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return check_sample(read_sample(folder))

    return check


@pytest.mark.parametrize(
    ("sample", "file", "old", "new", "places"),
    [
        # a percentage, a remainder, an amount that its parent and the plan also state
        ("balangan_2024", "tabel_3_9_kinerja_anggaran.csv", '"74,1",297.808.907', '"74,2",297.808.907', 1),
        ("balangan_2024", "tabel_3_9_kinerja_anggaran.csv", '"83,8",84.262.171', '"83,8",84.262.117', 2),
        ("balangan_2024", "tabel_3_9_kinerja_anggaran.csv", "518.692.300,434", "518.692.310,434", 3),
        # a count in a column of a group, so that the row, the group and no other table differ
        ("bekasi_2024", "tabel_3_13_odf.csv", "7.989,99", "7.998,99", 1),
        ("bekasi_2024", "tabel_3_3_uhh.csv", '"75,83",,"85,89"', '"75,83",,"85,98"', 1),
        ("metro_2024", "rencana_aksi.csv", "12.99,3.25", "12.99,3.35", 1),
    ],
)
def test_a_planted_error_is_reported(
    spoiled: Callable[[str, str, str, str], list[Figure]],
    figures: dict[str, list[Figure]],
    sample: str,
    file: str,
    old: str,
    new: str,
    places: int,
) -> None:
    before = {(figure.cell, figure.formula) for figure in figures[sample] if figure.status == "beda"}
    after = [figure for figure in spoiled(sample, file, old, new) if figure.status == "beda"]
    fresh = [figure for figure in after if (figure.cell, figure.formula) not in before]
    assert len(fresh) >= places
    assert {figure.cell[0] for figure in fresh} >= {file}


def test_the_policy_of_the_office_decides_the_formula(
    spoiled: Callable[[str, str, str, str], list[Figure]],
) -> None:
    found = spoiled("bekasi_2024", "sample.yaml", "rumus_turun: kebalikan", "rumus_turun: selisih")
    [figure] = [f for f in found if f.row.startswith("1.02.02/10 ") and f.column == "capaian_tercetak"]
    # (2 × 7,82 − 2,89) ÷ 7,82 = 163,04; the print follows the other formula, and the reason says which
    assert (figure.computed, figure.reason) == ("163,04", "rumus lain: T ÷ R × 100")
