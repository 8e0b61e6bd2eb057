"""Estimates of target groups: the formulas by which an office without a count arrives at a number of persons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Final, Literal

from capaian.rules.numbers import HUNDRED, format_number, with_kernel_digits
from capaian.rules.packs import Pack, load_pack
from capaian.rules.trace import Computed, Step, Trace

Satuan = Literal["orang", "per 1.000 penduduk", "%", "kasus"]
Inputs = Mapping[str, Decimal | None]
_THOUSAND = Decimal(1000)
_ROUNDED = "Orang dihitung utuh: pecahan dibulatkan ke atas, sekali, pada akhir perhitungan (ditafsirkan)."
# The eight groups at risk of HIV by name, in the order of the standard.
HIV: Final = {row["kode"]: row["nama"] for row in load_pack("spm/permenkes_6_2024").rows("kelompok_hiv")}


@dataclass(frozen=True)
class Field:
    """One input of a calculator: what it is called, and in which unit; `is_required` ones must be filled."""

    nama: str
    label: str
    satuan: Satuan
    is_required: bool = True


@dataclass(frozen=True)
class Calculator:
    """One estimate: of which group, from which inputs, by which formula in words."""

    kode: str
    nama: str
    kelompok: str
    rumus: str
    metode: str
    fields: tuple[Field, ...]
    rule: Callable[[Inputs, Pack], Computed]
    catatan: tuple[str, ...] = ()


class SasaranError(ValueError):
    """Inputs that give no estimate; the message names the input, what is wrong with it, and what to fill."""


@with_kernel_digits
def estimate(kode: str, inputs: Inputs, pack: Pack) -> Computed:
    """The number of persons of a group: unrounded, and printed as whole persons rounded up, with the trace.

    `inputs` are by name of `Calculator.fields`, in their units. Errors: SasaranError, in words, for an unknown
    calculator, a missing, negative or impossible input. Source: Permenkes 6/2024; regulations 5.4.
    """
    if kode not in CALCULATORS:
        raise SasaranError(f'Penghitung "{kode}" tidak ada; pilih {", ".join(CALCULATORS)}.')
    calculator = CALCULATORS[kode]
    for field in calculator.fields:
        _check(field, inputs.get(field.nama))
    return calculator.rule(inputs, pack)


def _check(field: Field, value: Decimal | None) -> None:
    if value is None:
        if field.is_required:
            raise SasaranError(f"{field.label} belum diisi ({field.satuan}).")
        return
    if value < 0:
        raise SasaranError(f"{field.label} tidak dapat negatif ({format_number(value)}).")
    if field.satuan == "%" and value > HUNDRED:
        raise SasaranError(
            f"{field.label} diisi dalam persen, paling banyak 100; {format_number(value)} terlalu besar."
        )
    if field.satuan == "per 1.000 penduduk" and value > _THOUSAND:
        raise SasaranError(f"{field.label} diisi per 1.000 penduduk; {format_number(value)} tidak mungkin.")
    if field.satuan in ("orang", "kasus") and value != value.to_integral_value():
        raise SasaranError(f"{field.label} diisi sebagai bilangan bulat; {format_number(value)} bukan bilangan bulat.")


def _births(factor: str, label: str) -> Callable[[Inputs, Pack], Computed]:
    """CBR × population, times a factor of the pack (none for births themselves)."""

    def rule(inputs: Inputs, pack: Pack) -> Computed:
        cbr, people = _given(inputs, "cbr"), _given(inputs, "penduduk")
        times = pack.number(factor) if factor else Decimal(1)
        given = (("CBR per 1.000", format_number(cbr)), ("Penduduk", format_number(people)))
        pairs = (("Faktor", format_number(times)), *given) if factor else given
        formula = "faktor × CBR × penduduk ÷ 1.000" if factor else "CBR × penduduk ÷ 1.000"
        return _result(label, formula, pairs, times * cbr * people / _THOUSAND, pack, factor or "rumus_bayi")

    return rule


def _prevalence(people: str, label: str, words: str) -> Callable[[Inputs, Pack], Computed]:
    def rule(inputs: Inputs, pack: Pack) -> Computed:
        share, total = _given(inputs, "prevalensi"), _given(inputs, people)
        pairs = (("Prevalensi (%)", format_number(share)), (words, format_number(total)))
        value = share * total / HUNDRED
        return _result(label, f"prevalensi × {words.lower()}", pairs, value, pack, "rumus_prevalensi")

    return rule


def _odgj(inputs: Inputs, pack: Pack) -> Computed:
    """The estimate, and whether the exception of two years of maximal effort is open."""
    found = _prevalence("penduduk", "Sasaran ODGJ berat", "Penduduk")(inputs, pack)
    expected = found.tampil or Decimal(0)
    years = [inputs.get("ditemukan_lalu"), inputs.get("ditemukan_dua_lalu")]
    known = [value for value in years if value is not None]
    if len(known) < len(years):
        return found
    if all(value < expected for value in known):
        note = (
            "Dua tahun berturut-turut ditemukan kurang dari perkiraan. Bila upayanya sudah maksimal, kepala daerah "
            "dapat menetapkan target dengan surat ketetapan, disertai justifikasi dan data epidemiologis yang sahih."
        )
    else:
        note = "Pengecualian tidak berlaku: tidak pada kedua tahun ditemukan kurang dari perkiraan."
    step = Step(
        "Pengecualian dua tahun",
        "ditemukan < perkiraan pada dua tahun berturut-turut",
        tuple(zip(("Tahun lalu", "Dua tahun lalu"), (format_number(value) for value in known), strict=True)),
        "terbuka" if all(value < expected for value in known) else "tidak berlaku",
        pack.citation("odgj_tahun_pengecualian"),
    )
    return Computed(found.nilai, found.tampil, (*found.catatan, note), found.trace + Trace((step,)))


def _terduga_tb(inputs: Inputs, pack: Pack) -> Computed:
    """From the target of cases to be found, or from the estimated cases of which a share is the target."""
    target, cases = inputs.get("target_penemuan"), inputs.get("estimasi_kasus")
    steps: tuple[Step, ...] = ()
    if target is None:
        if cases is None:
            raise SasaranError("Isi target penemuan TBC, atau estimasi kasus TBC sebagai dasarnya.")
        share = pack.number("tb_target")
        target = cases * share
        pairs = (("Estimasi kasus", format_number(cases)), ("Target", f"{format_number(share * HUNDRED)} %"))
        steps = (
            Step(
                "Target penemuan TBC",
                "estimasi kasus × target",
                pairs,
                format_number(target),
                pack.citation("tb_target"),
            ),
        )
    confirmed, examined = pack.number("tb_konfirmasi"), pack.number("tb_terperiksa")
    inputs_ = (
        ("Target penemuan", format_number(target)),
        ("Indeks konfirmasi bakteriologis", f"{format_number(confirmed * HUNDRED)} %"),
        ("Terperiksa per kasus", format_number(examined)),
    )
    found = _result(
        "Sasaran terduga TBC",
        "target penemuan × 54 % × 10",
        inputs_,
        target * confirmed * examined,
        pack,
        "tb_konfirmasi",
    )
    note = "Tanda sebelum 54 % tidak terbaca pada salinan; dibaca ×. Dibaca ÷ hasilnya 3,4 kali lebih besar."
    return Computed(found.nilai, found.tampil, (*found.catatan, note), Trace(steps) + found.trace)


def _risiko_hiv(inputs: Inputs, pack: Pack) -> Computed:
    given = {name: value for name in HIV if (value := inputs.get(name)) is not None}
    if not given:
        raise SasaranError("Belum ada satu pun dari delapan kelompok yang diisi.")
    missing = [HIV[name] for name in HIV if name not in given]
    notes = (f"Belum diisi: {', '.join(missing)}; jumlahnya belum lengkap.",) if missing else ()
    pairs = tuple((HIV[name], format_number(value)) for name, value in given.items())
    found = _result(
        "Sasaran risiko HIV",
        "jumlah delapan kelompok",
        pairs,
        sum(given.values(), Decimal(0)),
        pack,
        "kelompok_hiv",
    )
    twice = "Orang yang termasuk dua kelompok terhitung dua kali bila jumlahnya hanya dijumlahkan."
    return Computed(found.nilai, found.tampil, (*notes, twice), found.trace)


def _given(inputs: Inputs, name: str) -> Decimal:
    value = inputs.get(name)
    if value is None:
        raise SasaranError(f"Masukan {name} belum diisi.")
    return value


def _result(
    label: str, formula: str, pairs: tuple[tuple[str, str], ...], value: Decimal, pack: Pack, cited: str
) -> Computed:
    shown = value.to_integral_value(ROUND_CEILING)
    note = "" if shown == value else f"{format_number(value, 2)} dibulatkan ke atas. {_ROUNDED}"
    step = Step(label, formula, pairs, f"{format_number(shown)} orang", pack.citation(cited), note)
    return Computed(value, shown, (), Trace((step,)))


_CBR = Field("cbr", "Angka kelahiran kasar (CBR)", "per 1.000 penduduk")
_PEOPLE = Field("penduduk", "Jumlah penduduk", "orang")
_ADULTS = Field("penduduk_15_atas", "Penduduk usia 15 tahun ke atas", "orang")
_SHARE = Field("prevalensi", "Prevalensi kabupaten/kota", "%")
_ALL: Final = (
    Calculator(
        "ibu_hamil",
        "Sasaran ibu hamil",
        "ibu_hamil",
        "1,10 × CBR × penduduk",
        "proyeksi",
        (_CBR, _PEOPLE),
        _births("faktor_bumil", "Sasaran ibu hamil"),
    ),
    Calculator(
        "ibu_bersalin",
        "Sasaran ibu bersalin",
        "ibu_bersalin",
        "1,05 × CBR × penduduk",
        "proyeksi",
        (_CBR, _PEOPLE),
        _births("faktor_bulin", "Sasaran ibu bersalin"),
    ),
    Calculator(
        "bayi_baru_lahir",
        "Sasaran bayi baru lahir",
        "bayi_baru_lahir",
        "CBR × penduduk",
        "proyeksi",
        (_CBR, _PEOPLE),
        _births("", "Sasaran bayi baru lahir"),
    ),
    Calculator(
        "hipertensi",
        "Sasaran hipertensi",
        "hipertensi",
        "prevalensi × penduduk 15 tahun ke atas",
        "survei",
        (_SHARE, _ADULTS),
        _prevalence("penduduk_15_atas", "Sasaran hipertensi", "Penduduk 15 tahun ke atas"),
    ),
    Calculator(
        "diabetes_melitus",
        "Sasaran diabetes melitus",
        "diabetes_melitus",
        "prevalensi × penduduk 15 tahun ke atas",
        "survei",
        (_SHARE, _ADULTS),
        _prevalence("penduduk_15_atas", "Sasaran diabetes melitus", "Penduduk 15 tahun ke atas"),
    ),
    Calculator(
        "odgj_berat",
        "Sasaran ODGJ berat",
        "odgj_berat",
        "prevalensi × penduduk, dengan pengecualian dua tahun",
        "survei",
        (
            _SHARE,
            _PEOPLE,
            Field("ditemukan_lalu", "ODGJ berat ditemukan tahun lalu", "orang", False),
            Field("ditemukan_dua_lalu", "ODGJ berat ditemukan dua tahun lalu", "orang", False),
        ),
        _odgj,
    ),
    Calculator(
        "terduga_tb",
        "Sasaran terduga TBC",
        "terduga_tb",
        "target penemuan × 54 % × 10",
        "proyeksi",
        (
            Field("target_penemuan", "Target penemuan TBC", "kasus", False),
            Field("estimasi_kasus", "Estimasi kasus TBC (bila target belum ada)", "kasus", False),
        ),
        _terduga_tb,
    ),
    Calculator(
        "risiko_hiv",
        "Sasaran risiko terinfeksi HIV",
        "risiko_hiv",
        "jumlah delapan kelompok",
        "riil",
        tuple(Field(name, label, "orang", False) for name, label in HIV.items()),
        _risiko_hiv,
    ),
)
CALCULATORS: Final[Mapping[str, Calculator]] = {one.kode: one for one in _ALL}
