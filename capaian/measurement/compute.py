"""The capaian of an office year, computed from its targets and realisasi. The only seam of this part to `rules`.

Reads and computes; `actions` stores what comes out of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.db.models import Q

from capaian.measurement.entry import LARGEST_PERSEN, too_large
from capaian.measurement.models import Realisasi
from capaian.measurement.quarters import Joined, annual_value, quarter_target, value_to_quarter
from capaian.measurement.queries import measured_targets
from capaian.organisations.models import Instansi, TahunKinerja
from capaian.planning.models import Dokumen, Indikator, Target
from capaian.planning.queries import QuarterPlan, quarter_plans, read_expression
from capaian.rules.capaian import CapaianRule, compute_capaian
from capaian.rules.numbers import NumberFormatError, round_half_up
from capaian.rules.packs import Pack, load_pack
from capaian.rules.target import EmptyTarget, parse_target
from capaian.rules.target import Target as Expression

CAPAIAN_PACK = "capaian/permendagri_86_2017"
STORED_DECIMALS = 10  # those of the column `persen_capaian`


def capaian_rule(indikator: Indikator, instansi: Instansi) -> CapaianRule:
    """How an indicator is computed: its own settings, else the office's defaults (design, section 4.2)."""
    default = "rasio" if indikator.arah == Indikator.Arah.NAIK else instansi.rumus_turun
    return CapaianRule(
        arah=indikator.arah,  # type: ignore[arg-type]
        rumus=indikator.rumus or default,  # type: ignore[arg-type]
        batas_atas=_first(indikator.batas_atas, instansi.batas_atas),
        batas_bawah=_first(indikator.batas_bawah, instansi.batas_bawah),
        desimal=_first(indikator.desimal, instansi.desimal),
    )


def capaian_rows(tahun_kinerja: TahunKinerja, indikator: Collection[Indikator] | None = None) -> list[dict[str, Any]]:
    """Compute without storing: all figures of an office year in one pass, or those of some indicators. Five queries."""
    pack = load_pack(CAPAIAN_PACK)
    only = Q() if indikator is None else Q(indikator__in=indikator)
    realisasi: dict[int, dict[int, dict[int, str]]] = defaultdict(lambda: defaultdict(dict))
    for pk, tahun, periode, teks in Realisasi.objects.filter(only, of_year(tahun_kinerja)).values_list(
        "indikator", "tahun", "periode", "teks"
    ):
        realisasi[pk][tahun][periode] = teks
    plans = quarter_plans(tahun_kinerja, indikator)
    later = Target.objects.filter(
        only,
        dokumen__tahun_kinerja=tahun_kinerja,
        dokumen__jenis=Dokumen.Jenis.RENSTRA,
        tahun__gt=tahun_kinerja.tahun,
    ).select_related("indikator", "dokumen")
    rows: list[dict[str, Any]] = []
    for target in [*measured_targets(tahun_kinerja, only), *later]:
        # Many targets share one office: without this each would fetch its own.
        target.indikator.instansi = tahun_kinerja.instansi
        is_renstra = target.dokumen.jenis == Dokumen.Jenis.RENSTRA
        tahun = tahun_kinerja.tahun if is_renstra else target.tahun
        reached = realisasi[target.indikator_id].get(tahun, {})
        rows.append(_annual_row(target, tahun, reached, pack))
        if not is_renstra and tahun == tahun_kinerja.tahun:
            rows += _quarter_rows(target, plans.get(target.indikator_id, QuarterPlan()), reached, pack)
    return rows


def of_year(tahun_kinerja: TahunKinerja) -> Q:
    """The indicators that a year reads: those of the office's sasaran, and those of the year's own nodes."""
    return Q(indikator__instansi=tahun_kinerja.instansi) & (
        Q(indikator__node=None) | Q(indikator__node__tahun_kinerja=tahun_kinerja)
    )


def _annual_row(target: Target, tahun: int, reached: Mapping[int, str], pack: Pack) -> dict[str, Any]:
    wanted = parse_target(target.teks, "id")
    return _capaian_row(target, tahun, 0, wanted, annual_value(reached, target.indikator.sifat), (), pack)


def _quarter_rows(
    target: Target, plan: QuarterPlan, reached: Mapping[int, str], pack: Pack
) -> Iterator[dict[str, Any]]:
    """The capaian up to each quarter that was filled (regulations 7.6)."""
    sifat = target.indikator.sifat
    for periode in sorted(set(reached) - {0}):
        if isinstance(read_expression(reached[periode]), EmptyTarget):
            continue
        wanted, notes = quarter_target(target.teks, plan, sifat, periode)
        joined = value_to_quarter(reached, sifat, periode)
        yield _capaian_row(target, target.tahun, periode, wanted, joined, notes, pack)


def _capaian_row(
    target: Target, tahun: int, periode: int, wanted: Expression, reached: Joined, notes: tuple[str, ...], pack: Pack
) -> dict[str, Any]:
    indikator = target.indikator
    try:
        result = compute_capaian(wanted, reached.value, capaian_rule(indikator, indikator.instansi), pack)
    except NumberFormatError as error:
        raise too_large(indikator.nama, reached.value.text, target.teks) from error
    if result.persen is not None and abs(result.persen) >= LARGEST_PERSEN:
        raise too_large(indikator.nama, reached.value.text, target.teks)
    return {
        "indikator": indikator,
        "dokumen": target.dokumen,
        "tahun": tahun,
        "periode": periode,
        "tahun_target": target.tahun,
        "persen_capaian": None if result.persen is None else round_half_up(result.persen, STORED_DECIMALS),
        "tampil": result.tampil,
        "status": result.status,
        "kategori": result.kategori or "",
        "catatan": [*notes, *reached.notes, *result.catatan],
        "pack_id": CAPAIAN_PACK,
        "jejak": (reached.trace + result.trace).to_dict(),
    }


def _first(own: Any, default: Any) -> Any:
    return default if own is None else own
