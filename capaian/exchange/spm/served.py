"""A file of persons served (`Upload.Jenis.SPM_PELAYANAN`): wide by months or quarters, or one row for each month.

Its values are written by the form `spm` itself, sheet by sheet, so that a file and a person meet the same rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from capaian.exchange.kinds import Finding
from capaian.exchange.mapping import columns_of
from capaian.exchange.models import Upload
from capaian.exchange.spm.kind import SpmKind, Whole, change
from capaian.exchange.spm.names import Unknown, find_month, layanan_names, unit_names
from capaian.exchange.spm.read import Line, Lines, Value
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.rules.numbers import NumberFormatError, format_number, parse_number
from capaian.rules.periods import BULAN, ROMAN
from capaian.spm.actions_sheets import counted_once, mark_imported
from capaian.spm.queries import spm_rules, spm_units
from capaian.workflow.actions import write_sheet
from capaian.workflow.forms import Change, Outcome, SheetKey, form_definition
from capaian.workflow.models import Form
from capaian.workflow.policy import StateRefused

_MONTHS: Final = {f"b{number}": number for number in range(1, len(BULAN) + 1)}
_QUARTERS: Final = {f"tw{number}": number for number in range(1, len(ROMAN) + 1)}


@dataclass(frozen=True)
class Served:
    """One value of the file: whose, of which service, in which month (0: the quarter as a whole)."""

    sheet: str
    value: Value
    unit: UnitKerja
    layanan: str
    triwulan: int
    bulan: int

    @property
    def kunci(self) -> str:
        """The row of the form that it belongs to."""
        return f"{self.layanan}#{self.bulan or 'tw'}"

    @property
    def place(self) -> tuple[int, str, int, int]:
        """What may be stated once only."""
        return self.unit.pk, self.layanan, self.triwulan, self.bulan


class PelayananKind(SpmKind):
    """See `kinds.UploadKind`."""

    def amounts(self) -> tuple[str, ...]:
        return ("terlayani", *_MONTHS, *_QUARTERS)

    def title(self, upload: Upload) -> str:
        return f"Pelayanan SPM {upload.tahun_kinerja.tahun}"

    def write(self, upload: Upload, lines: Lines, whole: Whole, by: User | None) -> None:
        reader = _Reader(upload.tahun_kinerja, whole)
        values = reader.read(lines)
        by_sheet: dict[tuple[int, int], list[Served]] = defaultdict(list)
        for one in values:
            by_sheet[one.unit.pk, one.triwulan].append(one)
        with counted_once(by, upload.tahun_kinerja):
            for mine in by_sheet.values():
                _write_sheet(upload.tahun_kinerja, mine, whole, by)


class _Reader:
    """Turns lines into values: who and what they name, what stands twice, and sums that differ."""

    def __init__(self, tahun_kinerja: TahunKinerja, whole: Whole) -> None:
        self.tahun_kinerja, self.whole = tahun_kinerja, whole
        units = spm_units(tahun_kinerja)
        known = list(tahun_kinerja.instansi.unit_kerja.all())
        self.units = {one.kunci: one for one in known}
        self.owing = {one.pk for one in units}
        self.unit_names = unit_names(known)
        self.standar = spm_rules(tahun_kinerja).standar
        words = columns_of(tahun_kinerja.instansi, Upload.Jenis.SPM_SASARAN.value)
        self.layanan_names = layanan_names(self.standar, words)
        self.seen: dict[tuple[int, str, int, int], Served] = {}

    def read(self, lines: Lines) -> list[Served]:
        """The values in the order of the file."""
        if "layanan" not in lines.columns and lines.columns:
            message = "Kolom jenis pelayanan tidak ditemukan. Tambahkan kolom itu, atau judulnya pada pemetaan kolom."
            self.whole.findings.append(Finding("", "", "judul kolom", message))
            return []
        found: list[Served] = []
        for line in lines.lines:
            if line.total:
                continue
            found += self._line(line)
        self._check_totals(lines, found)
        return found

    def _line(self, line: Line) -> Iterator[Served]:
        unit, layanan = self._unit(line), self._layanan(line)
        mine = []
        for name, value in self._cells(line):
            if unit is None or layanan is None:
                continue
            bulan, triwulan = _MONTHS.get(name, 0), _QUARTERS.get(name, 0)
            one = Served(line.sheet, value, unit, layanan, triwulan or (bulan + 2) // 3, bulan)
            first = self.seen.setdefault(one.place, one)
            if first is not one:
                self._twice(first, one)
                continue
            mine.append(one)
        self._check_row(line, mine)
        yield from mine

    def _cells(self, line: Line) -> Iterator[tuple[str, Value]]:
        """The values of a line by month or quarter; of a file by rows the month is a column of its own."""
        for name in (*_MONTHS, *_QUARTERS):
            if name in line.values:
                yield name, line.values[name]
        if "bulan" not in line.values or "terlayani" not in line.values:
            return
        month = find_month(line.text("bulan"), self.tahun_kinerja.tahun)
        if isinstance(month, str):
            self._wrong(line, "bulan", "bulan", month)
        else:
            yield f"b{month}", line.values["terlayani"]

    def _unit(self, line: Line) -> UnitKerja | None:
        found = self.unit_names.find(line.text("unit"))
        if isinstance(found, Unknown):
            self._wrong(line, "unit", "unit", found.message("Puskesmas"))
            return None
        unit = self.units[found]
        if unit.pk not in self.owing:
            self._wrong(
                line,
                "unit",
                "sasaran",
                f"{unit} belum mempunyai sasaran SPM tahun ini, jadi belum dapat melapor. Isi sasarannya dahulu.",
            )
            return None
        return unit

    def _layanan(self, line: Line) -> str | None:
        found = self.layanan_names.find(line.text("layanan"))
        if isinstance(found, Unknown):
            self._wrong(line, "layanan", "jenis pelayanan", found.message("Jenis pelayanan"))
            return None
        return found

    def _wrong(self, line: Line, name: str, rule: str, message: str) -> None:
        self.whole.findings.append(Finding(line.sheet, line.cell(name), rule, message, value=line.text(name)))

    def _twice(self, first: Served, second: Served) -> None:
        when = BULAN[second.bulan - 1] if second.bulan else f"triwulan {ROMAN[second.triwulan - 1]}"
        message = (
            f"{second.unit}, {self.standar.find(second.layanan).nama_pendek.lower()}, {when} sudah ada di sel "
            f"{first.value.cell} lembar {first.sheet} ({first.value.teks}). Hapus salah satunya."
        )
        self.whole.findings.append(
            Finding(second.sheet, second.value.cell, "bulan ganda", message, value=second.value.teks)
        )

    def _check_row(self, line: Line, mine: list[Served]) -> None:
        """The total of a row against its months."""
        name = "total" if "total" in line.values else "terlayani" if "bulan" not in line.values else ""
        if name in line.values and mine:
            what = f"{line.text('unit')}, {line.text('layanan')}"
            self._compare(line.sheet, line.values[name], mine, f"Jumlah baris {what}", "bulan-bulannya")

    def _check_totals(self, lines: Lines, found: list[Served]) -> None:
        """The total rows of the file against the units above them, by service and month."""
        for line in (one for one in lines.lines if one.total == "semua"):
            service = self.layanan_names.find(line.text("layanan"))
            for name, value in line.values.items():
                part = (_MONTHS.get(name, 0), _QUARTERS.get(name, 0))
                if part == (0, 0):
                    continue
                mine = [
                    one
                    for one in found
                    if one.sheet == line.sheet
                    and (one.bulan == part[0] if part[0] else (one.triwulan, one.bulan) == (part[1], 0))
                    and (isinstance(service, Unknown) or one.layanan == service)
                ]
                self._compare(line.sheet, value, mine, "Baris jumlah", "Puskesmasnya")

    def _compare(self, sheet: str, value: Value, mine: list[Served], what: str, parts: str) -> None:
        try:
            stated, summed = parse_number(value.teks), sum((parse_number(one.value.teks) for one in mine), Decimal(0))
        except NumberFormatError:
            return  # a cell that cannot be read is a finding of its own
        if stated != summed:
            message = (
                f"{what} menyatakan {format_number(stated)}, sedangkan {parts} berjumlah {format_number(summed)} "
                f"(selisih {format_number(stated - summed)}). Periksa angka yang kurang, ganda, atau salah ketik."
            )
            self.whole.findings.append(Finding(sheet, value.cell, "jumlah berbeda", message, value=value.teks))


def _write_sheet(tahun_kinerja: TahunKinerja, mine: list[Served], whole: Whole, by: User | None) -> None:
    """Write the values of one unit and quarter as its form would; refusals become findings with their cell."""
    first, today = mine[0], timezone.localdate()
    key = SheetKey(tahun_kinerja, Form.SPM.value, first.unit, first.triwulan)
    before = form_definition(key.form).read(key, today).by_kunci
    try:
        outcomes = write_sheet(by=by, key=key, changes=[Change(one.kunci, one.value.teks) for one in mine], today=today)
    except (StateRefused, PermissionDenied) as refusal:
        rule = "terkunci" if isinstance(refusal, StateRefused) else "hak"
        whole.findings.append(Finding(first.sheet, first.value.cell, rule, f"{first.unit}: {refusal}"))
        return
    saved = []
    for one, outcome in zip(mine, outcomes, strict=True):
        if outcome.status == Outcome.SAVED:
            row = before[one.kunci]
            saved.append(one.kunci)
            whole.changes.append(change(one.sheet, one.value.cell, one.unit.nama, row.nama, row.teks, outcome.teks))
        elif outcome.status == Outcome.SAME:
            whole.same += 1
        else:
            whole.findings.append(_refused(one, outcome))
    mark_imported(key, saved)
    after: Mapping[str, object] = form_definition(key.form).read(key, today).by_kunci
    whole.findings += _over(mine, after)


def _refused(one: Served, outcome: Outcome) -> Finding:
    message = outcome.message
    if outcome.readings:
        ways = " atau ".join(f"{typed} untuk {shown}" for shown, typed in outcome.readings)
        message = f"{message} Ketik {ways}."
    return Finding(one.sheet, one.value.cell, "nilai", f"{one.unit}: {message}", value=one.value.teks)


def _over(mine: list[Served], rows: Mapping[str, object]) -> Iterator[Finding]:
    """More served than there should be: allowed, and said once for each service, at its last month."""
    last = {one.layanan: one for one in mine}
    for one in last.values():
        row = rows.get(one.kunci)
        if getattr(row, "status", "") == "peringatan":
            message = f"{one.unit}: {getattr(row, 'hint', '')}"
            yield Finding(one.sheet, one.value.cell, "melebihi sasaran", message, "peringatan", one.value.teks)
