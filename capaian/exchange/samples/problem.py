"""What is wrong in a sample, said so that a person can put it right."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where it stands (`line` 0 is the whole file), what it is, what is expected there."""

    file: str
    line: int
    column: str
    message: str
    expected: str

    def __str__(self) -> str:
        place = f"{self.file} baris {self.line}" if self.line else self.file
        column = f", kolom {self.column}" if self.column else ""
        return f"{place}{column}: {self.message} Yang diharapkan: {self.expected}."


class SampleError(ValueError):
    """A sample that cannot be used; `problems` lists everything that was found, and nothing was loaded."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class SampleNotFound(SampleError):
    """There is no sample of that name and no such folder."""
