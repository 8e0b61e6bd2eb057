"""The monev page: what is behind, what was written, what it cost, and who has not reported; nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.test import Client

from capaian.organisations.models import Membership
from capaian.spm.models import AlokasiSpm, MonevSpm
from capaian.spm.queries_monev import read_monev
from capaian.workflow.actions import set_deadline
from capaian.workflow.forms import SheetKey
from capaian.workflow.models import AuditEntry, Submission

pytestmark = pytest.mark.integration
Budget = Callable[[int], AbstractContextManager[object]]
PLACE = "/contoh/2024/spm/monev"


def open_key(spm: SimpleNamespace, unit: str | None = "melati", triwulan: int = 1) -> SheetKey:
    return SheetKey(spm.tahun_kinerja, "spm", spm.units[unit] if unit else None, triwulan)


@pytest.fixture
def operator(spm: SimpleNamespace, client: Client) -> Client:
    """The operator, who fills Melati too (its first quarter is a draft)."""
    Membership.objects.create(
        user=spm.operator, instansi=spm.tahun_kinerja.instansi, unit=spm.units["melati"], role="operator"
    )
    client.force_login(spm.operator)
    return client


def test_a_unit_sees_what_is_behind_quarter_on_quarter(spm: SimpleNamespace, operator: Client) -> None:
    AlokasiSpm.objects.create(
        tahun_kinerja=spm.tahun_kinerja,
        unit=spm.units["mawar"],
        layanan="balita",
        sumber_dana="DAK Non Fisik",
        alokasi=80_000_000,
        realisasi=20_000_000,
    )
    response = operator.get(f"{PLACE}/mawar/2/")
    balita = next(one for one in response.context["monev"].services if one.layanan.kode == "balita")
    # 3 × 90 and 6 × 90 of 1.200
    assert [point.penerima for point in balita.points] == [Decimal("22.50"), Decimal("45.00"), None, None]
    assert (balita.points[1].naik, balita.is_behind) == (Decimal("22.50"), True)
    page = response.content.decode()
    assert "Rp 80.000.000" in page
    assert "25,00%" in page
    assert "terverifikasi" in page
    # Verified: nothing can be written, and the page says so.
    assert "<textarea" not in page


def test_problem_and_solution_are_saved_one_service_at_a_time(spm: SimpleNamespace, operator: Client) -> None:
    MonevSpm.objects.create(
        tahun_kinerja=spm.tahun_kinerja, unit=spm.units["melati"], layanan="hipertensi", triwulan=1, solusi="Prolanis"
    )
    url = f"{PLACE}/melati/1/balita/"
    answer = operator.post(url, {"permasalahan": "Posyandu  tutup\r\nlama", "solusi": "Kunjungan rumah"})
    assert "Tersimpan" in answer.content.decode()
    stored = MonevSpm.objects.get(unit=spm.units["melati"], layanan="balita")
    assert (stored.permasalahan.startswith("Posyandu"), stored.solusi, stored.triwulan) == (True, "Kunjungan rumah", 1)
    assert MonevSpm.objects.get(layanan="hipertensi").solusi == "Prolanis"
    assert AuditEntry.objects.filter(action="spm.save_monev").count() == 1
    assert "Kunjungan rumah" in operator.get(url).content.decode()
    assert "<textarea" in operator.get(f"{url}?ubah=1").content.decode()


def test_what_was_typed_stays_when_it_is_refused(spm: SimpleNamespace, operator: Client) -> None:
    url = f"{PLACE}/melati/1/balita/"
    page = operator.post(url, {"permasalahan": "x" * 2001, "solusi": "Kunjungan <rumah>"}).content.decode()
    assert "paling panjang 2000 huruf; sekarang 2001" in page
    assert "x" * 2001 in page
    assert "Kunjungan &lt;rumah&gt;" in page
    Submission.objects.filter(unit=spm.units["melati"]).update(state=Submission.State.TERKUNCI)
    page = operator.post(url, {"permasalahan": "Stok habis", "solusi": "Relokasi"}).content.decode()
    assert "terkunci" in page
    assert "Stok habis" in page
    assert "Relokasi" in page
    assert not MonevSpm.objects.exists()
    refused = AuditEntry.objects.get(action="spm.save_monev", outcome=AuditEntry.Outcome.REFUSED)
    assert "terkunci" in refused.reason


def test_a_closed_quarter_says_why(spm: SimpleNamespace, operator: Client, cast: SimpleNamespace) -> None:
    set_deadline(
        by=cast.perencana,
        tahun_kinerja=spm.tahun_kinerja,
        form="spm",
        periode=3,
        starts_on=None,
        ends_on=date(2024, 10, 10),
    )
    assert "Pengisian pelayanan SPM ini ditutup 10 Oktober 2024" in operator.get(f"{PLACE}/melati/3/").content.decode()
    # The office writes after its units have reported.
    client = Client()
    client.force_login(cast.perencana)
    client.post(f"{PLACE}/instansi/3/balita/", {"permasalahan": "Vaksin terlambat", "solusi": "Relokasi"})
    assert MonevSpm.objects.get(unit=None).permasalahan == "Vaksin terlambat"


def test_the_office_sees_who_is_silent_and_who_is_behind(spm: SimpleNamespace, cast: SimpleNamespace) -> None:
    MonevSpm.objects.create(
        tahun_kinerja=spm.tahun_kinerja,
        unit=spm.units["mawar"],
        layanan="balita",
        triwulan=1,
        permasalahan="Akses sulit",
        solusi="Pusling",
    )
    found = read_monev(open_key(spm, None))
    assert {str(one.unit) for one in found.silent} == {"Puskesmas Melati", "Puskesmas Anggrek"}
    rows = {one.unit.kunci: one for one in found.units}
    # Mawar 22,5 % of 25 everywhere; Melati 30 %; Anggrek nothing.
    assert (rows["mawar"].reported, rows["mawar"].on_pace, rows["mawar"].explained) == (12, 0, 1)
    assert (rows["melati"].reported, rows["melati"].on_pace) == (12, 12)
    assert (rows["anggrek"].reported, rows["anggrek"].lowest) == (0, None)
    balita = next(one for one in found.services if one.layanan.kode == "balita")
    assert [one.unit.kunci for one in balita.units] == ["mawar", "melati", "anggrek"]
    # Only Mawar is verified: 270 of 2.100.
    assert balita.capaian is not None
    assert balita.capaian.penerima == Decimal("12.86")
    client = Client()
    client.force_login(cast.kepala)
    page = client.get(f"{PLACE}/instansi/1/").content.decode()
    assert "1 dari 3" in page
    assert "Akses sulit" in page


def test_money_of_the_office_is_its_own_or_the_sum_of_its_units(spm: SimpleNamespace) -> None:
    for unit, amount in (("mawar", 10), ("melati", 15)):
        AlokasiSpm.objects.create(
            tahun_kinerja=spm.tahun_kinerja,
            unit=spm.units[unit],
            layanan="balita",
            sumber_dana="BOK",
            alokasi=amount,
        )

    def dana() -> tuple[int | None, int | None, bool]:
        found = next(one.dana for one in read_monev(open_key(spm, None)).services if one.layanan.kode == "balita")
        assert found is not None
        return found.alokasi, found.realisasi, found.is_sum

    assert dana() == (25, None, True)
    AlokasiSpm.objects.create(
        tahun_kinerja=spm.tahun_kinerja, layanan="balita", sumber_dana="APBD", alokasi=100, realisasi=40
    )
    assert dana() == (100, 40, False)


def test_who_may_not(spm: SimpleNamespace, login: Callable[[str], Client], client: Client) -> None:
    for name in ("outsider", "newcomer"):
        person = login(name)
        assert person.get(f"{PLACE}/mawar/1/").status_code == 403
        assert person.post(f"{PLACE}/melati/1/balita/", {"permasalahan": "x"}).status_code == 403
    client.force_login(spm.operator)
    assert client.get(f"{PLACE}/melati/1/").status_code == 403
    assert client.get(f"{PLACE}/instansi/1/").status_code == 403
    assert client.post(f"{PLACE}/melati/1/balita/", {"permasalahan": "x"}).status_code == 403
    reader = login("inspektorat")
    assert reader.get(f"{PLACE}/melati/1/balita/").status_code == 200
    assert reader.get(f"{PLACE}/melati/1/balita/?ubah=1").status_code == 403
    assert reader.post(f"{PLACE}/melati/1/balita/", {"permasalahan": "x"}).status_code == 403
    assert not MonevSpm.objects.exists()


@pytest.mark.parametrize("path", ["mawar/0/", "mawar/5/", "entah/1/", "mawar/1/dukun/"])
def test_what_is_not_there(spm: SimpleNamespace, login: Callable[[str], Client], path: str) -> None:
    assert login("perencana").get(f"{PLACE}/{path}").status_code == 404


def test_everybody_is_led_to_the_own_monev(
    spm: SimpleNamespace, login: Callable[[str], Client], client: Client
) -> None:
    assert login("kepala").get(f"{PLACE}/").url == f"{PLACE}/instansi/4/"
    client.force_login(spm.operator)
    assert client.get(f"{PLACE}/").url == f"{PLACE}/mawar/4/"
    spm.tahun_kinerja.sasaran_spm.all().delete()
    assert "Tetapkan dahulu sasaran" in client.get(f"{PLACE}/").content.decode()


def test_the_sheet_leads_to_the_monev(spm: SimpleNamespace, operator: Client) -> None:
    assert f"{PLACE}/melati/1/" in operator.get("/contoh/2024/isian/spm/melati/1/").content.decode()


def test_the_queries_do_not_grow_with_units(
    spm: SimpleNamespace, login: Callable[[str], Client], django_assert_max_num_queries: Budget
) -> None:
    client = login("kepala")
    client.get(f"{PLACE}/instansi/1/")
    with django_assert_max_num_queries(20):
        client.get(f"{PLACE}/instansi/1/")
    with django_assert_max_num_queries(5):
        read_monev(open_key(spm))
    with django_assert_max_num_queries(9):
        read_monev(open_key(spm, None))
