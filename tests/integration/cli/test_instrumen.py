"""`capaian instrumen`: what the packs hold, what is doubtful, and what a file that is no instrument is told."""

import json
from pathlib import Path

import pytest
import yaml

from capaian.cli.main import main

pytestmark = pytest.mark.integration


def test_the_instruments_of_the_packs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["instrumen", "daftar"]) == 0
    [pati] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("pkp/pati_800_0022")]
    assert pati.split()[1:3] == ["237", "butir"]
    assert main(["instrumen", "daftar", "--json"]) == 0
    found = {row["paket"]: row["keluarga"] for row in json.loads(capsys.readouterr().out)}
    assert found["akip/permenpanrb_88_2021"] == "lke"


def test_findings_are_said_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["instrumen", "periksa", "pkp/pati_800_0022"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert "[penting] Tabel 5 · B B 3 3 Pelaksanaan audit keuangan oleh tim independen [mutu.b3.3]" in said
    assert said[-1].endswith("kecil.")
    assert main(["instrumen", "periksa", "pkp/pati_800_0022", "--json"]) == 1
    rows = json.loads(capsys.readouterr().out)
    assert said[-1].startswith(f"{len(rows)} temuan")
    assert {"aturan": "pilihan_sama", "kode": "mutu.b3.3", "tabel": "Tabel 5"}.items() <= next(
        row for row in rows if row["kode"] == "mutu.b3.3"
    ).items()


def test_a_sound_instrument_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers = [{"kode": "ya", "nilai": "10", "teks": "Ya"}, {"kode": "tidak", "nilai": "0", "teks": "Tidak"}]
    item = {"kode": "a", "nama": "A", "penilaian": "pilihan", "target": "Ada", "pilihan": answers}
    own = {"kunci": "kami", "nama": "Kami", "rujukan": {"instrumen": "SK", "tempat": "lampiran", "dasar": "tertulis"},
           "akar": {"kode": "akar", "nama": "Akar", "isi": [item]}}  # fmt: skip
    path = tmp_path / "kami.yaml"
    path.write_text(yaml.safe_dump(own, allow_unicode=True), encoding="utf-8")
    assert main(["instrumen", "periksa", str(path)]) == 0
    assert capsys.readouterr().out == "Tidak ada yang meragukan.\n"


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"kunci: [1\n", 1, "bukan YAML yang dapat dibaca (baris 2)"),
        (b"warna: merah\n", 1, "Instrumen: kunci tidak dikenal: warna."),
        (b"\xff\xfe", 2, "bukan teks UTF-8"),
        (b"a: &a [x, x]\nb: &b [*a, *a]\nakar: {kode: k, nama: n, isi: [*b, *b]}\n", 1, "butir harus berisi"),
        (None, 2, "tidak ada"),
    ],
)
def test_what_is_no_instrument(
    content: bytes | None, code: int, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "kami.yaml"
    if content is not None:
        path.write_bytes(content)
    assert main(["instrumen", "periksa", str(path)]) == code
    assert words in capsys.readouterr().err
    assert main(["instrumen", "periksa", "pkp/tidak_ada"]) == 2
    assert "Yang ada: akip/permenpanrb_12_2015" in capsys.readouterr().err
