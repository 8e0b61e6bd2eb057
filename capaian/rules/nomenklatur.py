"""Codes of program, kegiatan and sub kegiatan: always text, always with the version of the nomenclature."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

NodeKind = Literal["program", "kegiatan", "sub_kegiatan"]
NomenclatureVersion = Literal["dua_angka", "empat_angka"]
_CODE = re.compile(r"^([0-9])\.([0-9]{2})\.([0-9]{2})(?:\.([12]\.[0-9]{2})(?:\.([0-9]{2}|[0-9]{4}))?)?$")
_GENERIC = re.compile(r"^X\.XX\.01", re.IGNORECASE)
# What scanned regulations do to digits and dots (seed of Tana Toraja: "1.O2.02.2.02", "1_02.02.2.O2.0009").
_OCR = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "_": ".", ",": "."})


class KodeError(ValueError):
    """A text is no code of the nomenclature; the message shows the accepted form."""


@dataclass(frozen=True)
class Kode:
    """A code with its kind. `versi` is known for a sub kegiatan only: two digits and four digits are never equal."""

    kode: str
    kind: NodeKind
    versi: NomenclatureVersion | None

    @property
    def parent(self) -> str | None:
        """The code of the node above; None for a program."""
        if self.kind == "program":
            return None
        return self.kode.rsplit(".", 1 if self.kind == "sub_kegiatan" else 2)[0]

    @property
    def program(self) -> str:
        """The code of the program, `1.02.02`."""
        return ".".join(self.kode.split(".")[:3])


def parse_kode(text: str, *, from_ocr: bool = False) -> Kode:
    """Read a code such as `1.02.02.2.02.0001`.

    Blanks around it are dropped; `X.XX.01` of the generic list is read as `1.02.01` of a health office. With `from_ocr`
    the letters O, l, I and the sign _ are read as the digits and dots they stand for.
    Errors: KodeError. Source: regulations section 4.2, parsing rules.
    """
    body = str(text).strip().rstrip(".")
    body = _GENERIC.sub("1.02.01", body.translate(_OCR) if from_ocr and not _GENERIC.match(body) else body)
    match = _CODE.match(body)
    if not match:
        raise KodeError(
            f'"{text.strip()}" bukan kode program, kegiatan, atau sub kegiatan. '
            "Bentuknya 1.02.02, 1.02.02.2.02, atau 1.02.02.2.02.0001."
        )
    if match[5]:
        return Kode(body, "sub_kegiatan", "empat_angka" if len(match[5]) == 4 else "dua_angka")
    return Kode(body, "kegiatan" if match[4] else "program", None)
