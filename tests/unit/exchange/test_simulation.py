"""The generated district before it meets a database: repeatable, complete, readable, and without people."""

import re
from pathlib import Path

import pytest

import capaian.rules
from capaian.exchange.simulation.catalogue import COLLECTED
from capaian.exchange.simulation.district import District
from capaian.exchange.simulation.histories import state_after
from capaian.exchange.simulation.money import pagu_rows, realisasi_rows
from capaian.exchange.simulation.names import MOST, place_names
from capaian.exchange.simulation.quarters import office_cells, unit_cells, way_of
from capaian.measurement.entry import read_realisasi

pytestmark = pytest.mark.unit

NOMENCLATURE = Path(capaian.rules.__file__).parent / ("packs/nomenklatur/kepmendagri_900_1_15_5_1317_2023/pack.yaml")
# Given names and family names that many people bear; a place or a unit must not sound like one of them.
PEOPLE = """
abdul achmad adi agung agus ahmad ali andi anita ari asep ayu bambang budi dedi desi dewi dian dwi eka eko
endang fitri hadi hasan hendra heru indah indra ika ira joko kartini kurnia lestari lina made maria muhammad
mega nur nyoman pratama pratiwi putra putri rahmat rani ratna rina rini rizki rudi sari setiawan siti slamet
sri suharto sukarno sulastri sumarni surya susanti sutrisno tri tuti wahyu wati wayan widodo wulandari yanti
yuni yusuf zainal hidayat nugroho santoso saputra siregar nasution simanjuntak lubis ginting tarigan harahap
pakpahan situmorang panjaitan wijaya gunawan kusuma utami
"""


def rows(district: District) -> list[object]:
    return [
        district.unit_rows(),
        district.node_rows,
        district.indikator_rows(),
        district.target_rows(),
        district.target_triwulan_rows(),
        pagu_rows(district),
        realisasi_rows(district),
        [office_cells(district, quarter) for quarter in (1, 2, 3, 4)],
        [unit_cells(district, unit, quarter) for unit in district.reporters for quarter in (1, 2, 3, 4)],
    ]


def test_the_same_size_and_seed_give_the_same_rows():
    assert rows(District(7, 2024, 3)) == rows(District(7, 2024, 3))
    assert rows(District(7, 2024, 3)) != rows(District(7, 2024, 4))


def test_a_larger_district_begins_with_the_units_of_a_smaller_one():
    small, large = District(5, 2024, 1), District(40, 2024, 1)
    assert small.reporters[:5] == large.reporters[:5]


def test_a_hundred_places_with_names_of_their_own_and_of_nobody():
    names = place_names(100, 1)
    assert len(set(names)) == MOST == 100
    district = District(100, 2024, 1)
    said = [str(row["nama"]) for row in (*district.unit_rows(), *district.indikator_rows())]
    spoken = {word for text in (*said, *names) for word in re.findall(r"[a-z]+", text.lower())}
    assert not spoken & set(PEOPLE.split())


@pytest.mark.parametrize("puskesmas", [1, 12, 100])
def test_the_counts_by_another_way(puskesmas):
    district = District(puskesmas, 2024, 1)
    text = NOMENCLATURE.read_text(encoding="utf-8")
    named = len(re.findall(r'ringkas: "tidak"', text))
    programs = len(re.findall(r"\{kode: 1\.02\.\d\d, ", text))
    # dinas, sekretariat and five bidang, two RSUD
    assert len(district.unit_rows()) == 1 + 6 + puskesmas + 2
    assert len(district.node_rows) == programs + named
    assert len(pagu_rows(district)) == 2 * len(district.node_rows)
    # of the 34 that Puskesmas report, 27 are ratios with two cells each
    ratios = sum(one.gabungan == "rasio" for one in COLLECTED if one.pelapor == "puskesmas")
    others = sum(one.gabungan != "rasio" for one in COLLECTED if one.pelapor == "puskesmas")
    assert (ratios, others) == (27, 7)
    full = [unit for unit in district.reporters if unit.jenis == "puskesmas" and way_of(unit.place, 1)]
    assert {len(unit_cells(district, unit, 1)) for unit in full} == {2 * 27 + 7}
    assert sum(row["is_iku"] for row in district.indikator_rows()) == 12


def test_money_below_adds_up_to_what_stands_above():
    district = District(3, 2024, 1)
    pagu = {row["node"]: row["jumlah"] for row in pagu_rows(district) if row["versi"] == "apbd_perubahan"}
    for node in district.node_rows:
        below = [pagu[row["kunci"]] for row in district.node_rows if row["induk"] == node["kunci"]]
        assert not below or pagu[node["kunci"]] == sum(below)


def test_every_value_fits_its_target():
    district = District(4, 2024, 1)
    target = {row["indikator"]: row["teks"] for row in district.target_rows() if row["dokumen"] == "rencana_aksi"}
    for quarter in (1, 2, 3, 4):
        for cell in office_cells(district, quarter):
            assert read_realisasi(cell.teks, target[cell.indikator]) == cell.teks, cell
        for unit in district.reporters:
            for cell in unit_cells(district, unit, quarter):
                assert read_realisasi(cell.teks, "1" if cell.komponen else target[cell.indikator]) == cell.teks


def test_forms_stand_in_all_states_and_only_by_ways_that_exist():
    states = {
        state_after(way)
        for place in range(12)
        for quarter in (1, 2, 3, 4)
        if (way := way_of(place, quarter)) is not None
    }
    assert states == {"draf", "diajukan", "dikembalikan", "terverifikasi", "disetujui", "terkunci"}
    assert any(way_of(place, 4) is None for place in range(12))
    with pytest.raises(ValueError, match="setujui does not lead away from diajukan"):
        state_after(("ajukan", "setujui"))
