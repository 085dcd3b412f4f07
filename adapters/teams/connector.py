"""To the platform's connector: one aiohttp session, the bot's token, time limits; refusals become DeliveryError.

What goes out is JSON of our own making. The SDK's client would validate it, copy it, walk through every card to write
it and send it over blocking threads: half of a turn's time (see the decisions).
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

import aiohttp
from yarl import URL

from adapters.intake import DeliveryError
from adapters.pacing import PACED, HeldError, Limits, Pacer
from adapters.teams.addresses import Address
from adapters.teams.config import ServiceUrls
from adapters.teams.credentials import Tokens
from adapters.teams.elements import Element

SEND_SECONDS, CONNECT_SECONDS = 10.0, 5.0
LATER = {401: 60.0, 408: 5.0, 412: 2.0, 429: 5.0, 500: 10.0, 502: 2.0, 503: 10.0, 504: 2.0}
"""Answers after which another try may help, and how long to wait where the platform does not say."""
UNDONE = (502, 504)
"""Of the platform's own failures those after which it asks for another try: nothing was done."""
OF_ALL = (401, 429)
"""Answers that every message would get just now."""
LONGEST_WAIT = 3600.0
AGAIN = 5.0
"""Seconds before the next try where the platform cannot be reached."""
UNCALLED = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError)
"""Failures before anything of a call was sent."""
LIMITS = Limits(conversation=((7, 1.0), (8, 2.0), (60, 30.0), (1800, 3600.0)), tenant=((30, 1.0),), bulk=((15, 1.0),))
"""What Microsoft allows a bot in a thread, and in a tenant; planned messages keep to half of that."""

_CODE = re.compile(r"[A-Za-z]{1,64}")


class RejectedError(DeliveryError):
    """The connector has refused a call; `code` is its own word for why, empty where it gives none."""

    code = ""


@dataclass(frozen=True, slots=True)
class _Call:
    method: Literal["GET", "POST"]
    address: Address
    path: str
    body: Element | None = None
    bulk: bool = False


class Connector:
    """Sends messages as the Bot Connector REST API takes them (v3/conversations), as fast as it allows."""

    def __init__(self, session: aiohttp.ClientSession, tokens: Tokens, urls: ServiceUrls, pacer: Pacer) -> None:
        self._session = session
        self._tokens = tokens
        self._urls = urls
        self._pacer = pacer

    async def send(self, address: Address, message: Element, *, bulk: bool = False) -> str:
        """Send a message into a conversation, as a reply where the address names what to; the message's id.

        `bulk`: a planned message, which lets answers go first. Raises DeliveryError.
        """
        path = f"/{quote(address.conversation, safe='')}/activities"
        if address.activity:
            path += f"/{quote(address.activity, safe='')}"
        body = {**_envelope(address), **message}
        return str((await self._paced(_Call("POST", address, path, body, bulk))).get("id") or "")

    async def start_thread(self, address: Address, message: Element) -> None:
        """A new post in a channel. Raises DeliveryError."""
        parameters = {
            "isGroup": True,
            "bot": _account(address.bot),
            "channelData": {"channel": {"id": address.conversation}, "tenant": {"id": address.tenant}},
            "tenantId": address.tenant,
            "activity": message,
        }
        await self._paced(_Call("POST", address, "", parameters))

    async def member(self, address: Address) -> Element:
        """Who the person in a direct chat is, as the platform says it. Raises DeliveryError."""
        path = f"/{quote(address.conversation, safe='')}/members/{quote(address.user[0], safe='')}"
        return await self._paced(_Call("GET", address, path, bulk=True))

    async def _paced(self, call: _Call) -> Element:
        address = call.address
        if not self._urls.trusted(address.service_url):  # it was, when the address was stored
            raise DeliveryError("service address")
        token = await self._tokens.get()
        try:
            async with self._pacer.turn(address.tenant, address.conversation, bulk=call.bulk):
                return await self._called(call, token)
        except HeldError as held:
            raise DeliveryError(PACED, held.seconds, concerns="platform") from None

    async def _called(self, call: _Call, token: str | None) -> Element:
        headers = {"Content-Type": "application/json; charset=utf-8"} if call.body is not None else {}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        url = URL(f"{call.address.service_url.rstrip('/')}/v3/conversations{call.path}", encoded=True)
        limit = aiohttp.ClientTimeout(total=SEND_SECONDS, sock_connect=CONNECT_SECONDS)
        raw = None if call.body is None else json.dumps(call.body, ensure_ascii=False).encode("utf-8", "replace")
        try:
            async with self._session.request(
                call.method, url, data=raw, headers=headers, allow_redirects=False, timeout=limit
            ) as answer:
                found = _object(await answer.read())
                if not 200 <= answer.status < 300:
                    raise self._refused(call.address, answer, found)
        except UNCALLED as error:
            raise DeliveryError(type(error).__name__, AGAIN, concerns="platform") from None
        except TimeoutError:
            raise DeliveryError("timeout", AGAIN, unsure=True) from None
        except aiohttp.ClientError as error:
            raise DeliveryError(type(error).__name__, AGAIN, unsure=True) from None
        return found

    def _refused(self, address: Address, answer: aiohttp.ClientResponse, found: Element) -> DeliveryError:
        status = answer.status
        if status == 401:
            self._tokens.drop()
        wait = LATER.get(status)
        if wait is not None:
            # Jitter: many answers refused at once must not come back at once.
            wait = _seconds(answer.headers.get("Retry-After")) or wait * (1 + secrets.randbelow(1000) / 1000)
        if status == 429:
            self._pacer.hold(address.tenant, wait or AGAIN)
        unsure = status == 408 or (status >= 500 and status not in UNDONE)
        concerns: Literal["platform", "message"] = "platform" if status in OF_ALL else "message"
        error = RejectedError(f"http {status}", wait, unsure=unsure, concerns=concerns)
        error.code = _code(found)
        return error


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


def _object(text: bytes) -> Element:
    """The JSON object in the connector's answer; empty where it gives none."""
    try:
        answer: Any = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _code(answer: Mapping[str, Any]) -> str:
    said = answer.get("error")
    code = said.get("code") if isinstance(said, dict) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""


def _seconds(text: str | None) -> float | None:
    """Retry-After in seconds; None where it is a date or nothing."""
    if text is None or not text.isascii() or not text.isdecimal():
        return None
    return min(float(text), LONGEST_WAIT)
