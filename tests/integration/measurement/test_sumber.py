"""A value that another part computes: chosen with open eyes, never typed, followed, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from capaian.measurement import sources
from capaian.measurement.actions import record_realisasi
from capaian.measurement.entry import RealisasiRefused
from capaian.measurement.filling import fillings
from capaian.measurement.models import Capaian, Realisasi
from capaian.measurement.sources import Incoming, SourceRefused, choose_source, drop_source, take_source
from capaian.rules.trace import Citation, Step, Trace
from capaian.workflow.actions import advance
from capaian.workflow.forms import SheetKey, form_definition
from capaian.workflow.models import AuditEntry, Form, Submission

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
PAGE = "/contoh/2024/pengukuran/sumber/"
TODAY = date(2025, 1, 15)
Login = Callable[[str], Client]


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the source `ikm` says; empty nothing."""
    said = {"ikm": "83,83"}
    place = Citation("PermenPANRB 14/2017", "nilai", "tertulis")

    def read(_: object) -> Incoming | None:
        if not said["ikm"]:
            return None
        return Incoming(said["ikm"], Trace((Step("IKM", "NI × 25", (), said["ikm"], place),)), "Dari dua survei.")

    monkeypatch.setitem(sources._READERS, "ikm", read)
    return said


def stands(plan: SimpleNamespace) -> Realisasi | None:
    return Realisasi.objects.filter(indikator=plan.jkn, tahun=2024, periode=0).first()


def test_a_chosen_source_gives_the_value_with_its_trace(
    plan: SimpleNamespace, cast: SimpleNamespace, says: dict[str, str]
) -> None:
    where = {"tahun_kinerja": plan.tahun_kinerja, "indikator": plan.jkn}
    assert choose_source(by=cast.perencana, **where, sumber="ikm", base="") == ""
    found = stands(plan)
    assert found is not None
    assert (found.teks, found.keterangan) == ("83,83", "Dari dua survei.")
    assert found.jejak["steps"][0]["formula"] == "NI × 25"
    # 83,83 ÷ 98 × 100 = 85,54
    assert str(Capaian.objects.get(indikator=plan.jkn, periode=0).tampil) == "85.5400"
    said = AuditEntry.objects.filter(action__startswith="measurement.").values_list("action", "after")
    assert ("measurement.choose_source", {"sumber": "ikm"}) in said
    assert ("measurement.take_source", {"teks": "83,83"}) in said

    says["ikm"] = "84"
    take_source(by=None, tahun_kinerja=plan.tahun_kinerja, sumber="ikm")
    assert (again := stands(plan)) is not None
    assert again.teks == "84"
    entries = AuditEntry.objects.count()
    take_source(by=None, tahun_kinerja=plan.tahun_kinerja, sumber="ikm")
    assert AuditEntry.objects.count() == entries

    says["ikm"] = ""
    take_source(by=None, tahun_kinerja=plan.tahun_kinerja, sumber="ikm")
    assert stands(plan) is None


def test_nobody_types_what_a_source_gives(plan: SimpleNamespace, cast: SimpleNamespace, says: dict[str, str]) -> None:
    year = plan.tahun_kinerja
    before = fillings(year, [0, 1])
    choose_source(by=cast.perencana, tahun_kinerja=year, indikator=plan.jkn, sumber="ikm")
    with pytest.raises(RealisasiRefused, match="diambil dari Indeks Kepuasan Masyarakat"):
        record_realisasi(by=cast.perencana, indikator=plan.jkn, tahun=2024, periode=0, teks="90", today=TODAY)
    # A file with the value as it stands says nothing against it; a quarter stays with the people.
    record_realisasi(by=cast.perencana, indikator=plan.jkn, tahun=2024, periode=0, teks="83,83", today=TODAY)
    record_realisasi(by=cast.perencana, indikator=plan.jkn, tahun=2024, periode=1, teks="80", today=TODAY)
    after = fillings(year, [0, 1])
    assert after[0, None].fillable == before[0, None].fillable - 1
    assert after[1, None].fillable == before[1, None].fillable
    sheet = form_definition("kinerja").read(SheetKey(year, "kinerja", None, 0), TODAY)
    assert (sheet.fillable, sheet.filled) == (after[0, None].fillable, after[0, None].filled)

    drop_source(by=cast.perencana, tahun_kinerja=year, indikator=plan.jkn)
    record_realisasi(by=cast.perencana, indikator=plan.jkn, tahun=2024, periode=0, teks="90", today=TODAY)
    assert (found := stands(plan)) is not None
    assert (found.teks, found.jejak) == ("90", None)


def test_a_sheet_that_was_handed_in_is_not_changed(
    plan: SimpleNamespace, cast: SimpleNamespace, says: dict[str, str]
) -> None:
    year = plan.tahun_kinerja
    Submission.objects.create(tahun_kinerja=year, form=Form.KINERJA, unit=None, periode=0, state="terverifikasi")
    said = choose_source(by=cast.perencana, tahun_kinerja=year, indikator=plan.jkn, sumber="ikm")
    assert "terverifikasi" in said
    assert stands(plan) is None


def test_a_value_that_waited_is_told_beside_the_one_that_stands(
    plan: SimpleNamespace, cast: SimpleNamespace, says: dict[str, str], login: Login
) -> None:
    year, sheet_page = plan.tahun_kinerja, "/contoh/2024/isian/kinerja/instansi/0/"
    choose_source(by=cast.perencana, tahun_kinerja=year, indikator=plan.jkn, sumber="ikm")
    sheet = Submission.objects.create(
        tahun_kinerja=year, form=Form.KINERJA, unit=None, periode=0, state="diajukan", submitted_by=cast.operator
    )
    client = login("perencana")
    assert "dari sumber berbeda" not in client.get(sheet_page).content.decode()
    says["ikm"] = "84"
    take_source(by=None, tahun_kinerja=year, sumber="ikm")
    shut = client.get(sheet_page).content.decode()
    assert "Nilai dari sumber berbeda: 84. Nilai itu menunggu" in shut
    assert f'<a href="{PAGE}">Ambil</a>' not in shut

    advance(by=cast.perencana, key=SheetKey(year, "kinerja", None, 0), transition="kembalikan", reason="x", today=TODAY)
    assert (kept := stands(plan)) is not None
    assert kept.teks == "83,83"
    assert f'berbeda: 84. <a href="{PAGE}">Ambil</a>' in client.get(sheet_page).content.decode()
    # Who does not plan reads of it, and is not led to a page that is closed to them.
    assert "berbeda: 84.</span>" in login("operator").get(sheet_page).content.decode()
    form = {"indikator": plan.jkn.kunci, "sumber": "ikm", "tindakan": "pilih", "setuju": "ya", "dasar": "83,83"}
    login("perencana").post(PAGE, form)
    assert (taken := stands(plan)) is not None
    assert taken.teks == "84"
    assert "dari sumber berbeda" not in client.get(sheet_page).content.decode()
    sheet.refresh_from_db()
    assert sheet.state == "dikembalikan"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sumber": "lain"}, "tidak dikenal"),
        ({"base": "70"}, "berubah sejak halaman dibuka: sekarang belum diisi"),
    ],
)
def test_what_cannot_be_chosen_is_said(
    plan: SimpleNamespace, cast: SimpleNamespace, says: dict[str, str], change: dict[str, str], words: str
) -> None:
    wanted = {"sumber": "ikm", "base": "", **change}
    with pytest.raises(SourceRefused, match=words):
        choose_source(by=cast.perencana, tahun_kinerja=plan.tahun_kinerja, indikator=plan.jkn, **wanted)
    plan.jkn.pelapor = "puskesmas"
    with pytest.raises(SourceRefused, match="laporan unit"):
        choose_source(by=cast.perencana, tahun_kinerja=plan.tahun_kinerja, indikator=plan.jkn, sumber="ikm")
    with pytest.raises(PermissionDenied):
        choose_source(by=cast.operator, tahun_kinerja=plan.tahun_kinerja, indikator=plan.jkn, sumber="ikm")


def test_the_page_shows_both_values_before_one_is_replaced(
    login: Login, plan: SimpleNamespace, says: dict[str, str]
) -> None:
    Realisasi.objects.create(indikator=plan.jkn, tahun=2024, periode=0, teks="80", keterangan="Tabel 3.1")
    client, form = login("perencana"), {"indikator": plan.jkn.kunci, "sumber": "ikm", "tindakan": "pilih"}
    asked = client.post(PAGE, form)
    assert "Ganti 80 dengan 83,83" in asked.content.decode()
    assert (kept := stands(plan)) is not None
    assert kept.teks == "80"
    agreed = client.post(PAGE, {**form, "setuju": "ya", "dasar": "80"}, follow=True)
    assert "kini mengambil nilai dari" in agreed.content.decode()
    assert (taken := stands(plan)) is not None
    assert taken.teks == "83,83"
    whole = client.get(f"/contoh/2024/indikator/{plan.jkn.kunci}/").content.decode()
    assert "Tidak diketik, melainkan diambil" in whole
    assert "Sumber nilai dipilih, setahun" in whole
    assert "Diambil dari sumbernya, setahun" in whole
    assert "NI × 25" in client.get(f"{PAGE}ikm/jejak/").content.decode()
    assert client.post(PAGE, {**form, "indikator": "tidak-ada"}).status_code == 422


def test_the_page_is_for_who_plans(login: Login, plan: SimpleNamespace) -> None:
    assert login("outsider").get(PAGE).status_code == 403
    assert login("operator").get(PAGE).status_code == 403
    empty = login("perencana").get(PAGE).content.decode()
    assert "Belum ada indikator yang mengambil nilai" in empty
