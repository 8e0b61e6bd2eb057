"""A file of sasaran (`Upload.Jenis.SPM_SASARAN`) in the layout of form 2.A.2: a row for each Puskesmas or desa.

`upload.options` say what all its figures have in common: method, source, number of the decree. What another source
says is kept beside it, as everywhere (`spm.actions.record_sasaran`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from capaian.exchange.kinds import Finding
from capaian.exchange.mapping import header_key
from capaian.exchange.models import Upload
from capaian.exchange.spm.kind import SpmKind, Whole, change
from capaian.exchange.spm.names import Unknown, unit_names
from capaian.exchange.spm.read import Line, Lines, Value
from capaian.organisations.models import TahunKinerja, UnitKerja, Wilayah
from capaian.rules.numbers import NumberFormatError, format_number, parse_number
from capaian.rules.spm.standar import load_standar
from capaian.spm.actions import SasaranInput, SpmRefused, compute_spm, record_sasaran
from capaian.spm.models import SasaranSpm
from capaian.spm.queries import spm_rules, used_sasaran
from capaian.spm.sheets.cells import CellRefused, plain, read_orang

_Place = tuple[UnitKerja | None, Wilayah | None]


class SasaranKind(SpmKind):
    """See `kinds.UploadKind`."""

    def amounts(self) -> tuple[str, ...]:
        return tuple(one.kode for one in load_standar("spm/permenkes_6_2024").layanan)

    def title(self, upload: Upload) -> str:
        return f"Sasaran SPM {upload.tahun_kinerja.tahun} menurut {upload.options.get('sumber', '')}"

    def write(self, upload: Upload, lines: Lines, whole: Whole, by: User | None) -> None:
        writer = _Writer(upload, whole, by)
        for line in lines.lines:
            if not line.total:
                writer.write(line)
        for line in lines.lines:
            if line.total == "semua":
                writer.check_total(line)
        if writer.touched:
            compute_spm(by=by, tahun_kinerja=upload.tahun_kinerja)
        writer.check_district()


class _Writer:
    """Writes line after line, and remembers what the file says in sum."""

    def __init__(self, upload: Upload, whole: Whole, by: User | None) -> None:
        self.year: TahunKinerja = upload.tahun_kinerja
        self.options, self.whole, self.by = upload.options, whole, by
        units = list(self.year.instansi.unit_kerja.all())
        self.units = {one.kunci: one for one in units}
        self.names = unit_names(units)
        # Desa of several Puskesmas may bear one name, and a desa that of its Puskesmas.
        self.areas: dict[str, list[Wilayah]] = defaultdict(list)
        for one in Wilayah.objects.filter(instansi=self.year.instansi, unit__isnull=False).select_related("unit"):
            self.areas[header_key(one.nama)].append(one)
        self.above: tuple[str, UnitKerja | None] = "", None
        self.labels = {one.kode: one.nama for one in spm_rules(self.year).standar.kelompok}
        self.seen: dict[tuple[_Place, str], Value] = {}
        # By worksheet and group, what the file says of each unit itself, and of its desa together.
        self.of_units: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
        self.of_areas: dict[tuple[str, str], Counter[int]] = defaultdict(Counter)
        self.touched = False

    def write(self, line: Line) -> None:
        place = self._place(line)
        if place is None:
            return
        for kelompok in self.labels:
            if kelompok in line.values:
                self._value(line, kelompok, line.values[kelompok], place)

    def check_total(self, line: Line) -> None:
        """A total row against the rows of its worksheet."""
        for kelompok, label in self.labels.items():
            if kelompok not in line.values:
                continue
            try:
                stated = parse_number(line.text(kelompok))
            except NumberFormatError:
                continue
            summed = Decimal(self._summed(line.sheet, kelompok))
            if stated != summed:
                message = (
                    f"Baris jumlah menyatakan {label.lower()} {format_number(stated)}, sedangkan barisnya berjumlah "
                    f"{format_number(summed)} (selisih {format_number(stated - summed)}). Periksa angkanya."
                )
                self._find(line, kelompok, "jumlah berbeda", message)

    def check_district(self) -> None:
        """The sum of the Puskesmas against the district's own figure: a difference is said, and refuses nothing."""
        used = used_sasaran(self.year)
        for kelompok, label in self.labels.items():
            own = used.get(None, {}).get(kelompok)
            stated = [groups[kelompok] for unit_id, groups in used.items() if unit_id and kelompok in groups]
            if own is not None and stated and sum(stated) != own and self.touched:
                message = (
                    f"{label}: jumlah Puskesmas {format_number(sum(stated))} berbeda dari sasaran daerah "
                    f"{format_number(own)} (selisih {format_number(sum(stated) - own)}). Samakan, atau jelaskan."
                )
                self.whole.findings.append(Finding("", "", "jumlah daerah", message, "peringatan"))

    def _summed(self, sheet: str, kelompok: str) -> int:
        """What the rows add up to: of a unit that has its own row, its desa are not added once more."""
        own, areas = self.of_units[sheet, kelompok], self.of_areas[sheet, kelompok]
        return sum(own.values()) + sum(jumlah for unit_id, jumlah in areas.items() if unit_id not in own)

    def _place(self, line: Line) -> _Place | None:
        """The unit or area that a line names; of areas of one name, that of the Puskesmas above it on the worksheet."""
        teks = line.text("unit")
        areas, found = self.areas.get(header_key(teks), []), self.names.find(teks)
        above = self.above[1] if self.above[0] == line.sheet else None
        own = next((one for one in areas if one.unit == above), None)
        if isinstance(found, str) and not (own is not None and self.units[found] == above):
            self.above = line.sheet, self.units[found]
            return self.units[found], None
        area = own or (areas[0] if len(areas) == 1 else None)
        if area is not None:
            return area.unit, area
        self._find(line, "unit", "unit", _no_place(teks, areas, found))
        return None

    def _value(self, line: Line, kelompok: str, value: Value, place: _Place) -> None:
        unit, area = place
        name = str(area or unit)
        first = self.seen.setdefault((place, kelompok), value)
        if first is not value:
            message = (
                f"{name}, {self.labels[kelompok].lower()} sudah ada di sel {first.cell} ({first.teks}). "
                "Hapus salah satunya."
            )
            self._find(line, kelompok, "baris ganda", message)
            return
        try:
            jumlah = int(read_orang(value.teks, f"{name}, {self.labels[kelompok].lower()}"))
            before = self._stored(kelompok, place)
            row = record_sasaran(
                by=self.by,
                tahun_kinerja=self.year,
                unit=unit,
                wilayah=area,
                stated=SasaranInput(
                    kelompok,
                    jumlah,
                    self.options["metode"],
                    self.options["sumber"],
                    nomor_keputusan=self.options.get("nomor_keputusan", ""),
                ),
                computes=False,
            )
        except (CellRefused, SpmRefused, PermissionDenied) as refusal:
            self._find(line, kelompok, "nilai", str(refusal))
            return
        if unit is not None:
            (self.of_areas if area else self.of_units)[line.sheet, kelompok][unit.pk] += jumlah
        self._told(line, value, name, row, before)

    def _told(self, line: Line, value: Value, name: str, row: SasaranSpm, before: int | None) -> None:
        """The change for the preview; and that another source goes on to count, where it does."""
        label = self.labels[row.kelompok]
        if before == row.jumlah:
            self.whole.same += 1
            return
        self.touched = True
        self.whole.changes.append(change(line.sheet, value.cell, name, label, plain(before), plain(row.jumlah)))
        if row.dipakai:
            return
        used = self._same(row.kelompok, (row.unit, row.wilayah)).filter(dipakai=True).first()
        if used is not None and used.jumlah != row.jumlah:
            message = (
                f"{name}, {label.lower()}: {format_number(row.jumlah)} disimpan di samping "
                f"{format_number(used.jumlah)} menurut {used.sumber}, yang tetap dipakai. Pilih yang benar pada "
                "halaman Sasaran SPM."
            )
            self._find(line, row.kelompok, "sumber berbeda", message, "peringatan")

    def _stored(self, kelompok: str, place: _Place) -> int | None:
        row = self._same(kelompok, place).filter(sumber=self.options["sumber"]).first()
        return row.jumlah if row else None

    def _same(self, kelompok: str, place: _Place) -> QuerySet[SasaranSpm]:
        unit, area = place
        return SasaranSpm.objects.filter(tahun_kinerja=self.year, unit=unit, wilayah=area, kelompok=kelompok)

    def _find(self, line: Line, name: str, rule: str, message: str, severity: str = "salah") -> None:
        self.whole.findings.append(Finding(line.sheet, line.cell(name), rule, message, severity, line.text(name)))


def _no_place(teks: str, areas: list[Wilayah], found: str | Unknown) -> str:
    if areas:
        units = ", ".join(sorted(str(one.unit) for one in areas))
        return (
            f'"{teks[:60]}" ada pada beberapa Puskesmas: {units}. Tulis baris Puskesmasnya di atas baris desanya, '
            "supaya angkanya tidak tertukar."
        )
    nearest = found.nearest if isinstance(found, Unknown) else ""
    return Unknown(teks, nearest).message("Puskesmas, desa, atau kelurahan")
