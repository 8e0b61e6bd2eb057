"""The project file and the requirement files: each dependency explained, each file complete and free of any index."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "pyproject.toml").read_text()
PROJECT = tomllib.loads(TEXT)
FILES = sorted((ROOT / "requirements").glob("*.txt"))


def name_of(requirement: str) -> str:
    return re.split(r"[\[<>=!~ ;]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def pinned(path: Path) -> set[str]:
    return set(re.findall(r"^([a-z0-9][a-z0-9.-]*)==", path.read_text(), re.MULTILINE))


def declared() -> list[str]:
    groups = [PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"].values()]
    return [requirement for group in groups for requirement in group]


@pytest.mark.parametrize("requirement", declared())
def test_dependency_says_what_it_is_for(requirement: str) -> None:
    lines = TEXT.splitlines()
    place = next(number for number, line in enumerate(lines) if line.strip() == f'"{requirement}",')
    assert re.match(r"\s*# \S.{10,}\.$", lines[place - 1]), f"no comment above {requirement}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_requirements_name_no_index(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"://|--(extra-)?index|--find-links|@ file|^-e ", text, re.MULTILINE)
    # No hash means that pip would refuse the whole file.
    assert len(pinned(path)) == len(re.findall(r"^[a-z].*==.*\\\n\s+--hash=sha256:", text, re.MULTILINE)) > 0


def test_requirements_contain_what_is_declared() -> None:
    runtime, test, quality = (pinned(ROOT / f"requirements/{name}.txt") for name in ("runtime", "test", "quality"))
    assert {name_of(r) for r in PROJECT["project"]["dependencies"]} <= runtime
    assert {name_of(r) for r in PROJECT["dependency-groups"]["test"]} <= test
    assert {name_of(r) for r in PROJECT["dependency-groups"]["quality"]} <= quality
    assert runtime <= test <= quality
    assert not runtime & {"num2words", "playwright", "pytest"}


def test_no_path_is_too_long_for_windows() -> None:
    skip = {".git", ".venv", "var", "out", "__pycache__"}
    paths = (path.relative_to(ROOT) for path in ROOT.rglob("*"))
    assert not [p for p in paths if len(str(p)) > 120 and not skip & set(p.parts)]


def test_static_files_name_no_source_map() -> None:
    vendor = ROOT / "capaian/web/static/vendor"
    files = [*vendor.rglob("*.css"), *vendor.rglob("*.js")]
    assert files
    assert not [path.name for path in files if "sourceMappingURL" in path.read_text()]
    without = [folder.name for folder in vendor.iterdir() if folder.is_dir() and not list(folder.glob("LICEN*"))]
    assert not without, "each vendored package carries its licence"
