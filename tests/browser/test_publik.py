"""The public pages in a real browser: readable without scripts, on a laptop and on a telephone, for every reader."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from capaian.exchange.simulation.load import load_simulation
from capaian.reports.actions import generate_report, request_report
from capaian.reports.models import ReportVersion
from capaian.reports.publication_actions import publish_report

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
VIOLATIONS = """() => axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}).then(
  (result) => result.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target}: ${node.html}`)))"""
PAGES = (
    "/publik/",
    "/publik/simulasi-2/",
    "/publik/simulasi-2/2024/",
    "/publik/simulasi-2/2024/indikator/iku.kematian_ibu/",
    "/publik/simulasi-2/2024/indikator/1.02.01.2.06/layanan/",
)
SIZES = ((1366, 768), (390, 844))
MOST_BYTES = 200_000


@pytest.fixture
def published() -> None:
    year, _ = load_simulation(by=None, puskesmas=2, tahun=2024, seed=1, today=date(2026, 11, 24))
    version = request_report(by=None, tahun_kinerja=year, jenis="pengukuran", periode=2)
    generate_report(version.pk)
    publish_report(by=None, version=ReportVersion.objects.get(pk=version.pk), reason="Diminta DPRD")


@pytest.fixture
def browser(chromium_path: str, live_server: LiveServer) -> Iterator[Any]:
    with playwright.sync_playwright() as running:
        yield running.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])


def test_public_pages_meet_wcag_and_do_not_scroll_sideways(
    browser: Any, live_server: LiveServer, published: None
) -> None:
    found = {}
    for width, height in SIZES:
        viewport = {"width": width, "height": height}
        page = browser.new_context(base_url=live_server.url, locale="id-ID", viewport=viewport).new_page()
        for address in PAGES:
            assert page.goto(address, wait_until="networkidle").status == 200, address
            sideways = page.evaluate("document.documentElement.scrollWidth") > width
            page.evaluate(AXE.read_text(encoding="utf-8"))
            found[width, address] = page.evaluate(VIOLATIONS) + ["scrolls sideways"] * sideways
    assert {page: here for page, here in found.items() if here} == {}


def test_a_reader_without_scripts_gets_from_the_login_page_to_a_trace(
    browser: Any, live_server: LiveServer, published: None
) -> None:
    context = browser.new_context(base_url=live_server.url, locale="id-ID", java_script_enabled=False)
    page = context.new_page()
    page.goto("/masuk/")
    page.get_by_role("link", name="Laporan yang diterbitkan").click()
    page.get_by_role("link", name="2024").click()
    page.get_by_role("link", name="Jumlah kematian ibu").click()
    assert page.get_by_role("heading", name="Jejak hitung").is_visible()
    assert page.locator(".step").count() >= 3
    assert page.get_by_text("belum disetujui ketika diterbitkan. Alasan: Diminta DPRD.").is_visible()


def test_the_page_of_a_year_is_light(browser: Any, live_server: LiveServer, published: None) -> None:
    """All that a first visit fetches, packed as the server packs it."""
    page, seen = browser.new_context(base_url=live_server.url).new_page(), []
    page.on("response", lambda response: seen.append(response))
    page.goto("/publik/simulasi-2/2024/", wait_until="networkidle")
    sent = {response.url: len(gzip.compress(response.body())) for response in seen}
    assert len(sent) >= 4
    assert sum(sent.values()) < MOST_BYTES
