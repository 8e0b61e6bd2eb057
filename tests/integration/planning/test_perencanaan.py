"""The plan as two trees with the targets of one document, and Tabel T-C.26."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from capaian.planning.models import Indikator, Node
from capaian.planning.queries import differing_targets, last_version, targets_by_indikator

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
URL = "/contoh/2024/perencanaan/"


def test_url() -> None:
    assert reverse("planning:perencanaan", args=["contoh", 2024]) == URL


def test_anonymous_is_sent_to_login(client: Client, plan: SimpleNamespace) -> None:
    assert client.get(URL).status_code == 302


def test_outsider_is_refused(login: Login, plan: SimpleNamespace) -> None:
    assert login("outsider").get(URL).status_code == 403


def test_trees_show_the_targets_of_the_chosen_document(login: Login, plan: SimpleNamespace) -> None:
    client = login("kepala")
    html = client.get(URL).content.decode()
    for text in (
        "Meningkatnya derajat kesehatan",
        "Menurunnya stunting",
        "Nama sub_kegiatan",
        "8,5",
        "Rencana Aksi 2024",
    ):
        assert text in html
    chosen = client.get(URL, {"dokumen": "pk"}).content.decode()
    assert "Target menurut Perjanjian Kinerja 2024" in chosen
    assert "8,6" in chosen


def test_contradicting_documents_are_marked(login: Login, plan: SimpleNamespace) -> None:
    assert "Berbeda" in login("kepala").get(URL).content.decode()
    stated = targets_by_indikator(plan.tahun_kinerja)
    assert [one.teks for one in differing_targets(stated[plan.stunting.pk], 2024)] == ["8,5", "8,6"]
    assert differing_targets(stated[plan.ibu.pk], 2024) == ()


def test_unit_words_are_no_contradiction(plan: SimpleNamespace) -> None:
    plan.tahun_kinerja.dokumen.get(kunci="pk").target.create(indikator=plan.jkn, tahun=2024, teks="98 %")
    stated = targets_by_indikator(plan.tahun_kinerja)
    assert differing_targets(stated[plan.jkn.pk], 2024) == ()


def test_strategi_as_tabel_t_c_26(login: Login, plan: SimpleNamespace) -> None:
    html = login("kepala").get(URL, {"tampilan": "strategi"}).content.decode()
    assert "Pemantauan tumbuh kembang" in html
    assert 'rowspan="2">Pemantauan' in html
    assert "Kelas ibu balita" in html


def test_a_year_without_plan_says_what_to_do(login: Login, plan: SimpleNamespace) -> None:
    html = login("perencana").get("/contoh/2023/perencanaan/").content.decode()
    assert "Belum ada program" in html


def test_a_thousand_nodes_in_twelve_queries(
    login: Login, plan: SimpleNamespace, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    nodes = Node.objects.bulk_create(
        Node(
            tahun_kinerja=plan.tahun_kinerja,
            kunci=f"n{number}",
            jenis="sub_kegiatan",
            nama=f"Sub {number}",
            induk=plan.nodes[1],
            urutan=10 + number,
        )
        for number in range(1000)
    )
    Indikator.objects.bulk_create(
        Indikator(instansi=plan.tahun_kinerja.instansi, kunci=f"{node.kunci}/1", nama="x", node=node, arah="naik")
        for node in nodes
    )
    client = login("kepala")
    client.get(URL)  # the first page of a session also writes the session
    with django_assert_max_num_queries(12):
        html = client.get(URL).content.decode()
    assert html.count("<tr data-depth") > 2000


def test_the_version_in_force_is_the_last_change_whenever_it_was_entered(plan: SimpleNamespace) -> None:
    year = plan.tahun_kinerja
    year.dokumen.filter(jenis="pk").delete()
    for versi in ("perubahan 2", "perubahan 1", "murni"):
        year.dokumen.create(kunci=f"pk_{versi[-1]}", jenis="pk", nama="Perjanjian Kinerja", versi=versi)
    in_force = last_version(year.dokumen.filter(jenis="pk"))
    assert in_force is not None
    assert in_force.versi == "perubahan 2"
    assert last_version([]) is None
