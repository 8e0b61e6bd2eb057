"""Loading a generated district: the plan and money as a sample is loaded, then what its units reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.contrib.auth.models import User

from capaian.budget import actions as budget
from capaian.budget.models import RealisasiAnggaran
from capaian.exchange.simulation import money
from capaian.exchange.simulation.district import District
from capaian.exchange.simulation.fill import fill_quarters
from capaian.exchange.simulation.histories import open_deadlines
from capaian.exchange.simulation.names import MOST
from capaian.exchange.simulation.pkp import load_pkp
from capaian.exchange.simulation.skm import load_skm
from capaian.exchange.simulation.spm import load_spm
from capaian.measurement.actions import compute_capaian_year
from capaian.organisations import actions as organisations
from capaian.organisations.models import TahunKinerja
from capaian.planning import actions as planning
from capaian.workflow.audit import audited
from capaian.workflow.models import Form
from capaian.workflow.sync import SyncResult

Rows = list[dict[str, Any]]


@audited()
def load_simulation(
    *, by: User | None, puskesmas: int, tahun: int, seed: int, today: date, with_quarters: bool = True
) -> tuple[TahunKinerja, SyncResult]:
    """Bring the office `simulasi-<puskesmas>` in line with its generated plan, and fill the quarters nobody has begun.

    The same size and seed again change nothing; a form that somebody has touched stays as it is. Raises `ValueError`
    for a size that there are no names for, and for a year that has not begun.
    """
    if not 1 <= puskesmas <= MOST:
        raise ValueError(f"Simulasi memuat 1 sampai {MOST} Puskesmas, bukan {puskesmas}.")
    if tahun > today.year:
        raise ValueError(f"Tahun kinerja {tahun} belum dimulai; pilih {today.year} atau tahun sebelumnya.")
    district = District(puskesmas, tahun, seed)
    year = organisations.save_tahun_kinerja(by=by, instansi=district.instansi, tahun=tahun, narasi={})
    result = _load_plan(by, year, district)
    if with_quarters:
        open_deadlines(by=by, tahun_kinerja=year, forms=[Form.KINERJA])
        result += fill_quarters(by=by, tahun_kinerja=year, district=district, today=today)
        result += _load_spending(by=by, tahun_kinerja=year, district=district)
    result += load_spm(by=by, tahun_kinerja=year, district=district, today=today, with_quarters=with_quarters)
    if with_quarters:
        result += load_pkp(by=by, tahun_kinerja=year, district=district)
    if with_quarters:
        result += load_skm(by=by, tahun_kinerja=year, district=district, today=today)
    return year, result + compute_capaian_year(by=by, tahun_kinerja=year)


def _load_plan(by: User | None, year: TahunKinerja, district: District) -> SyncResult:
    who: dict[str, Any] = {"by": by, "tahun_kinerja": year}
    units, result = organisations.sync_units(by=by, instansi=year.instansi, rows=district.unit_rows())
    renstra = {
        "nama": "Renstra Dinas Kesehatan Kabupaten Simulasi",
        "awal": district.tahun - 2,
        "akhir": district.tahun + 2,
        "visi": "Kabupaten Simulasi yang sehat",
        "misi": "Pelayanan kesehatan yang bermutu dan terjangkau",
    }
    sasaran, _, changed = planning.sync_renstra(
        **who, renstra=renstra, tujuan=district.tujuan_rows(), sasaran=district.sasaran_rows()
    )
    result += changed
    nodes, changed = planning.sync_nodes(**who, rows=_resolve(district.node_rows, penanggung_jawab=units))
    result += changed
    indikator, changed = planning.sync_indikator(
        **who, rows=_resolve(district.indikator_rows(), sasaran=sasaran, node=nodes, penanggung_jawab=units)
    )
    result += changed + _load_targets(who, district, indikator)
    result += budget.sync_pagu(**who, rows=_resolve(money.pagu_rows(district), node=nodes))
    programs = [row for row in money.pagu_rows(district) if row["versi"] == "apbd" and row["node"].count(".") == 2]
    dokumen = {one.kunci: one for one in year.dokumen.all()}
    annex = [
        {"dokumen": dokumen["pk"], "node": nodes[row["node"]], "anggaran": row["jumlah"], "keterangan": ""}
        for row in programs
    ]
    return result + planning.sync_perjanjian_kinerja(**who, rows=annex)


def _load_targets(who: dict[str, Any], district: District, indikator: Mapping[str, Any]) -> SyncResult:
    dokumen, result = planning.sync_dokumen(**who, rows=district.dokumen_rows())
    targets, changed = planning.sync_target(
        **who, rows=_resolve(district.target_rows(), indikator=indikator, dokumen=dokumen)
    )
    result += changed
    of_plan = {one.indikator.kunci: one for one in targets if one.dokumen_id == dokumen["rencana_aksi"].pk}
    quarters = [
        {"target": of_plan[row["indikator"]], "triwulan": row["triwulan"], "teks": row["teks"]}
        for row in district.target_triwulan_rows()
    ]
    return result + planning.sync_target_triwulan(**who, rows=quarters)


def _load_spending(*, by: User | None, tahun_kinerja: TahunKinerja, district: District) -> SyncResult:
    """What was spent, where nobody has entered any spending of the year."""
    if RealisasiAnggaran.objects.filter(node__tahun_kinerja=tahun_kinerja).exists():
        return SyncResult()
    nodes = {node.kunci: node for node in tahun_kinerja.nodes.all()}
    return budget.sync_realisasi_anggaran(
        by=by, tahun_kinerja=tahun_kinerja, rows=_resolve(money.realisasi_rows(district), node=nodes)
    )


def _resolve(rows: Iterable[Mapping[str, Any]], **known: Mapping[str, Any]) -> Rows:
    """The rows with the keys in the named fields replaced by what they name."""
    return [
        {**row, **{name: found[row[name]] if row[name] is not None else None for name, found in known.items()}}
        for row in rows
    ]
