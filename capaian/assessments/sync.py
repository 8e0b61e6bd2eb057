"""Bringing evaluations of AKIP in line with what a load of files states. What people entered stays (ADR 11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User

from capaian.assessments.actions import adopt_pack, choose_instrumen
from capaian.assessments.actions_tingkat import Printed, save_printed
from capaian.assessments.models import Keluarga, Penilaian, TindakLanjut
from capaian.assessments.queries import active
from capaian.organisations.models import TahunKinerja
from capaian.workflow.audit import audited, record_audit
from capaian.workflow.sync import SyncResult, sync_rows


@dataclass(frozen=True)
class PrintedEvaluation:
    """An evaluation as a document prints it: of which year, by which instrument, its values and recommendations.

    A recommendation names its fields (`urutan`, `kelompok`, `hasil`, `uraian`, `rencana_aksi`, `waktu`) and under
    `tindak_lanjut` the report of a quarter, if there is one.
    """

    tahun_kinerja: int
    pack: str
    printed: Printed
    rekomendasi: Sequence[Mapping[str, Any]] = field(default=())


@audited()
def sync_lke(*, by: User | None, tahun_kinerja: TahunKinerja, evaluations: Sequence[PrintedEvaluation]) -> SyncResult:
    """Store the evaluations that a load states, each with the office year that it judges, made where it is missing.

    A year whose worksheet people fill, whose result they wrote or whose recommendations they follow up keeps theirs.
    Raises `PenilaianRefused` for values that the instrument cannot hold.
    """
    result = SyncResult()
    for one in evaluations:
        year, created = TahunKinerja.objects.get_or_create(
            instansi=tahun_kinerja.instansi, tahun=one.tahun_kinerja, defaults={"narasi": {}}
        )
        if created:
            subject = f"{year.instansi.kunci} {year.tahun}"
            action = "organisations.save_tahun_kinerja"
            record_audit(by=by, action=action, subject=subject, instansi=year.instansi, after={"tahun": year.tahun})
            result += SyncResult(created=1)
        result += _sync_result(by, year, one)
        result += _sync_rekomendasi(by, year, one.rekomendasi)
    return result


def _sync_result(by: User | None, year: TahunKinerja, one: PrintedEvaluation) -> SyncResult:
    if active(year, Keluarga.LKE) is None:
        versi = adopt_pack(by=None, tahun_kinerja=year, pack_id=one.pack)
        choose_instrumen(by=None, tahun_kinerja=year, versi=versi)
    judged = active(year, Keluarga.LKE)
    rows = Penilaian.objects.filter(tahun_kinerja=year, unit=None, versi__instrumen__keluarga=Keluarga.LKE)
    if judged is None or rows.exclude(is_loaded=True).exists():
        return SyncResult()
    known = rows.first()
    if known is None:
        save_printed(by=by, tahun_kinerja=year, printed=one.printed, is_loaded=True)
        return SyncResult(created=1)
    # Compared by what would be stored, so that the same files again change nothing.
    stored = {answer.butir: answer.nilai for answer in known.jawaban.exclude(nilai="")}
    if stored == one.printed.values and known.tahun_evaluasi == one.printed.tahun_evaluasi:
        return SyncResult(unchanged=1)
    save_printed(by=by, tahun_kinerja=year, printed=one.printed, is_loaded=True)
    return SyncResult(changed=1)


def _sync_rekomendasi(by: User | None, year: TahunKinerja, rows: Sequence[Mapping[str, Any]]) -> SyncResult:
    taken = set(year.rekomendasi.filter(is_loaded=False).values_list("urutan", flat=True))
    wanted = [row for row in rows if row["urutan"] not in taken]
    final = Penilaian.objects.filter(tahun_kinerja=year, unit=None, is_loaded=True).first()
    fixed = {"tahun_kinerja": year, "penilaian": final, "is_loaded": True}
    stored, result = sync_rows(
        year.rekomendasi.filter(is_loaded=True),
        by=by,
        instansi=year.instansi,
        action="assessments.sync_rekomendasi",
        key=["urutan"],
        rows=[{**{name: value for name, value in row.items() if name != "tindak_lanjut"}, **fixed} for row in wanted],
    )
    reports = [
        {**row["tindak_lanjut"], "rekomendasi": one}
        for one, row in zip(stored, wanted, strict=True)
        if row.get("tindak_lanjut")
    ]
    _, changed = sync_rows(
        TindakLanjut.objects.filter(rekomendasi__tahun_kinerja=year, rekomendasi__is_loaded=True),
        by=by,
        instansi=year.instansi,
        action="assessments.sync_rekomendasi",
        key=["rekomendasi", "tahun", "triwulan"],
        rows=reports,
    )
    return result + changed
