"""The proxy of a town's network. slack_sdk reads HTTPS_PROXY but not NO_PROXY, and aiohttp gives WebSockets none.

So it is worked out here for each address, and handed to both.
"""

from __future__ import annotations

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

_AS = {"wss": "https", "ws": "http"}


def proxy_for(url: str) -> str | None:
    """The proxy's address for a URL as the environment says now: HTTPS_PROXY, HTTP_PROXY, ALL_PROXY, NO_PROXY."""
    parts = urlsplit(url)
    if not parts.hostname or proxy_bypass(parts.hostname) or _listed(parts.hostname, parts.port):
        return None
    proxies = getproxies()
    found = proxies.get(_AS.get(parts.scheme, parts.scheme)) or proxies.get("all")
    return (found if "://" in found else f"http://{found}") if found else None


def _listed(host: str, port: int | None) -> bool:
    """Whether NO_PROXY names the host with its port."""
    return port is not None and bool(proxy_bypass(f"{host}:{port}"))
