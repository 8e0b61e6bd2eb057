"""Sasaran: the matrix, differences as findings, several sources of one group, and who may fill or choose."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from capaian.organisations.models import Membership, TahunKinerja, Wilayah
from capaian.spm.models import CapaianSpm, SasaranSpm
from capaian.spm.typed import TypedRefused, read_money, read_persons
from capaian.workflow.models import AuditEntry

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
URL = "/contoh/2024/spm/sasaran/"
UNIT = "/contoh/2024/spm/sasaran/unit/mawar/"
FORM = {"jumlah-balita": "1.150", "metode": "riil", "sumber": "Pendataan posyandu"}


def stated(spm: SimpleNamespace, unit: str | None, jumlah: int, **more: object) -> SasaranSpm:
    values = {"kelompok": "balita", "metode": "riil", "sumber": "Pendataan posyandu", **more}
    place = spm.units[unit] if unit else None
    return SasaranSpm.objects.create(tahun_kinerja=spm.tahun_kinerja, unit=place, jumlah=jumlah, **values)


def text(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_addresses() -> None:
    assert reverse("spm:sasaran", args=["contoh", 2024]) == URL
    assert reverse("spm:sasaran_unit", args=["contoh", 2024, "mawar"]) == UNIT


def test_the_outsider_is_refused(login: Login, spm: SimpleNamespace) -> None:
    for url in (URL, UNIT):
        assert login("outsider").get(url).status_code == 403


def test_the_matrix_has_every_puskesmas_and_their_sum(login: Login, spm: SimpleNamespace) -> None:
    html = text(login("perencana"), URL)
    assert html.count('data-value="1200"') >= 12
    # 1.200 + 600 + 300
    assert html.count(">2.100<") >= 12
    assert "Puskesmas Anggrek" in html


def test_a_district_figure_that_is_not_the_sum_is_a_finding(login: Login, spm: SimpleNamespace) -> None:
    stated(spm, None, 2000, dipakai=True)
    html = text(login("perencana"), URL)
    assert "Balita: ditetapkan 2.000, jumlah 3 dari 3 Puskesmas 2.100; selisih" in html
    assert ">-100<" in html


def test_areas_that_do_not_add_up_are_a_finding(login: Login, spm: SimpleNamespace) -> None:
    for desa, jumlah in zip(spm.desa, (700, 450), strict=True):
        stated(spm, "mawar", jumlah, wilayah=desa, dipakai=True)
    kecamatan = Wilayah.objects.create(
        instansi=spm.tahun_kinerja.instansi, unit=spm.units["mawar"], kunci="kec", nama="Kecamatan", jenis="kecamatan"
    )
    Wilayah.objects.filter(pk__in=[one.pk for one in spm.desa]).update(induk=kecamatan)
    # It is made of its two desa, and is not counted with them.
    stated(spm, "mawar", 1150, wilayah=kecamatan, dipakai=True)
    html = text(login("perencana"), URL)
    assert "1.200 lebih besar 50 daripada jumlah wilayahnya (1.150)" in html
    html = text(login("perencana"), UNIT)
    assert "Jumlah wilayah" in html
    assert ">50<" in html


def test_a_second_source_stays_beside_the_first(login: Login, spm: SimpleNamespace) -> None:
    assert login("perencana").post(UNIT, FORM).status_code == 302
    rows = SasaranSpm.objects.filter(unit=spm.units["mawar"], kelompok="balita").order_by("pk")
    assert [(row.jumlah, row.dipakai) for row in rows] == [(1200, True), (1150, False)]
    html = text(login("perencana"), UNIT)
    assert "Pendataan posyandu" in html
    assert ">-50<" in html
    assert "perencana" in html
    assert "1 sumber menyebut angka lain" in text(login("perencana"), URL)


def test_another_source_is_used_with_a_reason_only(login: Login, spm: SimpleNamespace) -> None:
    other = stated(spm, "mawar", 1150)
    client = login("perencana")
    url = reverse("spm:sasaran_pakai", args=["contoh", 2024, other.pk])
    refused = client.post(url, {"alasan": " "})
    assert refused.status_code == 422
    assert "isi alasannya" in refused.content.decode()
    assert not SasaranSpm.objects.get(pk=other.pk).dipakai
    assert client.post(url, {"alasan": "Data riil dipakai"}).status_code == 302
    assert SasaranSpm.objects.get(pk=other.pk).dipakai
    assert SasaranSpm.objects.filter(unit=spm.units["mawar"], kelompok="balita").count() == 2
    # Mawar served 90 a month for six months.
    done = CapaianSpm.objects.get(unit=spm.units["mawar"], layanan="balita", triwulan=2)
    assert (done.sasaran, done.terlayani) == (1150, 540)
    assert AuditEntry.objects.get(action="spm.use_sasaran").reason == "Data riil dipakai"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"jumlah-balita": "-5"}, "tidak dapat negatif"),
        ({"jumlah-balita": "12,5"}, "bukan bilangan bulat"),
        ({"jumlah-balita": "banyak"}, "bukan angka"),
        ({"jumlah-balita": ""}, "Belum ada jumlah"),
        ({"jumlah-balita": "3000000000"}, "terlalu besar"),
        ({"jumlah-balita": "2000000000"}, "terlalu besar"),  # of two Puskesmas more than 31 bits
        ({"jumlah-kucing": "3"}, "tidak dikenal"),
        ({"sumber": ""}, "Sumber sasaran belum diisi"),
        ({"metode": "penetapan"}, "nomor keputusan"),
        ({"tanggal_keputusan": "besok"}, "bukan tanggal"),
    ],
)
def test_what_is_refused_keeps_what_was_typed(
    login: Login, spm: SimpleNamespace, change: dict[str, str], message: str
) -> None:
    before = SasaranSpm.objects.count()
    response = login("perencana").post(UNIT, FORM | {"keterangan": "Catatan yang diketik"} | change)
    html = response.content.decode()
    assert response.status_code == 422
    assert message in html
    assert "Catatan yang diketik" in html
    assert SasaranSpm.objects.count() == before


def test_an_operator_sees_and_fills_the_own_unit_only(client: Client, spm: SimpleNamespace) -> None:
    client.force_login(spm.operator)
    html = text(client, URL)
    assert "Puskesmas Mawar" in html
    assert "Puskesmas Melati" not in html
    assert "Kabupaten/kota" not in html
    assert "2.100" not in html
    assert client.post(UNIT, FORM).status_code == 302
    for other in ("melati", "instansi"):
        place = UNIT.replace("mawar", other)
        assert client.get(place).status_code == 403
        assert client.post(place, FORM).status_code == 403
    row = SasaranSpm.objects.get(sumber="Pendataan posyandu")
    assert client.post(reverse("spm:sasaran_pakai", args=["contoh", 2024, row.pk]), {"alasan": "x"}).status_code == 403


def test_all_groups_are_filled_at_once_or_none(login: Login, spm: SimpleNamespace) -> None:
    client = login("perencana")
    form = FORM | {"jumlah-ibu_hamil": "1.300", "jumlah-hipertensi": "", "jumlah-usia_lanjut": "seratus"}
    refused = client.post(UNIT, form)
    html = refused.content.decode()
    assert refused.status_code == 422
    assert "1 angka belum dapat disimpan" in html
    assert 'value="1.300"' in html
    assert 'value="seratus"' in html
    assert not SasaranSpm.objects.filter(sumber="Pendataan posyandu").exists()
    assert client.post(UNIT, form | {"jumlah-usia_lanjut": "100"}).status_code == 302
    rows = SasaranSpm.objects.filter(sumber="Pendataan posyandu").values_list("kelompok", "jumlah")
    assert dict(rows) == {"balita": 1150, "ibu_hamil": 1300, "usia_lanjut": 100}


def test_a_first_sasaran_counts_what_was_served(login: Login, spm: SimpleNamespace) -> None:
    SasaranSpm.objects.filter(unit=spm.units["mawar"]).delete()
    CapaianSpm.objects.filter(unit=spm.units["mawar"]).delete()
    assert login("perencana").post(UNIT, FORM).status_code == 302
    # 540 served until June, of 1.150.
    done = CapaianSpm.objects.get(unit=spm.units["mawar"], layanan="balita", triwulan=2)
    assert (done.sasaran, done.terlayani) == (1150, 540)


def test_an_area_of_another_unit_cannot_be_named(login: Login, spm: SimpleNamespace) -> None:
    other = Wilayah.objects.create(instansi=spm.tahun_kinerja.instansi, kunci="desa-jauh", nama="Jauh", jenis="desa")
    assert login("perencana").post(UNIT, FORM | {"wilayah": other.kunci}).status_code == 404
    assert login("perencana").post(UNIT, FORM | {"wilayah": "desa-hulu"}).status_code == 302
    assert SasaranSpm.objects.get(wilayah__kunci="desa-hulu").dipakai


def test_an_office_without_puskesmas_says_so(client: Client, tahun_kinerja: TahunKinerja) -> None:
    operator = get_user_model().objects.create_user("operator-bidang")
    unit = tahun_kinerja.instansi.unit_kerja.create(kunci="kia", nama="Bidang Kesmas", jenis="bidang")
    Membership.objects.create(user=operator, instansi=tahun_kinerja.instansi, unit=unit, role="operator")
    client.force_login(operator)
    assert "Belum ada Puskesmas" in text(client, URL)


def test_the_queries_do_not_grow_with_the_units(
    login: Login, spm: SimpleNamespace, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = login("perencana")
    with django_assert_max_num_queries(14):
        client.get(URL)
    with django_assert_max_num_queries(15):
        client.get(UNIT)


def test_persons_are_whole_however_they_are_grouped() -> None:
    assert [read_persons(one, "Jumlah") for one in ("1250", "1.250", "1,250", "1.000", " ")] == [
        1250,
        1250,
        1250,
        1000,
        None,
    ]
    with pytest.raises(TypedRefused, match="Jumlah"):
        read_persons("1.5", "Jumlah")


def test_money_is_whole_rupiah() -> None:
    assert [read_money(one, "Dana") for one in ("Rp 1.500.000", "1500000", "")] == [1_500_000, 1_500_000, None]
    for wrong in ("-1", "10,5", "9" * 19, "lima"):
        with pytest.raises(TypedRefused, match="Dana"):
            read_money(wrong, "Dana")
