"""Closing and reopening the tiers of an AKIP evaluation, and the values of a report that was printed elsewhere.

A tier that is closed is never changed; the next one begins as a copy of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from django.contrib.auth.models import User
from django.utils import timezone

from capaian.assessments.actions import PenilaianRefused, hold_year
from capaian.assessments.compute import evaluate_penilaian, store_results
from capaian.assessments.models import Jawaban, Penilaian
from capaian.assessments.queries import Active
from capaian.assessments.tiers import (
    RIGHTS,
    TIERS,
    Tingkat,
    answers_of,
    audit_tier,
    following_of,
    hold_stored,
    is_printed,
    require_active,
    require_either,
    unanswered,
    within,
)
from capaian.measurement.models import SumberRealisasi
from capaian.measurement.sources import take_source
from capaian.organisations.models import TahunKinerja
from capaian.organisations.permissions import Permission, office_of, require_right
from capaian.rules.instrumen.hasil import evaluate, stated_points, weight_of
from capaian.rules.instrumen.model import Kelompok
from capaian.rules.instrumen.skor import Isian
from capaian.rules.numbers import divide, format_number
from capaian.workflow.audit import audited
from capaian.workflow.checks import clean_text

_NAMED: Final = 10
# An evaluation comes in the year itself or soon after; a later one is a typing error.
_LATEST: Final = 5


@audited()
def close_tier(*, by: User | None, penilaian: Penilaian) -> Penilaian | None:
    """Close a tier; the next one then begins with its answers. The next tier, None after the last.

    Done twice, it is done once. Raises `PermissionDenied`, and `PenilaianRefused` while something is not answered.
    """
    penilaian, judged = hold_stored(penilaian)
    require_right(by, penilaian.tahun_kinerja, RIGHTS[Tingkat(penilaian.tingkat)])
    following = following_of(penilaian)
    if penilaian.selesai_pada:
        return following
    missing = unanswered(judged, evaluate_penilaian(judged, [penilaian])[penilaian.pk])
    if missing:
        more = f", dan {len(missing) - _NAMED} lagi" if len(missing) > _NAMED else ""
        raise PenilaianRefused(
            f"{penilaian.get_tingkat_display()} belum dapat ditutup: belum dinilai {', '.join(missing[:_NAMED])}{more}."
        )
    penilaian.selesai_pada = timezone.now()
    penilaian.save(update_fields=["selesai_pada"])
    audit_tier(by, "assessments.close_tier", penilaian, {"keadaan": "terbuka"}, {"keadaan": "selesai"})
    if following is None and penilaian.tingkat != Tingkat.AKHIR:
        following = _begin_copy(judged, penilaian)
    _tell(by, penilaian)
    return following


@audited()
def reopen_tier(*, by: User | None, penilaian: Penilaian, reason: str) -> None:
    """Open a closed tier again, for a reason; a copy of it that nobody has changed yet is thrown away.

    Who may write the tier, or evaluates, may; a printed report that the office typed in, also the office. Raises
    `PermissionDenied`, and `PenilaianRefused` without a reason, or once the next tier goes its own way.
    """
    penilaian, judged = hold_stored(penilaian)
    right = RIGHTS[Tingkat(penilaian.tingkat)]
    if penilaian.tingkat == Tingkat.AKHIR and is_printed(judged, penilaian) and not _by_evaluator(judged, penilaian):
        right = Permission.WRITE_ANALISIS
    require_either(by, penilaian.tahun_kinerja, right, Permission.EVALUATE)
    reason = clean_text(reason)
    if not reason:
        raise PenilaianRefused("Tulis alasan membuka kembali; jejak audit menyimpannya bersama nilainya.")
    if not penilaian.selesai_pada:
        return
    _drop_copy(penilaian)
    penilaian.selesai_pada = None
    penilaian.save(update_fields=["selesai_pada"])
    audit_tier(by, "assessments.reopen_tier", penilaian, {"keadaan": "selesai"}, {"keadaan": "terbuka"}, reason=reason)
    _tell(by, penilaian)


def _by_evaluator(judged: Active, penilaian: Penilaian) -> bool:
    """Whether somebody who evaluates typed the printed report in."""
    root = penilaian.jawaban.filter(butir=judged.instrumen.akar.kode).select_related("by").first()
    by = root.by if root else None
    return by is not None and office_of(by, penilaian.tahun_kinerja).allows(Permission.EVALUATE)


@audited()
def save_lhe(*, by: User | None, penilaian: Penilaian, nomor: str, tanggal: date | None, tahun_evaluasi: int) -> None:
    """Write number and day of the report of a final result, and the year in which the evaluation happened.

    Raises `PermissionDenied`, and `PenilaianRefused` for an evaluation before the year that it judges.
    """
    penilaian, _ = hold_stored(penilaian)
    require_right(by, penilaian.tahun_kinerja, Permission.EVALUATE)
    check_years(penilaian.tahun_kinerja, tahun_evaluasi, tanggal)
    wanted = {"nomor_lhe": clean_text(nomor)[:120], "tanggal_lhe": tanggal, "tahun_evaluasi": tahun_evaluasi}
    before = {name: getattr(penilaian, name) for name in wanted}
    if before == wanted:
        return
    for name, value in wanted.items():
        setattr(penilaian, name, value)
    penilaian.is_loaded = False
    penilaian.save(update_fields=[*wanted, "is_loaded"])
    audit_tier(by, "assessments.save_lhe", penilaian, before, wanted)
    # The indicator names the report that its value comes from.
    _tell(by, penilaian)


def check_years(tahun_kinerja: TahunKinerja, tahun_evaluasi: int, tanggal: date | None) -> None:
    """Hold the two years apart: a year is evaluated in it or later. Raises `PenilaianRefused`."""
    year = tahun_kinerja.tahun
    if not year <= tahun_evaluasi <= year + _LATEST:
        raise PenilaianRefused(
            f"Tahun evaluasi {tahun_evaluasi} tidak cocok: kinerja {year} dievaluasi {year} sampai {year + _LATEST}."
        )
    if tanggal is not None and tanggal.year < year:
        raise PenilaianRefused(f"Tanggal LHE {tanggal:%d-%m-%Y} sebelum tahun kinerja {year}; periksa tanggalnya.")


def _tell(by: User | None, penilaian: Penilaian) -> None:
    """Let indicators that take their value from the evaluation follow it."""
    take_source(by=by, tahun_kinerja=penilaian.tahun_kinerja, sumber=SumberRealisasi.Sumber.AKIP)


def _begin_copy(judged: Active, former: Penilaian) -> Penilaian:
    """The next tier with the answers of one that was closed, without its notes: the evaluators write their own."""
    following = Penilaian.objects.create(
        tahun_kinerja=former.tahun_kinerja,
        versi=former.versi,
        tingkat=TIERS[TIERS.index(Tingkat(former.tingkat)) + 1],
        tahun_evaluasi=former.tahun_evaluasi,
    )
    now = timezone.now()
    Jawaban.objects.bulk_create(
        Jawaban(penilaian=following, butir=one.butir, nilai=one.nilai, by=one.by, at=now)
        for one in former.jawaban.exclude(nilai="")
    )
    store_results(judged, [following])
    return following


def _drop_copy(penilaian: Penilaian) -> None:
    following = following_of(penilaian)
    if following is None:
        return
    mine = {kode: one.nilai for kode, one in answers_of(penilaian).items() if one.nilai}
    theirs = answers_of(following)
    changed = [kode for kode in {*mine, *theirs} if kode not in theirs or theirs[kode].nilai != mine.get(kode)]
    noted = [kode for kode, one in theirs.items() if one.catatan]
    if following.selesai_pada or changed or noted or following.bukti.exists():
        raise PenilaianRefused(
            f"{following.get_tingkat_display()} sudah berjalan sendiri ({len({*changed, *noted})} jawaban diubah), "
            f"sehingga {within(penilaian.get_tingkat_display())} tidak dibuka lagi. Perbaikan ditulis di sana."
        )
    following.delete()


@dataclass(frozen=True)
class Printed:
    """What a report of an evaluation states: its source, number and day, and values or grades by kode, as typed."""

    sumber: str
    tahun_evaluasi: int
    values: Mapping[str, str]
    nomor: str = ""
    tanggal: date | None = None
    # Remarks on single values, such as how a misprinted one was read.
    remarks: Mapping[str, str] | None = None


class PrintedRefused(PenilaianRefused):
    """Values of a report that cannot be taken; `errors` says why, by kode."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(f"{len(errors)} nilai belum dapat disimpan; perbaiki yang ditandai.")
        self.errors = dict(errors)


@audited()
def save_printed(
    *, by: User | None, tahun_kinerja: TahunKinerja, printed: Printed, is_loaded: bool = False
) -> Penilaian:
    """Take the values of a printed report over as the final result of a year, and close it.

    A component is stated as a whole or by its sub-components; off the grid of grades it is taken as it is. Raises
    `PermissionDenied`, `PrintedRefused` for single values, and `PenilaianRefused` where a worksheet is under way.
    """
    require_either(by, tahun_kinerja, Permission.EVALUATE, Permission.WRITE_ANALISIS)
    hold_year(tahun_kinerja)
    judged = require_active(tahun_kinerja)
    sumber = clean_text(printed.sumber)[:300]
    if not sumber:
        raise PenilaianRefused("Sumber belum diisi: tulis dokumen yang mencetak nilainya, misalnya nomor LHE.")
    check_years(tahun_kinerja, printed.tahun_evaluasi, printed.tanggal)
    values = read_printed(judged, printed.values)
    penilaian = _final_for_printed(tahun_kinerja, judged, printed, is_loaded=is_loaded)
    before = {one.butir: one.nilai for one in penilaian.jawaban.exclude(nilai="")}
    penilaian.jawaban.all().delete()
    remarks = printed.remarks or {}
    now = timezone.now()
    # The answer to the whole has no value of its own: it says where the others come from.
    stored = {judged.instrumen.akar.kode: ("", sumber)}
    stored |= {kode: (nilai, remarks.get(kode, "")) for kode, nilai in values.items()}
    Jawaban.objects.bulk_create(
        Jawaban(penilaian=penilaian, butir=kode, nilai=nilai, catatan=catatan, by=by, at=now)
        for kode, (nilai, catatan) in stored.items()
    )
    penilaian.nomor_lhe, penilaian.tanggal_lhe = clean_text(printed.nomor)[:120], printed.tanggal
    penilaian.tahun_evaluasi, penilaian.is_loaded = printed.tahun_evaluasi, is_loaded
    penilaian.selesai_pada = now
    penilaian.save()
    store_results(judged, [penilaian])
    audit_tier(by, "assessments.save_printed", penilaian, before, {**values, "sumber": sumber})
    _tell(by, penilaian)
    return penilaian


def read_printed(judged: Active, typed: Mapping[str, str]) -> dict[str, str]:
    """The values as they are stored: a grade, or points with a comma. Raises `PrintedRefused`."""
    found, errors = dict[str, str](), dict[str, str]()
    for kode, text in typed.items():
        group = judged.instrumen.groups.get(kode)
        if not text.strip():
            continue
        if group is None:
            errors[kode] = f'Komponen "{kode}" tidak ada pada {judged.instrumen.nama}.'
        elif any(one.kode == text.strip().upper() for one in group.pilihan):
            found[kode] = text.strip().upper()
        elif (points := stated_points(group, text)) is None:
            errors[kode] = _unreadable(group, text)
        else:
            found[kode] = format_number(points)
    if not found and not errors:
        raise PenilaianRefused("Belum ada nilai yang diisi; isi nilai komponen, atau nilai setiap subkomponennya.")
    errors |= _contradictions(judged, found)
    if errors:
        raise PrintedRefused(errors)
    _require_whole(judged, found)
    return _without_sums(judged, found)


def _require_whole(judged: Active, found: Mapping[str, str]) -> None:
    """Hold the result to all components: a sum of some would stand as the value of the office."""
    hasil = evaluate(judged.instrumen, {kode: Isian(nilai) for kode, nilai in found.items()}, (), judged.kebijakan)
    lacking = [
        one.nama
        for one in judged.instrumen.akar.isi
        if isinstance(one, Kelompok) and hasil.kelompok[one.kode].is_provisional
    ]
    if lacking:
        raise PenilaianRefused(
            f"Nilai {', '.join(lacking)} belum lengkap. Isi nilai komponennya, atau nilai semua subkomponennya; hasil "
            "akhir adalah jumlah semua komponen."
        )


def _unreadable(group: Kelompok, text: str) -> str:
    best = format_number(weight_of(group))
    grades = f" atau {', '.join(one.kode for one in group.pilihan)}" if group.pilihan else ""
    return f'{group.nama}: "{text.strip()[:20]}" bukan nilai 0 sampai {best}{grades}.'


def _contradictions(judged: Active, found: Mapping[str, str]) -> dict[str, str]:
    """Components whose stated value is not the sum of their stated sub-components."""
    errors = {}
    for kode in found:
        parts = _parts(judged, kode, found)
        if len(parts) == len(judged.instrumen.groups[kode].isi) and parts:
            total = sum(parts, Decimal(0))
            stated = stated_points(judged.instrumen.groups[kode], found[kode])
            if total != stated:
                nama = judged.instrumen.groups[kode].nama
                errors[kode] = (
                    f"{nama} {found[kode]} bukan jumlah subkomponennya ({format_number(total)}). Periksa mana yang "
                    "tercetak, atau isi komponennya saja."
                )
        elif parts:
            errors[kode] = "Isi nilai komponen saja, atau nilai semua subkomponennya."
    return errors


def _parts(judged: Active, kode: str, found: Mapping[str, str]) -> list[Decimal]:
    """The points of the stated sub-components of a component."""
    points = []
    for child in judged.instrumen.groups[kode].isi:
        if not isinstance(child, Kelompok) or child.kode not in found:
            continue
        grade = next((one.nilai for one in child.pilihan if one.kode == found[child.kode]), None)
        stated = stated_points(child, found[child.kode])
        points.append(divide(grade * weight_of(child), child.maksimum) if grade is not None else stated or Decimal(0))
    return points


def _without_sums(judged: Active, found: Mapping[str, str]) -> dict[str, str]:
    """Without the components that follow from their sub-components."""
    return {kode: nilai for kode, nilai in found.items() if not _parts(judged, kode, found)}


def _final_for_printed(tahun_kinerja: TahunKinerja, judged: Active, printed: Printed, *, is_loaded: bool) -> Penilaian:
    rows = {
        one.tingkat: one for one in Penilaian.objects.filter(tahun_kinerja=tahun_kinerja, versi=judged.versi, unit=None)
    }
    final = rows.pop(Tingkat.AKHIR.value, None)
    if rows:
        raise PenilaianRefused(
            "Lembar kerja tahun ini sudah diisi bertingkat; hasil akhirnya diisi evaluator pada lembar itu."
        )
    if final is None:
        return Penilaian.objects.create(
            tahun_kinerja=tahun_kinerja,
            versi=judged.versi,
            tingkat=Tingkat.AKHIR,
            tahun_evaluasi=printed.tahun_evaluasi,
        )
    if final.selesai_pada and not (is_loaded and final.is_loaded):
        raise PenilaianRefused("Hasil akhir tahun ini sudah ditutup. Buka kembali dengan alasan, lalu isi lagi.")
    if final.jawaban.exists() and not is_printed(judged, final):
        raise PenilaianRefused(
            "Evaluator sudah mengisi hasil akhir tahun ini pada lembar kerja; nilai tercetak akan menghapus "
            "jawabannya. Lanjutkan pada lembar itu."
        )
    return final
