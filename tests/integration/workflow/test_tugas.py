"""What each person finds under Tugas and Pelaporan in a district of sixty Puskesmas, in a bounded number of queries."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from capaian.measurement.models import RealisasiUnit
from capaian.organisations.models import Membership, UnitKerja
from capaian.organisations.permissions import office_of
from capaian.workflow.actions import add_comment
from capaian.workflow.models import Deadline, Submission
from capaian.workflow.queries_tugas import tasks_of

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
Budget = Callable[[int], AbstractContextManager[object]]
PLACE = "/contoh/2024/isian/"
# Session, person, account, office year, roles and denials.
PERSON_AND_OFFICE = 6
# Each form of SPM asks which units owe it.
SPM_UNITS = 3


@pytest.fixture
def district(plan: SimpleNamespace, cast: SimpleNamespace) -> SimpleNamespace:
    """Sixty Puskesmas that report `stunting`; the first four have got on with Triwulan I, which closed 3 days ago."""
    instansi = plan.tahun_kinerja.instansi
    units = [
        UnitKerja(instansi=instansi, kunci=f"pkm-{n}", nama=f"Puskesmas {n:02}", jenis="puskesmas", urutan=n)
        for n in range(60)
    ]
    plan.units = UnitKerja.objects.bulk_create(units)
    plan.stunting.pelapor, plan.stunting.gabungan = "puskesmas", "jumlah"
    plan.stunting.save()
    people = get_user_model().objects
    for name, role in (("operator_satu", "operator"), ("kepala_satu", "kepala_unit")):
        user = people.create_user(name)
        Membership.objects.create(user=user, instansi=instansi, role=role, unit=plan.units[0])
        setattr(cast, name, user)
    today = timezone.localdate()
    Deadline.objects.create(
        tahun_kinerja=plan.tahun_kinerja,
        form="kinerja",
        periode=1,
        starts_on=today - timedelta(days=20),
        ends_on=today - timedelta(days=3),
    )
    for unit, state in zip(plan.units, ("dikembalikan", "diajukan", "terverifikasi", "disetujui"), strict=False):
        Submission.objects.create(
            tahun_kinerja=plan.tahun_kinerja,
            form="kinerja",
            unit=unit,
            periode=1,
            state=state,
            by=cast.perencana,
            submitted_by=cast.operator_satu,
            reason="Pembilang melebihi penyebut" if state == "dikembalikan" else "",
        )
    RealisasiUnit.objects.create(indikator=plan.stunting, unit=plan.units[0], tahun=2024, periode=1, teks="3")
    plan.cast, plan.today = cast, today
    return plan


def tasks(district: SimpleNamespace, name: str) -> object:
    user = getattr(district.cast, name)
    return tasks_of(office_of(user, district.tahun_kinerja), user, district.today)


def test_an_operator_finds_what_is_theirs_with_reason_and_days(district: SimpleNamespace, login: Login) -> None:
    mine = tasks(district, "operator_satu")
    assert [(one.sheet.unit_kunci, one.sheet.periode) for one in mine.returned] == [("pkm-0", 1)]
    # The later quarters of 2024 are over and nothing closes them; the year itself comes last.
    assert [(one.sheet.periode, one.days_left) for one in mine.due] == [(2, None), (3, None), (4, None), (0, None)]
    assert not mine.waiting
    page = login("operator_satu").get(f"{PLACE}tugas/").content.decode()
    assert "Pembilang melebihi penyebut" in page
    assert "/contoh/2024/isian/kinerja/pkm-0/1/" in page
    assert "Puskesmas 01" not in page


def test_the_latest_comes_first_and_says_how_late(district: SimpleNamespace, login: Login) -> None:
    year = district.tahun_kinerja
    Submission.objects.filter(unit=district.units[0]).delete()
    for periode, days in ((2, 5), (3, 0)):
        Deadline.objects.create(
            tahun_kinerja=year, form="kinerja", periode=periode, ends_on=district.today + timedelta(days=days)
        )
    mine = tasks(district, "operator_satu")
    assert [(one.sheet.periode, one.days_left) for one in mine.due[:3]] == [(1, -3), (3, 0), (2, 5)]
    page = login("operator_satu").get(f"{PLACE}tugas/").content.decode()
    assert page.index("terlambat 3 hari") < page.index("hari ini terakhir") < page.index("5 hari lagi")


def test_more_time_for_a_unit_is_its_own_deadline(district: SimpleNamespace) -> None:
    Submission.objects.filter(unit=district.units[0]).delete()
    Deadline.objects.create(
        tahun_kinerja=district.tahun_kinerja,
        form="kinerja",
        periode=1,
        unit=district.units[0],
        ends_on=district.today + timedelta(days=4),
    )
    assert [one.days_left for one in tasks(district, "operator_satu").due if one.sheet.periode == 1] == [4]


def test_what_is_not_open_yet_is_no_task(district: SimpleNamespace) -> None:
    Deadline.objects.create(
        tahun_kinerja=district.tahun_kinerja, form="kinerja", periode=2, starts_on=district.today + timedelta(days=1)
    )
    assert 2 not in [one.sheet.periode for one in tasks(district, "operator_satu").due]


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("perencana", [("pkm-1", "Verifikasi"), ("pkm-3", "Kunci")]),
        ("pemegang_program", [("pkm-1", "Verifikasi")]),
        ("kepala", [("pkm-2", "Setujui"), ("pkm-3", "Kunci")]),
        ("keuangan", []),
        ("inspektorat", []),
        ("kepala_satu", []),
    ],
)
def test_decisions_wait_for_who_may_take_them(district: SimpleNamespace, name: str, steps: list[object]) -> None:
    assert [(one.sheet.unit_kunci, one.label) for one in tasks(district, name).waiting] == steps


def test_who_handed_in_does_not_verify(district: SimpleNamespace) -> None:
    Submission.objects.filter(unit=district.units[1]).update(submitted_by=district.cast.perencana)
    assert [one.sheet.unit_kunci for one in tasks(district, "perencana").waiting] == ["pkm-3"]


def test_a_planner_sees_the_backlog_as_numbers_not_as_sixty_tasks(district: SimpleNamespace) -> None:
    mine = tasks(district, "perencana")
    assert {one.sheet.unit for one in mine.due} <= {None}
    first = next(one for one in mine.backlog if one.periode == 1)
    # 60 owe it, 3 have handed it in, one got it back.
    assert (first.missing, first.owing, first.days_left) == (57, 60, -3)


def test_remarks_wait_for_who_has_not_spoken_last(district: SimpleNamespace, login: Login) -> None:
    unit, subject = district.units[0], f"pkm-0 {district.stunting.kunci} 2024/1"
    place = {"tahun_kinerja": district.tahun_kinerja, "unit": unit, "subject": subject}
    add_comment(by=district.cast.perencana, text="Mengapa turun?", request_key=uuid4(), **place)
    assert [one.text for one in tasks(district, "operator_satu").threads] == ["Mengapa turun?"]
    assert not tasks(district, "perencana").threads
    assert not tasks(district, "kepala").threads
    assert "Mengapa turun?" in login("operator_satu").get(f"{PLACE}tugas/").content.decode()
    add_comment(by=district.cast.operator_satu, text="Ada yang pindah.", request_key=uuid4(), **place)
    assert not tasks(district, "operator_satu").threads
    (answer,) = tasks(district, "perencana").threads
    assert (answer.form, answer.periode, answer.count, answer.unit_kunci) == ("kinerja", 1, 2, "pkm-0")


def test_required_evidence_is_asked_for(district: SimpleNamespace) -> None:
    assert not tasks(district, "operator_satu").without_bukti
    type(district.tahun_kinerja.instansi).objects.update(wajib_bukti=True)
    district.tahun_kinerja.instansi.refresh_from_db()
    (one,) = tasks(district, "operator_satu").without_bukti
    assert (one.sheet.periode, one.sheet.filling.without_bukti) == (1, 1)


def test_nothing_to_do_says_what_comes_here(district: SimpleNamespace, login: Login) -> None:
    assert "Tidak ada yang menunggu Anda" in login("inspektorat").get(f"{PLACE}tugas/").content.decode()


def test_the_count_of_the_bar_is_that_of_the_page(district: SimpleNamespace, login: Login) -> None:
    client = login("operator_satu")
    count = client.get(f"{PLACE}tugas/jumlah/").content.decode()
    assert '<span class="task-count num">5</span>' in count
    assert '<span class="task-count num">5</span>' in client.get(f"{PLACE}tugas/").content.decode()
    assert f'hx-get="{PLACE}tugas/jumlah/"' in client.get(f"{PLACE}pelaporan/").content.decode()


def test_tugas_stays_within_its_queries(
    district: SimpleNamespace, login: Login, django_assert_max_num_queries: Budget
) -> None:
    client = login("perencana")
    # The first page of a session also stores it.
    client.get(f"{PLACE}jadwal/")
    with django_assert_max_num_queries(16 + SPM_UNITS + PERSON_AND_OFFICE):
        assert client.get(f"{PLACE}tugas/").status_code == 200
    with django_assert_max_num_queries(PERSON_AND_OFFICE):
        assert client.get(f"{PLACE}tugas/jumlah/").status_code == 200


def test_pelaporan_shows_every_unit_once(
    district: SimpleNamespace, login: Login, django_assert_max_num_queries: Budget
) -> None:
    client = login("kepala")
    client.get(f"{PLACE}pelaporan/")
    with django_assert_max_num_queries(15 + SPM_UNITS + PERSON_AND_OFFICE):
        response = client.get(f"{PLACE}pelaporan/?periode=1")
    page = response.content.decode()
    assert page.count('scope="row"') == 61
    matrix = response.context["matrix"]
    by_name = {row.nama: row.cells[0] for row in matrix.rows}
    assert by_name["Puskesmas 01"].sheet.submission.state == "diajukan"
    assert (by_name["Puskesmas 01"].late, by_name["Puskesmas 04"].late) == (0, 3)
    # 60 Puskesmas and the office itself, of which 3 handed in; the office is late as well.
    assert (matrix.owed, matrix.handed_in, matrix.late) == (61, 3, 58)
    assert dict(matrix.counts) == {"draf": 57, "diajukan": 1, "dikembalikan": 1, "terverifikasi": 1, "disetujui": 1}
    filling = by_name["Puskesmas 00"].sheet.filling
    assert (filling.filled, filling.fillable) == (1, 1)


def test_pelaporan_narrows_to_a_state(district: SimpleNamespace, login: Login) -> None:
    client = login("perencana")
    shown = client.get(f"{PLACE}pelaporan/?periode=1&status=diajukan").context["rows"]
    assert [row.nama for row in shown] == ["Puskesmas 01"]
    assert len(client.get(f"{PLACE}pelaporan/?periode=1&status=terlambat").context["rows"]) == 58
    assert len(client.get(f"{PLACE}pelaporan/?periode=1&status=belum").context["rows"]) == 58
    assert "Tidak ada unit dengan status ini" in client.get(f"{PLACE}pelaporan/?status=terkunci").content.decode()


def test_a_unit_sees_only_itself_in_pelaporan(district: SimpleNamespace, login: Login) -> None:
    response = login("operator_satu").get(f"{PLACE}pelaporan/?periode=1")
    assert [row.kunci for row in response.context["matrix"].rows] == ["pkm-0"]
    assert "hanya unit Anda" in response.content.decode()


@pytest.mark.parametrize("page", ["tugas/", "tugas/jumlah/", "pelaporan/"])
@pytest.mark.parametrize("name", ["outsider", "newcomer", "publik"])
def test_an_outsider_is_refused(district: SimpleNamespace, login: Login, page: str, name: str) -> None:
    assert login(name).get(f"{PLACE}{page}").status_code == 403
