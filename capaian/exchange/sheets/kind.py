"""The upload of a filled template (`Upload.Jenis.LEMBAR`): checked by writing it and taking that back, then applied."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.utils import timezone

from capaian.exchange.kinds import Checked, Finding, Report
from capaian.exchange.models import Upload, UploadRow
from capaian.exchange.sheets.places import period_title
from capaian.exchange.sheets.read import Filled, ReadSheet, read_filled
from capaian.exchange.sheets.run import Choice, Job, Result, run_sheet
from capaian.exchange.sheets.stamp import Stamp, StampRefused
from capaian.workflow.audit import audited, record_refusal
from capaian.workflow.checks import clean_text
from capaian.workflow.forms import form_definition, form_definitions
from capaian.workflow.storage import FileRefused


class _TakenBack(Exception):
    """Ends a transaction that was only tried."""


@dataclass
class _Whole:
    """What became of all worksheets together."""

    findings: list[Finding] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    same: int = 0

    def add(self, result: Result) -> None:
        self.findings += result.findings
        self.changes += result.written
        self.same += result.same
        self.units.append(result.unit)


class LembarKind:
    """See `kinds.UploadKind`."""

    def check(self, upload: Upload, path: Path, report: Report) -> Checked:
        """All problems of the file, and what applying it now would change; nothing of that stays."""
        try:
            filled = read_filled(path)
        except StampRefused as refusal:
            return Checked(0, [Finding("", "", refusal.rule, str(refusal))])
        except FileRefused as refusal:
            return Checked(0, [Finding("", "", "berkas", str(refusal))])
        rows = _keep_rows(upload, filled)
        problems = list(_misplaced(upload, filled.stamp))
        if problems:
            return Checked(rows, problems)
        whole = _Whole(list(filled.findings))
        job = _job(upload, filled.stamp, upload.created_by)
        for number, read in enumerate(filled.sheets):
            report(10 + 85 * number // len(filled.sheets), f"Memeriksa {read.stamp.sheet}")
            whole.add(_try(job, read))
        return Checked(rows, whole.findings, _summary(job, whole))

    def apply(self, upload: Upload, path: Path, *, by: User | None, report: Report) -> Mapping[str, Any]:
        """Write everything in the caller's transaction; raises `ValueError` while anything stands in the way.

        With `sebagian` in the order, what is right is written and the rest is left.
        """
        order = upload.options.get("terapkan", {})
        filled = read_filled(path)
        for problem in _misplaced(upload, filled.stamp):
            raise ValueError(problem.message)
        choices = {place: Choice(**choice) for place, choice in order.get("pilihan", {}).items()}
        job = _job(upload, filled.stamp, by, choices)
        whole = _Whole(list(filled.findings))
        for read in filled.sheets:
            whole.add(run_sheet(job, read))
        blocking = [one for one in whole.findings if one.severity != "peringatan"]
        if blocking and not order.get("sebagian"):
            first = blocking[0]
            raise ValueError(
                f"Belum diterapkan: {len(blocking)} masalah masih ada, yang pertama {first.sheet} {first.cell}: "
                f"{first.message} Tidak ada yang berubah."
            )
        return {**_summary(job, whole), "dilewati": len(blocking)}


def _misplaced(upload: Upload, stamp: Stamp) -> Iterator[Finding]:
    """A template of another office, year, form, unit or period than the one it was handed in for."""
    year = upload.tahun_kinerja
    expected = upload.options.get("lembar", {})
    if stamp.instansi != year.instansi.kunci:
        yield _file("instansi", f'Templat ini dari instansi "{stamp.instansi}", bukan {year.instansi.nama}.')
    elif stamp.tahun != year.tahun:
        yield _file("tahun", f"Templat ini untuk tahun {stamp.tahun}, sedangkan halaman ini tahun {year.tahun}.")
    elif stamp.form not in {one.kode for one in form_definitions()}:
        yield _file("formulir", f'Formulir "{stamp.form}" pada templat ini tidak dikenal. Unduh templat baru.')
    elif expected.get("form", stamp.form) != stamp.form:
        label = form_definition(stamp.form).nama
        yield _file("formulir", f"Templat ini untuk formulir {label}, bukan yang sedang Anda isi.")
    elif expected.get("periode", stamp.periode) != stamp.periode:
        yield _file(
            "periode", f"Templat ini untuk {period_title(stamp.periode, stamp.tahun)}, bukan periode yang dipilih."
        )
    elif "unit" in expected and [one.unit for one in stamp.sheets] != [expected["unit"]]:
        units = ", ".join(one.sheet for one in stamp.sheets[:3])
        yield _file("unit", f"Templat ini untuk {units}, bukan untuk unit yang dipilih.")


def _file(rule: str, message: str) -> Finding:
    return Finding("", "", rule, f"{message} Unggah di tempat yang sesuai, atau unduh templat yang benar.")


def _job(upload: Upload, stamp: Stamp, by: User | None, choices: Mapping[str, Choice] | None = None) -> Job:
    definition = form_definition(stamp.form)
    return Job(upload.tahun_kinerja, definition, stamp.periode, by, timezone.localdate(), choices or {})


def _try(job: Job, read: ReadSheet) -> Result:
    """Write a worksheet and take it back: what the check says is what applying would do."""
    result = Result(read.stamp.unit)
    with _taken_back():
        result = run_sheet(job, read)
        raise _TakenBack
    if result.refused:
        subject = f"{job.definition.kode} {read.stamp.unit or '-'} {job.tahun_kinerja.tahun}/{job.periode}"
        instansi = job.tahun_kinerja.instansi
        record_refusal(
            by=job.by, action="exchange.check_upload", subject=subject, reason=result.refused, instansi=instansi
        )
    return result


@contextmanager
def _taken_back() -> Iterator[None]:
    try:
        with audited():
            yield
    except _TakenBack:
        pass


def _summary(job: Job, whole: _Whole) -> dict[str, Any]:
    return {
        "judul": f"{job.definition.nama}, {period_title(job.periode, job.tahun_kinerja.tahun)}",
        "unit": whole.units,
        "berubah": len(whole.changes),
        "dikosongkan": sum(1 for one in whole.changes if not one["after"]),
        "sama": whole.same,
        "changes": whole.changes,
    }


def _keep_rows(upload: Upload, filled: Filled) -> int:
    """Keep the rows as they were read, once; how many they are."""
    rows = [
        UploadRow(upload=upload, sheet=one.stamp.sheet[:60], nomor=number, cells=[clean_text(text) for text in cells])
        for one in filled.sheets
        for number, cells in one.rows
    ]
    with audited():
        upload.raw_rows.all().delete()
        UploadRow.objects.bulk_create(rows, batch_size=500)
    return len(rows)
