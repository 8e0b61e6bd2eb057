"""The entry page of a sheet: who sees it, what it offers, saving, conflicts, the steps, and the approved versions."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from capaian.measurement.models import Realisasi, RealisasiUnit
from capaian.organisations.models import Membership, UnitKerja
from capaian.planning.models import Indikator
from capaian.reports.actions import generate_report, request_report
from capaian.reports.models import ReportVersion
from capaian.workflow.actions import add_comment, advance, set_deadline
from capaian.workflow.forms import SheetKey
from capaian.workflow.models import AuditEntry, Submission
from capaian.workflow.versions import differences

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
PLACE = ["contoh", 2024, "kinerja", "instansi", 4]
URL = "/contoh/2024/isian/kinerja/instansi/4/"
SAVE, STEP, VERSIONS = f"{URL}simpan/", f"{URL}langkah/", f"{URL}versi/"
FILLED = {"iku.stunting": "8,5", "iku.ibu": "1", "1.02.02.2.02/3": "3", "1.02.02.2.02.0001/4": "97"}


def save(client: Client, *cells: tuple[str, str] | tuple[str, str, str], url: str = SAVE) -> Any:
    body = {"cells": [dict(zip(("kunci", "teks", "base"), cell, strict=False)) for cell in cells]}
    return client.post(url, body, content_type="application/json")


def go(client: Client, step: str, reason: str = "") -> str:
    """Take a step as the page's button does; the page that follows."""
    answer = client.post(STEP, {"langkah": step, "alasan": reason}, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def state(periode: int = 4) -> str:
    return Submission.objects.get(periode=periode, unit=None).state


@pytest.fixture
def filled(plan: SimpleNamespace, login: Login) -> SheetKey:
    """The office's own sheet of the fourth quarter, complete."""
    assert all(cell["status"] == "saved" for cell in save(login("perencana"), *FILLED.items()).json()["cells"])
    return SheetKey(plan.tahun_kinerja, "kinerja", None, 4)


@pytest.fixture
def puskesmas(plan: SimpleNamespace, cast: SimpleNamespace) -> SimpleNamespace:
    """Two Puskesmas that report births with trained help as a ratio; an operator and a kepala of the first."""
    instansi = plan.tahun_kinerja.instansi
    found = SimpleNamespace()
    for number, name in enumerate(("mawar", "melati")):
        unit = UnitKerja.objects.create(
            instansi=instansi, kunci=name, nama=f"Puskesmas {name.title()}", jenis="puskesmas", urutan=number
        )
        setattr(found, name, unit)
    found.persalinan = Indikator.objects.create(
        instansi=instansi,
        kunci="persalinan",
        nama="Persalinan di fasilitas",
        satuan="%",
        arah="naik",
        sifat="posisi_akhir",
        urutan=9,
        node=plan.nodes[2],
        pelapor="puskesmas",
        gabungan="rasio",
        pengali=100,
    )
    plan.dokumen.target.create(indikator=found.persalinan, tahun=2024, teks="100")
    for role in ("operator", "kepala_unit"):
        user = get_user_model().objects.create_user(f"{role}_mawar")
        Membership.objects.create(user=user, instansi=instansi, role=role, unit=found.mawar)
        setattr(cast, f"{role}_mawar", user)
    return found


# --- who --------------------------------------------------------------------------------------------------------------


def test_urls() -> None:
    for name, url in (("lembar", URL), ("lembar_simpan", SAVE), ("lembar_langkah", STEP), ("lembar_versi", VERSIONS)):
        assert reverse(f"workflow:{name}", args=PLACE) == url


@pytest.mark.parametrize("url", [URL, SAVE, STEP, VERSIONS])
def test_anonymous_and_outsider_are_refused(client: Client, login: Login, plan: SimpleNamespace, url: str) -> None:
    assert client.get(url).status_code == 302
    for name in ("outsider", "newcomer", "publik"):
        person = login(name)
        assert person.get(url).status_code in (403, 405)
        assert person.post(url, {"langkah": "ajukan"}).status_code in (403, 405)
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    "url",
    [
        "/contoh/2024/isian/skm/instansi/4/",
        "/contoh/2024/isian/spm/instansi/0/",
        "/contoh/2024/isian/spm_kebutuhan/instansi/1/",
        "/contoh/2024/isian/kinerja/entah/4/",
        "/contoh/2024/isian/kinerja/instansi/5/",
        "/contoh/2023/isian/entah/instansi/1/",
    ],
)
def test_a_sheet_that_is_not_there(login: Login, plan: SimpleNamespace, url: str) -> None:
    assert login("perencana").get(url).status_code == 404


def test_a_unit_sees_and_fills_its_own_sheet_only(login: Login, puskesmas: SimpleNamespace) -> None:
    own, other = (f"/contoh/2024/isian/kinerja/{name}/1/" for name in ("mawar", "melati"))
    client = login("operator_mawar")
    assert "Puskesmas Mawar" in client.get(own).content.decode()
    assert client.get(other).status_code == 403
    assert client.get(URL).status_code == 403
    assert save(client, ("persalinan#pembilang", "9"), url=f"{other}simpan/").status_code == 403
    assert client.post(f"{other}langkah/", {"langkah": "ajukan"}).status_code == 403
    assert not RealisasiUnit.objects.exists()
    cells = (("persalinan#pembilang", "9"), ("persalinan#penyebut", "10"))
    answer = save(client, *cells, url=f"{own}simpan/").json()
    assert [cell["status"] for cell in answer["cells"]] == ["saved", "saved"]
    assert '<strong class="num" data-filled-text>2</strong>' in answer["panel"]
    assert 'value="ajukan"' in answer["panel"]
    assert client.post(f"{own}langkah/", {"langkah": "ajukan"}).status_code == 302
    assert Submission.objects.get(unit=puskesmas.mawar).state == "diajukan"


def test_the_way_in_leads_the_people_of_a_unit_to_their_tasks(login: Login, puskesmas: SimpleNamespace) -> None:
    answer = login("operator_mawar").get("/", follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain[-1][0] == "/contoh/2024/isian/tugas/"
    assert "/contoh/2024/isian/kinerja/mawar/" in answer.content.decode()


@pytest.mark.parametrize("role", ["kepala", "inspektorat", "keuangan", "admin"])
def test_who_may_only_read_is_told_so(login: Login, plan: SimpleNamespace, role: str) -> None:
    html = login(role).get(URL).content.decode()
    assert "tanpa hak mengisinya" in html
    assert 'class="cell num"' not in html
    assert 'value="ajukan"' not in html
    assert save(login(role), ("iku.jkn", "1")).status_code == 403
    assert login(role).post(STEP, {"langkah": "ajukan"}).status_code == 403


# --- the page ---------------------------------------------------------------------------------------------------------


def test_what_the_page_shows(login: Login, filled: SheetKey, plan: SimpleNamespace) -> None:
    save(login("perencana"), ("iku.stunting", "8,6"), url="/contoh/2024/isian/kinerja/instansi/3/simpan/")
    html = login("perencana").get(URL).content.decode()
    # four indicators with a target can be filled; the one without says why it cannot
    assert html.count('class="cell num"') == 4
    assert "Belum mempunyai target tahun ini." in html
    assert '<strong class="num" data-filled-text>4</strong> dari <span class="num">4</span> terisi' in html
    assert 'data-keep="lembar:' in html
    # the third quarter's value stands beside, and the capaian of the fourth opens its trace
    assert ">8,6</td>" in html
    assert "/contoh/2024/jejak/" in html
    assert 'value="ajukan"' in html


def test_what_is_missing_is_listed_instead_of_the_button(login: Login, plan: SimpleNamespace) -> None:
    save(login("perencana"), ("iku.stunting", "8,5"))
    html = login("perencana").get(URL).content.decode()
    assert 'value="ajukan"' not in html
    assert "Belum dapat diajukan: 3 hal" in html
    assert '<a href="#r2">Jumlah kasus kematian ibu belum diisi</a>' in html
    assert 'id="r2"' in html


def test_a_unit_without_indicators_is_told_what_to_do(login: Login, plan: SimpleNamespace) -> None:
    UnitKerja.objects.create(instansi=plan.tahun_kinerja.instansi, kunci="p2p", nama="Bidang P2P", jenis="bidang")
    url = "/contoh/2024/isian/kinerja/p2p/1/"
    html = login("perencana").get(url).content.decode()
    assert "Tidak ada yang perlu diisi unit ini" in html
    assert (
        "tidak mempunyai indikator"
        in login("perencana").post(f"{url}langkah/", {"langkah": "ajukan"}, follow=True).content.decode()
    )


def test_before_the_opening_and_after_the_closing(login: Login, plan: SimpleNamespace, cast: SimpleNamespace) -> None:
    place = {"tahun_kinerja": plan.tahun_kinerja, "form": "kinerja", "periode": 4}
    set_deadline(by=cast.perencana, **place, starts_on=date(2090, 1, 1), ends_on=None)
    html = login("perencana").get(URL).content.decode()
    assert "dibuka 1 Januari 2090" in html
    assert 'class="cell num"' not in html
    answer = save(login("perencana"), ("iku.stunting", "8,5"))
    assert answer.status_code == 409
    assert "dibuka 1 Januari 2090" in answer.json()["message"]
    set_deadline(by=cast.perencana, **place, starts_on=None, ends_on=date(2025, 1, 31))
    assert "ditutup 31 Januari 2025" in login("perencana").get(URL).content.decode()
    assert not Realisasi.objects.exists()


def test_the_queries_of_the_page_do_not_grow(
    login: Login, filled: SheetKey, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    client = login("perencana")
    client.get(URL)
    with django_assert_max_num_queries(26):
        client.get(URL)


# --- saving -----------------------------------------------------------------------------------------------------------


def test_a_block_is_saved_cell_by_cell(login: Login, plan: SimpleNamespace) -> None:
    answer = save(login("perencana"), ("iku.stunting", "8,5"), ("iku.ibu", "1.234"), ("entah", "1")).json()
    good, ambiguous, unknown = answer["cells"]
    assert (good["status"], ambiguous["status"], unknown["status"]) == ("saved", "refused", "refused")
    assert ambiguous["readings"] == [["1.234", "1234"], ["1,234", "1,2340"]]
    assert "tidak ada (lagi) dalam lembar ini" in unknown["message"]
    assert [row["id"] for row in answer["rows"]] == ["iku.stunting"]
    # a level split like a count is judged by the year's promise of 8,6, lower is better: (2 × 8,6 − 8,5) / 8,6
    assert "101,16%" in answer["rows"][0]["parts"]["hasil"]
    assert "Belum dapat diajukan: 3 hal" in answer["panel"]


def test_the_same_again_is_no_change(login: Login, plan: SimpleNamespace) -> None:
    for expected in ("saved", "same"):
        answer = save(login("perencana"), ("iku.stunting", "8,5", "")).json()
        assert answer["cells"][0]["status"] == expected
    assert AuditEntry.objects.filter(action="measurement.record_realisasi").count() == 1


def test_the_later_of_two_sees_both_values_and_chooses(login: Login, plan: SimpleNamespace) -> None:
    save(login("pemegang_program"), ("iku.stunting", "12", ""))
    cell = save(login("perencana"), ("iku.stunting", "15", "")).json()["cells"][0]
    assert (cell["status"], cell["teks"], cell["by"]) == ("conflict", "12", "pemegang_program")
    assert cell["at"].count(".") == 1
    assert Realisasi.objects.get().teks == "12"
    chosen = save(login("perencana"), ("iku.stunting", "15", "12")).json()["cells"][0]
    assert chosen["status"] == "saved"
    assert Realisasi.objects.get().teks == "15"


@pytest.mark.parametrize("body", ["", "{}", "[]", '{"cells": 3}', '{"cells": [{"kunci": "x"}]}', '{"cells": [4]}'])
def test_a_broken_request_is_refused(login: Login, plan: SimpleNamespace, body: str) -> None:
    assert login("perencana").post(SAVE, body, content_type="application/json").status_code == 400


def test_a_conflict_names_who_stored_the_value_not_who_spoke_of_it_last(
    login: Login, plan: SimpleNamespace, cast: SimpleNamespace
) -> None:
    save(login("pemegang_program"), ("iku.stunting", "12", ""))
    subject = AuditEntry.objects.get(action="measurement.record_realisasi").subject
    year = plan.tahun_kinerja
    add_comment(by=cast.inspektorat, tahun_kinerja=year, unit=None, subject=subject, text="Cek", request_key=uuid4())
    cell = save(login("perencana"), ("iku.stunting", "15", "")).json()["cells"][0]
    assert (cell["status"], cell["by"]) == ("conflict", "pemegang_program")


def test_one_cell_sent_twice_is_refused_rather_than_called_saved_twice(login: Login, plan: SimpleNamespace) -> None:
    assert save(login("perencana"), ("iku.stunting", "8", ""), ("iku.stunting", "9", "")).status_code == 400
    assert not Realisasi.objects.exists()


def test_a_locked_sheet_keeps_no_long_text_of_who_tries(login: Login, filled: SheetKey) -> None:
    go(login("perencana"), "ajukan")
    assert save(login("perencana"), ("k" * 100_000, "8", "")).status_code == 409
    entry = AuditEntry.objects.get(action="workflow.write_sheet", outcome="refused")
    assert entry.after == {"sel": ["k" * 120]}


def test_too_many_cells_at_once_are_refused(login: Login, plan: SimpleNamespace) -> None:
    assert save(login("perencana"), *[("x", "1")] * 201).status_code == 400


# --- the steps --------------------------------------------------------------------------------------------------------


def test_every_step_by_who_may_take_it(login: Login, filled: SheetKey) -> None:
    assert "diajukan." in go(login("perencana"), "ajukan")
    assert state() == "diajukan"
    locked = save(login("perencana"), ("iku.ibu", "2", "1"))
    assert locked.status_code == 409
    assert "diajukan sejak" in locked.json()["message"]
    assert "oleh perencana" in locked.json()["message"]
    assert Realisasi.objects.get(indikator__kunci="iku.ibu").teks == "1"
    html = go(login("pemegang_program"), "kembalikan", "Angka JKN belum sesuai BPJS")
    assert "Angka JKN belum sesuai BPJS" in html
    assert state() == "dikembalikan"
    go(login("perencana"), "ajukan")
    go(login("pemegang_program"), "verifikasi")
    go(login("kepala"), "setujui")
    go(login("kepala"), "kunci")
    assert state() == "terkunci"
    html = login("pemegang_program").get(URL).content.decode()
    assert "Yang dapat membukanya kembali dengan alasan: perencana atau kepala dinas" in html
    assert 'class="cell num"' not in html
    go(login("kepala"), "buka", "Data BPJS dikoreksi")
    assert state() == "draf"


def test_only_buttons_that_can_be_pressed_are_shown(login: Login, filled: SheetKey) -> None:
    def offered(name: str) -> list[str]:
        html = login(name).get(URL).content.decode()
        names = ("ajukan", "kembalikan", "verifikasi", "setujui", "kunci", "buka")
        return [one for one in names if f'name="langkah" value="{one}"' in html]

    assert offered("perencana") == ["ajukan"]
    assert offered("kepala") == []
    go(login("perencana"), "ajukan")
    assert offered("perencana") == ["kembalikan"]
    assert "tidak dapat juga memverifikasinya" in login("perencana").get(URL).content.decode()
    assert offered("pemegang_program") == ["kembalikan", "verifikasi"]
    go(login("pemegang_program"), "verifikasi")
    assert offered("kepala") == ["setujui"]
    go(login("kepala"), "setujui")
    assert offered("kepala") == ["kunci", "buka"]
    assert offered("inspektorat") == []


def test_a_step_that_is_refused_becomes_a_message(login: Login, filled: SheetKey) -> None:
    assert "Isian ini draf; tidak dapat" in go(login("kepala"), "setujui")
    assert state() == "draf"
    go(login("perencana"), "ajukan")
    assert "tidak dapat juga memverifikasinya" in go(login("perencana"), "verifikasi")
    assert "Tulis alasan" in go(login("pemegang_program"), "kembalikan", "  ")
    assert state() == "diajukan"
    # the reason that somebody wrote is not lost with the refusal
    go(login("pemegang_program"), "verifikasi")
    go(login("kepala"), "setujui")
    assert "Tolong lengkapi" in go(login("pemegang_program"), "kembalikan", "Tolong lengkapi")
    assert state() == "disetujui"


def test_a_repeated_submit_does_nothing_twice(login: Login, filled: SheetKey) -> None:
    client = login("perencana")
    for _ in range(2):
        assert "diajukan." in go(client, "ajukan")
    assert AuditEntry.objects.filter(action="workflow.ajukan").count() == 1


def test_an_unknown_step_is_a_bad_request(login: Login, plan: SimpleNamespace) -> None:
    assert login("perencana").post(STEP, {"langkah": "hapus"}).status_code == 400


# --- versions ---------------------------------------------------------------------------------------------------------


def test_a_correction_is_a_new_version_beside_the_old(
    login: Login, filled: SheetKey, plan: SimpleNamespace, cast: SimpleNamespace
) -> None:
    def approve() -> None:
        for person, step in (
            (cast.perencana, "ajukan"),
            (cast.pemegang_program, "verifikasi"),
            (cast.kepala, "setujui"),
        ):
            advance(by=person, key=filled, transition=step, today=date(2025, 1, 10))

    assert "Belum ada versi yang disetujui" in login("kepala").get(VERSIONS).content.decode()
    approve()
    assert "Sama dengan isian sekarang" in login("kepala").get(VERSIONS).content.decode()
    go(login("kepala"), "buka", "Data BPJS dikoreksi")
    save(login("perencana"), ("1.02.02.2.02.0001/4", "99", "97"))
    open_again = login("kepala").get(VERSIONS).content.decode()
    assert "isian sekarang (sedang diperbaiki)" in open_again
    approve()
    first, second = Submission.objects.get(unit=None).versions.order_by("nomor")
    said = [{cell["kunci"]: cell["teks"] for cell in one.cells}["1.02.02.2.02.0001/4"] for one in (first, second)]
    assert (first.nomor, second.nomor, said) == (1, 2, ["97", "99"])
    html = login("kepala").get(VERSIONS).content.decode()
    assert "Berubah dalam versi 2" in html
    assert '<th scope="row">Persentase peserta JKN</th><td class="num">97</td><td class="num">99</td>' in html


def test_a_report_made_before_a_correction_keeps_its_figures(
    login: Login, filled: SheetKey, plan: SimpleNamespace
) -> None:
    made = request_report(by=None, tahun_kinerja=plan.tahun_kinerja, jenis="pengukuran", periode=4)
    generate_report(made.pk)
    before = ReportVersion.objects.get(pk=made.pk)
    assert before.state == "ready"
    save(login("perencana"), ("1.02.02.2.02.0001/4", "88,5", "97"))
    after = ReportVersion.objects.get(pk=made.pk)
    assert after.blocks == before.blocks
    assert '"97"' in json.dumps(after.blocks)
    assert "88,5" not in json.dumps(after.blocks)


def test_differences_name_what_came_and_went() -> None:
    before = [{"kunci": "a", "nama": "A", "teks": "1"}, {"kunci": "b", "nama": "B", "teks": "2"}]
    after = [{"kunci": "c", "nama": "C", "teks": "3"}, {"kunci": "a", "nama": "A", "teks": "1"}]
    found = [(one.nama, one.before, one.after) for one in differences(before, after)]
    assert found == [("C", "", "3"), ("B", "2", "")]
