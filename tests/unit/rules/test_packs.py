"""A pack that is not honest about its source, or whose scale is unsound, does not load."""

from __future__ import annotations

import copy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from capaian.rules.packs import PackError, list_packs, load_coverage, load_pack, overlay, pack_in_force, parse_pack
from capaian.rules.scales import Band, Scale, ScaleError

pytestmark = pytest.mark.unit
SOUND: dict[str, Any] = {
    "id": "pkp/contoh",
    "versi": "1",
    "judul": "Contoh",
    "instrumen": "Keputusan Contoh 1/2024",
    "berlaku": {"mulai": "2024-01-01", "sampai": None, "dasar": "tertulis"},
    "rujukan": {"tempat": "lampiran", "dasar": "tertulis"},
    "parameter": {
        "batas": {"jenis": "angka", "nilai": "100", "rujukan": "lampiran I", "dasar": "tertulis"},
        "kategori": {
            "jenis": "skala",
            "kebijakan": "ambang_bawah",
            "tingkat": [
                {"kode": "baik", "label": "Baik", "dari": "91", "sampai": None},
                {"kode": "cukup", "label": "Cukup", "dari": "81", "sampai": "90"},
                {"kode": "kurang", "label": "Kurang", "dari": None, "sampai": "80"},
            ],
            "rujukan": "diktum KEENAM",
            "dasar": "tertulis",
        },
    },
}


def changed(path: str, value: Any = None) -> dict[str, Any]:
    """A copy of the sound pack with one place set, or removed when no value is given."""
    data = copy.deepcopy(SOUND)
    *parents, last = path.split(".")
    place = data
    for name in parents:
        place = place[name]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return data


def test_sound_pack_loads() -> None:
    pack = parse_pack(SOUND)
    assert pack.number("batas") == 100
    assert pack.citation("batas").instrumen == "Keputusan Contoh 1/2024"
    assert pack.family == "pkp"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (changed("parameter.batas.rujukan"), "rujukan"),
        (changed("parameter.batas.dasar"), "dasar"),
        (changed("parameter.batas.dasar", "mungkin"), "tertulis atau ditafsirkan"),
        (changed("parameter.batas.dasar", "ditafsirkan"), "catatan"),
        (changed("parameter.batas.nilai", 100), "tanda kutip"),
        (changed("parameter.batas.nilai", "seratus"), "bukan angka"),
        (changed("parameter.batas.nilai", "NaN"), "terhingga"),
        (changed("parameter.batas.jenis", "rumus"), "jenis"),
        (changed("parameter.batas.sumber", "x"), "tidak dikenal: sumber"),
        (changed("parameter.kategori.kebijakan"), "berlubang"),
        (changed("parameter.kategori.kebijakan", "kira_kira"), "pilih ambang_bawah"),
        (changed("warna", "biru"), "tidak dikenal: warna"),
        (changed("versi"), "versi"),
        (changed("id", "contoh"), "keluarga/instrumen"),
        (changed("berlaku.mulai", "1 Januari"), "tanggal"),
        (changed("berlaku.sampai", "2023-12-31"), "berakhir sebelum"),
    ],
)
def test_unsound_pack_is_refused(data: dict[str, Any], message: str) -> None:
    with pytest.raises(PackError, match=message):
        parse_pack(data)


def test_parameters_are_asked_for_by_kind() -> None:
    pack = parse_pack(SOUND)
    with pytest.raises(PackError, match="bukan skala"):
        pack.scale("batas")
    with pytest.raises(PackError, match="tidak memuat"):
        pack.text("tidak_ada")


def test_a_local_pack_lies_over_a_national_one() -> None:
    local = parse_pack(changed("parameter.batas.nilai", "120"))
    merged = overlay(load_pack("capaian/permendagri_86_2017"), local)
    assert merged.number("batas") == 120
    assert merged.scale("kategori").bands[0].kode == "baik"
    assert merged.has("predikat_setempat")
    assert merged.id == "capaian/permendagri_86_2017+pkp/contoh"
    assert load_pack("capaian/permendagri_86_2017").scale("kategori").bands[0].kode == "ST"


def test_pack_in_force() -> None:
    assert pack_in_force("akip", date(2021, 12, 31)).id == "akip/permenpanrb_12_2015"
    assert pack_in_force("akip", date(2022, 1, 1)).id == "akip/permenpanrb_88_2021"
    assert pack_in_force("capaian", date(2024, 12, 31)).id == "capaian/permenpanrb_53_2014"
    with pytest.raises(PackError, match="tidak ada"):
        pack_in_force("efisiensi", date(2024, 6, 1))


def test_unknown_pack_names_the_known_ones() -> None:
    with pytest.raises(PackError, match="skm/permenpanrb_14_2017"):
        load_pack("../settings")


@pytest.mark.parametrize("pack_id", list_packs())
def test_every_shipped_pack_is_covered_and_explains_its_interpretations(pack_id: str) -> None:
    pack = load_pack(pack_id)
    assert pack_id in {row["id"] for row in load_coverage()["instrumen"]}
    for name in pack.names():
        citation = pack.citation(name)
        assert citation.tempat
        # No official text was opened yet, so even what is written names the copy it was read from.
        assert citation.catatan, name


def test_weights_of_the_lke_add_up() -> None:
    for pack_id in ("akip/permenpanrb_88_2021", "akip/permenpanrb_12_2015"):
        assert sum(Decimal(row["bobot"]) for row in load_pack(pack_id).rows("komponen")) == 100
    pack = load_pack("akip/permenpanrb_88_2021")
    assert sum(Decimal(row["bobot"]) for row in pack.rows("subkomponen")) == 100
    assert sum(int(row["kriteria"]) for row in pack.rows("subkomponen")) == 80


def test_nomenclature_codes_hang_together() -> None:
    pack = load_pack("nomenklatur/kepmendagri_900_1_15_5_1317_2023")
    programs, kegiatan, subs = ({row["kode"] for row in pack.rows(n)} for n in ("program", "kegiatan", "sub_kegiatan"))
    assert len(programs) == 5
    assert {kode.rsplit(".", 2)[0] for kode in kegiatan} <= programs
    assert {kode.rsplit(".", 1)[0] for kode in subs} <= kegiatan
    assert {f"1.02.02.2.02.{number:04}" for number in range(1, 13)} <= subs


# The matrix of readings for Pati (regulation notes 6.5): diktum literal and the three policies.
MATRIX = [
    ("80.0", "kurang", "kurang", "kurang", "kurang"),
    ("80.5", None, "kurang", "cukup", "cukup"),
    ("81.0", "cukup", "cukup", "cukup", "cukup"),
    ("90.4", None, "cukup", "cukup", "baik"),
    ("90.5", None, "cukup", "baik", "baik"),
    ("91.0", "baik", "baik", "baik", "baik"),
    ("91.5", "baik", "baik", "baik", "baik"),
]


@pytest.mark.parametrize(("value", "literal", "threshold", "rounded", "above"), MATRIX)
def test_policies_of_the_matrix(value: str, literal: str | None, threshold: str, rounded: str, above: str) -> None:
    bands = parse_pack(SOUND).scale("kategori").bands
    scale = Scale("pelayanan", bands, "ambang_bawah", 0)
    number = Decimal(value)
    assert scale.classify(number).kode == threshold
    assert scale.classify(number, "literal").kode == literal
    assert scale.classify(number, "bulatkan_dulu").kode == rounded
    assert scale.classify(number, "lebih_dari").kode == above
    assert ("celah" in scale.classify(number).flags) == (literal is None)


@pytest.mark.parametrize(
    ("value", "said"),
    [("80.5", "Nilai 80,5 jatuh"), (f"80.{'9' * 48}", "Nilai 80,9999… jatuh"), ("80.12345", "Nilai 80,1234… jatuh")],
)
def test_a_note_cuts_an_unrounded_value_and_never_rounds_it_over_the_boundary(value: str, said: str) -> None:
    scale = Scale("pelayanan", parse_pack(SOUND).scale("kategori").bands, "ambang_bawah", 0)
    assert scale.classify(Decimal(value)).notes[0].startswith(said)


def test_overlap_is_flagged_with_both_names() -> None:
    """Pati's annex: 81 is Cukup and Kurang, 91 is Baik and Cukup."""
    bands = (
        Band("baik", "Baik", Decimal(91), None),
        Band("cukup", "Cukup", Decimal(81), Decimal(91)),
        Band("kurang", "Kurang", None, Decimal(81)),
    )
    with pytest.raises(ScaleError, match="tumpang tindih"):
        Scale("lampiran", bands)
    found = Scale("lampiran", bands, "ambang_bawah").classify(Decimal(91))
    assert (found.kode, found.flags, found.candidates) == ("baik", ("tumpang_tindih",), ("baik", "cukup"))
    assert "Baik dan Cukup" in found.notes[0]
    assert Scale("lampiran", bands, "literal").classify(Decimal(91)).kode is None


def test_management_edge_of_pati() -> None:
    bands = (
        Band("baik", "Baik", Decimal("8.5"), None),
        Band("cukup", "Cukup", Decimal("5.5"), Decimal("8.4")),
        Band("kurang", "Kurang", None, Decimal("5.5"), sampai_terbuka=True),
    )
    scale = Scale("manajemen", bands, "ambang_bawah")
    assert [scale.classify(Decimal(v)).kode for v in ("8.45", "8.5", "5.49")] == ["cukup", "baik", "kurang"]


@pytest.mark.parametrize(
    "bands",
    [
        (),
        (Band("a", "A", Decimal(1), Decimal(0)),),
        (Band("a", "A", None, Decimal(1)), Band("b", "B", Decimal(2), None)),
        (Band("a", "A", Decimal(1), None), Band("a", "A", None, Decimal(1), sampai_terbuka=True)),
    ],
)
def test_unusable_scales(bands: tuple[Band, ...]) -> None:
    with pytest.raises(ScaleError):
        Scale("rusak", bands, "literal")
