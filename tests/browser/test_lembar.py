"""The sheet of a unit in a real browser: two people in one cell, a broken line, a paste, a closed sheet, a step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from capaian.exchange.samples.load import load_sample
from capaian.exchange.samples.reader import read_sample
from capaian.measurement.models import Realisasi
from capaian.organisations.models import Membership, TahunKinerja
from capaian.planning.models import Indikator
from capaian.planning.units import responsible_units
from capaian.workflow.actions import set_deadline
from capaian.workflow.models import AuditEntry, Submission

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
URL = "/metro/2024/isian/kinerja/instansi/1/"
BAYI = 'input[name="iku.kematian_bayi"]'
JKN = 'input[name="iku.jkn"]'
PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const init = {clipboardData: data, bubbles: true, cancelable: true};
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", init));
}"""
Opener = Callable[[str], Any]


@pytest.fixture
def year(db: None) -> TahunKinerja:
    """Metro, where the office itself answers for the IKU."""
    return load_sample(sample=read_sample("metro_2024"), by=None).tahun_kinerja


@pytest.fixture
def open_as(chromium_path: str, live_server: LiveServer, year: TahunKinerja) -> Iterator[Opener]:
    """The sheet before a person of a role, each in a browser of their own; any error on the console fails the test."""
    errors: list[str] = []
    # Before any page is open: SQLite in memory refuses to write while the server of a first page reads.
    sessions = {role: _session(year, role) for role in Membership.Role.values}
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])

        def opener(role: str) -> Any:
            context = browser.new_context(base_url=live_server.url, locale="id-ID")
            context.add_cookies([{"name": "sessionid", "value": sessions[role], "url": live_server.url}])
            page = context.new_page()
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.goto(URL, wait_until="networkidle")
            return page

        yield opener
        browser.close()
    assert errors == []


def _session(year: TahunKinerja, role: str) -> str:
    """The session of a person of a role, logged in."""
    user = get_user_model().objects.create_user(role)
    Membership.objects.create(user=user, instansi=year.instansi, role=role)
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def fill(page: Any, cell: str, text: str) -> None:
    page.locator(cell).fill(text)
    page.keyboard.press("Tab")


def stored(kunci: str) -> str:
    return Realisasi.objects.get(indikator__kunci=kunci, periode=1).teks


def test_typing_saves_and_shows_capaian_and_progress(open_as: Opener) -> None:
    page = open_as("perencana")
    before = int(page.locator("[data-filled-text]").inner_text())
    page.locator(BAYI).focus()
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    page.get_by_text("Semua tersimpan.").wait_for()
    row = page.locator("tr", has=page.locator(BAYI))
    assert "100,00%" in row.locator('[data-place="hasil"]').inner_text()
    assert page.locator("[data-filled-text]").inner_text() == str(before + 1)
    assert stored("iku.kematian_bayi") == "2"


@pytest.mark.parametrize(("choice", "kept"), [("Pakai nilai saya", "4"), ("Pakai nilai tersimpan", "3")])
def test_two_people_in_one_cell_and_the_later_chooses(open_as: Opener, choice: str, kept: str) -> None:
    first, second = open_as("pemegang_program"), open_as("perencana")
    fill(first, BAYI, "3")
    first.get_by_text("Semua tersimpan.").wait_for()
    fill(second, BAYI, "4")
    box = second.locator(".cell-error")
    box.wait_for()
    assert "Tersimpan: 3 (pemegang_program, " in box.inner_text()
    assert "Anda: 4" in box.inner_text()
    assert stored("iku.kematian_bayi") == "3"
    second.get_by_role("button", name=choice).click()
    second.get_by_text("Semua tersimpan.").wait_for()
    assert stored("iku.kematian_bayi") == kept
    assert second.locator(BAYI).input_value() == kept
    assert second.locator(".cell-error").count() == 0


def test_a_broken_line_loses_nothing_and_sends_nothing_twice(open_as: Opener) -> None:
    page = open_as("perencana")
    page.context.set_offline(True)
    fill(page, JKN, "97,5")
    page.get_by_text("Server tidak terjangkau").wait_for()
    assert page.locator("#luring").is_visible()
    assert not Realisasi.objects.filter(periode=1).exists()
    page.context.set_offline(False)
    page.get_by_text("Semua tersimpan.").wait_for()
    assert not page.locator("#luring").is_visible()
    assert stored("iku.jkn") == "97,5"
    assert AuditEntry.objects.filter(action="measurement.record_realisasi").count() == 1


def test_an_answer_that_got_lost_is_asked_for_again(open_as: Opener) -> None:
    page = open_as("perencana")

    def swallow(route: Any) -> None:
        route.fetch()
        route.abort()

    page.route("**/simpan/", swallow)
    fill(page, JKN, "97,5")
    page.get_by_text("Server tidak terjangkau").wait_for()
    page.unroute("**/simpan/")
    page.reload(wait_until="networkidle")
    assert page.locator(JKN).input_value() == "97,5"
    assert page.evaluate("localStorage.length") == 0
    assert AuditEntry.objects.filter(action="measurement.record_realisasi").count() == 1


def test_what_was_kept_does_not_overwrite_what_came_meanwhile(open_as: Opener, year: TahunKinerja) -> None:
    page = open_as("perencana")
    page.route("**/simpan/", lambda route: route.abort())
    fill(page, JKN, "97,5")
    page.get_by_text("Server tidak terjangkau").wait_for()
    fill(other := open_as("pemegang_program"), JKN, "91")
    other.get_by_text("Semua tersimpan.").wait_for()
    page.unroute("**/simpan/")
    page.reload(wait_until="networkidle")
    page.get_by_text("Tersimpan: 91 (pemegang_program").wait_for()
    assert stored("iku.jkn") == "91"
    assert page.locator(JKN).input_value() == "97,5"


def test_a_column_from_excel_fills_the_rows_below(open_as: Opener, year: TahunKinerja) -> None:
    page = open_as("perencana")
    page.locator(BAYI).focus()
    names = page.locator("input.cell").evaluate_all("cells => cells.map(cell => cell.name)")
    below = names[names.index("iku.kematian_bayi") :][:2]
    page.evaluate(PASTE, "2\r\n3\r\n")
    page.get_by_text("Semua tersimpan.").wait_for()
    assert [stored(kunci) for kunci in below] == ["2", "3"]


def test_a_sheet_that_closed_meanwhile_keeps_what_was_typed(open_as: Opener, year: TahunKinerja) -> None:
    page = open_as("perencana")
    set_deadline(
        by=None, tahun_kinerja=year, form="kinerja", periode=1, starts_on=date(2024, 4, 1), ends_on=date(2024, 4, 10)
    )
    fill(page, JKN, "97,5")
    page.get_by_text("ditutup 10 April 2024").wait_for()
    assert page.locator(JKN).input_value() == "97,5"
    page.reload(wait_until="networkidle")
    left = page.locator("#tertinggal")
    assert "belum tersimpan" in left.inner_text()
    assert "97,5" in left.inner_text()
    left.get_by_role("button", name="Buang nilai ini").click()
    assert page.evaluate("localStorage.length") == 0
    assert not Realisasi.objects.filter(periode=1).exists()


def test_leaving_warns_only_while_something_is_unsent(open_as: Opener) -> None:
    page = open_as("perencana")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    fill(page, JKN, "97,5")
    page.get_by_text("Semua tersimpan.").wait_for()
    page.reload()
    assert asked == []
    page.locator(JKN).fill("98")
    page.reload()
    assert asked == ["beforeunload"]


def test_the_button_appears_when_all_is_filled_and_waits_for_what_is_typed(open_as: Opener, year: TahunKinerja) -> None:
    office = [pk for pk, unit in responsible_units(year).items() if unit is None]
    page = open_as("perencana")
    wanted = page.locator(".sheet-problems li").count()
    assert wanted > 0
    assert page.get_by_role("button", name="Ajukan").count() == 0
    for indikator in Indikator.objects.filter(pk__in=office).exclude(kunci="iku.jkn"):
        Realisasi.objects.get_or_create(indikator=indikator, tahun=2024, periode=1, defaults={"teks": "1"})
    fill(page, JKN, "97,5")
    page.get_by_role("button", name="Ajukan").wait_for()
    page.locator(JKN).fill("98")
    page.get_by_role("button", name="Ajukan").click()
    page.get_by_text("diajukan.").wait_for()
    assert stored("iku.jkn") == "98"
    assert Submission.objects.get(periode=1).state == "diajukan"
