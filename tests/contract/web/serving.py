"""The page on a loopback port, over a real store, in a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import json
import threading
from collections.abc import Coroutine, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from aiohttp import web

from adapters.web.app import WebFront
from bot.service import Service
from bot.settings import Settings
from bot.testing import Office, office

T = TypeVar("T")


class LoopThread:
    """An event loop in a thread: what needs one for longer than a call leaves the test's own thread free of it."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def do(self, work: Coroutine[Any, Any, T], seconds: float = 90.0) -> T:
        waiting: Future[T] = asyncio.run_coroutine_threadsafe(work, self.loop)
        return waiting.result(seconds)

    def close(self) -> None:
        self.do(self._end())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    async def _end(self) -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


@contextlib.contextmanager
def loop_thread() -> Iterator[LoopThread]:
    thread = LoopThread()
    try:
        yield thread
    finally:
        thread.close()


@dataclass(frozen=True)
class Site:
    """A running page."""

    url: str
    port: int
    front: WebFront
    office: Office


@contextlib.contextmanager
def served(service: Service, folder: Path, settings: Settings | None = None) -> Iterator[Site]:
    """Serve the page on a free port of 127.0.0.1."""
    behind: list[Office] = []
    runners: list[web.AppRunner] = []

    async def start() -> Site:
        behind.append(office(service, folder, []))
        front = WebFront(behind[0].intake, settings or Settings(port=0))
        app = web.Application()
        front.routes(app)
        runners.append(web.AppRunner(app, access_log=None, shutdown_timeout=1.0))
        await runners[0].setup()
        await web.TCPSite(runners[0], "127.0.0.1", 0).start()
        await front.start()
        port = runners[0].addresses[0][1]
        return Site(f"http://127.0.0.1:{port}", port, front, behind[0])

    with loop_thread() as thread:
        try:
            site = thread.do(start())
            yield site
            thread.do(site.front.stop())
        finally:
            for runner in runners:
                thread.do(runner.cleanup())
            for one in behind:
                one.store.close()


ASK = {"org": "asahikawa", "question": "短縮URLを使ってもいいですか"}


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def send(site: Site, method: str, path: str, body: bytes | None = None, **headers: str) -> Reply:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        reply = connection.getresponse()
        return Reply(reply.status, {name.title(): value for name, value in reply.getheaders()}, reply.read())
    finally:
        connection.close()


def post(site: Site, path: str, content: object, **headers: str) -> Reply:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return send(site, "POST", path, body, **{"Origin": site.url, "Content_Type": "application/json", **headers})


def head(site: Site) -> str:
    """The beginning of a POST as it goes over the wire, its last header to be added."""
    named = {"Host": f"127.0.0.1:{site.port}", "Origin": site.url, "Content-Type": "application/json"}
    return "POST /api/ask HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in named.items())


def one_line(reply: Reply) -> str:
    text = reply.json["error"]
    assert isinstance(text, str)
    assert text
    assert "\n" not in text
    return text
