"""Uploads of pagu and of realisasi: checked against the plan, applied through the actions of the budget."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.contrib.auth.models import User
from django.utils import timezone

from capaian.budget.actions import import_locks, import_pagu, import_realisasi_anggaran
from capaian.budget.figures import YearMoney, amount_text, year_money
from capaian.budget.models import Pagu, RealisasiAnggaran
from capaian.exchange.kinds import Checked, Finding, Report
from capaian.exchange.mapping import columns_of
from capaian.exchange.models import Upload
from capaian.exchange.raw import RawRows, forget
from capaian.exchange.sipd.judge import Matched, match_plan, over_pagu
from capaian.exchange.sipd.read import Keep, Wanted, WholeFile, read_file
from capaian.planning.models import Node
from capaian.planning.units import node_units
from capaian.rules.periods import ROMAN
from capaian.workflow.audit import audited
from capaian.workflow.storage import FileRefused
from capaian.workflow.sync import SyncResult

_V = Pagu.Versi
# The columns that can hold a version, the surest first.
PAGU_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    _V.RENJA_MURNI: ("pagu", "pagu_murni"),
    _V.KUA_PPAS: ("pagu", "pagu_murni"),
    _V.APBD: ("pagu_murni", "pagu"),
    _V.APBD_PERUBAHAN: ("pagu_perubahan", "pagu_pergeseran", "pagu"),
}
_MOST_CHANGES: Final = 2000


@dataclass(frozen=True)
class Change:
    """An amount that would change: node, kind of belanja, texts before and after."""

    node: Node
    belanja: str
    before: str
    after: str


class MoneyKind(ABC):
    """What both kinds share; see `kinds.UploadKind`. Subclasses say which columns, which changes and how to store."""

    @abstractmethod
    def amounts(self, upload: Upload) -> tuple[str, ...]:
        """Our columns that hold the amounts to read."""

    @abstractmethod
    def title(self, upload: Upload) -> str:
        """What the file is, in words."""

    @abstractmethod
    def judge(self, upload: Upload, matched: Matched, money: YearMoney) -> Iterable[Finding]:
        """What is wrong with the amounts themselves."""

    @abstractmethod
    def changes(self, upload: Upload, matched: Matched, money: YearMoney) -> list[Change]:
        """What applying the file would change."""

    @abstractmethod
    def store(self, upload: Upload, matched: Matched, by: User | None) -> SyncResult:
        """Store everything, through the actions of `budget`."""

    def check(self, upload: Upload, path: Path, report: Report) -> Checked:
        """All problems of the file, and what applying it now would change. Only the raw rows are written."""
        keep = RawRows(upload)
        try:
            with audited():
                upload.raw_rows.all().delete()
                whole = self._read(upload, path, keep, report)
                keep.flush()
        except FileRefused as refusal:
            return Checked(0, [Finding("", "", "berkas", str(refusal))])
        report(80, "Membandingkan dengan rencana")
        matched, findings = self._judge(upload, whole)
        is_wrong = any(one.severity == "salah" for one in findings)
        money = year_money(upload.tahun_kinerja)
        changes = [] if is_wrong else self.changes(upload, matched, money)
        return Checked(whole.rows, findings, self._summary(upload, matched, changes))

    def apply(self, upload: Upload, path: Path, *, by: User | None, report: Report) -> Mapping[str, Any]:
        """Store everything in the caller's transaction; raises `ValueError` while anything is wrong."""
        whole = self._read(upload, path, forget, report)
        matched, findings = self._judge(upload, whole)
        wrong = [one for one in findings if one.severity == "salah"]
        if wrong:
            raise ValueError(
                f"Belum diterapkan: {len(wrong)} masalah, yang pertama {wrong[0].sheet} {wrong[0].cell}: "
                f"{wrong[0].message} Pagu dan realisasi hanya diterapkan utuh; tidak ada yang berubah."
            )
        changes = self.changes(upload, matched, year_money(upload.tahun_kinerja))
        self.store(upload, matched, by)
        return self._summary(upload, matched, changes)

    def _read(self, upload: Upload, path: Path, keep: Keep, report: Report) -> WholeFile:
        year = upload.tahun_kinerja
        columns = columns_of(year.instansi, upload.jenis)
        return read_file(path, Wanted(year, columns, self.amounts(upload)), keep, report)

    def _judge(self, upload: Upload, whole: WholeFile) -> tuple[Matched, list[Finding]]:
        matched = match_plan(upload.tahun_kinerja, whole.codes)
        money = year_money(upload.tahun_kinerja)
        findings = [*whole.findings, *matched.findings, *self.judge(upload, matched, money)]
        if not whole.codes and not any(one.severity == "salah" for one in findings):
            findings.append(Finding("", "", "isi", "Tidak ada baris berkode di bawah judul kolom. Periksa berkasnya."))
        return matched, findings

    def _summary(self, upload: Upload, matched: Matched, changes: list[Change]) -> dict[str, Any]:
        units = node_units(upload.tahun_kinerja)
        names = {unit.pk: unit.nama for unit in upload.tahun_kinerja.instansi.unit_kerja.all()}
        office = upload.tahun_kinerja.instansi.singkatan
        shown = []
        for one in changes[:_MOST_CHANGES]:
            sheet, cell = matched.cells[one.node]
            pk = units.get(one.node.pk)
            belanja = f" — {RealisasiAnggaran.Belanja(one.belanja).label.lower()}" if one.belanja else ""
            shown.append(
                {
                    "sheet": sheet,
                    "cell": cell,
                    "nama": f"{one.node}{belanja}",
                    "unit": names[pk] if pk else office,
                    "satuan": "Rp",
                    "before": one.before,
                    "after": one.after,
                }
            )
        return {
            "judul": self.title(upload),
            "unit": sorted({one["unit"] for one in shown}),
            "berubah": len(changes),
            "sama": len(matched.amounts) - len({one.node for one in changes}),
            "changes": shown,
        }


class PaguKind(MoneyKind):
    """The pagu of one version; `upload.options["versi"]` names it."""

    def amounts(self, upload: Upload) -> tuple[str, ...]:
        return PAGU_COLUMNS[upload.options["versi"]]

    def title(self, upload: Upload) -> str:
        return f"Pagu {_V(upload.options['versi']).label}"

    def judge(self, upload: Upload, matched: Matched, money: YearMoney) -> Iterable[Finding]:
        spent = {node: max(sum(kinds.values()) for kinds in periods.values()) for node, periods in money.spent.items()}
        return over_pagu(matched, {node.pk: jumlah for node, jumlah in matched.amounts.items()}, spent)

    def changes(self, upload: Upload, matched: Matched, money: YearMoney) -> list[Change]:
        rows = Pagu.objects.filter(node__tahun_kinerja=upload.tahun_kinerja, versi=upload.options["versi"])
        stored = dict(rows.order_by().values_list("node", "jumlah"))
        return [
            Change(node, "", amount_text(stored.get(node.pk)), amount_text(jumlah))
            for node, jumlah in matched.amounts.items()
            if stored.get(node.pk) != jumlah
        ]

    def store(self, upload: Upload, matched: Matched, by: User | None) -> SyncResult:
        return import_pagu(
            by=by, tahun_kinerja=upload.tahun_kinerja, versi=upload.options["versi"], amounts=matched.amounts
        )


class RealisasiKind(MoneyKind):
    """The money spent up to the end of a period; `upload.options["periode"]` is a quarter or 0, the year."""

    def amounts(self, upload: Upload) -> tuple[str, ...]:
        return ("realisasi",)

    def title(self, upload: Upload) -> str:
        periode = int(upload.options["periode"])
        until = f"akhir triwulan {ROMAN[periode - 1]}" if periode else "akhir tahun"
        return f"Realisasi anggaran sampai {until}"

    def judge(self, upload: Upload, matched: Matched, money: YearMoney) -> Iterable[Finding]:
        yield from over_pagu(matched, money.pagu, {node.pk: jumlah for node, jumlah in matched.amounts.items()})
        periode = int(upload.options["periode"])
        changed = {one.node for one in self.changes(upload, matched, money)}
        for lock in import_locks(upload.tahun_kinerja, periode, changed, timezone.localdate()).values():
            yield Finding("", "", "kunci", lock)

    def changes(self, upload: Upload, matched: Matched, money: YearMoney) -> list[Change]:
        periode = int(upload.options["periode"])
        found = []
        for node, kinds in matched.by_belanja.items():
            before = money.spent.get(node.pk, {}).get(periode, {})
            for belanja in dict.fromkeys([*before, *kinds]):
                if before.get(belanja) != kinds.get(belanja):
                    texts = amount_text(before.get(belanja)), amount_text(kinds.get(belanja))
                    found.append(Change(node, belanja, *texts))
        return found

    def store(self, upload: Upload, matched: Matched, by: User | None) -> SyncResult:
        return import_realisasi_anggaran(
            by=by,
            tahun_kinerja=upload.tahun_kinerja,
            periode=int(upload.options["periode"]),
            amounts=matched.by_belanja,
            today=timezone.localdate(),
        )
