"""`capaian demo`: the sample offices, one account per role, the comparison with the printed figures, the documents."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.utils import timezone

from capaian.assessments.models import Keluarga, Penilaian
from capaian.cli.errors import UserError
from capaian.cli.load import SIMULATION
from capaian.exchange.fidelity.check import check_sample
from capaian.exchange.fidelity.store import store_fidelity
from capaian.exchange.samples.load import load_sample
from capaian.exchange.samples.reader import read_sample, sample_names
from capaian.exchange.simulation.load import load_simulation
from capaian.exchange.simulation.people import create_accounts
from capaian.organisations.actions import grant_role
from capaian.organisations.models import Instansi, Membership, TahunKinerja, UnitKerja
from capaian.organisations.roles import UNIT_ROLES
from capaian.planning.models import Dokumen
from capaian.reports.actions import generate_report, read_file, request_report, unchanged_version
from capaian.reports.models import Publication, ReportVersion
from capaian.reports.publication_actions import publish_report
from capaian.reports.spm.forms.files import form_file
from capaian.reports.spm.forms.names import ALL
from capaian.workflow.audit import audited

OUTSIDER = "tamu"
_PUSKESMAS, _TAHUN = 24, 2024


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = commands.add_parser("demo", help="muat contoh, akun, dan dokumen (hanya untuk peragaan)")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Everything is repeatable: a second run changes nothing that has not changed."""
    if not settings.DEMO:
        raise UserError(
            "Peragaan membuat akun dengan sandi yang diketahui umum; setel CAPAIAN_DEMO=1 bila itu dikehendaki."
        )
    settings.DEMO_MARKER.touch()
    for name in sample_names():
        with _timed(f"memuat {name}"):
            _load(name)
    with _timed(f"memuat simulasi dengan {_PUSKESMAS} Puskesmas"):
        _load_simulation()
    _create_accounts()
    for year in TahunKinerja.objects.select_related("instansi"):
        for jenis in _report_kinds(year):
            with _timed(f"{ReportVersion.Jenis(jenis).label}, {year}"):
                _write_report(year, jenis)
    for year, unit in _spm_places():
        with _timed(f"Laporan dan formulir SPM, {unit or year.instansi}"):
            _write_spm(year, unit)
    for year, unit in _pkp_places():
        with _timed(f"{'Laporan' if unit else 'Rekapitulasi'} PKP, {unit or year.instansi}"):
            _write_report(year, ReportVersion.Jenis.PKP if unit else ReportVersion.Jenis.PKP_REKAP, unit)
    print(f"Dokumen ada di {settings.OUT_DIR}")
    print_accounts()
    for one in _of_one_puskesmas():
        print(f"  {one.user.username}: {one.get_role_display().lower()} {one.unit}, {one.instansi.singkatan}")
    return 0


def print_accounts() -> None:
    """The accounts of the demo, one per role, and an outsider who is refused."""
    print(f"Akun peragaan (sandi semuanya {settings.DEMO_PASSWORD}):")
    for username, label in settings.DEMO_ACCOUNTS.items():
        print(f"  {username:<12} {label}")
    print(f"  {OUTSIDER:<12} tanpa peran, ditolak di setiap halaman instansi")


def _one_puskesmas() -> UnitKerja | None:
    """The first Puskesmas of the generated district."""
    units = UnitKerja.objects.filter(instansi__kunci=f"{SIMULATION}-{_PUSKESMAS}", jenis=UnitKerja.Jenis.PUSKESMAS)
    return units.select_related("instansi").first()


def _of_one_puskesmas() -> list[Membership]:
    """The accounts of the first Puskesmas of the generated district; its other units have theirs, named alike."""
    unit = _one_puskesmas()
    if unit is None:
        return []
    own = unit.memberships.filter(user__username__startswith=SIMULATION)
    return list(own.select_related("user", "unit", "instansi").order_by("pk"))


def _load(name: str) -> None:
    sample = read_sample(name, today=timezone.localdate())
    with audited():
        year = load_sample(sample=sample, by=None).tahun_kinerja
        store_fidelity(by=None, tahun_kinerja=year, figures=check_sample(sample))


@audited()
def _load_simulation() -> None:
    """The district whose units fill their forms, with an account for each of them."""
    year, _ = load_simulation(by=None, puskesmas=_PUSKESMAS, tahun=_TAHUN, seed=1, today=timezone.localdate())
    create_accounts(by=None, tahun_kinerja=year)


@audited()
def _create_accounts() -> None:
    roles = {role.label: role for role in Membership.Role}
    for username, label in {**settings.DEMO_ACCOUNTS, OUTSIDER: ""}.items():
        user, created = get_user_model().objects.get_or_create(username=username)
        if created:
            user.set_password(settings.DEMO_PASSWORD)
            user.save()
        for instansi in Instansi.objects.all() if label else []:
            _grant(user, instansi, roles[label])


def _grant(user: User, instansi: Instansi, role: Membership.Role) -> None:
    """A role for one unit is that of the office's first Puskesmas; an office without one has nobody in that role."""
    if role not in UNIT_ROLES:
        grant_role(by=None, user=user, instansi=instansi, role=role)
        return
    unit = instansi.unit_kerja.filter(jenis=UnitKerja.Jenis.PUSKESMAS).first()
    if unit is not None:
        grant_role(by=None, user=user, instansi=instansi, role=role, unit=unit)


def _report_kinds(year: TahunKinerja) -> list[str]:
    """The documents that the office's own planning documents allow."""
    have = set(year.dokumen.values_list("jenis", flat=True))
    kinds = []
    if Dokumen.Jenis.LKIP in have:
        kinds.append(ReportVersion.Jenis.LKIP)
    if Dokumen.Jenis.PK in have:
        kinds.append(ReportVersion.Jenis.PERJANJIAN_KINERJA)
    if Dokumen.Jenis.RENCANA_AKSI in have:
        kinds += [ReportVersion.Jenis.RENCANA_AKSI, ReportVersion.Jenis.PENGUKURAN]
    return [kind.value for kind in kinds]


def _spm_places() -> list[tuple[TahunKinerja, UnitKerja | None]]:
    """Whose SPM is printed: the generated district, and one of its Puskesmas."""
    unit = _one_puskesmas()
    if unit is None:
        return []
    year = TahunKinerja.objects.select_related("instansi").get(instansi=unit.instansi_id, tahun=_TAHUN)
    return [(year, None), (year, unit)]


def _pkp_places() -> list[tuple[TahunKinerja, UnitKerja | None]]:
    """Whose PKP is printed: the generated district, and of its Puskesmas the first that has answered."""
    answered = Penilaian.objects.filter(
        tahun_kinerja__instansi__kunci=f"{SIMULATION}-{_PUSKESMAS}",
        tahun_kinerja__tahun=_TAHUN,
        versi__instrumen__keluarga=Keluarga.PKP,
        unit__isnull=False,
        jawaban__isnull=False,
    )
    first = answered.select_related("tahun_kinerja__instansi", "unit").order_by("unit__urutan").first()
    return [(first.tahun_kinerja, None), (first.tahun_kinerja, first.unit)] if first else []


def _write_spm(year: TahunKinerja, unit: UnitKerja | None) -> None:
    """The yearly report, the monev of the last quarter, and the eight forms in one workbook."""
    for jenis in (ReportVersion.Jenis.SPM, ReportVersion.Jenis.SPM_MONEV):
        _write_report(year, jenis.value, unit)
    forms = form_file(year, unit, ALL, timezone.localdate())
    (settings.OUT_DIR / f"formulir_spm-{_place(year, unit)}.xlsx").write_bytes(forms)


def _place(year: TahunKinerja, unit: UnitKerja | None) -> str:
    """The part of a file name that says whose it is: `balangan-2024`, `simulasi-24-pkm-argabening-2024`."""
    return "-".join(part for part in (year.instansi.kunci, unit.kunci if unit else "", str(year.tahun)) if part)


def _write_report(year: TahunKinerja, jenis: str, unit: UnitKerja | None = None) -> None:
    version = unchanged_version(year, jenis, unit=unit)
    if version is None:
        version = request_report(by=None, tahun_kinerja=year, jenis=jenis, unit=unit)
        generate_report(version.pk)
        version.refresh_from_db()
    if version.state != ReportVersion.State.READY:
        raise UserError(f"{version}: {version.error}")
    settings.OUT_DIR.mkdir(parents=True, exist_ok=True)
    for extension in version.files:
        path = settings.OUT_DIR / f"{jenis}-{_place(year, unit)}.{extension}"
        path.write_bytes(read_file(version, extension))
    # Once: what somebody withdrew while trying the demo stays withdrawn.
    if jenis == ReportVersion.Jenis.LKIP and not Publication.objects.filter(version__tahun_kinerja=year).exists():
        publish_report(by=None, version=version)


@contextmanager
def _timed(label: str) -> Iterator[None]:
    start = time.monotonic()
    yield
    print(f"  {label}: {time.monotonic() - start:.1f} s", flush=True)
