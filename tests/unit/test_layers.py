"""Model relations point down, as imports do. import-linter cannot see a relation named by a string; this test can."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from django.apps import apps

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]


def labels() -> dict[str, int]:
    """App label to floor, lowest first, read from the contract that import-linter holds, so there is one order only."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    floors: dict[str, int] = {}
    for floor, layer in enumerate(reversed(layers)):
        for name in layer.replace("|", " ").replace(":", " ").split():
            floors[name.strip("()")] = floor
    return floors


def test_every_app_of_ours_has_a_floor() -> None:
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("capaian.")}
    assert ours <= set(labels())


def test_order_of_the_floors() -> None:
    floors = labels()
    order = [
        "rules", "documents", "web", "organisations", "workflow", "planning", "budget", "measurement", "review",
        "reports", "exchange", "cli",
    ]  # fmt: skip
    assert sorted(order, key=floors.__getitem__) == order


def test_relations_point_down() -> None:
    floors = labels()
    upwards = []
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if not (field.is_relation and field.concrete and field.related_model):
                continue
            here, there = model._meta.app_label, field.related_model._meta.app_label
            sideways = here != there and floors.get(here) == floors.get(there)
            if here in floors and there in floors and (floors[there] > floors[here] or sideways):
                upwards.append(f"{here}.{model.__name__}.{field.name} -> {there}")
    assert not upwards
