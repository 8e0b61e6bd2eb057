"""The satisfaction survey of every Puskesmas of a generated district: answers in bulk, results as the actions make.

Some have too few answers, some leave an unsur out, one runs still: what real districts have. A year that has any survey
stays as it is.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import NAMESPACE_URL, uuid5

from django.contrib.auth.models import User

from capaian.exchange.simulation.district import District
from capaian.exchange.simulation.spm_sasaran import puskesmas_of
from capaian.organisations.models import TahunKinerja
from capaian.skm.actions_hasil import RencanaInput, publish_hasil, save_rencana
from capaian.skm.models import UNSUR, JawabanSkm, Survei
from capaian.skm.results import freeze, read_result
from capaian.workflow.audit import audited, record_audit
from capaian.workflow.sync import SyncResult

_MONTHS = ((9, 2), (10, 25))
_SERVICES = ("Pemeriksaan umum", "Kesehatan ibu dan anak", "Gigi", "Farmasi", "Laboratorium", "Gawat darurat")
# The tendency of each unsur: how much of a step above or below the unit's own level.
_LEANING = dict(zip(UNSUR, (0.05, 0.0, -0.35, 0.2, 0.05, 0.1, 0.15, -0.1, -0.25), strict=True))
_AGES = (("18-29", 28), ("30-39", 26), ("40-49", 18), ("50-59", 14), ("60", 10), ("0-17", 4))
_SCHOOLS = (("sma", 40), ("smp", 22), ("sd", 18), ("s1", 12), ("diploma", 7), ("s2", 1))
_JOBS = (("rumah", 34), ("petani", 20), ("swasta", 17), ("wirausaha", 13), ("pelajar", 8), ("asn", 5), ("lain", 3))
_SOURCES = (("daring", 60), ("kertas", 30), ("impor", 10))
_REMARKS = (
    "Antrean pendaftaran terlalu lama.",
    "Tambah kursi di ruang tunggu.",
    "Petugasnya ramah, terima kasih.",
    "Toilet perlu dibersihkan lebih sering.",
    "Obat kadang belum tersedia.",
)
_PLANS = {
    "waktu": "Membuka loket pendaftaran kedua pada jam ramai dan mengumumkan waktu tunggu.",
    "sarana": "Menambah kursi ruang tunggu dan jadwal kebersihan harian.",
    "pengaduan": "Menempel alur pengaduan dan menjawab setiap aduan dalam tiga hari kerja.",
}
_ANY_PLAN = "Membahasnya dalam lokakarya mini dan menetapkan perbaikannya."
# Every how many units one runs still, leaves an unsur out, and publishes its result.
_OPEN, _SHORT, _PUBLIC = 9, 7, 3


@audited()
def load_skm(*, by: User | None, tahun_kinerja: TahunKinerja, district: District, today: date) -> SyncResult:
    """A survey for each Puskesmas, its answers, and its result where it is over; the same inputs give the same."""
    (first_month, first_day), (last_month, last_day) = _MONTHS
    start, end = date(district.tahun, first_month, first_day), date(district.tahun, last_month, last_day)
    if today < start or tahun_kinerja.survei.exists():
        return SyncResult()
    units = {unit.kunci: unit for unit in tahun_kinerja.instansi.unit_kerja.all()}
    surveys = Survei.objects.bulk_create(
        Survei(
            tahun_kinerja=tahun_kinerja,
            unit=units[one.kunci],
            nama=f"Survei Kepuasan Masyarakat {district.tahun}",
            mulai=start,
            sampai=end,
            populasi=max(200, one.penduduk // 12),
            unsur=[kode for kode in UNSUR if number % _SHORT != _SHORT - 1 or kode != "biaya"],
            alasan_unsur="Semua layanan gratis bagi penduduk." if number % _SHORT == _SHORT - 1 else "",
            layanan=list(_SERVICES),
            status=Survei.Status.DIBUKA if number % _OPEN == _OPEN - 1 else Survei.Status.DITUTUP,
            tautan=uuid5(NAMESPACE_URL, f"skm {district.seed} {district.tahun} {one.kunci} {district.puskesmas}").hex[
                :12
            ],
        )
        for number, one in enumerate(puskesmas_of(district))
    )
    until = min(end, today)
    rows = [row for survei in surveys for row in _answers(district, survei, start, until)]
    JawabanSkm.objects.bulk_create(rows, batch_size=500)
    for number, survei in enumerate(surveys):
        if survei.status == Survei.Status.DITUTUP:
            _end(by, survei, is_public=number % _PUBLIC == 0)
    result = SyncResult(created=len(surveys) + len(rows))
    record_audit(
        by=by,
        action="skm.import_jawaban",
        subject=f"{tahun_kinerja.instansi.kunci} {tahun_kinerja.tahun} SKM",
        instansi=tahun_kinerja.instansi,
        after=result.to_dict(),
    )
    return result


def _end(by: User | None, survei: Survei, *, is_public: bool) -> None:
    """What comes after the last answer: the result, and of some the plan and the publishing."""
    freeze(survei=survei, by=by)
    if is_public:
        plans = {
            kode: RencanaInput(
                _PLANS.get(kode, _ANY_PLAN), "Penanggung jawab mutu", f"Triwulan I {survei.sampai.year + 1}"
            )
            for kode in read_result(survei).terendah
        }
        save_rencana(by=by, survei=survei, given=plans)
        publish_hasil(by=by, survei=survei)


def _answers(district: District, survei: Survei, start: date, until: date) -> Iterator[JawabanSkm]:
    assert survei.unit is not None  # noqa: S101 - made so above
    chance = district.chance("skm", survei.unit.kunci)
    level, days = chance.uniform(3.05, 3.65), (until - start).days + 1
    leaning = {kode: lean + chance.gauss(0, 0.15) for kode, lean in _LEANING.items()}
    for number in range(chance.randint(60, 420)):
        # A few answer without reading: the same everywhere.
        same = chance.randint(3, 4) if chance.random() < 0.04 else None
        yield JawabanSkm(
            survei=survei,
            **{kode: same or _answer(chance, level + leaning[kode]) for kode in survei.unsur},
            jenis_kelamin=_pick(chance, (("p", 63), ("l", 37))),
            umur=_pick(chance, _AGES),
            pendidikan=_pick(chance, _SCHOOLS),
            pekerjaan=_pick(chance, _JOBS),
            layanan=chance.choice(_SERVICES),
            saran=chance.choice(_REMARKS) if chance.random() < 0.06 else "",
            sumber=_drawn(chance, _SOURCES),
            tanggal=start + timedelta(days=chance.randrange(days)),
            request_key=uuid5(NAMESPACE_URL, f"{survei.tautan} {number}"),
        )


def _answer(chance: random.Random, level: float) -> int | None:
    if chance.random() < 0.01:
        return None
    return max(1, min(4, round(chance.gauss(level, 0.6))))


def _pick(chance: random.Random, weighted: tuple[tuple[str, int], ...]) -> str:
    # Some do not say.
    return "" if chance.random() < 0.03 else _drawn(chance, weighted)


def _drawn(chance: random.Random, weighted: tuple[tuple[str, int], ...]) -> str:
    return chance.choices([value for value, _ in weighted], [weight for _, weight in weighted])[0]
