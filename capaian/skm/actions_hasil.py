"""What is done with a result: the plan against its weak unsur, publishing, taking back, and how units are joined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.contrib.auth.models import User

from capaian.measurement.models import SumberRealisasi
from capaian.measurement.sources import take_source
from capaian.organisations.models import TahunKinerja
from capaian.organisations.permissions import Permission, require_right
from capaian.skm.actions import SurveiRefused, hold_survei, survei_subject
from capaian.skm.compute import FEWEST, asked_unsur, unsur_names
from capaian.skm.models import PengaturanSkm, RencanaSkm, Survei
from capaian.skm.results import FINAL, SurveyResult, read_result
from capaian.workflow.audit import audited, record_audit
from capaian.workflow.checks import clean_text

MOST_PLAN, MOST_OWNER, MOST_WHEN, MOST_REASON = 2000, 200, 120, 500


class HasilRefused(ValueError):
    """What cannot be done with a result; `errors` says by unsur what is wrong, "" of the whole."""

    def __init__(self, errors: Mapping[str, str] | str) -> None:
        self.errors = {"": errors} if isinstance(errors, str) else dict(errors)
        super().__init__(" ".join(self.errors.values()))


class RencanaLacking(HasilRefused):
    """A result whose lowest unsur has no plan yet."""


@dataclass(frozen=True)
class RencanaInput:
    """What is done about an unsur, as a person writes it; empty words take the plan away."""

    uraian: str = ""
    penanggung_jawab: str = ""
    waktu: str = ""
    status: str = RencanaSkm.Status.RENCANA.value


@audited()
def save_rencana(*, by: User | None, survei: Survei, given: Mapping[str, RencanaInput]) -> None:
    """Write the plan of a survey that takes no more answers, by unsur; nothing is stored where one line is wrong.

    Raises `PermissionDenied`, and `HasilRefused` by unsur. Saving the same again leaves no entry.
    """
    survei = _hold_final(survei, by)
    known = {row.unsur: row for row in survei.rencana.all()}
    checked = _checked(survei, given, known)
    for unsur, values in checked.items():
        row = known.get(unsur)
        before = _told(row)
        if values is None:
            if row is not None:
                row.delete()
        else:
            RencanaSkm.objects.update_or_create(survei=survei, unsur=unsur, defaults=values)
        if before != values:
            _record(by, "skm.save_rencana", survei, before, values, where=f" {unsur}")


@audited()
def publish_hasil(*, by: User | None, survei: Survei) -> Survei:
    """Show the result of a closed survey to everybody; the lowest unsur needs a plan first (PermenPANRB 14/2017).

    Raises `PermissionDenied`, and `HasilRefused` without a result, with too few respondents or answers of an unsur, or
    without that plan.
    """
    survei = _hold_final(survei, by)
    if survei.status == Survei.Status.TERBIT:
        return survei
    result = read_result(survei)
    if result.nilai is None:
        raise HasilRefused("Survei ini tidak mempunyai jawaban, jadi tidak ada hasil untuk diterbitkan.")
    _require_enough(result)
    planned = set(survei.rencana.values_list("unsur", flat=True))
    names = unsur_names()
    lacking = [names[kode] for kode in result.terendah if kode not in planned]
    if lacking:
        raise RencanaLacking(
            f"Tulis dahulu rencana tindak lanjut untuk unsur terendah: {'; '.join(lacking)}. PermenPANRB 14/2017 "
            "meminta rencana itu bersama hasilnya."
        )
    return _step(by, "skm.publish_hasil", survei, Survei.Status.TERBIT)


@audited()
def withdraw_hasil(*, by: User | None, survei: Survei, reason: str) -> Survei:
    """Take a published result back, with the reason; its page then says that it is not public.

    Raises `PermissionDenied`, and `HasilRefused` without a reason or where it is not published.
    """
    survei = _hold_final(survei, by)
    reason = clean_text(reason)[:MOST_REASON]
    if survei.status != Survei.Status.TERBIT:
        raise HasilRefused("Hasil survei ini tidak terbit, jadi tidak ada yang ditarik.")
    if not reason:
        raise HasilRefused("Tulis alasan penarikan; alasannya tercatat dalam jejak audit.")
    return _step(by, "skm.withdraw_hasil", survei, Survei.Status.DITUTUP, reason)


@audited()
def save_pengaturan(*, by: User | None, tahun_kinerja: TahunKinerja, gabungan: str) -> None:
    """Choose how the units of a year are joined; the indicator that takes the IKM follows. Raises `HasilRefused`."""
    require_right(by, tahun_kinerja, Permission.WRITE_RENCANA)
    if gabungan not in PengaturanSkm.Gabungan.values:
        raise HasilRefused("Pilih salah satu cara menggabungkan.")
    known = PengaturanSkm.objects.filter(tahun_kinerja=tahun_kinerja).first()
    before = known.gabungan if known else PengaturanSkm().gabungan
    PengaturanSkm.objects.update_or_create(tahun_kinerja=tahun_kinerja, defaults={"gabungan": gabungan})
    if before == gabungan:
        return
    record_audit(
        by=by,
        action="skm.save_pengaturan",
        subject=f"{tahun_kinerja.instansi.kunci} {tahun_kinerja.tahun} SKM",
        instansi=tahun_kinerja.instansi,
        before={"gabungan": before},
        after={"gabungan": gabungan},
    )
    take_source(by=by, tahun_kinerja=tahun_kinerja, sumber=SumberRealisasi.Sumber.IKM)


def _hold_final(survei: Survei, by: User | None) -> Survei:
    """The survey as it is now, held. Raises `HasilRefused` for one that still takes answers."""
    try:
        return hold_survei(survei, by, *FINAL)
    except SurveiRefused:
        message = "Survei ini belum ditutup; tutup dahulu, supaya hasilnya tidak berubah lagi."
        raise HasilRefused(message) from None


def _require_enough(result: SurveyResult) -> None:
    """Raises `HasilRefused` where so few answered, all in all or one unsur, that their answers could be told.

    Hiding the mean of such an unsur would not do: the index and the other means give it back. Of an unsur that nobody
    answered there is nothing to tell.
    """
    if result.responden is not None and result.responden < FEWEST:
        raise HasilRefused(
            f"Hanya {result.responden} orang yang menjawab; di bawah {FEWEST} jawabannya dapat dikenali "
            "(UU 27/2022), jadi tidak diterbitkan."
        )
    names = unsur_names()
    few = [f"{names[kode]} ({count})" for kode, count in result.terisi.items() if 0 < count < FEWEST]
    if few:
        raise HasilRefused(
            f"Terlalu sedikit jawaban untuk {'; '.join(few)}: di bawah {FEWEST} jawaban orangnya dapat dikenali, juga "
            "dari IKM-nya (UU 27/2022), jadi tidak diterbitkan. Buka kembali surveinya dan kumpulkan jawaban sampai "
            f"sekurang-kurangnya {FEWEST}; bila unsur itu tidak berlaku bagi layanannya, buat survei tanpa unsur itu "
            "beserta alasannya."
        )


def _checked(
    survei: Survei, given: Mapping[str, RencanaInput], known: Mapping[str, RencanaSkm]
) -> dict[str, dict[str, Any] | None]:
    """The columns by unsur, None where the plan is taken away. Raises `HasilRefused` with all that is wrong."""
    errors: dict[str, str] = {}
    found: dict[str, dict[str, Any] | None] = {}
    lowest = read_result(survei).terendah if survei.status == Survei.Status.TERBIT else ()
    names = unsur_names()
    for unsur, one in given.items():
        if unsur not in asked_unsur(survei):
            errors[unsur] = f'Unsur "{unsur}" tidak ditanyakan dalam survei ini.'
            continue
        values = {name: clean_text(text) for name, text in asdict(one).items()}
        wrong = _wrong(names[unsur], values, is_needed=unsur in lowest and unsur in known)
        if wrong:
            errors[unsur] = wrong
        found[unsur] = values if values["uraian"] else None
    if errors:
        raise HasilRefused(errors)
    return found


def _wrong(nama: str, values: Mapping[str, str], *, is_needed: bool) -> str:
    """What is wrong in a line, in words."""
    if not values["uraian"]:
        if is_needed:
            return f"{nama}: unsur terendah dari hasil yang terbit harus tetap mempunyai rencana."
        if values["penanggung_jawab"] or values["waktu"]:
            return f"{nama}: tulis apa yang akan dilakukan, atau kosongkan penanggung jawab dan waktunya."
        return ""
    for name, label, most in (
        ("uraian", "rencana", MOST_PLAN),
        ("penanggung_jawab", "penanggung jawab", MOST_OWNER),
        ("waktu", "waktu", MOST_WHEN),
    ):
        if len(values[name]) > most:
            return f"{nama}: {label} paling banyak {most} huruf, ini {len(values[name])}."
    if values["status"] not in RencanaSkm.Status.values:
        return f"{nama}: pilih keadaan rencananya."
    return ""


def _told(row: RencanaSkm | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {name: getattr(row, name) for name in ("uraian", "penanggung_jawab", "waktu", "status")}


def _step(by: User | None, action: str, survei: Survei, status: str, reason: str = "") -> Survei:
    before, survei.status = survei.status, status
    survei.save(update_fields=["status"])
    _record(by, action, survei, {"status": before}, {"status": status}, reason=reason)
    return survei


def _record(
    by: User | None, action: str, survei: Survei, before: Any, after: Any, *, where: str = "", reason: str = ""
) -> None:
    record_audit(
        by=by,
        action=action,
        subject=f"{survei_subject(survei)}{where}",
        instansi=survei.tahun_kinerja.instansi,
        unit=survei.unit,
        before=before,
        after=after,
        reason=reason,
    )
