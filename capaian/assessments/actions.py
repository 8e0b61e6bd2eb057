"""Writing what assessments are judged by: the instrument of a year, its policies, the properties of units."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from django.contrib.auth.models import User
from django.utils import timezone

from capaian.assessments.compute import compare_results, write_results
from capaian.assessments.models import (
    Instrumen,
    Jawaban,
    Keluarga,
    PengaturanPenilaian,
    Penilaian,
    SifatUnit,
    VersiInstrumen,
)
from capaian.assessments.policies import PolicyError, check_policies
from capaian.assessments.queries import active, instrumen_of, sifat_by_unit
from capaian.measurement.models import SumberRealisasi
from capaian.measurement.sources import take_source
from capaian.organisations.models import Instansi, TahunKinerja, UnitKerja
from capaian.organisations.permissions import Permission, require_right
from capaian.rules.instrumen.store import instrumen_to_data, load_instrumen
from capaian.workflow.audit import audited, record_audit
from capaian.workflow.models import Form, Submission
from capaian.workflow.transitions import EDITABLE

_NAMED: Final = 5


class PenilaianRefused(ValueError):
    """What was given cannot be stored; the message says what is wrong, which rule asks for it, and what to do."""


def hold_year(tahun_kinerja: TahunKinerja) -> None:
    """Let one at a time choose what a year is judged by, begin an assessment, or write an evaluation of the office.

    Read what is `active` after it, so that what was chosen meanwhile counts.
    """
    TahunKinerja.objects.select_for_update(no_key=True).get(pk=tahun_kinerja.pk)


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
    not know; while answers to another version of the family stand in that year; and where a result of closed work
    would change.
    """
    require_right(by, tahun_kinerja, Permission.WRITE_INSTRUMEN)
    keluarga = versi.instrumen.keluarga
    if versi.status != VersiInstrumen.Status.TERBIT or versi.instrumen.instansi_id != tahun_kinerja.instansi_id:
        raise PenilaianRefused("Hanya versi terbit milik instansi ini yang dapat dipakai menilai. Terbitkan dahulu.")
    try:
        policies = check_policies(instrumen_of(versi), kebijakan or {})
    except PolicyError as error:
        raise PenilaianRefused(str(error)) from error
    hold_year(tahun_kinerja)
    place: dict[str, Any] = {"tahun_kinerja": tahun_kinerja, "keluarga": keluarga}
    if keluarga == Keluarga.LAIN:
        place["versi"] = versi
    row = PengaturanPenilaian.objects.filter(**place).first() or PengaturanPenilaian(**place)
    if row.pk and row.versi_id != versi.pk and _is_answered(tahun_kinerja, row.versi):
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
            # The indicator tells by which reading of the edges its predicate holds, even where that stays the same.
            take_source(by=by, tahun_kinerja=tahun_kinerja, sumber=SumberRealisasi.Sumber.AKIP)
    return row


@audited()
def drop_instrumen(*, by: User | None, tahun_kinerja: TahunKinerja, versi: VersiInstrumen) -> None:
    """Let a version judge a year no longer. Raises `PenilaianRefused` while answers to it stand in that year."""
    require_right(by, tahun_kinerja, Permission.WRITE_INSTRUMEN)
    hold_year(tahun_kinerja)
    row = PengaturanPenilaian.objects.filter(tahun_kinerja=tahun_kinerja, versi=versi).first()
    if row is None:
        raise PenilaianRefused(f"{versi} memang tidak dipakai menilai tahun {tahun_kinerja.tahun}.")
    if _is_answered(tahun_kinerja, versi):
        raise PenilaianRefused(
            f"Tahun {tahun_kinerja.tahun} sudah berisi jawaban untuk {versi}, jadi tidak dapat dilepas. "
            "Kosongkan dahulu jawabannya bila memang salah pilih."
        )
    before = {"versi": str(versi), "kebijakan": row.kebijakan}
    row.delete()
    subject = f"{versi.instrumen.keluarga} {tahun_kinerja.tahun}"
    _audit(by, "assessments.drop_instrumen", tahun_kinerja.instansi, subject, before, None)


@audited()
def set_sifat(*, by: User | None, tahun_kinerja: TahunKinerja, sifat: Mapping[UnitKerja, Collection[str]]) -> int:
    """Say which properties units have in a year, so that items that need others leave their means: all, or none.

    Only who plans for the office decides that. Returns how many units changed. Raises `PenilaianRefused` for a property
    that the instrument of the year does not know, and where a result of closed work would change.
    """
    require_right(by, tahun_kinerja, Permission.WRITE_RENCANA)
    hold_year(tahun_kinerja)
    judged = active(tahun_kinerja, Keluarga.PKP)
    unknown = {one for names in sifat.values() for one in names} - set(judged.instrumen.sifat if judged else {})
    if unknown:
        raise PenilaianRefused(f"Sifat tidak dikenal instrumen tahun ini: {', '.join(sorted(unknown))}.")
    before = sifat_by_unit(tahun_kinerja, [unit.pk for unit in sifat])
    changed = [unit for unit, names in sifat.items() if set(names) != before[unit.pk]]
    for unit in changed:
        _replace_sifat(by, tahun_kinerja, unit, before[unit.pk], sifat[unit])
    if changed:
        recompute(tahun_kinerja, Keluarga.PKP, changed)
    return len(changed)


def _replace_sifat(
    by: User | None, tahun_kinerja: TahunKinerja, unit: UnitKerja, before: Collection[str], after: Collection[str]
) -> None:
    SifatUnit.objects.filter(tahun_kinerja=tahun_kinerja, unit=unit).exclude(sifat__in=after).delete()
    SifatUnit.objects.bulk_create(
        SifatUnit(tahun_kinerja=tahun_kinerja, unit=unit, sifat=one) for one in sorted(set(after) - set(before))
    )
    record_audit(
        by=by,
        action="assessments.set_sifat",
        subject=f"sifat {unit.kunci} {tahun_kinerja.tahun}",
        instansi=tahun_kinerja.instansi,
        unit=unit,
        before={"sifat": sorted(before)},
        after={"sifat": sorted(after)},
    )


def recompute(
    tahun_kinerja: TahunKinerja,
    keluarga: str,
    units: Collection[UnitKerja] | None = None,
    versi: VersiInstrumen | None = None,
) -> None:
    """Bring the stored results of a family in a year in line (of `lain`: by one version), of all units or of some.

    Raises `PenilaianRefused` where that would change a result of closed work; the transaction is to be undone then.
    """
    judged = active(tahun_kinerja, keluarga, versi)
    if judged is None:
        return
    held = [one for one in _hold(tahun_kinerja, judged.versi) if units is None or one.unit in units]
    found = compare_results(judged, held)
    _require_open(tahun_kinerja, keluarga, [one for one in held if one.pk in found.touched])
    write_results(judged, found)


def _hold(tahun_kinerja: TahunKinerja, versi: VersiInstrumen) -> list[Penilaian]:
    """The assessments of a year by a version, in one order for all, until the transaction ends.

    An answer written meanwhile is either seen now, or counts the results itself afterwards.
    """
    rows = Penilaian.objects.select_for_update(of=("self",), no_key=True).select_related("tahun_kinerja", "unit")
    return list(rows.filter(tahun_kinerja=tahun_kinerja, versi=versi).order_by("pk"))


def _is_answered(tahun_kinerja: TahunKinerja, versi: VersiInstrumen) -> bool:
    return Jawaban.objects.filter(penilaian__in=_hold(tahun_kinerja, versi)).exists()


def _require_open(tahun_kinerja: TahunKinerja, keluarga: str, touched: Sequence[Penilaian]) -> None:
    """Hold results to what their people handed in: a sheet is opened again first, with a reason, or nothing changes."""
    closed = _closed_sheets(tahun_kinerja) if keluarga == Keluarga.PKP else set()
    names = [str(one.unit or one.get_tingkat_display()) for one in touched if one.selesai_pada or one.unit_id in closed]
    if not names:
        return
    more = f", dan {len(names) - _NAMED} lagi" if len(names) > _NAMED else ""
    raise PenilaianRefused(
        f"Belum disimpan, karena hasil yang sudah diserahkan akan berubah: {', '.join(names[:_NAMED])}{more}. "
        "Kembalikan atau buka kembali dahulu dengan alasan, lalu simpan lagi; atau tetapkan sebelum pekerjaan "
        "diserahkan, mulai tahun berikutnya."
    )


def _closed_sheets(tahun_kinerja: TahunKinerja) -> set[int | None]:
    """The units whose sheet of the PKP was handed in. One query."""
    rows = Submission.objects.filter(tahun_kinerja=tahun_kinerja, form=Form.PKP).exclude(state__in=EDITABLE)
    return set(rows.values_list("unit", flat=True))


def _audit(by: User | None, action: str, instansi: Instansi, subject: str, before: Any, after: Any) -> None:
    record_audit(by=by, action=action, subject=subject, instansi=instansi, before=before, after=after)
