"""From the scores of items to the values of groups, the classes of the parts, and the class of the whole."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import cast

from capaian.rules.instrumen.model import Bagian, Butir, Instrumen, Kebijakan, Kelompok
from capaian.rules.instrumen.skor import Isian, SkorButir, score_item
from capaian.rules.numbers import (
    HUNDRED,
    NumberFormatError,
    divide,
    format_number,
    mean,
    parse_number,
    round_half_up,
    with_kernel_digits,
)
from capaian.rules.scales import UNCLASSIFIED, BoundaryPolicy, Classification
from capaian.rules.trace import Step, Trace

DECIMALS = 2


@dataclass(frozen=True)
class NilaiKelompok:
    """The value of a group: unrounded and rounded, how many of its applicable items are answered, and remarks.

    None where nothing below is answered. A group with unanswered items is provisional, and says so. `jawaban` is what
    was answered for the group itself: the kode of a choice, or a stated value; its items then have no part in it.
    """

    kode: str
    nilai: Decimal | None
    terjawab: int
    berlaku: int
    catatan: tuple[str, ...] = ()
    kelas: Classification | None = None
    jawaban: str = ""

    @property
    def tampil(self) -> Decimal | None:
        """The value rounded half up to two decimals."""
        return None if self.nilai is None else round_half_up(self.nilai, DECIMALS)

    @property
    def is_provisional(self) -> bool:
        """Whether items that apply are not answered yet."""
        return self.terjawab < self.berlaku


@dataclass(frozen=True)
class HasilInstrumen:
    """The whole result: items and groups by kode, the class with its name (empty where none), remarks, policies."""

    butir: Mapping[str, SkorButir]
    kelompok: Mapping[str, NilaiKelompok]
    kelas: str
    label: str
    catatan: tuple[str, ...]
    kebijakan: Kebijakan


@with_kernel_digits
def evaluate(
    instrumen: Instrumen,
    answers: Mapping[str, Isian],
    sifat: Collection[str] = (),
    kebijakan: Kebijakan | None = None,
) -> HasilInstrumen:
    """Score every item, join them up the tree, classify the parts and the whole.

    What does not apply leaves the mean; what is not answered leaves it too, and makes the group provisional. Errors:
    none; an answer that cannot be scored counts as not answered and carries its reason. Source: regulations 2.2, 6.5
    and 6.6; switches of section 12.
    """
    policy = kebijakan or instrumen.kebijakan
    items = {
        item.kode: score_item(item, answers.get(item.kode), sifat, instrumen.sifat) for item in instrumen.items.values()
    }
    walk = Walk(instrumen, policy, items, answers)
    walk.value(instrumen.akar)
    groups = _classified(instrumen, policy, walk.groups)
    kelas, label, notes = _whole(instrumen, policy, groups)
    return HasilInstrumen(items, groups, kelas, label, notes, policy)


def weight_of(group: Kelompok) -> Decimal:
    """The most points that a document states for a group: its weight in the group above, for the root its best."""
    return group.maksimum if group.bobot is None else group.bobot


def stated_points(group: Kelompok, text: str) -> Decimal | None:
    """The value that an answer states for a group, 0 to its weight; None for a choice or what is no such value."""
    if not text.strip() or any(one.kode == text.strip() for one in group.pilihan):
        return None
    try:
        points = parse_number(text)
    except NumberFormatError:
        return None
    return points if 0 <= points <= weight_of(group) else None


class Walk:
    """One pass over the tree, each group once, from below; `groups` holds their values afterwards."""

    def __init__(
        self, instrumen: Instrumen, policy: Kebijakan, items: Mapping[str, SkorButir], answers: Mapping[str, Isian]
    ) -> None:
        self.instrumen, self.policy, self.items, self.answers = instrumen, policy, items, answers
        self.groups: dict[str, NilaiKelompok] = {}

    def value(self, group: Kelompok) -> NilaiKelompok:
        """The value of a group, after those below it."""
        for child in group.isi:
            if isinstance(child, Kelompok):
                self.value(child)
        return self._own(group)

    def changed(self, items: Mapping[str, SkorButir]) -> Walk:
        """The walk with other scores of some items: only the groups above them are joined again."""
        other = Walk(self.instrumen, self.policy, {**self.items, **items}, self.answers)
        other.groups = dict(self.groups)
        above: set[str] = set()
        for kode in items:
            while (parent := self.instrumen.parents.get(kode)) is not None and parent not in above:
                above.add(parent)
                kode = parent
        # `groups` names each before those below it, so that backwards the lowest come first.
        for kode in reversed(tuple(self.instrumen.groups)):
            if kode in above:
                other._own(self.instrumen.groups[kode])
        return other

    def _own(self, group: Kelompok) -> NilaiKelompok:
        is_graded = bool(group.pilihan) and self.policy.skor == "kelompok"
        found = self._stated(group) or (self._graded(group) if is_graded else self._joined(group))
        self.groups[group.kode] = found
        return found

    def _stated(self, group: Kelompok) -> NilaiKelompok | None:
        """The value of a group that a document states in points of its weight, whatever its items say."""
        given = self.answers.get(group.kode)
        points = stated_points(group, given.nilai) if given else None
        if points is None:
            return None
        best = weight_of(group)
        note = f"Nilai {format_number(points)} dari {format_number(best)} dipakai seperti tercetak pada dokumen."
        value = divide(points * group.maksimum, best)
        return NilaiKelompok(group.kode, value, 1, 1, (note,), jawaban=format_number(points))

    def _graded(self, group: Kelompok) -> NilaiKelompok:
        """The value of a group that is graded as a whole."""
        given = self.answers.get(group.kode)
        text = given.nilai.strip() if given else ""
        chosen = next((one for one in group.pilihan if one.kode == text), None)
        if chosen is not None:
            return NilaiKelompok(group.kode, chosen.nilai, 1, 1, jawaban=chosen.kode)
        known = ", ".join(one.kode for one in group.pilihan)
        notes = (f'Jawaban "{text}" tidak ada; pilih {known}.',) if text else ()
        return NilaiKelompok(group.kode, None, 0, 1, notes)

    def _joined(self, group: Kelompok) -> NilaiKelompok:
        joined, notes = self._join(group)
        answered, applying = self._counts(group)
        return NilaiKelompok(group.kode, joined, answered, applying, notes)

    def _counts(self, group: Kelompok) -> tuple[int, int]:
        """Of what has a part in the value: how much is answered, and how much applies."""
        answered = applying = 0
        for child in group.isi:
            if isinstance(child, Butir):
                status = self.items[child.kode].status
                answered += status == "terjawab"
                applying += status != "tidak_berlaku"
            elif takes_part(child, self.policy):
                answered += self.groups[child.kode].terjawab
                applying += self.groups[child.kode].berlaku
        return answered, applying

    def _join(self, group: Kelompok) -> tuple[Decimal | None, tuple[str, ...]]:
        if group.agregasi == "jumlah_bobot":
            return self._weighted(group)
        values = [value for value in self._values(group) if value is not None]
        if not values:
            return None, ()
        if group.agregasi == "jumlah":
            return sum(values, Decimal(0)), ()
        average = mean(values)
        return (divide(average * HUNDRED, group.maksimum) if group.agregasi == "persen_maksimum" else average), ()

    def _values(self, group: Kelompok) -> list[Decimal | None]:
        """The values that are joined: those of the children, or where it is flat those of all items."""
        if is_flat(group, self.policy):
            return [self._leaf(one) for one in leaves(group, self.policy)]
        return [self._leaf(child) for child in group.isi if takes_part(child, self.policy)]

    def _leaf(self, child: Butir | Kelompok) -> Decimal | None:
        return self.groups[child.kode].nilai if isinstance(child, Kelompok) else self.items[child.kode].nilai

    def _weighted(self, group: Kelompok) -> tuple[Decimal | None, tuple[str, ...]]:
        """Σ of value ÷ best value × weight; the weight of what does not apply is shared out among the rest."""
        total, applying, notes, known = Decimal(0), Decimal(0), [], False
        for child in group.isi:
            if not takes_part(child, self.policy) or child.bobot is None:
                continue
            if self._is_out(child):
                notes.append(f'Bobot "{child.nama}" dibagi kepada yang lain karena tidak berlaku.')
                continue
            applying += child.bobot
            value = self._leaf(child)
            if value is None:
                notes.append(f'"{child.nama}" belum bernilai dan tidak ikut dijumlahkan.')
                continue
            known = True
            total += divide(value * child.bobot, child.best)
        if not known:
            return None, tuple(notes)
        return divide(total * group.maksimum, applying), tuple(notes)

    def _is_out(self, child: Butir | Kelompok) -> bool:
        if isinstance(child, Butir):
            return self.items[child.kode].status == "tidak_berlaku"
        return self.groups[child.kode].berlaku == 0


def is_flat(group: Kelompok, policy: Kebijakan) -> bool:
    """Whether a group is the mean of all items below it instead of that of its children."""
    is_mean = group.agregasi in ("rata_rata", "persen_maksimum") and not group.is_item
    return is_mean and (group.datar or policy.rata_rata == "datar")


def _is_opened(group: Kelompok, policy: Kebijakan) -> bool:
    is_graded = bool(group.pilihan) and policy.skor == "kelompok"
    return group.agregasi == "rata_rata" and not group.is_item and not is_graded


def takes_part(child: Butir | Kelompok, policy: Kebijakan) -> bool:
    """Whether a child counts in the value of its group."""
    return isinstance(child, Butir) or child.ikut or child.kode in policy.sertakan


def leaves(group: Kelompok, policy: Kebijakan) -> list[Butir | Kelompok]:
    """What counts in a flat mean: the items below.

    An indicator with sub-lines is one, and so is a group that sums or that is graded as a whole.
    """
    found: list[Butir | Kelompok] = []
    for child in group.isi:
        if not takes_part(child, policy):
            continue
        if isinstance(child, Kelompok) and _is_opened(child, policy):
            found += leaves(child, policy)
        else:
            found.append(child)
    return found


def _classified(
    instrumen: Instrumen, policy: Kebijakan, groups: Mapping[str, NilaiKelompok]
) -> dict[str, NilaiKelompok]:
    found = dict(groups)
    for part in instrumen.klasifikasi:
        one = found[part.kelompok]
        if one.nilai is None:
            continue
        kelas = classify_part(part, one.nilai, policy)
        found[part.kelompok] = replace(one, catatan=(*one.catatan, *kelas.notes), kelas=kelas)
    return found


def classify_part(part: Bagian, value: Decimal, policy: Kebijakan) -> Classification:
    """The class of the value of a part, given unrounded.

    It is rounded once: to two decimals, or by the policy `bulatkan_dulu` to those of the scale.
    """
    chosen = cast(BoundaryPolicy, policy.batas_kelas) if policy.batas_kelas else part.skala.kebijakan
    if chosen == "bulatkan_dulu":
        return part.skala.classify(value, chosen)
    return part.skala.classify(round_half_up(value, DECIMALS), chosen)


def _whole(
    instrumen: Instrumen, policy: Kebijakan, groups: Mapping[str, NilaiKelompok]
) -> tuple[str, str, tuple[str, ...]]:
    """The class of the whole from those of its parts: the same in all, else by the policy for mixed classes."""
    if not instrumen.klasifikasi:
        return "", "", ()
    parts = [groups[part.kelompok].kelas for part in instrumen.klasifikasi]
    known = [one for one in parts if one is not None]
    if len(known) < len(parts):
        return "", "", ("Belum semua bagian bernilai, sehingga belum ada kelas.",)
    if any(one.kode is None for one in known):
        return "", UNCLASSIFIED, ("Salah satu bagian tidak terklasifikasi.",)
    order = [band.kode for band in instrumen.klasifikasi[0].skala.bands]
    kodes = {one.kode for one in known if one.kode}
    if len(kodes) == 1:
        return known[0].kode or "", known[0].label, ()
    named = ", ".join(f"{instrumen.groups[part.kelompok].nama} {one.label}" for part, one in
                      zip(instrumen.klasifikasi, known, strict=True))  # fmt: skip
    if policy.campuran == "tidak_terklasifikasi":
        return "", UNCLASSIFIED, (f"Kelas bagian berbeda ({named}); dokumen tidak mengatur kelas campuran.",)
    worst = max(known, key=lambda one: order.index(one.kode or ""))
    return worst.kode or "", worst.label, (f"Kelas bagian berbeda ({named}); dipakai yang terendah.",)


@with_kernel_digits
def explain(instrumen: Instrumen, hasil: HasilInstrumen, kode: str) -> Trace:
    """How the value of an item or a group came about, from its own children to its class.

    Raises KeyError for a kode that the instrument does not have.
    """
    if kode in instrumen.items:
        return Trace(hasil.butir[kode].steps)
    group, found = instrumen.groups[kode], hasil.kelompok[kode]
    inputs = tuple(
        (f"{child.nomor} {child.nama}".strip(), _shown(_value_of(hasil, child), child)) for child in group.isi
    )
    words = {
        "rata_rata": "rata-rata yang berlaku dan terjawab",
        "persen_maksimum": f"rata-rata ÷ {format_number(group.maksimum)} × 100",
        "jumlah_bobot": "Σ nilai ÷ nilai terbaik × bobot",
        "jumlah": "Σ nilai",
    }[group.agregasi]
    if is_flat(group, hasil.kebijakan):
        words = words.replace("rata-rata", "rata-rata semua butir (datar)", 1)
    if found.jawaban:
        words, inputs = _given_words(group, found.jawaban)
    result = "–" if found.nilai is None else format_number(found.nilai.quantize(Decimal("0.000001")))
    steps = [Step(group.nama, words, inputs, result, instrumen.citation, " ".join(found.catatan))]
    if found.kelas is not None:
        citation = next(part.citation for part in instrumen.klasifikasi if part.kelompok == kode)
        steps.append(
            Step("Kelas", found.kelas.policy_words, (("Nilai", format_number(found.tampil or 0)),), found.kelas.label,
                 citation, " ".join(found.kelas.notes))
        )  # fmt: skip
    return Trace(tuple(steps))


def _given_words(group: Kelompok, jawaban: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """What a group was answered with: a choice with its meaning, or the value that a document states."""
    chosen = next((one for one in group.pilihan if one.kode == jawaban), None)
    if chosen is None:
        best = format_number(group.maksimum)
        return f"nilai tercetak ÷ bobot × {best}", (
            ("Nilai tercetak", jawaban),
            ("Bobot", format_number(weight_of(group))),
        )
    return f"jawaban {chosen.kode}", (("Arti", chosen.teks or chosen.kode),)


def _value_of(hasil: HasilInstrumen, child: Butir | Kelompok) -> Decimal | None:
    return hasil.kelompok[child.kode].nilai if isinstance(child, Kelompok) else hasil.butir[child.kode].nilai


def _shown(value: Decimal | None, child: Butir | Kelompok) -> str:
    shown = "tidak ikut" if value is None else format_number(round_half_up(value, DECIMALS))
    return f"{shown} (bobot {format_number(child.bobot)})" if child.bobot is not None else shown
