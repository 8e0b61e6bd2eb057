"""Taking answers: from the public form without anybody's name, from paper and workbooks by a person with the right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.utils.formats import date_format

from capaian.skm.actions import SurveiRefused, hold_survei, survei_subject
from capaian.skm.answers import NAMES, Answer, Sheet
from capaian.skm.models import UNSUR, JawabanSkm, Survei
from capaian.workflow.audit import audited, record_audit

_BATCH = 1000
_ACTIONS = {JawabanSkm.Sumber.KERTAS: "skm.enter_kertas", JawabanSkm.Sumber.IMPOR: "skm.import_jawaban"}


class Taken(StrEnum):
    """What became of an answer from the public form: counted, counted before, or of a form that was used already."""

    NEW = "baru"
    SAME = "sama"
    OTHER = "lain"


class Phase(StrEnum):
    """Whether the public form of a survey can be answered on a day."""

    HIDDEN = "tidak_ada"
    NOT_YET = "belum"
    OPEN = "dibuka"
    OVER = "selesai"


def phase_of(survei: Survei, today: date) -> Phase:
    """A draft does not exist for the public; the days count as the office's own days."""
    if survei.status == Survei.Status.DRAF:
        return Phase.HIDDEN
    if survei.status != Survei.Status.DIBUKA or today > survei.sampai:
        return Phase.OVER
    return Phase.NOT_YET if today < survei.mulai else Phase.OPEN


def take_answer(*, survei: Survei, request_key: UUID, answer: Answer, today: date) -> Taken | None:
    """Keep what somebody answered online, once; None where the survey takes no answers (any more).

    No audit entry: it would say when and from where somebody answered.
    """
    try:
        with transaction.atomic():
            if phase_of(_shared(survei), today) is not Phase.OPEN:
                return None
            JawabanSkm.objects.create(
                survei=survei,
                request_key=request_key,
                sumber=JawabanSkm.Sumber.DARING,
                tanggal=today,
                **answer.values(),
            )
    except IntegrityError:
        known = JawabanSkm.objects.filter(survei=survei, request_key=request_key).values(*NAMES).first()
        if known is None:
            raise
        return Taken.SAME if known == answer.values() else Taken.OTHER
    return Taken.NEW


@audited()
def enter_answers(*, by: User | None, survei: Survei, sheets: Sequence[Sheet], sumber: str) -> int:
    """Keep answers from paper or a workbook, all or none; how many were new. A key that is known counts once.

    Raises `PermissionDenied` without the right for the unit, and `SurveiRefused` where the survey is not open or a
    day lies outside of it.
    """
    survei = hold_survei(survei, by, Survei.Status.DIBUKA)
    for sheet in sheets:
        _check_day(survei, sheet.tanggal)
    keys = {one.request_key for one in sheets}
    known = set(survei.jawaban.filter(request_key__in=keys).values_list("request_key", flat=True)) if sheets else set()
    new = {one.request_key: one for one in sheets if one.request_key not in known}
    JawabanSkm.objects.bulk_create(
        (
            JawabanSkm(survei=survei, request_key=key, sumber=sumber, tanggal=one.tanggal, **one.answer.values())
            for key, one in new.items()
        ),
        batch_size=_BATCH,
    )
    if new:
        _record(by, _ACTIONS[JawabanSkm.Sumber(sumber)], survei, None, {"jawaban": len(new)})
    return len(new)


@audited()
def change_kertas(*, by: User | None, jawaban: JawabanSkm, tanggal: date, answer: Answer) -> None:
    """Correct an answer that was typed from paper, while its survey is open."""
    survei = hold_survei(jawaban.survei, by, Survei.Status.DIBUKA)
    row = _paper(jawaban)
    _check_day(survei, tanggal)
    before = _told(row)
    row.tanggal = tanggal
    for name, value in answer.values().items():
        setattr(row, name, value)
    row.save()
    _record(by, "skm.change_kertas", survei, before, _told(row))


@audited()
def remove_kertas(*, by: User | None, jawaban: JawabanSkm) -> None:
    """Remove an answer that was typed from paper, while its survey is open."""
    survei = hold_survei(jawaban.survei, by, Survei.Status.DIBUKA)
    row = _paper(jawaban)
    _record(by, "skm.remove_kertas", survei, _told(row), None)
    row.delete()


def _shared(survei: Survei) -> Survei:
    """The survey as it is now, which nobody closes before this transaction ends.

    Respondents share the lock, so that they do not wait for each other; SQLite has one writer anyway.
    """
    lock = " FOR SHARE" if connection.features.has_select_for_update else ""
    query = f"SELECT id, status, mulai, sampai FROM {Survei._meta.db_table} WHERE id = %s{lock}"  # noqa: S608
    return next(iter(Survei.objects.raw(query, [survei.pk])))


def _paper(jawaban: JawabanSkm) -> JawabanSkm:
    row = JawabanSkm.objects.filter(pk=jawaban.pk, sumber=JawabanSkm.Sumber.KERTAS).first()
    if row is None:
        raise SurveiRefused("Lembar ini sudah tidak ada; mungkin orang lain menghapusnya. Muat ulang halamannya.")
    return row


def _check_day(survei: Survei, day: date) -> None:
    if not survei.mulai <= day <= survei.sampai:
        first, last = (date_format(one, "j F Y") for one in (survei.mulai, survei.sampai))
        raise SurveiRefused(f"Tanggal {date_format(day, 'j F Y')} di luar masa survei ({first} sampai {last}).")


def _told(row: JawabanSkm) -> dict[str, Any]:
    """What the audit trail keeps of a paper sheet: its figures and its day, not its words."""
    return {"lembar": row.pk, "tanggal": row.tanggal, **{unsur: getattr(row, unsur) for unsur in UNSUR}}


def _record(by: User | None, action: str, survei: Survei, before: Any, after: Any) -> None:
    record_audit(
        by=by,
        action=action,
        subject=survei_subject(survei),
        instansi=survei.tahun_kinerja.instansi,
        unit=survei.unit,
        before=before,
        after=after,
    )
