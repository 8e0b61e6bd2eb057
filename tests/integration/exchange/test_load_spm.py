"""Loading the SPM of Bekasi and Tana Toraja: as printed, beside what people entered, and never a guessed figure."""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from capaian.exchange.models import ImportBatch
from capaian.exchange.samples import load
from capaian.exchange.samples.kinds import BESARAN, METODE, TERBACA
from capaian.exchange.samples.load import load_sample
from capaian.exchange.samples.reader import SAMPLES_DIR, SampleError, read_sample
from capaian.organisations.models import Instansi, Membership, TahunKinerja
from capaian.spm.actions import SasaranInput, record_sasaran, save_alokasi
from capaian.spm.models import AlokasiSpm, CapaianSpm, MonevSpm, PelayananSpm, SasaranSpm, TercetakSpm
from capaian.spm.queries import spm_units
from capaian.workflow.models import AuditEntry

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
DOCUMENT = "Peraturan Bupati Tana Toraja Nomor 61 Tahun 2025"


@pytest.fixture
def toraja(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SAMPLES_DIR / "tana_toraja_2025", tmp_path / "toraja"))


def load_named(name: str | Path) -> TahunKinerja:
    return load_sample(sample=read_sample(name), by=None).tahun_kinerja


def replace(folder: Path, file: str, *changes: tuple[str, str]) -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


def refusal(folder: Path) -> str:
    with pytest.raises(SampleError) as error:
        read_sample(folder)
    return "\n".join(map(str, error.value.problems))


@pytest.fixture
def planner(django_user_model) -> User:
    return django_user_model.objects.create_user("perencana_toraja")


def appoint(user: User, year: TahunKinerja, *roles: Membership.Role) -> User:
    for role in roles:
        Membership.objects.create(user=user, instansi=year.instansi, role=role)
    return user


def test_the_closed_words_of_the_files_are_those_of_the_database():
    assert set(SasaranSpm.Metode.values) == METODE
    assert set(TercetakSpm.Besaran.values) == BESARAN
    assert set(TercetakSpm.Terbaca.values) == TERBACA


def test_the_twelve_services_of_bekasi_are_counted_from_the_text():
    year = load_named("bekasi_2024")
    found = {row.layanan: row.penerima for row in CapaianSpm.objects.filter(tahun_kinerja=year, unit=None, triwulan=0)}
    # 40.679 ÷ 41.732; 144.969 ÷ 150.066; 935.003 ÷ 1.688.228; 136.003 ÷ 171.949; 4.321 ÷ 4.440; 87.622 ÷ 87.622
    assert {name: str(found[name]) for name in ("ibu_hamil", "balita", "usia_produktif", "hipertensi")} == {
        "ibu_hamil": "97.48",
        "balita": "96.60",
        "usia_produktif": "55.38",
        "hipertensi": "79.09",
    }
    assert (str(found["odgj_berat"]), str(found["risiko_hiv"])) == ("97.32", "100.00")
    assert len(found) == 12


def test_both_percentages_of_bekasi_are_kept_beside_ours():
    load_named("bekasi_2024")
    rows = TercetakSpm.objects.filter(layanan="balita", besaran="persen_penerima", unit=None)
    assert [(row.sumber.rpartition(", ")[2], row.teks, row.nilai) for row in rows] == [
        ("Bab III B", "96,60%", Decimal("96.6")),
        ("Tabel 3.4", "85,44", Decimal("85.44")),
    ]


def test_the_sasaran_of_bekasi_say_how_they_were_found():
    load_named("bekasi_2024")
    rows = {row.kelompok: row for row in SasaranSpm.objects.all()}
    # Ibu hamil and ibu bersalin share one denominator.
    assert len(rows) == 11
    assert (rows["ibu_bersalin"].jumlah, rows["ibu_bersalin"].metode) == (41_732, "tidak_disebut")
    assert (rows["hipertensi"].metode, rows["usia_lanjut"].metode) == ("survei", "riil")
    assert "Riskesdas 2018" in rows["hipertensi"].sumber
    assert all(row.dipakai and row.is_loaded for row in rows.values())


def test_tana_toraja_is_a_plan_of_persons_and_money_without_a_count():
    year = load_named("tana_toraja_2025")
    [unit] = spm_units(year)
    assert unit.nama == "BLUD Puskesmas A"
    assert SasaranSpm.objects.get(unit=unit, kelompok="usia_produktif").jumlah == 147_514
    assert SasaranSpm.objects.filter(unit=unit).count() == MonevSpm.objects.filter(unit=unit, triwulan=0).count() == 12
    amounts = dict(AlokasiSpm.objects.values_list("layanan", "alokasi"))
    assert [name for name, amount in amounts.items() if amount is None] == ["balita", "hipertensi", "risiko_hiv"]
    assert sum(amount or 0 for amount in amounts.values()) == 3_005_692_697
    # The document prints percentages only; who was served is nowhere stated.
    assert not PelayananSpm.objects.exists()
    assert not CapaianSpm.objects.exists()


def test_a_damaged_figure_has_its_text_and_no_value():
    load_named("tana_toraja_2025")
    damaged = TercetakSpm.objects.exclude(terbaca="terbaca")
    assert damaged.exists()
    assert not damaged.filter(nilai__isnull=False).exists()
    assert not TercetakSpm.objects.filter(terbaca="terbaca", nilai=None).exists()
    balita = TercetakSpm.objects.get(layanan="balita", besaran="alokasi")
    assert (balita.teks, balita.nilai, balita.terbaca) == ("1a31.611,631", None, "tidak_terbaca")
    reached = TercetakSpm.objects.filter(layanan="ibu_hamil", besaran="persen_penerima").order_by("nilai")
    assert [(row.sumber, row.nilai) for row in reached] == [
        (f"{DOCUMENT}, Formulir 2.E.2", Decimal("45.16")),
        (f"{DOCUMENT}, Monitoring Evaluasi", Decimal("47.12")),
    ]


def test_what_people_entered_stays_when_the_files_are_loaded_again(planner):
    year = load_named("tana_toraja_2025")
    appoint(planner, year, Membership.Role.PERENCANA, Membership.Role.KEUANGAN, Membership.Role.PEMEGANG_PROGRAM)
    [unit] = spm_units(year)
    money = {"tahun_kinerja": year, "unit": unit, "layanan": "balita", "sumber_dana": "DAK Non Fisik, JKN"}
    save_alokasi(by=planner, **money, alokasi=1_431_611_631, realisasi=None)
    source = f"{DOCUMENT}, Rincian Program, Kegiatan dan Sub Kegiatan"
    for sumber, jumlah in ((source, 6400), ("Pendataan posyandu", 6300)):
        record_sasaran(
            by=planner, tahun_kinerja=year, unit=unit, stated=SasaranInput("ibu_hamil", jumlah, "riil", sumber)
        )
    again = load_sample(sample=read_sample("tana_toraja_2025"), by=None)
    assert (again.changes["created"], again.changes["changed"], again.changes["removed"]) == (0, 0, 0)
    assert AlokasiSpm.objects.get(layanan="balita").alokasi == 1_431_611_631
    rows = SasaranSpm.objects.filter(unit=unit, kelompok="ibu_hamil").order_by("jumlah")
    assert [(row.jumlah, row.dipakai) for row in rows] == [(6300, False), (6400, True)]


def test_a_source_with_an_unreadable_amount_is_not_removed_by_saving_the_page(planner):
    year = load_named("tana_toraja_2025")
    appoint(planner, year, Membership.Role.KEUANGAN)
    [unit] = spm_units(year)
    money = {"tahun_kinerja": year, "unit": unit, "layanan": "balita", "sumber_dana": "DAK Non Fisik, JKN"}
    entries = AuditEntry.objects.count()
    assert save_alokasi(by=planner, **money, alokasi=None, realisasi=None) is not None
    assert AlokasiSpm.objects.filter(layanan="balita").exists()
    assert AuditEntry.objects.count() == entries


def test_what_left_the_files_leaves_the_database_and_the_next_source_is_used(toraja, planner):
    year = load_named(toraja)
    [unit] = spm_units(year)
    appoint(planner, year, Membership.Role.PERENCANA, Membership.Role.PEMEGANG_PROGRAM)
    stated = SasaranInput("risiko_hiv", 6000, "riil", "SIHA")
    record_sasaran(by=planner, tahun_kinerja=year, unit=unit, stated=stated)
    path = toraja / "program_sub_kegiatan.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), encoding="utf-8")
    replace(toraja, "sample.yaml", ("unit: puskesmas_a, rows: 12}", "unit: puskesmas_a, rows: 11}"))
    load_named(toraja)
    [left] = SasaranSpm.objects.filter(kelompok="risiko_hiv")
    assert (left.jumlah, left.dipakai, left.is_loaded) == (6000, True, False)


def test_a_failure_in_spm_leaves_nothing_behind(monkeypatch):
    def fail(**parts):
        raise RuntimeError("halfway")

    monkeypatch.setattr(load, "sync_spm", fail)
    with pytest.raises(RuntimeError):
        load_named("tana_toraja_2025")
    assert not Instansi.objects.exists()
    assert not ImportBatch.objects.exists()


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("alokasi.csv", '"1a31.611,631",,', '"1a31.611,631",1.431.611.631,', 'bertanda "tidak_terbaca"'),
        ("monev.csv", '"50,39"', "", 'Bacaan "" bertanda "terbaca"'),
        ("formulir_2_e_2.csv", "45.16", "", "Tanda keterbacaan dan teks tidak sepasang"),
        ("monev.csv", "ibu_bersalin", "ibu_nifas", 'Isi "ibu_nifas" tidak dikenal'),
        ("monev.csv", "ibu_bersalin", "ibu_hamil", "ibu_hamil sudah ada pada baris 3"),
        ("monev.csv", "ibu_bersalin", "", "kolom layanan: Sel kosong"),
        ("formulir_2_b_5.csv", "sdm.bidan", "sdm.dukun", 'Butir mutu "sdm.dukun" tidak dikenal'),
        ("sample.yaml", "unit: puskesmas_a", "unit: puskesmas_z", 'Unit "puskesmas_z" pada formulir_2_a_2.csv'),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_loaded(toraja, file, old, new, said):
    replace(toraja, file, (old, new))
    assert said in refusal(toraja)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (", tabel_persen: Tabel 3.4", "", "Tabel yang mencetak persen kedua belum disebut"),
        ("tabel_persen: Tabel 3.4", "tabel_persen: Tabel 3.4, unit: puskesmas_z", 'Unit "puskesmas_z"'),
    ],
)
def test_the_entry_of_the_services_is_complete(tmp_path, old, new, said):
    folder = Path(shutil.copytree(SAMPLES_DIR / "bekasi_2024", tmp_path / "bekasi"))
    replace(folder, "sample.yaml", (old, new))
    assert said in refusal(folder)


def test_two_sizes_of_one_group_from_one_source_are_refused(tmp_path):
    folder = Path(shutil.copytree(SAMPLES_DIR / "bekasi_2024", tmp_path / "bekasi"))
    replace(folder, "spm_layanan.csv", ("layanan kesehatan,41.732,40.449", "layanan kesehatan,41.733,40.449"))
    assert "Sasaran ibu_bersalin lain daripada baris 3 (41.732)" in refusal(folder)


def test_an_office_with_nothing_but_spm_opens_every_page(client, planner):
    year = load_named("tana_toraja_2025")
    client.force_login(appoint(planner, year, Membership.Role.PERENCANA))
    for page in ("", "perencanaan/", "rencana-aksi/", "pengukuran/", "anggaran/", "laporan/", "reviu/"):
        assert client.get(f"/{year.instansi.kunci}/{year.tahun}/{page}").status_code == 200, page
