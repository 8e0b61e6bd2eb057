"""What the generated office plans: units, goals, and its indicators, as short rows. Codes come from the nomenclature.

An indicator of a node names the code of its node. Shares say how much of the population a denominator is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# kunci, nama, the codes that the unit answers for
BIDANG: Final = (
    ("sekretariat", "Sekretariat", ("1.02.01",)),
    ("bidang-kesmas", "Bidang Kesehatan Masyarakat", ("1.02.05", "1.02.02.2.02")),
    ("bidang-p2p", "Bidang Pencegahan dan Pengendalian Penyakit", ()),
    ("bidang-yankes", "Bidang Pelayanan Kesehatan", ("1.02.02",)),
    ("bidang-sdk", "Bidang Sumber Daya Kesehatan", ("1.02.03",)),
    ("bidang-farmasi", "Bidang Farmasi, Alat Kesehatan, dan Perbekalan", ("1.02.04",)),
)
RSUD: Final = (("rsud-timur", "RSUD Simulasi Timur"), ("rsud-barat", "RSUD Simulasi Barat"))
TUJUAN: Final = "Meningkatnya derajat kesehatan masyarakat"
SASARAN: Final = (
    ("s1", "Menurunnya kematian ibu dan anak serta masalah gizi"),
    ("s2", "Menurunnya kesakitan karena penyakit menular dan tidak menular"),
    ("s3", "Meningkatnya mutu dan akses pelayanan kesehatan"),
    ("s4", "Meningkatnya tata kelola dinas kesehatan"),
)
# sub kegiatan that the bidang of disease control answers for, below a kegiatan of kesehatan masyarakat
P2P_NODES: Final = tuple(f"1.02.02.2.02.{number:04d}" for number in (8, 9, 10, 11, 12, 20, 22, 25, 40, 41, 42))


@dataclass(frozen=True)
class Planned:
    """An indicator: where it belongs, its annual target as written, and how values for it are made.

    `reached` is the realisasi of the four quarters as texts; empty where values are computed from `target`.
    """

    kunci: str
    nama: str
    satuan: str
    target: str
    owner: str
    unit: str = ""
    arah: str = "naik"
    sifat: str = "posisi_akhir"
    reached: tuple[str, ...] = ()
    is_iku: bool = False


@dataclass(frozen=True)
class Collected:
    """An indicator that units of a kind report: how it is joined, and how large it is.

    `share` is the denominator of a ratio (or the count itself) per 10.000 inhabitants, `percent` what of it is
    reached in a year; `target` the office's target in percent, or for a count per 10.000 inhabitants in hundredths.
    """

    kunci: str
    nama: str
    owner: str
    gabungan: str
    share: int
    percent: int
    target: str
    pelapor: str = "puskesmas"
    arah: str = "naik"
    satuan: str = "%"
    pengali: int = 100


IKU: Final = (
    Planned(
        "iku.ahh",
        "Angka harapan hidup",
        "tahun",
        "72,18",
        "s1",
        "bidang-kesmas",
        is_iku=True,
        reached=("", "", "", "72,31"),
    ),
    Planned(
        "iku.stunting",
        "Prevalensi stunting pada balita",
        "%",
        "14",
        "s1",
        "bidang-kesmas",
        "turun",
        reached=("16,2", "15,8", "15,1", "14,6"),
        is_iku=True,
    ),
    Planned(
        "iku.malaria",
        "Angka kesakitan malaria",
        "per 1.000 penduduk",
        "< 1 per 1.000 penduduk",
        "s2",
        "bidang-p2p",
        "turun",
        reached=(
            "0,9 per 1.000 penduduk",
            "0,8 per 1.000 penduduk",
            "0,8 per 1.000 penduduk",
            "0,7 per 1.000 penduduk",
        ),
        is_iku=True,
    ),
    Planned(
        "iku.dbd",
        "Angka kesakitan DBD",
        "per 100.000 penduduk",
        "≤ 49",
        "s2",
        "bidang-p2p",
        "turun",
        reached=("21", "33,5", "41", "46,25"),
        is_iku=True,
    ),
    Planned(
        "iku.akreditasi",
        "Akreditasi Puskesmas dan RSUD",
        "fasilitas",
        "6 Puskesmas Paripurna, 1 RSUD Paripurna",
        "s3",
        "bidang-yankes",
        is_iku=True,
        reached=(
            "",
            "4 Puskesmas Paripurna, 0 RSUD Paripurna",
            "5 Puskesmas Paripurna, 1 RSUD Paripurna",
            "6 Puskesmas Paripurna, 1 RSUD Paripurna",
        ),
    ),
    Planned(
        "iku.ikm",
        "Indeks kepuasan masyarakat",
        "indeks",
        "76,61–88,30",
        "s3",
        "bidang-yankes",
        reached=("", "81,2", "", "83,45"),
        is_iku=True,
    ),
    Planned(
        "iku.sakip",
        "Nilai evaluasi akuntabilitas kinerja",
        "predikat",
        "BB",
        "s4",
        "sekretariat",
        reached=("", "", "", "BB"),
        is_iku=True,
    ),
    Planned(
        "iku.kunjungan",
        "Cakupan kunjungan sehat",
        "%",
        "80",
        "s3",
        "bidang-yankes",
        reached=("18", "31", "44", "52"),
        is_iku=True,
    ),
)
# kunci, nama, owner code, share, percent, target: all reported by Puskesmas as numerator and denominator
_RATIO: Final = (
    ("k4", "Ibu hamil mendapat pelayanan antenatal lengkap", "1.02.02.2.02.0001", 190, 91, "95"),
    ("fe", "Ibu hamil mendapat tablet tambah darah", "1.02.02.2.02.0001", 190, 94, "92"),
    ("kek", "Ibu hamil kurang energi kronik mendapat makanan tambahan", "1.02.02.2.02.0001", 22, 88, "90"),
    ("pn", "Persalinan di fasilitas kesehatan", "1.02.02.2.02.0002", 181, 96, "98"),
    ("kf", "Pelayanan nifas lengkap", "1.02.02.2.02.0002", 181, 92, "92"),
    ("kn", "Bayi baru lahir mendapat kunjungan lengkap", "1.02.02.2.02.0003", 173, 97, "98"),
    ("imd", "Bayi baru lahir mendapat inisiasi menyusu dini", "1.02.02.2.02.0003", 173, 84, "80"),
    ("balita", "Balita mendapat pelayanan sesuai standar", "1.02.02.2.02.0004", 780, 82, "90"),
    ("vita", "Balita mendapat vitamin A", "1.02.02.2.02.0004", 690, 95, "95"),
    ("asi", "Bayi mendapat ASI eksklusif", "1.02.02.2.02.0015", 165, 66, "60"),
    ("ditimbang", "Balita ditimbang di posyandu", "1.02.02.2.02.0015", 780, 79, "85"),
    ("sekolah", "Anak usia pendidikan dasar diskrining", "1.02.02.2.02.0005", 1480, 93, "100"),
    ("produktif", "Penduduk usia produktif diskrining", "1.02.02.2.02.0006", 6300, 61, "80"),
    ("lansia", "Warga lanjut usia diskrining", "1.02.02.2.02.0007", 980, 83, "90"),
    ("hipertensi", "Penderita hipertensi dilayani sesuai standar", "1.02.02.2.02.0008", 1650, 54, "75"),
    ("dm", "Penderita diabetes melitus dilayani sesuai standar", "1.02.02.2.02.0009", 150, 87, "90"),
    ("odgj", "Orang dengan gangguan jiwa berat dilayani", "1.02.02.2.02.0010", 14, 90, "100"),
    ("tb", "Orang terduga tuberkulosis dilayani sesuai standar", "1.02.02.2.02.0011", 110, 88, "95"),
    ("hiv", "Orang berisiko terinfeksi HIV diperiksa", "1.02.02.2.02.0012", 205, 91, "95"),
    ("sukses_tb", "Keberhasilan pengobatan tuberkulosis", "1.02.02.2.02.0040", 18, 89, "90"),
    ("air", "Sarana air minum memenuhi syarat", "1.02.02.2.02.0017", 31, 73, "70"),
    ("rumah_sehat", "Rumah sehat", "1.02.02.2.02.0017", 2500, 77, "78"),
    ("phbs", "Rumah tangga berperilaku hidup bersih dan sehat", "1.02.05.2.02.0001", 2500, 68, "65"),
    ("posyandu", "Posyandu aktif", "1.02.05.2.01.0001", 9, 81, "80"),
)
# kunci, nama, owner, share per 10.000, target in hundredths per 10.000, arah, satuan
_COUNT: Final = (
    ("kunjungan", "Kunjungan rawat jalan", "1.02.02.2.02.0033", 9000, "900000", "naik", "kunjungan"),
    ("penyuluhan", "Penyuluhan kelompok", "1.02.02.2.02.0018", 16, "1500", "naik", "kali"),
    ("kematian_bayi", "Kematian bayi", "1.02.02.2.02.0003", 1, "100", "turun", "kasus"),
    ("pe", "Penyelidikan epidemiologi", "1.02.02.2.02.0020", 6, "600", "naik", "kali"),
)
COLLECTED: Final = (
    *(
        Collected(f"pkm.{key}", name, owner, "rasio", share, percent, target)
        for key, name, owner, share, percent, target in _RATIO
    ),
    *(
        Collected(f"pkm.{key}", name, owner, "jumlah", share, 100, target, arah=arah, satuan=unit)
        for key, name, owner, share, target, arah, unit in _COUNT
    ),
    Collected("pkm.obat", "Ketersediaan obat esensial", "1.02.02.2.01.0023", "rata_rata", 0, 88, "90"),
    Collected("pkm.kepuasan", "Nilai kepuasan pasien", "1.02.02.2.04.0003", "rata_rata", 0, 82, "85", satuan="nilai"),
    Collected("iku.kematian_ibu", "Jumlah kematian ibu", "s1", "jumlah", 1, 35, "35", arah="turun", satuan="kasus"),
    Collected("iku.spm", "Capaian standar pelayanan minimal", "s1", "rasio", 5000, 85, "90"),
    Collected("iku.ptm", "Penderita penyakit tidak menular terkendali", "s2", "rasio", 900, 58, "63"),
    Collected("iku.rujukan", "Rujukan balik terlaksana", "s3", "rasio", 120, 92, "90"),
    Collected("rsud.bor", "Pemanfaatan tempat tidur RSUD", "1.02.02.2.02", "rasio", 400, 68, "75", pelapor="rsud"),
    Collected(
        "rsud.ndr",
        "Kematian bersih di RSUD",
        "1.02.02.2.02",
        "rasio",
        300,
        2,
        "25",
        pelapor="rsud",
        arah="turun",
        satuan="per 1.000",
        pengali=1000,
    ),
    Collected(
        "rsud.ponek",
        "Rujukan kegawatan ibu dilayani RSUD",
        "1.02.02.2.02.0002",
        "jumlah",
        4,
        100,
        "400",
        pelapor="rsud",
        satuan="kasus",
    ),
)
# The forms that are no plain number, each on a node of its own: kunci suffix, nama, satuan, target, owner, reached
_UGLY: Final = (
    (
        "waktu",
        "Waktu tanggap kejadian luar biasa",
        "jam",
        "< 24 jam",
        "1.02.02.2.02.0020",
        "bidang-p2p",
        "turun",
        ("20 jam", "18 jam", "26 jam", "16 jam"),
    ),
    (
        "laporan",
        "Laporan keuangan dikirim paling lambat",
        "tanggal",
        "Maks tgl 5",
        "1.02.01.2.02",
        "sekretariat",
        "turun",
        ("tgl 5", "tgl 4", "tgl 7", "tgl 5"),
    ),
    (
        "rujukan",
        "Kasus terduga dirujuk",
        "kasus",
        "≤ 2",
        "1.02.02.2.02.0025",
        "bidang-p2p",
        "turun",
        ("0", "1", "1", "3"),
    ),
    (
        "layanan",
        "Surat, peminjaman, rapat, dan perjalanan dinas terlayani",
        "layanan",
        "685, 11, 273, 31",
        "1.02.01.2.06",
        "sekretariat",
        "naik",
        ("171, 2, 68, 7", "342, 5, 136, 15", "513, 8, 204, 23", "690, 11, 270, 31"),
    ),
    (
        "tempat_tidur",
        "Rasio tempat tidur terhadap penduduk",
        "rasio",
        "1 : 1000",
        "1.02.02.2.01",
        "bidang-yankes",
        "naik",
        ("0,92 : 1000", "0,92 : 1000", "0,95 : 1000", "0,97 : 1000"),
    ),
    (
        "sik",
        "Sistem informasi kesehatan terhubung",
        "",
        "ya",
        "1.02.02.2.03",
        "bidang-sdk",
        "naik",
        ("tidak", "tidak", "ya", "ya"),
    ),
    (
        "renkon",
        "Rencana kontinjensi krisis kesehatan",
        "",
        "Ada",
        "1.02.02.2.02.0014",
        "bidang-p2p",
        "naik",
        ("tidak ada", "ada", "ada", "ada"),
    ),
    (
        "mutu",
        "Nilai mutu pelayanan",
        "indeks",
        "76,61–88,30",
        "1.02.02.2.04",
        "bidang-yankes",
        "naik",
        ("75,1", "77,4", "80,2", "81"),
    ),
    (
        "vaksin",
        "Kekosongan vaksin",
        "hari",
        "≤ 2",
        "1.02.02.2.01.0023",
        "bidang-farmasi",
        "turun",
        ("2", "2", "2", "2"),
    ),
)
UGLY: Final = tuple(
    Planned(f"{owner}/{key}", name, unit, target, owner, who, arah, reached=reached)
    for key, name, unit, target, owner, who, arah, reached in _UGLY
)
