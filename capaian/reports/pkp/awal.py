"""Bab I (why and by what rules) and Bab II (the Puskesmas: areas, persons, staff)."""

from __future__ import annotations

from collections.abc import Iterator

from capaian.documents.blocks import Block, Cell, Column, Heading, ListBlock, Paragraph, Row, Run, Table, text
from capaian.reports.formats import DASH, count, joined, plain, proper
from capaian.reports.pkp.parts import policy_words
from capaian.reports.pkp.snapshot import PkpSnapshot, parts_of
from capaian.reports.spm.parts import in_sentence
from capaian.rules.instrumen.model import Instrumen

_NOT_FILLED = "belum diisi"
# Laws that a Puskesmas is judged by whatever the instrument; the decision on the instrument is named beside them.
_LAWS = (
    "Undang-Undang Nomor 17 Tahun 2023 tentang Kesehatan;",
    "Peraturan Menteri Kesehatan Nomor 19 Tahun 2024 tentang Penyelenggaraan Pusat Kesehatan Masyarakat;",
    "Peraturan Menteri Kesehatan Nomor 44 Tahun 2016 tentang Pedoman Manajemen Puskesmas;",
    "Peraturan Menteri Dalam Negeri Nomor 86 Tahun 2017 tentang perencanaan, pengendalian, dan evaluasi pembangunan "
    "daerah;",
)


def bab1(snapshot: PkpSnapshot) -> Iterator[Block]:
    """Why, by what rules, with what instrument and policies."""
    instrumen = snapshot.instrumen
    yield Heading(1, "PENDAHULUAN", "BAB I")
    yield Heading(2, "Latar Belakang", "A.")
    yield text(
        "Penilaian Kinerja Puskesmas menunjukkan sejauh mana Puskesmas melaksanakan pelayanan, manajemen, dan mutu "
        f"sesuai target. {snapshot.nama} menilai kinerjanya sendiri untuk Januari sampai Desember {snapshot.tahun}; "
        f"{snapshot.office.nama} memverifikasinya dan memakainya sebagai dasar pemeringkatan serta pembinaan."
    )
    yield Heading(2, "Dasar Hukum", "B.")
    yield ListBlock((*_LAWS, f"{instrumen.citation.instrumen} ({instrumen.citation.tempat})."), "number")
    yield Heading(2, "Tujuan", "C.")
    yield ListBlock(
        (
            "menyajikan target dan hasil setiap indikator dalam setahun;",
            "menetapkan tingkat kinerja Puskesmas beserta alasannya;",
            "menunjukkan masalah yang perlu diselesaikan; dan",
            "menjadi bahan perencanaan tahun berikutnya.",
        ),
        "number",
    )
    yield Heading(2, "Instrumen dan Cara Menilai", "D.")
    yield _method(snapshot)
    yield _policies(snapshot)
    if instrumen.catatan:
        yield text("Catatan atas instrumen:")
        yield ListBlock(instrumen.catatan, "bullet")


def _method(snapshot: PkpSnapshot) -> Paragraph:
    instrumen = snapshot.instrumen
    names = joined([in_sentence(proper(one.nama)) for one in parts_of(instrumen)])
    words = (
        f", versi {snapshot.judged.versi.nomor}, {_counts(instrumen)}. Capaian butir bersasaran adalah realisasi "
        "dibagi target sasaran (target dikali sasaran), paling tinggi 100 dan paling rendah 0; butir yang makin "
        "rendah makin baik bernilai 100 bila targetnya dipenuhi. Butir lain dinilai menurut pilihan atau pita "
        "tercetak. Butir yang tidak berlaku bagi Puskesmas ini tidak ikut dirata-ratakan. Kelas ditentukan oleh "
        f"{names}."
    )
    return Paragraph((Run("Instrumen yang dipakai: "), Run(instrumen.nama, bold=True), Run(words)))


def _counts(instrumen: Instrumen) -> str:
    """How many indicators there are, one with sub-lines counted once, and how many lines are filled in."""
    lines = len(instrumen.items)
    within = sum(len(list(group.items())) - 1 for group in instrumen.groups.values() if group.is_item)
    return f"{lines - within} indikator" + (f" dalam {lines} baris isian" if within else "")


def _policies(snapshot: PkpSnapshot) -> Table:
    rows = tuple(Row((Cell(name), Cell(words))) for name, words in policy_words(snapshot.judged))
    caption = "Kebijakan Penghitungan yang Dipakai"
    return Table((Column("Hal", "left", 1.6), Column("Kebijakan", "left", 4)), rows, caption=caption, font_size="small")


def bab2(snapshot: PkpSnapshot) -> Iterator[Block]:
    """Geography, demography, resources; what is not known is said, with where it is filled in."""
    profile = snapshot.profile
    yield Heading(1, "PROFIL PUSKESMAS", "BAB II")
    yield Heading(2, "Geografi", "A.")
    yield from _geography(snapshot)
    yield Heading(2, "Demografi", "B.")
    if profile.sasaran:
        yield text(f"Penduduk yang menjadi sasaran pelayanan {snapshot.nama} tahun {snapshot.tahun}:")
        rows = tuple(Row((Cell(nama), Cell(count(jumlah)))) for nama, jumlah in profile.sasaran)
        columns = (Column("Kelompok sasaran", "left", 4), Column("Jumlah (orang)", "right", 1.4))
        yield Table(columns, rows, caption=f"Sasaran Pelayanan Tahun {snapshot.tahun}", font_size="small")
    else:
        yield _unknown("Jumlah penduduk sasaran", "halaman Sasaran SPM")
    yield Heading(2, "Sumber Daya Puskesmas", "C.")
    yield from _resources(snapshot)


def _geography(snapshot: PkpSnapshot) -> Iterator[Block]:
    areas = snapshot.profile.wilayah
    if not areas:
        yield _unknown("Wilayah kerja", "data wilayah instansi (menu Data)")
        return
    kinds = dict.fromkeys(kind for kind, _ in areas)
    counted = joined([f"{sum(1 for one, _ in areas if one == kind)} {kind.lower()}" for kind in kinds])
    yield text(f"Wilayah kerja {snapshot.nama}, {snapshot.office.daerah}, meliputi {counted}.")
    for kind in kinds:
        names = joined([nama.removeprefix(f"{kind} ") for one, nama in areas if one == kind])
        yield text(f"{kind}: {names}.")


def _resources(snapshot: PkpSnapshot) -> Iterator[Block]:
    profile = snapshot.profile
    sifat = joined([one.lower() for one in profile.sifat])
    yield ListBlock(
        (
            f"Tingkat akreditasi: {profile.akreditasi or _NOT_FILLED}.",
            f"Sifat yang menentukan butir yang berlaku: {sifat or 'tidak ada yang ditandai'}.",
        ),
        "bullet",
    )
    if not profile.tenaga:
        yield _unknown("Tenaga", "halaman Kebutuhan SPM, bagian SDM")
        return
    columns = (
        Column("Tenaga", "left", 3.4),
        Column("Tersedia", "right", 1.1),
        Column("Kebutuhan", "right", 1.1),
        Column("Kekurangan", "right", 1.1),
    )
    rows = []
    for nama, there, needed in profile.tenaga:
        short = needed - there if there is not None and needed is not None and needed > there else None
        shown = DASH if there is None or needed is None else plain(short) if short else "0"
        rows.append(
            Row((Cell(nama), Cell(plain(there)), Cell(plain(needed)), Cell(shown, tone="bad" if short else "")))
        )
    yield Table(columns, tuple(rows), caption=f"Tenaga Kesehatan Tahun {snapshot.tahun}", font_size="small")


def _unknown(what: str, where: str) -> Paragraph:
    return text(f"{what} {_NOT_FILLED}. Isi pada {where}, lalu susun laporan ini kembali.", "note")
