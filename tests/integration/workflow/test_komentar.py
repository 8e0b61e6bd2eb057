"""Remarks on a figure: kept once however often they are sent, closed to other units, resolved, never lost."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.test import Client

from capaian.organisations.models import Membership, UnitKerja
from capaian.workflow.actions import add_comment
from capaian.workflow.models import Comment

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
URL = "/contoh/2024/isian/komentar/"
SUBJECT = "mawar iku.stunting 2024/1"
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def units(plan: SimpleNamespace, cast: SimpleNamespace) -> SimpleNamespace:
    """Two Puskesmas; the operator is of the first, the kepala_unit of the second."""
    found = SimpleNamespace(year=plan.tahun_kinerja)
    for name, role in (("mawar", "operator"), ("melati", "kepala_unit")):
        unit = UnitKerja.objects.create(
            instansi=plan.tahun_kinerja.instansi, kunci=name, nama=f"Puskesmas {name.title()}", jenis="puskesmas"
        )
        Membership.objects.filter(user=getattr(cast, role)).update(unit=unit)
        setattr(found, name, unit)
    return found


def body(**changes: str) -> dict[str, str]:
    return {
        "objek": SUBJECT, "unit": "mawar", "teks": "Mengapa naik?", "kunci_permintaan": str(uuid4()), **changes,
    }  # fmt: skip


def test_sent_twice_it_is_there_once(login: Login, units: SimpleNamespace, cast: SimpleNamespace) -> None:
    client, sent = login("perencana"), body()
    assert client.post(URL, sent).status_code == 302
    fragment = client.post(URL, sent, **HTMX)
    comment = Comment.objects.get()
    assert (comment.by, comment.unit, comment.subject) == (cast.perencana, units.mawar, SUBJECT)
    assert fragment.content.decode().count("Mengapa naik?") == 1
    assert "<html" not in fragment.content.decode()


def test_the_page_without_scripts_is_whole(login: Login, units: SimpleNamespace) -> None:
    client = login("perencana")
    client.post(URL, body(teks="Baris satu\nBaris <b>dua</b>"))
    page = client.get(URL, {"objek": SUBJECT, "unit": "mawar"}).content.decode()
    assert "Baris satu<br>Baris &lt;b&gt;dua&lt;/b&gt;" in page
    assert "/contoh/2024/isian/kinerja/mawar/1/" in page


@pytest.mark.parametrize("change", [{"teks": "   "}, {"teks": "x" * 2001}, {"kunci_permintaan": "bukan"}])
def test_a_remark_that_is_none_is_refused_and_kept(
    login: Login, units: SimpleNamespace, change: dict[str, str]
) -> None:
    response = login("perencana").post(URL, body(**change))
    assert response.status_code == 422
    page = response.content.decode()
    assert "Komentar ditulis dengan 1 sampai 2000 huruf" in page or "muat ulang halaman" in page
    if "kunci_permintaan" in change:
        assert ">Mengapa naik?</textarea>" in page
    assert login("perencana").post(URL, body(**change), **HTMX).status_code == 200
    assert not Comment.objects.exists()


def test_a_unit_reads_and_writes_only_its_own(login: Login, units: SimpleNamespace, cast: SimpleNamespace) -> None:
    add_comment(
        by=cast.perencana, tahun_kinerja=units.year, unit=units.mawar, subject=SUBJECT, text="Rahasia Mawar",
        request_key=uuid4(),
    )  # fmt: skip
    place = {"objek": SUBJECT, "unit": "mawar"}
    assert "Rahasia Mawar" in login("operator").get(URL, place).content.decode()
    other = login("kepala_unit")
    assert other.get(URL, place).status_code == 403
    assert other.get(URL, place | {"unit": "instansi"}).status_code == 403
    assert other.post(URL, body()).status_code == 403
    # Asked under its own unit, the same subject is another thread.
    assert "Rahasia Mawar" not in other.get(URL, place | {"unit": "melati"}).content.decode()
    assert other.post(f"{URL}{Comment.objects.get().pk}/selesai/").status_code == 404
    assert login("admin").post(URL, body()).status_code == 403
    for name in ("outsider", "newcomer", "publik"):
        assert login(name).get(URL, place).status_code == 403
        assert login(name).post(f"{URL}{Comment.objects.get().pk}/selesai/").status_code == 403
    assert Comment.objects.count() == 1


def test_resolved_once_by_whom(login: Login, units: SimpleNamespace, cast: SimpleNamespace) -> None:
    login("perencana").post(URL, body())
    comment = Comment.objects.get()
    response = login("operator").post(f"{URL}{comment.pk}/selesai/", **HTMX)
    assert "Selesai, operator" in response.content.decode()
    login("perencana").post(f"{URL}{comment.pk}/selesai/")
    comment.refresh_from_db()
    assert comment.resolved_by == cast.operator


@pytest.mark.parametrize("subject", ["", "iku.stunting", "iku.stunting 2023/1", "x" * 201, "iku 2024/7"])
def test_what_is_no_figure_of_the_year_has_no_remarks(login: Login, units: SimpleNamespace, subject: str) -> None:
    assert login("perencana").get(URL, {"objek": subject, "unit": "mawar"}).status_code == 404
    assert login("perencana").get(URL, {"objek": SUBJECT, "unit": "tidak-ada"}).status_code == 404
