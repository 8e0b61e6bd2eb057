"""Bringing rows in line: identity is kept, counts are right, and one audit entry says what happened."""

import pytest

from capaian.organisations.models import Instansi, UnitKerja
from capaian.workflow.audit import record_audit
from capaian.workflow.models import AuditEntry
from capaian.workflow.sync import sync_rows, sync_tree

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def instansi():
    return Instansi.objects.create(kunci="uji", nama="Dinas Uji")


def unit(instansi, kunci, urutan, nama="Unit"):
    return {"instansi": instansi, "kunci": kunci, "nama": nama, "jenis": "bidang", "urutan": urutan}


def sync(instansi, *rows):
    return sync_rows(UnitKerja.objects.all(), by=None, instansi=instansi, action="uji.sync", key=["kunci"], rows=rows)


def test_create_change_remove_and_keep(instansi):
    sync(instansi, unit(instansi, "a", 1), unit(instansi, "b", 2), unit(instansi, "c", 3))
    kept = UnitKerja.objects.get(kunci="a").pk
    stored, result = sync(instansi, unit(instansi, "a", 1), unit(instansi, "b", 2, "Lain"), unit(instansi, "d", 4))
    assert result.to_dict() == {"created": 1, "changed": 1, "removed": 1, "unchanged": 1}
    assert [row.kunci for row in stored] == ["a", "b", "d"]
    assert UnitKerja.objects.get(kunci="a").pk == kept
    assert UnitKerja.objects.get(kunci="b").nama == "Lain"


def test_nothing_changed_writes_no_audit_entry(instansi):
    sync(instansi, unit(instansi, "a", 1))
    sync(instansi, unit(instansi, "a", 1))
    assert AuditEntry.objects.filter(action="uji.sync").count() == 1


def test_repeated_key_is_refused(instansi):
    with pytest.raises(ValueError, match="Duplicate key"):
        sync(instansi, unit(instansi, "a", 1), unit(instansi, "a", 2))
    assert not UnitKerja.objects.exists()


def test_tree_links_parents_by_key_and_moves_them(instansi):
    def tree(parent):
        rows = [
            {**unit(instansi, "atas", 1), "induk": None},
            {**unit(instansi, "lain", 2), "induk": None},
            {**unit(instansi, "bawah", 3), "induk": parent},
        ]
        return sync_tree(UnitKerja.objects.all(), by=None, instansi=instansi, action="uji.tree", rows=rows)

    tree("atas")
    assert UnitKerja.objects.get(kunci="bawah").induk.kunci == "atas"
    tree("lain")
    assert UnitKerja.objects.get(kunci="bawah").induk.kunci == "lain"


def test_an_audit_entry_cannot_be_changed(instansi):
    record_audit(by=None, action="uji.catat", subject="x", instansi=instansi)
    entry = AuditEntry.objects.get()
    entry.subject = "y"
    with pytest.raises(TypeError, match="append-only"):
        entry.save()
