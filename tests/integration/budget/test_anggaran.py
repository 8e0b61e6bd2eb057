"""Anggaran: who may see it, roll-ups and findings, two versions side by side, a thousand nodes at a steady price."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from capaian.budget import page, queries
from capaian.budget.models import Pagu, Pendapatan, RealisasiAnggaran, SumberDana
from capaian.organisations.models import TahunKinerja
from capaian.planning.models import Node

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]


@pytest.fixture
def url(tahun_kinerja: TahunKinerja) -> str:
    return reverse("budget:anggaran", args=["contoh", 2024])


def node(year: TahunKinerja, kunci: str, jenis: str, induk: Node | None = None, urutan: int = 0) -> Node:
    return Node.objects.create(
        tahun_kinerja=year, kunci=kunci, kode=kunci, jenis=jenis, nama=f"Uraian {kunci}", induk=induk, urutan=urutan
    )


@pytest.fixture
def money(tahun_kinerja: TahunKinerja) -> dict[str, Node]:
    """A program that states 1.000 with kegiatan of 600 and 300, spent 900 in all, one kegiatan hardly at all."""
    program = node(tahun_kinerja, "1.02.02", "program", urutan=1)
    first = node(tahun_kinerja, "1.02.02.2.01", "kegiatan", program, 2)
    second = node(tahun_kinerja, "1.02.02.2.02", "kegiatan", program, 3)
    for one, jumlah in ((program, 1000), (first, 600), (second, 300)):
        Pagu.objects.create(node=one, versi="apbd_perubahan", jumlah=jumlah)
    Pagu.objects.create(node=program, versi="renja_murni", jumlah=800)
    RealisasiAnggaran.objects.create(node=first, belanja="barang_jasa", jumlah=570)
    RealisasiAnggaran.objects.create(node=first, belanja="modal", jumlah=0)
    RealisasiAnggaran.objects.create(node=second, belanja="barang_jasa", jumlah=60)
    return {"program": program, "first": first, "second": second}


def test_anonymous_is_sent_to_login(client: Client, url: str) -> None:
    assert client.get(url).url.startswith(reverse("web:login"))


def test_outsider_is_refused(login: Login, url: str) -> None:
    assert login("outsider").get(url).status_code == 403


@pytest.mark.parametrize("person", ["perencana", "pemegang_program", "kepala", "inspektorat", "keuangan"])
def test_every_role_may_look(login: Login, url: str, person: str) -> None:
    assert login(person).get(url).status_code == 200


def test_empty_year_says_what_to_do(login: Login, url: str) -> None:
    assert "Belum ada program dan kegiatan" in login("perencana").get(url).content.decode()


def test_rows_carry_roll_ups_and_their_trace(login: Login, url: str, money: dict[str, Node]) -> None:
    html = login("perencana").get(url).content.decode()
    # 630 of 1.000 on the program; 570 of 600 and 60 of 300 below.
    assert "63,00%" in html
    assert '<a href="jejak/apbd_perubahan/1.02.02.2.01/">95,00%</a>' in html
    assert "20,00%" in html
    assert html.count("Serapan rendah") == 3  # the filter's choice, the program and the second kegiatan
    trace = login("perencana").get(f"{url}jejak/apbd_perubahan/1.02.02.2.01/")
    assert "realisasi ÷ pagu × 100" in trace.content.decode()


def test_parent_that_differs_from_its_children_shows_both_numbers(
    login: Login, url: str, money: dict[str, Node]
) -> None:
    html = login("inspektorat").get(url).content.decode()
    assert "1 jumlah berbeda dari rinciannya" in html
    assert "Rp 1.000" in html
    assert "Rp 900" in html
    assert "Rp 100" in html
    assert "rincian 900" in html


def test_two_versions_stand_side_by_side(login: Login, url: str, money: dict[str, Node]) -> None:
    response = login("perencana").get(url, {"banding": "renja_murni"})
    html = response.content.decode()
    assert "APBD perubahan dibandingkan dengan Renja murni" in html
    assert "+200" in html
    assert "+25,00%" in html


def test_unknown_versions_are_ignored(login: Login, url: str, money: dict[str, Node]) -> None:
    response = login("perencana").get(url, {"versi": "x", "banding": "apbd_perubahan"})
    assert response.status_code == 200
    assert response.context["versi_kunci"] == "apbd_perubahan"
    assert response.context["banding"] == ""


def test_belanja_rolls_up_from_the_leaves(tahun_kinerja: TahunKinerja, money: dict[str, Node]) -> None:
    table, total = page.belanja_table(queries.budget_tree(tahun_kinerja))
    assert [row.parts for row in table] == [(None, 630, 0)]
    assert total is not None
    assert total.total == 630


def test_revenue_has_its_share_and_its_sum(login: Login, url: str, money: dict[str, Node]) -> None:
    year = money["program"].tahun_kinerja
    SumberDana.objects.create(tahun_kinerja=year, nama="DAK Nonfisik", urutan=1, perubahan="Obat")
    for urutan, (nama, target, realisasi) in enumerate((("Retribusi", 200, 250), ("BLUD", 400, 300))):
        Pendapatan.objects.create(
            tahun_kinerja=year, jenis="sumber", nama=nama, target=target, realisasi=realisasi, urutan=urutan
        )
    html = login("perencana").get(url).content.decode()
    assert "125,00%" in html
    assert "91,67%" in html  # 550 of 600
    assert f'hx-get="{url}jejak-pendapatan/sumber/"' in html
    one = year.pendapatan.get(nama="Retribusi")
    trace = login("perencana").get(f"{url}jejak-pendapatan/sumber/{one.pk}/").content.decode()
    assert "realisasi ÷ target × 100" in trace
    whole = login("perencana").get(f"{url}jejak-pendapatan/sumber/").content.decode()
    assert "Jumlah target" in whole
    assert login("perencana").get(f"{url}jejak-pendapatan/unit/").status_code == 404
    assert login("outsider").get(f"{url}jejak-pendapatan/sumber/").status_code == 403
    assert "DAK Nonfisik" in html
    assert "Menurut unit kerja" not in html


def test_names_are_escaped(login: Login, url: str, tahun_kinerja: TahunKinerja) -> None:
    Node.objects.create(tahun_kinerja=tahun_kinerja, kunci="x", jenis="lain", nama="<b>BOK</b> & lain", urutan=9)
    html = login("perencana").get(url).content.decode()
    assert "&lt;b&gt;BOK&lt;/b&gt; &amp; lain" in html


def test_nothing_spent_is_not_a_zero(tahun_kinerja: TahunKinerja) -> None:
    Pagu.objects.create(node=node(tahun_kinerja, "1", "program"), versi="apbd", jumlah=10)
    total = queries.total(queries.budget_tree(tahun_kinerja))
    assert (total.pagu, total.realisasi, total.money.tampil) == (10, None, None)


def test_serapan_is_classified_after_rounding(tahun_kinerja: TahunKinerja) -> None:
    one = node(tahun_kinerja, "1", "program")
    Pagu.objects.create(node=one, versi="apbd", jumlah=1_000_000)
    RealisasiAnggaran.objects.create(node=one, jumlah=699_999)
    rows = queries.budget_tree(tahun_kinerja)
    assert rows[0].money.tampil == Decimal("70.00")
    assert queries.low_serapan(rows, Decimal(70)) == []
    assert page.row_status(rows[0], Decimal(70)) == ""


def test_quarters_of_money_roll_up(tahun_kinerja: TahunKinerja, money: dict[str, Node]) -> None:
    assert queries.realisasi_by_quarter(tahun_kinerja) == {}
    RealisasiAnggaran.objects.create(node=money["first"], periode=1, jumlah=100)
    RealisasiAnggaran.objects.create(node=money["second"], periode=1, jumlah=20)
    assert queries.realisasi_by_quarter(tahun_kinerja)[money["program"].pk] == (120, None, None, None)


@pytest.fixture
def thousand(tahun_kinerja: TahunKinerja) -> None:
    """10 programmes of 9 kegiatan of 10 sub kegiatan, in two versions."""
    kinds = ("program", "kegiatan", "sub_kegiatan")
    level: list[Node | None] = [None]
    for depth, width in enumerate((10, 9, 10)):
        fresh = [
            Node(tahun_kinerja=tahun_kinerja, kunci=f"{parent.kunci if parent else 1}.{n:02}", jenis=kinds[depth],
                 kode=f"{parent.kunci if parent else 1}.{n:02}", nama=f"Uraian {n}", induk=parent, urutan=n)
            for parent in level
            for n in range(width)
        ]  # fmt: skip
        level = list(Node.objects.bulk_create(fresh))
    leaves = [one for one in level if one]
    Pagu.objects.bulk_create(
        Pagu(node=leaf, versi=versi, jumlah=10**9 + leaf.pk) for leaf in leaves for versi in ("apbd", "renja_murni")
    )
    RealisasiAnggaran.objects.bulk_create(RealisasiAnggaran(node=leaf, jumlah=6 * 10**8) for leaf in leaves)


@pytest.mark.parametrize("query", [{}, {"banding": "renja_murni"}])
def test_a_thousand_nodes_cost_twelve_queries(
    login: Login, url: str, thousand: None, django_assert_max_num_queries: Callable[..., object], query: dict[str, str]
) -> None:
    client = login("perencana")
    client.get(url)  # the session remembers the office once
    with django_assert_max_num_queries(12):
        html = client.get(url, query).content.decode()
    assert html.count("<tr data-depth=") == 1000
    assert len(html) < 800_000
