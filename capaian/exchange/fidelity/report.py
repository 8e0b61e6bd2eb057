"""The pages `docs/reference/fidelity.md` and `docs/reference/coverage.md`, written by `make docs`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from capaian.exchange.fidelity.check import Counts, check_sample, summary
from capaian.exchange.fidelity.coverage import CellCounts, coverage
from capaian.exchange.fidelity.figures import Figure
from capaian.exchange.fidelity.shown import shown_where
from capaian.exchange.samples.tables import Sample

_MOST_INPUTS = 4
_HEAD = """# Fidelity: every printed figure beside ours

Written by `make docs`; do not edit. `capaian check SAMPLE` prints the same for the terminal, `--json` as data.

A printed figure is the same when ours, rounded half up to the printed decimals, is the printed one; money, counts
and sums of targets must agree exactly. A figure that only repeats another ("sama dengan …") agrees when both say the
same at the coarser of their precisions. Formula, direction and decimals come from the office's policy and from the
declared direction of the indicator, never from what would make a row agree. A reason is given only when it reproduces
the printed figure; a contradiction between two places is named as one, and which place is right is not decided here.

"""
_COVERAGE_HEAD = """# Coverage: every table of the seeds

Written by `make docs`; do not edit. Each printed table of the four seed documents, the file that holds it, its
rows, what the fidelity check does with its numeric cells, and where its content is shown. *Recomputed*: compared with
what its own inputs give. *Restated*: compared with the same quantity elsewhere. *Inputs*: stated, nothing in the
document computes them. *Neither*: figures of their own in sentences.

"""


def fidelity_markdown(samples: Iterable[Sample]) -> str:
    """Counts per seed and table, the reasons, and every difference with both values."""
    checked = [(sample, check_sample(sample)) for sample in samples]
    lines = [
        _HEAD.rstrip(),
        "",
        *_table(("Seed", "figures", "same", "different", "not computable", "cells compared"), map(_total, checked)),
    ]
    for sample, figures in checked:
        lines += ["", f"## {sample.seed} {sample.document}", ""]
        counts = {name: count for name, count in summary(figures).items() if name}
        lines += _table(("Table", "same", "different", "not computable"), (_counts(*item) for item in counts.items()))
        lines += ["", "### Differences", "", *_table(_DIFFERENCE, map(_difference, _with(figures, "beda")))]
        reasons = Counter(_kind(figure.reason) for figure in _with(figures, "beda"))
        lines += [
            "",
            "### Reasons",
            "",
            *_table(("Reason", "figures"), ((name, str(n)) for name, n in reasons.most_common())),
        ]
        lines += ["", "### Not computable", "", *_table(("Reason", "figures"), _unknown(figures))]
    return "\n".join(lines) + "\n"


def coverage_markdown(samples: Iterable[Sample]) -> str:
    """Seed table, file, rows, numeric cells by what the check does with them, and where it is shown."""
    lines = [_COVERAGE_HEAD.rstrip()]
    for sample in samples:
        counts = coverage(sample, check_sample(sample))
        head = ("Table", "File", "Rows", "Recomputed", "Restated", "Inputs", "Neither", "Shown")
        rows = [
            (
                f"{table.table} {table.title}",
                f"`{table.file}`",
                str(len(table.rows)),
                *_cells(counts.get(table.file, CellCounts())),
                shown_where(table),
            )
            for table in sample.tables
        ]
        total = ("Total", "", str(sample.row_count), *_cells(counts[""]), "")
        lines += ["", f"## {sample.seed} {sample.document}", "", *_table(head, [*rows, total])]
    return "\n".join(lines) + "\n"


_DIFFERENCE = ("Place", "Row", "Column", "Printed", "Ours", "Formula", "Reason")


def _difference(figure: Figure) -> Sequence[str]:
    inputs = [f"{name} {text}".strip() for name, text in figure.inputs.items()]
    shown = "; ".join(inputs[:_MOST_INPUTS]) + ("; …" if len(inputs) > _MOST_INPUTS else "")
    formula = figure.formula if figure.is_restated else f"{figure.formula} ({shown})"
    return figure.table, figure.row, figure.column, figure.printed, figure.computed, formula, figure.reason


def _total(checked: tuple[Sample, list[Figure]]) -> Sequence[str]:
    sample, figures = checked
    count = summary(figures)[""]
    cells = coverage(sample, figures)[""]
    return (
        f"{sample.seed} {sample.name}",
        str(count.total),
        str(count.sama),
        str(count.beda),
        str(count.tidak_dihitung),
        str(cells.dihitung + cells.diulang),
    )


def _counts(name: str, count: Counts) -> Sequence[str]:
    return name, str(count.sama), str(count.beda), str(count.tidak_dihitung)


def _cells(count: CellCounts) -> tuple[str, str, str, str]:
    return str(count.dihitung), str(count.diulang), str(count.masukan), str(count.tidak_dihitung)


def _with(figures: Iterable[Figure], status: str) -> Iterator[Figure]:
    return (figure for figure in figures if figure.status == status)


def _unknown(figures: Iterable[Figure]) -> Iterator[Sequence[str]]:
    counts = Counter(figure.reason for figure in _with(figures, "tidak_dihitung"))
    return ((reason, str(number)) for reason, number in counts.most_common())


def _kind(reason: str) -> str:
    """A reason without the figures in it, so that alike ones count together."""
    return reason.split(" (")[0].split(":")[0].split(", jumlahnya")[0].split(", bukan dari")[0]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    body = [f"| {' | '.join(_escape(text) for text in row)} |" for row in rows]
    return [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *(body or [f"| –{' |' * len(head)}"])]


def _escape(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")
