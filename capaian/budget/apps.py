from django.apps import AppConfig


class BudgetConfig(AppConfig):
    name = "capaian.budget"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models can be imported only now.
        from capaian.budget.sheet import AnggaranForm
        from capaian.workflow.forms import register_form

        register_form(AnggaranForm())
