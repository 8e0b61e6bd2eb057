"""Taking in a workbook, checking it, and applying it as a whole: rights asked when it is checked and when applied."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from capaian.exchange.kinds import Checked, Finding, Report
from capaian.exchange.models import Upload
from capaian.exchange.uploads import kind_entry, sorted_findings
from capaian.organisations.models import TahunKinerja
from capaian.organisations.permissions import Permission, office_of
from capaian.workflow.audit import audited, record_audit, record_refusal
from capaian.workflow.checks import clean_text
from capaian.workflow.forms import form_definitions
from capaian.workflow.jobs import JobRefused, enqueue, finish, held, queue_again
from capaian.workflow.storage import Readable, store, stored_path, verify_stored

FOLDER: Final = "uploads"
_Jenis, _State = Upload.Jenis, Upload.State


class UploadRefused(ValueError):
    """Something that cannot be done with an upload now; the message says why and what to do."""


@audited()
def receive_upload(
    *,
    by: User | None,
    tahun_kinerja: TahunKinerja,
    jenis: str,
    nama: str,
    stream: Readable,
    options: Mapping[str, Any] | None = None,
) -> Upload:
    """Keep an uploaded workbook under its checksum and queue its check.

    Raises `PermissionDenied` for a person without the right and `FileRefused`, in words, for a file that is no plain
    .xlsx, too large outside or inside, or for which there is no room. Then nothing is kept.
    """
    _require_right(by, tahun_kinerja, jenis, options or {})
    entry = kind_entry(jenis)
    kept = store(stream, settings.UPLOAD_MAX_BYTES, FOLDER, lambda path: entry.inspect(path, entry.limits))
    upload = Upload.objects.create(
        tahun_kinerja=tahun_kinerja,
        jenis=jenis,
        nama=clean_text(Path(nama).name)[:200] or "berkas.xlsx",
        berkas=kept.path,
        checksum=kept.sha256,
        ukuran=kept.size,
        options=dict(options or {}),
        created_by=by,
        langkah="Menunggu giliran",
    )
    facts = {"jenis": jenis, "nama": upload.nama, "checksum": kept.sha256, "ukuran": kept.size}
    _record(upload, by, "exchange.receive_upload", facts)
    enqueue(upload)
    return upload


@audited()
def request_apply(
    *, by: User, upload: Upload, choices: Mapping[str, Mapping[str, str]] | None = None, partial: bool = False
) -> bool:
    """Queue the applying of a checked upload; False where it is applied or on its way already.

    `choices` decide the conflicts, by `sheet!cell`: `pakai` (`excel` or `tersimpan`) and `theirs`, the stored value
    that the person saw. Raises `UploadRefused` while errors stand or a conflict is undecided, unless `partial`.
    """
    _require_right(by, upload.tahun_kinerja, upload.jenis, upload.options)
    upload = (
        Upload.objects.select_for_update(of=("self",), no_key=True)
        .select_related("tahun_kinerja__instansi")
        .get(pk=upload.pk)
    )
    if upload.applied_at or upload.is_pending:
        return False
    _require_ready(upload, choices or {}, partial)
    order = {"by": by.pk, "pilihan": {place: dict(one) for place, one in (choices or {}).items()}, "sebagian": partial}
    return queue_again(upload, "Menunggu diterapkan", options={**upload.options, "terapkan": order})


def process(upload: Upload) -> dict[str, Any] | None:
    """The work of an upload's job: apply it where somebody ordered that, else check it. Raises `JobRefused`."""
    path = _path(upload)
    refusal = ""
    if upload.options.get("terapkan") and not upload.applied_at:
        by = User.objects.get(pk=upload.options["terapkan"]["by"])
        try:
            _apply(upload, path, by)
        except (ValueError, PermissionDenied) as error:
            refusal = str(error)
            record_refusal(
                by=by,
                action="exchange.apply_upload",
                subject=_subject(upload),
                reason=refusal,
                instansi=upload.tahun_kinerja.instansi,
            )
        else:
            return None
    report = _reporter(upload)
    report(5, "Membaca berkas")
    checked = kind_entry(upload.jenis).kind.check(upload, path, report)
    return _checked_values(upload, checked, refusal)


def _apply(upload: Upload, path: Path, by: User) -> None:
    """Apply the whole file in one transaction together with the mark that it is applied, so that it happens once."""
    upload.show_progress(20, "Menerapkan")
    order = upload.options["terapkan"]
    with held(upload):
        _require_right(by, upload.tahun_kinerja, upload.jenis, upload.options)
        counts = kind_entry(upload.jenis).kind.apply(upload, path, by=by, report=_quiet)
        now = timezone.now()
        facts = {name: value for name, value in counts.items() if isinstance(value, int | str)}
        _record(
            upload,
            by,
            "exchange.apply_upload",
            {"checksum": upload.checksum, "sebagian": bool(order.get("sebagian")), **facts},
        )
        summary = {**upload.summary, **counts}
        finish(upload, applied_at=now, applied_by=by, summary=summary)


def _checked_values(upload: Upload, checked: Checked, refusal: str) -> dict[str, Any]:
    findings: list[Finding] = list(checked.findings)
    options = {name: value for name, value in upload.options.items() if name != "terapkan"}
    summary = dict(checked.summary)
    if refusal:
        summary["penolakan"] = refusal
    return {"rows": checked.rows, "findings": sorted_findings(findings), "summary": summary, "options": options}


def _require_ready(upload: Upload, choices: Mapping[str, Mapping[str, str]], partial: bool) -> None:
    if upload.state != _State.READY:
        raise UploadRefused("Berkas ini belum selesai diperiksa, jadi belum dapat diterapkan. Unggah lagi berkasnya.")
    if partial:
        return
    wrong = sum(1 for one in upload.findings if one["severity"] == "salah")
    if wrong:
        raise UploadRefused(
            f"Berkas ini masih memuat {wrong} masalah, jadi belum diterapkan. Perbaiki dalam berkas bertanda, lalu "
            "unggah lagi; atau terapkan yang benar saja."
        )
    open_ones = [
        one
        for one in upload.findings
        if one["severity"] == "konflik" and f"{one['sheet']}!{one['cell']}" not in choices
    ]
    if open_ones:
        first = open_ones[0]
        raise UploadRefused(
            f"Pilih dahulu nilai yang benar untuk {len(open_ones)} sel yang berubah di situs, yang pertama "
            f"{first['sheet']} {first['cell']}."
        )


def _require_right(by: User | None, tahun_kinerja: TahunKinerja, jenis: str, options: Mapping[str, Any]) -> None:
    """Filling a form for some unit is enough to hand in its sheet; which units is asked for each of them."""
    if by is None:
        return
    office = office_of(by, tahun_kinerja)
    if jenis == _Jenis.SKM_JAWABAN:
        survei = tahun_kinerja.survei.select_related("unit").filter(pk=options.get("survei") or 0).first()
        if survei is None or not office.allows(Permission.MANAGE_SURVEI, survei.unit_id):
            raise PermissionDenied(office.refusal(Permission.MANAGE_SURVEI, survei.unit if survei else None))
        return
    if jenis == _Jenis.SPM_PELAYANAN and office.can_record:
        return
    if jenis == _Jenis.INSTRUMEN:
        if not office.allows(Permission.WRITE_INSTRUMEN):
            raise PermissionDenied(office.refusal(Permission.WRITE_INSTRUMEN))
        return
    if jenis != _Jenis.LEMBAR:
        if not office.allows_everywhere(Permission.IMPORT):
            raise PermissionDenied(office.refusal(Permission.IMPORT))
        return
    wanted = [Permission[one.permission] for one in form_definitions()]
    if not any(office.allows_somewhere(one) for one in wanted):
        raise PermissionDenied(office.refusal(wanted[0] if wanted else Permission.RECORD_REALISASI))


def _path(upload: Upload) -> Path:
    problem = verify_stored(upload.berkas, upload.checksum)
    if problem:
        raise JobRefused(f"{problem} Unggah lagi berkasnya; data tidak berubah.")
    return stored_path(upload.berkas)


def _record(upload: Upload, by: User | None, action: str, after: Mapping[str, Any]) -> None:
    record_audit(
        by=by, action=action, subject=_subject(upload), instansi=upload.tahun_kinerja.instansi, after=dict(after)
    )


def _subject(upload: Upload) -> str:
    return f"unggahan {upload.pk} {upload.jenis} {upload.tahun_kinerja.tahun}"


def _reporter(upload: Upload) -> Report:
    def report(percent: int, step: str) -> None:
        upload.show_progress(percent, step)

    return report


def _quiet(percent: int, step: str) -> None:
    """Within the transaction that applies, nobody else would see a step."""
