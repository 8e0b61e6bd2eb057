"""Laporan Monev SPM Triwulan: what each service reached, what stood in the way, with what money, who is silent."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from capaian.documents.blocks import Block, Cell, Column, Document, Heading, Paragraph, Row, Run, Table, text
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.reports.errors import ReportError
from capaian.reports.formats import DASH, joined, money, percent, points, proper, rupiah, signed
from capaian.reports.spm.parts import (
    absorbed,
    coverage_chart,
    heat_table,
    in_sentence,
    percent_cell,
    results_table,
    signature,
    tone,
)
from capaian.reports.spm.snapshot import SpmSnapshot, has_spm, take_spm
from capaian.rules.numbers import format_number
from capaian.rules.periods import ROMAN
from capaian.spm.queries_monev import Monev, ServiceMonev, read_monev
from capaian.workflow.forms import SheetKey
from capaian.workflow.models import Form, Submission

_LAST = 4
_FULL = 100


def build_monev(tahun_kinerja: TahunKinerja, triwulan: int, unit: UnitKerja | None = None) -> Document:
    """The monev of a quarter (1–4) of a unit or the office.

    Raises `ReportError` for another quarter, and where nothing of SPM is known.
    """
    if not 1 <= triwulan <= _LAST:
        raise ReportError(f"Triwulan {triwulan} tidak ada; pilih 1 sampai 4.")
    if not has_spm(tahun_kinerja, unit):
        raise ReportError(
            f"Laporan monev SPM {unit or tahun_kinerja} belum dapat disusun: sasaran belum ditetapkan dan belum ada "
            "capaian. Isi sasaran pada halaman Sasaran SPM, lalu buat lagi."
        )
    snapshot = take_spm(tahun_kinerja, unit)
    monev = read_monev(SheetKey(tahun_kinerja, Form.SPM, unit, triwulan))
    return _document(snapshot, monev, triwulan)


def _document(snapshot: SpmSnapshot, monev: Monev, triwulan: int) -> Document:
    quarter = f"Triwulan {ROMAN[triwulan - 1]}"
    title = f"LAPORAN MONITORING DAN EVALUASI PENERAPAN SPM BIDANG KESEHATAN {quarter.upper()}"
    blocks: list[Block] = [
        Heading(1, f"{title}\n{snapshot.place.upper()}\nTAHUN {snapshot.tahun}"),
        _summary(snapshot, monev, triwulan),
    ]
    parts = [
        ("Monitoring dan Evaluasi Penerapan SPM", _problems(snapshot, monev, triwulan)),
        ("Capaian sampai " + quarter, _results(snapshot, triwulan)),
        ("Perbandingan Antartriwulan", _quarters(monev, triwulan)),
        ("Ketersediaan Anggaran", _money(monev)),
        *(
            [("Perbandingan Puskesmas dan Kelengkapan Laporan", _units(snapshot, monev, triwulan))]
            if monev.units
            else []
        ),
    ]
    for letter, (heading, found) in zip("ABCDE", parts, strict=False):
        blocks += [Heading(2, heading, f"{letter}."), *found]
    blocks.append(signature(snapshot))
    return Document(
        title=f"{title} {snapshot.place.upper()} TAHUN {snapshot.tahun}",
        office=snapshot.author,
        blocks=tuple(blocks),
        footer=f"Monev SPM {quarter} {snapshot.tahun} · {snapshot.author}",
        orientation="landscape",
    )


def _summary(snapshot: SpmSnapshot, monev: Monev, triwulan: int) -> Paragraph:
    """What the tables below say, in sentences made of the same values."""
    total, reported = len(monev.services), monev.reported
    until = f"sampai triwulan {ROMAN[triwulan - 1]} tahun {snapshot.tahun}"
    runs = [Run(f"Dari {total} jenis pelayanan, ")]
    if not reported:
        runs.append(Run(f"belum ada yang mempunyai capaian {until}. ", bold=True))
    else:
        full = [one for one in reported if _penerima(one) >= _FULL]
        runs += [
            Run(f"{len(reported)} mempunyai capaian", bold=True),
            Run(f" {until}; {len(full)} mencapai 100 persen. "),
            Run(_extremes(monev)),
        ]
        runs.append(Run(_pace(monev)))
    runs.append(Run(_money_sentence(monev)))
    if monev.units:
        silent = len(monev.silent)
        runs.append(
            Run(
                f" {len(monev.units) - silent} dari {len(monev.units)} Puskesmas sudah mengajukan laporan triwulan "
                "ini; capaian daerah menghitung laporan yang terverifikasi."
            )
        )
    return Paragraph(tuple(runs))


def _pace(monev: Monev) -> str:
    """How the services stand beside the even pace; those that join only some of the units are not judged."""
    expected = f"laju yang diharapkan ({percent(monev.expected)} pada akhir triwulan ini)"
    judged = [one for one in monev.reported if one.capaian and one.capaian.unit_dihitung >= one.capaian.unit_total]
    behind = [in_sentence(one.layanan.nama_pendek) for one in monev.behind]
    partial = len(monev.reported) - len(judged)
    words = ""
    if behind:
        words = f"{len(behind)} pelayanan di bawah {expected}: {joined(behind)}. "
    elif judged:
        words = f"{len(judged)} pelayanan mengikuti {expected}. "
    if partial:
        words += f"{partial} pelayanan belum dinilai lajunya, karena belum semua laporan Puskesmas terverifikasi. "
    return words


def _extremes(monev: Monev) -> str:
    best, least = max(monev.reported, key=_penerima), min(monev.reported, key=_penerima)
    if best is least:
        return f"Capaiannya {percent(_penerima(best))} ({in_sentence(best.layanan.nama_pendek)}). "
    return (
        f"Tertinggi {in_sentence(best.layanan.nama_pendek)} ({percent(_penerima(best))}), terendah "
        f"{in_sentence(least.layanan.nama_pendek)} ({percent(_penerima(least))}). "
    )


def _penerima(one: ServiceMonev) -> Decimal:
    return one.capaian.penerima if one.capaian and one.capaian.penerima is not None else Decimal(0)


def _sums(monev: Monev) -> tuple[int | None, int | None]:
    found: list[int | None] = []
    for name in ("alokasi", "realisasi"):
        known = [getattr(one.dana, name) for one in monev.services if one.dana and getattr(one.dana, name) is not None]
        found.append(sum(known) if known else None)
    return found[0], found[1]


def _money_sentence(monev: Monev) -> str:
    allocated, spent = _sums(monev)
    if allocated is None:
        return "Alokasi anggaran belum diisi."
    if spent is None:
        return f"Anggaran yang tersedia {rupiah(allocated)}; realisasinya belum diisi."
    return (
        f"Anggaran yang tersedia {rupiah(allocated)}, terpakai {rupiah(spent)} ({percent(absorbed(allocated, spent))})."
    )


def _problems(snapshot: SpmSnapshot, monev: Monev, triwulan: int) -> Iterator[Block]:
    """The table of the regulation: service, target, realisasi, permasalahan, solusi."""
    columns = (
        Column("No", "center", 0.5),
        Column("Jenis pelayanan dasar", "left", 2.6),
        Column("Target", "right", 0.9),
        Column("Realisasi", "right", 1.1),
        Column("Permasalahan", "left", 4.2),
        Column("Solusi", "left", 4.2),
    )
    rows = []
    for one in monev.services:
        written = one.monev
        asked = "belum diisi" if one.is_due else DASH
        realisasi = one.capaian.penerima if one.capaian else None
        rows.append(
            Row(
                (
                    Cell(str(one.layanan.nomor)),
                    Cell(one.layanan.nama),
                    Cell("100%"),
                    Cell(percent(realisasi), tone=tone(realisasi, triwulan)),
                    _told(written.permasalahan if written else "", asked),
                    _told(written.solusi if written else "", asked),
                )
            )
        )
    caption = f"Monitoring dan Evaluasi Penerapan SPM Triwulan {ROMAN[triwulan - 1]} Tahun {snapshot.tahun}"
    yield Table(columns, tuple(rows), caption=caption, numbered_columns=True, font_size="small")


def _told(written: str, asked: str) -> Cell:
    return Cell(written) if written else Cell(asked, tone="muted")


def _results(snapshot: SpmSnapshot, triwulan: int) -> Iterator[Block]:
    until = f"sampai Triwulan {ROMAN[triwulan - 1]} Tahun {snapshot.tahun}"
    yield results_table(snapshot, triwulan, f"Capaian dan Indeks SPM {until}")
    yield from coverage_chart(snapshot, triwulan, f"Persentase Penerima menurut Jenis Pelayanan {until}")


def _quarters(monev: Monev, triwulan: int) -> Iterator[Block]:
    columns = [Column("No", "center", 0.5), Column("Jenis pelayanan", "left", 3)]
    for number in range(1, triwulan + 1):
        columns.append(Column("Capaian (%)", "right", 1, f"Triwulan {ROMAN[number - 1]}"))
        if number > 1:
            columns.append(Column("Naik", "right", 0.9, f"Triwulan {ROMAN[number - 1]}"))
    rows = []
    for one in monev.services:
        cells = [Cell(str(one.layanan.nomor)), Cell(one.layanan.nama_pendek)]
        for point in one.points[:triwulan]:
            cells.append(percent_cell(point.penerima, point.triwulan))
            if point.triwulan > 1:
                cells.append(Cell(signed(point.naik, 2)))
        rows.append(Row(tuple(cells)))
    yield Table(tuple(columns), tuple(rows), caption="Capaian Kumulatif pada Akhir Setiap Triwulan", font_size="small")
    if monev.units:
        yield text("Kenaikan tidak dihitung antara dua triwulan yang banyaknya Puskesmas terhitung berbeda.", "note")


def _money(monev: Monev) -> Iterator[Block]:
    columns = (
        Column("No", "center", 0.5),
        Column("Jenis pelayanan", "left", 3),
        Column("Sumber dana", "left", 3),
        Column("Alokasi (Rp)", "right", 1.8),
        Column("Realisasi (Rp)", "right", 1.8),
        Column("Serapan (%)", "right", 1),
    )
    rows = []
    for one in monev.services:
        dana = one.dana
        named = joined(dana.sumber) if dana else ""
        if dana and dana.is_sum:
            named += " (jumlah Puskesmas)"
        cells = (named or DASH, money(dana.alokasi if dana else None), money(dana.realisasi if dana else None))
        share = points(dana.serapan if dana else None)
        rows.append(Row((Cell(str(one.layanan.nomor)), Cell(one.layanan.nama_pendek), *map(Cell, (*cells, share)))))
    allocated, spent = _sums(monev)
    last = (money(allocated), money(spent), points(absorbed(allocated, spent)))
    rows.append(Row((Cell("Jumlah", colspan=3, align="center"), *map(Cell, last)), role="total"))
    yield Table(columns, tuple(rows), caption="Ketersediaan Anggaran menurut Jenis Pelayanan", font_size="small")


def _units(snapshot: SpmSnapshot, monev: Monev, triwulan: int) -> Iterator[Block]:
    """The district only: who has not reported, and each Puskesmas in each service."""
    silent = [proper(one.unit.nama) for one in monev.silent]
    if silent:
        yield text(f"Belum mengajukan laporan triwulan ini ({len(silent)} Puskesmas): {joined(silent)}.")
    else:
        yield text("Semua Puskesmas sudah mengajukan laporan triwulan ini.")
    columns = (
        Column("Puskesmas", "left", 3),
        Column("Laporan", "left", 1.6),
        Column("Pelayanan dengan capaian", "right", 1.3),
        Column("Sesuai laju", "right", 1.1),
        Column("Terendah", "left", 2.6),
        Column("Masalah dijelaskan", "right", 1.4),
    )
    states = dict(Submission.State.choices)
    rows = []
    for one in monev.units:
        lowest = DASH
        if one.lowest and one.lowest_layanan:
            lowest = f"{one.lowest_layanan.nama_pendek} {percent(one.lowest.penerima)}"
        explained = f"{format_number(one.explained)} dari {format_number(one.due)}" if one.due else DASH
        cells = (str(one.reported), str(one.on_pace), lowest, explained)
        state = Cell(str(states[one.state]), tone="" if one.is_handed_in else "bad")
        rows.append(Row((Cell(proper(one.unit.nama)), state, *map(Cell, cells))))
    yield Table(columns, tuple(rows), caption="Kelengkapan Laporan dan Laju Setiap Puskesmas", font_size="small")
    until = f"sampai Triwulan {ROMAN[triwulan - 1]}"
    yield heat_table(snapshot, triwulan, f"Persentase Penerima menurut Puskesmas dan Jenis Pelayanan {until}")
