"""Regulation packs: dated data with citations. The one place of the kernel that opens files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from capaian.rules.pack_schema import PackError, Parameter, check_keys, read_date, read_parameter, read_text
from capaian.rules.scales import Scale
from capaian.rules.trace import Citation

__all__ = [
    "Case",
    "Pack",
    "PackError",
    "list_packs",
    "load_cases",
    "load_coverage",
    "load_pack",
    "overlay",
    "pack_in_force",
    "parse_pack",
]

PACKS_ROOT = Path(__file__).parent / "packs"
MAX_PATH = 120  # relative to the repository, so that a checkout works on every system
_PACK_KEYS = {
    "id",
    "versi",
    "judul",
    "instrumen",
    "berlaku",
    "menggantikan",
    "bawaan",
    "rujukan",
    "catatan",
    "parameter",
}
_PACK_REQUIRED = {"id", "versi", "judul", "instrumen", "berlaku", "rujukan", "parameter"}


@dataclass(frozen=True)
class Pack:
    """One instrument as data: id, version, title, validity, and parameters, each with its citation."""

    id: str
    versi: str
    judul: str
    instrumen: str
    mulai: date
    sampai: date | None
    menggantikan: str | None
    bawaan: bool
    rujukan: Citation
    catatan: str
    parameters: Mapping[str, Parameter]

    @property
    def family(self) -> str:
        """The family, the first part of the id."""
        return self.id.partition("/")[0]

    def has(self, name: str) -> bool:
        """Tell whether the pack holds a parameter of this name."""
        return name in self.parameters

    def names(self) -> tuple[str, ...]:
        """The names of all parameters, in the order of the file."""
        return tuple(self.parameters)

    def number(self, name: str) -> Decimal:
        """The numeric parameter. Errors: PackError when it is missing or of another kind."""
        value = self._parameter(name).value
        if not isinstance(value, Decimal):
            raise self._wrong_kind(name, "angka")
        return value

    def text(self, name: str) -> str:
        """The text parameter. Errors: PackError when it is missing or of another kind."""
        value = self._parameter(name).value
        if not isinstance(value, str):
            raise self._wrong_kind(name, "teks")
        return value

    def scale(self, name: str) -> Scale:
        """The scale. Errors: PackError when it is missing or of another kind."""
        value = self._parameter(name).value
        if not isinstance(value, Scale):
            raise self._wrong_kind(name, "skala")
        return value

    def rows(self, name: str) -> tuple[Mapping[str, str], ...]:
        """The rows of a list parameter, each a mapping of text. Errors: PackError when missing or of another kind."""
        value = self._parameter(name).value
        if not isinstance(value, tuple):
            raise self._wrong_kind(name, "daftar")
        return value

    def citation(self, name: str) -> Citation:
        """Where the parameter stands in the instrument. Errors: PackError when it is missing."""
        return self._parameter(name).citation

    def in_force(self, day: date) -> bool:
        """Tell whether the instrument is in force on the day; both ends are included."""
        return self.mulai <= day and (self.sampai is None or day <= self.sampai)

    def _parameter(self, name: str) -> Parameter:
        if name not in self.parameters:
            raise PackError(f'Paket {self.id} tidak memuat parameter "{name}". Yang ada: {", ".join(self.parameters)}.')
        return self.parameters[name]

    def _wrong_kind(self, name: str, jenis: str) -> PackError:
        found = self.parameters[name].jenis
        return PackError(f'Parameter "{name}" pada paket {self.id} berjenis {found}, bukan {jenis}.')


@dataclass(frozen=True)
class Case:
    """A worked example beside a pack: what is computed, from what, what a document or recomputation says it gives."""

    pack_id: str
    nama: str
    fungsi: str
    rujukan: str
    masukan: Mapping[str, Any]
    keluaran: Mapping[str, Any]
    catatan: str = ""


def parse_pack(data: Mapping[str, Any], source: str = "paket") -> Pack:
    """Validate plain data and build a pack; also used for local instruments kept in the database.

    Errors: PackError for unknown or missing keys, missing citations, bad dates, holed or overlapping scales without a
    boundary policy. Messages name the pack, the parameter and what to add.
    Source: design section 5.
    """
    check_keys(data, _PACK_KEYS, _PACK_REQUIRED, source)
    pack_id = read_text(data, "id", source)
    if pack_id.count("/") != 1:
        raise PackError(f"{source}: id harus berbentuk keluarga/instrumen, bukan {pack_id!r}.")
    berlaku = data["berlaku"]
    check_keys(berlaku, {"mulai", "sampai", "dasar", "catatan"}, {"mulai", "sampai", "dasar"}, f"{source}: berlaku")
    mulai, sampai = read_date(berlaku["mulai"], f"{source}: berlaku.mulai"), berlaku["sampai"]
    sampai = None if sampai is None else read_date(sampai, f"{source}: berlaku.sampai")
    if mulai is None or (sampai is not None and sampai < mulai):
        raise PackError(f"{source}: masa berlaku berakhir sebelum dimulai.")
    instrumen = read_text(data, "instrumen", source)
    parameters = {
        name: read_parameter(name, value, instrumen, f"{source}: parameter {name}")
        for name, value in data["parameter"].items()
    }
    return Pack(
        pack_id,
        read_text(data, "versi", source),
        read_text(data, "judul", source),
        instrumen,
        mulai,
        sampai,
        data.get("menggantikan"),
        bool(data.get("bawaan", False)),
        _pack_citation(data, instrumen, source),
        str(data.get("catatan", "")),
        parameters,
    )


def _pack_citation(data: Mapping[str, Any], instrumen: str, source: str) -> Citation:
    rujukan = data["rujukan"]
    check_keys(rujukan, {"tempat", "dasar", "catatan"}, {"tempat", "dasar"}, f"{source}: rujukan")
    return Citation(instrumen, rujukan["tempat"], rujukan["dasar"], rujukan.get("catatan", ""))


@lru_cache(maxsize=64)
def load_pack(pack_id: str) -> Pack:
    """Load and validate the pack `<family>/<instrument>`. Errors: PackError when it is missing or invalid."""
    path = _folder(pack_id) / "pack.yaml"
    pack = parse_pack(_read_yaml(path), f"paket {pack_id}")
    if pack.id != pack_id:
        raise PackError(f"Paket {pack_id}: id di dalam berkas adalah {pack.id}; samakan dengan nama foldernya.")
    return pack


@lru_cache(maxsize=1)
def list_packs() -> tuple[str, ...]:
    """The ids of all packs that are shipped, sorted."""
    return tuple(sorted(f"{path.parent.parent.name}/{path.parent.name}" for path in PACKS_ROOT.glob("*/*/pack.yaml")))


def pack_in_force(family: str, day: date) -> Pack:
    """The pack of the family in force on the day; when several are, the one marked as the family's default.

    Errors: PackError when none is in force, or several are and none is marked. Source: design section 5.
    """
    found = [pack for pack in map(load_pack, list_packs()) if pack.family == family and pack.in_force(day)]
    chosen = found if len(found) == 1 else [pack for pack in found if pack.bawaan]
    if len(chosen) != 1:
        names = ", ".join(pack.id for pack in found) or "tidak ada"
        raise PackError(
            f'Tidak dapat menentukan paket "{family}" yang berlaku pada {day.isoformat()} (calon: {names}). '
            "Pilih paket dengan id-nya."
        )
    return chosen[0]


def overlay(base: Pack, local: Pack) -> Pack:
    """Lay a local instrument over a national pack: the local parameter wins, the rest stays; neither is changed.

    The id of the result names both, so that a frozen result shows what it was computed with. Source: design section 5.
    """
    merged = {**base.parameters, **local.parameters}
    return Pack(
        f"{base.id}+{local.id}",
        f"{base.versi}+{local.versi}",
        local.judul,
        local.instrumen,
        local.mulai,
        local.sampai,
        base.id,
        local.bawaan,
        local.rujukan,
        local.catatan,
        merged,
    )


@lru_cache(maxsize=64)
def load_cases(pack_id: str) -> tuple[Case, ...]:
    """The worked examples beside a pack, in file order. Errors: PackError on unknown or missing keys."""
    path = _folder(pack_id) / "cases.yaml"
    if not path.is_file():
        return ()
    cases = []
    for number, row in enumerate(_read_yaml(path)["cases"], start=1):
        source = f"paket {pack_id}: contoh {number}"
        required = {"nama", "fungsi", "rujukan", "masukan", "keluaran"}
        check_keys(row, required | {"catatan"}, required, source)
        cases.append(
            Case(
                pack_id,
                row["nama"],
                row["fungsi"],
                row["rujukan"],
                row["masukan"],
                row["keluaran"],
                row.get("catatan", ""),
            )
        )
    return tuple(cases)


@lru_cache(maxsize=1)
def load_coverage() -> Mapping[str, Any]:
    """What each instrument covers, since when, verified against what, and what is missing (COVERAGE.yaml)."""
    return dict(_read_yaml(PACKS_ROOT / "COVERAGE.yaml"))


def _folder(pack_id: str) -> Path:
    if pack_id not in list_packs():
        raise PackError(f'Paket "{pack_id}" tidak ada. Yang tersedia: {", ".join(list_packs())}.')
    return PACKS_ROOT / pack_id


def _read_yaml(path: Path) -> Mapping[str, Any]:
    relative = path.relative_to(PACKS_ROOT.parent.parent.parent)
    if len(str(relative)) > MAX_PATH:
        raise PackError(f"Jalur berkas {relative} melebihi {MAX_PATH} huruf; pendekkan nama foldernya.")
    with path.open(encoding="utf-8") as stream:
        data = yaml.load(stream, Loader=_StrictLoader)  # noqa: S506 -- a SafeLoader, only stricter
    if not isinstance(data, dict):
        raise PackError(f"Berkas {relative} harus berisi pasangan kunci dan nilai.")
    return data


class _StrictLoader(yaml.SafeLoader):
    """Safe YAML that refuses a key written twice, where plain YAML silently keeps the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        repeated = {str(key) for key in keys if keys.count(key) > 1}
        if repeated:
            raise PackError(f"Kunci ditulis dua kali pada paket: {', '.join(sorted(repeated))}.")
        return super().construct_mapping(node, deep=deep)
