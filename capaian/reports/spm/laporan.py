"""Laporan Penerapan SPM of a year: of a Puskesmas or of the district, Bab I to V and the annex on data."""

from __future__ import annotations

from collections.abc import Iterator

from capaian.documents.blocks import Block, Cover, Document, Field, Heading, ListBlock, Paragraph, Run, text
from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.reports.errors import ReportError
from capaian.reports.formats import joined, percent, rupiah
from capaian.reports.spm.akuntabilitas import bab3, bab4
from capaian.reports.spm.catatan import data_notes
from capaian.reports.spm.forms.capaian import full
from capaian.reports.spm.parts import in_sentence, money_totals, signature
from capaian.reports.spm.prosedur import bab2
from capaian.reports.spm.snapshot import SpmSnapshot, has_spm, take_spm


def build_laporan_spm(tahun_kinerja: TahunKinerja, unit: UnitKerja | None = None) -> Document:
    """The yearly report of a unit or the office. Raises `ReportError` where nothing of SPM is known."""
    if not has_spm(tahun_kinerja, unit):
        raise ReportError(
            f"Laporan Penerapan SPM {unit or tahun_kinerja} belum dapat disusun: sasaran belum ditetapkan dan belum "
            "ada capaian. Isi sasaran pada halaman Sasaran SPM, lalu buat lagi."
        )
    return _document(take_spm(tahun_kinerja, unit))


def _document(snapshot: SpmSnapshot) -> Document:
    title = f"Laporan Penerapan Standar Pelayanan Minimal Bidang Kesehatan {snapshot.author} Tahun {snapshot.tahun}"
    blocks: list[Block] = [
        Cover(
            "Laporan Penerapan Standar Pelayanan Minimal Bidang Kesehatan",
            f"Tahun {snapshot.tahun}",
            snapshot.author.removesuffix(snapshot.office.daerah).strip(),
            f"{snapshot.office.tempat}, {snapshot.tahun + 1}",
            "" if snapshot.unit else snapshot.office.alamat,
            f"Pemerintah {snapshot.office.daerah}",
        ),
        Field("toc", "DAFTAR ISI"),
        Field("tables", "DAFTAR TABEL"),
        Field("figures", "DAFTAR GAMBAR"),
        *_bab1(snapshot),
        *bab2(snapshot),
        *bab3(snapshot),
        *bab4(snapshot),
        *_bab5(snapshot),
        *data_notes(snapshot),
    ]
    return Document(
        title=title,
        office=snapshot.author,
        blocks=tuple(blocks),
        header=f"Laporan Penerapan SPM {snapshot.tahun}",
        footer=f"{snapshot.author} · Tahun {snapshot.tahun}",
        metadata={"subject": "Laporan Penerapan Standar Pelayanan Minimal Bidang Kesehatan"},
    )


def _bab1(snapshot: SpmSnapshot) -> Iterator[Block]:
    standar, who = snapshot.rules.standar, snapshot.author
    yield Heading(1, "PENDAHULUAN", "BAB I")
    yield Heading(2, "Latar Belakang", "A.")
    yield text(
        "Kesehatan termasuk urusan wajib yang berkaitan dengan pelayanan dasar (Undang-Undang Nomor 23 Tahun 2014). "
        "Peraturan Pemerintah Nomor 2 Tahun 2018 menetapkan dua belas jenis pelayanan kesehatan yang berhak diterima "
        "setiap warga di kabupaten/kota, dengan target 100 persen setiap tahun. Tata cara penerapannya diatur dalam "
        f"Permendagri Nomor 59 Tahun 2021, standar teknisnya dalam {_named(standar.pack.instrumen)}."
    )
    yield text(
        f"Laporan ini menyampaikan penerapan SPM di {snapshot.place} sepanjang tahun {snapshot.tahun}: hasil, kendala, "
        "dan ketersediaan anggaran, beserta kebutuhan dan rencana yang mendasarinya."
        + (f" Laporan menghimpun {len(snapshot.units)} Puskesmas." if snapshot.units else "")
    )
    yield Heading(2, "Tujuan", "B.")
    yield ListBlock(
        (
            "menyajikan capaian setiap jenis pelayanan terhadap sasarannya;",
            "menunjukkan pemenuhan mutu barang, jasa, dan sumber daya manusia;",
            "menjelaskan kendala yang dihadapi dan solusi yang ditempuh;",
            "menunjukkan anggaran yang tersedia dan yang terpakai; dan",
            "menjadi bahan perencanaan tahun berikutnya.",
        ),
        "number",
    )
    yield Heading(2, "Ruang Lingkup", "C.")
    yield text(
        f"Laporan mencakup {len(snapshot.layanan)} jenis pelayanan dasar bidang kesehatan, tahapan penerapannya "
        "(pengumpulan data, penghitungan kebutuhan, penyusunan rencana, dan pelaksanaan), serta hasil pelaksanaannya "
        f"oleh {who} pada tahun {snapshot.tahun}. Angka yang belum dilaporkan dituliskan sebagai belum ada dan tidak "
        "diperkirakan."
    )


def _named(instrumen: str) -> str:
    """`Permenkes 6/2024` as a sentence names it: `Permenkes Nomor 6 Tahun 2024`."""
    kind, _, rest = instrumen.partition(" ")
    number, slash, tahun = rest.partition("/")
    return f"{kind} Nomor {number} Tahun {tahun}" if slash else instrumen


def _bab5(snapshot: SpmSnapshot) -> Iterator[Block]:
    """Counts made of the very results of Bab IV."""
    rows = [(one, snapshot.result(one)) for one in snapshot.layanan]
    known = [(one, row.penerima) for one, row in rows if row and row.penerima is not None]
    yield Heading(1, "PENUTUP", "BAB V")
    if not known:
        yield text(
            f"Sampai laporan ini disusun belum ada capaian pelayanan tahun {snapshot.tahun} yang dapat dihitung. "
            "Laporan pelayanan perlu diisi dan diverifikasi, lalu laporan ini disusun kembali."
        )
        yield signature(snapshot)
        return
    runs = [
        Run(f"{full(snapshot)} dari {len(snapshot.layanan)} jenis pelayanan mencapai 100 persen", bold=True),
        Run(f" pada tahun {snapshot.tahun}. "),
    ]
    short = [in_sentence(one.nama_pendek) for one, penerima in known if penerima < _FULL]
    if short:
        runs.append(Run(f"Yang belum mencapainya: {joined(short)}. "))
    silent = len(snapshot.layanan) - len(known)
    if silent:
        runs.append(Run(f"{silent} jenis pelayanan belum mempunyai capaian. "))
    indeks = snapshot.indeks()
    if indeks.nilai is not None:
        runs.append(Run(f"Rata-rata indeks pencapaian SPM {percent(indeks.nilai)}, kategori {indeks.label}. "))
    runs.append(Run(_money(snapshot)))
    yield Paragraph(tuple(runs))
    yield text(
        "SPM adalah hak setiap warga. Sasaran yang belum terlayani diteruskan sebagai pekerjaan tahun berikutnya, "
        "dengan kekurangan barang dan tenaga pada Bab II dan solusi pada Bab IV sebagai pegangan."
    )
    yield signature(snapshot)


def _money(snapshot: SpmSnapshot) -> str:
    allocated, spent = money_totals(snapshot)
    if allocated is None:
        return "Anggaran menurut jenis pelayanan belum dicatat."
    if spent is None:
        return f"Anggaran yang dialokasikan {rupiah(allocated)}; realisasinya belum dicatat."
    return f"Anggaran yang dialokasikan {rupiah(allocated)} dan yang terealisasi {rupiah(spent)}."


_FULL = 100
