"""What is stored as a result: units by themselves, the office of verified quarters only, and the school year."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest

from capaian.organisations.models import TahunKinerja
from capaian.spm.actions import SasaranInput, SpmRefused, compute_spm, record_sasaran, use_sasaran
from capaian.spm.compute import explain, read_year
from capaian.spm.models import CapaianSpm, MutuSpm, PelayananSpm, SasaranSpm
from capaian.workflow.models import AuditEntry, Form, Submission

pytestmark = pytest.mark.integration


def result(spm: SimpleNamespace, unit: str | None, triwulan: int, layanan: str = "balita") -> CapaianSpm | None:
    where = spm.units[unit] if unit else None
    return CapaianSpm.objects.filter(
        tahun_kinerja=spm.tahun_kinerja, unit=where, layanan=layanan, triwulan=triwulan
    ).first()


def test_a_unit_counts_all_that_it_entered(spm: SimpleNamespace) -> None:
    first, half = result(spm, "mawar", 1), result(spm, "mawar", 2)
    assert (first.sasaran, first.terlayani, first.penerima) == (1200, 270, Decimal("22.50"))
    assert (half.terlayani, half.penerima) == (540, Decimal("45.00"))
    assert result(spm, "melati", 1).penerima == Decimal("30.00")
    assert result(spm, "melati", 2) is None
    assert result(spm, "anggrek", 1) is None


def test_the_office_joins_verified_quarters_over_all_its_sasaran(spm: SimpleNamespace) -> None:
    office = result(spm, None, 1)
    assert (office.sasaran, office.terlayani) == (2100, 270)
    assert (office.unit_dihitung, office.unit_total) == (1, 3)
    assert office.catatan[0] == "Baru 1 dari 3 unit yang laporannya terverifikasi."
    Submission.objects.filter(unit=spm.units["melati"]).update(state=Submission.State.DISETUJUI)
    compute_spm(by=None, tahun_kinerja=spm.tahun_kinerja)
    assert result(spm, None, 1).terlayani == 270 + 180


def test_a_unit_without_its_last_quarter_keeps_what_was_verified_before(spm: SimpleNamespace) -> None:
    Submission.objects.filter(unit=spm.units["melati"]).update(state=Submission.State.TERVERIFIKASI)
    compute_spm(by=None, tahun_kinerja=spm.tahun_kinerja)
    half = result(spm, None, 2)
    assert (half.terlayani, half.unit_dihitung) == (540 + 180, 1)
    assert result(spm, None, 0).terlayani == 540 + 180
    assert result(spm, None, 3) is None


def test_the_result_equals_the_list_behind_it(spm: SimpleNamespace) -> None:
    for row in CapaianSpm.objects.filter(unit__isnull=False).exclude(layanan="usia_pendidikan_dasar"):
        months = PelayananSpm.objects.filter(unit=row.unit, layanan=row.layanan)
        months = months.filter(triwulan__lte=row.triwulan or 4)
        assert row.terlayani == sum(months.values_list("terlayani", flat=True))


def test_the_school_year_reaches_back_and_its_change_reaches_forward(spm: SimpleNamespace) -> None:
    before = TahunKinerja.objects.get(instansi=spm.tahun_kinerja.instansi, tahun=spm.tahun_kinerja.tahun - 1)
    assert result(spm, "mawar", 2, "usia_pendidikan_dasar").terlayani == 90 * 5  # January to May
    PelayananSpm.objects.create(
        tahun_kinerja=before,
        unit=spm.units["mawar"],
        layanan="usia_pendidikan_dasar",
        triwulan=3,
        bulan=8,
        terlayani=500,
    )
    compute_spm(by=None, tahun_kinerja=before, units=[spm.units["mawar"]])
    assert result(spm, "mawar", 2, "usia_pendidikan_dasar").terlayani == 90 * 5 + 500


def test_a_second_source_is_kept_as_a_conflict_until_it_is_chosen(spm: SimpleNamespace) -> None:
    stated = SasaranInput("balita", 1000, "riil", "Pendataan posyandu")
    row = record_sasaran(by=None, tahun_kinerja=spm.tahun_kinerja, unit=spm.units["mawar"], stated=stated)
    assert not row.dipakai
    assert result(spm, "mawar", 1).sasaran == 1200
    use_sasaran(by=None, sasaran=row, reason="Hasil pendataan lengkap")
    use_sasaran(by=None, sasaran=row)
    assert result(spm, "mawar", 1).penerima == Decimal("27.00")
    assert result(spm, None, 1).sasaran == 1000 + 600 + 300
    assert SasaranSpm.objects.filter(unit=spm.units["mawar"], kelompok="balita").count() == 2
    assert AuditEntry.objects.filter(action="spm.use_sasaran").count() == 1


def test_a_new_decree_of_the_same_number_is_audited_too(spm: SimpleNamespace) -> None:
    for nomor in ("SK 1/2024", "SK 2/2024", "SK 2/2024"):
        stated = SasaranInput("balita", 1000, "penetapan", "SK Bupati", nomor_keputusan=nomor)
        record_sasaran(by=None, tahun_kinerja=spm.tahun_kinerja, unit=spm.units["mawar"], stated=stated)
    last = AuditEntry.objects.filter(action="spm.record_sasaran").order_by("number")
    assert [entry.after["nomor_keputusan"] for entry in last] == ["SK 1/2024", "SK 2/2024"]


@pytest.mark.parametrize(
    ("stated", "why"),
    [
        (SasaranInput("balta", 1, "riil", "x"), 'Kelompok sasaran "balta" tidak dikenal'),
        (SasaranInput("balita", -1, "riil", "x"), "tidak dapat negatif"),
        (SasaranInput("balita", 1, "kira", "x"), 'Metode "kira" tidak dikenal'),
        (SasaranInput("balita", 1, "penetapan", "SK"), "memerlukan nomor keputusannya"),
        (SasaranInput("balita", 1, "riil", " "), "Sumber sasaran belum diisi"),
    ],
)
def test_a_sasaran_that_cannot_be_stored_says_why(spm: SimpleNamespace, stated: SasaranInput, why: str) -> None:
    count = SasaranSpm.objects.count()
    with pytest.raises(SpmRefused, match=why):
        record_sasaran(by=None, tahun_kinerja=spm.tahun_kinerja, unit=spm.units["mawar"], stated=stated)
    assert SasaranSpm.objects.count() == count


def test_the_explanation_gives_the_stored_figures(spm: SimpleNamespace) -> None:
    data = read_year(spm.tahun_kinerja)
    for row in CapaianSpm.objects.filter(tahun_kinerja=spm.tahun_kinerja):
        told = explain(data, row.unit_id, data.rules.standar.find(row.layanan), row.triwulan)
        assert (told.penerima, told.mutu, told.nilai) == (row.penerima, row.mutu, row.indeks)
        assert told.trace.steps


def test_counting_again_changes_nothing(spm: SimpleNamespace) -> None:
    stored = list(CapaianSpm.objects.order_by("pk").values())
    compute_spm(by=None, tahun_kinerja=spm.tahun_kinerja)
    assert list(CapaianSpm.objects.order_by("pk").values()) == stored


def stock(spm: SimpleNamespace, unit: str, triwulan: int, tersedia: int) -> None:
    """So much of the one item of `balita` that has a formula in persons: 1 for each."""
    MutuSpm.objects.create(
        tahun_kinerja=spm.tahun_kinerja,
        unit=spm.units[unit],
        butir="balita.vit_a_biru",
        triwulan=triwulan,
        tersedia=tersedia,
    )


def test_the_year_of_the_office_counts_no_stock_that_nobody_verified(spm: SimpleNamespace) -> None:
    stock(spm, "mawar", 1, 600)
    stock(spm, "mawar", 2, 1200)
    Submission.objects.create(
        tahun_kinerja=spm.tahun_kinerja,
        form=Form.SPM_MUTU,
        unit=spm.units["mawar"],
        periode=1,
        state=Submission.State.TERVERIFIKASI,
    )
    compute_spm(by=None, tahun_kinerja=spm.tahun_kinerja)
    assert result(spm, None, 1).mutu == Decimal("50.00")
    assert result(spm, None, 2).mutu is None
    assert result(spm, None, 0).mutu == Decimal("50.00")
    assert result(spm, "mawar", 0).mutu == Decimal("100.00")


def test_what_was_there_when_the_needs_were_counted_is_no_report(spm: SimpleNamespace) -> None:
    stock(spm, "anggrek", 0, 300)
    compute_spm(by=None, tahun_kinerja=spm.tahun_kinerja)
    assert result(spm, "anggrek", 0) is None
