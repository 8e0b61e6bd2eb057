"""What is doubtful about a target: sign against direction, unit against factor, a denominator that is the numerator."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby

from capaian.rules.instrumen.model import Butir, Instrumen
from capaian.rules.instrumen.temuan import Temuan, found
from capaian.rules.numbers import HUNDRED, format_number
from capaian.rules.target import BoundTarget, DurationTarget, EmptyTarget, NumberTarget, Target, parse_target
from capaian.rules.target_forms import OPERATOR_SIGNS

# What a name says about the better direction: a service that somebody gets outweighs the disease that it names.
_SERVICE = re.compile(
    r"mendapat|menerima|melaksana|menerap|menjalin|mengkonsumsi|menyelesaikan|memiliki|mengetahui|memperoleh|memenuhi"
    r"|s[ck]r[ei]+ning|ditangani|penanganan|pengobatan|pelayanan|dilayani|entri|deteksi|kesembuhan|keberhasilan"
    r"|penemuan|notifikasi|tanpa cacat|tepat waktu|terkontrol|terkendali|naik berat|rasional|kelengkapan"
    r"|ketersediaan|kepatuhan|kesesuaian|bebas jentik|minum obat|dikonsul|verifikasi|sesuai standar",
    re.I,
)
_HARM = re.compile(
    r"kematian|kesakitan|prevalensi|gizi buruk|stunting|wasting|berat badan lahir rendah|berat badan kurang"
    r"|\banemia\b|bumil kek|drop out|rujukan non|gigitan hewan|lama waktu",
    re.I,
)
_RATE = re.compile(r"(?:per|/)\s*([0-9][0-9.]*)\s*(rb|ribu)?\b", re.I)
# The base of a rate of deaths in national statistics [Profil Kesehatan]: mothers by 100,000, children by 1,000 births.
_USUAL_RATE = ((r"kematian ibu", Decimal(100000)), (r"kematian (?:bayi|balita|neonat)", Decimal(1000)))


def target_rules(instrumen: Instrumen) -> Iterator[Temuan]:
    """The findings about the targets, directions and units of every item."""
    for item in instrumen.items.values():
        target = _read(item)
        if item.penilaian == "capaian":
            yield from _empty_or_zero(instrumen, item, target)
            yield from _direction(instrumen, item, target)
        yield from _units(instrumen, item, target)
    yield from _without_target(instrumen)
    yield from _without_reason(instrumen)


def _read(item: Butir) -> Target | None:
    try:
        return parse_target(item.target)
    except ValueError:
        return None


def _empty_or_zero(instrumen: Instrumen, item: Butir, target: Target | None) -> Iterator[Temuan]:
    if isinstance(target, EmptyTarget):
        yield found(
            instrumen, item, "target_kosong", "material",
            "Butir dinilai menurut target, tetapi targetnya tidak ada; jawabannya tidak pernah bernilai.",
            "Tetapkan targetnya, atau nilai butir ini dengan pilihan.",
        )  # fmt: skip
    if not isinstance(target, NumberTarget):
        return
    if target.value == 0 and item.arah == "naik":
        yield found(
            instrumen, item, "target_nol", "material",
            "Target 0 pada butir yang makin tinggi makin baik: capaiannya tidak terdefinisi.",
            "Betulkan arah atau target.",
        )  # fmt: skip
    if item.masukan == "pembilang_penyebut" and item.pengali == HUNDRED and target.value > HUNDRED:
        yield found(
            instrumen, item, "target_melebihi", "material",
            f'Target "{item.target}" melebihi 100 %, padahal yang dihitung bagian dari sasaran.',
            "Betulkan target atau satuannya.",
        )  # fmt: skip


def _direction(instrumen: Instrumen, item: Butir, target: Target | None) -> Iterator[Temuan]:
    if isinstance(target, BoundTarget | DurationTarget):
        of_sign = "turun" if target.operator in ("<=", "<") else "naik"
        if of_sign != item.arah:
            yield found(
                instrumen, item, "tanda_berlawanan", "material",
                f'Tanda {OPERATOR_SIGNS[target.operator]} pada target "{item.target}" berarti makin '
                f"{_BETTER[of_sign]} makin baik, sedangkan arahnya {item.arah}; tandanya yang dipakai.",
                "Tetapkan mana yang dimaksud; ubah target dengan alasan, jangan diam-diam.",
            )  # fmt: skip
    usual = usual_arah(item.nama)
    if usual and item.arah in _BETTER and usual != item.arah:
        yield found(
            instrumen, item, "arah_tidak_lazim", "material",
            f'Menurut nama, makin {_BETTER[usual]} makin baik, sedangkan arahnya {item.arah}, target "{item.target}".',
            "Periksa target dan arah; bila memang demikian, tulis alasannya.",
        )  # fmt: skip


_BETTER = {"naik": "tinggi", "turun": "rendah"}


def usual_arah(nama: str) -> str:
    """The direction that the name of an indicator suggests, `naik` or `turun`; empty where it suggests none."""
    if _SERVICE.search(nama):
        return "naik"
    return "turun" if _HARM.search(nama) else ""


def _units(instrumen: Instrumen, item: Butir, target: Target | None) -> Iterator[Temuan]:
    factor = _factor(item.satuan)
    if item.masukan == "pembilang_penyebut" and factor is not None and factor != item.pengali:
        yield found(
            instrumen, item, "satuan_pengali", "material",
            f'Satuan "{item.satuan}" meminta pengali {format_number(factor)}, sedangkan pengalinya '
            f"{format_number(item.pengali)}.",
            "Samakan pengali dengan satuan.",
        )  # fmt: skip
    stated = _factor(_unit_of(target))
    if stated is not None and item.satuan.strip() and stated != factor:
        yield found(
            instrumen, item, "satuan_target", "minor",
            f'Target "{item.target}" dan satuan "{item.satuan}" berbeda satuan.',
            "Tetapkan satu satuan; yang dihitung mengikuti pengali.",
        )  # fmt: skip
    for pattern, usual in _USUAL_RATE:
        if factor is not None and re.search(pattern, item.nama, re.I) and factor not in (usual, HUNDRED):
            yield found(
                instrumen, item, "satuan_tidak_lazim", "material",
                f'Satuan "{item.satuan}", padahal lazimnya per {format_number(usual)}; targetnya '
                f"{item.target} terbaca sangat berbeda.",
                "Periksa satuan tercetak; sampai dibetulkan, dihitung seperti tercetak.",
            )  # fmt: skip
    if item.masukan == "pembilang_penyebut":
        yield from _denominator(instrumen, item)


def _factor(unit: str) -> Decimal | None:
    """What a unit multiplies numerator ÷ denominator by; None where it is no share or rate."""
    body = unit.strip()
    if body == "%" or body.startswith("%"):
        return HUNDRED
    if body.startswith("‰"):
        return Decimal(1000)
    rate = _RATE.search(body)
    if rate is None:
        return None
    digits = rate[1].replace(".", "")
    return Decimal(digits) * (1000 if rate[2] else 1)


def _unit_of(target: Target | None) -> str:
    if not isinstance(target, NumberTarget | BoundTarget):
        return ""
    return f"per {target.basis}" if target.basis else target.unit


# Words that say what is measured of a group, and not which group.
_FILLER = {
    "cakupan", "persentase", "prosentase", "presentase", "presentasu", "proporsi", "rasio", "angka", "jumlah", "dengan",
    "yang", "dan", "pada", "di", "dari", "untuk",
}  # fmt: skip
_SCREENING = re.compile(r"deteksi|s[ck]r[ei]+ning", re.I)
# Which people a short name of a service stands for.
_KNOWN = (
    (re.compile(r"\bK[146]\b"), re.compile(r"ibu|bumil", re.I), "ibu hamil"),
    (re.compile(r"\bKN ?[123]\b"), re.compile(r"neonat|bayi", re.I), "neonatus"),
    (re.compile(r"\bKF ?[1-4]\b"), re.compile(r"nifas|bersalin", re.I), "ibu nifas"),
)


def _denominator(instrumen: Instrumen, item: Butir) -> Iterator[Temuan]:
    named, counted = _stems(item.nama), _stems(item.sasaran)
    if named and named <= counted:
        yield found(
            instrumen, item, "sasaran_pembilang", "material",
            f'Sasaran "{item.sasaran}" adalah yang dihitung oleh indikator ini sendiri; bagiannya selalu semua.',
            "Tetapkan penyebut yang benar; sampai itu, isi penyebut yang lazim dan catat.",
        )  # fmt: skip
    for name, people, words in _KNOWN:
        if item.sasaran and name.search(item.nama) and not people.search(item.sasaran):
            yield found(
                instrumen, item, "sasaran_lain", "material",
                f'Sasaran "{item.sasaran}", padahal pelayanan ini untuk {words}.',
                f"Isi jumlah {words} sebagai penyebut, dan catat bahwa sasaran tercetak keliru.",
            )  # fmt: skip
    if _SCREENING.search(item.nama) and re.search(r"penderita", item.sasaran, re.I):
        yield found(
            instrumen, item, "sasaran_lain", "material",
            f'Sasaran "{item.sasaran}", padahal deteksi dini ditujukan kepada yang belum diketahui sakit.',
            "Isi jumlah penduduk yang harus diskrining sebagai penyebut, dan catat.",
        )  # fmt: skip
    of_name, of_sasaran = _classes(item.nama), _classes(item.sasaran)
    if of_name and of_sasaran and not of_name <= of_sasaran:
        yield found(
            instrumen, item, "sasaran_lain", "material",
            f'Nama menyebut kelas {_list(of_name)}, sasarannya "{item.sasaran}".',
            "Tetapkan kelas yang dimaksud; sampai itu, ikuti nama indikator.",
        )  # fmt: skip


def _stems(text: str) -> set[str]:
    """The words that name a group, without the passive `di-` and the ending `-an` (dirujuk, rujukan)."""
    words = re.findall(r"[a-z]+", re.sub(r"\([^)]*\)", " ", text.lower()))
    return {re.sub(r"^di(?=[^aiueo])|an$", "", word) for word in words if word not in _FILLER}


def _classes(text: str) -> set[int]:
    """The school classes that a text names."""
    after = re.search(r"kelas(.*)", text, re.I | re.S)
    if after is None:
        return set()
    found_numbers: set[int] = set()
    for low, high in re.findall(r"(\d{1,2})(?:\s*-\s*(\d{1,2}))?", after[1]):
        found_numbers |= set(range(int(low), int(high or low) + 1))
    return found_numbers


def _list(numbers: set[int]) -> str:
    return " dan ".join(str(one) for one in sorted(numbers))


def _without_target(instrumen: Instrumen) -> Iterator[Temuan]:
    """Items that are judged by choices or bands although no target is printed; one finding for each group."""
    rows = [one for one in instrumen.items.values() if one.penilaian != "capaian" and not one.target.strip()]
    for parent, members in groupby(rows, lambda one: instrumen.parents[one.kode]):
        group, items = instrumen.groups[parent], list(members)
        if instrumen.keluarga == "lke" or (group.is_item and group.catatan):
            continue
        yield found(
            instrumen, group, "tanpa_target", "minor",
            f"{len(items)} butir tanpa target tercetak ({', '.join(one.nomor or one.kode for one in items)}); "
            "pilihan terbaik dibaca sebagai target.",
            "Cetak targetnya pada versi berikut.",
        )  # fmt: skip


def _without_reason(instrumen: Instrumen) -> Iterator[Temuan]:
    rows = [one for one in instrumen.items.values() if one.penilaian == "capaian" and not one.alasan_arah.strip()]
    if rows:
        yield found(
            instrumen, instrumen.akar, "alasan_arah", "minor",
            f"{len(rows)} butir berarah tanpa alasan, yang pertama {rows[0].nama}.",
            "Tulis dari mana arahnya: tanda pada target, atau sifat indikatornya.",
        )  # fmt: skip
