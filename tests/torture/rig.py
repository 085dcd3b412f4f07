"""What the torture needs around the process that is killed: a platform that takes answers, and the process itself."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Any, Self

import aiohttp
from aiohttp import web

_numbers = itertools.count()
ROOT = Path(__file__).parents[2]
TEXTS = ("写真を載せてもいいですか", "短縮URLは使えますか", "勤務時間中に投稿してもいい？", "炎上したらどうする")


class Mock:
    """A platform without idempotency: it takes what it is sent, after a moment, and counts it."""

    def __init__(self, random: Random, slowest: float = 0.005) -> None:
        self.answers: Counter[str] = Counter()
        self.ids: dict[str, set[str]] = {}
        self.url = ""
        self._random = random
        self._slowest = slowest

    def routes(self, app: web.Application) -> None:
        app.router.add_post("/", self._take)

    async def _take(self, http: web.Request) -> web.Response:
        body = await http.json()
        await asyncio.sleep(self._random.uniform(0, self._slowest))
        self.answers[body["key"]] += 1
        self.ids.setdefault(body["key"], set()).add(body["answer"])
        await asyncio.sleep(self._random.uniform(0, self._slowest))
        return web.json_response({"ok": True})

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[Self]:
        app = web.Application()
        self.routes(app)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
        try:
            yield self
        finally:
            await runner.cleanup()


class Process:
    """One process, exec'ed; standing by until it is told to go."""

    PROGRAM = "answering.py"

    def __init__(self, child: asyncio.subprocess.Process, log: Path) -> None:
        self.child = child
        self.log = log
        self.url = ""

    @classmethod
    async def standing_by(cls, database: str, mock: Mock, folder: Path, lease: float = 30.0, **more: Any) -> Self:
        given = json.dumps({"database": database, "mock": mock.url, "lease": lease, **more})
        log = folder / f"process-{next(_numbers)}.log"
        with log.open("wb") as stderr:
            child = await asyncio.create_subprocess_exec(
                sys.executable, str(Path(__file__).with_name(cls.PROGRAM)), given,
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=stderr,
                cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
            )  # fmt: skip
        return cls(child, log)

    async def go(self) -> None:
        """Open the database and listen."""
        assert self.child.stdin is not None
        assert await self._line() == "warm"
        self.child.stdin.write(b"go\n")
        self.url = f"http://127.0.0.1:{int(await self._line())}"

    async def kill(self) -> None:
        """As a power cut would end it."""
        self.child.kill()
        await self._gone()

    async def end(self) -> int:
        """As a deployment would."""
        self.child.terminate()
        return await self._gone()

    async def dismiss(self) -> None:
        """Send home one that is not needed any more."""
        if self.child.returncode is None:
            await self.kill()

    def said(self) -> str:
        """What it wrote into its log."""
        return self.log.read_text(encoding="utf-8")

    async def _gone(self) -> int:
        async with asyncio.timeout(30):
            await self.child.communicate()
            return await self.child.wait()

    async def _line(self) -> str:
        assert self.child.stdout is not None
        async with asyncio.timeout(60):
            line = (await self.child.stdout.readline()).decode().strip()
        assert line, self.said()
        return line


def post(key: str, at: float, kind: str = "message") -> dict[str, Any]:
    """A post as one delivery of it arrives."""
    return {"key": key, "user": f"U-{key}", "text": TEXTS[len(key) % len(TEXTS)], "at": at, "kind": kind}


async def deliver(session: aiohttp.ClientSession, url: str, body: dict[str, Any]) -> str | None:
    """What the process made of a post; None where it did not acknowledge it, dead or without its database."""
    try:
        async with session.post(f"{url}/ask", json=body) as response:
            return str((await response.json())["accepted"]) if response.status == 200 else None
    except (aiohttp.ClientError, ConnectionError):
        return None


async def drained(session: aiohttp.ClientSession, url: str, seconds: float = 60.0) -> None:
    """Until nothing waits in the inbox."""
    async with asyncio.timeout(seconds):
        while True:
            async with session.get(f"{url}/waiting") as response:
                if await response.json() == 0:
                    return
            await asyncio.sleep(0.05)
