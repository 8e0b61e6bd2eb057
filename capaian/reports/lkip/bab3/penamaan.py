"""How the analyses of an IKU name it: in anchors, in captions and as the source of a table."""

from __future__ import annotations

import re

from capaian.reports import formats
from capaian.reports.snapshot import Iku, Snapshot


def slug(iku: Iku) -> str:
    """The key of an indicator as part of an anchor."""
    return re.sub(r"[^a-z0-9]+", "-", iku.kunci.lower()).strip("-")


def name(iku: Iku) -> str:
    """The indicator as captions and sentences name it."""
    return formats.short_name(iku.nama)


def source(s: Snapshot, iku: Iku) -> str:
    return f"Sumber: {iku.sumber_data or s.office.nama}, {s.tahun}"
