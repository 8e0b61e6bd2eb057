"""Values that other parts compute (Nilai AKIP, IKM), taken over as the yearly realisasi of an indicator with a trace.

A part registers how its value of a year is read, and calls `take_source` whenever that may have changed. Who plans
for the office chooses which indicator takes its value from where; from then on nobody types it (`sourced`). A sheet
that was handed in is not changed from behind: the value waits, the page of the sources shows both, and the sheet
says so beside the value until somebody takes it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.auth.models import User

from capaian.measurement.actions import replace_capaian
from capaian.measurement.entry import MAX_LENGTH, RealisasiRefused
from capaian.measurement.models import Realisasi, SumberRealisasi
from capaian.measurement.sourced import source_of
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.organisations.permissions import Permission, require_right
from capaian.planning.models import Indikator
from capaian.planning.queries import year_indikator
from capaian.planning.units import responsible_units
from capaian.rules.trace import Trace
from capaian.workflow.audit import audited, record_audit
from capaian.workflow.models import Form, Submission
from capaian.workflow.policy import explain_lock
from capaian.workflow.transitions import EDITABLE

_MAX_REMARK: Final = 300


class SourceRefused(ValueError):
    """A source that an indicator cannot take, or not now; the message says why and what to do."""


@dataclass(frozen=True)
class Incoming:
    """The value of a source for a year as it would be typed, its trace, and what is to be said beside it."""

    teks: str
    trace: Trace
    keterangan: str

    def differs(self, stands: str) -> bool:
        """Whether it is another value than the one that stands, which is empty while there is none."""
        return self.teks[:MAX_LENGTH] != stands


Reader = Callable[[TahunKinerja], Incoming | None]
_READERS: dict[str, Reader] = {}


def register_source(kode: str, reader: Reader) -> None:
    """Let a part of the system answer for a source (`SumberRealisasi.Sumber`); None is a year without a value yet."""
    _READERS[SumberRealisasi.Sumber(kode).value] = reader


def incoming(tahun_kinerja: TahunKinerja, sumber: str) -> Incoming | None:
    """What a source says of a year now; None while it says nothing."""
    reader = _READERS.get(sumber)
    return reader(tahun_kinerja) if reader else None


@audited()
def choose_source(
    *, by: User | None, tahun_kinerja: TahunKinerja, indikator: Indikator, sumber: str, base: str | None = None
) -> str:
    """Take the yearly value of an indicator from a source from now on, in place of what stands there.

    `base` is the value that the person saw and agreed to replace. Returns why nothing was taken yet, in words, or an
    empty text. Raises `PermissionDenied`, and `SourceRefused` for an unknown source, an indicator that the office
    collects from its units, or a value that somebody has changed meanwhile.
    """
    unit_id = responsible_units(tahun_kinerja).get(indikator.pk)
    unit = UnitKerja.objects.get(pk=unit_id) if unit_id is not None else None
    require_right(by, tahun_kinerja, Permission.WRITE_RENCANA, unit)
    if sumber not in SumberRealisasi.Sumber.values:
        raise SourceRefused(f'Sumber "{sumber}" tidak dikenal; pilih {", ".join(SumberRealisasi.Sumber.values)}.')
    if indikator.pelapor:
        raise SourceRefused(
            f"{indikator.nama} dihitung dari laporan unit; ubah dahulu cara pelaporannya dalam rencana, lalu pilih "
            "lagi."
        )
    # Whoever types the value just now is waited for, and seen.
    Indikator.objects.select_for_update(no_key=True).get(pk=indikator.pk)
    stands = standing(tahun_kinerja, indikator)
    if base is not None and base != (stands.teks if stands else ""):
        raise SourceRefused(
            f"Nilai {indikator.nama} berubah sejak halaman dibuka: sekarang "
            f"{stands.teks if stands else 'belum diisi'}. Periksa lagi, lalu pilih."
        )
    before = SumberRealisasi.objects.filter(indikator=indikator).first()
    if before is None or before.sumber != sumber:
        SumberRealisasi.objects.update_or_create(indikator=indikator, defaults={"sumber": sumber})
        _audit(by, "measurement.choose_source", tahun_kinerja, indikator, before.sumber if before else None, sumber)
    return take_source(by=by, tahun_kinerja=tahun_kinerja, sumber=sumber, indikator=indikator).get(indikator.pk, "")


@audited()
def drop_source(*, by: User | None, tahun_kinerja: TahunKinerja, indikator: Indikator) -> None:
    """Let people type the yearly value of an indicator again; the value taken last stays until they do."""
    unit_id = responsible_units(tahun_kinerja).get(indikator.pk)
    unit = UnitKerja.objects.get(pk=unit_id) if unit_id is not None else None
    require_right(by, tahun_kinerja, Permission.WRITE_RENCANA, unit)
    before = SumberRealisasi.objects.filter(indikator=indikator).first()
    if before is not None:
        before.delete()
        _audit(by, "measurement.drop_source", tahun_kinerja, indikator, before.sumber, None)


@audited()
def take_source(
    *, by: User | None, tahun_kinerja: TahunKinerja, sumber: str, indikator: Indikator | None = None
) -> Mapping[int, str]:
    """Write what a source says now as the yearly realisasi of the indicators that name it (or of one of them).

    A source that says nothing any more takes back the value that it gave, and leaves one that people typed before.
    Asks for no right: who chose the source decided it. Returns, by id of the indicator, why a value was not taken.
    """
    rows = year_indikator(tahun_kinerja).filter(sumber_realisasi__sumber=sumber, pelapor="")
    mine = list(rows.filter(pk=indikator.pk) if indikator else rows)
    if not mine:
        return {}
    found = incoming(tahun_kinerja, sumber)
    list(Indikator.objects.select_for_update(no_key=True).filter(pk__in=[one.pk for one in mine]).order_by("pk"))
    closed = _closed_sheets(tahun_kinerja)
    refused: dict[int, str] = {}
    for one in mine:
        try:
            with audited():
                refused[one.pk] = closed.get(one.pk, "") or _take(by, tahun_kinerja, one, found)
        except RealisasiRefused as refusal:
            refused[one.pk] = str(refusal)
    return {pk: reason for pk, reason in refused.items() if reason}


def waiting_values(tahun_kinerja: TahunKinerja, stands: Mapping[Indikator, str]) -> dict[int, str]:
    """By id of the indicator what its source says now, where another value stands for the year.

    `stands` has the yearly value of indicators that `with_source` read. No query but those of the sources concerned.
    """
    kinds = {source_of(one) for one in stands if not one.pelapor} - {""}
    comes = {kode: found for kode in kinds if (found := incoming(tahun_kinerja, kode))}
    return {
        one.pk: found.teks
        for one, teks in stands.items()
        if not one.pelapor and (found := comes.get(source_of(one))) and found.differs(teks)
    }


def standing(tahun_kinerja: TahunKinerja, indikator: Indikator) -> Realisasi | None:
    """The yearly realisasi that stands now. One query."""
    return Realisasi.objects.filter(indikator=indikator, tahun=tahun_kinerja.tahun, periode=0).first()


def _take(by: User | None, tahun_kinerja: TahunKinerja, indikator: Indikator, found: Incoming | None) -> str:
    """Store a value, or take back the one that the source gave; why nothing came, in words."""
    known = standing(tahun_kinerja, indikator)
    if found is None:
        if known is not None and known.jejak is not None:
            known.delete()
            _changed(by, tahun_kinerja, indikator, known.teks, "")
        return "Sumbernya belum mempunyai nilai untuk tahun ini."
    values: dict[str, Any] = {
        "teks": found.teks[:MAX_LENGTH],
        "pembilang": None,
        "penyebut": None,
        "keterangan": _shortened(found.keterangan),
        "source_year": None,
        "jejak": found.trace.to_dict(),
    }
    if known is None or any(getattr(known, name) != value for name, value in values.items()):
        Realisasi.objects.update_or_create(indikator=indikator, tahun=tahun_kinerja.tahun, periode=0, defaults=values)
        _changed(by, tahun_kinerja, indikator, known.teks if known else "", found.teks)
    return ""


def _changed(by: User | None, tahun_kinerja: TahunKinerja, indikator: Indikator, before: str, after: str) -> None:
    if before != after:
        _audit(by, "measurement.take_source", tahun_kinerja, indikator, before, after)
        replace_capaian(tahun_kinerja, [indikator])


def _closed_sheets(tahun_kinerja: TahunKinerja) -> dict[int, str]:
    """By indicator why its yearly value is not to be changed now: its sheet was handed in. Two queries."""
    rows = Submission.objects.filter(tahun_kinerja=tahun_kinerja, form=Form.KINERJA, periode=0)
    closed = {row.unit_id: explain_lock(row) for row in rows.exclude(state__in=EDITABLE).select_related("by") if row.pk}
    units = responsible_units(tahun_kinerja) if closed else {}
    return {pk: closed[unit_id] for pk, unit_id in units.items() if unit_id in closed}


def _shortened(text: str) -> str:
    return text if len(text) <= _MAX_REMARK else f"{text[: _MAX_REMARK - 1]}…"


def _audit(
    by: User | None,
    action: str,
    tahun_kinerja: TahunKinerja,
    indikator: Indikator,
    before: str | None,
    after: str | None,
) -> None:
    name = "teks" if action == "measurement.take_source" else "sumber"
    record_audit(
        by=by,
        action=action,
        subject=f"{indikator.kunci} {tahun_kinerja.tahun}/0",
        instansi=tahun_kinerja.instansi,
        before={name: before} if before else None,
        after={name: after} if after else None,
    )
