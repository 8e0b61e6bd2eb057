"""Forms 2.C.3 (RPJMD) and 2.C.4 (renstra): persons and money for each service in each year of the plan.

The columns cannot be read in the only copy that we have (regulations 5.3); these are what the procedure of the
regulation asks for, and the form says so.
"""

from __future__ import annotations

from collections.abc import Callable

from capaian.reports.spm.forms.model import FormColumn, FormRow, OfficialForm, Value, known_sum
from capaian.reports.spm.snapshot import SpmSnapshot
from capaian.rules.packs import load_pack
from capaian.spm.queries_rencana import Plan, PlanRow

_NOMENKLATUR = "nomenklatur/kepmendagri_900_1_15_5_1317_2023"
_NOTES = (
    "Kolom formulir ini tidak terbaca pada naskah yang tersedia; susunannya mengikuti tata cara penyusunan rencana "
    "pemenuhan dalam Permendagri 59/2021.",
)


def form_2c3(snapshot: SpmSnapshot, judul: str) -> OfficialForm:
    """The services in the RPJMD: kegiatan, and target and money of each year."""
    head = (
        FormColumn("No", "center", 5),
        FormColumn("Jenis pelayanan dasar", "text", 24),
        FormColumn("Program/Kegiatan", "text", 26),
    )
    return _form(snapshot, "2.C.3", judul, snapshot.rpjmd, head, lambda row: (_kegiatan(row),))


def form_2c4(snapshot: SpmSnapshot, judul: str) -> OfficialForm:
    """The services in the renstra: sub kegiatan with indikator, and target and money of each year."""
    head = (
        FormColumn("No", "center", 5),
        FormColumn("Jenis pelayanan dasar", "text", 20),
        FormColumn("Sub kegiatan", "text", 24),
        FormColumn("Indikator", "text", 24),
    )
    return _form(
        snapshot, "2.C.4", judul, snapshot.renstra, head, lambda row: (_sub_kegiatan(row), row.layanan.indikator)
    )


def _form(
    snapshot: SpmSnapshot,
    kode: str,
    judul: str,
    plan: Plan,
    head: tuple[FormColumn, ...],
    names: Callable[[PlanRow], tuple[str, ...]],
) -> OfficialForm:
    years = [
        column
        for tahun in plan.years
        for column in (
            FormColumn("Target (orang)", "count", 9, f"Tahun {tahun}"),
            FormColumn("Dana (Rp)", "money", 14.5, f"Tahun {tahun}", total="SUM({cells})"),
        )
    ]
    columns = (*head, *years, FormColumn("Perangkat daerah", "text", 16))
    rows = tuple(
        FormRow((row.layanan.nomor, row.layanan.nama, *names(row), *_years(row), snapshot.office.nama))
        for row in plan.rows
    )
    sums = [
        known_sum([row.values[len(head) + at] for row in rows]) if column.total else None
        for at, column in enumerate(years)
    ]
    notes = _NOTES + (("Rencana daerah untuk dokumen ini belum diisi.",) if plan.is_empty else ())
    total: tuple[Value, ...] = ("Jumlah", *[None] * (len(head) - 1), *sums, None)
    return OfficialForm(kode, judul, snapshot.office.daerah, snapshot.tahun, columns, rows, total, notes)


def _years(row: PlanRow) -> list[Value]:
    return [value for cell in row.cells for value in (cell.target, cell.dana)]


def _name(kode: str) -> str:
    """The name of a kode in the nomenclature; the kode alone where it has none."""
    pack = load_pack(_NOMENKLATUR)
    names = {one["kode"]: one["nama"] for level in ("kegiatan", "sub_kegiatan") for one in pack.rows(level)}
    return f"{kode} {names[kode]}" if kode in names else kode


def _kegiatan(row: PlanRow) -> str:
    return _name(row.layanan.sub_kegiatan.rpartition(".")[0])


def _sub_kegiatan(row: PlanRow) -> str:
    return _name(row.layanan.sub_kegiatan)
