"""A form from draf to terkunci and back: who may, when, with which words, and what is frozen on the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from capaian.workflow.actions import advance, set_deadline, write_sheet
from capaian.workflow.chains import verify_chain
from capaian.workflow.forms import Change, SheetKey
from capaian.workflow.models import AuditEntry, Submission
from capaian.workflow.policy import StateRefused
from capaian.workflow.queries import submission_of

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
TODAY = date(2024, 11, 15)


@pytest.fixture
def key(plan: SimpleNamespace) -> SheetKey:
    return SheetKey(plan.tahun_kinerja, "kinerja", None, 4)


@pytest.fixture
def filled(key: SheetKey, plan: SimpleNamespace, cast: SimpleNamespace) -> SheetKey:
    values = {plan.stunting: "8,5", plan.ibu: "1", plan.berkas: "3", plan.jkn: "97"}
    changes = [Change(indikator.kunci, teks) for indikator, teks in values.items()]
    write_sheet(by=cast.perencana, key=key, changes=changes, today=TODAY)
    return key


def go(key: SheetKey, person: object, *names: str, reason: str = "") -> Submission:
    for name in names:
        submission = advance(by=person, key=key, transition=name, reason=reason, today=TODAY)
    return submission


def test_the_whole_way_and_back(filled: SheetKey, plan: SimpleNamespace, cast: SimpleNamespace) -> None:
    go(filled, cast.perencana, "ajukan")
    go(filled, cast.pemegang_program, "kembalikan", reason="Angka JKN belum sesuai")
    assert submission_of(filled).reason == "Angka JKN belum sesuai"
    write_sheet(by=cast.perencana, key=filled, changes=[Change(plan.jkn.kunci, "98")], today=TODAY)
    go(filled, cast.perencana, "ajukan")
    go(filled, cast.pemegang_program, "verifikasi")
    go(filled, cast.kepala, "setujui", "kunci")
    with pytest.raises(StateRefused, match=r"terkunci sejak .* oleh kepala.*perencana atau kepala dinas"):
        write_sheet(by=cast.perencana, key=filled, changes=[Change(plan.jkn.kunci, "99")], today=TODAY)
    go(filled, cast.kepala, "buka", reason="Data BPJS dikoreksi")
    write_sheet(by=cast.perencana, key=filled, changes=[Change(plan.jkn.kunci, "99")], today=TODAY)
    go(filled, cast.perencana, "ajukan")
    go(filled, cast.pemegang_program, "verifikasi")
    go(filled, cast.kepala, "setujui")
    said = [
        {cell["kunci"]: cell["teks"] for cell in version.cells}[plan.jkn.kunci]
        for version in submission_of(filled).versions.all()
    ]
    assert said == ["98", "99"]
    assert verify_chain("contoh").is_whole


def test_a_step_asked_twice_is_done_once(filled: SheetKey, cast: SimpleNamespace) -> None:
    go(filled, cast.perencana, "ajukan", "ajukan")
    assert AuditEntry.objects.filter(action="workflow.ajukan").count() == 1


def test_who_submits_cannot_verify(filled: SheetKey, cast: SimpleNamespace) -> None:
    go(filled, cast.perencana, "ajukan")
    with pytest.raises(StateRefused, match="tidak dapat juga memverifikasinya"):
        go(filled, cast.perencana, "verifikasi")


def test_nobody_verifies_other_figures_than_they_saw(
    filled: SheetKey, plan: SimpleNamespace, cast: SimpleNamespace
) -> None:
    seen = go(filled, cast.perencana, "ajukan").since
    go(filled, cast.pemegang_program, "kembalikan", reason="Angka JKN belum sesuai")
    write_sheet(by=cast.perencana, key=filled, changes=[Change(plan.jkn.kunci, "9")], today=TODAY)
    later = go(filled, cast.perencana, "ajukan").since
    verify = {"by": cast.pemegang_program, "key": filled, "transition": "verifikasi", "today": TODAY}
    with pytest.raises(StateRefused, match=r"berubah sejak halaman dibuka: diajukan sejak .* oleh perencana"):
        advance(**verify, seen=seen)
    assert advance(**verify, seen=later).state == "terverifikasi"
    # The same click once more carries what was seen before it, and is no mistake.
    assert advance(**verify, seen=later).state == "terverifikasi"


def test_the_page_sends_back_which_sheet_it_showed(
    filled: SheetKey, plan: SimpleNamespace, cast: SimpleNamespace, login: Callable[[str], Client]
) -> None:
    seen = go(filled, cast.perencana, "ajukan").since.isoformat()
    client, url = login("pemegang_program"), "/contoh/2024/isian/kinerja/instansi/4/"
    assert client.get(url).content.decode().count(f'name="sejak" value="{seen}"') == 2
    go(filled, cast.pemegang_program, "kembalikan", reason="Angka JKN belum sesuai")
    go(filled, cast.perencana, "ajukan")
    answer = client.post(f"{url}langkah/", {"langkah": "verifikasi", "sejak": seen}, follow=True)
    assert "Isian ini berubah sejak halaman dibuka" in answer.content.decode()
    assert submission_of(filled).state == "diajukan"
    assert client.post(f"{url}langkah/", {"langkah": "verifikasi", "sejak": "kemarin"}).status_code == 400


def test_a_return_needs_its_reason(filled: SheetKey, cast: SimpleNamespace) -> None:
    go(filled, cast.perencana, "ajukan")
    with pytest.raises(StateRefused, match="Tulis alasan"):
        go(filled, cast.pemegang_program, "kembalikan", reason="  ")


def test_what_is_missing_is_named(key: SheetKey, plan: SimpleNamespace, cast: SimpleNamespace) -> None:
    write_sheet(by=cast.perencana, key=key, changes=[Change(plan.jkn.kunci, "97")], today=TODAY)
    with pytest.raises(StateRefused, match="Jumlah dokumen perencanaan belum diisi"):
        go(key, cast.perencana, "ajukan")


def test_evidence_is_asked_for_where_the_office_says_so(filled: SheetKey, cast: SimpleNamespace) -> None:
    filled.tahun_kinerja.instansi.wajib_bukti = True
    with pytest.raises(StateRefused, match="belum mempunyai bukti dukung"):
        go(filled, cast.perencana, "ajukan")


@pytest.mark.parametrize(
    ("role", "name"),
    [
        ("kepala", "ajukan"),
        ("keuangan", "ajukan"),
        ("operator", "verifikasi"),
        ("keuangan", "verifikasi"),
        ("perencana", "setujui"),
        ("pemegang_program", "buka"),
        ("inspektorat", "kembalikan"),
        ("publik", "ajukan"),
        ("outsider", "ajukan"),
    ],
)
def test_a_role_without_the_right_is_refused(key: SheetKey, cast: SimpleNamespace, role: str, name: str) -> None:
    with pytest.raises(PermissionDenied, match="tidak berhak"):
        go(key, getattr(cast, role), name, reason="x")


def test_opening_and_closing(key: SheetKey, plan: SimpleNamespace, cast: SimpleNamespace) -> None:
    office = {"by": cast.perencana, "tahun_kinerja": plan.tahun_kinerja, "form": "kinerja", "periode": 4}
    change = [Change(plan.jkn.kunci, "97")]
    set_deadline(**office, starts_on=date(2024, 12, 1), ends_on=None)
    with pytest.raises(StateRefused, match="dibuka 1 Desember 2024"):
        write_sheet(by=cast.perencana, key=key, changes=change, today=TODAY)
    set_deadline(**office, starts_on=None, ends_on=date(2024, 11, 14))
    with pytest.raises(StateRefused, match="ditutup 14 November 2024"):
        write_sheet(by=cast.perencana, key=key, changes=change, today=TODAY)
    unit = plan.tahun_kinerja.instansi.unit_kerja.create(kunci="pkm", nama="Puskesmas A", jenis="puskesmas")
    plan.jkn.penanggung_jawab = unit
    plan.jkn.save()
    set_deadline(**office, starts_on=None, ends_on=date(2024, 11, 30), unit=unit, reason="Listrik padam")
    own = SheetKey(plan.tahun_kinerja, "kinerja", unit, 4)
    assert write_sheet(by=cast.perencana, key=own, changes=change, today=TODAY)[0].ok


def test_a_returned_form_may_be_corrected_after_the_closing(
    filled: SheetKey, plan: SimpleNamespace, cast: SimpleNamespace
) -> None:
    go(filled, cast.perencana, "ajukan")
    set_deadline(
        by=cast.perencana,
        tahun_kinerja=plan.tahun_kinerja,
        form="kinerja",
        periode=4,
        starts_on=None,
        ends_on=date(2024, 11, 14),
    )
    go(filled, cast.pemegang_program, "kembalikan", reason="Periksa")
    assert write_sheet(by=cast.perencana, key=filled, changes=[Change(plan.jkn.kunci, "98")], today=TODAY)[0].ok
    assert go(filled, cast.perencana, "ajukan").state == "diajukan"


def test_the_same_second_value_is_a_conflict_and_writes_nothing(
    filled: SheetKey, plan: SimpleNamespace, cast: SimpleNamespace
) -> None:
    changes = [Change(plan.jkn.kunci, "99", base=""), Change(plan.ibu.kunci, "2", base="1")]
    conflict, saved = write_sheet(by=cast.pemegang_program, key=filled, changes=changes, today=TODAY)
    assert (conflict.status, conflict.teks, conflict.by) == ("conflict", "97", "perencana")
    assert (saved.status, saved.teks) == ("saved", "2")
    again = write_sheet(
        by=cast.pemegang_program, key=filled, changes=[Change(plan.jkn.kunci, "99", base="97")], today=TODAY
    )
    assert again[0].status == "saved"
