"""Writing what the review knows: each figure of a document as it was printed, beside ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import User

from capaian.organisations.models import TahunKinerja
from capaian.review.models import FiguraTercetak
from capaian.workflow.audit import audited
from capaian.workflow.sync import SyncResult, sync_rows

_LABELS = ("tabel", "baris", "kolom", "kunci", "tercetak", "terhitung", "rumus")


@audited()
def record_figura(*, by: User | None, tahun_kinerja: TahunKinerja, rows: Iterable[Mapping[str, Any]]) -> SyncResult:
    """Bring the printed figures of an office year in line with `rows`, in the order given.

    A row holds the fields of `FiguraTercetak` except `urutan`. Texts longer than their column are cut: they are labels,
    the place of a figure is its order.
    """
    numbered = [
        {"tahun_kinerja": tahun_kinerja, "urutan": number, **{name: _cut(name, value) for name, value in row.items()}}
        for number, row in enumerate(rows, start=1)
    ]
    _, result = sync_rows(
        FiguraTercetak.objects.filter(tahun_kinerja=tahun_kinerja),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="review.record_figura",
        key=["urutan"],
        rows=numbered,
    )
    return result


def _cut(name: str, value: Any) -> Any:
    limit = getattr(FiguraTercetak._meta.get_field(name), "max_length", None) if name in _LABELS else None
    return value[: limit - 1] + "…" if limit and len(value) > limit else value
