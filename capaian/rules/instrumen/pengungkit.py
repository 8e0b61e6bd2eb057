"""What would lift the class of a whole by one step: the items with the largest effect on the parts that stand below."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from capaian.rules.instrumen.hasil import DECIMALS, HasilInstrumen, NilaiKelompok, Walk, classify_part, evaluate
from capaian.rules.instrumen.model import Bagian, Instrumen, Kebijakan
from capaian.rules.instrumen.skor import Isian, SkorButir
from capaian.rules.instrumen.terbaik import Terbaik, best_answer
from capaian.rules.numbers import format_number, round_half_up, with_kernel_digits

# As many decimals as the column of results keeps.
KEPT = 12
# The finest step of a value as it is classified.
STEP = Decimal(1).scaleb(-DECIMALS)


@dataclass(frozen=True)
class Lever:
    """One item: its score now (None: not scored), the answer with its best score, and what that adds to the part."""

    kode: str
    nilai: Decimal | None
    terbaik: Terbaik
    effect: Decimal


@dataclass(frozen=True)
class Pengungkit:
    """A part that stands in the way of the next class.

    `nilai` is what it has (None: nothing is answered), `kelas` its class now (empty where none), `target` the class to
    reach, `needed` the lowest printed value of it, None where there is none. `levers` are sorted by effect, largest
    first. `chosen` are the kode of the fewest of them, taken in that order, that reach the class together, and `lifted`
    the value then; where all together do not, `is_enough` is false and they are all chosen.
    """

    kelompok: str
    nilai: Decimal | None
    kelas: str
    target: str
    needed: Decimal | None
    levers: tuple[Lever, ...]
    chosen: tuple[str, ...]
    lifted: Decimal | None
    is_enough: bool
    catatan: str


@with_kernel_digits
def lift(
    instrumen: Instrumen,
    answers: Mapping[str, Isian],
    sifat: Collection[str] = (),
    kebijakan: Kebijakan | None = None,
) -> tuple[Pengungkit, ...]:
    """What each part needs so that the whole is one class better; empty where it is the best already, or has no class.

    Effects are in points of the part, exact: each is the part joined again with the best answer of that item. An item
    not answered yet counts as answered then. Errors: none. Source: issue 5; the method is ours.
    """
    policy = kebijakan or instrumen.kebijakan
    hasil = evaluate(instrumen, answers, sifat, policy)
    goal = _goal(instrumen, hasil)
    if goal is None:
        return ()
    walk = Walk(instrumen, policy, hasil.butir, answers)
    walk.value(instrumen.akar)
    behind = [part for part in instrumen.klasifikasi if _standing(part, hasil.kelompok[part.kelompok]) > goal]
    return tuple(_part(part, goal, walk, hasil) for part in behind)


def _standing(part: Bagian, found: NilaiKelompok) -> int:
    """The place of the class of a part, best 0; what has no class stands behind all."""
    order = [band.kode for band in part.skala.bands]
    return order.index(found.kelas.kode) if found.kelas and found.kelas.kode else len(order)


def _goal(instrumen: Instrumen, hasil: HasilInstrumen) -> int | None:
    """The place of the class that all parts have to reach.

    The next better than the worst; where mixed classes are none, that of the best, since nothing is to be lowered.
    """
    standings = [_standing(part, hasil.kelompok[part.kelompok]) for part in instrumen.klasifikasi]
    if not standings or max(standings) == 0:
        return None
    if hasil.kebijakan.campuran == "tidak_terklasifikasi" and min(standings) < max(standings):
        return min(standings)
    return max(standings) - 1


def _part(part: Bagian, goal: int, walk: Walk, hasil: HasilInstrumen) -> Pengungkit:
    found, policy = hasil.kelompok[part.kelompok], hasil.kebijakan
    kelas = found.kelas.kode if found.kelas and found.kelas.kode else ""
    band = part.skala.bands[goal]
    if found.nilai is None:
        note = "Bagian ini belum terisi; isi dahulu, baru dapat dihitung apa yang mengungkitnya."
        return Pengungkit(part.kelompok, None, kelas, band.kode, None, (), (), None, False, note)
    levers = _levers(part, walk, found.nilai)
    chosen: list[str] = []
    lifted, is_enough = found.nilai, False
    for one in levers:
        chosen.append(one.kode)
        walk = walk.changed({one.kode: _full(one)})
        lifted = walk.groups[part.kelompok].nilai or lifted
        if _reaches(part, goal, lifted, policy):
            is_enough = True
            break
    needed = _needed(part, goal, found, policy)
    note = _note(found, band.label, levers, chosen, is_enough)
    return Pengungkit(
        part.kelompok, found.nilai, kelas, band.kode, needed, levers, tuple(chosen), lifted, is_enough, note
    )


def _levers(part: Bagian, walk: Walk, value: Decimal) -> tuple[Lever, ...]:
    """The items below a part whose best answer raises it, by effect; printed order where that is equal."""
    found = []
    for item in walk.instrumen.groups[part.kelompok].items():
        score = walk.items[item.kode]
        if score.status == "tidak_berlaku" or score.nilai == item.maksimum:
            continue
        best = best_answer(item, walk.answers.get(item.kode))
        if best is None or (score.nilai is not None and best.nilai <= score.nilai):
            continue
        lever = Lever(item.kode, score.nilai, best, Decimal(0))
        after = walk.changed({item.kode: _full(lever)}).groups[part.kelompok].nilai
        if after is not None and after > value:
            found.append(Lever(item.kode, score.nilai, best, after - value))
    # Equal effects may differ in the fiftieth digit; they keep the printed order.
    return tuple(sorted(found, key=lambda one: -round_half_up(one.effect, KEPT)))


def _full(lever: Lever) -> SkorButir:
    return SkorButir(lever.kode, "terjawab", lever.terbaik.nilai)


def _reaches(part: Bagian, goal: int, value: Decimal, policy: Kebijakan) -> bool:
    return classify_part(part, value, policy).kode in [band.kode for band in part.skala.bands[: goal + 1]]


def _needed(part: Bagian, goal: int, found: NilaiKelompok, policy: Kebijakan) -> Decimal | None:
    """The lowest value above the present one that has the class, whatever boundary policy reads the scale."""
    bounds = {bound for band in part.skala.bands for bound in (band.dari, band.sampai) if bound is not None}
    half = Decimal("0.5").scaleb(-part.skala.desimal)
    tried = sorted(round_half_up(bound + step, DECIMALS) for bound in bounds for step in (-half, Decimal(0), STEP))
    now = found.tampil or Decimal(0)
    return next((one for one in tried if one > now and _reaches(part, goal, one, policy)), None)


def _note(found: NilaiKelompok, label: str, levers: tuple[Lever, ...], chosen: list[str], is_enough: bool) -> str:
    if not is_enough:
        words = f"Semua {len(levers)} butir bernilai penuh pun belum mencapai {label}."
    elif len(chosen) == 1:
        words = f"Satu butir cukup untuk mencapai {label}."
    else:
        words = f"{len(chosen)} butir bersama-sama cukup untuk mencapai {label}."
    if found.is_provisional:
        words += (
            f" Baru {format_number(found.terjawab)} dari {format_number(found.berlaku)} butir terisi; "
            "pengaruh berubah setelah sisanya diisi."
        )
    return words
