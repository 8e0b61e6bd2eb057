"""`capaian demo` and `capaian load`: accounts only where they are asked for, and repeatable."""

import json
import os
import subprocess
import sys
from datetime import date

import pytest
from django.contrib.auth import get_user_model

from capaian.cli import demo
from capaian.cli.main import main
from capaian.organisations.models import Membership
from capaian.organisations.roles import UNIT_ROLES

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def test_demo_is_refused_where_it_was_not_asked_for(settings, capsys):
    settings.DEMO = False
    assert main(["demo"]) == 1
    assert "CAPAIAN_DEMO=1" in capsys.readouterr().err
    assert not get_user_model().objects.exists()


def test_one_account_per_role_and_an_outsider(settings, capsys):
    main(["load", "balangan_2024"])
    main(["load", "metro_2024"])
    demo._create_accounts()
    demo._create_accounts()
    memberships = Membership.objects.select_related("unit", "user")
    roles = {one.user.username: one.role for one in memberships}
    assert set(roles.values()) == set(Membership.Role.values)
    assert set(roles) == set(settings.DEMO_ACCOUNTS)
    of_unit = memberships.filter(role__in=UNIT_ROLES)
    # Of the two offices only Balangan's report names Puskesmas.
    assert {(one.instansi.kunci, one.unit.jenis) for one in of_unit} == {("balangan", "puskesmas")}
    assert of_unit.count() == 2
    assert not memberships.exclude(role__in=UNIT_ROLES).exclude(unit=None).exists()
    assert not get_user_model().objects.get(username=demo.OUTSIDER).memberships.exists()
    assert get_user_model().objects.get(username="kepala").check_password(settings.DEMO_PASSWORD)


def test_load_says_what_changed(capsys):
    assert main(["load", "metro_2024", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["created"] > 0
    assert main(["load", "metro_2024"]) == 0
    assert "43 baris dibaca, tidak ada yang berubah" in capsys.readouterr().out


def test_load_tells_what_the_sample_says_against_itself(capsys):
    assert main(["load", "metro_2024"]) == 0
    said = capsys.readouterr().out
    assert "temuan: rencana_aksi.csv baris 35, kolom anggaran: 1.02.03 tercetak 778.314.600" in said
    assert "jumlah anaknya 62.100.000" in said
    assert "1.02.03.2.03 tidak tercetak" in said
    assert main(["load", "metro_2024", "--json"]) == 0
    [warning] = json.loads(capsys.readouterr().out)["warnings"]
    assert (warning["line"], warning["column"], warning["stated"]) == (35, "anggaran", 778_314_600)


def test_load_refuses_a_year_that_has_not_begun(capsys, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: date(2023, 12, 31))
    assert main(["load", "metro_2024"]) == 1
    assert "Tahun 2024 belum mulai" in capsys.readouterr().err


def test_a_demo_leaves_a_mark_by_which_the_site_knows_it(settings, tmp_path, monkeypatch):
    settings.DEMO, settings.DEMO_MARKER, settings.OUT_DIR = True, tmp_path / "demo", tmp_path
    monkeypatch.setattr(demo, "sample_names", list)
    assert main(["demo"]) == 0
    asked = "from capaian.config import settings; print(settings.DEMO)"
    elsewhere = {"CAPAIAN_VAR": str(tmp_path / "elsewhere")}
    for said, expected in (({}, "True"), ({"CAPAIAN_DEMO": "0"}, "False"), (elsewhere, "False")):
        known = {name: value for name, value in os.environ.items() if name != "CAPAIAN_DEMO"}
        environment = {**known, "CAPAIAN_VAR": str(tmp_path), **said}
        found = subprocess.run([sys.executable, "-c", asked], env=environment, capture_output=True, text=True)
        assert found.stdout.strip() == expected


def test_load_of_an_unknown_sample_is_said_in_words(capsys):
    assert main(["load", "jakarta_2024"]) == 2
    assert "Contoh tidak ditemukan" in capsys.readouterr().err


def test_check_lists_differences_and_exits_with_one(capsys):
    assert main(["check", "balangan_2024", "--json"]) == 1
    figures = json.loads(capsys.readouterr().out)["figures"]
    [odf] = [f for f in figures if f["printed"] == "107,5"]
    assert odf["computed"] == "92,49"
    assert odf["equal"] is False
    assert "arah" in odf["reason"].lower()
    assert set(odf) >= {"seed", "table", "row", "column", "printed", "computed", "equal", "formula", "inputs", "reason"}


def test_report_of_an_unknown_office(capsys, tmp_path):
    assert main(["report", "lkip", "balangan", "2024", "--out", str(tmp_path)]) == 2
    assert "capaian load" in capsys.readouterr().err


def test_rencana_aksi_as_files(capsys, tmp_path):
    main(["load", "metro_2024"])
    code = main(["report", "rencana_aksi", "metro", "2024", "--format", "docx,xlsx", "--out", str(tmp_path)])
    assert code == 0
    assert {path.name for path in tmp_path.iterdir()} == {
        "rencana_aksi-metro-2024.docx",
        "rencana_aksi-metro-2024.xlsx",
    }


def test_names_of_columns_are_words_in_the_text_of_check(capsys):
    main(["check", "balangan_2024"])
    said = capsys.readouterr().out
    assert "· capaian tercetak\n" in said
    assert "_tercetak" not in said
