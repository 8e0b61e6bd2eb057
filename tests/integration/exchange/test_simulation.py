"""The generated district in the database: repeatable, harmless to what people did, and made as the actions make it."""

import json
from collections import defaultdict
from datetime import date
from fractions import Fraction

import pytest
from django.contrib.auth.models import User
from django.test import override_settings

from capaian.cli.main import main
from capaian.exchange.simulation.district import District, Unit
from capaian.exchange.simulation.load import load_simulation
from capaian.exchange.simulation.people import create_accounts
from capaian.exchange.simulation.quarters import REASONS, unit_cells, way_of
from capaian.measurement.models import BuktiDukung, Capaian, Realisasi, RealisasiUnit
from capaian.organisations.models import Instansi, Membership, TahunKinerja
from capaian.planning.models import Indikator, Target, TargetTriwulan
from capaian.rules.numbers import parse_number
from capaian.workflow.actions import advance, write_sheet
from capaian.workflow.forms import Change, SheetKey, form_definition
from capaian.workflow.models import AuditEntry, Comment, Submission, SubmissionVersion
from capaian.workflow.transitions import COUNTED

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
TODAY = date(2026, 11, 24)


def load(puskesmas: int = 6, *, with_quarters: bool = True) -> TahunKinerja:
    return load_simulation(by=None, puskesmas=puskesmas, tahun=2024, seed=1, today=TODAY, with_quarters=with_quarters)[
        0
    ]


def dump(year: TahunKinerja) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the office by natural keys, without ids and without the moment of loading."""
    own = {"indikator__instansi": year.instansi}
    return {
        # Targets of several documents for one year have no order among them.
        "target": sorted(Target.objects.filter(**own).values_list("indikator__kunci", "dokumen__kunci", "teks")),
        "quarter": list(
            TargetTriwulan.objects.filter(target__indikator__instansi=year.instansi)
            .order_by("target__indikator__kunci", "triwulan")
            .values_list("target__indikator__kunci", "triwulan", "teks")
        ),
        "office": list(Realisasi.objects.filter(**own).values_list("indikator__kunci", "periode", "teks", "jejak")),
        "unit": list(
            RealisasiUnit.objects.filter(**own).values_list(
                "indikator__kunci", "unit__kunci", "periode", "komponen", "teks"
            )
        ),
        "capaian": list(Capaian.objects.filter(**own).values_list("indikator__kunci", "periode", "tampil", "status")),
        "form": list(
            Submission.objects.filter(tahun_kinerja=year)
            .order_by("form", "unit__kunci", "periode")
            .values_list("form", "unit__kunci", "periode", "state", "since")
        ),
        "frozen": list(
            SubmissionVersion.objects.filter(submission__tahun_kinerja=year)
            .order_by("submission__form", "submission__unit__kunci", "submission__periode")
            .values_list("nomor", "cells")
        ),
        "bukti": list(
            BuktiDukung.objects.filter(tahun_kinerja=year).order_by("subject").values_list("subject", "tautan")
        ),
        "money": list(year.nodes.values_list("kunci", "pagu__versi", "pagu__jumlah").order_by("kunci", "pagu__versi")),
    }


def test_two_loads_from_nothing_give_the_same_rows():
    first = dump(load())
    Instansi.objects.all().delete()
    assert dump(load()) == first
    assert all(first.values())


def test_loading_again_changes_nothing_and_leaves_what_people_did():
    year = load()
    entries = AuditEntry.objects.count()
    unit = next(one for one in District(6, 2024, 1).reporters if way_of(one.place, 4) == ())
    key = SheetKey(year, "kinerja", year.instansi.unit_kerja.get(kunci=unit.kunci), 4)
    write_sheet(by=None, key=key, changes=[Change("iku.kematian_ibu", "3")], today=TODAY)
    load()
    assert AuditEntry.objects.count() == entries + 1
    assert RealisasiUnit.objects.get(indikator__kunci="iku.kematian_ibu", unit=key.unit, periode=4).teks == "3"


def test_collected_values_are_those_of_the_verified_reports():
    year = load()
    forms = Submission.objects.filter(tahun_kinerja=year, form="kinerja", state__in=COUNTED)
    counted = set(forms.values_list("unit", "periode"))
    said: dict[tuple[int, int], dict[str, list[Fraction]]] = defaultdict(lambda: defaultdict(list))
    for row in RealisasiUnit.objects.filter(tahun=2024):
        if (row.unit_id, row.periode) in counted:
            said[row.indikator_id, row.periode][row.komponen].append(Fraction(row.teks.replace(",", ".")))
    for (pk, periode), parts in said.items():
        indikator = Indikator.objects.get(pk=pk)
        match indikator.gabungan:
            case "rasio":
                expected = sum(parts["pembilang"]) * indikator.pengali / sum(parts["penyebut"])
            case "jumlah":
                expected = sum(parts[""])
            case _:
                expected = sum(parts[""]) / len(parts[""])
        stored = Realisasi.objects.get(indikator=indikator, periode=periode).teks
        assert abs(Fraction(parse_number(stored, "id")) - expected) <= Fraction(1, 20000), (indikator.kunci, periode)
    collected = set(Indikator.objects.exclude(pelapor="").values_list("pk", flat=True))
    assert {pk for pk, periode in said if periode == 1} == collected


def test_every_sheet_can_be_read_and_what_was_submitted_lacks_nothing():
    year, form = load(3), form_definition("kinerja")
    for periode in (1, 2, 3, 4):
        for unit in form.units(year, periode):
            key = SheetKey(year, "kinerja", unit, periode)
            stored = Submission.objects.filter(**key.place).first()
            assert form.read(key, TODAY).rows, key.subject
            if stored and stored.state != "draf":
                assert form.problems(key, TODAY) == [], key.subject


def test_bulk_leaves_what_filling_and_advancing_one_by_one_leaves():
    """Forms filled through the actions have the same values, states, versions and histories; one was opened again."""
    empty, district = load(5, with_quarters=False), District(5, 2024, 1)
    units = [district.reporters[place] for place in (1, 4)]
    assert "buka" in (way_of(units[1].place, 2) or ())

    def key_of(year: TahunKinerja, unit: Unit) -> SheetKey:
        return SheetKey(year, "kinerja", year.instansi.unit_kerja.get(kunci=unit.kunci), 2)

    for unit in units:
        key = key_of(empty, unit)
        changes = [Change(cell.kunci, cell.teks) for cell in unit_cells(district, unit, 2)]
        write_sheet(by=None, key=key, changes=changes, today=TODAY)
        for name in way_of(unit.place, 2) or ():
            advance(by=None, key=key, transition=name, reason=REASONS.get(name, ""), today=TODAY)
    one_by_one = [facts(key_of(empty, unit)) for unit in units]
    Instansi.objects.all().delete()
    AuditEntry.objects.all()._raw_delete(AuditEntry.objects.db)
    filled = load(5)
    assert [facts(key_of(filled, unit)) for unit in units] == one_by_one


def facts(key: SheetKey) -> dict[str, object]:
    entries = AuditEntry.objects.filter(instansi=key.tahun_kinerja.instansi, unit_kunci=key.unit.kunci)
    mine = entries.filter(subject__endswith=f"{key.tahun_kinerja.tahun}/{key.periode}")
    mine = mine.exclude(action__startswith="spm.").exclude(subject__startswith="spm")
    mine = mine.exclude(action="measurement.attach_bukti")
    return {
        "values": sorted(
            RealisasiUnit.objects.filter(unit=key.unit, periode=key.periode).values_list(
                "indikator__kunci", "komponen", "teks"
            )
        ),
        "state": Submission.objects.values_list("state", "versi", "reason").get(**key.place),
        "frozen": list(
            SubmissionVersion.objects.filter(submission__in=Submission.objects.filter(**key.place)).values_list(
                "nomor", "cells"
            )
        ),
        "history": sorted((one.action, one.subject, json.dumps([one.before, one.after]), one.reason) for one in mine),
    }


def test_the_command_says_what_it_made_and_refuses_what_it_cannot_make(capsys):
    assert main(["load", "simulasi", "--puskesmas", "2", "--kosong", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["instansi"], said["tahun"], said["akun"]) == ("simulasi-2", 2024, 0)
    assert not RealisasiUnit.objects.exists()
    assert not Submission.objects.exists()
    assert main(["load", "simulasi", "--puskesmas", "101"]) == 1
    assert "1 sampai 100 Puskesmas, bukan 101" in capsys.readouterr().err
    assert main(["load", "simulasi", "--tahun", "2099"]) == 1
    assert "Tahun kinerja 2099 belum dimulai" in capsys.readouterr().err
    assert list(Instansi.objects.values_list("kunci", flat=True)) == ["simulasi-2"]


def test_accounts_of_every_unit_in_a_demo_only():
    year = load(2)
    with override_settings(DEMO=False), pytest.raises(ValueError, match="CAPAIAN_DEMO"):
        create_accounts(by=None, tahun_kinerja=year)
    assert not User.objects.exists()
    with override_settings(DEMO=True):
        # two for each of 2 Puskesmas and 2 RSUD, six bidang and sekretariat, four of the whole office
        assert create_accounts(by=None, tahun_kinerja=year) == 2 * 4 + 6 + 4
        assert create_accounts(by=None, tahun_kinerja=year) == 0
    assert Membership.objects.filter(role="operator").exclude(unit=None).count() == 4
    returned = Submission.objects.filter(
        form="kinerja", state="dikembalikan", unit__jenis__in=("puskesmas", "rsud")
    ).count()
    assert Comment.objects.count() == returned > 0
