"""A Slack of our own on loopback: Web API, Socket Mode, response addresses. It refuses what Slack would refuse."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import re
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSCloseCode, WSMsgType, web

from tests.contract.limits import Enforcer
from tests.contract.slack.gate import wrong_message, wrong_view

BOT_TOKEN, APP_TOKEN, SECRET = "xoxb-1-test", "xapp-1-test", "8f742231b10e8888abcd99yyyzzz85a5"
TEAM, BOT = "T0001", "U0BOT"
SECONDS = 10.0


@dataclass(frozen=True)
class Call:
    """One call of the Web API, or one answer to a response address (method `respond`)."""

    method: str
    body: dict[str, Any]

    @property
    def text(self) -> str:
        """All that a person would read, the fallback text left out."""
        blocks = self.body.get("blocks") or self.body.get("view", {}).get("blocks", [])
        return "\n".join(re.findall(r'"(?:text)": "((?:[^"\\]|\\.)*)"', json.dumps(blocks, ensure_ascii=False)))


@dataclass
class FakeSlack:
    """`failures`: answers to give to a method before its real ones, as (status, body, headers).

    `cut`: methods whose next call is taken and whose answer is not heard, the line being cut. `link`: where the
    WebSocket is said to be, when that is not `url`. `files`: what files.info says beside the address, and the bytes
    there; `slow` ones do not come, and `slow` methods take a second. `people`: user ids by mail address. `limits`:
    those of chat.postMessage.
    """

    url: str = ""
    link: str = ""
    calls: list[Call] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    failures: dict[str, deque[tuple[int, dict[str, Any], dict[str, str]]]] = field(
        default_factory=lambda: defaultdict(deque)
    )
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    acks: dict[str, asyncio.Future[dict[str, Any]]] = field(default_factory=dict)
    expired: set[str] = field(default_factory=set)
    files: dict[str, tuple[dict[str, Any], bytes]] = field(default_factory=dict)
    slow: set[str] = field(default_factory=set)
    cut: list[str] = field(default_factory=list)
    people: dict[str, str] = field(default_factory=dict)
    chats: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    limits: Enforcer | None = None
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    def of(self, *methods: str) -> list[Call]:
        return [call for call in self.calls if call.method in methods]

    @property
    def posts(self) -> list[Call]:
        return self.of("chat.postMessage")

    async def wait(self, count: int = 1, *methods: str) -> list[Call]:
        """The calls of these methods (posts by default), as soon as there are so many."""
        async with asyncio.timeout(SECONDS):
            while len(found := self.of(*(methods or ("chat.postMessage",)))) < count:
                self._changed.clear()
                await self._changed.wait()
        return found

    async def quiet(self, seconds: float = 0.3) -> None:
        """Until nothing has been called for a while."""
        before = -1
        while before != len(self.calls):
            before = len(self.calls)
            await asyncio.sleep(seconds)

    async def connected(self, count: int = 1) -> None:
        """Until so many WebSockets are open."""
        async with asyncio.timeout(SECONDS):
            while len([one for one in self.sockets if not one.closed]) < count:
                self._changed.clear()
                await self._changed.wait()

    async def deliver(self, kind: str, payload: dict[str, Any], **more: object) -> dict[str, Any]:
        """Send an envelope over the newest WebSocket; the acknowledgement."""
        envelope = f"e{next(self._numbers)}"
        self.acks[envelope] = asyncio.get_running_loop().create_future()
        socket = next(one for one in reversed(self.sockets) if not one.closed)
        await socket.send_json({"envelope_id": envelope, "type": kind, "payload": payload, **more})
        return await asyncio.wait_for(self.acks[envelope], SECONDS)

    def hold(self, file: str, data: bytes, **more: object) -> dict[str, Any]:
        """Keep a file; it as a message names it."""
        said = {"id": file, "name": "写真.jpg", "mimetype": "image/jpeg", "size": len(data)}
        said |= {"url_private": f"{self.url}/files/{file}", **more}
        self.files[file] = (said, data)
        return said

    def app(self) -> web.Application:
        app = web.Application(client_max_size=4 * 2**20)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_get("/link", self._link)
        app.router.add_post("/response/{name}", self._respond)
        app.router.add_get("/files/{file}", self._file)
        app.router.add_get("/moved/{file}", self._moved)
        return app

    async def _api(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        token = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        if request.headers.get("Authorization") != f"Bearer {token}":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        if method in ("files.info", "conversations.history", "users.lookupByEmail") and request.method != "GET":
            return web.json_response({"ok": False, "error": "invalid_arguments"})  # Slack's takes no JSON
        body = await _body(request)
        if method in self.slow:
            await asyncio.sleep(1.0)
        if self.failures[method]:
            status, answer, headers = self.failures[method].popleft()
            return web.json_response(answer, status=status, headers=headers)
        error = self._gate(method, body)
        if error:
            self.refused.append(f"{method}: {error}")
            return web.json_response({"ok": False, "error": "invalid_blocks"})
        refused = self._refusal(method, body)
        if refused is not None:
            return refused
        self._record(Call(method, body))
        answer = {"ok": True, **self._answer(method, body)}
        if method in self.cut and request.transport is not None:
            self.cut.remove(method)
            request.transport.abort()
        return web.json_response(answer)

    def _refusal(self, method: str, body: dict[str, Any]) -> web.Response | None:
        pause = self.limits.refusal(body["channel"]) if self.limits and method == "chat.postMessage" else None
        if pause is not None:
            limited = {"ok": False, "error": "ratelimited"}
            return web.json_response(limited, status=429, headers={"Retry-After": str(pause)})
        if method == "files.info" and body["file"] not in self.files:
            return web.json_response({"ok": False, "error": "file_not_found"})
        if method == "users.lookupByEmail" and body["email"] not in self.people:
            return web.json_response({"ok": False, "error": "users_not_found"})
        return None

    def _answer(self, method: str, body: dict[str, Any]) -> dict[str, Any]:  # noqa: PLR0911  # one a method
        number = next(self._numbers)
        match method:
            case "auth.test":
                return {"team_id": TEAM, "user_id": BOT, "bot_id": "B0BOT", "team": "市役所", "user": "guideline"}
            case "apps.connections.open":
                return {"url": (self.link or self.url).replace("http", "ws") + "/link"}
            case "conversations.open":
                return {"channel": {"id": f"D0{body['users']}"}}
            case "chat.postMessage":
                ts = f"1800000000.{number:06d}"
                self.chats[body["channel"]].insert(0, {"ts": ts, "metadata": body.get("metadata")})
                return {"ts": ts, "channel": body["channel"]}
            case "conversations.history":
                return self._history(body)
            case "users.lookupByEmail":
                return {"user": {"id": self.people[body["email"]]}}
            case "views.open" | "views.push" | "views.publish":
                return {"view": {"id": f"V{number}"}}
            case "files.info":
                return {"file": self.files[body["file"]][0]}
            case _:
                return {}

    def _history(self, body: dict[str, Any]) -> dict[str, Any]:
        """Newest first, page by page; metadata only where they are asked for."""
        found = [one for one in self.chats[body["channel"]] if float(one["ts"]) > float(body["oldest"])]
        begin = int(body.get("cursor") or 0)
        end = begin + int(body["limit"])
        shown = found[begin:end]
        if body.get("include_all_metadata") != "1":
            shown = [{"ts": one["ts"]} for one in shown]
        more = end < len(found)
        return {"messages": shown, "has_more": more, "response_metadata": {"next_cursor": str(end) if more else ""}}

    def _gate(self, method: str, body: dict[str, Any]) -> str | None:
        if method.startswith("views."):
            return wrong_view(body["view"])
        return wrong_message(body) if method.startswith("chat.") else None

    async def _respond(self, request: web.Request) -> web.Response:
        if request.match_info["name"] in self.expired:
            return web.json_response({"ok": False, "error": "expired_url"}, status=404)
        body = await request.json()
        error = wrong_message(body)
        if error:
            self.refused.append(f"respond: {error}")
            return web.Response(status=400)
        self._record(Call("respond", body))
        return web.Response(text="ok")

    async def _moved(self, request: web.Request) -> web.Response:
        raise web.HTTPFound(f"/files/{request.match_info['file']}")

    async def _file(self, request: web.Request) -> web.Response:
        self._record(Call("file", {"file": request.match_info["file"]}))
        if request.headers.get("Authorization") != f"Bearer {BOT_TOKEN}":
            raise web.HTTPFound("/sign-in")  # as Slack does
        if request.match_info["file"] in self.slow:
            await asyncio.sleep(SECONDS)
        return web.Response(body=self.files[request.match_info["file"]][1], content_type="image/jpeg")

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        self._changed.set()
        await socket.send_json({"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A1"}})
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                ack = json.loads(message.data)
                waiting = self.acks.get(ack.get("envelope_id"))
                if waiting is not None and not waiting.done():
                    waiting.set_result(ack.get("payload") or {})
        return socket

    def _record(self, call: Call) -> None:
        self.calls.append(call)
        self._changed.set()


@contextlib.asynccontextmanager
async def slack() -> AsyncIterator[FakeSlack]:
    """A running fake. At the end nothing it was sent may have been refused."""
    fake = FakeSlack()
    runner = web.AppRunner(fake.app(), shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    fake.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield fake
    finally:
        for socket in fake.sockets:
            await socket.close(code=WSCloseCode.GOING_AWAY)
        await runner.cleanup()
    assert fake.refused == []


async def _body(request: web.Request) -> dict[str, Any]:
    """Arguments as the SDK sends them: JSON, a form, the query."""
    if request.content_type == "application/json":
        return {**request.query, **await request.json()}
    return {**request.query, **await request.post()}
