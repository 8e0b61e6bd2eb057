"""Reading recommendations with their follow-up: what is open, how old it is, what is overdue, what is repeated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from capaian.assessments.actions_rekomendasi import ENDING, given_on
from capaian.assessments.models import Keluarga, PengaturanPenilaian, Rekomendasi, TindakLanjut
from capaian.assessments.queries import instrumen_of
from capaian.organisations.models import TahunKinerja
from capaian.organisations.permissions import Office, Permission
from capaian.rules.instrumen.model import InstrumenError, Kelompok
from capaian.rules.periods import ROMAN
from capaian.rules.rekomendasi import age_words, find_repeated

TRIWULAN = range(1, 5)
# How the state of a recommendation is said and shown.
STATES = {
    "selesai": "Selesai",
    "menunggu": "Menunggu konfirmasi",
    "tidak_dapat": "Diajukan tidak dapat",
    "proses": "Dalam proses",
    "belum": "Belum ditindaklanjuti",
}


@dataclass(frozen=True)
class RekomendasiRow:
    """A recommendation as it stands at the end of a year (or today): its age, its last report, what it repeats."""

    rekomendasi: Rekomendasi
    komponen: str
    diberikan: date
    umur: str
    terakhir: TindakLanjut | None
    quarters: tuple[TindakLanjut | None, ...]
    state: str
    is_overdue: bool

    @property
    def is_open(self) -> bool:
        return self.state != "selesai"

    @property
    def keadaan(self) -> str:
        """The state in words."""
        return STATES[self.state]

    @property
    def badge(self) -> str:
        """The status that the state is shown as."""
        return f"rek_{self.state}"

    @property
    def pelaksana(self) -> str:
        """Who follows it up."""
        return str(self.rekomendasi.unit or self.rekomendasi.penanggung_jawab or "Perangkat daerah")


@dataclass(frozen=True)
class Summary:
    """How many recommendations there are, and how many of them stand where."""

    jumlah: int
    selesai: int
    menunggu: int
    terbuka: int
    lewat: int
    berulang: int


def rekomendasi_rows(tahun_kinerja: TahunKinerja, today: date, seen_in: int | None = None) -> list[RekomendasiRow]:
    """What a year has to do with: its own recommendations, and earlier ones that were not done before it.

    They are told as they stand at the end of the year, or of `seen_in`. Three queries, whatever the number.
    """
    return rows_of(tahun_kinerja, list(_visible(tahun_kinerja)), today, seen_in)


def rekomendasi_of(office: Office, today: date) -> list[RekomendasiRow]:
    """Those of `rekomendasi_rows` that this person may see."""
    found = office.scope(Permission.VIEW).narrow(_visible(office.tahun_kinerja))
    return rows_of(office.tahun_kinerja, list(found), today)


def rows_of(
    tahun_kinerja: TahunKinerja, found: Sequence[Rekomendasi], today: date, seen_in: int | None = None
) -> list[RekomendasiRow]:
    """Recommendations as they stand in a year."""
    names = component_names(tahun_kinerja.instansi_id)
    return [_row(seen_in or tahun_kinerja.tahun, one, names, today) for one in found]


def seen_by(office: Office) -> QuerySet[Rekomendasi]:
    """Every recommendation of the office up to this year that the person may see."""
    rows = Rekomendasi.objects.filter(
        tahun_kinerja__instansi=office.tahun_kinerja.instansi_id, tahun_kinerja__tahun__lte=office.tahun_kinerja.tahun
    )
    return _loaded(office.scope(Permission.VIEW).narrow(rows))


def summarise(rows: Sequence[RekomendasiRow]) -> Summary:
    """The counts of a list."""
    return Summary(
        len(rows),
        sum(one.state == "selesai" for one in rows),
        sum(one.state in ("menunggu", "tidak_dapat") for one in rows),
        sum(one.state in ("proses", "belum") for one in rows),
        sum(one.is_overdue for one in rows),
        sum(one.rekomendasi.mengulang_id is not None for one in rows),
    )


def repeated_by(rekomendasi: Rekomendasi) -> Rekomendasi | None:
    """The earlier recommendation that this one seems to repeat, for a person to confirm. One query."""
    year = rekomendasi.tahun_kinerja
    earlier = Rekomendasi.objects.filter(tahun_kinerja__instansi=year.instansi_id, tahun_kinerja__tahun__lt=year.tahun)
    ordered = list(earlier.select_related("tahun_kinerja").order_by("-tahun_kinerja__tahun", "urutan"))
    found = find_repeated(rekomendasi.uraian, [(one, one.uraian) for one in ordered])
    return found[0] if found else None


def periods_of(rekomendasi: Rekomendasi, today: date, most: int = 8) -> list[tuple[str, str]]:
    """The quarters that can be reported, latest first: from the year that was evaluated until now, at most `most`."""
    quarter, year, found = (today.month - 1) // 3 + 1, today.year, list[tuple[str, str]]()
    while year >= rekomendasi.tahun_kinerja.tahun and len(found) < most:
        found.append((f"{year}-{quarter}", f"Triwulan {ROMAN[quarter - 1]} {year}"))
        year, quarter = (year, quarter - 1) if quarter > 1 else (year - 1, len(TRIWULAN))
    return found


def component_names(instansi_id: int) -> Mapping[tuple[int, str], str]:
    """The names of the components by year and kode, as the worksheet of each year has them. One query."""
    chosen = PengaturanPenilaian.objects.filter(tahun_kinerja__instansi=instansi_id, keluarga=Keluarga.LKE)
    found: dict[tuple[int, str], str] = {}
    for one in chosen.select_related("versi__instrumen"):
        try:
            akar = instrumen_of(one.versi).akar
        except InstrumenError:
            # The page of instruments says what is wrong with it; here a kode stands for its name.
            continue
        found |= {(one.tahun_kinerja_id, group.kode): group.nama for group in akar.isi if isinstance(group, Kelompok)}
    return found


def _visible(tahun_kinerja: TahunKinerja) -> QuerySet[Rekomendasi]:
    year = tahun_kinerja.tahun
    lasting = Q(selesai_pada=None) | Q(selesai_pada__year__gte=year) | Q(tahun_kinerja=tahun_kinerja)
    rows = Rekomendasi.objects.filter(lasting, tahun_kinerja__instansi=tahun_kinerja.instansi_id)
    return _loaded(rows.filter(tahun_kinerja__tahun__lte=year))


def _loaded(rows: QuerySet[Rekomendasi]) -> QuerySet[Rekomendasi]:
    reports = Prefetch("tindak_lanjut", TindakLanjut.objects.order_by("tahun", "triwulan").prefetch_related("bukti"))
    related = ("tahun_kinerja__instansi", "penilaian", "unit", "mengulang__tahun_kinerja")
    return rows.select_related(*related).prefetch_related(reports).order_by("-tahun_kinerja__tahun", "urutan")


def _row(tahun: int, one: Rekomendasi, names: Mapping[tuple[int, str], str], today: date) -> RekomendasiRow:
    given = given_on(one)
    until = min(today, date(max(tahun, given.year), 12, 31))
    reports = [report for report in one.tindak_lanjut.all() if report.tahun <= until.year]
    last = reports[-1] if reports else None
    by_quarter = {report.triwulan: report for report in reports if report.tahun == tahun}
    done = timezone.localdate(one.selesai_pada) if one.selesai_pada else None
    state = _state(done if done is None or done <= until else None, last)
    late = one.tenggat is not None and one.tenggat < until and state in ("belum", "proses")
    return RekomendasiRow(
        one,
        names.get((one.tahun_kinerja_id, one.kelompok), one.kelompok),
        given,
        age_words(given, done if state == "selesai" and done else until),
        last,
        tuple(by_quarter.get(quarter) for quarter in TRIWULAN),
        state,
        late,
    )


def _state(done: date | None, last: TindakLanjut | None) -> str:
    if done is not None:
        return "selesai"
    if last is None:
        return "belum"
    if last.status == ENDING[0]:
        return "menunggu"
    return str(last.status)
