"""The whole LKIP of two real offices: complete, consistent with itself, the same each time."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest

from capaian.documents.blocks import Chart, Document, Heading, ListBlock, OrgChart, Paragraph, Table
from capaian.documents.grid import body_rows
from capaian.exchange.samples.load import load_sample
from capaian.exchange.samples.reader import read_sample
from capaian.organisations.models import TahunKinerja
from capaian.reports import facts
from capaian.reports.lkip import build_lkip
from capaian.reports.lkip.bab3.penamaan import slug
from capaian.reports.lkip.bab3.tujuh_analisis import ANALYSES
from capaian.reports.snapshot import Snapshot, take_snapshot

# The second mark makes the database that the shared documents are loaded into, also when this file runs alone.
pytestmark = [pytest.mark.acceptance, pytest.mark.django_db]

SAMPLES = ("balangan_2024", "bekasi_2024")
_FIGURE = re.compile(r"-?\d[\d.]*(?:,\d+)?")
_NOT_A_FIGURE = re.compile(
    r"Peraturan [^.;]*? Nomor \d+ Tahun \d+|\b20\d\d[–-]20\d\d\b|\b(?:19|20)\d\d\b|ke-\d+|per [\d.]+|butir \d+"
    r"|tujuh butir|x 100|× 100|\b100%|\d+ baris|Kelas [A-D]|[1-3]T\b"
)


@pytest.fixture(scope="module")
def documents(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> dict[str, tuple[Snapshot, Document]]:
    """Both samples loaded once, each with its snapshot and its document; the database is left as it was."""
    from django.db import transaction

    found = {}
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        for name in SAMPLES:
            batch = load_sample(sample=read_sample(name), by=None)
            snapshot = take_snapshot(TahunKinerja.objects.get(pk=batch.tahun_kinerja_id))
            found[name] = (snapshot, build_lkip(snapshot))
        transaction.set_rollback(True)
    return found


@pytest.fixture(params=SAMPLES)
def lkip(request: pytest.FixtureRequest, documents: dict[str, tuple[Snapshot, Document]]) -> tuple[Snapshot, Document]:
    return documents[request.param]


def tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def headings(document: Document, level: int) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Heading) and block.level == level]


def test_chapters_are_those_of_permenpanrb_53_2014(lkip: tuple[Snapshot, Document]) -> None:
    _, document = lkip
    numbered = [block.number for block in document.blocks if isinstance(block, Heading) and block.level == 1]
    assert numbered == ["", "", "BAB I", "BAB II", "BAB III", "BAB IV", "LAMPIRAN 1", "LAMPIRAN 2"]
    sections = headings(document, 2)
    for title in (
        "Latar Belakang",
        "Rencana Strategis",
        "Capaian Kinerja Organisasi",
        "Realisasi Anggaran",
        "Simpulan",
    ):
        assert title in sections


def test_every_iku_has_all_seven_analyses_in_order(lkip: tuple[Snapshot, Document]) -> None:
    snapshot, document = lkip
    assert headings(document, 4) == list(ANALYSES) * len(snapshot.iku)


def test_every_analysis_says_something(lkip: tuple[Snapshot, Document]) -> None:
    _, document = lkip
    blocks = document.blocks
    for number, block in enumerate(blocks):
        if isinstance(block, Heading) and block.level == 4:
            assert isinstance(blocks[number + 1], Paragraph), block.text


def test_rows_fit_their_columns(lkip: tuple[Snapshot, Document]) -> None:
    _, document = lkip
    for table in tables(document):
        assert table.rows, table.caption
        for row, places in zip(table.rows, body_rows(table), strict=True):
            begun = [place for place in places if not place.covered]
            assert sum(place.colspan for place in places) == len(table.columns), table.caption
            assert len(begun) == len(row.cells), (table.caption, [cell.text for cell in row.cells])


def test_no_table_is_empty_and_no_cell_says_none(lkip: tuple[Snapshot, Document]) -> None:
    _, document = lkip
    for table in tables(document):
        for row in table.rows:
            for cell in row.cells:
                assert "None" not in cell.text
                assert "Decimal" not in cell.text


def test_anchors_are_unique_and_every_reference_has_one(lkip: tuple[Snapshot, Document]) -> None:
    _, document = lkip
    captioned = [block for block in document.blocks if isinstance(block, Table | Chart | OrgChart) and block.caption]
    anchors = Counter(block.anchor for block in captioned)
    assert all(anchors), "each caption has an anchor"
    assert max(anchors.values()) == 1, anchors.most_common(3)
    wanted = {run.ref for block in document.blocks if isinstance(block, Paragraph) for run in block.runs if run.ref}
    assert wanted <= set(anchors)
    # What nobody refers to, the reader meets unprepared: every table and figure is announced, save the forms.
    assert {anchor for anchor in anchors if anchor not in wanted} <= {
        "tabel-pk-anggaran",
        "tabel-lampiran-pk",
        "tabel-lampiran-pk-anggaran",
        "gambar-capaian-iku",
    }


def test_figures_in_our_sentences_stand_in_tables(lkip: tuple[Snapshot, Document]) -> None:
    snapshot, document = lkip
    levels = Counter(node.jenis for node in snapshot.nodes)
    printed = printed_figures(document) | {str(number) for number in levels.values()}
    told = narrative(snapshot)
    sentences = generated(document, told)
    assert sum(bool(_FIGURE.search(sentence)) for sentence in sentences) > 40
    for sentence in sentences:
        for figure in _FIGURE.findall(_NOT_A_FIGURE.sub(" ", sentence)):
            assert figure.rstrip(".").removesuffix(",") in printed, (figure, sentence)


def printed_figures(document: Document) -> set[str]:
    """Every figure of a table or figure, without sign: a sentence says naik or turun instead."""
    texts = [cell.text for table in tables(document) for row in table.rows for cell in row.cells]
    texts += [cell for block in document.blocks if isinstance(block, Chart) for row in block.data for cell in row]
    texts += [str(len(table.rows)) for table in tables(document)]
    texts += [str(len(table.rows) - 1) for table in tables(document)]
    found = {figure.rstrip(".") for text in texts for figure in _FIGURE.findall(text)}
    return found | {figure.lstrip("-") for figure in found}


def narrative(snapshot: Snapshot) -> str:
    """All that people wrote, as one text: figures in it are theirs."""
    told = [str(snapshot.narasi), *(one.nama for one in snapshot.dokumen), snapshot.renstra.nama, snapshot.renstra.misi]
    told += [f"{iku.formulasi} {iku.nama} {iku.analisis} {iku.perbandingan}" for iku in snapshot.iku]
    told += [f"{node.nama} {one.nama}" for node in snapshot.nodes for one in node.indikator]
    told += [f"{one.judul}" for one in snapshot.rincian]
    told += [f"{one.nama} {one.uraian} {one.dampak}" for one in snapshot.inovasi]
    return " ".join(" ".join(told).split())


def generated(document: Document, told: str) -> list[str]:
    """The sentences of paragraphs that are not what somebody wrote."""
    sentences = []
    for block in document.blocks:
        if not isinstance(block, Paragraph):
            continue
        text = "".join(run.text for run in block.runs if not run.ref)
        if " ".join(text.split()) not in told and not text.startswith(("Cara pengukuran", "Sumber", "Visi", "Misi")):
            sentences += [one for one in re.split(r"(?<=[.])\s+", _unnamed(text, told)) if one]
    return sentences


def _unnamed(text: str, told: str) -> str:
    """Without names in which a figure is part of the name, like `usia 0-11 bulan`."""
    for name in re.findall(r"[A-Z][^.;]*?usia \d+-\d+[^.;(]*", text):
        text = text.replace(name, "")
    return re.sub(r"Renstra [^.;]*\d{4}-\d{4}|\(9 Jenis[^)]*\)+", "", text)


def test_the_same_snapshot_gives_the_same_document(lkip: tuple[Snapshot, Document]) -> None:
    snapshot, document = lkip
    again = build_lkip(snapshot)
    assert again == document
    assert again.to_dict() == document.to_dict()
    assert document.metadata["fingerprint"] == snapshot.fingerprint()


def test_the_document_survives_storage(lkip: tuple[Snapshot, Document]) -> None:
    _, document = lkip
    assert Document.from_dict(json.loads(json.dumps(document.to_dict()))) == document


def test_capaian_is_that_of_the_snapshot(lkip: tuple[Snapshot, Document]) -> None:
    snapshot, document = lkip
    by_anchor = {table.anchor: table for table in tables(document)}
    for iku in snapshot.iku:
        cells = [cell for row in by_anchor[f"tabel-{slug(iku)}-target"].rows for cell in row.cells]
        assert any(cell.trace == iku.kunci for cell in cells)
        assert iku.realisasi in [cell.text for cell in cells]


def test_money_of_the_tree_adds_up(lkip: tuple[Snapshot, Document]) -> None:
    snapshot, _ = lkip
    total = facts.sum_money(facts.roots(snapshot))
    assert (total.pagu, total.realisasi) == (snapshot.pagu, snapshot.realisasi)


def test_known_figures_of_balangan(documents: dict[str, tuple[Snapshot, Document]]) -> None:
    text = everything(documents["balangan_2024"][1])
    for figure in ("104,80", "24,71", "74,31", "161,89", "66,67", "423.419.620.839", "378.770.560.925", "-123,33"):
        assert figure in text
    assert "Kabupaten Balangan berada pada urutan ke-6 terbaik dari 13 kabupaten/kota" in text
    assert text.count("Pemetaan kegiatan ke indikator belum ada") == 1
    assert "Capaian dan Serapan di Bawah 70%" in text
    assert "Tindak Lanjut atas Laporan Hasil Evaluasi" in text


def test_known_figures_of_bekasi(documents: dict[str, tuple[Snapshot, Document]]) -> None:
    text = everything(documents["bekasi_2024"][1])
    for figure in (
        "102,11",
        "104,79",
        "100,89",
        "9,27",
        "13,65",
        "11,68",
        "862.583.197.457",
        "90,22",
        "187.214.250.818",
    ):
        assert figure in text
    assert "Kota Bekasi berada pada urutan ke-1 terbaik dari 27 kabupaten/kota" in text
    # No evaluation is kept for Bekasi: the section is left out and the letters close up.
    assert "Tindak Lanjut atas Laporan Hasil Evaluasi" not in text


def test_no_person_is_named(lkip: tuple[Snapshot, Document]) -> None:
    text = everything(lkip[1])
    assert not re.search(r", (?:SKM|S\.?K\.?M|M\.? ?Kes|S\. ?Kep|M\. ?Pd|AMKL)\b", text)
    assert not re.search(r"\bNIP\.?\s*\d", text)


def everything(document: Document) -> str:
    """All words of a document, references left out."""
    parts: list[str] = []
    for block in document.blocks:
        match block:
            case Heading():
                parts.append(block.text)
            case Paragraph():
                parts.append("".join(run.text for run in block.runs))
            case ListBlock():
                parts += block.items
            case Table():
                parts += [block.caption, *(cell.text for row in block.rows for cell in row.cells)]
            case Chart() | OrgChart():
                parts.append(block.caption)
    return "\n".join(parts)
