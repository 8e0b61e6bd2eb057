"""Accounts for a generated district, and what they attach and remark. Named after roles and units, never after people.

Their password is known to everybody, so they are made in a demo only.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User

from capaian.measurement.models import BuktiDukung
from capaian.organisations.models import Membership, TahunKinerja, UnitKerja
from capaian.rules.periods import Period
from capaian.workflow.actions import add_comment
from capaian.workflow.audit import audited, record_audit
from capaian.workflow.forms import SheetKey
from capaian.workflow.models import Form, Submission

_Role, _Jenis = Membership.Role, UnitKerja.Jenis
_REPORTING = (_Jenis.PUSKESMAS, _Jenis.RSUD)
_ANSWERING = (_Jenis.BIDANG, _Jenis.SEKRETARIAT)
_OF_UNIT = (_Role.OPERATOR, _Role.KEPALA_UNIT)
_WHOLE = (_Role.PERENCANA, _Role.KEUANGAN, _Role.KEPALA, _Role.INSPEKTORAT)
# Every how many units one has evidence, and every how many of those bears a date long after the period.
_WITH_BUKTI, _LATE = 3, 2
_LATE_DAYS = 90
_REMARK = "Angka ini jauh dari triwulan lalu. Apakah jaringan Puskesmas sudah terhitung semuanya?"


def username_of(tahun_kinerja: TahunKinerja, role: str, unit: UnitKerja | None) -> str:
    """`simulasi-60.operator.pkm-argabening`, `simulasi-60.perencana`."""
    return ".".join(part for part in (tahun_kinerja.instansi.kunci, role, unit.kunci if unit else "") if part)


@audited()
def create_accounts(*, by: User | None, tahun_kinerja: TahunKinerja) -> int:
    """Operator and kepala unit for each reporting unit, pemegang program for each bidang, and one of each office role.

    Returns how many were made; those that exist stay. Raises `ValueError` outside a demo.
    """
    if not settings.DEMO:
        raise ValueError("Akun simulasi memakai sandi yang diketahui umum; setel CAPAIAN_DEMO=1 bila itu dikehendaki.")
    wanted = {username_of(tahun_kinerja, role, unit): (role, unit) for role, unit in _posts(tahun_kinerja)}
    known = set(User.objects.filter(username__in=wanted).values_list("username", flat=True))
    fresh = [name for name in wanted if name not in known]
    # One hash for all: a hundred accounts with the same, public, password take no minute.
    password = make_password(settings.DEMO_PASSWORD) if fresh else ""
    users = User.objects.bulk_create(User(username=name, password=password) for name in fresh)
    instansi = tahun_kinerja.instansi
    Membership.objects.bulk_create(
        Membership(user=user, instansi=instansi, role=wanted[user.username][0], unit=wanted[user.username][1])
        for user in users
    )
    for name in fresh:
        role, unit = wanted[name]
        record_audit(
            by=by,
            action="organisations.grant_role",
            subject=f"{name} {role}",
            instansi=instansi,
            unit=unit,
            after={"role": role},
        )
    _remark(tahun_kinerja)
    return len(fresh)


def _posts(tahun_kinerja: TahunKinerja) -> list[tuple[str, UnitKerja | None]]:
    units = list(tahun_kinerja.instansi.unit_kerja.all())
    return [
        *((role.value, unit) for unit in units if unit.jenis in _REPORTING for role in _OF_UNIT),
        *((_Role.PEMEGANG_PROGRAM.value, unit) for unit in units if unit.jenis in _ANSWERING),
        *((role.value, None) for role in _WHOLE),
    ]


def _remark(tahun_kinerja: TahunKinerja) -> None:
    """The perencana asks about one figure of each form that was returned."""
    perencana = User.objects.get(username=username_of(tahun_kinerja, _Role.PERENCANA, None))
    returned = Submission.objects.filter(
        tahun_kinerja=tahun_kinerja, form=Form.KINERJA, state=Submission.State.DIKEMBALIKAN, unit__jenis__in=_REPORTING
    )
    for one in returned.select_related("unit"):
        assert one.unit is not None  # noqa: S101 - filtered by its kind
        figure = "pkm.kunjungan" if one.unit.jenis == _Jenis.PUSKESMAS else "rsud.ponek"
        subject = f"{one.unit.kunci} {figure} {tahun_kinerja.tahun}/{one.periode}"
        add_comment(
            by=perencana,
            tahun_kinerja=tahun_kinerja,
            unit=one.unit,
            subject=subject,
            text=_REMARK,
            request_key=uuid5(NAMESPACE_URL, f"{tahun_kinerja.instansi.kunci} {subject}"),
        )


@audited()
def attach_links(*, by: User | None, tahun_kinerja: TahunKinerja, figures: dict[SheetKey, str]) -> int:
    """Evidence, as links, for the first figure of some of the forms; half of them are dated long after the period.

    `figures` are the subjects of the figures by form. Returns how many were attached.
    """
    rows = []
    for number, (key, subject) in enumerate(list(figures.items())[::_WITH_BUKTI]):
        late = _LATE_DAYS if number % _LATE else -2
        name = f"{tahun_kinerja.instansi.kunci} {subject}"
        bukti = BuktiDukung(
            tahun_kinerja=tahun_kinerja,
            unit=key.unit,
            subject=subject,
            periode=key.periode,
            nama="Rekapitulasi laporan bulanan",
            tautan=f"https://example.org/bukti/{uuid5(NAMESPACE_URL, name)}",
            tanggal=Period(tahun_kinerja.tahun, key.periode).end + timedelta(days=late),
            by=by,
            request_key=uuid5(NAMESPACE_URL, f"bukti {name}"),
        )
        record_audit(
            by=by,
            action="measurement.attach_bukti",
            subject=subject,
            instansi=tahun_kinerja.instansi,
            unit=key.unit,
            after={"bukti": bukti.nama, "tautan": bukti.tautan, "tanggal": bukti.tanggal},
        )
        rows.append(bukti)
    BuktiDukung.objects.bulk_create(rows)
    return len(rows)
