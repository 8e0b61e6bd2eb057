"""From the data of an instrument (YAML, JSON) to `Instrumen` and back; every fault is told at once, with its place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import fields
from decimal import Decimal, InvalidOperation
from typing import Any, get_args

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
)
from capaian.rules.numbers import format_number
from capaian.rules.pack_schema import PackError, read_scale
from capaian.rules.target import parse_target
from capaian.rules.trace import Citation

_KEYS = {
    "instrumen": {"kunci", "nama", "keluarga", "rujukan", "sifat", "klasifikasi", "kebijakan", "peringkat", "catatan",
                  "pilihan", "akar"},
    "kelompok": {one.name for one in fields(Kelompok)},
    "butir": {one.name for one in fields(Butir)},
    "pilihan": {one.name for one in fields(Pilihan)},
    "kebijakan": {one.name for one in fields(Kebijakan)},
    "klasifikasi": {"kelompok", "skala", "rujukan"},
}  # fmt: skip
_NUMBERS = {"maksimum", "bobot", "pengali", "nilai", "dari", "sampai"}
_FLAGS = {"is_item", "ikut", "dari_terbuka", "sampai_terbuka"}
# A tree as deep as this is a mistake, or a cycle.
MAX_DEPTH = 12


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
        self.named: dict[str, tuple[Pilihan, ...]] = {}

    def read(self) -> Instrumen:
        if not isinstance(self.data, Mapping):
            raise InstrumenError(("Instrumen harus berisi pasangan kunci dan nilai.",))
        self._keys(self.data, "instrumen", "Instrumen")
        self.named = {
            str(name): self._choices(rows, f"Daftar pilihan {name}")
            for name, rows in (self.data.get("pilihan") or {}).items()
        }
        sifat = {str(kode): str(nama) for kode, nama in (self.data.get("sifat") or {}).items()}
        keluarga = self._one_of(self.data.get("keluarga", "lain"), Keluarga, "Instrumen: keluarga")
        citation = self._citation(self.data.get("rujukan"), "Instrumen")
        akar = self._group(self.data.get("akar"), "Akar", 0)
        if akar is None or self.problems:
            raise InstrumenError(tuple(self.problems) or ("Instrumen belum mempunyai pohon penilaian (akar).",))
        found = Instrumen(
            kunci=self._text(self.data, "kunci", "Instrumen"),
            nama=self._text(self.data, "nama", "Instrumen"),
            keluarga=keluarga,
            citation=citation,
            akar=akar,
            sifat=sifat,
            klasifikasi=tuple(self._part(row, citation) for row in self.data.get("klasifikasi") or []),
            kebijakan=self._policy(self.data.get("kebijakan") or {}),
            peringkat=tuple(str(one) for one in self.data.get("peringkat") or []),
            catatan=tuple(str(one) for one in self.data.get("catatan") or []),
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
        children = [self._child(row, here, depth + 1) for row in data["isi"] or []]
        values = self._values(data, here)
        values["agregasi"] = self._one_of(data.get("agregasi", "rata_rata"), Agregasi, f"{here}: agregasi")
        values["isi"] = tuple(one for one in children if one is not None)
        if not values["isi"]:
            self.problems.append(f"{here}: kelompok kosong; isi sekurang-kurangnya satu butir atau hapus kelompoknya.")
        group = Kelompok(**values)
        self._check_weights(group, here)
        return group

    def _child(self, data: Any, place: str, depth: int) -> Butir | Kelompok | None:
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
                values[key] = bool(value)
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
            bool(row.get("dari_terbuka")),
            bool(row.get("sampai_terbuka")),
        )

    def _part(self, row: Any, whole: Citation) -> Bagian:
        self._keys(row, "klasifikasi", "Klasifikasi")
        kode = self._text(row, "kelompok", "Klasifikasi")
        try:
            scale = read_scale(kode, row["skala"], f"Skala {kode}")
        except (PackError, KeyError) as error:
            raise InstrumenError((*self.problems, f"Klasifikasi {kode}: {error}")) from error
        return Bagian(kode, scale, self._citation(row["rujukan"], kode) if "rujukan" in row else whole)

    def _policy(self, data: Mapping[str, Any]) -> Kebijakan:
        self._keys(data, "kebijakan", "Kebijakan")
        return Kebijakan(
            rata_rata=self._one_of(data.get("rata_rata", "bertingkat"), RataRata, "Kebijakan: rata_rata"),
            campuran=self._one_of(data.get("campuran", "terendah"), Campuran, "Kebijakan: campuran"),
            sertakan=tuple(str(one) for one in data.get("sertakan") or []),
            skor="kelompok" if data.get("skor") == "kelompok" else "butir",
            batas_kelas=str(data.get("batas_kelas", "")),
        )

    def _citation(self, data: Any, place: str) -> Citation:
        try:
            return Citation(data["instrumen"], data["tempat"], data["dasar"], str(data.get("catatan", "")))
        except (TypeError, KeyError, ValueError) as error:
            self.problems.append(f"{place}: rujukan harus menyebut instrumen, tempat, dan dasar ({error}).")
            return Citation("", "", "ditafsirkan")

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
        twice = [kode for kode, count in Counter(one.kode for one in item.pilihan).items() if count > 1]
        if twice:
            self.problems.append(f"{place}: pilihan {', '.join(twice)} ditulis dua kali.")

    def _check_weights(self, group: Kelompok, place: str) -> None:
        if group.agregasi != "jumlah_bobot":
            return
        without = [child.kode for child in group.isi if child.bobot is None]
        if without:
            self.problems.append(f"{place}: bobot {', '.join(without)} belum diisi.")
            return
        total = sum((child.bobot for child in group.isi if child.bobot is not None), Decimal(0))
        if total != group.maksimum:
            self.problems.append(
                f"{place}: jumlah bobot {format_number(total)}, seharusnya {format_number(group.maksimum)}."
            )

    def _check_whole(self, found: Instrumen) -> None:
        kodes = Counter([*(one.kode for one in found.akar.items()), *(one.kode for one in found.akar.groups())])
        self.problems += [
            f'Kode "{kode}" dipakai {n} kali; tiap kode harus satu.' for kode, n in kodes.items() if n > 1
        ]
        for item in found.items.values():
            if item.sifat and item.sifat not in found.sifat:
                self.problems.append(f'Butir {item.kode}: sifat "{item.sifat}" tidak ada dalam daftar sifat.')
        named = [*(part.kelompok for part in found.klasifikasi), *found.kebijakan.sertakan,
                 *(one for one in found.peringkat if one != "kelas")]  # fmt: skip
        unknown = [one for one in named if one not in found.groups]
        self.problems += [f'Kelompok "{one}" disebut tetapi tidak ada dalam pohon.' for one in dict.fromkeys(unknown)]

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
        return number

    def _one_of(self, value: Any, kind: Any, place: str) -> Any:
        known = get_args(kind)
        if value not in known:
            self.problems.append(f"{place} {value!r} tidak dikenal; pilih {', '.join(known)}.")
            return known[0]
        return value
