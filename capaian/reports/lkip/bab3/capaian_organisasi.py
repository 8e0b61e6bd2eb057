"""Bab III A: the table of all main indicators, how capaian is computed, and the count of what was reached."""

from __future__ import annotations

from capaian.documents.blocks import Cell, Column, ListBlock, Row, text
from capaian.reports import facts, formats, sentences
from capaian.reports.lkip import charts
from capaian.reports.lkip.bab3.tujuh_analisis import iku_blocks
from capaian.reports.lkip.parts import (
    Blocks,
    column,
    missing,
    number_column,
    numbered,
    para,
    row,
    spans,
    status_cell,
    sumber,
    table,
)
from capaian.reports.snapshot import Iku, Snapshot
from capaian.rules.capaian_forms import FORMULAS

_UNMAPPED = (
    "Pemetaan kegiatan ke indikator belum ada dalam data, sehingga anggaran tidak dapat dipisahkan menurut sasaran dan "
    "IKU dan nilai efisiensi (butir 6) belum dapat dihitung. Serapan program pada butir 7 menjadi gambarannya."
)


def capaian_organisasi(s: Snapshot) -> Blocks:
    """Section A with its overview and the seven analyses of every IKU."""
    if not s.iku:
        return [missing("indikator kinerja utama", s.tahun)]
    analyses = [(formats.short_name(iku.nama), iku_blocks(s, iku)) for iku in s.iku]
    return [*_method(s), *_iku_table(s), *_overview(s), *numbered(analyses)]


def _method(s: Snapshot) -> Blocks:
    return [
        para(
            f"Capaian kinerja {s.office.nama} diukur dengan membandingkan target dan realisasi setiap Indikator "
            "Kinerja Utama (IKU). Arah setiap indikator menentukan rumusnya, dengan T target dan R realisasi:"
        ),
        ListBlock(
            (
                f"indikator yang makin tinggi makin baik: {FORMULAS['rasio']};",
                f"indikator yang makin rendah makin baik: {FORMULAS[s.office.rumus_turun]}.",
            ),
            "letter",
        ),
        para(
            "Capaian dihitung tanpa pembulatan lalu dibulatkan sekali pada desimal yang dicetak. Target dinyatakan "
            "tercapai bila capaian sekurang-kurangnya 100% dan belum tercapai bila kurang dari 100%. Realisasi dan "
            f"capaian seluruh IKU tahun {s.tahun} disajikan pada {{tabel-iku}}."
        ),
    ]


def _overview(s: Snapshot) -> Blocks:
    count = facts.iku_tally(s)
    source = sumber(s, "capaian_iku")
    blocks: Blocks = [para(f"{sentences.tallied(count)} {sentences.average(count)} " + _which(s))]
    blocks += charts.capaian_bars(s.iku, s.tahun, "gambar-capaian-iku", source)
    blocks += _differing_targets(s)
    blocks.append(
        para(
            "Setiap IKU dianalisis menurut tujuh butir Peraturan Menteri PANRB Nomor 53 Tahun 2014: target dan "
            "realisasi tahun ini, perbandingan dengan tahun-tahun sebelumnya, perbandingan dengan target akhir "
            "Renstra, perbandingan dengan daerah lain dan standar yang lebih luas, penyebab keberhasilan atau "
            "kegagalan, efisiensi penggunaan sumber daya, serta program dan kegiatan yang menunjang."
        )
    )
    if not facts.has_mapping(s):
        blocks.append(text(_UNMAPPED))
    return blocks


def _which(s: Snapshot) -> str:
    failed = [formats.short_name(iku.nama) for iku in s.iku if iku.status == "tidak_tercapai"]
    if not failed:
        return ""
    return f"IKU yang belum mencapai target adalah {formats.joined(failed)}."


def _differing_targets(s: Snapshot) -> Blocks:
    """Where the perjanjian kinerja states another target than the one measured, the report says so."""
    blocks: Blocks = []
    for iku in s.iku:
        promised = next(
            (t for t in iku.targets if t.dokumen == s.pk_dokumen and t.tahun == s.tahun and t.teks != iku.target), None
        )
        if promised and s.measured_dokumen != s.pk_dokumen:
            name = formats.short_name(iku.nama)
            target = formats.with_unit(promised.teks, promised.satuan or iku.satuan)
            measured = formats.with_unit(iku.target, iku.satuan)
            blocks.append(
                para(
                    f"Catatan: target {name} pada Perjanjian Kinerja adalah {target}; pengukuran pada laporan "
                    f"ini memakai {measured}.",
                    "note",
                )
            )
    return blocks


def iku_columns(s: Snapshot, *, with_history: bool = True) -> tuple[Column, ...]:
    """The columns of the IKU table: past realisasi where known, the year, and the end of the Renstra."""
    years = past_years(s) if with_history else []
    columns = [
        column("No", 0.4, "center"),
        column("Sasaran Strategis", 1.75),
        column("Indikator Kinerja", 1.9),
        *(number_column(str(year), 0.75, "Realisasi") for year in years),
        number_column("Target", 0.8, f"Kinerja Tahun {s.tahun}"),
        number_column("Realisasi", 0.95, f"Kinerja Tahun {s.tahun}"),
        number_column("Capaian (%)", 0.95, f"Kinerja Tahun {s.tahun}"),
        column("Status", 1.0, "center", f"Kinerja Tahun {s.tahun}"),
    ]
    if any(iku.score_akhir for iku in s.iku):
        akhir = next(iku.tahun_akhir for iku in s.iku if iku.score_akhir)
        columns += [
            number_column("Target", 0.8, f"Renstra {akhir}"),
            number_column("Capaian (%)", 0.95, f"Renstra {akhir}"),
        ]
    return tuple(columns)


def named_with_unit(iku: Iku) -> str:
    """The name of an indicator with its unit, where the name does not say it."""
    short = formats.short_name(iku.nama)
    return f"{short} ({iku.satuan})" if iku.satuan else short


def past_years(s: Snapshot) -> list[int]:
    """The two years before, where any IKU has a realisasi."""
    years = {point.tahun for iku in s.iku for point in iku.history if point.realisasi}
    return [year for year in (s.tahun - 2, s.tahun - 1) if year in years]


def _iku_table(s: Snapshot) -> Blocks:
    groups = spans([iku.sasaran_kunci for iku in s.iku])
    rows: list[Row] = []
    number = 0
    for iku, span in zip(s.iku, groups, strict=True):
        lead: list[Cell] = []
        if span:
            number += 1
            lead = [Cell(str(number), rowspan=span), Cell(iku.sasaran, rowspan=span)]
        rows.append(Row((*lead, *_iku_cells(s, iku))))
    caption = f"Realisasi dan Capaian Indikator Kinerja Utama Tahun {s.tahun}"
    return table(caption, "tabel-iku", iku_columns(s), rows, source=sumber(s, "capaian_iku"), size="small")


def _iku_cells(s: Snapshot, iku: Iku) -> tuple[Cell, ...]:
    past = {point.tahun: point.realisasi for point in iku.history}
    values: list[str | Cell] = [
        named_with_unit(iku),
        *(past.get(year) or formats.DASH for year in past_years(s)),
        iku.target or formats.DASH,
        iku.realisasi or formats.DASH,
        Cell(formats.points(iku.tampil, iku.desimal), bold=True, trace=iku.kunci),
        status_cell(iku),
    ]
    if any(one.score_akhir for one in s.iku):
        end = iku.score_akhir
        values += [iku.target_akhir or formats.DASH, formats.points(end.tampil if end else None, iku.desimal)]
    return row(*values).cells
