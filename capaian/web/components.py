"""Parts of a page that a view prepares: choices of the context bar and the panel that shows a trace."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe


@dataclass(frozen=True)
class Choice:
    """One value that the context bar offers, as a link to the same page."""

    label: str
    url: str
    active: bool


@dataclass(frozen=True)
class ContextChoice:
    """An item of the context bar (Periode, Versi): what is shown now and what else can be chosen."""

    label: str
    value: str
    choices: tuple[Choice, ...]


def cached_part(name: str, *state: object, build: Callable[[], str]) -> SafeString:
    """A part of a page, rendered by `build` once for each `state` of what it shows and kept by the process.

    `state` names everything that the part depends on: the office year, the version of its data, what was chosen.
    It may not depend on the person.
    """
    key = ":".join(["part", name, *map(str, state)])
    html = cache.get(key)
    if html is None:
        html = build()
        cache.set(key, html, timeout=None)
    return mark_safe(str(html))  # noqa: S308 - a template of ours rendered it, escaped


def context_choice(
    request: HttpRequest, label: str, parameter: str, options: Iterable[tuple[object, str]], current: object
) -> ContextChoice:
    """An item of the context bar whose choices set the query parameter `parameter` and keep the others.

    `options` are (value, label) pairs, `current` the value in force; compared as text.
    """
    choices, shown = [], "–"
    for value, text in options:
        query = request.GET.copy()
        query[parameter] = str(value)
        query.pop("page", None)
        active = str(value) == str(current)
        shown = text if active else shown
        choices.append(Choice(text, f"{request.path}?{query.urlencode()}", active))
    return ContextChoice(label, shown, tuple(choices))


def render_trace(
    request: HttpRequest,
    trace: Mapping[str, Any] | None,
    *,
    title: str,
    subtitle: str = "",
    result: str = "",
    status: str = "",
    basis: str = "",
    remarks: Iterable[str] = (),
    printed_url: str = "",
    back_url: str = "",
) -> HttpResponse:
    """The trace panel for htmx, or a page of its own for a plain link. `trace` is `Trace.to_dict()`.

    `result` is the figure as shown on the page, `status` its status word, `basis` the pack id, `remarks` what the rule
    says to people, `printed_url` a fragment with what a document printed differently, `back_url` for the page.
    """
    context = {
        "steps": list((trace or {}).get("steps", [])),
        "title": title,
        "subtitle": subtitle,
        "result": result,
        "status": status,
        "packs": [pack for pack in basis.split("+") if pack],
        "remarks": list(remarks),
        "printed_url": printed_url,
        "back_url": back_url,
    }
    template = "web/trace.html" if request.htmx else "web/trace_page.html"  # type: ignore[attr-defined]
    return render(request, template, context)
