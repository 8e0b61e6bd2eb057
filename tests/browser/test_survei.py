"""A survey in a real browser: answered on a telephone without scripts, sent twice, counted once; paper by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from capaian.organisations.models import Instansi, Membership, TahunKinerja, UnitKerja
from capaian.skm.models import UNSUR, JawabanSkm, Survei

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
VIOLATIONS = """() => axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}).then(
  (result) => result.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target}: ${node.html}`)))"""
TELEPHONE = {"width": 360, "height": 640}


@pytest.fixture
def survei(db: None) -> Survei:
    place = Instansi.objects.create(
        kunci="contoh", nama="Dinas Kesehatan Contoh", daerah="Contoh", provinsi="Provinsi Contoh"
    )
    year = TahunKinerja.objects.create(instansi=place, tahun=2024)
    unit = UnitKerja.objects.create(instansi=place, kunci="mawar", nama="Puskesmas Mawar", jenis="puskesmas")
    day = timezone.localdate()
    return Survei.objects.create(
        tahun_kinerja=year, unit=unit, nama="SKM Mawar", mulai=day, sampai=day + timedelta(days=9), unsur=list(UNSUR),
        layanan=["Poli umum", "Farmasi"], status="dibuka", tautan="mawar24",
    )  # fmt: skip


@pytest.fixture
def session(survei: Survei) -> str:
    """A person who looks after the survey, logged in before any page is open."""
    user = get_user_model().objects.create_user("operator")
    Membership.objects.create(
        user=user, instansi=survei.tahun_kinerja.instansi, unit=survei.unit, role=Membership.Role.OPERATOR
    )
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


@pytest.fixture
def browser(chromium_path: str) -> Iterator[Any]:
    with playwright.sync_playwright() as running:
        yield running.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])


def test_a_visitor_answers_on_a_small_telephone_without_scripts_and_counts_once(
    browser: Any, live_server: LiveServer, survei: Survei
) -> None:
    context = browser.new_context(
        base_url=live_server.url, viewport=TELEPHONE, has_touch=True, java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/s/mawar24/")
    size = page.locator(".pilihan label").first.bounding_box()
    assert size["height"] >= 48
    # By keyboard: the first question is reached and moved through as one group.
    page.locator("[name=persyaratan]").first.focus()
    page.keyboard.press("ArrowDown")
    assert page.locator("[name=persyaratan][value='2']").is_checked()
    for unsur in UNSUR[1:]:
        page.locator(f"#t-{unsur} label", has=page.locator("[value='3']")).tap()
    page.get_by_label("Jenis layanan").select_option("Farmasi")
    page.get_by_label("Saran Anda").fill("Kursi tunggu kurang")
    page.get_by_role("button", name="Kirim").dblclick()
    page.get_by_role("heading", name="Terima kasih").wait_for()
    kept = JawabanSkm.objects.get()
    assert (kept.persyaratan, kept.sarana, kept.layanan) == (2, 3, "Farmasi")
    assert context.cookies() == []


def test_the_form_is_for_every_reader_and_does_not_scroll_sideways(
    browser: Any, live_server: LiveServer, survei: Survei
) -> None:
    page = browser.new_context(base_url=live_server.url, viewport=TELEPHONE, bypass_csp=True).new_page()
    page.goto("/s/mawar24/")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(VIOLATIONS)
    page.locator("#t-waktu label").first.click()
    page.get_by_role("button", name="Kirim").click()
    page.get_by_text("8 pertanyaan belum dijawab").wait_for()
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found += page.evaluate(VIOLATIONS)
    assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE["width"]
    assert found == []


def test_two_paper_sheets_are_typed_by_keyboard_alone(
    browser: Any, live_server: LiveServer, survei: Survei, session: str
) -> None:
    errors: list[str] = []
    context = browser.new_context(base_url=live_server.url)
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    address = f"/contoh/2024/survei/{survei.pk}/kertas/"
    page.goto(address, wait_until="networkidle")
    page.locator("[name=persyaratan-1]").focus()
    page.keyboard.type("4343 4343")
    page.keyboard.press("Enter")
    page.keyboard.type("111111111")
    # The line breaks: nothing is lost, also when the page is closed.
    context.set_offline(True)
    page.get_by_role("button", name="Simpan lembar").click()
    page.get_by_text("Belum tersimpan").wait_for()
    context.set_offline(False)
    page.goto(address, wait_until="networkidle")
    page.get_by_text("2 lembar yang belum tersimpan dikembalikan").wait_for()
    page.get_by_role("button", name="Simpan lembar").click()
    page.get_by_text("2 lembar disimpan").wait_for()
    assert page.locator("#kertas-jumlah").inner_text() == "2"
    assert page.evaluate("localStorage.length") == 0
    rows = list(JawabanSkm.objects.order_by("persyaratan").values_list(*UNSUR))
    assert rows == [(1,) * 9, (4, 3, 4, 3, None, 4, 3, 4, 3)]
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate(VIOLATIONS) == []
    assert errors == []
