"""Who may talk to the page: the Host and Origin of a request, and the headers that every reply carries."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from adapters.web.inbound import RefusedError
from bot.settings import Settings, is_loopback

BODY_BYTES = 64 * 1024
CHECK_BYTES = 160 * 1024
"""A draft of 10,000 characters in any spelling that JSON or a form has for it, and what goes with it."""

JSON, FORM, FILES = "application/json", "application/x-www-form-urlencoded", "multipart/form-data"

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """Refuses what does not come from our own page under an address of ours."""

    def __init__(self, settings: Settings) -> None:
        self._open = not settings.loopback
        own = urlsplit(settings.url or "")
        self._origin = f"{own.scheme}://{_authority(own.scheme, own.netloc)}" if settings.url else None
        self._hosts = {settings.host.strip("[]").lower(), own.hostname} - {None, "", "0.0.0.0", "::"}  # noqa: S104

    def host(self, host: str | None) -> None:
        """Refuse a Host that is none of ours: a foreign name that leads here is a rebound one.

        An address in figures cannot be rebound, so it will do wherever other machines may reach the page at all.
        """
        name = _name(host)
        if name is None or not (is_loopback(name) or name in self._hosts or (self._open and _in_figures(name))):
            raise RefusedError(
                421, "このアドレスでは開けません。管理者は GUIDELINE_BOT_URL に、開くときのアドレスを設定してください。"
            )

    def posted(self, headers: Mapping[str, str], host: str | None, kinds: Mapping[str, int]) -> None:
        """Refuse a POST that another site's page has sent, or that is of no kind and size that is served here.

        `kinds`: the media types and how many bytes each may have.
        """
        if not self._same(headers.get("Origin"), host):
            raise RefusedError(403, "ほかのサイトからの送信は受け付けません。")
        kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if kind not in kinds:
            raise RefusedError(415, f"Content-Type: {' か '.join(kinds)} で送ってください。")
        if headers.get("Content-Encoding", "identity").strip().lower() != "identity":
            raise RefusedError(415, "圧縮せずに送ってください。")
        length = headers.get("Content-Length", "" if kind == FILES else "0")
        if not length:  # so that nobody sends files without end; every browser says it
            raise RefusedError(411, "Content-Length を付けて送ってください。")
        if not length.isdecimal() or int(length) > kinds[kind]:
            raise too_large()

    def _same(self, origin: str | None, host: str | None) -> bool:
        if origin is None or host is None:
            return False
        if origin == self._origin:
            return True
        scheme, _, authority = origin.partition("://")
        # Either scheme: behind a proxy that ends TLS the page is https and the request is not.
        return scheme in ("http", "https") and _authority(scheme, authority) == _authority(scheme, host)


def too_large() -> RefusedError:
    """The refusal of a body that is too long."""
    return RefusedError(413, "送られたものが大きすぎます。短くするか、分けて送ってください。")


def _name(host: str | None) -> str | None:
    try:
        return urlsplit(f"//{host}").hostname if host else None
    except ValueError:
        return None


def _authority(scheme: str, authority: str) -> str:
    """Host and port in small letters, without the port that the scheme implies."""
    return authority.lower().removesuffix(":443" if scheme == "https" else ":80")


def _in_figures(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
