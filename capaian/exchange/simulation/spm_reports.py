"""What the Puskesmas of a generated district report for SPM by month, and how far their forms came. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from capaian.exchange.simulation.district import District, Unit
from capaian.exchange.simulation.quarters import way_of
from capaian.exchange.simulation.spm_sasaran import split, unit_groups
from capaian.rules.spm.jendela import Bulan, counted_months
from capaian.rules.spm.standar import Layanan

# This Puskesmas (by its place, over and over) has not handed in anything since the third quarter.
SILENT, SILENT_EVERY, SILENT_SINCE = 5, 11, 3
# This one reaches far fewer people than the others.
WEAK, WEAK_EVERY = 3, 7
REASONS: Final = {
    "kembalikan": "Terlayani melonjak pada satu bulan; mohon dicocokkan dengan register.",
    "buka": "Laporan jaringan Puskesmas menyusul sesudah persetujuan.",
}
# What a unit reaches of its sasaran in a year, in percent, give or take; more than 100 happens in the eleventh.
COVERAGE: Final[Mapping[str, int]] = {
    "ibu_hamil": 88,
    "ibu_bersalin": 93,
    "bayi_baru_lahir": 95,
    "balita": 81,
    "usia_pendidikan_dasar": 92,
    "usia_produktif": 57,
    "usia_lanjut": 82,
    "hipertensi": 52,
    "diabetes_melitus": 87,
    "odgj_berat": 91,
    "terduga_tb": 101,
    "risiko_hiv": 90,
}
_SPREAD = 8
_MAY_EXCEED: Final = frozenset({"terduga_tb"})
_EVEN: Final = (8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8)
# Weights of the months of a year, January first; those of schools count for school years, and peak in August.
_MONTHS: Final[Mapping[str, Sequence[int]]] = {
    "balita": (5, 16, 6, 6, 7, 7, 7, 18, 8, 7, 7, 6),
    "usia_pendidikan_dasar": (4, 3, 2, 1, 0, 1, 5, 26, 24, 18, 11, 5),
    "usia_produktif": (4, 6, 8, 7, 9, 9, 9, 10, 10, 10, 10, 8),
}
# By service, what stands in the way and what is done about it; two for each.
_MONEV: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "ibu_hamil": (
        ("Kontak pertama baru terjadi pada trimester kedua.", "Kader mendata ibu hamil baru setiap bulan."),
        ("USG oleh dokter belum tersedia setiap pekan.", "Jadwal dokter dan USG digilir bersama Puskesmas tetangga."),
    ),
    "ibu_bersalin": (
        ("Sebagian persalinan terjadi di luar wilayah.", "Laporan persalinan diminta dari fasilitas rujukan."),
        ("Tim persalinan tidak selalu lengkap.", "Jadwal jaga bidan dan dokter disusun ulang."),
    ),
    "bayi_baru_lahir": (
        ("Kunjungan ketiga terlewat pada bayi yang pindah.", "Bidan desa saling memberi tahu tentang bayi pindah."),
        ("Kunjungan pertama di luar gedung terlambat dicatat.", "Pencatatan dilakukan pada hari kunjungan."),
    ),
    "balita": (
        ("Penimbangan delapan kali setahun belum tercapai.", "Penyisiran balita yang tidak datang ke posyandu."),
        ("Pemantauan perkembangan belum lengkap.", "Kader dilatih memakai kuesioner perkembangan."),
    ),
    "usia_pendidikan_dasar": (
        ("Penjaringan baru dimulai pada awal tahun ajaran.", "Jadwal penjaringan disepakati dengan sekolah."),
        ("Anak di luar sekolah belum terjangkau.", "Skrining dilakukan di panti dan posyandu remaja."),
    ),
    "usia_produktif": (
        ("Pekerja jarang datang pada jam layanan.", "Skrining dilakukan di tempat kerja dan pada sore hari."),
        ("Sasaran besar, strip gula darah habis sebelum waktunya.", "Pengadaan strip diusulkan pada perubahan."),
    ),
    "usia_lanjut": (
        ("Warga lanjut usia sulit menuju posyandu.", "Kunjungan rumah oleh kader dan perawat."),
        ("Pemeriksaan kolesterol belum merata.", "Strip dibagi menurut jumlah lanjut usia tiap desa."),
    ),
    "hipertensi": (
        ("Penderita tidak datang setiap bulan.", "Pengingat kunjungan dan obat untuk sebulan penuh."),
        ("Sasaran berupa perkiraan survei dan banyak yang belum ditemukan.", "Skrining tekanan darah di desa."),
    ),
    "diabetes_melitus": (
        ("Sebagian penderita berobat di luar wilayah.", "Pertukaran data dengan klinik dan rumah sakit."),
        ("Strip gula darah terbatas.", "Kebutuhan strip diajukan sesuai sasaran."),
    ),
    "odgj_berat": (
        ("Keluarga enggan membawa pasien.", "Kunjungan rumah bersama kader kesehatan jiwa."),
        ("Obat jiwa tidak selalu tersedia.", "Permintaan obat diajukan tiap bulan ke gudang farmasi."),
    ),
    "terduga_tb": (
        ("Pengiriman dahak dari desa jauh terlambat.", "Pengantaran dahak dijadwalkan dua kali sepekan."),
        ("Kartrid pemeriksaan sempat kosong.", "Peminjaman kartrid antar Puskesmas."),
    ),
    "risiko_hiv": (
        ("Kelompok berisiko belum bersedia diperiksa.", "Pemeriksaan bergerak bersama pendamping."),
        ("Tes cepat datang terlambat.", "Persediaan penyangga untuk satu bulan."),
    ),
}


def spm_way(place: int, quarter: int) -> tuple[str, ...] | None:
    """The transitions that the SPM forms of a unit have gone through in a quarter; None when nobody has begun them."""
    is_silent = place % SILENT_EVERY == SILENT and quarter >= SILENT_SINCE
    return None if is_silent else way_of(place, quarter)


def served_in_year(district: District, unit: Unit, layanan: Layanan, tahun: int) -> dict[int, int]:
    """Persons newly served by a unit in each month of a year (1 to 12), whatever year they count for."""
    months = served_for(district, unit, layanan, tahun)
    if layanan.jendela == "tahun_ajaran":
        months |= served_for(district, unit, layanan, tahun + 1)
    return {month.bulan: persons for month, persons in months.items() if month.tahun == tahun}


def served_for(district: District, unit: Unit, layanan: Layanan, tahun: int) -> dict[Bulan, int]:
    """Persons newly served that count for a year, by month: together what the unit reaches of its sasaran."""
    chance = district.chance("terlayani", unit.kunci, layanan.kode, tahun)
    percent = COVERAGE[layanan.kode] + chance.randrange(-_SPREAD, _SPREAD + 1)
    if unit.place % WEAK_EVERY == WEAK:
        percent = percent * 7 // 10
    if layanan.kode not in _MAY_EXCEED:
        percent = min(percent, 100)
    months = counted_months(layanan.jendela, tahun)
    usual = _MONTHS.get(layanan.kode, _EVEN)
    weights = [usual[month.bulan - 1] * chance.randrange(80, 121) for month in months]
    sasaran = unit_groups(unit, tahun, district.tahun)[layanan.kelompok]
    return dict(zip(months, split(sasaran * percent // 100, weights), strict=True))


def monev_of(district: District, unit: Unit, layanan: str, tahun: int, quarter: int) -> tuple[str, str]:
    """A problem that a unit met with a service in a quarter, and what it does about it."""
    return district.chance("monev", unit.kunci, layanan, tahun, quarter).choice(_MONEV[layanan])
