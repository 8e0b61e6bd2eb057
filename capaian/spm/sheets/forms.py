"""The forms `spm`, `spm_mutu` and `spm_kebutuhan`, as the workflow knows them (`workflow.forms.FormDefinition`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from django.contrib.auth.models import User

from capaian.measurement.bukti_queries import sheet_bukti
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.organisations.roles import Permission
from capaian.rules.numbers import format_percent
from capaian.rules.periods import ROMAN
from capaian.rules.spm.pace import PACE, expected_percent, is_behind
from capaian.spm import actions_sheets
from capaian.spm.models import MonevSpm
from capaian.spm.queries import TRIWULAN, spm_rules, spm_units
from capaian.spm.sheets.cells import shown
from capaian.spm.sheets.items import items_of, read_items
from capaian.spm.sheets.kebutuhan import NeedCell, need_cells, read_before
from capaian.spm.sheets.mutu import StockCell, stock_cells
from capaian.spm.sheets.pelayanan import ServedCell, coverage, read_served, served_cells
from capaian.web.templatetags.capaian import persen
from capaian.workflow.forms import Change, Filling, Outcome, Problem, Sheet, SheetKey, SheetRow
from capaian.workflow.models import Form

_Fillings = Mapping[tuple[int, int | None], Filling]
_NO_UNIT = "Formulir ini diisi oleh Puskesmas; instansi membaca hasilnya pada halaman SPM"


class _SpmForm:
    """What the three forms share: who fills, submits and verifies them, and that results follow verification."""

    permission = Permission.RECORD_REALISASI.name
    submit_permission = Permission.SUBMIT.name
    verify_permission = Permission.VERIFY.name

    def after_count(self, key: SheetKey, *, by: User | None) -> None:
        actions_sheets.count_sheet(by=by, key=key)


class PelayananForm(_SpmForm):
    """The persons newly served in a quarter."""

    kode = Form.SPM.value
    nama = str(Form.SPM.label)
    periods: tuple[int, ...] = TRIWULAN

    def units(self, tahun_kinerja: TahunKinerja, periode: int) -> list[UnitKerja | None]:
        """The Puskesmas whose sasaran is set. One query."""
        return list(spm_units(tahun_kinerja)) if periode in TRIWULAN else []

    def fillings(self, tahun_kinerja: TahunKinerja, periods: Collection[int]) -> _Fillings:
        """See `FormDefinition.fillings`. Four queries, one where no unit owes the form."""
        owed = _owed(tahun_kinerja, periods)
        if not owed:
            return {}
        year = read_served(tahun_kinerja)
        found: dict[tuple[int, int | None], Filling] = {}
        for unit, quarters in owed:
            for periode in quarters:
                cells = served_cells(SheetKey(tahun_kinerja, self.kode, unit, periode), year)
                found[periode, unit.pk] = _filling(one.cell.teks for one in cells if not one.closed)
        return found

    def read(self, key: SheetKey, today: date) -> Sheet:
        """The sheet with sasaran, persons served before and up to each month, and coverage so far. Four queries."""
        cells, bukti = served_cells(key, read_served(key.tahun_kinerja, [key.unit]), today), _bukti(key)
        return Sheet(
            key,
            self.nama,
            tuple(_served_row(one, bukti) for one in cells),
            value_label="Baru terlayani sesuai standar",
            target_label="Sasaran setahun",
            previous_label="Terlayani sebelum triwulan ini",
            name_label="Jenis pelayanan dan bulan",
            result_label="Cakupan sampai bulan ini",
            joins_groups=True,
        )

    def write(self, key: SheetKey, changes: Sequence[Change], *, by: User | None, today: date) -> list[Outcome]:
        return actions_sheets.write_pelayanan(by=by, key=key, changes=changes, today=today)

    def problems(self, key: SheetKey, today: date, sheet: Sheet | None = None) -> list[Problem]:
        """What is not filled, and behind the pace without its problem and solution. Four queries, and those of `read`.

        A quarter is reported whole: also a month that has not begun, or a sasaran that is not set, stands in the way.
        """
        sheet = sheet or self.read(key, today)
        if not sheet.rows:
            return [Problem("", _NO_UNIT)]
        if not_begun := key.not_begun(today):
            return [Problem("", not_begun)]
        missing = [
            Problem(row.kunci, f"{row.nama} belum diisi" if not row.closed else f"{row.nama}: {row.closed.rstrip('.')}")
            for row in sheet.rows
            if not row.teks and not _is_other_way(sheet, row)
        ]
        return missing + _unexplained(key, {one.kunci.partition("#")[0] for one in missing})


class MutuForm(_SpmForm):
    """What there is of quality items at the end of a quarter."""

    kode = Form.SPM_MUTU.value
    nama = str(Form.SPM_MUTU.label)
    periods: tuple[int, ...] = TRIWULAN

    def units(self, tahun_kinerja: TahunKinerja, periode: int) -> list[UnitKerja | None]:
        """The Puskesmas whose sasaran is set, under a standard that names quality items. Two queries."""
        if periode not in TRIWULAN or not spm_rules(tahun_kinerja).standar.has_mutu:
            return []
        return list(spm_units(tahun_kinerja))

    def fillings(self, tahun_kinerja: TahunKinerja, periods: Collection[int]) -> _Fillings:
        """See `FormDefinition.fillings`. Five queries, one where no unit owes the form."""
        owed = _owed(tahun_kinerja, periods)
        if not owed:
            return {}
        year = read_items(tahun_kinerja)
        found: dict[tuple[int, int | None], Filling] = {}
        items = items_of(year.rules)
        for unit, quarters in owed if year.rules.standar.has_mutu else ():
            for periode in quarters:
                cells = stock_cells(SheetKey(tahun_kinerja, self.kode, unit, periode), year, items)
                found[periode, unit.pk] = _filling("" if one.stored is None else "x" for one in cells if not one.closed)
        return found

    def read(self, key: SheetKey, today: date) -> Sheet:
        """The sheet with needs, the stock of the quarter before, and how far each need is met. Five queries."""
        not_begun = key.not_begun(today)
        cells, bukti = stock_cells(key, read_items(key.tahun_kinerja, [key.unit])), _bukti(key)
        return Sheet(
            key,
            self.nama,
            tuple(_stock_row(one, not_begun, bukti) for one in cells),
            value_label="Tersedia pada akhir triwulan",
            target_label="Kebutuhan",
            previous_label="Triwulan sebelumnya",
            name_label="Barang, jasa, dan tenaga",
            result_label="IP butir",
        )

    def write(self, key: SheetKey, changes: Sequence[Change], *, by: User | None, today: date) -> list[Outcome]:
        return actions_sheets.write_mutu(by=by, key=key, changes=changes, today=today)

    def problems(self, key: SheetKey, today: date, sheet: Sheet | None = None) -> list[Problem]:
        """What is not filled of the items whose need is known; a sheet without any such item is no report."""
        sheet = sheet or self.read(key, today)
        if not sheet.rows:
            return [Problem("", _NO_UNIT)]
        if not_begun := key.not_begun(today):
            return [Problem("", not_begun)]
        if not sheet.fillable:
            return [Problem("", "Belum ada butir yang dapat diisi: isi formulir Kebutuhan SPM lebih dahulu")]
        return _unfilled(sheet)


class KebutuhanForm(_SpmForm):
    """The needs of a year with their prices; the sheet of the office holds prices only."""

    kode = Form.SPM_KEBUTUHAN.value
    nama = str(Form.SPM_KEBUTUHAN.label)
    periods: tuple[int, ...] = (0,)

    def units(self, tahun_kinerja: TahunKinerja, periode: int) -> list[UnitKerja | None]:
        """The office, for its prices, and the Puskesmas whose sasaran is set. Two queries."""
        if periode or not spm_rules(tahun_kinerja).standar.has_mutu:
            return []
        units = spm_units(tahun_kinerja)
        return [None, *units] if units else []

    def fillings(self, tahun_kinerja: TahunKinerja, periods: Collection[int]) -> _Fillings:
        """See `FormDefinition.fillings`. Five queries, one where no unit owes the form."""
        units = spm_units(tahun_kinerja) if 0 in periods else []
        if not units:
            return {}
        year = read_items(tahun_kinerja)
        found: dict[tuple[int, int | None], Filling] = {}
        items = items_of(year.rules)
        for unit in (None, *units) if year.rules.standar.has_mutu else ():
            cells = need_cells(SheetKey(tahun_kinerja, self.kode, unit, 0), year, items)
            found[0, unit.pk if unit else None] = _filling(
                "" if one.stored is None else "x" for one in cells if not one.closed and not one.is_optional
            )
        return found

    def read(self, key: SheetKey, today: date) -> Sheet:
        """The sheet with what the standard asks for, the year before, shortage and cost. Seven queries."""
        before = read_before(key)
        cells, bukti = need_cells(key, read_items(key.tahun_kinerja, [key.unit])), _bukti(key)
        return Sheet(
            key,
            self.nama,
            tuple(_need_row(one, before.get(one.kunci, ""), bukti) for one in cells),
            value_label="Isian" if key.unit else "Harga satuan (Rp)",
            target_label="Kebutuhan, atau harga instansi" if key.unit else "Target",
            previous_label="Tahun sebelumnya",
            name_label="Barang, jasa, dan tenaga",
            result_label="Selisih dan biaya",
            joins_groups=True,
        )

    def write(self, key: SheetKey, changes: Sequence[Change], *, by: User | None, today: date) -> list[Outcome]:
        return actions_sheets.write_kebutuhan(by=by, key=key, changes=changes, today=today)

    def problems(self, key: SheetKey, today: date, sheet: Sheet | None = None) -> list[Problem]:
        """Needs and stock that are not filled; prices may stay empty."""
        sheet = sheet or self.read(key, today)
        if not sheet.rows:
            return [Problem("", "Standar tahun ini tidak menyebut butir mutu; tidak ada kebutuhan untuk diisi")]
        return _unfilled(sheet) if key.unit is not None else []


def _served_row(one: ServedCell, bukti: Mapping[str, int]) -> SheetRow:
    key, cell, is_stored = one.key, one.cell, one.stored is not None
    counts_now = one.counts_for == key.tahun_kinerja.tahun
    penerima = one.penerima if is_stored else None
    return SheetRow(
        kunci=one.kunci,
        subject=cell.subject,
        nama=one.nama,
        teks=cell.teks,
        kelompok=f"{one.layanan.nomor}. {one.layanan.nama}",
        satuan="orang",
        target=shown(one.sasaran),
        previous=shown(one.before),
        hint=one.hint,
        closed=one.closed,
        result="" if penerima is None else persen(penerima),
        status="peringatan" if is_stored and one.is_over else "",
        bukti=bukti.get(cell.subject, 0),
        makes_result=counts_now,
    )


def _stock_row(one: StockCell, not_begun: str, bukti: Mapping[str, int]) -> SheetRow:
    cell, ip = one.cell, one.ip
    return SheetRow(
        kunci=one.kunci,
        subject=cell.subject,
        nama=one.item.nama,
        teks=cell.teks,
        kelompok=one.item.kelompok,
        satuan=one.item.satuan,
        target=shown(one.need),
        previous=shown(one.before),
        hint=one.item.asks,
        closed=not_begun or one.closed,
        result="" if ip is None else persen(ip),
        bukti=bukti.get(cell.subject, 0),
    )


def _need_row(one: NeedCell, previous: str, bukti: Mapping[str, int]) -> SheetRow:
    cell = one.cell
    return SheetRow(
        kunci=one.kunci,
        subject=cell.subject,
        nama=one.nama,
        teks=cell.teks,
        kelompok=one.item.kelompok,
        satuan=one.satuan,
        target=one.target,
        previous=previous,
        hint=one.hint,
        closed=one.closed,
        result=one.result,
        bukti=bukti.get(cell.subject, 0),
        is_optional=one.is_optional,
        makes_result=one.key.unit is not None,
    )


def _bukti(key: SheetKey) -> Counter[str]:
    """How much evidence there is for each value of a sheet. One query."""
    return Counter(sheet_bukti(key).values_list("subject", flat=True))


def _unexplained(key: SheetKey, unfilled: Collection[str]) -> list[Problem]:
    """Services behind the even pace whose problem or solution is not written; `PACE` says whose reading that is.

    Of an unfilled service nobody knows yet whether it is behind.
    """
    year = read_served(key.tahun_kinerja, [key.unit])
    written = MonevSpm.objects.filter(tahun_kinerja=key.tahun_kinerja, unit=key.unit, triwulan=key.periode)
    explained = set(written.exclude(permasalahan="").exclude(solusi="").values_list("layanan", flat=True))
    found, last = [], {one.layanan.kode: one.kunci for one in served_cells(key, year)}
    for layanan in year.rules.standar.layanan:
        penerima = coverage(key, year, layanan)
        if (
            penerima is None
            or layanan.kode in explained
            or layanan.kode in unfilled
            or not is_behind(penerima, key.periode)
        ):
            continue
        found.append(
            Problem(
                last[layanan.kode],
                f"{layanan.nama_pendek}: cakupan {format_percent(penerima)} di bawah laju triwulan "
                f"{ROMAN[key.periode - 1]} ({format_percent(expected_percent(key.periode), 0)}); tulis permasalahan "
                f"dan solusinya pada Monev SPM ({PACE.dasar}: target 100% setahun dibagi rata)",
            )
        )
    return found


def _is_other_way(sheet: Sheet, row: SheetRow) -> bool:
    """Whether the quarter of the service is stated by its other rows: as a whole instead of by months."""
    layanan, _, part = row.kunci.partition("#")
    whole = sheet.by_kunci.get(f"{layanan}#tw")
    if part == "tw":
        return any(one.teks for one in sheet.rows if one.kunci.startswith(f"{layanan}#"))
    return whole is not None and bool(whole.teks)


def _unfilled(sheet: Sheet) -> list[Problem]:
    return [
        Problem(row.kunci, f"{row.nama} belum diisi")
        for row in sheet.rows
        if not row.closed and not row.teks and not row.is_optional
    ]


def _filling(values: Iterable[str]) -> Filling:
    """How far a sheet is filled, of the texts of its open cells."""
    known = list(values)
    return Filling(len(known), sum(1 for one in known if one))


def _owed(tahun_kinerja: TahunKinerja, periods: Collection[int]) -> list[tuple[UnitKerja, list[int]]]:
    """The Puskesmas that owe a form of the quarters, with the quarters among the periods. One query."""
    quarters = [one for one in periods if one in TRIWULAN]
    return [(unit, quarters) for unit in spm_units(tahun_kinerja)] if quarters else []
