"""The frame in a real browser: weight, content policy, trace by keyboard, small screens, sorting and filtering."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from capaian.exchange.samples.load import load_sample
from capaian.exchange.samples.reader import read_sample
from capaian.organisations.models import Membership

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(chromium_path: str, live_server: LiveServer) -> Iterator[object]:
    """A page of a logged-in head of office on the Balangan sample; any error on the console fails the test."""
    year = load_sample(sample=read_sample("balangan_2024"), by=None).tahun_kinerja
    user = get_user_model().objects.create_user("kepala")
    Membership.objects.create(user=user, instansi=year.instansi, role=Membership.Role.KEPALA)
    client = Client()
    client.force_login(user)
    errors: list[str] = []
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        context = browser.new_context(base_url=live_server.url, locale="id-ID")
        cookie = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        opened = context.new_page()
        opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        opened.on("pageerror", lambda error: errors.append(str(error)))
        yield opened
        browser.close()
    assert errors == []


def test_first_page_is_light(page) -> None:  # type: ignore[no-untyped-def]
    responses = []
    page.on("response", lambda response: responses.append(response))
    page.goto("/balangan/2024/", wait_until="networkidle")
    weight = sum(len(gzip.compress(response.body())) for response in responses)
    assert len(responses) > 5
    assert weight < 200_000


def test_trace_opens_and_closes_by_keyboard(page) -> None:  # type: ignore[no-untyped-def]
    page.goto("/balangan/2024/", wait_until="networkidle")
    figure = page.locator(".iku-card .figure-trace").first
    figure.focus()
    page.keyboard.press("Enter")
    page.get_by_text("(2T − R) ÷ T × 100").wait_for()
    playwright.expect(page.locator("#jejak")).to_be_focused()
    page.keyboard.press("Escape")
    page.locator("#jejak").wait_for(state="hidden")
    playwright.expect(figure).to_be_focused()


def test_small_screen_does_not_scroll_sideways(page) -> None:  # type: ignore[no-untyped-def]
    page.set_viewport_size({"width": 390, "height": 844})
    for address in ("/balangan/2024/", "/balangan/2024/reviu/", "/regulasi/capaian/permendagri_86_2017/", "/pilih/"):
        page.goto(address, wait_until="networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
    page.get_by_role("button", name="Buka menu").click()
    page.get_by_role("link", name="Regulasi", exact=True).wait_for()


def test_table_sorts_and_filters(page) -> None:  # type: ignore[no-untyped-def]
    page.goto("/balangan/2024/", wait_until="networkidle")
    page.locator("#perhatian-tabel th .sort", has_text="Persen").press("Enter")
    first = page.locator("#perhatian-tabel tbody tr").first
    assert "-123,33%" in first.inner_text()
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "ascending"
    page.get_by_label("Saring tabel").fill("stunting")
    assert page.locator("#perhatian-tabel tbody tr:visible").count() == 1
    assert "1 dari" in page.locator(".table-count").inner_text()
