"""The platform's side on loopback: signing keys, signed tokens, and a connector that takes what the bot sends.

Written after botbuilder 4.17.1 (operations_async, jwt_token_extractor) and Microsoft's reference of the Bot
Connector REST API and its authentication page; checked against no real service.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import jwt
from aiohttp import web
from botframework.connector.auth import AppCredentials
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.contract.limits import Enforcer

APP_ID = "11111111-2222-4333-8444-555555555555"
TENANT = "aaaaaaaa-bbbb-4ccc-8ddd-eeeeeeeeeeee"
ISSUER = "https://api.botframework.com"


def new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def jwk(kid: str, key: rsa.RSAPrivateKey, endorsements: tuple[str, ...] = ("msteams",)) -> dict[str, Any]:
    numbers = key.public_key().public_numbers()

    def number(value: int) -> str:
        return base64.urlsafe_b64encode(value.to_bytes((value.bit_length() + 7) // 8, "big")).rstrip(b"=").decode()

    return {"kty": "RSA", "use": "sig", "kid": kid, "n": number(numbers.n), "e": number(numbers.e),
            "endorsements": list(endorsements)}  # fmt: skip


class ConstantCredentials(AppCredentials):
    """Stands where MSAL would ask Microsoft's login service."""

    def __init__(self) -> None:
        super().__init__(APP_ID)

    def get_access_token(self, force_refresh: bool = False) -> str:  # noqa: FBT001, FBT002, ARG002  # the SDK's
        return "the-bots-own-token"


@dataclass
class Sent:
    """One call to the connector."""

    method: str
    path: str
    body: dict[str, Any]
    authorization: str | None

    @property
    def card(self) -> dict[str, Any]:
        (attachment,) = self.body["attachments"]
        assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
        return dict(attachment["content"])


@dataclass
class Platform:
    """What the platform does; its plans are made by the test."""

    key: rsa.RSAPrivateKey
    url: str = ""
    keys: list[dict[str, Any]] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    cited: list[Sent] = field(default_factory=list)
    """Messages of text with citation marks, which go before a card; `sent` has all others."""
    refusals: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    hang: float = 0.0
    keys_hang: float = 0.0
    keys_asked: int = 0
    closed_channels: set[str] = field(default_factory=set)
    closed_chats: dict[str, str] = field(default_factory=dict)
    """Conversations that are refused, with the code that says why."""
    members: dict[str, dict[str, str]] = field(default_factory=dict)
    """What the platform says of a person, by the id that it calls her in conversations."""
    cut: int = 0
    """So many calls are taken and their answers not heard, the line being cut."""
    limits: Enforcer | None = None

    @property
    def service_url(self) -> str:
        return f"{self.url}/connector"

    @property
    def metadata(self) -> str:
        return f"{self.url}/openid"

    def claims(self, **changes: object) -> dict[str, Any]:
        now = int(time.time())
        found = {"iss": ISSUER, "aud": APP_ID, "serviceurl": self.service_url, "nbf": now - 60, "iat": now - 60,
                 "exp": now + 3600, **changes}  # fmt: skip
        return {name: value for name, value in found.items() if value is not None}

    def token(self, *, kid: str | None = "first", key: rsa.RSAPrivateKey | None = None, **changes: object) -> str:
        headers = {"kid": kid} if kid else {}
        return jwt.encode(self.claims(**changes), key or self.key, algorithm="RS256", headers=headers)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/openid", self._openid)
        app.router.add_get("/keys", self._keys)
        app.router.add_post("/connector/v3/conversations{rest:.*}", self._take)
        app.router.add_get("/connector/v3/conversations/{chat}/members/{user}", self._member)
        return app

    async def _openid(self, _request: web.Request) -> web.Response:
        self.keys_asked += 1
        await asyncio.sleep(self.keys_hang)
        return web.json_response({"issuer": ISSUER, "jwks_uri": f"{self.url}/keys"})

    async def _keys(self, _request: web.Request) -> web.Response:
        return web.json_response({"keys": self.keys})

    async def _member(self, request: web.Request) -> web.Response:
        found = self.members.get(request.match_info["user"])
        return web.json_response(found if found is not None else {}, status=200 if found is not None else 404)

    async def _take(self, request: web.Request) -> web.Response:
        await asyncio.sleep(self.hang)
        chat = request.path.removeprefix("/connector/v3/conversations").strip("/").partition("/")[0]
        pause = self.limits.refusal(chat) if self.limits is not None else None
        if pause is not None:
            return web.json_response({}, status=429, headers={"Retry-After": str(pause)})
        if chat in self.closed_chats:
            return web.json_response({"error": {"code": self.closed_chats[chat]}}, status=403)
        if self.refusals:
            status, headers = self.refusals.pop(0)
        else:
            status, headers = 201, {}
        if status != 201:
            return web.Response(status=status, headers=headers, text="<html>no</html>", content_type="text/html")
        body = json.loads(await request.text())
        channel = body.get("channelData", {}).get("channel", {}).get("id")
        if channel in self.closed_channels:
            return web.json_response({"error": {"code": "BotNotInConversationRoster"}}, status=403)
        path = request.path.removeprefix("/connector")
        one = Sent(request.method, path, body, request.headers.get("Authorization"))
        marks = "entities" in body
        (self.cited if marks else self.sent).append(one)
        if self.cut and request.transport is not None:
            self.cut -= 1
            request.transport.abort()
        name = f"c{len(self.cited)}" if marks else f"m{len(self.sent)}"
        return web.json_response({"id": name, "activityId": name}, status=201)


@contextlib.contextmanager
def running(key: rsa.RSAPrivateKey) -> Iterator[Platform]:
    """The platform in a thread of its own, as it is another machine in life."""
    platform = Platform(key, keys=[jwk("first", key)])
    ready, loop = threading.Event(), asyncio.new_event_loop()
    stopped = asyncio.Event()

    async def serve() -> None:
        runner = web.AppRunner(platform.app(), access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        platform.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        ready.set()
        await stopped.wait()
        await runner.cleanup()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(5)
    try:
        yield platform
    finally:
        loop.call_soon_threadsafe(stopped.set)
        thread.join(5)
        loop.close()
