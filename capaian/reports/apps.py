from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "capaian.reports"
    default_auto_field = "django.db.models.BigAutoField"
