"""Storing the comparison, so that the site can show it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import User

from capaian.exchange.fidelity.figures import Figure
from capaian.organisations.models import TahunKinerja
from capaian.review.actions import record_figura
from capaian.workflow.sync import SyncResult


def store_fidelity(*, by: User | None, tahun_kinerja: TahunKinerja, figures: Iterable[Figure]) -> SyncResult:
    """Keep the figures of a sample beside the office year that was loaded from it."""
    return record_figura(by=by, tahun_kinerja=tahun_kinerja, rows=map(_row, figures))


def _row(figure: Figure) -> dict[str, Any]:
    return {
        "tabel": figure.table,
        "baris": figure.row,
        "kolom": figure.column,
        "kunci": figure.kunci,
        "tercetak": figure.printed,
        "terhitung": figure.computed,
        "status": figure.status,
        "rumus": figure.formula,
        "masukan": figure.inputs,
        "alasan": figure.reason,
    }
