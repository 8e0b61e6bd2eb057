"""A sample with something wrong in it: each problem is named with file, line, column and what is expected."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from capaian.exchange.samples.findings import money_findings
from capaian.exchange.samples.reader import SAMPLES_DIR, SampleError, read_sample, sample_names

pytestmark = pytest.mark.integration


@pytest.fixture
def metro(tmp_path: Path) -> Path:
    """A copy of the Metro sample that a test may spoil."""
    return Path(shutil.copytree(SAMPLES_DIR / "metro_2024", tmp_path / "metro"))


def spoil(folder: Path, old: str, new: str, file: str = "rencana_aksi.csv") -> list[str]:
    """Replace the first `old` in a file and return the problems that reading it reports."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SampleError) as error:
        read_sample(folder)
    return [str(problem) for problem in error.value.problems]


def test_the_shipped_samples_are_the_four_offices():
    assert sample_names() == ["balangan_2024", "bekasi_2024", "metro_2024", "tana_toraja_2025"]


def test_every_shipped_sample_reads_without_a_problem():
    # 43 printed rows of the rencana aksi of Metro, counted in the document
    assert read_sample("metro_2024").row_count == 43
    assert read_sample("balangan_2024").tahun == read_sample("bekasi_2024").tahun == 2024


def test_wrong_type_names_file_line_column_and_expectation(metro):
    [problem] = spoil(metro, '"171,605,400"', '"seratus juta"')
    assert "rencana_aksi.csv baris 10, kolom anggaran" in problem
    assert "rupiah bulat" in problem


def test_target_that_cannot_be_parsed(metro):
    [problem] = spoil(metro, "angka,72.18,", "angka,kira-kira 72 atau lebih?,")
    assert "baris 3, kolom target" in problem


def test_unknown_direction(metro):
    [problem] = spoil(metro, "naik,posisi_akhir,angka", "atas,posisi_akhir,angka")
    assert '"atas" tidak dikenal' in problem
    assert "naik, turun" in problem


def test_duplicate_row_names_the_first_one(metro):
    [problem] = spoil(metro, ",iku.jkn,", ",iku.ahh,")
    assert "iku.ahh sudah ada pada baris 3" in problem


def test_unknown_code(metro):
    problems = spoil(metro, "1.02.01.2.01,1.02.01.2.01,", "1.02.01.2.99,1.02.01.2.99,")
    assert any('Kode "1.02.01.2.99" tidak ada dalam nomenklatur' in problem for problem in problems)


def test_missing_parent(metro):
    path = metro / "rencana_aksi.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line.replace(",1.02.04,", ",1.02.05,") for line in lines), encoding="utf-8")
    with pytest.raises(SampleError) as error:
        read_sample(metro)
    assert any('Induk "1.02.04"' in str(problem) for problem in error.value.problems)


def test_row_number_out_of_order(metro):
    problems = spoil(metro, "\n7,program", "\n8,program")
    assert 'baris 9, kolom baris: Nomor baris "8"' in problems[0]


def test_row_count_is_held_against_the_manifest(metro):
    [problem] = spoil(metro, "rows: 43", "rows: 44", "sample.yaml")
    assert "Berkas berisi 43 baris data" in problem


def test_missing_column(metro):
    [problem] = spoil(metro, ",sifat,", ",sifatnya,")
    assert "Kolom tidak ada: sifat" in problem


def test_a_workbook_that_calls_itself_csv_is_refused(metro):
    (metro / "rencana_aksi.csv").write_bytes(b"PK\x03\x04\x14\x00\x06\x00\xff\xfe\x80")
    with pytest.raises(SampleError, match=r"bukan teks UTF-8.*bukan berkas Excel"):
        read_sample(metro)


def test_broken_manifest_names_the_line(metro):
    [problem] = spoil(metro, "files:", "files: [", "sample.yaml")
    assert problem.startswith("sample.yaml baris")


def test_missing_manifest_entry(metro):
    [problem] = spoil(metro, "narasi: narasi.yaml", "", "sample.yaml")
    assert "kolom narasi: Isian tidak ada" in problem


def test_unknown_sample_lists_those_that_exist():
    with pytest.raises(SampleError, match="balangan_2024, bekasi_2024, metro_2024"):
        read_sample("jakarta_2024")


def test_all_problems_are_reported_at_once(metro):
    path = metro / "rencana_aksi.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"171,605,400"', "abc").replace("naik,posisi_akhir", "x,y"), encoding="utf-8")
    with pytest.raises(SampleError) as error:
        read_sample(metro)
    assert {problem.column for problem in error.value.problems} == {"anggaran", "arah", "sifat"}


def test_a_year_that_has_not_begun(metro):
    assert read_sample(metro, today=date(2024, 1, 1)).tahun == 2024
    with pytest.raises(SampleError) as error:
        read_sample(metro, today=date(2023, 12, 31))
    [problem] = error.value.problems
    assert str(problem).startswith("sample.yaml, kolom tahun: Tahun 2024 belum mulai. Yang diharapkan: 2023")


def test_what_was_reached_after_the_year_of_the_sample(tmp_path):
    folder = Path(shutil.copytree(SAMPLES_DIR / "bekasi_2024", tmp_path / "bekasi"))
    problems = spoil(folder, "tahun: 2024", "tahun: 2023", "sample.yaml")
    assert any("kolom realisasi_2024: Isi tahun 2024, sesudah tahun 2023" in problem for problem in problems)
    # The Renstra looks ahead, and so may its targets.
    assert not any("target_20" in problem for problem in problems)


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        # A slip in one table while others say which sasaran there are; in a table that defines none; no key at all.
        ("tabel_2_2_iku.csv", "\n3,s3,", "\n3,s9,", 'tabel_2_2_iku.csv baris 5, kolom kunci_sasaran: Sasaran "s9"'),
        ("tabel_2_1_strategi.csv", "\n15,s3,", "\n15,s9,", 'Sasaran "s9" tidak dikenal'),
        ("tabel_3_4_capaian_stunting.csv", "\n1,s3,", "\n1,tiga,", 'Sasaran "tiga" tidak dikenal'),
    ],
)
def test_a_sasaran_that_no_table_defines(tmp_path, file, old, new, expected):
    folder = Path(shutil.copytree(SAMPLES_DIR / "balangan_2024", tmp_path / "balangan"))
    [problem] = spoil(folder, old, new, file)
    assert expected in problem
    assert "Yang diharapkan: s1, s2" in problem


def test_one_sasaran_under_two_keys(metro):
    [problem] = spoil(metro, "\n4,sasaran,s1,", "\n4,sasaran,s2,")
    assert 'baris 6, kolom kunci_sasaran: Sasaran "s2" berbunyi sama dengan "s1"' in problem


def test_a_repeated_row_is_a_duplicate_and_nothing_more(metro):
    path = metro / "rencana_aksi.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([*lines[:7], lines[4], *lines[7:]]), encoding="utf-8")
    with pytest.raises(SampleError) as error:
        read_sample(metro)
    assert [str(problem) for problem in error.value.problems] == [
        "rencana_aksi.csv baris 8: Baris ini sama dengan baris 5. Yang diharapkan: setiap baris tercetak satu kali."
    ]


def test_only_the_first_wrong_number_of_a_row_is_told(metro):
    path = metro / "rencana_aksi.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join([*lines[:7], *lines[8:]]), encoding="utf-8")
    with pytest.raises(SampleError) as error:
        read_sample(metro)
    assert [(problem.line, problem.column) for problem in error.value.problems] == [(8, "baris")]


def test_a_wrong_realisasi_is_called_realisasi(tmp_path):
    folder = Path(shutil.copytree(SAMPLES_DIR / "balangan_2024", tmp_path / "balangan"))
    [problem] = spoil(folder, ',125,119,"104,8"', ',125,sekitar 119?,"104,8"', "tabel_3_1_capaian_iku.csv")
    assert 'kolom realisasi: Realisasi "sekitar 119?" tidak dikenal' in problem
    assert "Yang diharapkan: realisasi, mis. 97,5" in problem


def test_money_that_the_children_do_not_add_up_to_is_a_finding():
    assert list(money_findings(read_sample("balangan_2024").tables)) == []
    assert list(money_findings(read_sample("bekasi_2024").tables)) == []
    [found] = money_findings(read_sample("metro_2024").tables)
    assert (found.node, found.line, found.column) == ("1.02.03", 35, "anggaran")
    assert (found.stated, found.summed, found.without_amount) == (778_314_600, 62_100_000, ("1.02.03.2.03",))
