"""Nilai AKIP as a source of realisasi: the final result of the evaluation of a year, else that of APIP, told so."""

from __future__ import annotations

from capaian.assessments.compute import evaluate_penilaian
from capaian.assessments.queries import isian_by_penilaian
from capaian.assessments.queries_akip import official_of, remarks_of
from capaian.assessments.tiers import Tingkat
from capaian.measurement.sources import Incoming
from capaian.organisations.models import TahunKinerja
from capaian.rules.instrumen.hasil import explain
from capaian.rules.numbers import format_number


def read_akip(tahun_kinerja: TahunKinerja) -> Incoming | None:
    """The value with its trace and remarks; None before an evaluator has closed a tier. The office's own is none."""
    found = official_of(tahun_kinerja)
    if found is None or found.penilaian.selesai_pada is None or found.penilaian.tingkat == Tingkat.MANDIRI:
        return None
    judged, penilaian = found.judged, found.penilaian
    hasil = evaluate_penilaian(judged, [penilaian])[penilaian.pk]
    root = judged.instrumen.akar.kode
    tampil = hasil.kelompok[root].tampil
    if tampil is None:
        return None
    answers = isian_by_penilaian([penilaian.pk]).get(penilaian.pk, {})
    nomor = f" nomor {penilaian.nomor_lhe}" if penilaian.nomor_lhe else ""
    whose = f"{found.label}, evaluasi AKIP tahun {penilaian.tahun_evaluasi}{nomor}"
    said = f"{whose}, {judged.versi}: predikat {hasil.kelas}."
    remarks = remarks_of(tahun_kinerja, judged, answers, hasil)
    # The definition's remark comes first: the column is short, and the others stand on the page of the evaluation.
    return Incoming(
        format_number(tampil, 2), explain(judged.instrumen, hasil, root), " ".join([said, *reversed(remarks)])
    )
