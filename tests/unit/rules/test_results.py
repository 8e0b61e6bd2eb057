"""Periods, quarters, comparisons, money, surveys, evaluations and codes: the edges."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from capaian.rules.akip import compute_lke, score_subkomponen
from capaian.rules.efisiensi import compute_efisiensi, compute_serapan, compute_sisa
from capaian.rules.kesehatan import compute_indeks_kesehatan, compute_rate, rate_base
from capaian.rules.nomenklatur import KodeError, parse_kode
from capaian.rules.numbers import NumberFormatError
from capaian.rules.packs import load_pack
from capaian.rules.perbandingan import compare_years, own_area, rank, rank_trace
from capaian.rules.periods import Period, parse_period
from capaian.rules.skm import combine_units, compute_ikm, compute_nrr
from capaian.rules.terbilang import terbilang
from capaian.rules.triwulan import aggregate_with_trace, check_split, split_target

pytestmark = pytest.mark.unit
D = Decimal
SKM = load_pack("skm/permenpanrb_14_2017")


def test_periods_are_closed_intervals() -> None:
    assert (Period(2024).start, Period(2024).end) == (date(2024, 1, 1), date(2024, 12, 31))
    assert (Period(2024, 2).start, Period(2024, 2).end) == (date(2024, 4, 1), date(2024, 6, 30))
    assert (Period(2024, semester=2).start, Period(2024, semester=2).end) == (date(2024, 7, 1), date(2024, 12, 31))
    assert Period(2024, bulan=2).end == date(2024, 2, 29)
    assert Period(2024, 2).contains(date(2024, 6, 30))
    assert Period(2024, 2).previous_year() == Period(2023, 2)


def test_period_labels_and_codes() -> None:
    periods = [Period(2024), Period(2024, 2), Period(2024, semester=1), Period(2024, bulan=5), Period(2024, bulan=12)]
    labels = ["Tahun 2024", "Triwulan II 2024", "Semester I 2024", "Mei 2024", "Desember 2024"]
    assert [period.label for period in periods] == labels
    assert [period.code for period in periods] == ["2024", "2024-T2", "2024-S1", "2024-05", "2024-12"]
    assert [parse_period(period.code) for period in periods] == periods
    with pytest.raises(ValueError, match="2024-T2"):
        parse_period("2024-T5")


def test_period_order_and_future() -> None:
    year, quarter, month = Period(2024), Period(2024, 4), Period(2024, bulan=12)
    assert sorted([year, Period(2024, 1), month, quarter]) == [Period(2024, 1), month, quarter, year]
    assert Period(2024, 2).is_future(date(2024, 3, 31))
    assert not Period(2024, 2).is_future(date(2024, 4, 1))
    assert Period(2024, 2).is_finished(date(2024, 7, 1))
    assert not Period(2024, 2).is_finished(date(2024, 6, 30))
    assert [p.number for p in Period(2024, 2).parts("bulan")] == [4, 5, 6]
    with pytest.raises(ValueError, match="tidak dapat dibagi"):
        Period(2024, bulan=1).parts("triwulan")


@pytest.mark.parametrize("fields", [{"triwulan": 5}, {"bulan": 0}, {"semester": 3}, {"triwulan": 1, "bulan": 1}])
def test_impossible_periods(fields: dict[str, int]) -> None:
    with pytest.raises(ValueError):
        Period(2024, **fields)


def test_terbilang() -> None:
    assert terbilang(0) == "nol"
    assert terbilang(1_111) == "seribu seratus sebelas"
    assert terbilang(2024) == "dua ribu dua puluh empat"
    assert terbilang(1_000_000) == "satu juta"
    with pytest.raises(ValueError):
        terbilang(10**18)


def test_empty_quarters_are_unknown_not_zero() -> None:
    found = aggregate_with_trace([D(2), None, D(3), None], "jumlah")
    assert found.nilai == 5
    assert "2 triwulan belum terisi" in found.catatan[0]
    assert found.trace.steps[0].inputs == (("TW I", "2"), ("TW III", "3"))
    with pytest.raises(ValueError, match="rata_rata"):
        aggregate_with_trace([], "rerata")  # type: ignore[arg-type]


def test_split_refuses_what_cannot_add_up() -> None:
    with pytest.raises(NumberFormatError, match="desimal"):
        split_target(D("0.013"), 2, "jumlah")
    assert split_target(D(98), 0, "posisi_akhir") == [D(98)] * 4
    assert split_target(D("0.013"), 3, "jumlah") == [D("0.004"), D("0.003"), D("0.003"), D("0.003")]


def test_check_split_of_levels() -> None:
    assert check_split(D(98), [D(95), D(96), D(97), D(98)], "posisi_akhir") == ()
    assert [f.kode for f in check_split(D(98), [D(95), D(96), D(97), D(97)], "posisi_akhir")] == ["akhir_berbeda"]
    assert [f.kode for f in check_split(D(80), [D(70), D(80), D(80), D(80)], "rata_rata")] == ["rata_rata_berbeda"]
    assert check_split(D(80), [None] * 4, "jumlah") == ()


def test_changes_between_years() -> None:
    assert compare_years(D("80.70"), D("80.67"), "naik").meaning == "memburuk"
    assert compare_years(D(4), D(4), "turun").meaning == "tetap"
    assert compare_years(D(0), D(4), "naik").persen is None
    assert compare_years(None, D(4), "naik").catatan
    assert compare_years(D(50), D(40), "turun").persen == -20


def test_rank_with_ties_and_gaps() -> None:
    ranked = rank([("a", D(3)), ("b", None), ("c", D(1)), ("d", D(1))], "turun")
    assert [(e.nama, e.peringkat, e.seri) for e in ranked] == [
        ("c", 1, True),
        ("d", 1, True),
        ("a", 3, False),
        ("b", None, False),
    ]
    [step] = rank_trace(ranked, "a", "turun").steps
    assert (step.result, step.inputs) == ("3 dari 3", (("c", "1"), ("d", "1"), ("a", "3")))
    assert rank_trace(ranked, "b", "turun").steps == rank_trace(ranked, "z", "turun").steps == ()


def test_money_edges() -> None:
    assert compute_serapan(0, 5).nilai is None
    assert compute_serapan(None, 5).catatan
    assert "melebihi pagu" in compute_serapan(10, 12).catatan[0]
    assert compute_sisa(10, 12).nilai == -2


def test_efficiency_edges() -> None:
    pack = load_pack("efisiensi/pmk_22_2021")
    assert compute_efisiensi("rasio", persen_capaian=D(100), pagu=100, realisasi=80).tampil == D("1.25")
    assert compute_efisiensi("rasio", persen_capaian=D(100), pagu=100, realisasi=0).nilai is None
    assert compute_efisiensi("selisih", persen_capaian=None, pagu=100, realisasi=80).catatan
    high = compute_efisiensi("pmk", persen_capaian=D(200), pagu=100, realisasi=10, pack=pack)
    low = compute_efisiensi("pmk", persen_capaian=D(50), pagu=100, realisasi=100, pack=pack)
    assert (high.nilai_efisiensi, low.nilai_efisiensi) == (100, 0)
    assert compute_efisiensi("pmk", persen_capaian=D(-5), pagu=100, realisasi=10, pack=pack).nilai is None
    with pytest.raises(ValueError, match="pmk_22_2021"):
        compute_efisiensi("pmk", persen_capaian=D(100), pagu=100, realisasi=80)
    with pytest.raises(ValueError, match="selisih, pmk, atau rasio"):
        compute_efisiensi("kira", persen_capaian=D(100), pagu=100, realisasi=80)  # type: ignore[arg-type]


def test_survey_edges() -> None:
    assert compute_nrr([4, None, 3], SKM) == D("3.5")
    assert compute_nrr([None], SKM) is None
    with pytest.raises(ValueError, match="di luar"):
        compute_nrr([5], SKM)
    with pytest.raises(ValueError, match="sekurang-kurangnya satu"):
        compute_ikm({}, SKM)
    full = compute_ikm({f"u{n}": D(4) for n in range(9)}, SKM)
    assert (full.tampil, full.mutu) == (100, "A")  # a weight rounded to 0,11 would give 99
    assert compute_ikm({"u1": D(3), "u2": D("2.5")}, SKM).unsur_terendah == ("u2",)
    units = [(D(80), 100), (D(90), 300)]
    assert combine_units(units, "rata_rata_unit") == 85
    assert combine_units(units, "bobot_responden") == D("87.5")
    assert combine_units([], "rata_rata_unit") is None


def test_evaluation_edges() -> None:
    pack = load_pack("akip/permenpanrb_88_2021")
    with pytest.raises(ValueError, match="tidak ada pada"):
        compute_lke({"5": D(10)}, pack)
    with pytest.raises(ValueError, match="di luar 0 sampai 30"):
        compute_lke({"1": D(31)}, pack)
    with pytest.raises(ValueError, match="AA, A, BB"):
        score_subkomponen(D(6), "F", pack)


def test_rates() -> None:
    assert compute_rate(5, 0, 1000).nilai is None
    assert compute_rate(None, 10).catatan
    assert "melebihi" in compute_rate(5, 4).catatan[0]
    with pytest.raises(ValueError, match="Pengali"):
        compute_rate(1, 2, 7)
    assert compute_indeks_kesehatan(D(90)).catatan


def test_codes() -> None:
    sub = parse_kode(" 1.02.02.2.02.0001 ")
    assert (sub.kind, sub.versi, sub.parent, sub.program) == ("sub_kegiatan", "empat_angka", "1.02.02.2.02", "1.02.02")
    assert parse_kode("1.02.02.2.02").parent == "1.02.02"
    assert parse_kode("1.02.02").parent is None
    assert parse_kode("X.XX.01.2.02").kode == "1.02.01.2.02"
    assert parse_kode("1.02.02.2.02.39").versi == "dua_angka"
    assert parse_kode("1.02.02.2.02.39") != parse_kode("1.02.02.2.02.0039")
    assert parse_kode("1_02.02.2.O2.0009", from_ocr=True).kode == "1.02.02.2.02.0009"
    for text in ("1.O2.02.2.02.ffi4", "1.02.02.3.02", "1.02.02.2.02.001", ""):
        with pytest.raises(KodeError):
            parse_kode(text, from_ocr=True)


def test_base_of_a_rate_is_read_from_its_unit() -> None:
    assert rate_base("per 1000 KH") == 1000
    assert rate_base("Angka Kematian Ibu per 100.000 kelahiran hidup") == 100_000
    assert rate_base("per 7 hari") is None
    assert rate_base("persen") is None


def test_own_area_among_others() -> None:
    """Tabel 3.3 of Bekasi lists the kota and the kabupaten of one name; Tabel 3.8 of Balangan no kabupaten as such."""
    bekasi = ["Kota Bekasi", "Kota Bandung", "Bekasi"]
    assert own_area("Kota Bekasi", bekasi) == "Kota Bekasi"
    assert own_area("Kabupaten Bekasi", bekasi) == "Bekasi"
    assert own_area("Kota Bekasi", ["Bekasi"]) == ""
    assert own_area("Kabupaten Balangan", ["Banjar", "Balangan"]) == "Balangan"
    assert own_area("Kabupaten Balangan", ["BANJAR", "KAB. BALANGAN"]) == "KAB. BALANGAN"
