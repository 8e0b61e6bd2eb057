"""The trace (jejak hitung): every step of a calculation with formula, inputs, result and legal basis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, cast

Dasar = Literal["tertulis", "ditafsirkan"]


@dataclass(frozen=True)
class Citation:
    """Where a rule stands: instrument, place in it, and whether the text says so or we interpret it."""

    instrumen: str
    tempat: str
    dasar: Dasar
    catatan: str = ""

    def __post_init__(self) -> None:
        if self.dasar not in ("tertulis", "ditafsirkan"):
            raise ValueError(f'Dasar "{self.dasar}" tidak dikenal; pilih "tertulis" atau "ditafsirkan".')

    def to_dict(self) -> dict[str, str]:
        """Return plain text values, ready for JSON."""
        return {
            "instrumen": self.instrumen,
            "tempat": self.tempat,
            "dasar": self.dasar,
            "catatan": self.catatan,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Citation:
        """Build a citation from `to_dict` output. Errors: KeyError, ValueError on malformed data."""
        return cls(
            str(data["instrumen"]), str(data["tempat"]), cast(Dasar, data["dasar"]), str(data.get("catatan", ""))
        )


@dataclass(frozen=True)
class Step:
    """One step: label, formula in words, named inputs as text, result as text, basis, remark."""

    label: str
    formula: str
    inputs: tuple[tuple[str, str], ...]
    result: str
    citation: Citation | None = None
    note: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the step as JSON-able data; inputs stay ordered pairs."""
        return {
            "label": self.label,
            "formula": self.formula,
            "inputs": [list(pair) for pair in self.inputs],
            "result": self.result,
            "citation": self.citation.to_dict() if self.citation else None,
            "note": self.note,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Step:
        """Build a step from `to_dict` output. Errors: KeyError, ValueError on malformed data."""
        citation = data.get("citation")
        return cls(
            str(data["label"]),
            str(data["formula"]),
            tuple((str(name), str(value)) for name, value in data["inputs"]),
            str(data["result"]),
            Citation.from_dict(citation) if citation else None,
            str(data.get("note", "")),
        )


@dataclass(frozen=True)
class Trace:
    """An ordered list of steps; traces are joined with `+`."""

    steps: tuple[Step, ...] = ()

    def __add__(self, other: Trace) -> Trace:
        return Trace(self.steps + other.steps)

    def to_dict(self) -> dict[str, Any]:
        """Return the trace as JSON-able data, to be stored beside a result."""
        return {"steps": [step.to_dict() for step in self.steps]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Trace:
        """Build a trace from stored data. Errors: KeyError, ValueError on malformed data."""
        return cls(tuple(Step.from_dict(step) for step in data["steps"]))


@dataclass(frozen=True)
class Computed:
    """A computed figure: unrounded value, printed value, remarks for people, and how it came about.

    `nilai` and `tampil` are None when the figure is not defined; `catatan` then says why.
    """

    nilai: Decimal | None
    tampil: Decimal | None
    catatan: tuple[str, ...]
    trace: Trace
