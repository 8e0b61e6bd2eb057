"""`capaian demo` and `capaian load`: accounts only where they are asked for, and repeatable."""

import json

import pytest
from django.contrib.auth import authenticate, get_user_model

from capaian.cli import demo
from capaian.cli.main import main
from capaian.organisations.models import Membership

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def test_demo_is_refused_where_it_was_not_asked_for(settings, capsys):
    settings.DEMO = False
    assert main(["demo"]) == 1
    assert "CAPAIAN_DEMO=1" in capsys.readouterr().err
    assert not get_user_model().objects.exists()


def test_one_account_per_role_and_an_outsider(settings, capsys):
    main(["load", "metro_2024"])
    demo._create_accounts()
    demo._create_accounts()
    roles = dict(Membership.objects.values_list("user__username", "role"))
    assert set(roles.values()) == set(Membership.Role.values)
    assert set(roles) == set(settings.DEMO_ACCOUNTS)
    assert not get_user_model().objects.get(username=demo.OUTSIDER).memberships.exists()
    assert authenticate(username="kepala", password=settings.DEMO_PASSWORD)


def test_load_says_what_changed(capsys):
    assert main(["load", "metro_2024", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["created"] > 0
    assert main(["load", "metro_2024"]) == 0
    assert "43 baris dibaca, tidak ada yang berubah" in capsys.readouterr().out


def test_load_of_an_unknown_sample_is_said_in_words(capsys):
    assert main(["load", "jakarta_2024"]) == 1
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
    assert main(["report", "lkip", "balangan", "2024", "--out", str(tmp_path)]) == 1
    assert "capaian load" in capsys.readouterr().err


def test_rencana_aksi_as_files(capsys, tmp_path):
    main(["load", "metro_2024"])
    code = main(["report", "rencana_aksi", "metro", "2024", "--format", "docx,xlsx", "--out", str(tmp_path)])
    assert code == 0
    assert {path.name for path in tmp_path.iterdir()} == {
        "rencana_aksi-metro-2024.docx",
        "rencana_aksi-metro-2024.xlsx",
    }
