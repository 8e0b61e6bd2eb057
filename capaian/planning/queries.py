"""Reading the plan: the two trees, the documents with their targets and contradictions, the rencana aksi."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from django.db.models import Q, QuerySet

from capaian.organisations.models import TahunKinerja
from capaian.planning.models import Dokumen, Indikator, Node, Renstra, Sasaran, Target, TargetTriwulan, Tujuan
from capaian.rules.numbers import NumberFormatError
from capaian.rules.target import BoundTarget, EmptyTarget, NumberTarget, parse_target
from capaian.rules.target import Target as Expression
from capaian.rules.triwulan import QUARTERS, SplitFinding, check_split


@dataclass(frozen=True)
class DokumenTarget:
    """What one document says about an indicator in one year."""

    dokumen: Dokumen
    tahun: int
    teks: str
    satuan: str


@dataclass
class PlanRow:
    """A line of a plan tree: a tujuan, sasaran, program … (`level`), or an indicator below one."""

    depth: int
    level: str
    name: str
    code: str = ""
    indikator: Indikator | None = None
    target: DokumenTarget | None = None
    differing: tuple[DokumenTarget, ...] = ()
    children: int = 0


@dataclass
class StrategiGroup:
    """A sasaran with the strategies and policy directions printed beside it (T-C.26)."""

    sasaran: Sasaran
    strategi: list[tuple[str, list[str]]] = field(default_factory=list)

    @property
    def lines(self) -> list[tuple[str, str, int]]:
        """(strategi, arah kebijakan, rows that the strategi spans; 0 where an earlier line spans it)."""
        return [
            (strategi, arah, len(directions) if number == 0 else 0)
            for strategi, directions in self.strategi
            for number, arah in enumerate(directions)
        ]


@lru_cache(maxsize=8192)
def read_expression(teks: str) -> Expression:
    """A stored target or realisasi as its form; what cannot be read is empty, so that a page never breaks over it."""
    try:
        return parse_target(teks, "id")
    except NumberFormatError:
        return EmptyTarget(teks)


def read_number(teks: str) -> Decimal | None:
    """The number that a stored target or realisasi states, for drawing and comparing; None where it states none."""
    form = read_expression(teks)
    return form.value if isinstance(form, NumberTarget | BoundTarget) else None


def year_indikator(tahun_kinerja: TahunKinerja) -> QuerySet[Indikator]:
    """The indicators that a year reads: those of the office's renstra, and those of the year's own nodes."""
    return Indikator.objects.filter(
        Q(node=None) | Q(node__tahun_kinerja=tahun_kinerja), instansi=tahun_kinerja.instansi
    )


def renstra_of(tahun_kinerja: TahunKinerja) -> Renstra | None:
    """The renstra in force in the year, the latest where several are."""
    return (
        Renstra.objects.filter(
            instansi=tahun_kinerja.instansi, awal__lte=tahun_kinerja.tahun, akhir__gte=tahun_kinerja.tahun
        )
        .order_by("-awal")
        .first()
    )


def targets_by_indikator(tahun_kinerja: TahunKinerja) -> dict[int, list[DokumenTarget]]:
    """Every target that the documents of a year state, by indicator. One query."""
    found: dict[int, list[DokumenTarget]] = defaultdict(list)
    rows = Target.objects.filter(dokumen__tahun_kinerja=tahun_kinerja).select_related("dokumen")
    for row in rows.order_by("tahun", "dokumen__pk"):
        found[row.indikator_id].append(DokumenTarget(row.dokumen, row.tahun, row.teks, row.satuan))
    return dict(found)


def differing_targets(targets: Sequence[DokumenTarget], tahun: int) -> tuple[DokumenTarget, ...]:
    """The targets of one year where documents contradict each other; empty where they agree or only one speaks."""
    stated = [target for target in targets if target.tahun == tahun and target.teks.strip()]
    return tuple(stated) if len({_meaning(target.teks) for target in stated}) > 1 else ()


def _meaning(teks: str) -> object:
    """What a target says, whatever its unit words: `27` and `27 %` are one, `11,61` and `11,6` are two."""
    form = read_expression(teks)
    if isinstance(form, NumberTarget):
        return form.value
    return "".join(teks.casefold().split())


def last_version(dokumen: Iterable[Dokumen]) -> Dokumen | None:
    """Of one kind of document the version in force: the last change, else the first plan (murni)."""
    return max(dokumen, key=lambda one: (one.versi != "murni", one.versi, one.pk), default=None)


def default_dokumen(dokumen: Sequence[Dokumen], targets: Mapping[int, list[DokumenTarget]]) -> Dokumen | None:
    """The document that says most: the one with targets for the most indicators."""
    counts: dict[int, int] = defaultdict(int)
    for stated in targets.values():
        for pk in {target.dokumen.pk for target in stated}:
            counts[pk] += 1
    return max(dokumen, key=lambda one: (counts[one.pk], -one.pk), default=None)


def goal_rows(
    tahun_kinerja: TahunKinerja,
    dokumen: Dokumen | None,
    targets: Mapping[int, list[DokumenTarget]],
    indikator: Sequence[Indikator],
) -> list[PlanRow]:
    """Tujuan → sasaran → indicators, in printed order. Two queries."""
    rows: list[PlanRow] = []
    by_tujuan, by_sasaran = _by(indikator, "tujuan_id"), _by(indikator, "sasaran_id")
    goals = Tujuan.objects.filter(renstra__instansi=tahun_kinerja.instansi, renstra__awal__lte=tahun_kinerja.tahun)
    for tujuan in goals.filter(renstra__akhir__gte=tahun_kinerja.tahun).prefetch_related("sasaran"):
        objectives = list(tujuan.sasaran.all())
        rows.append(PlanRow(0, "Tujuan", tujuan.uraian, children=len(objectives)))
        rows += [_indikator_row(one, 1, tahun_kinerja, dokumen, targets) for one in by_tujuan[tujuan.pk]]
        for sasaran in objectives:
            rows.append(PlanRow(1, "Sasaran", sasaran.uraian, children=len(by_sasaran[sasaran.pk])))
            rows += [_indikator_row(one, 2, tahun_kinerja, dokumen, targets) for one in by_sasaran[sasaran.pk]]
    return rows


def node_rows(
    tahun_kinerja: TahunKinerja,
    dokumen: Dokumen | None,
    targets: Mapping[int, list[DokumenTarget]],
    indikator: Sequence[Indikator],
) -> list[PlanRow]:
    """Program → kegiatan → sub kegiatan, each followed by its indicators. One query."""
    by_node = _by(indikator, "node_id")
    rows: list[PlanRow] = []
    for node, depth, children in walk_nodes(tahun_kinerja):
        mine = by_node[node.pk]
        rows.append(PlanRow(depth, node.get_jenis_display(), node.nama, node.kode, children=children + len(mine)))
        rows += [_indikator_row(one, depth + 1, tahun_kinerja, dokumen, targets) for one in mine]
    return rows


def walk_nodes(tahun_kinerja: TahunKinerja) -> list[tuple[Node, int, int]]:
    """The programme tree in printed order as (node, depth, number of children). One query."""
    children: dict[int | None, list[Node]] = defaultdict(list)
    for node in tahun_kinerja.nodes.order_by("urutan"):
        children[node.induk_id].append(node)
    found: list[tuple[Node, int, int]] = []
    waiting = [(node, 0) for node in reversed(children[None])]
    while waiting:
        node, depth = waiting.pop()
        found.append((node, depth, len(children[node.pk])))
        waiting += [(child, depth + 1) for child in reversed(children[node.pk])]
    return found


def _by(indikator: Sequence[Indikator], name: str) -> dict[int | None, list[Indikator]]:
    found: dict[int | None, list[Indikator]] = defaultdict(list)
    for one in indikator:
        found[getattr(one, name)].append(one)
    return found


def _indikator_row(
    indikator: Indikator,
    depth: int,
    tahun_kinerja: TahunKinerja,
    dokumen: Dokumen | None,
    targets: Mapping[int, list[DokumenTarget]],
) -> PlanRow:
    stated = targets.get(indikator.pk, [])
    mine = [target for target in stated if dokumen and target.dokumen.pk == dokumen.pk]
    # A renstra may state only the year of its end; better that one, with its year, than nothing.
    shown = next((target for target in mine if target.tahun == tahun_kinerja.tahun), mine[-1] if mine else None)
    level = "IKU" if indikator.is_iku else "Indikator"
    return PlanRow(
        depth,
        level,
        indikator.nama,
        indikator=indikator,
        target=shown,
        differing=differing_targets(stated, tahun_kinerja.tahun),
    )


def strategi_groups(tahun_kinerja: TahunKinerja) -> list[StrategiGroup]:
    """Tujuan, sasaran, strategi and arah kebijakan as Tabel T-C.26 prints them. Two queries."""
    objectives = Sasaran.objects.filter(
        tujuan__renstra__instansi=tahun_kinerja.instansi,
        tujuan__renstra__awal__lte=tahun_kinerja.tahun,
        tujuan__renstra__akhir__gte=tahun_kinerja.tahun,
    )
    groups = []
    for sasaran in objectives.select_related("tujuan").prefetch_related("strategi"):
        group = StrategiGroup(sasaran)
        for row in sasaran.strategi.all():
            # An empty strategi continues the one above: the printed table merges those cells.
            if group.strategi and row.strategi in ("", group.strategi[-1][0]):
                group.strategi[-1][1].append(row.arah_kebijakan)
            else:
                group.strategi.append((row.strategi, [row.arah_kebijakan]))
        if group.strategi:
            groups.append(group)
    return groups


# --- rencana aksi ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class QuarterPlan:
    """The quarterly targets of an indicator, and the annual target of the same document, which they must fit."""

    target: str = ""
    quarters: tuple[str, ...] = ("",) * QUARTERS


def quarter_plans(
    tahun_kinerja: TahunKinerja, indikator: Collection[Indikator] | None = None
) -> dict[int, QuarterPlan]:
    """The quarterly targets of the year by indicator; a later document replaces an earlier one. One query."""
    rows = TargetTriwulan.objects.filter(
        target__dokumen__tahun_kinerja=tahun_kinerja, target__tahun=tahun_kinerja.tahun
    )
    if indikator is not None:
        rows = rows.filter(target__indikator__in=indikator)
    found: dict[int, tuple[int, str, list[str]]] = {}
    values = rows.order_by("target__dokumen__pk", "triwulan")
    for pk, dokumen, target, triwulan, teks in values.values_list(
        "target__indikator", "target__dokumen", "target__teks", "triwulan", "teks"
    ):
        if pk not in found or found[pk][0] != dokumen:
            found[pk] = (dokumen, target, [""] * QUARTERS)
        found[pk][2][triwulan - 1] = teks
    return {pk: QuarterPlan(target, tuple(quarters)) for pk, (_, target, quarters) in found.items()}


def split_findings(teks: str, quarters: Sequence[str], sifat: str) -> tuple[SplitFinding, ...]:
    """What is wrong with a printed split; nothing is said where target or quarters are not plain numbers."""
    target = read_expression(teks)
    parts = [read_expression(quarter) for quarter in quarters]
    if not isinstance(target, NumberTarget) or not all(isinstance(p, NumberTarget | EmptyTarget) for p in parts):
        return ()
    numbers = [part.value if isinstance(part, NumberTarget) else None for part in parts]
    return check_split(target.value, numbers, sifat)  # type: ignore[arg-type]


_FINDING_TITLES = {
    "jumlah_berbeda": "Jumlah triwulan berbeda dari target",
    "sifat_tidak_sesuai": "Pembagian tidak sesuai sifat indikator",
    "akhir_berbeda": "Triwulan terakhir berbeda dari target",
    "rata_rata_berbeda": "Rata-rata triwulan berbeda dari target",
}


@dataclass(frozen=True)
class Finding:
    """What is wrong with a row of the rencana aksi: a short title and the explanation."""

    title: str
    message: str


@dataclass(frozen=True)
class RencanaAksiRow:
    """A line of the rencana aksi: an indicator with its quarters, under the sasaran or node that it belongs to.

    `anggaran` is the node's pagu in whole rupiah, on the first line of the node only: money sits on the node.
    """

    level: str
    head: str
    code: str
    depth: int
    indikator: Indikator | None
    satuan: str
    target: str
    quarters: tuple[str, ...]
    findings: tuple[Finding, ...]
    unchecked: bool
    anggaran: int | None


def rencana_aksi_dokumen(tahun_kinerja: TahunKinerja) -> list[Dokumen]:
    """The rencana aksi of a year in all their versions."""
    return list(tahun_kinerja.dokumen.filter(jenis=Dokumen.Jenis.RENCANA_AKSI).order_by("pk"))


def rencana_aksi_rows(tahun_kinerja: TahunKinerja, dokumen: Dokumen) -> list[RencanaAksiRow]:
    """The rencana aksi as the offices print it: sasaran first, then program and kegiatan. Five queries."""
    quarters: dict[int, list[str]] = defaultdict(lambda: [""] * QUARTERS)
    for part in TargetTriwulan.objects.filter(target__dokumen=dokumen):
        quarters[part.target_id][part.triwulan - 1] = part.teks
    own = dokumen.target.filter(tahun=tahun_kinerja.tahun).select_related("indikator__sasaran")
    targets = list(own.order_by("indikator__urutan"))
    rows: list[RencanaAksiRow] = []
    seen: set[int] = set()
    for target in targets:
        sasaran = target.indikator.sasaran
        if sasaran is not None:
            head = "" if sasaran.pk in seen else sasaran.uraian
            seen.add(sasaran.pk)
            rows.append(_action_row(target, tuple(quarters[target.pk]), "Sasaran", head, "", 0, None))
    by_node: dict[int | None, list[Target]] = defaultdict(list)
    for target in targets:
        by_node[target.indikator.node_id].append(target)
    money = pagu_by_node(tahun_kinerja)
    for node, depth, _ in walk_nodes(tahun_kinerja):
        level = node.get_jenis_display()
        for number, target in enumerate(by_node[node.pk]):
            first = number == 0
            rows.append(
                _action_row(
                    target,
                    tuple(quarters[target.pk]),
                    level,
                    node.nama if first else "",
                    node.kode if first else "",
                    depth,
                    money.get(node.pk) if first else None,
                )
            )
        if not by_node[node.pk] and by_node:
            rows.append(
                RencanaAksiRow(
                    level, node.nama, node.kode, depth, None, "", "", ("",) * QUARTERS, (), False, money.get(node.pk)
                )
            )
    return rows


def _action_row(
    target: Target, quarters: tuple[str, ...], level: str, head: str, code: str, depth: int, anggaran: int | None
) -> RencanaAksiRow:
    indikator = target.indikator
    return RencanaAksiRow(
        level=level,
        head=head,
        code=code,
        depth=depth,
        indikator=indikator,
        satuan=target.satuan or indikator.satuan,
        target=target.teks,
        quarters=quarters,
        findings=tuple(
            Finding(_FINDING_TITLES[found.kode], _sentence(found.message))
            for found in split_findings(target.teks, quarters, indikator.sifat)
        ),
        unchecked=not isinstance(read_expression(target.teks), NumberTarget | EmptyTarget),
        anggaran=anggaran,
    )


def _sentence(message: str) -> str:
    return message[:1].upper() + message[1:].replace("posisi_akhir", "posisi akhir").replace("rata_rata", "rata-rata")


def pagu_by_node(tahun_kinerja: TahunKinerja) -> dict[int, int]:
    """The last stated pagu of each node. The money belongs to `budget`, a floor above, so it is read by relation."""
    order = ("renja_murni", "kua_ppas", "apbd", "apbd_perubahan")
    rows = tahun_kinerja.nodes.filter(pagu__isnull=False).values_list("pk", "pagu__versi", "pagu__jumlah")
    found: dict[int, tuple[int, int]] = {}
    for pk, versi, jumlah in rows:
        rank = order.index(versi) if versi in order else -1
        if pk not in found or rank > found[pk][0]:
            found[pk] = (rank, jumlah)
    return {pk: jumlah for pk, (_, jumlah) in found.items()}
