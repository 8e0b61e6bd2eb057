"""Loading SPM of a generated district: areas, sasaran and money once, then the forms of the quarters in bulk.

What somebody has stated of a year stays: each table is written only where the year has none of it yet, each form only
where nobody has touched it. A test holds the outcome to what the actions make one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Model

from capaian.exchange.simulation.district import District
from capaian.exchange.simulation.histories import open_deadlines
from capaian.exchange.simulation.spm_forms import FORMS, fill_forms
from capaian.exchange.simulation.spm_money import money_rows, plan_rows
from capaian.exchange.simulation.spm_needs import price_of
from capaian.exchange.simulation.spm_sasaran import areas_of, puskesmas_of, statements_of
from capaian.organisations.actions import save_tahun_kinerja
from capaian.organisations.models import TahunKinerja, UnitKerja, Wilayah
from capaian.rules.pack_schema import PackError
from capaian.rules.spm.standar import Standar, standar_of
from capaian.spm.actions import compute_spm
from capaian.spm.models import AlokasiSpm, KebutuhanSpm, PengaturanSpm, RencanaSpm, SasaranSpm
from capaian.workflow.audit import audited, record_audit
from capaian.workflow.sync import SyncResult

_Units = Mapping[str, UnitKerja]


@audited()
def load_spm(
    *, by: User | None, tahun_kinerja: TahunKinerja, district: District, today: date, with_quarters: bool
) -> SyncResult:
    """Everything of SPM that the district has; with quarters also the year before, whose second half schools count on.

    A year that no standard covers has nothing of it.
    """
    if _standar(district.tahun) is None:
        return SyncResult()
    units = {unit.kunci: unit for unit in tahun_kinerja.instansi.unit_kerja.all()}
    result = _load_areas(by, tahun_kinerja, district, units)
    years = [tahun_kinerja]
    if with_quarters and _standar(district.tahun - 1) is not None:
        years.insert(0, _year_before(by, tahun_kinerja, district))
    for year in years:
        changed = _load_stated(by, year, district, units)
        if with_quarters:
            changed += fill_forms(by=by, tahun_kinerja=year, district=district, units=units, today=today)
        if changed.has_changes:
            compute_spm(by=by, tahun_kinerja=year)
        result += changed
    if with_quarters:
        open_deadlines(by=by, tahun_kinerja=tahun_kinerja, forms=FORMS)
    return result


def _standar(tahun: int) -> Standar | None:
    try:
        return standar_of(tahun)
    except PackError:
        return None


def _year_before(by: User | None, year: TahunKinerja, district: District) -> TahunKinerja:
    """The year before, made where the office has it not; what it says of itself stays."""
    known = TahunKinerja.objects.filter(instansi=year.instansi, tahun=year.tahun - 1).first()
    if known is None:
        known = save_tahun_kinerja(by=by, instansi=district.instansi, tahun=year.tahun - 1, narasi={})
        # Nothing is known of the year before that one, so it cannot count the school year that began there.
        PengaturanSpm.objects.create(tahun_kinerja=known, jendela_pendidikan=PengaturanSpm.Jendela.TAHUN_KALENDER)
    return known


def _load_areas(by: User | None, year: TahunKinerja, district: District, units: _Units) -> SyncResult:
    """Kecamatan first, since desa name theirs."""
    if year.instansi.wilayah.exists():
        return SyncResult()
    rows = [area for unit in puskesmas_of(district) for area in areas_of(district, unit)]
    stored: dict[str, Wilayah] = {}
    for jenis in ("kecamatan", "desa"):
        fresh = [
            Wilayah(
                instansi=year.instansi,
                unit=units[one.unit],
                induk=stored.get(one.induk),
                kunci=one.kunci,
                nama=one.nama,
                jenis=one.jenis,
                urutan=number,
            )
            for number, one in enumerate(rows, start=1)
            if one.jenis == jenis
        ]
        stored |= {one.kunci: one for one in Wilayah.objects.bulk_create(fresh)}
    return _told(by, year, "organisations.sync_wilayah", len(stored))


def _load_stated(by: User | None, year: TahunKinerja, district: District, units: _Units) -> SyncResult:
    """What the office states for a year: sasaran, and for the year itself prices, money and plans."""
    standar = standar_of(year.tahun)
    result = _create(by, year, "sasaran_spm", _sasaran(year, district, units, standar))
    if year.tahun != district.tahun:
        return result
    result += _create(
        by,
        year,
        "kebutuhan_spm",
        [
            KebutuhanSpm(tahun_kinerja=year, butir=butir.kode, harga_satuan=price_of(district, butir))
            for butir in standar.butir
            if not butir.terintegrasi
        ],
    )
    money = [
        AlokasiSpm(
            tahun_kinerja=year,
            unit=units.get(one.unit),
            layanan=one.layanan,
            sumber_dana=one.sumber_dana,
            alokasi=one.alokasi,
            realisasi=one.realisasi,
        )
        for one in money_rows(district, standar)
    ]
    plans = [RencanaSpm(tahun_kinerja=year, **vars(one)) for one in plan_rows(district, standar)]
    return result + _create(by, year, "alokasi_spm", money) + _create(by, year, "rencana_spm", plans)


def _sasaran(year: TahunKinerja, district: District, units: _Units, standar: Standar) -> list[SasaranSpm]:
    areas = {area.kunci: area for area in year.instansi.wilayah.all()}
    groups = {one.kode: one.utama for one in standar.kelompok}
    return [
        SasaranSpm(
            tahun_kinerja=year,
            unit=units.get(one.unit),
            wilayah=areas.get(one.wilayah),
            kelompok=one.kelompok,
            jumlah=one.jumlah,
            metode=one.metode,
            sumber=one.sumber,
            dipakai=one.dipakai,
            nomor_keputusan=one.nomor_keputusan,
            tanggal_keputusan=one.tanggal_keputusan,
            rumus=dict(one.rumus),
        )
        for one in statements_of(district, year.tahun, groups)
    ]


def _create(by: User | None, year: TahunKinerja, table: str, rows: Iterable[Model]) -> SyncResult:
    """The rows of a table that belongs to a year, by its related name, where the year has none of it yet."""
    known: Any = getattr(year, table)
    if known.exists():
        return SyncResult()
    return _told(by, year, f"spm.sync_{table.removesuffix('_spm')}", len(known.model.objects.bulk_create(rows)))


def _told(by: User | None, year: TahunKinerja, action: str, created: int) -> SyncResult:
    """One audit entry for all rows, as every load leaves."""
    result = SyncResult(created=created)
    if created:
        record_audit(
            by=by,
            action=action,
            subject=f"{year.instansi.kunci} {year.tahun}",
            instansi=year.instansi,
            after=result.to_dict(),
        )
    return result
