"""What is frozen when a report is published: its indicators, each with formula, source, date, method and limits.

Only values of the office itself go in: what single units reported stays inside, and so does the trace of how their
reports were joined.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone

from capaian.measurement.compute import capaian_rule
from capaian.measurement.models import Capaian, Realisasi
from capaian.measurement.quarters import annual_value, quarter_target, value_to_quarter
from capaian.measurement.queries import measured_targets
from capaian.organisations.models import TahunKinerja
from capaian.planning.models import Indikator, Target
from capaian.planning.queries import QuarterPlan, quarter_plans
from capaian.reports.models import ReportVersion
from capaian.rules.capaian_forms import FORMULAS
from capaian.rules.packs import load_pack
from capaian.rules.periods import ROMAN
from capaian.rules.triwulan import QUARTERS

_Jenis = ReportVersion.Jenis
# Reports that tell what was reached; a promise or a plan is published without figures of what became of it.
MEASURING: Final = frozenset({_Jenis.LKIP, _Jenis.PENGUKURAN})
_LEVELS = {"program": "Indikator program", "kegiatan": "Indikator kegiatan", "sub_kegiatan": "Indikator sub kegiatan"}
_MEANING = (
    "Capaian membandingkan realisasi dengan target daerah ini sendiri. Capaian 100% berarti targetnya tercapai, bukan "
    "masalahnya selesai, dan tidak dapat dibandingkan dengan daerah yang targetnya lain."
)
_LOWER = "Makin rendah makin baik: capaian di atas 100% berarti realisasi lebih rendah daripada target."
_JOINED = (
    "Angka ini gabungan laporan unit pelayanan. Nilai masing-masing unit tidak diterbitkan, dan perbedaan antarunit "
    "tidak tampak di sini."
)
_UNDEFINED = "Capaian tidak terdefinisi untuk pasangan target dan realisasi ini; lihat jejak hitung."
_MISSING = "Realisasi belum ada ketika laporan diterbitkan. Kosong tidak berarti nol."

Figure = dict[str, Any]


def freeze_figures(tahun_kinerja: TahunKinerja, jenis: str, periode: int, remark: str = "") -> list[Figure]:
    """The indicators of a year (`periode` 0) or up to a quarter, as plain data; none for a report that is a plan.

    `remark` is a limit that holds for all of them. Five queries.
    """
    if jenis not in MEASURING:
        return []
    year = tahun_kinerja.tahun
    targets = measured_targets(tahun_kinerja, Q(tahun=year))
    known = {
        (row.indikator_id, row.dokumen_id, row.periode): row
        for row in Capaian.objects.filter(
            dokumen__tahun_kinerja=tahun_kinerja, tahun=year, tahun_target=year, periode__in={0, periode}
        )
    }
    indikator = {
        one.pk: one
        for one in Indikator.objects.filter(pk__in=[target.indikator_id for target in targets]).select_related(
            "node", "sasaran", "tujuan"
        )
    }
    reached, plans = _realisasi(tahun_kinerja, indikator), quarter_plans(tahun_kinerja) if periode else {}
    return [
        _figure(
            tahun_kinerja,
            indikator[target.indikator_id],
            target,
            plans.get(target.indikator_id, QuarterPlan()),
            _score(known, target, reached[target.indikator_id], periode),
            reached[target.indikator_id],
            periode,
            remark,
        )
        for target in sorted(targets, key=lambda target: _place(indikator[target.indikator_id]))
    ]


def _score(
    known: Mapping[tuple[int, int, int], Capaian], target: Target, reached: Mapping[int, Realisasi], periode: int
) -> Capaian | None:
    """The capaian of the period; the last quarter of an indicator that only the year states is the year itself."""
    own = known.get((target.indikator_id, target.dokumen_id, periode))
    if own is None and periode == QUARTERS and 0 in reached:
        return known.get((target.indikator_id, target.dokumen_id, 0))
    return own


def _realisasi(tahun_kinerja: TahunKinerja, indikator: Iterable[int]) -> Mapping[int, dict[int, Realisasi]]:
    found: dict[int, dict[int, Realisasi]] = defaultdict(dict)
    # Without `jejak`: it tells what single units reported.
    rows = Realisasi.objects.filter(indikator__in=list(indikator), tahun=tahun_kinerja.tahun).defer("jejak")
    for row in rows:
        found[row.indikator_id][row.periode] = row
    return found


def _figure(
    year: TahunKinerja,
    indikator: Indikator,
    target: Target,
    plan: QuarterPlan,
    capaian: Capaian | None,
    reached: Mapping[int, Realisasi],
    periode: int,
    remark: str,
) -> Figure:
    texts = {number: row.teks for number, row in reached.items()}
    is_year = periode in (0, QUARTERS)
    joined = annual_value(texts, indikator.sifat) if is_year else value_to_quarter(texts, indikator.sifat, periode)
    wanted = quarter_target(target.teks, plan, indikator.sifat, periode)[0].text if periode else target.teks
    rule = capaian_rule(indikator, year.instansi)
    owner = indikator.node or indikator.sasaran or indikator.tujuan
    status = capaian.status if capaian else Capaian.Status.BELUM_ADA.value
    return {
        "kunci": indikator.kunci,
        "nama": indikator.nama,
        "tingkat": _level(indikator),
        "kelompok": indikator.node.nama if indikator.node else str(owner),
        "kode": indikator.node.kode if indikator.node else "",
        "satuan": target.satuan or indikator.satuan,
        "target": wanted,
        "target_tahun": target.teks,
        "dokumen_target": str(target.dokumen),
        # A quarter that was not filled has no value, also where earlier ones have.
        "realisasi": joined.value.text if capaian or not periode else "",
        "capaian": "" if capaian is None or capaian.tampil is None else str(capaian.tampil.normalize() + 0),
        "desimal": rule.desimal,
        "status": status,
        "arah": indikator.get_arah_display(),
        "rumus": FORMULAS[rule.rumus],
        "sifat": indikator.get_sifat_display(),
        "cara_hitung": indikator.formulasi,
        "gabungan": indikator.get_gabungan_display() if indikator.pelapor else "",
        "pelapor": indikator.get_pelapor_display() if indikator.pelapor else "",
        "sumber": _source(indikator, reached),
        "keadaan": f"Sampai triwulan {ROMAN[periode - 1]} {year.tahun}" if periode else f"Tahun {year.tahun}",
        "dihitung": timezone.localtime(capaian.computed_at).date().isoformat() if capaian else "",
        "catatan": list(capaian.catatan) if capaian else [],
        "batas": _limits(indikator, status, reached, periode, remark),
        "dasar": _basis(capaian),
        "jejak": capaian.jejak if capaian else {"steps": []},
    }


def _place(indikator: Indikator) -> tuple[int, int, int]:
    return (1, indikator.node.urutan, indikator.urutan) if indikator.node else (0, 0, indikator.urutan)


def _level(indikator: Indikator) -> str:
    if indikator.is_iku:
        return "Indikator kinerja utama"
    return _LEVELS.get(indikator.node.jenis, "Indikator di luar program") if indikator.node else "Indikator sasaran"


def _source(indikator: Indikator, reached: Mapping[int, Realisasi]) -> str:
    """What the office names as the source, and the document that a loaded value was read from."""
    read = [row.keterangan for _, row in sorted(reached.items()) if row.source_year_id and row.keterangan]
    return "; ".join(dict.fromkeys(part for part in (indikator.sumber_data, *read) if part))


def _limits(
    indikator: Indikator, status: str, reached: Mapping[int, Realisasi], periode: int, remark: str
) -> list[str]:
    """What the figure does not say, in sentences."""
    counted = [row for number, row in sorted(reached.items()) if not periode or number <= periode]
    joined = [f"Triwulan {ROMAN[row.periode - 1]}: {row.keterangan}" for row in counted if row.periode]
    return [
        *([remark] if remark else []),
        *([_MISSING] if status == Capaian.Status.BELUM_ADA else []),
        *([_UNDEFINED] if status == Capaian.Status.TIDAK_TERDEFINISI else []),
        *([_JOINED, *joined] if indikator.pelapor else []),
        *([_LOWER] if indikator.arah == Indikator.Arah.TURUN else []),
        _MEANING,
    ]


def _basis(capaian: Capaian | None) -> list[dict[str, str]]:
    """The regulation of the pack that it was computed by."""
    if capaian is None:
        return []
    packs = [load_pack(name) for name in capaian.pack_id.split("+")]
    return [{"paket": pack.id, "judul": pack.judul, **pack.rujukan.to_dict()} for pack in packs]
