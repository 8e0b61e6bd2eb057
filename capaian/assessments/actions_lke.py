"""Writing the answers of an AKIP evaluation, tier by tier, each with what the person saw there.

The self-assessment is the office's (whoever writes analyses for all of it), the two further tiers the evaluators'.
What two people write at once is told to the later one, and nothing of theirs is lost.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.contrib.auth.models import User
from django.utils import timezone

from capaian.assessments.actions import PenilaianRefused, hold_year
from capaian.assessments.compute import store_results
from capaian.assessments.models import Jawaban, Penilaian
from capaian.assessments.queries import Active
from capaian.assessments.tiers import RIGHTS, TIERS, Tingkat, answers_of, require_active, within
from capaian.organisations.models import TahunKinerja
from capaian.organisations.permissions import require_right
from capaian.rules.instrumen.hasil import stated_points
from capaian.rules.instrumen.model import Pilihan
from capaian.rules.instrumen.skor import Isian, score_item
from capaian.rules.lke import EVALUATOR_GRADES, MET, UNMET
from capaian.workflow.audit import audited, record_audit
from capaian.workflow.checks import clean_text

MAX_NOTE: Final = 4000
_Answers = dict[str, Jawaban]


@dataclass(frozen=True)
class Change:
    """What a person wrote for a criterion or sub-component; `base` is the mark of what the person saw there."""

    kode: str
    nilai: str
    catatan: str
    base: str


@dataclass
class Written:
    """What became of the changes: the kode that are stored, and for the others why not, in words."""

    saved: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Tier:
    """A tier that is written to: what judges it, its answers, and those of the tier before it."""

    judged: Active
    penilaian: Penilaian
    answers: _Answers
    former: _Answers | None

    @property
    def by_group(self) -> bool:
        return self.judged.kebijakan.skor == "kelompok"

    def choices(self, kode: str) -> tuple[Pilihan, ...]:
        """The answers that a kode takes; empty for one that takes a value, or is not answered in this way."""
        instrumen = self.judged.instrumen
        if kode in instrumen.items:
            return instrumen.items[kode].pilihan
        group = instrumen.groups.get(kode)
        return group.pilihan if group is not None and self.by_group else ()

    def takes_value(self, kode: str) -> bool:
        """Whether a criterion is answered with a value (the share of its weight in the worksheet of 2015)."""
        item = self.judged.instrumen.items.get(kode)
        return item is not None and item.penilaian != "pilihan"

    def is_graded(self, kode: str) -> bool:
        """Whether the answer makes the score; a criterion below a graded sub-component only says met or not."""
        parent = self.judged.instrumen.groups.get(self.judged.instrumen.parents.get(kode, ""))
        return not (self.by_group and kode in self.judged.instrumen.items and parent is not None and parent.pilihan)


def mark_of(nilai: str, catatan: str) -> str:
    """The mark of an answer as a person sees it, by which a change is known to be based on what is stored."""
    return hashlib.sha256(f"{nilai}\n{catatan}".encode()).hexdigest()[:12] if nilai or catatan else ""


@audited()
def save_jawaban(*, by: User | None, tahun_kinerja: TahunKinerja, tingkat: str, changes: Sequence[Change]) -> Written:
    """Store the answers of a tier, each for itself: what cannot be stored is told, and the rest is kept.

    Raises `PermissionDenied` without the right to the tier, `PenilaianRefused` while the tier cannot be written: no
    instrument, closed, or the tier before it not closed yet.
    """
    require_right(by, tahun_kinerja, RIGHTS[Tingkat(tingkat)])
    tier = _hold_tier(tahun_kinerja, Tingkat(tingkat))
    found, touched = Written(), list[Jawaban]()
    for change in changes:
        stored = tier.answers.get(change.kode)
        seen = (stored.nilai, stored.catatan) if stored else ("", "")
        wanted = (change.nilai.strip(), clean_text(change.catatan))
        if seen == wanted:
            continue
        problem = _problem(tier, change.kode, seen, wanted, change.base)
        if problem:
            found.refused[change.kode] = problem
            continue
        touched.append(_changed(tier, change.kode, wanted, by))
        found.saved.append(change.kode)
        _audit_answer(by, tier.penilaian, change.kode, seen, wanted)
    if touched:
        _store(touched)
        _own(tier.penilaian)
        store_results(tier.judged, [tier.penilaian])
    return found


def _hold_tier(tahun_kinerja: TahunKinerja, tingkat: Penilaian.Tingkat) -> _Tier:
    """The tier to write to, made where it may begin. Raises `PenilaianRefused` while it cannot be written."""
    hold_year(tahun_kinerja)
    judged = require_active(tahun_kinerja)
    rows = {
        Tingkat(one.tingkat): one
        for one in Penilaian.objects.filter(tahun_kinerja=tahun_kinerja, versi=judged.versi, unit=None)
    }
    place = TIERS.index(tingkat)
    former = next((rows[one] for one in reversed(TIERS[:place]) if one in rows), None)
    if former is not None and not former.selesai_pada:
        raise PenilaianRefused(
            f"{former.get_tingkat_display()} belum ditutup; {within(str(tingkat.label))} dimulai sesudah itu."
        )
    penilaian = rows.get(tingkat)
    if penilaian is None and any(one in rows for one in TIERS[place:]):
        raise PenilaianRefused(
            f"Tahun ini sudah mempunyai tingkat sesudah {within(str(tingkat.label))}; tingkat ini tidak dimulai lagi."
        )
    if penilaian is None:
        penilaian = Penilaian.objects.create(
            tahun_kinerja=tahun_kinerja, versi=judged.versi, tingkat=tingkat, tahun_evaluasi=tahun_kinerja.tahun + 1
        )
    if penilaian.selesai_pada:
        raise PenilaianRefused(
            f"{tingkat.label} sudah ditutup dan tidak berubah lagi. Buka kembali dengan alasan bila perlu diperbaiki."
        )
    return _Tier(judged, penilaian, answers_of(penilaian), answers_of(former) if former else None)


def _problem(tier: _Tier, kode: str, seen: tuple[str, str], wanted: tuple[str, str], base: str) -> str:
    """Why an answer cannot be stored; empty where it can."""
    nilai, catatan = wanted
    choices = {one.kode for one in tier.choices(kode)}
    if not choices and not tier.takes_value(kode):
        return f'Kriteria "{kode}" tidak dinilai dengan cara ini; muat ulang halaman.'
    if base != mark_of(*seen):
        note = f' dengan catatan "{seen[1][:80]}"' if seen[1] else ""
        return (
            f"Sudah diubah orang lain sejak halaman dibuka: kini {seen[0] or 'kosong'}{note}. Periksa, lalu simpan "
            "lagi bila jawaban Anda yang benar."
        )
    if nilai and (above := _stated_above(tier, kode)):
        return above
    if len(catatan) > MAX_NOTE:
        return f"Catatan paling panjang {MAX_NOTE} huruf; sekarang {len(catatan)}. Ringkaskan."
    if not nilai:
        return ""
    if tier.takes_value(kode):
        scored = score_item(tier.judged.instrumen.items[kode], Isian(nilai), (), {})
        return " ".join(scored.catatan) if scored.status == "salah" else _needs_reason(tier, kode, nilai, catatan)
    if not tier.is_graded(kode):
        return "" if nilai in (MET, UNMET) else "Pilih terpenuhi atau tidak; jenjang diberikan pada subkomponennya."
    if nilai not in choices:
        return f'Jawaban "{nilai}" tidak ada; pilih {", ".join(one.kode for one in tier.choices(kode))}.'
    return _needs_reason(tier, kode, nilai, catatan)


def _stated_above(tier: _Tier, kode: str) -> str:
    """That a printed value of a group above stands, which this answer could not change; empty where none does."""
    groups, parents = tier.judged.instrumen.groups, tier.judged.instrumen.parents
    above = parents.get(kode)
    while above is not None and tier.is_graded(kode):
        given = tier.answers.get(above)
        if given is not None and stated_points(groups[above], given.nilai) is not None:
            return (
                f"{groups[above].nama} memakai nilai tercetak {given.nilai}, sehingga jawaban ini tidak mengubah "
                "nilainya. Ganti dahulu pada halaman LHE tercetak dengan nilai subkomponennya."
            )
        above = parents.get(above)
    return ""


def _needs_reason(tier: _Tier, kode: str, nilai: str, catatan: str) -> str:
    former = tier.former.get(kode) if tier.former is not None else None
    before = former.nilai if former else ""
    if nilai in EVALUATOR_GRADES and tier.penilaian.tingkat == Tingkat.MANDIRI:
        return (
            f"{nilai} hanya diberikan evaluator, karena melebihi seluruh kriteria terpenuhi (BB). Pilih paling tinggi "
            "BB dan tulis alasannya pada catatan."
        )
    if catatan or nilai == before:
        return ""
    if before:
        return f"{nilai} berbeda dari {before} pada tingkat sebelumnya: tulis alasannya pada catatan."
    if nilai in EVALUATOR_GRADES:
        return f"{nilai} melebihi seluruh kriteria terpenuhi (BB): tulis alasannya pada catatan."
    return ""


def _changed(tier: _Tier, kode: str, wanted: tuple[str, str], by: User | None) -> Jawaban:
    row = tier.answers.get(kode) or Jawaban(penilaian=tier.penilaian, butir=kode)
    row.nilai, row.catatan = wanted
    row.by, row.at = by, timezone.now()
    return row


def _store(rows: Collection[Jawaban]) -> None:
    """Write answers in few statements; one without anything is no answer."""
    kept = [row for row in rows if row.nilai or row.catatan]
    Jawaban.objects.bulk_create([row for row in kept if row.pk is None])
    Jawaban.objects.bulk_update([row for row in kept if row.pk], ["nilai", "catatan", "by", "at"])
    Jawaban.objects.filter(pk__in=[row.pk for row in rows if row.pk and not (row.nilai or row.catatan)]).delete()


def _own(penilaian: Penilaian) -> None:
    """What a person wrote is no load's any more (ADR 11)."""
    if penilaian.is_loaded:
        Penilaian.objects.filter(pk=penilaian.pk).update(is_loaded=False)


def _audit_answer(
    by: User | None, penilaian: Penilaian, kode: str, before: tuple[str, str], after: tuple[str, str]
) -> None:
    names = ("nilai", "catatan")
    year = penilaian.tahun_kinerja
    record_audit(
        by=by,
        action="assessments.save_jawaban",
        subject=f"lke {penilaian.tingkat} {kode} {year.tahun}",
        instansi=year.instansi,
        before=dict(zip(names, before, strict=True)),
        after=dict(zip(names, after, strict=True)),
    )
