"""Writing one worksheet of a filled template by `workflow.write_sheet`: the check does it too, and takes it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.formats import date_format

from capaian.exchange.kinds import Finding
from capaian.exchange.sheets.read import ReadSheet, Value
from capaian.organisations.models import TahunKinerja
from capaian.organisations.permissions import Permission, require_right
from capaian.rules.periods import Period
from capaian.workflow.actions import write_sheet
from capaian.workflow.forms import Change, FormDefinition, Outcome, SheetKey, SheetRow
from capaian.workflow.policy import StateRefused

EXCEL, STORED = "excel", "tersimpan"


@dataclass(frozen=True)
class Choice:
    """What a person decided about a conflict: whose value, and the stored value that they decided against."""

    pakai: str
    theirs: str


@dataclass(frozen=True)
class Job:
    """What all worksheets of a file share: the year, the form, the period, who fills it, and the decisions."""

    tahun_kinerja: TahunKinerja
    definition: FormDefinition
    periode: int
    by: User | None
    today: date
    choices: Mapping[str, Choice] = field(default_factory=dict)


@dataclass
class Result:
    """What became of a worksheet: cells that were written (as `change_facts`), unchanged ones, and what is wrong."""

    unit: str
    written: list[dict[str, Any]] = field(default_factory=list)
    same: int = 0
    findings: list[Finding] = field(default_factory=list)
    refused: str = ""


def place_of(sheet: str, cell: str) -> str:
    """How a cell is named in the decisions about conflicts."""
    return f"{sheet}!{cell}"


def run_sheet(job: Job, read: ReadSheet) -> Result:
    """Write the values of a worksheet in the caller's transaction; what cannot be taken becomes a finding.

    The right is asked first: about a unit that is not the person's, nothing is said but that.
    """
    name = read.stamp.sheet
    unit = job.tahun_kinerja.instansi.unit_kerja.filter(kunci=read.stamp.unit).first() if read.stamp.unit else None
    if read.stamp.unit and unit is None:
        gone = f'Unit "{read.stamp.unit}" tidak ada (lagi) pada instansi ini. Unduh templat baru.'
        return Result(read.stamp.unit, findings=[Finding(name, "", "unit", gone)])
    result = Result(unit.nama if unit else job.tahun_kinerja.instansi.nama)
    try:
        require_right(job.by, job.tahun_kinerja, Permission[job.definition.permission], unit)
    except PermissionDenied as refusal:
        result.refused = str(refusal)
        result.findings.append(Finding(name, "", "hak", str(refusal)))
        return result
    result.findings += read.findings
    if read.changed:
        _write(job, SheetKey(job.tahun_kinerja, job.definition.kode, unit, job.periode), read, result)
    return result


def _write(job: Job, key: SheetKey, read: ReadSheet, result: Result) -> None:
    name = read.stamp.sheet
    period = Period(job.tahun_kinerja.tahun, job.periode or None)
    if period.is_future(job.today):
        starts = date_format(period.start, "j F Y")
        message = f"{period.label} baru dimulai {starts}; belum dapat diisi. Unggah lagi sesudah itu."
        result.findings.append(Finding(name, "", "periode", message))
        return
    rows = job.definition.read(key, job.today).by_kunci
    values = [one for one in read.changed if _is_open(name, one, rows.get(one.row.kunci), result)]
    values = [one for one in values if not _keeps_stored(job, name, one)]
    try:
        outcomes = write_sheet(by=job.by, key=key, changes=_changes(job, name, values), today=job.today)
    except StateRefused as refusal:
        result.findings.append(Finding(name, "", "terkunci", str(refusal)))
        return
    for value, outcome in zip(values, outcomes, strict=True):
        if outcome.status == Outcome.SAVED:
            result.written.append(change_facts(name, value, result.unit, rows[value.row.kunci].teks, outcome.teks))
            if outcome.message:
                result.findings.append(
                    Finding(name, value.cell, "janggal", outcome.message, "peringatan", value=value.teks)
                )
        elif outcome.status == Outcome.SAME:
            result.same += 1
        else:
            result.findings.append(_finding(name, value, outcome))


def _is_open(sheet: str, value: Value, row: SheetRow | None, result: Result) -> bool:
    """Whether a row can take a value here; else a finding says why not."""
    problem = _closed(value, row)
    if problem is None:
        return True
    result.findings.append(Finding(sheet, value.cell, *problem, value=value.teks))
    return False


def _closed(value: Value, row: SheetRow | None) -> tuple[str, str] | None:
    if row is None:
        message = f'"{value.row.nama[:80]}" tidak lagi diisi unit ini pada periode ini. Kosongkan sel ini.'
        return "baris-tidak-dikenal", message
    if row.closed and value.teks != row.teks:
        return "baris-tertutup", f"Baris ini tertutup dan tidak dapat diisi di sini: {row.closed} Kosongkan sel ini."
    return None


def _keeps_stored(job: Job, sheet: str, value: Value) -> bool:
    choice = job.choices.get(place_of(sheet, value.cell))
    return choice is not None and choice.pakai == STORED


def _changes(job: Job, sheet: str, values: Sequence[Value]) -> list[Change]:
    """The changes, each with the stored value that the person saw: on the template, or when they decided."""
    found = []
    for value in values:
        choice = job.choices.get(place_of(sheet, value.cell))
        found.append(Change(value.row.kunci, value.teks, choice.theirs if choice else value.row.teks))
    return found


def change_facts(sheet: str, value: Value, unit: str, before: str, after: str) -> dict[str, Any]:
    """A change as the preview shows it and the upload keeps it."""
    return {
        "sheet": sheet,
        "cell": value.cell,
        "unit": unit,
        "nama": value.row.nama,
        "satuan": value.row.satuan,
        "before": before,
        "after": after,
    }


def _finding(sheet: str, value: Value, outcome: Outcome) -> Finding:
    if outcome.status == Outcome.CONFLICT:
        when = f" pada {date_format(timezone.localtime(outcome.at), 'j F Y H.i')}" if outcome.at else ""
        message = (
            f'{outcome.by or "Seseorang"} menyimpan "{outcome.teks or "kosong"}"{when}, sesudah templat ini dibuat; '
            f'berkas berisi "{value.teks or "kosong"}". Pilih nilai yang benar.'
        )
        return Finding(sheet, value.cell, "konflik", message, "konflik", value.teks, outcome.teks)
    rule, message = ("angka-ganda", outcome.message) if outcome.readings else ("bentuk", outcome.message)
    if outcome.readings:
        ways = " atau ".join(f"{typed} untuk {shown}" for shown, typed in outcome.readings)
        message = f"{message} Ketik {ways}."
    return Finding(sheet, value.cell, rule, message, value=value.teks)
