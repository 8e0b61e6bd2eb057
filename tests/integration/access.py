"""An office with everything that an address can name, twice: of one Puskesmas and of another, and of an office beside.

`tests/integration/test_access_matrix.py` asks for each of them; `ADDRESSES` says what each route needs.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from capaian.assessments.models import Instrumen, PengaturanPenilaian, Rekomendasi, VersiInstrumen
from capaian.budget.models import Pagu, Pendapatan
from capaian.documents.blocks import Document, Paragraph, Run
from capaian.exchange.models import Upload
from capaian.measurement.actions import compute_capaian_year
from capaian.measurement.models import BuktiDukung, Capaian, Pembanding, Realisasi
from capaian.organisations.models import Delegation, Denial, Instansi, Membership, TahunKinerja, UnitKerja
from capaian.planning.models import Dokumen, Indikator
from capaian.reports.models import Publication, ReportVersion
from capaian.reports.publication_figures import freeze_figures
from capaian.rules.packs import list_packs
from capaian.skm.models import UNSUR, JawabanSkm, Survei
from capaian.spm.models import SasaranSpm
from capaian.workflow.models import Comment

# Who acts for which unit: a Puskesmas, a bidang, or (no entry) the whole office.
UNIT_OF = {"operator": "utara", "kepala_unit": "utara", "pemegang_program": "p2p"}


def make_world(cast: SimpleNamespace, plan: SimpleNamespace) -> SimpleNamespace:
    """The plan of `contoh/2024` with units and an object of each kind for `utara`, for `selatan`, and next door."""
    year: TahunKinerja = plan.tahun_kinerja
    place = year.instansi
    for person in vars(cast).values():
        person.set_password("kata sandi yang panjang")
        person.save()
    units = {
        kunci: UnitKerja.objects.create(instansi=place, kunci=kunci, nama=f"Unit {kunci}", jenis=jenis, urutan=number)
        for number, (kunci, jenis) in enumerate([("utara", "puskesmas"), ("selatan", "puskesmas"), ("p2p", "bidang")])
    }
    for role, unit in UNIT_OF.items():
        Membership.objects.filter(user=getattr(cast, role), role=role).update(unit=units[unit])
    for indikator, unit in ((plan.ibu, "utara"), (plan.berkas, "selatan"), (plan.jkn, "p2p")):
        indikator.penanggung_jawab = units[unit]
        indikator.save()
        Realisasi.objects.create(indikator=indikator, tahun=2024, periode=1, teks="1")
        Pembanding.objects.create(
            indikator=indikator, tahun=2024, jenis="kab_kota", wilayah=place.daerah, urutan=1, nilai=1
        )
    Pagu.objects.create(node=plan.nodes[2], versi="apbd", jumlah=1000)
    Pendapatan.objects.create(tahun_kinerja=year, jenis="sumber", nama="PAD", urutan=1, target=1000, realisasi=900)
    compute_capaian_year(by=None, tahun_kinerja=year)
    Realisasi.objects.create(indikator=plan.stunting, tahun=2024, periode=1, teks="2", jejak={"steps": []})
    world = SimpleNamespace(year=year, plan=plan, units=units, cast=cast)
    world.utara = _objects(world, year, units["utara"], plan.ibu, cast.operator, cast)
    world.selatan = _objects(world, year, units["selatan"], plan.berkas, cast.perencana, cast)
    world.elsewhere = _elsewhere(world, cast)
    return world


def _elsewhere(world: SimpleNamespace, cast: SimpleNamespace) -> SimpleNamespace:
    place = Instansi.objects.get(kunci="tetangga")
    year = place.tahun_kinerja.get()
    unit = UnitKerja.objects.create(instansi=place, kunci="barat", nama="Unit barat", jenis="puskesmas")
    indikator = Indikator.objects.create(
        instansi=place,
        kunci="iku.tetangga",
        nama="Indikator tetangga",
        arah="naik",
        node=year.nodes.create(kunci="1", kode="1", jenis="program", nama="Program tetangga", urutan=1),
        penanggung_jawab=unit,
    )
    dokumen = Dokumen.objects.create(tahun_kinerja=year, kunci="pk", jenis="pk", nama="PK")
    dokumen.target.create(indikator=indikator, tahun=2024, teks="5")
    Realisasi.objects.create(indikator=indikator, tahun=2024, periode=0, teks="4")
    compute_capaian_year(by=None, tahun_kinerja=year)
    return _objects(world, year, unit, indikator, cast.outsider, cast)


def _objects(
    world: SimpleNamespace,
    year: TahunKinerja,
    unit: UnitKerja,
    indikator: Indikator,
    by: User,
    cast: SimpleNamespace,
) -> SimpleNamespace:
    subject, place, today = f"{indikator.kunci} 2024/1", year.instansi, timezone.localdate()
    number = ReportVersion.objects.filter(tahun_kinerja=year).count() + 1
    version = ReportVersion.objects.create(
        tahun_kinerja=year,
        jenis="pengukuran",
        periode=1,
        nomor=number,
        state="ready",
        blocks=Document("Laporan", str(place), (Paragraph((Run("Isi"),)),)).to_dict(),
        files={"xlsx": _file(f"{place.kunci}-{number}.xlsx")},
    )
    published = Publication.objects.create(version=version, figures=freeze_figures(year, "pengukuran", 0))
    ready = ReportVersion.objects.create(
        tahun_kinerja=year, jenis="pengukuran", periode=2, nomor=number + 2, state="ready", blocks=version.blocks
    )
    of_unit, made = [
        ReportVersion.objects.create(
            tahun_kinerja=year,
            unit=unit,
            jenis="spm_monev",
            periode=1,
            nomor=nomor,
            state=state,
            blocks=version.blocks,
            files=version.files,
        )
        for nomor, state in ((1, "ready"), (2, "queued"))
    ]
    survei = _survei(year, unit)
    person = User.objects.create_user(f"orang-{unit.kunci}")
    return SimpleNamespace(
        unit=unit,
        survei=survei,
        versi=_versi(year, unit),
        lembar=JawabanSkm.objects.create(survei=survei, waktu=3, sumber="kertas", tanggal=today),
        indikator=indikator,
        subject=subject,
        version=version,
        of_unit=of_unit,
        draft=made,
        ready=ready,
        publication=published,
        person=person,
        membership=Membership.objects.create(user=person, instansi=place, unit=unit, role="operator"),
        denial=Denial.objects.create(user=person, instansi=place, permission="COMMENT", reason="Contoh"),
        delegation=Delegation.objects.create(
            instansi=place,
            giver=by,
            receiver=person,
            reason="Cuti",
            starts_on=today + timedelta(days=30),
            ends_on=today + timedelta(days=40),
        ),
        capaian=Capaian.objects.filter(indikator=indikator).first(),
        bukti=BuktiDukung.objects.create(
            tahun_kinerja=year,
            form="kinerja",
            unit=unit,
            subject=subject,
            periode=1,
            nama=f"bukti-{unit.kunci}.pdf",
            berkas=_file(f"bukti-{unit.kunci}.pdf"),
            jenis_berkas="application/pdf",
            sha256="0" * 64,
            request_key=uuid4(),
        ),
        comment=Comment.objects.create(
            tahun_kinerja=year, unit=unit, subject=subject, text=f"Kata {unit.kunci}", by=by, request_key=uuid4()
        ),
        sasaran=SasaranSpm.objects.create(
            tahun_kinerja=year, unit=unit, kelompok="balita", jumlah=900, metode="riil", sumber=f"Data {unit.kunci}"
        ),
        rekomendasi=Rekomendasi.objects.create(
            tahun_kinerja=year, urutan=number, unit=unit, uraian=f"Lengkapi bukti {unit.kunci}"
        ),
        upload=Upload.objects.create(
            tahun_kinerja=year,
            jenis="lembar",
            nama=f"{unit.kunci}.xlsx",
            berkas=_workbook(f"{unit.kunci}.xlsx"),
            checksum="0" * 64,
            ukuran=1,
            created_by=by,
            state="ready",
        ),
    )


def _versi(year: TahunKinerja, unit: UnitKerja) -> VersiInstrumen:
    """A published version of an instrument of the office's own that judges the year."""
    instrumen = Instrumen.objects.create(
        instansi=year.instansi, kunci=f"mutu_{unit.kunci}", nama=f"Mutu {unit.kunci}", keluarga="lain"
    )
    item = {"kode": "sop", "nama": "SOP", "penilaian": "capaian", "target": "100", "arah": "naik"}
    definisi = {
        "kunci": instrumen.kunci,
        "nama": instrumen.nama,
        "keluarga": "lain",
        "rujukan": {"instrumen": "SK", "tempat": "Lampiran", "dasar": "tertulis"},
        "akar": {"kode": "mutu", "nama": "Mutu", "isi": [item]},
    }
    versi = VersiInstrumen.objects.create(
        instrumen=instrumen, nomor=1, status="terbit", definisi=definisi, sidik=f"sidik-{unit.kunci}"
    )
    PengaturanPenilaian.objects.create(tahun_kinerja=year, keluarga="lain", versi=versi)
    return versi


def _survei(year: TahunKinerja, unit: UnitKerja) -> Survei:
    today = timezone.localdate()
    return Survei.objects.create(
        tahun_kinerja=year,
        unit=unit,
        nama=f"Survei {unit.kunci}",
        mulai=today,
        sampai=today + timedelta(days=30),
        unsur=list(UNSUR),
        status="dibuka",
        tautan=f"tautan-{unit.kunci}",
    )


def _file(name: str) -> str:
    path = Path(settings.MEDIA_ROOT, "access", name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"%PDF-1.7\n%%EOF\n")
    return path.relative_to(settings.MEDIA_ROOT).as_posix()


def _workbook(name: str) -> str:
    path = _file(name)
    Workbook().save(Path(settings.MEDIA_ROOT, path))
    return path


Of = SimpleNamespace
# What an address needs beyond the office year: the names in it, by route.
_SHEET: Callable[[Of], dict[str, Any]] = lambda of: {"form": "kinerja", "unit": of.unit.kunci, "periode": 1}  # noqa: E731
_UPLOAD: Callable[[Of], dict[str, Any]] = lambda of: {"upload_id": of.upload.pk}  # noqa: E731
_USER: Callable[[Of], dict[str, Any]] = lambda of: {"user_id": of.person.pk}  # noqa: E731
_SURVEI: Callable[[Of], dict[str, Any]] = lambda of: {"survei_id": of.survei.pk}  # noqa: E731
_VERSI: Callable[[Of], dict[str, Any]] = lambda of: {"versi_id": of.versi.pk}  # noqa: E731
_KUNCI: Callable[[Of], dict[str, Any]] = lambda of: {"kunci": of.indikator.kunci}  # noqa: E731

ADDRESSES: dict[str, Callable[[Of], dict[str, Any]]] = {
    "reports:publik_indikator": _KUNCI,
    "reports:publik_unduh": lambda of: {"publication_id": of.publication.pk, "fmt": "xlsx"},
    "reports:laporan_jejak": _KUNCI,
    "reports:preview": lambda of: {"version_id": of.of_unit.pk},
    "reports:spm_formulir": lambda of: {"unit": of.unit.kunci, "formulir": "2-e-2"},
    "reports:laporan_kemajuan": lambda of: {"version_id": of.draft.pk},
    "reports:publikasi": lambda of: {"version_id": of.ready.pk},
    "reports:download": lambda of: {"version_id": of.of_unit.pk, "fmt": "xlsx"},
    "workflow:komentar_selesai": lambda of: {"pk": of.comment.pk},
    **{f"workflow:{name}": _SHEET for name in ("lembar", "lembar_simpan", "lembar_langkah", "lembar_versi")},
    "organisations:pelimpahan_akhiri": lambda of: {"delegation_id": of.delegation.pk},
    **{f"organisations:{name}": _USER for name in ("akun", "akun_data", "akun_sandi", "akun_peran", "akun_larangan")},
    "organisations:peran_akhiri": lambda of: _USER(of) | {"membership_id": of.membership.pk},
    "organisations:larangan_akhiri": lambda of: _USER(of) | {"denial_id": of.denial.pk},
    "organisations:akun_tindakan": lambda of: _USER(of) | {"tindakan": "nonaktif"},
    **{f"measurement:{name}": _KUNCI for name in ("indikator", "analisis", "jejak_peringkat")},
    "measurement:jejak": lambda of: {"capaian_id": of.capaian.pk},
    "measurement:bukti_berkas": lambda of: {"pk": of.bukti.pk},
    "measurement:bukti_hapus": lambda of: {"pk": of.bukti.pk},
    "measurement:bukti_lembar": _SHEET,
    "measurement:bukti": lambda of: _SHEET(of) | _KUNCI(of),
    "assessments:pkp_unit": lambda of: {"unit": of.unit.kunci},
    "assessments:pkp_rencana": lambda of: {"unit": of.unit.kunci},
    "assessments:pkp_jejak": lambda of: {"unit": of.unit.kunci, "kode": "pelayanan"},
    "spm:unit": lambda of: {"unit": of.unit.kunci},
    "spm:jejak": lambda of: {"layanan": "balita", "triwulan": 1, "unit": of.unit.kunci},
    "spm:jejak_indeks": lambda of: {"triwulan": 1, "unit": of.unit.kunci},
    "spm:sasaran_unit": lambda of: {"unit": of.unit.kunci},
    "spm:sasaran_pakai": lambda of: {"pk": of.sasaran.pk},
    "spm:sasaran_jejak": lambda of: {"pk": of.sasaran.pk},
    "spm:kebutuhan_jejak": lambda of: {"unit": of.unit.kunci, "butir": "ibu_hamil.td"},
    "spm:monev": lambda of: {"unit": of.unit.kunci, "triwulan": 1},
    "spm:monev_layanan": lambda of: {"unit": of.unit.kunci, "triwulan": 1, "layanan": "balita"},
    **{f"exchange:{name}": _SURVEI for name in ("skm_impor", "skm_templat")},
    "skm:isi": lambda of: {"tautan": of.survei.tautan},
    "skm:terima_kasih": lambda of: {"tautan": of.survei.tautan},
    **{f"skm:{name}": _SURVEI for name in ("kelola", "survei_ubah", "langkah", "qr", "poster", "kertas")},
    **{f"skm:{name}": _SURVEI for name in ("hasil", "hasil_jejak", "saran", "rencana", "terbit")},
    "skm:hasil_publik": lambda of: {"tautan": of.survei.tautan},
    **{
        f"skm:{name}": lambda of: _SURVEI(of) | {"jawaban_id": of.lembar.pk} for name in ("kertas_ubah", "kertas_hapus")
    },
    **{
        f"assessments:rekomendasi_{name}": lambda of: {"pk": of.rekomendasi.pk}
        for name in ("rinci", "ubah", "rencana", "lapor", "langkah")
    },
    **{
        f"assessments:instrumen_{name}": _VERSI
        for name in ("versi", "langkah", "banding", "temuan", "pilih", "kepala", "kelas", "butir", "susun")
    },
    "assessments:isi_unit": lambda of: _VERSI(of) | {"unit": of.unit.kunci},
    "exchange:instrumen_unduh": _VERSI,
    "exchange:template": _SHEET,
    **{f"exchange:{name}": _UPLOAD for name in ("unggahan", "unggahan_kemajuan", "terapkan", "bertanda", "temuan")},
    "review:sinyal_lembar": _SHEET,
}
# What is named in the query or the form instead.
QUERIES: dict[str, Callable[[Of], dict[str, Any]]] = {
    "workflow:komentar": lambda of: {"objek": of.subject, "unit": of.unit.kunci},
    "workflow:riwayat": lambda of: {"objek": of.subject, "unit": of.unit.kunci},
    "exchange:template_pilih": _SHEET,
    "assessments:instrumen_butir": lambda of: {"kode": "sop"},
}
# Addresses whose names belong to no unit.
FIXED: dict[str, dict[str, Any]] = {
    "web:regulasi_pack": {"pack_id": list_packs()[0]},
    "measurement:jejak_sumber": {"sumber": "ikm"},
    "measurement:jejak_gabungan": {"periode": 1, "kunci": "iku.stunting"},
    "spm:kalkulator": {"kode": "ibu_hamil"},
    "budget:jejak_pendapatan": {"jenis": "sumber"},
    "budget:jejak": {"versi": "apbd"},
    "spm:layanan": {"layanan": "balita"},
    "exchange:pemetaan": {"jenis": "pagu"},
    "exchange:ekspor": {"jenis": "indikator"},
    "assessments:lke_simpan": {"bagian": "1a"},
    "assessments:lke_jejak": {"tingkat": "mandiri", "kode": "lke"},
    "assessments:lke_bukti": {"kode": "1a.1"},
    "assessments:lke_bukti_hapus": {"pk": 1},
}
# What a form must say so that an answer other than a refusal can be told from one.
FORMS: dict[str, Callable[[Of], dict[str, Any]]] = {
    "reports:laporan_buat": lambda of: {"jenis": "rencana_aksi"},
    "reports:skm_buat": lambda of: {"jenis": "skm", "unit": of.unit.kunci},
    "reports:lhe_buat": lambda of: {"jenis": "lhe"},
    "reports:spm_buat": lambda of: {"jenis": "spm_monev", "periode": "2", "unit": of.unit.kunci},
    "reports:pkp_buat": lambda of: {"jenis": "pkp", "unit": of.unit.kunci},
    "reports:publikasi": lambda of: {"tindakan": "terbitkan", "alasan": ""},
    "workflow:jadwal_unit": lambda of: {"formulir": "kinerja", "periode": "1", "unit": of.unit.kunci},
    "workflow:komentar": lambda of: {
        "objek": of.subject,
        "unit": of.unit.kunci,
        "teks": "Sudah diperiksa",
        "kunci_permintaan": str(UUID(int=of.unit.pk)),
    },
    "workflow:lembar_langkah": lambda of: {"langkah": "ajukan"},
    "skm:langkah": lambda of: {"langkah": "tutup"},
    "assessments:lke_simpan": lambda of: {"tingkat": "mandiri"},
    "assessments:lke_tutup": lambda of: {"tingkat": "mandiri"},
    "assessments:lke_buka": lambda of: {"tingkat": "mandiri"},
    "assessments:instrumen_butir": lambda of: {"asal": "sop", "jenis": "butir"},
    "assessments:instrumen_susun": lambda of: {"kode": "sop", "langkah": "naik"},
    "assessments:rekomendasi_langkah": lambda of: {"langkah": "selesai"},
    "spm:sasaran_pakai": lambda of: {"alasan": f"Data {of.unit.kunci} dipakai"},
    "measurement:bukti": lambda of: {"tautan": "https://contoh.example/x", "nama": "x", "request_key": str(uuid4())},
}


def address(name: str, instansi: str, of: Of, *, names: tuple[str, ...] = ()) -> str:
    """The address of a route in an office year, with the objects of `of`."""
    found = {"instansi": instansi, "tahun": 2024}
    kwargs = {key: value for key, value in found.items() if key in names}
    return reverse(name, kwargs=kwargs | FIXED.get(name, {}) | ADDRESSES.get(name, lambda of: {})(of))
