"""An office year with three Puskesmas and a small instrument of PKP: every kind of item, one for inpatients only."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from capaian.assessments.actions import choose_instrumen, sidik_of
from capaian.assessments.models import Instrumen, Keluarga, VersiInstrumen
from capaian.organisations.models import Membership, TahunKinerja, UnitKerja

NAMES = ("mawar", "melati", "anggrek")
_RUJUKAN = {"instrumen": "Keputusan contoh", "tempat": "diktum KEENAM", "dasar": "tertulis"}


def _scale(best: str, middle: str, *, worst: str) -> dict[str, Any]:
    """Three classes, with a hole above `worst`; a value in it takes the class below."""
    return {
        "tingkat": [
            {"kode": "baik", "label": "Baik", "dari": best, "sampai": None},
            {"kode": "cukup", "label": "Cukup", "dari": middle, "sampai": best, "sampai_terbuka": True},
            {"kode": "kurang", "label": "Kurang", "dari": None, "sampai": worst},
        ],
        "kebijakan": "ambang_bawah",
    }


def _pair(kode: str, nama: str, target: str, arah: str = "naik", **more: Any) -> dict[str, Any]:
    return {"kode": kode, "nama": nama, "nomor": kode[1:], "penilaian": "capaian", "masukan": "pembilang_penyebut",
            "target": target, "satuan": "%", "arah": arah, **more}  # fmt: skip


DEFINISI: dict[str, Any] = {
    "kunci": "pkp_contoh",
    "nama": "PKP Contoh",
    "keluarga": "pkp",
    "rujukan": _RUJUKAN,
    "sifat": {"rawat_inap": "Rawat inap"},
    "kebijakan": {"rata_rata": "bertingkat", "campuran": "terendah"},
    "peringkat": ["kelas", "pelayanan", "manajemen", "mutu"],
    "klasifikasi": [
        {"kelompok": "pelayanan", "skala": _scale("91", "81", worst="80"), "rujukan": _RUJUKAN},
        {"kelompok": "manajemen", "skala": _scale("8.5", "5.5", worst="5.4"), "rujukan": _RUJUKAN},
        {"kelompok": "mutu", "skala": _scale("91", "81", worst="80"), "rujukan": _RUJUKAN},
    ],
    "akar": {
        "kode": "pkp",
        "nama": "Kinerja Puskesmas",
        "agregasi": "rata_rata",
        "isi": [
            {
                "kode": "pelayanan",
                "nama": "Pelayanan",
                "agregasi": "rata_rata",
                "isi": [
                    {
                        "kode": "ukm",
                        "nama": "UKM",
                        "nomor": "A",
                        "agregasi": "rata_rata",
                        "isi": [
                            _pair("a1", "Imunisasi dasar lengkap", "80", sasaran="Bayi"),
                            _pair("a2", "Pelayanan kesehatan ibu hamil", "100", sasaran="Ibu hamil"),
                            _pair("a3", "Balita stunting", "20", "turun", sasaran="Balita"),
                        ],
                    },
                    {
                        "kode": "ukp",
                        "nama": "UKP",
                        "nomor": "B",
                        "agregasi": "rata_rata",
                        "isi": [
                            {"kode": "b1", "nama": "Lama rawat", "nomor": "1", "penilaian": "capaian", "target": "≤ 3",
                             "satuan": "hari", "arah": "turun", "sifat": "rawat_inap"},
                            {"kode": "b2", "nama": "Laporan KLB", "nomor": "2", "penilaian": "capaian",
                             "target": "< 24 jam", "arah": "turun"},
                        ],
                    },
                    {"kode": "ukm_p", "nama": "Pengembangan", "nomor": "C", "agregasi": "rata_rata",
                     "isi": [_pair("c1", "Angka kontak", "150", satuan="‰", pengali="1000", sasaran="Peserta")]},
                ],
            },
            {
                "kode": "manajemen",
                "nama": "Manajemen",
                "agregasi": "rata_rata",
                "maksimum": "10",
                "isi": [
                    {"kode": "m1", "nama": "Struktur organisasi", "nomor": "1", "penilaian": "pilihan", "pilihan": [
                        {"kode": "0", "nilai": "0", "teks": "Belum ada"},
                        {"kode": "7", "nilai": "7", "teks": "Ada, belum lengkap"},
                        {"kode": "10", "nilai": "10", "teks": "Ada dan lengkap"}]},
                    {"kode": "m2", "nama": "Kesesuaian alat", "nomor": "2", "penilaian": "pita", "satuan": "%",
                     "pilihan": [{"kode": "0", "nilai": "0", "teks": "< 40", "sampai": "39"},
                                 {"kode": "10", "nilai": "10", "teks": "≥ 60", "dari": "60"}]},
                ],
            },
            {
                "kode": "mutu",
                "nama": "Mutu",
                "agregasi": "persen_maksimum",
                "maksimum": "10",
                "isi": [
                    {"kode": "q1", "nama": "Kepatuhan cuci tangan", "nomor": "1", "penilaian": "pilihan", "pilihan": [
                        {"kode": "tidak", "nilai": "0", "teks": "Tidak"}, {"kode": "ya", "nilai": "10", "teks": "Ya"}]},
                ],
            },
        ],
    },
}  # fmt: skip


@pytest.fixture
def versi(tahun_kinerja: TahunKinerja) -> VersiInstrumen:
    """The small instrument of PKP, published, not chosen for any year."""
    instrumen = Instrumen.objects.create(
        instansi=tahun_kinerja.instansi, kunci="pkp_contoh", nama="PKP Contoh", keluarga=Keluarga.PKP
    )
    return VersiInstrumen.objects.create(
        instrumen=instrumen,
        nomor=1,
        status=VersiInstrumen.Status.TERBIT,
        definisi=DEFINISI,
        sidik=sidik_of(DEFINISI),
        published_at=timezone.now(),
    )


@pytest.fixture
def puskesmas(tahun_kinerja: TahunKinerja) -> dict[str, UnitKerja]:
    """Three Puskesmas by kunci."""
    return {
        kunci: UnitKerja.objects.create(
            instansi=tahun_kinerja.instansi,
            kunci=kunci,
            nama=f"Puskesmas {kunci.title()}",
            jenis="puskesmas",
            urutan=number,
        )
        for number, kunci in enumerate(NAMES)
    }


@pytest.fixture
def pkp(tahun_kinerja: TahunKinerja, versi: VersiInstrumen, puskesmas: dict[str, UnitKerja]) -> SimpleNamespace:
    """The instrument chosen for `contoh/2024`, nothing answered: `pkp.units`, `pkp.versi`, `pkp.operator` of Mawar."""
    choose_instrumen(by=None, tahun_kinerja=tahun_kinerja, versi=versi)
    operator = get_user_model().objects.create_user("operator-mawar")
    Membership.objects.create(
        user=operator, instansi=tahun_kinerja.instansi, unit=puskesmas["mawar"], role=Membership.Role.OPERATOR
    )
    return SimpleNamespace(tahun_kinerja=tahun_kinerja, versi=versi, units=puskesmas, operator=operator)
