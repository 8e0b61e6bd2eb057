"""Sentences are correct Indonesian for every turn that figures can take."""

from __future__ import annotations

from decimal import Decimal

import pytest

from capaian.reports import facts, formats, sentences
from capaian.reports.facts import Money, Standing, Tally
from capaian.reports.snapshot import Measured, Pembanding, Score, YearPoint
from capaian.rules.perbandingan import rank

pytestmark = pytest.mark.unit


def measured(arah: str = "naik", target: str = "80", realisasi: str = "84", persen: str | None = "105") -> Measured:
    value = Decimal(realisasi.replace(",", ".")) if realisasi else None
    tampil = Decimal(persen) if persen else None
    status = "belum_ada" if tampil is None else "tercapai" if tampil >= 100 else "tidak_tercapai"
    return Measured(
        kunci="iku.contoh",
        nama="Nilai Contoh",
        satuan="%",
        arah=arah,
        sifat="posisi_akhir",
        desimal=2,
        target=target,
        realisasi=realisasi,
        value=value,
        score=Score(tampil, tampil, status, "", "pack"),
        history=(
            YearPoint(2022, "", "90", None, Decimal(90), Decimal("112.50")),
            YearPoint(2023, "", "86", None, Decimal(86), Decimal("107.50")),
            YearPoint(2024, target, realisasi, Decimal(80), value, tampil),
        ),
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (measured(), "capaiannya 105,00% dan target tercapai."),
        (measured(persen="99.99"), "capaiannya 99,99% dan target belum tercapai."),
        (measured(realisasi="", persen=None), "Realisasi tahun 2024 belum ada; target yang ditetapkan adalah 80%."),
        (measured(persen=None), "Persentase capaian tidak dapat dihitung untuk bentuk target ini."),
    ],
)
def test_target_and_realisasi(given: Measured, expected: str) -> None:
    assert sentences.reached(given, 2024).endswith(expected)


@pytest.mark.parametrize(
    ("arah", "realisasi", "expected"),
    [
        ("naik", "84", "realisasi turun 2 poin (2,33%), dari 86% menjadi 84%; kinerja memburuk."),
        ("turun", "84", "realisasi turun 2 poin (2,33%), dari 86% menjadi 84%; kinerja membaik."),
        ("naik", "87,5", "realisasi naik 1,5 poin (1,74%), dari 86% menjadi 87,5%; kinerja membaik."),
        ("turun", "86", "sama dengan realisasi tahun 2023."),
    ],
)
def test_change_from_last_year(arah: str, realisasi: str, expected: str) -> None:
    given = measured(arah, realisasi=realisasi)
    assert sentences.year_change(given, facts.change_of(given), 2024).endswith(expected)


def test_best_year_follows_the_direction() -> None:
    assert "nilai terbaik adalah 90% pada tahun 2022" in sentences.span_of_years(measured("naik"))
    assert "nilai terbaik adalah 84% pada tahun 2024" in sentences.span_of_years(measured("turun"))


def test_rank_names_its_order_and_ties() -> None:
    ranked = rank([("Kota A", Decimal(3)), ("Kota B", Decimal(5)), ("Kota C", Decimal(3))], "turun")
    place = Standing(ranked[0], ranked, (Pembanding("provinsi", "Provinsi", Decimal(4), None, None),))
    said = sentences.ranking(place, measured("turun"), "Kota A")
    assert "urutan ke-1 terbaik dari 3 kabupaten/kota" in said
    assert "nilai terendah sebagai yang terbaik" in said
    assert "nilai yang sama" in said


@pytest.mark.parametrize(
    ("arah", "own", "expected"),
    [
        ("naik", "5", "di atas Jawa Barat (4), artinya lebih baik daripada Jawa Barat."),
        ("turun", "5", "di atas Jawa Barat (4), artinya belum sebaik Jawa Barat."),
        ("turun", "3", "di bawah Jawa Barat (4), artinya lebih baik daripada Jawa Barat."),
        ("naik", "4", "sama dengan Jawa Barat (4)."),
    ],
)
def test_against_a_wider_area(arah: str, own: str, expected: str) -> None:
    assert sentences.against("Jawa Barat", Decimal(4), Decimal(own), arah).endswith(expected)


@pytest.mark.parametrize(
    ("tally", "expected"),
    [
        (Tally("", "IKU", 6, 3, 3, 0, None), "Dari 6 IKU, 3 mencapai target (50,00%) dan 3 belum mencapai target."),
        (Tally("", "IKU", 3, 3, 0, 0, None), "Seluruh 3 IKU mencapai target (100,00%)."),
        (Tally("", "IKU", 1, 0, 1, 0, None), "Satu IKU belum mencapai target."),
        (
            Tally("", "IKU", 4, 2, 1, 1, None),
            "Dari 4 IKU, 2 mencapai target (50,00%) dan 1 belum mencapai target serta 1 belum dapat dinilai.",
        ),
    ],
)
def test_counts(tally: Tally, expected: str) -> None:
    assert sentences.tallied(tally) == expected


def test_money_says_what_is_left() -> None:
    said = sentences.absorbed("Anggaran tahun 2024", 1000, 850, Money(1000, 850).serapan)
    assert said == "Anggaran tahun 2024 sebesar Rp1.000 terealisasi Rp850 atau 85,00%, dengan sisa Rp150."


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("14,58", "%", "14,58%"),
        ("119", "per 100.000 KH", "119 per 100.000 KH"),
        ("80,67", "Nilai", "80,67"),
        ("4", "Dokumen", "4 dokumen"),
        ("5800", "KK", "5800 KK"),
        ("100%", "%", "100%"),
        ("", "%", ""),
    ],
)
def test_value_with_its_unit(text: str, unit: str, expected: str) -> None:
    assert formats.with_unit(text, unit) == expected


@pytest.mark.parametrize(
    ("kept", "printed"),
    [
        (
            "PROGRAM PEMENUHAN UPAYA KESEHATAN PERORANGAN DAN UPAYA KESEHATAN MASYARAKAT",
            "Program Pemenuhan Upaya Kesehatan Perorangan dan Upaya Kesehatan Masyarakat",
        ),
        ("Program Sediaan Farmasi, Alat Kesehatan Dan Makanan", "Program Sediaan Farmasi, Alat Kesehatan dan Makanan"),
        ("persentase ibu hamil KEK", "Persentase ibu hamil KEK"),
        ("Rsud Jati Sampurna", "RSUD Jati Sampurna"),
        ("BOK PUSKESMAS", "BOK Puskesmas"),
    ],
)
def test_names_as_documents_print_them(kept: str, printed: str) -> None:
    assert formats.proper(kept) == printed


def test_a_spreadsheet_date_becomes_words() -> None:
    assert formats.sheet_date("04-Jan-24") == "4 Januari 2024"
    assert formats.sheet_date("2024") == "2024"
