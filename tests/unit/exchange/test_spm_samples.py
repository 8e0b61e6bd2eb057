"""The second look at the transcribed SPM tables: counts and sums that hold without the documents."""

from collections import Counter
from decimal import Decimal

import pytest

from capaian.exchange.samples.reader import read_sample
from capaian.exchange.samples.spm_check import READINGS
from capaian.exchange.samples.tables import Sample, SampleTable
from capaian.rules.spm.standar import standar_of

pytestmark = pytest.mark.unit
SERVICES = [one.kode for one in standar_of(2024).layanan]


@pytest.fixture(scope="module")
def toraja() -> Sample:
    return read_sample("tana_toraja_2025")


def named(sample: Sample, file: str) -> SampleTable:
    [table] = [table for table in sample.tables if table.name == file]
    return table


@pytest.mark.parametrize("file", ["program_sub_kegiatan", "tabel_2_target", "alokasi", "monev"])
def test_every_list_of_tana_toraja_has_the_twelve_services_in_order(toraja: Sample, file: str) -> None:
    assert [row["layanan"] for row in named(toraja, file).rows if row["layanan"]] == SERVICES


def test_bekasi_lists_the_twelve_services_in_order() -> None:
    table = named(read_sample("bekasi_2024"), "spm_layanan")
    assert [row["layanan"] for row in table.rows] == SERVICES
    # Sums over the twelve, from items 14 to 25 of Bab III B of the document
    assert sum(row.cacah("sasaran") or 0 for row in table.rows) == 2_967_048
    assert sum(row.cacah("terlayani") or 0 for row in table.rows) == 2_116_223


def test_how_many_figures_of_tana_toraja_can_be_read(toraja: Sample) -> None:
    marks = {
        table.name: Counter(row[reading.mark] for row in table.rows for reading in READINGS[table.kind])
        for table in toraja.tables
        if table.kind in READINGS
    }
    found = {
        name: (count["terbaca"], count["ragu"], count["tidak_terbaca"], count[""]) for name, count in marks.items()
    }
    assert found == {
        "formulir_2_a_2": (0, 4, 9, 0),
        "formulir_2_a_3": (0, 3, 6, 0),
        "formulir_2_b_4": (0, 4, 1, 8),
        "formulir_2_b_5": (0, 33, 24, 15),
        "program_sub_kegiatan": (12, 0, 0, 0),
        "tabel_2_target": (11, 6, 7, 0),
        "formulir_2_d_2": (1, 2, 1, 7),
        "formulir_2_e_2": (1, 10, 4, 4),
        "alokasi": (9, 0, 4, 0),
        "monev": (11, 1, 0, 0),
    }


def test_a_reading_says_nothing_but_what_its_text_shows(toraja: Sample) -> None:
    """The digits of a reading are those of its text; behind them only what the scan makes of a percent sign."""
    for table in toraja.tables:
        for row in table.rows:
            for reading in READINGS.get(table.kind, ()):
                digits = "".join(filter(str.isdigit, row[reading.value]))
                seen = "".join(filter(str.isdigit, row[reading.text]))
                assert seen.startswith(digits), (table.name, row.line)


def test_the_staff_that_form_2_b_5_names_serve_that_service(toraja: Sample) -> None:
    staff = standar_of(2024).profesi_layanan
    for row in named(toraja, "formulir_2_b_5").rows:
        if row["butir"]:
            assert row["butir"].removeprefix("sdm.") in staff[row["layanan"]], row.line


def test_two_of_twelve_services_reached_their_target(toraja: Sample) -> None:
    # "hanya 2 indikator yang capaiannya 100 %" (Bab V)
    reached = [row["layanan"] for row in named(toraja, "monev").rows if row.angka("realisasi") == Decimal(100)]
    assert reached == ["diabetes_melitus", "odgj_berat"]
