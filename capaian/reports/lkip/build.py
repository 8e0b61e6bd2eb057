"""Puts the chapters of the LKIP in order."""

from __future__ import annotations

from capaian.documents.blocks import Document, Heading
from capaian.reports.lkip.capaian import capaian_organisasi
from capaian.reports.lkip.front import front
from capaian.reports.lkip.parts import Blocks, lettered
from capaian.reports.snapshot import Snapshot


def build_lkip(snapshot: Snapshot) -> Document:
    """The whole report as blocks. Pure: the same snapshot gives the same document."""
    title = f"Laporan Kinerja Instansi Pemerintah (LKIP) {snapshot.office.nama} Tahun {snapshot.tahun}"
    blocks: Blocks = [
        *front(snapshot),
        Heading(1, "AKUNTABILITAS KINERJA", "BAB III"),
        *lettered([("Capaian Kinerja Organisasi", capaian_organisasi(snapshot))]),
    ]
    return Document(
        title=title,
        office=snapshot.office.nama,
        blocks=tuple(blocks),
        header=f"LKIP {snapshot.office.nama} Tahun {snapshot.tahun}",
        footer=snapshot.office.nama,
        metadata={"subject": "Laporan Kinerja Instansi Pemerintah", "fingerprint": snapshot.fingerprint()},
    )
