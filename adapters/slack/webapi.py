"""Calls to Slack's Web API and to response addresses; what goes wrong becomes a DeliveryError."""

from __future__ import annotations

import asyncio
import ssl
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.intake import DeliveryError
from adapters.quiet import quiet
from adapters.slack.proxies import proxy_for
from adapters.slack.surface import METHODS
from bot.settings import Settings

SDK = "adapters.slack.sdk"
SECONDS = 10
"""A call may take so long; shorter than what the intake allows for a whole answer."""
AGAIN = 5.0
"""Seconds before the next try where Slack does not say how many."""
RETRIED = (
    "ratelimited",
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
    "team_added_to_org",
)
UNREACHED = (aiohttp.ClientError, TimeoutError, OSError, SlackClientError)
"""Slack gave no answer, or none that can be read."""

Answer = dict[str, Any]


class Slack:
    """The Web API with this workspace's bot token. One for a process; `close` ends its connections."""

    def __init__(self, settings: Settings) -> None:
        self.tls = ssl.create_default_context()
        """Made now, not at import: so that SSL_CERT_FILE counts, with which a town adds its proxy's authority."""
        self._api = urlsplit(settings.slack_api)
        self.client = AsyncWebClient(
            token=str(settings.slack_bot_token or ""),
            base_url=settings.slack_api,
            timeout=SECONDS,
            ssl=self.tls if self._api.scheme == "https" else None,
            logger=quiet(SDK),
            retry_handlers=[],  # the SDK's own would post a message twice when a connection breaks
        )
        self.client.proxy = proxy_for(settings.slack_api)  # the SDK knows no NO_PROXY
        self._session: aiohttp.ClientSession | None = None
        self._calls = 0
        self._closed = False

    async def call(self, method: str, **arguments: Any) -> Answer:
        """One call. Raises DeliveryError; its reason is Slack's error code or the kind of failure."""
        if method not in METHODS:
            raise ValueError(method)  # its scope would be missing in the manifest
        self.client.session = self._shared()
        self._calls += 1
        try:
            response = await self.client.api_call(method, json=arguments)
        except SlackApiError as error:
            raise _failure(error) from None
        except UNREACHED as error:
            raise DeliveryError(type(error).__name__, AGAIN) from None
        finally:
            self._calls -= 1
        return response.data if isinstance(response.data, dict) else {}

    async def respond(self, url: str, body: Answer) -> None:
        """Answer through a response address. Raises DeliveryError; without `retry_after` where it has expired."""
        parts = urlsplit(url)
        # The address came in a payload that Slack signed; still nothing is ever sent to another host.
        if (
            parts.hostname not in (self._api.hostname, f"hooks.{self._api.hostname}")
            or parts.scheme != self._api.scheme
        ):
            raise DeliveryError("response_host")
        self._calls += 1
        try:
            session = self._shared() or aiohttp.ClientSession()
            try:
                async with session.post(
                    url,
                    json=body,
                    proxy=proxy_for(url),
                    ssl=self.tls,
                    timeout=aiohttp.ClientTimeout(SECONDS),
                    allow_redirects=False,
                ) as response:
                    status, wait = response.status, response.headers.get("Retry-After")
            finally:
                if session is not self._session:
                    await session.close()
        except UNREACHED as error:
            raise DeliveryError(type(error).__name__, AGAIN) from None
        finally:
            self._calls -= 1
        if status == 429 or status >= 500:
            raise DeliveryError(f"response_{status}", _seconds(wait))
        if status >= 300:
            raise DeliveryError(f"response_{status}")

    async def close(self) -> None:
        """End the shared connections when the calls in hand are done. Later calls make their own."""
        self._closed = True
        for _ in range(SECONDS * 20):
            if not self._calls:
                break
            await asyncio.sleep(0.05)
        if self._session is not None:
            await self._session.close()

    def _shared(self) -> aiohttp.ClientSession | None:
        if self._closed:
            return None
        if self._session is None:
            # No limit of its own: calls are bounded by the workers and by the people who press buttons.
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS))
        return self._session


def _failure(error: SlackApiError) -> DeliveryError:
    response = error.response
    code = str(response.get("error") or "unreadable") if hasattr(response, "get") else "unreadable"
    status = getattr(response, "status_code", 200)
    if status == 429 or code in RETRIED or status >= 500 or code == "unreadable":
        headers = getattr(response, "headers", {}) or {}
        return DeliveryError(code, _seconds(headers.get("Retry-After") or headers.get("retry-after")))
    return DeliveryError(code)


def _seconds(header: object) -> float:
    return float(header) if isinstance(header, str) and header.isascii() and header.isdecimal() else AGAIN
