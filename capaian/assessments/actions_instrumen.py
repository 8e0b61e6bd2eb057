"""Writing own instruments: create, copy, change drafts, publish, retire. What is published is never changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify

from capaian.assessments.actions import PenilaianRefused, sidik_of
from capaian.assessments.differences import differences
from capaian.assessments.fields import KELUARGA
from capaian.assessments.models import Instrumen, VersiInstrumen
from capaian.assessments.tree import (
    Definisi,
    Node,
    TreeError,
    find,
    mark,
    node_mark,
    with_added,
    with_changed,
    with_moved,
    with_parent,
    without,
)
from capaian.organisations.models import TahunKinerja
from capaian.organisations.permissions import Permission, require_right
from capaian.rules.instrumen.model import InstrumenError
from capaian.rules.instrumen.read import read_instrumen
from capaian.rules.instrumen.store import instrumen_to_data
from capaian.workflow.audit import audited, record_audit
from capaian.workflow.checks import clean_text
from capaian.workflow.models import AuditEntry

Status = VersiInstrumen.Status
# How many differences an audit entry names; the versions themselves keep all.
_MOST_NAMED = 40


class DraftConflict(PenilaianRefused):
    """Somebody changed the same part of a draft since the person saw it; nothing was stored, and both are told."""


@audited()
def create_instrumen(*, by: User | None, tahun_kinerja: TahunKinerja, nama: str, keluarga: str) -> VersiInstrumen:
    """A new, empty instrument of the office with its first draft.

    Raises `PermissionDenied` without the right, `PenilaianRefused` without a name or a known family.
    """
    require_right(by, tahun_kinerja, Permission.WRITE_INSTRUMEN)
    if keluarga not in dict(KELUARGA):
        raise PenilaianRefused("Pilih apa yang dinilai instrumen ini: Puskesmas, AKIP, atau yang lain.")
    definisi = {
        "rujukan": {"instrumen": "", "tempat": "", "dasar": "tertulis", "catatan": ""},
        "akar": {"kode": "semua", "nama": "Nilai keseluruhan", "agregasi": "rata_rata", "isi": []},
    }
    return _create(by, tahun_kinerja, nama, keluarga, definisi, "assessments.create_instrumen")


@audited()
def copy_versi(*, by: User | None, tahun_kinerja: TahunKinerja, versi: VersiInstrumen, nama: str) -> VersiInstrumen:
    """A new instrument of the office whose first draft is a copy of any version of it."""
    require_right(by, tahun_kinerja, Permission.WRITE_INSTRUMEN)
    _require_own(tahun_kinerja, versi)
    keluarga = versi.instrumen.keluarga
    return _create(by, tahun_kinerja, nama, keluarga, versi.definisi, "assessments.copy_versi", f"Salinan {versi}")


@audited()
def create_draft(*, by: User | None, tahun_kinerja: TahunKinerja, versi: VersiInstrumen) -> VersiInstrumen:
    """The next version of an instrument as a draft, a copy of the version given. Refused while it has a draft."""
    require_right(by, tahun_kinerja, Permission.WRITE_INSTRUMEN)
    _require_own(tahun_kinerja, versi)
    instrumen = Instrumen.objects.select_for_update(no_key=True).get(pk=versi.instrumen_id)
    standing = instrumen.versi.filter(status=Status.DRAF).first()
    if standing is not None:
        raise PenilaianRefused(f"{standing} masih draf; lanjutkan draf itu, atau hapus dahulu. Satu draf saja.")
    last = instrumen.versi.aggregate(last=Max("nomor"))["last"] or 0
    draft = VersiInstrumen.objects.create(instrumen=instrumen, nomor=last + 1, definisi=versi.definisi)
    _audit(by, "assessments.create_draft", draft, None, {"dari": f"v{versi.nomor}"})
    return draft


@audited()
def save_head(
    *, by: User | None, tahun_kinerja: TahunKinerja, versi: VersiInstrumen, base: str, values: Mapping[str, Any]
) -> VersiInstrumen:
    """Change what concerns a draft as a whole, by name (`nama`, `rujukan`, `sifat`, `klasifikasi` …).

    `base` is the `head_mark` of what the person saw. Raises `DraftConflict`, `PenilaianRefused`.
    """
    draft = _hold(by, tahun_kinerja, versi)
    if head_mark(draft.definisi, values) != base:
        raise _conflict(draft, "Bagian ini")
    return _store(by, draft, {**draft.definisi, **values})


def head_mark(definisi: Mapping[str, Any], names: Mapping[str, Any]) -> str:
    """What a person saw of the named parts of the head."""
    return mark({name: definisi.get(name) for name in names})


@audited()
def save_node(
    *,
    by: User | None,
    tahun_kinerja: TahunKinerja,
    versi: VersiInstrumen,
    kode: str,
    base: str,
    values: Node,
    induk: str = "",
) -> VersiInstrumen:
    """Replace the fields of one group or item of a draft, and hang it below `induk` where that is another group.

    `base` is the `node_mark` of what the person saw. Raises `DraftConflict`, `PenilaianRefused`.
    """

    def change(definisi: Definisi) -> Definisi:
        found = with_changed(definisi, kode, values)
        return with_parent(found, values["kode"], induk) if induk else found

    return _change_node(by, tahun_kinerja, versi, kode, base, change)


@audited()
def add_node(
    *, by: User | None, tahun_kinerja: TahunKinerja, versi: VersiInstrumen, induk: str, values: Node
) -> VersiInstrumen:
    """Add a group (with `isi`) or an item last below a group of a draft. Raises `PenilaianRefused`."""
    draft = _hold(by, tahun_kinerja, versi)
    return _store(by, draft, _told(lambda: with_added(draft.definisi, induk, dict(values))))


@audited()
def move_node(
    *, by: User | None, tahun_kinerja: TahunKinerja, versi: VersiInstrumen, kode: str, step: int
) -> VersiInstrumen:
    """Move a group or item of a draft one place up (-1) or down (1) among its neighbours."""
    draft = _hold(by, tahun_kinerja, versi)
    return _store(by, draft, _told(lambda: with_moved(draft.definisi, kode, step)))


@audited()
def delete_node(
    *, by: User | None, tahun_kinerja: TahunKinerja, versi: VersiInstrumen, kode: str, base: str
) -> VersiInstrumen:
    """Take a group or item, with all below it, out of a draft. Raises `DraftConflict`, `PenilaianRefused`."""
    return _change_node(by, tahun_kinerja, versi, kode, base, lambda definisi: without(definisi, kode))


@audited()
def replace_draft(
    *, by: User | None, tahun_kinerja: TahunKinerja, versi: VersiInstrumen, base: str, definisi: Definisi
) -> VersiInstrumen:
    """Replace a draft whole by what a workbook holds; `base` is the `draft_mark` that the preview was made against."""
    draft = _hold(by, tahun_kinerja, versi)
    if draft_mark(draft) != base:
        raise _conflict(draft, "Draf ini")
    return _store(by, draft, _named(draft.instrumen, definisi))


def draft_mark(versi: VersiInstrumen) -> str:
    """When a draft was changed last, as a form carries it."""
    return versi.changed_at.isoformat()


@audited()
def publish_versi(
    *, by: User | None, tahun_kinerja: TahunKinerja, versi: VersiInstrumen, base: str, catatan: str
) -> VersiInstrumen:
    """Publish a draft that can be used, with what changed and why. From then on it stays as it is.

    `base` is the `draft_mark` of what the person saw. Raises `DraftConflict`; `PenilaianRefused` without a note, for
    content that cannot be used, and for content that a published version has already.
    """
    draft = _hold(by, tahun_kinerja, versi)
    if draft_mark(draft) != base:
        raise _conflict(draft, "Draf ini")
    why = _reason(catatan, "Tuliskan apa yang berubah dan dasarnya, supaya pembaca nanti tahu mengapa ada versi ini.")
    try:
        found = read_instrumen(draft.definisi)
    except InstrumenError as error:
        raise PenilaianRefused(
            f"Belum dapat diterbitkan: {len(error.problems)} masalah. Yang pertama: {error.problems[0]}"
        ) from None
    data = instrumen_to_data(found)
    same = draft.instrumen.versi.filter(sidik=sidik_of(data)).exclude(status=Status.DITARIK).first()
    if same is not None:
        raise PenilaianRefused(f"Isinya sama dengan v{same.nomor} yang sudah terbit; tidak perlu diterbitkan lagi.")
    draft.definisi, draft.sidik, draft.status, draft.catatan = data, sidik_of(data), Status.TERBIT, why
    draft.published_at = draft.changed_at = timezone.now()
    draft.save()
    _name(draft.instrumen, found.nama)
    _audit(by, "assessments.publish_versi", draft, None, {"sidik": draft.sidik[:12]}, why)
    return draft


@audited()
def retire_versi(*, by: User | None, tahun_kinerja: TahunKinerja, versi: VersiInstrumen, alasan: str) -> VersiInstrumen:
    """Take a published version out of use: years that chose it keep it, no further year can choose it."""
    require_right(by, tahun_kinerja, Permission.WRITE_INSTRUMEN)
    held = _locked(tahun_kinerja, versi)
    if held.status != Status.TERBIT:
        raise PenilaianRefused("Hanya versi terbit yang dapat ditarik.")
    why = _reason(alasan, "Tuliskan mengapa versi ini tidak dipakai lagi.")
    held.status = Status.DITARIK
    held.save(update_fields=["status"])
    _audit(by, "assessments.retire_versi", held, {"status": "terbit"}, {"status": "ditarik"}, why)
    return held


@audited()
def delete_draft(*, by: User | None, tahun_kinerja: TahunKinerja, versi: VersiInstrumen, base: str) -> None:
    """Delete a draft, and its instrument where it has no other version. `base` is the `draft_mark` that was seen."""
    draft = _hold(by, tahun_kinerja, versi)
    if draft_mark(draft) != base:
        raise _conflict(draft, "Draf ini")
    if draft.penilaian.exists() or draft.pengaturan.exists():
        raise PenilaianRefused("Versi ini sudah dipakai menilai, jadi tidak dapat dihapus.")
    _audit(by, "assessments.delete_draft", draft, {"nama": draft.definisi.get("nama", "")}, None)
    others = draft.instrumen.versi.exclude(pk=draft.pk).exists()
    draft.delete()
    if not others:
        draft.instrumen.delete()


def create_from_definisi(
    *, by: User | None, tahun_kinerja: TahunKinerja, kunci: str, keluarga: str, definisi: Definisi
) -> VersiInstrumen:
    """A new instrument from the content of a workbook, under its own key. Call it inside `audited`."""
    require_right(by, tahun_kinerja, Permission.WRITE_INSTRUMEN)
    nama = str(definisi.get("nama", ""))
    return _create(by, tahun_kinerja, nama, keluarga, definisi, "assessments.create_instrumen", "Dari Excel", kunci)


def _create(
    by: User | None,
    tahun_kinerja: TahunKinerja,
    nama: str,
    keluarga: str,
    definisi: Definisi,
    action: str,
    catatan: str = "",
    kunci: str = "",
) -> VersiInstrumen:
    nama = " ".join(clean_text(nama).split())
    if not nama or len(nama) > 200:
        raise PenilaianRefused("Isi nama instrumen, paling panjang 200 huruf.")
    TahunKinerja.objects.select_for_update(no_key=True).get(pk=tahun_kinerja.pk)
    rows = tahun_kinerja.instansi.instrumen
    if rows.filter(nama__iexact=nama).exists():
        raise PenilaianRefused(f'Instrumen bernama "{nama}" sudah ada. Beri nama lain, atau buat versi barunya.')
    stem = kunci or slugify(nama).replace("-", "_")[:70] or "instrumen"
    taken = set(rows.filter(kunci__startswith=stem).values_list("kunci", flat=True))
    kunci = next(one for one in (stem, *(f"{stem}_{number}" for number in range(2, 999))) if one not in taken)
    instrumen = rows.create(kunci=kunci, nama=nama, keluarga=keluarga)
    draft = VersiInstrumen.objects.create(
        instrumen=instrumen, nomor=1, definisi=_named(instrumen, {**definisi, "nama": nama}), catatan=catatan[:300]
    )
    _audit(by, action, draft, None, {"nama": nama, "keluarga": keluarga, "dari": catatan})
    return draft


def _named(instrumen: Instrumen, definisi: Definisi) -> Definisi:
    """The data under the key and the family of the instrument that it belongs to."""
    return {**definisi, "kunci": instrumen.kunci, "keluarga": instrumen.keluarga}


def _hold(by: User | None, tahun_kinerja: TahunKinerja, versi: VersiInstrumen) -> VersiInstrumen:
    """The version, held until the transaction ends, for somebody who may change it; only a draft can be."""
    require_right(by, tahun_kinerja, Permission.WRITE_INSTRUMEN)
    held = _locked(tahun_kinerja, versi)
    if held.status != Status.DRAF:
        raise PenilaianRefused(
            f"{held} sudah {held.get_status_display().lower()} dan tidak diubah lagi, supaya penilaian yang memakainya "
            "tetap dapat diperiksa. Buat draf versi baru, ubah di sana."
        )
    return held


def _locked(tahun_kinerja: TahunKinerja, versi: VersiInstrumen) -> VersiInstrumen:
    _require_own(tahun_kinerja, versi)
    rows = VersiInstrumen.objects.select_for_update(of=("self",), no_key=True).select_related("instrumen__instansi")
    found = rows.filter(pk=versi.pk).first()
    if found is None:
        raise PenilaianRefused("Versi ini sudah dihapus. Muat ulang daftar instrumen.")
    return found


def _require_own(tahun_kinerja: TahunKinerja, versi: VersiInstrumen) -> None:
    if versi.instrumen.instansi_id != tahun_kinerja.instansi_id:
        raise PenilaianRefused("Versi ini milik instansi lain.")


def _change_node(
    by: User | None,
    tahun_kinerja: TahunKinerja,
    versi: VersiInstrumen,
    kode: str,
    base: str,
    change: Callable[[Definisi], Definisi],
) -> VersiInstrumen:
    draft = _hold(by, tahun_kinerja, versi)
    try:
        seen = node_mark(find(draft.definisi, kode))
    except TreeError as error:
        raise _conflict(draft, f'"{kode}"') from error
    if seen != base:
        raise _conflict(draft, f'"{kode}"')
    return _store(by, draft, _told(lambda: change(draft.definisi)))


def _told(change: Callable[[], Definisi]) -> Definisi:
    try:
        return change()
    except TreeError as error:
        raise PenilaianRefused(str(error)) from error


def _store(by: User | None, draft: VersiInstrumen, definisi: Definisi) -> VersiInstrumen:
    """Store changed data of a held draft with an audit entry that names the differences; nothing without any."""
    found = differences(draft.definisi, definisi)
    if not found and draft.definisi == definisi:
        return draft
    before = {f"{one.kode or 'instrumen'}: {one.bidang}": one.before for one in found[:_MOST_NAMED]}
    after = {f"{one.kode or 'instrumen'}: {one.bidang}": one.after for one in found[:_MOST_NAMED]}
    if len(found) > _MOST_NAMED:
        after["dan perubahan lain"] = str(len(found) - _MOST_NAMED)
    draft.definisi, draft.changed_at = definisi, timezone.now()
    draft.save(update_fields=["definisi", "changed_at"])
    if not draft.instrumen.versi.exclude(status=Status.DRAF).exists():
        _name(draft.instrumen, str(definisi.get("nama", "")))
    _audit(by, "assessments.change_draft", draft, before, after)
    return draft


def _name(instrumen: Instrumen, nama: str) -> None:
    """The instrument is listed by the name of what was published last, or of its first draft."""
    if nama and instrumen.nama != nama[:200]:
        instrumen.nama = nama[:200]
        instrumen.save(update_fields=["nama"])


def _reason(text: str, missing: str) -> str:
    why = clean_text(text)
    if not why:
        raise PenilaianRefused(missing)
    if len(why) > 300:
        raise PenilaianRefused(f"Keterangannya {len(why)} huruf; paling banyak 300.")
    return why


def _conflict(draft: VersiInstrumen, what: str) -> DraftConflict:
    """Who changed the draft last, and when, in words."""
    last = (
        AuditEntry.objects.filter(instansi=draft.instrumen.instansi_id, subject=_subject(draft)).order_by("-pk").first()
    )
    who = f" oleh {last.by}" if last and last.by else ""
    at = timezone.localtime(draft.changed_at)
    return DraftConflict(
        f"{what} sudah diubah{who} pada {at:%d-%m-%Y %H.%M} sesudah Anda membukanya, jadi belum disimpan. Isian "
        "Anda masih di bawah ini; bandingkan dengan yang tersimpan, lalu simpan lagi bila tetap diinginkan."
    )


def _subject(versi: VersiInstrumen) -> str:
    return f"instrumen {versi.instrumen.kunci} v{versi.nomor}"


def _audit(by: User | None, action: str, versi: VersiInstrumen, before: Any, after: Any, reason: str = "") -> None:
    record_audit(
        by=by,
        action=action,
        subject=_subject(versi),
        instansi=versi.instrumen.instansi,
        before=before,
        after=after,
        reason=reason,
    )
