"""Writing what was reached, and storing the capaian that `compute` makes of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from capaian.measurement.compute import capaian_rows, of_year
from capaian.measurement.entry import RealisasiRefused, check_period, read_realisasi
from capaian.measurement.models import (
    Analisis,
    Capaian,
    Faktor,
    Pembanding,
    Realisasi,
    RincianNilai,
)
from capaian.measurement.queries import measured_dokumen, measured_targets
from capaian.organisations.models import TahunKinerja
from capaian.organisations.permissions import Permission, require_right
from capaian.planning.actions import propose_target_triwulan
from capaian.planning.models import Dokumen, Indikator
from capaian.planning.queries import read_expression
from capaian.rules.target import EmptyTarget
from capaian.workflow.actions import SyncResult, record_audit, sync_rows

Rows = Iterable[Mapping[str, Any]]
_CAPAIAN_KEY = ("indikator", "dokumen", "tahun", "periode", "tahun_target")


def sync_realisasi(*, by: User | None, tahun_kinerja: TahunKinerja, rows: Rows) -> SyncResult:
    """Replace the annual realisasi that the files of this office year state, of all years.

    What people entered stays. For its own year a report is the authority; of other years it only fills what no other
    office year states.
    """
    rows = list(rows)
    year = tahun_kinerja.tahun
    stated = [row["indikator"].pk for row in rows if row["tahun"] == year]
    annual = Realisasi.objects.filter(of_year(tahun_kinerja), periode=0)
    ours = annual.filter(
        Q(source_year=tahun_kinerja) | Q(source_year__isnull=False, tahun=year, indikator__in=stated),
    )
    others = set(annual.values_list("indikator", "tahun")) - set(ours.values_list("indikator", "tahun"))
    return sync_rows(
        ours,
        by=by,
        instansi=tahun_kinerja.instansi,
        action="measurement.sync_realisasi",
        key=["indikator", "tahun", "periode"],
        rows=[
            {**row, "source_year": tahun_kinerja} for row in rows if (row["indikator"].pk, row["tahun"]) not in others
        ],
    )[1]


def sync_pembanding(*, by: User | None, tahun_kinerja: TahunKinerja, rows: Rows) -> SyncResult:
    """Replace the comparators of the year."""
    return sync_rows(
        Pembanding.objects.filter(indikator__instansi=tahun_kinerja.instansi, tahun=tahun_kinerja.tahun),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="measurement.sync_pembanding",
        key=["indikator", "tahun", "wilayah"],
        rows=rows,
    )[1]


@transaction.atomic
def sync_rincian(
    *, by: User | None, tahun_kinerja: TahunKinerja, rows: Iterable[tuple[Mapping[str, Any], Rows]]
) -> SyncResult:
    """Replace the supporting data sets of a year; each comes with its values."""
    rows = list(rows)
    heads, result = sync_rows(
        tahun_kinerja.rincian.all(),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="measurement.sync_rincian",
        key=["kunci"],
        rows=[{**head, "tahun_kinerja": tahun_kinerja} for head, _ in rows],
    )
    _, values = sync_rows(
        RincianNilai.objects.filter(rincian__tahun_kinerja=tahun_kinerja),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="measurement.sync_rincian_nilai",
        key=["rincian", "urutan"],
        rows=[{**value, "rincian": head} for head, (_, items) in zip(heads, rows, strict=True) for value in items],
    )
    return result + values


@transaction.atomic
def sync_analisis(*, by: User | None, tahun_kinerja: TahunKinerja, rows: Rows) -> SyncResult:
    """Replace the loaded analyses of a year; a row holds its factors under `faktor`. What people wrote stays."""
    written = set(tahun_kinerja.analisis.filter(is_loaded=False).values_list("indikator", "node"))
    year = {"tahun_kinerja": tahun_kinerja}
    rows = [row for row in rows if (_pk(row["indikator"]), _pk(row["node"])) not in written]
    stored, result = sync_rows(
        tahun_kinerja.analisis.filter(is_loaded=True),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="measurement.sync_analisis",
        key=["indikator", "node"],
        rows=[
            {"indikator": row["indikator"], "node": row["node"], "uraian": row["uraian"], "is_loaded": True, **year}
            for row in rows
        ],
    )
    _, factors = sync_rows(
        Faktor.objects.filter(analisis__tahun_kinerja=tahun_kinerja, analisis__is_loaded=True),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="measurement.sync_faktor",
        key=["analisis", "jenis", "urutan"],
        rows=[
            {**factor, "analisis": analisis}
            for analisis, row in zip(stored, rows, strict=True)
            for factor in row["faktor"]
        ],
    )
    return result + factors


@transaction.atomic
def sync_follow_up(
    *, by: User | None, tahun_kinerja: TahunKinerja, lhe: Rows, inovasi: Rows, penghargaan: Rows
) -> SyncResult:
    """Replace the LHE recommendations, innovations and awards of a year."""
    result = SyncResult()
    parts = [
        (tahun_kinerja.rekomendasi_lhe.all(), lhe),
        (tahun_kinerja.inovasi.all(), inovasi),
        (tahun_kinerja.penghargaan.all(), penghargaan),
    ]
    for queryset, rows in parts:
        result += sync_rows(
            queryset,
            by=by,
            instansi=tahun_kinerja.instansi,
            action="measurement.sync_follow_up",
            key=["urutan"],
            rows=[{**row, "tahun_kinerja": tahun_kinerja} for row in rows],
        )[1]
    return result


@transaction.atomic
def propose_rencana_aksi(*, by: User | None, tahun_kinerja: TahunKinerja) -> Dokumen:
    """Make a rencana aksi out of the annual targets, and judge the quarters that were filled before by it.

    Raises `ValueError` as `planning.actions.propose_target_triwulan` does.
    """
    dokumen = propose_target_triwulan(by=by, tahun_kinerja=tahun_kinerja)
    compute_capaian_year(by=by, tahun_kinerja=tahun_kinerja)
    return dokumen


@transaction.atomic
def compute_capaian_year(*, by: User | None, tahun_kinerja: TahunKinerja) -> SyncResult:
    """Compute and store every capaian of the year: its quarters, the year, earlier years, and against the renstra."""
    return sync_rows(
        Capaian.objects.filter(dokumen__tahun_kinerja=tahun_kinerja),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="measurement.compute_capaian_year",
        key=list(_CAPAIAN_KEY),
        rows=capaian_rows(tahun_kinerja),
    )[1]


@dataclass(frozen=True)
class Recorded:
    """What a record_realisasi left behind: the value as stored, whether that changed anything, and the capaian."""

    teks: str
    changed: bool
    capaian: Mapping[int, Capaian]


@transaction.atomic
def record_realisasi(
    *, by: User | None, indikator: Indikator, tahun: int, periode: int, teks: str, today: date
) -> Recorded:
    """Store what was reached in a quarter (1–4) or the year (0), and compute the indicator's capaian of that year anew.

    An empty text removes the value (and leaves it to the next load of files). The same value again changes nothing and
    leaves no entry. Raises
    `PermissionDenied` for a person without the right and `RealisasiRefused`, in words, for a text that cannot be
    taken, a period that has not begun, or an indicator without a target for the year.
    """
    tahun_kinerja = TahunKinerja.objects.select_related("instansi").get(instansi=indikator.instansi_id, tahun=tahun)
    require_right(by, tahun_kinerja, Permission.RECORD_REALISASI)
    check_period(tahun, periode, today)
    # One at a time for each indicator: its capaian is made of all its quarters, also of one that is just being saved.
    Indikator.objects.select_for_update().get(pk=indikator.pk)
    stored = Realisasi.objects.filter(indikator=indikator, tahun=tahun, periode=periode).first()
    before = stored.teks if stored else ""
    wanted = _target_to_measure(tahun_kinerja, indikator)
    # What stands there was accepted once; giving it back is no change, even where typed anew it would be ambiguous.
    after = before if teks.strip() == before else read_realisasi(teks, wanted)
    if after == before:
        return Recorded(before, False, _stored_capaian(tahun_kinerja, indikator))
    if after:
        Realisasi.objects.update_or_create(
            indikator=indikator,
            tahun=tahun,
            periode=periode,
            # The value is the person's own now: where the former one was read is no source of it.
            defaults={"teks": after, "pembilang": None, "penyebut": None, "keterangan": "", "source_year": None},
        )
    elif stored:
        stored.delete()
    record_audit(
        by=by,
        action="measurement.record_realisasi",
        subject=f"{indikator.kunci} {tahun}/{periode}",
        instansi=tahun_kinerja.instansi,
        before={"teks": before} if before else None,
        after={"teks": after} if after else None,
    )
    _replace_capaian(tahun_kinerja, indikator)
    return Recorded(after, True, _stored_capaian(tahun_kinerja, indikator))


def _target_to_measure(tahun_kinerja: TahunKinerja, indikator: Indikator) -> str:
    dokumen = measured_dokumen(tahun_kinerja)
    targets = measured_targets(tahun_kinerja, Q(indikator=indikator, tahun=tahun_kinerja.tahun))
    target = targets[0] if targets else None
    if target is None or isinstance(read_expression(target.teks), EmptyTarget):
        where = f" dalam {dokumen.nama}" if dokumen else ""
        raise RealisasiRefused(
            f"Indikator ini belum mempunyai target {tahun_kinerja.tahun}{where}; isi targetnya lebih dahulu."
        )
    return target.teks


def _replace_capaian(tahun_kinerja: TahunKinerja, indikator: Indikator) -> None:
    """Store the capaian of one indicator; a figure that stays keeps its identity, so that open links keep working."""
    rows = [Capaian(computed_at=timezone.now(), **row) for row in capaian_rows(tahun_kinerja, indikator)]
    values = [name.name for name in Capaian._meta.fields if name.name not in {*_CAPAIAN_KEY, "id"}]
    Capaian.objects.bulk_create(rows, update_conflicts=True, unique_fields=_CAPAIAN_KEY, update_fields=values)
    kept = {(row.dokumen_id, row.tahun, row.periode, row.tahun_target) for row in rows}
    stale = [
        row.pk
        for row in Capaian.objects.filter(dokumen__tahun_kinerja=tahun_kinerja, indikator=indikator).defer("jejak")
        if (row.dokumen_id, row.tahun, row.periode, row.tahun_target) not in kept
    ]
    if stale:
        Capaian.objects.filter(pk__in=stale).delete()


def _stored_capaian(tahun_kinerja: TahunKinerja, indikator: Indikator) -> dict[int, Capaian]:
    """The capaian of the year against its own target, by period."""
    year = tahun_kinerja.tahun
    rows = Capaian.objects.filter(
        dokumen__tahun_kinerja=tahun_kinerja, indikator=indikator, tahun=year, tahun_target=year
    )
    return {row.periode: row for row in rows.exclude(dokumen__jenis=Dokumen.Jenis.RENSTRA).defer("jejak")}


@transaction.atomic
def save_analisis(
    *, by: User | None, tahun_kinerja: TahunKinerja, indikator: Indikator, uraian: str, faktor: Rows
) -> Analisis:
    """Write what the office says about an indicator in a year: a text and its factors, numbered in the order given.

    A factor row has `jenis`, `program` (a node or None), `indikator_pendukung` and `uraian`. Saving the same again
    leaves no entry. From then on the analysis is the office's own: no load of files replaces it.
    """
    require_right(by, tahun_kinerja, Permission.WRITE_ANALISIS)
    analisis, _ = Analisis.objects.get_or_create(tahun_kinerja=tahun_kinerja, indikator=indikator, node=None)
    before = _analisis_facts(analisis)
    analisis.uraian = uraian
    analisis.save(update_fields=["uraian"])
    analisis.faktor.all().delete()
    counts: dict[str, int] = defaultdict(int)
    rows = []
    for row in faktor:
        counts[row["jenis"]] += 1
        rows.append(Faktor(analisis=analisis, urutan=counts[row["jenis"]], **row))
    Faktor.objects.bulk_create(rows)
    after = _analisis_facts(analisis)
    if after != before:
        Analisis.objects.filter(pk=analisis.pk).update(is_loaded=False)
        record_audit(
            by=by,
            action="measurement.save_analisis",
            subject=f"{indikator.kunci} {tahun_kinerja.tahun} analisis",
            instansi=tahun_kinerja.instansi,
            before=before,
            after=after,
        )
    return analisis


def _analisis_facts(analisis: Analisis) -> dict[str, Any]:
    faktor = analisis.faktor.select_related("program").order_by("jenis", "urutan")
    return {
        "uraian": analisis.uraian,
        "faktor": [
            [one.jenis, one.program.kunci if one.program else "", one.indikator_pendukung, one.uraian] for one in faktor
        ],
    }


def _pk(row: models.Model | None) -> int | None:
    return None if row is None else row.pk
