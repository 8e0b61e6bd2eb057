"""The pages of accounts and people under axe-core, on a laptop and on a telephone, for an admin."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from capaian.organisations.models import Instansi, Membership, TahunKinerja

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
VIOLATIONS = """() => axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}).then(
  (result) => result.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target}: ${node.html}`)))"""
OFFICE = "/contoh/2024/"
SIZES = ((1366, 768), (390, 844))


@pytest.fixture
def browser(chromium_path: str) -> Iterator[Any]:
    with playwright.sync_playwright() as running:
        yield running.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])


def test_pages_of_people_meet_wcag_and_do_not_scroll_sideways(browser: Any, live_server: LiveServer) -> None:
    instansi = Instansi.objects.create(kunci="contoh", nama="Dinas Kesehatan Contoh")
    TahunKinerja.objects.create(instansi=instansi, tahun=2024)
    admin, other = (
        get_user_model().objects.create_user(name, password="kuda-laut-biru-7") for name in ("admin", "operator")
    )
    Membership.objects.create(user=admin, instansi=instansi, role="admin")
    Membership.objects.create(user=other, instansi=instansi, role="perencana")
    pages = ["orang/", "orang/baru/", f"orang/{other.pk}/", "pelimpahan/", "hak-saya/"]
    addresses = [*(f"{OFFICE}{page}" for page in pages), "/akun/sandi/", "/akun/dua-langkah/"]
    client = Client()
    client.force_login(admin)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    found = {}
    for width, height in SIZES:
        context = browser.new_context(
            base_url=live_server.url, locale="id-ID", viewport={"width": width, "height": height}
        )
        context.add_cookies([cookie])
        page = context.new_page()
        for address in addresses:
            assert page.goto(address, wait_until="networkidle").status == 200, address
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            sideways = page.evaluate("document.documentElement.scrollWidth") > width
            page.evaluate(AXE.read_text(encoding="utf-8"))
            found[width, address] = page.evaluate(VIOLATIONS) + ["scrolls sideways"] * sideways
    assert {place: here for place, here in found.items() if here} == {}
