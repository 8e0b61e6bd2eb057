"""The fields of an item and of a group as people fill them, on the site and in the workbook: one table for both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from capaian.rules.instrumen.read import LARGEST, MAX_KODE, MAX_SIFAT
from capaian.rules.numbers import NumberFormatError, format_number, parse_number
from capaian.rules.scales import POLICY_WORDS
from capaian.workflow.checks import clean_text

Choices = tuple[tuple[str, str], ...]
Kind = Literal["text", "long", "number", "choice", "flag"]
MOST_TEXT: Final = 4000

KELUARGA: Final[Choices] = (
    ("pkp", "Penilaian Kinerja Puskesmas"),
    ("lke", "Evaluasi AKIP (LKE)"),
    ("lain", "Instrumen lain"),
)
PENILAIAN: Final[Choices] = (
    ("capaian", "Capaian terhadap target"),
    ("pilihan", "Satu dari pilihan tercetak"),
    ("pita", "Angka menurut pita tercetak"),
)
MASUKAN: Final[Choices] = (("nilai", "Nilainya langsung"), ("pembilang_penyebut", "Realisasi dan sasaran"))
ARAH: Final[Choices] = (("naik", "Makin besar makin baik"), ("turun", "Makin kecil makin baik"))
RUMUS: Final[Choices] = (("selisih", "(2 × target − realisasi) ÷ target"),)
AGREGASI: Final[Choices] = (
    ("rata_rata", "Rata-rata"),
    ("persen_maksimum", "Rata-rata sebagai persen nilai terbaik"),
    ("jumlah_bobot", "Jumlah menurut bobot"),
    ("jumlah", "Jumlah"),
)
DASAR: Final[Choices] = (("tertulis", "Tertulis dalam dokumen"), ("ditafsirkan", "Ditafsirkan"))
BATAS: Final[Choices] = tuple((kode, words.removeprefix("kebijakan batas: ")) for kode, words in POLICY_WORDS.items())
YES: Final = ("ya", "y", "true", "1", "x", "benar")
NO: Final = ("", "tidak", "t", "false", "0", "salah")


class FieldError(ValueError):
    """A value that a field cannot take; the message says why and what to write instead."""


@dataclass(frozen=True)
class Field:
    """One field: its name in the data, its label, how it is filled, and what stands there when nothing is filled.

    `most` is the most letters that are taken; `above` the number that a value must exceed (`None`: any number).
    """

    name: str
    label: str
    kind: Kind = "text"
    choices: Choices = ()
    default: str | bool = ""
    help: str = ""
    most: int = 300
    above: int | None = None
    is_required: bool = False


_KODE = Field(
    "kode", "Kode", help="Tetap dan tidak berulang; jawaban disimpan menurut kode ini.", most=MAX_KODE,
    is_required=True,
)  # fmt: skip
_NAMA = Field("nama", "Nama", "long", most=1000, is_required=True)
_NOMOR = Field("nomor", "Nomor tercetak", help="Seperti dalam dokumen.", most=40)
_TABEL = Field("tabel", "Tabel", help="Tabel atau halaman asalnya.", most=120)
_BOBOT = Field("bobot", "Bobot", "number", help="Hanya bila kelompok di atasnya menjumlah menurut bobot.", above=0)
_CATATAN = Field("catatan", "Catatan", "long", help="Keanehan yang tercetak, atau penafsiran.", most=MOST_TEXT)
_SATUAN = Field("satuan", "Satuan", most=80)

ITEM_FIELDS: Final[tuple[Field, ...]] = (
    _KODE,
    _NOMOR,
    _TABEL,
    _NAMA,
    Field("penilaian", "Cara menilai", "choice", PENILAIAN, is_required=True),
    Field("masukan", "Yang diisi", "choice", MASUKAN, default="nilai", is_required=True),
    _SATUAN,
    Field("target", "Target", help="Seperti tercetak: 100, ≤ 3, < 24 jam, Maks tgl 5, ya.", most=200),
    Field("sasaran", "Sasaran", help="Siapa yang menjadi penyebut."),
    Field(
        "pengali", "Pengali", "number", default="100", above=0,
        help="100 untuk persen, 1000 untuk per mil, 100000 untuk per 100.000.",
    ),
    Field("arah", "Arah", "choice", ARAH, help="Wajib untuk capaian terhadap target."),
    Field("alasan_arah", "Alasan arah", help="Mengapa begitu; supaya tidak dibaca terbalik.", most=500),
    Field("rumus", "Rumus khusus", "choice", RUMUS, help="Kosong: realisasi ÷ target, atau target ÷ realisasi."),
    Field("maksimum", "Nilai terbaik", "number", help="Kosong: nilai pilihan tertinggi, atau 100.", above=0),
    _BOBOT,
    Field("sifat", "Hanya untuk unit bersifat", help="Kode sifat; kosong berarti semua unit.", most=MAX_SIFAT),
    _CATATAN,
)  # fmt: skip
GROUP_FIELDS: Final[tuple[Field, ...]] = (
    _KODE,
    _NOMOR,
    _TABEL,
    _NAMA,
    Field("agregasi", "Cara menggabung", "choice", AGREGASI, default="rata_rata", is_required=True),
    _BOBOT,
    Field("maksimum", "Nilai terbaik", "number", default="100", above=0),
    Field(
        "datar", "Rata-rata semua butir di bawahnya", "flag", default=False,
        help="Dokumennya merata-ratakan butir, bukan subkelompok.",
    ),
    Field("is_item", "Dihitung sebagai satu butir", "flag", default=False, help="Indikator yang mempunyai sub-baris."),
    Field(
        "ikut", "Ikut dalam kelompok di atasnya", "flag", default=True,
        help="Bila tidak, nilainya ditunjukkan di samping saja.",
    ),
    _SATUAN,
    _CATATAN,
)  # fmt: skip
CHOICE_FIELDS: Final[tuple[Field, ...]] = (
    Field("kode", "Kode", most=MAX_KODE, is_required=True),
    Field("nilai", "Nilai", "number", is_required=True),
    Field("teks", "Arti", most=1000),
    Field("dari", "Dari", "number"),
    Field("dari_terbuka", "tidak termasuk", "flag", default=False),
    Field("sampai", "Sampai", "number"),
    Field("sampai_terbuka", "tidak termasuk", "flag", default=False),
)
BAND_FIELDS: Final[tuple[Field, ...]] = (
    Field("kode", "Kode", most=30, is_required=True),
    Field("label", "Kelas", most=120, is_required=True),
    Field("dari", "Dari", "number"),
    Field("dari_terbuka", "tidak termasuk", "flag", default=False),
    Field("sampai", "Sampai", "number"),
    Field("sampai_terbuka", "tidak termasuk", "flag", default=False),
)

# A legal basis.
RUJUKAN_FIELDS: Final = (
    Field("instrumen", "Dokumen", help="Nama dan nomornya: Keputusan Kepala Dinas Nomor … Tahun …", is_required=True),
    Field("tempat", "Tempatnya", help="Lampiran, tabel, atau halaman.", is_required=True),
    Field("dasar", "Dasar", "choice", DASAR, is_required=True),
    Field("catatan", "Catatan penafsiran", "long", help="Wajib bila ditafsirkan.", most=1000),
)


def fields_of(node: Mapping[str, Any]) -> tuple[Field, ...]:
    """The fields of an item, or of a group (which has `isi`)."""
    return GROUP_FIELDS if "isi" in node else ITEM_FIELDS


def typed(value: object) -> str:
    """A stored value as a person would type it: numbers with a decimal comma and nothing that could be misread."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    return str(value)


def typed_number(value: object) -> str:
    """A stored number (`"12.5"`) as it is typed: `12,5`; three decimals get a fourth. What is no number stays."""
    try:
        text = format_number(Decimal(str(value))).replace(".", "")
    except (ArithmeticError, ValueError):
        return "" if value is None else str(value)
    if "," in text:
        text = text.rstrip("0").rstrip(",")
    return f"{text}0" if len(text.partition(",")[2]) == 3 else text


def show(field: Field, values: Mapping[str, Any]) -> str:
    """What a field of stored values shows in its box."""
    value = values.get(field.name, field.default)
    return typed_number(value) if field.kind == "number" and value not in ("", None) else typed(value)


def words(field: Field, values: Mapping[str, Any]) -> str:
    """What a field of stored values says in words; empty for nothing."""
    shown = show(field, values)
    return dict(field.choices).get(shown, shown)


def read(field: Field, text: str) -> Any:
    """The value to store for what was typed: None for nothing, else text, `"12.5"`, or a flag. Raises `FieldError`."""
    body = clean_text(text)
    if field.kind == "flag":
        return _flag(field, body)
    if not body:
        if field.is_required:
            raise FieldError(f"{field.label} belum diisi.")
        return None
    if len(body) > field.most:
        raise FieldError(f"{field.label}: {len(body)} huruf, paling banyak {field.most}.")
    if field.kind == "number":
        return _number(field, body)
    if field.kind == "choice":
        return _choice(field, body)
    return body if field.kind == "long" else " ".join(body.splitlines())


def read_all(fields: Sequence[Field], texts: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The values to store, without those at their default, and what is wrong by field name."""
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for field in fields:
        try:
            value = read(field, texts.get(field.name, ""))
        except FieldError as error:
            errors[field.name] = str(error)
            continue
        if value is not None and value != field.default:
            values[field.name] = value
    return values, errors


def _flag(field: Field, body: str) -> bool:
    said = body.casefold()
    if said in YES:
        return True
    if said in NO:
        return False
    raise FieldError(f'{field.label}: "{body[:40]}" bukan ya atau tidak.')


def _number(field: Field, body: str) -> str:
    try:
        number = parse_number(body)
    except NumberFormatError as error:
        raise FieldError(f"{field.label}: {error}") from None
    if field.above is not None and number <= field.above:
        raise FieldError(f"{field.label}: {typed_number(number)} harus lebih dari {field.above}.")
    if abs(number) >= LARGEST:
        raise FieldError(f"{field.label}: {typed_number(number)} terlalu besar. Periksa angkanya.")
    return str(number)


def _choice(field: Field, body: str) -> str:
    """The kode of a choice, given as kode or in its words."""
    said = " ".join(body.split()).casefold()
    for kode, label in field.choices:
        if said in (kode, label.casefold(), f"{kode}: {label}".casefold()):
            return kode
    known = ", ".join(kode for kode, _ in field.choices)
    raise FieldError(f'{field.label}: "{body[:60]}" tidak dikenal; pilih {known}.')
