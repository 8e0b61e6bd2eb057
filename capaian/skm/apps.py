"""The app of satisfaction surveys."""

from __future__ import annotations

from django.apps import AppConfig


class SkmConfig(AppConfig):
    """Django's registration of this app."""

    name = "capaian.skm"
    verbose_name = "Survei"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models can be imported only now.
        from capaian.measurement.models import SumberRealisasi
        from capaian.measurement.sources import register_source
        from capaian.skm.results import read_ikm

        register_source(SumberRealisasi.Sumber.IKM, read_ikm)
