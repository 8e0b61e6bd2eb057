"""Writing the sasaran of several groups of a place at once: all of them, or none."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.models import User

from capaian.organisations.models import TahunKinerja, UnitKerja, Wilayah
from capaian.spm.actions import SasaranInput, compute_spm, record_sasaran
from capaian.spm.models import SasaranSpm
from capaian.workflow.audit import audited


@audited()
def record_sasaran_list(
    *,
    by: User | None,
    tahun_kinerja: TahunKinerja,
    unit: UnitKerja | None,
    stated: Sequence[SasaranInput],
    wilayah: Wilayah | None = None,
) -> list[SasaranSpm]:
    """Keep what a source says of several groups, and count anew once.

    Raises as `record_sasaran`; of what one group is refused for, nothing of the others is stored either.
    """
    rows = [
        record_sasaran(by=by, tahun_kinerja=tahun_kinerja, unit=unit, stated=one, wilayah=wilayah, computes=False)
        for one in stated
    ]
    if wilayah is None and any(row.dipakai for row in rows):
        compute_spm(by=by, tahun_kinerja=tahun_kinerja, units=[unit])
    return rows
