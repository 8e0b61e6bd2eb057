"""Filling a sheet, moving it from state to state, deadlines, and comments: person and state checked, one audit each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.utils import timezone

from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.organisations.permissions import Permission, require_right
from capaian.workflow.audit import audited, record_audit
from capaian.workflow.checks import clean_text
from capaian.workflow.forms import Change, Outcome, SheetKey, form_definition, required_permission
from capaian.workflow.models import Comment, Deadline, Submission, SubmissionVersion
from capaian.workflow.policy import StateRefused, explain_move, may_advance, may_write
from capaian.workflow.queries import deadline_of
from capaian.workflow.transitions import BY_NAME, COUNTED, Transition

MAX_COMMENT = 2000


@audited()
def write_sheet(*, by: User | None, key: SheetKey, changes: Sequence[Change], today: date) -> list[Outcome]:
    """Store cells of a sheet; one outcome for each change, in order, and a refused one loses none of the others.

    Raises `PermissionDenied` for a person without the right and `StateRefused` for a sheet that is locked or not open.
    """
    definition = form_definition(key.form)
    require_right(by, key.tahun_kinerja, Permission[definition.permission], key.unit)
    hold_open(key, today)
    return definition.write(key, changes, by=by, today=today)


def hold_open(key: SheetKey, today: date) -> Submission:
    """The submission of a sheet that may be written now, locked for the rest of the transaction.

    Raises `StateRefused` for a sheet that is locked or not open.
    """
    submission = _held(key)
    may_write(submission, deadline_of(key), today).require()
    return submission


@audited()
def advance(
    *, by: User | None, key: SheetKey, transition: str, reason: str = "", seen: datetime | None = None, today: date
) -> Submission:
    """Take a sheet through a transition. Asked twice, it is done once.

    `seen` is the submission's `since` as the person saw it: what was returned and handed in again meanwhile is not what
    they decided on. Approval freezes what the sheet says as a version; opening it again begins the next. Raises
    `PermissionDenied` for a person without the right, and `StateRefused`, in words, for a state or deadline that does
    not allow it, a sheet that has moved since it was seen, a missing reason, or a sheet that is not complete.
    """
    way = BY_NAME[transition]
    require_right(by, key.tahun_kinerja, required_permission(way, key.form), key.unit)
    submission = _held(key)
    if submission.state == way.target and submission.by_id == (by.pk if by else None):
        return submission
    if seen is not None and submission.since != seen:
        raise StateRefused(explain_move(submission))
    reason = clean_text(reason)[:500]
    may_advance(way, submission, deadline_of(key), by.pk if by else None, today).require()
    if way.needs_reason and not reason:
        raise StateRefused(f"Tulis alasan untuk {way.label.lower()}; yang mengisi perlu tahu apa yang harus diubah.")
    _require_complete(way, key, today)
    before = submission.state
    _move(submission, way, by, reason)
    if way.target == Submission.State.DISETUJUI:
        _freeze(submission, key, today)
    record_audit(
        by=by,
        action=f"workflow.{way.name}",
        subject=key.subject,
        instansi=key.tahun_kinerja.instansi,
        unit=key.unit,
        before={"status": before},
        after={"status": way.target, "versi": submission.versi},
        reason=reason,
    )
    if (before in COUNTED) != (way.target in COUNTED):
        form_definition(key.form).after_count(key, by=by)
    return submission


@audited()
def set_deadline(
    *,
    by: User | None,
    tahun_kinerja: TahunKinerja,
    form: str,
    periode: int,
    starts_on: date | None,
    ends_on: date | None,
    unit: UnitKerja | None = None,
    reason: str = "",
) -> Deadline | None:
    """Set when a form of a period opens and closes, for all units or for one; no dates at all remove the deadline.

    Raises `PermissionDenied` for a person without the right, `ValueError` for a closing before the opening.
    """
    require_right(by, tahun_kinerja, Permission.SET_DEADLINES)
    if starts_on and ends_on and ends_on < starts_on:
        raise ValueError("Tanggal penutupan mendahului tanggal pembukaan; periksa kedua tanggal itu.")
    reason = clean_text(reason)[:300]
    place: dict[str, Any] = {"tahun_kinerja": tahun_kinerja, "form": form, "periode": periode, "unit": unit}
    # Two planners at the same moment: the second one finds what the first has set, and its entry says so.
    TahunKinerja.objects.select_for_update(no_key=True).get(pk=tahun_kinerja.pk)
    known = Deadline.objects.filter(**place).first()
    before = _dates(known)
    if starts_on is None and ends_on is None:
        Deadline.objects.filter(**place).delete()
        stored = None
    else:
        stored, _ = Deadline.objects.update_or_create(
            **place, defaults={"starts_on": starts_on, "ends_on": ends_on, "reason": reason}
        )
    if _dates(stored) != before:
        record_audit(
            by=by,
            action="workflow.set_deadline",
            subject=SheetKey(tahun_kinerja, form, unit, periode).subject,
            instansi=tahun_kinerja.instansi,
            unit=unit,
            before=before,
            after=_dates(stored),
            reason=reason,
        )
    return stored


@audited()
def add_comment(
    *, by: User, tahun_kinerja: TahunKinerja, unit: UnitKerja | None, subject: str, text: str, request_key: UUID
) -> Comment:
    """Remark on a figure or a sheet; the same `request_key` again gives the remark that is stored already.

    Raises `PermissionDenied` for a person without the right, `ValueError` for an empty or overlong text.
    """
    require_right(by, tahun_kinerja, Permission.COMMENT, unit)
    text = clean_text(text)
    if not text or len(text) > MAX_COMMENT:
        raise ValueError(f"Komentar ditulis dengan 1 sampai {MAX_COMMENT} huruf.")
    comment, created = Comment.objects.get_or_create(
        request_key=request_key,
        defaults={"by": by, "tahun_kinerja": tahun_kinerja, "unit": unit, "subject": subject, "text": text},
    )
    if created:
        record_audit(
            by=by,
            action="workflow.add_comment",
            subject=subject,
            instansi=tahun_kinerja.instansi,
            unit=unit,
            after={"komentar": text},
        )
    return comment


@audited()
def resolve_comment(*, by: User, comment: Comment) -> None:
    """Mark a comment as dealt with; doing it again changes nothing."""
    require_right(by, comment.tahun_kinerja, Permission.COMMENT, comment.unit)
    changed = Comment.objects.filter(pk=comment.pk, resolved_at=None).update(resolved_at=timezone.now(), resolved_by=by)
    if changed:
        record_audit(
            by=by,
            action="workflow.resolve_comment",
            subject=comment.subject,
            instansi=comment.tahun_kinerja.instansi,
            unit=comment.unit,
            after={"komentar": comment.text},
        )


def _held(key: SheetKey) -> Submission:
    """The submission of a sheet, stored, and locked for the rest of the transaction: who else writes it waits."""
    Submission.objects.get_or_create(**key.place)
    return Submission.objects.select_for_update(of=("self",), no_key=True).select_related("by").get(**key.place)


def _require_complete(way: Transition, key: SheetKey, today: date) -> None:
    if way.target != Submission.State.DIAJUKAN:
        return
    problems = form_definition(key.form).problems(key, today)
    if problems:
        first = "; ".join(problem.message for problem in problems[:5])
        more = f"; dan {len(problems) - 5} lagi" if len(problems) > 5 else ""
        raise StateRefused(f"Isian ini belum dapat diajukan: {first}{more}.")


def _move(submission: Submission, way: Transition, by: User | None, reason: str) -> None:
    if way.target == Submission.State.DIAJUKAN:
        submission.submitted_by = by
    if way.sources & {Submission.State.DISETUJUI, Submission.State.TERKUNCI} and way.target == Submission.State.DRAF:
        submission.versi += 1
    submission.state, submission.since, submission.by, submission.reason = way.target, timezone.now(), by, reason
    submission.save()


def _freeze(submission: Submission, key: SheetKey, today: date) -> None:
    sheet = form_definition(key.form).read(key, today)
    cells = [
        {"kunci": row.kunci, "nama": row.nama, "satuan": row.satuan, "target": row.target, "teks": row.teks}
        for row in sheet.rows
    ]
    SubmissionVersion.objects.update_or_create(
        submission=submission,
        nomor=submission.versi,
        defaults={"cells": cells, "approved_at": timezone.now(), "approved_by": submission.by},
    )


def _dates(deadline: Deadline | None) -> dict[str, date | None] | None:
    return {"mulai": deadline.starts_on, "sampai": deadline.ends_on} if deadline else None
