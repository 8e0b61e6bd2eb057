"""The linter finds each kind of doubtful place once, and is silent about a sound instrument."""

from __future__ import annotations

from typing import Any

import pytest

from capaian.rules.instrumen.linter import RULES, Temuan, lint
from capaian.rules.instrumen.linter_target import usual_arah
from capaian.rules.instrumen.read import read_instrumen
from capaian.rules.instrumen.store import load_instrumen

pytestmark = pytest.mark.unit
SOURCE = {"instrumen": "Contoh", "tempat": "diktum", "dasar": "tertulis"}


def choices(*rows: tuple[str, str]) -> list[dict[str, Any]]:
    return [{"kode": f"p{number}", "nilai": nilai, "teks": teks} for number, (nilai, teks) in enumerate(rows)]


def band(nilai: str, dari: str | None, sampai: str | None, **more: Any) -> dict[str, Any]:
    return {"kode": f"n{nilai}", "nilai": nilai, "teks": f"{dari}-{sampai}", "dari": dari, "sampai": sampai} | more


SOUND = [band("0", None, "50", sampai_terbuka=True), band("4", "50", "80", sampai_terbuka=True), band("10", "80", None)]


def pita(*bands: dict[str, Any], **more: Any) -> dict[str, Any]:
    plain = {"kode": "a", "nama": "Butir a", "penilaian": "pita", "satuan": "%", "target": "Ada", "nomor": "1"}
    return plain | {"pilihan": list(bands)} | more


def pilihan(*rows: tuple[str, str], **more: Any) -> dict[str, Any]:
    plain = {"kode": "a", "nama": "Butir a", "penilaian": "pilihan", "target": "Ada", "nomor": "1"}
    return plain | {"pilihan": choices(*rows)} | more


def capaian(**more: Any) -> dict[str, Any]:
    plain = {
        "kode": "a", "nama": "Cakupan pelayanan a", "penilaian": "capaian", "target": "80", "satuan": "%",
        "masukan": "pembilang_penyebut", "arah": "naik", "alasan_arah": "cakupan", "sasaran": "Balita", "nomor": "1",
    }  # fmt: skip
    return plain | more


def scale(*bounds: tuple[str | None, str | None], **more: Any) -> dict[str, Any]:
    names = ("baik", "cukup", "kurang")[: len(bounds)]
    rows = [{"kode": kode, "label": kode.title(), "dari": dari, "sampai": sampai}
            for kode, (dari, sampai) in zip(names, bounds, strict=True)]  # fmt: skip
    rows[-1] |= {"sampai_terbuka": True}
    return {"kebijakan": "ambang_bawah", "tingkat": rows} | more


TWO = scale(("80", None), (None, "80"))


def findings(*isi: dict[str, Any], **more: Any) -> list[Temuan]:
    akar = {"kode": "akar", "nama": "Akar", "isi": list(isi), "agregasi": more.pop("agregasi", "rata_rata")}
    return lint(read_instrumen({"kunci": "contoh", "nama": "Contoh", "rujukan": SOURCE, "akar": akar} | more))


def rules_of(*isi: dict[str, Any], **more: Any) -> list[str]:
    return [one.rule for one in findings(*isi, **more)]


def test_a_sound_instrument_has_no_findings() -> None:
    group = {"kode": "g", "nama": "G", "nomor": "A", "isi": [pita(*SOUND, kode="b", nama="Mutu b")], "maksimum": "10"}
    inner = {"kode": "h", "nama": "H", "nomor": "B", "isi": [capaian(), capaian(kode="c", nama="Lain", nomor="2")]}
    weights = {"akar": {"kode": "akar", "nama": "Akar", "agregasi": "jumlah_bobot",
                        "isi": [group | {"bobot": "40"}, inner | {"bobot": "60"}]}}  # fmt: skip
    assert findings(klasifikasi=[{"kelompok": "akar", "skala": TWO}], **weights) == []


CASES = [
    ("celah_pita", [pita(band("0", None, "50", sampai_terbuka=True), band("10", "51", None))],
     "Nilai mulai 50 sampai sebelum 51 tidak masuk pita mana pun."),
    ("tumpang_tindih_pita", [pita(band("0", None, "80"), band("10", "80", None))], "Nilai 80 masuk pita"),
    ("lebih_baik_lebih_rendah", [pita(band("10", "0", "50"), band("4", "50", None, dari_terbuka=True))],
     "mendapat 4, bukan 10"),
    ("di_luar_pita", [pita(band("0", None, "50", sampai_terbuka=True), band("10", "50", "88.30"),
                           satuan="nilai")], "Nilai di atas 88,3, lebih baik"),
    ("kode_angka", [pita({"kode": "0", "nilai": "0", "teks": "Tidak ada"}, *SOUND)], "berkode 0"),
    ("target_bukan_nilai_penuh", [pita(*SOUND, target="≥ 76,61")], "baru memberi nilai 4 dari 10"),
    ("target_bukan_nilai_penuh", [pita(*SOUND, target="100 %")], "mulai 80, di bawah target"),
    ("pilihan_sama", [pilihan(("7", "Ya setiap tahun"), ("10", "Ya, setahun satu kali"))], "berarti sama"),
    ("pilihan_sama", [pilihan(("7", "1 kali setahun"), ("10", "Satukali setahun"))], "berarti sama"),
    ("persen_tepat", [pilihan(("4", "50 % berkas"), ("10", "100% berkas"))], "“50 % berkas”"),
    ("maksimum_tak_tercapai", [pilihan(("0", "Tidak"), ("7", "Ya"), maksimum="10")], "pilihan tertinggi bernilai 7"),
    ("tanpa_target", [pilihan(("0", "Tidak"), ("10", "Ya"), target="")], "1 butir tanpa target tercetak (1)"),
    ("target_kosong", [capaian(target="-")], "tidak pernah bernilai"),
    ("target_nol", [capaian(target="0")], "tidak terdefinisi"),
    ("target_melebihi", [capaian(target="60000 %")], "melebihi 100 %"),
    ("tanda_berlawanan", [capaian(target="≤ 60")], "makin rendah makin baik"),
    ("arah_tidak_lazim", [capaian(nama="Prevalensi stunting balita")], "makin rendah makin baik"),
    ("alasan_arah", [capaian(alasan_arah="")], "1 butir berarah tanpa alasan"),
    ("satuan_pengali", [capaian(satuan="per 100.000 penduduk")], "meminta pengali 100.000"),
    ("satuan_target", [capaian(satuan="Kasus", target="100 %")], "berbeda satuan"),
    ("satuan_tidak_lazim", [capaian(nama="Angka kematian bayi", arah="turun", satuan="per 100.000 KH",
                                    pengali="100000")], "lazimnya per 1.000"),
    ("sasaran_pembilang", [capaian(nama="Rasio pasien JKN dirujuk", sasaran="Rujukan pasien JKN")], "selalu semua"),
    ("sasaran_lain", [capaian(nama="Cakupan K4", sasaran="Bayi")], "untuk ibu hamil"),
    ("sasaran_lain", [capaian(nama="Imunisasi Td siswa kelas 2 dan 5", sasaran="Siswa kelas 1")], "kelas 2 dan 5"),
    ("sasaran_lain", [capaian(nama="Deteksi dini stroke", sasaran="Penderita stroke")], "deteksi dini"),
    ("nomor_ganda", [capaian(), capaian(kode="b", nama="Lain")], 'Nomor "1" sudah dipakai'),
    ("nomor_loncat", [capaian(nomor="1)"), capaian(kode="b", nama="Lain", nomor="4)")], 'dari "1)" ke "4)"'),
    ("nomor_loncat", [capaian(nomor="11.")], 'Nomor pertama kelompok ini "11."'),
    ("nomor_beda_bentuk", [capaian(nomor="A1"), capaian(kode="b", nama="Lain", nomor="b.")], "tidak sebentuk"),
    ("nama_ganda", [capaian(), capaian(kode="b", nomor="2", target="90")], 'dengan target "80" dan "90"'),
    ("skala_campur", [capaian(), pita(*SOUND, kode="b", nomor="2")], "nilai terbaik 10, 100"),
    ("bobot_tidak_dipakai", [capaian(bobot="5")], "1 isi berbobot"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "isi", "words"), CASES, ids=[f"{one[0]} {number}" for number, one in enumerate(CASES)]
)
def test_each_doubtful_place_is_found_once(rule: str, isi: list[dict[str, Any]], words: str) -> None:
    found = findings(*isi)
    assert [one.rule for one in found] == [rule]
    assert words in found[0].message
    assert found[0].remedy.endswith(".")
    assert "[" in found[0].place


def test_a_band_that_a_lower_one_covers_is_never_used() -> None:
    bands = (band("0", None, "90"), band("7", "60", "70"), band("10", "90", None, dari_terbuka=True))
    assert set(rules_of(pita(*bands))) == {"tumpang_tindih_pita", "pita_tak_tercapai"}


def test_what_is_counted_has_no_holes_between_whole_numbers() -> None:
    bands = (band("0", "0", "4"), band("7", "5", "8"), band("10", "9", "12"))
    counted = [(one.rule, one.severity) for one in findings(pita(*bands, satuan="kali / tahun"))]
    assert counted == [("di_luar_pita", "minor")]
    assert rules_of(pita(*bands, satuan="hari"))[0] == "celah_pita"


def test_lower_is_better_is_read_from_above() -> None:
    bands = (band("100", "0", "20"), band("75", "20", None, dari_terbuka=True))
    assert rules_of(pita(*bands, arah="turun", satuan="hari")) == []
    assert rules_of(pita(*bands, arah="naik", satuan="hari")) == ["lebih_baik_lebih_rendah"]


def test_a_property_that_nothing_asks_for() -> None:
    assert rules_of(capaian(), sifat={"haji": "Haji"}) == ["sifat_tidak_dipakai"]


def test_the_classes_of_one_part() -> None:
    holed = scale(("91", None), ("81", "90"), (None, "80"))
    found = findings(capaian(), klasifikasi=[{"kelompok": "akar", "skala": holed}])
    assert [one.message for one in found] == [
        "Nilai mulai 80 sampai sebelum 81 tidak masuk kelas mana pun (diktum).",
        "Nilai di antara 90 dan 91 tidak masuk kelas mana pun (diktum).",
    ]
    assert found[1].remedy == "Dengan kebijakan batas ambang bawah, nilai 90,01 menjadi Cukup dan ditandai."
    literal = {"batas_kelas": "literal"}
    found = findings(capaian(), klasifikasi=[{"kelompok": "akar", "skala": holed}], kebijakan=literal)
    assert "menjadi Tidak terklasifikasi" in found[1].remedy
    high = scale(("120", None), (None, "120"))
    assert rules_of(capaian(), klasifikasi=[{"kelompok": "akar", "skala": high}]) == ["kelas_tak_tercapai"]
    low = scale(("80", "90"), (None, "80"))
    assert rules_of(capaian(), klasifikasi=[{"kelompok": "akar", "skala": low}]) == ["kelas_tak_tercapai"]


def test_two_parts_two_printed_scales_and_what_nothing_decides() -> None:
    other = {"skala": scale(("85", None), (None, "85")), "rujukan": SOURCE | {"tempat": "lampiran"}}
    group = {"kode": "g", "nama": "G", "isi": [capaian()]}
    parts = [{"kelompok": "akar", "skala": TWO, "skala_lain": [other]}, {"kelompok": "g", "skala": TWO}]
    found = {one.rule: one.message for one in findings(group, klasifikasi=parts)}
    assert found == {
        "kelas_campuran": "Kelas keseluruhan meminta kelas yang sama pada Akar, G. 2 dari 4 gabungan kelas tidak "
        "diatur, misalnya Akar Baik, G Cukup.",
        "skala_berbeda": "Nilai mulai 80 sampai sebelum 85: Baik menurut diktum, Cukup menurut lampiran.",
        "skala_tidak_tercetak": "lampiran memuat skala Akar, tetapi tidak untuk bagian ini.",
    }


def test_every_rule_is_tried_here() -> None:
    tried = {one[0] for one in CASES} | {"pita_tak_tercapai", "sifat_tidak_dipakai", "celah_kelas", "skala_berbeda",
                                         "kelas_tak_tercapai", "kelas_campuran", "skala_tidak_tercetak"}  # fmt: skip
    assert tried == set(RULES)


@pytest.mark.parametrize(
    ("nama", "arah"),
    [
        ("Angka kematian ibu", "turun"),
        ("Cakupan entri data kematian ibu dan anak", "naik"),
        ("Cakupan bumil KEK", "turun"),
        ("Cakupan bumil KEK mendapatkan PMT-P", "naik"),
        ("Angka notifikasi semua kasus TB", "naik"),
        ("Cakupan anemia remaja putri kelas 7 dan 10", "turun"),
        ("Proporsi kasus kusta baru tanpa cacat tingkat dua", "naik"),
        ("BOR", ""),
    ],
)
def test_what_a_name_says_about_the_direction(nama: str, arah: str) -> None:
    assert usual_arah(nama) == arah


def test_the_instrument_of_pati_has_the_faults_that_were_read_in_it() -> None:
    """Regulations 6.2 to 6.5, found by a person: every one of them is found by the linter, too."""
    found = {(one.kode, one.rule) for one in lint(load_instrumen("pkp/pati_800_0022"))}
    assert {
        ("pkp", "kelas_campuran"), ("pelayanan", "celah_kelas"), ("manajemen", "celah_kelas"), ("mutu", "celah_kelas"),
        ("pelayanan", "skala_berbeda"), ("manajemen", "skala_berbeda"), ("mutu", "skala_tidak_tercetak"),
        ("ukm.c1a.2", "sasaran_lain"), ("ukm.c1a.3", "sasaran_lain"), ("ukm.c1a.4", "sasaran_lain"),
        ("ukm.c1b.1", "satuan_tidak_lazim"), ("ukm.c2.1", "satuan_tidak_lazim"),
        ("ukm.g.6", "sasaran_lain"), ("ukm.g.8", "sasaran_lain"), ("ukp.c.4", "arah_tidak_lazim"),
        ("ukm.c4.7", "nomor_loncat"), ("ukm.c5a.3", "nomor_loncat"), ("ukm.c6b.4", "nomor_loncat"),
        ("ukm.i1", "nomor_loncat"), ("ukp", "nomor_ganda"), ("mutu.inm.d", "nomor_ganda"),
        ("man.a3.1", "celah_pita"), ("man.a4.6", "celah_pita"), ("man.a4.7", "celah_pita"),
        ("man.a4.7", "tumpang_tindih_pita"), ("man.a6.2", "celah_pita"), ("mutu.b2.1", "tumpang_tindih_pita"),
        ("man.a5.6.a", "pilihan_sama"), ("man.a5.6.f", "pilihan_sama"), ("mutu.b3.3", "pilihan_sama"),
        ("mutu.b3.2", "di_luar_pita"), ("mutu.inm.a", "celah_pita"), ("man.a1.1", "persen_tepat"),
    } <= found  # fmt: skip


@pytest.mark.parametrize("pack_id", ["akip/permenpanrb_88_2021", "akip/permenpanrb_12_2015"])
def test_the_worksheets_of_akip_are_sound(pack_id: str) -> None:
    assert lint(load_instrumen(pack_id)) == []
