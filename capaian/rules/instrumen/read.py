"""From the data of an instrument (YAML, JSON) to `Instrumen` and back; every fault is told at once, with its place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, get_args

from capaian.rules.instrumen.model import (
    Agregasi,
    Bagian,
    Butir,
    Campuran,
    Instrumen,
    InstrumenError,
    Kebijakan,
    Kelompok,
    Keluarga,
    Masukan,
    Penilaian,
    Pilihan,
    RataRata,
    SkalaLain,
)
from capaian.rules.numbers import format_number
from capaian.rules.pack_schema import PackError, read_scale
from capaian.rules.scales import POLICIES, Scale
from capaian.rules.target import parse_target
from capaian.rules.trace import Citation, Dasar

_KEYS = {
    "instrumen": {"kunci", "nama", "keluarga", "rujukan", "sifat", "klasifikasi", "kebijakan", "peringkat", "catatan",
                  "pilihan", "akar"},
    "kelompok": {one.name for one in fields(Kelompok)},
    "butir": {one.name for one in fields(Butir)},
    "pilihan": {one.name for one in fields(Pilihan)},
    "kebijakan": {one.name for one in fields(Kebijakan)},
    "klasifikasi": {"kelompok", "skala", "rujukan", "skala_lain"},
    "skala_lain": {"skala", "rujukan"},
}  # fmt: skip
_NUMBERS = {"maksimum", "bobot", "pengali", "nilai", "dari", "sampai"}
_FLAGS = {"is_item", "ikut", "datar", "dari_terbuka", "sampai_terbuka"}
# A tree as deep as this is a mistake, or a cycle.
MAX_DEPTH = 12
MAX_SIZE = 5000
# What the columns of answers and results hold.
MAX_KODE, MAX_SIFAT = 60, 40
LARGEST, LARGEST_RESULT = Decimal(10) ** 12, Decimal(10) ** 7
_KODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def read_instrumen(data: Mapping[str, Any]) -> Instrumen:
    """Read an instrument from its data.

    `pilihan` at the top are named lists of answers that items refer to by name. Raises `InstrumenError` with all
    problems: unknown keys, missing texts, two of the same kode, an unknown property, weights that do not add up to the
    best value of their group, an item without direction or answers, a target that cannot be read, a tree too deep.
    """
    return _Reader(data).read()


class _Reader:
    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.problems: list[str] = []
        self.size = 0
        self.named: dict[str, tuple[Pilihan, ...]] = {}

    def read(self) -> Instrumen:
        if not isinstance(self.data, Mapping):
            raise InstrumenError(("Instrumen harus berisi pasangan kunci dan nilai.",))
        self._keys(self.data, "instrumen", "Instrumen")
        self.named = {
            str(name): self._choices(rows, f"Daftar pilihan {name}") for name, rows in self._pairs("pilihan").items()
        }
        sifat = {str(kode): str(nama) for kode, nama in self._pairs("sifat").items()}
        keluarga = self._one_of(self.data.get("keluarga", "lain"), Keluarga, "Instrumen: keluarga")
        citation = self._citation(self.data.get("rujukan"), "Instrumen")
        akar = self._group(self.data.get("akar"), "Akar", 0)
        if akar is None:
            raise InstrumenError(tuple(self.problems) or ("Instrumen belum mempunyai pohon penilaian (akar).",))
        found = Instrumen(
            kunci=self._text(self.data, "kunci", "Instrumen"),
            nama=self._text(self.data, "nama", "Instrumen"),
            keluarga=keluarga,
            citation=citation,
            akar=akar,
            sifat=sifat,
            klasifikasi=tuple(self._part(row, citation) for row in self._rows("klasifikasi")),
            kebijakan=self._policy(self._pairs("kebijakan")),
            peringkat=tuple(str(one) for one in self._rows("peringkat")),
            catatan=tuple(str(one) for one in self._rows("catatan")),
        )
        self._check_whole(found)
        if self.problems:
            raise InstrumenError(tuple(self.problems))
        return found

    def _group(self, data: Any, place: str, depth: int) -> Kelompok | None:
        if not isinstance(data, Mapping) or "isi" not in data:
            self.problems.append(f"{place}: kelompok harus mempunyai isi.")
            return None
        if depth > MAX_DEPTH:
            self.problems.append(f"{place}: lebih dari {MAX_DEPTH} tingkat; periksa apakah kelompok memuat dirinya.")
            return None
        here = f"{place} {data.get('kode', '?')}"
        self._keys(data, "kelompok", here)
        rows = data["isi"] if isinstance(data["isi"], list | tuple) else []
        children = [self._child(row, here, depth + 1) for row in rows]
        values = self._values(data, here)
        values["agregasi"] = self._one_of(data.get("agregasi", "rata_rata"), Agregasi, f"{here}: agregasi")
        values["isi"] = tuple(one for one in children if one is not None)
        if not values["isi"]:
            self.problems.append(f"{here}: kelompok kosong; isi sekurang-kurangnya satu butir atau hapus kelompoknya.")
        group = Kelompok(**values)
        self._check_weights(group, here)
        return group

    def _child(self, data: Any, place: str, depth: int) -> Butir | Kelompok | None:
        self.size += 1
        if self.size > MAX_SIZE:  # a short file can unfold without end where its parts refer to each other
            raise InstrumenError((f"Instrumen memuat lebih dari {MAX_SIZE} butir dan kelompok.",))
        if isinstance(data, Mapping) and "isi" in data:
            return self._group(data, "Kelompok", depth)
        return self._item(data, place)

    def _item(self, data: Any, place: str) -> Butir | None:
        if not isinstance(data, Mapping):
            self.problems.append(f"{place}: butir harus berisi pasangan kunci dan nilai.")
            return None
        here = f"Butir {data.get('kode', '?')}"
        self._keys(data, "butir", here)
        values = self._values(data, here)
        values["penilaian"] = self._one_of(data.get("penilaian"), Penilaian, f"{here}: penilaian")
        values["masukan"] = self._one_of(data.get("masukan", "nilai"), Masukan, f"{here}: masukan")
        if values.get("pilihan") and "maksimum" not in data:
            values["maksimum"] = max(one.nilai for one in values["pilihan"])
        item = Butir(**values)
        self._check_item(item, here)
        return item

    def _values(self, data: Mapping[str, Any], place: str) -> dict[str, Any]:
        """The plain fields of a group or item: texts, numbers, flags, answers."""
        values: dict[str, Any] = {"kode": self._text(data, "kode", place), "nama": self._text(data, "nama", place)}
        for key, value in data.items():
            if key in ("kode", "nama", "isi", "agregasi", "penilaian", "masukan"):
                continue
            if key == "pilihan":
                values[key] = self._answers(value, place)
            elif key in _NUMBERS:
                values[key] = self._number(value, f"{place}: {key}")
            elif key in _FLAGS:
                values[key] = self._flag(value, f"{place}: {key}")
            elif key in _KEYS["butir"] | _KEYS["kelompok"]:
                values[key] = str(value)
        return values

    def _answers(self, value: Any, place: str) -> tuple[Pilihan, ...]:
        if not isinstance(value, str):
            return self._choices(value, place)
        if value not in self.named:
            self.problems.append(f'{place}: daftar pilihan "{value}" tidak ada; yang ada {", ".join(self.named)}.')
        return self.named.get(value, ())

    def _choices(self, rows: Any, place: str) -> tuple[Pilihan, ...]:
        if not isinstance(rows, Sequence) or isinstance(rows, str):
            self.problems.append(f"{place}: pilihan harus berupa daftar.")
            return ()
        return tuple(self._choice(row, place) for row in rows)

    def _choice(self, row: Any, place: str) -> Pilihan:
        here = f"{place}: pilihan {row.get('kode', '?') if isinstance(row, Mapping) else row}"
        if not isinstance(row, Mapping):
            self.problems.append(f"{here} harus berisi kode, nilai, dan teks.")
            return Pilihan("?", Decimal(0), "")
        self._keys(row, "pilihan", here)
        lower, upper = (
            None if row.get(key) is None else self._number(row[key], f"{here}: {key}") for key in ("dari", "sampai")
        )
        return Pilihan(
            self._text(row, "kode", here),
            self._number(row.get("nilai"), f"{here}: nilai"),
            str(row.get("teks", "")),
            lower,
            upper,
            self._flag(row.get("dari_terbuka", False), f"{here}: dari_terbuka"),
            self._flag(row.get("sampai_terbuka", False), f"{here}: sampai_terbuka"),
        )

    def _part(self, row: Any, whole: Citation) -> Bagian:
        self._keys(row, "klasifikasi", "Klasifikasi")
        if not isinstance(row, Mapping):
            raise InstrumenError(tuple(self.problems))
        kode = self._text(row, "kelompok", "Klasifikasi")
        others = row.get("skala_lain") or []
        if not isinstance(others, list | tuple):
            raise InstrumenError((*self.problems, f"Klasifikasi {kode}: skala_lain harus berupa daftar."))
        for one in others:
            self._keys(one, "skala_lain", f"Klasifikasi {kode}: skala_lain")
        return Bagian(
            kode,
            self._scale(kode, row),
            self._citation(row["rujukan"], kode) if "rujukan" in row else whole,
            tuple(SkalaLain(self._scale(kode, one), self._citation(one.get("rujukan"), kode)) for one in others),
        )

    def _scale(self, kode: str, row: Any) -> Scale:
        """A scale; without one nothing below can be read, so that this ends the reading."""
        if not isinstance(row, Mapping) or not isinstance(row.get("skala"), Mapping):
            raise InstrumenError((*self.problems, f"Klasifikasi {kode}: skala belum diisi."))
        try:
            return read_scale(kode, row["skala"], f"Skala {kode}")
        except (PackError, KeyError, TypeError) as error:
            raise InstrumenError((*self.problems, f"Klasifikasi {kode}: {error}")) from error

    def _policy(self, data: Mapping[str, Any]) -> Kebijakan:
        self._keys(data, "kebijakan", "Kebijakan")
        batas = data.get("batas_kelas", "")
        if batas not in ("", *POLICIES):
            self.problems.append(f"Kebijakan: batas_kelas {batas!r} tidak dikenal; pilih {', '.join(POLICIES)}.")
        return Kebijakan(
            rata_rata=self._one_of(data.get("rata_rata", "bertingkat"), RataRata, "Kebijakan: rata_rata"),
            campuran=self._one_of(data.get("campuran", "terendah"), Campuran, "Kebijakan: campuran"),
            sertakan=self._names(data.get("sertakan") or []),
            skor=self._one_of(data.get("skor", "butir"), Literal["butir", "kelompok"], "Kebijakan: skor"),
            batas_kelas=str(batas),
        )

    def _names(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list | tuple):
            self.problems.append(f"Kebijakan: sertakan harus daftar kode kelompok, bukan {value!r}.")
            return ()
        return tuple(str(one) for one in value)

    def _citation(self, data: Any, place: str) -> Citation:
        known = data if isinstance(data, Mapping) else {}
        lacking = [key for key in ("instrumen", "tempat", "dasar") if not str(known.get(key) or "").strip()]
        if lacking or known["dasar"] not in get_args(Dasar):
            reason = f"{', '.join(lacking)} belum diisi" if lacking else "dasar harus tertulis atau ditafsirkan"
            self.problems.append(f"{place}: rujukan harus menyebut instrumen, tempat, dan dasar ({reason}).")
            return Citation("", "", "ditafsirkan")
        return Citation(str(known["instrumen"]), str(known["tempat"]), known["dasar"], str(known.get("catatan") or ""))

    def _check_item(self, item: Butir, place: str) -> None:
        if item.penilaian == "capaian":
            if item.arah not in ("naik", "turun"):
                self.problems.append(f"{place}: arah harus naik atau turun; capaian tidak dapat dinilai tanpa arah.")
            try:
                parse_target(item.target)
            except ValueError as error:
                self.problems.append(f'{place}: target "{item.target}" tidak terbaca. {error}')
        elif not item.pilihan:
            self.problems.append(f"{place}: penilaian {item.penilaian} memerlukan pilihan jawaban.")
        if item.pengali <= 0:
            self.problems.append(f"{place}: pengali harus lebih dari 0.")
        self._check_best(item, place)
        self._check_bands(item, place)

    def _check_bands(self, item: Butir, place: str) -> None:
        upside_down = [
            one.kode
            for one in item.pilihan
            if one.dari is not None and one.sampai is not None and one.dari > one.sampai
        ]
        if upside_down:
            self.problems.append(f"{place}: pita {', '.join(upside_down)} terbalik: dari melebihi sampai.")

    def _check_best(self, one: Butir | Kelompok, place: str) -> None:
        """The best value divides where values are joined, and no answer may be worth more."""
        if one.maksimum <= 0:
            self.problems.append(f"{place}: maksimum harus lebih dari 0.")
        if one.bobot is not None and one.bobot <= 0:
            self.problems.append(f"{place}: bobot harus lebih dari 0.")
        twice = [kode for kode, count in Counter(choice.kode for choice in one.pilihan).items() if count > 1]
        if twice:
            self.problems.append(f"{place}: pilihan {', '.join(twice)} ditulis dua kali.")
        over = [choice.kode for choice in one.pilihan if choice.nilai > one.maksimum]
        if over:
            self.problems.append(
                f"{place}: nilai pilihan {', '.join(over)} melebihi maksimum {format_number(one.maksimum)}."
            )
        if any(choice.nilai < 0 for choice in one.pilihan):
            self.problems.append(f"{place}: nilai pilihan tidak boleh negatif.")

    def _check_weights(self, group: Kelompok, place: str) -> None:
        self._check_best(group, place)
        if group.agregasi != "jumlah_bobot":
            return
        without = [child.kode for child in group.isi if child.bobot is None]
        if without:
            self.problems.append(f"{place}: bobot {', '.join(without)} belum diisi.")
            return
        weights = [child.bobot for child in group.isi if child.bobot is not None and _counts(child)]
        total = sum(weights, Decimal(0))
        if total != group.maksimum:
            self.problems.append(
                f"{place}: jumlah bobot {format_number(total)}, seharusnya {format_number(group.maksimum)}."
            )

    def _check_whole(self, found: Instrumen) -> None:
        kodes = Counter([*(one.kode for one in found.akar.items()), *(one.kode for one in found.akar.groups())])
        self.problems += [
            f'Kode "{kode}" dipakai {n} kali; tiap kode harus satu.' for kode, n in kodes.items() if n > 1
        ]
        for kode in kodes:
            if kode != "?" and (len(kode) > MAX_KODE or not _KODE.fullmatch(kode)):
                self.problems.append(
                    f'Kode "{kode}" tidak dapat dipakai: huruf, angka, titik, garis, paling panjang {MAX_KODE}.'
                )
        self.problems += [
            f'Sifat "{one}" lebih panjang dari {MAX_SIFAT} huruf.' for one in found.sifat if len(one) > MAX_SIFAT
        ]
        if not self.problems:  # the most divides by what may be wrong
            self.problems += [
                f"Kelompok {one.kode}: nilainya dapat mencapai {format_number(one.most, 2)}; harus di bawah "
                f"{format_number(LARGEST_RESULT)}. Periksa nilai pilihan, maksimum, dan cara menggabungnya."
                for one in found.groups.values()
                if one.most >= LARGEST_RESULT
            ]
        self._check_classes(found)
        for item in found.items.values():
            if item.sifat and item.sifat not in found.sifat:
                self.problems.append(f'Butir {item.kode}: sifat "{item.sifat}" tidak ada dalam daftar sifat.')
        named = [*(part.kelompok for part in found.klasifikasi), *found.kebijakan.sertakan,
                 *(one for one in found.peringkat if one != "kelas")]  # fmt: skip
        unknown = [one for one in named if one not in found.groups]
        self.problems += [f'Kelompok "{one}" disebut tetapi tidak ada dalam pohon.' for one in dict.fromkeys(unknown)]

    def _check_classes(self, found: Instrumen) -> None:
        """The class of the whole compares those of its parts, so that all scales must know the same."""
        known = [tuple(band.kode for band in part.skala.bands) for part in found.klasifikasi]
        if len(set(known)) > 1:
            shown = "; ".join(", ".join(kodes) for kodes in known)
            self.problems.append(f"Klasifikasi: kode kelas tiap bagian harus sama dan berurutan sama ({shown}).")

    def _pairs(self, key: str) -> Mapping[Any, Any]:
        value = self.data.get(key) or {}
        if not isinstance(value, Mapping):
            self.problems.append(f"Instrumen: {key} harus berisi pasangan kunci dan nilai.")
            return {}
        return value

    def _rows(self, key: str) -> Sequence[Any]:
        value = self.data.get(key) or []
        if not isinstance(value, list | tuple):
            self.problems.append(f"Instrumen: {key} harus berupa daftar.")
            return ()
        return value

    def _flag(self, value: Any, place: str) -> bool:
        if not isinstance(value, bool):
            self.problems.append(f"{place}: {value!r} harus true atau false.")
        return value is True

    def _keys(self, data: Any, kind: str, place: str) -> None:
        if not isinstance(data, Mapping):
            self.problems.append(f"{place}: harus berisi pasangan kunci dan nilai.")
            return
        unknown = sorted(str(key) for key in data if key not in _KEYS[kind])
        if unknown:
            self.problems.append(f"{place}: kunci tidak dikenal: {', '.join(unknown)}.")

    def _text(self, data: Mapping[str, Any], key: str, place: str) -> str:
        value = data.get(key)
        if not isinstance(value, str) or not value.strip():
            self.problems.append(f"{place}: {key} belum diisi.")
            return "?"
        return value

    def _number(self, value: Any, place: str) -> Decimal:
        try:
            number = Decimal(value) if isinstance(value, str) else None
        except InvalidOperation:
            number = None
        if number is None or not number.is_finite():
            self.problems.append(f'{place}: {value!r} bukan angka; tulis seperti "88.30".')
            return Decimal(0)
        if abs(number) > LARGEST or int(number.as_tuple().exponent) < -12:
            self.problems.append(f"{place}: {value!r} terlalu besar atau terlalu teliti untuk sebuah instrumen.")
            return Decimal(0)
        return number

    def _one_of(self, value: Any, kind: Any, place: str) -> Any:
        known = get_args(kind)
        if value not in known:
            self.problems.append(f"{place} {value!r} tidak dikenal; pilih {', '.join(known)}.")
            return known[0]
        return value


def _counts(child: Butir | Kelompok) -> bool:
    return isinstance(child, Butir) or child.ikut
