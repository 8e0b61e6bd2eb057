"""The pages of the PKP: who is ranked and how, who sees which row, one Puskesmas whole, its trace and properties."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from capaian.assessments.actions import choose_instrumen, sidik_of
from capaian.assessments.compute import store_results
from capaian.assessments.models import Hasil, Instrumen, Jawaban, Penilaian, SifatUnit, VersiInstrumen
from capaian.assessments.queries_pkp import (
    FEWEST_OF_MEAN,
    child_groups,
    district_mean,
    group_class,
    judged_by,
    radar_groups,
    share_of,
    short_name,
)
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.reports.pkp.snapshot import take_pkp
from capaian.rules.instrumen.store import load_instrumen
from capaian.workflow.actions import write_sheet
from capaian.workflow.forms import Change, SheetKey
from capaian.workflow.models import AuditEntry, Form, Submission

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Budget = Callable[[int], AbstractContextManager[object]]
Login = Callable[[str], Client]
URL = "/contoh/2024/penilaian/pkp/"
UNIT = f"{URL}melati/"
TRACE = f"{UNIT}jejak/pelayanan/"
SIFAT = "/contoh/2024/penilaian/sifat/"
TODAY = date(2025, 1, 10)
# UKM 75, UKP and development 100: pelayanan 91,67; manajemen 8,5; mutu 100: Baik in all three.
GOOD = {
    "a1#sasaran": "200", "a1#realisasi": "120", "a2#sasaran": "50", "a2#realisasi": "50", "a3#sasaran": "100",
    "a3#realisasi": "40", "b2": "12 jam", "c1#sasaran": "1000", "c1#realisasi": "150", "m1": "7", "m2": "60",
    "q1": "ya",
}  # fmt: skip
# Two of them: pelayanan (75 + 100 + 60) / 3 = 78,33 Kurang, manajemen 8,5 Baik, mutu 100 Baik: the lowest counts.
WEAK = GOOD | {"c1#realisasi": "90"}


def fill(
    pkp: SimpleNamespace, unit: str, answers: dict[str, str], state: str = "", year: TahunKinerja | None = None
) -> None:
    key = SheetKey(year or pkp.tahun_kinerja, "pkp", pkp.units[unit], 0)
    write_sheet(by=None, key=key, changes=[Change(*one) for one in answers.items()], today=TODAY)
    if state:
        Submission.objects.update_or_create(**key.place, defaults={"state": state})


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def rows(client: Client, url: str = URL) -> list[tuple[str, int | None, str]]:
    """The rows of the recap: unit, rank, class."""
    recap = client.get(url).context["recap"]
    return [(row.unit.kunci, row.nomor, row.label) for row in recap.rows]


@pytest.fixture
def filled(pkp: SimpleNamespace) -> SimpleNamespace:
    """Mawar weak and verified, Melati good and verified, Anggrek better still and only handed in."""
    fill(pkp, "mawar", WEAK, "terverifikasi")
    fill(pkp, "melati", GOOD, "disetujui")
    fill(pkp, "anggrek", GOOD | {"a1#realisasi": "160", "m1": "10"}, "diajukan")
    return pkp


def test_the_addresses() -> None:
    assert reverse("assessments:pkp", args=["contoh", 2024]) == URL
    assert reverse("assessments:pkp_unit", args=["contoh", 2024, "melati"]) == UNIT
    assert reverse("assessments:pkp_jejak", args=["contoh", 2024, "melati", "pelayanan"]) == TRACE
    assert reverse("assessments:sifat", args=["contoh", 2024]) == SIFAT


@pytest.mark.parametrize("url", [URL, UNIT, TRACE, SIFAT])
def test_the_outsider_is_refused(login: Login, pkp: SimpleNamespace, url: str) -> None:
    assert login("outsider").get(url).status_code == 403


def test_without_an_instrument_the_pages_say_what_to_do(
    login: Login, tahun_kinerja: TahunKinerja, puskesmas: object
) -> None:
    assert "Belum ada instrumen penilaian untuk tahun ini" in text(login("perencana"), URL)
    assert "Pilih instrumen" not in text(login("kepala"), URL).split("<main", 1)[-1]
    assert "Sifat yang ditanyakan berasal dari instrumen" in text(login("perencana"), SIFAT)
    assert login("perencana").get(UNIT).status_code == 404


def test_only_verified_sheets_are_ranked_unless_all_are_asked_for(login: Login, filled: SimpleNamespace) -> None:
    client = login("perencana")
    assert rows(client) == [("melati", 1, "Baik"), ("mawar", 2, "Kurang"), ("anggrek", None, "Baik")]
    html = text(client, URL)
    assert "2 <small>dari 3</small>" in html
    assert "Peringkat sementara" not in html
    assert rows(client, f"{URL}?termasuk=semua") == [
        ("anggrek", 1, "Baik"),
        ("melati", 2, "Baik"),
        ("mawar", 3, "Kurang"),
    ]
    assert "Peringkat sementara: memuat penilaian yang belum diverifikasi" in text(client, f"{URL}?termasuk=semua")


def test_equal_results_share_a_rank(login: Login, pkp: SimpleNamespace) -> None:
    fill(pkp, "mawar", GOOD, "terverifikasi")
    fill(pkp, "melati", GOOD, "terverifikasi")
    assert [nomor for _, nomor, _ in rows(login("perencana"))] == [1, 1, None]
    assert text(login("perencana"), URL).count(">seri<") == 2


def test_remarks_of_the_class_and_what_is_provisional_are_shown(login: Login, pkp: SimpleNamespace) -> None:
    # 79,5 + 82 + 80 would be classes; here UKM 75, UKP 100, development 66,67: pelayanan 80,56, in the hole 80 to 81.
    fill(pkp, "melati", GOOD | {"c1#realisasi": "100"}, "terverifikasi")
    fill(pkp, "mawar", {"m1": "7"})
    html = text(login("perencana"), URL)
    assert "80,56" in html
    assert "celah" in html
    assert "Kelas bagian berbeda (Pelayanan Kurang, Manajemen Baik, Mutu Baik); dipakai yang terendah." in html
    assert html.count(">sementara</span>") == 1
    assert rows(login("perencana"))[1:] == [("mawar", None, ""), ("anggrek", None, "")]


def test_a_person_of_a_unit_sees_that_unit_only_and_no_rank(client: Client, filled: SimpleNamespace) -> None:
    client.force_login(filled.operator)
    assert rows(client) == [("mawar", None, "Kurang")]
    html = text(client, URL)
    assert "Melati" not in html
    assert "Peringkat" not in html
    assert client.get(UNIT).status_code == 403
    assert client.get(TRACE).status_code == 403
    assert client.get(URL + "mawar/").status_code == 200
    assert client.get(SIFAT).status_code == 403


def test_the_recap_opens_a_part(login: Login, filled: SimpleNamespace) -> None:
    client = login("perencana")
    response = client.get(f"{URL}?bagian=pelayanan")
    assert [one.kode for one in response.context["recap"].groups] == ["ukm", "ukp", "ukm_p"]
    assert client.get(f"{URL}?bagian=tidakada").context["detail"] == ""


def test_the_queries_of_the_recap_do_not_grow_with_the_units(
    login: Login, filled: SimpleNamespace, django_assert_max_num_queries: Budget
) -> None:
    client = login("perencana")
    client.get(URL)
    with django_assert_max_num_queries(11) as before:
        client.get(URL)
    for number in range(8):
        unit = UnitKerja.objects.create(
            instansi=filled.tahun_kinerja.instansi, kunci=f"p{number}", nama=f"P {number}", jenis="puskesmas"
        )
        penilaian = Penilaian.objects.create(
            tahun_kinerja=filled.tahun_kinerja, versi=filled.versi, unit=unit, tahun_evaluasi=2025
        )
        Jawaban.objects.create(penilaian=penilaian, butir="m1", nilai="7")
        store_results(judged_by(filled.tahun_kinerja), [penilaian])  # type: ignore[arg-type]
    with django_assert_max_num_queries(len(before)):  # type: ignore[arg-type]
        assert len(rows(client)) == 11


def test_the_page_of_a_puskesmas_stays_within_its_queries(
    login: Login, filled: SimpleNamespace, django_assert_max_num_queries: Budget
) -> None:
    client = login("perencana")
    client.get(UNIT)
    with django_assert_max_num_queries(16):
        client.get(UNIT)


def test_the_page_of_a_puskesmas_tells_scores_items_and_what_lifts_it(login: Login, filled: SimpleNamespace) -> None:
    html = text(login("perencana"), URL + "mawar/")
    assert "Kelas bagian berbeda (Pelayanan Kurang, Manajemen Baik, Mutu Baik); dipakai yang terendah." in html
    assert "78,33" in html
    assert "Pelayanan: Kurang → Cukup" in html
    # The whole of the mean of three: 90 of 150 per mille are 60; full marks add 40 / 3 points.
    assert "+13,333" in html
    lines = {line.one.kode: line for line in login("perencana").get(URL + "mawar/").context["lines"]}
    assert (lines["a1"].sasaran, lines["a1"].realisasi, lines["a1"].value, lines["a1"].status) == (
        "200", "120", "75", "rendah"
    )  # fmt: skip
    assert (lines["b1"].status, lines["b1"].remark) == ("tidak_berlaku", "Hanya untuk unit: Rawat inap.")
    assert lines["m1"].realisasi == "7 – Ada, belum lengkap"
    assert lines["ukm"].word == "Kurang"


def test_the_district_mean_is_of_verified_puskesmas_and_hidden_for_few(login: Login, filled: SimpleNamespace) -> None:
    judged = judged_by(filled.tahun_kinerja)
    assert judged is not None
    assert FEWEST_OF_MEAN == 3
    assert district_mean(filled.tahun_kinerja, judged, ["pelayanan"]).values == {}
    Submission.objects.filter(unit=filled.units["anggrek"]).update(state="terverifikasi")
    # 78,33…, 91,66… and (UKM (100 + 100 + 50) / 3 + 200) / 3 = 94,44…: their mean.
    found = district_mean(filled.tahun_kinerja, judged, ["pelayanan"]).values["pelayanan"]
    assert round(found, 6) == round(Decimal(235 + 275) / 9 + Decimal("94.444444444") / 3, 6)
    assert "Rata-rata 3 Puskesmas terverifikasi" in login("perencana").get(UNIT).content.decode()


def test_the_year_before_stands_beside_the_scores(login: Login, filled: SimpleNamespace) -> None:
    before = TahunKinerja.objects.get(instansi=filled.tahun_kinerja.instansi, tahun=2023)
    choose_instrumen(by=None, tahun_kinerja=before, versi=filled.versi)
    fill(filled, "mawar", GOOD | {"m1": "10"}, year=before)
    html = text(login("perencana"), URL + "mawar/")
    # 91,67 then, 78,33 now; manajemen 10 then, 8,5 now.
    assert "(turun 13,34)" in html
    assert "(turun 1,50)" in html
    assert "(tetap)" in html
    part = next(one for one in login("perencana").get(URL + "mawar/").context["parts"] if one.group.kode == "mutu")
    assert part.change == 0


def test_another_instrument_of_the_year_before_is_not_compared(login: Login, filled: SimpleNamespace) -> None:
    before = TahunKinerja.objects.get(instansi=filled.tahun_kinerja.instansi, tahun=2023)
    definisi = filled.versi.definisi | {"kunci": "pkp_lama"}
    old = Instrumen.objects.create(instansi=before.instansi, kunci="pkp_lama", nama="PKP Lama", keluarga="pkp")
    versi = VersiInstrumen.objects.create(
        instrumen=old, nomor=1, status="terbit", definisi=definisi, sidik=sidik_of(definisi)
    )
    choose_instrumen(by=None, tahun_kinerja=before, versi=versi)
    fill(filled, "mawar", GOOD, year=before)
    assert Hasil.objects.filter(penilaian__tahun_kinerja=before).exists()
    assert {one.before for one in login("perencana").get(URL + "mawar/").context["parts"]} == {None}


def test_a_mean_of_two_stays_hidden_in_the_report_too(filled: SimpleNamespace) -> None:
    Submission.objects.filter(unit=filled.units["anggrek"]).update(state="draf")
    fill(filled, "anggrek", {"b2": ""}, "terverifikasi")
    peers = take_pkp(filled.tahun_kinerja, filled.units["melati"]).peers
    assert "ukm" in peers
    assert "ukp" not in peers
    judged = judged_by(filled.tahun_kinerja)
    assert judged is not None
    assert district_mean(filled.tahun_kinerja, judged, ["ukm", "ukp"]).values == {"ukm": peers["ukm"]}


def test_a_value_is_rounded_once_before_its_class(filled: SimpleNamespace) -> None:
    judged = judged_by(filled.tahun_kinerja)
    assert judged is not None
    rounding = replace(judged, kebijakan=replace(judged.kebijakan, batas_kelas="bulatkan_dulu"))
    part = judged.instrumen.groups["pelayanan"]
    # Read as 90 and not by way of 90,50 as 91.
    assert group_class(rounding, part, Decimal("90.4951")) == ("cukup", "Cukup")


def test_groups_of_scores_below_a_percentage_are_read_in_percent(pkp: SimpleNamespace) -> None:
    pati = load_instrumen("pkp/pati_800_0022")
    judged = judged_by(pkp.tahun_kinerja)
    assert judged is not None
    judged = replace(judged, instrumen=pati, kebijakan=pati.kebijakan)
    # 9,5 of 10 is 95 per cent of the best, not nine and a half per cent.
    assert group_class(judged, pati.groups["mutu.b1"], Decimal("9.5")) == ("baik", "Baik")
    assert group_class(judged, pati.groups["mutu"], Decimal("95")) == ("baik", "Baik")
    assert share_of(pati.groups["mutu"], Decimal("95")) == 95


def test_a_puskesmas_without_answers_is_led_to_its_sheet(login: Login, pkp: SimpleNamespace) -> None:
    html = text(login("perencana"), UNIT)
    assert "Belum ada yang dinilai" in html
    assert "/contoh/2024/isian/pkp/melati/0/" in html
    assert login("perencana").get(URL + "instansi/").status_code == 404


@pytest.mark.parametrize(
    ("kode", "told"),
    [
        ("a1", "Realisasi"),
        ("ukm", "rata-rata yang berlaku dan terjawab"),
        ("pelayanan", "91,67 (Baik)"),
        ("pkp", "Kebijakan: Rata-rata: bertingkat"),
        ("b1", "Hanya untuk unit: Rawat inap."),
    ],
)
def test_every_figure_has_its_trace(login: Login, filled: SimpleNamespace, kode: str, told: str) -> None:
    html = text(login("perencana"), f"{UNIT}jejak/{kode}/")
    assert told in html
    assert "Instrumen: PKP Contoh v1." in html


def test_a_trace_says_when_the_stored_result_is_another(login: Login, filled: SimpleNamespace) -> None:
    assert "yang tersimpan berbeda" not in text(login("perencana"), TRACE)
    Hasil.objects.filter(penilaian__unit=filled.units["melati"], kelompok="pelayanan").update(tampil="12.34")
    assert "Hasil yang tersimpan berbeda (12,34)" in text(login("perencana"), TRACE)
    assert login("perencana").get(f"{UNIT}jejak/tidakada/").status_code == 404


def test_properties_are_ticked_for_all_and_results_follow(login: Login, filled: SimpleNamespace) -> None:
    client = login("perencana")
    Submission.objects.filter(unit=filled.units["anggrek"]).update(state="dikembalikan")
    assert client.get(SIFAT).context["names"] == [("rawat_inap", "Rawat inap", 1, 0)]
    client.post(SIFAT, {"sifat-anggrek": ["rawat_inap", "tidak_dikenal"], "sifat-melati": []})
    assert list(SifatUnit.objects.values_list("unit__kunci", "sifat")) == [("anggrek", "rawat_inap")]
    assert AuditEntry.objects.filter(action="assessments.set_sifat").count() == 1
    root = Hasil.objects.get(penilaian__unit=filled.units["anggrek"], kelompok="pkp")
    assert (root.terjawab, root.berlaku) == (8, 9)
    client.post(SIFAT, {})
    assert not SifatUnit.objects.exists()


def test_radars_are_drawn_for_groups_of_three_and_more(pkp: SimpleNamespace) -> None:
    judged = judged_by(pkp.tahun_kinerja)
    assert judged is not None
    (title, corners), *rest = radar_groups(judged.instrumen)
    assert (title, [one.kode for one in corners], rest) == (
        "Semua bagian", ["ukm", "ukp", "ukm_p", "manajemen", "mutu"], []
    )  # fmt: skip
    assert [one.kode for one in child_groups(judged.instrumen.groups["pelayanan"])] == ["ukm", "ukp", "ukm_p"]
    assert short_name(corners[0]) == "UKM"
    long = "Indikator upaya pencegahan dan pengendalian penyakit tidak menular"
    assert short_name(replace(corners[0], nama=long)) == "Penyakit tidak menular"
    cut = short_name(replace(corners[0], nama="Manajemen sumber daya barang milik negara/daerah"))
    assert cut == "Manajemen sumber daya barang milik …"


def test_the_state_of_the_sheet_is_told(login: Login, filled: SimpleNamespace) -> None:
    assert Submission.objects.filter(form=Form.PKP).count() == 3
    html = text(login("perencana"), URL)
    assert [html.count(f"<span>{word}</span>") for word in ("Terverifikasi", "Disetujui", "Diajukan")] == [1, 1, 1]
