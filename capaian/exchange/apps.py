from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "capaian.exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from capaian.exchange.actions import process
        from capaian.exchange.instrumen.kind import LIMITS as INSTRUMEN_LIMITS
        from capaian.exchange.instrumen.kind import InstrumenKind
        from capaian.exchange.models import Upload
        from capaian.exchange.sheets.kind import LembarKind
        from capaian.exchange.sheets.read import LIMITS
        from capaian.exchange.sipd.kind import PaguKind, RealisasiKind
        from capaian.exchange.sipd.table import LIMITS as TABLE_LIMITS
        from capaian.exchange.sipd.table import inspect_table
        from capaian.exchange.skm.kind import JawabanKind
        from capaian.exchange.spm.groups import SasaranKind
        from capaian.exchange.spm.served import PelayananKind
        from capaian.exchange.uploads import register_kind
        from capaian.workflow.jobs import register_work

        register_work(Upload, process)
        register_kind(Upload.Jenis.LEMBAR, LembarKind(), LIMITS)
        register_kind(Upload.Jenis.PAGU, PaguKind(), TABLE_LIMITS, inspect_table)
        register_kind(Upload.Jenis.REALISASI_ANGGARAN, RealisasiKind(), TABLE_LIMITS, inspect_table)
        register_kind(Upload.Jenis.SPM_PELAYANAN, PelayananKind(), TABLE_LIMITS, inspect_table)
        register_kind(Upload.Jenis.SPM_SASARAN, SasaranKind(), TABLE_LIMITS, inspect_table)
        register_kind(Upload.Jenis.SKM_JAWABAN, JawabanKind(), TABLE_LIMITS, inspect_table)
        register_kind(Upload.Jenis.INSTRUMEN, InstrumenKind(), INSTRUMEN_LIMITS)
