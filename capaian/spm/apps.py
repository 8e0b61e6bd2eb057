"""The app of the minimum service standards."""

from __future__ import annotations

from django.apps import AppConfig


class SpmConfig(AppConfig):
    """Django's registration of this app."""

    name = "capaian.spm"
    verbose_name = "SPM"
    default_auto_field = "django.db.models.BigAutoField"
