"""Attaching evidence to a figure, taking it away again, and whether an office asks for it before submission."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone

from capaian.measurement.bukti_files import FileKind, clean_name, read_kind
from capaian.measurement.bukti_queries import sheet_bukti
from capaian.measurement.bukti_scan import FileInfected, scan
from capaian.measurement.models import BuktiDukung
from capaian.organisations.models import Instansi, TahunKinerja
from capaian.organisations.permissions import Permission, require_right
from capaian.workflow.actions import hold_open
from capaian.workflow.audit import audited, record_audit, record_refusal
from capaian.workflow.checks import clean_text
from capaian.workflow.forms import SheetKey, SheetRow, form_definition
from capaian.workflow.policy import may_write
from capaian.workflow.queries import deadline_of, submission_of
from capaian.workflow.storage import Readable, Stored, store

MAX_PER_FIGURE: Final = 20
MAX_LINK: Final = 500
FOLDER: Final = "bukti"


class BuktiRefused(ValueError):
    """Evidence that cannot be taken as it is; the message says what to do."""


def attach_file(
    *,
    by: User | None,
    key: SheetKey,
    kunci: str,
    stream: Readable,
    name: str,
    tanggal: date | None,
    request_key: UUID,
    today: date,
) -> BuktiDukung:
    """Attach a file to the figure `kunci` of a sheet; the same `request_key` again gives what is attached already.

    The file is checked, scanned and kept before the transaction that attaches it, so that nobody waits for a scanner.
    Raises `PermissionDenied`, `StateRefused` for a sheet that is not open, `FileRefused` for the file (a find of the
    scanner leaves an audit entry), `BuktiRefused` for the rest.
    """
    row = _require_open(by, key, kunci, today)
    _check_date(tanggal, today)
    known = _attached_before(request_key, key, row)
    if known:
        return known
    _require_room(key, row)
    name = clean_name(name)
    kept, seen = _keep(by, key, row, stream, name)
    values = {
        "nama": name,
        "berkas": kept.path,
        "jenis_berkas": seen.kind.media_type,
        "ukuran": kept.size,
        "sha256": kept.sha256,
        "pindai": seen.pindai,
    }
    return _attach(by, key, row, {**values, "tanggal": tanggal}, request_key, today)


def attach_link(
    *,
    by: User | None,
    key: SheetKey,
    kunci: str,
    tautan: str,
    nama: str,
    tanggal: date | None,
    request_key: UUID,
    today: date,
) -> BuktiDukung:
    """Attach a link (http or https) to the figure `kunci` of a sheet. Raises as `attach_file` does."""
    row = _require_open(by, key, kunci, today)
    _check_date(tanggal, today)
    tautan = read_link(tautan)
    known = _attached_before(request_key, key, row)
    if known:
        return known
    values = {"nama": clean_text(nama)[:200] or urlsplit(tautan).hostname or tautan[:200], "tautan": tautan}
    return _attach(by, key, row, {**values, "tanggal": tanggal}, request_key, today)


@audited()
def remove_bukti(*, by: User | None, bukti: BuktiDukung, today: date) -> None:
    """Take evidence away from its figure while the sheet is open; row and file stay for the audit trail.

    Done twice, it is done once. Raises `PermissionDenied` and `StateRefused` as `attach_file` does.
    """
    require_right(by, bukti.tahun_kinerja, Permission.ATTACH_BUKTI, bukti.unit)
    hold_open(SheetKey(bukti.tahun_kinerja, bukti.form, bukti.unit, bukti.periode), today)
    changed = BuktiDukung.objects.filter(pk=bukti.pk, removed_at=None).update(removed_at=timezone.now())
    if changed:
        record_audit(
            by=by,
            action="measurement.remove_bukti",
            subject=bukti.subject,
            instansi=bukti.tahun_kinerja.instansi,
            unit=bukti.unit,
            before=_facts(bukti),
        )


@audited()
def set_wajib_bukti(*, by: User | None, tahun_kinerja: TahunKinerja, wajib: bool) -> None:
    """Whether the office asks for evidence of every filled figure before a form is submitted."""
    require_right(by, tahun_kinerja, Permission.SET_DEADLINES)
    instansi = Instansi.objects.select_for_update(no_key=True).get(pk=tahun_kinerja.instansi_id)
    if instansi.wajib_bukti == wajib:
        return
    Instansi.objects.filter(pk=instansi.pk).update(wajib_bukti=wajib)
    record_audit(
        by=by,
        action="measurement.set_wajib_bukti",
        subject=instansi.kunci,
        instansi=instansi,
        before={"wajib_bukti": not wajib},
        after={"wajib_bukti": wajib},
    )


def _require_open(by: User | None, key: SheetKey, kunci: str, today: date) -> SheetRow:
    """The row of an open sheet that evidence may be attached to."""
    require_right(by, key.tahun_kinerja, Permission.ATTACH_BUKTI, key.unit)
    may_write(submission_of(key), deadline_of(key), today).require()
    row = form_definition(key.form).read(key, today).by_kunci.get(kunci)
    if row is None:
        raise BuktiRefused("Angka ini tidak ada (lagi) dalam lembar ini; muat ulang halaman.")
    if row.closed:
        raise BuktiRefused(f"Bukti dukung belum dapat dilampirkan pada {row.nama}: {row.closed}")
    return row


def _check_date(tanggal: date | None, today: date) -> None:
    if tanggal is not None and not date(1990, 1, 1) <= tanggal <= today:
        raise BuktiRefused("Tanggal bukti dukung tidak boleh di masa depan dan tidak sebelum tahun 1990; periksa lagi.")


def read_link(text: str) -> str:
    """A link as it can be kept: http or https, visible, no password in it. Raises `BuktiRefused`."""
    tautan = text.strip()
    if clean_text(tautan) != tautan:
        raise BuktiRefused("Tautan memuat karakter yang tidak tampak; salin lagi tautannya, diawali https://.")
    try:
        URLValidator(schemes=["http", "https"])(tautan)
    except ValidationError as error:
        raise BuktiRefused("Tautan ditulis lengkap dan diawali https:// atau http://, tanpa spasi.") from error
    if len(tautan) > MAX_LINK:
        raise BuktiRefused(f"Tautan paling panjang {MAX_LINK} huruf; pakai tautan yang lebih pendek.")
    if urlsplit(tautan).username is not None:
        raise BuktiRefused("Tautan tidak boleh memuat nama pengguna atau kata sandi; hapus bagian sebelum tanda @.")
    return tautan


def _attached_before(request_key: UUID, key: SheetKey, row: SheetRow) -> BuktiDukung | None:
    known = BuktiDukung.objects.filter(request_key=request_key).first()
    if known is None:
        return None
    place = (known.tahun_kinerja_id, known.form, known.unit_id, known.subject)
    if place != (key.tahun_kinerja.pk, key.form, key.unit.pk if key.unit else None, row.subject):
        raise BuktiRefused("Permintaan ini sudah dipakai untuk angka lain; muat ulang halaman, lalu lampirkan lagi.")
    return known


def _require_room(key: SheetKey, row: SheetRow) -> None:
    if sheet_bukti(key).filter(subject=row.subject).count() >= MAX_PER_FIGURE:
        raise BuktiRefused(
            f"Satu angka paling banyak mempunyai {MAX_PER_FIGURE} bukti dukung. Hapus yang tidak perlu, atau gabungkan."
        )


@dataclass
class _Seen:
    """What looking at a file before it is kept found."""

    kind: FileKind
    pindai: str


def _keep(by: User | None, key: SheetKey, row: SheetRow, stream: Readable, name: str) -> tuple[Stored, _Seen]:
    """Check, scan and store a file; what the scanner finds leaves an entry with the checksum of what was handed in."""
    seen: list[_Seen] = []

    def look(path: Path) -> None:
        kind = read_kind(path, name)
        try:
            seen.append(_Seen(kind, scan(path)))
        except FileInfected as refusal:
            with path.open("rb") as handle:
                sha256 = hashlib.file_digest(handle, "sha256").hexdigest()
            _record_infected(by, key, row, {"nama": name, "sha256": sha256}, str(refusal))
            raise

    kept = store(stream, settings.EVIDENCE_MAX_BYTES, FOLDER, look)
    return kept, seen[0]


def _record_infected(by: User | None, key: SheetKey, row: SheetRow, facts: dict[str, str], reason: str) -> None:
    record_refusal(
        by=by,
        action="measurement.attach_bukti",
        subject=row.subject,
        instansi=key.tahun_kinerja.instansi,
        unit=key.unit,
        after=facts,
        reason=reason,
    )


@audited()
def _attach(
    by: User | None, key: SheetKey, row: SheetRow, values: dict[str, Any], request_key: UUID, today: date
) -> BuktiDukung:
    """Store the row, with the sheet held: the state, the number and a repeated request are looked at once more."""
    hold_open(key, today)
    known = _attached_before(request_key, key, row)
    if known:
        return known
    _require_room(key, row)
    content = {name: values[name] for name in ("sha256", "tautan") if values.get(name)}
    twin = sheet_bukti(key).filter(subject=row.subject, **content).first()
    if twin:
        raise BuktiRefused(f'Bukti yang sama sudah terlampir pada angka ini dengan nama "{twin.nama}".')
    bukti = BuktiDukung.objects.create(
        tahun_kinerja=key.tahun_kinerja,
        form=key.form,
        unit=key.unit,
        periode=key.periode,
        subject=row.subject,
        by=by,
        request_key=request_key,
        **values,
    )
    record_audit(
        by=by,
        action="measurement.attach_bukti",
        subject=row.subject,
        instansi=key.tahun_kinerja.instansi,
        unit=key.unit,
        after=_facts(bukti),
    )
    return bukti


def _facts(bukti: BuktiDukung) -> dict[str, str]:
    """What an audit entry keeps of a piece of evidence."""
    facts = {
        "bukti": bukti.nama,
        "tautan": bukti.tautan,
        "sha256": bukti.sha256,
        "tanggal": bukti.tanggal.isoformat() if bukti.tanggal else "",
    }
    return {name: value for name, value in facts.items() if value}
