"""The form `anggaran`: what one unit fills of the money spent up to the end of a period, and how it is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date

from django.contrib.auth.models import User
from django.urls import reverse

from capaian.budget import actions
from capaian.budget.figures import (
    MoneyFigure,
    YearMoney,
    amount_text,
    money_figures,
    node_figures,
    stored_amount,
    year_money,
)
from capaian.budget.models import Pagu, RealisasiAnggaran
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.organisations.roles import Permission
from capaian.planning.models import Node
from capaian.planning.units import node_units
from capaian.rules.efisiensi import compute_serapan
from capaian.rules.numbers import format_rupiah
from capaian.web.templatetags.capaian import persen
from capaian.workflow.forms import PERIODS, Change, Filling, Outcome, Problem, Sheet, SheetKey, SheetRow
from capaian.workflow.models import Form

_LAST_QUARTER = 4
_NO_PAGU = "Belum mempunyai pagu tahun ini."
_LOWER = "Lebih kecil daripada sampai akhir triwulan sebelumnya; periksa, kecuali ada pengembalian belanja."


class AnggaranForm:
    """See `workflow.forms.FormDefinition`."""

    kode = Form.ANGGARAN.value
    nama = str(Form.ANGGARAN.label)
    periods = PERIODS
    permission = Permission.RECORD_ANGGARAN.name
    submit_permission = Permission.SUBMIT_ANGGARAN.name
    verify_permission = Permission.VERIFY_ANGGARAN.name

    def units(self, tahun_kinerja: TahunKinerja, periode: int) -> list[UnitKerja | None]:
        """The units that answer for a node with money, the office itself first. Six queries."""
        money = year_money(tahun_kinerja)
        answering, carrying = node_units(tahun_kinerja), money.carrying
        owing = {answering.get(node.pk) for node in money.lowest() if node.pk in carrying}
        rows = tahun_kinerja.instansi.unit_kerja.filter(pk__in=[pk for pk in owing if pk])
        return [*([None] if None in owing else []), *rows.order_by("urutan", "pk")]

    def fillings(
        self, tahun_kinerja: TahunKinerja, periods: Collection[int]
    ) -> Mapping[tuple[int, int | None], Filling]:
        """See `FormDefinition.fillings`. Five queries."""
        money = year_money(tahun_kinerja)
        answering, carrying = node_units(tahun_kinerja), money.carrying
        counts: dict[tuple[int, int | None], list[int]] = defaultdict(lambda: [0, 0])
        for node in money.lowest():
            for periode in periods if node.pk in carrying else ():
                key = SheetKey(tahun_kinerja, self.kode, None, periode)
                count = counts[periode, answering.get(node.pk)]
                for figure in node_figures(key, money, node):
                    stored = stored_amount(money, figure, periode)
                    is_open = not _closed(figure, stored)
                    count[0] += is_open
                    count[1] += is_open and stored is not None
        return {place: Filling(*count) for place, count in counts.items()}

    def read(self, key: SheetKey, today: date) -> Sheet:
        """The sheet with pagu, amounts stored, those of the quarter before, and serapan so far. Five queries."""
        money = year_money(key.tahun_kinerja)
        not_begun = key.not_begun(today)
        parents = {node.pk: node for node in money.nodes}
        rows = [_row(one, money, parents, not_begun) for one in money_figures(key, money)]
        target = f"Pagu {Pagu.Versi(money.versi).label}" if money.versi else "Pagu"
        return Sheet(
            key,
            self.nama,
            tuple(rows),
            value_label="Realisasi s.d. akhir periode (Rp)",
            target_label=f"{target} (Rp)",
            name_label="Kegiatan dan sub kegiatan",
            result_label="Serapan",
        )

    def write(self, key: SheetKey, changes: Sequence[Change], *, by: User | None, today: date) -> list[Outcome]:
        return actions.write_amounts(by=by, key=key, changes=changes, today=today)

    def problems(self, key: SheetKey, today: date, sheet: Sheet | None = None) -> list[Problem]:
        """What is not filled, and nodes on which more was spent than their pagu allows."""
        sheet = sheet or self.read(key, today)
        if not sheet.rows:
            return [Problem("", "Unit ini tidak mempunyai kegiatan beranggaran untuk diisi pada periode ini")]
        if not_begun := key.not_begun(today):
            return [Problem("", not_begun)]
        missing = [
            Problem(row.kunci, f"{row.nama} belum diisi") for row in sheet.rows if not row.closed and not row.teks
        ]
        return missing + _over_pagu(key)

    def after_count(self, key: SheetKey, *, by: User | None) -> None:
        """Nothing is derived from the state of this form: the sums are made when they are read."""


def _row(figure: MoneyFigure, money: YearMoney, parents: dict[int, Node], not_begun: str) -> SheetRow:
    key, node = figure.key, figure.node
    stored = stored_amount(money, figure, key.periode)
    before = _before(money, figure)
    whole = not figure.belanja
    serapan = compute_serapan(figure.pagu, stored).tampil if whole else None
    parent = parents.get(node.induk_id) if node.induk_id else None
    return SheetRow(
        kunci=figure.kunci,
        subject=figure.subject,
        nama=node.nama if whole else f"{node.nama} — {RealisasiAnggaran.Belanja(figure.belanja).label.lower()}",
        teks=amount_text(stored),
        kode=node.kode,
        kelompok=str(parent) if parent else "",
        satuan="Rp",
        target=amount_text(figure.pagu) if whole else "",
        previous=amount_text(before),
        hint=_hint(figure, stored, before),
        closed=not_begun or _closed(figure, stored),
        result="" if serapan is None else persen(serapan),
        status="beda" if serapan is not None and serapan > 100 else "",
        trace_url=_trace_url(figure, money.versi) if serapan is not None and not key.periode else "",
        makes_result=whole,
    )


def _closed(figure: MoneyFigure, stored: int | None) -> str:
    return figure.closed or ("" if figure.pagu is not None or stored is not None else _NO_PAGU)


def _hint(figure: MoneyFigure, stored: int | None, before: int | None) -> str:
    if stored is not None and before is not None and stored < before:
        return _LOWER
    if figure.belanja and figure.pagu is not None:
        return f"Pagu seluruh jenis belanja {format_rupiah(figure.pagu)}"
    return ""


def _before(money: YearMoney, figure: MoneyFigure) -> int | None:
    """The amount up to the end of the quarter before; beside the year stands the last quarter."""
    periode = figure.key.periode
    return None if periode == 1 else stored_amount(money, figure, periode - 1 if periode else _LAST_QUARTER)


def _over_pagu(key: SheetKey) -> list[Problem]:
    money = year_money(key.tahun_kinerja)
    found = []
    for node in {one.node.pk: one.node for one in money_figures(key, money)}.values():
        spent = sum(money.spent.get(node.pk, {}).get(key.periode, {}).values())
        pagu = money.pagu.get(node.pk)
        if pagu is not None and spent > pagu:
            found.append(
                Problem(
                    node.kunci,
                    f"{node.nama}: realisasi {format_rupiah(spent)} melebihi pagu {format_rupiah(pagu)}; "
                    "perbaiki realisasinya, atau impor pagu perubahan lebih dahulu",
                )
            )
    return found


def _trace_url(figure: MoneyFigure, versi: str) -> str:
    if not versi:
        return ""
    year = figure.key.tahun_kinerja
    place = {"instansi": year.instansi.kunci, "tahun": year.tahun, "versi": versi, "kunci": figure.node.kunci}
    return reverse("budget:jejak", kwargs=place)
