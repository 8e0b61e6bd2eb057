"""Results of surveys: counted in one query, kept when a survey closes, joined by the stated method, fed to the IKU."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from capaian.measurement.models import Realisasi
from capaian.measurement.sources import choose_source
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.skm.actions import close_survei, reopen_survei
from capaian.skm.actions_hasil import (
    HasilRefused,
    RencanaInput,
    publish_hasil,
    save_pengaturan,
    save_rencana,
    withdraw_hasil,
)
from capaian.skm.compute import aggregate, measure
from capaian.skm.models import UNSUR, HasilSkm, JawabanSkm, NrrTercetak, Survei
from capaian.skm.profil import hidden_counts, profil_tables
from capaian.skm.results import combine, read_ikm, read_result, year_results
from capaian.workflow.models import AuditEntry

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
PLAN = RencanaInput("Membuka loket kedua", "Kepala tata usaha", "Triwulan I")


def make_survei(year: TahunKinerja, unit: UnitKerja | None = None, **more: Any) -> Survei:
    given = {
        "nama": f"SKM {unit or 'Dinas'}",
        "mulai": date(2024, 9, 1),
        "sampai": date(2099, 9, 30),
        "status": "dibuka",
    }
    number = year.survei.count()
    return Survei.objects.create(tahun_kinerja=year, unit=unit, tautan=f"alamat{number}", **{**given, **more})


def answer(survei: Survei, values: list[int | None], times: int = 1, **more: Any) -> None:
    rows = [{**dict(zip(UNSUR, values, strict=False)), "tanggal": date(2024, 9, 3), "sumber": "kertas", **more}] * times
    JawabanSkm.objects.bulk_create(JawabanSkm(survei=survei, **row) for row in rows)


@pytest.fixture
def unit(tahun_kinerja: TahunKinerja) -> UnitKerja:
    return UnitKerja.objects.create(
        instansi=tahun_kinerja.instansi, kunci="utara", nama="Puskesmas Utara", jenis="puskesmas"
    )


@pytest.fixture
def survei(tahun_kinerja: TahunKinerja, unit: UnitKerja) -> Survei:
    """Ten answers, whose means are worked out in `test_an_index_is_worked_out_from_its_answers`."""
    found = make_survei(tahun_kinerja, unit, populasi=100)
    answer(found, [3] * 9, 4)
    answer(found, [4, 3, 2, 4, None, 4, 3, 3, 2], 6, jenis_kelamin="p")
    return found


def test_an_index_is_worked_out_from_its_answers(
    survei: Survei, django_assert_num_queries: Callable[[int], Any]
) -> None:
    with django_assert_num_queries(1):
        tally = aggregate([survei.pk])[survei.pk]
    assert (tally.responden, tally.seragam) == (10, 4)
    assert (tally.terisi["produk"], tally.jumlah["produk"], tally.terisi["waktu"]) == (4, 12, 10)
    found = measure(survei, tally)
    # persyaratan (4×3 + 6×4) ÷ 10 = 3,6; waktu and sarana (12 + 12) ÷ 10 = 2,4; produk 12 ÷ 4 = 3
    assert [str(found.nrr[kode]) for kode in ("persyaratan", "waktu", "produk", "sarana")] == ["3.6", "2.4", "3", "2.4"]
    # 3,6 + 3 + 2,4 + 3,6 + 3 + 3,6 + 3 + 3 + 2,4 = 27,6; ÷ 9 × 25 = 76,67: B, which begins at 76,61
    assert found.ikm is not None
    assert (str(found.ikm.tampil), found.ikm.mutu, found.ikm.unsur_terendah) == ("76.67", "B", ("waktu", "sarana"))
    # Krejcie and Morgan ask 80 of 100.
    assert "kurang dari sampel 80" in found.catatan[0]
    # Four could be told apart, five are a number.
    assert found.catatan[1].startswith("Kurang dari 5 responden memberi jawaban yang sama")
    answer(survei, [3] * 9)
    assert "5 responden (45,5%) memberi jawaban yang sama" in measure(survei).catatan[1]


def test_answers_are_counted_alike_however_they_are_asked(survei: Survei, tahun_kinerja: TahunKinerja) -> None:
    other = make_survei(tahun_kinerja, None, unsur=["waktu", "biaya", "sarana"])
    answer(other, [None, None, 4], 3)
    together = aggregate(Survei.objects.all())
    assert together == aggregate([survei.pk]) | aggregate([other.pk])
    # One answer alone is no straight line.
    assert together[other.pk].seragam == 0
    remarks = " ".join(measure(other).catatan)
    assert "Tidak ditanyakan: Persyaratan" in remarks
    assert "Penimbangnya 1 ÷ 3" in remarks
    assert "Tanpa nilai: Biaya/tarif; Sarana" in remarks


def test_a_closed_survey_keeps_its_result_until_it_closes_again(survei: Survei, cast: SimpleNamespace) -> None:
    close_survei(by=cast.perencana, survei=survei)
    survei.refresh_from_db()
    first = HasilSkm.objects.get(survei=survei)
    assert (str(first.tampil), first.responden, first.profil["jenis_kelamin"]) == ("76.67", 10, {"": 4, "p": 6})
    answer(survei, [1] * 9, 10)
    assert str(read_result(survei).tampil) == "76.67"
    reopen_survei(by=cast.perencana, survei=survei, reason="Masih ada lembar kertas")
    survei.refresh_from_db()
    # Open again it is computed as it stands, and closing makes the result anew.
    assert read_result(survei).responden == 20
    close_survei(by=cast.perencana, survei=survei)
    again = HasilSkm.objects.get(survei=survei)
    assert again.responden == 20
    assert again.tampil < first.tampil
    said = AuditEntry.objects.filter(action="skm.freeze").order_by("number").last()
    assert said is not None
    assert said.before["ikm"] == "76.67"


def test_units_are_joined_by_the_stated_method_and_both_are_shown(
    survei: Survei, cast: SimpleNamespace, tahun_kinerja: TahunKinerja, login: Login
) -> None:
    office = make_survei(tahun_kinerja)
    answer(office, [4] * 9, 90)
    for one in (survei, office):
        close_survei(by=cast.perencana, survei=one)
    found = combine(year_results(tahun_kinerja), "rata_rata_unit")
    plain, weighted = found.by_method["rata_rata_unit"], found.by_method["bobot_responden"]
    assert plain is not None
    assert weighted is not None
    # (76,667 + 100) ÷ 2 = 88,33: A; (76,667 × 10 + 100 × 90) ÷ 100 = 97,67
    assert (str(plain.tampil), plain.mutu, str(weighted.tampil)) == ("88.33", "A", "97.67")
    assert found.terendah == ("waktu", "sarana")
    page = login("perencana").get("/contoh/2024/survei/rekap/").content.decode()
    assert "88,33" in page
    assert "97,67" in page
    trace = login("perencana").get("/contoh/2024/survei/rekap/jejak/").content.decode()
    assert "Puskesmas Utara" in trace


def test_the_index_feeds_its_indicator_and_follows_the_method(
    survei: Survei, plan: SimpleNamespace, cast: SimpleNamespace, tahun_kinerja: TahunKinerja
) -> None:
    def stands() -> str:
        return Realisasi.objects.get(indikator=plan.jkn, tahun=2024, periode=0).teks

    assert read_ikm(tahun_kinerja) is None
    choose_source(by=cast.perencana, tahun_kinerja=tahun_kinerja, indikator=plan.jkn, sumber="ikm")
    close_survei(by=cast.perencana, survei=survei)
    assert stands() == "76,67"
    office = make_survei(tahun_kinerja, unsur=["waktu"])
    answer(office, [None, None, 4], 90)
    close_survei(by=cast.perencana, survei=office)
    assert stands() == "88,33"
    save_pengaturan(by=cast.perencana, tahun_kinerja=tahun_kinerja, gabungan="bobot_responden")
    assert stands() == "97,67"
    kept = Realisasi.objects.get(indikator=plan.jkn, tahun=2024, periode=0)
    assert "berbobot jumlah responden" in kept.keterangan
    assert "tanpa nilai pada 1 survei: Persyaratan" in kept.keterangan
    with pytest.raises(PermissionDenied):
        save_pengaturan(by=cast.operator, tahun_kinerja=tahun_kinerja, gabungan="rata_rata_unit")
    # What takes answers again is not final: first the other survey stands alone, then nothing.
    reopen_survei(by=cast.perencana, survei=office, reason="Lembar tertinggal")
    assert stands() == "76,67"
    reopen_survei(by=cast.perencana, survei=survei, reason="Lembar tertinggal")
    assert not Realisasi.objects.filter(indikator=plan.jkn, tahun=2024, periode=0).exists()


def test_a_result_is_published_with_a_plan_for_its_lowest_unsur(
    survei: Survei, cast: SimpleNamespace, client: Client
) -> None:
    public = f"/hasil-skm/{survei.tautan}/"
    with pytest.raises(HasilRefused, match="belum ditutup"):
        publish_hasil(by=cast.operator, survei=survei)
    # One more finds the product good, as the four did: five answers can be shown, and the mean stays.
    JawabanSkm.objects.filter(pk=survei.jawaban.filter(produk=None).values("pk")[:1]).update(produk=3)
    close_survei(by=cast.operator, survei=survei)
    with pytest.raises(HasilRefused, match="Waktu penyelesaian; Sarana dan prasarana"):
        publish_hasil(by=cast.operator, survei=survei)
    assert client.get(public).status_code == 404
    save_rencana(by=cast.operator, survei=survei, given={"waktu": PLAN, "sarana": PLAN})
    # Two people at once: the second finds it published, and nothing is noted twice.
    assert [publish_hasil(by=cast.operator, survei=survei).status for _ in range(2)] == ["terbit", "terbit"]
    assert AuditEntry.objects.filter(action="skm.publish_hasil").count() == 1
    page = client.get(public).content.decode()
    assert "76,67" in page
    assert "4 responden" not in page
    assert "Membuka loket kedua" in page
    # Four did not say their sex: the count is hidden, and the six who did would tell it.
    assert page.count("disamarkan</small>") == 2
    with pytest.raises(HasilRefused, match="harus tetap mempunyai rencana"):
        save_rencana(by=cast.operator, survei=survei, given={"waktu": RencanaInput()})
    with pytest.raises(HasilRefused, match="alasan penarikan"):
        withdraw_hasil(by=cast.operator, survei=survei, reason=" ")
    withdraw_hasil(by=cast.operator, survei=survei, reason="Angka keliru")
    assert client.get(public).status_code == 404
    assert AuditEntry.objects.get(action="skm.withdraw_hasil").reason == "Angka keliru"


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"lain": PLAN}, "tidak ditanyakan"),
        ({"waktu": RencanaInput("", "Kepala")}, "tulis apa yang akan dilakukan"),
        ({"waktu": RencanaInput("x", "", "", "entah")}, "pilih keadaan"),
        ({"biaya": PLAN, "waktu": RencanaInput("x", "y" * 201)}, "paling banyak 200 huruf"),
    ],
)
def test_a_wrong_plan_stores_nothing(
    survei: Survei, cast: SimpleNamespace, given: dict[str, RencanaInput], words: str
) -> None:
    close_survei(by=None, survei=survei)
    with pytest.raises(HasilRefused, match=words):
        save_rencana(by=cast.operator, survei=survei, given=given)
    assert not survei.rencana.exists()


def test_a_handful_of_answers_is_not_published(tahun_kinerja: TahunKinerja, cast: SimpleNamespace) -> None:
    found = make_survei(tahun_kinerja)
    answer(found, [3] * 9, 4)
    close_survei(by=None, survei=found)
    save_rencana(by=None, survei=found, given=dict.fromkeys(UNSUR, PLAN))
    with pytest.raises(HasilRefused, match="Hanya 4 orang"):
        publish_hasil(by=cast.perencana, survei=found)


@pytest.mark.parametrize(("answers", "is_refused"), [(0, False), (1, True), (4, True), (5, False)])
def test_an_unsur_that_few_answered_is_not_published(
    tahun_kinerja: TahunKinerja, login: Login, answers: int, is_refused: bool
) -> None:
    found = make_survei(tahun_kinerja)
    answer(found, [3, 4, 3, 4, 3, 4, 3, None, 4], 20 - answers)
    answer(found, [3, 4, 3, 4, 3, 4, 3, 1, 4], answers)
    close_survei(by=None, survei=found)
    save_rencana(by=None, survei=found, given=dict.fromkeys(UNSUR, PLAN))
    client = login("perencana")
    asked = client.post(f"/contoh/2024/survei/{found.pk}/hasil/terbit/", {"tindakan": "terbit"})
    public = client.get(f"/hasil-skm/{found.tautan}/")
    assert (asked.status_code, public.status_code) == ((422, 404) if is_refused else (302, 200))
    if is_refused:
        said = asked.content.decode()
        assert f"jawaban untuk Penanganan pengaduan, saran, dan masukan ({answers})" in said
        assert f'<a href="/contoh/2024/survei/{found.pk}/">Ke survei</a>' in said


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ({"l": 20, "p": 4}, {"l", "p"}),
        ({"a": 3, "b": 2, "c": 40}, {"a", "b"}),
        ({"a": 0, "b": 40, "c": 41}, set()),
        ({"a": 1, "b": 9, "c": 30}, {"a", "b"}),
        ({"a": 3}, {"a"}),
        # One and one of a hundred, and four and four, follow from the total.
        ({"a": 1, "b": 1, "c": 98}, {"a", "b", "c"}),
        ({"a": 4, "b": 4, "c": 40, "d": 50}, {"a", "b", "c"}),
    ],
)
def test_small_counts_cannot_be_worked_out(counts: dict[str, int], hidden: set[str]) -> None:
    assert hidden_counts(counts) == hidden


def test_a_trait_nobody_stated_has_no_table() -> None:
    tables = profil_tables({"umur": {"": 10}, "jenis_kelamin": {"p": 30, "l": 10, "": 5}})
    assert [table.judul for table in tables] == ["Jenis kelamin"]
    assert [(row.label, row.persons) for row in tables[0].rows] == [
        ("Laki-laki", 10),
        ("Perempuan", 30),
        ("Tidak disebut", 5),
    ]


def test_printed_means_give_the_index_of_bekasi_and_are_tested(tahun_kinerja: TahunKinerja) -> None:
    found = make_survei(tahun_kinerja, status="ditutup", responden_tercetak=21)
    printed = ("3.277", "3.327", "3.248", "3.149", "3.337", "3.307", "3.584", "3.198", "3.753")
    for unsur, teks in zip(UNSUR, printed, strict=True):
        NrrTercetak.objects.create(survei=found, unsur=unsur, teks=teks, nilai=Decimal(teks))
    result = read_result(found)
    assert (str(result.tampil), result.mutu, result.terendah) == ("83.83", "B", ("biaya",))
    # Of 21 whole answers no mean is 3,277: 68 ÷ 21 = 3,238, 69 ÷ 21 = 3,286.
    assert "uji GRIM" in result.catatan[-1]
    assert "Persyaratan 3.277" in result.catatan[-1]
    found.responden_tercetak = None
    assert "tidak tercetak" in " ".join(read_result(found).catatan)


def test_the_pages_say_what_there_is_and_to_whom(survei: Survei, login: Login, client: Client) -> None:
    answer(survei, [4] * 9, saran="Tambah kursi")
    place = f"/contoh/2024/survei/{survei.pk}/"
    page = login("perencana").get(f"{place}hasil/").content.decode()
    assert "sementara" in page
    assert "Baca 1 saran" in page
    assert "Tambah kursi" in client.get(f"{place}saran/").content.decode()
    assert "NRR × 1" in client.get(f"{place}hasil/jejak/").content.decode()
    assert client.post(f"{place}hasil/terbit/", {"tindakan": "terbit"}).status_code == 422
    assert client.get(f"{place}rencana/").status_code == 200
    assert "Baca 1 saran" not in login("inspektorat").get(f"{place}hasil/").content.decode()
    assert client.get(f"{place}saran/").status_code == 403
    for name in ("hasil/", "saran/", "rencana/", "hasil/jejak/"):
        assert login("outsider").get(f"{place}{name}").status_code == 403


def test_the_plan_is_written_on_its_page(survei: Survei, login: Login) -> None:
    close_survei(by=None, survei=survei)
    place, client = f"/contoh/2024/survei/{survei.pk}/rencana/", login("operator")
    form = {
        "uraian-waktu": "Loket kedua",
        "penanggung_jawab-waktu": "Tata usaha",
        "waktu-waktu": "2025",
        "status-waktu": "proses",
    }
    wrong = client.post(place, {**form, "uraian-biaya": "", "penanggung_jawab-biaya": "Bendahara"})
    assert wrong.status_code == 422
    assert "Loket kedua" in wrong.content.decode()
    assert client.post(place, form).status_code == 302
    assert survei.rencana.get().get_status_display() == "Dalam proses"


def test_the_recap_takes_few_queries(
    tahun_kinerja: TahunKinerja, login: Login, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    client = login("perencana")
    empty = client.get("/contoh/2024/survei/rekap/").content.decode()
    assert "Belum ada survei yang dibuka" in empty
    for number in range(12):
        unit = UnitKerja.objects.create(
            instansi=tahun_kinerja.instansi, kunci=f"p{number}", nama=f"Puskesmas {number}", jenis="puskesmas"
        )
        answer(make_survei(tahun_kinerja, unit), [3] * 9, 5)
    with django_assert_max_num_queries(14):
        assert client.get("/contoh/2024/survei/rekap/").status_code == 200
    assert login("outsider").get("/contoh/2024/survei/rekap/").status_code == 403
    assert login("operator").get("/contoh/2024/survei/pengaturan/").status_code == 403
