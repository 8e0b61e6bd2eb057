"""Where a request came from, also behind proxies of our own."""

from __future__ import annotations

from contextlib import suppress
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str | None:
    """The address of the browser: of `X-Forwarded-For` only the part that our own proxies wrote is believed.

    With `PROXY_COUNT` proxies it is the entry so many from the right; anybody can put more to the left of it. None
    where there is no address, as on a socket.
    """
    count = settings.PROXY_COUNT
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if count else []
    for said in [hops[-count] if len(hops) >= count > 0 else "", request.META.get("REMOTE_ADDR", "")]:
        with suppress(ValueError):
            return str(ip_address(said.strip()))
    return None
