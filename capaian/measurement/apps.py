from django.apps import AppConfig


class MeasurementConfig(AppConfig):
    name = "capaian.measurement"
    default_auto_field = "django.db.models.BigAutoField"
