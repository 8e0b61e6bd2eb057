"""The result of an AKIP evaluation that stands for a year, and the remarks that stand beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q

from capaian.assessments.models import Hasil, Keluarga, Penilaian
from capaian.assessments.queries import Active, active
from capaian.assessments.tiers import TIERS, Tingkat, within
from capaian.measurement.models import SumberRealisasi
from capaian.organisations.models import TahunKinerja
from capaian.planning.models import Indikator
from capaian.rules.instrumen.hasil import HasilInstrumen, stated_points
from capaian.rules.instrumen.model import Kelompok
from capaian.rules.instrumen.skor import Isian
from capaian.rules.lke import definition_note, off_grid
from capaian.rules.numbers import format_number


@dataclass(frozen=True)
class Official:
    """The result that stands for a year: of the highest tier that is closed, else of the highest there is."""

    penilaian: Penilaian
    judged: Active
    rows: Mapping[str, Hasil]

    @property
    def total(self) -> Hasil | None:
        return self.rows.get(self.judged.instrumen.akar.kode)

    @property
    def is_final(self) -> bool:
        return self.penilaian.tingkat == Tingkat.AKHIR and self.penilaian.selesai_pada is not None

    @property
    def label(self) -> str:
        """Whose result it is, with what is not final said."""
        closed = "" if self.penilaian.selesai_pada else ", belum ditutup"
        return f"{self.penilaian.get_tingkat_display()}{closed}"

    @property
    def within(self) -> str:
        """The same within a sentence."""
        return within(self.label)

    def predikat(self) -> tuple[str, str]:
        """Letter and name of the predicate; empty where there is none."""
        bands = self.judged.instrumen.klasifikasi[0].skala.bands if self.judged.instrumen.klasifikasi else ()
        kode = self.total.kelas if self.total else ""
        return next(((one.kode, one.label) for one in bands if one.kode == kode), ("", ""))


def official_of(tahun_kinerja: TahunKinerja | None) -> Official | None:
    """The result that stands for a year, None where nothing was evaluated. At most three queries."""
    judged = active(tahun_kinerja, Keluarga.LKE) if tahun_kinerja else None
    if judged is None:
        return None
    stored = Penilaian.objects.filter(tahun_kinerja=tahun_kinerja, versi=judged.versi, unit=None)
    rows = {one.tingkat: one for one in stored.select_related("tahun_kinerja__instansi")}
    ordered = [rows[tier] for tier in reversed(TIERS) if tier in rows]
    chosen = next((one for one in ordered if one.selesai_pada), ordered[0] if ordered else None)
    if chosen is None:
        return None
    return Official(chosen, judged, {row.kelompok: row for row in chosen.hasil.all()})


def _definitions(tahun_kinerja: TahunKinerja) -> list[Indikator]:
    """The indicators of the office that state a value of AKIP, by their source or by their name."""
    found = Indikator.objects.filter(instansi=tahun_kinerja.instansi_id).exclude(formulasi="")
    stated = Q(nama__icontains="AKIP") | Q(sumber_realisasi__sumber=SumberRealisasi.Sumber.AKIP)
    return list(found.filter(stated).order_by("pk"))


def definition_notes(tahun_kinerja: TahunKinerja, judged: Active, valued: list[str]) -> list[str]:
    """The remark for each indicator whose definition names a component that has no value. One query."""
    instrumen = judged.instrumen.citation.instrumen
    notes = [definition_note(one.formulasi, valued, instrumen) for one in _definitions(tahun_kinerja)]
    return list(dict.fromkeys(note for note in notes if note))


def year_before(tahun_kinerja: TahunKinerja) -> TahunKinerja | None:
    """The office year before, where the office has it."""
    return TahunKinerja.objects.filter(instansi=tahun_kinerja.instansi_id, tahun=tahun_kinerja.tahun - 1).first()


def remarks_of(
    tahun_kinerja: TahunKinerja, judged: Active, answers: Mapping[str, Isian], hasil: HasilInstrumen
) -> list[str]:
    """What stands beside a result: values off the grid, an edge of predicates, components that a definition names."""
    groups, off, notes = judged.instrumen.groups, [], []
    for kode, given in answers.items():
        points = stated_points(groups[kode], given.nilai) if kode in groups else None
        if points is not None and (said := off_grid(groups[kode], points)):
            off.append(said)
    if off:
        notes.append(f"Tidak jatuh pada kisi AA–E subkomponen: {', '.join(off)}. Penilai merata-rata jawaban kriteria.")
    notes += edge_notes(judged, hasil)
    components = [one for one in judged.instrumen.akar.isi if isinstance(one, Kelompok)]
    valued = [one.nama for one in components if hasil.kelompok[one.kode].nilai is not None]
    return [*notes, *definition_notes(tahun_kinerja, judged, valued)]


def edge_notes(judged: Active, hasil: HasilInstrumen) -> list[str]:
    """That a value stands exactly on the edge of two predicates, and what the other reading of the edge makes of it."""
    if not judged.instrumen.klasifikasi:
        return []
    part = judged.instrumen.klasifikasi[0]
    value = hasil.kelompok[part.kelompok].tampil
    if value is None or all(value not in (one.dari, one.sampai) for one in part.skala.bands[:-1]):
        return []
    over, at = part.skala.classify(value, "lebih_dari"), part.skala.classify(value, "ambang_bawah")
    chosen = hasil.kelompok[part.kelompok].kelas
    return (
        [
            f"Nilai tepat {format_number(value, 2)}: {over.kode} dengan batas “lebih dari” (>), {at.kode} dengan batas "
            f"“mulai dari” (≥). Dipakai {chosen.kode if chosen else '–'}, {chosen.policy_words if chosen else ''}."
        ]
        if over.kode != at.kode
        else []
    )
