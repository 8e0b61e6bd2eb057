"""The surveys of a generated district: the same twice, uneven as real ones, left alone once somebody has any."""

from __future__ import annotations

from datetime import date

import pytest

from capaian.exchange.simulation.district import District
from capaian.exchange.simulation.skm import load_skm
from capaian.organisations.models import Instansi, TahunKinerja, UnitKerja
from capaian.skm.compute import aggregate, measure
from capaian.skm.models import HasilSkm, JawabanSkm, Survei

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
TODAY = date(2025, 2, 1)


def make_year(kunci: str) -> TahunKinerja:
    year = TahunKinerja.objects.create(instansi=Instansi.objects.create(kunci=kunci, nama=kunci), tahun=2024)
    for row in District(10, 2024, 1).unit_rows():
        UnitKerja.objects.create(
            instansi=year.instansi,
            kunci=row["kunci"],
            nama=row["nama"],
            jenis=row["jenis"],
            urutan=row.get("urutan", 0),
        )
    return year


def test_every_puskesmas_is_surveyed_and_the_results_are_those_of_the_answers() -> None:
    year, district = make_year("satu"), District(10, 2024, 1)
    result = load_skm(by=None, tahun_kinerja=year, district=district, today=TODAY)
    surveys = list(year.survei.all())
    assert len(surveys) == 10
    assert result.created == 10 + JawabanSkm.objects.count()
    assert {one.status for one in surveys} == {"dibuka", "ditutup", "terbit"}
    assert [len(one.unsur) for one in surveys].count(8) == 1
    tallies = aggregate([one.pk for one in surveys])
    for kept in HasilSkm.objects.select_related("survei"):
        found = measure(kept.survei, tallies[kept.survei_id])
        assert found.ikm is not None
        assert (kept.tampil, kept.responden) == (found.ikm.tampil, found.responden)
    # Published results have a plan for their lowest unsur.
    for one in Survei.objects.filter(status="terbit"):
        assert one.rencana.exists()
    assert not load_skm(by=None, tahun_kinerja=year, district=district, today=TODAY).has_changes


def test_the_same_seed_gives_the_same_answers_and_nothing_before_its_time() -> None:
    def rows(kunci: str) -> list[tuple[object, ...]]:
        year = make_year(kunci)
        load_skm(by=None, tahun_kinerja=year, district=District(10, 2024, 1), today=TODAY)
        found = JawabanSkm.objects.filter(survei__tahun_kinerja=year).order_by("pk")
        values = list(found.values_list("survei__unit__kunci", "waktu", "sarana", "umur", "tanggal", "saran"))
        year.survei.all().delete()
        return values

    assert rows("satu") == rows("dua")
    early = load_skm(by=None, tahun_kinerja=make_year("tiga"), district=District(10, 2024, 1), today=date(2024, 8, 1))
    assert not early.has_changes
