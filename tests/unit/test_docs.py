"""The documents lead somewhere and name every setting and every command of the house."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
# Files that only `make docs` writes or that are pictures of a running site.
WRITTEN_LATER = {"reference/packs.md", "docs/img/beranda.png"}


def test_links_lead_somewhere() -> None:
    broken = runpy.run_path(str(ROOT / "scripts/docs.py"))["broken_links"]()
    assert not [link for link in broken if link.split(": ")[1] not in WRITTEN_LATER]


def test_readme_lists_every_setting() -> None:
    settings = set(re.findall(r'"(CAPAIAN_\w+)"', (ROOT / "capaian/config/settings.py").read_text()))
    readme = set(re.findall(r"^\| `(CAPAIAN_\w+)`", (ROOT / "README.md").read_text(), re.MULTILINE))
    assert settings
    assert readme == settings


def test_every_decision_is_listed() -> None:
    index = (ROOT / "docs/adr/README.md").read_text()
    decisions = sorted(path.name for path in (ROOT / "docs/adr").glob("0*.md"))
    assert decisions == re.findall(r"\((0[^)]+\.md)\)", index)


def test_make_help_lists_every_target() -> None:
    text = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert phony
    described = set(re.findall(r"^([a-z]+):.*## ", text, re.MULTILINE))
    assert set(phony.group(1).split()) - described <= {"python-version"}
