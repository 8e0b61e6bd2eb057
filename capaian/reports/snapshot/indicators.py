"""Reading indicators: each with its target, realisasi, capaian, history and targets by document."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

from capaian.budget import queries as budget
from capaian.measurement import queries as measurement
from capaian.measurement.models import Analisis, Capaian, Faktor
from capaian.measurement.queries import HistoryPoint, IkuRow
from capaian.organisations.models import TahunKinerja
from capaian.planning import queries as planning
from capaian.planning.models import Indikator, Pemetaan, TargetTriwulan
from capaian.reports.formats import proper
from capaian.reports.snapshot import measures
from capaian.reports.snapshot.quarters import QuarterReader
from capaian.rules.trace import Trace
from capaian.rules.triwulan import QUARTERS

_NUMBERING = re.compile(r"^\d+(\.\d+)*\.?\s+")


class IndicatorReader:
    """Reads all indicators of a year once and gives them out by what they belong to."""

    def __init__(self, tahun_kinerja: TahunKinerja) -> None:
        self._year = tahun_kinerja
        self.tahun = tahun_kinerja.tahun
        self.versi = (budget.versions(tahun_kinerja) or [""])[-1]
        self.budget_rows = budget.budget_tree(tahun_kinerja)
        self.iku_rows = measurement.iku_table(tahun_kinerja)
        self.rincian = measurement.rincian_of(tahun_kinerja)
        self._targets = planning.targets_by_indikator(tahun_kinerja)
        self._quarters = _quarters(tahun_kinerja)
        self._parts = measurement.realisasi_parts(tahun_kinerja)
        self._told = measurement.analisis_by_indikator(tahun_kinerja)
        self._renstra_end = _renstra_end(tahun_kinerja)
        self._traces = measurement.traces(
            capaian for row in self.iku_rows for capaian in (row.capaian, row.capaian_renstra) if capaian
        )
        self._quarters_of = QuarterReader(tahun_kinerja)
        self._units = dict(tahun_kinerja.instansi.unit_kerja.values_list("pk", "nama"))

    def unit_name(self, pk: int | None) -> str:
        return self._units.get(pk or 0, "")

    @cached_property
    def pemetaan(self) -> dict[int, list[str]]:
        """The keys of the kegiatan that support an indicator, by indicator id."""
        found: dict[int, list[str]] = defaultdict(list)
        rows = Pemetaan.objects.filter(node__tahun_kinerja=self._year).order_by("node__urutan")
        for indikator, kunci in rows.values_list("indikator", "node__kunci"):
            found[indikator].append(kunci)
        return dict(found)

    @cached_property
    def _goals(self) -> list[IkuRow]:
        goals = Indikator.objects.filter(instansi=self._year.instansi, node=None)
        return measurement.measured_rows(self._year, goals.order_by("urutan"))

    @cached_property
    def _node_rows(self) -> dict[int, list[measures.Measured]]:
        found: dict[int, list[measures.Measured]] = defaultdict(list)
        for row in measurement.node_indicator_rows(self._year):
            if row.indikator.node_id is not None:
                found[row.indikator.node_id].append(self.measured(row))
        return dict(found)

    def of_node(self, pk: int) -> tuple[measures.Measured, ...]:
        return tuple(self._node_rows.get(pk, ()))

    def of_sasaran(self, pk: int) -> tuple[measures.Measured, ...]:
        return tuple(self.measured(row) for row in self._goals if row.indikator.sasaran_id == pk)

    def of_tujuan(self, pk: int, told: Iterable[tuple[str, str]] = ()) -> tuple[measures.Measured, ...]:
        """The indicators of a tujuan; `told` are those that it shares with a sasaran, by key and printed name."""
        own = [self.measured(row) for row in self._goals if row.indikator.tujuan_id == pk]
        by_key = {row.indikator.kunci: row for row in self._goals}
        shared = [replace(self.measured(by_key[kunci]), nama=proper(nama)) for kunci, nama in told if kunci in by_key]
        return (*own, *shared)

    def measured(self, row: IkuRow) -> measures.Measured:
        """One row of the measurement tables as frozen data."""
        one = row.indikator
        pembilang, penyebut = self._parts.get(one.pk, (None, None))
        told = self._told.get(one.pk)
        desimal = one.desimal if one.desimal is not None else self._year.instansi.desimal
        return measures.Measured(
            kunci=one.kunci,
            nama=proper(one.nama),
            satuan=row.satuan or self._satuan(one.pk),
            arah=one.arah,
            sifat=one.sifat,
            desimal=desimal,
            alasan=one.alasan,
            formulasi=one.formulasi,
            sumber_data=one.sumber_data,
            penanggung_jawab=self.unit_name(one.penanggung_jawab_id),
            target=row.target,
            realisasi=row.realisasi,
            target_value=planning.read_number(row.target),
            value=planning.read_number(row.realisasi),
            pembilang=pembilang,
            penyebut=penyebut,
            score=self._score(row.capaian),
            target_akhir=row.target_renstra,
            tahun_akhir=self._renstra_end if row.target_renstra else None,
            score_akhir=self._score(row.capaian_renstra),
            history=tuple(_point(point) for point in row.history),
            targets=self._target_texts(one.pk),
            quarters=self._quarters_of.read(row, self._score),
            uraian=told.uraian if told else "",
            penghambat=_texts(told, Faktor.Jenis.PENGHAMBAT),
            tindak_lanjut=_texts(told, Faktor.Jenis.TINDAK_LANJUT),
        )

    def _satuan(self, pk: int) -> str:
        """The unit that another document of the year prints, where the measured one prints none."""
        return next((target.satuan for target in self._targets.get(pk, []) if target.satuan), "")

    def _target_texts(self, pk: int) -> tuple[measures.TargetText, ...]:
        return tuple(
            measures.TargetText(
                target.dokumen.kunci,
                target.dokumen.jenis,
                target.tahun,
                target.teks,
                target.satuan,
                self._quarters.get((pk, target.dokumen.pk, target.tahun), ()),
            )
            for target in self._targets.get(pk, [])
        )

    def _score(self, capaian: Capaian | None) -> measures.Score | None:
        if capaian is None:
            return None
        score = measures.Score(
            capaian.persen_capaian,
            capaian.tampil,
            capaian.status,
            capaian.kategori,
            capaian.pack_id,
            tuple(str(note) for note in capaian.catatan),
        )
        jejak = self._traces.get(capaian.pk)
        return replace(score, trace=Trace.from_dict(jejak)) if jejak else score

    def analisis(
        self, analisis: Analisis | None, names: Mapping[str, str], told: Mapping[str, Any]
    ) -> measures.Analisis:
        """What was written about an indicator; `names` are the node indicators by key."""
        if analisis is None:
            return measures.Analisis()
        factors = list(analisis.faktor.all())
        return measures.Analisis(
            analisis.uraian,
            tuple(_penunjang(one, names) for one in _of(factors, Faktor.Jenis.PENUNJANG)),
            tuple(one.uraian for one in _of(factors, Faktor.Jenis.PENGHAMBAT)),
            tuple(one.uraian for one in _of(factors, Faktor.Jenis.TINDAK_LANJUT)),
            tuple(_NUMBERING.sub("", str(text)) for text in told.get("dokumentasi") or ()),
        )


def _quarters(tahun_kinerja: TahunKinerja) -> dict[tuple[int, int, int], tuple[str, ...]]:
    """The four quarterly targets by indicator, document and year, empty where a quarter states none. One query."""
    found: dict[tuple[int, int, int], list[str]] = defaultdict(lambda: [""] * QUARTERS)
    rows = TargetTriwulan.objects.filter(target__dokumen__tahun_kinerja=tahun_kinerja)
    names = ("target__indikator", "target__dokumen", "target__tahun", "triwulan", "teks")
    for indikator, dokumen, tahun, triwulan, teks in rows.values_list(*names):
        found[indikator, dokumen, tahun][triwulan - 1] = teks
    return {key: tuple(quarters) for key, quarters in found.items()}


def _point(point: HistoryPoint) -> measures.YearPoint:
    return measures.YearPoint(
        point.tahun,
        point.target,
        point.realisasi,
        planning.read_number(point.target),
        planning.read_number(point.realisasi),
        point.persen,
    )


def _of(factors: Iterable[Faktor], jenis: str) -> list[Faktor]:
    return [one for one in factors if one.jenis == jenis]


def _texts(told: Analisis | None, jenis: str) -> tuple[str, ...]:
    return tuple(one.uraian for one in _of(told.faktor.all(), jenis)) if told else ()


def _penunjang(one: Faktor, names: Mapping[str, str]) -> measures.Penunjang:
    key = one.indikator_pendukung
    return measures.Penunjang(
        one.program.kunci if one.program else "",
        proper(one.program.nama) if one.program else "",
        key if key in names else "",
        names.get(key, key),
        one.uraian,
    )


def _renstra_end(tahun_kinerja: TahunKinerja) -> int | None:
    renstra = planning.renstra_of(tahun_kinerja)
    return renstra.akhir if renstra else None
