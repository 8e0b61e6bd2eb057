"""Analysis 4 of an IKU: the other districts by rank, the province and the nation."""

from __future__ import annotations

import re
from decimal import Decimal

from capaian.documents.blocks import Cell, Column, Row, text
from capaian.reports import facts, formats, sentences
from capaian.reports.lkip import charts
from capaian.reports.lkip.bab3.penamaan import name, slug, source
from capaian.reports.lkip.parts import (
    Blocks,
    column,
    missing,
    number_column,
    para,
    table,
    told,
    total_row,
)
from capaian.reports.snapshot import Iku, Pembanding, Snapshot
from capaian.rules.kesehatan import compute_indeks_kesehatan

_PLACEHOLDER = re.compile(r"Kabupaten/Kota urutan \d+")


def pembanding(s: Snapshot, iku: Iku) -> Blocks:
    place = facts.standing(s, iku)
    if place is None:
        lack = f"pembanding {name(iku)} di kabupaten/kota lain, provinsi, atau nasional"
        return [missing(lack, s.tahun), *told(iku.perbandingan)]
    own = place.own.nilai if place.own else iku.value
    anchor, figure = f"tabel-{slug(iku)}-banding", f"gambar-{slug(iku)}-banding"
    caption = f"{name(iku)} menurut Daerah Tahun {s.tahun}"
    drawn = charts.comparison(iku, place, f"Perbandingan {name(iku)} Tahun {s.tahun}", figure, source(s, iku))
    area = place.own.nama if place.own else s.office.daerah
    said = [sentences.ranking(place, iku, s.office.daerah if place.own else area)]
    said += [sentences.against(one.wilayah, one.nilai, own, iku.arah) for one in place.wider]
    seen = f"{{{anchor}}}" + (f" dan {{{figure}}}" if drawn else "")
    said.append(f"Perbandingan selengkapnya disajikan pada {seen}.")
    if not any(one.jenis == "nasional" for one in iku.pembanding):
        said.append(f"Belum ada data standar nasional untuk tahun {s.tahun}.")
    return [
        para(" ".join(part for part in said if part)),
        *told(iku.perbandingan),
        *table(caption, anchor, *_comparison_table(iku, place), source=source(s, iku)),
        *_unnamed(place),
        *drawn,
    ]


def _unnamed(place: facts.Standing) -> Blocks:
    """Areas that the source document lists without a legible name are named as such."""
    found = [one.nama for one in place.ranked if _PLACEHOLDER.fullmatch(one.nama)]
    if not found:
        return []
    return [text(f"{formats.joined(found)}: nama daerah tidak terbaca pada dokumen sumber.", "note")]


def _comparison_table(iku: Iku, place: facts.Standing) -> tuple[list[Column], list[Row]]:
    known = {one.wilayah: one for one in iku.pembanding}
    has_count = any(one.cacah is not None for one in iku.pembanding)
    has_base = any(one.penyebut is not None for one in iku.pembanding)
    columns = [column("Peringkat", 0.7, "center"), column("Daerah", 2.4)]
    columns += [number_column("Jumlah kasus")] if has_count else []
    columns += [number_column("Penyebut")] if has_base else []
    columns.append(number_column(f"Nilai ({iku.satuan})" if iku.satuan else "Nilai"))
    # The health index of the IPM is a function of the life expectancy: where that is compared, the index is too.
    has_index = "harapan hidup" in iku.nama.casefold()
    columns += [number_column("Indeks Kesehatan")] if has_index else []
    rows = []
    for one in place.ranked:
        bold = one is place.own
        values = [str(one.peringkat or formats.DASH), one.nama]
        values += _counts(known[one.nama], has_count, has_base)
        values += [formats.rate(one.nilai), *_index(one.nilai, has_index)]
        rows.append(Row(tuple(Cell(value, bold=bold, tone="warn" if bold else "") for value in values)))
    for wide in place.wider:
        rows.append(
            total_row(
                wide.wilayah,
                2,
                *_counts(wide, has_count, has_base),
                formats.rate(wide.nilai),
                *_index(wide.nilai, has_index),
            )
        )
    return columns, rows


def _index(uhh: Decimal | None, wanted: bool) -> list[str]:
    if not wanted:
        return []
    return [formats.plain(compute_indeks_kesehatan(uhh).tampil if uhh is not None else None, 2)]


def _counts(one: Pembanding, has_count: bool, has_base: bool) -> list[str]:
    return [*([formats.plain(one.cacah)] if has_count else []), *([formats.plain(one.penyebut)] if has_base else [])]
