"""Evaluasi AKIP: three tiers with their rights, suggested grades, closing and copying, two people, printed reports."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from capaian.assessments.actions import PenilaianRefused, adopt_pack, choose_instrumen
from capaian.assessments.actions_lke import Change, Written, save_jawaban
from capaian.assessments.actions_tingkat import Printed, PrintedRefused, close_tier, reopen_tier, save_lhe, save_printed
from capaian.assessments.models import BuktiPenilaian, Hasil, Jawaban, Penilaian
from capaian.assessments.queries_akip import official_of
from capaian.measurement.models import Realisasi, SumberRealisasi
from capaian.organisations.models import TahunKinerja
from capaian.workflow.models import AuditEntry

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
URL = "/contoh/2024/penilaian/lke/"
PACK = "akip/permenpanrb_88_2021"
# The twelve grades of Balangan's report (Tabel 3.12), which make 79,50.
BALANGAN = {
    "1a": "BB", "1b": "B", "1c": "A", "2a": "BB", "2b": "B", "2c": "BB", "3a": "A", "3b": "BB", "3c": "BB", "4a": "BB",
    "4b": "A", "4c": "B",
}  # fmt: skip
BEKASI = {"1": "23,48", "2": "23,49", "3": "13,38", "4": "20,32"}
DEFINITION = (
    "Nilai komponen perencanaan kinerja + Nilai komponen pengukuran kinerja + Nilai komponen pelaporan kinerja + Nilai "
    "komponen evaluasi kinerja + Nilai komponen capaian kinerja"
)


def choose(year: TahunKinerja, pack: str = PACK, **kebijakan: str) -> None:
    versi = adopt_pack(by=None, tahun_kinerja=year, pack_id=pack)
    choose_instrumen(by=None, tahun_kinerja=year, versi=versi, kebijakan=kebijakan)


@pytest.fixture
def lke(tahun_kinerja: TahunKinerja, cast: SimpleNamespace) -> SimpleNamespace:
    """The office year with the worksheet of 2021 chosen, and the cast."""
    choose(tahun_kinerja)
    return SimpleNamespace(year=tahun_kinerja, cast=cast)


def text(client: Client, url: str = URL) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def save(lke: SimpleNamespace, who: str, tingkat: str, grades: dict[str, str], note: str = "") -> Written:
    """Write answers as somebody who has just looked at what is stored."""
    from capaian.assessments.actions_lke import mark_of

    stored = {
        one.butir: mark_of(one.nilai, one.catatan)
        for one in Jawaban.objects.filter(penilaian__tahun_kinerja=lke.year, penilaian__tingkat=tingkat)
    }
    changes = [Change(kode, nilai, note, stored.get(kode, "")) for kode, nilai in grades.items()]
    return save_jawaban(by=getattr(lke.cast, who), tahun_kinerja=lke.year, tingkat=tingkat, changes=changes)


def tier(lke: SimpleNamespace, tingkat: str) -> Penilaian:
    return Penilaian.objects.get(tahun_kinerja=lke.year, tingkat=tingkat)


def self_assessed(lke: SimpleNamespace) -> Penilaian:
    """A self-assessment with every sub-component at B, closed."""
    save(lke, "perencana", "mandiri", dict.fromkeys(BALANGAN, "B"))
    close_tier(by=lke.cast.perencana, penilaian=tier(lke, "mandiri"))
    return tier(lke, "mandiri")


# --- who may ---------------------------------------------------------------------------------------------------------


def test_the_outsider_is_refused(login: Login, lke: SimpleNamespace) -> None:
    assert login("outsider").get(URL).status_code == 403


def test_each_tier_has_its_writers(lke: SimpleNamespace) -> None:
    with pytest.raises(PermissionDenied):
        save(lke, "inspektorat", "mandiri", {"1a": "BB"})
    with pytest.raises(PermissionDenied):
        save(lke, "perencana", "apip", {"1a": "BB"})
    with pytest.raises(PermissionDenied):
        save(lke, "kepala", "akhir", {"1a": "BB"})
    assert not Jawaban.objects.exists()


def test_the_page_offers_each_person_the_own_tier_only(login: Login, lke: SimpleNamespace) -> None:
    html = text(login("perencana"))
    assert 'name="tingkat" value="mandiri"' in html
    assert 'name="tingkat" value="apip"' not in html
    assert 'name="nilai-1a.1"' not in text(login("kepala"))
    self_assessed(lke)
    assert 'name="nilai-1a.1"' not in text(login("perencana"))
    assert 'name="tingkat" value="apip"' in text(login("inspektorat"))


def test_without_a_worksheet_the_page_says_what_to_do(login: Login, tahun_kinerja: TahunKinerja) -> None:
    assert "Lembar kerja belum dipilih" in text(login("perencana"))


# --- answers ---------------------------------------------------------------------------------------------------------


def test_the_grades_of_balangan_make_79_50(lke: SimpleNamespace) -> None:
    assert save(lke, "inspektorat", "akhir", BALANGAN, "Uji").refused == {}
    root = Hasil.objects.get(penilaian__tingkat="akhir", kelompok="lke")
    assert (root.tampil, root.kelas, root.terjawab, root.berlaku) == (Decimal("79.50"), "BB", 12, 12)
    one = Hasil.objects.get(penilaian__tingkat="akhir", kelompok="1")
    assert one.tampil == Decimal("24.60")


def test_criteria_suggest_the_grade_and_the_button_takes_it(login: Login, lke: SimpleNamespace) -> None:
    client = login("perencana")
    given = {f"nilai-1a.{n}": "BB" if n < 6 else "E" for n in range(1, 7)}
    form = {"tingkat": "mandiri", "nilai-1a": "", "pakai_saran": "1"} | given
    assert client.post(f"{URL}simpan/1a/", form).status_code == 302
    # 5 of 6 are 83,33 %: B.
    assert Jawaban.objects.get(butir="1a").nilai == "B"
    assert "5 dari 6 kriteria terpenuhi (83,33%)" in text(client)
    assert Hasil.objects.get(kelompok="1a").tampil == 70


def test_a_and_aa_are_the_evaluators_with_a_reason(lke: SimpleNamespace) -> None:
    assert "hanya diberikan evaluator" in save(lke, "perencana", "mandiri", {"1a": "A"}, "Kami hebat").refused["1a"]
    self_assessed(lke)
    assert "tulis alasannya" in save(lke, "inspektorat", "apip", {"1a": "AA"}).refused["1a"]
    assert save(lke, "inspektorat", "apip", {"1a": "AA"}, "Percontohan nasional").saved == ["1a"]


def test_what_cannot_be_answered_is_refused_and_the_rest_kept(lke: SimpleNamespace) -> None:
    written = save(lke, "perencana", "mandiri", {"1a": "Z", "1b": "B", "1a.1": "CC", "9z": "B", "1a.2": "BB"})
    assert written.saved == ["1b", "1a.2"]
    assert set(written.refused) == {"1a", "1a.1", "9z"}
    assert "pilih AA, A, BB" in written.refused["1a"]


def test_two_people_in_one_cell_are_told_and_nothing_typed_is_lost(login: Login, lke: SimpleNamespace) -> None:
    save(lke, "perencana", "mandiri", {"1a": "B", "1b": "B"})
    # The page was opened before that: its marks are those of empty cells.
    form = {"tingkat": "mandiri", "nilai-1a": "CC", "catatan-1a": "Menurut saya", "dasar-1a": ""}
    response = login("perencana").post(f"{URL}simpan/1a/", form)
    html = response.content.decode()
    assert response.status_code == 422
    assert "Sudah diubah orang lain" in html
    assert "Menurut saya" in html
    assert '<option value="CC" selected>' in html
    assert Jawaban.objects.get(butir="1a").nilai == "B"


def test_htmx_answers_with_the_section_and_the_new_score(login: Login, lke: SimpleNamespace) -> None:
    form = {"tingkat": "mandiri", "nilai-1a": "BB", "dasar-1a": ""}
    html = login("perencana").post(f"{URL}simpan/1a/", form, headers={"HX-Request": "true"}).content.decode()
    assert 'id="b-1a"' in html
    assert 'id="b-1b"' not in html
    assert 'id="lke-ringkas" hx-swap-oob="true"' in html
    assert "4,80" in html


def test_each_answer_leaves_its_entry(lke: SimpleNamespace) -> None:
    save(lke, "perencana", "mandiri", {"1a": "B"})
    entry = AuditEntry.objects.get(action="assessments.save_jawaban")
    assert entry.subject == "lke mandiri 1a 2024"
    assert entry.after == {"nilai": "B", "catatan": ""}


# --- tiers -----------------------------------------------------------------------------------------------------------


def test_a_tier_closes_only_when_everything_is_graded(lke: SimpleNamespace) -> None:
    save(lke, "perencana", "mandiri", {kode: "B" for kode in BALANGAN if kode != "4c"})
    with pytest.raises(PenilaianRefused, match=r"4\.c Pemanfaatan"):
        close_tier(by=lke.cast.perencana, penilaian=tier(lke, "mandiri"))


def test_the_next_tier_begins_as_a_copy_and_a_change_needs_its_reason(login: Login, lke: SimpleNamespace) -> None:
    closed = self_assessed(lke)
    assert Hasil.objects.get(penilaian=tier(lke, "apip"), kelompok="lke").tampil == 70
    refused = save(lke, "inspektorat", "apip", {"1a": "CC"}).refused["1a"]
    assert "CC berbeda dari B" in refused
    save(lke, "inspektorat", "apip", {"1a": "CC"}, "Dua pedoman belum ada")
    html = text(login("inspektorat"))
    assert html.count("is-different") == 1
    with pytest.raises(PenilaianRefused, match="sudah ditutup"):
        save(lke, "perencana", "mandiri", {"1a": "BB"})
    assert closed.jawaban.get(butir="1a").nilai == "B"
    with pytest.raises(PenilaianRefused, match="belum ditutup"):
        save(lke, "inspektorat", "akhir", {"1a": "BB"})


def test_a_tier_is_reopened_with_a_reason_while_its_copy_is_untouched(lke: SimpleNamespace) -> None:
    closed = self_assessed(lke)
    with pytest.raises(PenilaianRefused, match="alasan"):
        reopen_tier(by=lke.cast.perencana, penilaian=closed, reason=" ")
    reopen_tier(by=lke.cast.perencana, penilaian=closed, reason="Salah pilih")
    assert not Penilaian.objects.filter(tingkat="apip").exists()
    assert AuditEntry.objects.get(action="assessments.reopen_tier").reason == "Salah pilih"
    closed = self_assessed(lke)
    save(lke, "inspektorat", "apip", {"1a": "BB"}, "Pedoman ditemukan")
    with pytest.raises(PenilaianRefused, match="sudah berjalan sendiri"):
        reopen_tier(by=lke.cast.perencana, penilaian=closed, reason="Terlambat")
    assert tier(lke, "apip").jawaban.get(butir="1a").nilai == "BB"


def test_the_result_that_stands_is_that_of_the_highest_closed_tier(lke: SimpleNamespace) -> None:
    self_assessed(lke)
    found = official_of(lke.year)
    assert found is not None
    assert (found.label, found.is_final) == ("Penilaian mandiri", False)
    close_tier(by=lke.cast.inspektorat, penilaian=tier(lke, "apip"))
    close_tier(by=lke.cast.inspektorat, penilaian=tier(lke, "akhir"))
    found = official_of(lke.year)
    assert found is not None
    assert (found.label, found.is_final, found.predikat()) == ("Hasil akhir", True, ("B", "Baik"))


def test_exactly_80_is_bb_or_a_by_the_policy_and_says_so(login: Login, lke: SimpleNamespace) -> None:
    save(lke, "inspektorat", "akhir", dict.fromkeys(BALANGAN, "BB"))
    html = text(login("inspektorat"))
    assert "Nilai tepat 80,00: BB dengan batas “lebih dari” (&gt;), A dengan batas" in html
    assert Hasil.objects.get(kelompok="lke").kelas == "BB"
    choose(lke.year, batas_kelas="ambang_bawah")
    assert Hasil.objects.get(kelompok="lke").kelas == "A"


def test_criteria_can_be_averaged_instead(lke: SimpleNamespace) -> None:
    choose(lke.year, skor="butir")
    items = {f"1a.{n}": "BB" for n in range(1, 6)} | {"1a.6": "CC"}
    assert save(lke, "perencana", "mandiri", items).refused == {}
    # (5 × 80 + 60) ÷ 6 = 76,67 % of 6 points.
    assert Hasil.objects.get(kelompok="1a").tampil == Decimal("76.67")
    assert "1b" in save(lke, "perencana", "mandiri", {"1b": "B"}).refused


# --- printed reports -------------------------------------------------------------------------------------------------


def test_the_four_values_of_bekasi_make_80_67_with_both_remarks(
    login: Login, lke: SimpleNamespace, plan: SimpleNamespace
) -> None:
    plan.stunting.nama, plan.stunting.formulasi = "Nilai AKIP Perangkat Daerah", DEFINITION
    plan.stunting.save()
    form = {f"nilai-{kode}": nilai for kode, nilai in BEKASI.items()}
    form |= {"sumber": "LKIP 2024, Tabel 3.1", "tahun_evaluasi": "2025"}
    assert login("perencana").post(f"{URL}tercetak/", form).status_code == 302
    root = Hasil.objects.get(penilaian__tingkat="akhir", kelompok="lke")
    assert (root.tampil, root.kelas) == (Decimal("80.67"), "A")
    html = text(login("perencana"))
    assert "kisi AA–E subkomponen: Perencanaan Kinerja 23,48 dari 30 (78,27%)" in html
    assert "menyebut 5 komponen, tetapi 4 yang bernilai: capaian kinerja" in html


def test_printed_values_that_contradict_each_other_are_refused_with_what_was_typed(
    login: Login, lke: SimpleNamespace
) -> None:
    form = {"nilai-1": "24,60", "nilai-1a": "BB", "nilai-1b": "6,30", "nilai-1c": "12", "nilai-2": "31"}
    response = login("perencana").post(f"{URL}tercetak/", form | {"sumber": "LHE", "tahun_evaluasi": "2025"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "24,6 bukan jumlah subkomponennya (23,1)" in html
    assert "bukan nilai 0 sampai 30" in html
    assert 'value="31"' in html
    assert not Penilaian.objects.exists()


def test_a_printed_report_needs_its_source_and_its_years(lke: SimpleNamespace) -> None:
    def stated(**more: object) -> None:
        values = {"sumber": "LHE", "tahun_evaluasi": 2025, "values": BEKASI} | more
        save_printed(by=None, tahun_kinerja=lke.year, printed=Printed(**values))  # type: ignore[arg-type]

    with pytest.raises(PenilaianRefused, match="Sumber belum diisi"):
        stated(sumber=" ")
    with pytest.raises(PenilaianRefused, match="Tahun evaluasi 2023"):
        stated(tahun_evaluasi=2023)
    with pytest.raises(PrintedRefused):
        stated(values={"1": "delapan"})
    with pytest.raises(PermissionDenied):
        save_printed(by=lke.cast.kepala, tahun_kinerja=lke.year, printed=Printed("LHE", 2025, BEKASI))
    stated()
    with pytest.raises(PenilaianRefused, match="sudah ditutup"):
        stated()


def test_last_years_result_stands_beside_with_the_difference(login: Login, lke: SimpleNamespace) -> None:
    last = TahunKinerja.objects.get(instansi=lke.year.instansi, tahun=2023)
    choose(last)
    save_printed(by=None, tahun_kinerja=last, printed=Printed("LHE 2024", 2024, BALANGAN))
    save_printed(by=None, tahun_kinerja=lke.year, printed=Printed("LHE 2025", 2025, BEKASI))
    html = text(login("kepala"))
    assert ">79,50<" in html
    assert "+1,17" in html
    assert "-1,12" in html


# --- evidence and traces ---------------------------------------------------------------------------------------------


def test_evidence_is_attached_while_the_tier_is_open(login: Login, lke: SimpleNamespace) -> None:
    place = f"{URL}bukti/1a.1/"
    client = login("perencana")
    assert client.post(place, {"tautan": "javascript:alert(1)", "nama": ""}).status_code == 422
    assert client.post(place, {"tautan": "https://contoh.go.id/renstra.pdf", "nama": "Renstra"}).status_code == 302
    bukti = BuktiPenilaian.objects.get()
    assert (bukti.butir, bukti.penilaian.tingkat) == ("1a.1", "mandiri")
    assert "1 bukti" in text(client)
    self_assessed(lke)
    assert client.post(f"{URL}bukti/{bukti.pk}/hapus/").status_code == 302
    assert BuktiPenilaian.objects.exists()
    assert login("keuangan").post(f"{URL}bukti/{bukti.pk}/hapus/").status_code == 403


def test_every_value_opens_its_trace(login: Login, lke: SimpleNamespace) -> None:
    save(lke, "perencana", "mandiri", BALANGAN | {"1c": "BB", "3a": "BB", "4b": "BB"})
    html = text(login("kepala"), f"{URL}jejak/mandiri/lke/")
    assert "Perencanaan Kinerja" in html
    assert "lebih dari" in html
    assert "jawaban B" in text(login("kepala"), f"{URL}jejak/mandiri/1b/")
    assert login("kepala").get(f"{URL}jejak/akhir/lke/").status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_answers(
    login: Login, lke: SimpleNamespace, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    self_assessed(lke)
    client = login("inspektorat")
    with django_assert_max_num_queries(22):
        client.get(URL)


# --- what follows from it --------------------------------------------------------------------------------------------


def test_an_indicator_takes_the_closed_result_with_its_trace_and_gives_it_back(
    lke: SimpleNamespace, plan: SimpleNamespace
) -> None:
    SumberRealisasi.objects.create(indikator=plan.berkas, sumber="akip")
    mine = Realisasi.objects.filter(indikator=plan.berkas, tahun=2024, periode=0)
    self_assessed(lke)
    assert not mine.exists()
    close_tier(by=lke.cast.inspektorat, penilaian=tier(lke, "apip"))
    assert mine.get().keterangan.startswith("Evaluasi APIP, evaluasi AKIP tahun 2025")
    save(lke, "inspektorat", "akhir", {"1a": "BB"}, "Pedoman ditemukan")
    final = tier(lke, "akhir")
    close_tier(by=lke.cast.inspektorat, penilaian=final)
    # 70 + 10 % of 6 points.
    assert mine.get().teks == "70,60"
    assert mine.get().jejak["steps"]
    reopen_tier(by=lke.cast.inspektorat, penilaian=final, reason="Salah jumlah")
    assert mine.get().teks == "70,00"


# --- a printed report and the worksheet beside each other ------------------------------------------------------------


def test_a_printed_report_never_wipes_what_evaluators_write(login: Login, lke: SimpleNamespace) -> None:
    save(lke, "inspektorat", "akhir", {"1a": "B"}, "Dokumen lengkap")
    with pytest.raises(PenilaianRefused, match="akan menghapus jawabannya"):
        save_printed(by=lke.cast.perencana, tahun_kinerja=lke.year, printed=Printed("LHE", 2025, BEKASI))
    assert Jawaban.objects.get(penilaian=tier(lke, "akhir")).nilai == "B"
    assert "lanjutkan pada lembar itu" in text(login("perencana"), f"{URL}tercetak/")


def test_what_an_evaluator_typed_from_a_report_only_evaluators_open_again(lke: SimpleNamespace) -> None:
    printed = Printed("LHE", 2025, BEKASI)
    final = save_printed(by=lke.cast.inspektorat, tahun_kinerja=lke.year, printed=printed)
    with pytest.raises(PermissionDenied):
        reopen_tier(by=lke.cast.perencana, penilaian=final, reason="Salah tulis")
    reopen_tier(by=lke.cast.inspektorat, penilaian=final, reason="Salah tulis")
    final = save_printed(by=lke.cast.perencana, tahun_kinerja=lke.year, printed=printed)
    reopen_tier(by=lke.cast.perencana, penilaian=final, reason="Salah tulis")
    assert Penilaian.objects.get(pk=final.pk).selesai_pada is None


@pytest.mark.parametrize("values", [{"1": "23,48"}, BEKASI | {"1": "", "1a": "BB"}])
def test_a_printed_report_of_some_components_is_no_result(lke: SimpleNamespace, values: dict[str, str]) -> None:
    with pytest.raises(PenilaianRefused, match="belum lengkap"):
        save_printed(by=None, tahun_kinerja=lke.year, printed=Printed("LHE", 2025, values))
    assert not Penilaian.objects.exists()


def test_below_a_printed_value_nothing_is_graded_without_effect(lke: SimpleNamespace) -> None:
    final = save_printed(by=None, tahun_kinerja=lke.year, printed=Printed("LHE", 2025, BEKASI))
    reopen_tier(by=lke.cast.inspektorat, penilaian=final, reason="Subkomponen ditemukan")
    written = save(lke, "inspektorat", "akhir", {"1a": "AA"}, "Melebihi")
    assert "memakai nilai tercetak 23,48" in written.refused["1a"]
    # Grades of sub-components are answers like those of the worksheet.
    save_printed(by=None, tahun_kinerja=lke.year, printed=Printed("LHE", 2025, BALANGAN))
    reopen_tier(by=lke.cast.inspektorat, penilaian=final, reason="Salah tulis")
    assert save(lke, "inspektorat", "akhir", {"1a": "B"}, "Belum semua").saved == ["1a"]


def test_another_policy_reaches_the_indicator_once_it_is_open(lke: SimpleNamespace, plan: SimpleNamespace) -> None:
    SumberRealisasi.objects.create(indikator=plan.berkas, sumber="akip")
    printed = Printed("LHE", 2025, BEKASI | {"1": "22,81"})
    final = save_printed(by=None, tahun_kinerja=lke.year, printed=printed)
    mine = Realisasi.objects.filter(indikator=plan.berkas, tahun=2024, periode=0)
    assert (mine.get().teks, mine.get().keterangan.split("predikat ")[1][:3]) == ("80,00", "BB.")
    with pytest.raises(PenilaianRefused, match="akan berubah: Hasil akhir"):
        choose(lke.year, batas_kelas="ambang_bawah")
    assert mine.get().keterangan.split("predikat ")[1][:3] == "BB."
    reopen_tier(by=lke.cast.inspektorat, penilaian=final, reason="Kebijakan batas kelas diganti")
    choose(lke.year, batas_kelas="ambang_bawah")
    save_printed(by=None, tahun_kinerja=lke.year, printed=printed)
    assert mine.get().keterangan.split("predikat ")[1][:2] == "A."


def test_the_indicator_names_the_report_once_its_number_is_known(lke: SimpleNamespace, plan: SimpleNamespace) -> None:
    SumberRealisasi.objects.create(indikator=plan.berkas, sumber="akip")
    final = save_printed(by=None, tahun_kinerja=lke.year, printed=Printed("LHE", 2025, BEKASI))
    save_lhe(by=lke.cast.inspektorat, penilaian=final, nomor="700/12", tanggal=None, tahun_evaluasi=2025)
    assert "nomor 700/12" in Realisasi.objects.get(indikator=plan.berkas, tahun=2024, periode=0).keterangan
