"""The entry grid in a real browser: typing, moving, pasting from Excel, mistakes in words, a line that breaks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from capaian.exchange.samples.load import load_sample
from capaian.exchange.samples.reader import read_sample
from capaian.measurement.models import Realisasi
from capaian.organisations.models import Membership
from capaian.planning.models import Indikator

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
URL = "/metro/2024/pengukuran/?tw=1"
PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const init = {clipboardData: data, bubbles: true, cancelable: true};
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", init));
}"""


@pytest.fixture
def page(chromium_path: str, live_server: LiveServer) -> Iterator[Any]:
    """The grid of Metro before a pemegang program; any error on the console fails the test."""
    year = load_sample(sample=read_sample("metro_2024"), by=None).tahun_kinerja
    user = get_user_model().objects.create_user("pemegang")
    Membership.objects.create(user=user, instansi=year.instansi, role=Membership.Role.PEMEGANG_PROGRAM)
    client = Client()
    client.force_login(user)
    errors: list[str] = []
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        context = browser.new_context(base_url=live_server.url, locale="id-ID")
        cookie = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        opened = context.new_page()
        opened.on("pageerror", lambda error: errors.append(str(error)))
        opened.goto(URL, wait_until="networkidle")
        yield opened
        browser.close()
    assert errors == []


def cell(kunci: str, periode: int) -> str:
    return f'input[name="c{Indikator.objects.get(kunci=kunci).pk}-{periode}"]'


def focused(page: Any) -> str:
    return f'input[name="{page.evaluate("document.activeElement.name")}"]'


def test_typing_saves_on_leaving_and_shows_the_capaian(page: Any) -> None:
    page.locator(cell("iku.kematian_bayi", 1)).focus()
    page.keyboard.type("2")
    page.keyboard.press("Enter")
    page.get_by_text("Semua tersimpan.").wait_for()
    row = page.locator("tr", has=page.locator(cell("iku.kematian_bayi", 1)))
    assert "100,00%" in row.locator('[data-place="triwulan"]').inner_text()
    assert page.locator("[data-filled-text]").inner_text() == "1"
    assert Realisasi.objects.get().teks == "2"


def test_arrows_enter_and_tab_move(page: Any) -> None:
    page.locator(cell("iku.jkn", 1)).focus()
    page.keyboard.press("ArrowRight")
    assert focused(page) == cell("iku.jkn", 2)
    page.keyboard.press("ArrowDown")
    assert focused(page) == cell("iku.kematian_ibu", 2)
    page.keyboard.press("ArrowLeft")
    assert focused(page) == cell("iku.kematian_ibu", 1)
    page.keyboard.press("Shift+Enter")
    assert focused(page) == cell("iku.jkn", 1)
    page.keyboard.press("Tab")
    assert focused(page) == cell("iku.jkn", 2)


def test_a_block_from_excel_fills_rows_and_columns(page: Any) -> None:
    page.locator(cell("iku.kematian_ibu", 1)).focus()
    page.evaluate(PASTE, "0\t1\r\n2\t3\r\n")
    page.get_by_text("Semua tersimpan.").wait_for()
    stored = {(row.indikator.kunci, row.periode): row.teks for row in Realisasi.objects.select_related("indikator")}
    assert stored == {
        ("iku.kematian_ibu", 1): "0",
        ("iku.kematian_ibu", 2): "1",
        ("iku.kematian_bayi", 1): "2",
        ("iku.kematian_bayi", 2): "3",
    }


def test_an_ambiguous_number_is_refused_and_both_readings_offered(page: Any) -> None:
    field = page.locator(cell("iku.jkn", 1))
    field.fill("1.234")
    field.press("Enter")
    page.get_by_text("dapat berarti 1.234 atau 1,234").wait_for()
    assert field.get_attribute("aria-invalid") == "true"
    page.get_by_role("button", name="1.234").click()
    page.get_by_text("Semua tersimpan.").wait_for()
    assert Realisasi.objects.get().teks == "1234"
    assert field.get_attribute("aria-invalid") is None


def test_two_refusals_of_a_row_stand_beside_each_other(page: Any) -> None:
    for periode, text in ((1, "1.234"), (2, "abc")):
        page.locator(cell("iku.jkn", periode)).fill(text)
        page.locator(cell("iku.jkn", periode)).press("Tab")
        page.locator(".cell-error").nth(periode - 1).wait_for()
    left, right = (page.locator(".cell-error").nth(at).bounding_box() for at in (0, 1))
    assert left["x"] + left["width"] <= right["x"]


def test_what_could_not_be_sent_survives_and_is_sent_again(page: Any) -> None:
    page.route("**/realisasi/", lambda route: route.abort())
    page.locator(cell("iku.jkn", 1)).fill("97,5")
    page.keyboard.press("Tab")
    page.get_by_text("Server tidak terjangkau").wait_for()
    assert not Realisasi.objects.exists()
    page.unroute("**/realisasi/")
    page.goto(URL, wait_until="networkidle")
    page.get_by_text("Semua tersimpan.").wait_for()
    assert Realisasi.objects.get().teks == "97,5"


def test_filter_keeps_the_group_of_a_hit(page: Any) -> None:
    page.locator("#kisi-saring").fill("kematian neonatal")
    assert page.locator("#kisi tbody tr:visible").count() == 2
    assert page.get_by_text("1 dari 43 indikator").is_visible()
