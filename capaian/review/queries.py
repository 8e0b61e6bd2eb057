"""Reading printed figures beside ours."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Min, Q, QuerySet

from capaian.organisations.models import TahunKinerja
from capaian.planning.queries import year_indikator
from capaian.review.models import FiguraTercetak


@dataclass(frozen=True)
class StatusCount:
    """How many figures have a status; an empty status is all of them."""

    status: str
    label: str
    jumlah: int


@dataclass(frozen=True)
class TableCount:
    """A printed table with its number of figures and of differing ones."""

    tabel: str
    jumlah: int
    beda: int


def figures(tahun_kinerja: TahunKinerja, *, tabel: str = "", status: str = "") -> QuerySet[FiguraTercetak]:
    """The printed figures of a year in printed order, of one table or status where named."""
    found = FiguraTercetak.objects.filter(tahun_kinerja=tahun_kinerja)
    if tabel:
        found = found.filter(tabel=tabel)
    if status:
        found = found.filter(status=status)
    return found


def indikator_names(tahun_kinerja: TahunKinerja) -> dict[str, str]:
    """The names of the year's indicators by key. One query."""
    return dict(year_indikator(tahun_kinerja).values_list("kunci", "nama"))


def status_counts(tahun_kinerja: TahunKinerja, *, tabel: str = "") -> list[StatusCount]:
    """All figures, then those of each status. One query."""
    counts = dict(figures(tahun_kinerja, tabel=tabel).order_by().values_list("status").annotate(jumlah=Count("pk")))
    every = StatusCount("", "Semua", sum(counts.values()))
    return [every, *(StatusCount(status.value, status.label, counts.get(status.value, 0)) for status in _STATUS)]


_STATUS = (FiguraTercetak.Status.BEDA, FiguraTercetak.Status.TIDAK_DIHITUNG, FiguraTercetak.Status.SAMA)


def table_counts(tahun_kinerja: TahunKinerja) -> list[TableCount]:
    """The printed tables in printed order. One query."""
    found = (
        figures(tahun_kinerja)
        .order_by()
        .values("tabel")
        .annotate(
            jumlah=Count("pk"), beda=Count("pk", filter=Q(status=FiguraTercetak.Status.BEDA)), pertama=Min("urutan")
        )
        .order_by("pertama")
    )
    return [TableCount(row["tabel"], row["jumlah"], row["beda"]) for row in found]


def differing(tahun_kinerja: TahunKinerja, kunci: str) -> list[FiguraTercetak]:
    """What was printed differently about an indicator or a node."""
    if not kunci:
        return []
    return list(figures(tahun_kinerja, status=FiguraTercetak.Status.BEDA).filter(kunci=kunci))
