"""Whole columns of printed reports, recomputed: what the reports print comes out, and their slips are seen as such."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from capaian.rules.capaian import CapaianRule, compute_capaian, mean_capaian
from capaian.rules.efisiensi import Keluaran, compute_efisiensi_pmk, compute_serapan, compute_sisa
from capaian.rules.kesehatan import compute_indeks_kesehatan, compute_rate
from capaian.rules.numbers import parse_number, parse_rupiah, round_half_up
from capaian.rules.packs import load_pack
from capaian.rules.perbandingan import compare_years, rank
from capaian.rules.skm import sample_size
from capaian.rules.target import parse_target
from capaian.rules.triwulan import check_split, split_target

pytestmark = pytest.mark.spec
SAMPLES = Path(__file__).resolve().parents[2] / "samples"

# LKIP Bekasi 2024, Tabel 3.3: UHH and Indeks Kesehatan as printed.
UHH = """76,14 86,37|75,83 85,89|75,82 85,88|75,8 85,85|75,55 85,46|75,48 85,35|75,33 85,12|75,31 85,09|75,29 85,06
75,26 85,02|75,23 84,97|75,22 84,95|75,16 84,86|75,11 84,78|75,08 84,74|75,06 84,71|74,99 84,60|74,98 84,58|74,92 84,49
74,9 84,46|74,87 84,42|74,85 84,38|74,82 84,34|74,8 84,31|74,06 83,17|72,39 80,6""".replace("\n", "|").split("|")

# LKIP Bekasi 2024, Tabel 2.3, and LKIP Balangan 2024, Tabel 3.9.
BEKASI_PROGRAM = [
    "Rp. 255.424.594.746,-",
    "Rp. 541.017.638.122,-",
    "Rp. 50.778.093.600,-",
    "Rp. 187.400.000,-",
    "Rp. 15.175.470.989,-",
]

# Rencana Aksi Kota Metro 2024: target and its four printed quarters, with the behaviour the office gave it.
METRO_SUMS = [
    ("14", ["6", "2", "3", "3"]),
    ("10", ["2", "3", "2", "3"]),
    ("9", ["2", "2", "2", "3"]),
    ("22", ["5", "5", "6", "6"]),
    ("11", ["2", "3", "3", "3"]),
    ("12.99", ["3.25", "3.25", "3.25", "3.24"]),
    ("93", ["23", "23", "23", "24"]),
    ("94", ["23", "24", "24", "23"]),
]
METRO_SLIPS = [
    ("8.5", ["2.13"] * 4, "8.52"),
    ("194.39", ["48.59"] * 4, "194.36"),
    ("67.81", ["16.95"] * 4, "67.80"),
    ("0.013", ["0.003"] * 4, "0.012"),
]


@pytest.mark.parametrize("row", UHH)
def test_indeks_kesehatan_column_of_bekasi(row: str) -> None:
    uhh, printed = (parse_number(cell) for cell in row.split())
    assert compute_indeks_kesehatan(uhh).tampil == printed


def test_programs_of_bekasi_add_up_to_the_agreement() -> None:
    assert sum(map(parse_rupiah, BEKASI_PROGRAM)) == parse_rupiah("Rp. 862.583.197.457,-")


def test_spending_of_bekasi() -> None:
    assert compute_serapan(862_583_197_457, 778_228_368_441).tampil == Decimal("90.22")
    assert compute_sisa(862_583_197_457, 778_228_368_441).nilai == 84_354_829_016


def test_pmk_pooled_over_bekasi() -> None:
    outputs = (
        Keluaran(222_703_681_000, 206_776_429_464, Decimal("80.67") / 79 * 100),
        Keluaran(32_720_913_746, 29_820_704_231, Decimal("83.83") / 80 * 100),
        Keluaran(607_158_602_711, 541_631_234_746, Decimal("76.14") / Decimal("75.47") * 100),
    )
    result = compute_efisiensi_pmk(outputs, load_pack("efisiensi/pmk_22_2021"))
    assert result.tampil == Decimal("10.98")
    assert result.nilai_efisiensi is not None
    assert round_half_up(result.nilai_efisiensi, 1) == Decimal("77.5")


@pytest.mark.parametrize(
    ("kasus", "penyebut", "per", "printed"),
    [
        (15_413, 23_700, 100, "65.03"),
        (15, 48, 100, "31.25"),
        (3_641, 125_989, 100, "2.89"),
        (1_118, 1_204, 100, "92.86"),
        (48, 53, 100, "90.57"),
        (153, 158, 100, "96.84"),
        (2, 1_674, 100_000, "119.47"),
    ],
)
def test_counts_reproduce_printed_rates(kasus: int, penyebut: int, per: int, printed: str) -> None:
    assert compute_rate(kasus, penyebut, per).tampil == Decimal(printed)


@pytest.mark.parametrize(("population", "size"), [(100, 80), (500, 217), (1000, 278), (10_000, 370), (10, 10)])
def test_krejcie_morgan_table(population: int, size: int) -> None:
    assert sample_size(population, load_pack("skm/permenpanrb_14_2017")) == size


def test_even_split_of_the_regulation_notes() -> None:
    assert [str(part) for part in split_target(Decimal("8.5"), 2, "jumlah")] == ["2.13", "2.13", "2.12", "2.12"]
    assert [str(part) for part in split_target(Decimal(98), 1, "jumlah")] == ["24.5"] * 4


@pytest.mark.parametrize(("target", "quarters"), METRO_SUMS)
def test_sound_splits_of_metro(target: str, quarters: list[str]) -> None:
    assert check_split(Decimal(target), [Decimal(q) for q in quarters], "jumlah") == ()


@pytest.mark.parametrize(("target", "quarters", "total"), METRO_SLIPS)
def test_splits_of_metro_that_do_not_add_up(target: str, quarters: list[str], total: str) -> None:
    (finding,) = check_split(Decimal(target), [Decimal(q) for q in quarters], "jumlah")
    assert (finding.kode, finding.found) == ("jumlah_berbeda", Decimal(total))
    assert "pembulatan" in finding.message


@pytest.mark.parametrize(
    ("target", "quarters"), [("98", ["24.5"] * 4), ("8.5", ["2.13"] * 4), ("194.39", ["48.59"] * 4)]
)
def test_levels_of_metro_split_into_parts(target: str, quarters: list[str]) -> None:
    (finding,) = check_split(Decimal(target), [Decimal(q) for q in quarters], "posisi_akhir")
    assert finding.kode == "sifat_tidak_sesuai"
    assert "target triwulan tidak sesuai sifat indikator" in finding.message


def test_annual_position_of_metro_is_sound() -> None:
    assert check_split(Decimal("72.18"), [None, None, None, Decimal("72.18")], "posisi_akhir") == ()


def test_balangan_against_renstra_and_last_year() -> None:
    rule = CapaianRule("turun", "selisih", desimal=1)
    assert compute_capaian("115", "119", rule).tampil == Decimal("96.5")
    change = compare_years(Decimal(207), Decimal(119), "turun")
    assert (change.selisih, change.meaning) == (Decimal(-88), "membaik")


def test_bekasi_leads_west_java() -> None:
    names = ["Kota Bekasi", "Kota Bandung", "Pangandaran", "Kota Sukabumi", "Subang"]
    values = ["76,14", "75,83", "75,11", "75,11", "75,08"]
    ranked = rank(list(zip(names, map(parse_number, values), strict=True)), "naik")
    assert [(entry.peringkat, entry.seri) for entry in ranked] == [
        (1, False),
        (2, False),
        (3, True),
        (3, True),
        (5, False),
    ]


def test_desa_odf_of_balangan_shows_its_fault() -> None:
    printed_way = compute_capaian("70", "64,74", CapaianRule("naik", "selisih", desimal=1))
    assert printed_way.tampil == Decimal("107.5")
    assert any("Rumus selisih" in note for note in printed_way.catatan)


def read_balangan() -> list[dict[str, str]]:
    lines = (SAMPLES / "balangan_2024" / "tabel_3_9_kinerja_anggaran.csv").read_text(encoding="utf-8").splitlines()
    return [row for row in csv.DictReader(lines[1:]) if row["target"] and row["capaian_tercetak"]]


def test_every_row_of_balangan_table_3_9_agrees_but_one() -> None:
    """Only desa ODF differs: the report used the formula of the opposite direction there."""
    rows, differing = read_balangan(), []
    for row in rows:
        rule = CapaianRule(row["arah"], "rasio" if row["arah"] == "naik" else "selisih")  # type: ignore[arg-type]
        found = compute_capaian(row["target"], row["realisasi"], rule, convention="id")
        printed = parse_number(row["capaian_tercetak"], "id")
        decimals = max(0, -int(printed.as_tuple().exponent))
        assert found.persen is not None, row["kunci"]
        if round_half_up(found.persen, decimals) != printed:
            differing.append(row["indikator"])
    assert len(rows) > 100
    assert differing == ["Persentase desa yang mencapai ODF"]


def test_programme_mean_of_balangan() -> None:
    """Printed 85,07: eighteen programme indicators, BBLR taken as 9,52; with the printed 9,70 it is 84,74."""
    rows = [row for row in read_balangan() if row["jenis"] == "program"]
    results = []
    for row in rows:
        rule = CapaianRule(row["arah"], "rasio" if row["arah"] == "naik" else "selisih")  # type: ignore[arg-type]
        odf = "ODF" in row["indikator"]
        used = CapaianRule(row["arah"], "selisih") if odf else rule  # type: ignore[arg-type]  # as printed
        results.append(compute_capaian(row["target"], row["realisasi"], used, convention="id").persen)
    mean = mean_capaian(results)
    assert len(results) == 18
    assert mean is not None
    assert round_half_up(mean, 2) == Decimal("84.74")


# Target columns of the reports, as printed; the forms of Pati (Tabel 1 to 5) and Tana Toraja included.
PRINTED_TARGETS = """
100|28|0,1|11,5|3,8|ya|<20|<9,5|<17|100 %|< 30|< 1|≥ 95|0|<10|<3/100.000 pend|Maks tgl 5|maks tgl 5
100%|> 80 %|< 24 Jam|Ada|150|≤ 2 %|≥ 5 %|≥ 60|≤ 3|≤20 %|≤ 60|Sudah ada bukti ijin operasional
Tersedia 100%|Seluruh PNS|Ada SK Ka Pusk Tentang SO dan Uraian Tugas di Laksanakan|100%/ triwulan
Seluruh alat|Seluruh ruang|1 keg/ tahun|Memiliki dokumen SOP, dipahami dan dilaksanakan|Setiap bulan
1 kali setahun|≥ 97 %|90%|≥76.61|> 0,8|1 kegiatan/th|2 kali setahun di Sertai Analisis Kinerja
Baik 76,61 - 88,3|12 Bulan|80%|20%|6423|72.18|98|2|8.5|-|11 dan 2|0.35|0.013|194.39|12.99
125 per 100.000 KH|8,5 per 1000 KH|11,61%|27%|6 Puskesmas Paripurna, 1 RSUD Paripurna
73 Angka / Nilai|4 dokumen|1 : 1000|0,97:1000|Paripurna|685,11, 273,31 Orang|685 11 273 31
725 5 244 75|1 MoU|45 per 100.000 penduduk (Dokter)|0,07|5800 kk|6 Puskemas|75,47|100,00|16726 Orang
$\\geq 100\\%$
"""


@pytest.mark.parametrize("text", PRINTED_TARGETS.strip().replace("\n", "|").split("|"))
def test_every_printed_target_is_understood(text: str) -> None:
    assert parse_target(text).text == text


@pytest.mark.parametrize("text", ["800/6", "20vo", "2A%", "ao./.", "aov.", "aa,", "20ak", "Wola"])
def test_ocr_damage_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"target|Target"):
        parse_target(text)
