"""The table of fields that people fill says all that an instrument can hold, and reads it back as it shows it."""

from __future__ import annotations

from dataclasses import fields
from typing import get_args

import pytest

from capaian.assessments import fields as table
from capaian.assessments.differences import differences
from capaian.assessments.policies import check_policies, policies_of
from capaian.rules.instrumen import model
from capaian.rules.instrumen.store import instrumen_data, load_instrumen
from capaian.rules.scales import Band

LKE = "akip/permenpanrb_88_2021"


def test_whatever_an_instrument_can_hold_can_be_filled() -> None:
    """A new field of the model needs its row in the table, for the site and for the workbook."""
    for rows, kind, apart in (
        (table.ITEM_FIELDS, model.Butir, {"pilihan"}),
        (table.GROUP_FIELDS, model.Kelompok, {"pilihan", "isi"}),
        (table.CHOICE_FIELDS, model.Pilihan, set()),
        (table.BAND_FIELDS, Band, set()),
    ):
        assert {one.name for one in rows} == {one.name for one in fields(kind)} - apart
    for choices, kind in (
        (table.KELUARGA, model.Keluarga),
        (table.PENILAIAN, model.Penilaian),
        (table.MASUKAN, model.Masukan),
        (table.AGREGASI, model.Agregasi),
    ):
        assert [kode for kode, _ in choices] == list(get_args(kind))


@pytest.mark.parametrize("stored", ["12.5", "100", "0.001", "1234.567", "88.3", "100000"])
def test_a_number_is_read_as_it_is_shown(stored: str) -> None:
    bobot = next(one for one in table.ITEM_FIELDS if one.name == "bobot")
    shown = table.show(bobot, {"bobot": stored})
    assert float(table.read(bobot, shown)) == float(stored)


@pytest.mark.parametrize(("text", "said"), [("1.234", "dapat dibaca"), ("-1", "lebih dari 0"), ("banyak", "Bobot")])
def test_a_number_that_cannot_be_meant_is_refused_in_words(text: str, said: str) -> None:
    bobot = next(one for one in table.ITEM_FIELDS if one.name == "bobot")
    with pytest.raises(table.FieldError, match=said):
        table.read(bobot, text)


def test_an_instrument_does_not_differ_from_itself() -> None:
    data = instrumen_data(LKE)
    assert differences(data, data) == []


def test_policies_that_an_instrument_says_itself_are_not_kept_and_others_are_checked() -> None:
    lke = load_instrumen(LKE)
    own = {one.name: getattr(lke.kebijakan, one.name) for one in policies_of(lke)}
    assert check_policies(lke, own) == {}
    assert check_policies(lke, {"skor": "butir"}) == {"skor": "butir"}
    for wrong in ({"skor": "entah"}, {"entah": "x"}, {"sertakan": ["1"]}, {"rata_rata": ["datar", "bertingkat"]}):
        with pytest.raises(ValueError, match="tidak dikenal"):
            check_policies(lke, wrong)
