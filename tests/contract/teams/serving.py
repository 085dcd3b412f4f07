"""The real front on a real site on loopback, with the real intake, desk and store behind it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web

from adapters.pacing import Limits
from adapters.teams.app import TeamsFront
from bot.directory import Workspace
from bot.ports import Clock
from bot.service import Service
from bot.settings import Secret, Settings
from bot.testing import Office, office
from tests.contract.teams.activities import BIBAI_CHANNEL, OFFICE_CHANNEL
from tests.contract.teams.fakes import APP_ID, TENANT, ConstantCredentials, Platform

WORKSPACE = Workspace(
    "teams", TENANT, "asahikawa", channels={BIBAI_CHANNEL: "bibai"}, departments={"広報広聴課": OFFICE_CHANNEL}
)


def settings(platform: Platform, **changes: Any) -> Settings:
    given = {
        "teams_app_id": APP_ID,
        "teams_app_type": "SingleTenant",
        "teams_tenant_id": TENANT,
        "teams_app_password": Secret("invented"),
        "teams_metadata": platform.metadata,
        "url": "https://guideline.example.lg.jp",
    }
    return Settings(**{**given, **changes})


FREE = Limits()

DEVELOPMENT: dict[str, Any] = {"teams_app_id": None, "teams_app_type": None, "teams_app_password": None}
"""Changes of the settings after which nothing of a registration is left."""


@dataclass
class Served:
    """The running front, and a client that plays the platform's part."""

    front: TeamsFront
    office: Office
    platform: Platform
    url: str
    http: aiohttp.ClientSession
    handled: list[str]

    async def post(self, body: object, sign: str | None = "good") -> int:
        status, _ = await self.ask(body, sign)
        return status

    async def ask(self, body: object, sign: str | None = "good") -> tuple[int, Any]:
        """Status and JSON of one activity. `sign`: `good` is made fresh, None sends none."""
        header = {} if sign is None else {"Authorization": f"Bearer {self.platform.token()}"}
        if sign not in (None, "good"):
            header = {"Authorization": sign}
        async with self.http.post(self.url, json=body, headers=header) as answer:
            text = await answer.read()
            return answer.status, await answer.json() if text and answer.content_type == "application/json" else None

    async def raw(self, body: bytes, kind: str = "application/json", **more: str) -> int:
        headers = {"Authorization": f"Bearer {self.platform.token()}", "Content-Type": kind, **more}
        async with self.http.post(self.url, data=body, headers=headers) as answer:
            return answer.status

    async def sent(self, count: int = 1, seconds: float = 10.0) -> list[Any]:
        """Wait until the connector has taken so many calls."""
        await until(lambda: len(self.platform.sent) >= count, seconds)
        return self.platform.sent

    async def quiet(self) -> None:
        """Wait until nothing is waiting to be answered."""

        def nothing() -> bool:
            return self.office.store.inbox.waiting() == 0

        await until(nothing, 10.0)


Play = Callable[[Callable[[Served], Awaitable[None]]], None]
"""Plays a scene at a served front."""


async def until(true: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited too long"
        await asyncio.sleep(0.01)


@contextlib.asynccontextmanager
async def serving(  # noqa: PLR0913  # what a test may want otherwise
    service: Service,
    folder: Path,
    platform: Platform,
    *,
    working: bool = True,
    limits: Limits = FREE,
    clock: Clock | None = None,
    **changes: Any,
) -> AsyncIterator[Served]:
    """The front behind its endpoint; `working`: with the workers that answer.

    `limits`: as fast as the front may call; the platform takes as much as it is given.
    """
    behind = office(service, folder, [WORKSPACE], clock)
    given = settings(platform, **changes)
    front = TeamsFront(behind.intake, given, behind.store.places, ConstantCredentials(), limits)
    handled: list[str] = []
    handler, on_turn = front._handler, front._handler.on_turn

    async def watched(context: Any) -> None:
        handled.append(context.activity.type)
        await on_turn(context)

    handler.on_turn = watched
    app = web.Application()
    front.routes(app)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    await front.start()
    workers = asyncio.create_task(behind.intake.run()) if working else None
    try:
        async with aiohttp.ClientSession() as http:
            url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/messages"
            yield Served(front, behind, platform, url, http, handled)
    finally:
        await front.stop()
        behind.intake.stop()
        if workers is not None:
            await asyncio.wait({workers}, timeout=5)
            workers.cancel()
            await asyncio.gather(workers, return_exceptions=True)
        await runner.cleanup()
        behind.store.close()
