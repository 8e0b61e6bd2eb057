"""What is doubtful about the text and the tree: numbers that repeat or jump, names twice, means of two scales."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from capaian.rules.instrumen.model import Butir, Instrumen, Kelompok
from capaian.rules.instrumen.temuan import Severity, Temuan, found
from capaian.rules.numbers import format_number

_KEEP = "Nomor tercetak dipertahankan; kode kami yang membedakan. Betulkan pada versi berikut."


def naskah_rules(instrumen: Instrumen) -> Iterator[Temuan]:
    """The findings about numbers, names, weights and properties."""
    for group in instrumen.groups.values():
        yield from _numbers(instrumen, group)
        yield from _mixed(instrumen, group)
        yield from _weights(instrumen, group)
    yield from _names(instrumen)
    yield from _properties(instrumen)


def _numbers(instrumen: Instrumen, group: Kelompok) -> Iterator[Temuan]:
    """Among the children of a group: each number once, one after the other, all of one form."""
    numbered = [(child, place) for child in group.isi if (place := _place(child.nomor)) is not None]
    seen: dict[tuple[str, int], str] = {}
    for child, place in numbered:
        if place in seen:
            yield found(
                instrumen, child, "nomor_ganda", "minor",
                f'Nomor "{child.nomor}" sudah dipakai "{seen[place]}" dalam kelompok yang sama.', _KEEP,
            )  # fmt: skip
        seen.setdefault(place, child.nama)
    for (before, one), (child, other) in pairwise(numbered):
        if one[0] != other[0]:
            yield found(
                instrumen, child, "nomor_beda_bentuk", "minor",
                f'Nomor "{child.nomor}" tidak sebentuk dengan "{before.nomor}" di atasnya.', _KEEP,
            )  # fmt: skip
        elif other[1] > one[1] + 1 or (other[1] < one[1] and seen[other] == child.nama):
            words = "meloncat" if other[1] > one[1] else "mundur"
            yield found(
                instrumen, child, "nomor_loncat", "minor",
                f'Nomor {words} dari "{before.nomor}" ke "{child.nomor}".', _KEEP,
            )  # fmt: skip
    if numbered and numbered[0][1][1] != 1 and len(numbered[0][1][0]) < 2:
        first = numbered[0][0]
        yield found(
            instrumen, first, "nomor_loncat", "minor",
            f'Nomor pertama kelompok ini "{first.nomor}", bukan 1 atau A.', _KEEP,
        )  # fmt: skip


def _place(nomor: str) -> tuple[str, int] | None:
    """The form of a printed number (its prefix, or `huruf`) and which one it is: `C 4` is the fourth of `C`."""
    text = re.sub(r"[\s.)(]", "", nomor)
    if match := re.fullmatch(r"([A-Za-z]?)(\d+)", text):
        return match[1].upper(), int(match[2])
    if re.fullmatch(r"[A-Za-z]", text):
        return "huruf kecil" if text.islower() else "huruf", ord(text.lower()) - ord("a") + 1
    return None


def _mixed(instrumen: Instrumen, group: Kelompok) -> Iterator[Temuan]:
    """A mean of children whose best values differ says nothing; it matters where it is classified."""
    counting = [child for child in group.isi if isinstance(child, Butir) or child.ikut]
    best = {child.best for child in counting}
    if group.agregasi not in ("rata_rata", "persen_maksimum") or len(best) < 2:
        return
    above = {part.kelompok for part in instrumen.klasifikasi}
    kode: str | None = group.kode
    while kode is not None and kode not in above:
        kode = instrumen.parents.get(kode)
    severity: Severity = "material" if kode is not None else "minor"
    shown = ", ".join(format_number(one) for one in sorted(best))
    yield found(
        instrumen, group, "skala_campur", severity,
        f"Rata-rata mencampur isi dengan nilai terbaik {shown}.",
        "Jadikan persen lebih dahulu, atau jumlahkan dengan bobot. Nilai kelompok ini jangan dibaca sendiri.",
    )  # fmt: skip


def _weights(instrumen: Instrumen, group: Kelompok) -> Iterator[Temuan]:
    weighted = [child for child in group.isi if child.bobot is not None]
    if group.agregasi != "jumlah_bobot" and weighted:
        yield found(
            instrumen, group, "bobot_tidak_dipakai", "minor",
            f"{len(weighted)} isi berbobot, tetapi kelompok ini tidak menjumlahkan bobot.",
            "Hapus bobotnya, atau pakai jumlah_bobot.",
        )  # fmt: skip
    for child in weighted:
        if group.agregasi == "jumlah_bobot" and child.bobot == 0:
            yield found(
                instrumen, child, "bobot_tidak_dipakai", "minor", "Bobotnya 0, sehingga tidak pernah berpengaruh.",
                "Beri bobot, atau keluarkan dari instrumen.",
            )  # fmt: skip


def _names(instrumen: Instrumen) -> Iterator[Temuan]:
    """The same name twice: in one group a slip, in two groups worth a look, above all with another target."""
    by_name: dict[str, list[Butir]] = defaultdict(list)
    for item in instrumen.items.values():
        by_name[" ".join(re.findall(r"\w+", item.nama.lower()))].append(item)
    for first, *others in by_name.values():
        for item in others:
            is_same = instrumen.parents[item.kode] == instrumen.parents[first.kode]
            severity: Severity = "material" if is_same or item.target != first.target else "minor"
            targets = f' dengan target "{first.target}" dan "{item.target}"' if item.target != first.target else ""
            yield found(
                instrumen, item, "nama_ganda", severity,
                f"Nama ini juga dipakai butir {first.kode}{targets}.",
                "Pastikan keduanya memang dimaksud, dan bedakan namanya.",
            )  # fmt: skip


def _properties(instrumen: Instrumen) -> Iterator[Temuan]:
    used = {item.sifat for item in instrumen.items.values()}
    for sifat, nama in instrumen.sifat.items():
        if sifat not in used:
            yield found(
                instrumen, instrumen.akar, "sifat_tidak_dipakai", "minor",
                f'Sifat "{nama}" tidak diminta butir mana pun.', "Hapus sifatnya, atau tandai butir yang memintanya.",
            )  # fmt: skip
