"""A quarter of SPM of a Puskesmas, played through in real browsers: from its sasaran to the report that it hands in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from openpyxl import load_workbook
from pytest_django.live_server_helper import LiveServer

from capaian.exchange.simulation.load import load_simulation
from capaian.organisations.models import Membership, TahunKinerja, UnitKerja
from capaian.rules.spm.standar import standar_of
from capaian.spm.models import PelayananSpm, SasaranSpm
from capaian.spm.queries import used_sasaran

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Role = Membership.Role
HOME = "/simulasi-2/2024/"
PROBLEM, SOLUTION = "Penderita tidak datang setiap bulan.", "Pengingat kunjungan lewat kader."
PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const init = {clipboardData: data, bubbles: true, cancelable: true};
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", init));
}"""
Opener = Callable[..., Any]


@pytest.fixture
def year(db: None) -> TahunKinerja:
    """Two Puskesmas whose sasaran is set, and nothing reported."""
    return load_simulation(by=None, puskesmas=2, tahun=2024, seed=1, today=date(2026, 11, 24), with_quarters=False)[0]


@pytest.fixture
def open_as(chromium_path: str, live_server: LiveServer, year: TahunKinerja) -> Iterator[Opener]:
    """A browser of their own for each person; any error of a script fails the test."""
    errors: list[str] = []
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])

        def opener(role: str, unit: UnitKerja | None = None) -> Any:
            context = browser.new_context(base_url=live_server.url, locale="id-ID", accept_downloads=True)
            user = get_user_model().objects.create_user(f"{role}.{unit.kunci}" if unit else role)
            Membership.objects.create(user=user, instansi=year.instansi, role=role, unit=unit)
            client = Client()
            client.force_login(user)
            cookie = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
            page = context.new_page()
            page.set_default_timeout(15_000)
            page.on("pageerror", lambda error: errors.append(str(error)))
            return page

        yield opener
        browser.close()
    assert errors == []


def go(page: Any, address: str) -> None:
    assert page.goto(address).status == 200, address


def saved(page: Any) -> None:
    page.get_by_text("Semua tersimpan.").wait_for()


def step(page: Any, label: str, done: str) -> None:
    page.get_by_role("button", name=label, exact=True).click()
    page.locator("#pesan").get_by_text(done).wait_for()


def sheet(form: str, unit: UnitKerja) -> str:
    return f"{HOME}isian/{form}/{unit.kunci}/1/"


def monthly(sasaran: dict[str, int]) -> dict[str, int]:
    """Persons served each month by service: nine percent, so that the quarter keeps the pace; hypertension does not."""
    found = {one.kode: sasaran[one.kelompok] * 9 // 100 + 1 for one in standar_of(2024).layanan}
    return found | {"hipertensi": 20}


def state_a_second_source(page: Any, first: UnitKerja, used: int) -> None:
    """The operator sees what counts, adds what the posyandu found, and it is kept beside it, not used."""
    go(page, f"{HOME}spm/sasaran/unit/{first.kunci}/")
    table = page.locator("table.statements").first
    shown = f"{used:,}".replace(",", ".")
    assert shown in table.locator("#k-balita").inner_text()
    page.locator('[name="jumlah-balita"]').fill(str(used - 40))
    page.locator('[name="metode"]').select_option("riil")
    page.locator('[name="sumber"]').fill("Pendataan posyandu Januari")
    page.get_by_role("button", name="Simpan sasaran").click()
    other = table.locator("tr.statement-other", has_text="Pendataan posyandu Januari")
    other.wait_for()
    assert "-40" in other.inner_text().replace("−", "-")
    assert "Dipakai" in table.locator("#k-balita").inner_text()


def fill_by_keyboard(page: Any, first: UnitKerja, served: dict[str, int]) -> None:
    """Month by month with Enter, without a mouse; what the page then still asks for is the reason of what lags."""
    go(page, sheet("spm", first))
    names = page.locator("input.cell").evaluate_all("cells => cells.map(cell => cell.name)")
    assert len(names) == 12 * 3
    page.locator(f'input.cell[name="{names[0]}"]').focus()
    for name in names:
        assert page.evaluate("document.activeElement.name") == name
        page.keyboard.type(str(served[name.partition("#")[0]]))
        page.keyboard.press("Enter")
    saved(page)
    row = page.locator("tr", has=page.locator('input.cell[name="balita#3"]'))
    assert "%" in row.locator('[data-place="hasil"]').inner_text()
    problems = page.locator(".sheet-problems li").all_inner_texts()
    assert len(problems) == 1
    assert problems[0].startswith("Hipertensi: cakupan")
    assert page.get_by_role("button", name="Ajukan").count() == 0


def fill_quality(page: Any, first: UnitKerja) -> None:
    """The stock of every item whose need follows from the standard, pasted from Excel."""
    go(page, sheet("spm_mutu", first))
    cells = page.locator("input.cell")
    page.locator("input.cell").first.focus()
    page.evaluate(PASTE, "\r\n".join(["50"] * cells.count()))
    saved(page)
    step(page, "Ajukan", "diajukan")


def explain(page: Any, first: UnitKerja) -> None:
    go(page, f"{HOME}spm/monev/{first.kunci}/1/")
    assert page.locator("#monev-perlu").inner_text() == "1"
    service = page.locator("#hipertensi")
    service.get_by_label("Permasalahan").fill(PROBLEM)
    service.get_by_label("Solusi").fill(SOLUTION)
    service.get_by_role("button", name="Simpan").click()
    service.get_by_text("Tersimpan.").wait_for()
    assert page.locator("#monev-perlu").inner_text() == "0"
    go(page, sheet("spm", first))
    step(page, "Ajukan", "diajukan")


def office_shows(page: Any, served: int, sasaran: int) -> None:
    """The map and the page of the service give the district's coverage; its sasaran is the one that was decreed."""
    percent = served * 1000 / sasaran
    go(page, f"{HOME}spm/?tw=1")
    row = page.locator(".heat-office tr")
    assert "1 dari 2 terverifikasi" in row.inner_text()
    balita = row.locator("td").nth(3)
    assert abs(float(balita.get_attribute("data-value")) * 10 - percent) <= 0.05
    balita.get_by_role("button").click()
    page.locator("#jejak-isi").get_by_text("terlayani sesuai standar ÷ sasaran × 100").wait_for()
    trace = page.locator("#jejak-isi").inner_text().replace(".", "")
    assert str(served) in trace
    assert str(sasaran) in trace


def take_home(page: Any, first: UnitKerja, served: dict[str, int]) -> None:
    """Form 2.E.2 as a workbook with the same figures, and the monev report of the quarter."""
    go(page, f"{HOME}laporan/spm/?unit={first.kunci}")
    with page.expect_download() as download:
        page.locator(".report-forms a", has_text="2.E.2").click()
    book = load_workbook(BytesIO(Path(download.value.path()).read_bytes()), data_only=True)
    said = {str(cell.value) for row in book.active.iter_rows() for cell in row if cell.value is not None}
    assert str(served["balita"] * 3) in said
    kind = page.locator("#laporan-spm_monev")
    kind.get_by_label("Triwulan").select_option("1")
    kind.get_by_role("button", name="Buat").click()
    with page.expect_download() as document:
        page.locator("#laporan-spm_monev").get_by_role("link", name="Word").first.click()
    assert Path(document.value.path()).read_bytes().startswith(b"PK")


def test_a_puskesmas_reports_its_quarter(open_as: Opener, year: TahunKinerja) -> None:
    first, _ = year.instansi.unit_kerja.filter(jenis=UnitKerja.Jenis.PUSKESMAS).order_by("urutan")
    sasaran = used_sasaran(year)
    served = monthly(sasaran[first.pk])
    operator, verifier = open_as(Role.OPERATOR, first), open_as(Role.PEMEGANG_PROGRAM)

    state_a_second_source(operator, first, sasaran[first.pk]["balita"])
    assert SasaranSpm.objects.filter(unit=first, wilayah=None, kelompok="balita").count() == 2
    fill_by_keyboard(operator, first, served)
    assert PelayananSpm.objects.get(unit=first, layanan="balita", bulan=3).terlayani == served["balita"]
    fill_quality(operator, first)
    explain(operator, first)
    for form in ("spm", "spm_mutu"):
        go(verifier, sheet(form, first))
        step(verifier, "Verifikasi", "terverifikasi")
    office_shows(verifier, served["balita"] * 3, sasaran[None]["balita"])
    take_home(operator, first, served)
