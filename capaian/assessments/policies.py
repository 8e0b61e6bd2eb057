"""What a document leaves open and the office decides for a year: each question, its answers, and what each changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from capaian.rules.instrumen.model import Instrumen, Kebijakan
from capaian.rules.scales import POLICIES


@dataclass(frozen=True)
class Choice:
    """One answer to a question: its value, its name, and what it changes in the result."""

    value: str
    nama: str
    akibat: str


@dataclass(frozen=True)
class Policy:
    """A question with its answers; with `is_many` any number of them, or none, can be chosen."""

    name: str
    pertanyaan: str
    dasar: str
    choices: tuple[Choice, ...]
    is_many: bool = False


class PolicyError(ValueError):
    """A policy that the instrument does not know, or a value that it does not take; the message says which fit."""


_RATA_RATA: Final = Policy(
    "rata_rata",
    "Bagaimana rata-rata kelompok dihitung?",
    "Dokumen merata-ratakan per program, lalu antarprogram; ada daerah yang merata-ratakan semua butir sekaligus.",
    (
        Choice(
            "bertingkat",
            "Bertingkat",
            "Tiap kelompok sama beratnya dalam kelompok di atasnya, berapa pun banyak butirnya.",
        ),
        Choice(
            "datar",
            "Datar",
            "Tiap butir sama beratnya; kelompok yang banyak butirnya lebih menentukan. Kelompok yang menjumlah tetap "
            "satu nilai.",
        ),
    ),
)
_CAMPURAN: Final = Policy(
    "campuran",
    "Apa kelasnya bila bagian-bagiannya berbeda kelas?",
    "Dokumen hanya menyebut kelas bila semua bagian sama.",
    (
        Choice("terendah", "Kelas yang terendah", "Satu bagian yang kurang menentukan seluruhnya; ditandai."),
        Choice(
            "tidak_terklasifikasi",
            "Tidak terklasifikasi",
            "Tidak ada kelas sampai semua bagian sama; unit itu berdiri di bawah yang berkelas.",
        ),
    ),
)
_SKOR: Final = Policy(
    "skor",
    "Pada tingkat mana kelompok yang mempunyai pilihan dijawab?",
    "Subkomponen LKE dapat dinilai langsung, atau dari rata-rata kriterianya.",
    (
        Choice("butir", "Tiap butir", "Nilai kelompok adalah gabungan jawaban butirnya."),
        Choice("kelompok", "Kelompoknya langsung", "Satu jawaban untuk kelompok; jawaban butir menjadi bahan saja."),
    ),
)
_BATAS_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "": ("Menurut tiap skala", "Batas seperti yang ditetapkan instrumen pada tiap skalanya."),
    "ambang_bawah": ("Ambang bawah", "Kelas tertinggi yang batas bawahnya tercapai."),
    "bulatkan_dulu": ("Bulatkan dahulu", "Nilai dibulatkan menurut desimal skala, lalu dicari kelasnya."),
    "lebih_dari": ("Lebih dari", "Kelas di atas berlaku begitu nilainya melebihi batas atas kelas di bawahnya."),
    "literal": ("Seperti tercetak", "Nilai di celah, atau dalam dua kelas sekaligus, tidak mendapat kelas."),
}  # fmt: skip


def policies_of(instrumen: Instrumen) -> list[Policy]:
    """The questions that matter for an instrument; those that would change nothing are left out."""
    found = [_RATA_RATA]
    if len(instrumen.klasifikasi) > 1:
        found.append(_CAMPURAN)
    beside = [one for one in instrumen.groups.values() if not one.ikut]
    if beside:
        choices = tuple(
            Choice(one.kode, f"{one.nomor} {one.nama}".strip(), "Nilainya ikut dihitung dalam kelompok di atasnya.")
            for one in beside
        )
        said = "Instrumen menunjukkan kelompok ini di samping; centang bila kantor menghitungnya."
        found.append(Policy("sertakan", "Kelompok samping mana yang ikut dihitung?", said, choices, is_many=True))
    if any(one.pilihan for one in instrumen.groups.values()):
        found.append(_SKOR)
    if instrumen.klasifikasi:
        said = "Batas kelas yang tercetak sering berlubang atau bertumpang tindih; kebijakan menentukan nilai di batas."
        choices = tuple(Choice(kode, *_BATAS_WORDS[kode]) for kode in ("", *POLICIES))
        found.append(Policy("batas_kelas", "Kelas mana untuk nilai di celah atau batas?", said, choices))
    return found


def check_policies(instrumen: Instrumen, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """What an office decides, without what the instrument says anyway. Raises `PolicyError` in words."""
    known = {one.name for one in fields(Kebijakan)}
    unknown = sorted(set(chosen) - known)
    if unknown:
        raise PolicyError(f"Kebijakan tidak dikenal: {', '.join(unknown)}. Yang ada: {', '.join(sorted(known))}.")
    allowed = {one.name: {choice.value for choice in one.choices} for one in (_RATA_RATA, _CAMPURAN, _SKOR)}
    allowed |= {"batas_kelas": set(_BATAS_WORDS), "sertakan": {k for k, g in instrumen.groups.items() if not g.ikut}}
    found: dict[str, Any] = {}
    for name, value in chosen.items():
        values = list(value) if isinstance(value, list | tuple) else [value]
        wrong = [str(one) for one in values if not isinstance(one, str) or one not in allowed[name]]
        if wrong or (name != "sertakan" and len(values) != 1):
            fits = ", ".join(sorted(allowed[name] - {""})) or "tidak ada"
            raise PolicyError(
                f'Kebijakan {name}: "{", ".join(wrong) or value}" tidak dikenal; yang dapat dipilih {fits}.'
            )
        own = getattr(instrumen.kebijakan, name)
        if name == "sertakan":
            if tuple(values) != own:
                found[name] = values
        elif values[0] != own:
            found[name] = values[0]
    return found


def policies_in_words(instrumen: Instrumen, kebijakan: Kebijakan) -> list[tuple[str, str]]:
    """Each question with the answer that holds, by name."""
    found = []
    for one in policies_of(instrumen):
        value = getattr(kebijakan, one.name)
        held = value if isinstance(value, tuple) else (value,)
        names = [choice.nama for choice in one.choices if choice.value in held]
        found.append((one.pertanyaan, ", ".join(names) or "Tidak ada"))
    return found
