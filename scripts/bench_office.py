"""A made-up office of the size that the benchmarks speak of: 1,000 budget nodes, 300 indicators, four quarters."""

from __future__ import annotations

from typing import Any

from capaian.budget import actions as budget
from capaian.measurement import actions as measurement
from capaian.measurement.models import Realisasi
from capaian.organisations import actions as organisations
from capaian.organisations.models import TahunKinerja
from capaian.planning import actions as planning

KUNCI = "bench"
TAHUN = 2024
PROGRAMS, KEGIATAN, SUB_KEGIATAN = 5, 9, 21
INDIKATOR = 300


def make_office() -> TahunKinerja:
    """Create the office through the same actions that the sample loader calls."""
    instansi: dict[str, Any] = {
        "kunci": KUNCI,
        "nama": "Dinas Kesehatan Kabupaten Contoh",
        "daerah": "Kabupaten Contoh",
        "provinsi": "Provinsi Contoh",
        "kepala_daerah": "Bupati Contoh",
        "pimpinan": "Kepala Dinas Kesehatan",
        "tempat": "Contoh",
    }
    year = organisations.save_tahun_kinerja(by=None, instansi=instansi, tahun=TAHUN, narasi={})
    who: dict[str, Any] = {"by": None, "tahun_kinerja": year}
    planning.sync_renstra(
        **who,
        renstra={"nama": "Renstra", "awal": TAHUN, "akhir": TAHUN + 4, "visi": "", "misi": ""},
        tujuan=[{"urutan": 1, "uraian": "Tujuan"}],
        sasaran=[{"kunci": "s1", "urutan": 1, "uraian": "Sasaran", "tujuan": 1}],
    )
    nodes, _ = planning.sync_nodes(**who, rows=_node_rows())
    leaves = [node for node in nodes.values() if node.jenis == "sub_kegiatan"]
    dokumen, _ = planning.sync_dokumen(
        **who, rows=[{"kunci": "rencana_aksi", "jenis": "rencana_aksi", "nama": "Rencana Aksi", "versi": "murni"}]
    )
    indikator, _ = planning.sync_indikator(
        **who,
        rows=[
            {
                "kunci": f"{node.kunci}/1",
                "nama": f"Indikator {number}",
                "satuan": "%",
                "sasaran": None,
                "is_iku": False,
                "node": node,
                "arah": "turun" if number % 5 == 0 else "naik",
                "sifat": ("jumlah", "posisi_akhir", "rata_rata")[number % 3],
                "urutan": number,
            }
            for number, node in enumerate(leaves[:INDIKATOR])
        ],
    )
    targets, _ = planning.sync_target(
        **who,
        rows=[
            {"indikator": item, "dokumen": dokumen["rencana_aksi"], "tahun": TAHUN, "teks": "100", "satuan": "%"}
            for item in indikator.values()
        ],
    )
    planning.sync_target_triwulan(
        **who, rows=[{"target": target, "triwulan": tw, "teks": "25"} for target in targets for tw in range(1, 5)]
    )
    budget.sync_pagu(
        **who,
        rows=[
            {"node": node, "versi": "apbd", "jumlah": 1_000_000_000 + 1_237 * number}
            for number, node in enumerate(leaves)
        ],
    )
    budget.sync_realisasi_anggaran(
        **who,
        rows=[
            {"node": node, "periode": 0, "belanja": kind, "sumber_dana": None, "jumlah": 300_000_000 + 991 * number}
            for number, node in enumerate(leaves)
            for kind in ("pegawai", "barang_jasa", "modal")
        ],
    )
    Realisasi.objects.bulk_create(
        Realisasi(indikator=item, tahun=TAHUN, periode=tw, teks=f"{18 + number % 9},{tw}")
        for number, item in enumerate(indikator.values())
        for tw in range(1, 5)
    )
    measurement.compute_capaian_year(**who)
    return year


def _node_rows() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []

    def add(kunci: str, jenis: str, induk: str | None) -> None:
        nama = f"{jenis.replace('_', ' ').capitalize()} {kunci}"
        rows.append(
            {"kunci": kunci, "kode": kunci, "jenis": jenis, "nama": nama, "induk": induk, "urutan": len(rows) + 1}
        )

    for program in range(1, PROGRAMS + 1):
        add(f"1.02.{program:02}", "program", None)
        for kegiatan in range(1, KEGIATAN + 1):
            add(f"1.02.{program:02}.2.{kegiatan:02}", "kegiatan", f"1.02.{program:02}")
            for sub in range(1, SUB_KEGIATAN + 1):
                parent = f"1.02.{program:02}.2.{kegiatan:02}"
                add(f"{parent}.{sub:04}", "sub_kegiatan", parent)
    return rows
