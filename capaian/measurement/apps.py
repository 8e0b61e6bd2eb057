from django.apps import AppConfig


class MeasurementConfig(AppConfig):
    name = "capaian.measurement"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models can be imported only now.
        from capaian.measurement.sheet import KinerjaForm
        from capaian.workflow.forms import register_form

        register_form(KinerjaForm())
