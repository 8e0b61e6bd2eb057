"""A document with every kind of block, and a large one; invented figures, offices without persons."""

from __future__ import annotations

from decimal import Decimal

from capaian.documents.blocks import (
    Block,
    Cell,
    Chart,
    Column,
    Cover,
    Document,
    Field,
    Heading,
    ListBlock,
    OrgChart,
    OrgNode,
    PageBreak,
    Paragraph,
    Row,
    Run,
    Signature,
    SignatureParty,
    Table,
    text,
)
from capaian.documents.charts import Series, bar_option, line_option, pie_option

LONG = (
    "Capaian indikator pada tahun ini dihitung dari realisasi yang dilaporkan unit kerja dan diverifikasi oleh "
    "bagian perencanaan; rumus, sumber, dan dasar hukumnya tercatat pada jejak hitung setiap angka. "
)
YEARS = ("2021", "2022", "2023", "2024")


def iku_table(caption: str = "Realisasi dan Capaian Indikator Kinerja Utama Tahun 2024", anchor: str = "iku") -> Table:
    """A short table with groups above columns, tones, a total and the numbered row."""
    columns = (
        Column("No", "center", 0.6),
        Column("Sasaran Strategis", width=2.6),
        Column("Indikator Kinerja", width=2.8),
        Column("Satuan", "center", 1.3),
        Column("Target", "right", 1.2, group="Tahun 2024"),
        Column("Realisasi", "right", 1.3, group="Tahun 2024"),
        Column("Capaian (%)", "right", 1.3, group="Tahun 2024"),
        Column("Kriteria", "center", 1.5),
    )
    rows = (
        Row((Cell("Tujuan: Meningkatkan derajat kesehatan masyarakat", colspan=8),), "group"),
        Row(
            (
                Cell("1", rowspan=2),
                Cell("Menurunnya angka kematian ibu dan bayi", rowspan=2),
                Cell("Angka Kematian Ibu", trace="jejak-1"),
                Cell("per 100.000 KH"),
                Cell("125,00"),
                Cell("119,47"),
                Cell("104,42", trace="jejak-2"),
                Cell("Sangat Tinggi", tone="good"),
            )
        ),
        Row(
            (
                Cell("Angka Kematian Bayi"),
                Cell("per 1.000 KH"),
                Cell("9,50"),
                Cell("14,93"),
                Cell("42,84"),
                Cell("Sangat Rendah", tone="bad"),
            )
        ),
        Row(
            (
                Cell("2"),
                Cell("Menurunnya prevalensi stunting"),
                Cell("Prevalensi Stunting", indent=1),
                Cell("%"),
                Cell("14,00"),
                Cell("16,10"),
                Cell("85,00"),
                Cell("Tinggi", tone="warn"),
            )
        ),
        Row((Cell("Rata-rata capaian", colspan=6), Cell("77,42"), Cell("Tinggi")), "total"),
    )
    return Table(columns, rows, caption, anchor, "Sumber: Bidang Kesehatan Masyarakat, 2024", numbered_columns=True)


def wide_table(rows: int = 25) -> Table:
    """Nineteen columns for a landscape page, in the smallest print."""
    quarters = tuple(
        Column(name, "right", 1.0, group=f"Triwulan {quarter}")
        for quarter in ("I", "II", "III", "IV")
        for name in ("Target", "Realisasi", "Capaian")
    )
    columns = (
        Column("No", "center", 0.6),
        Column("Sub Kegiatan", width=3.6),
        Column("Indikator", width=3.4),
        Column("Satuan", "center", 1.2),
        *quarters,
        Column("Pagu (Rp)", "right", 2.1),
        Column("Realisasi (Rp)", "right", 2.1),
        Column("Serapan (%)", "right", 1.1),
    )
    body = tuple(
        Row(
            (
                Cell(str(n)),
                Cell(f"Pengelolaan Pelayanan Kesehatan Kelompok Sasaran {n}"),
                Cell("Jumlah sasaran yang mendapatkan pelayanan sesuai standar"),
                Cell("orang"),
                *(Cell(t) for _ in range(4) for t in ("1.250", "1.198", "95,84")),
                Cell("862.583.197"),
                Cell("801.330.450"),
                Cell("92,90"),
            )
        )
        for n in range(1, rows + 1)
    )
    total = Row((Cell("Jumlah", colspan=16), Cell("21.564.579.925"), Cell("20.033.261.250"), Cell("92,90")), "total")
    return Table(columns, (*body, total), "Rencana Aksi per Triwulan", "rencana-aksi", font_size="tiny")


def long_table(rows: int = 150, span: int = 3) -> Table:
    """Many rows, whose first columns span some rows downwards."""
    columns = (
        Column("No", "center", 0.5),
        Column("Program / Kegiatan", width=3),
        Column("Indikator", width=3),
        Column("Target", "right", 1),
        Column("Anggaran (Rp)", "right", 1.6),
    )
    body = []
    for n in range(rows):
        cells = [Cell(f"Indikator ke-{n + 1} dari kegiatan"), Cell(f"{n + 1},50"), Cell(f"{(n + 1) * 1}.250.000")]
        if n % span == 0:
            left = min(span, rows - n)
            cells = [
                Cell(str(n // span + 1), rowspan=left),
                Cell(f"Kegiatan {n // span + 1} Penyediaan Layanan Kesehatan", rowspan=left),
                *cells,
            ]
        body.append(Row(tuple(cells)))
    return Table(columns, tuple(body), "Rencana Kerja dan Anggaran", "rka", font_size="small")


def trend_chart(number: int = 1, anchor: str = "") -> Chart:
    """A bar chart with a target line."""
    realisasi = (Decimal("310.25"), Decimal("200.51"), Decimal("98.10"), Decimal("119.47"))
    target = Series("Target", (306, 200, 150, 125), role="target")
    own = Series("Realisasi", realisasi, ("310,25", "200,51", "98,10", "119,47"))
    return Chart(
        bar_option(YEARS, (target, own), axis="per 100.000 KH"),
        f"Angka Kematian Ibu Tahun 2021–2024 ({number})",
        "Diagram batang realisasi angka kematian ibu 2021 sampai 2024 dengan garis target.",
        anchor,
        source="Sumber: Profil Kesehatan",
        data=(("Tahun", *YEARS), ("Target", "306", "200", "150", "125"), ("Realisasi", *own.texts)),
    )


def _charts() -> tuple[Block, ...]:
    lines = (
        Series("Kabupaten", (Decimal("28.1"), Decimal("22.4"), Decimal("16.8"), Decimal("16.1"))),
        Series("Provinsi", (Decimal("30.0"), Decimal("24.6"), Decimal("24.7"), Decimal("22.9"))),
    )
    parts = (Series("Tercapai", (8, 6, 9)), Series("Belum", (2, 4, 1)))
    return (
        Chart(
            line_option(YEARS, lines, axis="%"), "Prevalensi Stunting", "Garis prevalensi stunting menurun.", "stunting"
        ),
        Chart(
            bar_option(
                ("Puskesmas Utara", "Puskesmas Tengah", "Puskesmas Selatan"), parts, horizontal=True, stacked=True
            ),
            "Indikator Tercapai per Puskesmas",
            "Batang mendatar bertumpuk.",
        ),
        Chart(
            pie_option(("Pegawai", "Barang dan Jasa", "Modal"), (62, 28, 10), ("62,00 %", "28,00 %", "10,00 %")),
            "Komposisi Belanja",
            "Lingkaran komposisi belanja.",
            height_mm=65,
        ),
    )


def organisation() -> OrgChart:
    """A small office with a secretariat and bidang."""

    def bidang(name: str, *seksi: str) -> OrgNode:
        return OrgNode(name, tuple(OrgNode(s) for s in seksi))

    root = OrgNode(
        "Kepala Dinas Kesehatan",
        (
            bidang("Sekretariat", "Subbagian Perencanaan", "Subbagian Keuangan", "Subbagian Umum dan Kepegawaian"),
            bidang("Bidang Kesehatan Masyarakat", "Kesehatan Keluarga dan Gizi", "Promosi Kesehatan"),
            bidang("Bidang Pencegahan dan Pengendalian Penyakit", "Surveilans dan Imunisasi", "Penyakit Menular"),
            bidang("Bidang Pelayanan Kesehatan", "Pelayanan Primer", "Pelayanan Rujukan"),
            bidang("Bidang Sumber Daya Kesehatan", "Kefarmasian", "SDM Kesehatan"),
        ),
    )
    return OrgChart(root, "Struktur Organisasi Dinas Kesehatan", "struktur")


def _front() -> tuple[Block, ...]:
    return (
        Cover(
            "Laporan Kinerja Instansi Pemerintah",
            "Tahun Anggaran 2024",
            "Dinas Kesehatan Kabupaten Contoh",
            "2025",
            "Jalan Kesehatan Nomor 1, Ibu Kota Kabupaten Contoh 71600",
        ),
        Heading(1, "KATA PENGANTAR"),
        text(LONG * 3),
        text(LONG * 2),
        Signature((SignatureParty("Kepala Dinas Kesehatan Kabupaten Contoh", "Ibu Kota, 28 Februari 2025"),)),
        Field("toc", "DAFTAR ISI"),
        Field("tables", "DAFTAR TABEL"),
        Field("figures", "DAFTAR GAMBAR"),
    )


def _chapter_one() -> tuple[Block, ...]:
    return (
        Heading(1, "PENDAHULUAN", "BAB I"),
        Heading(2, "Latar Belakang", "A."),
        text(LONG * 3),
        Paragraph(
            (
                Run("Struktur organisasi ditunjukkan pada "),
                Run("", ref="struktur"),
                Run(" dan rincian sasaran pada "),
                Run("", ref="iku"),
                Run("; "),
                Run("kata tebal", bold=True),
                Run(" dan "),
                Run("kata miring", italic=True),
                Run("."),
            )
        ),
        organisation(),
        Heading(2, "Isu Strategis", "B."),
        Heading(
            3,
            "Isu yang berasal dari evaluasi tahun sebelumnya dan yang judulnya cukup panjang sehingga turun baris",
            "1.",
        ),
        ListBlock(
            ("Cakupan pelayanan belum merata antarwilayah; " + LONG, "Tenaga kesehatan belum sesuai kebutuhan"),
            "number",
        ),
        text(LONG),
        ListBlock(("Daftar kedua mulai dari satu", "Butir kedua"), "number"),
        ListBlock(("Huruf pertama", "Huruf kedua"), "letter"),
        ListBlock(("Butir tanpa nomor", "Butir lain")),
        Heading(4, "Catatan"),
        text("Catatan di bawah tabel dicetak kecil. " + LONG, "note"),
        text("Ikhtisar: " + LONG, "lead"),
        text("Teks di tengah halaman", "center"),
    )


def rich_document() -> Document:
    """Every kind of block once or more, with a wide and a long table."""
    blocks: tuple[Block, ...] = (
        *_front(),
        *_chapter_one(),
        Heading(1, "PERENCANAAN KINERJA", "BAB II"),
        Heading(2, "Rencana Kerja", "A."),
        long_table(),
        PageBreak("landscape"),
        wide_table(),
        PageBreak("portrait"),
        Heading(1, "AKUNTABILITAS KINERJA", "BAB III"),
        Heading(2, "Capaian Kinerja Organisasi", "A."),
        text(LONG * 2),
        iku_table(),
        text(LONG * 2),
        trend_chart(anchor="aki"),
        *_charts(),
        Heading(1, "PENUTUP", "BAB IV"),
        text(LONG * 2),
        Table(
            (Column("", width=1), Column("", width=4)),
            (Row((Cell("Nama"), Cell("Dinas Kesehatan"))), Row((Cell("Tahun"), Cell("2024")))),
        ),
        Signature(
            (
                SignatureParty("Bupati Contoh", "PIHAK KEDUA", with_nip=False),
                SignatureParty("Kepala Dinas Kesehatan", "PIHAK KESATU", "Nama Pejabat", "00000000 000000 0 000"),
            )
        ),
    )
    return Document(
        "Laporan Kinerja Dinas Kesehatan Kabupaten Contoh Tahun 2024",
        "Dinas Kesehatan Kabupaten Contoh",
        blocks,
        header="Laporan Kinerja Instansi Pemerintah Tahun 2024",
        footer="Dinas Kesehatan Kabupaten Contoh",
        metadata={"date": "2025-02-28"},
    )


def large_document(tables: int = 60, charts: int = 15) -> Document:
    """About a hundred pages: 60 tables and 15 charts over four chapters."""
    blocks: list[Block] = list(_front())
    for n in range(tables):
        if n % 15 == 0:
            blocks.append(Heading(1, f"URAIAN KINERJA {n // 15 + 1}", f"BAB {('I', 'II', 'III', 'IV')[n // 15 % 4]}"))
        blocks += [Heading(2, f"Sasaran {n + 1}", f"{n + 1}."), text(LONG * 4)]
        if n % 6 == 0:
            blocks += [PageBreak("landscape"), wide_table(), PageBreak("portrait")]
        else:
            blocks.append(long_table(24, 3) if n % 2 else iku_table(anchor=f"t{n}"))
        blocks.append(text(LONG * 3))
        if n % 4 == 0 and n // 4 < charts:
            blocks.append(trend_chart(n))
    return Document(
        "Laporan Kinerja",
        "Dinas Kesehatan",
        tuple(blocks),
        "Laporan Kinerja",
        "Dinas Kesehatan",
        metadata={"date": "2025-02-28"},
    )
