"""Evidence of a figure: attached while the sheet is open, kept whole, seen by who may see the unit, dated."""

from __future__ import annotations

import errno
import hashlib
import os
import sys
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from capaian.measurement.bukti_actions import BuktiRefused, attach_file, attach_link, remove_bukti, set_wajib_bukti
from capaian.measurement.bukti_queries import dating, verify_files
from capaian.measurement.models import BuktiDukung
from capaian.organisations.models import Membership, UnitKerja
from capaian.planning.models import Indikator
from capaian.workflow.actions import advance, write_sheet
from capaian.workflow.forms import Change, SheetKey
from capaian.workflow.models import AuditEntry
from capaian.workflow.policy import StateRefused
from capaian.workflow.storage import FileRefused

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
TODAY = date(2024, 11, 15)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SCAN_COMMAND = ""
    return tmp_path / "media"


@pytest.fixture
def key(plan: SimpleNamespace) -> SheetKey:
    return SheetKey(plan.tahun_kinerja, "kinerja", None, 4)


@pytest.fixture
def units(plan: SimpleNamespace) -> SimpleNamespace:
    """Two Puskesmas that both report `berkas`, with an operator each."""
    instansi = plan.tahun_kinerja.instansi
    plan.berkas.pelapor, plan.berkas.gabungan = "puskesmas", "jumlah"
    plan.berkas.save()
    made = SimpleNamespace()
    for number, name in enumerate(("timur", "barat")):
        unit = UnitKerja.objects.create(
            instansi=instansi, kunci=f"pkm-{name}", nama=f"Puskesmas {name}", jenis="puskesmas", urutan=number
        )
        setattr(made, name, unit)
    return made


def attach(
    key: SheetKey, kunci: str, by: Any, content: bytes = PDF, name: str = "rekap.pdf", **more: Any
) -> BuktiDukung:
    values = {"tanggal": date(2024, 10, 5), "request_key": uuid4(), "today": TODAY, **more}
    return attach_file(by=by, key=key, kunci=kunci, stream=BytesIO(content), name=name, **values)


def kept_files(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


def test_a_file_is_kept_with_its_checksum_and_an_entry(
    key: SheetKey, plan: SimpleNamespace, cast: SimpleNamespace, media: Path
) -> None:
    found = attach(key, plan.jkn.kunci, cast.perencana)
    assert found.sha256 == hashlib.sha256(PDF).hexdigest()
    assert (media / found.berkas).read_bytes() == PDF
    assert (found.jenis_berkas, found.ukuran, found.pindai) == ("application/pdf", len(PDF), "tidak_dipindai")
    entry = AuditEntry.objects.get(action="measurement.attach_bukti")
    assert entry.subject == found.subject == f"{plan.jkn.kunci} 2024/4"
    assert entry.after == {"bukti": "rekap.pdf", "sha256": found.sha256, "tanggal": "2024-10-05"}


def test_a_repeated_request_attaches_once(key: SheetKey, plan: SimpleNamespace, cast: SimpleNamespace) -> None:
    request_key = uuid4()
    once = attach(key, plan.jkn.kunci, cast.perencana, request_key=request_key)
    assert attach(key, plan.jkn.kunci, cast.perencana, request_key=request_key) == once
    assert BuktiDukung.objects.count() == AuditEntry.objects.filter(action="measurement.attach_bukti").count() == 1
    with pytest.raises(BuktiRefused, match="sudah dipakai untuk angka lain"):
        attach(key, plan.ibu.kunci, cast.perencana, request_key=request_key)


def test_the_same_file_for_two_figures_is_one_on_the_disk(
    key: SheetKey, plan: SimpleNamespace, cast: SimpleNamespace, media: Path
) -> None:
    attach(key, plan.jkn.kunci, cast.perencana)
    attach(key, plan.ibu.kunci, cast.perencana)
    assert (BuktiDukung.objects.count(), len(kept_files(media))) == (2, 1)
    with pytest.raises(BuktiRefused, match=r'sudah terlampir .* "rekap\.pdf"'):
        attach(key, plan.jkn.kunci, cast.perencana, name="lagi.pdf")


def test_a_full_disk_changes_nothing(
    key: SheetKey, plan: SimpleNamespace, cast: SimpleNamespace, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileRefused, match="Penyimpanan server penuh"):
        attach(key, plan.jkn.kunci, cast.perencana)
    assert (BuktiDukung.objects.count(), kept_files(media)) == (0, [])


def test_too_large_a_file_is_refused(
    key: SheetKey, plan: SimpleNamespace, cast: SimpleNamespace, settings: Any, media: Path
) -> None:
    settings.EVIDENCE_MAX_BYTES = 1024
    with pytest.raises(FileRefused, match="lebih besar dari batas 1 KB"):
        attach(key, plan.jkn.kunci, cast.perencana, PDF + b"x" * 1024)
    assert kept_files(media) == []


def test_twenty_for_one_figure(key: SheetKey, plan: SimpleNamespace, cast: SimpleNamespace) -> None:
    for number in range(20):
        attach(key, plan.jkn.kunci, cast.perencana, PDF + b"%" * number)
    with pytest.raises(BuktiRefused, match="paling banyak mempunyai 20"):
        attach(key, plan.jkn.kunci, cast.perencana, PDF + b"%" * 21)


def test_a_future_date_is_refused(key: SheetKey, plan: SimpleNamespace, cast: SimpleNamespace) -> None:
    with pytest.raises(BuktiRefused, match="masa depan"):
        attach(key, plan.jkn.kunci, cast.perencana, tanggal=date(2024, 11, 16))


@pytest.mark.parametrize(
    ("tanggal", "said"),
    [
        (date(2024, 9, 30), "sebelum"),
        (date(2024, 10, 1), ""),
        (date(2024, 12, 31), ""),
        (date(2025, 1, 1), "sesudah"),
        (None, "tanpa"),
    ],
)
def test_dates_stand_to_the_period(tanggal: date | None, said: str) -> None:
    assert dating(tanggal, 2024, 4) == said


def link(key: SheetKey, kunci: str, by: Any, tautan: str) -> BuktiDukung:
    return attach_link(
        by=by, key=key, kunci=kunci, tautan=tautan, nama="", tanggal=None, request_key=uuid4(), today=TODAY
    )


def test_a_link_is_named_by_its_host(key: SheetKey, plan: SimpleNamespace, cast: SimpleNamespace) -> None:
    assert link(key, plan.jkn.kunci, cast.perencana, " https://data.example.go.id/rekap ").nama == "data.example.go.id"


@pytest.mark.parametrize(
    ("tautan", "words"),
    [
        ("javascript:alert(1)", "https://"),
        ("data:text/html,x", "https://"),
        ("ftp://example.go.id/a", "https://"),
        ("example.go.id", "https://"),
        ("https://a b.go.id", "https://"),
        ("https://orang:sandi@example.go.id/", "kata sandi"),
        ("https://example.go.id/" + "x" * 500, "paling panjang 500"),
    ],
)
def test_links_that_are_refused(
    key: SheetKey, plan: SimpleNamespace, cast: SimpleNamespace, tautan: str, words: str
) -> None:
    with pytest.raises(BuktiRefused, match=words):
        link(key, plan.jkn.kunci, cast.perencana, tautan)


def test_nothing_after_submission(key: SheetKey, plan: SimpleNamespace, cast: SimpleNamespace) -> None:
    values = {plan.stunting: "8,5", plan.ibu: "1", plan.berkas: "3", plan.jkn: "97"}
    changes = [Change(indikator.kunci, teks) for indikator, teks in values.items()]
    write_sheet(by=cast.perencana, key=key, changes=changes, today=TODAY)
    found = attach(key, plan.jkn.kunci, cast.perencana)
    set_wajib_bukti(by=cast.perencana, tahun_kinerja=key.tahun_kinerja, wajib=True)
    key.tahun_kinerja.instansi.refresh_from_db()
    with pytest.raises(StateRefused, match="Jumlah dokumen perencanaan belum mempunyai bukti dukung"):
        advance(by=cast.perencana, key=key, transition="ajukan", today=TODAY)
    for one in (plan.stunting, plan.ibu, plan.berkas):
        attach(key, one.kunci, cast.perencana)
    advance(by=cast.perencana, key=key, transition="ajukan", today=TODAY)
    with pytest.raises(StateRefused, match="diajukan sejak"):
        attach(key, plan.jkn.kunci, cast.perencana, PNG, "foto.png")
    with pytest.raises(StateRefused, match="diajukan sejak"):
        remove_bukti(by=cast.perencana, bukti=found, today=TODAY)
    assert BuktiDukung.objects.filter(removed_at=None).count() == 4


def test_removed_evidence_stays_for_the_audit(
    key: SheetKey, plan: SimpleNamespace, cast: SimpleNamespace, media: Path
) -> None:
    found = attach(key, plan.jkn.kunci, cast.perencana)
    for _ in range(2):
        remove_bukti(by=cast.perencana, bukti=found, today=TODAY)
    assert AuditEntry.objects.filter(action="measurement.remove_bukti").count() == 1
    assert (media / found.berkas).exists()
    assert attach(key, plan.jkn.kunci, cast.perencana).pk != found.pk


@pytest.mark.parametrize("role", ["kepala", "kepala_unit", "inspektorat", "admin", "publik", "outsider", "newcomer"])
def test_who_may_not_attach(
    key: SheetKey, plan: SimpleNamespace, cast: SimpleNamespace, role: str, media: Path
) -> None:
    with pytest.raises(PermissionDenied):
        attach(key, plan.jkn.kunci, getattr(cast, role))
    assert kept_files(media) == []


# --- the virus scanner ---


def scanner(settings: Any, tmp_path: Path, code: str) -> None:
    """A scanner that runs `code` over the path of the file."""
    script = tmp_path / "pindai.py"
    script.write_text(f"import sys, time\npath = sys.argv[1]\n{code}\n")
    settings.SCAN_COMMAND = f"{sys.executable} {script} {{path}}"


def test_a_clean_file_says_so(
    key: SheetKey, plan: SimpleNamespace, cast: SimpleNamespace, settings: Any, tmp_path: Path
) -> None:
    scanner(settings, tmp_path, "sys.exit(0 if open(path, 'rb').read().startswith(b'%PDF') else 3)")
    assert attach(key, plan.jkn.kunci, cast.perencana).pindai == "bersih"


def test_an_infected_file_is_refused_and_audited(
    key: SheetKey, plan: SimpleNamespace, cast: SimpleNamespace, settings: Any, tmp_path: Path, media: Path
) -> None:
    scanner(settings, tmp_path, "sys.exit(1)")
    instansi = plan.tahun_kinerja.instansi
    unit = UnitKerja.objects.create(instansi=instansi, kunci="kesmas", nama="Kesmas", jenis="bidang")
    Indikator.objects.filter(pk=plan.jkn.pk).update(penanggung_jawab=unit)
    with pytest.raises(FileRefused, match="isi berbahaya"):
        attach(replace(key, unit=unit), plan.jkn.kunci, cast.perencana)
    entry = AuditEntry.objects.get(action="measurement.attach_bukti")
    assert (entry.outcome, entry.unit_kunci) == (AuditEntry.Outcome.REFUSED, "kesmas")
    assert entry.after == {"nama": "rekap.pdf", "sha256": hashlib.sha256(PDF).hexdigest()}
    assert (BuktiDukung.objects.count(), kept_files(media)) == (0, [])


@pytest.mark.parametrize("code", ["sys.exit(2)", "sys.exit(-9)", "time.sleep(30)", None])
def test_what_could_not_be_scanned(
    key: SheetKey,
    plan: SimpleNamespace,
    cast: SimpleNamespace,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    code: str | None,
) -> None:
    monkeypatch.setattr("capaian.measurement.bukti_scan.TIMEOUT_SECONDS", 2)
    if code:
        scanner(settings, tmp_path, code)
    else:
        settings.SCAN_COMMAND = "/tidak/ada/pemindai {path}"
    settings.SCAN_REQUIRED = True
    with pytest.raises(FileRefused, match="tidak dapat dipindai"):
        attach(key, plan.jkn.kunci, cast.perencana)
    settings.SCAN_REQUIRED = False
    assert attach(key, plan.jkn.kunci, cast.perencana).pindai == "tidak_dipindai"


def test_no_shell_reads_the_command(
    key: SheetKey, plan: SimpleNamespace, cast: SimpleNamespace, settings: Any, tmp_path: Path
) -> None:
    witness = tmp_path / "saksi"
    settings.SCAN_COMMAND = f"{sys.executable} -c 'import sys; sys.exit(0)' {{path}} ; touch {witness}"
    attach(key, plan.jkn.kunci, cast.perencana)
    assert not witness.exists()


def test_kept_files_are_compared_with_their_checksums(
    key: SheetKey, plan: SimpleNamespace, cast: SimpleNamespace, media: Path
) -> None:
    one, other = attach(key, plan.jkn.kunci, cast.perencana), attach(key, plan.ibu.kunci, cast.perencana, PNG, "a.png")
    remove_bukti(by=cast.perencana, bukti=other, today=TODAY)
    assert verify_files().checked == 2
    assert verify_files().is_whole
    (media / one.berkas).write_bytes(b"x")
    (media / other.berkas).unlink()
    said = "\n".join(verify_files().problems)
    assert f"Isi berkas {one.berkas} telah berubah" in said
    assert f"Berkas {other.berkas} hilang" in said


# --- pages ---


def row_url(kunci: str, unit: str = "instansi", periode: int = 4) -> str:
    place = {"instansi": "contoh", "tahun": 2024, "form": "kinerja", "unit": unit, "periode": periode}
    return reverse("measurement:bukti", kwargs={**place, "kunci": kunci})


def url(name: str, **kwargs: object) -> str:
    return reverse(f"measurement:{name}", kwargs={"instansi": "contoh", "tahun": 2024, **kwargs})


def fetch(client: Client, address: str) -> Any:
    """The answer to a request for a file, read to its end as `said`.

    Reading to the end closes it. Closing it again would end the test's own connection, which PostgreSQL notices.
    """
    answer: Any = client.get(address)
    answer.said = b"".join(answer.streaming_content)
    return answer


def test_the_page_attaches_and_shows(plan: SimpleNamespace, login: Any, django_assert_max_num_queries: Any) -> None:
    client = login("perencana")
    page = client.get(row_url(plan.jkn.kunci)).content.decode()
    assert "Belum ada bukti dukung" in page
    assert "<html" in page
    form = {
        "berkas": SimpleUploadedFile("rekap.pdf", PDF, "text/html"),
        "tanggal": "2025-01-20",
        "request_key": str(uuid4()),
    }
    assert client.post(row_url(plan.jkn.kunci), form).status_code == 302
    with django_assert_max_num_queries(30):
        page = client.get(row_url(plan.jkn.kunci), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    assert "Sesudah periode" in page
    assert hashlib.sha256(PDF).hexdigest() in page


def test_a_refusal_keeps_what_was_typed(plan: SimpleNamespace, login: Any) -> None:
    form = {"tautan": "http:/salah", "nama": "Rekap", "tanggal": "2024-11-01", "request_key": str(uuid4())}
    page = login("perencana").post(row_url(plan.jkn.kunci), form).content.decode()
    assert "Tautan ditulis lengkap" in page
    assert 'value="http:/salah"' in page
    assert 'value="2024-11-01"' in page
    assert BuktiDukung.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"tanggal": "kemarin"}, "tidak terbaca"),
        ({"request_key": "x"}, "tidak lengkap"),
        ({"tautan": ""}, "Pilih satu berkas"),
        ({"tautan": "https://contoh.go.id/\x07"}, "https://"),
    ],
)
def test_bad_input_is_answered_in_words(plan: SimpleNamespace, login: Any, change: dict[str, str], words: str) -> None:
    form = {"tautan": "https://contoh.go.id", "tanggal": "", "request_key": str(uuid4()), **change}
    assert words in login("perencana").post(row_url(plan.jkn.kunci), form).content.decode()


def test_links_lead_out_safely(key: SheetKey, plan: SimpleNamespace, cast: SimpleNamespace, login: Any) -> None:
    link(key, plan.jkn.kunci, cast.perencana, "https://data.example.go.id/rekap")
    page = login("kepala").get(row_url(plan.jkn.kunci)).content.decode()
    assert 'href="https://data.example.go.id/rekap" target="_blank" rel="noopener noreferrer"' in page
    assert "tanpa hak melampirkannya" in page


def test_files_are_shown_in_a_sandbox_or_saved(
    key: SheetKey, plan: SimpleNamespace, cast: SimpleNamespace, login: Any
) -> None:
    pdf = attach(key, plan.jkn.kunci, cast.perencana)
    text = attach(key, plan.jkn.kunci, cast.perencana, b"kunjungan;1674\n", "rekap.csv")
    client = login("kepala")
    shown = fetch(client, url("bukti_berkas", pk=pdf.pk) + "?lihat=1")
    assert shown.said == PDF
    assert shown["Content-Disposition"].startswith("inline")
    assert shown["Content-Security-Policy"].endswith("sandbox")
    assert shown["X-Content-Type-Options"] == "nosniff"
    for address in (url("bukti_berkas", pk=pdf.pk), url("bukti_berkas", pk=text.pk) + "?lihat=1"):
        assert fetch(client, address)["Content-Disposition"].startswith("attachment")


def test_another_unit_sees_and_changes_nothing(
    plan: SimpleNamespace, units: SimpleNamespace, cast: SimpleNamespace, login: Any
) -> None:
    Membership.objects.filter(user=cast.operator).update(unit=units.timur)
    theirs = attach(SheetKey(plan.tahun_kinerja, "kinerja", units.barat, 4), plan.berkas.kunci, cast.perencana)
    own = attach(SheetKey(plan.tahun_kinerja, "kinerja", units.timur, 4), plan.berkas.kunci, cast.operator)
    client: Client = login("operator")
    assert fetch(client, url("bukti_berkas", pk=own.pk)).said == PDF
    assert client.get(url("bukti_berkas", pk=theirs.pk)).status_code == 404
    assert client.post(url("bukti_hapus", pk=theirs.pk)).status_code == 404
    assert client.get(row_url(plan.berkas.kunci, "pkm-timur")).status_code == 200
    for name in ("pkm-barat", "instansi"):
        assert client.get(row_url(plan.berkas.kunci, name)).status_code == 403
        place = {"form": "kinerja", "unit": name, "periode": 4}
        assert client.get(url("bukti_lembar", **place)).status_code == 403
    assert client.post(row_url(plan.berkas.kunci, "pkm-barat"), {"tautan": "https://a.id"}).status_code == 403
    assert BuktiDukung.objects.get(pk=theirs.pk).removed_at is None


def test_removed_evidence_is_gone_from_pages(
    key: SheetKey, plan: SimpleNamespace, cast: SimpleNamespace, login: Any
) -> None:
    found = attach(key, plan.jkn.kunci, cast.perencana)
    client = login("perencana")
    answer = client.post(
        url("bukti_hapus", pk=found.pk), {"kunci": plan.jkn.kunci}, headers={"HX-Request": "true"}
    ).content.decode()
    assert "Belum ada bukti dukung" in answer
    assert client.get(url("bukti_berkas", pk=found.pk)).status_code == 404


def test_the_list_of_a_sheet(
    key: SheetKey, plan: SimpleNamespace, cast: SimpleNamespace, login: Any, django_assert_max_num_queries: Any
) -> None:
    client = login("kepala")
    address = url("bukti_lembar", form="kinerja", unit="instansi", periode=4)
    assert "Belum ada angka yang terisi" in client.get(address).content.decode()
    changes = [Change(plan.jkn.kunci, "97"), Change(plan.ibu.kunci, "1")]
    write_sheet(by=cast.perencana, key=key, changes=changes, today=TODAY)
    for number in range(5):
        attach(key, plan.jkn.kunci, cast.perencana, PDF + b"%" * number)
    with django_assert_max_num_queries(25):
        page = client.get(address).content.decode()
    assert "1 dari 2" in page
    assert "dan 2 lagi" in page


def test_the_rule_of_the_office(login: Any, cast: SimpleNamespace, tahun_kinerja: Any) -> None:
    client = login("perencana")
    assert client.post(url("aturan_bukti"), {"wajib": "ya"}).status_code == 302
    client.post(url("aturan_bukti"), {"wajib": "ya"})
    tahun_kinerja.instansi.refresh_from_db()
    assert tahun_kinerja.instansi.wajib_bukti
    assert AuditEntry.objects.filter(action="measurement.set_wajib_bukti").count() == 1
    assert client.get(url("aturan_bukti")).status_code == 200


@pytest.mark.parametrize("person", ["outsider", "newcomer", "publik"])
def test_the_outsider_is_refused(
    key: SheetKey, plan: SimpleNamespace, cast: SimpleNamespace, login: Any, person: str
) -> None:
    found = attach(key, plan.jkn.kunci, cast.perencana)
    client = login(person)
    for address in (
        row_url(plan.jkn.kunci),
        url("bukti_lembar", form="kinerja", unit="instansi", periode=4),
        url("bukti_berkas", pk=found.pk),
        url("aturan_bukti"),
    ):
        assert client.get(address).status_code == 403
    assert client.post(url("bukti_hapus", pk=found.pk)).status_code == 403


@pytest.mark.parametrize("role", ["operator", "pemegang_program", "kepala", "inspektorat", "keuangan"])
def test_only_the_planner_sets_the_rule(login: Any, role: str) -> None:
    assert login(role).post(url("aturan_bukti"), {"wajib": "ya"}).status_code == 403


def test_an_address_without_a_sheet_is_not_found(plan: SimpleNamespace, login: Any) -> None:
    client = login("perencana")
    for address in (row_url("tidak.ada"), row_url(plan.jkn.kunci, "tidak-ada"), row_url(plan.jkn.kunci, periode=7)):
        assert client.get(address).status_code == 404
