"""A quarter of a small district, played through in real browsers by everybody who has a part in it."""

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
from capaian.workflow.chains import verify_chain
from capaian.workflow.models import AuditEntry

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Role = Membership.Role
HOME = "/simulasi-2/2024/"
VISITS = "pkm.kunjungan"
ANTENATAL = "pkm.k4"
PASTE = """(text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const init = {clipboardData: data, bubbles: true, cancelable: true};
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", init));
}"""
Opener = Callable[..., Any]


@pytest.fixture
def year(db: None) -> TahunKinerja:
    """Two Puskesmas and the bidang of a district that has planned the year and reported nothing."""
    return load_simulation(by=None, puskesmas=2, tahun=2024, seed=1, today=date(2026, 11, 24), with_quarters=False)[0]


@pytest.fixture
def open_as(chromium_path: str, live_server: LiveServer, year: TahunKinerja) -> Iterator[Opener]:
    """A browser of their own for each person; any error of a script fails the test."""
    errors: list[str] = []
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])

        def opener(role: str = "", unit: UnitKerja | None = None) -> Any:
            context = browser.new_context(base_url=live_server.url, locale="id-ID", accept_downloads=True)
            if role:
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


def sheet(form: str, unit: UnitKerja) -> str:
    return f"{HOME}isian/{form}/{unit.kunci}/1/"


def go(page: Any, address: str) -> None:
    assert page.goto(address).status == 200, address


def paste(page: Any, first: str, values: list[str]) -> None:
    page.locator(f'input.cell[name="{first}"]').focus()
    page.evaluate(PASTE, "\r\n".join(values))


def saved(page: Any) -> None:
    page.get_by_text("Semua tersimpan.").wait_for()


def cells(page: Any) -> list[str]:
    names: list[str] = page.locator("input.cell").evaluate_all("cells => cells.map(cell => cell.name)")
    return names


def reported(name: str, visited: str, antenatal: str) -> str:
    """What a Puskesmas reports here: numerators below denominators of 100, and one number for all the rest."""
    if name == VISITS:
        return visited
    if name == f"{ANTENATAL}#pembilang":
        return antenatal
    if name.endswith("#penyebut"):
        return "100"
    return "40" if name.endswith("#pembilang") else "3"


def step(page: Any, label: str, done: str, reason: str = "") -> None:
    """Press the button of a step, with its reason where it asks for one, and read that it was done."""
    if reason:
        page.locator("summary", has_text=f"{label}…").click()
        page.get_by_label("Alasan").fill(reason)
    page.get_by_role("button", name=label, exact=True).click()
    page.locator("#pesan").get_by_text(done).wait_for()


def fill_as_operator(page: Any, first: UnitKerja, evidence: Path) -> None:
    """All but the visits pasted from Excel; the visits typed ambiguously and put right; evidence in the drawer."""
    go(page, sheet("kinerja", first))
    names = cells(page)
    assert "Belum dapat diajukan" in page.locator(".sheet-problems summary").inner_text()
    paste(page, names[0], [reported(name, "", "20") for name in names])
    saved(page)
    problem = page.locator(".sheet-problems li")
    assert problem.all_inner_texts() == ["Kunjungan rawat jalan belum diisi"]
    assert page.get_by_role("button", name="Ajukan").count() == 0
    page.locator(f'input[name="{VISITS}"]').fill("1.234")
    page.keyboard.press("Tab")
    page.locator(".cell-error").get_by_role("button", name="1.234", exact=True).click()
    saved(page)
    assert page.locator(f'input[name="{VISITS}"]').input_value() == "1234"
    row = page.locator(f'tr[data-row="{VISITS}"]')
    row.get_by_title("Bukti dukung").click()
    drawer = page.locator("#jejak")
    drawer.get_by_label("Berkas", exact=True).set_input_files(evidence)
    drawer.get_by_label("Tanggal bukti").fill("2024-03-31")
    drawer.get_by_role("button", name="Lampirkan").click()
    drawer.get_by_text("Terlampir.").wait_for()
    assert row.locator('[data-count="bukti"]').inner_text() == "1"


def fill_other(page: Any, other: UnitKerja) -> None:
    go(page, sheet("kinerja", other))
    names = cells(page)
    paste(page, names[0], [reported(name, "2000", "30") for name in names])
    saved(page)
    step(page, "Ajukan", "diajukan")


def test_a_quarter_is_played_through(open_as: Opener, year: TahunKinerja, tmp_path: Path) -> None:
    first, other = year.instansi.unit_kerja.filter(jenis=UnitKerja.Jenis.PUSKESMAS).order_by("urutan")
    farmasi = year.instansi.unit_kerja.get(kunci="bidang-farmasi")
    operator, head = open_as(Role.OPERATOR, first), open_as(Role.KEPALA_UNIT, first)
    verifier, perencana = open_as(Role.PEMEGANG_PROGRAM), open_as(Role.PERENCANA)
    evidence = tmp_path / "rekap.csv"
    evidence.write_text("bulan;kunjungan\nMaret;1234\n", encoding="utf-8")

    fill_as_operator(operator, first, evidence)
    go(head, sheet("kinerja", first))
    step(head, "Ajukan", "diajukan")
    fill_other(open_as(Role.OPERATOR, other), other)

    go(verifier, sheet("kinerja", other))
    step(verifier, "Verifikasi", "terverifikasi")
    go(verifier, sheet("kinerja", first))
    step(verifier, "Kembalikan", "dikembalikan", reason="Kunjungan Maret belum memuat posyandu.")

    correct_and_submit(operator, head, first)
    go(verifier, sheet("kinerja", first))
    assert verifier.locator(f'[data-fixed="{VISITS}"]').inner_text() == "1300"
    step(verifier, "Verifikasi", "terverifikasi")
    joined_value_is_shown(verifier)

    spend(open_as(Role.KEUANGAN), perencana, farmasi)
    kepala = open_as(Role.KEPALA)
    for form, unit in (("kinerja", first), ("kinerja", other), ("anggaran", farmasi)):
        go(kepala, sheet(form, unit))
        step(kepala, "Setujui", "disetujui")
    go(perencana, sheet("kinerja", first))
    step(perencana, "Kunci", "dikunci")
    go(operator, sheet("kinerja", first))
    lock = operator.locator(".alert-info").first.inner_text()
    assert "Isian ini terkunci sejak" in lock
    assert "oleh perencana" in lock
    assert "Yang dapat membukanya kembali dengan alasan: perencana atau kepala dinas." in lock

    correct_after_approval(kepala, operator, head, verifier, first)
    publish(perencana)
    read_as_public(open_as())
    look_through_as_inspectorate(open_as(Role.INSPEKTORAT), year, first)


def correct_and_submit(operator: Any, head: Any, first: UnitKerja) -> None:
    """The reason stands in Tugas; the operator corrects, answers, and the head of the unit hands it in again."""
    go(operator, f"{HOME}isian/tugas/")
    task = operator.locator(".task", has_text="Kunjungan Maret belum memuat posyandu.")
    task.get_by_role("link").first.click()
    operator.locator(f'input[name="{VISITS}"]').fill("1300")
    operator.keyboard.press("Tab")
    saved(operator)
    operator.locator(f'tr[data-row="{VISITS}"]').get_by_title("Komentar").click()
    drawer = operator.locator("#jejak")
    drawer.get_by_label("Komentar", exact=True).fill("Posyandu sudah dihitung.")
    drawer.get_by_role("button", name="Kirim komentar").click()
    drawer.locator(".remark", has_text="Posyandu sudah dihitung.").wait_for()
    go(head, sheet("kinerja", first))
    step(head, "Ajukan", "diajukan")


def joined_value_is_shown(page: Any) -> None:
    """(20 + 30) / (100 + 100) = 25%, of the 23,75% that are a quarter of 95%: 105,26%."""
    go(page, f"{HOME}pengukuran/?tw=1")
    row = page.locator("tr", has_text="Ibu hamil mendapat pelayanan antenatal lengkap")
    assert row.locator(".grid-now .figure-trace > .num").first.inner_text() == "25"
    assert "105,26%" in row.inner_text()


def spend(keuangan: Any, perencana: Any, farmasi: UnitKerja) -> None:
    go(keuangan, sheet("anggaran", farmasi))
    names = cells(keuangan)
    paste(keuangan, names[0], ["1000000"] * len(names))
    saved(keuangan)
    step(keuangan, "Ajukan", "diajukan")
    go(perencana, sheet("anggaran", farmasi))
    step(perencana, "Verifikasi", "terverifikasi")


def correct_after_approval(kepala: Any, operator: Any, head: Any, verifier: Any, first: UnitKerja) -> None:
    """Opened again with a reason, corrected, and approved as a second version beside the first."""
    go(kepala, sheet("kinerja", first))
    step(kepala, "Buka kembali", "dibuka kembali", reason="Ada laporan susulan.")
    go(operator, sheet("kinerja", first))
    assert "Ada laporan susulan." in operator.locator(".sheet-state").inner_text()
    operator.locator(f'input[name="{VISITS}"]').fill("1350")
    operator.keyboard.press("Tab")
    saved(operator)
    for page, label, done in (
        (head, "Ajukan", "diajukan"),
        (verifier, "Verifikasi", "terverifikasi"),
        (kepala, "Setujui", "disetujui"),
    ):
        go(page, sheet("kinerja", first))
        step(page, label, done)
    kepala.get_by_role("link", name="Versi yang disetujui").click()
    kepala.get_by_role("heading", name="Versi 2", exact=True).wait_for()
    change = kepala.locator("section", has=kepala.get_by_role("heading", name="Versi 1", exact=True))
    line = change.locator("tr", has_text="Kunjungan rawat jalan").first
    assert line.locator("td").all_inner_texts() == ["1300", "1350"]


def publish(perencana: Any) -> None:
    go(perencana, f"{HOME}laporan/")
    kind = perencana.locator("#laporan-pengukuran")
    kind.get_by_label("Triwulan").select_option("1")
    kind.get_by_role("button", name="Buat").click()
    perencana.locator("#laporan-pengukuran").get_by_role("link", name="Terbitkan").click()
    perencana.get_by_label("Alasan menerbitkan").fill("Diminta DPRD sebelum bidang selesai.")
    perencana.get_by_role("button", name="Terbitkan untuk umum").click()
    perencana.locator("#laporan-pengukuran").get_by_text("Terbit", exact=True).wait_for()


def read_as_public(page: Any) -> None:
    go(page, "/masuk/")
    page.get_by_role("link", name="Laporan yang diterbitkan").click()
    page.get_by_role("link", name="2024").first.click()
    row = page.locator("tr", has_text="Ibu hamil mendapat pelayanan antenatal lengkap")
    assert "105,26%" in row.inner_text()
    assert page.goto(HOME).url.endswith(f"/masuk/?next={HOME}")


def look_through_as_inspectorate(page: Any, year: TahunKinerja, first: UnitKerja) -> None:
    """Every step with who and why, in a chain that is whole, and the same in Excel."""
    go(page, f"{HOME}reviu/pertanyaan/")
    assert page.get_by_role("heading", name="Pertanyaan untuk verifikator").is_visible()
    go(page, f"{HOME}isian/audit/?objek=kinerja+{first.kunci}+2024/1")
    told = page.locator(".audit-table").inner_text()
    for words in (
        "Ajukan isian",
        "Kembalikan isian",
        "Verifikasi isian",
        "Setujui isian",
        "Kunci isian",
        "Buka kembali isian",
    ):
        assert words in told, words
    assert "Kunjungan Maret belum memuat posyandu." in told
    assert "Ada laporan susulan." in told
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh .xlsx").click()
    content = BytesIO(Path(download.value.path()).read_bytes())
    rows = list(load_workbook(content, read_only=True).active.iter_rows(values_only=True))
    page.wait_for_load_state("networkidle")
    steps = AuditEntry.objects.filter(instansi=year.instansi, subject=f"kinerja {first.kunci} 2024/1")
    assert sum(1 for row in rows if row[4] == f"kinerja {first.kunci} 2024/1") == steps.count() >= 9
    assert verify_chain(year.instansi.kunci).problem == ""
