"""The entry grid and the request that saves its cells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from capaian.exchange.samples.load import load_sample
from capaian.exchange.samples.reader import read_sample
from capaian.measurement.grid import current_quarter, read_grid
from capaian.measurement.models import Capaian, Realisasi
from capaian.organisations.actions import grant_role
from capaian.organisations.models import Membership, UnitKerja
from capaian.planning.models import Indikator
from capaian.workflow.actions import advance, write_sheet
from capaian.workflow.forms import Change, SheetKey

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
URL = "/contoh/2024/pengukuran/"
SAVE = "/contoh/2024/pengukuran/realisasi/"


def save(client: Client, *cells: tuple[int, int, str], tw: int = 1) -> Any:
    body = {"tw": tw, "cells": [{"kunci": f"c{pk}-{p}", "teks": teks} for pk, p, teks in cells]}
    response: HttpResponse = client.post(SAVE, body, content_type="application/json")
    return response.json() if response.status_code == 200 else response


def test_urls() -> None:
    assert reverse("measurement:pengukuran", args=["contoh", 2024]) == URL
    assert reverse("measurement:realisasi", args=["contoh", 2024]) == SAVE


@pytest.mark.parametrize("url", [URL, SAVE])
def test_anonymous_is_sent_to_login(client: Client, plan: SimpleNamespace, url: str) -> None:
    assert client.get(url).status_code == 302


def test_outsider_is_refused(login: Login, plan: SimpleNamespace) -> None:
    assert login("outsider").get(URL).status_code == 403
    assert save(login("outsider"), (plan.berkas.pk, 1, "6")).status_code == 403
    assert not Realisasi.objects.exists()


def test_grid_offers_cells_to_those_who_fill(
    login: Login, plan: SimpleNamespace, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    client = login("pemegang_program")
    client.get(URL)  # the first page of a session also writes the session
    with django_assert_max_num_queries(16):
        html = client.get(URL, {"tw": "2"}).content.decode()
    assert html.count('class="cell num"') == 4 * 5  # four indicators with a target, four quarters and the year
    assert "indikator terisi untuk triwulan II" in html
    assert "belum mempunyai target 2024" in html
    assert "js/grid.js" in html


def test_others_read_and_are_told_why(login: Login, plan: SimpleNamespace) -> None:
    html = login("kepala").get(URL).content.decode()
    assert 'class="cell num"' not in html
    assert "js/grid.js" not in html
    assert "peran Anda (kepala dinas) tidak berhak mengisi realisasi" in html


@pytest.mark.parametrize("role", ["kepala", "inspektorat", "publik"])
def test_saving_needs_the_right(login: Login, plan: SimpleNamespace, role: str) -> None:
    assert save(login(role), (plan.berkas.pk, 1, "6")).status_code == 403
    assert not Realisasi.objects.exists()


def test_a_block_is_saved_cell_by_cell(login: Login, plan: SimpleNamespace) -> None:
    answer = save(
        login("perencana"), (plan.berkas.pk, 1, "6"), (plan.berkas.pk, 2, "1.234"), (plan.ibu.pk, 2, "1"), tw=2
    )
    good, bad, other = answer["cells"]
    assert (good["status"], bad["status"], other["status"]) == ("saved", "refused", "saved")
    assert bad["readings"] == [["1.234", "1234"], ["1,234", "1,2340"]]
    rows = {row["id"]: row for row in answer["rows"]}
    assert rows[plan.berkas.pk]["placeholders"] == {f"c{plan.berkas.pk}-0": "6"}
    assert "42,86%" in rows[plan.berkas.pk]["parts"]["tahun"]
    assert "100,00%" in rows[plan.ibu.pk]["parts"]["triwulan"]
    assert rows[plan.ibu.pk]["status"] == "tercapai"
    assert "/contoh/2024/jejak/" in rows[plan.ibu.pk]["parts"]["triwulan"]


def test_an_indicator_of_another_office_is_not_found(login: Login, plan: SimpleNamespace) -> None:
    answer = save(login("perencana"), (999_999, 1, "6"))
    assert answer["cells"][0]["message"].startswith("Indikator ini tidak ada lagi")


@pytest.mark.parametrize("body", ["", "{}", '{"cells": [{"kunci": "x"}]}', '{"cells": 3}', "[]"])
def test_a_broken_request_is_refused(login: Login, plan: SimpleNamespace, body: str) -> None:
    assert login("perencana").post(SAVE, body, content_type="application/json").status_code == 400


def test_progress_counts_what_is_filled(login: Login, plan: SimpleNamespace) -> None:
    save(login("perencana"), (plan.berkas.pk, 1, "6"), (plan.jkn.pk, 1, "90"))
    grid = read_grid(plan.tahun_kinerja, date(2024, 5, 1))
    assert (grid.filled(1), grid.filled(2), grid.fillable) == (2, 0, 4)
    assert [column.is_open for column in grid.columns] == [True, True, False, False, True]


def test_the_grid_opens_at_the_quarter_of_today() -> None:
    assert current_quarter(2024, date(2024, 5, 1)) == 2
    assert current_quarter(2024, date(2026, 5, 1)) == 4
    assert current_quarter(2024, date(2023, 5, 1)) == 1


def test_a_whole_office_stays_in_budget(
    client: Client, cast: SimpleNamespace, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    year = load_sample(sample=read_sample("balangan_2024"), by=None).tahun_kinerja
    grant_role(by=None, user=cast.perencana, instansi=year.instansi, role="perencana")
    client.force_login(cast.perencana)
    client.get("/balangan/2024/pengukuran/")
    with django_assert_max_num_queries(16):
        assert client.get("/balangan/2024/pengukuran/").status_code == 200


# --- units, states, and values that units report ----------------------------------------------------------------------


@pytest.fixture
def units(plan: SimpleNamespace, cast: SimpleNamespace) -> SimpleNamespace:
    """Bidang Kesmas answers for `berkas`; two Puskesmas report `rujukan`, which the office adds up."""
    instansi = plan.tahun_kinerja.instansi
    found = SimpleNamespace()
    for kunci, nama, jenis in (
        ("kesmas", "Bidang Kesmas", "bidang"),
        ("mawar", "Puskesmas Mawar", "puskesmas"),
        ("melati", "Puskesmas Melati", "puskesmas"),
    ):
        setattr(found, kunci, UnitKerja.objects.create(instansi=instansi, kunci=kunci, nama=nama, jenis=jenis))
    Indikator.objects.filter(pk=plan.berkas.pk).update(penanggung_jawab=found.kesmas)
    found.rujukan = Indikator.objects.create(
        instansi=instansi,
        kunci="rujukan",
        nama="Jumlah rujukan",
        arah="turun",
        sifat="jumlah",
        urutan=9,
        node=plan.nodes[2],
        pelapor="puskesmas",
        gabungan="jumlah",
    )
    plan.dokumen.target.create(indikator=found.rujukan, tahun=2024, teks="40")
    for name, role, unit in (
        ("pemegang_kesmas", "pemegang_program", "kesmas"),
        ("operator_mawar", "operator", "mawar"),
    ):
        user = get_user_model().objects.create_user(name)
        Membership.objects.create(user=user, instansi=instansi, role=role, unit=getattr(found, unit))
        setattr(cast, name, user)
    return found


def report(plan: SimpleNamespace, cast: SimpleNamespace, unit: UnitKerja, teks: str) -> None:
    """A Puskesmas reports `rujukan` of the first quarter, and it is verified."""
    key = SheetKey(plan.tahun_kinerja, "kinerja", unit, 1)
    write_sheet(by=cast.perencana, key=key, changes=[Change("rujukan", teks)], today=date(2024, 5, 1))
    advance(by=cast.perencana, key=key, transition="ajukan", today=date(2024, 5, 1))
    advance(by=cast.pemegang_program, key=key, transition="verifikasi", today=date(2024, 5, 1))


def test_a_bidang_sees_and_fills_only_what_it_answers_for(
    login: Login, plan: SimpleNamespace, units: SimpleNamespace
) -> None:
    client = login("pemegang_kesmas")
    html = client.get(URL).content.decode()
    assert "Jumlah dokumen perencanaan" in html
    assert "Prevalensi stunting" not in html
    assert "/contoh/2024/isian/kinerja/kesmas/4/" in html
    own, other = save(client, (plan.berkas.pk, 1, "6"), (plan.jkn.pk, 1, "90"))["cells"]
    assert (own["status"], other["status"]) == ("saved", "refused")
    assert "tidak berhak mengisi realisasi untuk seluruh instansi" in other["message"]
    assert [row.indikator_id for row in Realisasi.objects.all()] == [plan.berkas.pk]


def test_a_puskesmas_is_led_to_its_own_sheet(login: Login, plan: SimpleNamespace, units: SimpleNamespace) -> None:
    html = login("operator_mawar").get(URL).content.decode()
    assert "/contoh/2024/isian/kinerja/mawar/4/" in html
    assert "/isian/kinerja/melati/" not in html
    assert "Jumlah rujukan" not in html


def test_a_value_that_units_report_has_a_trace_instead_of_a_cell(
    login: Login, plan: SimpleNamespace, units: SimpleNamespace, cast: SimpleNamespace
) -> None:
    for unit, teks in ((units.mawar, "7"), (units.melati, "5")):
        report(plan, cast, unit, teks)
    html = login("perencana").get(URL).content.decode()
    assert f'name="c{units.rujukan.pk}-1"' not in html
    trace = "/contoh/2024/jejak-gabungan/1/rujukan/"
    assert trace in html
    assert "Dihitung dari laporan unit" in html
    answer = save(login("perencana"), (units.rujukan.pk, 1, "99"))["cells"][0]
    assert (answer["status"], answer["message"]) == ("refused", "Dihitung dari laporan unit; isi lembar unitnya.")
    shown = login("kepala").get(trace, headers={"HX-Request": "true"}).content.decode()
    for text in ("Puskesmas Mawar", "Puskesmas Melati", "12", "2 unit yang terverifikasi"):
        assert text in shown
    assert login("operator_mawar").get(trace).status_code == 403
    assert login("outsider").get(trace).status_code == 403
    assert login("kepala").get("/contoh/2024/jejak-gabungan/2/rujukan/").status_code == 404


def test_a_locked_sheet_locks_its_cells_and_says_why(
    login: Login, plan: SimpleNamespace, units: SimpleNamespace, cast: SimpleNamespace
) -> None:
    key = SheetKey(plan.tahun_kinerja, "kinerja", units.kesmas, 1)
    save(login("perencana"), (plan.berkas.pk, 1, "6"))
    advance(by=cast.perencana, key=key, transition="ajukan", today=date(2024, 5, 1))
    html = login("perencana").get(URL, {"tw": "1"}).content.decode()
    assert f'name="c{plan.berkas.pk}-1"' not in html
    assert f'name="c{plan.berkas.pk}-2"' in html
    assert "Isian ini diajukan sejak" in html
    locked, free = save(login("perencana"), (plan.berkas.pk, 1, "7"), (plan.jkn.pk, 1, "90"))["cells"]
    assert (locked["status"], free["status"]) == ("refused", "saved")
    assert "diajukan sejak" in locked["message"]
    assert Realisasi.objects.get(indikator=plan.berkas).teks == "6"


def test_the_later_of_two_sees_both_values(login: Login, plan: SimpleNamespace) -> None:
    save(login("pemegang_program"), (plan.berkas.pk, 1, "6"))
    body = {"tw": 1, "cells": [{"kunci": f"c{plan.berkas.pk}-1", "teks": "7", "base": ""}]}
    cell = login("perencana").post(SAVE, body, content_type="application/json").json()["cells"][0]
    assert (cell["status"], cell["teks"], cell["by"]) == ("conflict", "6", "pemegang_program")
    assert Realisasi.objects.get().teks == "6"


def test_an_indicator_shows_a_unit_its_own_report_only(
    login: Login, plan: SimpleNamespace, units: SimpleNamespace, cast: SimpleNamespace
) -> None:
    for unit, teks in ((units.mawar, "17"), (units.melati, "19")):
        report(plan, cast, unit, teks)
    url = "/contoh/2024/indikator/rujukan/"
    own = login("operator_mawar").get(url).content.decode()
    assert "Puskesmas Mawar" in own
    assert "Laporan unit diisi, TW I (Puskesmas Mawar)" in own
    for text in ("Puskesmas Melati", ">19", "jejak-gabungan"):
        assert text not in own
    whole = login("kepala").get(url).content.decode()
    for text in ("Puskesmas Mawar", "Puskesmas Melati", "jejak-gabungan/1/rujukan/", "Terverifikasi"):
        assert text in whole
    # An indicator that the person's unit neither answers for nor reports stays closed, its analysis and traces too.
    for page in ("indikator/iku.stunting/", "analisis/iku.stunting/", "jejak-peringkat/iku.stunting/"):
        assert login("operator_mawar").get(f"/contoh/2024/{page}").status_code == 403
    save(login("perencana"), (plan.jkn.pk, 1, "90"))
    hidden = Capaian.objects.filter(indikator=plan.jkn).first()
    assert hidden is not None
    assert login("operator_mawar").get(f"/contoh/2024/jejak/{hidden.pk}/").status_code == 403


def test_an_analysis_is_written_by_who_answers(login: Login, plan: SimpleNamespace, units: SimpleNamespace) -> None:
    def write(name: str, kunci: str) -> int:
        data = {"uraian": "x", "jenis": [], "program": [], "indikator_pendukung": [], "uraian_faktor": []}
        return login(name).post(f"/contoh/2024/analisis/{kunci}/", data).status_code

    assert write("operator_mawar", "rujukan") == 403
    assert write("pemegang_kesmas", "iku.stunting") == 403
    assert write("pemegang_kesmas", plan.berkas.kunci) == 200


def test_the_plan_is_open_to_the_people_of_a_unit(login: Login, units: SimpleNamespace) -> None:
    for page in ("perencanaan", "rencana-aksi"):
        assert login("operator_mawar").get(f"/contoh/2024/{page}/").status_code == 200
