"""What stands before Bab I: cover, kata pengantar, ikhtisar eksekutif, and the lists that the word processor keeps."""

from __future__ import annotations

from dataclasses import replace

from capaian.documents.blocks import Cell, Cover, Field, Heading, ListBlock, Signature, Table, text
from capaian.reports import facts, formats, sentences
from capaian.reports.lkip import charts
from capaian.reports.lkip.bab3.capaian_organisasi import named_with_unit
from capaian.reports.lkip.parts import Blocks, column, number_column, para, row, status_cell, texts
from capaian.reports.parts import signing_head
from capaian.reports.snapshot import Snapshot

_LISTED = 5


def front(s: Snapshot) -> Blocks:
    """Everything before the first chapter."""
    return [
        Cover(
            "Laporan Kinerja Instansi Pemerintah (LKIP)",
            f"Tahun {s.tahun}",
            s.office.nama.removesuffix(s.office.daerah).strip() or s.office.nama,
            f"{s.office.tempat}, {s.tahun + 1}",
            s.office.alamat,
            f"Pemerintah {s.office.daerah}" if s.office.daerah else "",
        ),
        *_kata_pengantar(s),
        *_ikhtisar(s),
        Field("toc", "DAFTAR ISI"),
        Field("tables", "DAFTAR TABEL"),
        Field("figures", "DAFTAR GAMBAR"),
    ]


def _kata_pengantar(s: Snapshot) -> Blocks:
    o = s.office
    return [
        Heading(1, "KATA PENGANTAR"),
        text(
            "Puji syukur kami panjatkan ke hadirat Tuhan Yang Maha Esa, karena atas rahmat-Nya Laporan Kinerja "
            f"Instansi Pemerintah (LKIP) {o.nama} Tahun {s.tahun} dapat diselesaikan."
        ),
        text(
            f"Laporan ini merupakan pertanggungjawaban {o.nama} kepada {o.kepala_daerah} dan masyarakat atas kinerja "
            f"yang diperjanjikan untuk tahun {s.tahun}. Penyusunannya berpedoman pada Peraturan Presiden Nomor 29 "
            "Tahun 2014 tentang Sistem Akuntabilitas Kinerja Instansi Pemerintah dan Peraturan Menteri "
            "Pendayagunaan Aparatur Negara dan Reformasi Birokrasi Nomor 53 Tahun 2014 tentang "
            "Petunjuk Teknis Perjanjian Kinerja, Pelaporan Kinerja, "
            "dan Tata Cara Reviu atas Laporan Kinerja Instansi Pemerintah."
        ),
        text(
            "Angka dalam tabel, gambar, dan kalimat laporan ini berasal dari satu himpunan data yang sama. Kami "
            "menyampaikan terima kasih kepada seluruh jajaran yang telah mengumpulkan data dan menyusun analisis, dan "
            "mengharapkan masukan untuk perbaikan kinerja pada tahun berikutnya."
        ),
        Signature((signing_head(s, f"{o.tempat}, .................... {s.tahun + 1}"),)),
    ]


def _ikhtisar(s: Snapshot) -> Blocks:
    blocks: Blocks = [Heading(1, "IKHTISAR EKSEKUTIF")]
    blocks.append(para(_opening(s), "lead"))
    blocks += _iku_summary(s)
    blocks += _program_summary(s)
    blocks += _money_summary(s)
    blocks += _obstacles(s)
    return blocks


def _opening(s: Snapshot) -> str:
    count = facts.iku_tally(s)
    if not count.jumlah:
        return f"{s.office.nama} belum memiliki data indikator kinerja utama untuk tahun {s.tahun}."
    sasaran = len({iku.sasaran_kunci for iku in s.iku})
    return (
        f"Pada tahun {s.tahun} {s.office.nama} memperjanjikan {sasaran} sasaran strategis dengan {count.jumlah} "
        f"Indikator Kinerja Utama (IKU). {sentences.tallied(count)} {sentences.average(count)}"
    )


def _iku_summary(s: Snapshot) -> Blocks:
    columns = (
        column("No", 0.4, "center"),
        column("Indikator Kinerja Utama", 3.2),
        number_column("Target"),
        number_column("Realisasi"),
        number_column("Capaian (%)"),
        column("Status", 1.2, "center"),
    )
    rows = tuple(
        row(
            str(number),
            named_with_unit(iku),
            iku.target or formats.DASH,
            iku.realisasi or formats.DASH,
            Cell(formats.points(iku.tampil, iku.desimal), bold=True, trace=iku.kunci),
            status_cell(iku),
        )
        for number, iku in enumerate(s.iku, start=1)
    )
    if not rows:
        return []
    drawn = [replace(chart, caption="", source="") for chart in charts.capaian_bars(s.iku, s.tahun, "", "")]
    return [Table(columns, rows), *drawn]


def _program_summary(s: Snapshot) -> Blocks:
    tallies = facts.level_tallies(s)
    if not tallies:
        return []
    lines = [f"{sentences.tallied(one)} {sentences.average(one)}" for one in tallies]
    return [text("Kinerja menurut tingkat perencanaan:"), ListBlock(tuple(line.strip() for line in lines), "bullet")]


def _money_summary(s: Snapshot) -> Blocks:
    said = sentences.absorbed(f"Anggaran tahun {s.tahun}", s.pagu, s.realisasi, s.serapan)
    if not said:
        return []
    low = facts.low_nodes(s)
    ambang = formats.percent(s.office.ambang_rendah, 0)
    if low:
        said += f" Terdapat {len(low)} kegiatan atau sub kegiatan dengan serapan di bawah {ambang}."
    results = [
        f"{formats.short_name(iku.nama)} {formats.plain(result.tampil, 2)} poin"
        for iku in s.iku
        if (result := facts.efficiency(s, iku)) and result.tampil is not None
    ]
    if results:
        said += f" Nilai efisiensi anggaran (capaian dikurangi serapan) adalah {formats.joined(results)}."
    return [para(said)]


def _obstacles(s: Snapshot) -> Blocks:
    failed = [iku for iku in s.iku if iku.status == "tidak_tercapai"]
    chosen = failed or [iku for iku in s.iku if iku.analisis.penghambat]
    obstacles = [one for iku in chosen for one in texts(iku.analisis.penghambat)[:3]]
    obstacles = obstacles or texts(s.narasi.get("kendala"))
    steps = texts((s.narasi.get("penutup") or {}).get("langkah"))
    follow = [one for iku in chosen for one in texts(iku.analisis.tindak_lanjut)[:2]]
    blocks: Blocks = []
    if obstacles:
        blocks += [text("Kendala utama:"), ListBlock(tuple(obstacles[:_LISTED]), "number")]
    if steps or follow:
        chosen_steps = list(dict.fromkeys([*follow, *steps]))[:_LISTED]
        blocks += [text("Langkah perbaikan:"), ListBlock(tuple(chosen_steps), "number")]
    return blocks
