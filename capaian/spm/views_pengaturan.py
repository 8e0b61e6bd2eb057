"""By which standard and policies a year of SPM is counted: what each choice changes, and what it stands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from capaian.organisations.permissions import Permission, require_office
from capaian.rules.packs import list_packs, load_pack
from capaian.rules.spm.standar import FAMILY, standar_of
from capaian.rules.trace import Citation
from capaian.spm.actions import SpmRefused, save_pengaturan
from capaian.spm.queries import spm_rules


@dataclass(frozen=True)
class Choice:
    """One value of a policy: its name, and what it changes."""

    value: str
    nama: str
    akibat: str
    is_default: bool = False


@dataclass(frozen=True)
class Policy:
    """A question that the rules leave open, or answer differently over the years; `value` is what holds now."""

    name: str
    pertanyaan: str
    dasar: Citation
    choices: tuple[Choice, ...]
    value: str = ""

    @property
    def chosen(self) -> str:
        return next((one.nama for one in self.choices if one.value == self.value), self.value)


_POLICIES = (
    Policy(
        "indeks_mutu",
        "Bagaimana indeks mutu satu pelayanan dihitung dari butir-butirnya?",
        Citation(
            "Permenkes 6/2024",
            "rumus indeks pencapaian mutu",
            "ditafsirkan",
            "Jumlah IP butir dibagi banyaknya butir; sebagian aplikasi daerah menjumlahkan dahulu.",
        ),
        (
            Choice(
                "rata_rata_butir",
                "Rata-rata butir",
                "Setiap butir sama beratnya dan paling banyak 100; satu butir kosong terasa walaupun jumlahnya kecil.",
                is_default=True,
            ),
            Choice(
                "jumlah",
                "Σ tersedia ÷ Σ kebutuhan",
                "Butir yang banyak jumlahnya, misalnya tablet tambah darah, hampir menentukan hasilnya sendirian.",
            ),
        ),
    ),
    Policy(
        "jendela_pendidikan",
        "Bulan mana yang dihitung untuk usia pendidikan dasar?",
        Citation(
            "Permenkes 6/2024",
            "Pelayanan Kesehatan pada Usia Pendidikan Dasar, catatan pembilang",
            "tertulis",
            "Penjaringan dihitung menurut tahun ajaran; contohnya Juni sampai Mei.",
        ),
        (
            Choice(
                "tahun_ajaran",
                "Tahun ajaran (Juni sampai Mei)",
                "Yang terlayani Juni sampai Desember dihitung untuk tahun berikutnya, Januari sampai Mei tahun ini.",
                is_default=True,
            ),
            Choice(
                "tahun_kalender",
                "Tahun kalender",
                "Januari sampai Desember tahun ini. Pakai bila laporan daerah selama ini disusun begitu.",
            ),
        ),
    ),
    Policy(
        "frekuensi",
        "Seberapa sering Puskesmas mengisi yang terlayani?",
        Citation(
            "Permendagri 59/2021",
            "pelaporan penerapan SPM",
            "ditafsirkan",
            "Laporan disampaikan tiap triwulan; tabel e-SPM memuat bulan.",
        ),
        (
            Choice(
                "bulanan",
                "Bulanan",
                "Tiga angka per triwulan; tren bulan tampak dan tahun ajaran terbagi tepat.",
                is_default=True,
            ),
            Choice(
                "triwulanan",
                "Triwulanan",
                "Satu angka per triwulan; tahun ajaran hanya dapat dibagi menurut triwulan. "
                "Yang sudah diisi per bulan tetap tersimpan.",
            ),
        ),
    ),
)
_NAMES = ("standar", *(one.name for one in _POLICIES))


@require_http_methods(["GET", "POST"])
def pengaturan(request: HttpRequest, instansi: str, tahun: int) -> HttpResponse:
    """By which standard and policies is this year counted?"""
    is_post = request.method == "POST"
    permission = Permission.WRITE_RENCANA if is_post else Permission.VIEW
    office = require_office(request, instansi, tahun, permission, somewhere=not is_post)
    year = office.tahun_kinerja
    rules = spm_rules(year)
    values = {name: getattr(rules.pengaturan, name) for name in _NAMES}
    error = ""
    if is_post:
        values |= {name: request.POST[name] for name in _NAMES if name in request.POST}
        try:
            save_pengaturan(by=request.user, tahun_kinerja=year, values=values)  # type: ignore[arg-type]
        except SpmRefused as refused:
            error = str(refused)
        else:
            messages.success(request, "Pengaturan SPM disimpan; capaian tahun ini dihitung ulang menurut pilihan itu.")
            return redirect(request.path)
    context = {
        "policies": _policies(year.tahun, values),
        "rules": rules,
        "error": error,
        "can_write": office.allows(Permission.WRITE_RENCANA),
    }
    return render(request, "spm/pengaturan.html", context, status=422 if error else 200)


def _policies(tahun: int, values: Mapping[str, str]) -> list[Policy]:
    return [replace(one, value=values[one.name]) for one in (_standards(tahun), *_POLICIES)]


def _standards(tahun: int) -> Policy:
    """Which technical standard: the one in force at the end of the year, or another by name."""
    in_force = standar_of(tahun).pack
    packs = [load_pack(one) for one in list_packs() if one.startswith(f"{FAMILY}/permenkes")]
    dasar = Citation(in_force.instrumen, "berlakunya", "ditafsirkan", "Menurut tanggal akhir tahun yang dilaporkan.")
    own = Choice(
        "",
        f"Menurut tahun: {in_force.instrumen}",
        "Standar yang berlaku pada 31 Desember tahun ini; mengikuti bila standar diganti.",
        is_default=True,
    )
    return Policy("standar", "Standar teknis mana yang dipakai?", dasar, (own, *(_standard(one.id) for one in packs)))


def _standard(pack_id: str) -> Choice:
    pack = load_pack(pack_id)
    if pack.has("butir_mutu"):
        akibat = "Indeks dari penerima (80%) dan mutu (20%)."
    else:
        akibat = "Hanya cakupan penerima; butir mutu tidak dihitung."
    since = f"{pack.mulai.year} sampai {pack.sampai.year}" if pack.sampai else f"sejak {pack.mulai.year}"
    return Choice(pack.id, f"{pack.instrumen}, berlaku {since}", f"{akibat} {pack.judul}.")
