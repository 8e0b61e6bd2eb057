"""The AKIP evaluation in the LKIP: what people keep in the site, else what a document printed."""

from __future__ import annotations

from datetime import date
from typing import Any

from capaian.assessments.queries_akip import Official, official_of, year_before
from capaian.assessments.queries_rekomendasi import RekomendasiRow, rekomendasi_rows
from capaian.organisations.models import TahunKinerja
from capaian.reports.formats import long_date
from capaian.reports.snapshot import model
from capaian.rules.instrumen.model import Kelompok


def read_evaluation(tahun_kinerja: TahunKinerja) -> dict[str, tuple[Any, ...]]:
    """The scores and the follow-up of evaluations of earlier years, as fields of the snapshot.

    Recommendations that somebody wrote or followed up in the site are told as they stand; those that only a load knows
    are told as its document prints them, which is where they come from.
    """
    rows = [
        one
        for one in rekomendasi_rows(tahun_kinerja, date(tahun_kinerja.tahun, 12, 31))
        if one.rekomendasi.tahun_kinerja.tahun < tahun_kinerja.tahun
    ]
    printed = _printed(tahun_kinerja)
    if not rows or (printed and all(one.rekomendasi.is_loaded for one in rows)):
        return {"lhe": printed}
    official = official_of(year_before(tahun_kinerja))
    return {
        "lhe": _scores(official) if official else printed,
        "tindak_lanjut_lhe": tuple(_followed_up(one) for one in rows),
    }


def _printed(tahun_kinerja: TahunKinerja) -> tuple[model.Lhe, ...]:
    return tuple(
        model.Lhe(row.komponen, row.subkomponen, row.nilai, row.rekomendasi, row.rencana_aksi, row.waktu, row.status)
        for row in tahun_kinerja.rekomendasi_lhe.all()
    )


def _scores(official: Official) -> tuple[model.Lhe, ...]:
    """The components with their sub-components, in points."""
    found = []
    for component in official.judged.instrumen.akar.isi:
        if not isinstance(component, Kelompok):
            continue
        for group in (component, *(one for one in component.isi if isinstance(one, Kelompok))):
            row = official.rows.get(group.kode)
            value = None if row is None or row.nilai is None else row.nilai * (group.bobot or 0) / group.maksimum
            if value is not None:
                name = "" if group is component else group.nama
                found.append(model.Lhe(component.nama, name, value, "", "", "", ""))
    return tuple(found)


def _followed_up(one: RekomendasiRow) -> model.TindakLanjutLhe:
    row = one.rekomendasi
    deadline = f"paling lambat {long_date(row.tenggat.isoformat())}" if row.tenggat else ""
    said = f": {one.terakhir.uraian}" if one.terakhir and one.terakhir.uraian else ""
    age = f" ({one.umur})" if one.is_open and one.umur != "baru" else ""
    return model.TindakLanjutLhe(
        one.komponen, row.uraian, row.rencana_aksi, row.waktu or deadline, f"{one.keadaan}{age}{said}"
    )
