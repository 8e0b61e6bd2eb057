"""Between the calculators of `rules` and the stored sasaran: texts to inputs, results to rows, and back again."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.rules.numbers import NumberFormatError, format_number, parse_number
from capaian.rules.packs import Pack, load_pack
from capaian.rules.spm.sasaran import CALCULATORS, Calculator, SasaranError, estimate
from capaian.rules.trace import Computed
from capaian.spm.actions import SasaranInput
from capaian.spm.models import SasaranSpm
from capaian.spm.queries import SpmRules, used_sasaran
from capaian.spm.typed import MAX_PERSONS, TypedRefused, read_date, read_persons
from capaian.workflow.checks import clean_text

Inputs = Mapping[str, Decimal | None]
_WHOLE = ("orang", "kasus")
# The factors of the estimates stand in this pack; the older standard gives none, and they are no older than it.
_FACTORS = "spm/permenkes_6_2024"
_EXCEPTION = "odgj_tahun_pengecualian"


def pack_of(rules: SpmRules) -> Pack:
    """The pack with the factors of the estimates."""
    own = rules.standar.pack
    return own if own.has(_EXCEPTION) else load_pack(_FACTORS)


def offered(calculator: Calculator, inputs: Inputs, rules: SpmRules) -> Computed:
    """The estimate. Raises `SasaranError`, in words."""
    return estimate(calculator.kode, inputs, pack_of(rules))


def read_inputs(calculator: Calculator, texts: Mapping[str, str]) -> tuple[dict[str, Decimal | None], dict[str, str]]:
    """What was typed as numbers by name, and by name what of it cannot be read, in words."""
    inputs: dict[str, Decimal | None] = {}
    errors: dict[str, str] = {}
    for one in calculator.fields:
        text = clean_text(texts.get(one.nama, ""))
        try:
            if one.satuan in _WHOLE:
                persons = read_persons(text, one.label)
                inputs[one.nama] = None if persons is None else Decimal(persons)
            else:
                inputs[one.nama] = parse_number(text) if text else None
        except (TypedRefused, NumberFormatError) as error:
            errors[one.nama] = str(error)
    return inputs, errors


def exception_is_open(hasil: Computed) -> bool:
    """Whether two years of maximal effort let a decree replace the estimate: the rule says so in its last step."""
    step = hasil.trace.steps[-1]
    return step.label == "Pengecualian dua tahun" and step.result == "terbuka"


def to_store(calculator: Calculator, inputs: Inputs, hasil: Computed | None, posted: Mapping[str, str]) -> SasaranInput:
    """The statement to keep: the estimate with its inputs, or under the exception what a decree sets instead.

    Raises `TypedRefused` for a decree without its number or justification, or where the exception is not open.
    """
    if hasil is None or hasil.tampil is None:
        raise TypedRefused("Perkiraan belum ada; lengkapi masukannya, lalu hitung lagi.")
    if hasil.tampil > MAX_PERSONS:
        raise TypedRefused(f"Hasil {format_number(hasil.tampil)} terlalu besar untuk sasaran; periksa masukannya.")
    decreed = read_persons(posted.get("ditetapkan", ""), "Target yang ditetapkan")
    note = clean_text(posted.get("justifikasi", ""))
    if decreed is not None:
        _check_decree(hasil, decreed, note, clean_text(posted.get("nomor_keputusan", "")))
    return SasaranInput(
        kelompok=calculator.kelompok,
        jumlah=int(hasil.tampil) if decreed is None else decreed,
        metode=posted.get("metode", "") if decreed is None else SasaranSpm.Metode.PENETAPAN.value,
        sumber=posted.get("sumber", ""),
        nomor_keputusan=posted.get("nomor_keputusan", ""),
        tanggal_keputusan=read_date(posted.get("tanggal_keputusan", ""), "Tanggal keputusan"),
        keterangan="" if decreed is None else f"Justifikasi: {note}",
        rumus={
            "kode": calculator.kode,
            "masukan": {name: str(value) for name, value in inputs.items() if value is not None},
        },
    )


def _check_decree(hasil: Computed, decreed: int, note: str, number: str) -> None:
    if not exception_is_open(hasil):
        raise TypedRefused(
            "Target lain daripada perkiraan hanya dapat ditetapkan bila dua tahun berturut-turut ditemukan kurang dari "
            "perkiraan. Isi jumlah yang ditemukan pada kedua tahun, atau kosongkan target yang ditetapkan."
        )
    if hasil.tampil is not None and decreed > hasil.tampil:
        raise TypedRefused("Target yang ditetapkan melebihi perkiraan; pengecualian hanya untuk yang lebih kecil.")
    missing = [what for what, text in (("nomor keputusan", number), ("justifikasi", note)) if not text]
    if missing:
        raise TypedRefused(
            f"Pengecualian memerlukan {' dan '.join(missing)} (Permenkes 6/2024: surat ketetapan kepala daerah dengan "
            "justifikasi dan data epidemiologis). Isi, lalu simpan lagi."
        )


def remembered(calculator: Calculator, tahun_kinerja: TahunKinerja, unit: UnitKerja | None) -> dict[str, str]:
    """The inputs that gave the last estimate here, else what is stated of groups of the same name. Two queries."""
    rows = SasaranSpm.objects.filter(
        tahun_kinerja=tahun_kinerja, unit=unit, wilayah=None, kelompok=calculator.kelompok
    ).order_by("-pk")
    known: Mapping[str, Any] = next((row.rumus for row in rows if row.rumus.get("kode") == calculator.kode), {})
    stated = used_sasaran(tahun_kinerja, [unit]).get(unit.pk if unit else None, {})
    found = {}
    for one in calculator.fields:
        value = known.get("masukan", {}).get(one.nama) if known else stated.get(one.nama)
        found[one.nama] = "" if value is None or one.nama == calculator.kelompok else _shown(str(value))
    return found


def recomputed(row: SasaranSpm, rules: SpmRules) -> Computed | None:
    """The estimate that a stored sasaran came from, made again of its inputs; None where it came from none."""
    calculator = CALCULATORS.get(row.rumus.get("kode", ""))
    if calculator is None:
        return None
    stored = row.rumus.get("masukan", {})
    inputs = {one.nama: Decimal(stored[one.nama]) if one.nama in stored else None for one in calculator.fields}
    try:
        return offered(calculator, inputs, rules)
    except SasaranError:
        return None


def _shown(value: str) -> str:
    return format_number(Decimal(value))
