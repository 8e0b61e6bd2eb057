"""The one table from role to right. What a right covers (which units) and for whom is `permissions`."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from capaian.organisations.models import Membership


class Permission(StrEnum):
    """What a person can be allowed to do; the value completes the sentence "tidak berhak …"."""

    VIEW = "melihat data instansi ini"
    WRITE_RENCANA = "menyusun rencana"
    RECORD_REALISASI = "mengisi realisasi"
    RECORD_ANGGARAN = "mengisi realisasi anggaran"
    WRITE_ANALISIS = "menulis analisis"
    ATTACH_BUKTI = "melampirkan bukti dukung"
    COMMENT = "menulis komentar"
    SUBMIT = "mengajukan isian kinerja"
    SUBMIT_ANGGARAN = "mengajukan realisasi anggaran"
    VERIFY = "memverifikasi isian kinerja"
    VERIFY_ANGGARAN = "memverifikasi realisasi anggaran"
    APPROVE = "menyetujui isian"
    LOCK = "mengunci isian"
    REOPEN = "membuka kembali isian"
    SET_DEADLINES = "mengatur jadwal pengisian"
    IMPORT = "mengimpor berkas"
    GENERATE_REPORT = "membuat laporan"
    PUBLISH = "menerbitkan laporan untuk umum"
    REVIEW = "membuka hasil reviu"
    VIEW_AUDIT = "melihat jejak audit"
    MANAGE_PEOPLE = "mengelola akun dan peran"
    EVALUATE = "mengevaluasi akuntabilitas kinerja instansi"
    WRITE_INSTRUMEN = "menyusun instrumen penilaian"
    MANAGE_SURVEI = "mengelola survei kepuasan"


_Role, _P = Membership.Role, Permission
_READ: Final = frozenset({_P.VIEW, _P.COMMENT})
_FILL: Final = _READ | {_P.RECORD_REALISASI, _P.WRITE_ANALISIS, _P.ATTACH_BUKTI, _P.SUBMIT}
ALLOWED: Final[dict[str, frozenset[Permission]]] = {
    _Role.OPERATOR: _FILL | {_P.RECORD_ANGGARAN, _P.SUBMIT_ANGGARAN, _P.GENERATE_REPORT, _P.MANAGE_SURVEI},
    _Role.PEMEGANG_PROGRAM: _FILL | {_P.VERIFY, _P.MANAGE_SURVEI},
    _Role.KEPALA_UNIT: _READ | {_P.SUBMIT, _P.SUBMIT_ANGGARAN, _P.GENERATE_REPORT, _P.VIEW_AUDIT, _P.MANAGE_SURVEI},
    _Role.PERENCANA: _FILL
    | {
        _P.WRITE_RENCANA,
        _P.RECORD_ANGGARAN,
        _P.SUBMIT_ANGGARAN,
        _P.VERIFY,
        _P.VERIFY_ANGGARAN,
        _P.LOCK,
        _P.REOPEN,
        _P.SET_DEADLINES,
        _P.IMPORT,
        _P.GENERATE_REPORT,
        _P.PUBLISH,
        _P.REVIEW,
        _P.VIEW_AUDIT,
        _P.WRITE_INSTRUMEN,
        _P.MANAGE_SURVEI,
    },
    _Role.KEUANGAN: _READ | {_P.RECORD_ANGGARAN, _P.ATTACH_BUKTI, _P.SUBMIT_ANGGARAN, _P.VERIFY_ANGGARAN, _P.IMPORT},
    _Role.KEPALA: _READ | {_P.APPROVE, _P.LOCK, _P.REOPEN, _P.GENERATE_REPORT, _P.PUBLISH, _P.REVIEW, _P.VIEW_AUDIT},
    _Role.INSPEKTORAT: _READ | {_P.REVIEW, _P.VIEW_AUDIT, _P.EVALUATE},
    _Role.ADMIN: frozenset({_P.VIEW, _P.MANAGE_PEOPLE, _P.VIEW_AUDIT}),
    # What is published needs no login; an account of the public has nothing beyond it.
    _Role.PUBLIK: frozenset(),
}
# Who acts for one unit only; the others may, and mostly do, hold their role for the whole office.
UNIT_ROLES: Final = frozenset({_Role.OPERATOR, _Role.KEPALA_UNIT})
# Who answers for the whole office by the nature of the role.
OFFICE_ROLES: Final = frozenset({_Role.KEPALA, _Role.INSPEKTORAT, _Role.ADMIN, _Role.PUBLIK})
