"""The linter of instruments: what a printed instrument leaves open, contradicts, or can never score.

`read_instrumen` refuses what cannot be used; here stands what can be used but is doubtful. Nothing is repaired.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from capaian.rules.instrumen.linter_naskah import naskah_rules
from capaian.rules.instrumen.linter_pita import pita_rules
from capaian.rules.instrumen.linter_skala import skala_rules
from capaian.rules.instrumen.linter_target import target_rules
from capaian.rules.instrumen.model import Butir, Instrumen, Kelompok
from capaian.rules.instrumen.temuan import Temuan
from capaian.rules.numbers import with_kernel_digits

__all__ = ["RULES", "Temuan", "lint"]

# What each rule looks for, in Indonesian, in the order of the published page.
RULES: dict[str, str] = {
    "celah_pita": "Celah antarpita: nilai yang tidak masuk pita mana pun.",
    "tumpang_tindih_pita": "Nilai yang masuk dua pita dengan nilai butir berbeda.",
    "pita_tak_tercapai": "Pita yang tidak pernah dipakai, berapa pun nilainya.",
    "lebih_baik_lebih_rendah": "Nilai yang lebih baik mendapat nilai butir yang lebih rendah.",
    "di_luar_pita": "Nilai di luar pita tertinggi atau terendah yang mungkin terjadi.",
    "pilihan_sama": "Dua pilihan berarti sama, nilainya berbeda.",
    "persen_tepat": "Pilihan dengan satu persentase tepat; yang di antaranya tidak diatur.",
    "maksimum_tak_tercapai": "Nilai terbaik butir tidak dapat dicapai dengan jawaban apa pun.",
    "target_bukan_nilai_penuh": "Memenuhi target belum memberi nilai penuh, atau nilai penuh diberikan di bawahnya.",
    "kode_angka": "Pita tanpa batas berkode angka, sehingga angka yang sama bermakna dua.",
    "target_kosong": "Butir capaian tanpa target, sehingga tidak pernah bernilai.",
    "tanpa_target": "Butir tanpa target tercetak.",
    "target_nol": "Target 0 pada butir yang makin tinggi makin baik.",
    "target_melebihi": "Target cakupan melebihi 100 %.",
    "tanda_berlawanan": "Tanda pada target berlawanan dengan arah butir.",
    "arah_tidak_lazim": "Arah berlawanan dengan yang lazim menurut nama indikator.",
    "alasan_arah": "Arah tanpa alasan.",
    "satuan_pengali": "Satuan tercetak tidak sesuai dengan pengali perhitungan.",
    "satuan_target": "Satuan pada target berbeda dari satuan tercetak.",
    "satuan_tidak_lazim": "Satuan angka kematian tidak lazim.",
    "sasaran_pembilang": "Sasaran tercetak adalah yang dihitung, bukan penyebutnya.",
    "sasaran_lain": "Sasaran tercetak berbeda dari yang disebut nama indikator.",
    "nomor_ganda": "Nomor tercetak dipakai dua kali.",
    "nomor_loncat": "Nomor tercetak meloncat atau mundur.",
    "nomor_beda_bentuk": "Nomor tercetak tidak sebentuk dengan saudaranya.",
    "nama_ganda": "Nama yang sama dua kali.",
    "skala_campur": "Rata-rata mencampur butir dengan nilai terbaik yang berbeda.",
    "bobot_tidak_dipakai": "Bobot pada kelompok yang tidak menjumlahkan bobot.",
    "sifat_tidak_dipakai": "Sifat yang tidak diminta butir mana pun.",
    "celah_kelas": "Celah atau tumpang tindih antarkelas.",
    "kelas_tak_tercapai": "Kelas yang tidak dapat dicapai, atau nilai di luar skala.",
    "skala_berbeda": "Dokumen mencetak dua skala yang berbeda untuk bagian yang sama.",
    "skala_tidak_tercetak": "Skala kedua dicetak untuk sebagian bagian saja.",
    "kelas_campuran": "Gabungan kelas antarbagian yang tidak diatur.",
}  # fmt: skip
_FAMILIES: tuple[Callable[[Instrumen], Iterator[Temuan]], ...] = (
    skala_rules,
    pita_rules,
    target_rules,
    naskah_rules,
)


@with_kernel_digits
def lint(instrumen: Instrumen) -> list[Temuan]:
    """Everything doubtful about an instrument, material first, then in printed order and in that of `RULES`.

    Errors: none. Source: regulations 6.2 to 6.5 name the faults of the instrument of Pati that led to these rules.
    """
    order = {kode: place for place, kode in enumerate(_printed(instrumen.akar))}
    rules = {rule: place for place, rule in enumerate(RULES)}
    every = [one for family in _FAMILIES for one in family(instrumen)]
    return sorted(every, key=lambda one: (one.severity != "material", order.get(one.kode, -1), rules[one.rule]))


def _printed(one: Butir | Kelompok) -> Iterator[str]:
    """The kode of a group or item and of what is below it, in printed order."""
    yield one.kode
    for child in one.isi if isinstance(one, Kelompok) else ():
        yield from _printed(child)
