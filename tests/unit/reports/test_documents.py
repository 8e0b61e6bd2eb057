"""Perjanjian Kinerja, Rencana Aksi and Pengukuran from a snapshot: what they say, add up, and refuse."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from capaian.documents.blocks import Document, Signature, Table
from capaian.documents.text import render_text
from capaian.documents.xlsx import render_xlsx
from capaian.reports.errors import ReportError
from capaian.reports.pengukuran import build_pengukuran
from capaian.reports.perjanjian_kinerja import build_perjanjian_kinerja
from capaian.reports.rencana_aksi import build_rencana_aksi
from capaian.reports.snapshot import (
    Dokumen,
    Iku,
    Measured,
    NodeRow,
    Office,
    PkAnggaran,
    PkRow,
    Quarter,
    Score,
    Snapshot,
    TargetText,
)

pytestmark = pytest.mark.unit
OFFICE = Office(
    kunci="contoh",
    nama="Dinas Kesehatan Kota Contoh",
    singkatan="",
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
AKSI = Dokumen("aksi", "rencana_aksi", "Rencana Aksi Kinerja 2024", "murni", "", "")
PK = Dokumen("pk", "pk", "Penetapan Kinerja Perubahan 2024", "perubahan", "", "2024-02-05")
REACHED = Score(Decimal("110"), Decimal("110.00"), "tercapai", "", "pack")


def indikator(kunci: str, target: str, split: tuple[str, ...], **values: Any) -> dict[str, Any]:
    return {
        "kunci": kunci,
        "nama": f"Indikator {kunci}",
        "satuan": "%",
        "arah": "naik",
        "sifat": "jumlah",
        "desimal": 2,
        "target": target,
        "targets": (TargetText("aksi", "rencana_aksi", 2024, target, "%", split),),
        **values,
    }


@pytest.fixture
def snapshot() -> Snapshot:
    first = (Quarter("24,5", "26", "26", REACHED, REACHED), *[Quarter("24,5", "", "26")] * 3)
    iku = Iku(**indikator("iku.jkn", "98", ("24,5",) * 4, quarters=first, sasaran="Meningkatnya kesehatan"))
    plain = (Quarter("-", "", ""),) * 4
    program = NodeRow(
        kunci="1.02.02", kode="1.02.02", jenis="program", nama="PROGRAM UPAYA KESEHATAN", induk="", depth=0,
        is_leaf=False, pagu=343_221_061_270, realisasi=300_000_000_000, sisa=43_221_061_270,
        realisasi_triwulan=(50_000_000_000, None, None, None),
        indikator=(Measured(**indikator("p", "14", ("6", "2", "3", "3"), quarters=plain, penghambat=("Banjir",))),),
    )  # fmt: skip
    kegiatan = NodeRow(
        kunci="1.02.02.2.01", kode="1.02.02.2.01", jenis="kegiatan", nama="Kegiatan tanpa indikator", induk="1.02.02",
        depth=1, is_leaf=True, pagu=171_605_400,
    )  # fmt: skip
    return Snapshot(
        office=OFFICE,
        tahun=2024,
        dokumen=(AKSI, PK),
        iku=(iku,),
        measured_dokumen="aksi",
        pk_dokumen="pk",
        pk=(
            PkRow("Sasaran satu", "a", "Nilai AKIP", "79", "Nilai"),
            PkRow("Sasaran satu", "b", "IKM", "80", "Nilai"),
            PkRow("Sasaran dua", "c", "Usia Harapan Hidup", "75,47", "Tahun"),
        ),
        pk_anggaran=(
            PkAnggaran("Program Penunjang", 255_424_594_746, "Anggaran Perubahan APBD"),
            PkAnggaran("Program Upaya Kesehatan", 541_017_638_122, "Anggaran Perubahan APBD"),
        ),
        versi="apbd_perubahan",
        nodes=(program, kegiatan),
        pagu=343_221_061_270,
        realisasi=300_000_000_000,
    )


def tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def cells(table: Table) -> list[tuple[str, ...]]:
    return [tuple(cell.text for cell in row.cells) for row in table.rows]


# --- perjanjian kinerja ----------------------------------------------------------------------------------------------


def test_agreement_has_two_parties_and_no_names(snapshot: Snapshot) -> None:
    document = build_perjanjian_kinerja(snapshot)
    signature = next(block for block in document.blocks if isinstance(block, Signature))
    superior, head = signature.parties
    assert superior.office.startswith("WALI KOTA CONTOH")
    assert head.office == "KEPALA DINAS KESEHATAN\nKOTA CONTOH"
    assert (superior.with_nip, head.with_nip) == (False, True)
    assert not superior.name
    assert not head.name
    assert head.heading.startswith("Contoh, 5 Februari 2024")
    assert document.title == "PERJANJIAN KINERJA PERUBAHAN TAHUN 2024"


def test_agreement_numbers_columns_and_says_a_sasaran_once(snapshot: Snapshot) -> None:
    targets = next(table for table in tables(build_perjanjian_kinerja(snapshot)) if table.numbered_columns)
    assert [column.header for column in targets.columns] == ["No", "Sasaran Strategis", "Indikator Kinerja", "Target"]
    assert cells(targets) == [
        ("1", "Sasaran satu", "Nilai AKIP", "79"),
        ("IKM", "80"),
        ("2", "Sasaran dua", "Usia Harapan Hidup", "75,47 tahun"),
    ]


def test_agreement_total_is_the_sum_and_is_spelled(snapshot: Snapshot) -> None:
    document = build_perjanjian_kinerja(snapshot)
    money = tables(document)[-1]
    assert cells(money)[-1][1] == "796.442.232.868"
    assert "Tujuh ratus sembilan puluh enam miliar empat ratus empat puluh dua juta" in render_text(document)


def test_agreement_without_budget_annex_takes_the_pagu_and_says_so(snapshot: Snapshot) -> None:
    document = build_perjanjian_kinerja(replace(snapshot, pk_anggaran=()))
    assert cells(tables(document)[-1])[-1][1] == "343.221.061.270"
    assert "Anggaran diambil dari pagu APBD perubahan" in render_text(document)


def test_agreement_without_document_takes_the_plan_and_says_so(snapshot: Snapshot) -> None:
    bare = replace(snapshot, pk=(), pk_dokumen="", pk_anggaran=(), nodes=())
    text = render_text(build_perjanjian_kinerja(bare))
    assert "target diambil dari Rencana Aksi Kinerja 2024" in text
    assert "98%" in text
    assert "Anggaran belum dilampirkan" in text


def test_agreement_without_any_target_is_refused(snapshot: Snapshot) -> None:
    with pytest.raises(ReportError, match="halaman Perencanaan"):
        build_perjanjian_kinerja(replace(snapshot, pk=(), iku=()))


# --- rencana aksi ----------------------------------------------------------------------------------------------------


def test_plan_prints_the_data_in_the_order_of_the_form(snapshot: Snapshot) -> None:
    document = build_rencana_aksi(snapshot)
    (table,) = tables(document)
    assert document.orientation == "landscape"
    assert [column.header for column in table.columns if column.group] == ["I", "II", "III", "IV"]
    assert cells(table) == [
        ("Meningkatnya kesehatan", "", "", "Indikator iku.jkn", "%", "98", *["24,5"] * 4, "343.221.061.270"),
        ("", "Program Upaya Kesehatan", "", "Indikator p", "%", "14", "6", "2", "3", "3", "343.221.061.270"),
        ("", "", "Kegiatan tanpa indikator", *[""] * 7, "171.605.400"),
        ("Jumlah anggaran program", "343.221.061.270"),
    ]


def test_plan_as_workbook_has_numbers(snapshot: Snapshot) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(render_xlsx(build_rencana_aksi(snapshot))))
    rows = book.get_sheet_by_index(0).to_python()
    line = next(row for row in rows if "Indikator iku.jkn" in row)
    assert line[5:] == [98.0, 24.5, 24.5, 24.5, 24.5, 343_221_061_270.0]


def test_plan_without_quarters_is_refused(snapshot: Snapshot) -> None:
    with pytest.raises(ReportError, match="halaman Rencana Aksi"):
        build_rencana_aksi(replace(snapshot, dokumen=(PK,)))


# --- pengukuran ------------------------------------------------------------------------------------------------------


def test_measurement_compares_with_quarter_and_year(snapshot: Snapshot) -> None:
    iku, nodes, money, told = tables(build_pengukuran(snapshot, 1))
    assert cells(iku)[0][4:] == ("98", "24,5", "26", "26", "110,00", "110,00", "Tercapai")
    assert cells(nodes)[0] == ("1.02.02 Program Upaya Kesehatan",)
    assert cells(nodes)[1][4:5] == ("belum diisi",)
    assert cells(nodes)[1][-1] == "Belum diisi"
    assert cells(money)[0][2:] == ("343.221.061.270", "50.000.000.000", "293.221.061.270", "14,57")
    assert cells(money)[1][3] == "belum diisi"
    assert cells(told) == [("Indikator p", "Banjir")]


def test_measurement_says_what_its_tables_say(snapshot: Snapshot) -> None:
    text = render_text(build_pengukuran(snapshot, 1))
    assert "Dari 2 indikator yang bertarget pada tahun 2024, 1 sudah terisi" in text
    assert "Rp50.000.000.000 dari pagu Rp343.221.061.270, serapan 14,57%" in text


def test_fourth_quarter_takes_the_year_where_only_the_year_is_known(snapshot: Snapshot) -> None:
    text = render_text(build_pengukuran(snapshot, 4))
    assert "sampai akhir tahun Rp300.000.000.000" in text
    assert "angka setahun dipakai untuk triwulan IV" in text
    assert "Realisasi anggaran belum diisi" in render_text(build_pengukuran(snapshot, 2))


@pytest.mark.parametrize("triwulan", [0, 5])
def test_measurement_knows_four_quarters(snapshot: Snapshot, triwulan: int) -> None:
    with pytest.raises(ReportError, match="pilih 1 sampai 4"):
        build_pengukuran(snapshot, triwulan)


def test_measurement_without_targets_is_refused(snapshot: Snapshot) -> None:
    with pytest.raises(ReportError, match="halaman Perencanaan"):
        build_pengukuran(replace(snapshot, iku=(), nodes=()), 1)
