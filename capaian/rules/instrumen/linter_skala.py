"""What is doubtful about the classes: holes, scales that contradict each other, combinations that nothing decides."""

from __future__ import annotations

from collections.abc import Iterator

from capaian.rules.instrumen.hasil import classify_part
from capaian.rules.instrumen.line import Stretch, cut, runs
from capaian.rules.instrumen.model import Bagian, Instrumen
from capaian.rules.instrumen.temuan import Temuan, found
from capaian.rules.instrumen.terbaik import STEP
from capaian.rules.numbers import format_number
from capaian.rules.scales import Scale


def skala_rules(instrumen: Instrumen) -> Iterator[Temuan]:
    """The findings about the scales of the parts and about the class of the whole."""
    for part in instrumen.klasifikasi:
        yield from _faults(instrumen, part)
        yield from _ends(instrumen, part)
        yield from _contradictions(instrumen, part)
    yield from _not_printed(instrumen)
    yield from _combinations(instrumen)


def _line(instrumen: Instrumen, part: Bagian, *scales: Scale) -> list[Stretch]:
    """The values that the part can have, cut at the bounds of the scales."""
    bounds = [
        bound for scale in scales for band in scale.bands for bound in (band.dari, band.sampai) if bound is not None
    ]
    best = instrumen.groups[part.kelompok].best
    return cut([bound for bound in bounds if bound <= best], STEP, STEP - STEP, best)


def _held(scale: Scale, at: Stretch) -> tuple[str, ...]:
    return tuple(band.label for band in scale.bands if band.contains(at.sample))


def _faults(instrumen: Instrumen, part: Bagian) -> Iterator[Temuan]:
    group = instrumen.groups[part.kelompok]
    line = _line(instrumen, part, part.skala)
    known = [place for place, at in enumerate(line) if _held(part.skala, at)]
    inner = line[known[0] : known[-1] + 1] if known else []
    for held, at in runs((_held(part.skala, at), at) for at in inner):
        if len(held) == 1:
            continue
        words = f"masuk kelas {' dan '.join(held)}" if held else "tidak masuk kelas mana pun"
        given = classify_part(part, at.sample, instrumen.kebijakan)
        yield found(
            instrumen, group, "celah_kelas", "material", f"Nilai {at.words} {words} ({part.citation.tempat}).",
            f"Dengan {given.policy_words.replace(':', '')}, nilai {format_number(at.sample)} menjadi {given.label} dan "
            "ditandai.",
        )  # fmt: skip


def _ends(instrumen: Instrumen, part: Bagian) -> Iterator[Temuan]:
    group = instrumen.groups[part.kelompok]
    for band in part.skala.bands:
        if band.dari is not None and (band.dari > group.best or (band.dari_terbuka and band.dari == group.best)):
            yield found(
                instrumen, group, "kelas_tak_tercapai", "material",
                f"Kelas {band.label} mulai {format_number(band.dari)}, nilai terbaik {format_number(group.best)}.",
                "Betulkan skala atau nilai terbaik kelompok.",
            )  # fmt: skip
    if not part.skala.bands[0].ends_above(group.best):
        yield found(
            instrumen, group, "kelas_tak_tercapai", "material",
            f"Nilai terbaik {format_number(group.best)} melebihi batas kelas teratas.",
            "Buka batas atas kelas teratas.",
        )  # fmt: skip


def _contradictions(instrumen: Instrumen, part: Bagian) -> Iterator[Temuan]:
    """Where another printed scale of the same document gives other classes, run by run."""
    group = instrumen.groups[part.kelompok]
    for other in part.skala_lain:
        pairs = (
            ((_held(part.skala, at), _held(other.skala, at)), at)
            for at in _line(instrumen, part, part.skala, other.skala)
        )
        for (here, there), at in runs(pairs):
            if here != there:
                yield found(
                    instrumen, group, "skala_berbeda", "material",
                    f"Nilai {at.words}: {_said(here)} menurut {part.citation.tempat}, {_said(there)} menurut "
                    f"{other.citation.tempat}.",
                    f"Dipakai {part.citation.tempat}.",
                )  # fmt: skip


def _said(labels: tuple[str, ...]) -> str:
    return " dan ".join(labels) if labels else "tanpa kelas"


def _not_printed(instrumen: Instrumen) -> Iterator[Temuan]:
    """A second scale for some parts and none for the others."""
    with_other = [part for part in instrumen.klasifikasi if part.skala_lain]
    for part in instrumen.klasifikasi if with_other else ():
        if not part.skala_lain:
            group = instrumen.groups[part.kelompok]
            place = with_other[0].skala_lain[0].citation.tempat
            yield found(
                instrumen, group, "skala_tidak_tercetak", "minor",
                f"{place} memuat skala {instrumen.groups[with_other[0].kelompok].nama}, tetapi tidak untuk bagian ini.",
                f"Dipakai {part.citation.tempat}.",
            )  # fmt: skip


def _combinations(instrumen: Instrumen) -> Iterator[Temuan]:
    parts = instrumen.klasifikasi
    if len(parts) < 2:
        return
    classes = len(parts[0].skala.bands)
    every = classes ** len(parts)
    names = ", ".join(instrumen.groups[part.kelompok].nama for part in parts)
    example = ", ".join(
        f"{instrumen.groups[part.kelompok].nama} {band.label}"
        for part, band in zip(parts, parts[0].skala.bands, strict=False)
    )
    words = {"terendah": "kelas terendah di antara bagian", "tidak_terklasifikasi": "tidak terklasifikasi"}
    yield found(
        instrumen, instrumen.akar, "kelas_campuran", "material",
        f"Kelas keseluruhan meminta kelas yang sama pada {names}. {every - classes} dari {every} gabungan kelas tidak "
        f"diatur, misalnya {example}.",
        f"Dipakai {words[instrumen.kebijakan.campuran]}; kelas tiap bagian tetap ditampilkan.",
    )  # fmt: skip
