"""Perjanjian Kinerja: the statement of two offices and its annex (PermenPANRB 53/2014, Lampiran I)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from capaian.documents.blocks import (
    Block,
    Cell,
    Column,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Row,
    Run,
    Signature,
    SignatureParty,
    Table,
    text,
)
from capaian.reports.errors import ReportError
from capaian.reports.parts import (
    head_of_office,
    money_table,
    pk_money,
    pk_targets,
    place_and_date,
    signing_head,
    target_text,
    terbilang_rupiah,
)
from capaian.reports.snapshot import PkRow, Snapshot

_OPENING = (
    "Dalam rangka mewujudkan manajemen pemerintahan yang efektif, transparan, dan akuntabel serta berorientasi pada "
    "hasil, kami yang bertanda tangan di bawah ini:"
)
_PROMISE = (
    "Pihak pertama berjanji akan mewujudkan target kinerja yang seharusnya sesuai lampiran perjanjian ini, dalam "
    "rangka mencapai target kinerja jangka menengah seperti yang telah ditetapkan dalam dokumen perencanaan. "
    "Keberhasilan dan kegagalan pencapaian target kinerja tersebut menjadi tanggung jawab kami."
)
_SUPERVISION = (
    "Pihak kedua akan melakukan supervisi yang diperlukan serta akan melakukan evaluasi terhadap capaian kinerja dari "
    "perjanjian ini dan mengambil tindakan yang diperlukan dalam rangka pemberian penghargaan dan sanksi."
)
_OPEN_LINE = "." * 48


def build_perjanjian_kinerja(snapshot: Snapshot) -> Document:
    """The statement and its two annex tables, ready to be signed; offices only, names are left to the pen.

    An office without a perjanjian kinerja, or whose one has no budget annex, gets it from the targets and the pagu that
    there are, and the annex says so in one line. Raises `ReportError` when there are no targets at all.
    """
    rows, told_targets = _targets(snapshot)
    money, told_money = pk_money(snapshot)
    title = _title(snapshot)
    blocks: list[Block] = [*_statement(snapshot, title), PageBreak(), *_annex(snapshot, title, rows)]
    if money:
        blocks += [_space(), money_table(money, first="Program"), _spelled(sum(amount for _, amount, _ in money))]
    blocks += [text(line, "note") for line in (told_targets, told_money) if line]
    blocks.append(_signature(snapshot))
    return Document(
        title=title.replace("\n", " "),
        office=snapshot.office.nama,
        blocks=tuple(blocks),
        footer=f"{snapshot.office.nama}",
    )


def _title(snapshot: Snapshot) -> str:
    pk = snapshot.dokumen_of(snapshot.pk_dokumen)
    changed = " PERUBAHAN" if pk and pk.versi != "murni" else ""
    return f"PERJANJIAN KINERJA{changed} TAHUN {snapshot.tahun}"


def _targets(snapshot: Snapshot) -> tuple[tuple[PkRow, ...], str]:
    """The rows of the first annex table with their remark; without any there is nothing to agree on."""
    rows, remark = pk_targets(snapshot)
    if not rows:
        raise ReportError(
            f"Perjanjian Kinerja {snapshot.tahun} belum dapat disusun: {snapshot.office.nama} belum mempunyai target "
            "indikator kinerja utama untuk tahun ini. Isi target pada halaman Perencanaan, lalu buat lagi."
        )
    return rows, remark


def _statement(snapshot: Snapshot, title: str) -> Iterator[Block]:
    superior = snapshot.office.kepala_daerah
    yield Heading(1, f"{title}\n{snapshot.office.nama.upper()}")
    yield text(_OPENING)
    yield _party(head_of_office(snapshot))
    yield _called("pertama")
    yield _party(superior.upper())
    yield _called("kedua", "selaku atasan pihak pertama, ")
    yield text(_PROMISE)
    yield text(_SUPERVISION)
    yield _signature(snapshot)


def _party(office: str) -> Table:
    """The identity of a party: name left open, office printed."""
    columns = (Column("", width=1), Column("", "center", 0.2), Column("", width=6))
    rows = (("Nama", _OPEN_LINE), ("Jabatan", office))
    return Table(columns, tuple(Row((Cell(label), Cell(":"), Cell(value))) for label, value in rows))


def _called(which: str, before: str = "") -> Paragraph:
    return Paragraph((Run(f"{before}selanjutnya disebut "), Run(f"pihak {which}", bold=True), Run(".")))


def _signature(snapshot: Snapshot) -> Signature:
    pk = snapshot.dokumen_of(snapshot.pk_dokumen)
    head = signing_head(snapshot, f"{place_and_date(snapshot, pk)}\nPihak Pertama,")
    # Both sign at one height: the superior's office gets as many lines as the head's.
    office = snapshot.office.kepala_daerah.upper() + "\n\u00a0" * head.office.count("\n")
    return Signature((SignatureParty(office=office, heading="\u00a0\nPihak Kedua,", with_nip=False), head))


def _annex(snapshot: Snapshot, title: str, rows: tuple[PkRow, ...]) -> Iterator[Block]:
    yield Heading(1, f"LAMPIRAN {title}\n{snapshot.office.nama.upper()}")
    columns = (
        Column("No", "center", 0.5),
        Column("Sasaran Strategis", "left", 3),
        Column("Indikator Kinerja", "left", 3),
        Column("Target", "center", 2),
    )
    yield Table(columns, tuple(_target_rows(rows)), numbered_columns=True)


def _target_rows(rows: tuple[PkRow, ...]) -> Iterator[Row]:
    """A sasaran stands once beside its indicators."""
    for number, (sasaran, members) in enumerate(groupby(rows, key=lambda row: row.sasaran), start=1):
        group = list(members)
        for place, row in enumerate(group):
            own = (Cell(row.indikator), Cell(target_text(row.target, row.satuan)))
            head = (Cell(str(number), rowspan=len(group)), Cell(sasaran or "–", rowspan=len(group)))
            yield Row((*head, *own) if place == 0 else own)


def _space() -> Paragraph:
    return text("")


def _spelled(total: int) -> Paragraph:
    return Paragraph((Run("Terbilang: ", bold=True), Run(f"{terbilang_rupiah(total)}.", italic=True)))
