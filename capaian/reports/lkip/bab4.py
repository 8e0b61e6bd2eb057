"""Bab IV: the conclusion in figures, what the office concludes, and the steps it will take."""

from __future__ import annotations

from capaian.documents.blocks import Heading, ListBlock, text
from capaian.reports import facts, formats, sentences
from capaian.reports.lkip.parts import Blocks, items, lettered, missing, para, texts
from capaian.reports.snapshot import Snapshot


def bab4(s: Snapshot) -> Blocks:
    return [
        Heading(1, "PENUTUP", "BAB IV"),
        *lettered([("Simpulan", _simpulan(s)), ("Langkah Perbaikan", _langkah(s))]),
    ]


def _simpulan(s: Snapshot) -> Blocks:
    figures = [sentence for sentence in (_iku(s), _levels(s), _money(s), _efficiency(s)) if sentence]
    blocks: Blocks = [
        text(
            f"Laporan ini menyajikan keberhasilan dan kendala {s.office.nama} dalam memenuhi kinerja tahun {s.tahun}."
        ),
        *(para(sentence) for sentence in figures),
    ]
    own = items((s.narasi.get("penutup") or {}).get("simpulan"))
    blocks += [text("Selain itu disimpulkan bahwa:"), *own] if own else []
    return blocks


def _iku(s: Snapshot) -> str:
    count = facts.iku_tally(s)
    if not count.jumlah:
        return ""
    reached = [formats.short_name(iku.nama) for iku in s.iku if iku.status == "tercapai"]
    failed = [formats.short_name(iku.nama) for iku in s.iku if iku.status == "tidak_tercapai"]
    said = f"{sentences.tallied(count)} {sentences.average(count)}"
    said += f" IKU yang mencapai target adalah {formats.joined(reached)}." if reached else ""
    said += f" IKU yang belum mencapai target adalah {formats.joined(failed)}." if failed else ""
    return said


def _levels(s: Snapshot) -> str:
    tallies = [one for one in facts.level_tallies(s) if one.rata_rata is not None and one.jumlah > 1]
    if not tallies:
        return ""
    listed = [f"{one.noun} {formats.percent(one.rata_rata)}" for one in tallies]
    return f"Rata-rata capaian {formats.joined(listed)}."


def _money(s: Snapshot) -> str:
    return sentences.absorbed(f"Anggaran tahun {s.tahun}", s.pagu, s.realisasi, s.serapan)


def _efficiency(s: Snapshot) -> str:
    results = [(iku, facts.efficiency(s, iku)) for iku in s.iku]
    known = [(iku, result) for iku, result in results if result and result.tampil is not None]
    if not known:
        return ""
    listed = [f"{formats.short_name(iku.nama)} {formats.plain(result.tampil, 2)} poin" for iku, result in known]
    return f"Nilai efisiensi anggaran menurut indikator sasaran adalah {formats.joined(listed)}."


def _langkah(s: Snapshot) -> Blocks:
    own = texts((s.narasi.get("penutup") or {}).get("langkah"))
    failed = [iku for iku in s.iku if iku.status == "tidak_tercapai"]
    planned = [
        f"{formats.short_name(iku.nama)}: {' '.join(texts(iku.analisis.tindak_lanjut))}"
        for iku in failed
        if iku.analisis.tindak_lanjut
    ]
    if not own and not planned:
        return [missing("langkah perbaikan kinerja", s.tahun)]
    blocks: Blocks = []
    if own:
        blocks += [text("Langkah yang akan dilakukan untuk meningkatkan kinerja:"), ListBlock(tuple(own), "number")]
    if planned:
        lead = "Tindak lanjut khusus bagi IKU yang belum mencapai target:"
        blocks += [text(lead), ListBlock(tuple(planned), "number")]
    return blocks
