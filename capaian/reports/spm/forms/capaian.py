"""Forms 2.D.2 (what was done, at what cost) and 2.E.2 (the recapitulation of the achievement)."""

from __future__ import annotations

from capaian.reports.spm.forms.model import FormColumn, FormRow, OfficialForm, Value, known_sum
from capaian.reports.spm.parts import amounts_of
from capaian.reports.spm.snapshot import SpmSnapshot

_FULL = 100


def form_2d2(snapshot: SpmSnapshot, judul: str) -> OfficialForm:
    """Persons served of each service in the year, and the money."""
    group, cost = f"Capaian penerima layanan dasar (Tahun {snapshot.tahun})", "Biaya (Rp)"
    columns = (
        FormColumn("No", "center", 6),
        FormColumn("Jenis pelayanan dasar", "text", 52),
        FormColumn("Sasaran (orang)", "count", 15, group),
        FormColumn("Terlayani (orang)", "count", 15, group),
        FormColumn("%", "percent", 10, group, formula="ROUND({3}/{2}*100,2)"),
        FormColumn("Alokasi", "money", 19, cost, total="SUM({cells})"),
        FormColumn("Realisasi", "money", 19, cost, total="SUM({cells})"),
    )
    rows = []
    for money in snapshot.money.rows:
        result = snapshot.result(money.layanan)
        rows.append(
            FormRow(
                (
                    money.layanan.nomor,
                    money.layanan.nama,
                    snapshot.target(money.layanan),
                    result.terlayani if result else None,
                    result.penerima if result else None,
                    *amounts_of(money),
                )
            )
        )
    sums = [known_sum([row.values[at] for row in rows]) for at in (5, 6)]
    total: tuple[Value, ...] = ("Jumlah", None, None, None, None, *sums)
    notes = () if any(row.values[3] is not None for row in rows) else (_NO_RESULT,)
    return OfficialForm("2.D.2", judul, snapshot.place, snapshot.tahun, columns, tuple(rows), total, notes)


def form_2e2(snapshot: SpmSnapshot, judul: str) -> OfficialForm:
    """Sasaran, achievement and percentage of each service; the last line counts the services that reach 100 %."""
    columns = (
        FormColumn("No", "center", 6),
        FormColumn("Jenis pelayanan dasar (SPM kabupaten/kota)", "text", 60),
        FormColumn("Sasaran (orang)", "count", 18),
        FormColumn("Capaian (orang)", "count", 18),
        FormColumn("%", "percent", 12, formula="ROUND({3}/{2}*100,2)", total='COUNTIF({cells},">=100")'),
    )
    rows = []
    for layanan in snapshot.layanan:
        result = snapshot.result(layanan)
        served, share = (result.terlayani, result.penerima) if result else (None, None)
        rows.append(FormRow((layanan.nomor, layanan.nama, snapshot.target(layanan), served, share)))
    total: tuple[Value, ...] = ("Banyaknya jenis pelayanan yang mencapai 100 %", None, None, None, full(snapshot))
    notes = () if any(row.values[3] is not None for row in rows) else (_NO_RESULT,)
    return OfficialForm(
        "2.E.2", judul, snapshot.place, snapshot.tahun, columns, tuple(rows), total, notes, is_numbered=True
    )


def full(snapshot: SpmSnapshot) -> int:
    """How many services reach 100 % of their recipients in the year."""
    results = [snapshot.result(one) for one in snapshot.layanan]
    return sum(1 for one in results if one and one.penerima is not None and one.penerima >= _FULL)


_NO_RESULT = "Capaian belum ada: laporan pelayanan belum diisi, atau belum ada yang terverifikasi."
