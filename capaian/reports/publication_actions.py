"""Opening a report to everybody, and taking it back: both by who may, with reasons, and in the audit trail."""

from __future__ import annotations

from typing import Final

from django.contrib.auth.models import User
from django.utils import timezone

from capaian.organisations.models import TahunKinerja
from capaian.organisations.permissions import Permission, require_right
from capaian.reports.build import PAGES, build_document, fingerprint
from capaian.reports.errors import ReportError
from capaian.reports.models import Publication, ReportVersion
from capaian.reports.publication_figures import MEASURING, freeze_figures
from capaian.workflow.audit import audited, record_audit
from capaian.workflow.checks import clean_text
from capaian.workflow.forms import form_definitions
from capaian.workflow.models import Submission

_State = Submission.State
_FINAL: Final[frozenset[str | None]] = frozenset({_State.DISETUJUI, _State.TERKUNCI})
MAX_REASON = 300


class SheetsOpen(ReportError):
    """Sheets that the report rests on are not approved; with a reason it can be published all the same."""


@audited()
def publish_report(*, by: User | None, version: ReportVersion, reason: str = "") -> Publication:
    """Open a ready version to everybody, with the figures of its year as they stand now. Asked twice, done once.

    Raises `PermissionDenied` for a person without the right; `ReportError` for a version that is not ready, was
    withdrawn, or no longer says what the data say; `SheetsOpen` when sheets of the period are not approved and no
    reason is given. The reason is published with the figures.
    """
    year = version.tahun_kinerja
    require_right(by, year, Permission.PUBLISH)
    # Held, so that two people publishing at once, or a report made meanwhile, wait.
    TahunKinerja.objects.select_for_update(no_key=True).get(pk=year.pk)
    known = Publication.objects.filter(version=version).first()
    if known and known.withdrawn_at is None:
        return known
    if known:
        raise ReportError("Versi ini sudah ditarik dari penerbitan. Buat versi baru, lalu terbitkan versi itu.")
    if version.jenis in PAGES:
        raise ReportError("Laporan SPM belum dapat diterbitkan untuk umum; unduh berkasnya dan sampaikan sendiri.")
    if version.state != ReportVersion.State.READY:
        raise ReportError("Hanya versi yang siap dapat diterbitkan; tunggu sampai pembuatannya selesai.")
    reason = clean_text(reason)[:MAX_REASON]
    open_sheets, owed = count_open_sheets(version)
    if open_sheets and not reason:
        raise SheetsOpen(
            f"{open_sheets} dari {owed} isian periode ini belum disetujui. Selesaikan dahulu, atau tulis alasan "
            "menerbitkannya sekarang; alasan itu ikut diterbitkan."
        )
    if fingerprint(build_document(year, version.jenis, version.periode)) != version.fingerprint:
        raise ReportError(
            "Data berubah sejak versi ini dibuat, sehingga angkanya akan berbeda dari isi laporannya. "
            "Buat versi baru, periksa, lalu terbitkan versi itu."
        )
    remark = _remark(open_sheets, owed, reason)
    figures = freeze_figures(year, version.jenis, _figures_period(version), remark)
    publication = Publication.objects.create(version=version, figures=figures, published_by=by)
    record_audit(
        by=by,
        action="reports.publish_report",
        subject=_subject(version),
        instansi=year.instansi,
        after={"indikator": len(figures), "isian_belum_disetujui": open_sheets},
        reason=reason,
    )
    return publication


@audited()
def withdraw_publication(*, by: User | None, publication: Publication, reason: str) -> Publication:
    """Take a published version back: the public page then says that, when and why, and shows nothing of it.

    Doing it again changes nothing. Raises `PermissionDenied` for a person without the right and `ReportError` without
    a reason.
    """
    version = publication.version
    require_right(by, version.tahun_kinerja, Permission.PUBLISH)
    reason = clean_text(reason)[:MAX_REASON]
    held = Publication.objects.select_for_update(no_key=True).get(pk=publication.pk)
    if held.withdrawn_at is not None:
        return held
    if not reason:
        raise ReportError("Tulis alasan penarikan; pembaca yang pernah mengunduh laporan ini perlu mengetahuinya.")
    held.withdrawn_at, held.reason = timezone.now(), reason
    held.save(update_fields=["withdrawn_at", "reason"])
    record_audit(
        by=by,
        action="reports.withdraw_publication",
        subject=_subject(version),
        instansi=version.tahun_kinerja.instansi,
        before={"diterbitkan": held.published_at},
        after={"ditarik": held.withdrawn_at},
        reason=reason,
    )
    return held


def count_open_sheets(version: ReportVersion) -> tuple[int, int]:
    """How many of the sheets that a report rests on are not approved, of how many.

    None where no unit fills sheets in this year: its figures were loaded from documents that were approved elsewhere.
    """
    if version.jenis not in MEASURING:
        return 0, 0
    year = version.tahun_kinerja
    last = version.periode or 4
    rows = Submission.objects.filter(tahun_kinerja=year, periode__range=(1, last))
    states: dict[tuple[str, int | None, int], str] = {
        (form, unit, periode): state
        for form, unit, periode, state in rows.values_list("form", "unit", "periode", "state")
    }
    used = {form for form, _, _ in states}
    owed = {
        (form.kode, unit.pk if unit else None, periode)
        for form in form_definitions()
        if form.kode in used
        for periode in range(1, last + 1)
        for unit in form.units(year, periode)
    }
    return sum(states.get(key) not in _FINAL for key in owed), len(owed)


def _figures_period(version: ReportVersion) -> int:
    return version.periode if version.jenis == ReportVersion.Jenis.PENGUKURAN else 0


def _remark(open_sheets: int, owed: int, reason: str) -> str:
    if not open_sheets:
        return ""
    end = "" if reason.endswith((".", "!", "?")) else "."
    return f"{open_sheets} dari {owed} isian periode ini belum disetujui ketika diterbitkan. Alasan: {reason}{end}"


def _subject(version: ReportVersion) -> str:
    year = version.tahun_kinerja
    quarter = f" tw{version.periode}" if version.periode else ""
    return f"{year.instansi.kunci} {year.tahun} {version.jenis}{quarter} v{version.nomor}"
