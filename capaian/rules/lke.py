"""What evaluators of AKIP decide by hand, prepared: suggested grades, printed values off the grid, named components."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from capaian.rules.instrumen.hasil import weight_of
from capaian.rules.instrumen.model import Kelompok
from capaian.rules.numbers import HUNDRED, divide, format_number, round_half_up, with_kernel_digits

# The answers that say whether a criterion is met where the sub-component is graded as a whole: all met is BB.
MET, UNMET = "BB", "E"
# Grades beyond all criteria met: only an evaluator gives them, and says why.
EVALUATOR_GRADES = frozenset({"AA", "A"})
_STEPS = ((75, "B"), (50, "CC"), (25, "C"), (0, "D"))
# The components of both worksheets as definitions name them.
_COMPONENTS = ("perencanaan kinerja", "pengukuran kinerja", "pelaporan kinerja", "evaluasi kinerja", "capaian kinerja")
# Only the word right after "komponen" names one, so that prose about performance is no definition.
_ENTRY = re.compile(r"komponen\s+(?:pen(?=capaian))?(\w+)")


@dataclass(frozen=True)
class Saran:
    """The grade that follows from the share of criteria met; without kode until all criteria are answered."""

    kode: str
    terpenuhi: int
    dijawab: int
    jumlah: int

    @property
    def persen(self) -> Decimal | None:
        """Criteria met in percent of all, rounded for reading; None where there is nothing to divide by."""
        return (
            round_half_up(divide(Decimal(self.terpenuhi) * HUNDRED, Decimal(self.jumlah)), 2) if self.jumlah else None
        )


def suggest_grade(terpenuhi: int, dijawab: int, jumlah: int) -> Saran:
    """Suggest the grade of a sub-component from its criteria: how many are met, answered, and asked.

    100 % gives BB, above 75 B, above 50 CC, above 25 C, above 0 D, none E. A and AA are never suggested. Without all
    answers there is no suggestion: what is not answered is not "not met". Errors: ValueError for counts that cannot be.
    Source: PermenPANRB 88/2021, answer scale of sub-components; regulations 2.2.
    """
    if not 0 <= terpenuhi <= dijawab <= jumlah:
        raise ValueError(f"{terpenuhi} terpenuhi dari {dijawab} jawaban atas {jumlah} kriteria tidak mungkin.")
    if not jumlah or dijawab < jumlah:
        return Saran("", terpenuhi, dijawab, jumlah)
    if terpenuhi == jumlah:
        return Saran(MET, terpenuhi, dijawab, jumlah)
    # Compared as whole numbers, so that exactly three quarters stay three quarters.
    kode = next((grade for percent, grade in _STEPS if terpenuhi * 100 > percent * jumlah), UNMET)
    return Saran(kode, terpenuhi, dijawab, jumlah)


@with_kernel_digits
def off_grid(group: Kelompok, points: Decimal) -> str:
    """A printed value with its share, where no grades of sub-components can give it; empty where some do.

    Units: points of the weight of the group. Errors: none. Source: regulations 2.2 (23,48 of 30 is 78,27 %).
    """
    graded = [group] if group.pilihan else [one for one in group.isi if isinstance(one, Kelompok) and one.pilihan]
    if not graded:
        return ""
    grids = [[divide(weight_of(one) * choice.nilai, one.maksimum) for choice in one.pilihan] for one in graded]
    if any(sum(values, Decimal(0)) == points for values in product(*grids)):
        return ""
    best = weight_of(group)
    percent = format_number(round_half_up(divide(points * HUNDRED, best), 2), 2)
    return f"{group.nama} {format_number(points)} dari {format_number(best)} ({percent}%)"


def components_named(text: str) -> tuple[str, ...]:
    """The components that a definition names one by one (`komponen perencanaan kinerja + …`), in worksheet order."""
    heads = set(_ENTRY.findall(text.casefold()))
    return tuple(name for name in _COMPONENTS if name.split()[0] in heads)


def unvalued_components(definition: str, components: Iterable[str]) -> tuple[str, ...]:
    """The components that a definition names and that have no value, in words of the definition.

    `components` are the names of those with a value. Empty for a definition that names none. Source: regulations 2.5
    (Bekasi names five and adds four).
    """
    valued = {_stem(name) for name in components}
    return tuple(name for name in components_named(definition) if name.split()[0] not in valued)


def _stem(name: str) -> str:
    first = name.casefold().split()[0]
    return first.removeprefix("pen") if first == "pencapaian" else first


def definition_note(definition: str, components: Iterable[str], instrumen: str) -> str:
    """The remark that stands beside a result whose definition names a component without a value; else empty."""
    missing = unvalued_components(definition, list(components))
    if not missing:
        return ""
    named = components_named(definition)
    return (
        f"Definisi indikator menyebut {len(named)} komponen, tetapi {len(named) - len(missing)} yang bernilai: "
        f"{', '.join(missing)} tidak bernilai pada {instrumen}. Nilai menjumlahkan yang ada; perbarui definisinya."
    )
