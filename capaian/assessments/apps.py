"""The app of assessments."""

from __future__ import annotations

from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    """Django's registration of this app."""

    name = "capaian.assessments"
    verbose_name = "Penilaian"
    default_auto_field = "django.db.models.BigAutoField"
