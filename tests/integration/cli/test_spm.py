"""`capaian spm`: what is stored, for the office and for one Puskesmas, and what it says where nothing is."""

import json
from types import SimpleNamespace

import pytest

from capaian.cli.main import main
from capaian.organisations.models import Instansi, TahunKinerja, UnitKerja
from capaian.spm.actions import compute_spm
from capaian.spm.models import CapaianSpm, PelayananSpm, SasaranSpm
from capaian.workflow.models import Form, Submission

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def office() -> SimpleNamespace:
    """Two Puskesmas with 200 balita each; Mawar served 150 in January, verified."""
    instansi = Instansi.objects.create(
        kunci="contoh", nama="Dinas Kesehatan Contoh", daerah="Contoh", provinsi="Contoh"
    )
    year = TahunKinerja.objects.create(instansi=instansi, tahun=2024)
    for kunci in ("mawar", "melati"):
        unit = UnitKerja.objects.create(
            instansi=instansi, kunci=kunci, nama=f"Puskesmas {kunci.title()}", jenis="puskesmas"
        )
        SasaranSpm.objects.create(
            tahun_kinerja=year,
            unit=unit,
            kelompok="balita",
            jumlah=200,
            metode="riil",
            sumber="Pendataan",
            dipakai=True,
        )
    mawar = instansi.unit_kerja.get(kunci="mawar")
    PelayananSpm.objects.create(tahun_kinerja=year, unit=mawar, layanan="balita", triwulan=1, bulan=1, terlayani=150)
    Submission.objects.create(tahun_kinerja=year, form=Form.SPM, unit=mawar, periode=1, state="terverifikasi")
    return SimpleNamespace(year=year, mawar=mawar)


def test_the_office_and_one_puskesmas(office: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["spm", "contoh", "2024", "--tw", "1", "--hitung"]) == 1
    said = capsys.readouterr().out.splitlines()
    [balita] = [line for line in said if line.startswith("Balita")]
    assert balita.split()[1:4] == ["400", "150", "37,50"]
    assert said[-1] == "Gabungan laporan yang terverifikasi dari 1 di antara 2 Puskesmas."
    assert sum("belum dilaporkan" in line for line in said) == 11
    assert main(["spm", "contoh", "2024", "--tw", "1", "--unit", "mawar"]) == 1
    [balita] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("Balita")]
    assert balita.split()[1:4] == ["200", "150", "75,00"]


def test_as_data_it_says_what_it_was_counted_by(office: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    compute_spm(by=None, tahun_kinerja=office.year)
    assert main(["spm", "contoh", "2024", "--tw", "1", "--json"]) == 1
    rows = {row["layanan"]: row for row in json.loads(capsys.readouterr().out)}
    assert len(rows) == 12
    assert (rows["balita"]["penerima"], rows["balita"]["unit_dihitung"]) == ("37.50", 1)
    assert rows["balita"]["dasar"]["standar"].startswith("spm/permenkes_6_2024 v")
    assert rows["ibu_hamil"]["terlayani"] is None


def test_without_hitung_nothing_is_counted(office: SimpleNamespace, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["spm", "contoh", "2024"]) == 1
    assert capsys.readouterr().out.count("belum dilaporkan") == 12
    assert not CapaianSpm.objects.exists()


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (["contoh", "2023"], "Tidak ada data contoh tahun 2023"),
        (["lain", "2024"], "Tidak ada data lain tahun 2024"),
        (["contoh", "2024", "--unit", "anggrek"], 'Unit "anggrek" tidak ada pada contoh. Yang ada misalnya mawar'),
    ],
)
def test_what_is_not_there_is_said(
    office: SimpleNamespace, capsys: pytest.CaptureFixture[str], given: list[str], why: str
) -> None:
    assert main(["spm", *given]) == 2
    assert why in capsys.readouterr().err
