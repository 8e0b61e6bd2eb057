"""The app of satisfaction surveys."""

from __future__ import annotations

from django.apps import AppConfig


class SkmConfig(AppConfig):
    """Django's registration of this app."""

    name = "capaian.skm"
    verbose_name = "Survei"
    default_auto_field = "django.db.models.BigAutoField"
