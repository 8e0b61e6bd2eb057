"""Supporting data sets of an indicator or of the office: a figure where one helps, else a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from capaian.documents.blocks import Cell, Row
from capaian.reports import formats
from capaian.reports.lkip import charts
from capaian.reports.lkip.parts import Blocks, column, group_row, number_column, para, row, sumber, table, total_row
from capaian.reports.snapshot import Rincian, RincianNilai, Snapshot


def blocks(s: Snapshot, found: Sequence[Rincian]) -> Blocks:
    """The data sets, each with a sentence that introduces it."""
    result: Blocks = []
    for one in found:
        result += _one(s, replace(one, judul=formats.title(one.judul)))
    return result


def anchor(one: Rincian, word: str) -> str:
    return f"{word}-{one.kunci.replace('_', '-')}"


def _one(s: Snapshot, one: Rincian) -> Blocks:
    source = sumber(s, "rincian")
    if any(value.kelompok for value in one.nilai):
        return grouped(s, one)
    drawn = charts.rincian(one, anchor(one, "gambar"), source)
    if drawn:
        return [para(f"{_lead(one)} disajikan pada {{{anchor(one, 'gambar')}}}."), *drawn]
    names = list(dict.fromkeys(value.seri for value in one.nilai))
    columns = [column("Uraian", 2.4), column("Keterangan", 1.2, "center"), number_column(one.satuan or "Nilai")]
    rows = [row(value.kategori, value.seri or formats.DASH, formats.plain(value.nilai)) for value in one.nilai]
    if len(names) == 1 and len(rows) == 1:
        value = one.nilai[0]
        printed = formats.with_unit(formats.plain(value.nilai), one.satuan)
        period = f" pada tahun {value.seri}" if value.seri.isdigit() else ""
        return [para(f"{one.judul}: {value.kategori} {printed}{period}.")]
    lead = para(f"{_lead(one)} disajikan pada {{{anchor(one, 'tabel')}}}.")
    return [lead, *table(one.judul, anchor(one, "tabel"), columns, rows, source=source)]


def _lead(one: Rincian) -> str:
    return f"{one.judul}" + (f" (dalam {one.satuan})" if one.satuan and one.satuan != "%" else "")


def grouped(s: Snapshot, one: Rincian) -> Blocks:
    """A list of areas under their groups, with sums for each group and for all, and the count of each status."""
    names = list(dict.fromkeys(value.seri for value in one.nilai))
    columns = [column("No", 0.4, "center"), column("Wilayah", 2.2)]
    columns += [number_column(name) for name in names] + [column("Keterangan", 1.4, "center")]
    rows: list[Row] = []
    number = 0
    for group in dict.fromkeys(value.kelompok for value in one.nilai):
        mine = [value for value in one.nilai if value.kelompok == group]
        rows.append(_group(group, mine, names))
        for kategori in dict.fromkeys(value.kategori for value in mine):
            number += 1
            rows.append(_area(number, kategori, [v for v in mine if v.kategori == kategori], names))
    statuses = _statuses(one)
    summary = ", ".join(f"{count} {status}" for status, count in statuses.items())
    rows.append(total_row("Jumlah", 2, *_sums(one.nilai, names), summary))
    lead = f"{one.judul} disajikan pada {{{anchor(one, 'tabel')}}}. "
    lead += f"Dari {number} wilayah, " + formats.joined([f"{n} berstatus {name}" for name, n in statuses.items()])
    source = sumber(s, "odf")
    caption = one.judul
    drawn = charts.rincian(_by_group(one, names[-1]), anchor(one, "gambar"), source)
    seen = [para(f"{names[-1]} menurut kelompok wilayah tampak pada {{{anchor(one, 'gambar')}}}.")] if drawn else []
    return [
        para(f"{lead}." if statuses else lead),
        *table(caption, anchor(one, "tabel"), columns, rows, source=source, size="small"),
        *seen,
        *drawn,
    ]


def _by_group(one: Rincian, name: str) -> Rincian:
    """The sums of one series by group, as a data set of its own."""
    groups = dict.fromkeys(value.kelompok for value in one.nilai if value.kelompok)
    sums = tuple(
        RincianNilai(
            formats.proper(group).removeprefix("Kec. "),
            name,
            sum((v.nilai or Decimal(0) for v in one.nilai if v.kelompok == group and v.seri == name), Decimal(0)),
        )
        for group in groups
    )
    return Rincian(one.kunci, f"{name} menurut Kelompok Wilayah", one.indikator, one.satuan, "bar", sums)


def _group(group: str, mine: Sequence[RincianNilai], names: Sequence[str]) -> Row:
    if not group:
        return group_row("", 3 + len(names))
    head = Cell(formats.proper(group), colspan=2)
    return Row((head, *(Cell(text, align="right") for text in _sums(mine, names)), Cell("")), "group")


def _area(number: int, kategori: str, mine: Sequence[RincianNilai], names: Sequence[str]) -> Row:
    by_name = {value.seri: value.nilai for value in mine}
    status = next((value.status for value in mine if value.status), "")
    values = [formats.plain(by_name.get(name)) for name in names]
    return row(str(number), formats.proper(kategori), *values, status)


def _sums(found: Sequence[RincianNilai], names: Sequence[str]) -> list[str]:
    return [
        formats.plain(sum((v.nilai for v in found if v.seri == name and v.nilai is not None), Decimal(0)))
        for name in names
    ]


def _statuses(one: Rincian) -> dict[str, int]:
    by_area = {(value.kelompok, value.kategori): value.status for value in one.nilai if value.status}
    statuses = list(by_area.values())
    return {status: statuses.count(status) for status in dict.fromkeys(statuses)}
