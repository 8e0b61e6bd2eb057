"""Making reports: a version is requested, made in the background, and never changes once it is ready.

The making is a background job (`workflow.jobs`): it tells a waiting person where it is, and begins again when it was
killed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Max
from django.utils import timezone

from capaian.assessments.tiers import require_either
from capaian.documents.blocks import Document
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.organisations.permissions import Permission, require_right
from capaian.reports.build import OF_UNITS, QUARTERLY, QUARTERS, build_document, fingerprint, render
from capaian.reports.errors import ReportError
from capaian.reports.models import ReportVersion
from capaian.workflow.audit import audited, record_audit
from capaian.workflow.jobs import run_job

_Jenis, _State = ReportVersion.Jenis, ReportVersion.State
FORMATS: Final[dict[str, tuple[str, ...]]] = {
    _Jenis.LKIP: ("docx", "pdf"),
    _Jenis.PERJANJIAN_KINERJA: ("docx", "pdf"),
    _Jenis.RENCANA_AKSI: ("docx", "pdf", "xlsx"),
    _Jenis.PENGUKURAN: ("docx", "pdf", "xlsx"),
    _Jenis.SPM: ("docx", "pdf"),
    _Jenis.SPM_MONEV: ("docx", "pdf"),
    _Jenis.SKM: ("docx", "pdf"),
    _Jenis.LHE: ("docx", "pdf"),
    _Jenis.PKP: ("docx", "pdf", "xlsx"),
    _Jenis.PKP_REKAP: ("docx", "pdf", "xlsx"),
}
_STEP: Final = {"docx": "Menulis berkas Word", "pdf": "Menulis berkas PDF", "xlsx": "Menulis berkas Excel"}


@audited()
def request_report(
    *, by: User | None, tahun_kinerja: TahunKinerja, jenis: str, periode: int = 0, unit: UnitKerja | None = None
) -> ReportVersion:
    """Queue the next version of a report, of the office or of a unit; each unit numbers its own.

    Raises `PermissionDenied` for a person without the right and `ReportError` for an unknown kind or quarter, or a
    kind that units have not.
    """
    _require_asker(by, tahun_kinerja, jenis, unit)
    if jenis not in _Jenis.values:
        raise ReportError(f'Jenis laporan "{jenis}" tidak dikenal; pilih {", ".join(_Jenis.values)}.')
    if unit is not None and jenis not in OF_UNITS:
        raise ReportError(f"{_Jenis(jenis).label} disusun untuk seluruh instansi, bukan untuk {unit}.")
    if periode not in range(5) or (periode and jenis not in QUARTERLY):
        raise ReportError(f"Triwulan {periode} tidak berlaku untuk {_Jenis(jenis).label}.")
    periode = periode or _last_quarter(jenis)
    # The office year is locked, so that two people asking at once get two numbers.
    TahunKinerja.objects.select_for_update(no_key=True).get(pk=tahun_kinerja.pk)
    versions = ReportVersion.objects.filter(tahun_kinerja=tahun_kinerja, unit=unit, jenis=jenis, periode=periode)
    nomor = (versions.aggregate(last=Max("nomor"))["last"] or 0) + 1
    version = ReportVersion.objects.create(
        tahun_kinerja=tahun_kinerja,
        unit=unit,
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
        unit=unit,
        after={"jenis": jenis, "periode": periode, "nomor": nomor},
    )
    return version


@audited()
def request_once(
    *, by: User | None, tahun_kinerja: TahunKinerja, jenis: str, periode: int = 0, unit: UnitKerja | None = None
) -> ReportVersion | None:
    """As `request_report`, but None while the same report is waiting or being made: pressed twice, asked once."""
    _require_asker(by, tahun_kinerja, jenis, unit)
    TahunKinerja.objects.select_for_update(no_key=True).get(pk=tahun_kinerja.pk)
    pending = ReportVersion.objects.filter(
        tahun_kinerja=tahun_kinerja,
        unit=unit,
        jenis=jenis,
        periode=periode or _last_quarter(jenis),
        state__in=(_State.QUEUED, _State.RUNNING),
    )
    if pending.exists():
        return None
    return request_report(by=by, tahun_kinerja=tahun_kinerja, jenis=jenis, periode=periode, unit=unit)


def unchanged_version(
    tahun_kinerja: TahunKinerja, jenis: str, periode: int = 0, unit: UnitKerja | None = None
) -> ReportVersion | None:
    """The ready version that says what one made now would say, or None. Raises as `build_document` does."""
    periode = periode or _last_quarter(jenis)
    ready = ReportVersion.objects.filter(
        tahun_kinerja=tahun_kinerja, unit=unit, jenis=jenis, periode=periode, state=_State.READY
    )
    if not ready.exists():
        return None
    same = fingerprint(build_document(tahun_kinerja, jenis, periode, unit))
    return ready.filter(fingerprint=same).defer("blocks").order_by("-nomor").first()


def _require_asker(by: User | None, tahun_kinerja: TahunKinerja, jenis: str, unit: UnitKerja | None) -> None:
    """Who makes reports may ask for any; the report of their evaluation also the evaluators."""
    if jenis == _Jenis.LHE:
        require_either(by, tahun_kinerja, Permission.GENERATE_REPORT, Permission.EVALUATE)
    else:
        require_right(by, tahun_kinerja, Permission.GENERATE_REPORT, unit)


def _last_quarter(jenis: str) -> int:
    """A quarterly report that names no quarter is that of the last one; other reports have none."""
    return QUARTERS[-1] if jenis in QUARTERLY else 0


def generate_report(version_id: int) -> None:
    """Make a queued version here and now, as a worker would (`workflow.jobs.run_job`)."""
    run_job(ReportVersion, version_id, make_version)


def make_version(version: ReportVersion) -> Mapping[str, object]:
    """Read the data, build and store the blocks, write the files: the work of a claimed version.

    Raises `ReportError` for data that do not allow the report, and `ClaimLost`.
    """
    version.show_progress(5, "Membaca data")
    document = build_document(version.tahun_kinerja, version.jenis, version.periode, version.unit)
    # The files carry the day of the request, not of the rendering: made again they are the same.
    day = timezone.localtime(version.created_at).date().isoformat()
    document = replace(document, metadata={"date": day, **document.metadata})
    version.show_progress(35, "Menyusun isi", blocks=document.to_dict(), fingerprint=fingerprint(document))
    formats, files = FORMATS[version.jenis], {}
    for number, fmt in enumerate(formats):
        version.show_progress(40 + 55 * number // len(formats), _STEP[fmt])
        files[fmt] = _write(version, document, fmt)
    return {"files": files}


def read_file(version: ReportVersion, fmt: str) -> bytes:
    """A file of a ready version; one that has gone from the disk is written again from the frozen blocks.

    Raises `KeyError` for a format that the version does not have.
    """
    path = Path(settings.MEDIA_ROOT, str(version.files[fmt]))
    if not path.exists():
        _write(version, Document.from_dict(version.blocks or {}), fmt)
    return path.read_bytes()


def _write(version: ReportVersion, document: Document, fmt: str) -> str:
    """Write one file of a version and return its path below MEDIA_ROOT."""
    year = version.tahun_kinerja
    quarter = f"-tw{version.periode}" if version.periode else ""
    # A worker that was given up for dead may still be writing: each attempt has files of its own.
    attempt = f"-{version.attempts}" if version.attempts > 1 else ""
    unit = f"-{version.unit.kunci}" if version.unit else ""
    name = f"{version.jenis}{unit}{quarter}-v{version.nomor}{attempt}.{fmt}"
    relative = Path("reports", year.instansi.kunci, str(year.tahun), name)
    path = Path(settings.MEDIA_ROOT) / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    # A reader must never meet half a file.
    unfinished = path.with_suffix(f".{fmt}.part")
    unfinished.write_bytes(render(document, fmt))
    unfinished.replace(path)
    return relative.as_posix()
