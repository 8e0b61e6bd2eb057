"""The instruments that come with the packs: `packs/<family>/<name>/instrumen.yaml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields
from decimal import Decimal
from functools import lru_cache
from typing import Any

import yaml

from capaian.rules.instrumen.model import Butir, Instrumen, Kelompok, Pilihan
from capaian.rules.instrumen.read import read_instrumen
from capaian.rules.packs import PACKS_ROOT
from capaian.rules.scales import Band, Scale

_FILE = "instrumen.yaml"


@lru_cache
def list_instrumen() -> tuple[str, ...]:
    """The ids of the packs that hold an instrument, such as `pkp/pati_800_0022`."""
    return tuple(sorted(path.parent.relative_to(PACKS_ROOT).as_posix() for path in PACKS_ROOT.glob(f"*/*/{_FILE}")))


@lru_cache
def instrumen_data(pack_id: str) -> Mapping[str, Any]:
    """The data of a pack's instrument as it stands in the file. Raises KeyError where the pack has none."""
    if pack_id not in list_instrumen():
        raise KeyError(pack_id)
    data: Mapping[str, Any] = yaml.safe_load((PACKS_ROOT / pack_id / _FILE).read_text(encoding="utf-8"))
    return data


@lru_cache
def load_instrumen(pack_id: str) -> Instrumen:
    """A pack's instrument. Raises KeyError where the pack has none, InstrumenError where it cannot be used."""
    return read_instrumen(instrumen_data(pack_id))


def instrumen_to_data(found: Instrumen) -> dict[str, Any]:
    """The instrument as data that `read_instrumen` takes, without what has its default; named answers are spelled."""
    return {
        "kunci": found.kunci,
        "nama": found.nama,
        "keluarga": found.keluarga,
        "rujukan": found.citation.to_dict(),
        "sifat": dict(found.sifat),
        "klasifikasi": [
            {
                "kelompok": one.kelompok,
                "skala": _scale(one.skala),
                "rujukan": one.citation.to_dict(),
                "skala_lain": [
                    {"skala": _scale(other.skala), "rujukan": other.citation.to_dict()} for other in one.skala_lain
                ],
            }
            for one in found.klasifikasi
        ],
        "kebijakan": _plain(found.kebijakan),
        "peringkat": list(found.peringkat),
        "catatan": list(found.catatan),
        "akar": _plain(found.akar),
    }


def _plain(one: Any) -> Any:
    """A dataclass as plain data, without the fields that have their default.

    The best score of an item with answers is always said: left out it would be read as that of its best answer.
    """
    values = {}
    said = {"maksimum"} if isinstance(one, Butir) and one.pilihan else set()
    for field in fields(one):
        value = getattr(one, field.name)
        if field.default is MISSING or value != field.default or field.name in said:
            values[field.name] = _value(value)
    return values


def _value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, tuple):
        return [_plain(one) if isinstance(one, Butir | Kelompok | Pilihan) else one for one in value]
    return value


def _scale(scale: Scale) -> dict[str, Any]:
    return {
        "tingkat": [_band(band) for band in scale.bands],
        "kebijakan": scale.kebijakan,
        "desimal": scale.desimal,
    }


def _band(band: Band) -> dict[str, Any]:
    bounds = {"dari": band.dari, "sampai": band.sampai}
    flags = {name: True for name in ("dari_terbuka", "sampai_terbuka") if getattr(band, name)}
    return {"kode": band.kode, "label": band.label, **flags,
            **{key: None if value is None else str(value) for key, value in bounds.items()}}  # fmt: skip
