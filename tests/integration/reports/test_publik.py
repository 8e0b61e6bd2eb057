"""What is open to everybody: exactly what was published, as it was, without a login, and nothing else."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from capaian.measurement.actions import collect_realisasi, compute_capaian_year
from capaian.measurement.models import Realisasi, RealisasiUnit
from capaian.organisations.models import TahunKinerja
from capaian.planning.models import Indikator
from capaian.reports.actions import generate_report, request_report
from capaian.reports.errors import ReportError
from capaian.reports.models import Publication, ReportVersion
from capaian.reports.publication_actions import SheetsOpen, publish_report, withdraw_publication
from capaian.workflow.models import AuditEntry, Comment, Submission

pdfplumber = pytest.importorskip("pdfplumber", reason="pdfplumber is not installed")
pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
Make = Callable[..., ReportVersion]
YEAR = "/publik/contoh/2024/"


@pytest.fixture
def make(plan: SimpleNamespace) -> Make:
    """A ready measurement report (or another kind) of `contoh/2024`, with realisasi of two indicators."""
    for indikator, periode, teks in ((plan.berkas, 1, "5"), (plan.jkn, 1, "97,25")):
        Realisasi.objects.create(indikator=indikator, tahun=2024, periode=periode, teks=teks)
    compute_capaian_year(by=None, tahun_kinerja=plan.tahun_kinerja)

    def make_report(jenis: str = "pengukuran", periode: int = 1) -> ReportVersion:
        quarter = periode if jenis == "pengukuran" else 0
        version = request_report(by=None, tahun_kinerja=plan.tahun_kinerja, jenis=jenis, periode=quarter)
        generate_report(version.pk)
        version.refresh_from_db()
        assert version.state == "ready", version.error
        return version

    return make_report


def crawl(client: Client) -> dict[str, bytes]:
    """Every page, data file and download that can be reached from /publik/ by its links."""
    found: dict[str, bytes] = {}
    waiting = ["/publik/"]
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        response = client.get(address)
        assert response.status_code == 200, address
        found[address] = response.content
        if response["Content-Type"].startswith("text/html"):
            links = re.findall(r'href="([^"#]+)"', response.content.decode())
            waiting += [link for link in links if link.startswith("/publik/")]
    return found


def text_of(content: bytes) -> str:
    """What can be read in a page or file: markup as it is, zip archives part by part, PDF by its text."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    if content.startswith(b"%PDF"):
        with pdfplumber.open(io.BytesIO(content)) as document:
            pages = "\n".join(page.extract_text() or "" for page in document.pages)
            return f"{pages}\n{document.metadata}"
    return content.decode()


# --- what is shown ---------------------------------------------------------------------------------------------------


def test_nothing_published_is_nothing_to_see(client: Client, make: Make) -> None:
    version = make()
    assert "Belum ada yang diterbitkan" in client.get("/publik/").content.decode()
    for place in (
        "/publik/contoh/",
        YEAR,
        f"{YEAR}indikator.json",
        f"{YEAR}indikator.xlsx",
        f"{YEAR}indikator/iku.stunting/",
        f"{YEAR}laporan/{version.pk}/pdf/",
        "/publik/tidak-ada/",
    ):
        response = client.get(place)
        assert response.status_code == 404, place
        # An office that has not published and one that does not exist look alike.
        assert "Tidak ada yang diterbitkan di alamat ini" in response.content.decode()


def test_a_published_year_with_figures_source_method_limits_and_files(client: Client, make: Make) -> None:
    version = make()
    publication = publish_report(by=None, version=version)
    page = client.get(YEAR).content.decode()
    assert "Jumlah dokumen perencanaan" in page
    assert "Sampai triwulan I 2024" in page
    assert len(page.encode()) < 200_000
    one = client.get(
        f"{YEAR}indikator/{Indikator.objects.get(nama='Jumlah dokumen perencanaan').kunci}/"
    ).content.decode()
    # 5 of the 6 that were planned for the first quarter
    assert "83,33%" in one
    for said in ("Yang tidak dikatakan angka ini", "R ÷ T × 100", "Jejak hitung", "Permendagri 86/2017", "Aksi 2024"):
        assert said in one
    for fmt in version.files:
        response = client.get(reverse("reports:publik_unduh", args=["contoh", 2024, publication.pk, fmt]))
        assert response.content.startswith(b"%PDF" if fmt == "pdf" else b"PK")


def test_data_for_machines_say_the_same_as_the_page(client: Client, make: Make) -> None:
    publish_report(by=None, version=make())
    data = json.loads(client.get(f"{YEAR}indikator.json").content)
    figures = {one["nama"]: one for one in data["indikator"]}
    assert (data["instansi"]["kunci"], data["tahun"], data["laporan"]["triwulan"]) == ("contoh", 2024, 1)
    berkas = figures["Jumlah dokumen perencanaan"]
    assert (berkas["target"], berkas["target_tahun"], berkas["realisasi"], berkas["capaian"]) == (
        "6",
        "14",
        "5",
        "83.33",
    )
    assert figures["Prevalensi stunting"]["status"] == "belum_ada"
    book = text_of(client.get(f"{YEAR}indikator.xlsx").content)
    assert all(name in book for name in figures)
    assert "<f>" not in book  # nothing is a formula


def test_a_promise_is_published_without_what_became_of_it(client: Client, make: Make) -> None:
    publication = publish_report(by=None, version=make("perjanjian_kinerja"))
    assert publication.figures == []
    assert "Belum ada angka yang diterbitkan" in client.get(YEAR).content.decode()
    assert client.get(f"{YEAR}indikator.json").status_code == 404


def test_trend_of_published_years_only(client: Client, make: Make, plan: SimpleNamespace) -> None:
    publish_report(by=None, version=make())
    first = TahunKinerja.objects.get(tahun=2023)
    figure = {**Publication.objects.get().figures[0], "realisasi": "9,1", "keadaan": "Tahun 2023"}
    annual = ReportVersion.objects.create(tahun_kinerja=first, jenis="lkip", nomor=1, state="ready")
    Publication.objects.create(version=annual, figures=[figure])
    second = ReportVersion.objects.create(tahun_kinerja=plan.tahun_kinerja, jenis="lkip", nomor=1, state="ready")
    Publication.objects.create(version=second, figures=[{**figure, "realisasi": "8,7", "keadaan": "Tahun 2024"}])
    Realisasi.objects.create(indikator=plan.stunting, tahun=2022, periode=0, teks="55,5")
    page = client.get(f"{YEAR}indikator/{figure['kunci']}/").content.decode()
    assert "Tahun-tahun yang diterbitkan" in page
    assert all(said in page for said in ("2023", "9,1", "8,7"))
    assert "55,5" not in page


# --- nothing else leaks ----------------------------------------------------------------------------------------------

SECRETS = (
    "7654321",
    "98765",
    "RAHASIA",
    "rahasia",
)


def test_nothing_that_was_not_published_can_be_found(
    client: Client, make: Make, plan: SimpleNamespace, cast: SimpleNamespace
) -> None:
    cast.perencana.username, cast.perencana.first_name = "rahasia.perencana", "RAHASIA"
    cast.perencana.email = "rahasia@example.org"
    cast.perencana.save()
    year, unit_rows = plan.tahun_kinerja, plan.tahun_kinerja.instansi.unit_kerja
    units = [
        unit_rows.create(kunci=f"pkm-{n}", nama=f"Puskesmas RAHASIA {n}", jenis="puskesmas", urutan=n) for n in (1, 2)
    ]
    Indikator.objects.filter(pk=plan.jkn.pk).update(pelapor="puskesmas", gabungan="jumlah")
    for unit, teks in zip(units, ("7654321", "1000000"), strict=True):
        RealisasiUnit.objects.create(indikator=plan.jkn, unit=unit, tahun=2024, periode=1, teks=teks)
        Submission.objects.create(
            tahun_kinerja=year, form="kinerja", unit=unit, periode=1, state="disetujui", by=cast.perencana
        )
    collect_realisasi(by=None, tahun_kinerja=year, periode=1)
    Comment.objects.create(
        tahun_kinerja=year, subject="iku.stunting 2024/1", text="RAHASIA", by=cast.perencana, request_key=uuid4()
    )
    publish_report(by=cast.perencana, version=make(), reason="Diminta DPRD")
    # What comes afterwards: another value, another indicator, a draft, another year, another office.
    Realisasi.objects.filter(indikator=plan.berkas).update(teks="98765")
    compute_capaian_year(by=None, tahun_kinerja=year)
    plan.dokumen.target.create(
        indikator=Indikator.objects.create(
            instansi=year.instansi,
            kunci="iku.rahasia",
            nama="RAHASIA",
            arah="naik",
            is_iku=True,
            sasaran=plan.ibu.sasaran,
        ),
        tahun=2024,
        teks="98765",
    )
    make()
    TahunKinerja.objects.create(instansi=year.instansi, tahun=2025, narasi={"rahasia": "RAHASIA"})
    cast.outsider.memberships.get().instansi.tahun_kinerja.update(narasi={"rahasia": "RAHASIA"})

    pages = crawl(client)
    kinds = {address.rsplit("/", 2)[-2] for address in pages if "/laporan/" in address}
    assert kinds == {"docx", "pdf", "xlsx"}
    assert any("8654321" in text_of(content) for content in pages.values())  # the office's sum is there
    found = {(address, word) for address, content in pages.items() for word in SECRETS if word in text_of(content)}
    assert not found
    for place in (
        f"{YEAR}indikator/iku.rahasia/",
        "/publik/contoh/2025/",
        "/publik/tetangga/",
        "/publik/tetangga/2024/",
    ):
        assert client.get(place).status_code == 404, place


def test_ids_of_what_is_not_open_lead_nowhere(client: Client, make: Make, plan: SimpleNamespace) -> None:
    version = make()
    publication = publish_report(by=None, version=version)
    later = make()
    assert client.get(f"{YEAR}laporan/{publication.pk}/pdf/").status_code == 200
    for place in (
        f"{YEAR}laporan/{publication.pk + 1}/pdf/",
        f"{YEAR}laporan/{publication.pk}/exe/",
        f"/publik/contoh/2023/laporan/{publication.pk}/pdf/",
        f"/publik/tetangga/2024/laporan/{publication.pk}/pdf/",
        f"/contoh/2024/laporan/{later.pk}/unduh/pdf/",
    ):
        assert client.get(place).status_code in (302, 404), place
    assert "/masuk/" in client.get(f"/contoh/2024/laporan/{later.pk}/unduh/pdf/").url


def test_a_person_who_is_logged_in_sees_the_page_of_everybody(client: Client, login: Login, make: Make) -> None:
    publish_report(by=None, version=make())
    before = client.get(YEAR).content
    assert login("perencana").get(YEAR).content == before
    assert b"perencana" not in before.replace(b"perencanaan", b"")


# --- publishing and withdrawing --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["operator", "pemegang_program", "keuangan", "inspektorat", "admin", "publik", "outsider"]
)
def test_only_who_may_publishes(login: Login, cast: SimpleNamespace, make: Make, name: str) -> None:
    version = make()
    client, place = login(name), reverse("reports:publikasi", args=["contoh", 2024, version.pk])
    assert client.get(place).status_code == 403
    assert client.post(place, {"tindakan": "terbitkan"}).status_code == 403
    with pytest.raises(PermissionDenied):
        publish_report(by=getattr(cast, name), version=version)
    assert not Publication.objects.exists()


def test_publishing_on_the_page_of_a_version(login: Login, make: Make) -> None:
    version = make()
    client, place = login("kepala"), reverse("reports:publikasi", args=["contoh", 2024, version.pk])
    assert place in client.get("/contoh/2024/laporan/").content.decode()
    assert "Terbitkan untuk umum" in client.get(place).content.decode()
    assert client.post(place, {"tindakan": "terbitkan"}, follow=True).status_code == 200
    assert client.post(place, {"tindakan": "terbitkan"}, follow=True).status_code == 200  # twice is once
    entry = AuditEntry.objects.get(action="reports.publish_report")
    assert (entry.by.username, entry.subject) == ("kepala", "contoh 2024 pengukuran tw1 v1")
    assert "Terbit" in client.get("/contoh/2024/laporan/").content.decode()
    assert client.post(place, {"tindakan": "tarik", "alasan": " "}).status_code == 422
    assert client.get(YEAR).status_code == 200
    client.post(place, {"tindakan": "tarik", "alasan": "Nilai JKN salah ketik"})
    page = client.get(YEAR).content.decode()
    assert "Nilai JKN salah ketik" in page
    assert "Jumlah dokumen perencanaan" not in page
    assert AuditEntry.objects.get(action="reports.withdraw_publication").reason == "Nilai JKN salah ketik"


def test_what_is_withdrawn_is_gone_and_stays_withdrawn(client: Client, make: Make) -> None:
    version = make()
    publication = publish_report(by=None, version=version)
    pages = [address for address in crawl(client) if address not in ("/publik/", "/publik/contoh/", YEAR)]
    assert len(pages) > 5
    with pytest.raises(ReportError, match="alasan penarikan"):
        withdraw_publication(by=None, publication=publication, reason="")
    withdraw_publication(by=None, publication=publication, reason="Salah")
    assert {address for address in pages if client.get(address).status_code != 404} == set()
    again = withdraw_publication(by=None, publication=publication, reason="Lain")
    assert again.reason == "Salah"
    with pytest.raises(ReportError, match="sudah ditarik"):
        publish_report(by=None, version=version)


def test_sheets_that_are_not_approved_ask_for_a_reason_which_is_published(
    client: Client, login: Login, make: Make, plan: SimpleNamespace
) -> None:
    Submission.objects.create(tahun_kinerja=plan.tahun_kinerja, form="kinerja", periode=1, state="diajukan")
    version = make()
    with pytest.raises(SheetsOpen, match="1 dari 1 isian"):
        publish_report(by=None, version=version)
    assert (
        login("perencana")
        .post(reverse("reports:publikasi", args=["contoh", 2024, version.pk]), {"tindakan": "terbitkan"})
        .status_code
        == 422
    )
    publish_report(by=None, version=version, reason="Diminta DPRD")
    remark = "1 dari 1 isian periode ini belum disetujui ketika diterbitkan. Alasan: Diminta DPRD."
    assert remark in Publication.objects.get().figures[0]["batas"]
    assert remark in client.get(f"{YEAR}indikator/iku.stunting/").content.decode()


def test_approved_sheets_need_no_reason_and_a_plan_waits_for_none(make: Make, plan: SimpleNamespace) -> None:
    sheet = Submission.objects.create(tahun_kinerja=plan.tahun_kinerja, form="kinerja", periode=1, state="draf")
    publish_report(by=None, version=make("perjanjian_kinerja"))
    sheet.state = "terkunci"
    sheet.save()
    assert publish_report(by=None, version=make()).figures


def test_a_version_that_the_data_have_left_behind_is_not_published(make: Make, plan: SimpleNamespace) -> None:
    version = make()
    Realisasi.objects.filter(indikator=plan.berkas).update(teks="6")
    compute_capaian_year(by=None, tahun_kinerja=plan.tahun_kinerja)
    with pytest.raises(ReportError, match="Data berubah sejak versi ini dibuat"):
        publish_report(by=None, version=version)
    assert not Publication.objects.exists()


def test_only_a_ready_version_is_published(plan: SimpleNamespace) -> None:
    version = request_report(by=None, tahun_kinerja=plan.tahun_kinerja, jenis="pengukuran")
    with pytest.raises(ReportError, match="yang siap"):
        publish_report(by=None, version=version)


def test_a_newer_edition_takes_the_place_of_the_older_which_stays_listed(
    client: Client, make: Make, plan: SimpleNamespace
) -> None:
    first = publish_report(by=None, version=make())
    Publication.objects.update(published_at=timezone.now() - timedelta(days=3))
    Realisasi.objects.filter(indikator=plan.berkas).update(teks="6")
    compute_capaian_year(by=None, tahun_kinerja=plan.tahun_kinerja)
    second = publish_report(by=None, version=make())
    page = client.get(YEAR).content.decode()
    assert (
        page.index(f"/laporan/{second.pk}/pdf/")
        < page.index("Versi sebelumnya")
        < page.index(f"/laporan/{first.pk}/pdf/")
    )
    data = json.loads(client.get(f"{YEAR}indikator.json").content)
    assert {one["nama"]: one["realisasi"] for one in data["indikator"]}["Jumlah dokumen perencanaan"] == "6"
    withdraw_publication(by=None, publication=second, reason="Salah")
    data = json.loads(client.get(f"{YEAR}indikator.json").content)
    assert {one["nama"]: one["realisasi"] for one in data["indikator"]}["Jumlah dokumen perencanaan"] == "5"


# --- for caches ------------------------------------------------------------------------------------------------------


def test_pages_are_kept_by_caches_until_something_is_published(client: Client, make: Make) -> None:
    publication = publish_report(by=None, version=make())
    response = client.get(YEAR)
    assert response["Cache-Control"] == "public, max-age=60"
    assert response["Last-Modified"]
    assert client.get(YEAR, headers={"if-none-match": response["ETag"]}).status_code == 304
    assert client.head(YEAR).status_code == 200
    assert client.get("/publik/", headers={"if-none-match": response["ETag"]}).status_code == 200
    withdraw_publication(by=None, publication=publication, reason="Salah")
    assert client.get(YEAR, headers={"if-none-match": response["ETag"]}).status_code == 200


def test_public_pages_only_read(client: Client, make: Make) -> None:
    publish_report(by=None, version=make())
    for place in ("/publik/", "/publik/contoh/", YEAR, f"{YEAR}indikator.json", f"{YEAR}indikator.xlsx"):
        assert [client.post(place).status_code, client.put(place).status_code, client.delete(place).status_code] == [
            405
        ] * 3


def test_queries(client: Client, make: Make, django_assert_max_num_queries: Callable[..., object]) -> None:
    publish_report(by=None, version=make())
    for place in ("/publik/", "/publik/contoh/", YEAR):
        with django_assert_max_num_queries(4):
            client.get(place)


# --- the way there ---------------------------------------------------------------------------------------------------


def test_an_account_of_the_public_lands_on_what_is_public(login: Login, make: Make) -> None:
    client = login("publik")
    assert client.get("/").url == "/publik/"
    publish_report(by=None, version=make())
    assert client.get("/").url == "/publik/contoh/"
    assert login("operator").get("/").url != "/publik/contoh/"


def test_the_login_page_leads_to_what_is_public(client: Client) -> None:
    assert 'href="/publik/"' in client.get("/masuk/").content.decode()
