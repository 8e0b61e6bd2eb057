"""Writing the money: pagu by version, realisasi by people, imports and loads, sources, revenue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.contrib.auth.models import User

from capaian.budget.figures import (
    MoneyFigure,
    YearMoney,
    amount_text,
    money_figures,
    money_subject,
    stored_amount,
    year_money,
)
from capaian.budget.models import Pagu, RealisasiAnggaran, SumberDana
from capaian.organisations.models import TahunKinerja
from capaian.organisations.permissions import Permission, require_right
from capaian.planning.models import Node
from capaian.planning.units import node_units
from capaian.rules.numbers import NumberFormatError, parse_rupiah
from capaian.rules.periods import Period
from capaian.workflow.audit import audited, record_audit
from capaian.workflow.forms import Change, Outcome, SheetKey
from capaian.workflow.models import Form, Submission
from capaian.workflow.policy import StateRefused, may_write
from capaian.workflow.queries import deadline_of, submission_of, with_writers
from capaian.workflow.sync import SyncResult, sync_rows

MAX_RUPIAH: Final = 10**15
_RECORDED: Final = "budget.record_realisasi"
_IMPORTED: Final = "budget.import_realisasi_anggaran"
Rows = Iterable[Mapping[str, Any]]


def sync_pagu(*, by: User | None, tahun_kinerja: TahunKinerja, rows: Rows) -> SyncResult:
    """Replace the pagu of all nodes and versions of a year, but for those that people imported."""
    stored = Pagu.objects.filter(node__tahun_kinerja=tahun_kinerja)
    taken = set(stored.filter(is_loaded=False).values_list("node", "versi"))
    return sync_rows(
        stored.filter(is_loaded=True),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="budget.sync_pagu",
        key=["node", "versi"],
        rows=[{**row, "is_loaded": True} for row in rows if (row["node"].pk, row["versi"]) not in taken],
    )[1]


def sync_realisasi_anggaran(*, by: User | None, tahun_kinerja: TahunKinerja, rows: Rows) -> SyncResult:
    """Replace the money spent on the nodes of a year, in the periods that the rows state and for the whole year.

    Each row states `periode`, `belanja` and `sumber_dana`. Quarters that no row speaks of stay, and so does what people
    filled in or imported for a node and period.
    """
    rows = list(rows)
    periods = {0, *(row["periode"] for row in rows)}
    stored = RealisasiAnggaran.objects.filter(node__tahun_kinerja=tahun_kinerja, periode__in=periods)
    taken = set(stored.filter(is_loaded=False).values_list("node", "periode"))
    return sync_rows(
        stored.filter(is_loaded=True),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="budget.sync_realisasi_anggaran",
        key=["node", "periode", "belanja", "sumber_dana"],
        rows=[{**row, "is_loaded": True} for row in rows if (row["node"].pk, row["periode"]) not in taken],
    )[1]


def sync_sumber_dana(
    *, by: User | None, tahun_kinerja: TahunKinerja, rows: Rows
) -> tuple[list[SumberDana], SyncResult]:
    """Replace the sources of funds of a year and what they were used for."""
    return sync_rows(
        tahun_kinerja.sumber_dana.all(),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="budget.sync_sumber_dana",
        key=["nama"],
        rows=[{**row, "tahun_kinerja": tahun_kinerja} for row in rows],
    )


def sync_pendapatan(*, by: User | None, tahun_kinerja: TahunKinerja, rows: Rows) -> SyncResult:
    """Replace the revenue of a year, by source and by unit."""
    return sync_rows(
        tahun_kinerja.pendapatan.all(),
        by=by,
        instansi=tahun_kinerja.instansi,
        action="budget.sync_pendapatan",
        key=["jenis", "urutan"],
        rows=[{**row, "tahun_kinerja": tahun_kinerja} for row in rows],
    )[1]


@audited()
def write_amounts(*, by: User | None, key: SheetKey, changes: Sequence[Change], today: date) -> list[Outcome]:
    """Store amounts of a sheet that its caller has found open to this person; one outcome for each change, in order.

    An empty text removes an amount (and leaves it to the next load of files). The same amount again changes nothing and
    leaves no entry. An amount that somebody stored since the person looked is not overwritten: the outcome shows it.
    """
    period = Period(key.tahun_kinerja.tahun, key.periode or None)
    if period.is_future(today):
        return [Outcome(one.kunci, Outcome.REFUSED, message=f"{period.label} belum dimulai.") for one in changes]
    # Whoever fills in or imports the same nodes at this moment waits; what is stored is read after that.
    held = Node.objects.select_for_update(no_key=True).filter(tahun_kinerja=key.tahun_kinerja)
    list(held.filter(kunci__in={one.kunci.partition("#")[0] for one in changes}).order_by("pk").values_list("pk"))
    money = year_money(key.tahun_kinerja)
    figures = {one.kunci: one for one in money_figures(key, money, [one.kunci for one in changes])}
    outcomes = [_judge(change, figures.get(change.kunci), money) for change in changes]
    for outcome in outcomes:
        if outcome.status == Outcome.SAVED:
            figure = figures[outcome.kunci]
            _store_amount(figure, outcome.teks)
            _record_amount(by, key, figure.kunci, amount_text(stored_amount(money, figure, key.periode)), outcome.teks)
    subjects = {one.kunci: one.subject for one in figures.values()}
    return with_writers(outcomes, key.tahun_kinerja.instansi, subjects, (_RECORDED, _IMPORTED))


@audited()
def import_pagu(*, by: User | None, tahun_kinerja: TahunKinerja, versi: str, amounts: Mapping[Node, int]) -> SyncResult:
    """Store the pagu of nodes in one version; nodes that are not named keep theirs.

    Raises `PermissionDenied` for a person without the right to import.
    """
    require_right(by, tahun_kinerja, Permission.IMPORT)
    _hold(amounts)
    stored = dict(Pagu.objects.filter(node__in=amounts, versi=versi).values_list("node", "jumlah"))
    changed = {node: jumlah for node, jumlah in amounts.items() if stored.get(node.pk) != jumlah}
    Pagu.objects.bulk_create(
        [Pagu(node=node, versi=versi, jumlah=jumlah) for node, jumlah in changed.items()],
        update_conflicts=True,
        unique_fields=["node", "versi"],
        update_fields=["jumlah", "is_loaded"],
    )
    for node, jumlah in changed.items():
        record_audit(
            by=by,
            action="budget.import_pagu",
            subject=f"pagu {node.kunci} {tahun_kinerja.tahun}/{versi}",
            instansi=tahun_kinerja.instansi,
            before={"jumlah": stored[node.pk]} if node.pk in stored else None,
            after={"jumlah": jumlah},
        )
    created = sum(1 for node in changed if node.pk not in stored)
    return SyncResult(created, len(changed) - created, 0, len(amounts) - len(changed))


@audited()
def import_realisasi_anggaran(
    *,
    by: User | None,
    tahun_kinerja: TahunKinerja,
    periode: int,
    amounts: Mapping[Node, Mapping[str, int]],
    today: date,
) -> SyncResult:
    """Store what was spent on nodes up to the end of a period, by kind of belanja; other nodes keep their amounts.

    Raises `PermissionDenied` for a person without the right to import, and `StateRefused`, in words, where an amount
    would change whose form is locked or not open.
    """
    require_right(by, tahun_kinerja, Permission.IMPORT)
    # As who fills in a sheet does: first the sheet, so that nobody submits or verifies other amounts than these.
    sheets = Submission.objects.filter(tahun_kinerja=tahun_kinerja, form=Form.ANGGARAN, periode=periode)
    list(sheets.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    _hold(amounts)
    money = year_money(tahun_kinerja)
    changed = {
        node: kinds for node, kinds in amounts.items() if money.spent.get(node.pk, {}).get(periode, {}) != dict(kinds)
    }
    for lock in import_locks(tahun_kinerja, periode, changed, today).values():
        raise StateRefused(lock)
    RealisasiAnggaran.objects.filter(node__in=changed, periode=periode).delete()
    RealisasiAnggaran.objects.bulk_create(
        RealisasiAnggaran(node=node, periode=periode, belanja=belanja, jumlah=jumlah)
        for node, kinds in changed.items()
        for belanja, jumlah in kinds.items()
    )
    _record_import(by, tahun_kinerja, periode, changed, money)
    known = sum(1 for node in changed if money.spent.get(node.pk, {}).get(periode))
    return SyncResult(len(changed) - known, known, 0, len(amounts) - len(changed))


def _record_import(
    by: User | None,
    tahun_kinerja: TahunKinerja,
    periode: int,
    changed: Mapping[Node, Mapping[str, int]],
    money: YearMoney,
) -> None:
    """One entry for each amount, under the unit that answers for it, whose people look for its history."""
    answering, units = node_units(tahun_kinerja), {one.pk: one for one in tahun_kinerja.instansi.unit_kerja.all()}
    for node, kinds in changed.items():
        unit_id = answering.get(node.pk)
        key = SheetKey(tahun_kinerja, Form.ANGGARAN, units[unit_id] if unit_id else None, periode)
        before = money.spent.get(node.pk, {}).get(periode, {})
        for belanja in dict.fromkeys([*before, *kinds]):
            kunci = f"{node.kunci}#{belanja}" if belanja else node.kunci
            old, new = amount_text(before.get(belanja)), amount_text(kinds.get(belanja))
            if old != new:
                _record_amount(by, key, kunci, old, new, _IMPORTED)


def import_locks(
    tahun_kinerja: TahunKinerja, periode: int, nodes: Iterable[Node], today: date
) -> dict[int | None, str]:
    """Why amounts of these nodes cannot be changed now, by the unit that answers for them (None is the office)."""
    units = node_units(tahun_kinerja)
    wanted = {units.get(node.pk) for node in nodes}
    by_pk = {unit.pk: unit for unit in tahun_kinerja.instansi.unit_kerja.filter(pk__in=[pk for pk in wanted if pk])}
    found: dict[int | None, str] = {}
    for pk in sorted(wanted, key=lambda one: one or 0):
        key = SheetKey(tahun_kinerja, Form.ANGGARAN, by_pk[pk] if pk else None, periode)
        decision = may_write(submission_of(key), deadline_of(key), today)
        if not decision.allowed:
            found[pk] = f"{by_pk[pk].nama if pk else tahun_kinerja.instansi.singkatan}: {decision.reason}"
    return found


def _hold(nodes: Iterable[Node]) -> None:
    rows = Node.objects.select_for_update(no_key=True).filter(pk__in=[node.pk for node in nodes])
    list(rows.order_by("pk").values_list("pk"))


def _judge(change: Change, figure: MoneyFigure | None, money: YearMoney) -> Outcome:
    """What should become of a change: read it, and compare it with what is stored and with what the person saw."""
    if figure is None:
        return Outcome(change.kunci, Outcome.REFUSED, message="Kode ini tidak ada (lagi) dalam lembar ini.")
    stored = stored_amount(money, figure, figure.key.periode)
    before = amount_text(stored)
    if change.teks.strip() == before:
        return Outcome(change.kunci, Outcome.SAME, before)
    try:
        if figure.closed:
            raise NumberFormatError(figure.closed)
        after = amount_text(_read_amount(change.teks))
    except NumberFormatError as refusal:
        return Outcome(change.kunci, Outcome.REFUSED, message=str(refusal))
    if after == before:
        return Outcome(change.kunci, Outcome.SAME, before)
    if change.base is not None and change.base.strip() != before:
        return Outcome(change.kunci, Outcome.CONFLICT, before)
    return Outcome(change.kunci, Outcome.SAVED, after)


def _read_amount(teks: str) -> int | None:
    """A typed amount; None for an empty text. Raises `NumberFormatError`, in words, for what is no amount spent."""
    if not teks.strip():
        return None
    jumlah = parse_rupiah(teks)
    if jumlah < 0:
        raise NumberFormatError(
            f'Realisasi "{teks.strip()[:40]}" negatif. Realisasi adalah jumlah sampai akhir periode; pengembalian '
            "belanja mengurangi jumlah itu, tetapi tidak di bawah nol."
        )
    if jumlah > MAX_RUPIAH:
        raise NumberFormatError(
            f'Realisasi "{teks.strip()[:40]}" melebihi seribu triliun rupiah; periksa banyaknya angka nol.'
        )
    return jumlah


def _store_amount(figure: MoneyFigure, teks: str) -> None:
    here = RealisasiAnggaran.objects.filter(node=figure.node, periode=figure.key.periode)
    cell = here.filter(belanja=figure.belanja, sumber_dana=None)
    if not teks:
        cell.delete()
    else:
        # The amounts of a node and period belong together: with one of them a person takes over all.
        here.update(is_loaded=False)
        cell.update_or_create(
            node=figure.node,
            periode=figure.key.periode,
            belanja=figure.belanja,
            sumber_dana=None,
            defaults={"jumlah": parse_rupiah(teks), "is_loaded": False},
        )


def _record_amount(
    by: User | None, key: SheetKey, kunci: str, before: str, after: str, action: str = _RECORDED
) -> None:
    record_audit(
        by=by,
        action=action,
        subject=money_subject(kunci, key.tahun_kinerja.tahun, key.periode),
        instansi=key.tahun_kinerja.instansi,
        unit=key.unit,
        before={"teks": before} if before else None,
        after={"teks": after} if after else None,
    )
