"""The app of the minimum service standards."""

from __future__ import annotations

from django.apps import AppConfig


class SpmConfig(AppConfig):
    """Django's registration of this app."""

    name = "capaian.spm"
    verbose_name = "SPM"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the forms known to the workflow."""
        # Models can be imported only now.
        from capaian.spm.sheets.forms import KebutuhanForm, MutuForm, PelayananForm
        from capaian.workflow.forms import register_form

        for definition in (PelayananForm(), MutuForm(), KebutuhanForm()):
            register_form(definition)
