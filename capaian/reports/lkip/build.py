"""Puts the chapters of the LKIP in order."""

from __future__ import annotations

from capaian.documents.blocks import Document, Heading
from capaian.reports.lkip.awal import front
from capaian.reports.lkip.bab1 import bab1
from capaian.reports.lkip.bab2 import bab2
from capaian.reports.lkip.bab3 import bab3
from capaian.reports.lkip.bab4 import bab4
from capaian.reports.lkip.lampiran import lampiran
from capaian.reports.lkip.parts import Blocks, joined_pages
from capaian.reports.snapshot import Snapshot


def build_lkip(snapshot: Snapshot) -> Document:
    """The whole report as blocks. Pure: the same snapshot gives the same document."""
    title = f"Laporan Kinerja Instansi Pemerintah (LKIP) {snapshot.office.nama} Tahun {snapshot.tahun}"
    later = [bab2(snapshot), bab3(snapshot), bab4(snapshot), lampiran(snapshot)]
    chapters = [chapter for blocks in later for chapter in _chapters(blocks)]
    blocks = joined_pages([*front(snapshot), *bab1(snapshot, chapters), *(one for part in later for one in part)])
    return Document(
        title=title,
        office=snapshot.office.nama,
        blocks=tuple(blocks),
        header=f"LKIP {snapshot.office.nama} Tahun {snapshot.tahun}",
        footer=snapshot.office.nama,
        metadata={"subject": "Laporan Kinerja Instansi Pemerintah", "fingerprint": snapshot.fingerprint()},
    )


def _chapters(blocks: Blocks) -> list[tuple[str, str, list[str]]]:
    """Number, title and section titles of each chapter, for the outline in Bab I."""
    found: list[tuple[str, str, list[str]]] = []
    for block in blocks:
        if isinstance(block, Heading) and block.level == 1:
            found.append((block.number, block.text, []))
        elif isinstance(block, Heading) and block.level == 2 and found:
            found[-1][2].append(block.text)
    return found
