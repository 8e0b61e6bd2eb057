"""Recording a realisasi: what is accepted, what is refused and how, and the capaian that follows.

Expected figures by hand from regulations 7.6 (quarters) and 7.1 (formulas).
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied

from capaian.measurement.actions import Recorded, compute_capaian_year, record_realisasi
from capaian.measurement.compute import capaian_rows
from capaian.measurement.entry import RealisasiRefused
from capaian.measurement.models import Capaian, Realisasi
from capaian.measurement.quarters import NO_SPLIT, WRONG_SPLIT
from capaian.measurement.queries import iku_table
from capaian.planning.models import Indikator
from capaian.workflow.models import AuditEntry

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
TODAY = date(2024, 11, 15)


def record(
    cast: SimpleNamespace, indikator: Indikator, periode: int, teks: str, *, role: str = "pemegang_program"
) -> Recorded:
    return record_realisasi(
        by=getattr(cast, role), indikator=indikator, tahun=2024, periode=periode, teks=teks, today=TODAY
    )


def test_accepted_with_capaian_and_one_entry(plan: SimpleNamespace, cast: SimpleNamespace) -> None:
    result = record(cast, plan.berkas, 1, "3")
    assert (result.teks, result.changed) == ("3", True)
    assert result.capaian[1].tampil == Decimal("50.00")  # 3 of 6 planned
    assert result.capaian[0].tampil == Decimal("21.43")  # 3 of 14
    entry = AuditEntry.objects.get(action="measurement.record_realisasi")
    assert (entry.by, entry.subject, entry.before, entry.after) == (
        cast.pemegang_program,
        f"{plan.berkas.kunci} 2024/1",
        None,
        {"teks": "3"},
    )


def test_quarters_add_up_and_a_correction_reaches_the_later_ones(plan: SimpleNamespace, cast: SimpleNamespace) -> None:
    for periode, teks in enumerate(["6", "2", "2"], start=1):
        result = record(cast, plan.berkas, periode, teks)
    assert result.capaian[3].tampil == Decimal("90.91")  # 10 of 11
    kept = result.capaian[3].pk
    corrected = record(cast, plan.berkas, 1, "7")
    assert corrected.capaian[3].tampil == Decimal("100.00")  # 11 of 11
    assert corrected.capaian[3].pk == kept
    assert corrected.capaian[0].tampil == Decimal("78.57")  # 11 of 14
    assert AuditEntry.objects.filter(action="measurement.record_realisasi").first().before == {"teks": "6"}


def test_lower_is_better_with_nothing_planned_yet(plan: SimpleNamespace, cast: SimpleNamespace) -> None:
    first = record(cast, plan.ibu, 1, "1").capaian[1]
    assert first.status == Capaian.Status.BELUM_ADA
    assert "Tidak ada target yang direncanakan sampai triwulan I." in first.catatan
    assert record(cast, plan.ibu, 2, "1").capaian[2].tampil == Decimal("0.00")  # (2·1 − 2) / 1


def test_level_split_like_a_count_is_compared_with_the_year(plan: SimpleNamespace, cast: SimpleNamespace) -> None:
    capaian = record(cast, plan.stunting, 2, "8,5").capaian
    assert capaian[2].tampil == capaian[0].tampil == Decimal("101.16")  # (2·8,6 − 8,5) / 8,6: the PK's 8,6 counts
    assert WRONG_SPLIT in capaian[2].catatan


def test_level_keeps_the_last_quarter(plan: SimpleNamespace, cast: SimpleNamespace) -> None:
    record(cast, plan.jkn, 1, "90")
    capaian = record(cast, plan.jkn, 3, "98").capaian
    assert (capaian[1].tampil, capaian[3].tampil, capaian[0].tampil) == (Decimal("91.84"), Decimal(100), Decimal(100))
    assert NO_SPLIT in capaian[3].catatan
    assert 2 not in capaian


def test_a_figure_of_the_year_wins(plan: SimpleNamespace, cast: SimpleNamespace) -> None:
    record(cast, plan.berkas, 1, "6")
    assert record(cast, plan.berkas, 0, "14").capaian[0].tampil == Decimal(100)
    assert record(cast, plan.berkas, 0, "").capaian[0].tampil == Decimal("42.86")  # back to 6 of 14


def test_the_year_table_shows_the_joined_quarters(plan: SimpleNamespace, cast: SimpleNamespace) -> None:
    record(cast, plan.ibu, 2, "1")
    record(cast, plan.ibu, 3, "1")
    row = next(row for row in iku_table(plan.tahun_kinerja) if row.indikator == plan.ibu)
    assert (row.realisasi, row.capaian.tampil) == ("2", Decimal(100))


def test_same_again_changes_nothing(plan: SimpleNamespace, cast: SimpleNamespace) -> None:
    record(cast, plan.berkas, 1, "6")
    before = AuditEntry.objects.count()
    again = record(cast, plan.berkas, 1, " 6 ")
    assert (again.changed, again.capaian[1].tampil) == (False, Decimal(100))
    assert AuditEntry.objects.count() == before


def test_clearing_removes_value_and_capaian(plan: SimpleNamespace, cast: SimpleNamespace) -> None:
    record(cast, plan.berkas, 1, "6")
    assert 1 not in record(cast, plan.berkas, 1, "-").capaian
    assert not Realisasi.objects.exists()


@pytest.mark.parametrize(
    ("name", "periode", "teks", "words"),
    [
        ("berkas", 1, "1.234", "dapat berarti 1.234 atau 1,234"),
        ("berkas", 1, "enam", "tidak dikenal. Targetnya 14: tulis angka"),
        ("kosong", 1, "5", "belum mempunyai target 2024"),
        ("berkas", 7, "5", "Periode 7 tidak ada"),
    ],
)
def test_refused_and_nothing_is_written(
    plan: SimpleNamespace, cast: SimpleNamespace, name: str, periode: int, teks: str, words: str
) -> None:
    with pytest.raises(RealisasiRefused, match=words):
        record(cast, getattr(plan, name), periode, teks)
    assert not Realisasi.objects.exists()
    assert not AuditEntry.objects.filter(action__startswith="measurement").exists()


def test_future_quarter_is_refused(plan: SimpleNamespace, cast: SimpleNamespace) -> None:
    with pytest.raises(RealisasiRefused, match="Triwulan IV 2024 baru dimulai 1 Oktober 2024"):
        record_realisasi(
            by=cast.perencana, indikator=plan.berkas, tahun=2024, periode=4, teks="3", today=date(2024, 9, 30)
        )


@pytest.mark.parametrize("role", ["kepala", "inspektorat", "publik", "outsider"])
def test_others_are_refused(plan: SimpleNamespace, cast: SimpleNamespace, role: str) -> None:
    with pytest.raises(PermissionDenied, match="tidak berhak mengisi realisasi"):
        record(cast, plan.berkas, 1, "6", role=role)


def test_one_indicator_and_the_whole_year_agree(plan: SimpleNamespace, cast: SimpleNamespace) -> None:
    for name, teks in (("berkas", "6"), ("ibu", "1"), ("jkn", "90"), ("stunting", "8,5")):
        record(cast, getattr(plan, name), 2, teks)
    result = compute_capaian_year(by=None, tahun_kinerja=plan.tahun_kinerja)
    assert (result.created, result.changed, result.removed) == (0, 0, 0)


def test_a_year_is_computed_in_five_queries(
    plan: SimpleNamespace, cast: SimpleNamespace, django_assert_max_num_queries: object
) -> None:
    record(cast, plan.berkas, 1, "6")
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        rows = capaian_rows(plan.tahun_kinerja)
    assert {row["periode"] for row in rows} == {0, 1}
