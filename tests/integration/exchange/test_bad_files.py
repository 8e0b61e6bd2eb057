"""Files that are not what they claim, or ask for what a sample must not have: refused in words, nothing written."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from capaian.cli.main import main
from capaian.exchange.models import ImportBatch
from capaian.exchange.samples.load import load_sample
from capaian.exchange.samples.reader import SAMPLES_DIR, SampleError, read_sample
from capaian.organisations.models import Instansi
from capaian.workflow.checks import RowRefused, clean_text
from capaian.workflow.sync import sync_rows

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the Metro sample that a test may spoil."""
    return Path(shutil.copytree(SAMPLES_DIR / "metro_2024", tmp_path / "metro"))


def change(folder: Path, **values: Any) -> None:
    path = folder / "sample.yaml"
    manifest = yaml.safe_load(path.read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump(manifest | values, allow_unicode=True), encoding="utf-8")


def problems(folder: Path) -> str:
    with pytest.raises(SampleError) as error:
        read_sample(folder)
    return str(error.value)


def test_a_sample_reads_no_file_outside_its_folder(folder: Path) -> None:
    (folder.parent / "lain.yaml").write_text("rahasia: 1")
    change(folder, narasi="../lain.yaml")
    assert '"../lain.yaml" menunjuk ke luar folder' in problems(folder)
    change(folder, narasi="narasi.yaml", files=[{"file": "/etc/passwd", "kind": "pk", "table": "1", "title": "x"}])
    assert '"/etc/passwd" menunjuk ke luar folder' in problems(folder)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"files": 5}, "kolom files"),
        ({"files": ["x"]}, "kolom files"),
        ({"tahun": "dua ribu"}, "kolom tahun"),
        ({"instansi": "Metro"}, "kolom instansi"),
        ({"policy": {"desimal": 2}}, "kolom policy.rumus_turun"),
        ({"units": []}, 'Unit "dinas" tidak ada'),
        ({"units": [{"kunci": "dinas", "nama": "D", "jenis": "dinas", "induk": "x"}]}, 'Induk "x" tidak ada'),
        ({"convention": "fr"}, "kolom convention"),
    ],
)
def test_a_manifest_of_the_wrong_shape_is_refused(folder: Path, values: dict[str, Any], expected: str) -> None:
    change(folder, **values)
    assert expected in problems(folder)


@pytest.mark.parametrize("content", [b"[1, 2]", b"\xff\xfe\x00", b"- a\n- b", b"a: [", b"\x00\x01"])
def test_a_manifest_that_is_no_mapping_is_refused(folder: Path, content: bytes) -> None:
    (folder / "sample.yaml").write_bytes(content)
    assert "sample.yaml" in problems(folder)


@pytest.mark.parametrize("content", ["analisis: 5", "analisis: [a]", "inovasi: [{uraian: x}]", "penutup: [a]", "[1]"])
def test_a_narrative_of_the_wrong_shape_is_refused(folder: Path, content: str) -> None:
    (folder / "narasi.yaml").write_text(content)
    assert "narasi.yaml" in problems(folder)


def test_an_analysis_of_an_unknown_program_is_refused(folder: Path) -> None:
    text = "analisis: [{kunci: iku.ahh, penunjang: [{program: 1.02.99, uraian: x}]}]"
    (folder / "narasi.yaml").write_text(text)
    assert 'Program "1.02.99"' in problems(folder)


def test_a_quote_that_is_never_closed_names_file_and_line(folder: Path) -> None:
    path = folder / "rencana_aksi.csv"
    path.write_text(path.read_text(encoding="utf-8") + '44,"tak ditutup\n', encoding="utf-8")
    assert "rencana_aksi.csv baris 4" in problems(folder)


def test_a_target_too_long_for_its_column_names_file_row_and_limit(folder: Path) -> None:
    path = folder / "rencana_aksi.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("angka,72.18,", f"angka,ada {'x' * 150},", 1), "utf-8")
    said = problems(folder)
    assert "rencana_aksi.csv baris 3, kolom target" in said
    assert "paling banyak 120 huruf" in said


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("nama", "D" * 10_000, "200"),
        ("nama", "Dinas\x00", "U+0000"),
        ("kunci", "../../tmp/x", "instansi"),
    ],
)
def test_an_office_that_its_columns_cannot_hold_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], field: str, value: str, expected: str
) -> None:
    manifest = yaml.safe_load((folder / "sample.yaml").read_text(encoding="utf-8"))
    change(folder, instansi=manifest["instansi"] | {field: value})
    assert main(["load", str(folder)]) == 1
    assert expected in capsys.readouterr().err
    assert not Instansi.objects.exists()


def test_a_year_that_is_none_is_refused(folder: Path) -> None:
    change(folder, tahun=0)
    with pytest.raises(ValueError, match="Tahun 0"):
        load_sample(sample=read_sample(folder), by=None)
    assert not ImportBatch.objects.exists()


def test_rows_are_held_to_their_columns_and_nothing_stays(db: None) -> None:
    office = Instansi.objects.create(kunci="contoh", nama="Dinas")
    row = {"instansi": office, "jenis": "dinas", "urutan": 1, "akreditasi": ""}
    with pytest.raises(RowRefused, match="unit kerja b") as refused:
        sync_rows(
            office.unit_kerja.all(),
            by=None,
            instansi=office,
            action="test",
            key=["kunci"],
            rows=[{**row, "kunci": "a", "nama": "A"}, {**row, "kunci": "b", "nama": "x" * 500, "jenis": "kapal"}],
        )
    assert "nama" in str(refused.value)
    assert "kapal" in str(refused.value)
    assert not office.unit_kerja.exists()


def test_typed_text_loses_only_what_cannot_be_seen() -> None:
    assert clean_text(" satu\x0bdua\r\n\x00tiga\ud800\t# ") == "satu\ndua\ntiga\t#"
