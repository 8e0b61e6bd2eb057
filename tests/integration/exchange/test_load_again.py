"""What a load must leave alone: what people entered, and what another year of the office uses."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from capaian.exchange.samples.load import load_sample
from capaian.exchange.samples.reader import SAMPLES_DIR, read_sample
from capaian.measurement.actions import record_realisasi, save_analisis
from capaian.measurement.models import Capaian, Realisasi
from capaian.measurement.queries import iku_table
from capaian.measurement.sync import sync_realisasi
from capaian.organisations.actions import sync_units
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.planning.actions import propose_target_triwulan
from capaian.planning.models import Indikator, Sasaran, TargetTriwulan

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
TODAY = date(2026, 1, 10)


@pytest.fixture
def balangan() -> TahunKinerja:
    return load_sample(sample=read_sample("balangan_2024"), by=None).tahun_kinerja


def reload_balangan() -> dict[str, int]:
    return load_sample(sample=read_sample("balangan_2024"), by=None).changes


def record(kunci: str, periode: int, teks: str, tahun: int = 2024) -> Realisasi | None:
    indikator = Indikator.objects.get(kunci=kunci)
    record_realisasi(by=None, indikator=indikator, tahun=tahun, periode=periode, teks=teks, today=TODAY)
    return Realisasi.objects.filter(indikator=indikator, tahun=tahun, periode=periode).first()


def test_entered_realisasi_survives_and_names_no_document_as_its_source(balangan):
    read_from_file = Realisasi.objects.get(indikator__kunci="iku.aki", tahun=2024, periode=0)
    assert read_from_file.keterangan.endswith("Tabel 3.1")
    entered = record("iku.aki", 0, "120")
    assert (entered.keterangan, entered.pembilang, entered.source_year) == ("", None, None)
    record("iku.aki", 1, "30")
    changes = reload_balangan()
    assert (changes["created"], changes["changed"], changes["removed"]) == (0, 0, 0)
    kept = Realisasi.objects.filter(indikator__kunci="iku.aki", tahun=2024).values_list("periode", "teks")
    assert sorted(kept) == [(0, "120"), (1, "30")]
    assert Capaian.objects.filter(indikator__kunci="iku.aki", tahun=2024, periode=1).exists()


def test_what_was_emptied_is_filled_by_the_next_load(balangan):
    before = Realisasi.objects.get(indikator__kunci="iku.aki", tahun=2024, periode=0).teks
    record("iku.aki", 0, "120")
    assert record("iku.aki", 0, "") is None
    reload_balangan()
    assert Realisasi.objects.get(indikator__kunci="iku.aki", tahun=2024, periode=0).teks == before


def test_an_analysis_written_here_survives_with_its_factors(balangan):
    aki = Indikator.objects.get(kunci="iku.aki")
    faktor = [{"jenis": "penghambat", "program": None, "indikator_pendukung": "", "uraian": "Rujukan terlambat"}]
    save_analisis(by=None, tahun_kinerja=balangan, indikator=aki, uraian="Kata kami", faktor=faktor)
    assert reload_balangan()["removed"] == 0
    analisis = balangan.analisis.get(indikator=aki)
    assert analisis.uraian == "Kata kami"
    assert [one.uraian for one in analisis.faktor.all()] == ["Rujukan terlambat"]


def test_an_analysis_saved_unchanged_still_follows_the_files(balangan):
    analisis = balangan.analisis.filter(indikator__isnull=False, faktor__isnull=True).first()
    save_analisis(by=None, tahun_kinerja=balangan, indikator=analisis.indikator, uraian=analisis.uraian, faktor=[])
    assert balangan.analisis.get(pk=analisis.pk).is_loaded


def test_a_proposed_rencana_aksi_survives_with_its_quarters(balangan):
    dokumen = propose_target_triwulan(by=None, tahun_kinerja=balangan)
    quarters = TargetTriwulan.objects.filter(target__dokumen=dokumen).count()
    assert quarters > 0
    assert reload_balangan()["removed"] == 0
    assert TargetTriwulan.objects.filter(target__dokumen=dokumen).count() == quarters


def test_quarters_of_the_budget_survive_a_load_of_the_year(balangan):
    node = balangan.nodes.filter(realisasi_anggaran__periode=0).first()
    node.realisasi_anggaran.create(periode=1, jumlah=1_000_000)
    assert reload_balangan()["removed"] == 0
    assert node.realisasi_anggaran.get(periode=1).jumlah == 1_000_000


def metro(folder: Path, tahun: int, *, without: str = "") -> TahunKinerja:
    """Metro's rencana aksi as that of another year, under one renstra, without the rows of an indicator."""
    shutil.copytree(SAMPLES_DIR / "metro_2024", folder)
    path, manifest = folder / "rencana_aksi.csv", folder / "sample.yaml"
    comment, head, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
    rows = [row.partition(",")[2] for row in rows if not without or f",{without}," not in row]
    numbered = [f"{number},{row}" for number, row in enumerate(rows, start=1)]
    path.write_text("".join([comment, head, *numbered]), encoding="utf-8")
    text = manifest.read_text(encoding="utf-8").replace("tahun: 2024", f"tahun: {tahun}")
    text = text.replace("{awal: null, akhir: null", "{awal: 2021, akhir: 2026").replace(
        "rows: 43", f"rows: {len(rows)}"
    )
    manifest.write_text(text, encoding="utf-8")
    return load_sample(sample=read_sample(folder), by=None).tahun_kinerja


def test_the_next_year_leaves_the_last_one_whole(tmp_path: Path):
    first = metro(tmp_path / "first", 2024)
    record("iku.kematian_ibu", 2, "1")
    record("iku.kematian_bayi", 1, "2")
    rows = {row.indikator.kunci: (row.target, row.realisasi, row.status) for row in iku_table(first)}
    second = metro(tmp_path / "second", 2025, without="iku.kematian_bayi")
    assert {row.indikator.kunci: (row.target, row.realisasi, row.status) for row in iku_table(first)} == rows
    assert rows["iku.kematian_bayi"][:2] == ("10", "2")
    assert TargetTriwulan.objects.filter(target__dokumen__tahun_kinerja=first).count() == 43 * 4
    assert TargetTriwulan.objects.filter(target__dokumen__tahun_kinerja=second).count() == 42 * 4
    assert Sasaran.objects.count() == Sasaran.objects.values("kunci").distinct().count()
    again = load_sample(sample=read_sample(tmp_path / "first"), by=None).changes
    assert again["removed"] == 0


def test_capaian_of_a_past_year_is_read_from_the_documents_of_the_year_asked_for(tmp_path: Path):
    """The same indicator and year can stand in the documents of two years, with two targets."""
    first = metro(tmp_path / "first", 2024)
    record("iku.kematian_ibu", 0, "2")  # target 2
    second = metro(tmp_path / "second", 2025)
    ibu = Indikator.objects.get(kunci="iku.kematian_ibu")
    second.dokumen.get().target.create(indikator=ibu, tahun=2024, teks="4")
    record("iku.kematian_ibu", 0, "4", 2025)
    points = {}
    for year in (first, second):
        [row] = [row for row in iku_table(year) if row.indikator == ibu]
        points[year.tahun] = [(point.tahun, point.persen) for point in row.history]
    # (2T − R) / T: 2 of 2 and 2 of 4 planned in 2024; 4 of 2 planned in 2025
    assert points == {2024: [(2024, 100)], 2025: [(2024, 150), (2025, 0)]}


def test_of_another_year_a_report_fills_only_what_nobody_states(tmp_path: Path):
    first = metro(tmp_path / "first", 2024)
    second = metro(tmp_path / "second", 2025)
    ibu = Indikator.objects.get(kunci="iku.kematian_ibu")

    def rows(*values: tuple[int, str]) -> list[dict[str, object]]:
        return [{"indikator": ibu, "tahun": tahun, "periode": 0, "teks": teks} for tahun, teks in values]

    def stored() -> dict[int, str]:
        return dict(ibu.realisasi.values_list("tahun", "teks"))

    sync_realisasi(by=None, tahun_kinerja=second, rows=rows((2023, "5"), (2024, "3"), (2025, "1")))
    assert stored() == {2023: "5", 2024: "3", 2025: "1"}
    sync_realisasi(by=None, tahun_kinerja=first, rows=rows((2023, "6"), (2024, "2")))
    assert stored() == {2023: "5", 2024: "2", 2025: "1"}
    sync_realisasi(by=None, tahun_kinerja=second, rows=rows((2024, "3"), (2025, "1")))
    assert stored() == {2024: "2", 2025: "1"}


def test_units_of_another_year_stay(tmp_path: Path):
    first = metro(tmp_path / "first", 2024)
    TahunKinerja.objects.create(instansi=first.instansi, tahun=2025)
    other = {"kunci": "pkm", "nama": "Puskesmas", "jenis": "puskesmas", "induk": None, "akreditasi": "", "urutan": 1}
    sync_units(by=None, instansi=first.instansi, rows=[other])
    assert set(UnitKerja.objects.values_list("kunci", flat=True)) == {"dinas", "pkm"}
