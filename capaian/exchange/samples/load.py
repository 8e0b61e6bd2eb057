"""Loading a sample into the database: all or nothing, and loading the same files again changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User

from capaian.assessments.sync import sync_lke
from capaian.budget import actions as budget
from capaian.exchange.models import ImportBatch
from capaian.exchange.samples import lke, money, plan, results, skm, spm
from capaian.exchange.samples.findings import money_findings
from capaian.exchange.samples.tables import Sample
from capaian.measurement import sync as measurement
from capaian.measurement.actions import compute_capaian_year
from capaian.organisations import actions as organisations
from capaian.organisations.models import TahunKinerja
from capaian.planning import actions as planning
from capaian.skm.sync import sync_skm
from capaian.spm.sync import sync_spm
from capaian.workflow.audit import audited
from capaian.workflow.checks import check_row
from capaian.workflow.sync import SyncResult

Rows = list[dict[str, Any]]


@dataclass
class _Loading:
    """One load on its way: the sample, the year it goes to, who loads, and what stands in the database so far."""

    sample: Sample
    tahun_kinerja: TahunKinerja
    by: User | None
    result: SyncResult = field(default_factory=SyncResult)
    known: dict[str, Mapping[Any, Any]] = field(default_factory=dict)

    @property
    def who(self) -> dict[str, Any]:
        return {"by": self.by, "tahun_kinerja": self.tahun_kinerja}

    def resolve(self, rows: Iterable[Mapping[str, Any]], **names: str) -> Rows:
        """Replace the keys in the named fields by the rows they name; `resolve(rows, node="node")`."""
        return [{**row, **{name: self.known[kind].get(row[name]) for name, kind in names.items()}} for row in rows]


@audited()
def load_sample(*, sample: Sample, by: User | None) -> ImportBatch:
    """Bring the office year of a sample in line with its files, compute its capaian, and record the batch.

    The batch also keeps, as `warnings`, what the sample says against itself.
    """
    tahun_kinerja = organisations.save_tahun_kinerja(
        by=by, instansi=_instansi(sample), tahun=sample.tahun, narasi=_narasi(sample)
    )
    loading = _Loading(sample, tahun_kinerja, by)
    for step in (
        _load_resources,
        _load_plan,
        _load_targets,
        _load_money,
        _load_results,
        _load_spm,
        _load_skm,
        _load_lke,
    ):
        step(loading)
    loading.result += compute_capaian_year(**loading.who)
    warnings = [finding.to_dict() for finding in money_findings(sample.tables)]
    batch = ImportBatch(
        tahun_kinerja=tahun_kinerja,
        by=by,
        source=sample.document,
        checksum=sample.checksum,
        rows=sample.row_count,
        changes={**loading.result.to_dict(), "warnings": warnings},
    )
    check_row(batch, ["source"], ["source"])
    batch.save()
    return batch


def _instansi(sample: Sample) -> dict[str, Any]:
    policy = sample.manifest["policy"]
    names = ("rumus_turun", "desimal", "batas_atas", "batas_bawah", "ambang_rendah")
    return {**sample.manifest["instansi"], **{name: policy[name] for name in names}}


def _narasi(sample: Sample) -> dict[str, Any]:
    """The narrative with what the tables say beside their rows: their sources, and the indicators of the tujuan."""
    stated = [(table.kind, table.options["sumber_data"]) for table in sample.tables if table.options.get("sumber_data")]
    goals = plan.tujuan_indicators(sample)
    return {
        **sample.narasi,
        **({"sumber_tabel": dict(reversed(stated))} if stated else {}),
        **({"indikator_tujuan": goals} if goals else {}),
    }


def _load_resources(loading: _Loading) -> None:
    units, result = organisations.sync_units(
        by=loading.by, instansi=loading.tahun_kinerja.instansi, rows=results.unit_rows(loading.sample)
    )
    loading.known["unit"] = {results.unit_key(unit.nama): unit for unit in units.values()} | {"": units["dinas"]}
    loading.known["kunci_unit"] = units
    result += organisations.sync_resources(
        **loading.who,
        fasilitas=results.fasilitas_rows(loading.sample),
        tenaga=loading.resolve(results.tenaga_rows(loading.sample), unit="unit"),
    )
    loading.result += result


def _load_plan(loading: _Loading) -> None:
    sample = loading.sample
    manifest = sample.manifest["renstra"]
    renstra = {
        "nama": manifest["nama"] or f"Renstra {sample.manifest['instansi']['nama']}",
        "awal": manifest["awal"] or sample.tahun,
        "akhir": manifest["akhir"] or sample.tahun,
        "visi": manifest["visi"],
        "misi": manifest["misi"],
    }
    sasaran, _, first = planning.sync_renstra(
        **loading.who, renstra=renstra, tujuan=plan.tujuan_rows(sample), sasaran=plan.sasaran_rows(sample)
    )
    nodes, second = planning.sync_nodes(**loading.who, rows=plan.node_rows(sample))
    loading.known |= {"sasaran": sasaran, "node": nodes}
    indikator, third = planning.sync_indikator(
        **loading.who, rows=loading.resolve(plan.indikator_rows(sample), sasaran="sasaran", node="node")
    )
    strategi = loading.resolve(plan.strategi_rows(sample), sasaran="sasaran")
    loading.known["indikator"] = indikator
    loading.result += first + second + third + planning.sync_strategi(**loading.who, rows=strategi)


def _load_targets(loading: _Loading) -> None:
    sample = loading.sample
    names = ("kunci", "jenis", "nama", "versi")
    documents = [{name: entry[name] for name in names} for entry in sample.manifest["dokumen"]]
    loading.known["dokumen"], first = planning.sync_dokumen(**loading.who, rows=documents)
    targets, second = planning.sync_target(
        **loading.who, rows=loading.resolve(plan.target_rows(sample), indikator="indikator", dokumen="dokumen")
    )
    loading.known["target"] = {
        (target.indikator.kunci, target.dokumen.kunci): target for target in targets if target.tahun == sample.tahun
    }
    quarters = [
        {
            "target": loading.known["target"][row["indikator"], row["dokumen"]],
            "triwulan": row["triwulan"],
            "teks": row["teks"],
        }
        for row in plan.target_triwulan_rows(sample)
    ]
    loading.result += first + second + planning.sync_target_triwulan(**loading.who, rows=quarters)


def _load_money(loading: _Loading) -> None:
    sample, who = loading.sample, loading.who
    annex = loading.resolve(money.perjanjian_kinerja_rows(sample), dokumen="dokumen", node="node")
    mapping = loading.resolve(money.pemetaan_rows(sample), indikator="indikator", node="node")
    revenue = [
        {**row, "unit": loading.known["unit"].get(results.unit_key(f"{row['kelompok']} {row['nama']}"))}
        for row in money.pendapatan_rows(sample)
    ]
    loading.result += planning.sync_perjanjian_kinerja(**who, rows=annex)
    loading.result += planning.sync_pemetaan(**who, rows=mapping)
    loading.result += budget.sync_pagu(**who, rows=loading.resolve(money.pagu_rows(sample), node="node"))
    loading.result += budget.sync_sumber_dana(**who, rows=money.sumber_dana_rows(sample))[1]
    loading.result += budget.sync_realisasi_anggaran(
        **who, rows=loading.resolve(money.realisasi_rows(sample), node="node")
    )
    loading.result += budget.sync_pendapatan(**who, rows=revenue)


def _load_results(loading: _Loading) -> None:
    sample, who = loading.sample, loading.who
    details = results.rincian_rows(sample)
    heads = loading.resolve([head for head, _ in details], indikator="indikator")
    analyses = loading.resolve(results.analisis_rows(sample), indikator="indikator", node="node")
    for analysis in analyses:
        analysis["faktor"] = loading.resolve(analysis["faktor"], program="node")
    loading.result += measurement.sync_realisasi(
        **who, rows=loading.resolve(results.realisasi_rows(sample), indikator="indikator")
    )
    loading.result += measurement.sync_pembanding(
        **who, rows=loading.resolve(results.pembanding_rows(sample), indikator="indikator")
    )
    loading.result += measurement.sync_rincian(
        **who, rows=[(head, values) for head, (_, values) in zip(heads, details, strict=True)]
    )
    loading.result += measurement.sync_analisis(**who, rows=analyses)
    loading.result += measurement.sync_follow_up(
        **who,
        lhe=results.lhe_rows(sample),
        inovasi=results.inovasi_rows(sample),
        penghargaan=results.penghargaan_rows(sample),
    )


def _load_spm(loading: _Loading) -> None:
    sample = loading.sample
    loading.result += sync_spm(
        **loading.who,
        sasaran=loading.resolve(spm.sasaran_rows(sample), unit="kunci_unit"),
        pelayanan=loading.resolve(spm.pelayanan_rows(sample), unit="kunci_unit"),
        tercetak=loading.resolve(spm.tercetak_rows(sample), unit="kunci_unit"),
        alokasi=loading.resolve(spm.alokasi_rows(sample), unit="kunci_unit"),
        monev=loading.resolve(spm.monev_rows(sample), unit="kunci_unit"),
    )


def _load_skm(loading: _Loading) -> None:
    rows = loading.resolve(skm.survei_rows(loading.sample), unit="kunci_unit")
    loading.result += sync_skm(**loading.who, rows=rows)


def _load_lke(loading: _Loading) -> None:
    loading.result += sync_lke(**loading.who, evaluations=lke.evaluations(loading.sample))
