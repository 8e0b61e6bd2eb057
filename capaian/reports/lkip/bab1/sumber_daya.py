"""Bab I, resources: facilities by owner, staff of the office, staff of the facilities by profession on wide pages."""

from __future__ import annotations

from collections.abc import Sequence

from capaian.documents.blocks import Cell, Column, Row
from capaian.reports import formats
from capaian.reports.lkip.parts import (
    Blocks,
    column,
    group_row,
    landscape,
    number_column,
    numbered,
    para,
    row,
    sumber,
    table,
    total_row,
)
from capaian.reports.snapshot import Fasilitas, Snapshot, Tenaga

_OWNERS = (
    ("kemenkes", "Kemenkes"),
    ("pem_prov", "Pem. Prov."),
    ("pem_kab_kota", "Pem. Kab/Kota"),
    ("tni_polri", "TNI/Polri"),
    ("bumn", "BUMN"),
    ("swasta", "Swasta"),
    ("ormas", "Ormas"),
)
_LABELS = {
    "dr_spesialis": "Dokter sp.",
    "dokter_gigi": "Dokter gigi",
    "dokter_gigi_spesialis": "Dokter gigi sp.",
    "tenaga_keperawatan": "Kepera-watan",
    "tenaga_kebidanan": "Kebi-danan",
    "tenaga_kesehatan_masyarakat": "Kes. masy.",
    "tenaga_kesehatan_lingkungan": "Kes. lingk.",
    "ahli_teknologi_laboratorium_medik": "ATLM",
    "tenaga_teknik_biomedika_lainnya": "Teknik biomed.",
    "keterapian_fisik": "Ketera-pian fisik",
    "keteknisian_medis": "Teknisi medis",
    "tenaga_teknis_kefarmasian": "Teknis farmasi",
    "pejabat_struktural": "Struk-tural",
    "tenaga_pendidikan": "Pendi-dikan",
    "tenaga_dukungan_manajemen": "Duk. manaj.",
}
_ABBREVIATIONS = (
    "Keterangan: sp. = spesialis; Kes. masy. = kesehatan masyarakat; Kes. lingk. = kesehatan lingkungan; ATLM = ahli "
    "teknologi laboratorium medik; Duk. manaj. = dukungan manajemen."
)


def blocks(s: Snapshot) -> Blocks:
    """Facilities, staff of the office, staff of the facilities; what the office does not keep is left out."""
    return numbered([
        ("Fasilitas kesehatan", _fasilitas(s)),
        ("Tenaga di dinas kesehatan", _tenaga_dinas(s)),
        ("Tenaga di puskesmas, rumah sakit, dan sarana lain", _tenaga_profesi(s)),
    ])  # fmt: skip


def _fasilitas(s: Snapshot) -> Blocks:
    rows: list[Row] = []
    said = []
    for group in dict.fromkeys(one.kelompok for one in s.fasilitas):
        mine = [one for one in s.fasilitas if one.kelompok == group]
        counted = [one for one in mine if not one.nama.startswith("-")]
        rows.append(group_row(formats.proper(group), 10))
        rows += [_fasilitas_row(counted, one) for one in mine]
        total = sum(_total(one) or 0 for one in counted)
        rows.append(total_row(f"Jumlah {formats.proper(group)}", 9, formats.count(total)))
        said.append(f"{formats.count(total)} {formats.proper(group)}")
    columns = (
        column("No", 0.5, "center"),
        column("Fasilitas kesehatan", 3.2),
        *(number_column(label, 0.85, "Pemilikan/Pengelola") for _, label in _OWNERS),
        number_column("Jumlah", 0.9),
    )
    if not rows:
        return []
    source = sumber(s, "fasilitas")
    caption = f"Jumlah Fasilitas Pelayanan Kesehatan di {s.office.daerah}"
    return [
        para(f"Menurut kelompoknya terdapat {formats.joined(said)} ({{tabel-fasilitas}})."),
        *table(caption, "tabel-fasilitas", columns, rows, source=source, size="small"),
    ]


def _fasilitas_row(counted: Sequence[Fasilitas], one: Fasilitas) -> Row:
    """One type; a line that begins with a dash (beds) belongs to the one above and is not counted."""
    known = dict(one.jumlah)
    number = counted.index(one) + 1 if one in counted else ""
    values = [formats.count(known[owner]) if known.get(owner) is not None else "" for owner, _ in _OWNERS]
    return row(str(number), formats.proper(one.nama), *values, formats.count(_total(one)))


def _total(one: Fasilitas) -> int | None:
    known = [value for _, value in one.jumlah if value is not None]
    return sum(known) if known else None


def _tenaga_dinas(s: Snapshot) -> Blocks:
    found = sorted((one for one in s.tenaga if one.kelompok == "dinas"), key=lambda one: one.urutan)
    if not found:
        return []
    half = (len(found) + 1) // 2
    rows = []
    for number in range(half):
        left = _position(number + 1, found[number])
        other = number + half
        right = _position(other + 1, found[other]) if other < len(found) else ("", "", "")
        rows.append(row(*left, *right))
    total = sum(one.jumlah for one in found)
    rows.append(total_row("Jumlah seluruhnya", 5, formats.count(total)))
    columns = [column("No", 0.4, "center"), column("Jabatan", 2.6), number_column("Jumlah", 0.7)] * 2
    return [
        para(f"Tenaga di lingkungan dinas berjumlah {formats.count(total)} orang ({{tabel-tenaga-dinas}})."),
        *table(
            f"Tenaga di Lingkungan {s.office.nama} menurut Jabatan Tahun {s.tahun}",
            "tabel-tenaga-dinas",
            columns,
            rows,
            source=sumber(s, "tenaga_jabatan"),
            size="small",
        ),
    ]


def _position(number: int, one: Tenaga) -> tuple[str, str, str]:
    return str(number), formats.proper(one.profesi), formats.count(one.jumlah)


def _tenaga_profesi(s: Snapshot) -> Blocks:
    found = [one for one in s.tenaga if one.kelompok != "dinas"]
    if not found:
        return []
    professions = [name for _, name in sorted({(one.urutan, one.profesi) for one in found})]
    groups = list(dict.fromkeys(one.kelompok for one in found))
    rows: list[Row] = []
    said = []
    for group in groups:
        mine = [one for one in found if one.kelompok == group]
        rows += _group_rows(group, mine, professions)
        said.append(f"{formats.count(sum(one.jumlah for one in mine))} orang di {group.lower()}")
    rows.append(_sum_row("Jumlah seluruhnya", found, professions))
    total = formats.count(sum(one.jumlah for one in found))
    lead = para(
        f"Tenaga di fasilitas pelayanan kesehatan berjumlah {total} orang, yaitu {formats.joined(said)}. Rinciannya "
        "menurut unit dan profesi disajikan pada {tabel-tenaga-profesi}."
    )
    caption = f"Tenaga di Fasilitas Pelayanan Kesehatan menurut Unit dan Profesi Tahun {s.tahun}"
    source = f"{sumber(s, 'tenaga_profesi')}. {_ABBREVIATIONS}"
    wide = table(caption, "tabel-tenaga-profesi", _columns(professions), rows, source=source, size="tiny")
    return landscape([lead, *wide])


def _columns(professions: Sequence[str]) -> list[Column]:
    return [
        column("No", 0.7, "center"),
        column("Unit", 4.2),
        *(number_column(profession_label(name), 1.0) for name in professions),
        number_column("Jumlah", 1.0),
    ]


def profession_label(name: str) -> str:
    """The head of a profession's column, from its key."""
    if name in _LABELS:
        return _LABELS[name]
    words = name.removeprefix("tenaga_").replace("_", " ")
    return words[:1].upper() + words[1:]


def _group_rows(group: str, mine: Sequence[Tenaga], professions: Sequence[str]) -> list[Row]:
    rows = [group_row(group, len(professions) + 3)]
    for number, unit in enumerate(dict.fromkeys(one.unit for one in mine), start=1):
        own = {one.profesi: one.jumlah for one in mine if one.unit == unit}
        values = [formats.count(own[name]) if own.get(name) else formats.DASH for name in professions]
        rows.append(row(str(number), unit, *values, Cell(formats.count(sum(own.values())), bold=True)))
    rows.append(_sum_row(f"Jumlah {group}", mine, professions))
    return rows


def _sum_row(label: str, mine: Sequence[Tenaga], professions: Sequence[str]) -> Row:
    by_name = {name: sum(one.jumlah for one in mine if one.profesi == name) for name in professions}
    values = [formats.count(by_name[name]) if by_name[name] else formats.DASH for name in professions]
    return total_row(label, 2, *values, formats.count(sum(one.jumlah for one in mine)))
