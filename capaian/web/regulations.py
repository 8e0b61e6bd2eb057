"""The regulation packs arranged for reading: parameters by kind, worked cases, coverage. Nothing is computed here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from capaian.rules.pack_schema import Parameter
from capaian.rules.packs import Case, Pack, list_packs, load_cases, load_coverage, load_pack
from capaian.rules.scales import Scale

POLICY_WORDS = {
    "ambang_bawah": "dipilih kelas tertinggi yang batas bawahnya tercapai",
    "bulatkan_dulu": "nilai dibulatkan dahulu, baru dicari kelasnya",
    "lebih_dari": "sebuah nilai naik kelas begitu melebihi batas atas kelas di bawahnya",
    "literal": "hanya kelas yang batas tercetaknya memuat nilai itu",
}

# Pack numbers are quoted with a decimal point; a code such as 1.02 looks the same and is none.
_NUMBER = re.compile(r"-?\d+\.\d+")
_CODES = {"kode", "kunci", "program", "kegiatan"}


@dataclass(frozen=True)
class ParameterView:
    """A parameter as it is shown: a scale, a list of rows under columns, or a single value."""

    nama: str
    parameter: Parameter

    @property
    def scale(self) -> Scale | None:
        value = self.parameter.value
        return value if isinstance(value, Scale) else None

    @property
    def policy_words(self) -> str:
        return POLICY_WORDS.get(self.scale.kebijakan or "literal", "") if self.scale else ""

    @property
    def columns(self) -> list[str]:
        """The keys of all rows, in the order in which they first occur."""
        found: dict[str, None] = {}
        for row in self._rows():
            found.update(dict.fromkeys(row))
        return list(found)

    @property
    def rows(self) -> list[list[str]]:
        columns = self.columns
        return [[_printed(column, row.get(column, "")) for column in columns] for row in self._rows()]

    def _rows(self) -> tuple[Mapping[str, str], ...]:
        value = self.parameter.value
        return value if isinstance(value, tuple) else ()


@dataclass(frozen=True)
class PackView:
    """A pack with its coverage line and whether it is in force on a day."""

    pack: Pack
    coverage: Mapping[str, Any]
    in_force: bool


def pack_views(day: date) -> list[PackView]:
    """All packs with their coverage, by id."""
    coverage = {line["id"]: line for line in load_coverage()["instrumen"]}
    packs = [load_pack(pack_id) for pack_id in list_packs()]
    return [PackView(pack, coverage.get(pack.id, {}), pack.in_force(day)) for pack in packs]


def coverage_lines() -> list[dict[str, Any]]:
    """COVERAGE.yaml line by line, with whether there is a pack to open and what it is called."""
    packs = {pack_id: load_pack(pack_id).instrumen for pack_id in list_packs()}
    lines: list[dict[str, Any]] = load_coverage()["instrumen"]
    return [{**line, "has_pack": line["id"] in packs, "instrumen": packs.get(line["id"], "")} for line in lines]


def parameter_views(pack: Pack) -> list[ParameterView]:
    """The parameters of a pack in the order of the file."""
    return [ParameterView(name, parameter) for name, parameter in pack.parameters.items()]


def case_rows(pack_id: str) -> list[dict[str, Any]]:
    """The worked cases of a pack with inputs and outputs as (name, text) pairs."""
    return [_case_row(case) for case in load_cases(pack_id)]


def _case_row(case: Case) -> dict[str, Any]:
    return {"case": case, "masukan": list(_pairs(case.masukan)), "keluaran": list(_pairs(case.keluaran))}


def _pairs(data: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in data.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from _pairs(value, f"{name} · ")
        elif isinstance(value, list):
            yield name, ", ".join(_printed(key, one) for one in value) or "tidak ada"
        else:
            yield name, "tidak ada" if value is None else _printed(key, value)


def _printed(key: str, value: object) -> str:
    """A value of a pack as it is read here: numbers with a comma, codes as they are."""
    text = str(value)
    is_number = _NUMBER.fullmatch(text) and key not in _CODES
    return text.replace(".", ",") if is_number else text.replace("_", " ")
