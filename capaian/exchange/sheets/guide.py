"""What the sheet "Petunjuk" of a template says."""

from __future__ import annotations

from typing import Final

GUIDE: Final = (
    (
        "Yang diisi",
        "Hanya kolom Isian (kuning). Kolom lain terkunci supaya setiap nilai kembali ke indikatornya; jangan "
        "menyisipkan, menghapus, atau mengurutkan baris, dan jangan mengganti nama lembar.",
    ),
    (
        "Angka",
        "Tulis seperti di laporan: koma untuk desimal (97,5), titik untuk ribuan hanya bila jelas (1.234.567). "
        '"1.234" punya dua arti dan akan ditanyakan: tulis 1234 atau 1,2340.',
    ),
    (
        "Persen dan satuan",
        "Tulis angkanya saja (97,5), tanpa satuan; satuan sudah ada pada barisnya. Sel berformat persen dari berkas "
        "lain dibaca seperti yang tampak: 97,5% menjadi 97,5.",
    ),
    ("Bentuk selain angka", "Ikuti bentuk targetnya: rasio 0,97 : 1000; komponen 685; 11; 273; 31; ya atau tidak."),
    ('Tanda "-"', 'Berarti belum ada nilai, sama dengan sel kosong. Nol ditulis 0; "-" tidak pernah berarti nol.'),
    (
        "Mengosongkan",
        "Menghapus isi sel yang tadinya terisi menghapus nilai yang tersimpan. Pratinjau menunjukkannya sebelum "
        "diterapkan.",
    ),
    ("Sel kelabu", "Tidak dapat diisi di sini; alasannya ada di kolom Keterangan pada baris itu."),
    (
        "Rumus",
        "Kolom Isian berformat teks, jadi rumus tidak dihitung. Hitung di lembar sendiri, lalu tempel sebagai nilai.",
    ),
    (
        "Mengunggah",
        "Simpan sebagai .xlsx, lalu unggah pada halaman Unggah Excel. Semua masalah ditunjukkan sekaligus per lembar "
        "dan sel; tidak ada yang tersimpan sebelum Anda menekan Terapkan.",
    ),
    (
        "Bila nilai berubah",
        "Bila seseorang mengubah nilai di situs setelah templat ini dibuat, kedua nilai ditunjukkan dan Anda memilih.",
    ),
    (
        "Bertanya",
        "Tentang indikator: pemegang program di bidang. Tentang jadwal dan kunci: perencana. Tentang akun: admin.",
    ),
)
