"""The annexes: the perjanjian kinerja, and how the capaian of every IKU was computed."""

from __future__ import annotations

from capaian.documents.blocks import Heading, Row, Signature, SignatureParty, text
from capaian.reports import formats
from capaian.reports.lkip.bab2.perjanjian_kinerja import pk_anggaran_table, pk_table
from capaian.reports.lkip.parts import Blocks, column, group_row, headed, missing, para, row, table
from capaian.reports.parts import pk_targets, place_and_date, signing_head
from capaian.reports.snapshot import Score, Snapshot
from capaian.rules.trace import Step


def lampiran(s: Snapshot) -> Blocks:
    annexes = [("PERJANJIAN KINERJA", _perjanjian_kinerja(s)), ("JEJAK HITUNG CAPAIAN", _traces(s))]
    blocks: Blocks = []
    for number, (title, inside) in enumerate([pair for pair in annexes if pair[1]], start=1):
        blocks += headed(Heading(1, title, f"LAMPIRAN {number}"), inside)
    return blocks


def _perjanjian_kinerja(s: Snapshot) -> Blocks:
    if not pk_targets(s)[0]:
        return [missing("Perjanjian Kinerja", s.tahun)]
    dokumen = s.dokumen_of(s.pk_dokumen)
    nama = dokumen.nama if dokumen else f"Perjanjian Kinerja Tahun {s.tahun}"
    return [
        text(
            f"{nama} {s.office.nama} antara {s.office.pimpinan} sebagai pihak pertama dan {s.office.kepala_daerah} "
            "sebagai pihak kedua. Pihak pertama berjanji mewujudkan target kinerja pada lampiran ini dan bertanggung "
            "jawab atas keberhasilan dan kegagalannya; pihak kedua melakukan supervisi dan evaluasi serta "
            "mengambil tindakan yang diperlukan dalam rangka pemberian penghargaan dan sanksi."
        ),
        *pk_table(s, "tabel-lampiran-pk"),
        *pk_anggaran_table(s, "tabel-lampiran-pk-anggaran"),
        Signature(
            (
                SignatureParty(s.office.kepala_daerah.upper(), "Pihak Kedua,", with_nip=False),
                signing_head(s, f"{place_and_date(s, dokumen)}\nPihak Pertama,"),
            )
        ),
    ]


def _traces(s: Snapshot) -> Blocks:
    rows: list[Row] = []
    for iku in s.iku:
        for label, score in ((f"tahun {s.tahun}", iku.score), ("terhadap target akhir Renstra", iku.score_akhir)):
            if score and score.trace.steps:
                rows.append(group_row(f"{formats.short_name(iku.nama)}: capaian {label}", 5))
                rows += _steps(score)
    columns = (
        column("Langkah", 1.1),
        column("Rumus", 2.6),
        column("Masukan", 1.8),
        column("Hasil", 1.2, "right"),
        column("Dasar", 1.9),
    )
    caption = f"Jejak Hitung Capaian Indikator Kinerja Utama Tahun {s.tahun}"
    lead = "Setiap capaian IKU dihitung dengan langkah, masukan, dan dasar sebagaimana {tabel-jejak}."
    body = table(caption, "tabel-jejak", columns, rows, size="small")
    return [para(lead), *body] if body else []


def _steps(score: Score) -> list[Row]:
    rows = []
    for step in score.trace.steps:
        inputs = "; ".join(f"{name} = {value}" for name, value in step.inputs)
        rows.append(row(step.label, step.formula.replace("_", " "), inputs, step.result, _basis(step)))
    return rows


def _basis(step: Step) -> str:
    """The instrument; what another office's report practises is a practice, not a basis that this office may cite."""
    if step.citation is None:
        return formats.DASH
    if step.citation.instrumen.startswith("LKIP"):
        return "Praktik laporan kinerja"
    read = " (penafsiran)" if step.citation.dasar == "ditafsirkan" else ""
    return f"{step.citation.instrumen.removesuffix(' Capaian')}{read}"
