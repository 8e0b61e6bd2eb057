"""Pieces that the documents of SPM share: who signs, how a result is said, tables of results and of money."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal

from capaian.documents.blocks import Cell, Chart, Column, Row, Signature, SignatureParty, Table
from capaian.documents.charts import Series, bar_option
from capaian.reports.formats import DASH, count, joined, money, percent, points, proper
from capaian.reports.spm.snapshot import SpmSnapshot
from capaian.rules.spm.pace import expected_percent
from capaian.rules.spm.standar import Layanan
from capaian.spm.models import CapaianSpm
from capaian.spm.queries_rencana import MoneyRow

Tone = Literal["", "good", "warn", "bad", "muted"]
FULL = Decimal(100)
_GOOD, _FAIR = Decimal(90), Decimal(70)
_LAST = 4
NONE_YET = "Belum ada"


def signing_office(snapshot: SpmSnapshot) -> str:
    """`KEPALA PUSKESMAS MAWAR`, `KEPALA DINAS KESEHATAN` and the district, on a line of its own."""
    if snapshot.unit:
        return f"KEPALA {proper(snapshot.unit.nama).upper()}"
    pimpinan, daerah = snapshot.office.pimpinan.upper(), snapshot.office.daerah.upper()
    return pimpinan if daerah in pimpinan else f"{pimpinan}\n{daerah}"


def signature(snapshot: SpmSnapshot) -> Signature:
    """The place to sign, place and day left to the pen."""
    heading = f"{snapshot.office.tempat}, .................... {snapshot.tahun}"
    return Signature((SignatureParty(office=signing_office(snapshot), heading=heading),))


def in_sentence(name: str) -> str:
    """A name within a sentence: its first letter small, unless it is an acronym (`ODGJ berat`)."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def tone(value: Decimal | None, triwulan: int = 0) -> Tone:
    """How a percentage is coloured, beside what is expected by the end of a quarter (0 the year: all)."""
    if value is None:
        return "muted"
    reached = value * FULL / expected_percent(triwulan or _LAST)
    return "good" if reached >= _GOOD else "warn" if reached >= _FAIR else "bad"


def percent_cell(value: Decimal | None, triwulan: int = 0) -> Cell:
    """A percentage in a column headed %, in the tone of its height."""
    return Cell(points(value), tone=tone(value, triwulan))


def results_table(snapshot: SpmSnapshot, triwulan: int, caption: str, anchor: str = "") -> Table:
    """The twelve services: sasaran, served, percentage, quality, index and category up to a quarter (0 the year)."""
    has_mutu = snapshot.rules.standar.has_mutu
    columns = [
        Column("No", "center", 0.5),
        Column("Jenis pelayanan", "left", 3.4),
        Column("Sasaran", "right", 1.2),
        Column("Terlayani", "right", 1.2),
        Column("Penerima (%)", "right", 1.1),
        *((Column("Mutu (%)", "right", 1.0),) if has_mutu else ()),
        Column("IP SPM", "right", 1.0),
        Column("Kategori", "left", 1.7),
    ]
    rows = [Row(tuple(_result_cells(snapshot, one, triwulan, has_mutu=has_mutu))) for one in snapshot.layanan]
    return Table(tuple(columns), tuple(rows), caption=caption, anchor=anchor, font_size="small")


def _result_cells(snapshot: SpmSnapshot, layanan: Layanan, triwulan: int, *, has_mutu: bool) -> list[Cell]:
    row = snapshot.result(layanan, triwulan)
    kategori = snapshot.kategori(row.kategori) if row else ""
    return [
        Cell(str(layanan.nomor)),
        Cell(layanan.nama_pendek),
        Cell(count(row.sasaran if row else snapshot.target(layanan))),
        Cell(count(row.terlayani if row else None)),
        percent_cell(row.penerima if row else None, triwulan),
        *((Cell(points(row.mutu if row else None)),) if has_mutu else ()),
        Cell(points(row.indeks if row else None)),
        Cell(kategori or NONE_YET, tone="" if kategori else "muted"),
    ]


def coverage_chart(snapshot: SpmSnapshot, triwulan: int, caption: str, anchor: str = "") -> list[Chart]:
    """The coverage of the services as lying bars; nothing while none has any."""
    known = [
        (one.nama_pendek, row.penerima)
        for one in snapshot.layanan
        if (row := snapshot.result(one, triwulan)) and row.penerima is not None
    ]
    if not known:
        return []
    names, values = [name for name, _ in known], tuple(value for _, value in known)
    texts = tuple(percent(value) for value in values)
    option = bar_option(names, [Series("Penerima", values, texts)], horizontal=True, axis="%")
    data = (("Jenis pelayanan", "Penerima dilayani sesuai standar"), *zip(names, texts, strict=True))
    best, least = max(known, key=lambda one: one[1]), min(known, key=lambda one: one[1])
    alt = (
        f"Batang persentase penerima {len(known)} jenis pelayanan: tertinggi {best[0]} {percent(best[1])}, "
        f"terendah {least[0]} {percent(least[1])}."
    )
    return [Chart(option, caption, alt, anchor, 20 + 5 * len(known), "", data)]


def heat_table(snapshot: SpmSnapshot, triwulan: int, caption: str, anchor: str = "") -> Table:
    """Coverage of each Puskesmas in each service in percent: the number in the cell, its height as the tone."""
    columns = (
        Column("Puskesmas", "left", 2.8),
        *(Column(one.nama_pendek, "right", 1.1) for one in snapshot.layanan),
    )
    rows = [
        Row(
            (
                Cell(proper(unit.nama)),
                *(
                    percent_cell(_penerima(snapshot.capaian.get((unit.pk, one.kode, triwulan))), triwulan)
                    for one in snapshot.layanan
                ),
            )
        )
        for unit in snapshot.units
    ]
    office = [percent_cell(_penerima(snapshot.result(one, triwulan)), triwulan) for one in snapshot.layanan]
    rows.append(Row((Cell(snapshot.office.daerah), *office), role="total"))
    return Table(columns, tuple(rows), caption=caption, anchor=anchor, font_size="tiny")


def money_table(snapshot: SpmSnapshot, caption: str, anchor: str = "") -> Table:
    """Allocation, spending and absorption of each service with its sources; the total is the sum of what is printed."""
    columns = (
        Column("No", "center", 0.5),
        Column("Jenis pelayanan", "left", 3),
        Column("Alokasi (Rp)", "right", 1.9),
        Column("Realisasi (Rp)", "right", 1.9),
        Column("Serapan (%)", "right", 1),
        Column("Sumber dana", "left", 2.4),
    )
    rows = []
    for row in snapshot.money.rows:
        allocated, spent = amounts_of(row)
        sources = joined(list(dict.fromkeys(line.sumber_dana for line in row.lines)))
        sources = sources or ("Pagu sub kegiatan" if row.pagu is not None else DASH)
        cells = (money(allocated), money(spent), points(absorbed(allocated, spent)), sources)
        rows.append(Row((Cell(str(row.layanan.nomor)), Cell(row.layanan.nama_pendek), *map(Cell, cells))))
    summed = money_totals(snapshot)
    last = (money(summed[0]), money(summed[1]), points(absorbed(*summed)), "")
    rows.append(Row((Cell("Jumlah", colspan=2, align="center"), *map(Cell, last)), role="total"))
    return Table(columns, tuple(rows), caption=caption, anchor=anchor, font_size="small")


def money_totals(snapshot: SpmSnapshot) -> tuple[int | None, int | None]:
    """Allocation and spending over all services, as `money_table` sums them."""
    amounts = [amounts_of(row) for row in snapshot.money.rows]
    return _sum([allocated for allocated, _ in amounts]), _sum([spent for _, spent in amounts])


def amounts_of(row: MoneyRow) -> tuple[int | None, int | None]:
    """Allocation and spending of a service by its sources; where they state none, of its sub kegiatan."""
    allocated = row.alokasi if row.alokasi is not None else row.pagu
    spent = row.realisasi if row.realisasi is not None else (row.node.realisasi if row.node else None)
    return allocated, spent


def absorbed(allocated: int | None, spent: int | None) -> Decimal | None:
    """Spending over allocation in percent."""
    return Decimal(spent) * 100 / Decimal(allocated) if allocated and spent is not None else None


def _sum(amounts: Sequence[int | None]) -> int | None:
    known = [one for one in amounts if one is not None]
    return sum(known) if known else None


def _penerima(row: CapaianSpm | None) -> Decimal | None:
    return row.penerima if row else None
