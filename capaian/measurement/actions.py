"""Writing what was reached, and storing the capaian that `compute` makes of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from capaian.measurement.compute import capaian_rows
from capaian.measurement.entry import RealisasiRefused, check_period, plain_number, read_realisasi
from capaian.measurement.figures import Figure, figures_of, stored_values
from capaian.measurement.models import Analisis, Capaian, Faktor, Realisasi, RealisasiUnit
from capaian.measurement.queries import measured_dokumen
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.organisations.permissions import Permission, require_right
from capaian.planning.actions import propose_target_triwulan
from capaian.planning.models import Dokumen, Indikator
from capaian.planning.queries import read_expression, read_number, year_indikator
from capaian.planning.units import responsible_units
from capaian.rules.gabungan import UnitValue, join_units
from capaian.rules.numbers import round_half_up
from capaian.rules.target import EmptyTarget
from capaian.workflow.actions import write_sheet
from capaian.workflow.audit import audited, record_audit
from capaian.workflow.forms import Change, Outcome, SheetKey
from capaian.workflow.models import Form
from capaian.workflow.queries import with_writers
from capaian.workflow.sync import SyncResult, sync_rows
from capaian.workflow.transitions import COUNTED

Rows = Iterable[Mapping[str, Any]]
_RECORDED, _RECORDED_UNIT = "measurement.record_realisasi", "measurement.record_realisasi_unit"
_CAPAIAN_KEY = ("indikator", "dokumen", "tahun", "periode", "tahun_target")


@audited()
def propose_rencana_aksi(*, by: User | None, tahun_kinerja: TahunKinerja) -> Dokumen:
    """Make a rencana aksi out of the annual targets, and judge the quarters that were filled before by it.

    Raises `ValueError` as `planning.actions.propose_target_triwulan` does.
    """
    dokumen = propose_target_triwulan(by=by, tahun_kinerja=tahun_kinerja)
    compute_capaian_year(by=by, tahun_kinerja=tahun_kinerja)
    return dokumen


@audited()
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


@audited()
def record_realisasi(
    *, by: User | None, indikator: Indikator, tahun: int, periode: int, teks: str, today: date
) -> Recorded:
    """Store the office's value of an indicator for a quarter (1–4) or the year (0), as `workflow.write_sheet` does.

    Raises `PermissionDenied` for a person without the right, `StateRefused` for a form that is not open, and
    `RealisasiRefused`, in words, for a text that cannot be taken, a period that has not begun, or an indicator
    without a target for the year.
    """
    tahun_kinerja = TahunKinerja.objects.select_related("instansi").get(instansi=indikator.instansi_id, tahun=tahun)
    check_period(tahun, periode, today)
    unit_id = responsible_units(tahun_kinerja).get(indikator.pk)
    unit = UnitKerja.objects.get(pk=unit_id) if unit_id else None
    key = SheetKey(tahun_kinerja, Form.KINERJA, unit, periode)
    outcome = write_sheet(by=by, key=key, changes=[Change(indikator.kunci, teks)], today=today)[0]
    if outcome.status == Outcome.REFUSED:
        raise RealisasiRefused(outcome.message, outcome.readings)
    return Recorded(outcome.teks, outcome.status == Outcome.SAVED, stored_capaian(tahun_kinerja, indikator))


@audited()
def write_figures(*, by: User | None, key: SheetKey, changes: Sequence[Change], today: date) -> list[Outcome]:
    """Store values of a sheet that its caller has found open to this person, and compute the capaian of what changed.

    An empty text removes a value (and leaves it to the next load of files). The same value again changes nothing and
    leaves no entry. A value that somebody stored since the person looked is not overwritten: the outcome shows it.
    """
    try:
        check_period(key.tahun_kinerja.tahun, key.periode, today)
    except RealisasiRefused as refusal:
        return [Outcome(one.kunci, Outcome.REFUSED, message=str(refusal)) for one in changes]
    figures = {one.kunci: one for one in figures_of(key, [one.kunci for one in changes])}
    # The capaian is made of all quarters of an indicator, also of one that somebody is saving just now.
    office = [one.indikator.pk for one in figures.values() if not one.is_own]
    list(Indikator.objects.select_for_update(no_key=True).filter(pk__in=office).order_by("pk").values_list("pk"))
    stored = stored_values(key, list(figures.values()), key.periode)
    outcomes = [_judge(one, figures.get(one.kunci), stored) for one in changes]
    accepted = {one.kunci: one.teks for one in outcomes if one.status == Outcome.SAVED}
    refused = _store_together(key, figures, stored, accepted, by)
    subjects = {one.kunci: one.subject for one in figures.values()}
    told = [refused.get(one.kunci, one) for one in outcomes]
    return with_writers(told, key.tahun_kinerja.instansi, subjects, (_RECORDED, _RECORDED_UNIT))


def _judge(change: Change, figure: Figure | None, stored: Mapping[str, str]) -> Outcome:
    """What should become of a change: read it, and compare it with what is stored and with what the person saw."""
    if figure is None:
        return Outcome(change.kunci, Outcome.REFUSED, message="Indikator ini tidak ada (lagi) dalam lembar ini.")
    before = stored[figure.kunci]
    typed = change.teks.strip()
    if typed == before:
        # What stands there was accepted once; given back it is no change, even where typed anew it would be ambiguous.
        return Outcome(change.kunci, Outcome.SAME, before)
    if figure.closed:
        return Outcome(change.kunci, Outcome.REFUSED, message=figure.closed)
    try:
        after = read_realisasi(typed, _target_to_measure(figure))
    except RealisasiRefused as refusal:
        return Outcome(change.kunci, Outcome.REFUSED, message=str(refusal), readings=refusal.readings)
    if after == before:
        return Outcome(change.kunci, Outcome.SAME, before)
    if change.base is not None and change.base.strip() != before:
        return Outcome(change.kunci, Outcome.CONFLICT, before)
    return Outcome(change.kunci, Outcome.SAVED, after)


def _target_to_measure(figure: Figure) -> str:
    if isinstance(read_expression(figure.target), EmptyTarget):
        year = figure.key.tahun_kinerja
        dokumen = measured_dokumen(year)
        where = f" dalam {dokumen.nama}" if dokumen else ""
        raise RealisasiRefused(f"Indikator ini belum mempunyai target {year.tahun}{where}; isi targetnya lebih dahulu.")
    # A component of a ratio is a plain number, whatever the form of the target.
    return "1" if figure.komponen else figure.target


def _store_together(
    key: SheetKey,
    figures: Mapping[str, Figure],
    stored: Mapping[str, str],
    accepted: Mapping[str, str],
    by: User | None,
) -> dict[str, Outcome]:
    """Store the accepted values in one go; where one makes a capaian that no column holds, each by itself."""
    try:
        with audited():
            _store(key, [figures[kunci] for kunci in accepted], stored, accepted, by)
    except RealisasiRefused as refusal:
        if len(accepted) == 1:
            return {kunci: Outcome(kunci, Outcome.REFUSED, message=str(refusal)) for kunci in accepted}
        found: dict[str, Outcome] = {}
        for kunci, teks in accepted.items():
            found |= _store_together(key, figures, stored, {kunci: teks}, by)
        return found
    return {}


def _store(
    key: SheetKey, figures: Sequence[Figure], stored: Mapping[str, str], values: Mapping[str, str], by: User | None
) -> None:
    office = [one for one in figures if not one.is_own]
    _store_realisasi(key, office, values)
    _store_realisasi_unit(key, [one for one in figures if one.is_own], values)
    for one in figures:
        before, after = stored[one.kunci], values[one.kunci]
        record_audit(
            by=by,
            action=_RECORDED_UNIT if one.is_own else _RECORDED,
            subject=one.subject,
            instansi=key.tahun_kinerja.instansi,
            unit=key.unit,
            before={"teks": before} if before else None,
            after={"teks": after} if after else None,
        )
    if office:
        replace_capaian(key.tahun_kinerja, [one.indikator for one in office])


def _store_realisasi(key: SheetKey, figures: Sequence[Figure], values: Mapping[str, str]) -> None:
    place = {"tahun": key.tahun_kinerja.tahun, "periode": key.periode}
    gone = [one.indikator.pk for one in figures if not values[one.kunci]]
    Realisasi.objects.filter(**place, indikator__in=gone).delete()
    # The value is the person's own now: where the former one was read is no source of it.
    rows = [Realisasi(indikator=one.indikator, **place, teks=values[one.kunci]) for one in figures if values[one.kunci]]
    fields = ["teks", "pembilang", "penyebut", "keterangan", "source_year", "jejak"]
    Realisasi.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["indikator", "tahun", "periode"], update_fields=fields
    )


def _store_realisasi_unit(key: SheetKey, figures: Sequence[Figure], values: Mapping[str, str]) -> None:
    place = {"unit": key.unit, "tahun": key.tahun_kinerja.tahun, "periode": key.periode}
    for one in figures:
        if not values[one.kunci]:
            RealisasiUnit.objects.filter(**place, indikator=one.indikator, komponen=one.komponen).delete()
    rows = [
        RealisasiUnit(indikator=one.indikator, komponen=one.komponen, **place, teks=values[one.kunci])
        for one in figures
        if values[one.kunci]
    ]
    unique = ["indikator", "unit", "tahun", "periode", "komponen"]
    RealisasiUnit.objects.bulk_create(rows, update_conflicts=True, unique_fields=unique, update_fields=["teks"])


def replace_capaian(tahun_kinerja: TahunKinerja, indikator: Sequence[Indikator]) -> None:
    """Store the capaian of some indicators; a figure that stays keeps its identity, so that open links keep working."""
    rows = [Capaian(computed_at=timezone.now(), **row) for row in capaian_rows(tahun_kinerja, indikator)]
    values = [name.name for name in Capaian._meta.fields if name.name not in {*_CAPAIAN_KEY, "id"}]
    Capaian.objects.bulk_create(rows, update_conflicts=True, unique_fields=_CAPAIAN_KEY, update_fields=values)
    kept = {(row.indikator_id, row.dokumen_id, row.tahun, row.periode, row.tahun_target) for row in rows}
    stale = [
        row.pk
        for row in Capaian.objects.filter(dokumen__tahun_kinerja=tahun_kinerja, indikator__in=indikator).defer("jejak")
        if (row.indikator_id, row.dokumen_id, row.tahun, row.periode, row.tahun_target) not in kept
    ]
    if stale:
        Capaian.objects.filter(pk__in=stale).delete()


def stored_capaian(tahun_kinerja: TahunKinerja, indikator: Indikator) -> dict[int, Capaian]:
    """The capaian of the year against its own target, by period."""
    year = tahun_kinerja.tahun
    rows = Capaian.objects.filter(
        dokumen__tahun_kinerja=tahun_kinerja, indikator=indikator, tahun=year, tahun_target=year
    )
    return {row.periode: row for row in rows.exclude(dokumen__jenis=Dokumen.Jenis.RENSTRA).defer("jejak")}


# Decimals of a value that is joined from units; the capaian is computed from the value that is stored.
_JOINED_DECIMALS = 4


@audited()
def collect_realisasi(
    *, by: User | None, tahun_kinerja: TahunKinerja, periode: int, unit: UnitKerja | None = None
) -> None:
    """Make the office's value of each collected indicator out of the verified reports of its units.

    With `unit` only the indicators that units of its kind report. A value that no verified report speaks of any more
    is removed.
    """
    rows = year_indikator(tahun_kinerja).exclude(pelapor="")
    indikator = list(rows.filter(pelapor=unit.jenis) if unit else rows)
    if not indikator:
        return
    list(Indikator.objects.select_for_update(no_key=True).filter(pk__in=[one.pk for one in indikator]).order_by("pk"))
    reporting = _reporting_units(tahun_kinerja, periode)
    reported = _reported(tahun_kinerja, periode)
    changed = [
        one
        for one in indikator
        if _collect_one(by, tahun_kinerja, periode, one, reporting.get(one.pelapor, []), reported)
    ]
    if changed:
        replace_capaian(tahun_kinerja, changed)


def _reporting_units(tahun_kinerja: TahunKinerja, periode: int) -> dict[str, list[UnitKerja]]:
    """The units whose report of the period counts, by kind."""
    found: dict[str, list[UnitKerja]] = defaultdict(list)
    units = UnitKerja.objects.filter(
        submissions__tahun_kinerja=tahun_kinerja,
        submissions__form=Form.KINERJA,
        submissions__periode=periode,
        submissions__state__in=COUNTED,
    )
    for unit in units.order_by("urutan", "pk"):
        found[unit.jenis].append(unit)
    return found


def _reported(tahun_kinerja: TahunKinerja, periode: int) -> dict[tuple[int, int, str], str]:
    rows = RealisasiUnit.objects.filter(
        indikator__in=year_indikator(tahun_kinerja), tahun=tahun_kinerja.tahun, periode=periode
    )
    values = rows.values_list("indikator", "unit", "komponen", "teks")
    return {(indikator, unit, komponen): teks for indikator, unit, komponen, teks in values}


def _collect_one(
    by: User | None,
    tahun_kinerja: TahunKinerja,
    periode: int,
    indikator: Indikator,
    units: Sequence[UnitKerja],
    reported: Mapping[tuple[int, int, str], str],
) -> bool:
    """Store the joined value of one indicator; whether that changed anything."""

    def number(unit: UnitKerja, komponen: str) -> Any:
        return read_number(reported.get((indikator.pk, unit.pk, komponen), ""))

    values = [
        UnitValue(str(unit), number(unit, ""), number(unit, "pembilang"), number(unit, "penyebut")) for unit in units
    ]
    joined = join_units(values, indikator.gabungan, indikator.pengali)  # type: ignore[arg-type]
    place: dict[str, Any] = {"indikator": indikator, "tahun": tahun_kinerja.tahun, "periode": periode}
    known = Realisasi.objects.filter(**place).first()
    after = "" if joined.nilai is None else plain_number(round_half_up(joined.nilai, _JOINED_DECIMALS))
    if joined.nilai is None:
        Realisasi.objects.filter(**place).delete()
    else:
        Realisasi.objects.update_or_create(
            **place,
            defaults={
                "teks": after,
                "pembilang": joined.pembilang,
                "penyebut": joined.penyebut,
                "keterangan": " ".join(
                    (f"Dihitung dari laporan {len(units)} unit yang terverifikasi.", *joined.catatan)
                ),
                "source_year": None,
                "jejak": joined.trace.to_dict(),
            },
        )
    before = known.teks if known else ""
    if before == after:
        return False
    record_audit(
        by=by,
        action="measurement.collect_realisasi",
        subject=f"{indikator.kunci} {tahun_kinerja.tahun}/{periode}",
        instansi=tahun_kinerja.instansi,
        before={"teks": before} if before else None,
        after={"teks": after} if after else None,
    )
    return True


@audited()
def save_analisis(
    *, by: User | None, tahun_kinerja: TahunKinerja, indikator: Indikator, uraian: str, faktor: Rows
) -> Analisis:
    """Write what the office says about an indicator in a year: a text and its factors, numbered in the order given.

    A factor row has `jenis`, `program` (a node or None), `indikator_pendukung` and `uraian`. Saving the same again
    leaves no entry. From then on the analysis is the office's own: no load of files replaces it. Raises
    `PermissionDenied` for a person without the right for the unit that answers for the indicator.
    """
    unit_id = responsible_units(tahun_kinerja).get(indikator.pk)
    unit = UnitKerja.objects.get(pk=unit_id) if unit_id is not None else None
    require_right(by, tahun_kinerja, Permission.WRITE_ANALISIS, unit)
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
            unit=unit,
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
