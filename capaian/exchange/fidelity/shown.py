"""Where each kind of sample table comes back: the chapter of the generated document and the screen.

An entry of `files` in a sample.yaml may say more precisely where, with the key `shown`.
"""

from __future__ import annotations

from capaian.exchange.samples.tables import SampleTable

SHOWN: dict[str, str] = {
    "strategi": "LKIP Bab II; Perencanaan",
    "tujuan_sasaran": "LKIP Bab II; Perencanaan",
    "definisi_iku": "LKIP Bab II; Perencanaan; Indikator",
    "pk": "Perjanjian Kinerja; LKIP Bab II dan Lampiran; Perencanaan",
    "pk_anggaran": "Perjanjian Kinerja (anggaran); LKIP Bab II dan Lampiran",
    "rencana_kerja": "LKIP Bab II; Perencanaan",
    "kinerja_anggaran": "LKIP Bab III B dan C; Pengukuran; Anggaran",
    "capaian_iku": "LKIP Bab III A; Beranda; Pengukuran; Indikator",
    "riwayat_iku": "LKIP Bab III A (perbandingan tahun); Indikator",
    "indikator_program": "LKIP Bab III B; Pengukuran; Indikator",
    "penjelasan": "LKIP Bab III B; Indikator",
    "pembanding": "LKIP Bab III A (perbandingan daerah); Indikator",
    "rincian": "LKIP Bab III A (grafik dan tabel pendukung); Indikator",
    "odf": "LKIP Bab III (data pendukung)",
    "rencana_aksi": "Rencana Aksi; laporan pengukuran; Rencana Aksi (layar)",
    "pagu_versi": "LKIP Bab III C; Anggaran",
    "pemanfaatan_sumber": "LKIP Bab III C; Anggaran",
    "realisasi_belanja": "LKIP Bab III C; Anggaran",
    "pendapatan_sumber": "LKIP Bab III C; Anggaran",
    "pendapatan_unit": "LKIP Bab III C; Anggaran",
    "anggaran_sasaran": "LKIP Bab III C; Kesesuaian",
    "pemetaan": "LKIP Bab III C; Anggaran; Indikator",
    "efisiensi": "LKIP Bab III C; Indikator",
    "analisis_rendah": "LKIP Bab III D; Indikator; Kesesuaian",
    "lhe": "LKIP Bab III (tindak lanjut LHE); Evaluasi AKIP; Rekomendasi",
    "fasilitas": "LKIP Bab I",
    "tenaga_jabatan": "LKIP Bab I",
    "tenaga_profesi": "LKIP Bab I",
    "penghargaan": "LKIP Bab III (penghargaan)",
    "kalimat": "Kesesuaian",
    "spm_layanan": "SPM (capaian, sasaran, monev); laporan SPM",
    "spm_program": "SPM (sasaran)",
    "spm_tercetak": "SPM (angka tercetak per pelayanan); Kesesuaian",
    "spm_target": "Kesesuaian",
    "spm_alokasi": "SPM (rencana dan anggaran); laporan SPM",
    "spm_monev": "SPM (monev); laporan SPM",
    "akip_komponen": "Evaluasi AKIP; laporan hasil evaluasi",
    "skm_nrr": "Survei (hasil, rekap); laporan SKM",
}


def shown_where(table: SampleTable) -> str:
    """Where the rows of a table are shown: as its manifest entry says, else as its kind is."""
    return str(table.options.get("shown") or SHOWN.get(table.kind, ""))
