"""What goes wrong at the command line is said in Indonesian, with an exit code and never with a traceback."""

import pytest
from django.db import OperationalError

from capaian.cli import load
from capaian.cli.main import main

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def test_a_report_that_the_data_do_not_allow(capsys, tmp_path):
    main(["load", "balangan_2024"])
    capsys.readouterr()
    assert main(["report", "rencana_aksi", "balangan", "2024", "--out", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert said.startswith("capaian report: ")
    assert "rencana aksi" in said.lower()


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        ("no such table: organisations_instansi", "Basis data belum disiapkan; jalankan `make demo`"),
        ("database is locked", "Periksa CAPAIAN_DATABASE_URL"),
    ],
)
def test_a_database_that_cannot_be_used(capsys, monkeypatch, trouble, expected):
    def fail(**_):
        raise OperationalError(trouble)

    monkeypatch.setattr(load, "load_sample", fail)
    assert main(["load", "metro_2024"]) == 1
    assert expected in capsys.readouterr().err


@pytest.mark.parametrize(
    "command",
    [
        ["load", "jakarta_2024"],
        ["load", "x" * 5000],
        ["check", "jakarta_2024"],
        ["report", "lkip", "jakarta", "2024"],
        ["report", "lkip", "metro", "2024", "--format", "odt"],
    ],
)
def test_what_does_not_exist_is_bad_use(capsys, command):
    assert main(command) == 2
    assert "[Errno" not in capsys.readouterr().err


def test_files_that_cannot_be_read_are_named_in_words(capsys, tmp_path):
    binary = tmp_path / "biner.csv"
    binary.write_bytes(b"\xff\xfe\x00")
    reasons = {tmp_path / "tiada.csv": "tidak ada", tmp_path: "adalah folder", binary: "bukan teks UTF-8"}
    for path, reason in reasons.items():
        assert main(["hitung", str(path)]) == 2
        said = capsys.readouterr().err
        assert f"{path} {reason}" in said
        assert not any(word in said for word in ("Errno", "codec", "Traceback"))


def test_the_help_and_the_mistakes_of_use_are_in_indonesian(capsys):
    for command in (["--help"], ["report", "--help"]):
        with pytest.raises(SystemExit):
            main(command)
        said = capsys.readouterr().out
        assert said.startswith("pemakaian: capaian")
        assert "tampilkan bantuan ini" in said
        assert not any(word in said for word in ("usage", "positional", "options:", "show this"))
    for command, expected in (
        (["report"], "argumen ini harus diisi: KIND"),
        (["report", "surat", "metro", "2024"], "'surat' tidak dikenal; pilih"),
        (["report", "lkip", "metro", "dua"], "isi 'dua' bukan bilangan bulat"),
        (["load", "metro_2024", "--x"], "argumen tidak dikenal: --x"),
    ):
        with pytest.raises(SystemExit) as stop:
            main(command)
        assert stop.value.code == 2
        assert expected in capsys.readouterr().err
