"""Instruments as data: what is refused when read, how odd answers are scored, how ranks are shared."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from capaian.rules.instrumen.hasil import evaluate, explain
from capaian.rules.instrumen.model import Instrumen, InstrumenError, Kebijakan
from capaian.rules.instrumen.peringkat import Peserta, peserta_of, rank
from capaian.rules.instrumen.read import read_instrumen
from capaian.rules.instrumen.skor import Isian, score_item
from capaian.rules.instrumen.store import instrumen_to_data, list_instrumen, load_instrumen

pytestmark = pytest.mark.unit
SOURCE = {"instrumen": "Contoh", "tempat": "tabel", "dasar": "tertulis"}
YES_NO = [{"kode": "ya", "nilai": "100", "teks": "Ya"}, {"kode": "tidak", "nilai": "0", "teks": "Tidak"}]
CLASSES = {
    "kebijakan": "ambang_bawah",
    "tingkat": [
        {"kode": "baik", "label": "Baik", "dari": "91", "sampai": None},
        {"kode": "cukup", "label": "Cukup", "dari": "81", "sampai": "90"},
        {"kode": "kurang", "label": "Kurang", "dari": None, "sampai": "80"},
    ],
}


def item(kode: str, **more: Any) -> dict[str, Any]:
    return {"kode": kode, "nama": f"Butir {kode}", "penilaian": "pilihan", "pilihan": YES_NO} | more


def covered(kode: str, **more: Any) -> dict[str, Any]:
    plain = {"penilaian": "capaian", "target": "80", "satuan": "%", "masukan": "pembilang_penyebut", "arah": "naik"}
    return {"kode": kode, "nama": f"Butir {kode}"} | plain | more


def data(*isi: dict[str, Any], **more: Any) -> dict[str, Any]:
    akar = {"kode": "akar", "nama": "Akar", "agregasi": more.pop("agregasi", "rata_rata"), "isi": list(isi)}
    akar |= more.pop("akar", {})
    return {"kunci": "contoh", "nama": "Contoh", "rujukan": SOURCE, "akar": akar} | more


def read(*isi: dict[str, Any], **more: Any) -> Instrumen:
    return read_instrumen(data(*isi, **more))


@pytest.mark.parametrize("pack_id", list_instrumen())
def test_every_instrument_of_a_pack_is_written_out_and_read_again(pack_id: str) -> None:
    found = load_instrumen(pack_id)
    assert read_instrumen(instrumen_to_data(found)) == found


def test_a_second_printed_scale_is_kept() -> None:
    other = {"skala": CLASSES, "rujukan": SOURCE | {"tempat": "lampiran"}}
    found = read(item("a"), klasifikasi=[{"kelompok": "akar", "skala": CLASSES, "skala_lain": [other]}])
    assert found.klasifikasi[0].skala_lain[0].citation.tempat == "lampiran"
    assert read_instrumen(instrumen_to_data(found)) == found


def deep(levels: int) -> dict[str, Any]:
    return item("x") if not levels else {"kode": f"k{levels}", "nama": "Kelompok", "isi": [deep(levels - 1)]}


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ([], "pasangan kunci dan nilai"),
        ({"akar": 3}, "kelompok harus mempunyai isi"),
        (data(), "kelompok kosong"),
        (data(deep(13)), "lebih dari 12 tingkat"),
        (data(item("a"), item("a")), 'Kode "a" dipakai 2 kali'),
        (data(item("a b")), 'Kode "a b" tidak dapat dipakai'),
        (data(item("x" * 61)), "paling panjang 60"),
        (data(item("a", bobot="40"), item("b", bobot="50"), agregasi="jumlah_bobot"), "jumlah bobot 90, seharusnya"),
        (data(item("a", bobot="120"), item("b", bobot="-20"), agregasi="jumlah_bobot"), "bobot harus lebih dari 0"),
        (data(item("a", bobot="0")), "bobot harus lebih dari 0"),
        (data(item("a"), agregasi="jumlah_bobot"), "bobot a belum diisi"),
        (data(item("a", maksimum="0")), "maksimum harus lebih dari 0"),
        (data(item("a", maksimum="50")), "melebihi maksimum 50"),
        (data(item("a", maksimum="10000000")), "dapat mencapai 10.000.000,00"),
        (data({"kode": "b", "nama": "B", "agregasi": "jumlah", "maksimum": "0.0001", "bobot": "100",
              "isi": [item("c")]}, agregasi="jumlah_bobot"), "Kelompok akar: nilainya dapat mencapai"),
        (data(item("a"), akar={"pilihan": [{"kode": "ya", "nilai": "1"}] * 2}), "pilihan ya ditulis dua kali"),
        (data(item("a", bobot=0.5)), "bukan angka"),
        (data(item("a", bobot="1e99")), "terlalu besar"),
        (data(item("a", sifat="haji")), 'sifat "haji" tidak ada'),
        (data(item("a", pilihan="tidak_ada")), 'daftar pilihan "tidak_ada" tidak ada'),
        (data(item("a", pilihan=[])), "memerlukan pilihan"),
        (data(item("a", warna="merah")), "kunci tidak dikenal: warna"),
        (data(covered("a", arah="")), "arah harus naik atau turun"),
        (data(covered("a", target="secukupnya")), "tidak terbaca"),
        (data(covered("a", pengali="0")), "pengali harus lebih dari 0"),
        (data(item("a"), akar={"ikut": "tidak"}), "harus true atau false"),
        (data(item("a"), kebijakan={"batas_kelas": "entah"}), "batas_kelas 'entah' tidak dikenal"),
        (data(item("a"), kebijakan={"skor": "entah"}), "skor 'entah' tidak dikenal"),
        (data(item("a"), klasifikasi=[{"kelompok": "akar"}]), "skala belum diisi"),
        (data(item("a"), klasifikasi=[{"kelompok": "lain", "skala": CLASSES}]), 'Kelompok "lain" disebut'),
        (data(item("a"), klasifikasi=7), "klasifikasi harus berupa daftar"),
        (data(*(item(f"b{number}") for number in range(5001))), "lebih dari 5000 butir"),
        (data(item("a"), rujukan={"instrumen": "X", "tempat": "Y", "dasar": "entah"}), "dasar harus tertulis"),
        (data(item("a"), rujukan=None), "instrumen, tempat, dasar belum diisi"),
        (data(item("a"), peringkat=["nilai"]), 'Kelompok "nilai" disebut'),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_its_place(bad: Any, words: str) -> None:
    with pytest.raises(InstrumenError) as caught:
        read_instrumen(bad)
    assert words in str(caught.value)


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(InstrumenError) as caught:
        read(item("a"), item("a"), covered("b", target="?"))
    assert [problem.split(":")[0] for problem in caught.value.problems] == [
        "Butir b", 'Kode "a" dipakai 2 kali; tiap kode harus satu.',
    ]  # fmt: skip


def test_parts_must_have_the_same_classes() -> None:
    other = {**CLASSES, "tingkat": [{"kode": "lulus", "label": "Lulus", "dari": "50", "sampai": None}]}
    group = {"kode": "g", "nama": "G", "isi": [item("b")]}
    parts = [{"kelompok": "akar", "skala": CLASSES}, {"kelompok": "g", "skala": other}]
    with pytest.raises(InstrumenError, match="kode kelas tiap bagian harus sama"):
        read(item("a"), group, klasifikasi=parts)


BANDS = [
    {"kode": "tidak", "nilai": "0", "teks": "Tidak melaksanakan"},
    {"kode": "4", "nilai": "4", "teks": "25,00-64,99", "dari": "25", "sampai": "64.99"},
    {"kode": "10", "nilai": "10", "teks": "76,61-88,30", "dari": "76.61", "sampai": "88.30"},
]
LOWER = [
    {"kode": "a", "nilai": "100", "teks": "≤ 20", "dari": "0", "sampai": "20"},
    {"kode": "b", "nilai": "75", "teks": "25-30", "dari": "25", "sampai": "30"},
]


@pytest.mark.parametrize(
    ("bands", "arah", "given", "expected"),
    [
        (BANDS, "naik", "50", "4"),
        (BANDS, "naik", "70", "4"),  # in the hole: the last band that was passed
        (BANDS, "naik", "95", "10"),  # above all
        (BANDS, "naik", "tidak", "0"),  # a band without bounds is answered by its kode
        (BANDS, "naik", "10", None),  # a number, and not the band of that kode: below all
        (LOWER, "turun", "22", "75"),  # on the way down 20 is not reached
        (LOWER, "turun", "12", "100"),
        (LOWER, "turun", "40", None),
        ([LOWER[0], LOWER[1] | {"dari": "22", "dari_terbuka": True}], "turun", "22", "75"),  # on the bound left out
    ],
)
def test_values_in_and_beside_bands(bands: list[dict[str, Any]], arah: str, given: str, expected: str | None) -> None:
    found = read(item("a", penilaian="pita", pilihan=bands, arah=arah))
    score = score_item(found.items["a"], Isian(given), (), {})
    assert score.nilai == (None if expected is None else Decimal(expected))
    assert bool(score.catatan) == (given in ("70", "95", "22", "40") or expected is None)


def test_a_quotient_is_rounded_to_the_decimals_of_bands() -> None:
    """69,996 per cent is 70,00, and so in the band that begins at 70; 69,994 is not."""
    bands = [LOWER[0] | {"nilai": "4", "sampai": "69.99"}, LOWER[1] | {"dari": "70", "sampai": "100"}]
    found = read(item("a", penilaian="pita", pilihan=bands, masukan="pembilang_penyebut")).items["a"]
    scores = [
        score_item(found, Isian(sasaran=Decimal(100_000), realisasi=Decimal(one)), (), {}) for one in (69996, 69994)
    ]
    assert [(one.nilai, one.catatan) for one in scores] == [(75, ()), (4, ())]


def test_a_share_of_what_was_in_time_is_no_day_of_the_month() -> None:
    found = read(covered("a", target="Maks tgl 5", satuan="per bln"))
    score = score_item(found.items["a"], Isian(sasaran=Decimal(100), realisasi=Decimal(5)), (), {})
    assert score.nilai == 5  # 5 of 100 reports, not the fifth


def test_a_flat_group_is_the_mean_of_all_items_whatever_the_office_decides() -> None:
    lines = [item("a"), item("b"), item("c")]
    groups = [{"kode": "g", "nama": "G", "isi": lines[:1]}, {"kode": "h", "nama": "H", "isi": lines[1:]}]
    answers = {"a": Isian("ya"), "b": Isian("tidak"), "c": Isian("tidak")}
    tiered, flat = (read(*groups, akar={"datar": is_flat}) for is_flat in (False, True))
    assert evaluate(tiered, answers).kelompok["akar"].tampil == 50
    found = evaluate(flat, answers, (), Kebijakan(rata_rata="bertingkat"))
    assert found.kelompok["akar"].tampil == Decimal("33.33")
    assert "semua butir" in explain(flat, found, "akar").steps[0].formula


def test_a_group_that_sums_stays_one_value_in_a_flat_mean() -> None:
    weighted = {"kode": "g", "nama": "G", "agregasi": "jumlah_bobot",
                "isi": [item("a", bobot="90"), item("b", bobot="10")]}  # fmt: skip
    found = read(weighted, item("c"), akar={"datar": True})
    answers = {"a": Isian("ya"), "b": Isian("tidak"), "c": Isian("tidak")}
    assert evaluate(found, answers).kelompok["akar"].tampil == 45  # (90 + 0) / 2


def test_a_group_graded_as_a_whole_keeps_its_grade_in_a_flat_mean() -> None:
    graded = {"kode": "g", "nama": "G", "pilihan": YES_NO, "isi": [item("a"), item("b")]}
    found = read(graded, item("c"))
    policy = Kebijakan(rata_rata="datar", skor="kelompok")
    given = {"a": Isian("ya"), "b": Isian("ya"), "c": Isian("ya"), "g": Isian("tidak")}
    assert evaluate(found, given, (), policy).kelompok["akar"].nilai == 50


@pytest.mark.parametrize(
    ("target", "satuan", "given", "words"),
    [
        ("≤ 3", "Hari", "-1", "negatif"),
        ("34", "posbindu", "60000%", "ditulis dalam persen"),
        ("28", "%", "14%", ""),
        ("Maks tgl 5", "per bln", "90%", ""),
    ],
)
def test_a_typed_value_that_cannot_be_meant_is_no_score(target: str, satuan: str, given: str, words: str) -> None:
    arah = "turun" if target.startswith("≤") else "naik"
    asked = read(covered("a", masukan="nilai", target=target, satuan=satuan, arah=arah)).items["a"]
    scored = score_item(asked, Isian(given), (), {})
    assert (scored.status == "salah") == bool(words)
    assert words in " ".join(scored.catatan)


def test_groups_to_include_are_a_list() -> None:
    with pytest.raises(InstrumenError, match="sertakan harus daftar"):
        read(item("a"), kebijakan={"sertakan": 5})


def test_a_percentage_has_its_own_best_value_where_it_is_weighted() -> None:
    """Half of the best score is 50 per cent, and half of its weight."""
    five = [{"kode": "5", "nilai": "5", "teks": ""}, {"kode": "10", "nilai": "10", "teks": ""}]
    part = {"kode": "g", "nama": "G", "agregasi": "persen_maksimum", "maksimum": "10", "bobot": "60",
            "isi": [item("a", pilihan=five)]}  # fmt: skip
    found = read(part, item("b", bobot="40"), agregasi="jumlah_bobot")
    value = evaluate(found, {"a": Isian("5"), "b": Isian("ya")}).kelompok
    assert (value["g"].tampil, value["akar"].tampil) == (50, 70)


def test_a_grade_that_does_not_exist_is_told() -> None:
    found = read({"kode": "g", "nama": "G", "pilihan": YES_NO, "isi": [item("a")]}, kebijakan={"skor": "kelompok"})
    group = evaluate(found, {"g": Isian("mungkin")}).kelompok["g"]
    assert (group.nilai, group.catatan) == (None, ('Jawaban "mungkin" tidak ada; pilih ya, tidak.',))


RANKED = read(item("a"), klasifikasi=[{"kelompok": "akar", "skala": CLASSES}], peringkat=["kelas", "akar"])


def test_equal_in_all_is_the_same_rank_and_the_next_is_left_out() -> None:
    values = {"melati": "95", "mawar": "95", "kenanga": "92", "dahlia": "85", "anggrek": "99"}
    units = [Peserta(kunci, "cukup" if kunci == "dahlia" else "baik", {"akar": Decimal(one)}) for kunci, one in
             values.items()]  # fmt: skip
    units += [Peserta("flamboyan", "", {"akar": Decimal(90)}), Peserta("teratai", "baik", {"akar": None})]
    found = rank(units, RANKED)
    assert [(one.kunci, one.nomor, one.seri) for one in found] == [
        ("anggrek", 1, False), ("melati", 2, True), ("mawar", 2, True), ("kenanga", 4, False), ("dahlia", 5, False),
        ("flamboyan", None, False), ("teratai", None, False),
    ]  # fmt: skip
    assert found[1].trace.steps[0].formula == "diurutkan menurut Kelas, lalu Akar"
    assert found[1].trace.steps[0].result == "2"
    assert "Seri dengan 1 lainnya" in found[1].catatan
    assert [one.catatan for one in found[-2:]] == [
        "Belum mempunyai kelas, sehingga belum diperingkat.", "Belum mempunyai nilai Akar.",
    ]  # fmt: skip


def test_ranks_come_before_rounding_and_class_before_value() -> None:
    close = [Peserta("a", "baik", {"akar": Decimal("91.001")}), Peserta("b", "baik", {"akar": Decimal("91.002")})]
    assert [(one.kunci, one.nomor) for one in rank(close, RANKED)] == [("b", 1), ("a", 2)]
    # Two ways to divide the same may differ in the fiftieth digit; that is no rank.
    same = [Peserta("a", "baik", {"akar": Decimal("91.33") + Decimal(10) ** -20}),
            Peserta("b", "baik", {"akar": Decimal("91.33")})]  # fmt: skip
    assert [one.nomor for one in rank(same, RANKED)] == [1, 1]
    found = rank([peserta_of(1, evaluate(RANKED, {"a": Isian("ya")}))], RANKED)
    assert (found[0].nomor, found[0].kelas) == (1, "baik")
    assert rank(close, read(item("a")))[0].nomor is None
