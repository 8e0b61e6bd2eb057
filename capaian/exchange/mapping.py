"""Which header words mean which of our columns: those that come with Capaian, and an office's own copy of them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from django.contrib.auth.models import User

from capaian.exchange.models import ColumnMapping, Upload
from capaian.organisations.models import Instansi, TahunKinerja
from capaian.organisations.permissions import Permission, require_right
from capaian.rules.periods import BULAN, ROMAN
from capaian.rules.spm.standar import load_standar
from capaian.workflow.audit import audited, record_audit
from capaian.workflow.checks import clean_text

Columns = Mapping[str, Sequence[str]]
_Jenis = Upload.Jenis
_SHIPPED: Final = Path(__file__).parent / "sipd" / "columns.yaml"
NAME: Final = "Pemetaan instansi"
MOST_WORDS: Final = 60
LABELS: Final = {
    "kode": "Kode program, kegiatan, sub kegiatan",
    "rekening": "Kode rekening belanja (akun)",
    "nama": "Uraian",
    "nama_rekening": "Nama rekening belanja",
    "belanja": "Jenis belanja",
    "sumber_dana": "Sumber dana",
    "skpd": "SKPD",
    "unit": "Unit atau sub unit",
    "tahun": "Tahun anggaran",
    "pagu": "Pagu (satu kolom)",
    "pagu_murni": "Pagu murni",
    "pagu_pergeseran": "Pagu pergeseran",
    "pagu_perubahan": "Pagu perubahan",
    "realisasi": "Realisasi",
    "layanan": "Jenis pelayanan SPM",
    "bulan": "Bulan",
    "terlayani": "Terlayani (satu kolom, dengan kolom bulan)",
    "total": "Total setahun",
    **{f"b{number}": name for number, name in enumerate(BULAN, start=1)},
    **{f"tw{number}": f"Triwulan {roman}" for number, roman in enumerate(ROMAN, start=1)},
    **{one.kode: f"Sasaran {one.nama_pendek.lower()}" for one in load_standar("spm/permenkes_6_2024").layanan},
}
# The column without which a file of a kind cannot be read.
NEEDED: Final = {_Jenis.SPM_PELAYANAN.value: "unit", _Jenis.SPM_SASARAN.value: "unit"}


class MappingRefused(ValueError):
    """Header words that cannot be used; the message names the column and what to do."""


@cache
def shipped_columns(jenis: str) -> Columns:
    """The header words that come with Capaian. Raises `KeyError` for a kind that has none."""
    tables: dict[str, dict[str, list[str]]] = yaml.safe_load(_SHIPPED.read_text(encoding="utf-8"))
    return tables[jenis]


def mapped_kinds() -> list[str]:
    """The kinds of upload whose columns are mapped."""
    return [_Jenis.PAGU.value, _Jenis.REALISASI_ANGGARAN.value, _Jenis.SPM_PELAYANAN.value, _Jenis.SPM_SASARAN.value]


def columns_of(instansi: Instansi, jenis: str) -> Columns:
    """The office's own header words, else those that come with Capaian. One query."""
    own = ColumnMapping.objects.filter(instansi=instansi, jenis=jenis, nama=NAME).first()
    return {name: (own.columns if own else shipped_columns(jenis)).get(name, []) for name in shipped_columns(jenis)}


def header_key(text: str) -> str:
    """What two header words are compared by: letters and digits only."""
    return re.sub(r"[^a-z0-9]+", "", text.lower())


@audited()
def save_columns(*, by: User | None, tahun_kinerja: TahunKinerja, jenis: str, columns: Columns | None) -> Columns:
    """Store an office's own header words; None gives it back those that come with Capaian.

    Raises `PermissionDenied` for a person without the right, and `MappingRefused` for a word that stands for two
    columns, or a column that the file cannot do without and that would have no word.
    """
    require_right(by, tahun_kinerja, Permission.IMPORT)
    instansi = tahun_kinerja.instansi
    before = dict(columns_of(instansi, jenis))
    mine = ColumnMapping.objects.filter(instansi=instansi, jenis=jenis, nama=NAME)
    if columns is None:
        mine.delete()
    else:
        cleaned = _cleaned(jenis, columns)
        ColumnMapping.objects.update_or_create(instansi=instansi, jenis=jenis, nama=NAME, defaults={"columns": cleaned})
    after = dict(columns_of(instansi, jenis))
    if after != before:
        record_audit(
            by=by,
            action="exchange.save_columns",
            subject=f"pemetaan kolom {jenis}",
            instansi=instansi,
            before=_changed(before, after),
            after=_changed(after, before),
        )
    return after


def _cleaned(jenis: str, columns: Columns) -> dict[str, list[str]]:
    owner: dict[str, str] = {}
    cleaned: dict[str, list[str]] = {}
    for name in shipped_columns(jenis):
        words = list(dict.fromkeys(clean_text(word)[:80].strip() for word in columns.get(name, ())))
        cleaned[name] = [word for word in words if header_key(word)]
        if len(cleaned[name]) > MOST_WORDS:
            raise MappingRefused(f"{LABELS[name]}: paling banyak {MOST_WORDS} judul kolom.")
        for word in cleaned[name]:
            other = owner.setdefault(header_key(word), name)
            if other != name:
                raise MappingRefused(
                    f'Judul "{word}" tertulis untuk dua kolom: {LABELS[other]} dan {LABELS[name]}. Hapus salah satunya.'
                )
    needed = NEEDED.get(jenis, "kode")
    if not cleaned[needed]:
        raise MappingRefused(f"{LABELS[needed]}: tulis sedikitnya satu judul kolom; tanpanya berkas tidak terbaca.")
    return cleaned


def _changed(mine: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    return {name: list(words) for name, words in mine.items() if words != other.get(name)}
