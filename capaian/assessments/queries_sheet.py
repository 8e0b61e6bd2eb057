"""Reading what the sheet of a unit is made of: its answers, those of the year before, and what SPM knows already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from capaian.assessments.models import Penilaian
from capaian.assessments.queries import Active, isian_by_penilaian, sifat_by_unit
from capaian.assessments.sheet_cells import UnitAnswers, parts_of
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.rules.instrumen.model import Butir, Instrumen
from capaian.rules.numbers import format_number
from capaian.rules.spm.standar import Layanan
from capaian.spm.models import CapaianSpm
from capaian.spm.queries import spm_rules
from capaian.workflow.forms import SheetKey
from capaian.workflow.models import Form, Submission
from capaian.workflow.transitions import COUNTED

_SERVICE = "pelayanan kesehatan"
_QUARTERS = 4


def read_unit(tahun_kinerja: TahunKinerja, unit: UnitKerja, judged: Active) -> UnitAnswers:
    """What a unit has answered in the year and, to the same instrument, in the year before. Three queries."""
    rows = Penilaian.objects.filter(
        unit=unit,
        tingkat=Penilaian.Tingkat.MANDIRI,
        versi__instrumen=judged.versi.instrumen_id,
        tahun_kinerja__tahun__in=(tahun_kinerja.tahun - 1, tahun_kinerja.tahun),
    )
    now = before = None
    for pk, tahun, versi_id in rows.order_by("versi__nomor").values_list("pk", "tahun_kinerja__tahun", "versi"):
        if tahun == tahun_kinerja.tahun:
            now = pk if versi_id == judged.versi.pk else now
        else:
            before = pk
    answers = isian_by_penilaian([pk for pk in (now, before) if pk])
    return UnitAnswers(
        judged,
        answers.get(now or 0, {}),
        sifat_by_unit(tahun_kinerja, [unit.pk])[unit.pk],
        answers.get(before or 0, {}),
    )


@dataclass(frozen=True)
class _Known:
    """What the year's result of SPM says of a service."""

    sasaran: int | None
    terlayani: int | None


def spm_offers(key: SheetKey, instrumen: Instrumen) -> Mapping[str, str]:
    """By row what SPM knows of its service, in words; nothing where the unit reports none.

    Never written by itself: it is the unit that answers for its PKP. Three queries where SPM results stand, else one.
    """
    stored = CapaianSpm.objects.filter(tahun_kinerja=key.tahun_kinerja, unit=key.unit, triwulan=0)
    known = {row.layanan: _Known(row.sasaran, row.terlayani) for row in stored.only("layanan", "sasaran", "terlayani")}
    if not known:
        return {}
    states = Submission.objects.filter(tahun_kinerja=key.tahun_kinerja, unit=key.unit, form=Form.SPM, state__in=COUNTED)
    source = f"formulir Pelayanan SPM, {states.count()} dari {_QUARTERS} triwulan terverifikasi"
    services = spm_rules(key.tahun_kinerja).standar.layanan
    return {
        kunci: text
        for item in instrumen.items.values()
        if (layanan := service_of(item, services)) is not None and layanan.kode in known
        for kunci, text in _offers(item, known[layanan.kode], source)
    }


def service_of(item: Butir, services: tuple[Layanan, ...]) -> Layanan | None:
    """The service of SPM that an item is named after; documents shorten the long name of some."""
    words = _words(item.nama)
    if not item.nama.casefold().startswith(_SERVICE) or len(parts_of(item)) == 1:
        return None
    fitting = [one for one in services if words <= _words(one.nama)]
    return fitting[0] if len(fitting) == 1 else None


def _words(nama: str) -> frozenset[str]:
    return frozenset(nama.casefold().replace("(", " ").replace(")", " ").split())


def _offers(item: Butir, known: _Known, source: str) -> list[tuple[str, str]]:
    figures = (("sasaran", known.sasaran), ("realisasi", known.terlayani))
    return [
        (f"{item.kode}#{bagian}", f"Menurut SPM: {format_number(value)} ({source}).")
        for bagian, value in figures
        if value is not None
    ]
