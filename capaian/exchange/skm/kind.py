"""A workbook of answers as a kind of upload: checked whole, shown, applied as a whole, the same one once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from django.contrib.auth.models import User

from capaian.exchange.kinds import Checked, Finding, Report
from capaian.exchange.models import Upload
from capaian.exchange.raw import RawRows, forget
from capaian.exchange.skm.read import Line, Lines, read_lines
from capaian.exchange.spm.kind import MOST_CHANGES, change
from capaian.skm.actions_jawaban import enter_answers
from capaian.skm.answers import NAMES, Answer
from capaian.skm.models import JawabanSkm, Survei
from capaian.workflow.audit import audited
from capaian.workflow.storage import FileRefused

# From so many sheets on, of which half came in before, a file is asked about.
_MANY: Final = 5


class JawabanKind:
    """See `kinds.UploadKind`; `upload.options["survei"]` names the survey."""

    def check(self, upload: Upload, path: Path, report: Report) -> Checked:
        """All problems of the file, and which answers it would add. Only the raw rows are written."""
        survei = survey_of(upload)
        if survei is None or survei.status != Survei.Status.DIBUKA:
            message = "Survei ini tidak dibuka, jadi tidak menerima jawaban. Buka kembali surveinya, lalu unggah lagi."
            return Checked(0, [Finding("", "", "survei", message)])
        keep = RawRows(upload)
        try:
            with audited():
                upload.raw_rows.all().delete()
                lines = read_lines(path, survei, keep)
                keep.flush()
        except FileRefused as refusal:
            return Checked(0, [Finding("", "", "berkas", str(refusal))])
        report(60, "Membandingkan")
        new = _new(survei, lines)
        findings = [*lines.findings, *_overlap(survei, new)]
        return Checked(lines.rows, findings, _summary(survei, lines, [] if _wrong(lines) else new))

    def apply(self, upload: Upload, path: Path, *, by: User | None, report: Report) -> Mapping[str, Any]:
        """Keep every answer in the caller's transaction; raises `ValueError` while anything is wrong."""
        survei = survey_of(upload)
        if survei is None:
            raise ValueError("Surveinya sudah tidak ada. Tidak ada yang berubah.")
        lines = read_lines(path, survei, forget)
        wrong = _wrong(lines)
        if wrong:
            first = wrong[0]
            raise ValueError(
                f"Belum diterapkan: {len(wrong)} masalah, yang pertama {first.sheet} {first.cell}: {first.message} "
                "Tidak ada yang berubah."
            )
        new = _new(survei, lines)
        enter_answers(by=by, survei=survei, sheets=[one.given for one in lines.lines], sumber=JawabanSkm.Sumber.IMPOR)
        return _summary(survei, lines, new)


def survey_of(upload: Upload) -> Survei | None:
    """The survey that a file is for; None where it has been removed."""
    surveys = upload.tahun_kinerja.survei.select_related("tahun_kinerja__instansi", "unit")
    return surveys.filter(pk=upload.options.get("survei")).first()


def _wrong(lines: Lines) -> list[Finding]:
    return [one for one in lines.findings if one.severity == "salah"]


def _new(survei: Survei, lines: Lines) -> list[Line]:
    """The answers that are not there yet."""
    known = set(survei.jawaban.filter(sumber=JawabanSkm.Sumber.IMPOR).values_list("request_key", flat=True))
    return [one for one in lines.lines if one.given.request_key not in known]


def _overlap(survei: Survei, new: Sequence[Line]) -> list[Finding]:
    """A file that repeats what another one brought, with some sheets added: nobody but its author can tell."""
    if len(new) < _MANY:
        return []
    rows = survei.jawaban.filter(sumber=JawabanSkm.Sumber.IMPOR).values_list("tanggal", *NAMES)
    stored = Counter(rows)
    again = (Counter((one.given.tanggal, *_told(one.given.answer)) for one in new) & stored).total()
    if again * 2 < len(new):
        return []
    message = (
        f"{again} dari {len(new)} lembar sama persis dengan yang sudah diimpor dari berkas lain. Bila ini berkas lama "
        "yang ditambah, unggah hanya lembar tambahannya, supaya tidak ada yang dihitung dua kali."
    )
    return [Finding("", "", "lembar ganda", message, severity="peringatan")]


def _told(answer: Answer) -> tuple[Any, ...]:
    values = answer.values()
    return tuple(values[name] for name in NAMES)


def _summary(survei: Survei, lines: Lines, new: Sequence[Line]) -> dict[str, Any]:
    unit = str(survei.unit or survei.tahun_kinerja.instansi)
    shown = [
        change(one.sheet, one.cell, unit, f"Lembar pada baris {one.number}", "", _digits(one.given.answer))
        | {"satuan": ""}
        for one in new[:MOST_CHANGES]
    ]
    return {
        "judul": f"Jawaban {survei.nama}",
        "baris": "Lembar",
        "unit": [unit] if new else [],
        "berubah": len(new),
        "sama": len(lines.lines) - len(new),
        "changes": shown,
    }


def _digits(answer: Answer) -> str:
    return " ".join("–" if one is None else str(one) for one in answer.nilai.values())
