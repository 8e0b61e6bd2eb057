"""Evaluation of one target form against a realisasi: the special cases of regulations section 7.4, one function each.

Every function returns an Outcome; None as `persen` means that the ratio is not defined, and a note says why.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from capaian.rules.numbers import HUNDRED, divide, format_number, mean, with_kernel_digits
from capaian.rules.target import (
    BoundTarget,
    ChangeTarget,
    ComponentsTarget,
    CountsTarget,
    DeadlineTarget,
    DurationTarget,
    LevelTarget,
    NumberTarget,
    RangeTarget,
    RatioTarget,
    StatementTarget,
    Target,
    YesNoTarget,
)
from capaian.rules.target_forms import LEVEL_SCALES, OPERATOR_SIGNS, SECONDS, Operator
from capaian.rules.trace import Citation, Step

Arah = Literal["naik", "turun"]
Rumus = Literal["rasio", "selisih", "kebalikan"]
Steps = tuple[Step, ...]

FORMULAS: dict[str, str] = {"rasio": "R ÷ T × 100", "selisih": "(2T − R) ÷ T × 100", "kebalikan": "T ÷ R × 100"}
MET = HUNDRED
NOT_MET = Decimal(0)

_READ_FROM_COPIES = "Dibaca dari kutipan dan laporan yang memakainya; naskah resmi belum dibuka."
CITATIONS: dict[str, Citation] = {
    "rasio": Citation(
        "Permendagri 54/2010", "rumus capaian, dikutip LAKIP (123dok 4zpk45o7y)", "ditafsirkan", _READ_FROM_COPIES
    ),
    "selisih": Citation(
        "Permendagri 54/2010",
        "rumus capaian (2 × rencana − realisasi) ÷ rencana, dikutip LAKIP (123dok 4zpk45o7y)",
        "ditafsirkan",
        _READ_FROM_COPIES + " Dipakai LKIP Balangan 2024.",
    ),
    "kebalikan": Citation(
        "LKIP Dinas Kesehatan Kota Bekasi 2024",
        "Tabel 3.4",
        "ditafsirkan",
        "Praktik laporan; dasar hukum tidak ditemukan.",
    ),
}
SPECIAL_CASE = Citation(
    "Kebijakan perhitungan Capaian", "kasus khusus target", "ditafsirkan", "Tidak diatur dalam peraturan yang dibaca."
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one form gives: percentage or None, notes, steps, and whether the target is met when that is known.

    Steps may be given as what makes them: to write a trace takes longer than to compute, and most are never read.
    """

    persen: Decimal | None
    catatan: tuple[str, ...] = ()
    made: Steps | Callable[[], Steps] = field(default=(), repr=False, compare=False)
    met: bool | None = None

    @property
    def steps(self) -> Steps:
        """How it came about."""
        return self.made() if callable(self.made) else self.made


def undefined(note: str) -> Outcome:
    """An outcome without a percentage, with the reason. Units: none."""
    return Outcome(None, (note,), (Step("Capaian tidak terdefinisi", "", (), "-", SPECIAL_CASE, note),))


@with_kernel_digits
def evaluate(target: Target, realisasi: Target, arah: Arah, rumus: Rumus) -> Outcome:
    """Evaluate a non-empty target against a non-empty realisasi, unrounded and without cap or floor.

    Units: percent. Errors: none; a pair that cannot be compared gives an undefined outcome.
    Source: regulations sections 7.1 and 7.4.
    """
    if isinstance(target, NumberTarget):
        return _number(target, realisasi, arah, rumus)
    if isinstance(target, BoundTarget):
        return _bound(target, realisasi, arah, rumus)
    if isinstance(target, RangeTarget):
        return _range(target, realisasi, arah, rumus)
    if isinstance(target, RatioTarget):
        return _ratio(target, realisasi, arah, rumus)
    if isinstance(target, CountsTarget | ComponentsTarget):
        return _several(target, realisasi, arah, rumus)
    if isinstance(target, LevelTarget):
        return _level(target, realisasi, arah)
    if isinstance(target, ChangeTarget):
        return _change(target, realisasi, arah, rumus)
    return _judged(target, realisasi, rumus)


def formula(t: Decimal, r: Decimal, arah: Arah, rumus: Rumus, label: str = "Capaian") -> Outcome:
    """Apply the formula of the indicator to two numbers, with defined answers for zero and negative values.

    Units: percent. Source: regulations 7.1 (formulas) and 7.4 (T = 0, R = 0).
    """
    if t == 0:
        return _zero_target(r, arah, label)
    if t < 0:
        return undefined("Target negatif: perbandingan terhadap target negatif tidak bermakna. Periksa target.")
    if rumus == "kebalikan" and r <= 0:
        return _zero_inverse(r, label)
    values = {"rasio": r, "selisih": 2 * t - r, "kebalikan": t}
    persen = divide(values[rumus] * HUNDRED, r if rumus == "kebalikan" else t)
    return Outcome(persen, (), lambda: (_step(label, FORMULAS[rumus], t, r, persen, CITATIONS[rumus]),))


def _zero_target(r: Decimal, arah: Arah, label: str) -> Outcome:
    if arah == "naik":
        return undefined("Target 0 pada indikator yang makin tinggi makin baik: persen capaian tidak terdefinisi.")
    met = r <= 0
    note = "Target 0: realisasi 0 dinilai 100, realisasi di atas 0 dinilai 0; tidak ada pembagian."
    persen = MET if met else NOT_MET
    step = _step(label, "R ≤ 0 → 100; R > 0 → 0", Decimal(0), r, persen, SPECIAL_CASE, note)
    return Outcome(persen, (note,), (step,), met)


def _zero_inverse(r: Decimal, label: str) -> Outcome:
    if r < 0:
        return undefined("Realisasi negatif tidak dapat dihitung dengan rumus T ÷ R.")
    note = "Realisasi 0 dengan rumus T ÷ R tak terhingga; dipakai batas atas, atau 100 bila tidak ada batas."
    step = Step(label, FORMULAS["kebalikan"], (("R", "0"),), "batas atas atau 100", SPECIAL_CASE, note)
    # Infinity is resolved to the cap by compute_capaian, the only place that knows the cap.
    return Outcome(Decimal("Infinity"), (note,), (step,), True)


def _number(target: NumberTarget, realisasi: Target, arah: Arah, rumus: Rumus) -> Outcome:
    r = _as_number(realisasi, target.basis)
    return formula(target.value, r, arah, rumus) if r is not None else _incomparable(target, realisasi)


def _bound(target: BoundTarget, realisasi: Target, arah: Arah, rumus: Rumus) -> Outcome:
    r = _as_number(realisasi, target.basis)
    if r is None:
        return _incomparable(target, realisasi)
    outcome = _limit(target.operator, target.value, r, rumus)
    lower_is_better = target.operator in ("<=", "<")
    if lower_is_better == (arah == "turun"):
        return outcome
    note = (
        f'Tanda "{OPERATOR_SIGNS[target.operator]}" pada target berlawanan dengan arah "{arah}"; tandanya yang dipakai.'
    )
    return Outcome(outcome.persen, (*outcome.catatan, note), outcome.made, outcome.met)


def _limit(operator: Operator, t: Decimal, r: Decimal, rumus: Rumus, unit: str = "") -> Outcome:
    """Met gives 100; a missed limit is judged by the formula of the indicator where that measures the miss.

    A maximum missed: (2T − R)/T where the office uses `selisih`, else T/R. A minimum missed: R/T whatever the formula,
    since the other two would reward the miss with more than 100 (regulations 7.4 names R/T and T/R only).
    """
    met = {"<=": r <= t, "<": r < t, ">=": r >= t, ">": r > t}[operator]
    sign = OPERATOR_SIGNS[operator]
    if met:
        text = f"R {sign} T → 100"
        label = "Batas target terpenuhi"
        return Outcome(MET, (), lambda: (_step(label, text, t, r, MET, SPECIAL_CASE, unit=unit),), True)
    at_least = operator in (">=", ">")
    used: Rumus = "rasio" if at_least else "selisih" if rumus == "selisih" else "kebalikan"
    numerator, denominator = {"rasio": (r, t), "selisih": (2 * t - r, t), "kebalikan": (t, r)}[used]
    if t <= 0 or r < 0:
        persen, text = NOT_MET, f"R {sign} T tidak terpenuhi, rasio tidak bermakna → 0"
    else:
        persen, text = divide(numerator * HUNDRED, denominator), FORMULAS[used]
    notes = (f"Realisasi tepat di batas, sedangkan target meminta {sign} {_with_unit(t, unit)}.",) if r == t else ()
    label = "Batas target belum terpenuhi"
    return Outcome(
        persen,
        notes,
        lambda: (_step(label, text, t, r, persen, SPECIAL_CASE, unit=unit),),
        False if r == t else None,
    )


def _range(target: RangeTarget, realisasi: Target, arah: Arah, rumus: Rumus) -> Outcome:
    r = _as_number(realisasi, None)
    if r is None:
        return _incomparable(target, realisasi)
    if target.low <= r <= target.high:
        step = _step("Realisasi di dalam rentang", "a ≤ R ≤ b → 100", target.high, r, MET, SPECIAL_CASE)
        return Outcome(MET, (), (step,), True)
    limit = target.high if r > target.high else target.low
    return formula(limit, r, arah, rumus, "Capaian terhadap batas rentang terdekat")


def _ratio(target: RatioTarget, realisasi: Target, arah: Arah, rumus: Rumus) -> Outcome:
    if not isinstance(realisasi, RatioTarget):
        return undefined(
            f'Realisasi "{realisasi.text.strip()}" bukan rasio. Tulis seperti targetnya, misalnya 0,97 : 1000.'
        )
    return formula(target.value, realisasi.value, arah, rumus)


def _several(target: CountsTarget | ComponentsTarget, realisasi: Target, arah: Arah, rumus: Rumus) -> Outcome:
    """Mean of the component ratios, each uncapped (Balangan PMT: 120,65; the ratio of sums would be 104,90)."""
    if isinstance(realisasi, NumberTarget):
        total = sum((value for _, value in _parts(target)), Decimal(0))
        outcome = formula(total, realisasi.value, arah, rumus)
        note = "Realisasi hanya satu angka; dibandingkan dengan jumlah komponen target. Isi per komponen agar tepat."
        return Outcome(outcome.persen, (*outcome.catatan, note), outcome.made, outcome.met)
    pairs = _pair_components(target, realisasi)
    if pairs is None:
        return undefined(
            "Komponen realisasi tidak sepadan dengan komponen target. "
            "Isi satu angka untuk setiap komponen, dengan urutan atau nama yang sama."
        )
    outcomes = [formula(t, r, arah, rumus, f"Komponen {label}") for label, t, r in pairs]
    steps = tuple(step for outcome in outcomes for step in outcome.steps)
    values = [outcome.persen for outcome in outcomes]
    if any(value is None or not value.is_finite() for value in values):
        note = "Salah satu komponen tidak terdefinisi, sehingga rata-rata komponen tidak dihitung."
        return Outcome(None, (note,), steps)
    persen = mean([value for value in values if value is not None])
    inputs = tuple(
        (label, format_number(value, 2))
        for (label, _, _), value in zip(pairs, values, strict=True)
        if value is not None
    )
    step = Step(
        "Rata-rata komponen", "Σ capaian komponen ÷ banyaknya komponen", inputs, format_number(persen, 6), SPECIAL_CASE
    )
    return Outcome(persen, (), (*steps, step))


def _parts(target: CountsTarget | ComponentsTarget) -> list[tuple[str, Decimal]]:
    if isinstance(target, CountsTarget):
        return [(count.label, count.count) for count in target.counts]
    return [(str(number), value) for number, value in enumerate(target.values, start=1)]


def _pair_components(
    target: CountsTarget | ComponentsTarget, realisasi: Target
) -> list[tuple[str, Decimal, Decimal]] | None:
    if not isinstance(realisasi, CountsTarget | ComponentsTarget):
        return None
    wanted, reached = _parts(target), _parts(realisasi)
    if len(wanted) != len(reached):
        return None
    if isinstance(target, CountsTarget) and isinstance(realisasi, CountsTarget):
        by_label = {label.casefold(): value for label, value in reached}
        if {label.casefold() for label, _ in wanted} != set(by_label):
            return None
        return [(label, value, by_label[label.casefold()]) for label, value in wanted]
    return [(label, value, other) for (label, value), (_, other) in zip(wanted, reached, strict=True)]


def _level(target: LevelTarget, realisasi: Target, arah: Arah) -> Outcome:
    if isinstance(realisasi, NumberTarget):
        # Balangan: target "Paripurna", realisasi "1" (one unit reached that level) is printed as 100.
        return _yes_no(realisasi.value >= 1, f"Realisasi dibaca sebagai banyaknya unit yang mencapai {target.level}.")
    if isinstance(realisasi, YesNoTarget):
        return _yes_no(realisasi.value, "")
    if not isinstance(realisasi, LevelTarget) or realisasi.scale != target.scale:
        return _incomparable(target, realisasi)
    wanted, reached = Decimal(target.rank), Decimal(realisasi.rank)
    met = reached >= wanted if arah == "naik" else reached <= wanted
    persen = MET if met else divide(min(wanted, reached) * HUNDRED, max(wanted, reached))
    note = "" if met else "Tingkat di bawah target dinilai menurut perbandingan urutan tingkat (ditafsirkan)."
    step = Step(
        "Perbandingan tingkat",
        "tingkat tercapai → 100; selain itu perbandingan urutan",
        (("Skala", " < ".join(LEVEL_SCALES[target.scale])), ("T", target.level), ("R", realisasi.level)),
        format_number(persen, 6),
        SPECIAL_CASE,
        note,
    )
    return Outcome(persen, (note,) if note else (), (step,), met)


def _change(target: ChangeTarget, realisasi: Target, arah: Arah, rumus: Rumus) -> Outcome:
    if not isinstance(realisasi, ChangeTarget):
        return undefined('Target menyatakan perubahan. Tulis realisasi sebagai perubahan pula, misalnya "Naik 8%".')
    reached = realisasi.value if realisasi.direction == target.direction else -realisasi.value
    # A change is measured in its own direction: the more of it, the better, also for "Turun 5%".
    return formula(target.value, reached, "naik", "rasio", "Capaian perubahan")


def _judged(target: Target, realisasi: Target, rumus: Rumus) -> Outcome:
    """Forms that are met or not: yes/no, deadline, duration, statement. A percentage is the share that met it."""
    if isinstance(target, DurationTarget):
        lasted = _as_duration(target, realisasi)
        if lasted is not None:
            return _limit(target.operator, target.value, lasted, rumus, target.unit)
    if isinstance(target, DeadlineTarget):
        day = _as_day(realisasi)
        if day is not None:
            return _yes_no(day <= target.day, f"Diserahkan tanggal {day}, tenggat tanggal {target.day}.")
    if isinstance(realisasi, NumberTarget) and realisasi.unit == "%" and not isinstance(target, YesNoTarget):
        return formula(HUNDRED, realisasi.value, "naik", "rasio", "Bagian yang memenuhi target")
    expected = target.value if isinstance(target, YesNoTarget) else True
    answer = _as_answer(realisasi)
    if answer is not None:
        return _yes_no(answer == expected, "")
    if isinstance(target, StatementTarget) and realisasi.text.strip().casefold() == target.text.strip().casefold():
        return _yes_no(True, "")
    return _incomparable(target, realisasi)


def _yes_no(met: bool, note: str) -> Outcome:
    persen = MET if met else NOT_MET
    result = "100" if met else "0"
    step = Step("Terpenuhi atau tidak", "terpenuhi → 100; tidak → 0", (), result, SPECIAL_CASE, note)
    return Outcome(persen, (note,) if note else (), (step,), met)


def _as_number(realisasi: Target, basis: int | None) -> Decimal | None:
    """The number of a realisasi, brought to the rate base of the target when both state one."""
    if not isinstance(realisasi, NumberTarget):
        return None
    if basis and realisasi.basis and basis != realisasi.basis:
        return divide(realisasi.value * basis, Decimal(realisasi.basis))
    return realisasi.value


def _as_duration(target: DurationTarget, realisasi: Target) -> Decimal | None:
    """How long it lasted, in the unit of the target, so that the steps show 24 and 30 jam."""
    if not isinstance(realisasi, NumberTarget) or realisasi.unit == "%":
        return None
    unit = realisasi.unit.lower() or target.unit
    return divide(realisasi.value * SECONDS[unit], Decimal(SECONDS[target.unit])) if unit in SECONDS else None


def _as_day(realisasi: Target) -> int | None:
    if isinstance(realisasi, DeadlineTarget):
        return realisasi.day
    if isinstance(realisasi, NumberTarget) and not realisasi.unit and realisasi.value == int(realisasi.value):
        return int(realisasi.value)
    return None


def _as_answer(realisasi: Target) -> bool | None:
    if isinstance(realisasi, YesNoTarget):
        return realisasi.value
    if isinstance(realisasi, NumberTarget) and not realisasi.unit and realisasi.value in (0, 1):
        return bool(realisasi.value)
    return None


def _incomparable(target: Target, realisasi: Target) -> Outcome:
    return undefined(
        f'Realisasi "{realisasi.text.strip()}" tidak dapat dibandingkan dengan target "{target.text.strip()}". '
        "Tulis realisasi dalam bentuk dan satuan yang sama dengan targetnya."
    )


def _step(
    label: str, text: str, t: Decimal, r: Decimal, persen: Decimal, citation: Citation, note: str = "", unit: str = ""
) -> Step:
    inputs = (("T", _with_unit(t, unit)), ("R", _with_unit(r, unit)))
    return Step(label, text, inputs, format_number(persen, 6), citation, note)


def _with_unit(value: Decimal, unit: str) -> str:
    """At most six decimals, as of every unrounded figure of a trace: a quotient has no end."""
    exponent = value.as_tuple().exponent
    has_many = isinstance(exponent, int) and exponent < -6
    return f"{format_number(value, 6 if has_many else None)} {unit}".strip()
