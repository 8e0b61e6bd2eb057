"""`make docs`: write docs/reference and the diagram of the states, then check that every link leads somewhere."""

from __future__ import annotations

import os
import re
import sys
from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import Any

import django
import yaml

ROOT = Path(__file__).resolve().parents[1]
PACKS = ROOT / "capaian/rules/packs"
INSTRUMENT = "instrumen.yaml"
REFERENCE = ROOT / "docs/reference"
WORKFLOW = ROOT / "docs/explanation/workflow.md"


def inline(value: Any) -> str | None:
    """A scalar, or a list or mapping of scalars, on one line; None if it needs lines of its own."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if any(isinstance(part, (dict, list)) for part in parts):
        return None
    if isinstance(value, dict):
        return "; ".join(f"{key}: {part}" for key, part in value.items() if part is not None)
    if isinstance(value, list):
        return "; ".join(map(str, value)) or "–"
    return "–" if value is None else str(value)


def outline(value: Any, depth: int = 0) -> list[str]:
    """A YAML value as nested Markdown lists, in the order of the file."""
    lines: list[str] = []
    for key, item in value.items() if isinstance(value, dict) else ((None, item) for item in value):
        line = inline(item)
        head = f"{'  ' * depth}- " + ("" if key is None else f"**{key}**" + (": " if line else ""))
        if line is None and key is None:
            nested = outline(item, depth + 1)
            lines += [head + nested[0].lstrip(" -"), *nested[1:]]
        else:
            lines += [head + (line or ""), *(outline(item, depth + 1) if line is None else [])]
    return lines


def packs_page() -> str:
    """Every pack with its parameters, citations and worked examples, one heading per file."""
    source = PACKS.relative_to(ROOT)
    parts = [f"# Regulation packs\n\nWritten by `make docs` from `{source}`; do not edit. Keys are as in the packs.\n"]
    for path in sorted(PACKS.rglob("*.yaml")):
        if path.name == INSTRUMENT:  # has a page of its own
            continue
        parts.append(f"## `{path.relative_to(PACKS)}`\n")
        parts.append("\n".join(outline(yaml.safe_load(path.read_text()) or {})) + "\n")
    return "\n".join(parts)


def instrument_page(pack_id: str) -> str:
    """An instrument as a printed list: what is odd about it, then every group with its items as they are printed."""
    from capaian.rules.instrumen.store import load_instrumen

    found = load_instrumen(pack_id)
    source = (PACKS / pack_id / INSTRUMENT).relative_to(ROOT)
    parts = [f"# {found.nama}\n\nWritten by `make docs` from `{source}`; do not edit.\n", f"{found.citation.catatan}\n"]
    parts.append("\n".join(f"- {note}" for note in found.catatan) + "\n")
    if found.sifat:
        parts.append("Sifat: " + "; ".join(f"`{kode}` {nama}" for kode, nama in found.sifat.items()) + ".\n")
    for group in found.groups.values():
        depth, above = 2, found.parents.get(group.kode)
        while above:
            depth, above = depth + 1, found.parents.get(above)
        parts.append(f"{'#' * min(depth, 6)} {f'{group.nomor} {group.nama}'.strip()}\n")
        parts += group_parts(group, found.sifat)
    return "\n".join(parts)


def group_parts(group: Any, sifat: Any) -> list[str]:
    """How a group is joined, the table of its own items, and once below it the answers that they all share."""
    flags = {"datar": group.datar, "dihitung satu": group.is_item, "ditampilkan di samping": not group.ikut}
    words = [group.agregasi, *(word for word, applies in flags.items() if applies)]
    words += [] if group.bobot is None else [f"bobot {group.bobot}"]
    parts = [f"`{group.kode}` {', '.join(words)}. {group.catatan}".rstrip() + "\n"]
    items = [one for one in group.isi if hasattr(one, "penilaian")]
    shared = items[0].pilihan if items and len({one.pilihan for one in items}) == 1 else ()
    if items:
        head = "| Kode | No. | Indikator | Satuan | Target | Sasaran | Penilaian | Catatan |\n" + "|---" * 8 + "|\n"
        parts.append(head + "\n".join(item_row(one, sifat, shared) for one in items) + "\n")
    if shared:
        parts.append(f"Pilihan: {choices(shared)}.\n")
    return parts


def item_row(item: Any, sifat: Any, shared: Any) -> str:
    """One item of an instrument as a row of a Markdown table."""
    score = f"{item.penilaian}, {item.arah}" if item.arah else item.penilaian
    if item.masukan == "pembilang_penyebut":
        score += f", realisasi ÷ sasaran × {item.pengali}"
    if item.pilihan and not shared:
        score += f": {choices(item.pilihan)}"
    only = f"Hanya: {sifat[item.sifat]}. " if item.sifat else ""
    cells = (f"`{item.kode}`", item.nomor, item.nama, item.satuan, item.target, item.sasaran, score)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in (*cells, only + item.catatan)) + " |"


def choices(pilihan: Any) -> str:
    """The answers of an item with their scores, as printed."""
    return "; ".join(f"{one.nilai} = {one.teks}" for one in pilihan)


def instrument_pages() -> dict[str, str]:
    """A page for every pack that is an instrument, named by its key."""
    from capaian.rules.instrumen.store import list_instrumen, load_instrumen

    return {f"{load_instrumen(one).kunci.replace('_', '-')}.md": instrument_page(one) for one in list_instrumen()}


def linter_page() -> str:
    """What the linter finds in the instrument of every pack, by printed table, and how often each rule speaks."""
    sys.path.insert(0, str(ROOT))
    from capaian.rules.instrumen.linter import RULES, lint
    from capaian.rules.instrumen.store import list_instrumen, load_instrumen

    parts = [LINTER_HEAD]
    for pack_id in list_instrumen():
        instrumen = load_instrumen(pack_id)
        findings = lint(instrumen)
        material = sum(one.severity == "material" for one in findings)
        parts.append(
            f"## `{pack_id}`: {instrumen.nama}\n\n{len(instrumen.items)} butir; {len(findings)} temuan, "
            f"{material} penting dan {len(findings) - material} kecil.\n"
        )
        counts = Counter(one.rule for one in findings)
        if counts:
            rows = [f"| `{rule}` | {words} | {counts[rule]} |" for rule, words in RULES.items() if counts[rule]]
            parts.append("| aturan | yang dicari | temuan |\n|---|---|---|\n" + "\n".join(rows) + "\n")
        for tabel, rows in groupby(sorted(findings, key=lambda one: one.tabel), lambda one: one.tabel):
            parts.append(f"### {tabel or 'Keseluruhan'}\n\n{LINTER_COLUMNS}\n" + "".join(map(_linter_row, rows)))
    rules = "\n".join(f"| `{rule}` | {words} |" for rule, words in RULES.items())
    parts.append(f"## Semua aturan\n\n| aturan | yang dicari |\n|---|---|\n{rules}\n")
    return "\n".join(parts)


LINTER_COLUMNS = "| butir | tingkat | temuan | yang dilakukan |\n|---|---|---|---|"
LINTER_HEAD = (
    "# Linter of instruments\n\nWritten by `make docs` with `capaian instrumen periksa` on every instrument of a pack; "
    "do not edit. Nothing here is repaired: each instrument stands as printed, and the last column says what is done "
    "until its author decides. *Penting* can change a score or a class, *kecil* cannot.\n"
)


def _linter_row(one: Any) -> str:
    words = {"material": "penting", "minor": "kecil"}[one.severity]
    cells = (f"{one.nomor} {one.nama} `{one.kode}`".strip(), f"{words}, `{one.rule}`", one.message, one.remedy)
    return f"| {' | '.join(cell.replace('|', '/').replace('<', '&lt;') for cell in cells)} |\n"


def pages() -> dict[str, str]:
    """The generated pages of docs/reference by file name."""
    sys.path.insert(0, str(ROOT))
    from capaian.exchange.fidelity.report import coverage_markdown, fidelity_markdown
    from capaian.exchange.samples.reader import read_sample, sample_names

    samples = [read_sample(name) for name in sample_names()]
    return {
        "packs.md": packs_page(),
        "linter.md": linter_page(),
        "fidelity.md": fidelity_markdown(samples),
        "coverage.md": coverage_markdown(samples),
        **instrument_pages(),
    }


def workflow_page() -> str:
    """docs/explanation/workflow.md with the diagram of the present table of transitions."""
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "capaian.config.settings")
    django.setup()
    from capaian.workflow.transitions import to_mermaid

    diagram = re.compile(r"(<!-- transitions:[^\n]*-->\n```mermaid\n).*?(```\n<!-- /transitions -->)", re.DOTALL)
    return diagram.sub(lambda found: f"{found[1]}{to_mermaid()}\n{found[2]}", WORKFLOW.read_text(), count=1)


def documents() -> list[Path]:
    return [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "samples").glob("*.md")]


def broken_links() -> list[str]:
    """Relative links to files that are not there, as `file: target`."""
    broken = []
    for path in documents():
        for target in re.findall(r"\]\(([^)\s]+)\)", path.read_text()):
            if "://" not in target and not (path.parent / target.split("#")[0]).exists():
                broken.append(f"{path.relative_to(ROOT)}: {target}")
    return broken


def main() -> int:
    """Write the reference and report broken links; 1 if there are any."""
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (REFERENCE / name).write_text(text)
    WORKFLOW.write_text(workflow_page())
    broken = broken_links()
    print(f"docs/reference written; {len(documents())} documents, {len(broken)} broken links")
    print(*broken, sep="\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
