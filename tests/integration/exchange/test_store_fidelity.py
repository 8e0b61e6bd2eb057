"""The comparison beside the office year: stored once, found by the site's queries, and changed only when it changed."""

from __future__ import annotations

import pytest

from capaian.exchange.fidelity.check import check_sample, summary
from capaian.exchange.fidelity.store import store_fidelity
from capaian.exchange.samples.load import load_sample
from capaian.exchange.samples.reader import read_sample
from capaian.review.actions import record_figura
from capaian.review.models import FiguraTercetak
from capaian.review.queries import status_counts
from capaian.workflow.models import AuditEntry

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def test_figures_are_stored_in_printed_order_and_twice_changes_nothing():
    sample = read_sample("metro_2024")
    year = load_sample(sample=sample, by=None).tahun_kinerja
    found = check_sample(sample)
    first = store_fidelity(by=None, tahun_kinerja=year, figures=found)
    entries = AuditEntry.objects.count()
    second = store_fidelity(by=None, tahun_kinerja=year, figures=found)
    assert (first.created, second.has_changes, AuditEntry.objects.count()) == (len(found), False, entries)
    counts = {count.status: count.jumlah for count in status_counts(year)}
    expected = summary(found)[""]
    assert (counts["sama"], counts["beda"], counts["tidak_dihitung"]) == (
        expected.sama,
        expected.beda,
        expected.tidak_dihitung,
    )
    stored = FiguraTercetak.objects.get(tahun_kinerja=year, kunci="1.02.01.2.10/1", status="beda")
    assert (stored.tercetak, stored.terhitung) == ("11 dan 2", "4")


def test_labels_that_are_too_long_are_cut_and_fewer_figures_remove_the_rest():
    year = load_sample(sample=read_sample("metro_2024"), by=None).tahun_kinerja
    row = {
        "tabel": "T",
        "baris": "x" * 400,
        "kolom": "capaian_tercetak",
        "kunci": "",
        "tercetak": "1",
        "terhitung": "2",
        "status": "beda",
        "rumus": "R ÷ T × 100",
        "masukan": {"target": "1"},
        "alasan": "tidak terjelaskan",
    }
    record_figura(by=None, tahun_kinerja=year, rows=[row, row])
    assert len(FiguraTercetak.objects.filter(tahun_kinerja=year).first().baris) == 300
    assert record_figura(by=None, tahun_kinerja=year, rows=[row]).removed == 1
