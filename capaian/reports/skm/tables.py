"""The tables and the figure of the report of the satisfaction survey."""

from __future__ import annotations

from decimal import Decimal

from capaian.documents.blocks import Cell, Chart, Column, Row, Table
from capaian.documents.charts import Series, bar_option
from capaian.reports.formats import DASH, count, joined, long_date, plain, points
from capaian.reports.skm.snapshot import SkmSnapshot
from capaian.rules.packs import Pack
from capaian.skm.models import RencanaSkm
from capaian.skm.profil import ProfilTable
from capaian.skm.results import UnitLine, shown_nrr

_HIDDEN = "disamarkan"


def mutu_table(pack: Pack) -> Table:
    """Which index is which mutu."""
    columns = (Column("Nilai IKM", "center", 2), Column("Mutu", "center", 1), Column("Kinerja unit", "left", 2))
    rows = [
        Row((Cell(f"{plain(band.dari, 2)} – {plain(band.sampai, 2)}"), Cell(band.kode), Cell(band.label)))
        for band in pack.scale("mutu").bands
    ]
    return Table(columns, tuple(rows), caption="Nilai Interval dan Mutu Pelayanan", source=f"Sumber: {pack.instrumen}")


def sample_table(snapshot: SkmSnapshot) -> Table:
    """When each survey ran, how many were asked for, and how many answered."""
    columns = (
        Column("Unit", "left", 3),
        Column("Masa survei", "left", 3),
        Column("Populasi", "right", 1.2),
        Column("Sampel", "right", 1.1),
        Column("Responden", "right", 1.3),
        Column("Terpenuhi (%)", "right", 1.3),
    )
    rows = []
    for one in snapshot.results:
        survei, sampel = one.survei, one.sampel
        # What only a report is known of has no days of its own.
        days = [long_date(when.isoformat()) for when in (survei.mulai, survei.sampai)]
        share = Decimal(one.responden * 100) / sampel if sampel and one.responden is not None else None
        rows.append(
            Row(
                (
                    Cell(snapshot.whose(one)),
                    Cell("tidak tercetak" if one.is_printed else " – ".join(days)),
                    Cell(count(survei.populasi)),
                    Cell(count(sampel)),
                    Cell(count(one.responden)),
                    Cell(points(share, 1), tone="" if share is None or share >= 100 else "warn"),
                )
            )
        )
    return Table(
        columns, tuple(rows), caption=f"Pelaksanaan Survei dan Sampel Tahun {snapshot.tahun}", font_size="small"
    )


def profil_table(table: ProfilTable) -> Table:
    """Respondents by one trait; small counts are not printed."""
    columns = (Column(table.judul, "left", 3), Column("Orang", "right", 1), Column("%", "right", 1))
    rows = [
        Row((Cell(one.label), Cell(_HIDDEN, tone="muted"), Cell(DASH)))
        if one.persons is None
        else Row((Cell(one.label), Cell(count(one.persons)), Cell(points(one.persen, 1))))
        for one in table.rows
    ]
    rows.append(Row((Cell("Jumlah"), Cell(count(table.total)), Cell("100,0")), role="total"))
    return Table(columns, tuple(rows), caption=f"Responden menurut {table.judul}", font_size="small")


def nrr_table(snapshot: SkmSnapshot) -> Table:
    """The mean of each unsur, and the index that they make."""
    columns = (
        Column("No", "center", 0.5),
        Column("Unsur", "left", 4),
        Column("NRR", "right", 1.2),
        Column("Keterangan", "left", 1.6),
    )
    found = snapshot.joined
    rows = [
        Row(
            (
                Cell(str(number)),
                Cell(snapshot.unsur[kode]),
                Cell(shown_nrr(value)),
                Cell("terendah" if kode in found.terendah else "", tone="warn" if kode in found.terendah else ""),
            )
        )
        for number, (kode, value) in enumerate(found.nrr.items(), start=1)
    ]
    if found.ikm:
        label = "IKM gabungan unit" if len(found.lines) > 1 else "IKM (rata-rata NRR × 25)"
        ikm = (Cell(plain(found.ikm.tampil, 2)), Cell(f"{found.ikm.mutu} – {found.ikm.kinerja}"))
        rows.append(Row((Cell(label, colspan=2), *ikm), role="total"))
    sources = dict.fromkeys(one.survei.sumber for one in snapshot.results if one.survei.sumber)
    source = f"Sumber: {'; '.join(sources)}" if sources else ""
    return Table(columns, tuple(rows), caption=f"Nilai Rata-Rata Unsur dan IKM Tahun {snapshot.tahun}", source=source)


def nrr_chart(snapshot: SkmSnapshot) -> Chart:
    """The means as lying bars, the lowest on top."""
    known = sorted(snapshot.joined.nrr.items(), key=lambda one: one[1])
    names = [snapshot.unsur[kode] for kode, _ in known]
    texts = tuple(shown_nrr(value) for _, value in known)
    option = bar_option(names, [Series("NRR", tuple(value for _, value in known), texts)], horizontal=True, axis="NRR")
    alt = (
        f"Batang nilai rata-rata {len(known)} unsur: terendah {names[0]} {texts[0]}, tertinggi {names[-1]} {texts[-1]}."
    )
    data = (("Unsur", "NRR"), *zip(names, texts, strict=True))
    return Chart(option, "Nilai Rata-Rata Unsur, dari yang Terendah", alt, "", 20 + 8 * len(known), "", data)


def units_table(snapshot: SkmSnapshot) -> Table:
    """Each unit: index, mutu, respondents, weakest unsur; best first."""
    columns = (
        Column("No", "center", 0.5),
        Column("Unit", "left", 3),
        Column("IKM", "right", 1),
        Column("Mutu", "center", 0.8),
        Column("Responden", "right", 1.2),
        Column("Unsur terendah", "left", 3),
    )
    lines = sorted(snapshot.joined.lines, key=lambda one: -one.nilai)
    rows = [Row((Cell(str(number)), *_unit_cells(snapshot, one))) for number, one in enumerate(lines, start=1)]
    if snapshot.joined.ikm:
        ikm, persons = snapshot.joined.ikm, [one.responden for one in lines]
        known = [one for one in persons if one is not None]
        total = count(sum(known)) if len(known) == len(persons) else DASH
        lowest = joined([snapshot.unsur[kode] for kode in snapshot.joined.terendah])
        cells = (plain(ikm.tampil, 2), ikm.mutu or DASH, total, lowest)
        rows.append(Row((Cell("Gabungan", colspan=2), *map(Cell, cells)), role="total"))
    return Table(columns, tuple(rows), caption=f"IKM Tiap Unit Tahun {snapshot.tahun}", font_size="small")


def plan_table(snapshot: SkmSnapshot) -> Table:
    """What is done about which unsur, by whom, until when."""
    many = len(snapshot.results) > 1
    columns = (
        *((Column("Unit", "left", 2),) if many else ()),
        Column("Unsur", "left", 2),
        Column("Rencana tindak lanjut", "left", 4),
        Column("Penanggung jawab", "left", 1.8),
        Column("Waktu", "left", 1.4),
        Column("Keadaan", "left", 1.4),
    )
    whose = {one.survei.pk: snapshot.whose(one) for one in snapshot.results}
    rows = [
        Row((*((Cell(whose[one.survei_id]),) if many else ()), *_plan_cells(snapshot, one))) for one in snapshot.plans
    ]
    return Table(columns, tuple(rows), caption="Rencana Tindak Lanjut", font_size="small")


def remarks_table(snapshot: SkmSnapshot) -> Table:
    """What stands against the result of each survey; those without a remark are left out."""
    columns = (Column("Unit", "left", 2.2), Column("Catatan", "left", 6))
    rows = [Row((Cell(snapshot.whose(one)), Cell(" ".join(one.catatan)))) for one in snapshot.results if one.catatan]
    return Table(columns, tuple(rows), caption="Catatan atas Data Tiap Survei", font_size="small")


def _unit_cells(snapshot: SkmSnapshot, line: UnitLine) -> tuple[Cell, ...]:
    tampil, mutu = _classified(snapshot, line)
    lowest = dict.fromkeys(kode for one in line.results for kode in one.terendah)
    cells = (
        snapshot.whose(line.results[0]),
        plain(tampil, 2),
        mutu,
        count(line.responden),
        joined([snapshot.unsur[kode] for kode in lowest]),
    )
    return tuple(Cell(one) for one in cells)


def _classified(snapshot: SkmSnapshot, line: UnitLine) -> tuple[Decimal, str]:
    """The index of a unit as printed, and its mutu."""
    return line.nilai, snapshot.pack.scale("mutu").classify(line.nilai).kode or DASH


def _plan_cells(snapshot: SkmSnapshot, one: RencanaSkm) -> tuple[Cell, ...]:
    cells = (
        snapshot.unsur[one.unsur],
        one.uraian,
        one.penanggung_jawab or DASH,
        one.waktu or DASH,
        str(one.get_status_display()),
    )
    return tuple(Cell(text) for text in cells)
