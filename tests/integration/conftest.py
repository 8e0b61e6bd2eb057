"""The fixed cast: one person per role in one office, and an outsider who has a role elsewhere only."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from capaian.organisations.models import Instansi, Membership, TahunKinerja
from capaian.planning.models import Indikator, Node, Renstra, Sasaran, Strategi, Tujuan


def _office(kunci: str, nama: str) -> Instansi:
    return Instansi.objects.create(
        kunci=kunci,
        nama=f"Dinas Kesehatan {nama}",
        singkatan=f"Dinkes {nama}",
        daerah=nama,
        provinsi="Provinsi Contoh",
        kepala_daerah=f"Bupati {nama}",
        pimpinan="Kepala Dinas Kesehatan",
        tempat=nama,
    )


@pytest.fixture
def tahun_kinerja(db: None) -> TahunKinerja:
    """The office year `contoh/2024`, with an earlier year beside it and nothing in it yet."""
    instansi = _office("contoh", "Contoh")
    TahunKinerja.objects.create(instansi=instansi, tahun=2023)
    return TahunKinerja.objects.create(instansi=instansi, tahun=2024)


@pytest.fixture
def cast(tahun_kinerja: TahunKinerja) -> SimpleNamespace:
    """Users by role name (`cast.perencana` …), `cast.outsider` of another office, `cast.newcomer` of none."""
    user_model = get_user_model()
    people = SimpleNamespace()
    for role in Membership.Role.values:
        user = user_model.objects.create_user(role)
        Membership.objects.create(user=user, instansi=tahun_kinerja.instansi, role=role)
        setattr(people, role, user)
    elsewhere = _office("tetangga", "Tetangga")
    TahunKinerja.objects.create(instansi=elsewhere, tahun=2024)
    people.outsider = user_model.objects.create_user("outsider")
    Membership.objects.create(user=people.outsider, instansi=elsewhere, role=Membership.Role.PERENCANA)
    people.newcomer = user_model.objects.create_user("newcomer")
    return people


@pytest.fixture
def login(client: Client, cast: SimpleNamespace) -> Callable[[str], Client]:
    """A client logged in as one of the cast: `login("perencana")`."""

    def as_person(name: str) -> Client:
        client.force_login(getattr(cast, name))
        return client

    return as_person


@pytest.fixture
def plan(tahun_kinerja: TahunKinerja) -> SimpleNamespace:
    """A small plan in `contoh/2024`, with the indicators of Metro's rencana aksi by name and no realisasi.

    `stunting` is a level split like a count and promised differently in the PK, `ibu` a count with empty quarters,
    `berkas` a count that goes up, `jkn` a level without quarters, `kosong` has no target.
    """
    renstra = Renstra.objects.create(instansi=tahun_kinerja.instansi, nama="Renstra Contoh", awal=2021, akhir=2026)
    tujuan = Tujuan.objects.create(renstra=renstra, urutan=1, uraian="Meningkatnya derajat kesehatan")
    sasaran = Sasaran.objects.create(tujuan=tujuan, kunci="s1", urutan=1, uraian="Menurunnya stunting")
    Strategi.objects.create(sasaran=sasaran, urutan=1, strategi="Pemantauan tumbuh kembang", arah_kebijakan="Posyandu")
    Strategi.objects.create(sasaran=sasaran, urutan=2, strategi="", arah_kebijakan="Kelas ibu balita")
    node = None
    nodes = []
    for number, (kode, jenis) in enumerate(
        [("1.02.02", "program"), ("1.02.02.2.02", "kegiatan"), ("1.02.02.2.02.0001", "sub_kegiatan")]
    ):
        node = Node.objects.create(
            tahun_kinerja=tahun_kinerja,
            kunci=kode,
            kode=kode,
            jenis=jenis,
            nama=f"Nama {jenis}",
            induk=node,
            urutan=number,
        )
        nodes.append(node)
    made = {
        "stunting": ("Prevalensi stunting", "turun", "posisi_akhir", "8,5", ["2,13"] * 4, {"sasaran": sasaran}),
        "ibu": ("Jumlah kasus kematian ibu", "turun", "jumlah", "2", ["-", "1", "-", "1"], {"sasaran": sasaran}),
        "berkas": ("Jumlah dokumen perencanaan", "naik", "jumlah", "14", ["6", "2", "3", "3"], {"node": nodes[1]}),
        "jkn": ("Persentase peserta JKN", "naik", "posisi_akhir", "98", [], {"node": nodes[2]}),
        "kosong": ("Indikator tanpa target", "naik", "posisi_akhir", "", [], {"node": nodes[2]}),
    }
    dokumen = tahun_kinerja.dokumen.create(kunci="aksi", jenis="rencana_aksi", nama="Rencana Aksi 2024")
    found = SimpleNamespace(tahun_kinerja=tahun_kinerja, dokumen=dokumen, nodes=nodes)
    for number, (name, (nama, arah, sifat, target, quarters, owner)) in enumerate(made.items(), start=1):
        indikator = Indikator.objects.create(
            instansi=tahun_kinerja.instansi,
            kunci=f"iku.{name}" if "sasaran" in owner else f"{owner['node'].kunci}/{number}",
            nama=nama,
            satuan="%",
            arah=arah,
            sifat=sifat,
            is_iku="sasaran" in owner,
            urutan=number,
            **owner,
        )
        setattr(found, name, indikator)
        if target:
            stored = dokumen.target.create(indikator=indikator, tahun=2024, teks=target)
            for triwulan, teks in enumerate(quarters, start=1):
                stored.triwulan.create(triwulan=triwulan, teks=teks)
    promise = tahun_kinerja.dokumen.create(kunci="pk", jenis="pk", nama="Perjanjian Kinerja 2024")
    promise.target.create(indikator=found.stunting, tahun=2024, teks="8,6")
    return found
