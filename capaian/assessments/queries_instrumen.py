"""Instruments of an office as the pages show them: versions and their use, the tree with its problems, the packs."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Count

from capaian.assessments.fields import ITEM_FIELDS, Field, typed_number, words
from capaian.assessments.models import Instrumen, PengaturanPenilaian, Penilaian, VersiInstrumen
from capaian.assessments.policies import policies_in_words
from capaian.assessments.queries import instrumen_of, with_policies
from capaian.assessments.tree import Placed, walk
from capaian.organisations.models import Instansi, TahunKinerja
from capaian.rules.instrumen.linter import Temuan, lint
from capaian.rules.instrumen.model import Instrumen as Rules
from capaian.rules.instrumen.model import InstrumenError
from capaian.rules.instrumen.read import read_instrumen
from capaian.rules.instrumen.store import list_instrumen, load_instrumen

_PLACE: Final = re.compile(r"^(?:Akar|Kelompok|Butir) ([^\s:]+):")
_FIELDS: Final[Mapping[str, Field]] = {one.name: one for one in ITEM_FIELDS}


@dataclass(frozen=True)
class VersiRow:
    """A version in the list: the years that it judges, and how many assessments hold answers to it."""

    versi: VersiInstrumen
    tahun: tuple[int, ...]
    penilaian: int


@dataclass(frozen=True)
class InstrumenRow:
    """An instrument in the list with its versions, latest first; `draft` is the one that can be changed."""

    instrumen: Instrumen
    versi: tuple[VersiRow, ...]
    draft: VersiInstrumen | None
    terbit: VersiInstrumen | None


@dataclass(frozen=True)
class PackRow:
    """An instrument that comes with Capaian: its id, name, family, number of items, and whether the office has it."""

    id: str
    nama: str
    keluarga: str
    butir: int
    is_taken: bool


@dataclass(frozen=True)
class ChosenRow:
    """What judges the year in a family: the version, and each policy in words."""

    pengaturan: PengaturanPenilaian
    kebijakan: list[tuple[str, str]]


@dataclass(frozen=True)
class TreeRow:
    """A group or item of the tree as it is drawn, with the problems that name it."""

    placed: Placed
    cara: str
    rincian: str
    bobot: str
    problems: tuple[str, ...] = ()

    @property
    def indent(self) -> int:
        """How far it is indented; deeper than four it stays."""
        return min(self.placed.depth, 4)


@dataclass
class Checked:
    """The data of a version read: the instrument, or what is wrong with it, sentence by sentence."""

    found: Rules | None = None
    problems: tuple[str, ...] = ()
    by_kode: Mapping[str, list[str]] = field(default_factory=dict)


def instrumen_rows(instansi: Instansi) -> list[InstrumenRow]:
    """The instruments of an office with all versions and their use. Four queries, whatever the number."""
    years: dict[int, list[int]] = defaultdict(list)
    chosen = PengaturanPenilaian.objects.filter(tahun_kinerja__instansi=instansi)
    for versi_id, tahun in chosen.order_by("tahun_kinerja__tahun").values_list("versi", "tahun_kinerja__tahun"):
        years[versi_id].append(tahun)
    filled = Penilaian.objects.filter(tahun_kinerja__instansi=instansi, jawaban__isnull=False)
    counts = dict(filled.values("versi").annotate(n=Count("pk", distinct=True)).values_list("versi", "n"))
    versions: dict[int, list[VersiInstrumen]] = defaultdict(list)
    for one in VersiInstrumen.objects.filter(instrumen__instansi=instansi).defer("definisi").order_by("-nomor"):
        versions[one.instrumen_id].append(one)
    found = []
    for instrumen in instansi.instrumen.all():
        rows = [VersiRow(one, tuple(years[one.pk]), counts.get(one.pk, 0)) for one in versions[instrumen.pk]]
        found.append(InstrumenRow(instrumen, tuple(rows), _first(rows, "draf"), _first(rows, "terbit")))
    return found


def _first(rows: Iterable[VersiRow], status: str) -> VersiInstrumen | None:
    return next((one.versi for one in rows if one.versi.status == status), None)


def pack_rows(instansi: Instansi) -> list[PackRow]:
    """The instruments that come with Capaian. One query."""
    taken = set(instansi.instrumen.values_list("kunci", flat=True))
    rows = [(pack_id, load_instrumen(pack_id)) for pack_id in list_instrumen()]
    return [PackRow(pack_id, one.nama, one.keluarga, len(one.items), one.kunci in taken) for pack_id, one in rows]


def chosen_rows(tahun_kinerja: TahunKinerja) -> list[ChosenRow]:
    """What judges a year, family by family. One query."""
    rows = PengaturanPenilaian.objects.filter(tahun_kinerja=tahun_kinerja).select_related("versi__instrumen")
    found = []
    for one in rows.order_by("keluarga", "versi__instrumen__nama"):
        instrumen = instrumen_of(one.versi)
        policies = with_policies(instrumen.kebijakan, one.kebijakan)
        found.append(ChosenRow(one, policies_in_words(instrumen, policies)))
    return found


def checked(versi: VersiInstrumen) -> Checked:
    """A version read, with its problems sorted by the kode that they name."""
    try:
        return Checked(instrumen_of(versi) if versi.sidik else read_instrumen(versi.definisi))
    except InstrumenError as error:
        by_kode: dict[str, list[str]] = defaultdict(list)
        for problem in error.problems:
            if match := _PLACE.match(problem):
                by_kode[match[1]].append(problem)
        return Checked(None, error.problems, by_kode)


def findings_of(versi: VersiInstrumen, state: Checked) -> tuple[Temuan, ...]:
    """What is doubtful about a version that can be used; of a published one it is found once."""
    if state.found is None:
        return ()
    if not versi.sidik:
        return tuple(lint(state.found))
    if versi.sidik not in _found:
        if len(_found) >= _KEPT:
            _found.clear()
        _found[versi.sidik] = tuple(lint(state.found))
    return _found[versi.sidik]


_KEPT: Final = 64
_found: dict[str, tuple[Temuan, ...]] = {}


def tree_rows(definisi: Mapping[str, Any], by_kode: Mapping[str, list[str]]) -> list[TreeRow]:
    """The tree of a version in printed order."""
    return [_row(one, tuple(by_kode.get(one.kode, ()))) for one in walk(definisi)]


def _row(one: Placed, problems: tuple[str, ...]) -> TreeRow:
    node = one.node
    bobot = typed_number(node.get("bobot")) if node.get("bobot") else ""
    if one.is_group:
        return TreeRow(
            one, _GROUP_WORDS.get(str(node.get("agregasi", "rata_rata")), ""), _beside(node), bobot, problems
        )
    cara = _SHORT.get(str(node.get("penilaian")), "")
    if node.get("penilaian") == "capaian":
        arah = {"naik": "↑", "turun": "↓"}.get(str(node.get("arah")), "")
        return TreeRow(one, cara, f"{arah} {node.get('target', '')} {node.get('satuan', '')}".strip(), bobot, problems)
    kodes = " · ".join(str(choice.get("kode", "")) for choice in node.get("pilihan") or [])
    return TreeRow(one, cara, kodes, bobot, problems)


_SHORT: Final = {"capaian": "Capaian", "pilihan": "Pilihan", "pita": "Pita"}
_GROUP_WORDS: Final = {
    "rata_rata": "Rata-rata",
    "persen_maksimum": "Rata-rata, % terbaik",
    "jumlah_bobot": "Jumlah berbobot",
    "jumlah": "Jumlah",
}


def _beside(node: Mapping[str, Any]) -> str:
    said = []
    if not node.get("ikut", True):
        said.append("di samping, tidak ikut dihitung")
    if node.get("is_item"):
        said.append("dihitung satu butir")
    if node.get("datar"):
        said.append("rata-rata semua butir")
    return ", ".join(said)


def node_facts(node: Mapping[str, Any], fields: Iterable[Field]) -> list[tuple[str, str]]:
    """The filled fields of a group or item in words."""
    return [(one.label, said) for one in fields if (said := words(one, node)) and one.name not in ("nama",)]


def counts_of(definisi: Mapping[str, Any]) -> tuple[int, int]:
    """How many items and how many groups (the root apart) the data holds."""
    rows = list(walk(definisi))
    groups = sum(one.is_group for one in rows)
    return len(rows) - groups, max(groups - 1, 0)
