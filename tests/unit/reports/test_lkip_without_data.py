"""An office that has entered nothing yet gets a report that says so, and no empty table."""

from __future__ import annotations

from decimal import Decimal

import pytest

from capaian.documents.blocks import Heading, Paragraph, Table
from capaian.documents.text import render_text
from capaian.reports.lkip import build_lkip
from capaian.reports.snapshot import Office, Snapshot

pytestmark = pytest.mark.unit

OFFICE = Office(
    kunci="contoh",
    nama="Dinas Kesehatan Kota Contoh",
    singkatan="Dinkes",
    daerah="Kota Contoh",
    provinsi="Provinsi Contoh",
    kepala_daerah="Wali Kota Contoh",
    pimpinan="Kepala Dinas Kesehatan",
    tempat="Contoh",
    alamat="",
    rumus_turun="selisih",
    desimal=2,
    ambang_rendah=Decimal(70),
)


def test_what_the_regulation_asks_for_and_is_missing_is_said() -> None:
    document = build_lkip(Snapshot(office=OFFICE, tahun=2024))
    notes = [block.runs[0].text for block in document.blocks if isinstance(block, Paragraph) and block.style == "note"]
    for what in ("Rencana Strategis", "Perjanjian Kinerja", "indikator kinerja utama", "realisasi anggaran"):
        assert any(what in note for note in notes), what


def test_nothing_is_printed_empty() -> None:
    document = build_lkip(Snapshot(office=OFFICE, tahun=2024))
    assert all(block.rows for block in document.blocks if isinstance(block, Table))
    titles = [block.text for block in document.blocks if isinstance(block, Heading)]
    assert "Inovasi Penunjang Kinerja" not in titles
    assert "Sumber Daya Kesehatan" not in titles
    assert "None" not in render_text(document)
