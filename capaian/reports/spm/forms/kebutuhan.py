"""Forms 2.B.4 (goods and services) and 2.B.5 (staff): what is needed, what is there, what the rest costs."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from capaian.reports.spm.forms.model import FormColumn, FormRow, OfficialForm, Value, known_sum
from capaian.reports.spm.snapshot import SpmSnapshot
from capaian.spm.queries_kebutuhan import Item

_LACK = 'SUMIF({cells},">0")'
_ONCE = "Seluruh pelayanan, setiap jenis SDM dihitung satu kali"


def form_2b4(snapshot: SpmSnapshot, judul: str) -> OfficialForm:
    """Goods and services by service. In a district each shortage is the sum of the units' own."""
    is_unit = snapshot.unit is not None
    columns = (
        FormColumn("No", "center", 5),
        FormColumn("Jenis layanan dasar", "text", 24),
        FormColumn("Barang", "text", 38),
        FormColumn("Jumlah kebutuhan", "decimal", 13),
        FormColumn("Jumlah tersedia", "decimal", 13),
        FormColumn("Selisih", "decimal", 13, formula="{3}-{4}" if is_unit else ""),
        FormColumn("Satuan (Rp)", "money", 14),
        FormColumn("Jumlah biaya (Rp)", "money", 18, formula=_biaya(is_unit=is_unit), total="SUM({cells})"),
        FormColumn("Keterangan", "text", 30),
    )
    rows = tuple(_goods(snapshot)) or tuple(
        FormRow((one.nomor, one.nama, "", None, None, None, None, None, "Standar tahun ini tidak memuat butir mutu."))
        for one in snapshot.layanan
    )
    total: tuple[Value, ...] = (
        "Jumlah",
        None,
        None,
        None,
        None,
        None,
        None,
        known_sum([r.values[7] for r in rows]),
        None,
    )
    notes = (
        [
            f"{snapshot.needs.unknown} barang belum mempunyai biaya karena kebutuhan, ketersediaan, atau harganya "
            "belum diisi; jumlah di atas belum memuatnya."
        ]
        if snapshot.needs.unknown
        else []
    )
    if not is_unit and snapshot.units:
        notes.append(
            "Selisih dan biaya adalah jumlah kekurangan setiap Puskesmas; kelebihan satu Puskesmas tidak menutup "
            "kekurangan Puskesmas lain."
        )
    return OfficialForm(
        "2.B.4", judul, snapshot.place, snapshot.tahun, columns, rows, total, tuple(notes), is_numbered=True
    )


def _biaya(*, is_unit: bool) -> str:
    return "ROUNDUP(MAX({5},0)*{6},0)" if is_unit else ""


def _goods(snapshot: SpmSnapshot) -> Iterator[FormRow]:
    for service in snapshot.needs.services:
        for item in service.items:
            yield FormRow(
                (service.layanan.nomor, service.layanan.nama, f"{item.nama} ({item.satuan})", *_amounts(item)), head=2
            )


def _amounts(item: Item) -> tuple[Value, ...]:
    if item.integrated:
        return None, None, None, None, None, f"Terintegrasi dengan {item.integrated}"
    found = item.hasil
    return found.jumlah, found.tersedia, found.selisih, item.harga, found.biaya, _remark(item)


def _remark(item: Item) -> str:
    said = item.formula if item.formula and not item.is_own else ""
    if item.asked > 1 and item.reporting < item.asked:
        said = f"{said}; " if said else ""
        said += f"diisi {item.reporting} dari {item.asked} Puskesmas"
    return said


def form_2b5(snapshot: SpmSnapshot, judul: str) -> OfficialForm:
    """Staff by service as printed; the total stands over a last part in which each kind of staff is counted once."""
    columns = (
        FormColumn("No", "center", 6),
        FormColumn("Jenis layanan dasar", "text", 36),
        FormColumn("Jenis SDM kesehatan", "text", 40),
        FormColumn("Jumlah kebutuhan", "decimal", 16, total="SUM({cells})"),
        FormColumn("Jumlah tersedia", "decimal", 16, total="SUM({cells})"),
        FormColumn("Selisih", "decimal", 14, formula="{3}-{4}" if snapshot.unit else "", total=_LACK),
    )
    rows = tuple(_staff(snapshot))
    counted = [row for row in rows if row.counts]
    total: tuple[Value, ...] = (
        "Jumlah (selisih: kekurangan saja)",
        None,
        None,
        known_sum([row.values[3] for row in counted]),
        known_sum([row.values[4] for row in counted]),
        snapshot.needs.staff_lack,
    )
    notes = (
        "Tenaga yang sama melayani beberapa jenis pelayanan. Menurut formulir ia ditulis pada setiap pelayanan; "
        "jumlah hanya menghitung bagian terakhir, di mana setiap jenis SDM ditulis satu kali.",
    )
    if not rows:
        notes = ("Standar tahun ini tidak memuat daftar SDM; formulir diisi sejak Permenkes 6/2024.",)
    return OfficialForm("2.B.5", judul, snapshot.place, snapshot.tahun, columns, rows, total, notes)


def _staff(snapshot: SpmSnapshot) -> Iterator[FormRow]:
    standar, by_kode = snapshot.rules.standar, {one.kode.split(".", 1)[-1]: one for one in snapshot.needs.staff}
    for layanan in standar.layanan:
        for kode in standar.profesi_layanan.get(layanan.kode, ()):
            item = by_kode[kode]
            yield FormRow((layanan.nomor, layanan.nama, item.nama, *_heads(item)), head=2, counts=False)
    for item in snapshot.needs.staff:
        yield FormRow(("", _ONCE, item.nama, *_heads(item)), head=2)


def _heads(item: Item) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    return item.hasil.jumlah, item.hasil.tersedia, item.hasil.selisih
