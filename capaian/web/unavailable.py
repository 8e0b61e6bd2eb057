"""The answer to what went wrong inside: 500 in general, 503 where the database is away or somebody holds a row."""

from __future__ import annotations

import sys
from typing import Final

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template

RETRY_SECONDS: Final = 5
# What PostgreSQL (by its code) and SQLite (in its words) say when another holds what is needed: trying again helps.
_BUSY_CODES: Final = frozenset({"40001", "40P01", "55P03", "57014"})
_BUSY_WORDS: Final = ("database is locked", "database table is locked")


def server_error(request: HttpRequest) -> HttpResponse:
    """The page of an error; what is told and logged is what happened, what is shown is what to do.

    No context processor runs: who is logged in is a question to the database that may be away.
    """
    error = sys.exc_info()[1]
    if not isinstance(error, OperationalError | InterfaceError):
        return HttpResponse(get_template("500.html").render(), status=500)
    page = get_template("503.html").render({"is_busy": _is_busy(error)})
    response = HttpResponse(page, status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


def _is_busy(error: BaseException) -> bool:
    code = getattr(error.__cause__, "sqlstate", None)
    return code in _BUSY_CODES or any(words in str(error) for words in _BUSY_WORDS)
