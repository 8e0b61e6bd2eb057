"""Which release this is."""

from __future__ import annotations

import tomllib
from importlib.metadata import version
from pathlib import Path

from django.conf import settings


def release() -> str:
    """The number of this release: of the checkout that it runs from, else of the installed package."""
    project = Path(settings.BASE_DIR, "pyproject.toml")
    if not project.exists():
        return version("capaian")
    return str(tomllib.loads(project.read_text())["project"]["version"])
