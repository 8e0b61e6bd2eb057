from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "capaian.organisations"
    default_auto_field = "django.db.models.BigAutoField"
