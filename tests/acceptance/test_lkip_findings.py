"""What an LKIP may not leave unsaid: which document a table comes from, and where two figures of it disagree."""

from __future__ import annotations

import pytest

from capaian.documents.blocks import Document, OrgChart, OrgNode, Table
from capaian.documents.text import render_text
from capaian.exchange.samples.load import load_sample
from capaian.exchange.samples.reader import read_sample
from capaian.organisations.models import TahunKinerja
from capaian.reports.lkip import build_lkip
from capaian.reports.perjanjian_kinerja import build_perjanjian_kinerja
from capaian.reports.snapshot import Snapshot, take_snapshot

pytestmark = [pytest.mark.acceptance, pytest.mark.django_db]


def snapshot_of(name: str) -> Snapshot:
    batch = load_sample(sample=read_sample(name), by=None)
    return take_snapshot(TahunKinerja.objects.get(pk=batch.tahun_kinerja_id))


def table_of(document: Document, anchor: str) -> Table:
    return next(block for block in document.blocks if isinstance(block, Table) and block.anchor == anchor)


def lines(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_the_annex_of_the_agreement_and_the_lkip_state_the_same_money() -> None:
    snapshot = snapshot_of("balangan_2024")
    document = build_lkip(snapshot)
    agreement = build_perjanjian_kinerja(snapshot)
    annex = [block for block in agreement.blocks if isinstance(block, Table)][-1]
    for anchor in ("tabel-pk-anggaran", "tabel-lampiran-pk-anggaran"):
        assert lines(table_of(document, anchor)) == lines(annex)
    remark = "Anggaran diambil dari pagu APBD perubahan karena lampiran anggaran Perjanjian Kinerja belum ada."
    assert remark in render_text(agreement)
    assert render_text(document).count(remark) == 2


def test_a_score_stands_with_its_weight_and_one_beyond_it_is_told() -> None:
    document = build_lkip(snapshot_of("balangan_2024"))
    rows = lines(table_of(document, "tabel-lhe-nilai"))
    assert rows[0] == ["A", "Perencanaan Kinerja", "30", "24,60", "82,00"]
    assert rows[1] == ["", "Perencanaan Kinerja", "6", "24,60", "–"]
    assert rows[2][2:] == ["9", "6,30", "70,00"]
    assert rows[-1] == ["Nilai akuntabilitas kinerja", "100", "79,50", "79,50"]
    assert "Nilai sub komponen Perencanaan Kinerja pada dokumen sumber melebihi bobotnya" in render_text(document)
    assert "nama daerah tidak terbaca pada dokumen sumber" in render_text(document)


def test_bekasi_shows_quotients_sources_goals_and_all_its_units() -> None:
    document = build_lkip(snapshot_of("bekasi_2024"))
    explained = table_of(document, "tabel-penjelasan")
    differing = [row for row in lines(explained) if row[0].endswith("*")]
    assert [row[0] for row in differing] == ["13*", "14*", "16*", "17*", "18*", "19*", "20*", "26*"]
    assert differing[0][2:6] == ["40.679", "41.732", "97,48", "100,00%"]
    assert "pada No 13, 14, 16, 17, 18, 19, 20, dan 26; keduanya dicantumkan apa adanya" in render_text(document)
    assert table_of(document, "tabel-versi").source == "Sumber: Olahan Data SIPD Kota Bekasi, 2024"
    assert table_of(document, "tabel-ringkasan").source == "Sumber: Dinas Kesehatan Kota Bekasi, 2024"
    goals = [row for row in lines(table_of(document, "tabel-renstra")) if row[0].startswith("Mewujudkan")]
    assert goals[0][1:3] == ["(indikator tujuan)", "Nilai AKIP"]
    chart = next(block for block in document.blocks if isinstance(block, OrgChart))
    assert {"Puskesmas (48)", "UPTD Instalasi Farmasi"} <= set(boxes(chart.root))


def test_an_office_without_realisasi_says_so() -> None:
    text = render_text(build_lkip(snapshot_of("metro_2024")))
    assert "Dari 6 IKU belum ada realisasi yang diisi." in text
    assert "0 mencapai target" not in text
    assert "0,00%" not in text


def boxes(node: OrgNode) -> list[str]:
    return [node.label, *(name for child in node.children for name in boxes(child))]
