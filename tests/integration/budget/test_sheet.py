"""The form `anggaran`: which amounts a unit fills, what is taken and refused, and that no load takes them away."""

from __future__ import annotations

import re
from datetime import date
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from capaian.budget.actions import import_pagu, import_realisasi_anggaran, sync_pagu, sync_realisasi_anggaran
from capaian.budget.models import Pagu, RealisasiAnggaran, SumberDana
from capaian.organisations.models import Membership, TahunKinerja, UnitKerja
from capaian.planning.models import Node
from capaian.workflow.actions import add_comment, write_sheet
from capaian.workflow.forms import Change, Outcome, Sheet, SheetKey, form_definition
from capaian.workflow.models import AuditEntry, Submission
from capaian.workflow.policy import StateRefused

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
TODAY = date(2024, 10, 5)


@pytest.fixture
def money(tahun_kinerja: TahunKinerja) -> SimpleNamespace:
    """A program with two kegiatan: the first with two sub kegiatan of a bidang, the second without any."""
    unit = UnitKerja.objects.create(
        instansi=tahun_kinerja.instansi, kunci="kesmas", nama="Bidang Kesmas", jenis="bidang", urutan=1
    )

    def node(kode: str, jenis: str, induk: Node | None = None, owner: UnitKerja | None = None) -> Node:
        number = Node.objects.count()
        return Node.objects.create(
            tahun_kinerja=tahun_kinerja,
            kunci=kode,
            kode=kode,
            jenis=jenis,
            nama=f"Nama {kode}",
            induk=induk,
            urutan=number,
            penanggung_jawab=owner,
        )

    program = node("1.02.02", "program")
    first = node("1.02.02.2.02", "kegiatan", program, unit)
    subs = [node(f"1.02.02.2.02.000{number}", "sub_kegiatan", first) for number in (1, 2)]
    second = node("1.02.02.2.03", "kegiatan", program)
    for one, jumlah in ((first, 1000), (subs[0], 700), (subs[1], 300), (second, 500)):
        Pagu.objects.create(node=one, versi="apbd", jumlah=jumlah, is_loaded=True)
    return SimpleNamespace(
        year=tahun_kinerja, unit=unit, program=program, first=first, a=subs[0], b=subs[1], second=second
    )


def key(money: SimpleNamespace, unit: UnitKerja | None, periode: int = 2) -> SheetKey:
    return SheetKey(money.year, "anggaran", unit, periode)


def read(money: SimpleNamespace, periode: int = 2) -> Sheet:
    return form_definition("anggaran").read(key(money, money.unit, periode), TODAY)


def write(money: SimpleNamespace, teks: str, base: str | None = None, kunci: str = "", periode: int = 2) -> Outcome:
    change = Change(kunci or money.a.kunci, teks, base)
    return write_sheet(by=None, key=key(money, money.unit, periode), changes=[change], today=TODAY)[0]


def spent(money: SimpleNamespace, periode: int = 2) -> list[tuple[str, str, int]]:
    rows = RealisasiAnggaran.objects.filter(periode=periode).order_by("node__kunci", "belanja")
    return list(rows.values_list("node__kunci", "belanja", "jumlah"))


def test_a_unit_fills_the_lowest_nodes_that_it_answers_for(money: SimpleNamespace) -> None:
    form = form_definition("anggaran")
    assert form.units(money.year, 2) == [None, money.unit]
    rows = read(money).rows
    assert [(row.kunci, row.target, row.kelompok) for row in rows] == [
        (money.a.kunci, "700", "1.02.02.2.02 Nama 1.02.02.2.02"),
        (money.b.kunci, "300", "1.02.02.2.02 Nama 1.02.02.2.02"),
    ]
    office = form.read(key(money, None), TODAY)
    assert [row.kunci for row in office.rows] == [money.second.kunci]


def test_where_pagu_stands_on_the_kegiatan_that_is_filled(money: SimpleNamespace) -> None:
    Pagu.objects.filter(node__in=[money.a, money.b]).delete()
    assert [row.kunci for row in read(money).rows] == [money.first.kunci]


def test_fillings_count_as_the_sheets_do(money: SimpleNamespace, django_assert_max_num_queries: object) -> None:
    write(money, "100")
    form = form_definition("anggaran")
    found = form.fillings(money.year, [1, 2])
    for periode in (1, 2):
        for unit in (None, money.unit):
            sheet = form.read(key(money, unit, periode), TODAY)
            count = found[periode, unit.pk if unit else None]
            assert (count.fillable, count.filled) == (sheet.fillable, sheet.filled)
    with django_assert_max_num_queries(5):  # type: ignore[operator]
        form.fillings(money.year, range(5))


@pytest.mark.parametrize("teks", ["250", "Rp 250", "250,00", " 250,- "])
def test_an_amount_is_taken_as_people_write_it(money: SimpleNamespace, teks: str) -> None:
    assert write(money, teks).status == Outcome.SAVED
    assert spent(money) == [(money.a.kunci, "", 250)]
    row = read(money).rows[0]
    # 250 of 700
    assert (row.teks, row.result) == ("250", "35,71%")
    entry = AuditEntry.objects.get(action="budget.record_realisasi")
    assert (entry.subject, entry.unit_kunci, entry.before, entry.after) == (
        f"anggaran {money.a.kunci} 2024/2",
        "kesmas",
        None,
        {"teks": "250"},
    )


@pytest.mark.parametrize(
    ("teks", "words"),
    [
        ("-5", "negatif"),
        ("(5)", "negatif"),
        ("1.25.0", ""),
        ("12,5", "sen"),
        ("lima", ""),
        ("9" * 17, "seribu triliun"),
    ],
)
def test_what_is_no_amount_is_refused_in_words(money: SimpleNamespace, teks: str, words: str) -> None:
    outcome = write(money, teks)
    assert outcome.status == Outcome.REFUSED
    assert outcome.message
    assert words in outcome.message
    assert spent(money) == []
    assert not AuditEntry.objects.filter(action="budget.record_realisasi").exists()


def test_the_same_amount_again_changes_nothing(money: SimpleNamespace) -> None:
    write(money, "1.250")
    assert write(money, "1250").status == Outcome.SAME
    assert write(money, "1.250").status == Outcome.SAME
    assert AuditEntry.objects.filter(action="budget.record_realisasi").count() == 1


def test_what_somebody_stored_since_is_shown_and_kept(money: SimpleNamespace) -> None:
    write(money, "100")
    outcome = write(money, "200", base="")
    assert (outcome.status, outcome.teks) == (Outcome.CONFLICT, "100")
    assert "100" in outcome.message
    assert spent(money) == [(money.a.kunci, "", 100)]
    assert write(money, "200", base="100").status == Outcome.SAVED


def test_a_conflict_names_who_stored_the_amount_not_who_spoke_of_it_last(
    money: SimpleNamespace, cast: SimpleNamespace
) -> None:
    write(money, "100")
    subject = AuditEntry.objects.get(action="budget.record_realisasi").subject
    place = {"tahun_kinerja": money.year, "unit": money.unit, "subject": subject}
    add_comment(by=cast.inspektorat, **place, text="Cek", request_key=uuid4())
    assert write(money, "200", base="").by == "berkas yang dimuat"


def test_an_import_holds_the_sheets_before_the_amounts(
    money: SimpleNamespace,
) -> None:
    with CaptureQueriesContext(connection) as queries:
        amounts = {money.a: {"": 90}}
        import_realisasi_anggaran(by=None, tahun_kinerja=money.year, periode=2, amounts=amounts, today=TODAY)
    tables = [table for query in queries for table in re.findall(r'FROM "(\w+)"', query["sql"])[:1]]
    assert tables.index("workflow_submission") < tables.index("planning_node")
    assert AuditEntry.objects.get(action="budget.import_realisasi_anggaran").unit_kunci == "kesmas"


def test_an_empty_text_removes_the_amount(money: SimpleNamespace) -> None:
    write(money, "100")
    assert write(money, "").status == Outcome.SAVED
    assert spent(money) == []


def test_a_period_to_come_is_closed(money: SimpleNamespace) -> None:
    outcome = write(money, "100", periode=4)  # the fourth quarter has begun on 5 October
    assert outcome.status == Outcome.SAVED
    early = form_definition("anggaran").write(
        key(money, money.unit, 4), [Change(money.a.kunci, "5")], by=None, today=date(2024, 9, 30)
    )[0]
    assert (early.status, "belum dimulai" in early.message) == (Outcome.REFUSED, True)


def test_what_is_broken_down_is_filled_by_kind_of_belanja(money: SimpleNamespace) -> None:
    RealisasiAnggaran.objects.create(node=money.a, periode=0, belanja="modal", jumlah=10)
    rows = read(money).rows
    assert [row.kunci for row in rows] == [
        *(f"{money.a.kunci}#{kind}" for kind in ("pegawai", "barang_jasa", "modal")),
        money.b.kunci,
    ]
    assert write(money, "40", kunci=f"{money.a.kunci}#modal").status == Outcome.SAVED
    assert spent(money) == [(money.a.kunci, "modal", 40)]


def test_what_comes_by_source_of_funds_is_not_typed_over(money: SimpleNamespace) -> None:
    source = SumberDana.objects.create(tahun_kinerja=money.year, nama="DAK", urutan=1)
    RealisasiAnggaran.objects.create(node=money.a, periode=2, jumlah=10, sumber_dana=source)
    assert "sumber dana" in read(money).rows[0].closed
    assert write(money, "40").status == Outcome.REFUSED


def test_problems_name_what_is_missing_and_what_exceeds_its_pagu(money: SimpleNamespace) -> None:
    write(money, "701")
    problems = form_definition("anggaran").problems(key(money, money.unit), TODAY)
    assert [one.kunci for one in problems] == [money.b.kunci, money.a.kunci]
    assert "belum diisi" in problems[0].message
    assert "melebihi pagu Rp 700" in problems[1].message


def test_less_than_the_quarter_before_is_pointed_out(money: SimpleNamespace) -> None:
    write(money, "100", periode=1)
    write(money, "90")
    row = read(money).rows[0]
    assert (row.previous, "Lebih kecil" in row.hint) == ("100", True)


def test_a_load_keeps_what_people_filled_in(money: SimpleNamespace) -> None:
    def load(*rows: tuple[Node, int]) -> None:
        sync_realisasi_anggaran(
            by=None,
            tahun_kinerja=money.year,
            rows=[
                {"node": node, "periode": 2, "belanja": "modal", "sumber_dana": None, "jumlah": jumlah}
                for node, jumlah in rows
            ],
        )

    load((money.a, 5), (money.b, 6))
    write(money, "100", kunci=f"{money.a.kunci}#modal")
    load((money.a, 5), (money.b, 7))
    assert spent(money) == [(money.a.kunci, "modal", 100), (money.b.kunci, "modal", 7)]
    write(money, "", kunci=f"{money.a.kunci}#modal")
    load((money.a, 5))
    assert spent(money) == [(money.a.kunci, "modal", 5)]


def test_a_load_keeps_the_pagu_that_was_imported(money: SimpleNamespace) -> None:
    import_pagu(by=None, tahun_kinerja=money.year, versi="apbd", amounts={money.a: 750})
    sync_pagu(
        by=None,
        tahun_kinerja=money.year,
        rows=[{"node": node, "versi": "apbd", "jumlah": 1} for node in (money.a, money.b)],
    )
    stored = dict(Pagu.objects.order_by("node__kunci").values_list("node__kunci", "jumlah"))
    assert stored == {money.a.kunci: 750, money.b.kunci: 1}


def test_an_import_changes_what_differs_and_nothing_twice(money: SimpleNamespace) -> None:
    amounts = {money.a: {"pegawai": 10, "modal": 5}, money.b: {"modal": 7}}
    first = import_realisasi_anggaran(by=None, tahun_kinerja=money.year, periode=2, amounts=amounts, today=TODAY)
    assert (first.created, first.changed, first.unchanged) == (2, 0, 0)
    again = import_realisasi_anggaran(by=None, tahun_kinerja=money.year, periode=2, amounts=amounts, today=TODAY)
    assert (again.has_changes, again.unchanged) == (False, 2)
    assert AuditEntry.objects.filter(action="budget.import_realisasi_anggaran").count() == 3
    amounts[money.b] = {"modal": 8}
    assert import_realisasi_anggaran(
        by=None, tahun_kinerja=money.year, periode=2, amounts=amounts, today=TODAY
    ).to_dict() == {"created": 0, "changed": 1, "removed": 0, "unchanged": 1}


def test_an_import_does_not_pass_a_lock(money: SimpleNamespace) -> None:
    Submission.objects.create(
        tahun_kinerja=money.year, form="anggaran", unit=money.unit, periode=2, state=Submission.State.DISETUJUI
    )
    with pytest.raises(StateRefused, match=r"Bidang Kesmas: Isian ini disetujui"):
        import_realisasi_anggaran(by=None, tahun_kinerja=money.year, periode=2, amounts={money.a: {"": 1}}, today=TODAY)
    assert spent(money) == []


def test_who_may_not_import_is_refused(money: SimpleNamespace, cast: SimpleNamespace) -> None:
    with pytest.raises(PermissionDenied):
        import_pagu(by=cast.operator, tahun_kinerja=money.year, versi="apbd", amounts={money.a: 1})


def test_only_the_unit_and_finance_fill_it(money: SimpleNamespace, cast: SimpleNamespace) -> None:
    Membership.objects.filter(user=cast.operator).update(unit=money.unit)
    change = [Change(money.second.kunci, "1")]
    with pytest.raises(PermissionDenied):
        write_sheet(by=cast.operator, key=key(money, None), changes=change, today=TODAY)
    assert write_sheet(by=cast.keuangan, key=key(money, None), changes=change, today=TODAY)[0].ok
