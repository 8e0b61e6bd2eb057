"""Reading all that the report of a Puskesmas prints, once: answers, results, those of others and of last year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from capaian.assessments.compute import evaluate_penilaian
from capaian.assessments.models import Hasil, Keluarga, Penilaian
from capaian.assessments.queries import (
    Active,
    active,
    isian_by_penilaian,
    penilaian_by_unit,
    pkp_units,
    sifat_by_unit,
    stored_hasil,
)
from capaian.assessments.queries_pkp import FEWEST_OF_MEAN, sheet_states
from capaian.organisations.models import TahunKinerja, UnitKerja, Wilayah
from capaian.reports.errors import ReportError
from capaian.reports.formats import proper
from capaian.reports.snapshot import Office, read_office
from capaian.rules.instrumen.hasil import HasilInstrumen
from capaian.rules.instrumen.model import Butir, Instrumen, Kelompok
from capaian.rules.instrumen.pengungkit import Pengungkit, lift
from capaian.rules.instrumen.peringkat import Peringkat, Peserta, rank
from capaian.rules.instrumen.skor import Isian, SkorButir
from capaian.rules.numbers import mean
from capaian.spm.queries import used_sasaran
from capaian.spm.queries_kebutuhan import read_needs, unit_staff
from capaian.workflow.models import Submission
from capaian.workflow.transitions import COUNTED

_PENDUDUK = "penduduk"


@dataclass(frozen=True)
class Profile:
    """What is known of a Puskesmas: areas by kind, persons by group, staff (there, needed), its level of accreditation.

    `sifat` are the names of the properties that decide which items apply.
    """

    wilayah: tuple[tuple[str, str], ...]
    sasaran: tuple[tuple[str, int], ...]
    tenaga: tuple[tuple[str, Decimal | None, Decimal | None], ...]
    akreditasi: str
    sifat: tuple[str, ...]


@dataclass(frozen=True)
class Before:
    """The stored results of the year before by group, and whether another version of the instrument gave them."""

    tahun: int
    hasil: Mapping[str, Hasil]
    is_other_version: bool

    @property
    def values(self) -> dict[str, Decimal | None]:
        """The unrounded values by group."""
        return {kode: row.nilai for kode, row in self.hasil.items()}


@dataclass(frozen=True)
class PkpSnapshot:
    """The PKP of a Puskesmas in a year.

    `peers` are the means of the verified units by group, `counted` their number; `place` is the own rank among them,
    None while the own sheet is not verified.
    """

    office: Office
    tahun: int
    unit: UnitKerja
    judged: Active
    state: str
    isian: Mapping[str, Isian]
    hasil: HasilInstrumen
    profile: Profile
    peers: Mapping[str, Decimal]
    counted: int
    place: Peringkat[int] | None
    before: Before | None
    pengungkit: tuple[Pengungkit, ...]

    @property
    def nama(self) -> str:
        return proper(self.unit.nama)

    @property
    def instrumen(self) -> Instrumen:
        return self.judged.instrumen

    @property
    def is_verified(self) -> bool:
        return self.state in COUNTED

    def score(self, item: Butir) -> SkorButir:
        """The score of an item."""
        return self.hasil.butir[item.kode]


def not_chosen(tahun_kinerja: TahunKinerja) -> ReportError:
    """Why there is no document of PKP at all in a year."""
    return ReportError(
        f"Belum ada instrumen PKP untuk tahun {tahun_kinerja.tahun}. Pilih instrumennya pada halaman Instrumen "
        "penilaian, lalu isi formulir PKP."
    )


def take_pkp(tahun_kinerja: TahunKinerja, unit: UnitKerja) -> PkpSnapshot:
    """Everything of a unit's PKP. Raises `ReportError` where no instrument is chosen or nothing is answered."""
    judged = active(tahun_kinerja, Keluarga.PKP)
    if judged is None:
        raise not_chosen(tahun_kinerja)
    penilaian = penilaian_by_unit(tahun_kinerja, judged.versi).get(unit.pk)
    isian = isian_by_penilaian([penilaian.pk])[penilaian.pk] if penilaian else {}
    if penilaian is None or not isian:
        raise ReportError(
            f"Laporan PKP {unit} tahun {tahun_kinerja.tahun} belum dapat disusun: formulir PKP belum diisi. "
            "Isi formulirnya pada halaman Tugas atau lewat Excel, lalu buat lagi."
        )
    states = sheet_states(tahun_kinerja)
    sifat = sifat_by_unit(tahun_kinerja, [unit.pk])[unit.pk]
    counted, place = _among_others(tahun_kinerja, judged, states, unit)
    return PkpSnapshot(
        office=read_office(tahun_kinerja),
        tahun=tahun_kinerja.tahun,
        unit=unit,
        judged=judged,
        state=states.get(unit.pk, Submission.State.DRAF),
        isian=isian,
        hasil=evaluate_penilaian(judged, [penilaian])[penilaian.pk],
        profile=_profile(tahun_kinerja, unit, judged.instrumen, sifat),
        peers=_means(counted),
        counted=len(counted),
        place=place,
        before=_before(tahun_kinerja, judged, unit),
        pengungkit=lift(judged.instrumen, isian, sifat, judged.kebijakan),
    )


def _among_others(
    tahun_kinerja: TahunKinerja, judged: Active, states: Mapping[int | None, str], unit: UnitKerja
) -> tuple[Sequence[Mapping[str, Hasil]], Peringkat[int] | None]:
    """The stored results of the verified Puskesmas, and the rank of the unit among them."""
    known = {one.pk for one in pkp_units(tahun_kinerja)}
    stored = stored_hasil(tahun_kinerja, judged.versi)
    counted = {pk: rows for pk, rows in stored.items() if pk and pk in known and states.get(pk) in COUNTED}
    root = judged.instrumen.akar.kode
    ranked = rank(
        (
            Peserta(pk, rows[root].kelas if root in rows else "", {kode: row.nilai for kode, row in rows.items()})
            for pk, rows in counted.items()
        ),
        judged.instrumen,
    )
    return list(counted.values()), next((one for one in ranked if one.kunci == unit.pk), None)


def _means(rows: Sequence[Mapping[str, Hasil]]) -> dict[str, Decimal]:
    """The mean of each group over those that have a value, where they are enough to show one."""
    found: dict[str, list[Decimal]] = {}
    for by_group in rows:
        for kode, row in by_group.items():
            if row.nilai is not None:
                found.setdefault(kode, []).append(row.nilai)
    return {kode: mean(values) for kode, values in found.items() if len(values) >= FEWEST_OF_MEAN}


def _before(tahun_kinerja: TahunKinerja, judged: Active, unit: UnitKerja) -> Before | None:
    """The results of the year before; None where there are none, or those of quite another instrument."""
    rows = Penilaian.objects.filter(
        tahun_kinerja__instansi=tahun_kinerja.instansi_id,
        tahun_kinerja__tahun=tahun_kinerja.tahun - 1,
        unit=unit,
        tingkat=Penilaian.Tingkat.MANDIRI,
        versi__instrumen=judged.versi.instrumen_id,
    )
    last = rows.prefetch_related("hasil").order_by("-pk").first()
    if last is None:
        return None
    hasil = {row.kelompok: row for row in last.hasil.all()}
    return Before(tahun_kinerja.tahun - 1, hasil, last.versi_id != judged.versi.pk) if hasil else None


def _profile(tahun_kinerja: TahunKinerja, unit: UnitKerja, instrumen: Instrumen, sifat: frozenset[str]) -> Profile:
    needs = read_needs(tahun_kinerja)
    persons = used_sasaran(tahun_kinerja, [unit]).get(unit.pk, {})
    staff = []
    for profesi in needs.rules.standar.profesi:
        found = unit_staff(needs, unit.pk, profesi).hasil
        if profesi.jenis != "non_kesehatan" and (found.tersedia or found.jumlah):
            staff.append((profesi.nama, found.tersedia, found.jumlah))
    areas = Wilayah.objects.filter(instansi=tahun_kinerja.instansi_id, unit=unit).order_by("urutan", "pk")
    kelompok = needs.rules.standar.kelompok
    groups = {one.kode: one.nama for one in kelompok if one.kode == _PENDUDUK}
    groups |= {one.kode: one.nama for one in kelompok if one.utama}
    return Profile(
        tuple((one.get_jenis_display(), one.nama) for one in areas),
        tuple((nama, persons[kode]) for kode, nama in groups.items() if kode in persons),
        tuple(staff),
        unit.akreditasi,
        tuple(nama for kode, nama in instrumen.sifat.items() if kode in sifat),
    )


def parts_of(instrumen: Instrumen) -> tuple[Kelompok, ...]:
    """The groups that decide the class; where nothing is classified, those below the root, or the root itself."""
    classified = tuple(instrumen.groups[part.kelompok] for part in instrumen.klasifikasi)
    below = tuple(child for child in instrumen.akar.isi if isinstance(child, Kelompok))
    return classified or below or (instrumen.akar,)
