"""The two district-wide tables of SPM, in the layout in which they come back (`exchange.spm`)."""

from __future__ import annotations

from collections import defaultdict

from capaian.exchange.exports_book import Cell, Column, Table, make_table
from capaian.organisations.models import TahunKinerja, Wilayah
from capaian.rules.periods import BULAN, ROMAN
from capaian.spm.models import PelayananSpm, SasaranSpm
from capaian.spm.queries import spm_rules, spm_units

_MONTHS = range(1, len(BULAN) + 1)


def pelayanan_table(year: TahunKinerja) -> Table:
    """Persons newly served by Puskesmas and service, month by month; quarters where the year is reported by quarter."""
    rules = spm_rules(year)
    by_quarter = rules.pengaturan.frekuensi == "triwulanan"
    served: dict[tuple[int | None, str], dict[int, int]] = defaultdict(dict)
    for row in PelayananSpm.objects.filter(tahun_kinerja=year, unit__isnull=False, triwulan__gt=0):
        served[row.unit_id, row.layanan][row.bulan or 100 + row.triwulan] = row.terlayani
    parts = [100 + number for number in range(1, len(ROMAN) + 1)] if by_quarter else list(_MONTHS)
    names = [f"Triwulan {roman}" for roman in ROMAN] if by_quarter else list(BULAN)
    columns = (
        Column("Puskesmas", 30),
        Column("Jenis pelayanan", 28),
        *(Column(name, 11, "number") for name in names),
        Column("Total", 12, "number"),
    )
    rows: list[list[Cell]] = []
    for unit in spm_units(year):
        for layanan in rules.standar.layanan:
            mine = served[unit.pk, layanan.kode]
            known = [mine[part] for part in parts if part in mine]
            rows.append(
                [unit.nama, layanan.nama_pendek, *(mine.get(part) for part in parts), sum(known) if known else None]
            )
    return make_table(f"Pelayanan SPM {year.tahun}", year, "Orang baru terlayani sesuai standar.", columns, rows)


def sasaran_table(year: TahunKinerja) -> Table:
    """The sasaran in use by Puskesmas and desa, with the twelve groups as columns (form 2.A.2)."""
    groups = spm_rules(year).standar.layanan
    used: dict[tuple[int | None, int | None], dict[str, int]] = defaultdict(dict)
    for row in SasaranSpm.objects.filter(tahun_kinerja=year, dipakai=True, unit__isnull=False):
        used[row.unit_id, row.wilayah_id][row.kelompok] = row.jumlah
    areas: dict[int | None, list[Wilayah]] = defaultdict(list)
    for area in Wilayah.objects.filter(instansi=year.instansi_id, unit__isnull=False):
        areas[area.unit_id].append(area)
    rows: list[list[Cell]] = []
    for unit in spm_units(year):
        rows.append([unit.nama, *(used[unit.pk, None].get(one.kode) for one in groups)])
        for area in areas[unit.pk]:
            if used[unit.pk, area.pk]:
                rows.append([area.nama, *(used[unit.pk, area.pk].get(one.kode) for one in groups)])
    columns = (Column("Puskesmas", 30), *(Column(one.nama_pendek, 13, "number") for one in groups))
    return make_table(f"Sasaran SPM {year.tahun}", year, "Sasaran yang dipakai, menurut Formulir 2.A.2.", columns, rows)
