"""The reference page of the signals names every kind and every threshold with the value that the rules use."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from capaian.rules.signals import DEFAULT_POLICY, TITLES, Policy

pytestmark = pytest.mark.unit
PAGE = (Path(__file__).resolve().parents[3] / "docs/reference/signals.md").read_text(encoding="utf-8")


def test_every_kind_has_its_row() -> None:
    assert re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE) == list(TITLES)


@pytest.mark.parametrize("name", Policy.__dataclass_fields__)
def test_every_threshold_stands_with_its_value(name: str) -> None:
    said = re.findall(rf"(\d+)[^0-9|]*\(`{name}`\)", PAGE)
    assert said
    assert set(said) == {str(getattr(DEFAULT_POLICY, name))}
