from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class OrganisationsConfig(AppConfig):
    name = "capaian.organisations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from capaian.organisations import signals  # noqa: F401 - they listen from here on
        from capaian.organisations.models import Membership

        if unknown := set(settings.REQUIRE_TOTP) - set(Membership.Role.values):
            raise ImproperlyConfigured(
                f"CAPAIAN_REQUIRE_TOTP menyebut peran yang tidak ada: {', '.join(sorted(unknown))}. "
                f"Pilih dari: {', '.join(Membership.Role.values)}."
            )
