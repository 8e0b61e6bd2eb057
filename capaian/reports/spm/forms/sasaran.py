"""Forms 2.A.2 (whom the services are owed to) and 2.A.3 (facilities and their staff)."""

from __future__ import annotations

from capaian.reports.spm.forms.model import FormColumn, FormRow, OfficialForm, Value, known_sum
from capaian.reports.spm.snapshot import STAFF_KINDS, SpmSnapshot

_SUM = "SUM({cells})"


def form_2a2(snapshot: SpmSnapshot, judul: str) -> OfficialForm:
    """Persons of the twelve target groups by area of a unit, or by Puskesmas of the district."""
    kode = [one.kode for one in snapshot.kelompok]
    columns = (
        FormColumn("No", "center", 5),
        FormColumn(snapshot.area_head, "text", 24),
        *(
            FormColumn(one.nama, "count", 10.5, "Sasaran pelayanan dasar kesehatan (orang)", total=_SUM)
            for one in snapshot.kelompok
        ),
    )
    rows = [
        FormRow((number, area.nama, *(area.jumlah.get(one) for one in kode)))
        for number, area in enumerate(snapshot.areas, 1)
    ]
    sums: list[Value] = [known_sum([row.values[2 + at] for row in rows]) for at in range(len(kode))]
    return OfficialForm(
        "2.A.2",
        judul,
        snapshot.place,
        snapshot.tahun,
        columns,
        tuple(rows),
        ("Jumlah", None, *sums),
        tuple(_differences(snapshot, kode, sums)),
    )


def _differences(snapshot: SpmSnapshot, kode: list[str], sums: list[Value]) -> list[str]:
    """Where the sasaran in use is another number than the sum of the lines."""
    names = {one.kode: one.nama for one in snapshot.kelompok}
    notes = []
    for one, total in zip(kode, sums, strict=True):
        used = snapshot.sasaran.get(one)
        if used is not None and total is not None and used != total:
            notes.append(
                f"{names[one]}: sasaran yang dipakai {_thousands(used)}, jumlah baris {_thousands(int(total))}, "
                f"selisih {_thousands(used - int(total))}."
            )
    return notes


def _thousands(value: int) -> str:
    return f"{value:,}".replace(",", ".")


def form_2a3(snapshot: SpmSnapshot, judul: str) -> OfficialForm:
    """Facilities with their staff by kind; a line for each kind, so that heads can be added up."""
    rows = [
        FormRow((number, facility.nama, 1, kind, heads), head=3)
        for number, facility in enumerate(snapshot.facilities, 1)
        for kind, heads in zip(STAFF_KINDS, facility.tenaga, strict=True)
    ]
    columns = (
        FormColumn("No", "center", 6),
        FormColumn("Fasilitas pelayanan kesehatan", "text", 40),
        FormColumn("Jumlah fasilitas", "count", 14, total="SUM({cells})"),
        FormColumn("Jenis SDM kesehatan", "text", 34),
        FormColumn("Jumlah SDM (orang)", "count", 16, total="SUM({cells})"),
    )
    total = ("Jumlah", None, len(snapshot.facilities) or None, None, known_sum([row.values[4] for row in rows]))
    notes = () if total[-1] is not None else ("Jumlah SDM yang tersedia belum diisi pada formulir kebutuhan.",)
    return OfficialForm("2.A.3", judul, snapshot.place, snapshot.tahun, columns, tuple(rows), total, notes)
