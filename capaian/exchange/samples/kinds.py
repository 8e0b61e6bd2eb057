"""The kinds of sample tables: for each kind its columns, and what a cell of the column may hold.

The specification in prose is `samples/README.md`. Cell types: `baris` running number · `teks` anything · `wajib` text
that may not be empty · `kunci` key · `rupiah` whole rupiah · `cacah` whole number · `angka` decimal number · `target`
target expression · `realisasi` what was reached, in the forms of a target · `cetak` a derived figure as printed, kept
as text · `arah`, `sifat`, `jenis`, `terbaca`, `besaran`, `metode`, `layanan` (one of the twelve services of SPM)
closed words, `unsur` one of the nine of the survey; `nrr` the mean of one, from 1 to 4.
"""

from __future__ import annotations

JENIS = {
    "tujuan", "sasaran", "program", "kegiatan", "sub_kegiatan", "lain", "jumlah", "total", "indikator", "kinerja",
    "anggaran", "komponen", "subkomponen", "fasilitas", "tempat_tidur", "jabatan", "kelompok", "unit", "sumber",
    "kab_kota", "provinsi", "nasional", "kecamatan", "kelurahan", "layanan",
}  # fmt: skip
NODE_JENIS = {"program", "kegiatan", "sub_kegiatan", "lain"}
NOMENKLATUR = "kepmendagri_900_1_15_5_1317_2023"
ARAH = {"naik", "turun"}
SIFAT = {"jumlah", "posisi_akhir", "rata_rata"}
# What of a damaged figure can be read, what it states, and how a sasaran was found (`spm.models`).
TERBACA = {"terbaca", "ragu", "tidak_terbaca"}
BESARAN = {
    "sasaran", "terlayani", "persen_penerima", "persen_mutu", "alokasi", "kebutuhan", "tersedia", "selisih",
    "tidak_jelas",
}  # fmt: skip
METODE = {"proyeksi", "riil", "survei", "penetapan", "tidak_disebut"}

PROFESI = [
    "dr_spesialis",
    "dokter",
    "dokter_gigi",
    "dokter_gigi_spesialis",
    "tenaga_keperawatan",
    "tenaga_kebidanan",
    "tenaga_kesehatan_masyarakat",
    "tenaga_kesehatan_lingkungan",
    "tenaga_gizi",
    "ahli_teknologi_laboratorium_medik",
    "tenaga_teknik_biomedika_lainnya",
    "keterapian_fisik",
    "keteknisian_medis",
    "tenaga_teknis_kefarmasian",
    "apoteker",
    "pejabat_struktural",
    "tenaga_pendidikan",
    "tenaga_dukungan_manajemen",
]
PEMILIKAN = ["kemenkes", "pem_prov", "pem_kab_kota", "tni_polri", "bumn", "swasta", "ormas"]
# The years that columns name.
RIWAYAT_TAHUN = range(2018, 2025)
RENSTRA_TAHUN = range(2024, 2027)
CAPAIAN_IKU_TAHUN = range(2022, 2024)

_TARGET_RENSTRA = " ".join(f"target_{year}:target" for year in RENSTRA_TAHUN)
_SPECS = {
    "strategi": "kunci_sasaran:kunci tujuan:teks sasaran:teks strategi:teks arah_kebijakan:teks",
    "tujuan_sasaran": "jenis:jenis no:teks tujuan:teks kunci_sasaran:teks sasaran:teks kunci:kunci indikator:wajib "
    + _TARGET_RENSTRA,
    "definisi_iku": "kunci_sasaran:kunci sasaran:teks kunci:kunci indikator:wajib satuan:teks alasan:teks "
    "formulasi:teks " + _TARGET_RENSTRA,
    "pk": "kunci_sasaran:kunci sasaran:teks kunci:kunci indikator:wajib target:target satuan:teks arah:arah",
    "pk_anggaran": "jenis:jenis kunci_node:teks nama:wajib anggaran:rupiah keterangan:teks",
    "rencana_kerja": "jenis:jenis kunci_node:teks kode:teks nama:wajib kunci:teks indikator:teks target:target "
    "anggaran:rupiah",
    "kinerja_anggaran": "jenis:jenis kunci_node:teks kode:teks nama:wajib kunci:teks indikator:teks arah:arah "
    "target:target satuan:teks realisasi:realisasi capaian_tercetak:cetak pagu:rupiah realisasi_anggaran:rupiah "
    "persen_tercetak:cetak sisa_tercetak:cetak",
    "capaian_iku": "kunci_sasaran:kunci sasaran:teks kunci:kunci indikator:wajib arah:arah satuan:teks "
    "formulasi:teks "
    + " ".join(f"realisasi_{year}:realisasi" for year in CAPAIAN_IKU_TAHUN)
    + " target:target realisasi:realisasi "
    "capaian_tercetak:cetak target_renstra:target capaian_renstra_tercetak:cetak sumber_data:teks",
    "riwayat_iku": "kunci:kunci indikator:wajib "
    + " ".join(f"target_{y}:target" for y in RIWAYAT_TAHUN)
    + " "
    + " ".join(f"realisasi_{y}:realisasi" for y in RIWAYAT_TAHUN)
    + " "
    + " ".join(f"capaian_{y}_tercetak:cetak" for y in RIWAYAT_TAHUN),
    "indikator_program": "jenis:jenis kunci_node:kunci program:teks kunci:teks indikator:teks arah:arah satuan:teks "
    "kondisi_awal:realisasi target:target realisasi:realisasi capaian_tercetak:cetak",
    "penjelasan": "no:teks kunci:teks indikator:wajib pembilang:cacah penyebut:cacah hasil_tercetak:cetak uraian:teks",
    "pembanding": "kunci:kunci jenis:jenis no:teks wilayah:wajib cacah:cacah penyebut:cacah nilai:angka "
    "nilai_tercetak:cetak indeks_tercetak:cetak",
    "rincian": "kategori:wajib seri:teks nilai:angka nilai_tercetak:cetak keterangan:teks",
    "odf": "jenis:jenis no:teks kecamatan:teks kelurahan:teks jumlah_kk:cacah kk_babs:cacah keterangan:teks",
    "rencana_aksi": "jenis:jenis kunci_sasaran:teks kunci_node:teks kode:teks nama:wajib kunci:kunci indikator:wajib "
    "arah:arah sifat:sifat satuan:teks target:target tw1:target tw2:target tw3:target tw4:target anggaran:rupiah",
    "pagu_versi": "jenis:jenis kunci_node:teks program:teks "
    + " ".join(
        f"{versi}_kegiatan:cacah {versi}_sub:cacah {versi}_pagu:rupiah"
        for versi in ("renja_murni", "kua_ppas", "apbd_perubahan")
    )
    + " selisih_tercetak:cetak keterangan:teks",
    "pemanfaatan_sumber": "no:teks sumber:wajib murni:teks perubahan:teks",
    "realisasi_belanja": "jenis:jenis kunci_node:teks nama:teks anggaran:rupiah pegawai:rupiah barang_jasa:rupiah "
    "modal:rupiah total_tercetak:cetak persen_tercetak:cetak sisa_tercetak:cetak",
    "pendapatan_sumber": "jenis:jenis no:teks nama:wajib target:rupiah realisasi:rupiah persen_tercetak:cetak "
    "sisa_tercetak:cetak keterangan:teks",
    "pendapatan_unit": "jenis:jenis kelompok:teks no:teks nama:wajib target:rupiah realisasi:rupiah "
    "persen_tercetak:cetak",
    "anggaran_sasaran": "jenis:jenis kunci_sasaran:teks sasaran:teks pagu_tercetak:cetak realisasi_tercetak:cetak "
    "persen_tercetak:cetak",
    "pemetaan": "jenis:jenis no:teks kunci:teks kunci_node:teks nama:wajib target:target realisasi:realisasi "
    "pagu:rupiah realisasi_anggaran:rupiah persen_tercetak:cetak",
    "efisiensi": "kunci:kunci indikator:wajib target:target realisasi:realisasi capaian_tercetak:cetak pagu:rupiah "
    "realisasi_anggaran:rupiah serapan_tercetak:cetak efisiensi_tercetak:cetak",
    "analisis_rendah": "jenis:jenis kunci:teks kunci_node:teks nama:wajib persen_tercetak:cetak analisis:teks",
    "lhe": "jenis:jenis komponen:wajib subkomponen:teks nilai:angka persen_tercetak:cetak rekomendasi:teks "
    "rencana_aksi:teks waktu:teks status:teks",
    "fasilitas": "jenis:jenis kelompok:wajib no:teks nama:wajib "
    + " ".join(f"{name}:cacah" for name in PEMILIKAN)
    + " jumlah_tercetak:cetak",
    "tenaga_jabatan": "jenis:jenis kolom:teks no:teks jabatan:teks jumlah:cacah",
    "tenaga_profesi": "jenis:jenis kelompok:teks no:teks unit:wajib "
    + " ".join(f"{name}:cacah" for name in PROFESI)
    + " jumlah_tercetak:cetak",
    "penghargaan": "tanggal:teks pemberi:teks bentuk:teks penghargaan:wajib",
    "spm_layanan": "layanan:layanan nama:wajib sasaran:cacah terlayani:cacah persen_tercetak:cetak "
    "persen_tabel_tercetak:cetak metode:metode sumber:teks permasalahan:teks solusi:teks",
    "spm_program": "no:teks kode_tercetak:teks layanan:layanan nama_tercetak:teks indikator_tercetak:teks "
    "satuan_tercetak:teks target_tercetak:teks target:cacah terbaca:terbaca keterangan:teks",
    "spm_tercetak": "layanan_tercetak:teks layanan:layanan butir_tercetak:teks butir:teks besaran:besaran "
    "tercetak:teks nilai:angka terbaca:terbaca keterangan:teks",
    "spm_target": "no:teks layanan_tercetak:teks layanan:layanan indikator_tercetak:teks bobot_penerima_tercetak:teks "
    "bobot_penerima:angka terbaca_penerima:terbaca batas_penerima_tercetak:teks indikator_mutu_tercetak:teks "
    "bobot_mutu_tercetak:teks bobot_mutu:angka terbaca_mutu:terbaca batas_mutu_tercetak:teks",
    "spm_alokasi": "jenis:jenis no:teks layanan_tercetak:teks layanan:layanan alokasi_tercetak:teks alokasi:rupiah "
    "sumber_dana_tercetak:teks sumber_dana:teks terbaca:terbaca keterangan:teks",
    "spm_monev": "no:teks layanan_tercetak:teks layanan:layanan target_tercetak:teks target:angka "
    "realisasi_tercetak:teks realisasi:angka permasalahan:teks solusi:teks terbaca:terbaca keterangan:teks",
    "akip_komponen": "komponen:wajib nilai:angka",
    "skm_nrr": "no:teks unsur:unsur nrr:nrr",
    "kalimat": "tempat:wajib uraian:wajib nilai_tercetak:cetak rumus:wajib masukan:teks",
}  # fmt: skip

KINDS: dict[str, dict[str, str]] = {
    kind: {"baris": "baris", **dict(column.split(":") for column in spec.split())} for kind, spec in _SPECS.items()
}
