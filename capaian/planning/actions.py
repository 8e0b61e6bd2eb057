"""Writing the plan: renstra, programme tree, indicators, documents, targets, and what supports what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q

from capaian.organisations.models import TahunKinerja
from capaian.organisations.permissions import Permission, require_right
from capaian.planning.models import (
    Dokumen,
    Indikator,
    Node,
    Pemetaan,
    PerjanjianKinerjaAnggaran,
    Renstra,
    Sasaran,
    Strategi,
    Target,
    TargetTriwulan,
    Tujuan,
)
from capaian.planning.queries import read_expression, year_indikator
from capaian.rules.numbers import format_number
from capaian.rules.target import EmptyTarget, NumberTarget
from capaian.rules.triwulan import QUARTERS, split_target
from capaian.workflow.audit import audited, record_audit
from capaian.workflow.checks import check_row
from capaian.workflow.sync import SyncResult, shared_rows, sync_rows, sync_tree

# Where the annual target of a proposed rencana aksi comes from: the promise first, then the plan, then its restatement.
_SOURCES = (Dokumen.Jenis.PK, Dokumen.Jenis.RENJA, Dokumen.Jenis.LKIP, Dokumen.Jenis.RENSTRA)

Rows = Iterable[Mapping[str, Any]]


@audited()
def sync_renstra(
    *, by: User | None, tahun_kinerja: TahunKinerja, renstra: Mapping[str, Any], tujuan: Rows, sasaran: Rows
) -> tuple[dict[str, Sasaran], dict[int, Tujuan], SyncResult]:
    """Replace a renstra with its tujuan and sasaran; a sasaran row names its tujuan by `urutan`.

    Returns the sasaran by `kunci`, the tujuan by `urutan`, and the counts. What only another year of the office lists
    stays.
    """
    tujuan, sasaran = list(tujuan), list(sasaran)
    instansi = tahun_kinerja.instansi
    check_row(Renstra(**renstra), renstra, ["awal"])
    plan, _ = Renstra.objects.update_or_create(
        instansi=instansi, awal=renstra["awal"], defaults={k: v for k, v in renstra.items() if k != "awal"}
    )
    goals, first = sync_rows(
        shared_rows(plan.tujuan.all(), instansi=instansi, listed=_listed("urutan", tujuan)),
        by=by,
        instansi=instansi,
        action="planning.sync_tujuan",
        key=["urutan"],
        rows=[{**row, "renstra": plan} for row in tujuan],
    )
    by_urutan = {goal.urutan: goal for goal in goals}
    objectives, second = sync_rows(
        shared_rows(Sasaran.objects.filter(tujuan__renstra=plan), instansi=instansi, listed=_listed("kunci", sasaran)),
        by=by,
        instansi=instansi,
        action="planning.sync_sasaran",
        key=["kunci"],
        rows=[{**row, "tujuan": by_urutan[row["tujuan"]]} for row in sasaran],
    )
    return {objective.kunci: objective for objective in objectives}, by_urutan, first + second


def sync_strategi(*, by: User | None, tahun_kinerja: TahunKinerja, rows: Rows) -> SyncResult:
    """Replace the strategies and policy directions of the office's sasaran.

    With several years in the database, only those of the sasaran that the rows name.
    """
    rows, instansi = list(rows), tahun_kinerja.instansi
    return sync_rows(
        shared_rows(
            Strategi.objects.filter(sasaran__tujuan__renstra__instansi=instansi),
            instansi=instansi,
            listed=_listed("sasaran", rows),
        ),
        by=by,
        instansi=instansi,
        action="planning.sync_strategi",
        key=["sasaran", "urutan"],
        rows=rows,
    )[1]


def sync_nodes(*, by: User | None, tahun_kinerja: TahunKinerja, rows: Rows) -> tuple[dict[str, Node], SyncResult]:
    """Replace the programme tree of a year; a row names its `induk` by key. Returns the nodes by key."""
    return sync_tree(
        tahun_kinerja.nodes.all(),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="planning.sync_nodes",
        rows=[{**row, "tahun_kinerja": tahun_kinerja} for row in rows],
    )


def sync_indikator(
    *, by: User | None, tahun_kinerja: TahunKinerja, rows: Rows
) -> tuple[dict[str, Indikator], SyncResult]:
    """Replace the indicators of the office's sasaran and of the year's nodes. Returns them by key.

    An indicator of a sasaran that only another year of the office lists stays.
    """
    rows = list(rows)
    listed = _listed("kunci", rows) | Q(node__tahun_kinerja=tahun_kinerja)
    stored, result = sync_rows(
        shared_rows(year_indikator(tahun_kinerja), instansi=tahun_kinerja.instansi, listed=listed),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="planning.sync_indikator",
        key=["kunci"],
        rows=[{**row, "instansi": tahun_kinerja.instansi} for row in rows],
    )
    return {indikator.kunci: indikator for indikator in stored}, result


def sync_dokumen(*, by: User | None, tahun_kinerja: TahunKinerja, rows: Rows) -> tuple[dict[str, Dokumen], SyncResult]:
    """Replace the loaded planning documents of a year. Returns them by key.

    A document made here stays, unless the rows bring one of the same key: then that one takes its place.
    """
    rows = list(rows)
    stored, result = sync_rows(
        tahun_kinerja.dokumen.filter(Q(is_loaded=True) | _listed("kunci", rows)),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="planning.sync_dokumen",
        key=["kunci"],
        rows=[{**row, "tahun_kinerja": tahun_kinerja, "is_loaded": True} for row in rows],
    )
    return {dokumen.kunci: dokumen for dokumen in stored}, result


def sync_target(*, by: User | None, tahun_kinerja: TahunKinerja, rows: Rows) -> tuple[list[Target], SyncResult]:
    """Replace all targets that stand in the loaded documents of a year. Returns them in the order of `rows`."""
    return sync_rows(
        Target.objects.filter(dokumen__tahun_kinerja=tahun_kinerja, dokumen__is_loaded=True),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="planning.sync_target",
        key=["indikator", "dokumen", "tahun"],
        rows=rows,
    )


def sync_target_triwulan(*, by: User | None, tahun_kinerja: TahunKinerja, rows: Rows) -> SyncResult:
    """Replace the quarterly targets of the loaded documents of a year."""
    return sync_rows(
        TargetTriwulan.objects.filter(target__dokumen__tahun_kinerja=tahun_kinerja, target__dokumen__is_loaded=True),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="planning.sync_target_triwulan",
        key=["target", "triwulan"],
        rows=rows,
    )[1]


@audited()
def sync_perjanjian_kinerja(*, by: User | None, tahun_kinerja: TahunKinerja, rows: Rows) -> SyncResult:
    """Replace the budget annex of the perjanjian kinerja of a year."""
    return sync_rows(
        PerjanjianKinerjaAnggaran.objects.filter(dokumen__tahun_kinerja=tahun_kinerja),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="planning.sync_perjanjian_kinerja",
        key=["dokumen", "node"],
        rows=rows,
    )[1]


def sync_pemetaan(*, by: User | None, tahun_kinerja: TahunKinerja, rows: Rows) -> SyncResult:
    """Replace the mapping of kegiatan to the indicator of sasaran that each supports."""
    return sync_rows(
        Pemetaan.objects.filter(node__tahun_kinerja=tahun_kinerja),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="planning.sync_pemetaan",
        key=["node"],
        rows=rows,
    )[1]


def _listed(name: str, rows: Iterable[Mapping[str, Any]]) -> Q:
    return Q(**{f"{name}__in": [row[name] for row in rows]})


@audited()
def propose_target_triwulan(*, by: User | None, tahun_kinerja: TahunKinerja) -> Dokumen:
    """Make a rencana aksi out of the annual targets of the year: counts split evenly, levels repeated each quarter.

    Targets that cannot be split (several components, words) get empty quarters, for the office to fill. Raises
    `ValueError` with the reason in words when the year has a rencana aksi already, or no annual target.
    """
    require_right(by, tahun_kinerja, Permission.WRITE_RENCANA)
    TahunKinerja.objects.select_for_update(no_key=True).get(pk=tahun_kinerja.pk)
    if tahun_kinerja.dokumen.filter(jenis=Dokumen.Jenis.RENCANA_AKSI).exists():
        raise ValueError(f"Rencana aksi {tahun_kinerja.tahun} sudah ada; ubah target triwulannya di sana.")
    annual = _annual_targets(tahun_kinerja)
    if not annual:
        raise ValueError(f"Belum ada target tahun {tahun_kinerja.tahun}; isi target tahunan lebih dahulu.")
    dokumen = Dokumen.objects.create(
        tahun_kinerja=tahun_kinerja,
        kunci="rencana_aksi",
        jenis=Dokumen.Jenis.RENCANA_AKSI,
        nama=f"Rencana Aksi {tahun_kinerja.tahun} (usulan pembagian rata)",
    )
    targets = Target.objects.bulk_create(
        Target(indikator=one.indikator, dokumen=dokumen, tahun=tahun_kinerja.tahun, teks=one.teks, satuan=one.satuan)
        for one in annual
    )
    TargetTriwulan.objects.bulk_create(
        TargetTriwulan(target=target, triwulan=number, teks=teks)
        for target in targets
        for number, teks in enumerate(_even_split(target), start=1)
    )
    record_audit(
        by=by,
        action="planning.propose_target_triwulan",
        subject=f"{dokumen.kunci} {tahun_kinerja.tahun}",
        instansi=tahun_kinerja.instansi,
        after={"target": len(targets)},
    )
    return dokumen


def _annual_targets(tahun_kinerja: TahunKinerja) -> list[Target]:
    """One target of the year for each indicator, from the first of `_SOURCES` that states one."""
    found: dict[int, tuple[int, Target]] = {}
    rows = Target.objects.filter(
        dokumen__tahun_kinerja=tahun_kinerja, dokumen__jenis__in=_SOURCES, tahun=tahun_kinerja.tahun
    )
    for target in rows.select_related("indikator", "dokumen").order_by("indikator__urutan", "dokumen__pk"):
        rank = [str(jenis) for jenis in _SOURCES].index(target.dokumen.jenis)
        known = found.get(target.indikator_id)
        if known is None or rank < known[0]:
            found[target.indikator_id] = (rank, target)
    return [target for _, target in found.values()]


def _even_split(target: Target) -> list[str]:
    """The quarters of one target as text, as `rules` splits it."""
    form, sifat = read_expression(target.teks), target.indikator.sifat
    if isinstance(form, EmptyTarget):
        return [""] * QUARTERS
    if sifat != Indikator.Sifat.JUMLAH:
        return [target.teks] * QUARTERS
    if not isinstance(form, NumberTarget):
        return [""] * QUARTERS
    exponent = form.value.as_tuple().exponent
    stated = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    parts = split_target(form.value, max(stated, 2) if stated else 0, "jumlah")
    return [format_number(part) for part in parts]
