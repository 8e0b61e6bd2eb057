"""The form `kinerja`: what one unit fills of the performance of a period, and how it is read.

A unit answers for the office's value of its indicators, and reports its own value of those that the office collects
from units of its kind. A ratio that is collected is two rows, `pembilang` and `penyebut`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.contrib.auth.models import User
from django.db.models import Q
from django.urls import reverse

from capaian.measurement import actions
from capaian.measurement.figures import Figure, figures_of, stored_values
from capaian.measurement.filling import fillings
from capaian.measurement.models import BuktiDukung, Capaian, RealisasiUnit
from capaian.measurement.sources import waiting_values
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.organisations.roles import Permission
from capaian.planning.models import Indikator, Node
from capaian.planning.queries import QuarterPlan, quarter_plans, read_expression, year_indikator
from capaian.planning.units import responsible_units
from capaian.rules.target import EmptyTarget
from capaian.web.templatetags.capaian import persen
from capaian.workflow.forms import PERIODS, Change, Filling, Outcome, Problem, Sheet, SheetKey, SheetRow
from capaian.workflow.models import Form

_Komponen = RealisasiUnit.Komponen


class KinerjaForm:
    """See `workflow.forms.FormDefinition`."""

    kode = Form.KINERJA.value
    nama = str(Form.KINERJA.label)
    periods = PERIODS
    permission = Permission.RECORD_REALISASI.name
    submit_permission = Permission.SUBMIT.name
    verify_permission = Permission.VERIFY.name

    def units(self, tahun_kinerja: TahunKinerja, periode: int) -> list[UnitKerja | None]:
        """The units that answer for an indicator or report one, the office itself first. Four queries."""
        answering = responsible_units(tahun_kinerja)
        collected = dict(_collected(tahun_kinerja))
        owing = {unit for pk, unit in answering.items() if pk not in collected}
        kinds = set(collected.values())
        rows = tahun_kinerja.instansi.unit_kerja.filter(Q(pk__in=owing - {None}) | Q(jenis__in=kinds))
        return [*([None] if None in owing else []), *rows.order_by("urutan", "pk")]

    def fillings(
        self, tahun_kinerja: TahunKinerja, periods: Collection[int]
    ) -> Mapping[tuple[int, int | None], Filling]:
        return fillings(tahun_kinerja, periods)

    def read(self, key: SheetKey, today: date) -> Sheet:
        """The sheet with targets, stored values, the period before, and the capaian so far.

        Twelve queries, and for the year those of the sources that its values are taken from.
        """
        figures = figures_of(key)
        stored = stored_values(key, figures, key.periode)
        before = stored_values(key, figures, key.periode - 1) if key.periode > 1 else {}
        plans = quarter_plans(key.tahun_kinerja)
        capaian = _capaian(key, figures)
        bukti = _bukti(key)
        waiting = _waiting(key, figures, stored)
        not_begun = key.not_begun(today)
        rows = []
        for one in figures:
            result = capaian.get(one.indikator.pk) if not one.is_own else None
            rows.append(
                SheetRow(
                    kunci=one.kunci,
                    subject=one.subject,
                    nama=one.indikator.nama + (f" — {_Komponen(one.komponen).label.lower()}" if one.komponen else ""),
                    teks=stored[one.kunci],
                    kode=one.indikator.node.kode if one.indikator.node else "",
                    kelompok=_group(one.indikator),
                    satuan="" if one.komponen else one.indikator.satuan,
                    target=_target(one, plans.get(one.indikator.pk, QuarterPlan())),
                    previous=before.get(one.kunci, ""),
                    hint=one.indikator.formulasi,
                    offer=waiting.get(one.kunci, ""),
                    offer_url=_url(key, "measurement:sumber") if one.kunci in waiting else "",
                    closed=not_begun or _closed(one),
                    result=persen(result.tampil) if result and result.tampil is not None else "",
                    status=result.status if result else "",
                    trace_url=_url(key, "measurement:jejak", capaian_id=result.pk) if result else "",
                    url=_url(key, "measurement:indikator", kunci=one.indikator.kunci),
                    bukti=bukti.get(one.subject, 0),
                    makes_result=not one.is_own,
                )
            )
        return Sheet(key, self.nama, tuple(rows))

    def write(self, key: SheetKey, changes: Sequence[Change], *, by: User | None, today: date) -> list[Outcome]:
        return actions.write_figures(by=by, key=key, changes=changes, today=today)

    def problems(self, key: SheetKey, today: date, sheet: Sheet | None = None) -> list[Problem]:
        """What was planned for the period and is not filled, and where the office asks for it, what lacks evidence."""
        sheet = sheet or self.read(key, today)
        if not sheet.rows:
            return [Problem("", "Unit ini tidak mempunyai indikator untuk diisi pada periode ini")]
        open_rows = [row for row in sheet.rows if not row.closed]
        if key.periode and (not_begun := key.not_begun(today)):
            return [Problem("", not_begun)]
        missing = [Problem(row.kunci, f"{row.nama} belum diisi") for row in open_rows if _is_due(row) and not row.teks]
        if not key.tahun_kinerja.instansi.wajib_bukti:
            return missing
        return missing + [
            Problem(row.kunci, f"{row.nama} belum mempunyai bukti dukung")
            for row in open_rows
            if row.teks and not row.bukti
        ]

    def after_count(self, key: SheetKey, *, by: User | None) -> None:
        actions.collect_realisasi(by=by, tahun_kinerja=key.tahun_kinerja, periode=key.periode, unit=key.unit)


def _collected(tahun_kinerja: TahunKinerja) -> list[tuple[int, str]]:
    rows = year_indikator(tahun_kinerja).exclude(pelapor="")
    return [(pk, jenis) for pk, jenis in rows.values_list("pk", "pelapor")]


def _capaian(key: SheetKey, figures: Sequence[Figure]) -> dict[int, Capaian]:
    tahun = key.tahun_kinerja.tahun
    rows = Capaian.objects.filter(
        dokumen__tahun_kinerja=key.tahun_kinerja,
        indikator__in=[one.indikator.pk for one in figures if not one.is_own],
        tahun=tahun,
        tahun_target=tahun,
        periode=key.periode,
    )
    return {row.indikator_id: row for row in rows.exclude(dokumen__jenis="renstra").defer("jejak")}


def _bukti(key: SheetKey) -> dict[str, int]:
    rows = BuktiDukung.objects.filter(
        tahun_kinerja=key.tahun_kinerja, unit=key.unit, periode=key.periode, removed_at=None
    )
    found: dict[str, int] = {}
    for subject in rows.values_list("subject", flat=True):
        found[subject] = found.get(subject, 0) + 1
    return found


def _waiting(key: SheetKey, figures: Sequence[Figure], stored: Mapping[str, str]) -> dict[str, str]:
    """By `kunci`, in words, where the source of a yearly value says another one than stands."""
    if key.periode:
        return {}
    office = {one.indikator: stored[one.kunci] for one in figures if not one.is_own}
    found = waiting_values(key.tahun_kinerja, office)
    return {
        one.kunci: f"Nilai dari sumber berbeda: {found[one.indikator.pk]}."
        for one in figures
        if one.indikator.pk in found
    }


def _target(figure: Figure, plan: QuarterPlan) -> str:
    """The target beside the cell: that of the quarter where one is planned, else the year's; none for a component."""
    if figure.komponen:
        return ""
    quarter = plan.quarters[figure.key.periode - 1] if figure.key.periode else ""
    return quarter or figure.target


def _is_due(row: SheetRow) -> bool:
    """A quarter for which the plan says `-` may stay empty."""
    return not row.target or _is_stated(row.target)


def _closed(figure: Figure) -> str:
    return figure.closed or ("" if _is_stated(figure.target) else "Belum mempunyai target tahun ini.")


def _is_stated(teks: str) -> bool:
    return not isinstance(read_expression(teks), EmptyTarget)


def _group(indikator: Indikator) -> str:
    owner = indikator.node or indikator.sasaran or indikator.tujuan
    return owner.nama if isinstance(owner, Node) else str(owner)


def _url(key: SheetKey, name: str, **kwargs: object) -> str:
    place = {"instansi": key.tahun_kinerja.instansi.kunci, "tahun": key.tahun_kinerja.tahun}
    return reverse(name, kwargs={**place, **kwargs})
