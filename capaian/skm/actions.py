"""The life of a survey: written while a draft, opened, closed, opened again with a reason. One audit entry each."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format

from capaian.measurement.models import SumberRealisasi
from capaian.measurement.sources import take_source
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.organisations.permissions import Permission, require_right
from capaian.skm.compute import unsur_names
from capaian.skm.models import UNSUR, Survei
from capaian.skm.questions import MOST_ANSWER, MOST_QUESTION, Pertanyaan, questions_of, usual_question
from capaian.skm.results import freeze
from capaian.workflow.audit import audited, record_audit
from capaian.workflow.checks import clean_text

MOST_NAME: Final = 200
MOST_SERVICES, MOST_SERVICE_NAME = 30, 120
_MOST_REASON: Final = 1000
_MOST_POPULATION: Final = 2_000_000_000
# No letters or figures that are mistaken for each other when somebody types the address from a poster.
_SIGNS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_LENGTH: Final = 10
_FACTS: Final = ("nama", "mulai", "sampai", "populasi", "unsur", "alasan_unsur", "layanan", "is_gratis", "status")


class SurveiRefused(ValueError):
    """What cannot be done with a survey; `errors` says by field what is wrong and what to do."""

    def __init__(self, errors: Mapping[str, str] | str) -> None:
        self.errors = {"": errors} if isinstance(errors, str) else dict(errors)
        super().__init__(" ".join(self.errors.values()))


@dataclass(frozen=True)
class SurveiInput:
    """A survey as a person writes it; `pertanyaan` are the questions of the unsur that are asked."""

    nama: str
    unit: UnitKerja | None
    mulai: date | None
    sampai: date | None
    populasi: int | None = None
    unsur: Sequence[str] = UNSUR
    alasan_unsur: str = ""
    layanan: Sequence[str] = ()
    is_gratis: bool = True
    pertanyaan: Sequence[Pertanyaan] = field(default_factory=tuple)


def save_survei(
    *, by: User | None, tahun_kinerja: TahunKinerja, given: SurveiInput, survei: Survei | None = None
) -> Survei:
    """Make a survey, or change one that is a draft.

    Raises `PermissionDenied` without the right for its unit, and `SurveiRefused` by field for what does not fit.
    """
    try:
        return _save(by=by, tahun_kinerja=tahun_kinerja, given=given, survei=survei)
    except IntegrityError as error:
        raise SurveiRefused(
            {"nama": "Unit ini sudah mempunyai survei dengan nama itu tahun ini. Beri nama lain."}
        ) from error


@audited()
def _save(*, by: User | None, tahun_kinerja: TahunKinerja, given: SurveiInput, survei: Survei | None) -> Survei:
    require_right(by, tahun_kinerja, Permission.MANAGE_SURVEI, given.unit)
    values = _checked(given)
    before = None
    if survei is None:
        survei = Survei(tahun_kinerja=tahun_kinerja, tautan=_new_address())
    else:
        survei = hold_survei(survei, by, Survei.Status.DRAF)
        before = _facts(survei)
    for name, value in values.items():
        setattr(survei, name, value)
    # A savepoint, so that the name that is taken is told apart from anything else.
    with transaction.atomic():
        survei.save()
    _record(by, "skm.save_survei", survei, before, {**_facts(survei), "pertanyaan": survei.pertanyaan})
    return survei


@audited()
def open_survei(*, by: User | None, survei: Survei) -> Survei:
    """Let a draft be answered; its questions stay as they are now. Raises `SurveiRefused` where its days are over."""
    survei = hold_survei(survei, by, Survei.Status.DRAF)
    if survei.sampai < timezone.localdate():
        ended = date_format(survei.sampai, "j F Y")
        raise SurveiRefused(f"Survei ini berakhir {ended}, jadi tidak dapat dibuka. Ubah dahulu tanggalnya.")
    survei.pertanyaan = {one.unsur: one.to_dict() for one in questions_of(survei)}
    return _step(by, "skm.open_survei", survei, Survei.Status.DIBUKA)


@audited()
def withdraw_survei(*, by: User | None, survei: Survei) -> Survei:
    """Make a survey that nobody has answered yet a draft again, so that it can be changed."""
    survei = hold_survei(survei, by, Survei.Status.DIBUKA)
    if survei.jawaban.exists():
        raise SurveiRefused(
            "Survei ini sudah dijawab, jadi pertanyaannya tidak dapat diubah lagi. Tutuplah, lalu buat survei baru."
        )
    return _step(by, "skm.withdraw_survei", survei, Survei.Status.DRAF)


@audited()
def close_survei(*, by: User | None, survei: Survei) -> Survei:
    """End a survey and keep its result: no answer is taken from here on. Those under way are waited for and counted."""
    survei = hold_survei(survei, by, Survei.Status.DIBUKA)
    closed = _step(by, "skm.close_survei", survei, Survei.Status.DITUTUP)
    freeze(survei=closed, by=by)
    return closed


@audited()
def reopen_survei(*, by: User | None, survei: Survei, reason: str, sampai: date | None = None) -> Survei:
    """Take answers again, with a reason and, where it is given, a later last day.

    Raises `SurveiRefused` without a reason, with a day that is over, where its result is published, and for a survey
    of which only a printed report is known.
    """
    survei = hold_survei(survei, by, Survei.Status.DITUTUP)
    if survei.responden_tercetak or survei.nrr_tercetak.exists():
        raise SurveiRefused(
            "Survei ini hanya hasil tercetak dari laporan; jawabannya tidak ada, jadi tidak dapat dibuka."
        )
    reason = clean_text(reason)[:_MOST_REASON]
    errors = {}
    if not reason:
        errors["alasan"] = "Tulis alasan membuka kembali; alasannya tercatat dalam jejak audit."
    last = sampai or survei.sampai
    if last < timezone.localdate():
        errors["sampai"] = "Tanggal berakhirnya sudah lewat. Isi tanggal berakhir yang baru."
    if errors:
        raise SurveiRefused(errors)
    survei.sampai = last
    opened = _step(by, "skm.reopen_survei", survei, Survei.Status.DIBUKA, reason)
    # Its result is no longer final: an indicator that took it gives it back, or takes what the other surveys say.
    take_source(by=by, tahun_kinerja=opened.tahun_kinerja, sumber=SumberRealisasi.Sumber.IKM)
    return opened


@audited()
def remove_survei(*, by: User | None, survei: Survei) -> None:
    """Remove a draft."""
    survei = hold_survei(survei, by, Survei.Status.DRAF)
    _record(by, "skm.remove_survei", survei, _facts(survei), None)
    survei.delete()


def hold_survei(survei: Survei, by: User | None, *statuses: str) -> Survei:
    """The survey as it is now, held until the transaction ends, which must be in one of these statuses.

    Raises `PermissionDenied` without the right for its unit and `SurveiRefused` where it is in another status.
    """
    held = (
        Survei.objects.select_for_update(of=("self",), no_key=True)
        .select_related("tahun_kinerja__instansi", "unit")
        .get(pk=survei.pk)
    )
    require_right(by, held.tahun_kinerja, Permission.MANAGE_SURVEI, held.unit)
    if held.status not in statuses:
        wanted = " atau ".join(Survei.Status(one).label.lower() for one in statuses)
        raise SurveiRefused(
            f"Survei ini {held.get_status_display().lower()}; ini hanya untuk survei yang {wanted}. "
            "Muat ulang halamannya."
        )
    return held


def _step(by: User | None, action: str, survei: Survei, status: str, reason: str = "") -> Survei:
    before = _facts(survei)
    survei.status = status
    survei.save()
    _record(by, action, survei, before, _facts(survei), reason)
    return survei


def _checked(given: SurveiInput) -> dict[str, Any]:
    """The values by field. Raises `SurveiRefused` with all that is wrong."""
    errors: dict[str, str] = {}
    nama, unsur = clean_text(given.nama), [one for one in UNSUR if one in given.unsur]
    alasan = clean_text(given.alasan_unsur)[:_MOST_REASON]
    layanan = list(dict.fromkeys(filter(None, (clean_text(one) for one in given.layanan))))
    if not 0 < len(nama) <= MOST_NAME:
        errors["nama"] = f"Beri survei ini nama, paling banyak {MOST_NAME} huruf."
    _check_days(given, errors)
    if given.populasi is not None and not 0 < given.populasi < _MOST_POPULATION:
        errors["populasi"] = "Populasi ialah banyaknya orang yang dilayani selama survei: bilangan bulat mulai 1."
    if not unsur:
        errors["unsur"] = "Pilih sekurang-kurangnya satu unsur."
    elif len(unsur) < len(UNSUR) and not alasan:
        errors["alasan_unsur"] = "Tulis mengapa tidak semua dari sembilan unsur PermenPANRB 14/2017 ditanyakan."
    if len(layanan) > MOST_SERVICES or any(len(one) > MOST_SERVICE_NAME for one in layanan):
        errors["layanan"] = f"Paling banyak {MOST_SERVICES} layanan, masing-masing {MOST_SERVICE_NAME} huruf."
    pertanyaan = _questions(given, unsur, errors)
    if errors:
        raise SurveiRefused(errors)
    return {
        "unit": given.unit,
        "nama": nama,
        "mulai": given.mulai,
        "sampai": given.sampai,
        "populasi": given.populasi,
        "unsur": unsur,
        "alasan_unsur": alasan if len(unsur) < len(UNSUR) else "",
        "layanan": layanan,
        "is_gratis": given.is_gratis,
        "pertanyaan": pertanyaan,
    }


def _check_days(given: SurveiInput, errors: dict[str, str]) -> None:
    for name, day in (("mulai", given.mulai), ("sampai", given.sampai)):
        if day is None:
            errors[name] = "Isi tanggalnya."
    if given.mulai and given.sampai and given.sampai < given.mulai:
        errors["sampai"] = "Tanggal berakhir mendahului tanggal mulai."


def _questions(given: SurveiInput, unsur: Sequence[str], errors: dict[str, str]) -> dict[str, Any]:
    """The questions that differ from the usual ones, by unsur."""
    own = {}
    for one in given.pertanyaan:
        if one.unsur not in unsur:
            continue
        teks, jawaban = clean_text(one.teks), tuple(clean_text(answer) for answer in one.jawaban)
        if not 0 < len(teks) <= MOST_QUESTION:
            errors[f"teks-{one.unsur}"] = f"{one.nama}: tulis pertanyaannya, paling banyak {MOST_QUESTION} huruf."
        elif len(jawaban) != 4 or not all(0 < len(answer) <= MOST_ANSWER for answer in jawaban):
            errors[f"teks-{one.unsur}"] = (
                f"{one.nama}: isi keempat jawabannya, dari yang terburuk, masing-masing paling banyak {MOST_ANSWER} "
                "huruf."
            )
        elif len(set(map(str.casefold, jawaban))) < len(jawaban):
            errors[f"teks-{one.unsur}"] = f"{one.nama}: keempat jawabannya harus berbeda."
        # Also those of the other kind of service: a form that was filled before that was chosen still has them.
        usual = [usual_question(one.unsur, is_free=is_free) for is_free in (True, False)]
        if (teks, jawaban) not in [(each.teks, each.jawaban) for each in usual]:
            own[one.unsur] = {"teks": teks, "jawaban": list(jawaban)}
    return own


def _new_address() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))


def _facts(survei: Survei) -> dict[str, Any]:
    return {name: getattr(survei, name) for name in _FACTS}


def survei_subject(survei: Survei) -> str:
    """How the audit trail names a survey."""
    return f"survei {survei.pk} {survei.nama}"


def _record(by: User | None, action: str, survei: Survei, before: Any, after: Any, reason: str = "") -> None:
    record_audit(
        by=by,
        action=action,
        subject=survei_subject(survei),
        instansi=survei.tahun_kinerja.instansi,
        unit=survei.unit,
        before=before,
        after=after,
        reason=reason,
    )


def missing_names(survei: Survei) -> list[str]:
    """The names of the unsur that a survey leaves out."""
    return [nama for unsur, nama in unsur_names().items() if unsur not in survei.unsur]
