"""Reading what a year is judged by: the version of an instrument, its policies, answers, properties, stored results."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from django.db.models import Q

from capaian.assessments.models import (
    Hasil,
    Jawaban,
    Keluarga,
    PengaturanPenilaian,
    Penilaian,
    SifatUnit,
    VersiInstrumen,
)
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.rules.instrumen.model import Instrumen, Kebijakan
from capaian.rules.instrumen.read import read_instrumen
from capaian.rules.instrumen.skor import Isian


@dataclass(frozen=True)
class Active:
    """What judges a family in a year: the version, the instrument that it holds, and the policies as chosen."""

    versi: VersiInstrumen
    instrumen: Instrumen
    kebijakan: Kebijakan


def active(tahun_kinerja: TahunKinerja, keluarga: str, versi: VersiInstrumen | None = None) -> Active | None:
    """What judges a family in the year (for `lain`: as the given version); None where the office has chosen nothing.

    One query. Raises `InstrumenError` where the version cannot be used.
    """
    rows = PengaturanPenilaian.objects.filter(tahun_kinerja=tahun_kinerja, keluarga=keluarga)
    if versi is not None:
        rows = rows.filter(versi=versi)
    chosen = rows.select_related("versi__instrumen").first()
    if chosen is None:
        return None
    instrumen = instrumen_of(chosen.versi)
    return Active(chosen.versi, instrumen, with_policies(instrumen.kebijakan, chosen.kebijakan))


def instrumen_of(versi: VersiInstrumen) -> Instrumen:
    """The instrument of a version; a published one is read once. Raises `InstrumenError` where it cannot be used."""
    if not versi.sidik:
        return read_instrumen(versi.definisi)
    if (found := _read.get(versi.sidik)) is None:
        if len(_read) >= _KEPT:
            _read.clear()
        found = _read[versi.sidik] = read_instrumen(versi.definisi)
    return found


_KEPT = 64
_read: dict[str, Instrumen] = {}


def with_policies(kebijakan: Kebijakan, chosen: Mapping[str, Any]) -> Kebijakan:
    """The policies of an instrument with those that an office has chosen instead, by name."""
    known = {one.name for one in fields(Kebijakan)}
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in chosen.items() if name in known
    }
    return replace(kebijakan, **values)


def pkp_units(tahun_kinerja: TahunKinerja) -> list[UnitKerja]:
    """The Puskesmas that owe a PKP: all of the office, once it has chosen an instrument for the year. One query."""
    chosen = PengaturanPenilaian.objects.filter(tahun_kinerja=tahun_kinerja, keluarga=Keluarga.PKP)
    rows = UnitKerja.objects.filter(instansi=tahun_kinerja.instansi_id, jenis=UnitKerja.Jenis.PUSKESMAS)
    return list(rows.filter(instansi__tahun_kinerja__pengaturan_penilaian__in=chosen).order_by("urutan", "pk"))


def sifat_by_unit(tahun_kinerja: TahunKinerja, units: Collection[int] | None = None) -> Mapping[int, frozenset[str]]:
    """The properties of each unit, or of some. One query."""
    rows = SifatUnit.objects.filter(tahun_kinerja=tahun_kinerja)
    if units is not None:
        rows = rows.filter(unit__in=units)
    found: dict[int, set[str]] = defaultdict(set)
    for unit_id, sifat in rows.values_list("unit", "sifat"):
        found[unit_id].add(sifat)
    return defaultdict(frozenset, {unit_id: frozenset(names) for unit_id, names in found.items()})


def isian_by_penilaian(penilaian: Collection[int]) -> Mapping[int, dict[str, Isian]]:
    """The answers of assessments by id and item. One query."""
    rows = Jawaban.objects.filter(penilaian__in=penilaian)
    names = ("penilaian", "butir", "nilai", "sasaran", "realisasi", "tidak_berlaku", "catatan")
    found: dict[int, dict[str, Isian]] = defaultdict(dict)
    for penilaian_id, butir, *values in rows.values_list(*names):
        found[penilaian_id][butir] = Isian(*values)
    return found


def penilaian_by_unit(
    tahun_kinerja: TahunKinerja, versi: VersiInstrumen, tingkat: str = Penilaian.Tingkat.MANDIRI
) -> Mapping[int | None, Penilaian]:
    """The assessments of a year and a tier by unit id (None the office). One query."""
    rows = Penilaian.objects.filter(tahun_kinerja=tahun_kinerja, versi=versi, tingkat=tingkat)
    return {one.unit_id: one for one in rows}


def stored_hasil(
    tahun_kinerja: TahunKinerja,
    versi: VersiInstrumen,
    tingkat: str = Penilaian.Tingkat.MANDIRI,
    *,
    kelompok: Collection[str] | None = None,
) -> Mapping[int | None, dict[str, Hasil]]:
    """The results by unit id (None the office) and group; of all groups, or of some. One query."""
    wanted = Q() if kelompok is None else Q(kelompok__in=kelompok)
    rows = Hasil.objects.filter(
        wanted, penilaian__tahun_kinerja=tahun_kinerja, penilaian__versi=versi, penilaian__tingkat=tingkat
    ).select_related("penilaian")
    found: dict[int | None, dict[str, Hasil]] = defaultdict(dict)
    for row in rows:
        found[row.penilaian.unit_id][row.kelompok] = row
    return found
