"""Laporan: who may make and see what, versions that never change, jobs that fail in words, files to take home."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from capaian.organisations.models import TahunKinerja
from capaian.reports import actions, build
from capaian.reports.actions import generate_report, request_once, request_report, unchanged_version
from capaian.reports.errors import ReportError
from capaian.reports.models import ReportVersion
from capaian.workflow.jobs import STALE_AFTER, UNCLAIMED_AFTER

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
Make = Callable[..., ReportVersion]
PK, AKSI, UKUR = "perjanjian_kinerja", "rencana_aksi", "pengukuran"


@pytest.fixture
def url(tahun_kinerja: TahunKinerja) -> str:
    return reverse("reports:laporan", args=["contoh", 2024])


@pytest.fixture
def make(plan: SimpleNamespace) -> Make:
    def make_report(jenis: str = PK, periode: int = 0) -> ReportVersion:
        version = request_report(by=None, tahun_kinerja=plan.tahun_kinerja, jenis=jenis, periode=periode)
        generate_report(version.pk)
        version.refresh_from_db()
        assert version.state == "ready", version.error
        return version

    return make_report


# --- the page --------------------------------------------------------------------------------------------------------


def test_anonymous_is_sent_to_login(client: Client, url: str) -> None:
    assert client.get(url).url.startswith(reverse("web:login"))


def test_outsider_is_refused(login: Login, url: str, make: Make) -> None:
    version = make()
    client = login("outsider")
    for place in (url, f"{url}{version.pk}/", f"{url}{version.pk}/unduh/pdf/", f"{url}{version.pk}/kemajuan/"):
        assert client.get(place).status_code == 403
    assert client.post(f"{url}buat/", {"jenis": PK}).status_code == 403


def test_only_those_who_may_get_the_button(login: Login, url: str) -> None:
    assert "Buat" in login("kepala").get(url).content.decode()
    for person in ("pemegang_program", "inspektorat"):
        client = login(person)
        assert f"{url}buat/" not in client.get(url).content.decode()
        assert client.post(f"{url}buat/", {"jenis": PK}).status_code == 403


def test_a_report_is_made_from_the_page(login: Login, url: str, plan: SimpleNamespace) -> None:
    client = login("perencana")
    html = client.post(f"{url}buat/", {"jenis": PK}, headers={"HX-Request": "true"}).content.decode()
    version = ReportVersion.objects.get()
    assert (version.state, version.nomor, version.created_by.get_username()) == ("ready", 1, "perencana")
    assert f"{url}{version.pk}/unduh/docx/" in html
    assert "perencana (Perencana)" in html


def test_unchanged_data_offer_the_version_that_is_there(login: Login, url: str, make: Make) -> None:
    first = make()
    client = login("perencana")
    html = client.post(f"{url}buat/", {"jenis": PK}, headers={"HX-Request": "true"}).content.decode()
    assert "Data tidak berubah sejak versi 1" in html
    assert ReportVersion.objects.count() == 1
    client.post(f"{url}buat/", {"jenis": PK, "paksa": "1"}, headers={"HX-Request": "true"})
    second = ReportVersion.objects.exclude(pk=first.pk).get()
    assert (second.nomor, second.fingerprint) == (2, first.fingerprint)


def test_progress_ends_in_the_whole_part(login: Login, url: str, plan: SimpleNamespace) -> None:
    version = request_report(by=None, tahun_kinerja=plan.tahun_kinerja, jenis=PK)
    client = login("perencana")
    page = client.get(f"{url}{version.pk}/kemajuan/", headers={"HX-Request": "true"})
    assert "Menunggu giliran" in page.content.decode()
    assert "HX-Retarget" not in page.headers
    generate_report(version.pk)
    page = client.get(f"{url}{version.pk}/kemajuan/", headers={"HX-Request": "true"})
    assert page.headers["HX-Retarget"] == f"#laporan-{PK}"
    assert "Siap" in page.content.decode()


def test_without_worker_the_page_says_what_to_do(
    login: Login, url: str, plan: SimpleNamespace, settings: object
) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}  # type: ignore[attr-defined]
    version = request_report(by=None, tahun_kinerja=plan.tahun_kinerja, jenis=PK)
    ReportVersion.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    html = login("perencana").get(f"{url}{version.pk}/kemajuan/").content.decode()
    assert "capaian serve" in html


def test_preview_shows_document_and_traces(login: Login, url: str, make: Make) -> None:
    version = make(UKUR, 1)
    html = login("kepala").get(f"{url}{version.pk}/").content.decode()
    assert "LAPORAN PENGUKURAN KINERJA TRIWULAN I" in html
    assert 'class="doc-side"' in html
    assert html.count("<script") == html.count("<script src=")


@pytest.mark.parametrize(
    ("jenis", "fmt", "name", "kind"),
    [
        (PK, "docx", "Perjanjian-Kinerja-contoh-2024-v1.docx", "wordprocessingml.document"),
        (PK, "pdf", "Perjanjian-Kinerja-contoh-2024-v1.pdf", "application/pdf"),
        (AKSI, "xlsx", "Rencana-Aksi-contoh-2024-v1.xlsx", "spreadsheetml.sheet"),
        (UKUR, "xlsx", "Pengukuran-TW4-contoh-2024-v1.xlsx", "spreadsheetml.sheet"),
    ],
)
def test_downloads_are_named_and_typed(
    login: Login, url: str, make: Make, jenis: str, fmt: str, name: str, kind: str
) -> None:
    version = make(jenis)
    response = login("kepala").get(f"{url}{version.pk}/unduh/{fmt}/")
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert kind in response.headers["Content-Type"]
    if fmt == "pdf":
        assert response.content.startswith(b"%PDF")
    else:
        assert zipfile.is_zipfile(io.BytesIO(response.content))


def test_unknown_format_is_not_found(login: Login, url: str, make: Make) -> None:
    assert login("perencana").get(f"{url}{make().pk}/unduh/exe/").status_code == 404


def test_a_lost_file_is_written_again(login: Login, url: str, make: Make, settings: object) -> None:
    version = make()
    path = Path(settings.MEDIA_ROOT) / version.files["pdf"]  # type: ignore[attr-defined]
    before = path.read_bytes()
    path.unlink()
    assert login("perencana").get(f"{url}{version.pk}/unduh/pdf/").content == before


# --- versions and jobs -----------------------------------------------------------------------------------------------


def test_versions_count_by_kind_and_quarter(make: Make) -> None:
    assert [make(PK).nomor, make(PK).nomor, make(AKSI).nomor] == [1, 2, 1]
    assert [(v.periode, v.nomor) for v in (make(UKUR, 1), make(UKUR, 2), make(UKUR, 1), make(UKUR))] == [
        *((1, 1), (2, 1), (1, 2), (4, 1))
    ]


def test_an_earlier_version_stays_as_it_was(make: Make, plan: SimpleNamespace) -> None:
    first = make()
    blocks, print_ = first.blocks, first.fingerprint
    file = actions.read_file(first, "docx")
    plan.stunting.target.filter(dokumen__jenis="pk").update(teks="7,7")
    assert unchanged_version(plan.tahun_kinerja, PK) is None
    second = make()
    first.refresh_from_db()
    assert (first.blocks, first.fingerprint) == (blocks, print_)
    assert actions.read_file(first, "docx") == file
    assert second.fingerprint != print_
    assert "7,7" in str(second.blocks)
    assert "7,7" not in str(first.blocks)


def test_making_twice_changes_nothing(make: Make) -> None:
    version = make()
    generate_report(version.pk)
    version.refresh_from_db()
    assert version.state == "ready"


def test_a_refusal_is_told_and_kept(plan: SimpleNamespace, tahun_kinerja: TahunKinerja) -> None:
    other = TahunKinerja.objects.get(instansi=tahun_kinerja.instansi, tahun=2023)
    version = request_report(by=None, tahun_kinerja=other, jenis=AKSI)
    generate_report(version.pk)
    version.refresh_from_db()
    assert version.state == "failed"
    assert "belum mempunyai target triwulan" in version.error
    assert request_report(by=None, tahun_kinerja=other, jenis=AKSI).nomor == 2


def test_a_broken_build_leaves_a_message_and_no_file(
    plan: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(document: object, fmt: str) -> bytes:
        raise RuntimeError("rahasia")

    monkeypatch.setattr(actions, "render", broken)
    version = request_report(by=None, tahun_kinerja=plan.tahun_kinerja, jenis=PK)
    generate_report(version.pk)
    version.refresh_from_db()
    assert (version.state, version.files) == ("failed", {})
    assert "kesalahan program (RuntimeError) saat menulis berkas Word" in version.error
    assert "rahasia" not in version.error
    assert "failed" in caplog.text


def test_a_killed_job_is_found_and_made_in_the_end(login: Login, url: str, plan: SimpleNamespace) -> None:
    now = timezone.now()
    dead = request_report(by=None, tahun_kinerja=plan.tahun_kinerja, jenis=PK)
    alive = request_report(by=None, tahun_kinerja=plan.tahun_kinerja, jenis=AKSI)
    ReportVersion.objects.filter(pk=dead.pk).update(state="running", attempts=1, heartbeat_at=now - STALE_AFTER * 2)
    ReportVersion.objects.filter(pk=alive.pk).update(state="running", attempts=1, heartbeat_at=now)
    login("perencana").get(url)
    dead.refresh_from_db()
    alive.refresh_from_db()
    assert (dead.state, dead.nomor, dead.attempts) == ("ready", 1, 2)
    assert alive.state == "running"


def test_request_is_refused_without_the_right(plan: SimpleNamespace, cast: SimpleNamespace) -> None:
    with pytest.raises(PermissionDenied):
        request_report(by=cast.publik, tahun_kinerja=plan.tahun_kinerja, jenis=PK)


@pytest.mark.parametrize(("jenis", "periode"), [("apa", 0), (PK, 1), (UKUR, 5)])
def test_request_knows_its_kinds_and_quarters(plan: SimpleNamespace, jenis: str, periode: int) -> None:
    with pytest.raises(ReportError):
        request_report(by=None, tahun_kinerja=plan.tahun_kinerja, jenis=jenis, periode=periode)


def test_unknown_format_is_refused(plan: SimpleNamespace) -> None:
    with pytest.raises(ReportError, match="tidak dikenal"):
        build.render(build.build_document(plan.tahun_kinerja, PK), "exe")


@pytest.mark.django_db(transaction=True)  # the worker closes its connections
def test_the_job_runs_in_the_worker(plan: SimpleNamespace, settings: object, login: Login, url: str) -> None:
    from django.core.management import call_command
    from django_tasks_db.models import DBTaskResult

    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}  # type: ignore[attr-defined]
    login("perencana").post(f"{url}buat/", {"jenis": PK}, headers={"HX-Request": "true"})
    version = ReportVersion.objects.get()
    assert version.state == "queued"
    call_command("run_jobs", "--once")
    version.refresh_from_db()
    assert version.state == "ready"
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


def test_the_same_report_is_asked_for_once_while_it_is_being_made(plan: SimpleNamespace) -> None:
    first = request_once(by=None, tahun_kinerja=plan.tahun_kinerja, jenis=PK)
    assert first is not None
    assert request_once(by=None, tahun_kinerja=plan.tahun_kinerja, jenis=PK) is None
    assert request_once(by=None, tahun_kinerja=plan.tahun_kinerja, jenis=AKSI) is not None
    generate_report(first.pk)
    generate_report(first.pk)
    again = request_once(by=None, tahun_kinerja=plan.tahun_kinerja, jenis=PK)
    assert again is not None
    assert again.nomor == 2


def test_a_job_whose_worker_was_never_woken_is_made_at_the_next_visit(
    login: Login, url: str, plan: SimpleNamespace
) -> None:
    version = request_report(by=None, tahun_kinerja=plan.tahun_kinerja, jenis=PK)
    client = login("perencana")
    client.get(url)
    version.refresh_from_db()
    assert version.state == "queued"
    ReportVersion.objects.update(created_at=timezone.now() - UNCLAIMED_AFTER * 2)
    client.get(url)
    version.refresh_from_db()
    assert version.state == "ready"
