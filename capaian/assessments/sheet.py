"""The form `pkp`, as the workflow knows it (`workflow.forms.FormDefinition`): what a Puskesmas answers of its year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from urllib.parse import quote

from django.contrib.auth.models import User
from django.urls import reverse

from capaian.assessments import actions_pkp
from capaian.assessments.filling import pkp_fillings
from capaian.assessments.models import Keluarga
from capaian.assessments.queries import active, pkp_units
from capaian.assessments.queries_sheet import read_unit, spm_offers
from capaian.assessments.sheet_cells import (
    EMPTY,
    PkpCell,
    UnitAnswers,
    choices_of,
    doubt_of,
    group_path,
    is_loud,
    pkp_cells,
    text_of,
)
from capaian.measurement.bukti_queries import sheet_bukti
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.organisations.roles import Permission
from capaian.rules.instrumen.hasil import HasilInstrumen, evaluate
from capaian.rules.instrumen.skor import SkorButir
from capaian.rules.numbers import format_number, round_half_up
from capaian.workflow.forms import Change, Filling, Outcome, Problem, Sheet, SheetKey, SheetRow
from capaian.workflow.models import Form

# Of what is not answered this many are named one by one.
NAMED = 10
_NO_UNIT = "Formulir ini diisi Puskesmas, sesudah instrumen penilaian tahun ini dipilih"
_HINT_OUT = 'Bila tidak dinilai di unit ini ketik "tidak berlaku: alasannya".'


class PkpForm:
    """See `workflow.forms.FormDefinition`. It is filled for the year as a whole."""

    kode = Form.PKP.value
    nama = str(Form.PKP.label)
    periods: tuple[int, ...] = (0,)
    permission = Permission.RECORD_REALISASI.name
    submit_permission = Permission.SUBMIT.name
    verify_permission = Permission.VERIFY.name

    def units(self, tahun_kinerja: TahunKinerja, periode: int) -> list[UnitKerja | None]:
        """The Puskesmas, once an instrument is chosen. One query."""
        return [] if periode else list(pkp_units(tahun_kinerja))

    def fillings(
        self, tahun_kinerja: TahunKinerja, periods: Collection[int]
    ) -> Mapping[tuple[int, int | None], Filling]:
        """See `FormDefinition.fillings`. Five queries, one where no instrument is chosen."""
        return pkp_fillings(tahun_kinerja) if 0 in periods else {}

    def read(self, key: SheetKey, today: date) -> Sheet:
        """The sheet with targets, the year before, and the score of each item so far. Seven queries."""
        judged = active(key.tahun_kinerja, Keluarga.PKP)
        rows: tuple[SheetRow, ...] = ()
        if judged is not None and key.unit is not None:
            rows = _rows(key, read_unit(key.tahun_kinerja, key.unit, judged), key.not_begun(today))
        return Sheet(
            key,
            self.nama,
            rows,
            value_label="Jawaban",
            previous_label="Tahun lalu",
            name_label="Butir penilaian",
            result_label="Nilai butir",
            joins_groups=True,
        )

    def write(self, key: SheetKey, changes: Sequence[Change], *, by: User | None, today: date) -> list[Outcome]:
        return actions_pkp.write_pkp(by=by, key=key, changes=changes, today=today)

    def problems(self, key: SheetKey, today: date, sheet: Sheet | None = None) -> list[Problem]:
        """What is given and cannot be scored, and what is not answered: the first by name, of the rest how many."""
        sheet = sheet or self.read(key, today)
        if not sheet.rows:
            return [Problem("", _NO_UNIT)]
        if not_begun := key.not_begun(today):
            return [Problem("", not_begun)]
        wrong = [Problem(row.kunci, f"{row.nama}: {row.hint}") for row in sheet.rows if row.status == "salah"]
        missing = [row for row in sheet.rows if not row.closed and not row.is_optional and not row.teks]
        named = [Problem(row.kunci, f"{row.nama} belum diisi") for row in missing[:NAMED]]
        if len(missing) > NAMED:
            named.append(Problem(missing[NAMED].kunci, f"… dan {len(missing) - NAMED} isian lagi belum diisi"))
        return wrong + named

    def after_count(self, key: SheetKey, *, by: User | None) -> None:
        """Nothing is stored of verified sheets together: the ranking reads their state when somebody looks at it."""


def _rows(key: SheetKey, unit: UnitAnswers, not_begun: str) -> tuple[SheetRow, ...]:
    judged = unit.judged
    hasil = evaluate(judged.instrumen, unit.answers, unit.sifat, judged.kebijakan)
    paths, bukti = group_path(judged), Counter(sheet_bukti(key).values_list("subject", flat=True))
    offers = spm_offers(key, judged.instrumen)
    trace = trace_urls(key.tahun_kinerja, key.unit.kunci if key.unit else "-")
    return tuple(
        _row(
            cell,
            hasil,
            before=text_of(cell.item, cell.bagian, unit.before.get(cell.item.kode, EMPTY)),
            kelompok=paths[cell.item.kode],
            offer=offers.get(cell.kunci, ""),
            not_begun=not_begun,
            trace_url=trace(cell.item.kode),
            bukti=bukti,
        )
        for cell in pkp_cells(key, unit)
    )


def _row(
    cell: PkpCell,
    hasil: HasilInstrumen,
    *,
    before: str,
    kelompok: str,
    offer: str,
    not_begun: str,
    trace_url: str,
    bukti: Mapping[str, int],
) -> SheetRow:
    item, subject = cell.item, cell.cell.subject
    is_sasaran = cell.bagian == "sasaran"
    score = hasil.butir[item.kode]
    status, hint = ("", item.catatan) if is_sasaran else _remark(cell, score)
    return SheetRow(
        kunci=cell.kunci,
        subject=subject,
        nama=f"{item.nama}: {cell.bagian}" if cell.bagian else item.nama,
        teks=cell.teks,
        kode="" if cell.bagian == "realisasi" else item.nomor,
        kelompok=kelompok,
        satuan=_unit_words(cell),
        target="" if is_sasaran else _target_words(cell),
        previous=before,
        hint=hint if status else " ".join(part for part in (hint, offer) if part),
        offer="" if cell.teks else offer,
        choices=choices_of(cell),
        closed=not_begun or cell.closed,
        result="" if is_sasaran else score_words(score),
        status=status,
        trace_url="" if is_sasaran or score.nilai is None else trace_url,
        bukti=bukti.get(subject, 0),
        is_optional=cell.is_optional,
        makes_result=not is_sasaran,
    )


def trace_urls(tahun_kinerja: TahunKinerja, unit: str) -> Callable[[str], str]:
    """The address of the trace of an item or group of a unit, by its kode.

    Building each of hundreds of addresses anew would take longer than all the rest of a page.
    """
    place = {"instansi": tahun_kinerja.instansi.kunci, "tahun": tahun_kinerja.tahun, "unit": unit, "kode": "-kode-"}
    pattern = reverse("assessments:pkp_jejak", kwargs=place)
    return lambda kode: pattern.replace("-kode-", quote(kode))


def score_words(score: SkorButir) -> str:
    """A score as it is read: `7`, `66,1`; empty for none."""
    return "" if score.nilai is None else format_number(round_half_up(score.nilai, 2))


def _remark(cell: PkpCell, score: SkorButir) -> tuple[str, str]:
    """The status word of an item and what a person should know: what is wrong or odd, else how it is answered."""
    if cell.closed or score.status == "tidak_berlaku":
        return ("tidak_berlaku" if cell.isian.tidak_berlaku or not cell.closed else ""), " ".join(score.catatan)
    if score.status == "salah":
        return "salah", " ".join(score.catatan)
    if doubt := doubt_of(cell.item, cell.isian):
        return ("janggal" if is_loud(cell.item, cell.isian) else "peringatan"), doubt
    if score.status == "terjawab" and cell.item.penilaian == "pita" and score.catatan:
        return "peringatan", " ".join(score.catatan)
    return "", " ".join(part for part in (cell.item.catatan, _HINT_OUT) if part)


def _unit_words(cell: PkpCell) -> str:
    """The unit that is typed: of numerator and denominator what is counted, not the share."""
    if cell.bagian:
        return cell.item.sasaran or "jumlah"
    return "" if cell.item.penilaian == "pilihan" else cell.item.satuan


def _target_words(cell: PkpCell) -> str:
    """The target as printed, with the unit of the share where counts are typed."""
    item = cell.item
    return f"{item.target} {item.satuan}".strip() if cell.bagian and item.target else item.target
