"""Loading the reports of Balangan and Bekasi: their evaluations with the values, remarks and follow-up as printed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from capaian.assessments.actions_rekomendasi import RekomendasiInput, mark_of_row, save_rekomendasi
from capaian.assessments.models import Hasil, Jawaban, Rekomendasi
from capaian.assessments.queries_akip import official_of
from capaian.assessments.queries_rekomendasi import rekomendasi_rows
from capaian.assessments.source_akip import read_akip
from capaian.exchange.samples.load import load_sample
from capaian.exchange.samples.reader import read_sample
from capaian.organisations.models import TahunKinerja

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def test_balangan_has_twelve_grades_of_2023_that_make_79_50_and_three_recommendations() -> None:
    sample = read_sample("balangan_2024")
    load_sample(sample=sample, by=None)
    year = TahunKinerja.objects.get(instansi__kunci="balangan", tahun=2023)
    found = official_of(year)
    assert found is not None
    assert (found.penilaian.tahun_evaluasi, found.is_final, found.predikat()[0]) == (2024, True, "BB")
    assert found.rows["lke"].tampil == Decimal("79.50")
    grades = {one.butir: one.nilai for one in found.penilaian.jawaban.exclude(nilai="")}
    assert len(grades) == 12
    assert grades["1c"] == grades["3a"] == grades["4b"] == "A"
    # The first sub-component is printed with the value of its component.
    assert (grades["1a"], "Tercetak 24,60" in Jawaban.objects.get(butir="1a").catatan) == ("BB", True)
    following = TahunKinerja.objects.get(instansi__kunci="balangan", tahun=2024)
    rows = rekomendasi_rows(following, date(2026, 1, 1))
    assert [(row.komponen, row.state) for row in rows] == [
        ("Perencanaan Kinerja", "proses"),
        ("Pengukuran Kinerja", "menunggu"),
        ("Evaluasi Akuntabilitas Kinerja Internal", "menunggu"),
    ]
    first = rows[0].rekomendasi
    stated = RekomendasiInput("Unggah tepat waktu", "1")
    save_rekomendasi(by=None, tahun_kinerja=year, stated=stated, rekomendasi=first, base=mark_of_row(first))
    assert load_sample(sample=sample, by=None).changes["changed"] == 0
    assert Rekomendasi.objects.get(pk=first.pk).uraian == "Unggah tepat waktu"


def test_bekasi_has_four_values_that_make_80_67_and_a_fifth_without_one() -> None:
    load_sample(sample=read_sample("bekasi_2024"), by=None)
    year = TahunKinerja.objects.get(instansi__kunci="bekasi", tahun=2024)
    root = Hasil.objects.get(penilaian__tahun_kinerja=year, kelompok="lke")
    assert (root.tampil, root.kelas) == (Decimal("80.67"), "A")
    found = read_akip(year)
    assert found is not None
    assert found.teks == "80,67"
    assert "5 komponen, tetapi 4 yang bernilai: capaian kinerja" in found.keterangan
