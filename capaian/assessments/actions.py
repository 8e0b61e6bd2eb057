"""Writing what assessments are judged by: the instrument of a year, its policies, the properties of units."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from capaian.assessments.compute import store_results
from capaian.assessments.models import (
    Instrumen,
    Keluarga,
    PengaturanPenilaian,
    Penilaian,
    SifatUnit,
    VersiInstrumen,
)
from capaian.assessments.policies import PolicyError, check_policies
from capaian.assessments.queries import active, instrumen_of
from capaian.measurement.models import SumberRealisasi
from capaian.measurement.sources import take_source
from capaian.organisations.models import Instansi, TahunKinerja, UnitKerja
from capaian.organisations.permissions import Permission, require_right
from capaian.rules.instrumen.store import instrumen_to_data, load_instrumen
from capaian.workflow.audit import audited, record_audit
from capaian.workflow.forms import SheetKey
from capaian.workflow.models import Form
from capaian.workflow.policy import explain_lock
from capaian.workflow.queries import submission_of
from capaian.workflow.transitions import COUNTED


class PenilaianRefused(ValueError):
    """What was given cannot be stored; the message says what is wrong, which rule asks for it, and what to do."""


def sidik_of(definisi: Mapping[str, Any]) -> str:
    """The checksum of an instrument's data, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(definisi, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@audited()
def adopt_pack(*, by: User | None, tahun_kinerja: TahunKinerja, pack_id: str) -> VersiInstrumen:
    """Take the instrument of a pack over for an office, as a published first version; asked twice, it is there once.

    Raises `PermissionDenied` without the right, `PenilaianRefused` for a pack that holds no instrument, and where an
    own one has its key.
    """
    require_right(by, tahun_kinerja, Permission.WRITE_INSTRUMEN)
    try:
        found = load_instrumen(pack_id)
    except KeyError:
        raise PenilaianRefused(f'Paket "{pack_id}" tidak memuat instrumen; pilih dari daftar.') from None
    data = instrumen_to_data(found)
    sidik = sidik_of(data)
    instrumen, _ = Instrumen.objects.get_or_create(
        instansi=tahun_kinerja.instansi,
        kunci=found.kunci,
        defaults={"nama": found.nama, "keluarga": found.keluarga, "pack": pack_id},
    )
    if not instrumen.pack or instrumen.keluarga != found.keluarga:
        raise PenilaianRefused(
            f'"{instrumen.nama}" buatan sendiri sudah memakai kunci {found.kunci}. Hapus drafnya bila tidak '
            "diperlukan, supaya keduanya tidak tercampur dalam satu instrumen."
        )
    known = instrumen.versi.filter(sidik=sidik).first()
    if known is not None:
        return known
    last = instrumen.versi.order_by("-nomor").first()
    versi = VersiInstrumen.objects.create(
        instrumen=instrumen,
        nomor=last.nomor + 1 if last else 1,
        status=VersiInstrumen.Status.TERBIT,
        definisi=data,
        sidik=sidik,
        catatan=f"Diambil dari paket {pack_id}",
        published_at=timezone.now(),
    )
    subject = f"instrumen {found.kunci} v{versi.nomor}"
    _audit(by, "assessments.adopt_pack", tahun_kinerja.instansi, subject, None, {"paket": pack_id})
    return versi


@audited()
def choose_instrumen(
    *, by: User | None, tahun_kinerja: TahunKinerja, versi: VersiInstrumen, kebijakan: Mapping[str, Any] | None = None
) -> PengaturanPenilaian:
    """Let a published version judge its family in a year, by the policies given, and bring the results in line.

    Raises `PenilaianRefused` for a version that is not published, or one of another office; for policies that it does
    not know; and while answers to another version of the family stand in that year.
    """
    require_right(by, tahun_kinerja, Permission.WRITE_INSTRUMEN)
    keluarga = versi.instrumen.keluarga
    if versi.status != VersiInstrumen.Status.TERBIT or versi.instrumen.instansi_id != tahun_kinerja.instansi_id:
        raise PenilaianRefused("Hanya versi terbit milik instansi ini yang dapat dipakai menilai. Terbitkan dahulu.")
    try:
        policies = check_policies(instrumen_of(versi), kebijakan or {})
    except PolicyError as error:
        raise PenilaianRefused(str(error)) from error
    TahunKinerja.objects.select_for_update(no_key=True).get(pk=tahun_kinerja.pk)
    place: dict[str, Any] = {"tahun_kinerja": tahun_kinerja, "keluarga": keluarga}
    if keluarga == Keluarga.LAIN:
        place["versi"] = versi
    row = PengaturanPenilaian.objects.filter(**place).first() or PengaturanPenilaian(**place)
    if row.pk and row.versi_id != versi.pk:
        answered = Penilaian.objects.filter(tahun_kinerja=tahun_kinerja, versi=row.versi_id, jawaban__isnull=False)
        if answered.exists():
            raise PenilaianRefused(
                f"Tahun {tahun_kinerja.tahun} sudah berisi jawaban untuk {row.versi}. "
                "Versi tidak dapat diganti di tengah tahun; pakai versi ini mulai tahun berikutnya."
            )
    before = {"versi": str(row.versi), "kebijakan": row.kebijakan} if row.pk else None
    row.versi, row.kebijakan = versi, policies
    row.save()
    after = {"versi": str(versi), "kebijakan": row.kebijakan}
    if before != after:
        _audit(by, "assessments.choose_instrumen", tahun_kinerja.instansi, f"{keluarga} {tahun_kinerja.tahun}",
               before, after)  # fmt: skip
        recompute(tahun_kinerja, keluarga, versi=versi)
        if keluarga == Keluarga.LKE:
            take_source(by=by, tahun_kinerja=tahun_kinerja, sumber=SumberRealisasi.Sumber.AKIP)
    return row


@audited()
def drop_instrumen(*, by: User | None, tahun_kinerja: TahunKinerja, versi: VersiInstrumen) -> None:
    """Let a version judge a year no longer. Raises `PenilaianRefused` while answers to it stand in that year."""
    require_right(by, tahun_kinerja, Permission.WRITE_INSTRUMEN)
    TahunKinerja.objects.select_for_update(no_key=True).get(pk=tahun_kinerja.pk)
    row = PengaturanPenilaian.objects.filter(tahun_kinerja=tahun_kinerja, versi=versi).first()
    if row is None:
        raise PenilaianRefused(f"{versi} memang tidak dipakai menilai tahun {tahun_kinerja.tahun}.")
    if Penilaian.objects.filter(tahun_kinerja=tahun_kinerja, versi=versi, jawaban__isnull=False).exists():
        raise PenilaianRefused(
            f"Tahun {tahun_kinerja.tahun} sudah berisi jawaban untuk {versi}, jadi tidak dapat dilepas. "
            "Kosongkan dahulu jawabannya bila memang salah pilih."
        )
    before = {"versi": str(versi), "kebijakan": row.kebijakan}
    row.delete()
    subject = f"{versi.instrumen.keluarga} {tahun_kinerja.tahun}"
    _audit(by, "assessments.drop_instrumen", tahun_kinerja.instansi, subject, before, None)


@audited()
def set_sifat(*, by: User | None, tahun_kinerja: TahunKinerja, unit: UnitKerja, sifat: Collection[str]) -> None:
    """Say which properties a unit has in a year, so that items that need others leave its means.

    Only who plans for the office decides that. Raises `PenilaianRefused` for a property that the instrument of the year
    does not know, and once the sheet of the unit is verified: others would be asked than was verified.
    """
    require_right(by, tahun_kinerja, Permission.WRITE_RENCANA)
    judged = active(tahun_kinerja, Keluarga.PKP)
    unknown = set(sifat) - set(judged.instrumen.sifat if judged else {})
    if unknown:
        raise PenilaianRefused(f"Sifat tidak dikenal instrumen tahun ini: {', '.join(sorted(unknown))}.")
    TahunKinerja.objects.select_for_update(no_key=True).get(pk=tahun_kinerja.pk)
    rows = SifatUnit.objects.filter(tahun_kinerja=tahun_kinerja, unit=unit)
    before = set(rows.values_list("sifat", flat=True))
    if before == set(sifat):
        return
    submission = submission_of(SheetKey(tahun_kinerja, Form.PKP.value, unit, 0))
    if submission.state in COUNTED:
        raise PenilaianRefused(f"Sifat {unit} menentukan butir yang sudah diperiksa. {explain_lock(submission)}")
    rows.exclude(sifat__in=sifat).delete()
    SifatUnit.objects.bulk_create(
        SifatUnit(tahun_kinerja=tahun_kinerja, unit=unit, sifat=one) for one in sorted(set(sifat) - before)
    )
    record_audit(
        by=by,
        action="assessments.set_sifat",
        subject=f"sifat {unit.kunci} {tahun_kinerja.tahun}",
        instansi=tahun_kinerja.instansi,
        unit=unit,
        before={"sifat": sorted(before)},
        after={"sifat": sorted(sifat)},
    )
    recompute(tahun_kinerja, Keluarga.PKP, unit)


def recompute(
    tahun_kinerja: TahunKinerja, keluarga: str, unit: UnitKerja | None = None, versi: VersiInstrumen | None = None
) -> None:
    """Bring the stored results of a family in a year in line (of `lain`: by one version), of all units or of one."""
    judged = active(tahun_kinerja, keluarga, versi)
    if judged is None:
        return
    # Held, so that an answer written meanwhile is either counted here or counts the results itself afterwards.
    rows = Penilaian.objects.select_for_update(no_key=True).filter(tahun_kinerja=tahun_kinerja, versi=judged.versi)
    if unit is not None:
        rows = rows.filter(unit=unit)
    store_results(judged, list(rows.order_by("pk")))


def _audit(by: User | None, action: str, instansi: Instansi, subject: str, before: Any, after: Any) -> None:
    record_audit(by=by, action=action, subject=subject, instansi=instansi, before=before, after=after)
