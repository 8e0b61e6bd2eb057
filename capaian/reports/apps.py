from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "capaian.reports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models can be imported only now.
        from capaian.reports.actions import make_version
        from capaian.reports.models import ReportVersion
        from capaian.workflow.jobs import register_work

        register_work(ReportVersion, make_version)
