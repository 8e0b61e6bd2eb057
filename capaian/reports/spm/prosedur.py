"""Bab II of the yearly report: the services, the stages of their application with the forms, and their standards."""

from __future__ import annotations

from collections.abc import Iterator

from capaian.documents.blocks import Block, Cell, Column, Heading, ListBlock, PageBreak, Row, Table, text
from capaian.reports.formats import joined
from capaian.reports.spm.forms import official_form
from capaian.reports.spm.forms.blocks import facility_table, form_table
from capaian.reports.spm.parts import in_sentence
from capaian.reports.spm.snapshot import SpmSnapshot
from capaian.rules.spm.standar import Layanan

_STAGES = (
    (
        "Pengumpulan Data",
        "Jumlah warga yang berhak atas setiap pelayanan dihimpun menurut wilayah, bersama fasilitas dan tenaga yang "
        "tersedia. Sasaran ditetapkan untuk satu tahun dari proyeksi, data riil, atau perkiraan survei.",
        ("2.A.2", "2.A.3"),
    ),
    (
        "Penghitungan Kebutuhan Pemenuhan Pelayanan Dasar",
        "Kebutuhan barang dan jasa dihitung dari sasaran dan standar teknis, dikurangi yang tersedia, lalu dinilai "
        "dengan harga satuan. Tenaga dihitung menurut jenisnya.",
        ("2.B.4", "2.B.5"),
    ),
    (
        "Penyusunan Rencana Pemenuhan Pelayanan Dasar",
        "Kekurangan yang dihitung dimasukkan ke dalam rencana pembangunan jangka menengah dan rencana strategis, "
        "dengan target dan dana setiap tahun.",
        ("2.C.3", "2.C.4"),
    ),
    (
        "Pelaksanaan Pemenuhan Pelayanan Dasar",
        "Pelayanan diberikan sesuai rencana, dan hasilnya direkapitulasi terhadap sasaran.",
        ("2.D.2", "2.E.2"),
    ),
)


def bab2(snapshot: SpmSnapshot) -> Iterator[Block]:
    """The chapter; its wide forms stand on pages of their own orientation."""
    yield Heading(1, "STANDAR PELAYANAN MINIMAL", "BAB II")
    yield Heading(2, "Jenis Pelayanan", "A.")
    yield text(
        f"Jenis pelayanan dasar, penerima, dan pernyataan standarnya menurut {snapshot.rules.standar.pack.instrumen}:"
    )
    yield _services(snapshot)
    yield PageBreak("landscape")
    yield Heading(2, "Prosedur Penerapan", "B.")
    for number, (title, words, forms) in enumerate(_STAGES, 1):
        yield Heading(3, title, f"{number}.")
        yield text(words)
        for kode in forms:
            form = official_form(snapshot, kode)
            yield facility_table(snapshot, form) if kode == "2.A.3" else form_table(form)
            for note in form.notes:
                yield text(note, "note")
    yield PageBreak("portrait")
    yield Heading(2, "Standar Setiap Pelayanan", "C.")
    for layanan in snapshot.layanan:
        yield from _standard(snapshot, layanan)


def _services(snapshot: SpmSnapshot) -> Table:
    columns = (
        Column("No", "center", 0.5),
        Column("Jenis pelayanan dasar", "left", 2.6),
        Column("Penerima", "left", 2),
        Column("Pernyataan standar", "left", 4),
    )
    rows = tuple(
        Row((Cell(str(one.nomor)), Cell(one.nama), Cell(_capital(one.penerima)), Cell(one.pernyataan)))
        for one in snapshot.layanan
    )
    return Table(columns, rows, caption="Jenis Pelayanan Dasar Bidang Kesehatan", font_size="small")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _standard(snapshot: SpmSnapshot, layanan: Layanan) -> Iterator[Block]:
    """The standard of one service: statement, how it is counted, what it needs, and who gives it."""
    standar = snapshot.rules.standar
    yield Heading(3, layanan.nama, f"{layanan.nomor}.")
    yield text(f"{layanan.pernyataan.rstrip('.')}.")
    counted = f"{in_sentence(layanan.pembilang)} dibagi {in_sentence(layanan.penyebut)}"
    yield text(f"Penghitungan: {counted}, dikali 100 persen.")
    if layanan.catatan:
        yield ListBlock(layanan.catatan, "bullet")
    goods = [one for one in standar.butir if one.layanan == layanan.kode]
    if goods:
        columns = (
            Column("No", "center", 0.5),
            Column("Barang atau jasa", "left", 3.2),
            Column("Jumlah", "left", 2.8),
            Column("Fungsi", "left", 3.4),
        )
        rows = tuple(
            Row(
                (
                    Cell(str(number)),
                    Cell(one.nama),
                    Cell(_capital(one.jumlah) or "–"),
                    Cell(_capital(one.fungsi) or "–"),
                )
            )
            for number, one in enumerate(goods, 1)
        )
        yield Table(columns, rows, caption=f"Standar Barang dan Jasa {layanan.nama}", font_size="small")
    names = {one.kode: one.nama for one in standar.profesi}
    staff = [names[kode] for kode in standar.profesi_layanan.get(layanan.kode, ())]
    if staff:
        yield text(f"Sumber daya manusia: {joined([in_sentence(one) for one in staff])}.")
