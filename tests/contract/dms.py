"""People in the course of 旭川市, and the dispatcher that writes to them, over the real store and the real front."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import replace

from adapters.dispatcher import Dispatcher
from adapters.server import Front
from bot.enrolment import Learner
from bot.store.database import Store
from bot.testing import Office
from tests.unit.store.courses import rows

ORG = "asahikawa"
IN_OFFICE_HOURS = 1_799_974_800.0
"""Friday, 15 January 2027, 10:00 in Japan."""


class OfficeClock:
    """A clock that goes on as clocks do, on a working day; `skipped` seconds are what a test does not wait for."""

    def __init__(self) -> None:
        self._begun = time.time()
        self.skipped = 0.0

    def now(self) -> float:
        return IN_OFFICE_HOURS + self.skipped + time.time() - self._begun


def learner(number: int | str, tenant: str, platform: str, user: str | None, mail: str | None = None) -> Learner:
    return Learner(tenant, f"l{number}", platform, user, mail, "新人 太郎", "総務課", "正規")


def enrol(office: Office, people: Iterable[Learner]) -> int:
    """Enrol people whose first lesson is due now."""
    found = office.desk.courses.syllabus(ORG)
    assert found is not None
    assert found.ready
    now = office.desk.clock.now()
    enrolments = [(one, replace(found.enrolment(one, f"e-{one.id}", "2027-01-15"), due=now)) for one in people]
    return office.store.enrolments.add(enrolments, now)


def states(store: Store) -> list[str]:
    """State and reason of each planned message."""
    return [
        f"{state} {reason}".strip() for state, reason in rows(store, "SELECT state, reason FROM outbox ORDER BY key")
    ]


async def reach(store: Store, *wanted: str) -> None:
    """Until the outbox holds this."""
    await until(lambda: sorted(states(store)) == sorted(wanted))


@contextlib.asynccontextmanager
async def dispatching(office: Office, front: Front) -> AsyncIterator[Dispatcher]:
    """The dispatcher writes inside the block; at its end what is in hand is finished."""
    dispatcher = Dispatcher(office.desk.courses)
    assert front.carrier is not None
    dispatcher.register(front.platform, front.carrier, office.desk.directory.tenants(front.platform))
    task = asyncio.create_task(dispatcher.run())
    try:
        yield dispatcher
    finally:
        dispatcher.stop()
        await asyncio.wait_for(task, 30)


async def until(true: Callable[[], bool], seconds: float = 30.0) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110  # what is waited for has no event of its own
            await asyncio.sleep(0.01)
