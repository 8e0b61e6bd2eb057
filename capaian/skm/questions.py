"""What a survey asks: by unsur one question and four answers, worst first, in our own words and editable.

That "gratis" is the best answer about the cost of a free service is usage of sample questionnaires; the text of the
regulation was not at hand. The order of the last two unsur differs between documents, so they are known by kode.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from capaian.skm.compute import unsur_names
from capaian.skm.models import UNSUR, Survei

LOWEST, HIGHEST = 1, 4
MOST_QUESTION, MOST_ANSWER = 300, 80
_FREE_OF_CHARGE: Final = (
    "Apakah Anda diminta membayar untuk pelayanan yang seharusnya gratis?",
    ("Ya, dan memberatkan", "Ya, tetapi sedikit", "Hanya sukarela", "Tidak, gratis"),
)
_USUAL: Final[dict[str, tuple[str, tuple[str, str, str, str]]]] = {
    "persyaratan": (
        "Seberapa mudah persyaratan pelayanan ini Anda penuhi?",
        ("Tidak mudah", "Kurang mudah", "Mudah", "Sangat mudah"),
    ),
    "prosedur": (
        "Seberapa mudah alur pelayanan di sini diikuti?",
        ("Tidak mudah", "Kurang mudah", "Mudah", "Sangat mudah"),
    ),
    "waktu": (
        "Seberapa cepat Anda dilayani?",
        ("Tidak cepat", "Kurang cepat", "Cepat", "Sangat cepat"),
    ),
    "biaya": (
        "Seberapa wajar biaya yang Anda bayar?",
        ("Sangat mahal", "Cukup mahal", "Wajar", "Sangat wajar"),
    ),
    "produk": (
        "Apakah pelayanan yang Anda terima sesuai dengan yang dijanjikan?",
        ("Tidak sesuai", "Kurang sesuai", "Sesuai", "Sangat sesuai"),
    ),
    "kompetensi": (
        "Seberapa mampu petugas melayani kebutuhan Anda?",
        ("Tidak mampu", "Kurang mampu", "Mampu", "Sangat mampu"),
    ),
    "perilaku": (
        "Seberapa sopan dan ramah petugas melayani Anda?",
        ("Tidak sopan", "Kurang sopan", "Sopan dan ramah", "Sangat sopan dan ramah"),
    ),
    "pengaduan": (
        "Bagaimana pengaduan dan saran ditangani di sini?",
        ("Tidak ada salurannya", "Ada, tidak ditanggapi", "Ditanggapi, kurang cepat", "Ditanggapi dengan baik"),
    ),
    "sarana": (
        "Seberapa baik ruang, alat, dan kebersihan di sini?",
        ("Buruk", "Cukup", "Baik", "Sangat baik"),
    ),
}


@dataclass(frozen=True)
class Pertanyaan:
    """One question of a survey: `jawaban` are its four answers, worst first, worth 1 to 4."""

    unsur: str
    nama: str
    teks: str
    jawaban: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """As a survey keeps it."""
        return {"teks": self.teks, "jawaban": list(self.jawaban)}


def usual_question(unsur: str, *, is_free: bool) -> Pertanyaan:
    """The question about an unsur as it comes with Capaian; of a free service it asks whether it was free."""
    teks, jawaban = _FREE_OF_CHARGE if unsur == "biaya" and is_free else _USUAL[unsur]
    return Pertanyaan(unsur, unsur_names()[unsur], teks, tuple(jawaban))


def questions_of(survei: Survei) -> list[Pertanyaan]:
    """The questions of a survey in the order of the unsur: its own words, and the usual ones where it has none."""
    asked = [unsur for unsur in UNSUR if unsur in survei.unsur]
    return [_question(unsur, survei.pertanyaan, is_free=survei.is_gratis) for unsur in asked]


def _question(unsur: str, own: Mapping[str, Mapping[str, Any]], *, is_free: bool) -> Pertanyaan:
    usual = usual_question(unsur, is_free=is_free)
    if unsur not in own:
        return usual
    return Pertanyaan(unsur, usual.nama, str(own[unsur]["teks"]), tuple(map(str, own[unsur]["jawaban"])))
