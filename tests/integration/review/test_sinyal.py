"""Questions for the verifier: read from what is stored, shown to who verifies the unit, answered as remarks."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from capaian.budget.models import Pagu, RealisasiAnggaran
from capaian.measurement.actions import compute_capaian_year
from capaian.measurement.models import BuktiDukung, Realisasi, RealisasiUnit
from capaian.organisations.models import Membership, TahunKinerja, UnitKerja
from capaian.organisations.permissions import Scope
from capaian.review.signals import read_questions
from capaian.workflow.models import Comment

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
ALL = Scope(None)


def url(name: str, **kwargs: object) -> str:
    return reverse(f"review:{name}", kwargs={"instansi": "contoh", "tahun": 2024, **kwargs})


def kinds(tahun_kinerja: TahunKinerja, scope: Scope = ALL) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in read_questions(tahun_kinerja, scope).asked:
        found.setdefault(one.question.kode, []).append(one.question.subject)
    return found


def fill(indikator: Any, *quarters: str, tahun: int = 2024) -> None:
    for number, teks in enumerate(quarters, start=1):
        if teks:
            Realisasi.objects.create(indikator=indikator, tahun=tahun, periode=number, teks=teks)


@pytest.fixture
def bidang(plan: SimpleNamespace) -> UnitKerja:
    """The unit that answers for `jkn` and `berkas`."""
    unit = UnitKerja.objects.create(
        instansi=plan.tahun_kinerja.instansi, kunci="bidang-sdk", nama="Bidang SDK", jenis="bidang"
    )
    for one in (plan.jkn, plan.berkas):
        one.penanggung_jawab = unit
        one.save()
    return unit


@pytest.fixture
def copied(plan: SimpleNamespace, bidang: UnitKerja) -> SimpleNamespace:
    """JKN reported as Metro planned it: 24,5 in every quarter."""
    fill(plan.jkn, "24,5", "24,5", "24,5", "24,5")
    return plan


def test_nothing_stands_out_in_an_empty_year(plan: SimpleNamespace, login: Any) -> None:
    assert kinds(plan.tahun_kinerja) == {}
    page = login("perencana").get(url("sinyal")).content.decode()
    assert "Tidak ada yang menonjol" in page
    assert "Tidak diperiksa" in page


def test_copied_quarters_are_asked_about(copied: SimpleNamespace) -> None:
    assert kinds(copied.tahun_kinerja) == {"triwulan_sama": [f"{copied.jkn.kunci} 2024/4"]}


def test_a_jump_against_two_years_of_quarters(plan: SimpleNamespace) -> None:
    fill(plan.berkas, "12", "14", "13", "15", tahun=2023)
    fill(plan.berkas, "13", "60")
    assert kinds(plan.tahun_kinerja) == {"lonjakan": [f"{plan.berkas.kunci} 2024/2"]}


def test_a_target_made_easier_after_a_bad_quarter(plan: SimpleNamespace) -> None:
    changed = plan.tahun_kinerja.dokumen.create(
        kunci="aksi-p", jenis="rencana_aksi", nama="Rencana Aksi Perubahan", versi="perubahan", tanggal=date(2024, 9, 2)
    )
    changed.target.create(indikator=plan.berkas, tahun=2024, teks="8")
    changed.target.create(indikator=plan.stunting, tahun=2024, teks="8,5")
    fill(plan.berkas, "2")
    compute_capaian_year(by=None, tahun_kinerja=plan.tahun_kinerja)
    assert kinds(plan.tahun_kinerja) == {"target_diturunkan": [f"{plan.berkas.kunci} 2024/0"]}
    # A change before the quarter ended was made without knowing it.
    changed.tanggal = date(2024, 3, 1)
    changed.save()
    assert kinds(plan.tahun_kinerja) == {}


def test_evidence_dated_after_the_period(copied: SimpleNamespace, bidang: UnitKerja) -> None:
    for periode, tanggal in ((1, date(2024, 4, 20)), (2, date(2024, 6, 30)), (3, None)):
        BuktiDukung.objects.create(
            tahun_kinerja=copied.tahun_kinerja,
            unit=bidang,
            subject=f"{copied.jkn.kunci} 2024/{periode}",
            periode=periode,
            nama="rekap.pdf",
            tautan="https://contoh.go.id",
            tanggal=tanggal,
            request_key=uuid4(),
        )
    year = read_questions(copied.tahun_kinerja, ALL)
    late = [one for one in year.asked if one.question.kode == "bukti_sesudah_periode"]
    assert [one.question.subject for one in late] == [f"{copied.jkn.kunci} 2024/1"]
    assert 'bukti dukung "Persentase peserta JKN"' in late[0].question.sentence
    assert "20 April 2024" in late[0].question.sentence


def test_money_beside_the_result(plan: SimpleNamespace) -> None:
    """Balangan 2024, Tabel 3.9: 868.402.000 with 814.445.200 spent is 93,8 %; here beside 49 of 98."""
    node = plan.nodes[2]
    Pagu.objects.create(node=node, versi="apbd", jumlah=868_402_000)
    RealisasiAnggaran.objects.create(node=node, periode=0, jumlah=814_445_200)
    fill(plan.jkn, "", "", "", "49")
    compute_capaian_year(by=None, tahun_kinerja=plan.tahun_kinerja)
    found = read_questions(plan.tahun_kinerja, ALL).asked
    assert [one.question.kode for one in found] == ["serapan_tinggi_capaian_rendah"]
    assert '(93,79%), sedangkan capaian "Persentase peserta JKN" baru 50,00%' in found[0].question.sentence


def test_a_unit_that_reports_its_targets(plan: SimpleNamespace) -> None:
    made = []
    for number in range(5):
        one = type(plan.jkn).objects.create(
            instansi=plan.tahun_kinerja.instansi, kunci=f"lain/{number}", nama=f"Lain {number}", arah="naik",
            node=plan.nodes[2], urutan=20 + number,
        )  # fmt: skip
        plan.dokumen.target.create(indikator=one, tahun=2024, teks=str(11 + number))
        Realisasi.objects.create(indikator=one, tahun=2024, periode=0, teks=str(11 + number))
        made.append(one)
    assert kinds(plan.tahun_kinerja) == {"realisasi_sama_target": ["kinerja - 2024/0"]}
    Realisasi.objects.filter(indikator=made[0]).update(teks="12")
    assert kinds(plan.tahun_kinerja) == {}


@pytest.fixture
def puskesmas(plan: SimpleNamespace) -> list[UnitKerja]:
    """Two Puskesmas that report `berkas`, the first the same number four times."""
    plan.berkas.pelapor, plan.berkas.gabungan = "puskesmas", "jumlah"
    plan.berkas.save()
    units = [
        UnitKerja.objects.create(
            instansi=plan.tahun_kinerja.instansi, kunci=f"pkm-{n}", nama=f"Puskesmas {n}", jenis="puskesmas", urutan=n
        )
        for n in (1, 2)
    ]
    for unit in units:
        for periode in range(1, 5):
            teks = "12" if unit == units[0] else str(12 + periode)
            RealisasiUnit.objects.create(indikator=plan.berkas, unit=unit, tahun=2024, periode=periode, teks=teks)
    return units


def test_what_units_report_is_asked_of_them(plan: SimpleNamespace, puskesmas: list[UnitKerja]) -> None:
    found = read_questions(plan.tahun_kinerja, ALL).asked
    assert [(one.unit, one.question.subject) for one in found] == [(puskesmas[0], f"pkm-1 {plan.berkas.kunci} 2024/4")]
    assert kinds(plan.tahun_kinerja, Scope(frozenset({puskesmas[1].pk}))) == {}


def test_the_number_of_queries_does_not_grow(
    plan: SimpleNamespace, puskesmas: list[UnitKerja], django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(20):
        read_questions(plan.tahun_kinerja, ALL)


def test_an_answer_is_a_remark_on_the_figure(copied: SimpleNamespace, bidang: UnitKerja, login: Any) -> None:
    client = login("pemegang_program")
    page = client.get(url("sinyal")).content.decode()
    assert "memang persis sama, 24,5" in page
    assert "Belum dijawab" in page
    subject = f"{copied.jkn.kunci} 2024/4"
    form = {
        "kode": "triwulan_sama",
        "objek": subject,
        "unit": bidang.kunci,
        "jawaban": "Data BPJS hanya terbit tahunan.",
        "request_key": str(uuid4()),
    }
    for _ in range(2):
        answer = client.post(url("sinyal_jawab"), form, headers={"HX-Request": "true"}).content.decode()
    assert "Dijawab" in answer
    assert "Data BPJS hanya terbit tahunan." in answer
    remark = Comment.objects.get()
    assert (remark.unit, remark.subject) == (bidang, subject)
    assert client.get(url("sinyal") + "?status=belum_dijawab").content.decode().count("question-sentence") == 0


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"jawaban": "  "}, 200, "Jawaban ditulis"),
        ({"jawaban": "x" * 2001}, 200, "Jawaban ditulis"),
        ({"kode": "tidak_ada"}, 404, "tidak ada (lagi)"),
        ({"objek": "lain 2024/1"}, 404, "tidak ada (lagi)"),
        ({"request_key": "x"}, 400, "muat ulang"),
    ],
)
def test_bad_answers_change_nothing(
    copied: SimpleNamespace, bidang: UnitKerja, login: Any, change: dict[str, str], code: int, words: str
) -> None:
    form = {
        "kode": "triwulan_sama",
        "objek": f"{copied.jkn.kunci} 2024/4",
        "unit": bidang.kunci,
        "jawaban": "Sudah diperiksa",
        "request_key": str(uuid4()),
        **change,
    }
    answer = login("perencana").post(url("sinyal_jawab"), form, headers={"HX-Request": "true"})
    assert answer.status_code == code
    assert words in answer.content.decode()
    assert Comment.objects.count() == 0


def test_a_verifier_of_one_unit_sees_only_its_questions(
    copied: SimpleNamespace, puskesmas: list[UnitKerja], cast: SimpleNamespace, login: Any
) -> None:
    Membership.objects.filter(user=cast.pemegang_program).update(unit=puskesmas[0])
    client = login("pemegang_program")
    page = client.get(url("sinyal")).content.decode()
    assert "Puskesmas 1" in page
    assert "Persentase peserta JKN" not in page
    own = client.get(url("sinyal_lembar", form="kinerja", unit="pkm-1", periode=4)).content.decode()
    assert "memang persis sama, 12" in own
    assert client.get(url("sinyal_lembar", form="kinerja", unit="pkm-1", periode=3)).content.decode().strip() == ""
    assert client.get(url("sinyal_lembar", form="kinerja", unit="pkm-2", periode=4)).status_code == 403
    form = {"kode": "triwulan_sama", "objek": f"{copied.jkn.kunci} 2024/4", "unit": "bidang-sdk", "jawaban": "x"}
    assert client.post(url("sinyal_jawab"), {**form, "request_key": str(uuid4())}).status_code == 404


@pytest.mark.parametrize("person", ["outsider", "newcomer", "publik", "operator", "kepala_unit", "keuangan", "admin"])
def test_who_neither_verifies_nor_reviews_is_refused(plan: SimpleNamespace, login: Any, person: str) -> None:
    client = login(person)
    assert client.get(url("sinyal")).status_code == 403
    assert client.get(url("sinyal_lembar", form="kinerja", unit="instansi", periode=4)).status_code == 403
    assert client.post(url("sinyal_jawab"), {}).status_code == 403


@pytest.mark.parametrize("person", ["perencana", "pemegang_program", "kepala", "inspektorat"])
def test_who_verifies_or_reviews_finds_the_page(plan: SimpleNamespace, login: Any, person: str) -> None:
    page = login(person).get(url("sinyal")).content.decode()
    assert f'href="{url("sinyal")}"' in page
