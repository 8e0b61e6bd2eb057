"""What stands where in the workbook of an instrument; the writer and the reader share it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from capaian.assessments.fields import (
    BAND_FIELDS,
    BATAS,
    CHOICE_FIELDS,
    GROUP_FIELDS,
    ITEM_FIELDS,
    KELUARGA,
    RUJUKAN_FIELDS,
    Field,
)
from capaian.rules.instrumen.read import MAX_KODE, MAX_SIFAT

HEAD_SHEET, NODE_SHEET, CHOICE_SHEET = "Instrumen", "Butir", "Pilihan"
SCALE_SHEET, SIFAT_SHEET, GUIDE_SHEET = "Klasifikasi", "Sifat", "Petunjuk"
SHEETS: Final = (HEAD_SHEET, NODE_SHEET, CHOICE_SHEET, SCALE_SHEET, SIFAT_SHEET)
# The row of the column heads, counted from 1 as Excel does.
HEAD_ROW: Final = 3
MOST_ROWS: Final = 5000
MOST_COLUMNS: Final = 60
JENIS: Final = (("kelompok", "kelompok"), ("butir", "butir"))


@dataclass(frozen=True)
class Column:
    """A column of a table: what it holds, its head, its width in characters."""

    field: Field
    width: int = 14

    @property
    def label(self) -> str:
        return self.field.label


def _columns(fields: Mapping[str, Field], widths: Mapping[str, int]) -> tuple[Column, ...]:
    return tuple(Column(one, widths.get(name, 14)) for name, one in fields.items())


_WIDE: Final = {
    "nama": 52, "catatan": 44, "alasan_arah": 36, "teks": 60, "sasaran": 30, "agregasi": 24, "penilaian": 24,
    "masukan": 22, "target": 18, "label": 28, "arah": 24,
}  # fmt: skip
# Both kinds of rows in one table; where they share a name they share the column.
_NODE: Final[dict[str, Field]] = {
    "kode": ITEM_FIELDS[0],
    "induk": Field("induk", "Induk", most=MAX_KODE),
    "jenis": Field("jenis", "Jenis", "choice", JENIS, is_required=True),
    **{one.name: one for one in (*ITEM_FIELDS[1:], *GROUP_FIELDS[1:])},
    "pilihan": Field("pilihan", "Daftar pilihan", most=120),
}
NODE_COLUMNS: Final = _columns(_NODE, _WIDE)
CHOICE_COLUMNS: Final = (
    Column(Field("daftar", "Daftar", most=120, is_required=True), 18),
    *(Column(one, _WIDE.get(one.name, 12)) for one in CHOICE_FIELDS[:4]),
    Column(Field("dari_terbuka", "Dari tidak termasuk", "flag", default=False), 12),
    Column(Field("sampai", "Sampai", "number"), 12),
    Column(Field("sampai_terbuka", "Sampai tidak termasuk", "flag", default=False), 12),
)
SCALE_COLUMNS: Final = (
    Column(Field("kelompok", "Kelompok", most=MAX_KODE, is_required=True), 18),
    Column(Field("skala", "Skala", help="Kosong: yang dipakai; selain itu nama skala lain yang juga tercetak."), 16),
    Column(Field("kebijakan", "Nilai di celah", "choice", BATAS), 18),
    Column(Field("desimal", "Desimal", "choice", tuple((str(n), str(n)) for n in range(7)), default="2"), 10),
    *(
        Column(replace(one, name=f"r_{one.name}", is_required=False), 24) for one in RUJUKAN_FIELDS
    ),
    *(Column(one, _WIDE.get(one.name, 12)) for one in BAND_FIELDS[:3]),
    Column(Field("dari_terbuka", "Dari tidak termasuk", "flag", default=False), 12),
    Column(Field("sampai", "Sampai", "number"), 12),
    Column(Field("sampai_terbuka", "Sampai tidak termasuk", "flag", default=False), 12),
)  # fmt: skip
SIFAT_COLUMNS: Final = (
    Column(Field("kode", "Kode", most=MAX_SIFAT, is_required=True), 20),
    Column(Field("nama", "Nama", most=120, is_required=True), 40),
)
TABLES: Final = {
    NODE_SHEET: NODE_COLUMNS,
    CHOICE_SHEET: CHOICE_COLUMNS,
    SCALE_SHEET: SCALE_COLUMNS,
    SIFAT_SHEET: SIFAT_COLUMNS,
}
# The head: one fact a row. `catatan` may be repeated.
HEAD_FIELDS: Final = (
    Field("kunci", "Kunci", help="Tetap. Kunci yang belum ada membuat instrumen baru.", most=80, is_required=True),
    Field("nama", "Nama instrumen", most=200, is_required=True),
    Field("keluarga", "Menilai", "choice", KELUARGA, is_required=True),
    *(replace(one, name=f"r_{one.name}", is_required=False) for one in RUJUKAN_FIELDS),
    Field("peringkat", "Peringkat menurut", help="kelas atau kode kelompok, dipisah koma."),
    Field("k_rata_rata", "Kebijakan rata-rata", "choice", (("bertingkat", "bertingkat"), ("datar", "datar"))),
    Field(
        "k_campuran", "Kebijakan kelas campuran", "choice",
        (("terendah", "terendah"), ("tidak_terklasifikasi", "tidak terklasifikasi")),
    ),
    Field("k_sertakan", "Kelompok di samping yang ikut", help="Kode kelompok, dipisah koma."),
    Field("k_skor", "Kebijakan tingkat jawaban", "choice", (("butir", "butir"), ("kelompok", "kelompok"))),
    Field("k_batas_kelas", "Kebijakan batas kelas", "choice", BATAS, help="Kosong: menurut tiap skala."),
    Field("catatan", "Catatan dokumen", "long", help="Satu baris satu catatan; boleh berulang.", most=4000),
)  # fmt: skip
STAMP_LABEL: Final = "Diunduh dari"


def stamp_text(nomor: int, mark: str) -> str:
    """What a workbook says of where it came from."""
    return f"v{nomor} {mark}"


def citation_of(values: Mapping[str, Any]) -> dict[str, str]:
    """A legal basis from the values `r_…` of a row."""
    return {one.name: str(values.get(f"r_{one.name}", "")) for one in RUJUKAN_FIELDS}
