"""Reading the quarters of indicators: planned, reached, and what that is worth so far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from capaian.measurement.compute import CAPAIAN_PACK, capaian_rule
from capaian.measurement.models import Capaian, Realisasi
from capaian.measurement.quarters import Joined, annual_value, value_to_quarter
from capaian.measurement.queries import IkuRow
from capaian.organisations.models import TahunKinerja
from capaian.planning.queries import QuarterPlan, quarter_plans, read_expression
from capaian.reports.snapshot import measures
from capaian.rules.capaian import compute_capaian
from capaian.rules.packs import load_pack
from capaian.rules.triwulan import QUARTERS


class QuarterReader:
    """Reads what was stored for the quarters of a year once, and gives it out by indicator. Three queries."""

    def __init__(self, tahun_kinerja: TahunKinerja) -> None:
        self._year = tahun_kinerja
        self._planned = quarter_plans(tahun_kinerja)
        self._reached: dict[int, dict[int, str]] = defaultdict(dict)
        stored = Realisasi.objects.filter(indikator__instansi=tahun_kinerja.instansi, tahun=tahun_kinerja.tahun)
        for pk, periode, teks in stored.values_list("indikator", "periode", "teks"):
            self._reached[pk][periode] = teks
        scores = Capaian.objects.filter(dokumen__tahun_kinerja=tahun_kinerja, tahun=tahun_kinerja.tahun, periode__gte=1)
        self._scores = {(row.indikator_id, row.periode): row for row in scores.defer("jejak")}

    def read(
        self, row: IkuRow, score: Callable[[Capaian | None], measures.Score | None]
    ) -> tuple[measures.Quarter, ...]:
        """The four quarters of an indicator; the fourth is the year itself where only the year was stated."""
        pk = row.indikator.pk
        planned, reached = self._planned.get(pk, QuarterPlan()).quarters, self._reached.get(pk, {})
        quarters = []
        for number in range(1, QUARTERS + 1):
            sifat, is_year = row.indikator.sifat, number == QUARTERS
            joined = annual_value(reached, sifat) if is_year else value_to_quarter(reached, sifat, number)
            filled = bool(reached.get(number)) or (is_year and bool(reached.get(0)))
            stored = self._scores.get((pk, number)) or (row.capaian if is_year and reached.get(0) else None)
            quarters.append(
                measures.Quarter(
                    target=planned[number - 1],
                    realisasi=reached.get(number, ""),
                    sampai="" if joined.is_empty else joined.value.text,
                    score=score(stored) if filled else None,
                    score_tahun=self._against_year(row, joined) if filled else None,
                )
            )
        return tuple(quarters)

    def _against_year(self, row: IkuRow, joined: Joined) -> measures.Score | None:
        """What was reached so far against the target of the year; not stored, since it is no result of the year yet."""
        if not row.target or joined.is_empty:
            return None
        rule = capaian_rule(row.indikator, self._year.instansi)
        result = compute_capaian(read_expression(row.target), joined.value, rule, load_pack(CAPAIAN_PACK))
        return measures.Score(result.persen, result.tampil, result.status, result.kategori or "", CAPAIAN_PACK)
