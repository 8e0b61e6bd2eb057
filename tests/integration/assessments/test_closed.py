"""What was handed in keeps its results: policies and properties that would change them are refused, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from capaian.assessments import actions_lke, actions_pkp
from capaian.assessments.actions import PenilaianRefused, choose_instrumen, set_sifat
from capaian.assessments.actions_tingkat import Printed, reopen_tier, save_printed
from capaian.assessments.models import Hasil, PengaturanPenilaian, Penilaian, SifatUnit
from capaian.measurement.models import Realisasi, SumberRealisasi
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.planning.units import responsible_units
from capaian.rules.scales import POLICY_WORDS
from capaian.workflow.models import AuditEntry, Submission
from tests.integration.assessments.test_lke import BEKASI, choose, save, self_assessed
from tests.integration.assessments.test_pkp import GOOD, SIFAT, WEAK, fill

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
Login = Callable[[str], Client]
# The classes of Mawar's parts differ; those of Melati do not.
MIXED = {"campuran": "tidak_terklasifikasi"}


@pytest.fixture
def handed_in(pkp: SimpleNamespace) -> SimpleNamespace:
    """Mawar with parts of different classes, Melati good in all: both handed in; Anggrek still in draf."""
    fill(pkp, "mawar", WEAK, "diajukan")
    fill(pkp, "melati", GOOD, "terkunci")
    fill(pkp, "anggrek", WEAK)
    return pkp


def choose_pkp(pkp: SimpleNamespace, kebijakan: Mapping[str, Any]) -> None:
    choose_instrumen(by=None, tahun_kinerja=pkp.tahun_kinerja, versi=pkp.versi, kebijakan=kebijakan)


def results() -> list[tuple[Any, ...]]:
    return list(Hasil.objects.order_by("pk").values_list("penilaian", "kelompok", "nilai", "kelas", "berlaku"))


def test_policies_that_change_what_was_handed_in_are_refused_by_name(handed_in: SimpleNamespace) -> None:
    before, told = results(), AuditEntry.objects.count()
    with pytest.raises(PenilaianRefused, match=r"akan berubah: Puskesmas Mawar\. Kembalikan atau buka kembali"):
        choose_pkp(handed_in, MIXED)
    with pytest.raises(PenilaianRefused, match=r"akan berubah: Puskesmas Mawar, Puskesmas Melati\. "):
        choose_pkp(handed_in, {"rata_rata": "datar"})
    assert results() == before
    assert PengaturanPenilaian.objects.get().kebijakan == {}
    assert AuditEntry.objects.count() == told


@pytest.mark.parametrize("state", ["diajukan", "terverifikasi", "disetujui", "terkunci"])
def test_no_state_that_cannot_be_written_lets_results_change(handed_in: SimpleNamespace, state: str) -> None:
    Submission.objects.filter(unit__kunci="mawar").update(state=state)
    with pytest.raises(PenilaianRefused):
        choose_pkp(handed_in, MIXED)


def test_policies_that_leave_closed_results_alone_are_taken(handed_in: SimpleNamespace) -> None:
    Submission.objects.filter(unit__kunci="mawar").update(state="dikembalikan")
    choose_pkp(handed_in, MIXED)
    classes = dict(Hasil.objects.filter(kelompok="pkp").values_list("penilaian__unit__kunci", "kelas"))
    assert classes == {"mawar": "", "melati": "baik", "anggrek": ""}


def test_five_are_named_and_the_others_counted(handed_in: SimpleNamespace) -> None:
    for number in range(5):
        unit = UnitKerja.objects.create(
            instansi=handed_in.tahun_kinerja.instansi, kunci=f"p{number}", nama=f"P {number}", jenis="puskesmas"
        )
        fill(SimpleNamespace(tahun_kinerja=handed_in.tahun_kinerja, units={"p": unit}), "p", GOOD, "diajukan")
    with pytest.raises(PenilaianRefused, match="Puskesmas Mawar, Puskesmas Melati, P 0, P 1, P 2, dan 2 lagi"):
        choose_pkp(handed_in, {"rata_rata": "datar"})


def test_the_page_of_the_choice_says_so_and_keeps_what_was_chosen(login: Login, handed_in: SimpleNamespace) -> None:
    url = f"/contoh/2024/penilaian/instrumen/{handed_in.versi.pk}/pilih/"
    response = login("perencana").post(url, {"rata_rata": "bertingkat"} | MIXED)
    html = " ".join(response.content.decode().split())
    assert response.status_code == 422
    assert "akan berubah: Puskesmas Mawar." in html
    assert 'value="tidak_terklasifikasi" checked' in html


def test_properties_are_refused_whole_with_the_ticks_kept(login: Login, handed_in: SimpleNamespace) -> None:
    client = login("perencana")
    before = results()
    response = client.post(SIFAT, {f"sifat-{kunci}": ["rawat_inap"] for kunci in ("mawar", "anggrek")})
    assert response.status_code == 422
    assert "akan berubah: Puskesmas Mawar." in response.content.decode()
    assert [ticks for _, ticks in response.context["rows"]] == [
        [("rawat_inap", True)], [("rawat_inap", False)], [("rawat_inap", True)],
    ]  # fmt: skip
    assert (results(), SifatUnit.objects.count()) == (before, 0)
    Submission.objects.filter(unit__kunci="mawar").update(state="draf")
    assert set_sifat(by=None, tahun_kinerja=handed_in.tahun_kinerja, sifat={handed_in.units["mawar"]: ["rawat_inap"]})
    assert Hasil.objects.get(penilaian__unit=handed_in.units["mawar"], kelompok="pkp").berlaku == 9


@pytest.fixture
def lke(tahun_kinerja: TahunKinerja, cast: SimpleNamespace) -> SimpleNamespace:
    choose(tahun_kinerja)
    return SimpleNamespace(year=tahun_kinerja, cast=cast)


def test_a_closed_tier_of_the_worksheet_keeps_its_result(lke: SimpleNamespace) -> None:
    mandiri = self_assessed(lke)
    with pytest.raises(PenilaianRefused, match="akan berubah: Penilaian mandiri"):
        choose(lke.year, skor="butir")
    reopen_tier(by=lke.cast.perencana, penilaian=mandiri, reason="Kebijakan diganti")
    choose(lke.year, skor="butir")
    assert PengaturanPenilaian.objects.get().kebijakan == {"skor": "butir"}


def test_the_indicator_tells_by_which_reading_of_edges_it_holds(lke: SimpleNamespace, plan: SimpleNamespace) -> None:
    SumberRealisasi.objects.create(indikator=plan.berkas, sumber="akip")
    save_printed(by=None, tahun_kinerja=lke.year, printed=Printed("LHE", 2025, BEKASI))
    taken = Realisasi.objects.filter(indikator=plan.berkas, tahun=2024, periode=0)
    choose(lke.year, batas_kelas="ambang_bawah")
    # 23,48 + 23,49 + 13,38 + 20,32 = 80,67: A by either reading.
    assert taken.get().teks == "80,67"
    jejak = taken.get().jejak
    assert jejak is not None
    assert jejak["steps"][-1]["formula"] == POLICY_WORDS["ambang_bawah"]
    # A sheet that was handed in keeps what it says.
    unit = responsible_units(lke.year).get(plan.berkas.pk)
    Submission.objects.create(tahun_kinerja=lke.year, form="kinerja", periode=0, unit_id=unit, state="diajukan")
    choose(lke.year, batas_kelas="literal")
    assert taken.get().jejak == jejak


def test_answers_are_scored_by_what_was_chosen_while_they_waited(
    pkp: SimpleNamespace, lke: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def choose_meanwhile(keluarga: str, kebijakan: Mapping[str, str]) -> Callable[[object], int]:
        rows = PengaturanPenilaian.objects.filter(keluarga=keluarga)
        return lambda year: rows.update(kebijakan=kebijakan)

    monkeypatch.setattr(actions_pkp, "hold_year", choose_meanwhile("pkp", MIXED))
    monkeypatch.setattr(actions_lke, "hold_year", choose_meanwhile("lke", {"skor": "butir"}))
    fill(pkp, "mawar", WEAK)
    save(lke, "perencana", "mandiri", {"1a.1": "BB"})
    used = dict(Penilaian.objects.values_list("versi__instrumen__keluarga", "kebijakan"))
    assert used["pkp"]["campuran"] == "tidak_terklasifikasi"
    assert used["lke"]["skor"] == "butir"
