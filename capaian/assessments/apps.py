"""The app of assessments."""

from __future__ import annotations

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """Django's registration of this app."""

    name = "capaian.assessments"
    verbose_name = "Penilaian"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the form of the PKP known to the workflow, and the value of the AKIP evaluation to `measurement`."""
        # Models can be imported only now.
        from capaian.assessments.sheet import PkpForm
        from capaian.assessments.source_akip import read_akip
        from capaian.measurement.models import SumberRealisasi
        from capaian.measurement.sources import register_source
        from capaian.workflow.forms import register_form

        register_form(PkpForm())
        register_source(SumberRealisasi.Sumber.AKIP, read_akip)
