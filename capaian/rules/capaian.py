"""Persen capaian of one indicator: target and realisasi in, percentage, status, category and trace out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from capaian.rules.capaian_forms import MET, SPECIAL_CASE, Arah, Outcome, Rumus, evaluate
from capaian.rules.numbers import HUNDRED, Convention, format_number, mean, round_half_up, with_kernel_digits
from capaian.rules.target import (
    BoundTarget,
    ChangeTarget,
    DeadlineTarget,
    DurationTarget,
    EmptyTarget,
    LevelTarget,
    NumberTarget,
    StatementTarget,
    Target,
    YesNoTarget,
    parse_realisasi,
    parse_target,
)
from capaian.rules.trace import Citation, Step, Trace

if TYPE_CHECKING:
    from capaian.rules.packs import Pack

Status = Literal["tercapai", "tidak_tercapai", "tidak_terdefinisi", "belum_ada"]
CATEGORY_SCALE = "kategori"
_VERDICT = Citation(
    "LKIP Dinas Kesehatan Kota Bekasi 2024",
    "Bab III.1, makna nilai capaian",
    "ditafsirkan",
    "≥ 100% Target Tercapai, < 100% Target Tidak Tercapai; praktik laporan menurut PermenPANRB 53/2014.",
)
_ROUNDING = Citation(
    "Kebijakan perhitungan Capaian",
    "pembulatan",
    "ditafsirkan",
    "Dihitung tanpa pembulatan, dibulatkan sekali setengah ke atas, digolongkan sesudahnya.",
)


@dataclass(frozen=True)
class CapaianRule:
    """How an indicator is judged: direction, formula, optional cap and floor in percent, printed decimals.

    Source: regulations section 12 (policy switches). Errors: ValueError on values outside the closed sets.
    """

    arah: Arah
    rumus: Rumus
    batas_atas: Decimal | None = None
    batas_bawah: Decimal | None = None
    desimal: int = 2

    def __post_init__(self) -> None:
        if self.arah not in ("naik", "turun"):
            raise ValueError(f'Arah "{self.arah}" tidak dikenal; pilih naik atau turun.')
        if self.rumus not in ("rasio", "selisih", "kebalikan"):
            raise ValueError(f'Rumus "{self.rumus}" tidak dikenal; pilih rasio, selisih, atau kebalikan.')
        if not 0 <= self.desimal <= 10:
            raise ValueError("Banyaknya desimal harus 0 sampai 10.")
        if self.batas_atas is not None and self.batas_bawah is not None and self.batas_bawah > self.batas_atas:
            raise ValueError("Batas bawah capaian melebihi batas atas.")


def implied_arah(target: Target) -> Arah | None:
    """Tell the direction that the form of a target carries in itself; None where the indicator has to say it.

    Yes/no, statements, deadlines, levels and changes are met or not met upwards; a limit points where its sign points;
    where there is no target, no direction is needed to say so. Source: regulations section 7.4.
    """
    if isinstance(target, BoundTarget | DurationTarget):
        return "turun" if target.operator in ("<=", "<") else "naik"
    upward = (YesNoTarget, StatementTarget, DeadlineTarget, LevelTarget, ChangeTarget, EmptyTarget)
    return "naik" if isinstance(target, upward) else None


def default_rumus(target: Target, arah: Arah) -> Rumus:
    """Choose the formula where nobody has chosen one.

    Source: regulations section 12 (`selisih` for lower-is-better) and, for a limit that is missed, 7.4 (T/R).
    """
    if arah == "naik":
        return "rasio"
    return "kebalikan" if isinstance(target, BoundTarget | DurationTarget) else "selisih"


@dataclass(frozen=True)
class Capaian:
    """The judged result: `persen` unrounded after cap and floor, `tampil` rounded, status, category, notes, trace."""

    persen: Decimal | None
    tampil: Decimal | None
    status: Status
    kategori: str | None
    catatan: tuple[str, ...]
    trace: Trace


@with_kernel_digits
def compute_capaian(
    target: str | Target,
    realisasi: str | Target | Decimal | int | None,
    rule: CapaianRule,
    pack: Pack | None = None,
    *,
    convention: Convention | None = None,
) -> Capaian:
    """Compute the persen capaian of one indicator.

    Units: percent, unbounded unless the rule sets a cap or floor. Tercapai when the rounded percentage is at least 100.
    The category comes from the scale `kategori` of the pack, after rounding.
    Errors: NumberFormatError (also TargetFormatError, AmbiguousNumber) when a text cannot be read; TypeError for float.
    Source: regulations sections 7.1, 7.4 and 12; formulas carry their own citation in the trace.
    """
    wanted = target if not isinstance(target, str) else parse_target(target, convention)
    reached = _read_realisasi(realisasi, convention)
    missing = _missing(wanted, reached)
    if missing:
        return Capaian(None, None, "belum_ada", None, missing, Trace())
    outcome = evaluate(wanted, reached, rule.arah, rule.rumus)
    notes = (*_rule_notes(wanted, rule), *outcome.catatan)
    if outcome.persen is None:
        return Capaian(None, None, "tidak_terdefinisi", None, notes, Trace(outcome.steps))
    return _finish(replace(outcome, catatan=notes), rule, pack)


@with_kernel_digits
def mean_capaian(results: Sequence[Decimal | None]) -> Decimal | None:
    """Take the plain mean of unrounded percentages, leaving out those that are not defined.

    Units: percent. Returns None when nothing is defined.
    Source: regulations 7.2 (LKIP Balangan takes the unweighted mean, negative values included).
    """
    known = [value for value in results if value is not None]
    return mean(known) if known else None


def _read_realisasi(realisasi: str | Target | Decimal | int | None, convention: Convention | None) -> Target:
    if realisasi is None:
        return EmptyTarget("")
    if isinstance(realisasi, str):
        return parse_realisasi(realisasi, convention)
    if isinstance(realisasi, bool | float):
        raise TypeError("Realisasi harus Decimal, int, teks, atau Target; float dan bool tidak diterima.")
    if isinstance(realisasi, Decimal | int):
        return NumberTarget(format_number(realisasi), Decimal(realisasi))
    return realisasi


def _missing(target: Target, realisasi: Target) -> tuple[str, ...]:
    notes = []
    if isinstance(target, EmptyTarget):
        notes.append("Target belum ada.")
    if isinstance(realisasi, EmptyTarget):
        notes.append("Realisasi belum ada.")
        if "ada" in realisasi.text.lower():
            notes.append('Bila maksudnya memang tidak ada, tulis "tidak ada".')
    return tuple(notes)


def _rule_notes(target: Target, rule: CapaianRule) -> tuple[str, ...]:
    """Balangan printed 107,5 for desa ODF with the formula of the opposite direction; say so when it can recur."""
    if not isinstance(target, NumberTarget) or (rule.arah == "naik") == (rule.rumus == "rasio"):
        return ()
    meant = "makin rendah makin baik" if rule.arah == "naik" else "makin tinggi makin baik"
    return (f'Rumus {rule.rumus} lazim untuk indikator yang {meant}, sedangkan arah indikator ini "{rule.arah}".',)


def _finish(outcome: Outcome, rule: CapaianRule, pack: Pack | None) -> Capaian:
    """Cap and floor, round, decide, classify: always in this order (regulations 7.4)."""
    persen, limit_notes, limit_steps = _limit_percent(outcome.persen or Decimal(0), rule)
    tampil = round_half_up(persen, rule.desimal)
    status = _status(tampil, outcome.met)
    steps = (
        *outcome.steps,
        *limit_steps,
        Step(
            "Pembulatan",
            f"setengah ke atas, {rule.desimal} desimal",
            (("Capaian", format_number(persen, 6)),),
            format_number(tampil, rule.desimal),
            _ROUNDING,
        ),
        Step(
            "Status",
            "≥ 100 tercapai; < 100 tidak tercapai",
            (("Capaian", format_number(tampil, rule.desimal)),),
            status.replace("_", " "),
            _VERDICT,
        ),
    )
    kategori, flags, category_steps = _category(tampil, pack)
    notes = (*outcome.catatan, *limit_notes, *flags)
    return Capaian(persen, tampil, status, kategori, notes, Trace((*steps, *category_steps)))


def _limit_percent(persen: Decimal, rule: CapaianRule) -> tuple[Decimal, tuple[str, ...], tuple[Step, ...]]:
    if not persen.is_finite():
        persen = rule.batas_atas if rule.batas_atas is not None else MET
    limited = persen
    if rule.batas_atas is not None and persen > rule.batas_atas:
        limited, name = rule.batas_atas, "batas atas"
    elif rule.batas_bawah is not None and persen < rule.batas_bawah:
        limited, name = rule.batas_bawah, "batas bawah"
    else:
        return persen, (), ()
    note = f"Capaian {format_number(persen, rule.desimal)} dibatasi oleh {name} {format_number(limited)}."
    step = Step(
        name.capitalize(),
        f"capaian dibatasi {name}",
        (("Capaian", format_number(persen, 6)),),
        format_number(limited),
        SPECIAL_CASE,
    )
    return limited, (note,), (step,)


def _status(tampil: Decimal, met: bool | None) -> Status:
    """A form that is itself met or not (yes/no, a strict limit hit exactly) decides; else the rounded percentage."""
    reached = met if met is not None else tampil >= HUNDRED
    return "tercapai" if reached else "tidak_tercapai"


def _category(tampil: Decimal, pack: Pack | None) -> tuple[str | None, tuple[str, ...], tuple[Step, ...]]:
    if pack is None or not pack.has(CATEGORY_SCALE):
        return None, (), ()
    classified = pack.scale(CATEGORY_SCALE).classify(tampil)
    notes = tuple(classified.notes)
    step = Step(
        "Kategori",
        f"golongkan sesudah pembulatan, {classified.policy_words}",
        (("Capaian", format_number(tampil)),),
        classified.label,
        pack.citation(CATEGORY_SCALE),
        " ".join(notes),
    )
    return classified.label if classified.kode else None, notes, (step,)
