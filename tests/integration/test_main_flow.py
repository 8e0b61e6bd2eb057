"""The way of a year's figures from files to a report, and people who save at the same moment.

Runs on the database that the settings name; `test_postgres` runs it on PostgreSQL.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client

from capaian.exchange.samples.load import load_sample
from capaian.exchange.samples.reader import read_sample, sample_names
from capaian.measurement.actions import record_realisasi, save_analisis
from capaian.measurement.models import Capaian
from capaian.organisations.models import Membership, TahunKinerja
from capaian.planning.actions import propose_target_triwulan
from capaian.reports.actions import generate_report, request_once
from capaian.workflow.actions import set_deadline
from capaian.workflow.models import AuditEntry

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]
TODAY = date(2025, 1, 15)
# A sample that holds only SPM has no plan to measure.
PLANNED = [name for name in sample_names() if read_sample(name).manifest["dokumen"]]


def at_once(*calls: Callable[[], object]) -> list[object]:
    """The results or exceptions of calls made at the same moment, each with a connection of its own."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite in memory has one connection; make test-postgres runs this")

    def one(call: Callable[[], object]) -> object:
        try:
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


@pytest.mark.parametrize("name", PLANNED)
def test_from_files_to_a_saved_figure_and_a_report(name: str, client: Client, django_user_model: type) -> None:
    sample = read_sample(name)
    year = load_sample(sample=sample, by=None).tahun_kinerja
    assert not load_sample(sample=sample, by=None).changes["changed"]
    user = django_user_model.objects.create_user("perencana")  # type: ignore[attr-defined]
    Membership.objects.create(user=user, instansi=year.instansi, role="perencana")
    client.force_login(user)
    place = f"/{year.instansi.kunci}/{year.tahun}/"
    for page in ("", "perencanaan/", "rencana-aksi/", "pengukuran/", "anggaran/", "laporan/", "reviu/"):
        assert client.get(f"{place}{page}").status_code == 200, page
    target = year.dokumen.exclude(jenis="renstra").last().target.filter(tahun=year.tahun).first()
    cell = {"kunci": f"c{target.indikator.pk}-1", "teks": "50"}
    body = json.dumps({"cells": [cell], "tw": 1})
    answer = client.post(f"{place}pengukuran/realisasi/", body, content_type="application/json").json()
    assert answer["cells"][0]["status"] == "saved", answer
    assert AuditEntry.objects.filter(action="measurement.record_realisasi", by=user).count() == 1
    version = request_once(by=user, tahun_kinerja=year, jenis="lkip")
    assert version is not None
    generate_report(version.pk)
    version.refresh_from_db()
    assert (version.state, version.error) == ("ready", "")
    assert client.get(f"{place}laporan/{version.pk}/unduh/docx/").content.startswith(b"PK")


def test_quarters_saved_at_the_same_moment_all_count(plan: SimpleNamespace) -> None:
    quarters = {1: "6", 2: "2", 3: "3", 4: "3"}
    results = at_once(
        *(
            lambda periode=periode, teks=teks: record_realisasi(  # type: ignore[misc]
                by=None, indikator=plan.berkas, tahun=2024, periode=periode, teks=teks, today=TODAY
            )
            for periode, teks in quarters.items()
        )
    )
    assert not [one for one in results if isinstance(one, Exception)], results
    # 6 + 2 + 3 + 3 of 14
    assert Capaian.objects.get(indikator=plan.berkas, periode=0, tahun_target=2024).tampil == 100


def test_an_analysis_saved_twice_at_the_same_moment_is_one(plan: SimpleNamespace) -> None:
    row = {"jenis": "penunjang", "program": None, "indikator_pendukung": "", "uraian": "Posyandu"}
    results = at_once(
        *[
            lambda: save_analisis(
                by=None, tahun_kinerja=plan.tahun_kinerja, indikator=plan.stunting, uraian="x", faktor=[row, row]
            )
        ]
        * 4
    )
    assert not [one for one in results if isinstance(one, Exception)], results
    assert plan.stunting.analisis.get().faktor.count() == 2


def test_a_report_asked_for_four_times_at_the_same_moment_is_made_once(plan: SimpleNamespace) -> None:
    ask = lambda: request_once(by=None, tahun_kinerja=plan.tahun_kinerja, jenis="rencana_aksi")  # noqa: E731
    results = at_once(ask, ask, ask, ask)
    assert not [one for one in results if isinstance(one, Exception)], results
    version = plan.tahun_kinerja.report_versions.get()
    assert [one for one in results if one] == [version]
    make = lambda: generate_report(version.pk)  # noqa: E731
    assert at_once(make, make) == [None, None]
    version.refresh_from_db()
    assert version.state == "ready"


def test_a_proposal_made_twice_at_the_same_moment_is_one(plan: SimpleNamespace) -> None:
    plan.dokumen.delete()
    year = TahunKinerja.objects.get(pk=plan.tahun_kinerja.pk)
    propose = lambda: propose_target_triwulan(by=None, tahun_kinerja=year)  # noqa: E731
    results = at_once(propose, propose)
    assert [type(one).__name__ for one in results if isinstance(one, Exception)] == ["ValueError"]
    assert year.dokumen.filter(jenis="rencana_aksi").count() == 1


def test_deadlines_set_at_the_same_moment_are_written_down_one_after_the_other(plan: SimpleNamespace) -> None:
    calls = [
        lambda day=day: set_deadline(  # type: ignore[misc]
            by=None,
            tahun_kinerja=plan.tahun_kinerja,
            form="kinerja",
            periode=1,
            starts_on=None,
            ends_on=date(2024, 4, day),
        )
        for day in (10, 10, 11, 12)
    ]
    results = at_once(*calls)
    assert not [one for one in results if isinstance(one, Exception)], results
    entries = AuditEntry.objects.filter(action="workflow.set_deadline").order_by("number")
    said = list(entries.values_list("before", "after"))
    # Each entry begins with what the one before has left, whatever their order was.
    assert [before for before, _ in said] == [None, *(after for _, after in said[:-1])]
    assert all(before != after for before, after in said)
