"""Writing what SPM is made of, and keeping its results in line: person and state checked, one audit entry each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from django.contrib.auth.models import User

from capaian.organisations.models import TahunKinerja, UnitKerja, Wilayah
from capaian.organisations.permissions import Permission, require_right
from capaian.rules.packs import list_packs
from capaian.rules.spm.standar import FAMILY
from capaian.spm.compute import office_results, read_year, unit_results
from capaian.spm.models import (
    AlokasiSpm,
    CapaianSpm,
    MonevSpm,
    PengaturanSpm,
    RencanaSpm,
    SasaranSpm,
)
from capaian.spm.queries import spm_rules
from capaian.workflow.actions import hold_open
from capaian.workflow.audit import audited, record_audit
from capaian.workflow.checks import clean_text
from capaian.workflow.forms import SheetKey

MAX_TEXT = 2000
_Line = TypeVar("_Line", AlokasiSpm, RencanaSpm)
# The amounts of a line; one without any is no line.
_AMOUNTS = {AlokasiSpm: ("alokasi", "realisasi"), RencanaSpm: ("target", "dana")}
# What else a person's line says: it is no load's any more (ADR 11).
_OWNED: Mapping[type, dict[str, bool]] = {AlokasiSpm: {"is_loaded": False}}
_CHOICES: dict[str, list[str]] = {
    "standar": ["", *(one for one in list_packs() if one.startswith(f"{FAMILY}/permenkes"))],
    "indeks_mutu": PengaturanSpm.CaraMutu.values,
    "jendela_pendidikan": PengaturanSpm.Jendela.values,
    "frekuensi": PengaturanSpm.Frekuensi.values,
}
_RESULT_KEY = ("unit_id", "layanan", "triwulan")


class SpmRefused(ValueError):
    """What was given cannot be stored; the message says what is wrong, which rule asks for it, and what to do."""


@dataclass(frozen=True)
class SasaranInput:
    """A statement of the size of a target group, as a person or a file gives it."""

    kelompok: str
    jumlah: int
    metode: str
    sumber: str
    nomor_keputusan: str = ""
    tanggal_keputusan: date | None = None
    keterangan: str = ""
    rumus: Mapping[str, Any] = field(default_factory=dict)


@audited()
def record_sasaran(
    *,
    by: User | None,
    tahun_kinerja: TahunKinerja,
    unit: UnitKerja | None,
    stated: SasaranInput,
    wilayah: Wilayah | None = None,
    computes: bool = True,
) -> SasaranSpm:
    """Keep what a source says of a group, beside what others say; the first source to speak is used.

    The same source again changes its own number. Without `computes` the caller brings the results in line. Raises
    `PermissionDenied` for a person without the right, and `SpmRefused` for an unknown group or method, a number that is
    none, or a decree that names no number.
    """
    require_right(by, tahun_kinerja, Permission.RECORD_REALISASI if unit else Permission.WRITE_RENCANA, unit)
    values = _checked(tahun_kinerja, stated)
    place = {"tahun_kinerja": tahun_kinerja, "unit": unit, "wilayah": wilayah, "kelompok": stated.kelompok}
    _hold(tahun_kinerja)
    known = SasaranSpm.objects.filter(**place)
    row = known.filter(sumber=values["sumber"]).first()
    before = _told(row)
    if row is None:
        row = SasaranSpm(**place, **values, dipakai=not known.filter(dipakai=True).exists())
    else:
        for name, value in values.items():
            setattr(row, name, value)
    row.save()
    if _told(row) != before:
        _audit(by, "spm.record_sasaran", tahun_kinerja, unit, _sasaran_subject(row), before, _told(row))
        if computes and row.dipakai and wilayah is None:
            compute_spm(by=by, tahun_kinerja=tahun_kinerja, units=[unit])
    return row


@audited()
def use_sasaran(*, by: User | None, sasaran: SasaranSpm, reason: str = "") -> None:
    """Let another source be the one that counts; the one used so far stays, as a conflict that is shown.

    Only who plans for the office decides that. Asked twice, it is done once.
    """
    tahun_kinerja = sasaran.tahun_kinerja
    require_right(by, tahun_kinerja, Permission.WRITE_RENCANA, sasaran.unit)
    _hold(tahun_kinerja)
    same = SasaranSpm.objects.filter(
        tahun_kinerja=tahun_kinerja, unit=sasaran.unit, wilayah=sasaran.wilayah, kelompok=sasaran.kelompok
    )
    former = same.filter(dipakai=True).first()
    if former is not None and former.pk == sasaran.pk:
        return
    same.update(dipakai=False)
    same.filter(pk=sasaran.pk).update(dipakai=True)
    _audit(
        by,
        "spm.use_sasaran",
        tahun_kinerja,
        sasaran.unit,
        _sasaran_subject(sasaran),
        _told(former),
        _told(sasaran),
        clean_text(reason)[:300],
    )
    if sasaran.wilayah_id is None:
        compute_spm(by=by, tahun_kinerja=tahun_kinerja, units=[sasaran.unit])


@audited()
def save_monev(
    *,
    by: User | None,
    key: SheetKey,
    layanan: str,
    permasalahan: str,
    solusi: str,
    today: date,
) -> MonevSpm | None:
    """Write problems and solutions of a service in the quarter of a sheet of `spm`; both empty removes them.

    Raises `PermissionDenied`, `StateRefused` for a sheet that is not open, and `SpmRefused` for an overlong text.
    """
    require_right(by, key.tahun_kinerja, Permission.RECORD_REALISASI, key.unit)
    if key.unit is not None:
        hold_open(key, today)
    else:
        # The office writes after its units have reported; it hands in no sheet that could be closed.
        _hold(key.tahun_kinerja)
    spm_rules(key.tahun_kinerja).standar.find(layanan)
    texts = {"permasalahan": clean_text(permasalahan), "solusi": clean_text(solusi)}
    for name, teks in texts.items():
        if len(teks) > MAX_TEXT:
            raise SpmRefused(f"{name.capitalize()} paling panjang {MAX_TEXT} huruf; sekarang {len(teks)}. Ringkaskan.")
    place: dict[str, Any] = {
        "tahun_kinerja": key.tahun_kinerja,
        "unit": key.unit,
        "layanan": layanan,
        "triwulan": key.periode,
    }
    known = MonevSpm.objects.filter(**place).first()
    before = {name: getattr(known, name) for name in texts} if known else None
    after = texts if any(texts.values()) else None
    if before == after:
        return known
    stored = None
    if after is None:
        MonevSpm.objects.filter(**place).delete()
    else:
        stored, _ = MonevSpm.objects.update_or_create(**place, defaults=texts)
    subject = f"spm/monev {layanan} {key.tahun_kinerja.tahun}/{key.periode}"
    _audit(by, "spm.save_monev", key.tahun_kinerja, key.unit, subject, before, after)
    return stored


@audited()
def save_alokasi(
    *,
    by: User | None,
    tahun_kinerja: TahunKinerja,
    unit: UnitKerja | None,
    layanan: str,
    sumber_dana: str,
    alokasi: int | None,
    realisasi: int | None,
) -> AlokasiSpm | None:
    """Write what one source pays for a service, in rupiah; neither amount removes the line.

    Raises `PermissionDenied`, and `SpmRefused` for a negative amount or a source without a name.
    """
    require_right(by, tahun_kinerja, Permission.RECORD_ANGGARAN, unit)
    spm_rules(tahun_kinerja).standar.find(layanan)
    sumber_dana = clean_text(sumber_dana)[:120]
    if not sumber_dana:
        raise SpmRefused("Sumber dana belum diisi; tulis misalnya DAK Non Fisik, JKN, atau APBD.")
    if any(amount is not None and amount < 0 for amount in (alokasi, realisasi)):
        raise SpmRefused("Alokasi dan realisasi tidak dapat negatif; periksa angkanya.")
    place = {"tahun_kinerja": tahun_kinerja, "unit": unit, "layanan": layanan, "sumber_dana": sumber_dana}
    after = None if alokasi is None and realisasi is None else {"alokasi": alokasi, "realisasi": realisasi}
    return _store(by, "spm.save_alokasi", AlokasiSpm, place, after, f"{layanan} {sumber_dana}")


@audited()
def save_rencana(
    *,
    by: User | None,
    tahun_kinerja: TahunKinerja,
    dokumen: str,
    layanan: str,
    tahun: int,
    target: int | None,
    dana: int | None,
) -> RencanaSpm | None:
    """Write what RPJMD or renstra plans for a service in a year: persons and rupiah; neither removes the line.

    Raises `PermissionDenied`, and `SpmRefused` for an unknown document or a negative number.
    """
    require_right(by, tahun_kinerja, Permission.WRITE_RENCANA)
    spm_rules(tahun_kinerja).standar.find(layanan)
    if dokumen not in RencanaSpm.Dokumen.values:
        raise SpmRefused(f'Dokumen rencana "{dokumen}" tidak dikenal; pilih {", ".join(RencanaSpm.Dokumen.values)}.')
    if any(amount is not None and amount < 0 for amount in (target, dana)):
        raise SpmRefused("Target dan dana tidak dapat negatif; periksa angkanya.")
    place = {"tahun_kinerja": tahun_kinerja, "dokumen": dokumen, "layanan": layanan, "tahun": tahun}
    after = None if target is None and dana is None else {"target": target, "dana": dana}
    return _store(by, "spm.save_rencana", RencanaSpm, place, after, f"{dokumen} {layanan} {tahun}")


@audited()
def save_pengaturan(*, by: User | None, tahun_kinerja: TahunKinerja, values: Mapping[str, str]) -> PengaturanSpm:
    """Choose the policies of a year, and count it anew with them.

    Raises `PermissionDenied`, and `SpmRefused` for a choice that there is not.
    """
    require_right(by, tahun_kinerja, Permission.WRITE_RENCANA)
    _hold(tahun_kinerja)
    row = PengaturanSpm.objects.filter(tahun_kinerja=tahun_kinerja).first() or PengaturanSpm(
        tahun_kinerja=tahun_kinerja
    )
    before = {name: getattr(row, name) for name in values}
    for name, value in values.items():
        if name in _CHOICES and value not in _CHOICES[name]:
            raise SpmRefused(f'Pilihan "{value}" untuk {name} tidak ada; pilih {", ".join(_CHOICES[name])}.')
        setattr(row, name, value)
    if before != dict(values) or row.pk is None:
        row.save()
        _audit(by, "spm.save_pengaturan", tahun_kinerja, None, f"spm/pengaturan {tahun_kinerja.tahun}", before, values)
        compute_spm(by=by, tahun_kinerja=tahun_kinerja)
    return row


@audited()
def compute_spm(
    *,
    by: User | None,
    tahun_kinerja: TahunKinerja,
    units: Sequence[UnitKerja | None] | None = None,
    office: bool = True,
) -> None:
    """Store the results anew: of all units or some, and with `office` of the office.

    A change in one year can change the next one's usia pendidikan dasar: where the office has that year, it follows.
    Who counts the same year at the same moment waits, and then finds what the other has stored.
    """
    years = [tahun_kinerja]
    following = TahunKinerja.objects.filter(instansi=tahun_kinerja.instansi_id, tahun=tahun_kinerja.tahun + 1)
    years += following.filter(capaian_spm__isnull=False).distinct()
    for year in years:
        _hold(year)
        mine = None if units is None else [unit for unit in units if unit is not None]
        _compute_units(year, mine)
        if office or units is None or None in units:
            data = read_year(year)
            _replace(year, [None], office_results(data))


def _compute_units(year: TahunKinerja, units: Sequence[UnitKerja] | None) -> None:
    if units is not None and not units:
        return
    data = read_year(year, units)
    rows = [row for unit in data.units for row in unit_results(data, unit.pk)]
    _replace(year, [unit.pk for unit in data.units], rows)


def _replace(year: TahunKinerja, unit_ids: Sequence[int | None], rows: Iterable[Mapping[str, Any]]) -> None:
    """Make the stored results of some units hold exactly `rows`; one that stays keeps its identity."""
    kept = CapaianSpm.objects.filter(tahun_kinerja=year)
    stored = kept.filter(unit=None) if unit_ids == [None] else kept.filter(unit__in=unit_ids)
    known = {tuple(getattr(row, name) for name in _RESULT_KEY): row for row in stored}
    fresh, changed, fields = [], [], set()
    for values in rows:
        row = known.pop(tuple(values[name] for name in _RESULT_KEY), None)
        if row is None:
            fresh.append(CapaianSpm(tahun_kinerja=year, **values))
        elif different := [name for name, value in values.items() if getattr(row, name) != value]:
            for name in different:
                setattr(row, name, values[name])
            changed.append(row)
            fields.update(different)
    if known:
        CapaianSpm.objects.filter(pk__in=[row.pk for row in known.values()]).delete()
    CapaianSpm.objects.bulk_create(fresh, batch_size=1000)
    if changed:
        CapaianSpm.objects.bulk_update(changed, sorted(fields), batch_size=500)


def _checked(tahun_kinerja: TahunKinerja, stated: SasaranInput) -> dict[str, Any]:
    known = {one.kode: one.nama for one in spm_rules(tahun_kinerja).standar.kelompok}
    if stated.kelompok not in known:
        raise SpmRefused(f'Kelompok sasaran "{stated.kelompok}" tidak dikenal; yang ada: {", ".join(known)}.')
    if stated.jumlah < 0:
        raise SpmRefused(f"Sasaran {known[stated.kelompok]} tidak dapat negatif ({stated.jumlah}); periksa angkanya.")
    if stated.metode not in SasaranSpm.Metode.values:
        raise SpmRefused(f'Metode "{stated.metode}" tidak dikenal; pilih {", ".join(SasaranSpm.Metode.values)}.')
    if stated.metode == SasaranSpm.Metode.PENETAPAN and not clean_text(stated.nomor_keputusan):
        raise SpmRefused(
            "Sasaran yang ditetapkan kepala daerah memerlukan nomor keputusannya (Permenkes 6/2024: sasaran ditetapkan "
            "kepala daerah). Isi nomor keputusan, atau pilih metode lain."
        )
    sumber = clean_text(stated.sumber)[:200]
    if not sumber:
        raise SpmRefused("Sumber sasaran belum diisi; tulis misalnya Proyeksi BPS 2024 atau pendataan posyandu.")
    return {
        "jumlah": stated.jumlah,
        "metode": stated.metode,
        "sumber": sumber,
        "nomor_keputusan": clean_text(stated.nomor_keputusan)[:120],
        "tanggal_keputusan": stated.tanggal_keputusan,
        "keterangan": clean_text(stated.keterangan)[:500],
        "rumus": dict(stated.rumus),
        "is_loaded": False,
    }


def _told(row: SasaranSpm | None) -> dict[str, Any] | None:
    if row is None:
        return None
    told = {"jumlah": row.jumlah, "sumber": row.sumber, "metode": row.metode}
    decree = {"nomor_keputusan": row.nomor_keputusan, "tanggal_keputusan": row.tanggal_keputusan}
    return told | {name: value for name, value in (decree | {"keterangan": row.keterangan}).items() if value}


def _sasaran_subject(row: SasaranSpm) -> str:
    place = row.wilayah.kunci if row.wilayah else row.unit.kunci if row.unit else "-"
    return f"spm/sasaran {place} {row.kelompok} {row.tahun_kinerja.tahun}"


def _store(
    by: User | None,
    action: str,
    model: type[_Line],
    place: Mapping[str, Any],
    after: Mapping[str, int | None] | None,
    what: str,
) -> _Line | None:
    """Make the row of a place hold `after`, or be gone for None, and audit what was different."""
    rows = model._default_manager.filter(**place)
    known = rows.first()
    before = {name: getattr(known, name) for name in _AMOUNTS[model]} if known else None
    is_blank = before is not None and not any(value is not None for value in before.values())
    # A source whose amount nobody could read is saved blank as it was: that is no removal.
    if before == after or (is_blank and after is None):
        return known
    if after is None:
        rows.delete()
        known = None
    else:
        known, _ = model._default_manager.update_or_create(**place, defaults={**after, **_OWNED.get(model, {})})
    tahun_kinerja = place["tahun_kinerja"]
    subject = f"spm/{action.rpartition('_')[2]} {what} {tahun_kinerja.tahun}"
    _audit(by, action, tahun_kinerja, place.get("unit"), subject, before, after)
    return known


def _audit(
    by: User | None,
    action: str,
    tahun_kinerja: TahunKinerja,
    unit: UnitKerja | None,
    subject: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    reason: str = "",
) -> None:
    record_audit(
        by=by,
        action=action,
        subject=subject,
        instansi=tahun_kinerja.instansi,
        unit=unit,
        before=dict(before) if before is not None else None,
        after=dict(after) if after is not None else None,
        reason=reason,
    )


def _hold(tahun_kinerja: TahunKinerja) -> None:
    """Let one at a time decide on a sasaran or count the results of a year: the second finds what the first stored."""
    TahunKinerja.objects.select_for_update(no_key=True).get(pk=tahun_kinerja.pk)
