"""To the platform's connector: one aiohttp session, the bot's token, time limits; refusals become DeliveryError.

What goes out is JSON of our own making. The SDK's client would validate it, copy it, walk through every card to write
it and send it over blocking threads: half of a turn's time (see the decisions).
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import aiohttp
from yarl import URL

from adapters.intake import DeliveryError
from adapters.teams.addresses import Address
from adapters.teams.config import ServiceUrls
from adapters.teams.credentials import Tokens
from adapters.teams.elements import Element

SEND_SECONDS = 10.0
LATER = {401: 60.0, 408: 5.0, 412: 2.0, 429: 5.0, 500: 10.0, 502: 2.0, 503: 10.0, 504: 2.0}
"""Answers after which another try may help, and how long to wait where the platform does not say."""
LONGEST_WAIT = 3600.0


class Connector:
    """Sends messages as the Bot Connector REST API takes them (v3/conversations)."""

    def __init__(self, session: aiohttp.ClientSession, tokens: Tokens, urls: ServiceUrls) -> None:
        self._session = session
        self._tokens = tokens
        self._urls = urls

    async def send(self, address: Address, message: Element) -> str:
        """Send a message into a conversation, as a reply where the address names what to; the message's id.

        Raises DeliveryError.
        """
        path = f"/{quote(address.conversation, safe='')}/activities"
        if address.activity:
            path += f"/{quote(address.activity, safe='')}"
        return await self._post(address, path, {**_envelope(address), **message})

    async def start_thread(self, address: Address, message: Element) -> None:
        """A new post in a channel. Raises DeliveryError."""
        parameters = {
            "isGroup": True,
            "bot": _account(address.bot),
            "channelData": {"channel": {"id": address.conversation}, "tenant": {"id": address.tenant}},
            "tenantId": address.tenant,
            "activity": message,
        }
        await self._post(address, "", parameters)

    async def _post(self, address: Address, path: str, body: Element) -> str:
        if not self._urls.trusted(address.service_url):  # it was, when the address was stored
            raise DeliveryError("service address")
        headers = {"Content-Type": "application/json; charset=utf-8"}
        token = await self._tokens.get()
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        url = f"{address.service_url.rstrip('/')}/v3/conversations{path}"
        limit = aiohttp.ClientTimeout(total=SEND_SECONDS)
        raw = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        try:
            async with self._session.post(
                URL(url, encoded=True), data=raw, headers=headers, allow_redirects=False, timeout=limit
            ) as answer:
                text = await answer.read()
                if not 200 <= answer.status < 300:
                    raise self._refused(answer.status, answer.headers)
        except TimeoutError:
            raise DeliveryError("timeout", 5.0) from None
        except aiohttp.ClientError as error:
            raise DeliveryError(type(error).__name__, 5.0) from None
        return _id(text)

    def _refused(self, status: int, headers: Mapping[str, str]) -> DeliveryError:
        if status == 401:
            self._tokens.drop()
        wait = LATER.get(status)
        if wait is not None:
            # Jitter: many answers refused at once must not come back at once.
            wait = _seconds(headers.get("Retry-After")) or wait * (1 + secrets.randbelow(1000) / 1000)
        return DeliveryError(f"http {status}", wait)


def _envelope(address: Address) -> Element:
    """Where a message goes, from whom, to whom and as a reply to what."""
    found: Element = {
        "channelId": "msteams",
        "serviceUrl": address.service_url,
        "conversation": {
            "id": address.conversation,
            "conversationType": address.kind,
            "tenantId": address.tenant,
            "isGroup": address.kind != "personal",
        },
        "from": _account(address.bot),
        "recipient": _account(address.user),
    }
    return {**found, "replyToId": address.activity} if address.activity else found


def _account(one: tuple[str, str]) -> Element:
    return {"id": one[0], "name": one[1]}


def _id(text: bytes) -> str:
    """The id in the connector's answer; empty where it gives none."""
    try:
        answer: Any = json.loads(text) if text else {}
    except ValueError:
        return ""
    return str(answer.get("id") or "") if isinstance(answer, dict) else ""


def _seconds(text: str | None) -> float | None:
    """Retry-After in seconds; None where it is a date or nothing."""
    if text is None or not text.isascii() or not text.isdecimal():
        return None
    return min(float(text), LONGEST_WAIT)
