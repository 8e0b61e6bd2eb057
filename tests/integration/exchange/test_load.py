"""Loading the samples: complete, atomic, idempotent, and with the figures that the documents state."""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from capaian.budget.queries import budget_tree, total
from capaian.exchange.models import ImportBatch
from capaian.exchange.samples import load
from capaian.exchange.samples.load import load_sample
from capaian.exchange.samples.reader import SAMPLES_DIR, read_sample
from capaian.measurement.queries import iku_table, measured_dokumen, node_indicator_rows
from capaian.organisations.models import Instansi, TahunKinerja
from capaian.planning.models import Indikator, TargetTriwulan
from capaian.workflow.models import AuditEntry

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def load_named(name: str) -> TahunKinerja:
    return load_sample(sample=read_sample(name), by=None).tahun_kinerja


@pytest.mark.parametrize("name", ["balangan_2024", "bekasi_2024", "metro_2024", "tana_toraja_2025"])
def test_loading_twice_changes_nothing(name):
    load_named(name)
    entries = AuditEntry.objects.count()
    second = load_sample(sample=read_sample(name), by=None)
    assert second.changes["created"] == second.changes["changed"] == second.changes["removed"] == 0
    assert AuditEntry.objects.count() == entries


def test_a_failure_on_the_way_leaves_nothing_behind(monkeypatch):
    def fail(loading):
        raise RuntimeError("halfway")

    monkeypatch.setattr(load, "_load_results", fail)
    with pytest.raises(RuntimeError):
        load_named("metro_2024")
    assert not Instansi.objects.exists()
    assert not AuditEntry.objects.exists()
    assert not ImportBatch.objects.exists()


def test_a_row_that_left_the_files_leaves_the_database(tmp_path: Path):
    folder = Path(shutil.copytree(SAMPLES_DIR / "metro_2024", tmp_path / "metro"))
    load_named(str(folder))
    path, manifest = folder / "rencana_aksi.csv", folder / "sample.yaml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), encoding="utf-8")
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("rows: 43", "rows: 42"), encoding="utf-8")
    batch = load_sample(sample=read_sample(folder), by=None)
    assert batch.changes["removed"] > 0
    assert not Indikator.objects.filter(kunci="1.02.05.2.03/1").exists()


def test_balangan_totals_and_iku():
    year = load_named("balangan_2024")
    # Tabel 3.9, baris JUMLAH
    money = total(budget_tree(year))
    assert (money.pagu, money.realisasi) == (423_419_620_839, 378_770_560_925)
    # Tabel 3.1, printed with one decimal there
    rows = {row.indikator.kunci: row for row in iku_table(year)}
    assert rows["iku.aki"].capaian.tampil == Decimal("104.80")
    assert rows["iku.aki"].capaian_renstra.tampil == Decimal("96.52")
    assert rows["iku.akb"].capaian.tampil == Decimal("24.71")
    assert rows["iku.akreditasi_puskesmas"].capaian.tampil == Decimal("66.67")
    # desa ODF is higher-is-better, whatever the document computed
    odf = next(row for row in node_indicator_rows(year) if row.indikator.kunci == "1.02.02/8")
    assert odf.capaian.tampil == Decimal("92.49")


def test_bekasi_totals_history_and_formula_of_the_office():
    year = load_named("bekasi_2024")
    money = total(budget_tree(year))
    # Tabel 3.7, baris TOTAL
    assert (money.pagu, money.realisasi) == (862_583_197_457, 778_228_368_441)
    rows = {row.indikator.kunci: row for row in iku_table(year)}
    assert rows["iku.ikm"].capaian.tampil == Decimal("104.79")
    assert [point.tahun for point in rows["iku.uhh"].history] == list(range(2018, 2025))
    # Tabel 3.4: 7,82 / 2,89, the office's formula for lower-is-better
    stunting = next(row for row in node_indicator_rows(year) if "Stunting" in row.indikator.nama)
    assert stunting.capaian.tampil == Decimal("270.59")


def test_metro_keeps_its_quarters_and_reads_english_decimals():
    year = load_named("metro_2024")
    assert measured_dokumen(year).jenis == "rencana_aksi"
    assert TargetTriwulan.objects.count() == 43 * 4
    ahh = iku_table(year)[0]
    assert (ahh.target, ahh.status) == ("72,18", "belum_ada")


def test_loading_is_in_the_audit_trail():
    load_named("metro_2024")
    assert AuditEntry.objects.filter(action="planning.sync_nodes", instansi__kunci="metro").exists()


def test_trace_of_a_loaded_capaian_names_formula_and_basis():
    year = load_named("balangan_2024")
    [row] = [row for row in iku_table(year) if row.indikator.kunci == "iku.aki"]
    row.capaian.refresh_from_db()
    steps = row.capaian.jejak["steps"]
    assert any("2" in step["formula"] and "T" in step["formula"] for step in steps)
    assert any(step["citation"] for step in steps)
    assert row.capaian.pack_id == "capaian/permendagri_86_2017"
