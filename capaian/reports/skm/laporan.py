"""Laporan Hasil Survei Kepuasan Masyarakat: basis, method, sample, respondents, index, weakest unsur and the plan."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from capaian.documents.blocks import (
    Block,
    Document,
    Heading,
    ListBlock,
    Paragraph,
    Run,
    Signature,
    SignatureParty,
    text,
)
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.reports.errors import ReportError
from capaian.reports.formats import count, joined, plain
from capaian.reports.skm.snapshot import SkmSnapshot, has_skm, take_skm
from capaian.reports.skm.tables import (
    mutu_table,
    nrr_chart,
    nrr_table,
    plan_table,
    profil_table,
    remarks_table,
    sample_table,
    units_table,
)
from capaian.skm.models import UNSUR, PengaturanSkm
from capaian.skm.results import shown_nrr

_LETTERS = "ABCDEFGHIJ"


def build_laporan_skm(tahun_kinerja: TahunKinerja, unit: UnitKerja | None = None) -> Document:
    """The report of a unit, or of the office with all its units.

    Raises `ReportError` while no survey is closed: a result that can still change is not reported.
    """
    snapshot = take_skm(tahun_kinerja, unit)
    if not snapshot.results:
        whose = unit or tahun_kinerja
        remedy = (
            "Tutup dahulu surveinya pada halaman Survei, lalu buat lagi."
            if has_skm(tahun_kinerja, unit)
            else "Buat dan buka survei pada halaman Survei; laporan disusun setelah surveinya ditutup."
        )
        raise ReportError(f"Laporan SKM {whose} belum dapat disusun: belum ada survei yang ditutup. {remedy}")
    return _document(snapshot)


def _document(snapshot: SkmSnapshot) -> Document:
    title = "LAPORAN HASIL SURVEI KEPUASAN MASYARAKAT"
    parts = [
        ("Dasar", _basis(snapshot)),
        ("Metode", _method(snapshot)),
        ("Pelaksanaan dan Sampel", _sample(snapshot)),
        *([("Profil Responden", _profil(snapshot))] if snapshot.profil else []),
        ("Hasil", _results(snapshot)),
        *([("Hasil Tiap Unit", _units(snapshot))] if len(snapshot.joined.lines) > 1 else []),
        ("Unsur Terendah dan Rencana Tindak Lanjut", _plan(snapshot)),
        ("Catatan atas Data", _remarks(snapshot)),
    ]
    blocks: list[Block] = [
        Heading(1, f"{title}\n{snapshot.place.upper()}\nTAHUN {snapshot.tahun}"),
        _summary(snapshot),
    ]
    for letter, (heading, found) in zip(_LETTERS, parts, strict=False):
        blocks += [Heading(2, heading, f"{letter}."), *found]
    blocks.append(_signature(snapshot))
    return Document(
        title=f"{title} {snapshot.place.upper()} TAHUN {snapshot.tahun}",
        office=snapshot.nama,
        blocks=tuple(blocks),
        footer=f"Survei Kepuasan Masyarakat {snapshot.tahun} · {snapshot.nama}",
    )


def _summary(snapshot: SkmSnapshot) -> Paragraph:
    """What the tables below say, in sentences made of the same values."""
    found = snapshot.joined
    assert found.ikm is not None  # noqa: S101 - there are closed surveys
    answered = [one.responden for one in snapshot.results]
    known = [one for one in answered if one is not None]
    persons = f" dari {count(sum(known))} responden" if len(known) == len(answered) else ""
    lowest = joined([snapshot.unsur[kode].lower() for kode in found.terendah])
    runs = [
        Run(f"Indeks Kepuasan Masyarakat {snapshot.nama} tahun {snapshot.tahun} sebesar "),
        Run(f"{plain(found.ikm.tampil, 2)}, mutu pelayanan {found.ikm.mutu} ({found.ikm.kinerja.lower()})", bold=True),
        Run(f"{persons}. "),
    ]
    if len(found.lines) > 1:
        runs.append(Run(f"Nilai itu gabungan {len(found.lines)} unit menurut {found.method_name}. "))
    runs.append(Run(f"Unsur terendah ialah {lowest} (NRR {shown_nrr(min(found.nrr.values()))})."))
    if snapshot.running:
        runs.append(Run(f" {snapshot.running} survei masih berjalan dan belum ikut dihitung."))
    return Paragraph(tuple(runs))


def _basis(snapshot: SkmSnapshot) -> Iterator[Block]:
    yield ListBlock(
        (
            "Undang-Undang Nomor 25 Tahun 2009 tentang Pelayanan Publik;",
            "Peraturan Menteri PANRB Nomor 14 Tahun 2017 tentang Pedoman Penyusunan Survei Kepuasan Masyarakat Unit "
            "Penyelenggara Pelayanan Publik;",
            "Undang-Undang Nomor 27 Tahun 2022 tentang Pelindungan Data Pribadi.",
        ),
        "number",
    )


def _method(snapshot: SkmSnapshot) -> Iterator[Block]:
    yield text(
        f"Survei menanyakan paling banyak {len(UNSUR)} unsur dengan jawaban 1 (terburuk) sampai 4 (terbaik). Nilai "
        "rata-rata unsur (NRR) ialah jumlah jawaban dibagi banyaknya yang menjawab unsur itu; jawaban kosong tidak "
        "dihitung nol. Setiap unsur sama beratnya, dan IKM ialah rata-rata NRR dikalikan 25. Pembulatan sekali, "
        "dua desimal pada hasil akhir, dilakukan sebelum digolongkan."
    )
    if len(snapshot.joined.lines) > 1:
        yield text(f"IKM unit digabungkan menurut {snapshot.joined.method_name}; {_other_method(snapshot)}")
    if snapshot.sources:
        total = sum(persons for _, persons in snapshot.sources)
        ways = joined([f"{label.lower()} {count(persons)}" for label, persons in snapshot.sources])
        yield text(
            f"Jawaban dikumpulkan tanpa nama, {count(total)} seluruhnya: {ways}. Identitas, alamat perangkat, dan jam "
            "pengisian tidak disimpan."
        )
    yield mutu_table(snapshot.pack)


def _other_method(snapshot: SkmSnapshot) -> str:
    """What the way of joining that was not chosen would have given."""
    found = snapshot.joined
    other = next(one for one in PengaturanSkm.Gabungan if one.value != found.method)
    ikm = found.by_method[other.value]
    name = f"{other.label[:1].lower()}{other.label[1:]}"
    if ikm is None:
        return f"cara lain ({name}) tidak dapat dihitung karena jumlah responden tidak dinyatakan."
    return f"menurut cara lain ({name}) nilainya {plain(ikm.tampil, 2)} ({ikm.mutu})."


def _sample(snapshot: SkmSnapshot) -> Iterator[Block]:
    yield sample_table(snapshot)
    short = [one for one in snapshot.results if one.sampel and (one.responden or 0) < one.sampel]
    if short:
        who = joined([snapshot.whose(one) for one in short])
        yield text(
            f"Responden kurang dari sampel Krejcie dan Morgan pada {len(short)} survei: {who}. Hasilnya tetap "
            "disajikan dan diberi tanda."
        )
    unknown = sum(1 for one in snapshot.results if one.sampel is None)
    if unknown:
        yield text(f"{unknown} survei tidak menyebut populasi, sehingga kecukupan sampelnya tidak dapat diuji.")


def _profil(snapshot: SkmSnapshot) -> Iterator[Block]:
    yield from (profil_table(one) for one in snapshot.profil)
    if any(one.hidden for one in snapshot.profil):
        yield text("Hitungan di bawah lima orang, dan yang akan membukanya, disamarkan (UU 27/2022).", "note")


def _results(snapshot: SkmSnapshot) -> Iterator[Block]:
    yield nrr_table(snapshot)
    yield nrr_chart(snapshot)


def _units(snapshot: SkmSnapshot) -> Iterator[Block]:
    best = max(snapshot.joined.lines, key=lambda one: one.nilai)
    least = min(snapshot.joined.lines, key=lambda one: one.nilai)
    if best is not least:
        yield text(
            f"IKM tertinggi {snapshot.whose(best.results[0])} ({_two(best.nilai)}), terendah "
            f"{snapshot.whose(least.results[0])} ({_two(least.nilai)})."
        )
    yield units_table(snapshot)


def _plan(snapshot: SkmSnapshot) -> Iterator[Block]:
    planned = {(one.survei_id, one.unsur) for one in snapshot.plans}
    lacking = [
        f"{snapshot.whose(one)} ({snapshot.unsur[kode].lower()})"
        for one in snapshot.results
        for kode in one.terendah
        if (one.survei.pk, kode) not in planned
    ]
    if snapshot.plans:
        yield plan_table(snapshot)
    if lacking:
        yield text(f"Rencana untuk unsur terendah belum ditulis: {joined(lacking)}.")


def _remarks(snapshot: SkmSnapshot) -> Iterator[Block]:
    """What stands against the figures: small samples, even answers, unsur without a value, means that cannot be."""
    remarks = [remark for one in snapshot.results for remark in one.catatan]
    if not remarks:
        yield text("Tidak ada catatan: sampel terpenuhi, semua unsur bernilai, dan tidak ada jawaban yang seragam.")
    elif len(snapshot.results) == 1:
        yield ListBlock(tuple(remarks))
    else:
        yield remarks_table(snapshot)
        for one in snapshot.joined.ikm.catatan if snapshot.joined.ikm else ():
            yield text(one)


def _signature(snapshot: SkmSnapshot) -> Signature:
    """The place to sign, place and day left to the pen."""
    office = f"KEPALA {snapshot.nama.upper()}" if snapshot.unit else snapshot.office.pimpinan.upper()
    heading = f"{snapshot.office.tempat}, .................... {snapshot.tahun}"
    return Signature((SignatureParty(office=office, heading=heading),))


def _two(value: Decimal) -> str:
    return plain(value, 2)
