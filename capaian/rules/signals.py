"""Signals for a verifier: what stands out in the figures of a year, each put as a question and never as a verdict.

No regulation fixes these thresholds. They are ours, in one place (`Policy`), each with its reason; a figure that one
of them points at may well be right, and a figure that none points at may be wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from capaian.rules.capaian_forms import Arah
from capaian.rules.numbers import HUNDRED, divide, format_number, format_percent, with_kernel_digits
from capaian.rules.periods import BULAN, ROMAN, Period
from capaian.rules.trace import Citation, Step, Trace

TARGET_LOWERED: Final = "target_diturunkan"
EQUAL_QUARTERS: Final = "triwulan_sama"
REALISASI_IS_TARGET: Final = "realisasi_sama_target"
JUMP: Final = "lonjakan"
LATE_BUKTI: Final = "bukti_sesudah_periode"
SPENT_NOT_REACHED: Final = "serapan_tinggi_capaian_rendah"
REACHED_NOT_SPENT: Final = "capaian_penuh_serapan_rendah"
TITLES: Final = {
    TARGET_LOWERED: "Target diringankan setelah capaian rendah",
    EQUAL_QUARTERS: "Realisasi beberapa triwulan persis sama",
    REALISASI_IS_TARGET: "Realisasi hampir semuanya sama dengan target",
    JUMP: "Nilai jauh dari nilai-nilai sebelumnya",
    LATE_BUKTI: "Bukti dukung bertanggal sesudah periode",
    SPENT_NOT_REACHED: "Anggaran terserap, kinerja rendah",
    REACHED_NOT_SPENT: "Kinerja penuh, anggaran sedikit terserap",
}


@dataclass(frozen=True)
class Policy:
    """The thresholds; percentages in percent. Why each is what it is stands in `REASONS`."""

    low_capaian: Decimal = Decimal(70)
    equal_quarters: int = 3
    equal_share: Decimal = Decimal(90)
    equal_count: int = 5
    jump: Decimal = Decimal(3)
    jump_history: int = 3
    small_count: Decimal = Decimal(10)
    high_serapan: Decimal = Decimal(90)
    full_capaian: Decimal = Decimal(100)
    low_serapan: Decimal = Decimal(50)


DEFAULT_POLICY: Final = Policy()
_OURS = "Tidak ada peraturan yang menetapkan ambang ini."
REASONS: Final = {
    name: Citation("Kebijakan sinyal Capaian", place, "ditafsirkan", f"{_OURS} {note}")
    for name, place, note in (
        ("low_capaian", "capaian rendah", "70 dari judul Tabel 3.10 dan 3.11 LKIP Balangan 2024."),
        ("equal_quarters", "triwulan yang sama", "Dua yang sama sering kebetulan; tiga jarang."),
        ("equal_share", "bagian realisasi = target", "LKIP 2024 yang diperiksa tidak mencapainya."),
        ("equal_count", "angka paling sedikit", "Di bawah lima angka, kebetulan tidak dapat disisihkan."),
        ("jump", "kelipatan dari median", "Tiga kali lipat, ke atas atau ke bawah."),
        ("jump_history", "nilai sebelumnya paling sedikit", "Median dari kurang dari tiga nilai belum berarti."),
        ("small_count", "hitungan kecil", "Hitungan di bawah sepuluh wajar berulang dan berlipat."),
        ("high_serapan", "serapan tinggi", "90 menangkap Tabel 3.10 nomor 3 LKIP Balangan 2024 (93,8 dan 17,14)."),
        ("full_capaian", "capaian penuh", "Semua indikator mencapai targetnya."),
        ("low_serapan", "serapan rendah", "Setengah pagu; Tabel 3.11 LKIP Balangan 2024 memuat enam yang demikian."),
    )
}


@dataclass(frozen=True)
class Question:
    """What stands out, as a question: its kind, the figures it is about, the sentence, and how it came about."""

    kode: str
    subjects: tuple[str, ...]
    sentence: str
    inputs: tuple[tuple[str, str], ...]
    trace: Trace

    @property
    def subject(self) -> str:
        """The figure that an answer is written to."""
        return self.subjects[0]


@dataclass(frozen=True)
class TargetChange:
    """A target before and after a change of plan; `at` the day of the change, None where no document states it.

    `quarters` are the capaian up to each quarter, as (quarter, percent).
    """

    subject: str
    nama: str
    arah: Arah
    before: Decimal
    after: Decimal
    at: date | None
    quarters: Sequence[tuple[int, Decimal | None]]
    tahun: int


@dataclass(frozen=True)
class Series:
    """The values of a figure by quarter, in order; None where a quarter is empty."""

    subject: str
    nama: str
    values: Sequence[Decimal | None]
    is_sum: bool = False


@dataclass(frozen=True)
class History:
    """A value and the values of the periods before it, oldest first, each with the name of its period."""

    subject: str
    nama: str
    label: str
    value: Decimal
    earlier: Sequence[tuple[str, Decimal]]


@dataclass(frozen=True)
class Pair:
    """A realisasi beside its target."""

    subject: str
    target: Decimal
    realisasi: Decimal


@dataclass(frozen=True)
class DatedBukti:
    """A piece of evidence with its own date and the last day of the period that it is to prove."""

    subject: str
    nama: str
    bukti: str
    tanggal: date
    period_end: date


@dataclass(frozen=True)
class Money:
    """A node with its serapan and the capaian of its indicators, all in percent."""

    subject: str
    nama: str
    serapan: Decimal
    capaian: Sequence[tuple[str, Decimal]]


def ask_lowered_target(change: TargetChange, policy: Policy = DEFAULT_POLICY) -> Question | None:
    """Ask about a target made easier after a quarter of low capaian; before the day of the change where it is known.

    Easier is lower where higher is better, and higher where lower is better. Errors: none. Source: `REASONS`.
    """
    is_easier = change.after < change.before if change.arah == "naik" else change.after > change.before
    known = [(number, value) for number, value in change.quarters if value is not None]
    low = [
        (number, value)
        for number, value in known
        if value < policy.low_capaian and (change.at is None or _end_of(change.tahun, number) < change.at)
    ]
    if not is_easier or not low:
        return None
    number, value = min(low, key=lambda pair: pair[1])
    inputs = (
        ("Target semula", format_number(change.before)),
        ("Target sekarang", format_number(change.after)),
        (f"Capaian sampai triwulan {ROMAN[number - 1]}", format_percent(value)),
    )
    sentence = (
        f"Mengapa target {change.nama} diubah dari {format_number(change.before)} menjadi "
        f"{format_number(change.after)} padahal capaian sampai triwulan {ROMAN[number - 1]} baru "
        f"{format_percent(value)}? Apa dasar perubahannya?"
    )
    formula = f"target lebih ringan, dan capaian suatu triwulan < {format_percent(policy.low_capaian, 0)}"
    return _question(TARGET_LOWERED, (change.subject,), sentence, inputs, formula, "low_capaian")


def ask_equal_quarters(series: Series, policy: Policy = DEFAULT_POLICY) -> Question | None:
    """Ask about the same value in several quarters.

    0 and 100 are ends that many figures rightly stay at. A whole number that is not added up is a level (how many
    Puskesmas there are) and rightly stays as well; a small count repeats by chance. Errors: none. Source: `REASONS`.
    """
    known = [(number, value) for number, value in enumerate(series.values, start=1) if value is not None]
    for value in dict.fromkeys(value for _, value in known):
        same = [number for number, other in known if other == value]
        if len(same) >= policy.equal_quarters and not _is_plain(value, series.is_sum, policy):
            names = _list([ROMAN[number - 1] for number in same])
            sentence = (
                f"Apakah realisasi {series.nama} pada triwulan {names} memang persis sama, {format_number(value)}, "
                "atau disalin dari triwulan sebelumnya?"
            )
            inputs = tuple((f"Triwulan {ROMAN[number - 1]}", format_number(other)) for number, other in known)
            formula = f"{policy.equal_quarters} triwulan atau lebih bernilai sama"
            return _question(EQUAL_QUARTERS, (series.subject,), sentence, inputs, formula, "equal_quarters")
    return None


@with_kernel_digits
def ask_realisasi_is_target(
    subject: str, nama: str, pairs: Sequence[Pair], policy: Policy = DEFAULT_POLICY
) -> Question | None:
    """Ask about a unit nearly all of whose figures are exactly their targets.

    Targets of 0 and 100 are not counted: reaching such an end exactly is what they are for. Errors: none.
    Source: `REASONS`.
    """
    counted = [pair for pair in pairs if pair.target not in (0, HUNDRED)]
    same = [pair for pair in counted if pair.target == pair.realisasi]
    if len(counted) < policy.equal_count or len(same) * HUNDRED < policy.equal_share * len(counted):
        return None
    share = divide(Decimal(len(same)) * HUNDRED, Decimal(len(counted)))
    sentence = (
        f"Bagaimana realisasi {nama} diukur, sehingga {len(same)} dari {len(counted)} angka "
        f"({format_percent(share, 0)}) persis sama dengan targetnya?"
    )
    inputs = (
        ("Angka yang dihitung", str(len(counted))),
        ("Persis sama dengan target", str(len(same))),
        ("Tidak dihitung: target 0 atau 100", str(len(pairs) - len(counted))),
    )
    formula = f"sama ÷ dihitung ≥ {format_percent(policy.equal_share, 0)}, dari {policy.equal_count} angka atau lebih"
    subjects = (subject, *(pair.subject for pair in same))
    return _question(REALISASI_IS_TARGET, subjects, sentence, inputs, formula, "equal_share")


def ask_jump(history: History, policy: Policy = DEFAULT_POLICY) -> Question | None:
    """Ask about a value that is a multiple, or a fraction, of the median of the values before it.

    Units: those of the values. Values and medians under `small_count` are small counts and may double by chance; a
    median of zero or less gives no multiple. Errors: none. Source: `REASONS`.
    """
    if len(history.earlier) < policy.jump_history:
        return None
    middle = median([value for _, value in history.earlier])
    if middle <= 0 or max(middle, history.value) < policy.small_count:
        return None
    if history.value > policy.jump * middle:
        direction = f"lebih dari {format_number(policy.jump)} kali"
    elif history.value * policy.jump < middle:
        direction = f"kurang dari seper-{format_number(policy.jump)}"
    else:
        return None
    sentence = (
        f"Apa penyebab {history.nama} pada {history.label} bernilai {format_number(history.value)}, {direction} "
        f"median nilai-nilai sebelumnya ({format_number(middle)})?"
    )
    inputs = (
        *((label, format_number(value)) for label, value in history.earlier),
        ("Median sebelumnya", format_number(middle)),
        (history.label, format_number(history.value)),
    )
    formula = f"nilai > k × median atau nilai < median ÷ k, k = {format_number(policy.jump)}"
    return _question(JUMP, (history.subject,), sentence, inputs, formula, "jump")


def ask_late_bukti(found: Sequence[DatedBukti]) -> Question | None:
    """Ask, once for a figure, about evidence dated after the end of the period. Errors: none. Source: usage."""
    late = [one for one in found if one.tanggal > one.period_end]
    if not late:
        return None
    names = _list([f'"{one.bukti}" ({_day(one.tanggal)})' for one in late])
    sentence = (
        f"Apakah bukti dukung {late[0].nama} yang bertanggal sesudah periode berakhir ({_day(late[0].period_end)}), "
        f"yaitu {names}, memang membuktikan keadaan dalam periode itu?"
    )
    inputs = (("Akhir periode", _day(late[0].period_end)), *((one.bukti, _day(one.tanggal)) for one in late))
    citation = Citation(
        "Kebijakan sinyal Capaian", "tanggal bukti dukung", "ditafsirkan", f"{_OURS} Rekap akhir wajar terbit kemudian."
    )
    step = Step(TITLES[LATE_BUKTI], "tanggal bukti > akhir periode", inputs, "ditanyakan", citation)
    return Question(LATE_BUKTI, (late[0].subject,), sentence, inputs, Trace((step,)))


def ask_money(money: Money, policy: Policy = DEFAULT_POLICY) -> Question | None:
    """Ask about money spent without the result, or a result without the money, on one node.

    The first where an indicator is low, the second where all are full. Errors: none. Source: `REASONS`.
    """
    if not money.capaian:
        return None
    nama, lowest = min(money.capaian, key=lambda pair: pair[1])
    inputs = (
        ("Serapan", format_percent(money.serapan)),
        *((name, format_percent(value)) for name, value in money.capaian),
    )
    if money.serapan >= policy.high_serapan and lowest < policy.low_capaian:
        sentence = (
            f"Untuk apa anggaran {money.nama} terpakai ({format_percent(money.serapan)}), sedangkan capaian {nama} "
            f"baru {format_percent(lowest)}?"
        )
        formula = (
            f"serapan ≥ {format_percent(policy.high_serapan, 0)} dan capaian < {format_percent(policy.low_capaian, 0)}"
        )
        return _question(SPENT_NOT_REACHED, (money.subject,), sentence, inputs, formula, "high_serapan")
    if money.serapan < policy.low_serapan and lowest >= policy.full_capaian:
        sentence = (
            f"Bagaimana {money.nama} mencapai seluruh targetnya dengan {format_percent(money.serapan)} anggarannya? "
            "Dari sumber lain, pagu terlalu besar, atau realisasi belum lengkap?"
        )
        formula = (
            f"serapan < {format_percent(policy.low_serapan, 0)} dan semua capaian ≥ "
            f"{format_percent(policy.full_capaian, 0)}"
        )
        return _question(REACHED_NOT_SPENT, (money.subject,), sentence, inputs, formula, "low_serapan")
    return None


@with_kernel_digits
def median(values: Iterable[Decimal]) -> Decimal:
    """The middle of the values, the mean of the two in the middle where their number is even.

    Units: those of the values. Errors: ValueError without values. Source: usual definition.
    """
    ordered = sorted(values)
    if not ordered:
        raise ValueError("Median memerlukan paling sedikit satu nilai.")
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else divide(ordered[half - 1] + ordered[half], Decimal(2))


def _is_plain(value: Decimal, is_sum: bool, policy: Policy) -> bool:
    if value != value.to_integral_value():
        return False
    return not is_sum or value == HUNDRED or value < policy.small_count


def _question(
    kode: str,
    subjects: tuple[str, ...],
    sentence: str,
    inputs: tuple[tuple[str, str], ...],
    formula: str,
    reason: str,
) -> Question:
    step = Step(TITLES[kode], formula, inputs, "ditanyakan", REASONS[reason])
    return Question(kode, subjects, sentence, inputs, Trace((step,)))


def _end_of(tahun: int, triwulan: int) -> date:
    return Period(tahun, triwulan).end


def _day(day: date) -> str:
    return f"{day.day} {BULAN[day.month - 1]} {day.year}"


def _list(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} dan {names[-1]}"
