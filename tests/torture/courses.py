"""What the torture of the courses needs: a platform that is slow and breaks, people to enrol, the sending process."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from random import Random
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.corpus.knowledge import Knowledge
from bot.enrolment import Learner
from bot.onboarding.syllabus import Syllabus, read_syllabus
from bot.store.database import Store, open_store
from tests.torture.delivering import ORG, Ahead
from tests.torture.rig import Mock, Process

OPEN = datetime(2027, 4, 7, 9, 30, tzinfo=ZoneInfo("Asia/Tokyo")).timestamp()
"""A Wednesday morning."""
TENANT = "T1"


class Delivering(Process):
    """A process that plans and sends."""

    PROGRAM = "delivering.py"


class Platform(Mock):
    """A platform without idempotency, slow, that now and then refuses, breaks off, or fails after it took a message."""

    def __init__(self, random: Random, *, looks: bool, broken: float = 0.06, slowest: float = 0.03) -> None:
        """`looks`: whether one can ask it for a message; `broken`: the share of calls that go wrong."""
        super().__init__(random, slowest)
        self.looks = looks
        self.broken = broken
        self.tokens: Counter[str] = Counter()
        self.users: Counter[str] = Counter()
        self.took: list[float] = []
        self.refused: dict[str, float] = {}
        self.early = 0

    def routes(self, app: web.Application) -> None:
        app.router.add_post("/send", self._send)
        app.router.add_get("/look/{token}", self._look)

    async def _send(self, http: web.Request) -> web.StreamResponse:
        body = json.loads(await http.read())
        token, how = body["token"], self._random.random()
        if time.monotonic() < self.refused.pop(token, 0.0):
            self.early += 1
        if how < self.broken / 3:
            self.refused[token] = time.monotonic() + 1.0
            return web.Response(status=429, headers={"Retry-After": "1"})
        await asyncio.sleep(self._random.uniform(0.002, self._slowest))
        self.tokens[token] += 1
        self.users[body["user"]] += 1
        self.took.append(time.time())
        await asyncio.sleep(self._random.uniform(0.002, self._slowest))
        if how < 2 * self.broken / 3:
            return web.Response(status=500)
        if how < self.broken and http.transport is not None:
            http.transport.abort()
        return web.json_response({"id": f"m{self.tokens.total()}"})

    async def _look(self, http: web.Request) -> web.Response:
        if not self.looks:
            return web.Response(status=501)
        token = http.match_info["token"]
        return web.json_response({"id": f"found-{token}" if self.tokens[token] else None})


def ahead() -> float:
    """Seconds from the machine's time to the Wednesday morning."""
    return OPEN - time.time()


def syllabus() -> Syllabus:
    found = read_syllabus(Knowledge(), ORG)
    assert found is not None
    return found


@contextlib.contextmanager
def opened(database: str, shift: float) -> Iterator[Store]:
    store = open_store(database, Ahead(shift))
    try:
        yield store
    finally:
        store.close()


def enrol(store: Store, count: int, shift: float, spread: float = 0.0) -> None:
    """So many people who are due now, or one after the other within `spread` seconds."""
    found, now = syllabus(), time.time() + shift
    people = []
    for number in range(count):
        learner = Learner(TENANT, f"learner{number}", "slack", f"U{number}", name=f"人{number}", department="総務課")
        enrolment = found.enrolment(learner, f"enrolment{number}", "2027-04-07")
        people.append((learner, replace(enrolment, due=now + spread * number / count)))
    assert store.enrolments.add(people, now) == count
