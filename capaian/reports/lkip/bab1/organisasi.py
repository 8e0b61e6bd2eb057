"""Bab I: duties and functions, the organisation chart, and the facilities with their accreditation."""

from __future__ import annotations

from capaian.documents.blocks import OrgChart, OrgNode
from capaian.reports import formats
from capaian.reports.lkip.parts import Blocks, column, items, missing, para, row, table, told
from capaian.reports.snapshot import Snapshot, Unit

_UPTD = ("uptd", "rsud", "puskesmas")
_OWN = ("sekretariat", "bidang")
_NAMED_RSUD = 4


def organisasi(s: Snapshot) -> Blocks:
    blocks: Blocks = []
    tugas = told(s.narasi.get("tugas"))
    if tugas:
        blocks += [para(f"{s.office.nama} mempunyai tugas sebagai berikut:", "body"), *tugas]
    fungsi = items(s.narasi.get("fungsi"), "letter")
    if fungsi:
        blocks += [para("Dalam melaksanakan tugas tersebut dinas menyelenggarakan fungsi:", "body"), *fungsi]
    blocks += _chart(s)
    blocks += _facilities(s)
    return blocks or [missing("tugas, fungsi, dan struktur organisasi", s.tahun)]


def _chart(s: Snapshot) -> Blocks:
    office = next((unit for unit in s.units if unit.jenis == "dinas"), None)
    if office is None or not office.bawahan:
        return []
    parts = [_node(unit) for unit in office.bawahan if unit.jenis in _OWN]
    groups = _uptd(office)
    root = OrgNode(s.office.pimpinan, (*parts, *([OrgNode("UPTD", groups)] if groups else [])))
    bidang = sum(unit.jenis == "bidang" for unit in office.bawahan)
    return [
        para(
            f"Susunan organisasi terdiri atas {s.office.pimpinan}, sekretariat, {bidang} bidang, dan unit pelaksana "
            "teknis daerah sebagaimana tampak pada {gambar-organisasi}."
        ),
        OrgChart(root, f"Struktur Organisasi {s.office.nama}", "gambar-organisasi"),
    ]


def _node(unit: Unit) -> OrgNode:
    return OrgNode(unit.nama, tuple(_node(child) for child in unit.bawahan))


def _uptd(office: Unit) -> tuple[OrgNode, ...]:
    """UPTD by name; hospitals too unless they are many; the Puskesmas as one box with their number."""
    named = [OrgNode(unit.nama) for unit in office.bawahan if unit.jenis == "uptd"]
    hospitals = [OrgNode(unit.nama) for unit in office.bawahan if unit.jenis == "rsud"]
    if len(hospitals) > _NAMED_RSUD:
        hospitals = [OrgNode(f"RSUD ({len(hospitals)})")]
    puskesmas = sum(unit.jenis == "puskesmas" for unit in office.bawahan)
    return (*named, *hospitals, *([OrgNode(f"Puskesmas ({puskesmas})")] if puskesmas else []))


def _facilities(s: Snapshot) -> Blocks:
    """Puskesmas and hospitals with their accreditation, where the office keeps it."""
    units = [unit for office in s.units for unit in office.bawahan if unit.jenis in _UPTD and unit.akreditasi]
    rows = [
        row(str(number), unit.nama, unit.akreditasi[:1].upper() + unit.akreditasi[1:])
        for number, unit in enumerate(units, start=1)
    ]
    columns = (column("No", 0.4, "center"), column("Unit", 3), column("Tingkat akreditasi", 1.6, "center"))
    if not rows:
        return []
    levels = [unit.akreditasi for unit in units]
    counted = formats.joined([f"{levels.count(level)} {level}" for level in dict.fromkeys(levels)])
    return [
        para(
            f"Pelayanan kesehatan diselenggarakan antara lain oleh {len(units)} fasilitas milik daerah dengan tingkat "
            f"akreditasi {counted}, sebagaimana {{tabel-akreditasi}}."
        ),
        *table("Fasilitas Milik Daerah menurut Tingkat Akreditasi", "tabel-akreditasi", columns, rows),
    ]
