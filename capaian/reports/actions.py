"""Making reports: a version is requested, made in the background, and never changes once it is ready.

A job is idempotent and leaves a trail (`progress`, `langkah`, `heartbeat_at`), so that a waiting person sees where it
is, and a job that was killed is found by `sweep_stale_reports`.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Max, Q
from django.utils import timezone

from capaian.documents.blocks import Document
from capaian.organisations.models import TahunKinerja
from capaian.organisations.permissions import Permission, require_right
from capaian.reports.build import QUARTERS, build_document, fingerprint, render
from capaian.reports.errors import ReportError
from capaian.reports.models import ReportVersion
from capaian.workflow.audit import audited, record_audit

logger = logging.getLogger(__name__)

_Jenis, _State = ReportVersion.Jenis, ReportVersion.State
FORMATS: Final[dict[str, tuple[str, ...]]] = {
    _Jenis.LKIP: ("docx", "pdf"),
    _Jenis.PERJANJIAN_KINERJA: ("docx", "pdf"),
    _Jenis.RENCANA_AKSI: ("docx", "pdf", "xlsx"),
    _Jenis.PENGUKURAN: ("docx", "pdf", "xlsx"),
}
_STEP: Final = {"docx": "Menulis berkas Word", "pdf": "Menulis berkas PDF", "xlsx": "Menulis berkas Excel"}
# The longest step, a chart-laden PDF on a slow machine, stays far below this.
STALE_AFTER: Final = timedelta(minutes=5)
STALE_MESSAGE: Final = (
    "Pembuatan terhenti di tengah jalan (server dimatikan atau dimulai ulang). "
    "Data tidak berubah; buat laporan ini lagi."
)
UNCLAIMED_AFTER: Final = timedelta(hours=1)
UNCLAIMED_MESSAGE: Final = (
    "Satu jam tidak ada pekerja yang mengambil tugas ini. Mintalah pengelola sistem menjalankan pekerja laporan "
    "(capaian serve), lalu buat laporan ini lagi."
)


@audited()
def request_report(*, by: User | None, tahun_kinerja: TahunKinerja, jenis: str, periode: int = 0) -> ReportVersion:
    """Queue the next version of a report.

    Raises `PermissionDenied` for a person without the right and `ReportError` for an unknown kind or quarter.
    """
    require_right(by, tahun_kinerja, Permission.GENERATE_REPORT)
    if jenis not in _Jenis.values:
        raise ReportError(f'Jenis laporan "{jenis}" tidak dikenal; pilih {", ".join(_Jenis.values)}.')
    if periode not in range(5) or (periode and jenis != _Jenis.PENGUKURAN):
        raise ReportError(f"Triwulan {periode} tidak berlaku untuk {_Jenis(jenis).label}.")
    periode = periode or _last_quarter(jenis)
    # The office year is locked, so that two people asking at once get two numbers.
    TahunKinerja.objects.select_for_update().get(pk=tahun_kinerja.pk)
    versions = ReportVersion.objects.filter(tahun_kinerja=tahun_kinerja, jenis=jenis, periode=periode)
    nomor = (versions.aggregate(last=Max("nomor"))["last"] or 0) + 1
    version = ReportVersion.objects.create(
        tahun_kinerja=tahun_kinerja,
        jenis=jenis,
        periode=periode,
        nomor=nomor,
        created_by=by,
        langkah="Menunggu giliran",
    )
    record_audit(
        by=by,
        action="reports.request_report",
        subject=f"{tahun_kinerja.instansi.kunci} {tahun_kinerja.tahun} {jenis} v{nomor}",
        instansi=tahun_kinerja.instansi,
        after={"jenis": jenis, "periode": periode, "nomor": nomor},
    )
    return version


@audited()
def request_once(*, by: User | None, tahun_kinerja: TahunKinerja, jenis: str, periode: int = 0) -> ReportVersion | None:
    """As `request_report`, but None while the same report is waiting or being made: pressed twice, asked once."""
    require_right(by, tahun_kinerja, Permission.GENERATE_REPORT)
    TahunKinerja.objects.select_for_update().get(pk=tahun_kinerja.pk)
    pending = ReportVersion.objects.filter(
        tahun_kinerja=tahun_kinerja,
        jenis=jenis,
        periode=periode or _last_quarter(jenis),
        state__in=(_State.QUEUED, _State.RUNNING),
    )
    if pending.exists():
        return None
    return request_report(by=by, tahun_kinerja=tahun_kinerja, jenis=jenis, periode=periode)


def unchanged_version(tahun_kinerja: TahunKinerja, jenis: str, periode: int = 0) -> ReportVersion | None:
    """The ready version that says what one made now would say, or None. Raises as `build_document` does."""
    periode = periode or _last_quarter(jenis)
    ready = ReportVersion.objects.filter(tahun_kinerja=tahun_kinerja, jenis=jenis, periode=periode, state=_State.READY)
    if not ready.exists():
        return None
    same = fingerprint(build_document(tahun_kinerja, jenis, periode))
    return ready.filter(fingerprint=same).defer("blocks").order_by("-nomor").first()


def _last_quarter(jenis: str) -> int:
    """A measurement report that names no quarter is that of the last one; other reports have none."""
    return QUARTERS[-1] if jenis == _Jenis.PENGUKURAN else 0


def generate_report(version_id: int) -> None:
    """Make a queued version: read the data, build and store the blocks, write the files.

    Never raises for a report that cannot be made: the version then is failed and says why. Does nothing for a version
    that is already being made, ready or failed.
    """
    claimed = ReportVersion.objects.filter(pk=version_id, state=_State.QUEUED).update(
        state=_State.RUNNING, progress=5, langkah="Membaca data", heartbeat_at=timezone.now()
    )
    if not claimed:
        return
    version = ReportVersion.objects.select_related("tahun_kinerja__instansi").get(pk=version_id)
    try:
        _make(version)
    except ReportError as error:
        _fail(version, str(error))
    except Exception as error:
        logger.exception("Report version %s failed", version_id)
        _fail(
            version,
            f"Laporan gagal dibuat karena kesalahan program ({type(error).__name__}) saat {version.langkah.lower()}. "
            "Data tidak berubah. Coba lagi; bila terulang, sampaikan kalimat ini kepada pengelola sistem.",
        )


def sweep_stale_reports(now: datetime) -> int:
    """Mark as failed what gave no sign of life for `STALE_AFTER`, or nobody began in `UNCLAIMED_AFTER`; count them.

    Without the second a lost job would wait for ever, and no other of its kind could be asked for.
    """
    silent = Q(state=_State.RUNNING, heartbeat_at__lt=now - STALE_AFTER)
    unclaimed = Q(state=_State.QUEUED, created_at__lt=now - UNCLAIMED_AFTER)
    # A page asks on every visit: the common answer must cost a read, not a write.
    if not ReportVersion.objects.filter(silent | unclaimed).exists():
        return 0
    return sum(
        ReportVersion.objects.filter(which).update(state=_State.FAILED, error=message, langkah="")
        for which, message in ((silent, STALE_MESSAGE), (unclaimed, UNCLAIMED_MESSAGE))
    )


def read_file(version: ReportVersion, fmt: str) -> bytes:
    """A file of a ready version; one that has gone from the disk is written again from the frozen blocks.

    Raises `KeyError` for a format that the version does not have.
    """
    path = Path(settings.MEDIA_ROOT, str(version.files[fmt]))
    if not path.exists():
        _write(version, Document.from_dict(version.blocks or {}), fmt)
    return path.read_bytes()


def _make(version: ReportVersion) -> None:
    document = build_document(version.tahun_kinerja, version.jenis, version.periode)
    # The files carry the day of the request, not of the rendering: made again they are the same.
    day = timezone.localtime(version.created_at).date().isoformat()
    document = replace(document, metadata={"date": day, **document.metadata})
    version.blocks = document.to_dict()
    version.fingerprint = fingerprint(document)
    _progress(version, 35, "Menyusun isi", "blocks", "fingerprint")
    formats = FORMATS[version.jenis]
    for number, fmt in enumerate(formats):
        _progress(version, 40 + 55 * number // len(formats), _STEP[fmt])
        version.files[fmt] = _write(version, document, fmt)
    version.state, version.error = _State.READY, ""
    _progress(version, 100, "", "state", "error", "files")


def _write(version: ReportVersion, document: Document, fmt: str) -> str:
    """Write one file of a version and return its path below MEDIA_ROOT."""
    year = version.tahun_kinerja
    quarter = f"-tw{version.periode}" if version.periode else ""
    relative = Path("reports", year.instansi.kunci, str(year.tahun), f"{version.jenis}{quarter}-v{version.nomor}.{fmt}")
    path = Path(settings.MEDIA_ROOT) / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    # A reader must never meet half a file.
    unfinished = path.with_suffix(f".{fmt}.part")
    unfinished.write_bytes(render(document, fmt))
    unfinished.replace(path)
    return relative.as_posix()


def _progress(version: ReportVersion, percent: int, step: str, *fields: str) -> None:
    version.progress, version.langkah, version.heartbeat_at = percent, step, timezone.now()
    version.save(update_fields=["progress", "langkah", "heartbeat_at", *fields])


def _fail(version: ReportVersion, message: str) -> None:
    version.state, version.error = _State.FAILED, message
    _progress(version, version.progress, "", "state", "error")
