"""The kernel stays pure: no Django, clock, network or float, and files are opened in one module only."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import pytest

import capaian.rules

pytestmark = pytest.mark.unit
FOLDER = Path(capaian.rules.__path__[0])
MODULES = sorted(FOLDER.glob("*.py"))
ALLOWED = {
    "__future__", "calendar", "capaian", "collections", "dataclasses", "datetime", "decimal", "functools", "itertools",
    "re", "typing",
}  # fmt: skip


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_imports_are_harmless(path: Path) -> None:
    allowed = ALLOWED | ({"yaml", "pathlib"} if path.name == "packs.py" else set())
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = [n.name for node in ast.walk(tree) if isinstance(node, ast.Import) for n in node.names]
    names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert {name.partition(".")[0] for name in names} <= allowed
    assert all(name.startswith("capaian.rules") for name in names if name.startswith("capaian"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_no_float_and_no_clock(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not [
        node.lineno for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, float)
    ]
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    called = {
        c.attr if isinstance(c, ast.Attribute) else c.id for c in calls if isinstance(c, ast.Attribute | ast.Name)
    }
    assert not called & {"float", "now", "today", "utcnow", "round"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_files_and_functions_stay_small(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert len(source.splitlines()) <= 400
    lengths = {
        node.name: (node.end_lineno or 0) - node.lineno + 1
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef)
    }
    assert {name: length for name, length in lengths.items() if length > 50} == {}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_public_things_have_docstrings(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    public = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
    ]
    missing = [node.name for node in public if not inspect.cleandoc(ast.get_docstring(node) or "")]
    assert missing in ([], ["construct_mapping"])
