"""Writing recommendations of an evaluation and their follow-up: evaluators recommend, the office follows up.

Who follows up reports each quarter; a recommendation is done only when the evaluators say so. Until then it stays
open, over the years.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.contrib.auth.models import User
from django.db.models import Max
from django.utils import timezone

from capaian.assessments.actions import PenilaianRefused, hold_year
from capaian.assessments.actions_bukti import attach_to_tindak_lanjut
from capaian.assessments.models import Keluarga, Penilaian, Rekomendasi, TindakLanjut
from capaian.assessments.queries import active
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.organisations.permissions import Permission, require_right
from capaian.workflow.audit import audited, record_audit
from capaian.workflow.checks import clean_text

MAX_TEXT: Final = 4000
_Status = TindakLanjut.Status
# Statuses that end a recommendation once the evaluators agree; both need words.
ENDING: Final = (_Status.SELESAI, _Status.TIDAK_DAPAT)
_STATED = ("kelompok", "hasil", "uraian", "penanggung_jawab", "waktu")


@dataclass(frozen=True)
class RekomendasiInput:
    """A recommendation as evaluators state it; `kelompok` is the kode of the component, empty for none."""

    uraian: str
    kelompok: str = ""
    hasil: str = ""
    penanggung_jawab: str = ""
    waktu: str = ""
    unit: UnitKerja | None = None
    tenggat: date | None = None


@dataclass(frozen=True)
class FollowUp:
    """What the office reports at the end of a quarter: status, words, and a link to what proves it.

    `base` is the mark of the reports that the person saw (`mark_of_reports`); None where nobody looked.
    """

    tahun: int
    triwulan: int
    status: str
    uraian: str = ""
    tautan: str = ""
    base: str | None = None


def mark_of_reports(row: Rekomendasi) -> str:
    """The mark of the reports of a recommendation as a person sees them."""
    told = row.tindak_lanjut.order_by("pk").values_list("tahun", "triwulan", "status", "uraian")
    return hashlib.sha256(json.dumps(list(told)).encode()).hexdigest()[:12]


def mark_of_row(row: Rekomendasi) -> str:
    """The mark of a recommendation as a person sees it, by which two people in one form are told apart."""
    said = json.dumps(_told(row) | {"rencana_aksi": row.rencana_aksi}, default=str, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:12]


@audited()
def save_rekomendasi(
    *,
    by: User | None,
    tahun_kinerja: TahunKinerja,
    stated: RekomendasiInput,
    rekomendasi: Rekomendasi | None = None,
    base: str = "",
) -> Rekomendasi:
    """Write a recommendation of the evaluation of a year, a new one or one that stands.

    `base` is the mark that the person saw. Raises `PermissionDenied`, and `PenilaianRefused` for one without words, an
    unknown component, a unit elsewhere, a confirmed one, or one that another has changed meanwhile.
    """
    require_right(by, tahun_kinerja, Permission.EVALUATE)
    values = _checked(tahun_kinerja, stated)
    hold_year(tahun_kinerja)
    if rekomendasi is None:
        last = tahun_kinerja.rekomendasi.aggregate(last=Max("urutan"))["last"] or 0
        row = Rekomendasi(tahun_kinerja=tahun_kinerja, urutan=last + 1, penilaian=_final(tahun_kinerja))
        before = None
    else:
        row = _hold(rekomendasi)
        _require_open(row)
        _require_base(row, base)
        before = _told(row)
    for name, value in values.items():
        setattr(row, name, value)
    if before == _told(row):
        return row
    row.is_loaded = False
    row.save()
    _audit(by, "assessments.save_rekomendasi", row, before, _told(row))
    return row


@audited()
def save_rencana_aksi(*, by: User | None, rekomendasi: Rekomendasi, rencana_aksi: str, base: str) -> None:
    """Write what the office will do about a recommendation. Raises as `save_rekomendasi`."""
    row = _hold(rekomendasi)
    require_right(by, row.tahun_kinerja, Permission.WRITE_ANALISIS, row.unit)
    _require_open(row)
    _require_base(row, base)
    text = _text(rencana_aksi, "Rencana aksi")
    if row.rencana_aksi == text:
        return
    before = {"rencana_aksi": row.rencana_aksi}
    row.rencana_aksi, row.is_loaded = text, False
    row.save(update_fields=["rencana_aksi", "is_loaded"])
    _audit(by, "assessments.save_rencana_aksi", row, before, {"rencana_aksi": text})


@audited()
def record_tindak_lanjut(
    *, by: User | None, rekomendasi: Rekomendasi, follow_up: FollowUp, today: date
) -> TindakLanjut:
    """Report where the follow-up stands in a quarter; the same quarter again changes its report.

    Raises `PermissionDenied`, `BuktiRefused` for a link that cannot be kept, and `PenilaianRefused` for a quarter that
    has not begun or lies before the evaluation, an end without words, or a confirmed recommendation.
    """
    row = _hold(rekomendasi)
    require_right(by, row.tahun_kinerja, Permission.WRITE_ANALISIS, row.unit)
    _require_open(row)
    uraian = _text(follow_up.uraian, "Uraian")
    _check_follow_up(row, follow_up, uraian, today)
    place = {"rekomendasi": row, "tahun": follow_up.tahun, "triwulan": follow_up.triwulan}
    known = TindakLanjut.objects.filter(**place).first()
    if known is not None and follow_up.base not in (None, mark_of_reports(row)):
        raise PenilaianRefused(
            f"Laporan triwulan ini sudah ditulis {known.by or 'sistem'} sejak halaman dibuka: "
            f'"{known.get_status_display()}. {known.uraian}" Tulisan Anda belum disimpan; bandingkan, lalu laporkan '
            "lagi bila yang Anda tulis yang benar."
        )
    before = {"status": known.status, "uraian": known.uraian} if known else None
    after = {"status": follow_up.status, "uraian": uraian}
    stored = known or TindakLanjut(**place)
    if before != after:
        stored.status, stored.uraian = follow_up.status, uraian
        stored.by, stored.at = by, timezone.now()
        stored.save()
        _own(row)
        period = {"periode": f"{follow_up.tahun}/{follow_up.triwulan}"}
        _audit(by, "assessments.record_tindak_lanjut", row, before and before | period, after | period)
    if follow_up.tautan.strip():
        attach_to_tindak_lanjut(by=by, tindak_lanjut=stored, tautan=follow_up.tautan, nama="")
    return stored


@audited()
def confirm_rekomendasi(*, by: User | None, rekomendasi: Rekomendasi) -> None:
    """Let the evaluators say that a recommendation is done, as the office has reported. Done twice, it is done once.

    Raises `PermissionDenied`, and `PenilaianRefused` while the last report says something else.
    """
    require_right(by, rekomendasi.tahun_kinerja, Permission.EVALUATE)
    row = _hold(rekomendasi)
    if row.selesai_pada:
        return
    last = row.tindak_lanjut.order_by("-tahun", "-triwulan").first()
    if last is None or last.status not in ENDING:
        said = last.get_status_display().lower() if last else "belum ada"
        raise PenilaianRefused(
            f"Belum dapat dinyatakan selesai: laporan terakhir perangkat daerah {said}. Tunggu laporan selesai."
        )
    row.selesai_pada = timezone.now()
    row.save(update_fields=["selesai_pada"])
    _audit(by, "assessments.confirm_rekomendasi", row, {"keadaan": "terbuka"}, {"keadaan": last.get_status_display()})


@audited()
def reopen_rekomendasi(*, by: User | None, rekomendasi: Rekomendasi, reason: str) -> None:
    """Take back that a recommendation is done, for a reason. Raises `PermissionDenied`, `PenilaianRefused`."""
    require_right(by, rekomendasi.tahun_kinerja, Permission.EVALUATE)
    row = _hold(rekomendasi)
    reason = clean_text(reason)[:300]
    if not reason:
        raise PenilaianRefused("Tulis alasan membuka kembali; perangkat daerah membacanya pada jejak audit.")
    if not row.selesai_pada:
        return
    row.selesai_pada = None
    row.save(update_fields=["selesai_pada"])
    _audit(by, "assessments.reopen_rekomendasi", row, {"keadaan": "selesai"}, {"keadaan": "terbuka"}, reason)


@audited()
def link_rekomendasi(*, by: User | None, rekomendasi: Rekomendasi, earlier: Rekomendasi | None) -> None:
    """Say that a recommendation repeats an earlier one, or with None that it repeats none.

    Raises `PermissionDenied`, and `PenilaianRefused` for one of another office, or not of an earlier year.
    """
    require_right(by, rekomendasi.tahun_kinerja, Permission.EVALUATE)
    row = _hold(rekomendasi)
    year = row.tahun_kinerja
    if earlier is not None:
        other = earlier.tahun_kinerja
        if other.instansi_id != year.instansi_id or other.tahun >= year.tahun:
            raise PenilaianRefused("Yang diulang harus rekomendasi instansi ini dari tahun sebelumnya.")
    if row.mengulang_id == (earlier.pk if earlier else None):
        return
    before = {"mengulang": str(row.mengulang) if row.mengulang else ""}
    row.mengulang = earlier
    row.save(update_fields=["mengulang"])
    _own(row)
    _audit(by, "assessments.link_rekomendasi", row, before, {"mengulang": str(earlier) if earlier else ""})


def given_on(rekomendasi: Rekomendasi) -> date:
    """When a recommendation was given: the day of the report, else the end of the year of the evaluation.

    The end, so that an age is never overstated.
    """
    final = rekomendasi.penilaian
    if final is not None and final.tanggal_lhe:
        return final.tanggal_lhe
    year = final.tahun_evaluasi if final is not None else rekomendasi.tahun_kinerja.tahun + 1
    return date(year, 12, 31)


def _checked(tahun_kinerja: TahunKinerja, stated: RekomendasiInput) -> dict[str, Any]:
    """The fields of a recommendation as they are stored. Raises `PenilaianRefused`."""
    values: dict[str, Any] = {name: _text(getattr(stated, name), name.replace("_", " ")) for name in _STATED}
    if not values["uraian"]:
        raise PenilaianRefused("Rekomendasi belum ditulis; tulis apa yang harus dilakukan.")
    for name, most in (("penanggung_jawab", 200), ("waktu", 120)):
        if len(values[name]) > most:
            raise PenilaianRefused(f"{name.replace('_', ' ').capitalize()} paling panjang {most} huruf; ringkaskan.")
    judged = active(tahun_kinerja, Keluarga.LKE)
    if values["kelompok"] and (judged is None or values["kelompok"] not in judged.instrumen.groups):
        raise PenilaianRefused(
            f'Komponen "{values["kelompok"]}" tidak ada pada lembar kerja tahun ini; pilih dari daftar.'
        )
    if stated.unit is not None and stated.unit.instansi_id != tahun_kinerja.instansi_id:
        raise PenilaianRefused("Unit penanggung jawab bukan unit instansi ini.")
    if stated.tenggat is not None and stated.tenggat.year < tahun_kinerja.tahun:
        raise PenilaianRefused(f"Tenggat {stated.tenggat:%d-%m-%Y} sebelum tahun yang dievaluasi; periksa tanggalnya.")
    return values | {"unit": stated.unit, "tenggat": stated.tenggat}


def _check_follow_up(row: Rekomendasi, follow_up: FollowUp, uraian: str, today: date) -> None:
    if follow_up.status not in _Status.values:
        raise PenilaianRefused(f'Status "{follow_up.status}" tidak dikenal; pilih {", ".join(_Status.labels)}.')
    if follow_up.triwulan not in range(1, 5):
        raise PenilaianRefused("Pilih triwulan 1 sampai 4.")
    begin = date(follow_up.tahun, follow_up.triwulan * 3 - 2, 1)
    if begin > today:
        raise PenilaianRefused(f"Triwulan {follow_up.triwulan} {follow_up.tahun} belum dimulai; laporkan nanti.")
    if follow_up.tahun < row.tahun_kinerja.tahun:
        raise PenilaianRefused("Periode itu mendahului tahun yang dievaluasi; pilih periode sesudahnya.")
    if follow_up.status in ENDING and not uraian:
        raise PenilaianRefused(
            "Tulis apa yang sudah dilakukan, atau mengapa tidak dapat; evaluator menilainya dari situ."
        )


def _text(text: str, what: str) -> str:
    found = clean_text(text)
    if len(found) > MAX_TEXT:
        raise PenilaianRefused(f"{what.capitalize()} paling panjang {MAX_TEXT} huruf; sekarang {len(found)}.")
    return found


def _final(tahun_kinerja: TahunKinerja) -> Penilaian | None:
    judged = active(tahun_kinerja, Keluarga.LKE)
    if judged is None:
        return None
    rows = Penilaian.objects.filter(tahun_kinerja=tahun_kinerja, versi=judged.versi, unit=None)
    return rows.filter(tingkat=Penilaian.Tingkat.AKHIR).first()


def _hold(rekomendasi: Rekomendasi) -> Rekomendasi:
    """The recommendation as it stands, with nobody else writing to it."""
    hold_year(rekomendasi.tahun_kinerja)
    rows = Rekomendasi.objects.select_related("tahun_kinerja__instansi", "unit", "mengulang")
    return rows.get(pk=rekomendasi.pk)


def _require_open(row: Rekomendasi) -> None:
    if row.selesai_pada:
        raise PenilaianRefused(
            "Rekomendasi ini sudah dinyatakan selesai dan tidak berubah lagi. Evaluator dapat membukanya kembali."
        )


def _require_base(row: Rekomendasi, base: str) -> None:
    if base != mark_of_row(row):
        raise PenilaianRefused(
            "Rekomendasi ini sudah diubah orang lain sejak halaman dibuka; bandingkan dengan isinya sekarang, lalu "
            "simpan lagi bila tulisan Anda yang benar."
        )


def _own(row: Rekomendasi) -> None:
    """What a person wrote is no load's any more (ADR 11)."""
    Rekomendasi.objects.filter(pk=row.pk, is_loaded=True).update(is_loaded=False)


def _told(row: Rekomendasi) -> dict[str, Any]:
    facts = {name: getattr(row, name) for name in _STATED}
    return facts | {"unit": row.unit.kunci if row.unit else "", "tenggat": row.tenggat}


def _audit(
    by: User | None,
    action: str,
    row: Rekomendasi,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
    reason: str = "",
) -> None:
    year = row.tahun_kinerja
    record_audit(
        by=by,
        action=action,
        subject=f"rekomendasi {year.tahun}/{row.urutan}",
        instansi=year.instansi,
        unit=row.unit,
        before=before,
        after=after,
        reason=reason,
    )
