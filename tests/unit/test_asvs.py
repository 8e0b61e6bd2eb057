"""The list of the ASVS is whole, every word of status is one of four, and what it names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
LINES = re.findall(
    r"^\| (V[\d.]+) \| ([^|]+) \| ([^|]+) \| ([^|]*) \|$",
    (ROOT / "docs/explanation/asvs.md").read_text(),
    re.MULTILINE,
)
# Every requirement of levels 1 and 2 of ASVS 4.0.3 that is not withdrawn, by section.
NUMBERS = """
1.1: 1 2 3 4 5 6 7 | 1.2: 1 2 3 4 | 1.4: 1 4 5 | 1.5: 1 2 3 4 | 1.6: 1 2 3 4 | 1.7: 1 2 | 1.8: 1 2 | 1.9: 1 2
1.10: 1 | 1.11: 1 2 | 1.12: 2 | 1.14: 1 2 3 4 5 6
2.1: 1 2 3 4 5 6 7 8 9 10 11 12 | 2.2: 1 2 3 | 2.3: 1 2 3 | 2.4: 1 2 3 4 5 | 2.5: 1 2 3 4 5 6 7 | 2.6: 1 2 3
2.7: 1 2 3 4 5 6 | 2.8: 1 2 3 4 5 6 7 | 2.9: 1 2 3 | 2.10: 1 2 3 4
3.1: 1 | 3.2: 1 2 3 4 | 3.3: 1 2 3 4 | 3.4: 1 2 3 4 5 | 3.5: 1 2 3 | 3.7: 1
4.1: 1 2 3 5 | 4.2: 1 2 | 4.3: 1 2 3
5.1: 1 2 3 4 5 | 5.2: 1 2 3 4 5 6 7 8 | 5.3: 1 2 3 4 5 6 7 8 9 10 | 5.4: 1 2 3 | 5.5: 1 2 3 4
6.1: 1 2 3 | 6.2: 1 2 3 4 5 6 | 6.3: 1 2 | 6.4: 1 2
7.1: 1 2 3 4 | 7.2: 1 2 | 7.3: 1 3 4 | 7.4: 1 2 3
8.1: 1 2 3 4 | 8.2: 1 2 3 | 8.3: 1 2 3 4 5 6 7 8
9.1: 1 2 3 | 9.2: 1 2 3 4
10.2: 1 2 | 10.3: 1 2 3
11.1: 1 2 3 4 5 6 7 8
12.1: 1 2 3 | 12.2: 1 | 12.3: 1 2 3 4 5 6 | 12.4: 1 2 | 12.5: 1 2 | 12.6: 1
13.1: 1 3 4 5 | 13.2: 1 2 3 5 6 | 13.3: 1 2 | 13.4: 1 2
14.1: 1 2 3 4 | 14.2: 1 2 3 4 5 6 | 14.3: 2 3 | 14.4: 1 2 3 4 5 6 7 | 14.5: 1 2 3 4
"""


def numbers() -> list[str]:
    sections = [part.split(":") for line in NUMBERS.strip().splitlines() for part in line.split("|")]
    return [f"V{section.strip()}.{one}" for section, found in sections for one in found.split()]


def test_every_requirement_is_listed_once_and_in_order() -> None:
    assert len(numbers()) == 259
    assert [number for number, *_ in LINES] == numbers()


def test_every_requirement_has_a_status() -> None:
    known = {"dipenuhi", "sebagian", "belum", "tidak berlaku"}
    assert {status for _, _, status, _ in LINES} == known


def test_what_is_held_says_where_and_it_is_there() -> None:
    for number, _, status, where in LINES:
        places = re.findall(r"`([\w./-]+\.\w+|\.ci/run|Makefile)`", where)
        if status == "dipenuhi":
            assert places or number == "V1.6.4", f"{number} is said to be held, but not where"
        for place in places:
            assert (ROOT / place).exists(), f"{number} names {place}, which is not there"


def test_what_the_threat_model_names_is_there() -> None:
    places = re.findall(r"`((?:tests|docs|capaian|deploy)/[\w./-]+)`", (ROOT / "THREAT_MODEL.md").read_text())
    assert len(places) > 10
    assert [place for place in places if not (ROOT / place).exists()] == []
