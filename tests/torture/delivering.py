"""A process that can be killed: it plans courses and sends their messages to a mock platform.

Started by exec with a JSON object: `database`, `mock`, `lease`, `ahead` (seconds by which its clock is ahead, so that
the offices are open), `at_once` (messages in hand). It gets warm, waits for a line on stdin, opens the database and
prints 0. SIGTERM drains it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
import time
from typing import Any

import aiohttp

from adapters import sender
from adapters.dispatcher import Dispatcher
from adapters.intake import DeliveryError
from adapters.sender import BlindError
from bot.blocks import Card
from bot.bootstrap import build_service
from bot.cards import CardMaker
from bot.course_planner import CoursePlanner
from bot.settings import from_env
from bot.store import outbox
from bot.store.database import open_store

ORG = "suzaka"


class Ahead:
    """The machine's clock, moved."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def now(self) -> float:
        return time.time() + self._seconds


class MockCarrier:
    """Sends by POST. What it is answered decides what is known."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self._session = session
        self._url = url

    async def resolve(self, tenant: str, mail: str) -> str | None:  # noqa: ARG002  # nobody has a mail address here
        return None

    async def deliver(self, tenant: str, user: str, card: Card, token: str) -> str:
        body = {"tenant": tenant, "user": user, "token": token, "text": card.fallback}
        try:
            async with self._session.post(f"{self._url}send", json=body) as response:
                if response.status == 429:
                    raise DeliveryError("ratelimited", float(response.headers["Retry-After"]))
                if response.status != 200:
                    raise DeliveryError(f"http_{response.status}", 0.1, unsure=True)
                return str((await response.json())["id"])
        except aiohttp.ClientConnectorError:
            raise DeliveryError("refused", 0.1) from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise DeliveryError(type(error).__name__, 0.1, unsure=True) from None

    async def arrived(self, tenant: str, user: str, token: str, since: float) -> str | None:  # noqa: ARG002  # the port's
        async with self._session.get(f"{self._url}look/{token}") as response:
            if response.status == 501:
                raise BlindError
            return (await response.json())["id"]


def main() -> None:
    """Get warm, wait, send."""
    logging.basicConfig(level=logging.ERROR, format="%(levelname)s %(name)s %(message)s")
    given = json.loads(sys.argv[1])
    service = build_service(from_env(os.environ))
    makers = {ORG: CardMaker(service.knowledge, ORG)}
    service.knowledge.course(ORG)
    outbox.LEASE = given["lease"]
    sender.IN_FLIGHT, sender.POLL = given.get("at_once", 8), 0.05
    sender.TRY_SECONDS, sender.PAUSE = given["lease"] * 0.8, 0.1
    sender.TRIES = 50  # the mock fails on purpose, and often
    print("warm", flush=True)
    if sys.stdin.readline():
        asyncio.run(send(service, makers, given))


async def send(service: Any, makers: dict[str, CardMaker], given: dict[str, Any]) -> None:
    """Plan and send until SIGTERM."""
    clock = Ahead(given["ahead"])
    store = open_store(given["database"], clock)
    courses = CoursePlanner(service.knowledge, store, clock, makers.__getitem__)
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(given["lease"] / 2)) as session:
        dispatcher = Dispatcher(courses)
        dispatcher.register("slack", MockCarrier(session, given["mock"]), ("T1",))
        work = asyncio.create_task(dispatcher.run())
        print(0, flush=True)
        await ended.wait()
        dispatcher.stop()
        await work
    store.close()


if __name__ == "__main__":
    main()
