"""The tiers of an AKIP evaluation: who writes which, in what order they come, and holding one while it is changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied

from capaian.assessments.actions import PenilaianRefused, hold_year
from capaian.assessments.models import Jawaban, Keluarga, Penilaian
from capaian.assessments.queries import Active, active
from capaian.organisations.models import TahunKinerja
from capaian.organisations.permissions import Permission, office_of
from capaian.rules.instrumen.hasil import HasilInstrumen
from capaian.rules.instrumen.model import Kelompok
from capaian.workflow.audit import record_audit

Tingkat = Penilaian.Tingkat
TIERS: Final = (Tingkat.MANDIRI, Tingkat.APIP, Tingkat.AKHIR)
RIGHTS: Final = {
    Tingkat.MANDIRI: Permission.WRITE_ANALISIS,
    Tingkat.APIP: Permission.EVALUATE,
    Tingkat.AKHIR: Permission.EVALUATE,
}


def within(label: str) -> str:
    """The name of a tier within a sentence: `evaluasi APIP`."""
    return f"{label[:1].lower()}{label[1:]}"


def require_either(by: User | None, tahun_kinerja: TahunKinerja, *permissions: Permission) -> None:
    """As `require_right` of the whole office, where any of several rights is enough."""
    if by is None:
        return
    office = office_of(by, tahun_kinerja)
    if not any(office.allows(one) for one in permissions):
        raise PermissionDenied(office.refusal(permissions[0]))


def require_active(tahun_kinerja: TahunKinerja) -> Active:
    """The worksheet of a year. Raises `PenilaianRefused` where none is chosen."""
    judged = active(tahun_kinerja, Keluarga.LKE)
    if judged is None:
        raise PenilaianRefused(
            f"Lembar kerja evaluasi AKIP untuk tahun {tahun_kinerja.tahun} belum dipilih; perencana memilihnya pada "
            "halaman Instrumen."
        )
    return judged


def hold_stored(penilaian: Penilaian) -> tuple[Penilaian, Active]:
    """A tier as it stands now, with nobody else writing to the evaluation of its year."""
    hold_year(penilaian.tahun_kinerja)
    found = Penilaian.objects.select_related("tahun_kinerja__instansi", "versi__instrumen").get(pk=penilaian.pk)
    return found, require_active(found.tahun_kinerja)


def answers_of(penilaian: Penilaian) -> dict[str, Jawaban]:
    """The stored answers of a tier by kode. One query."""
    return {one.butir: one for one in penilaian.jawaban.all()}


def former_of(penilaian: Penilaian) -> Penilaian | None:
    """The tier before, of the same evaluation."""
    place = TIERS.index(Tingkat(penilaian.tingkat))
    return _tier_of(penilaian, TIERS[place - 1]) if place else None


def following_of(penilaian: Penilaian) -> Penilaian | None:
    """The tier after, of the same evaluation."""
    place = TIERS.index(Tingkat(penilaian.tingkat)) + 1
    return _tier_of(penilaian, TIERS[place]) if place < len(TIERS) else None


def _tier_of(penilaian: Penilaian, tingkat: str) -> Penilaian | None:
    return Penilaian.objects.filter(
        tahun_kinerja=penilaian.tahun_kinerja_id, versi=penilaian.versi_id, unit=None, tingkat=tingkat
    ).first()


def is_printed(judged: Active, penilaian: Penilaian) -> bool:
    """Whether a tier holds the values of a printed report: then the answer to the whole names the source."""
    return penilaian.jawaban.filter(butir=judged.instrumen.akar.kode).exists()


def unanswered(judged: Active, hasil: HasilInstrumen) -> list[str]:
    """What a tier still lacks before it can be closed: the numbers of sub-components or criteria, in printed order."""
    found: list[str] = []

    def walk(group: Kelompok, above: str) -> None:
        result = hasil.kelompok[group.kode]
        if not result.is_provisional:
            return
        label = f"{group.nomor or group.kode} {group.nama}"
        if group.pilihan and judged.kebijakan.skor == "kelompok":
            found.append(f"{label} ({above})")
            return
        for child in group.isi:
            if isinstance(child, Kelompok):
                walk(child, group.nama)
            elif hasil.butir[child.kode].status not in ("terjawab", "tidak_berlaku"):
                found.append(child.kode)

    walk(judged.instrumen.akar, "")
    return found


def audit_tier(
    by: User | None,
    action: str,
    penilaian: Penilaian,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    reason: str = "",
) -> None:
    """One entry about a tier as a whole."""
    year = penilaian.tahun_kinerja
    record_audit(
        by=by,
        action=action,
        subject=f"lke {penilaian.tingkat} {year.tahun}",
        instansi=year.instansi,
        before=before,
        after=after,
        reason=reason[:300],
    )
