"""The tables that people look at, as they are exported: every row, typed numbers, and where they come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from django.utils import timezone
from django.utils.formats import date_format

from capaian.budget.models import Pagu
from capaian.budget.queries import read_budget
from capaian.exchange.exports_book import Cell, Column, Table, make_table
from capaian.exchange.exports_spm import pelayanan_table, sasaran_table
from capaian.exchange.models import Upload
from capaian.exchange.sheets.places import PERIOD_CHOICES
from capaian.measurement.queries import IkuRow, iku_table, measured_dokumen, node_indicator_rows
from capaian.organisations.models import TahunKinerja
from capaian.planning.queries import read_expression, rencana_aksi_dokumen, rencana_aksi_rows
from capaian.planning.units import responsible_units
from capaian.rules.target import NumberTarget
from capaian.workflow.forms import Filling, form_definitions
from capaian.workflow.models import Submission


@dataclass(frozen=True)
class Export:
    """One table that can be taken home: the beginning of its file name, and how it is made."""

    nama: str
    build: Callable[[TahunKinerja], Table]


def plain_value(teks: str) -> Cell:
    """The number that a text is, where it is nothing but that; a target such as `≤ 2` or `97,5%` stays as printed."""
    form = read_expression(teks)
    if isinstance(form, NumberTarget) and teks.strip() and not teks.strip().strip("0123456789.,-+"):
        return form.value
    return teks


def indikator_table(year: TahunKinerja) -> Table:
    """The indicators of sasaran and of all nodes with target, realisasi and capaian of the year."""
    dokumen = measured_dokumen(year)
    units = {unit.pk: unit.nama for unit in year.instansi.unit_kerja.all()}
    answering = responsible_units(year)
    rows = [*iku_table(year), *node_indicator_rows(year)]
    columns = (
        Column("Tingkat", 14),
        Column("Kode", 20),
        Column("Indikator", 60),
        Column("Satuan", 14),
        Column(f"Target {year.tahun}", 16, "number"),
        Column(f"Realisasi {year.tahun}", 16, "number"),
        Column("Capaian (%)", 14, "persen"),
        Column("Status", 18),
        Column("Target akhir renstra", 16, "number"),
        Column("Capaian thd renstra (%)", 14, "persen"),
        Column("Penanggung jawab", 36),
    )
    cells = [_indikator_cells(row, units.get(answering.get(row.indikator.pk) or 0, "")) for row in rows]
    measured = f"Target dari {dokumen.nama}." if dokumen else "Belum ada dokumen target."
    return make_table(f"Capaian indikator {year.tahun}", year, measured, columns, cells)


def _indikator_cells(row: IkuRow, unit: str) -> list[Cell]:
    node = row.indikator.node
    capaian, renstra = row.capaian, row.capaian_renstra
    return [
        node.get_jenis_display() if node else "Sasaran",
        node.kode if node else "",
        row.indikator.nama,
        row.satuan,
        plain_value(row.target),
        plain_value(row.realisasi),
        capaian.tampil if capaian else None,
        capaian.get_status_display() if capaian else "Belum ada",
        plain_value(row.target_renstra),
        renstra.tampil if renstra else None,
        unit,
    ]


def rencana_aksi_table(year: TahunKinerja) -> Table:
    """The last version of the rencana aksi: targets by quarter, money on the first line of its node."""
    dokumen_list = rencana_aksi_dokumen(year)
    columns = (
        Column("Tingkat", 14),
        Column("Kode", 20),
        Column("Sasaran, program, atau kegiatan", 48),
        Column("Indikator", 60),
        Column("Satuan", 14),
        Column("Target", 14, "number"),
        *(Column(f"TW {roman}", 12, "number") for roman in ("I", "II", "III", "IV")),
        Column("Anggaran (Rp)", 22, "rupiah"),
    )
    rows = rencana_aksi_rows(year, dokumen_list[-1]) if dokumen_list else []
    cells: list[list[Cell]] = [
        [
            row.level,
            row.code,
            row.head,
            row.indikator.nama if row.indikator else "",
            row.satuan,
            plain_value(row.target),
            *map(plain_value, row.quarters),
            row.anggaran,
        ]
        for row in rows
    ]
    source = f"Dari {dokumen_list[-1].nama}." if dokumen_list else "Belum ada rencana aksi."
    return make_table(f"Rencana aksi {year.tahun}", year, source, columns, cells)


def anggaran_table(year: TahunKinerja) -> Table:
    """Every node with its pagu in all versions and what was spent, measured against the last version."""
    data = read_budget(year)
    versions = data.versions or [""]
    columns = (
        Column("Kode", 22),
        Column("Jenis", 14),
        Column("Uraian", 60),
        *(Column(f"Pagu {_version(versi)} (Rp)", 22, "rupiah") for versi in versions),
        Column("Realisasi (Rp)", 22, "rupiah"),
        Column("Sisa (Rp)", 22, "rupiah"),
        Column("Serapan (%)", 12, "persen"),
    )
    cells: list[list[Cell]] = []
    for row in data.tree(versions[-1]):
        pagu = [data.pagu.get(versi, {}).get(row.node.pk) for versi in versions[:-1]]
        spent: list[Cell] = [row.pagu, row.realisasi, row.sisa, row.money.tampil]
        cells.append([row.node.kode, row.node.get_jenis_display(), row.node.nama, *pagu, *spent])
    source = f"Realisasi, sisa, dan serapan terhadap pagu {_version(versions[-1])}; rupiah utuh."
    return make_table(f"Anggaran {year.tahun}", year, source, columns, cells)


def _version(versi: str) -> str:
    return str(Pagu.Versi(versi).label) if versi else ""


def pelaporan_table(year: TahunKinerja) -> Table:
    """Every form that a unit owes, by period, and where it stands."""
    columns = (
        Column("Formulir", 24),
        Column("Periode", 14),
        Column("Unit", 44),
        Column("Status", 18),
        Column("Sejak", 22),
        Column("Oleh", 22),
        Column("Versi", 8, "count"),
        Column("Dapat diisi", 10, "count"),
        Column("Terisi", 10, "count"),
        Column("Alasan", 50),
    )
    source = "Yang belum disentuh siapa pun berstatus draf."
    return make_table(f"Pelaporan {year.tahun}", year, source, columns, list(_pelaporan_cells(year)))


def _pelaporan_cells(year: TahunKinerja) -> Iterator[list[Cell]]:
    stored = {
        (one.form, one.periode, one.unit_id): one
        for one in Submission.objects.filter(tahun_kinerja=year).select_related("by")
    }
    for definition in form_definitions():
        fillings = definition.fillings(year, [periode for periode, _ in PERIOD_CHOICES])
        for periode, label in PERIOD_CHOICES:
            for unit in definition.units(year, periode):
                place = (periode, unit.pk if unit else None)
                found = stored.get((definition.kode, *place))
                filling = fillings.get(place, Filling())
                counts = (filling.fillable, filling.filled)
                yield [definition.nama, label, str(unit or year.instansi), *_standing(found, counts)]


def _standing(found: Submission | None, counts: tuple[int, int]) -> list[Cell]:
    if found is None:
        return [str(Submission.State.DRAF.label), "", "", 1, *counts, ""]
    since = date_format(timezone.localtime(found.since), "j F Y H:i")
    return [found.get_state_display(), since, str(found.by or ""), found.versi, *counts, found.reason]


def findings_table(upload: Upload) -> Table:
    """Every finding of an upload."""
    columns = (
        Column("Lembar", 28),
        Column("Sel", 8),
        Column("Jenis", 12),
        Column("Aturan", 20),
        Column("Masalah dan apa yang harus dilakukan", 90),
        Column("Isi berkas", 24),
        Column("Tersimpan", 24),
    )
    names = ("sheet", "cell", "severity", "rule", "message", "value", "theirs")
    cells: list[list[Cell]] = [[one[name] for name in names] for one in upload.findings]
    source = f"Berkas {upload.nama}, SHA-256 {upload.checksum}."
    return make_table("Temuan unggahan", upload.tahun_kinerja, source, columns, cells)


EXPORTS: Final = {
    "indikator": Export("Capaian-indikator", indikator_table),
    "rencana-aksi": Export("Rencana-aksi", rencana_aksi_table),
    "anggaran": Export("Anggaran", anggaran_table),
    "pelaporan": Export("Pelaporan", pelaporan_table),
    "spm-pelayanan": Export("Pelayanan-SPM", pelayanan_table),
    "spm-sasaran": Export("Sasaran-SPM", sasaran_table),
}
