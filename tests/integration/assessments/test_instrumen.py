"""Own instruments in the site: the list, drafts row by row, publishing, and what must never change."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from capaian.assessments.actions import PenilaianRefused, adopt_pack, choose_instrumen
from capaian.assessments.actions_instrumen import create_draft, create_instrumen, publish_versi
from capaian.assessments.models import Instrumen, Jawaban, PengaturanPenilaian, Penilaian, VersiInstrumen
from capaian.assessments.tree import find, node_mark
from capaian.organisations.models import TahunKinerja
from capaian.rules.instrumen.store import load_instrumen
from capaian.workflow.models import AuditEntry

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
LKE, PKP = "akip/permenpanrb_88_2021", "pkp/pati_800_0022"
PLACE = {"instansi": "contoh", "tahun": 2024}
DEFINISI: dict[str, Any] = {
    "nama": "Mutu pelayanan",
    "rujukan": {"instrumen": "SK Kepala Dinas", "tempat": "Lampiran I", "dasar": "tertulis", "catatan": ""},
    "akar": {
        "kode": "mutu",
        "nama": "Mutu",
        "agregasi": "jumlah_bobot",
        "isi": [
            {
                "kode": "kunjungan",
                "nama": "Kunjungan ulang",
                "penilaian": "capaian",
                "target": "≤ 3",
                "arah": "turun",
                "bobot": "40",
            },
            {
                "kode": "sop",
                "nama": "Kepatuhan SOP",
                "penilaian": "pilihan",
                "bobot": "60",
                "maksimum": "10",
                "pilihan": [
                    {"kode": "lengkap", "nilai": "10", "teks": "semua"},
                    {"kode": "tidak", "nilai": "0", "teks": ""},
                ],
            },
        ],
    },
}


def url(name: str, versi: VersiInstrumen | None = None, query: str = "") -> str:
    kwargs = PLACE | ({"versi_id": versi.pk} if versi else {})
    return reverse(f"assessments:{name}", kwargs=kwargs) + query


@pytest.fixture
def draft(tahun_kinerja: TahunKinerja) -> VersiInstrumen:
    made = create_instrumen(by=None, tahun_kinerja=tahun_kinerja, nama="Mutu pelayanan", keluarga="lain")
    made.definisi = {**made.definisi, **DEFINISI}
    made.save()
    return made


@pytest.fixture
def published(draft: VersiInstrumen, tahun_kinerja: TahunKinerja) -> VersiInstrumen:
    return publish_versi(
        by=None, tahun_kinerja=tahun_kinerja, versi=draft, base=draft.changed_at.isoformat(), catatan="Versi pertama"
    )


def node_form(versi: VersiInstrumen, kode: str, **changed: str) -> dict[str, str]:
    """The form of an item as the page sends it."""
    placed = find(versi.definisi, kode)
    found = {"jenis": "butir", "asal": kode, "dasar": node_mark(placed), "induk": placed.induk}
    found |= {name: value for name, value in placed.node.items() if isinstance(value, str)}
    for number, row in enumerate(placed.node.get("pilihan") or []):
        found |= {f"p{number}_{name}": row.get(name) or "" for name in ("kode", "nilai", "teks", "dari", "sampai")}
    return {"masukan": "nilai", **found, **changed}


# --- the list, packs, the choice for a year ---------------------------------------------------------------------------


def test_the_list_shows_packs_versions_and_what_judges_the_year(
    login: Login, tahun_kinerja: TahunKinerja, published: VersiInstrumen, django_assert_max_num_queries: Any
) -> None:
    choose_instrumen(by=None, tahun_kinerja=tahun_kinerja, versi=published)
    client = login("perencana")
    with django_assert_max_num_queries(16):
        page = client.get(url("instrumen")).content.decode()
    assert "Mutu pelayanan v1" in page
    assert LKE in page
    assert "Pilih untuk 2024" not in page
    for other in ("kepala", "inspektorat"):
        seen = login(other).get(url("instrumen")).content.decode()
        assert "Mutu pelayanan v1" in seen
        assert "Buat draf" not in seen


def test_an_outsider_is_refused(login: Login, published: VersiInstrumen) -> None:
    client = login("outsider")
    for name in ("instrumen_versi", "instrumen_banding", "instrumen_pilih", "instrumen_kepala", "instrumen_kelas"):
        assert client.get(url(name, published)).status_code == 403
    assert client.get(url("instrumen")).status_code == 403


def test_a_pack_is_taken_once_and_then_chosen_with_policies(
    login: Login, tahun_kinerja: TahunKinerja, cast: SimpleNamespace
) -> None:
    client = login("perencana")
    for _ in range(2):
        assert client.post(url("instrumen_ambil"), {"paket": LKE}).status_code == 302
    versi = VersiInstrumen.objects.get()
    page = client.get(url("instrumen_pilih", versi)).content.decode()
    assert "Pada tingkat mana kelompok yang mempunyai pilihan dijawab?" in page
    assert client.post(url("instrumen_pilih", versi), {"skor": "butir"}).status_code == 302
    row = PengaturanPenilaian.objects.get()
    assert (row.versi, row.kebijakan) == (versi, {"skor": "butir"})
    refused = client.post(url("instrumen_pilih", versi), {"batas_kelas": "seenaknya"})
    assert refused.status_code == 422
    assert "ambang_bawah" in refused.content.decode()
    row.refresh_from_db()
    assert row.kebijakan == {"skor": "butir"}


def test_a_version_lets_a_year_go_while_nobody_has_answered(
    login: Login, tahun_kinerja: TahunKinerja, published: VersiInstrumen
) -> None:
    choose_instrumen(by=None, tahun_kinerja=tahun_kinerja, versi=published)
    penilaian = Penilaian.objects.create(tahun_kinerja=tahun_kinerja, versi=published, tahun_evaluasi=2024)
    Jawaban.objects.create(penilaian=penilaian, butir="sop", nilai="lengkap")
    client = login("perencana")
    refused = client.post(url("instrumen_pilih", published), {"lepas": "1"})
    assert "sudah berisi jawaban" in refused.content.decode()
    penilaian.jawaban.all().delete()
    assert client.post(url("instrumen_pilih", published), {"lepas": "1"}).status_code == 302
    assert not PengaturanPenilaian.objects.exists()


def test_a_pack_is_not_mixed_into_an_own_instrument_of_its_key(tahun_kinerja: TahunKinerja) -> None:
    own = create_instrumen(by=None, tahun_kinerja=tahun_kinerja, nama="PKP Pati", keluarga="lain")
    assert own.instrumen.kunci == load_instrumen(PKP).kunci
    with pytest.raises(PenilaianRefused, match="PKP Pati"):
        adopt_pack(by=None, tahun_kinerja=tahun_kinerja, pack_id=PKP)
    assert VersiInstrumen.objects.get() == own


def test_a_draft_cannot_judge_a_year(login: Login, draft: VersiInstrumen) -> None:
    client = login("perencana")
    assert client.get(url("instrumen_pilih", draft)).status_code == 302
    assert client.post(url("instrumen_pilih", draft), {"rata_rata": "datar"}).status_code == 302
    assert not PengaturanPenilaian.objects.exists()


# --- changing a draft ------------------------------------------------------------------------------------------------


def test_an_item_is_changed_and_the_audit_says_how(login: Login, draft: VersiInstrumen) -> None:
    client = login("perencana")
    assert "Kunjungan ulang" in client.get(url("instrumen_butir", draft, "?kode=kunjungan")).content.decode()
    form = node_form(draft, "kunjungan", target="≤ 2,5", bobot="40,0", alasan_arah="Makin jarang makin baik")
    assert client.post(url("instrumen_butir", draft), form).status_code == 302
    draft.refresh_from_db()
    node = find(draft.definisi, "kunjungan").node
    assert (node["target"], node["bobot"], node["alasan_arah"]) == ("≤ 2,5", "40.0", "Makin jarang makin baik")
    entry = AuditEntry.objects.get(action="assessments.change_draft")
    assert entry.before["kunjungan: Target"] == "≤ 3"
    assert entry.after["kunjungan: Target"] == "≤ 2,5"


def test_a_number_that_can_be_read_twice_is_refused_and_what_was_typed_stays(
    login: Login, draft: VersiInstrumen
) -> None:
    form = node_form(draft, "kunjungan", bobot="1.234", catatan="Catatan panjang saya")
    refused = login("perencana").post(url("instrumen_butir", draft), form)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "Catatan panjang saya" in page
    assert 'value="1.234"' in page
    draft.refresh_from_db()
    assert find(draft.definisi, "kunjungan").node["bobot"] == "40"


def test_a_draft_may_be_stored_while_its_weights_do_not_add_up(login: Login, draft: VersiInstrumen) -> None:
    client = login("perencana")
    client.post(url("instrumen_butir", draft), node_form(draft, "kunjungan", bobot="30"))
    page = client.get(url("instrumen_versi", draft)).content.decode()
    assert "jumlah bobot 90, seharusnya 100" in page
    draft.refresh_from_db()
    refused = client.post(
        url("instrumen_langkah", draft),
        {"langkah": "terbitkan", "dasar": draft.changed_at.isoformat(), "keterangan": "Coba"},
        follow=True,
    )
    assert "Belum dapat diterbitkan" in refused.content.decode()
    draft.refresh_from_db()
    assert draft.status == "draf"


def test_rows_are_added_moved_hung_elsewhere_and_taken_out(login: Login, draft: VersiInstrumen) -> None:
    client = login("perencana")
    page = url("instrumen_butir", draft)
    client.post(page, {"jenis": "kelompok", "di": "mutu", "kode": "g", "nama": "Kelompok g", "agregasi": "jumlah"})
    twice = client.post(page, {"jenis": "kelompok", "di": "mutu", "kode": "g", "nama": "Lagi", "agregasi": "jumlah"})
    assert "sudah dipakai" in twice.content.decode()
    draft.refresh_from_db()
    client.post(page, node_form(draft, "sop") | {"induk": "g", "kode": "sop2"})
    draft.refresh_from_db()
    assert find(draft.definisi, "sop2").induk == "g"
    assert [row["kode"] for row in find(draft.definisi, "sop2").node["pilihan"]] == ["lengkap", "tidak"]
    inside = {
        "jenis": "kelompok",
        "asal": "g",
        "dasar": node_mark(find(draft.definisi, "g")),
        "kode": "g",
        "nama": "Kelompok g",
        "agregasi": "jumlah",
        "ikut": "ya",
    }
    assert "dirinya sendiri" in client.post(page, inside | {"induk": "g"}).content.decode()
    client.post(url("instrumen_susun", draft), {"kode": "g", "langkah": "naik"})
    draft.refresh_from_db()
    assert [one["kode"] for one in draft.definisi["akar"]["isi"]] == ["g", "kunjungan"]
    base = node_mark(find(draft.definisi, "g"))
    client.post(url("instrumen_susun", draft), {"kode": "g", "langkah": "hapus", "dasar": base})
    draft.refresh_from_db()
    assert [one["kode"] for one in draft.definisi["akar"]["isi"]] == ["kunjungan"]


def test_two_people_in_one_row_are_told_and_both_keep_their_words(login: Login, draft: VersiInstrumen) -> None:
    client = login("perencana")
    seen_by_both = node_form(draft, "kunjungan")
    client.post(url("instrumen_butir", draft), seen_by_both | {"nama": "Nama dari orang pertama"})
    second = client.post(url("instrumen_butir", draft), seen_by_both | {"nama": "Nama dari orang kedua"})
    page = second.content.decode()
    assert second.status_code == 422
    assert "sudah diubah oleh perencana" in page
    assert "Nama dari orang kedua" in page
    draft.refresh_from_db()
    assert find(draft.definisi, "kunjungan").node["nama"] == "Nama dari orang pertama"
    # Another row is another matter.
    other = node_form(draft, "sop", nama="Kepatuhan pada SOP")
    client.post(url("instrumen_butir", draft), other)
    draft.refresh_from_db()
    assert find(draft.definisi, "sop").node["nama"] == "Kepatuhan pada SOP"


def test_what_was_typed_for_a_row_that_somebody_took_out_is_kept(login: Login, draft: VersiInstrumen) -> None:
    client = login("perencana")
    form = node_form(draft, "sop", nama="Ketikan saya")
    base = node_mark(find(draft.definisi, "sop"))
    client.post(url("instrumen_susun", draft), {"kode": "sop", "langkah": "hapus", "dasar": base})
    lost = client.post(url("instrumen_butir", draft), form)
    assert lost.status_code == 422
    assert "Ketikan saya" in lost.content.decode()
    assert "sudah dihapus orang lain" in lost.content.decode()


def test_the_head_and_the_classes_of_a_draft_are_changed(login: Login, draft: VersiInstrumen) -> None:
    client = login("perencana")
    head = client.get(url("instrumen_kepala", draft)).context["dasar"]
    form = {
        "dasar": head,
        "nama": "Mutu 2025",
        "r_instrumen": "SK 12",
        "r_tempat": "Lampiran",
        "r_dasar": "tertulis",
        "s0_kode": "rawat_inap",
        "s0_nama": "Rawat inap",
        "peringkat": "kelas, mutu",
        "catatan": "Baris 7 hilang",
    }
    assert client.post(url("instrumen_kepala", draft), form).status_code == 302
    again = client.post(url("instrumen_kepala", draft), form | {"nama": "Yang lain"})
    assert "sudah diubah" in again.content.decode()
    classes = client.get(url("instrumen_kelas", draft)).context["dasar"]
    bands = {
        "kelompok": "mutu",
        "dasar": classes,
        "d_kebijakan": "ambang_bawah",
        "d_desimal": "2",
        "r_instrumen": "SK 12",
        "r_tempat": "Diktum",
        "r_dasar": "tertulis",
        "k0_kode": "baik",
        "k0_label": "Baik",
        "k0_dari": "91",
        "k0_sampai": "",
        "k1_kode": "cukup",
        "k1_label": "Cukup",
        "k1_dari": "",
        "k1_sampai": "90",
    }
    assert client.post(url("instrumen_kelas", draft), bands).status_code == 302
    draft.refresh_from_db()
    assert draft.definisi["nama"] == "Mutu 2025"
    assert draft.definisi["sifat"] == {"rawat_inap": "Rawat inap"}
    assert draft.definisi["klasifikasi"][0]["skala"]["tingkat"][1]["sampai"] == "90"
    page = client.get(url("instrumen_versi", draft)).content.decode()
    assert "≥ 91" in page
    assert "masalah" not in page.split("Isi</dt>")[0]


# --- publishing, retiring, copying ------------------------------------------------------------------------------------


def test_a_published_version_is_never_changed_by_any_form(login: Login, published: VersiInstrumen) -> None:
    client = login("perencana")
    before = (published.sidik, published.definisi)
    client.post(url("instrumen_butir", published), node_form(published, "sop", nama="Dipalsukan"))
    client.post(
        url("instrumen_butir", published),
        {"jenis": "butir", "di": "mutu", "kode": "x", "nama": "x", "penilaian": "capaian", "masukan": "nilai"},
    )
    mark = node_mark(find(published.definisi, "sop"))
    for way in ("naik", "hapus"):
        client.post(url("instrumen_susun", published), {"kode": "sop", "langkah": way, "dasar": mark})
    page = client.get(url("instrumen_kepala", published))
    client.post(
        url("instrumen_kepala", published),
        {
            "dasar": page.context["dasar"],
            "nama": "Dipalsukan",
            "r_instrumen": "a",
            "r_tempat": "b",
            "r_dasar": "tertulis",
        },
    )
    client.post(url("instrumen_kelas", published), {"kelompok": "mutu", "dasar": "x", "hapus": "1"})
    at = published.changed_at.isoformat()
    for step in ("hapus", "terbitkan"):
        client.post(url("instrumen_langkah", published), {"langkah": step, "dasar": at, "keterangan": "x"})
    published.refresh_from_db()
    assert (published.sidik, published.definisi) == before
    assert not AuditEntry.objects.filter(action="assessments.change_draft").exists()


def test_only_one_draft_follows_and_a_version_that_judges_is_never_deleted(
    login: Login, tahun_kinerja: TahunKinerja, published: VersiInstrumen
) -> None:
    client = login("perencana")
    for _ in range(2):
        client.post(url("instrumen_langkah", published), {"langkah": "draf"})
    second = VersiInstrumen.objects.get(nomor=2)
    assert VersiInstrumen.objects.count() == 2
    client.post(url("instrumen_butir", second), node_form(second, "kunjungan", target="≤ 2"))
    diff = client.get(url("instrumen_banding", second)).content.decode()
    assert "≤ 3" in diff
    assert "≤ 2" in diff
    stale = {"langkah": "hapus", "dasar": second.changed_at.isoformat()}
    client.post(url("instrumen_langkah", second), stale)
    assert VersiInstrumen.objects.filter(pk=second.pk).exists()
    second.refresh_from_db()
    client.post(url("instrumen_langkah", second), {"langkah": "hapus", "dasar": second.changed_at.isoformat()})
    assert not VersiInstrumen.objects.filter(pk=second.pk).exists()
    penilaian = Penilaian.objects.create(tahun_kinerja=tahun_kinerja, versi=published, tahun_evaluasi=2024)
    Jawaban.objects.create(penilaian=penilaian, butir="sop", nilai="lengkap")
    client.post(url("instrumen_langkah", published), {"langkah": "hapus", "dasar": published.changed_at.isoformat()})
    client.post(url("instrumen_langkah", published), {"langkah": "tarik", "keterangan": "Diganti peraturan baru"})
    published.refresh_from_db()
    assert published.status == "ditarik"
    assert AuditEntry.objects.get(action="assessments.retire_versi").reason == "Diganti peraturan baru"
    assert client.post(url("instrumen_pilih", published), {}).status_code == 302
    assert not PengaturanPenilaian.objects.exists()


def test_the_same_content_is_not_published_twice(
    tahun_kinerja: TahunKinerja, login: Login, published: VersiInstrumen
) -> None:
    draft = create_draft(by=None, tahun_kinerja=tahun_kinerja, versi=published)
    page = login("perencana").post(
        url("instrumen_langkah", draft),
        {"langkah": "terbitkan", "dasar": draft.changed_at.isoformat(), "keterangan": "Sama"},
        follow=True,
    )
    assert "Isinya sama dengan v1" in page.content.decode()


def test_a_copy_of_a_pack_is_an_instrument_of_its_own(login: Login, tahun_kinerja: TahunKinerja) -> None:
    versi = adopt_pack(by=None, tahun_kinerja=tahun_kinerja, pack_id=LKE)
    client = login("perencana")
    client.post(url("instrumen_langkah", versi), {"langkah": "salin", "nama": "LKE Kabupaten"})
    made = Instrumen.objects.get(nama="LKE Kabupaten")
    copy = made.versi.get()
    assert (made.kunci, made.keluarga, copy.status) == ("lke_kabupaten", "lke", "draf")
    assert copy.definisi["kunci"] == "lke_kabupaten"
    assert copy.definisi["akar"] == versi.definisi["akar"]
    same = client.post(url("instrumen_langkah", versi), {"langkah": "salin", "nama": "lke kabupaten"}, follow=True)
    assert "sudah ada" in same.content.decode()


@pytest.mark.parametrize("role", ["kepala", "inspektorat", "keuangan", "operator"])
def test_only_who_writes_instruments_changes_any(login: Login, draft: VersiInstrumen, role: str) -> None:
    client = login(role)
    assert client.post(url("instrumen_butir", draft), node_form(draft, "sop", nama="x")).status_code == 403
    assert client.post(url("instrumen_langkah", draft), {"langkah": "hapus"}).status_code == 403
    assert client.post(url("instrumen_baru"), {"nama": "x", "keluarga": "lain"}).status_code == 403
    assert client.get(url("instrumen_versi", draft)).status_code == 200
