"""The audit trail as a page: narrowed, in words, closed to other units, exported whole and harmless."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from capaian.documents.xlsx_rows import write_rows
from capaian.organisations.models import Membership, UnitKerja
from capaian.workflow.audit import record_audit, record_refusal
from capaian.workflow.models import AuditEntry
from capaian.workflow.queries_audit import action_words, changes_in_words

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
URL = "/contoh/2024/isian/audit/"
RIWAYAT = "/contoh/2024/isian/riwayat/"


@pytest.fixture
def trail(plan: SimpleNamespace, cast: SimpleNamespace) -> SimpleNamespace:
    """A value entered and corrected at Mawar, one at Melati, one of the office, one refused, one of another office."""
    instansi = plan.tahun_kinerja.instansi
    units = {
        name: UnitKerja.objects.create(instansi=instansi, kunci=name, nama=name, jenis="puskesmas")
        for name in ("mawar", "melati")
    }
    Membership.objects.filter(user=cast.kepala_unit).update(unit=units["mawar"])
    fill = {"by": cast.operator, "action": "measurement.record_realisasi_unit", "instansi": instansi}
    subject = "mawar iku.stunting 2024/1"
    record_audit(**fill, subject=subject, unit=units["mawar"], after={"teks": "5"})
    record_audit(**fill, subject=subject, unit=units["mawar"], before={"teks": "5"}, after={"teks": "=1+1"})
    record_audit(**fill, subject="melati iku.stunting 2024/1", unit=units["melati"], after={"teks": "9"})
    record_audit(by=cast.perencana, action="workflow.set_deadline", subject="kinerja - 2024/1", instansi=instansi)
    record_refusal(
        by=cast.keuangan, action="workflow.kunci", subject="kinerja - 2024/1", reason="Belum.", instansi=instansi
    )
    neighbour = Membership.objects.get(user=cast.outsider).instansi
    record_audit(by=cast.outsider, action="workflow.kunci", subject="rahasia tetangga", instansi=neighbour)
    return SimpleNamespace(subject=subject, **units)


def subjects(client: Client, **query: str) -> list[str]:
    return [one["entry"].subject for one in client.get(URL, query).context["entries"]]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 5),
        ({"orang": "operator"}, 3),
        ({"tindakan": "workflow.set_deadline"}, 1),
        ({"unit": "mawar"}, 2),
        ({"objek": "STUNTING"}, 3),
        ({"hasil": "refused"}, 1),
        ({"orang": "operator", "unit": "melati"}, 1),
        ({"dari": "2999-01-01"}, 0),
        ({"sampai": "2001-01-01"}, 0),
        ({"dari": "2001-01-01", "sampai": "9999-12-31"}, 5),
        ({"hasil": "lain"}, 5),
    ],
)
def test_the_list_is_narrowed(login: Login, trail: SimpleNamespace, query: dict[str, str], count: int) -> None:
    assert len(subjects(login("inspektorat"), **query)) == count


def test_what_changed_is_said_in_words(login: Login, trail: SimpleNamespace) -> None:
    page = login("inspektorat").get(URL).content.decode()
    assert "<del>5</del>" in page
    assert "<ins>=1+1</ins>" in page
    assert "Mengisi realisasi unit" in page
    assert "rahasia tetangga" not in page
    entry = AuditEntry(before={"mulai": None, "status": "draf"}, after={"mulai": "2024-04-01", "status": "draf"})
    assert list(changes_in_words(entry)) == [("mulai", "", "1 April 2024")]


def test_a_date_that_is_none_is_said_and_not_fatal(login: Login, trail: SimpleNamespace) -> None:
    response = login("inspektorat").get(URL, {"dari": "kemarin"})
    assert response.status_code == 200
    assert "bukan tanggal" in response.content.decode()


def test_a_unit_sees_its_own_trail_only(login: Login, trail: SimpleNamespace) -> None:
    client = login("kepala_unit")
    assert set(subjects(client)) == {trail.subject}
    assert not subjects(client, unit="melati")
    rows = sheet(client)[1:]
    assert {row[4] for row in rows} == {trail.subject}


@pytest.mark.parametrize("name", ["operator", "keuangan", "publik", "outsider", "newcomer"])
def test_without_the_right_it_is_closed(login: Login, trail: SimpleNamespace, name: str) -> None:
    assert login(name).get(URL).status_code == 403
    assert login(name).get(f"{URL}unduh/").status_code == 403


def sheet(client: Client, **query: str) -> list[list[str]]:
    response = client.get(f"{URL}unduh/", query)
    content = b"".join(response.streaming_content)
    assert not [name for name in zipfile.ZipFile(io.BytesIO(content)).namelist() if "externalLink" in name]
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def test_the_export_has_all_rows_that_fit_and_no_formula(login: Login, trail: SimpleNamespace) -> None:
    client = login("inspektorat")
    rows = sheet(client, orang="operator")
    assert rows[0][:5] == ["Nomor", "Waktu", "Orang", "Tindakan", "Objek"]
    assert [row[8] for row in rows[1:]] == ["nilai: 9", "nilai: =1+1", "nilai: 5"]
    last = AuditEntry.objects.filter(subject="melati iku.stunting 2024/1").get()
    assert rows[1][12] == last.hash
    response = client.get(f"{URL}unduh/")
    book = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_rows_beyond_a_sheet_go_on_in_the_next() -> None:
    handle = io.BytesIO()
    rows = [[f"={n}", "y\x00\ud800z" if n else "x" * 40_000] for n in range(5)]
    assert write_rows(handle, name="Daftar", columns=(("A", 9), ("B", 9)), rows=rows, most_rows=3) == 5
    book = CalamineWorkbook.from_filelike(io.BytesIO(handle.getvalue()))
    assert book.sheet_names == ["Daftar", "Daftar (2)", "Daftar (3)"]
    first = book.get_sheet_by_name("Daftar").to_python()
    assert first[1][0] == "=0"
    assert first[1][1].endswith("(dipotong)")
    assert len(first[1][1]) == 32_767
    assert book.get_sheet_by_name("Daftar (3)").to_python() == [["A", "B"], ["=4", "yz"]]


def test_the_list_stays_within_its_queries(
    login: Login,
    trail: SimpleNamespace,
    plan: SimpleNamespace,
    django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]],
) -> None:
    for number in range(120):
        record_audit(by=None, action="uji.catat", subject=str(number), instansi=plan.tahun_kinerja.instansi)
    client = login("inspektorat")
    client.get(URL)
    with django_assert_max_num_queries(12):
        response = client.get(URL, {"page": "2"})
    assert len(response.context["entries"]) == 50


def test_the_history_of_a_figure(login: Login, trail: SimpleNamespace) -> None:
    place = {"objek": trail.subject, "unit": "mawar"}
    page = login("kepala_unit").get(RIWAYAT, place, HTTP_HX_REQUEST="true").content.decode()
    assert page.index("<ins>=1+1</ins>") < page.index("<ins>5</ins>")
    assert "<html" not in page
    assert "<html" in login("perencana").get(RIWAYAT, place).content.decode()
    other = {"objek": "melati iku.stunting 2024/1", "unit": "melati"}
    assert login("kepala_unit").get(RIWAYAT, other).status_code == 403
    assert "<ins>9</ins>" not in login("kepala_unit").get(RIWAYAT, other | {"unit": "mawar"}).content.decode()
    empty = {"objek": "iku.lain 2024/1", "unit": "instansi"}
    assert "Belum ada perubahan" in login("perencana").get(RIWAYAT, empty).content.decode()
    assert login("outsider").get(RIWAYAT, place).status_code == 403


def test_the_rows_of_a_sheet_lead_to_history_and_remarks(login: Login, plan: SimpleNamespace) -> None:
    page = login("perencana").get("/contoh/2024/isian/kinerja/instansi/1/").content.decode()
    figure = "objek=iku.ibu%202024%2F1&amp;unit=instansi"
    assert f'hx-get="{RIWAYAT}?{figure}" hx-target="#jejak-isi"' in page
    assert f'hx-get="/contoh/2024/isian/komentar/?{figure}" hx-target="#jejak-isi"' in page
    assert f'hx-get="{RIWAYAT}?objek=kinerja%20-%202024%2F1&amp;unit=instansi"' in page
    assert "Belum ada perubahan" in login("perencana").get(f"{RIWAYAT}?{figure.replace('amp;', '')}").content.decode()


def test_every_action_that_is_written_has_words() -> None:
    """Names that the actions spell out, whole (`"workflow.set_deadline"`) or in short (`_record(…, "deny")`)."""
    sources = {one: one.read_text(encoding="utf-8") for one in Path("capaian").glob("*/**/*actions*.py")}
    parts = "budget|exchange|measurement|organisations|planning|reports|review|workflow"
    named = {name for text in sources.values() for name in re.findall(rf'"((?:{parts})\.[a-z_]+)"', text)}
    calls = re.findall(r"_record\(.*", sources[Path("capaian/organisations/actions_people.py")])
    named |= {f"organisations.{name}" for call in calls for name in re.findall(r'"(\w+)"', call)}
    assert {"budget.record_realisasi", "organisations.end_denial", "organisations.deactivate_account"} <= named
    assert [name for name in sorted(named) if action_words(name) == name] == []
