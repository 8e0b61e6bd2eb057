"""The app of assessments."""

from __future__ import annotations

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """Django's registration of this app."""

    name = "capaian.assessments"
    verbose_name = "Penilaian"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the form of the PKP known to the workflow."""
        # Models can be imported only now.
        from capaian.assessments.sheet import PkpForm
        from capaian.workflow.forms import register_form

        register_form(PkpForm())
