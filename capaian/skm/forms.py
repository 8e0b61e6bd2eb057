"""The form of a survey as a person fills it, kept as it was typed until it fits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils import timezone

from capaian.organisations.permissions import Office, Permission
from capaian.skm.actions import SurveiInput, SurveiRefused
from capaian.skm.compute import unsur_names
from capaian.skm.models import UNSUR, Survei
from capaian.skm.questions import Pertanyaan, questions_of, usual_question

_OFFICE = "-"


class SurveiForm:
    """Texts by field, the units that the person may choose, and what is wrong, by field."""

    def __init__(self, office: Office, survei: Survei | None) -> None:
        self.office, self.errors = office, dict[str, str]()
        scope = office.scope(Permission.MANAGE_SURVEI)
        units = scope.narrow(office.tahun_kinerja.instansi.unit_kerja.order_by("urutan", "nama"), "pk")
        self._units = {one.kunci: one for one in units}
        whole = [(_OFFICE, str(office.tahun_kinerja.instansi))] if office.allows(Permission.MANAGE_SURVEI) else []
        self.units = [*whole, *((kunci, one.nama) for kunci, one in self._units.items())]
        self.texts = _stored(survei) if survei else _empty(office.tahun_kinerja.tahun)
        self.asked = list(survei.unsur) if survei else list(UNSUR)
        self.is_free = survei.is_gratis if survei else True
        self._questions = {one.unsur: one for one in questions_of(survei)} if survei else {}

    def fill(self, data: QueryDict) -> None:
        """Take what was sent."""
        self.texts = {name: data.get(name, "").strip() for name in self.texts}
        self.asked = [one for one in UNSUR if one in data.getlist("unsur")]
        self.is_free = data.get("is_gratis") == "1"
        for unsur, nama in unsur_names().items():
            if f"teks-{unsur}" in data:
                jawaban = tuple(data.get(f"jawaban-{unsur}-{number}", "") for number in range(1, 5))
                self._questions[unsur] = Pertanyaan(unsur, nama, data.get(f"teks-{unsur}", ""), jawaban)

    def given(self) -> SurveiInput:
        """The survey that was filled in. Raises `SurveiRefused` for what cannot be read."""
        errors: dict[str, str] = {}
        days = {name: self._day(name, errors) for name in ("mulai", "sampai")}
        populasi = self.texts["populasi"].replace(".", "")
        if populasi and not re.fullmatch("[0-9]{1,12}", populasi):
            errors["populasi"] = "Tulis populasi sebagai bilangan bulat, misalnya 12.500."
        if self.texts["unit"] != _OFFICE and self.texts["unit"] not in self._units:
            errors["unit"] = "Pilih unit yang disurvei."
        if errors:
            raise SurveiRefused(errors)
        return SurveiInput(
            nama=self.texts["nama"],
            unit=self._units.get(self.texts["unit"]),
            populasi=int(populasi) if populasi else None,
            unsur=self.asked,
            alasan_unsur=self.texts["alasan_unsur"],
            layanan=self.texts["layanan"].splitlines(),
            is_gratis=self.is_free,
            pertanyaan=list(self._questions.values()),
            **days,
        )

    @property
    def questions(self) -> list[dict[str, Any]]:
        """The nine questions as the page shows them."""
        rows = []
        for unsur in UNSUR:
            one = self._questions.get(unsur) or usual_question(unsur, is_free=self.is_free)
            wrong = self.errors.get(f"teks-{unsur}", "")
            rows.append({"tanya": one, "ditanya": unsur in self.asked, "salah": wrong})
        return rows

    def _day(self, name: str, errors: dict[str, str]) -> date | None:
        found, wrong = parse_day(self.texts[name])
        if wrong:
            errors[name] = wrong
        return found


def parse_day(text: str) -> tuple[date | None, str]:
    """A day as a browser sends it, and what is wrong with it; an empty text is no day and nothing wrong."""
    try:
        return (date.fromisoformat(text) if text.strip() else None), ""
    except ValueError:
        return None, f'"{text[:20]}" bukan tanggal; tulis tahun-bulan-hari, misalnya 2026-01-31.'


def _empty(tahun: int) -> dict[str, str]:
    today = timezone.localdate()
    first = today if today.year == tahun else date(tahun, 1, 1)
    return {
        "nama": "",
        "unit": "",
        "mulai": first.isoformat(),
        "sampai": date(tahun, 12, 31).isoformat(),
        "populasi": "",
        "alasan_unsur": "",
        "layanan": "",
    }


def _stored(survei: Survei) -> Mapping[str, str]:
    return {
        "nama": survei.nama,
        "unit": survei.unit.kunci if survei.unit else _OFFICE,
        "mulai": survei.mulai.isoformat(),
        "sampai": survei.sampai.isoformat(),
        "populasi": str(survei.populasi or ""),
        "alasan_unsur": survei.alasan_unsur,
        "layanan": "\n".join(survei.layanan),
    }
