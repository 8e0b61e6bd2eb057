"""How the forms are named in addresses and files."""

from __future__ import annotations

from typing import Final

from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.reports.spm.forms import KODE

# What asks for all eight in one workbook.
ALL: Final = "lengkap"
# The forms by how an address names them: `2-b-4`.
SLUGS: Final = {kode.lower().replace(".", "-"): kode for kode in KODE}


def form_file_name(tahun_kinerja: TahunKinerja, unit: UnitKerja | None, slug: str) -> str:
    """`Formulir-SPM-2.B.4-mawar-2024.xlsx`."""
    place = unit.kunci if unit else tahun_kinerja.instansi.kunci
    return f"Formulir-SPM-{SLUGS.get(slug, slug)}-{place}-{tahun_kinerja.tahun}.xlsx"
