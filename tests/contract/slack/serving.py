"""The real front over a real store, in HTTP mode or in Socket Mode, with the fake Slack on the other side."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web

from adapters.pacing import Limits
from adapters.slack.app import SlackFront
from bot.directory import Workspace
from bot.ports import Clock
from bot.service import Service
from bot.settings import Secret, Settings
from bot.testing import Office, office
from tests.contract.slack.fake import APP_TOKEN, BOT_TOKEN, SECRET, TEAM, FakeSlack
from tests.contract.slack.gate import wrong_view

OFFICE_CHANNEL, BIBAI_CHANNEL = "C0OFFICE", "C0BIBAI"
WORKSPACE = Workspace("slack", TEAM, "asahikawa", {BIBAI_CHANNEL: "bibai"}, {"広報広聴課": OFFICE_CHANNEL})


def settings_for(fake: FakeSlack, *, socket: bool = False, url: str | None = None) -> Settings:
    return Settings(
        url=url,
        slack_bot_token=Secret(BOT_TOKEN),
        slack_app_token=Secret(APP_TOKEN) if socket else None,
        slack_signing_secret=None if socket else Secret(SECRET),
        slack_api=f"{fake.url}/api/",
    )


@dataclass
class Served:
    """A running front. `http` is its address; with `socket` everything goes over the WebSocket instead."""

    fake: FakeSlack
    office: Office
    front: SlackFront
    http: str
    session: aiohttp.ClientSession
    socket: bool = False

    async def event(self, body: Mapping[str, Any], **headers: str) -> None:
        """An event, acknowledged."""
        if self.socket:
            await self.fake.deliver("events_api", dict(body), accepts_response_payload=False)
            return
        status, _ = await self.post(json.dumps(body).encode(), "application/json", **headers)
        assert status == 200

    async def command(self, fields: Mapping[str, str]) -> None:
        """A slash command, acknowledged without a word."""
        if self.socket:
            assert await self.fake.deliver("slash_commands", dict(fields), accepts_response_payload=True) == {}
            return
        assert await self.post(urlencode(fields).encode(), "application/x-www-form-urlencoded") == (200, "")

    async def interact(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """An interaction, acknowledged; what the acknowledgement says. A view in it is one that Slack takes."""
        answer = await self._interact(body)
        assert "view" not in answer or wrong_view(answer["view"]) is None
        return answer

    async def _interact(self, body: Mapping[str, Any]) -> dict[str, Any]:
        if self.socket:
            return await self.fake.deliver("interactive", dict(body), accepts_response_payload=True)
        raw = urlencode({"payload": json.dumps(body, ensure_ascii=False)}).encode()
        status, answer = await self.post(raw, "application/x-www-form-urlencoded")
        assert status == 200
        return dict(json.loads(answer)) if answer else {}

    def reply_to(self, name: str = "r1") -> str:
        """A response address at the fake."""
        return f"{self.fake.url}/response/{name}"

    async def post(self, raw: bytes, kind: str, **headers: str) -> tuple[int, str]:
        given = {"Content-Type": kind, **signature(raw), **headers}
        async with self.session.post(f"{self.http}/slack/events", data=raw, headers=given) as response:
            return response.status, await response.text()

    async def idle(self) -> None:
        """Until nothing waits to be answered and nothing is called any more."""
        async with asyncio.timeout(10):
            while await self.office.intake.call(self.office.store.inbox.waiting):  # noqa: ASYNC110  # no event tells
                await asyncio.sleep(0.01)
        await self.fake.quiet(0.1)


def signature(raw: bytes, stamp: str | None = None, secret: str = SECRET) -> dict[str, str]:
    stamp = stamp or str(int(time.time()))
    digest = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + raw, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


@contextlib.asynccontextmanager
async def serving(  # noqa: PLR0913  # what a test may want otherwise
    service: Service,
    folder: Path,
    fake: FakeSlack,
    settings: Settings | None = None,
    *,
    workers: bool = True,
    limits: Mapping[str, Limits] | None = None,
    clock: Clock | None = None,
) -> AsyncIterator[Served]:
    """A front that serves inside the block. `workers=False`: requests are accepted and nobody answers them.

    `limits`: as fast as the front may call; the fake takes as much as it is given.
    """
    given = settings or settings_for(fake)
    behind = office(service, folder, [WORKSPACE], clock)
    front = SlackFront(behind.intake, replace(given), behind.store.places, {} if limits is None else limits)
    app = web.Application()
    front.routes(app)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    working = asyncio.create_task(behind.intake.run()) if workers else None
    try:
        await front.start()
        async with aiohttp.ClientSession() as session:
            if given.slack_app_token:
                await fake.connected()
            yield Served(
                fake,
                behind,
                front,
                f"http://127.0.0.1:{runner.addresses[0][1]}",
                session,
                given.slack_app_token is not None,
            )
    finally:
        await front.stop()
        behind.intake.stop()
        if working is not None:
            await asyncio.wait_for(working, 15)
        await runner.cleanup()
        behind.store.close()
