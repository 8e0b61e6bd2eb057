"""The form of an analysis: one text, and any number of factors of three kinds, each with its program."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from capaian.measurement.models import Faktor
from capaian.planning.models import Node
from capaian.workflow.checks import clean_text

_FIELDS = ("jenis", "program", "indikator_pendukung", "uraian_faktor")
MAX_FAKTOR = 60


@dataclass
class AnalisisForm:
    """The posted analysis. A factor is four parallel fields; rows without words are left out."""

    uraian: str = ""
    faktor: list[dict[str, Any]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, data: QueryDict, programs: list[Node]) -> AnalisisForm:
        """Read and check what was posted; `errors` says in words what is wrong, and nothing that was typed is lost."""
        form = cls(uraian=clean_text(data.get("uraian", "")))
        columns = [data.getlist(name) for name in _FIELDS]
        if len({len(column) for column in columns}) != 1 or len(columns[0]) > MAX_FAKTOR:
            form.errors.append("Baris faktor tidak lengkap. Muat ulang halaman, lalu isi lagi.")
            return form
        by_kunci = {node.kunci: node for node in programs}
        for number, (jenis, program, pendukung, uraian) in enumerate(zip(*columns, strict=True), start=1):
            row = {
                "jenis": jenis,
                "program": by_kunci.get(program),
                "indikator_pendukung": clean_text(pendukung),
                "uraian": clean_text(uraian),
            }
            if not row["uraian"] and not row["indikator_pendukung"] and not program:
                continue
            form.faktor.append(row)
            form.errors += _faktor_errors(number, row, program)
        return form


def _faktor_errors(number: int, row: dict[str, Any], program: str) -> list[str]:
    errors = []
    if row["jenis"] not in Faktor.Jenis.values:
        errors.append(f"Baris {number}: jenis faktor tidak dikenal.")
    if program and row["program"] is None:
        errors.append(f"Baris {number}: program {program} tidak ada pada tahun ini.")
    if not row["uraian"]:
        errors.append(f"Baris {number}: uraian faktor belum ditulis.")
    if len(row["indikator_pendukung"]) > 300:
        errors.append(f"Baris {number}: indikator pendukung paling banyak 300 huruf.")
    return errors
