"""Evidence of AKIP answers and of follow-ups: links, while the tier or the recommendation is open."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.contrib.auth.models import User

from capaian.assessments.actions import PenilaianRefused, hold_year
from capaian.assessments.models import BuktiPenilaian, Penilaian, TindakLanjut
from capaian.assessments.tiers import RIGHTS, Tingkat
from capaian.measurement.bukti_actions import read_link
from capaian.organisations.permissions import Permission, require_right
from capaian.workflow.audit import audited, record_audit
from capaian.workflow.checks import clean_text

MAX_PER_ANSWER = 20


@audited()
def attach_to_jawaban(*, by: User | None, penilaian: Penilaian, butir: str, tautan: str, nama: str) -> BuktiPenilaian:
    """Attach a link to a criterion in a tier. The same link again is there once.

    Raises `PermissionDenied`, `BuktiRefused` for a link that cannot be kept, `PenilaianRefused` for a closed tier.
    """
    require_right(by, penilaian.tahun_kinerja, RIGHTS[Tingkat(penilaian.tingkat)])
    tautan = read_link(tautan)
    hold_year(penilaian.tahun_kinerja)
    _require_open(penilaian)
    rows = BuktiPenilaian.objects.filter(penilaian=penilaian, butir=butir)
    known = rows.filter(tautan=tautan).first()
    if known:
        return known
    if rows.count() >= MAX_PER_ANSWER:
        raise PenilaianRefused(f"Satu kriteria paling banyak mempunyai {MAX_PER_ANSWER} bukti; hapus yang tidak perlu.")
    bukti = BuktiPenilaian.objects.create(
        penilaian=penilaian, butir=butir, tautan=tautan, nama=_name(nama, tautan), by=by
    )
    _audit(by, "assessments.attach_bukti", bukti, attached=True)
    return bukti


@audited()
def attach_to_tindak_lanjut(*, by: User | None, tindak_lanjut: TindakLanjut, tautan: str, nama: str) -> BuktiPenilaian:
    """Attach a link to the follow-up of a period. The same link again is there once. Raises as `attach_to_jawaban`."""
    rekomendasi = tindak_lanjut.rekomendasi
    require_right(by, rekomendasi.tahun_kinerja, Permission.WRITE_ANALISIS, rekomendasi.unit)
    tautan = read_link(tautan)
    known = BuktiPenilaian.objects.filter(tindak_lanjut=tindak_lanjut, tautan=tautan).first()
    if known:
        return known
    bukti = BuktiPenilaian.objects.create(tindak_lanjut=tindak_lanjut, tautan=tautan, nama=_name(nama, tautan), by=by)
    _audit(by, "assessments.attach_bukti", bukti, attached=True)
    return bukti


@audited()
def remove_from_jawaban(*, by: User | None, bukti: BuktiPenilaian) -> None:
    """Take a link away from a criterion while its tier is open. Done twice, it is done once."""
    penilaian = bukti.penilaian
    if penilaian is None:
        raise PenilaianRefused("Bukti tindak lanjut tidak dihapus; lampirkan yang benar pada periode berikutnya.")
    require_right(by, penilaian.tahun_kinerja, RIGHTS[Tingkat(penilaian.tingkat)])
    hold_year(penilaian.tahun_kinerja)
    _require_open(penilaian)
    if BuktiPenilaian.objects.filter(pk=bukti.pk).delete()[0]:
        _audit(by, "assessments.remove_bukti", bukti, attached=False)


def _require_open(penilaian: Penilaian) -> None:
    if Penilaian.objects.filter(pk=penilaian.pk, selesai_pada=None).exists():
        return
    raise PenilaianRefused(f"{penilaian.get_tingkat_display()} sudah ditutup; buktinya tidak berubah lagi.")


def _name(nama: str, tautan: str) -> str:
    return clean_text(nama)[:200] or urlsplit(tautan).hostname or tautan[:200]


def _audit(by: User | None, action: str, bukti: BuktiPenilaian, *, attached: bool) -> None:
    facts = {"bukti": bukti.nama, "tautan": bukti.tautan}
    follow = bukti.tindak_lanjut
    owner = follow.rekomendasi if follow is not None else bukti.penilaian
    year = owner.tahun_kinerja if owner is not None else None
    record_audit(
        by=by,
        action=action,
        subject=f"rekomendasi {follow.rekomendasi}" if follow is not None else f"lke {bukti.butir}",
        instansi=year.instansi if year else None,
        unit=owner.unit if owner is not None else None,
        before=None if attached else facts,
        after=facts if attached else None,
    )
