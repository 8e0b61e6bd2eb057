"""Reading an office year once, through the queries of the parts, into one frozen snapshot."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping
from typing import Any

from capaian.budget import queries as budget
from capaian.measurement import queries as measurement
from capaian.measurement.models import Pembanding as PembandingModel
from capaian.measurement.models import Rincian as RincianModel
from capaian.organisations import queries as organisations
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.planning import queries as planning
from capaian.planning.models import Dokumen as DokumenModel
from capaian.reports.formats import proper
from capaian.reports.snapshot import measures, model
from capaian.reports.snapshot.evaluation import read_evaluation
from capaian.reports.snapshot.indicators import IndicatorReader

_KATA = re.compile(r"\s+")


def take_snapshot(tahun_kinerja: TahunKinerja) -> model.Snapshot:
    """The office year as it stands now. The number of queries does not grow with its rows."""
    reader = IndicatorReader(tahun_kinerja)
    nodes = _nodes(tahun_kinerja, reader)
    names = {one.kunci: one.nama for node in nodes for one in node.indikator}
    measured = measurement.measured_dokumen(tahun_kinerja)
    totals = budget.total(reader.budget_rows)
    pk = planning.last_version(tahun_kinerja.dokumen.filter(jenis=DokumenModel.Jenis.PK))
    return model.Snapshot(
        office=read_office(tahun_kinerja),
        tahun=tahun_kinerja.tahun,
        narasi=copy.deepcopy(tahun_kinerja.narasi),
        units=_units(organisations.units_by_parent(tahun_kinerja.instansi), None),
        dokumen=tuple(_dokumen(one) for one in tahun_kinerja.dokumen.all()),
        renstra=_renstra(tahun_kinerja, reader),
        strategi=_strategi(tahun_kinerja),
        iku=_iku(tahun_kinerja, reader, names),
        measured_dokumen=measured.kunci if measured else "",
        pk_dokumen=pk.kunci if pk else "",
        pk=_pk_rows(pk, reader),
        pk_anggaran=_pk_anggaran(pk),
        versi=reader.versi,
        versions=tuple(budget.versions(tahun_kinerja)),
        nodes=nodes,
        pagu=totals.pagu if reader.budget_rows else None,
        realisasi=totals.realisasi if any(row.realisasi is not None for row in reader.budget_rows) else None,
        serapan=totals.money.tampil if reader.budget_rows else None,
        rincian=tuple(_rincian(row) for row in reader.rincian),
        **_money(tahun_kinerja),
        **_resources(tahun_kinerja),
        **_follow_up(tahun_kinerja),
    )


def read_office(tahun_kinerja: TahunKinerja) -> model.Office:
    """What documents print about the office, without a query."""
    names = model.Office.__dataclass_fields__
    return model.Office(**{name: getattr(tahun_kinerja.instansi, name) for name in names})


def _units(by_parent: Mapping[int | None, list[UnitKerja]], parent: int | None) -> tuple[model.Unit, ...]:
    return tuple(
        model.Unit(unit.kunci, proper(unit.nama), unit.jenis, unit.akreditasi, _units(by_parent, unit.pk))
        for unit in by_parent.get(parent, [])
    )


def _dokumen(one: DokumenModel) -> model.Dokumen:
    tanggal = one.tanggal.isoformat() if one.tanggal else ""
    return model.Dokumen(one.kunci, one.jenis, one.nama, one.versi, one.nomor, tanggal)


def _renstra(tahun_kinerja: TahunKinerja, reader: IndicatorReader) -> model.Renstra | None:
    renstra = planning.renstra_of(tahun_kinerja)
    if renstra is None:
        return None
    told: dict[str, list[tuple[str, str]]] = {}
    for entry in tahun_kinerja.narasi.get("indikator_tujuan", []):
        told.setdefault(entry["tujuan"], []).append((entry["kunci"], entry["nama"]))
    tujuan = tuple(
        model.Tujuan(
            "" if goal.uraian.startswith("(") else goal.uraian,
            reader.of_tujuan(goal.pk, told.get(goal.uraian, ())),
            tuple(model.Sasaran(one.kunci, one.uraian, reader.of_sasaran(one.pk)) for one in goal.sasaran.all()),
        )
        for goal in renstra.tujuan.prefetch_related("sasaran")
    )
    return model.Renstra(renstra.nama, renstra.awal, renstra.akhir, renstra.visi, renstra.misi, tujuan)


def _strategi(tahun_kinerja: TahunKinerja) -> tuple[model.Strategi, ...]:
    return tuple(
        model.Strategi(
            group.sasaran.tujuan.uraian,
            group.sasaran.uraian,
            tuple((strategi, tuple(arah)) for strategi, arah in group.strategi),
        )
        for group in planning.strategi_groups(tahun_kinerja)
    )


def _iku(tahun_kinerja: TahunKinerja, reader: IndicatorReader, names: Mapping[str, str]) -> tuple[measures.Iku, ...]:
    comparators = measurement.pembanding_by_indikator(tahun_kinerja)
    analyses = measurement.analisis_by_indikator(tahun_kinerja)
    mapped = reader.pemetaan
    told = {entry["kunci"]: entry for entry in tahun_kinerja.narasi.get("analisis", [])}
    compared = {
        entry["kunci"]: _tidy(entry.get("uraian", "")) for entry in tahun_kinerja.narasi.get("perbandingan", [])
    }
    found = []
    for row in reader.iku_rows:
        one = row.indikator
        measured = reader.measured(row)
        found.append(
            measures.Iku(
                **{name: getattr(measured, name) for name in measures.Measured.__dataclass_fields__},
                sasaran_kunci=one.sasaran.kunci if one.sasaran else "",
                sasaran=one.sasaran.uraian if one.sasaran else "",
                pembanding=_pembanding(comparators.get(one.pk, [])),
                perbandingan=compared.get(one.kunci, ""),
                rincian=tuple(_rincian(each) for each in reader.rincian if each.indikator_id == one.pk),
                analisis=reader.analisis(analyses.get(one.pk), names, told.get(one.kunci, {})),
                pemetaan=tuple(mapped.get(one.pk, ())),
            )
        )
    return tuple(found)


def _pembanding(rows: Iterable[PembandingModel]) -> tuple[measures.Pembanding, ...]:
    return tuple(measures.Pembanding(row.jenis, row.wilayah, row.nilai, row.cacah, row.penyebut) for row in rows)


def _rincian(row: RincianModel) -> measures.Rincian:
    values = []
    for value in row.nilai.all():
        # Only a remark of two parts belongs to the table (kecamatan · status); others are notes of the keeper.
        kelompok, _, status = value.keterangan.partition(" · ") if " · " in value.keterangan else ("", "", "")
        values.append(measures.RincianNilai(value.kategori, value.seri, value.nilai, kelompok, status))
    indikator = row.indikator.kunci if row.indikator else ""
    return measures.Rincian(row.kunci, row.judul, indikator, row.satuan, row.bentuk, tuple(values))


def _nodes(tahun_kinerja: TahunKinerja, reader: IndicatorReader) -> tuple[model.NodeRow, ...]:
    versions = budget.pagu_versions_by_node(tahun_kinerja)
    told = measurement.analisis_by_node(tahun_kinerja)
    quarters = budget.realisasi_by_quarter(tahun_kinerja)
    keys = {row.node.pk: row.node.kunci for row in reader.budget_rows}
    parents = {row.node.induk_id for row in reader.budget_rows}
    return tuple(
        model.NodeRow(
            kunci=row.node.kunci,
            kode=row.node.kode,
            jenis=row.node.jenis,
            nama=proper(row.node.nama),
            induk=keys.get(row.node.induk_id or 0, ""),
            depth=row.depth,
            is_leaf=row.node.pk not in parents,
            penanggung_jawab=reader.unit_name(row.node.penanggung_jawab_id),
            pagu=row.pagu,
            realisasi=row.realisasi,
            sisa=row.sisa,
            serapan=row.serapan,
            tampil=row.money.tampil,
            belanja=tuple(sorted(row.belanja.items())),
            realisasi_triwulan=quarters.get(row.node.pk, ()),
            pagu_versi=tuple(
                model.PaguVersi(p.versi, p.jumlah, p.jumlah_kegiatan, p.jumlah_sub_kegiatan, p.keterangan)
                for p in versions.get(row.node.pk, [])
            ),
            indikator=reader.of_node(row.node.pk),
            analisis=told[row.node.pk].uraian if row.node.pk in told else "",
        )
        for row in reader.budget_rows
    )


def _pk_rows(pk: DokumenModel | None, reader: IndicatorReader) -> tuple[model.PkRow, ...]:
    if pk is None:
        return ()
    targets = pk.target.filter(tahun=reader.tahun, indikator__node=None).select_related("indikator__sasaran")
    return tuple(
        model.PkRow(
            row.indikator.sasaran.uraian if row.indikator.sasaran else "",
            row.indikator.kunci,
            proper(row.indikator.nama),
            row.teks,
            row.satuan or row.indikator.satuan,
        )
        for row in targets.order_by("indikator__sasaran__urutan", "indikator__urutan")
    )


def _pk_anggaran(pk: DokumenModel | None) -> tuple[model.PkAnggaran, ...]:
    if pk is None:
        return ()
    rows = pk.anggaran.select_related("node").order_by("node__urutan")
    return tuple(model.PkAnggaran(proper(row.node.nama), row.anggaran, row.keterangan) for row in rows)


def _money(tahun_kinerja: TahunKinerja) -> dict[str, tuple[Any, ...]]:
    return {
        "pendapatan": tuple(
            model.Pendapatan(row.jenis, row.kelompok, row.nama, row.target, row.realisasi)
            for row in tahun_kinerja.pendapatan.all()
        ),
        "sumber_dana": tuple(
            model.SumberDana(row.nama, row.murni, row.perubahan) for row in tahun_kinerja.sumber_dana.all()
        ),
    }


def _resources(tahun_kinerja: TahunKinerja) -> dict[str, tuple[Any, ...]]:
    facilities: dict[tuple[str, str], list[tuple[str, int | None]]] = {}
    for row in tahun_kinerja.fasilitas.all():
        facilities.setdefault((row.kelompok, row.nama), []).append((row.pemilikan, row.jumlah))
    return {
        "fasilitas": tuple(model.Fasilitas(*key, tuple(values)) for key, values in facilities.items()),
        "tenaga": tuple(
            model.Tenaga(row.kelompok, proper(row.unit.nama), row.profesi, row.jumlah, row.urutan)
            for row in tahun_kinerja.tenaga.select_related("unit")
        ),
    }


def _follow_up(tahun_kinerja: TahunKinerja) -> dict[str, tuple[Any, ...]]:
    return {
        **read_evaluation(tahun_kinerja),
        "inovasi": tuple(
            model.Inovasi(row.nama, row.kepanjangan, row.uraian, tuple(str(text) for text in row.dampak))
            for row in tahun_kinerja.inovasi.all()
        ),
        "penghargaan": tuple(
            model.Penghargaan(row.tanggal, row.pemberi, row.bentuk, row.penghargaan)
            for row in tahun_kinerja.penghargaan.all()
        ),
    }


def _tidy(text: str) -> str:
    return _KATA.sub(" ", text).strip()
