"""Bab V to VII: what is best and worst, what is missing, what lifts the class, the plan, and the conclusion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from capaian.assessments.queries_pkp import FEWEST_OF_MEAN, share_of
from capaian.documents.blocks import (
    Block,
    Cell,
    Column,
    Heading,
    ListBlock,
    PageBreak,
    Paragraph,
    Row,
    Run,
    Table,
    text,
)
from capaian.reports.formats import DASH, joined, proper, signed
from capaian.reports.pkp.parts import (
    answer_words,
    label_of,
    number_and_name,
    score_tone,
    signature,
    signing_unit,
    value,
    with_unit,
)
from capaian.reports.pkp.snapshot import PkpSnapshot, parts_of
from capaian.reports.spm.parts import in_sentence
from capaian.rules.instrumen.model import Butir, Kelompok
from capaian.rules.instrumen.pengungkit import Pengungkit
from capaian.rules.instrumen.terbaik import best_answer
from capaian.rules.numbers import HUNDRED, round_half_up

_SHOWN = 10
# A plan for each of these at least; more would not be a plan.
PLANNED = 15


def bab5(snapshot: PkpSnapshot) -> Iterator[Block]:
    """Best and worst, everything below target, year on year, levers."""
    yield Heading(1, "ANALISA CAPAIAN KINERJA TAHUNAN", "BAB V")
    yield Heading(2, "Indikator Tertinggi dan Terendah", "A.")
    yield from _extremes(snapshot)
    yield Heading(2, "Perbandingan dengan Tahun Lalu", "B.")
    yield from _year_on_year(snapshot)
    yield Heading(2, "Yang Menaikkan Tingkat Kinerja", "C.")
    yield from _levers(snapshot)
    yield PageBreak("landscape")
    yield Heading(2, "Indikator yang Belum Mencapai Target", "D.")
    yield from _below_target(snapshot)
    yield PageBreak("portrait")


def scored(snapshot: PkpSnapshot) -> list[tuple[Butir, Decimal]]:
    """The items with a score and what it is in percent of the best, best first, in printed order where equal."""
    found = [
        (item, reached)
        for item in snapshot.instrumen.items.values()
        if (reached := share_of(item, snapshot.score(item).nilai)) is not None
    ]
    return sorted(found, key=lambda pair: -pair[1])


def short_of_target(snapshot: PkpSnapshot) -> list[tuple[Butir, Decimal]]:
    """The items that do not have their full score, worst first."""
    return [pair for pair in reversed(scored(snapshot)) if pair[1] < HUNDRED]


def _extremes(snapshot: PkpSnapshot) -> Iterator[Block]:
    found = scored(snapshot)
    full = sum(1 for _, reached in found if reached >= HUNDRED)
    if not found:
        yield text("Belum ada indikator yang bernilai.")
        return
    yield text(
        f"{len(found)} indikator bernilai: {full} bernilai penuh dan {len(found) - full} belum. Tabel berikut memuat "
        "kelompok yang terbaik dan yang terlemah, lalu indikator yang terendah."
    )
    yield _groups(snapshot)
    worst = short_of_target(snapshot)[:_SHOWN]
    if worst:
        yield _items(snapshot, worst, f"{len(worst)} Indikator Terendah Tahun {snapshot.tahun}")
    if full:
        yield text(f"Bernilai penuh antara lain: {_named([item for item, reached in found if reached >= HUNDRED])}.")


def _named(items: Sequence[Butir]) -> str:
    """Some names of items, and how many more."""
    names = [number_and_name(one) for one in items[:_SHOWN]]
    if len(items) > _SHOWN:
        return f"{'; '.join(names)}; dan {len(items) - _SHOWN} lagi"
    return "; ".join(names)


def _groups(snapshot: PkpSnapshot) -> Table:
    """The groups that hold items, best first, beside the mean of the others."""
    groups = [
        (one, found, reached)
        for one in snapshot.instrumen.groups.values()
        if any(isinstance(child, Butir) for child in one.isi) and not one.is_item
        and (found := snapshot.hasil.kelompok[one.kode]).nilai is not None
        and (reached := share_of(one, found.nilai)) is not None
    ]  # fmt: skip
    ordered = sorted(groups, key=lambda row: -row[2])
    few = ordered if len(ordered) <= 2 * _HALF else [*ordered[:_HALF], *ordered[-_HALF:]]
    with_peers = snapshot.counted >= FEWEST_OF_MEAN
    rows = []
    for one, found, _ in few:
        above = snapshot.instrumen.groups.get(snapshot.instrumen.parents.get(one.kode, ""))
        peer = snapshot.peers.get(one.kode)
        difference = None if peer is None or found.nilai is None else found.nilai - peer
        more = (Cell(value(peer)), Cell(_changed(difference))) if with_peers else ()
        rows.append(
            Row(
                (
                    Cell(proper(one.nama)),
                    Cell(proper(above.nama) if above else DASH),
                    Cell(value(found.nilai), tone=score_tone(one, found.nilai)),
                    *more,
                )
            )
        )
    peers = (Column("Rata-rata", "right", 1), Column("Selisih", "right", 1)) if with_peers else ()
    columns = (Column("Kelompok", "left", 3), Column("Bagian dari", "left", 2.6), Column("Nilai", "right", 1), *peers)
    caption = f"Kelompok Terbaik dan Terlemah Tahun {snapshot.tahun}"
    return Table(columns, tuple(rows), caption=caption, font_size="small")


_HALF = 5


def _changed(difference: Decimal | None) -> str:
    return DASH if difference is None else signed(round_half_up(difference, 2), 2)


def _items(snapshot: PkpSnapshot, rows: Sequence[tuple[Butir, Decimal]], caption: str) -> Table:
    columns = (
        Column("No", "left", 0.7),
        Column("Indikator", "left", 4),
        Column("Target", "right", 1.2),
        Column("Hasil", "right", 2),
        Column("Nilai", "right", 0.9),
    )
    body = []
    for item, _ in rows:
        nilai = snapshot.score(item).nilai
        answer = answer_words(item, snapshot.isian.get(item.kode))
        cells = (Cell(item.nomor), Cell(item.nama), Cell(item.target or DASH), Cell(answer))
        body.append(Row((*cells, Cell(value(nilai), tone=score_tone(item, nilai)))))
    return Table(columns, tuple(body), caption=caption, font_size="small")


def _year_on_year(snapshot: PkpSnapshot) -> Iterator[Block]:
    before = snapshot.before
    if before is None:
        yield text(
            f"Hasil tahun {snapshot.tahun - 1} dengan instrumen ini tidak ada, sehingga belum dapat dibandingkan."
        )
        return
    columns = (
        Column("Kelompok", "left", 4),
        Column(str(before.tahun), "right", 1),
        Column(str(snapshot.tahun), "right", 1),
        Column("Perubahan", "right", 1.1),
    )
    rows, risen, fallen = [], 0, 0
    for group in _compared(snapshot):
        old, new = before.values.get(group.kode), snapshot.hasil.kelompok[group.kode].nilai
        change = None if old is None or new is None else round_half_up(new, 2) - round_half_up(old, 2)
        risen += change is not None and change > 0
        fallen += change is not None and change < 0
        depth = 0 if group in parts_of(snapshot.instrumen) else 1
        role: str = "group" if depth == 0 else "body"
        tone = "muted" if change is None else "good" if change > 0 else "bad" if change < 0 else ""
        cells = (Cell(proper(group.nama), indent=depth), Cell(value(old)), Cell(value(new)))
        rows.append(Row((*cells, Cell(_changed(change), tone=tone)), role=role))  # type: ignore[arg-type]
    yield text(f"Dibandingkan tahun {before.tahun}, {risen} nilai naik dan {fallen} turun.")
    if before.is_other_version:
        yield text(
            f"Tahun {before.tahun} dinilai dengan versi instrumen yang lain; kelompok yang kodenya sama dibandingkan "
            "apa adanya.",
            "note",
        )
    caption = f"Nilai Tahun {before.tahun} dan {snapshot.tahun}"
    yield Table(columns, tuple(rows), caption=caption, font_size="small")


def _compared(snapshot: PkpSnapshot) -> Iterator[Kelompok]:
    """The parts and the groups right below them."""
    for part in parts_of(snapshot.instrumen):
        yield part
        for child in part.isi:
            if isinstance(child, Kelompok):
                yield child


def _levers(snapshot: PkpSnapshot) -> Iterator[Block]:
    if not snapshot.pengungkit:
        if snapshot.hasil.kelas:
            yield text("Tingkat kinerja sudah yang tertinggi; yang perlu dijaga adalah indikator bernilai penuh.")
        else:
            yield text("Belum ada kelas, sehingga belum dapat dihitung apa yang menaikkannya.")
        return
    target = label_of(snapshot.instrumen, snapshot.pengungkit[0].target)
    yield text(
        f"Untuk naik ke tingkat {target}, setiap bagian di bawah ini harus mencapainya. Pengaruh adalah tambahan nilai "
        "bagian bila indikator itu sendiri mencapai nilai penuh."
    )
    for one in snapshot.pengungkit:
        yield _lever_words(snapshot, one)
        if one.levers:
            yield _lever_table(snapshot, one)


def _lever_words(snapshot: PkpSnapshot, one: Pengungkit) -> Paragraph:
    group = snapshot.instrumen.groups[one.kelompok]
    needed = f"; diperlukan {with_unit(group, one.needed)}" if one.needed is not None else ""
    return Paragraph(
        (Run(proper(group.nama), bold=True), Run(f": nilai {with_unit(group, one.nilai)}{needed}. {one.catatan}"))
    )


def _lever_table(snapshot: PkpSnapshot, one: Pengungkit) -> Table:
    """The levers that together suffice, at most as many as a page carries."""
    columns = (
        Column("Indikator", "left", 3.6),
        Column("Nilai", "right", 0.8),
        Column("Pengaruh", "right", 0.9),
        Column("Yang diperlukan", "left", 3),
    )
    shown = [lever for lever in one.levers if lever.kode in one.chosen][:_SHOWN] or list(one.levers[:_SHOWN])
    rows = []
    for lever in shown:
        item = snapshot.instrumen.items[lever.kode]
        effect = signed(round_half_up(lever.effect, 2), 2)
        cells = (item.nama, value(lever.nilai), effect, lever.terbaik.words)
        rows.append(Row(tuple(Cell(words) for words in cells)))
    name = proper(snapshot.instrumen.groups[one.kelompok].nama)
    caption = f"Indikator yang Paling Menaikkan {name}"
    return Table(columns, tuple(rows), caption=caption, font_size="small")


def _below_target(snapshot: PkpSnapshot) -> Iterator[Block]:
    found = short_of_target(snapshot)
    if not found:
        yield text("Semua indikator yang bernilai sudah bernilai penuh.")
        return
    yield text(f"{len(found)} indikator belum bernilai penuh, dari yang terendah:")
    columns = (
        Column("No", "left", 0.6),
        Column("Indikator", "left", 4),
        Column("Target", "right", 1.2),
        Column("Hasil", "right", 2),
        Column("Nilai", "right", 0.9),
        Column("Yang kurang", "left", 3.6),
    )
    rows = []
    for item, _ in found:
        isian, nilai = snapshot.isian.get(item.kode), snapshot.score(item).nilai
        cells = (Cell(item.nomor), Cell(item.nama), Cell(item.target or DASH), Cell(answer_words(item, isian)))
        gap = Cell(gap_words(snapshot, item))
        rows.append(Row((*cells, Cell(value(nilai), tone=score_tone(item, nilai)), gap)))
    caption = f"Indikator di Bawah Target Tahun {snapshot.tahun}"
    yield Table(columns, tuple(rows), caption=caption, font_size="small")


def gap_words(snapshot: PkpSnapshot, item: Butir) -> str:
    """What is lacking for the full score: how many persons more, or which answer."""
    best = best_answer(item, snapshot.isian.get(item.kode))
    return best.words if best else "Tidak ada jawaban yang bernilai penuh."


def bab6(snapshot: PkpSnapshot) -> Iterator[Block]:
    """The problems as computed, and the plan as the Puskesmas wrote it at the item."""
    yield Heading(1, "TINDAK LANJUT RENCANA PEMECAHAN", "BAB VI")
    found = short_of_target(snapshot)
    if not found:
        yield text("Tidak ada indikator di bawah target, sehingga tidak ada masalah yang harus dipecahkan.")
        return
    rows, written = [], 0
    for item, _ in _planned(snapshot, found):
        isian = snapshot.isian.get(item.kode)
        plan = isian.catatan.strip() if isian else ""
        written += bool(plan)
        problem = f"Nilai {value(snapshot.score(item).nilai)}. {gap_words(snapshot, item)}"
        rows.append(
            Row(
                (
                    Cell(item.nomor),
                    Cell(item.nama),
                    Cell(problem),
                    Cell(plan or "Rencana belum ditulis", tone="" if plan else "muted"),
                )
            )
        )
    yield text(
        f"{len(rows)} masalah berikut didahulukan: indikator yang rencananya sudah ditulis dan indikator bernilai "
        f"terendah. {written} di antaranya sudah mempunyai rencana; selebihnya ditulis Puskesmas pada halaman "
        "Rencana pemecahan."
    )
    columns = (
        Column("No", "left", 0.6),
        Column("Indikator", "left", 2.6),
        Column("Masalah", "left", 2.6),
        Column("Rencana pemecahan", "left", 3.6),
    )
    yield Table(columns, tuple(rows), caption="Masalah dan Rencana Pemecahan", font_size="small")


def _planned(snapshot: PkpSnapshot, found: Sequence[tuple[Butir, Decimal]]) -> list[tuple[Butir, Decimal]]:
    """Everything that a plan was written for, filled up with the worst, worst first."""
    has_plan = {
        item.kode for item, _ in found if (isian := snapshot.isian.get(item.kode)) is not None and isian.catatan.strip()
    }
    room = max(0, PLANNED - len(has_plan))
    others = [item.kode for item, _ in found if item.kode not in has_plan][:room]
    return [pair for pair in found if pair[0].kode in has_plan or pair[0].kode in others]


def bab7(snapshot: PkpSnapshot) -> Iterator[Block]:
    """Conclusion and advice, made of the very figures of the tables."""
    yield Heading(1, "PENUTUP", "BAB VII")
    yield Heading(2, "Kesimpulan", "A.")
    yield ListBlock(tuple(_conclusion(snapshot)), "number")
    yield Heading(2, "Saran", "B.")
    yield ListBlock(tuple(_advice(snapshot)), "number")
    yield signature(snapshot.office.tempat, snapshot.tahun, signing_unit(snapshot))


def _conclusion(snapshot: PkpSnapshot) -> Iterator[str]:
    instrumen, hasil = snapshot.instrumen, snapshot.hasil
    values = []
    for part in parts_of(instrumen):
        found = hasil.kelompok[part.kode]
        kelas = f" ({found.kelas.label})" if found.kelas else ""
        values.append(f"{in_sentence(proper(part.nama))} {with_unit(part, found.nilai)}{kelas}")
    yield f"Nilai tahun {snapshot.tahun}: {joined(values)}."
    whole = hasil.label or "belum dapat ditetapkan"
    yield f"Tingkat kinerja {snapshot.nama}: {whole}{'' if snapshot.is_verified else ', sementara'}."
    found_items = scored(snapshot)
    below = short_of_target(snapshot)
    yield f"{len(found_items) - len(below)} dari {len(found_items)} indikator yang bernilai mencapai nilai penuh."
    if below:
        lowest = "; ".join(f"{number_and_name(item)} ({value(snapshot.score(item).nilai)})" for item, _ in below[:3])
        yield f"Yang terendah: {lowest}."


def _advice(snapshot: PkpSnapshot) -> Iterator[str]:
    for one in snapshot.pengungkit:
        if not one.chosen:
            continue
        names = [number_and_name(snapshot.instrumen.items[kode]) for kode in one.chosen[:3]]
        part = in_sentence(proper(snapshot.instrumen.groups[one.kelompok].nama))
        yield f"Untuk menaikkan {part}, dahulukan {joined(names)}."
    below = short_of_target(snapshot)
    if below:
        yield f"Tulis dan laksanakan rencana pemecahan atas {len(below)} indikator yang belum mencapai nilai penuh."
    unanswered = sum(1 for one in snapshot.hasil.butir.values() if one.status in ("kosong", "salah"))
    if unanswered:
        yield f"Lengkapi {unanswered} indikator yang belum bernilai, lalu hitung kembali."
    if not snapshot.is_verified:
        yield "Ajukan formulir dan selesaikan verifikasinya, agar hasil ikut diperingkat."
    if not below and not unanswered:
        yield "Pertahankan semua indikator yang sudah bernilai penuh."
