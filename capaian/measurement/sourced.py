"""Which indicators take their yearly value from another part (`SumberRealisasi`), so that nobody types it."""

from __future__ import annotations

from django.db.models import F, QuerySet

from capaian.measurement.models import SumberRealisasi
from capaian.planning.models import Indikator


def with_source(rows: QuerySet[Indikator]) -> QuerySet[Indikator]:
    """The same indicators, each knowing its source for `source_of`; no query more."""
    return rows.annotate(source=F("sumber_realisasi__sumber"))


def source_of(indikator: Indikator) -> str:
    """The kode of the source of an indicator that `with_source` read; empty where its value is typed."""
    return str(getattr(indikator, "source", None) or "")


def why_not_typed(indikator: Indikator, periode: int) -> str:
    """Why a value of the indicator cannot be typed, in words; empty where it can. Only the year's is taken over."""
    kode = source_of(indikator)
    if not kode or periode:
        return ""
    return (
        f"Nilai setahun diambil dari {SumberRealisasi.Sumber(kode).label}, jadi tidak diketik. Perencana mengaturnya "
        "pada Pengukuran, Sumber nilai."
    )
