"""Bab III (plan) and Bab IV (money, results, problems, recapitulation) of the yearly report."""

from __future__ import annotations

from collections.abc import Iterator

from capaian.documents.blocks import Block, Cell, Column, Heading, PageBreak, Row, Table, text
from capaian.reports.formats import DASH, count, joined, percent, rupiah
from capaian.reports.spm.forms import official_form
from capaian.reports.spm.forms.blocks import form_table
from capaian.reports.spm.parts import (
    absorbed,
    coverage_chart,
    heat_table,
    in_sentence,
    money_table,
    money_totals,
    results_table,
)
from capaian.reports.spm.snapshot import SpmSnapshot
from capaian.rules.numbers import format_number
from capaian.rules.periods import ROMAN
from capaian.rules.spm.standar import Layanan


def bab3(snapshot: SpmSnapshot) -> Iterator[Block]:
    """Programme, target and weights."""
    yield Heading(1, "RENCANA PENCAPAIAN STANDAR PELAYANAN MINIMAL", "BAB III")
    yield Heading(2, "Rencana Kegiatan", "A.")
    yield text(
        "Pencapaian SPM bidang kesehatan didukung sub kegiatan berikut. Target orang adalah sasaran setiap pelayanan "
        f"tahun {snapshot.tahun}, sebab SPM wajib diberikan kepada seluruhnya."
    )
    yield _plan(snapshot)
    yield Heading(2, "Target Pencapaian", "B.")
    standar = snapshot.rules.standar
    if standar.has_mutu:
        penerima, mutu = (standar.penerapan.number(one) * 100 for one in ("bobot_penerima", "bobot_mutu"))
        yield text(
            f"Target setiap pelayanan 100 persen dalam satu tahun. Indeks pencapaian terdiri atas penerima layanan "
            f"dengan bobot {format_number(penerima)} persen dan mutu barang, jasa, dan SDM dengan bobot "
            f"{format_number(mutu)} persen; dalam indeks setiap bagian paling banyak 100."
        )
    else:
        yield text(
            "Target setiap pelayanan 100 persen dalam satu tahun. Standar teknis tahun ini belum memuat mutu, sehingga "
            "indeks sama dengan persentase penerima, paling banyak 100."
        )


def _plan(snapshot: SpmSnapshot) -> Table:
    columns = (
        Column("No", "center", 0.5),
        Column("Kode", "left", 1.9),
        Column("Sub kegiatan", "left", 3),
        Column("Indikator", "left", 3.4),
        Column("Target (orang)", "right", 1.2),
        Column("Target (%)", "right", 0.9),
    )
    rows = tuple(
        Row(
            (
                Cell(str(one.nomor)),
                Cell(one.sub_kegiatan),
                Cell(f"Pengelolaan {one.nama}"),
                Cell(one.indikator),
                Cell(count(snapshot.target(one))),
                Cell("100"),
            )
        )
        for one in snapshot.layanan
    )
    caption = f"Sub Kegiatan dan Target SPM Tahun {snapshot.tahun}"
    return Table(columns, rows, caption=caption, font_size="small")


def bab4(snapshot: SpmSnapshot) -> Iterator[Block]:
    """Money, results with their chart, problems and solutions, and the recapitulation."""
    yield Heading(1, "SISTEM AKUNTABILITAS KINERJA", "BAB IV")
    yield Heading(2, "Perencanaan dan Penganggaran", "A.")
    yield text(_money_words(snapshot))
    yield money_table(snapshot, f"Alokasi dan Realisasi Anggaran SPM Tahun {snapshot.tahun}")
    yield Heading(2, "Hasil Penerapan", "B.")
    yield text(_result_words(snapshot))
    yield results_table(snapshot, 0, f"Capaian SPM Bidang Kesehatan Tahun {snapshot.tahun}")
    yield from coverage_chart(snapshot, 0, f"Persentase Penerima menurut Jenis Pelayanan Tahun {snapshot.tahun}")
    yield from _remarks(snapshot)
    yield PageBreak("landscape")
    if snapshot.units:
        yield from _by_unit(snapshot)
    yield Heading(2, "Kendala dan Solusi", "C.")
    yield from _problems(snapshot)
    yield Heading(2, "Rekapitulasi Capaian", "D.")
    yield form_table(official_form(snapshot, "2.E.2"))
    yield PageBreak("portrait")


def _money_words(snapshot: SpmSnapshot) -> str:
    allocated, spent = money_totals(snapshot)
    if allocated is None:
        return "Alokasi anggaran menurut jenis pelayanan belum dicatat untuk tahun ini."
    unknown = [
        in_sentence(row.layanan.nama_pendek) for row in snapshot.money.rows if row.alokasi is None and row.pagu is None
    ]
    words = f"Anggaran yang tersedia untuk dua belas pelayanan {rupiah(allocated)}"
    words += f", terealisasi {rupiah(spent)} atau {percent(absorbed(allocated, spent))}." if spent is not None else "."
    if unknown:
        words += f" Alokasi yang belum diketahui atau tidak terbaca: {joined(unknown)}; jumlah di atas belum memuatnya."
    return words


def _result_words(snapshot: SpmSnapshot) -> str:
    known = [(one, row) for one in snapshot.layanan if (row := snapshot.result(one)) and row.penerima is not None]
    if not known:
        return (
            f"Belum ada capaian tahun {snapshot.tahun} yang dapat dihitung: laporan pelayanan belum diisi atau belum "
            "terverifikasi."
        )
    reached = sum(1 for _, row in known if row.penerima is not None and row.penerima >= _FULL)
    best = max(known, key=lambda pair: pair[1].penerima or 0)
    least = min(known, key=lambda pair: pair[1].penerima or 0)
    words = (
        f"{len(known)} dari {len(snapshot.layanan)} jenis pelayanan mempunyai capaian dan {reached} mencapai 100 "
        f"persen. Tertinggi {in_sentence(best[0].nama_pendek)} ({percent(best[1].penerima)}), terendah "
        f"{in_sentence(least[0].nama_pendek)} ({percent(least[1].penerima)})."
    )
    indeks = snapshot.indeks()
    return words + (
        f" Rata-rata IP SPM {percent(indeks.nilai)}, kategori {indeks.label}." if indeks.nilai is not None else ""
    )


def _remarks(snapshot: SpmSnapshot) -> Iterator[Block]:
    """What the results themselves say of how they were made, each sentence once with the services that it is about."""
    said: dict[str, list[str]] = {}
    for layanan in snapshot.layanan:
        row = snapshot.result(layanan)
        for note in row.catatan if row else ():
            said.setdefault(note, []).append(layanan.nama_pendek)
    for note, services in said.items():
        whom = "Semua pelayanan" if len(services) == len(snapshot.layanan) else joined(services)
        yield text(f"{whom}: {note}", "note")


def _by_unit(snapshot: SpmSnapshot) -> Iterator[Block]:
    yield heat_table(snapshot, 0, f"Persentase Penerima menurut Puskesmas dan Jenis Pelayanan Tahun {snapshot.tahun}")
    quarters = [f"triwulan {ROMAN[one - 1]}: {joined(list(names))}" for one, names in snapshot.silent.items() if names]
    if quarters:
        yield text(f"Laporan yang belum diajukan, {'; '.join(quarters)}.", "note")


def _problems(snapshot: SpmSnapshot) -> Iterator[Block]:
    """Problems and solutions of each service over the quarters, and what was written for the year as a whole."""
    columns = (
        Column("No", "center", 0.5),
        Column("Jenis pelayanan dasar", "left", 2.4),
        Column("Target", "right", 0.8),
        Column("Realisasi", "right", 1),
        Column("Permasalahan", "left", 4.3),
        Column("Solusi", "left", 4.3),
    )
    rows = []
    for layanan in snapshot.layanan:
        result = snapshot.result(layanan)
        cells = (
            str(layanan.nomor),
            layanan.nama,
            "100%",
            percent(result.penerima if result else None),
            _written(snapshot, layanan, "permasalahan"),
            _written(snapshot, layanan, "solusi"),
        )
        rows.append(Row(tuple(Cell(one) for one in cells)))
    caption = f"Permasalahan dan Solusi Penerapan SPM Tahun {snapshot.tahun}"
    yield Table(columns, tuple(rows), caption=caption, font_size="small")
    if snapshot.units and not snapshot.monev:
        yield text(
            "Permasalahan dan solusi tingkat daerah belum ditulis; yang ditulis setiap Puskesmas ada dalam laporannya.",
            "note",
        )


def _written(snapshot: SpmSnapshot, layanan: Layanan, what: str) -> str:
    """The texts of the year in order, each named by its quarter where there are several; the same one once."""
    found: dict[str, list[str]] = {}
    for triwulan in (1, 2, 3, 4, 0):
        row = snapshot.monev.get((layanan.kode, triwulan))
        words = str(getattr(row, what)).strip() if row else ""
        if words:
            found.setdefault(words, []).append(f"TW {ROMAN[triwulan - 1]}" if triwulan else "Setahun")
    if len(found) == 1:
        return next(iter(found))
    return "\n".join(f"{', '.join(when)}: {words}" for words, when in found.items()) or DASH


_FULL = 100
