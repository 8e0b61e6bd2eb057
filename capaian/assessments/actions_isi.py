"""Filling an instrument of the office's own: answers of a unit, or of the office, and the results that follow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Final

from django.contrib.auth.models import User
from django.utils import timezone

from capaian.assessments.actions import PenilaianRefused, hold_year
from capaian.assessments.compute import store_results
from capaian.assessments.models import Jawaban, Keluarga, Penilaian, VersiInstrumen
from capaian.assessments.queries import Active, active
from capaian.assessments.tree import mark
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.organisations.permissions import Permission, require_right
from capaian.rules.instrumen.model import Butir, Kelompok
from capaian.rules.instrumen.skor import Isian
from capaian.workflow.audit import audited, record_audit

_MOST: Final = Decimal(10) ** 12
_DECIMALS: Final = 4


@dataclass(frozen=True)
class Answer:
    """What a person gives for an item, and the `isian_mark` of what they saw there."""

    isian: Isian
    base: str


def isian_mark(isian: Isian | None) -> str:
    """What a person saw of an answer."""
    return mark({name: str(value) for name, value in asdict(isian or Isian()).items()})


@audited()
def record_jawaban(
    *,
    by: User | None,
    tahun_kinerja: TahunKinerja,
    versi: VersiInstrumen,
    unit: UnitKerja | None,
    answers: Mapping[str, Answer],
) -> dict[str, str]:
    """Store the answers that changed, all or none, and bring the results in line; what was refused, by kode.

    An answer is refused that does not fit its item, or that somebody has changed meanwhile. Raises `PermissionDenied`
    without the right for the unit, `PenilaianRefused` for a version that does not judge this year.
    """
    require_right(by, tahun_kinerja, Permission.RECORD_REALISASI, unit)
    hold_year(tahun_kinerja)
    judged = active(tahun_kinerja, Keluarga.LAIN, versi)
    if judged is None:
        raise PenilaianRefused("Instrumen ini tidak dipilih untuk tahun ini. Pilih dahulu pada Instrumen penilaian.")
    penilaian, _ = Penilaian.objects.get_or_create(
        tahun_kinerja=tahun_kinerja,
        versi=versi,
        unit=unit,
        tingkat=Penilaian.Tingkat.MANDIRI,
        defaults={"tahun_evaluasi": tahun_kinerja.tahun},
    )
    stored = {row.butir: row for row in penilaian.jawaban.all()}
    changed = {kode: one for kode, one in answers.items() if one.isian != _isian(stored.get(kode))}
    refused = {kode: why for kode, one in changed.items() if (why := _problem(judged, kode, one, stored.get(kode)))}
    if refused or not changed:
        return refused
    _write(by, penilaian, stored, changed)
    store_results(judged, [penilaian])
    _audit(by, penilaian, stored, changed)
    return {}


def _isian(row: Jawaban | None) -> Isian:
    if row is None:
        return Isian()
    return Isian(row.nilai, row.sasaran, row.realisasi, row.tidak_berlaku, row.catatan)


def _problem(judged: Active, kode: str, one: Answer, row: Jawaban | None) -> str:
    """Why an answer cannot be stored; empty where it can."""
    asked = judged.instrumen.items.get(kode) or judged.instrumen.groups.get(kode)
    if asked is None:
        return "Butir ini tidak ada dalam instrumen. Muat ulang halamannya."
    if one.base != isian_mark(_isian(row)):
        held = (row.nilai or _numbers(row)) if row else ""
        return (
            f'Sudah diubah orang lain menjadi "{held or "kosong"}". Periksa, lalu simpan lagi bila jawaban Anda benar.'
        )
    if one.isian.tidak_berlaku and not one.isian.catatan:
        return "Tulis alasan mengapa tidak berlaku."
    for label, value in (("Sasaran", one.isian.sasaran), ("Realisasi", one.isian.realisasi)):
        if value is not None and (value < 0 or value >= _MOST or round(value, _DECIMALS) != value):
            return f"{label} harus 0 atau lebih, dengan paling banyak {_DECIMALS} desimal."
    return _choice_problem(asked, one.isian.nilai)


def _choice_problem(asked: Butir | Kelompok, nilai: str) -> str:
    is_choice = isinstance(asked, Kelompok) or asked.penilaian == "pilihan"
    known = [one.kode for one in asked.pilihan]
    if is_choice and nilai and nilai not in known:
        return f'"{nilai[:60]}" tidak ada; pilih {", ".join(known) or "jawaban butirnya"}.'
    return "Paling banyak 120 huruf." if len(nilai) > 120 else ""


def _write(by: User | None, penilaian: Penilaian, stored: Mapping[str, Jawaban], changed: Mapping[str, Answer]) -> None:
    now = timezone.now()
    emptied = [kode for kode, one in changed.items() if one.isian.is_empty and not one.isian.catatan]
    rows = [
        Jawaban(penilaian=penilaian, butir=kode, by=by, at=now, **asdict(one.isian))
        for kode, one in changed.items()
        if kode not in emptied
    ]
    penilaian.jawaban.filter(butir__in=emptied).delete()
    Jawaban.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["penilaian", "butir"],
        update_fields=["nilai", "sasaran", "realisasi", "tidak_berlaku", "catatan", "by", "at"],
    )


def _audit(by: User | None, penilaian: Penilaian, stored: Mapping[str, Jawaban], changed: Mapping[str, Answer]) -> None:
    versi = penilaian.versi
    record_audit(
        by=by,
        action="assessments.record_jawaban",
        subject=f"penilaian {versi.instrumen.kunci} {penilaian.tahun_kinerja.tahun}",
        instansi=penilaian.tahun_kinerja.instansi,
        unit=penilaian.unit,
        before={kode: _said(_isian(stored.get(kode))) for kode in changed},
        after={kode: _said(one.isian) for kode, one in changed.items()},
    )


def _said(isian: Isian) -> str:
    if isian.tidak_berlaku:
        return f"tidak berlaku: {isian.catatan}"
    pair = f"{isian.realisasi} dari {isian.sasaran}" if isian.realisasi is not None or isian.sasaran is not None else ""
    return " ".join(part for part in (isian.nilai, pair, f"({isian.catatan})" if isian.catatan else "") if part)


def _numbers(row: Jawaban) -> str:
    return f"{row.realisasi} dari {row.sasaran}" if row.realisasi is not None or row.sasaran is not None else ""
