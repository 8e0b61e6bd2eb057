"""The documents lead somewhere and name every setting and every command of the house."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
DOCS = runpy.run_path(str(ROOT / "scripts/docs.py"))


def test_links_lead_somewhere() -> None:
    assert not DOCS["broken_links"]()


def test_reference_is_current() -> None:
    for name, text in DOCS["pages"]().items():
        assert (DOCS["REFERENCE"] / name).read_text() == text, "run `make docs` and commit docs/reference"


def test_the_diagram_of_the_states_is_current() -> None:
    text = DOCS["WORKFLOW"].read_text()
    assert "    diajukan --> terverifikasi: verifikasi\n" in text
    assert text == DOCS["workflow_page"](), "run `make docs` and commit docs/explanation/workflow.md"


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
    described = set(re.findall(r"^([a-z-]+):.*## ", text, re.MULTILINE))
    assert set(phony.group(1).split()) - described <= {"python-version"}
