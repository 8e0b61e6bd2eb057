"""What nobody means to enter but somebody will: huge numbers, broken requests, characters that cannot be seen."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from django.test import Client

from capaian.measurement.actions import record_realisasi
from capaian.measurement.entry import RealisasiRefused
from capaian.measurement.models import Capaian, Realisasi
from capaian.planning.models import Indikator

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
SAVE = "/contoh/2024/pengukuran/realisasi/"
OFFICE = "/contoh/2024/"


def record(cast: SimpleNamespace, indikator: Indikator, teks: str) -> None:
    record_realisasi(
        by=cast.pemegang_program, indikator=indikator, tahun=2024, periode=1, teks=teks, today=date(2024, 11, 15)
    )


@pytest.mark.parametrize("teks", ["999999999999", "9" * 40, "1" + "0" * 39, f"-{'9' * 39}"])
def test_a_number_whose_capaian_no_column_holds_is_refused(
    plan: SimpleNamespace, cast: SimpleNamespace, teks: str
) -> None:
    with pytest.raises(RealisasiRefused, match="Periksa kedua angkanya"):
        record(cast, plan.stunting, teks)
    assert not Realisasi.objects.exists()
    assert not Capaian.objects.exists()


def test_a_value_next_to_nothing_under_the_inverse_formula_is_refused(
    plan: SimpleNamespace, cast: SimpleNamespace
) -> None:
    plan.stunting.rumus = "kebalikan"
    plan.stunting.save()
    with pytest.raises(RealisasiRefused, match="Periksa kedua angkanya"):
        record(cast, plan.stunting, f"0,{'0' * 30}1")


@pytest.mark.parametrize("teks", ["NaN", "Infinity", "1e999999", "１２", "٣", "=1+1"])
def test_what_is_no_number_is_refused_in_words(
    login: Login, plan: SimpleNamespace, cast: SimpleNamespace, teks: str
) -> None:
    cell = {"kunci": f"c{plan.berkas.pk}-1", "teks": teks}
    response = login("perencana").post(SAVE, json.dumps({"cells": [cell]}), content_type="application/json")
    assert response.status_code == 200
    assert "tidak dikenal" in response.json()["cells"][0]["message"]


@pytest.mark.parametrize(
    "body",
    [
        '{"cells": [{"kunci": Infinity}]}',
        '{"cells": [], "tw": 1e400}',
        "[" * 100_000,
        b"\xff\xfe\x00",
    ],
)
def test_a_request_that_only_a_program_would_send_is_refused(
    login: Login, plan: SimpleNamespace, body: str | bytes
) -> None:
    response = login("perencana").post(SAVE, body, content_type="application/json")
    assert response.status_code == 400


@pytest.mark.parametrize("kunci", ["9" * 19, "9" * 30, "\x00", "\ud800"])
def test_an_id_larger_than_any_is_no_indicator(login: Login, plan: SimpleNamespace, kunci: str) -> None:
    cell = {"kunci": f"c{kunci}-1", "teks": "1"}
    response = login("perencana").post(SAVE, json.dumps({"cells": [cell]}), content_type="application/json")
    assert "tidak ada lagi" in response.json()["cells"][0]["message"]


def test_invisible_characters_are_not_stored(login: Login, plan: SimpleNamespace) -> None:
    plan.dokumen.target.filter(indikator=plan.berkas).update(teks="tersedia dokumen")
    cell = {"kunci": f"c{plan.berkas.pk}-1", "teks": "tersedia \ud800dua\x00 dokumen"}
    response = login("perencana").post(SAVE, json.dumps({"cells": [cell]}), content_type="application/json")
    assert response.json()["cells"][0]["status"] == "saved", response.json()
    assert Realisasi.objects.get().teks == "tersedia dua dokumen"
    data = {"uraian": "Alat\x0bbaru\x00", "jenis": [], "program": [], "indikator_pendukung": [], "uraian_faktor": []}
    login("perencana").post(f"{OFFICE}analisis/{plan.berkas.kunci}/", data)
    assert plan.berkas.analisis.get().uraian == "Alat\nbaru"


@pytest.mark.parametrize("page", ["indikator/a%00b/", "reviu/tercetak/?kunci=%00", "laporan/jejak/%00/"])
def test_an_address_with_a_nul_is_not_found(login: Login, plan: SimpleNamespace, page: str) -> None:
    response = login("perencana").get(f"{OFFICE}{page}")
    assert response.status_code == 404
    assert "karakter yang tidak sah" in response.content.decode()
