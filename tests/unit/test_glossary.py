"""Identifiers speak English or the language of the law: each word is in the word list or in GLOSSARY.md.

The word list (`tests/data/english_words.txt`) is small on purpose and read by a person: a word goes in when it is
English, and never when it is an Indonesian word that has an English one (`jumlahkan` → `add`), or a typing error.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
GLOSSARY = ROOT / "GLOSSARY.md"
ENGLISH = ROOT / "tests/data/english_words.txt"
IDENTIFIER_COLUMN = "identifier"


def words(identifier: str) -> list[str]:
    """`persen_capaian` and `PersenCapaian2` are both `persen`, `capaian`; single letters are formula symbols."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", identifier)
    return [word for word in re.split(r"[_\d]+", spaced.lower()) if len(word) > 1]


def identifiers(tree: ast.AST) -> Iterator[str]:
    """Names that a file defines: classes, functions, parameters, fields, variables."""
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.arg(arg=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield name


def sources() -> list[Path]:
    return sorted([*ROOT.glob("capaian/*/models.py"), *ROOT.glob("capaian/rules/**/*.py")])


def glossary_rows() -> list[dict[str, str]]:
    """The rows of every table of the glossary, as a mapping from column head to cell."""
    rows: list[dict[str, str]] = []
    head: list[str] = []
    for line in GLOSSARY.read_text().splitlines():
        if not line.startswith("|"):
            head = []
            continue
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not head:
            head = cells
        elif not set("".join(cells)) <= set("-: "):
            rows.append(dict(zip(head, cells, strict=True)))
    return rows


def glossary_words() -> set[str]:
    found = (re.findall(r"`([^`]+)`", row.get(IDENTIFIER_COLUMN, "")) for row in glossary_rows())
    return {word for names in found for name in names for word in words(name)}


def english_words() -> set[str]:
    return set(ENGLISH.read_text().split())


def unknown_words() -> dict[str, str]:
    """Word to the first place it is used, for each word in neither list."""
    known = glossary_words() | english_words()
    found: dict[str, str] = {}
    for path in sources():
        for name in identifiers(ast.parse(path.read_text())):
            for word in words(name):
                if word not in known:
                    found.setdefault(word, f"{path.relative_to(ROOT)}: {name}")
    return found


def test_every_identifier_word_is_english_or_in_the_glossary() -> None:
    unknown = unknown_words()
    assert not unknown, "\n".join(f"{word}: {place}" for word, place in sorted(unknown.items()))


def test_word_list_is_sorted_and_apart_from_the_glossary() -> None:
    lines = ENGLISH.read_text().split()
    assert lines == sorted(set(lines))
    both = english_words() & glossary_words()
    assert not both, f"in the glossary and in the English list: {sorted(both)}"


def test_each_term_is_complete_and_said_once() -> None:
    rows = glossary_rows()
    assert len(rows) > 50
    incomplete = [row["term"] for row in rows if not all(row[c] for c in row if c != "not to be confused with")]
    assert not incomplete
    terms = [row["term"] for row in rows]
    assert not {term for term in terms if terms.count(term) > 1}
