"""Reading what is published: the only rows that the public pages see. What was withdrawn has no content here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from django.db.models import QuerySet

from capaian.organisations.models import Instansi
from capaian.planning.queries import read_number
from capaian.reports.models import Publication, ReportVersion
from capaian.reports.publication_figures import MEASURING, Figure
from capaian.reports.versions import FORMAT_WORDS, report_name

_Jenis = ReportVersion.Jenis


@dataclass(frozen=True)
class Edition:
    """A published report as the public sees it; `figures` are empty for one that was withdrawn."""

    publication: Publication
    is_current: bool

    @property
    def version(self) -> ReportVersion:
        return self.publication.version

    @property
    def is_withdrawn(self) -> bool:
        return self.publication.withdrawn_at is not None

    @property
    def name(self) -> str:
        return report_name(self.version)

    @property
    def formats(self) -> list[tuple[str, str]]:
        files = () if self.is_withdrawn else self.version.files
        return [(fmt, word) for fmt, word in FORMAT_WORDS.items() if fmt in files]


@dataclass(frozen=True)
class TrendPoint:
    """An indicator in one published year."""

    tahun: int
    target: str
    realisasi: str
    capaian: Decimal | None
    status: str


@dataclass(frozen=True)
class PublishedYear:
    """What an office has published about one year, newest first."""

    instansi: Instansi
    tahun: int
    editions: tuple[Edition, ...]

    @cached_property
    def shown(self) -> Edition | None:
        """The year's LKIP, else its latest quarter."""
        current = [one for one in self.editions if one.is_current and one.publication.figures]
        return max(current, key=lambda one: (one.version.jenis == _Jenis.LKIP, one.version.periode), default=None)

    @property
    def figures(self) -> list[Figure]:
        return list(self.shown.publication.figures) if self.shown else []

    @property
    def current(self) -> list[Edition]:
        return [one for one in self.editions if one.is_current]

    @property
    def earlier(self) -> list[Edition]:
        """Replaced by a newer edition, or withdrawn."""
        return [one for one in self.editions if not one.is_current]

    def figure(self, kunci: str) -> Figure | None:
        return next((one for one in self.figures if one["kunci"] == kunci), None)

    @property
    def figures_withdrawn(self) -> bool:
        return any(one.is_withdrawn and one.version.jenis in MEASURING for one in self.editions)


@dataclass(frozen=True)
class PublishedOffice:
    """An office with its published years, latest first."""

    instansi: Instansi
    years: tuple[PublishedYear, ...]


def published_offices() -> list[PublishedOffice]:
    """The offices that have published something, by name. Figures are not read. One query."""
    return _offices(_publications().defer("figures"))


def published_office(kunci: str) -> PublishedOffice | None:
    """One office with its figures, or None when it has published nothing. One query."""
    found = _offices(_publications().filter(version__tahun_kinerja__instansi__kunci=kunci))
    return found[0] if found else None


def published_file(kunci: str, tahun: int, publication_id: int) -> ReportVersion | None:
    """The version of an edition that is open now, with its blocks. One query."""
    found = (
        _publications()
        .filter(
            pk=publication_id,
            withdrawn_at=None,
            version__tahun_kinerja__instansi__kunci=kunci,
            version__tahun_kinerja__tahun=tahun,
        )
        .defer(None)
        .defer("figures")
        .first()
    )
    return found.version if found else None


def trend(office: PublishedOffice, kunci: str, until: int) -> list[TrendPoint]:
    """An indicator over the published years up to one, each year as it was published. Quarters are no years."""
    points = []
    for year in reversed(office.years):
        figure = year.figure(kunci)
        if figure is None or year.tahun > until or (year.shown and year.shown.version.periode):
            continue
        points.append(TrendPoint(year.tahun, figure["target"], figure["realisasi"], percent(figure), figure["status"]))
    return points


def trend_numbers(points: Iterable[TrendPoint]) -> list[tuple[int, Decimal | None]]:
    """The realisasi as numbers for a line, where they are numbers."""
    return [(point.tahun, read_number(point.realisasi)) for point in points]


def percent(figure: Figure) -> Decimal | None:
    """The frozen capaian in percent."""
    return Decimal(figure["capaian"]) if figure["capaian"] else None


def state_of(*names: object) -> tuple[str, datetime | None]:
    """A mark that changes whenever anything published changes, and when that was. One query.

    A page of one office changes its mark with those of the others; that costs them a rendering, rarely.
    """
    rows = list(Publication.objects.order_by("pk").values_list("pk", "published_at", "withdrawn_at"))
    last = max((moment for _, *moments in rows for moment in moments if moment), default=None)
    said = repr((names, rows))
    return hashlib.sha256(said.encode()).hexdigest()[:24], last


def _publications() -> QuerySet[Publication]:
    rows = Publication.objects.select_related("version__tahun_kinerja__instansi").defer("version__blocks")
    return rows.order_by("version__tahun_kinerja__instansi__nama", "-published_at", "-pk")


def _offices(rows: Iterable[Publication]) -> list[PublishedOffice]:
    by_year: dict[tuple[int, int], list[Publication]] = {}
    instansi: dict[int, Instansi] = {}
    for row in rows:
        year = row.version.tahun_kinerja
        instansi[year.instansi_id] = year.instansi
        by_year.setdefault((year.instansi_id, year.tahun), []).append(row)
    years: dict[int, list[PublishedYear]] = {}
    for (pk, tahun), publications in sorted(by_year.items(), key=lambda pair: -pair[0][1]):
        years.setdefault(pk, []).append(PublishedYear(instansi[pk], tahun, _editions(publications)))
    return [PublishedOffice(office, tuple(years[pk])) for pk, office in instansi.items()]


def _editions(publications: Sequence[Publication]) -> tuple[Edition, ...]:
    seen: set[tuple[str, int]] = set()
    found = []
    for one in publications:
        key = (one.version.jenis, one.version.periode)
        found.append(Edition(one, is_current=one.withdrawn_at is None and key not in seen))
        if one.withdrawn_at is None:
            seen.add(key)
    return tuple(found)
