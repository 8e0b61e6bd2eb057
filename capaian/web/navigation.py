"""The left navigation in the order of the year: pages known by URL name; what does not resolve is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Entry:
    """A page of the navigation. `also` are the URL names, or their beginnings, that belong to it."""

    label: str
    icon: str
    name: str
    also: tuple[str, ...] = ()
    of_office: bool = True
    needs: str = ""

    def owns(self, view_name: str) -> bool:
        return view_name == self.name or any(view_name.startswith(prefix) for prefix in self.also)


@dataclass(frozen=True)
class Link:
    """An entry as it is drawn: with its address, and whether it is the page that one is on."""

    label: str
    icon: str
    url: str
    active: bool


@dataclass(frozen=True)
class Group:
    """A part of the year, with a heading where it has several pages."""

    heading: str
    links: tuple[Link, ...]


_MEASUREMENT = (
    "measurement:indikator",
    "measurement:analisis",
    "measurement:jejak",
    "measurement:realisasi",
    "measurement:sumber",
)
ORDER: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    (
        "",
        (
            Entry("Beranda", "house", "reports:beranda", needs="can_view_all"),
            Entry(
                "Tugas",
                "bell",
                "workflow:tugas",
                ("workflow:lembar", "workflow:komentar", "workflow:riwayat", "measurement:bukti"),
            ),
        ),
    ),
    (
        "Rencana",
        (
            Entry("Perencanaan", "diagram-3", "planning:perencanaan", ("planning:perjanjian",)),
            Entry("Rencana Aksi", "clipboard-check", "planning:rencana_aksi", ("planning:rencana_aksi",)),
        ),
    ),
    (
        "Pelaksanaan",
        (
            Entry("Pengukuran", "graph-up", "measurement:pengukuran", _MEASUREMENT),
            Entry(
                "Anggaran",
                "cash-stack",
                "budget:anggaran",
                ("budget:", "exchange:impor", "exchange:pemetaan"),
                needs="can_view_all",
            ),
            Entry("Unggah Excel", "file-earmark-excel", "exchange:unggah", ("exchange:unggahan",), needs="can_fill"),
            Entry("Pelaporan", "send-check", "workflow:pelaporan"),
            Entry(
                "Jadwal",
                "calendar3",
                "workflow:jadwal",
                ("workflow:jadwal", "measurement:aturan"),
                needs="can_set_deadlines",
            ),
        ),
    ),
    (
        "SPM",
        (
            Entry(
                "Peta SPM",
                "table",
                "spm:peta",
                ("spm:unit", "spm:layanan", "spm:jejak", "spm:rekap"),
            ),
            Entry("Sasaran SPM", "people", "spm:sasaran", ("spm:sasaran", "spm:kalkulator")),
            Entry("Kebutuhan SPM", "clipboard2-pulse", "spm:kebutuhan", ("spm:kebutuhan",)),
            Entry("Monev SPM", "chat-square-text", "spm:monev_awal", ("spm:monev",)),
            Entry("Rencana SPM", "calendar3", "spm:rencana", ("spm:rencana", "spm:alokasi")),
            Entry("Impor SPM", "upload", "exchange:spm_impor", needs="can_import_spm"),
            Entry("Instrumen", "clipboard-data", "spm:instrumen", ("spm:instrumen", "spm:barthel", "spm:skilas")),
            Entry("Pengaturan SPM", "gear", "spm:pengaturan"),
        ),
    ),
    (
        "Penilaian",
        (
            Entry("Kinerja Puskesmas", "trophy", "assessments:pkp", ("assessments:pkp",)),
            Entry("Sifat Puskesmas", "hospital", "assessments:sifat", needs="can_plan"),
            Entry(
                "Evaluasi AKIP",
                "clipboard-check",
                "assessments:lke",
                ("assessments:lke", "reports:lhe"),
                needs="can_view_all",
            ),
            Entry("Rekomendasi", "chat-square-text", "assessments:rekomendasi", ("assessments:rekomendasi",)),
            Entry("Penilaian lain", "clipboard-check", "assessments:isi", ("assessments:isi",)),
            Entry(
                "Instrumen penilaian",
                "clipboard-data",
                "assessments:instrumen",
                ("assessments:instrumen",),
                needs="can_view_all",
            ),
        ),
    ),
    (
        "Survei",
        (
            Entry(
                "Survei kepuasan",
                "chat-square-text",
                "skm:survei",
                (
                    "skm:survei",
                    "skm:kelola",
                    "skm:langkah",
                    "skm:kertas",
                    "skm:hasil",
                    "skm:saran",
                    "skm:rencana",
                    "exchange:skm",
                ),
            ),
            Entry("Rekap kepuasan", "bar-chart", "skm:rekap", ("skm:rekap", "skm:pengaturan")),
        ),
    ),
    (
        "Pertanggungjawaban",
        (
            Entry("Laporan", "file-earmark-text", "reports:laporan", ("reports:laporan",), needs="can_view_all"),
            Entry("Laporan SPM", "journal-text", "reports:spm", ("reports:spm",)),
            Entry("Laporan PKP", "journal-text", "reports:pkp", ("reports:pkp",)),
            Entry("Laporan SKM", "journal-text", "reports:skm", ("reports:skm",)),
            Entry("Reviu", "shield-check", "review:kesesuaian", ("review:tercetak",), needs="can_review"),
            Entry("Pertanyaan", "question-circle", "review:sinyal", ("review:sinyal",), needs="can_ask"),
            Entry("Audit", "clock-history", "workflow:audit", needs="can_view_audit"),
        ),
    ),
    (
        "Pengelolaan",
        (
            Entry(
                "Orang dan peran",
                "people",
                "organisations:orang",
                ("organisations:akun", "organisations:peran", "organisations:larangan"),
                needs="can_manage_people",
            ),
            Entry("Keadaan sistem", "info-circle-fill", "organisations:sistem", needs="can_manage_people"),
        ),
    ),
    ("Rujukan", (Entry("Regulasi", "book", "web:regulasi", ("web:regulasi",), of_office=False),)),
)


def office_url(name: str, office: Mapping[str, object] | None, **kwargs: object) -> str:
    """The address of a page of an office year, or an empty text where that page does not exist."""
    place = {"instansi": office["kunci"], "tahun": office["tahun"]} if office else {}
    try:
        return reverse(name, kwargs={**place, **kwargs})
    except NoReverseMatch:
        return ""


def build_navigation(office: Mapping[str, object] | None, view_name: str) -> list[Group]:
    """The groups that a person sees in an office year; without one, only the pages that need none."""
    groups = []
    for heading, entries in ORDER:
        links = tuple(link for entry in entries if (link := _link(entry, office, view_name)))
        if links:
            groups.append(Group(heading if len(links) > 1 else "", links))
    return groups


def _link(entry: Entry, office: Mapping[str, object] | None, view_name: str) -> Link | None:
    if entry.of_office and office is None:
        return None
    if entry.needs and not (office and office.get(entry.needs)):
        return None
    url = office_url(entry.name, office if entry.of_office else None)
    return Link(entry.label, entry.icon, url, entry.owns(view_name)) if url else None
