"""Calls to Slack's Web API and to response addresses; what goes wrong becomes a DeliveryError."""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
from collections.abc import AsyncIterator, Mapping
from typing import Any, TypedDict
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from adapters.intake import DeliveryError
from adapters.pacing import PACED, HeldError, Limits, Pacer
from adapters.quiet import quiet
from adapters.slack.link import REFUSALS
from adapters.slack.proxies import proxy_for
from adapters.slack.surface import METHODS, READS
from bot.settings import Settings

SDK = "adapters.slack.sdk"
SECONDS, CONNECT_SECONDS = 10, 5
"""A call may take so long; shorter than what the intake allows for a whole answer. So long of it to be connected."""
TIMEOUT = aiohttp.ClientTimeout(SECONDS, sock_connect=CONNECT_SECONDS)
AGAIN = 5.0
"""Seconds before the next try where Slack does not say how many."""
_TIER_3 = Limits(tenant=((50, 60.0),), bulk=((1, 2.4),))
LIMITS = {
    "chat.postMessage": Limits(conversation=((1, 1.0),), bulk=((1, 1.0),)),
    "conversations.open": _TIER_3,
    "conversations.history": _TIER_3,
    "users.lookupByEmail": _TIER_3,
}
"""How fast Slack lets a method be called: in a channel a message a second, tier 3 some fifty calls a minute. How many
messages a workspace takes Slack does not say (several hundred a minute): planned ones keep to sixty."""
RETRIED = (
    "ratelimited",
    "internal_error",
    "fatal_error",
    "service_unavailable",
    "request_timeout",
    "team_added_to_org",
)
SURE = ("ratelimited", "request_timeout", "team_added_to_org")
"""Of these the codes after which nothing was done."""
UNREACHED = (aiohttp.ClientError, TimeoutError, OSError, SlackClientError)
"""Slack gave no answer, or none that can be read."""
UNCALLED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError)
"""Of these the failures before anything of the call was sent."""

CODE = re.compile(r"[a-z][a-z0-9_-]{1,60}")
"""Slack's error codes."""

Answer = dict[str, Any]


class _Options(TypedDict):
    proxy: str | None
    ssl: ssl.SSLContext
    timeout: aiohttp.ClientTimeout
    allow_redirects: bool


class Slack:
    """The Web API with this workspace's bot token. One for a process; `close` ends its connections.

    `limits`: how fast each method may be called.
    """

    def __init__(self, settings: Settings, limits: Mapping[str, Limits] = LIMITS) -> None:
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
        self._pacers = {method: Pacer(limits.get(method, Limits())) for method in METHODS}
        self._session: aiohttp.ClientSession | None = None
        self._calls = 0
        self._closed = False

    async def call(self, method: str, **arguments: Any) -> Answer:
        """One call. Raises DeliveryError; its reason is Slack's error code or the kind of failure."""
        return await self._paced(method, arguments, bulk=False)

    async def bulk(self, method: str, **arguments: Any) -> Answer:
        """One call for a planned message, which lets all others go first. Raises DeliveryError like `call`."""
        return await self._paced(method, arguments, bulk=True)

    def halt(self) -> None:
        """Begin no call for planned messages any more."""
        for pacer in self._pacers.values():
            pacer.halt()

    async def _paced(self, method: str, arguments: Answer, *, bulk: bool) -> Answer:
        if method not in METHODS:
            raise ValueError(method)  # its scope would be missing in the manifest
        pacer = self._pacers[method]
        try:
            async with pacer.turn("", str(arguments.get("channel") or ""), bulk=bulk):
                return await self._called(method, arguments)
        except HeldError as held:
            raise DeliveryError(PACED, held.seconds, concerns="platform") from None
        except DeliveryError as error:
            if error.reason == "ratelimited":
                pacer.hold("", error.retry_after or AGAIN)
            raise

    async def _called(self, method: str, arguments: Answer) -> Answer:
        self.client.session = self._shared()
        self._calls += 1
        try:
            if method in READS:
                response = await self.client.api_call(method, http_verb="GET", params=arguments)
            else:
                response = await self.client.api_call(method, json=arguments)
        except SlackApiError as error:
            raise _failure(error) from None
        except UNREACHED as error:
            raise _unreached(error) from None
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
        async with self._speaking() as session:
            options = self._options(url)
            async with session.post(url, json=body, **options) as response:
                status, wait = response.status, response.headers.get("Retry-After")
        if status == 429 or status >= 500:
            raise DeliveryError(f"response_{status}", _seconds(wait), unsure=status >= 500)
        if status >= 300:
            raise DeliveryError(f"response_{status}")

    async def fetch(self, url: str, most: int) -> bytes:
        """A file of Slack's, of at most so many bytes. Raises DeliveryError.

        The token goes to nobody but Slack: neither to another host nor where Slack sends us on to, its sign-in page.
        """
        parts = urlsplit(url)
        if parts.netloc not in (self._api.netloc, f"files.{self._api.netloc}") or parts.scheme != self._api.scheme:
            raise DeliveryError("file_host")
        headers = {"Authorization": f"Bearer {self.client.token}"}
        found = bytearray()
        async with self._speaking() as session, session.get(url, headers=headers, **self._options(url)) as response:
            if response.status != 200:
                raise DeliveryError(f"file_{response.status}")
            async for piece in response.content.iter_chunked(1 << 16):
                found += piece
                if len(found) > most:
                    raise DeliveryError("file_size")
        return bytes(found)

    @contextlib.asynccontextmanager
    async def _speaking(self) -> AsyncIterator[aiohttp.ClientSession]:
        """A session for one exchange beside the Web API; what keeps Slack from answering becomes a DeliveryError."""
        self._calls += 1
        try:
            session = self._shared() or aiohttp.ClientSession()
            try:
                yield session
            finally:
                if session is not self._session:
                    await session.close()
        except UNREACHED as error:
            raise _unreached(error) from None
        finally:
            self._calls -= 1

    def _options(self, url: str) -> _Options:
        return {
            "proxy": proxy_for(url),
            "ssl": self.tls,
            "timeout": TIMEOUT,
            "allow_redirects": False,
        }

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
            self._session = aiohttp.ClientSession(timeout=TIMEOUT)
        return self._session


def _failure(error: SlackApiError) -> DeliveryError:
    response = error.response
    said = str(response.get("error")) if hasattr(response, "get") else ""
    code = said if CODE.fullmatch(said) else "unreadable"  # it is logged: nothing else may come that way
    status = getattr(response, "status_code", 200)
    headers = getattr(response, "headers", {}) or {}
    wait = _seconds(headers.get("Retry-After") or headers.get("retry-after"))
    if status == 429 or code == "ratelimited":
        return DeliveryError("ratelimited", wait, concerns="platform")
    if code in RETRIED or status >= 500 or code == "unreadable":
        return DeliveryError(code, wait, unsure=code not in SURE)
    if code in REFUSALS:
        return DeliveryError(code, concerns="platform")
    return DeliveryError(code)


def _unreached(error: Exception) -> DeliveryError:
    uncalled = isinstance(error, UNCALLED)
    return DeliveryError(
        type(error).__name__, AGAIN, unsure=not uncalled, concerns="platform" if uncalled else "message"
    )


def _seconds(header: object) -> float:
    return float(header) if isinstance(header, str) and header.isascii() and header.isdecimal() else AGAIN
