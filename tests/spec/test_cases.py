"""Every worked example beside a pack gives what the document prints (or what was recomputed by hand)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from capaian.rules.akip import compute_lke, score_subkomponen, sum_komponen
from capaian.rules.capaian import CapaianRule, compute_capaian
from capaian.rules.efisiensi import compute_efisiensi
from capaian.rules.instrumen.hasil import evaluate
from capaian.rules.instrumen.skor import Isian
from capaian.rules.instrumen.store import load_instrumen
from capaian.rules.numbers import round_half_up
from capaian.rules.packs import Case, Pack, list_packs, load_cases, load_pack
from capaian.rules.skm import compute_ikm
from capaian.rules.spm.indeks import compute_indeks, compute_penerima
from capaian.rules.spm.sasaran import estimate
from capaian.rules.spm.standar import standar_of
from capaian.rules.trace import Citation, Computed, Trace

pytestmark = pytest.mark.spec
CASES = [case for pack_id in list_packs() for case in load_cases(pack_id)]


def run_capaian(data: Mapping[str, Any], pack: Pack) -> dict[str, Any]:
    result = compute_capaian(data["target"], data["realisasi"], CapaianRule(data["arah"], data["rumus"]), pack)
    return {"tampil": str(result.tampil), "status": result.status}


def run_klasifikasi(data: Mapping[str, Any], pack: Pack) -> dict[str, Any]:
    found = pack.scale(data["skala"]).classify(Decimal(data["nilai"]), data.get("kebijakan"))
    return {"kode": found.kode, "tanda": list(found.flags)}


def run_ikm(data: Mapping[str, Any], pack: Pack) -> dict[str, Any]:
    unsur = [row["kode"] for row in pack.rows("unsur")]
    result = compute_ikm(dict(zip(unsur, map(Decimal, data["nrr"]), strict=True)), pack)
    return {"tampil": str(result.tampil), "mutu": result.mutu}


def run_lke(data: Mapping[str, Any], pack: Pack) -> dict[str, Any]:
    if "subkomponen" in data:
        komponen = sum_komponen({kode: Decimal(value) for kode, value in data["subkomponen"].items()})
    else:
        komponen = {kode: Decimal(value) for kode, value in data["komponen"].items()}
    result = compute_lke(komponen, pack)
    return {
        "tampil": str(result.tampil),
        "predikat": result.predikat,
        "komponen": {kode: str(round_half_up(value, 2)) for kode, value in result.komponen.items()},
        "catatan_memuat": " ".join(result.catatan),
    }


def run_subkomponen(data: Mapping[str, Any], pack: Pack) -> dict[str, Any]:
    bobot = next(Decimal(row["bobot"]) for row in pack.rows("subkomponen") if row["kode"] == data["kode"])
    return {"nilai": str(round_half_up(score_subkomponen(bobot, data["jawaban"], pack), 2))}


def run_efisiensi(data: Mapping[str, Any], pack: Pack) -> dict[str, Any]:
    capaian = compute_capaian(data["target"], data["realisasi"], CapaianRule("naik", "rasio"))
    result = compute_efisiensi(
        data["metode"],
        persen_capaian=capaian.persen,
        pagu=int(data["pagu"]),
        realisasi=int(data["belanja"]),
        pack=pack,
    )
    ne = result.nilai_efisiensi
    return {"tampil": str(result.tampil), "ne": None if ne is None else str(round_half_up(ne, 1))}


def run_penerima_spm(data: Mapping[str, Any], pack: Pack) -> dict[str, Any]:
    place = Citation(pack.instrumen, "penghitungan pencapaian", "tertulis")
    return {"tampil": str(compute_penerima(int(data["terlayani"]), int(data["sasaran"]), place).tampil)}


def run_indeks_spm(data: Mapping[str, Any], pack: Pack) -> dict[str, Any]:
    penerima, mutu = (Computed(Decimal(data[name]), Decimal(data[name]), (), Trace()) for name in ("penerima", "mutu"))
    result = compute_indeks(penerima, mutu, standar_of(2024))
    return {"tampil": str(result.nilai), "kategori": result.kategori}


def run_sasaran_spm(data: Mapping[str, Any], pack: Pack) -> dict[str, Any]:
    inputs = {name: Decimal(value) for name, value in data.items() if name != "kode"}
    return {"tampil": str(estimate(data["kode"], inputs, pack).tampil)}


def run_instrumen(data: Mapping[str, Any], pack: Pack) -> dict[str, Any]:
    """Answers by kode: a text, or `realisasi` and `sasaran`; `lihat` names the items and groups that are shown."""
    instrumen = load_instrumen(pack.id)
    answers = {
        kode: Isian(given)
        if isinstance(given, str)
        else Isian(realisasi=Decimal(given["realisasi"]), sasaran=Decimal(given["sasaran"]))
        for kode, given in data["jawaban"].items()
    }
    policy = replace(instrumen.kebijakan, **data.get("kebijakan", {}))
    result = evaluate(instrumen, answers, data.get("sifat", ()), policy)
    seen = {kode: result.butir.get(kode) or result.kelompok[kode] for kode in data["lihat"]}
    return {
        "nilai": {kode: None if one.nilai is None else str(round_half_up(one.nilai, 2)) for kode, one in seen.items()},
        "kelas": result.kelas,
        "catatan_memuat": " ".join([*result.catatan, *(note for one in seen.values() for note in one.catatan)]),
    }


RUNNERS: dict[str, Callable[[Mapping[str, Any], Pack], dict[str, Any]]] = {
    "capaian": run_capaian,
    "klasifikasi": run_klasifikasi,
    "ikm": run_ikm,
    "lke": run_lke,
    "subkomponen": run_subkomponen,
    "efisiensi": run_efisiensi,
    "penerima_spm": run_penerima_spm,
    "indeks_spm": run_indeks_spm,
    "sasaran_spm": run_sasaran_spm,
    "instrumen": run_instrumen,
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.pack_id}: {case.nama}")
def test_case(case: Case) -> None:
    found = RUNNERS[case.fungsi](case.masukan, load_pack(case.pack_id))
    for key, expected in case.keluaran.items():
        if key == "catatan_memuat":
            assert expected in found[key]
        else:
            assert found[key] == expected, case.rujukan


def test_every_family_of_results_has_cases() -> None:
    assert len(CASES) >= 50
    assert {case.fungsi for case in CASES} == set(RUNNERS)
