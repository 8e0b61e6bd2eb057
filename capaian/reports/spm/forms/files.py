"""The forms of a unit or the district as the bytes of a workbook."""

from __future__ import annotations

from datetime import date

from capaian.organisations.models import TahunKinerja, UnitKerja
from capaian.reports.errors import ReportError
from capaian.reports.spm.forms import official_form, official_forms
from capaian.reports.spm.forms.book import Signer, render_forms
from capaian.reports.spm.forms.names import ALL, SLUGS
from capaian.reports.spm.parts import signing_office
from capaian.reports.spm.snapshot import SpmSnapshot, take_spm


def form_file(tahun_kinerja: TahunKinerja, unit: UnitKerja | None, slug: str, day: date) -> bytes:
    """The workbook of a form, or of all (`lengkap`). Raises `ReportError` for one that does not exist."""
    if slug != ALL and slug not in SLUGS:
        raise ReportError(f'Formulir "{slug}" tidak dikenal; pilih {", ".join([*SLUGS, ALL])}.')
    snapshot = take_spm(tahun_kinerja, unit)
    forms = list(official_forms(snapshot).values()) if slug == ALL else [official_form(snapshot, SLUGS[slug])]
    return render_forms(forms, signer_of(snapshot), snapshot.author, day)


def signer_of(snapshot: SpmSnapshot) -> Signer:
    """Who signs the forms: the head of the Puskesmas, or of the office."""
    return Signer(f"{snapshot.office.tempat}, .................... {snapshot.tahun}", signing_office(snapshot))
