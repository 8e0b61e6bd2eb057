"""Reading the audit trail: by person, action, unit, subject, time and outcome, with what changed in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format

from capaian.organisations.models import UnitKerja
from capaian.organisations.permissions import Office, Permission
from capaian.rules.numbers import format_number
from capaian.workflow.models import AuditEntry
from capaian.workflow.transitions import TRANSITIONS

# What an action is called on a page; a new one is shown by its own name until it has words here.
ACTIONS: Final[dict[str, str]] = {
    "measurement.record_realisasi": "Mengisi realisasi",
    "measurement.record_realisasi_unit": "Mengisi realisasi unit",
    "measurement.collect_realisasi": "Menggabungkan laporan unit",
    "measurement.compute_capaian_year": "Menghitung capaian setahun",
    "measurement.save_analisis": "Menulis analisis",
    "budget.record_realisasi": "Mengisi realisasi anggaran",
    "spm.record_sasaran": "Mengisi sasaran SPM",
    "spm.use_sasaran": "Memilih sasaran SPM yang dipakai",
    "spm.write_pelayanan": "Mengisi pelayanan SPM",
    "spm.write_mutu": "Mengisi mutu SPM",
    "spm.write_kebutuhan": "Mengisi kebutuhan SPM",
    "spm.save_monev": "Menulis permasalahan dan solusi SPM",
    "spm.save_alokasi": "Mengisi alokasi SPM",
    "spm.save_rencana": "Mengisi rencana SPM",
    "spm.save_pengaturan": "Mengatur cara hitung SPM",
    "assessments.adopt_pack": "Mengambil instrumen dari paket",
    "assessments.choose_instrumen": "Memilih instrumen penilaian",
    "assessments.drop_instrumen": "Melepas instrumen dari tahun",
    "assessments.set_sifat": "Mengatur sifat unit",
    "assessments.create_instrumen": "Membuat instrumen",
    "assessments.copy_versi": "Menyalin instrumen",
    "assessments.create_draft": "Membuat draf versi instrumen",
    "assessments.change_draft": "Mengubah draf instrumen",
    "assessments.publish_versi": "Menerbitkan versi instrumen",
    "assessments.retire_versi": "Menarik versi instrumen",
    "assessments.delete_draft": "Menghapus draf instrumen",
    "assessments.record_jawaban": "Mengisi penilaian",
    "assessments.write_pkp": "Mengisi penilaian kinerja Puskesmas",
    "assessments.write_rencana": "Menulis rencana pemecahan",
    "measurement.choose_source": "Memilih sumber nilai indikator",
    "measurement.drop_source": "Melepas sumber nilai indikator",
    "measurement.take_source": "Mengambil nilai dari sumbernya",
    "skm.save_survei": "Menyusun survei",
    "skm.open_survei": "Membuka survei",
    "skm.withdraw_survei": "Menarik survei menjadi draf",
    "skm.freeze": "Menyimpan hasil survei",
    "skm.save_rencana": "Menyusun rencana tindak lanjut survei",
    "skm.publish_hasil": "Menerbitkan hasil survei",
    "skm.withdraw_hasil": "Menarik hasil survei",
    "skm.save_pengaturan": "Mengatur cara menggabungkan IKM",
    "skm.close_survei": "Menutup survei",
    "skm.reopen_survei": "Membuka kembali survei",
    "skm.remove_survei": "Menghapus draf survei",
    "skm.enter_kertas": "Memasukkan lembar survei",
    "skm.change_kertas": "Memperbaiki lembar survei",
    "skm.remove_kertas": "Menghapus lembar survei",
    "skm.import_jawaban": "Mengimpor jawaban survei",
    "assessments.save_jawaban": "Mengisi lembar kerja AKIP",
    "assessments.close_tier": "Menutup tingkat evaluasi AKIP",
    "assessments.reopen_tier": "Membuka kembali tingkat evaluasi AKIP",
    "assessments.save_lhe": "Mengisi data LHE",
    "assessments.save_printed": "Mengisi nilai dari LHE tercetak",
    "assessments.attach_bukti": "Melampirkan bukti penilaian",
    "assessments.remove_bukti": "Menghapus bukti penilaian",
    "assessments.save_rekomendasi": "Menulis rekomendasi",
    "assessments.save_rencana_aksi": "Menulis rencana aksi rekomendasi",
    "assessments.record_tindak_lanjut": "Melaporkan tindak lanjut rekomendasi",
    "assessments.confirm_rekomendasi": "Menyatakan rekomendasi selesai",
    "assessments.reopen_rekomendasi": "Membuka kembali rekomendasi",
    "assessments.link_rekomendasi": "Menandai rekomendasi berulang",
    "measurement.attach_bukti": "Melampirkan bukti dukung",
    "measurement.remove_bukti": "Menghapus bukti dukung",
    "measurement.set_wajib_bukti": "Mengatur wajib bukti dukung",
    "budget.import_pagu": "Mengimpor pagu",
    "budget.import_realisasi_anggaran": "Mengimpor realisasi anggaran",
    "exchange.receive_upload": "Mengunggah berkas",
    "exchange.check_upload": "Memeriksa berkas unggahan",
    "exchange.save_columns": "Menyimpan pemetaan kolom",
    "exchange.apply_upload": "Menerapkan berkas unggahan",
    "organisations.grant_role": "Memberi peran",
    "organisations.end_role": "Mengakhiri peran",
    "organisations.create_account": "Membuat akun",
    "organisations.change_account": "Mengubah nama atau surel akun",
    "organisations.reset_password": "Mengatur ulang sandi",
    "organisations.activate_account": "Mengaktifkan akun",
    "organisations.deactivate_account": "Menonaktifkan akun",
    "organisations.unlock_account": "Membuka kunci akun",
    "organisations.reset_second_step": "Mengatur ulang langkah masuk kedua",
    "organisations.deny": "Melarang sebuah hak",
    "organisations.end_denial": "Mencabut larangan",
    "organisations.delegate": "Melimpahkan wewenang",
    "organisations.end_delegation": "Mengakhiri pelimpahan",
    "organisations.change_password": "Mengganti sandi",
    "organisations.login": "Masuk",
    "organisations.logout": "Keluar",
    "organisations.lockout": "Terkunci karena salah sandi",
    "organisations.second_step": "Langkah masuk kedua",
    "organisations.oidc_link": "Menautkan akun pemerintah daerah",
    "organisations.save_tahun_kinerja": "Menyimpan tahun kinerja",
    "planning.propose_target_triwulan": "Mengusulkan target triwulan",
    "reports.request_report": "Meminta laporan",
    "reports.publish_report": "Menerbitkan laporan",
    "reports.withdraw_publication": "Menarik laporan yang diterbitkan",
    "review.record_figura": "Mencatat perbandingan figura",
    "workflow.add_comment": "Menulis komentar",
    "workflow.resolve_comment": "Menyelesaikan komentar",
    "workflow.set_deadline": "Mengatur jadwal",
    "workflow.write_sheet": "Menyimpan isian",
    **{f"workflow.{way.name}": f"{way.label} isian" for way in TRANSITIONS},
}
_FACTS: Final = {
    "teks": "nilai",
    "role": "peran",
    "state": "status",
    "created": "dibuat",
    "changed": "diubah",
    "removed": "dihapus",
    "unchanged": "tetap",
}


def action_words(action: str) -> str:
    """An action in words; what loads rows of a table is named by the table."""
    if action in ACTIONS:
        return ACTIONS[action]
    _, _, name = action.partition(".")
    if name.startswith("sync_"):
        return f"Memuat {name.removeprefix('sync_').replace('_', ' ')}"
    # A refused request is noted under the name of its page.
    return f"Membuka {name.replace('_', ' ')}" if name else action


@dataclass
class AuditFilter:
    """What the list is narrowed to; `errors` say which of the wishes could not be understood."""

    orang: str = ""
    tindakan: str = ""
    unit: str = ""
    objek: str = ""
    hasil: str = ""
    dari: date | None = None
    sampai: date | None = None
    errors: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not any((self.orang, self.tindakan, self.unit, self.objek, self.hasil, self.dari, self.sampai))


def read_filter(values: QueryDict) -> AuditFilter:
    """The filter of a query string."""
    found = AuditFilter()
    for name in ("orang", "tindakan", "unit", "objek", "hasil"):
        setattr(found, name, values.get(name, "").strip()[:200])
    if found.hasil not in ("", *AuditEntry.Outcome.values):
        found.hasil = ""
    for name in ("dari", "sampai"):
        text = values.get(name, "").strip()
        try:
            setattr(found, name, date.fromisoformat(text) if text else None)
        except ValueError:
            found.errors.append(f'"{text[:20]}" bukan tanggal; tulis tahun-bulan-hari, misalnya 2026-01-31.')
    if found.dari and found.sampai and found.sampai < found.dari:
        found.errors.append("Tanggal akhir mendahului tanggal awal, jadi tidak ada yang cocok.")
    return found


def visible_entries(office: Office, permission: Permission = Permission.VIEW_AUDIT) -> QuerySet[AuditEntry]:
    """The entries of an office that a right opens to this person: of all of it, or of their units only."""
    rows = AuditEntry.objects.filter(instansi=office.tahun_kinerja.instansi).select_related("by")
    scope = office.scope(permission)
    if scope.is_whole:
        return rows
    if scope.units is None:
        return rows.exclude(unit_kunci__in=_keys(scope.denied))
    return rows.filter(unit_kunci__in=_keys(scope.units - scope.denied))


def filtered(rows: QuerySet[AuditEntry], wish: AuditFilter) -> QuerySet[AuditEntry]:
    """The entries that fit every wish, latest first."""
    wanted: dict[str, Any] = {
        "by__username": wish.orang,
        "action": wish.tindakan,
        "unit_kunci": wish.unit,
        "subject__icontains": wish.objek,
        "outcome": wish.hasil,
        "at__gte": _midnight(wish.dari) if wish.dari else None,
        "at__lt": _midnight(wish.sampai + timedelta(days=1)) if wish.sampai and wish.sampai < date.max else None,
    }
    return rows.filter(**{name: value for name, value in wanted.items() if value})


def filter_choices(rows: QuerySet[AuditEntry]) -> dict[str, list[tuple[str, str]]]:
    """The persons, actions and units that occur, for the filter. Three queries."""
    bare = rows.select_related(None).order_by()
    people = bare.exclude(by=None).values_list("by__username", flat=True).distinct()
    actions = bare.values_list("action", flat=True).distinct()
    keys = set(bare.exclude(unit_kunci="").values_list("unit_kunci", flat=True).distinct())
    return {
        "people": [(name, name) for name in sorted(people)],
        "actions": sorted(((action, action_words(action)) for action in actions), key=lambda one: one[1]),
        "unit_keys": [(key, key) for key in sorted(keys)],
    }


def changes_in_words(entry: AuditEntry) -> Iterator[tuple[str, str, str]]:
    """What an entry changed: the name of each fact, its value before and after; empty where there was none."""
    before, after = _facts(entry.before), _facts(entry.after)
    for name in dict.fromkeys([*before, *after]):
        old, new = _said(before.get(name)), _said(after.get(name))
        if old != new:
            yield _FACTS.get(name, name.replace("_", " ")), old, new


def sheet_row(entry: AuditEntry) -> list[str]:
    """An entry as a row of the exported workbook, in the order of `COLUMNS`."""
    said = list(changes_in_words(entry))
    return [
        str(entry.number),
        timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M:%S"),
        str(entry.by or "sistem"),
        action_words(entry.action),
        entry.subject,
        entry.unit_kunci,
        entry.get_outcome_display(),
        "\n".join(f"{name}: {old}" for name, old, _ in said if old),
        "\n".join(f"{name}: {new}" for name, _, new in said if new),
        entry.reason,
        entry.address,
        entry.action,
        entry.hash,
    ]


COLUMNS: Final[tuple[tuple[str, float], ...]] = (
    ("Nomor", 9), ("Waktu", 19), ("Orang", 18), ("Tindakan", 28), ("Objek", 36), ("Unit", 22), ("Hasil", 11),
    ("Sebelum", 32), ("Sesudah", 32), ("Alasan", 40), ("Alamat asal", 16), ("Kode tindakan", 30), ("Sidik", 66),
)  # fmt: skip


def _keys(unit_ids: frozenset[int]) -> list[str]:
    return list(UnitKerja.objects.filter(pk__in=unit_ids).values_list("kunci", flat=True))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _facts(stored: Any) -> Mapping[str, Any]:
    if stored is None:
        return {}
    return stored if isinstance(stored, dict) else {"isi": stored}


def _said(value: Any) -> str:
    """A stored fact as a person reads it: dates and counts as printed, lists and mappings item by item."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, int):
        return format_number(value)
    if isinstance(value, list):
        return ", ".join(map(_said, value))
    if isinstance(value, dict):
        return "; ".join(f"{_FACTS.get(name, name)} {_said(one)}" for name, one in value.items() if _said(one))
    try:
        return date_format(date.fromisoformat(str(value)), "j F Y")
    except ValueError:
        return str(value)
