"""A dispatcher over a real store whose planner and platform are played; nobody waits for a clock."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from adapters.dispatcher import Dispatcher
from adapters.sender import BlindError
from bot.blocks import Card, Text
from bot.course_planner import MOST
from bot.enrolment import Delivery
from bot.store.database import Store, open_store
from bot.testing import FakeClock
from tests.unit.store.courses import Person, add, announced, rows

DAY = 24 * 3600.0


class Courses:
    """The planner: sends everybody the present lesson at once. `silent`: people to whom nothing is to be said."""

    def __init__(self, store: Store, clock: FakeClock) -> None:
        self.enrolments, self.outbox, self.clock = store.enrolments, store.outbox, clock
        self.silent: set[str] = set()
        self.stopped: list[tuple[str, str | None, str]] = []
        self.renewed = 0

    def plan(self) -> int:
        return self.enrolments.plan(self.clock.now(), announced, MOST)

    def renew(self) -> int:
        self.renewed += 1
        return 0

    def card(self, delivery: Delivery) -> Card | None:
        said = f"{delivery.learner.name} {delivery.message.kind}"
        return None if delivery.learner.id in self.silent else Card((Text(said),), said)

    def window(self, delivery: Delivery) -> tuple[float, float] | None:
        now = self.clock.now()
        return None if now < delivery.message.until else (now + DAY, now + 2 * DAY)

    def arrived(self, delivery: Delivery, message: str) -> bool:
        return self.outbox.sent(delivery, message)

    def stop(self, tenant: str, user: str | None, reason: str) -> None:
        self.stopped.append((tenant, user, reason))
        self.enrolments.stop(tenant, user, reason)


@dataclass
class Line:
    """The platform. `mishaps` come before anything arrives, `silence` after; `mails`: whom it knows by mail."""

    mishaps: list[Exception] = field(default_factory=list)
    silence: list[Exception] = field(default_factory=list)
    looks: list[Exception] = field(default_factory=list)
    mails: dict[str, str] = field(default_factory=dict)
    blind: bool = False
    tried: list[str] = field(default_factory=list)
    sent: list[tuple[str, str, str]] = field(default_factory=list)
    history: dict[str, str] = field(default_factory=dict)
    since: list[float] = field(default_factory=list)
    in_hand: int = 0
    most: int = 0
    free: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.free.set()

    async def resolve(self, _tenant: str, mail: str) -> str | None:
        return self.mails.get(mail)

    async def deliver(self, tenant: str, user: str, card: Card, token: str) -> str:
        self.tried.append(user)
        self.in_hand += 1
        self.most = max(self.most, self.in_hand)
        try:
            await self.free.wait()
            if self.mishaps:
                raise self.mishaps.pop(0)
            self.sent.append((tenant, user, card.fallback))
            self.history[token] = f"m{len(self.sent)}"
            if self.silence:
                raise self.silence.pop(0)
        finally:
            self.in_hand -= 1
        return self.history[token]

    async def arrived(self, _tenant: str, _user: str, token: str, since: float) -> str | None:
        self.since.append(since)
        if self.looks:
            raise self.looks.pop(0)
        if self.blind:
            raise BlindError
        return self.history.get(token)

    @property
    def users(self) -> list[str]:
        return [user for _, user, _ in self.sent]


@dataclass
class Desk:
    """All of it."""

    store: Store
    clock: FakeClock
    courses: Courses
    line: Line

    def dispatcher(self, **lines: Line) -> Dispatcher:
        made = Dispatcher(self.courses)
        for platform, line in (lines or {"slack": self.line}).items():
            made.register(platform, line, ("T1", "T2"))
        return made

    def enrol(self, *people: Person) -> None:
        assert add(self.store, *people) == len(people)

    def states(self) -> list[str]:
        """What the outbox holds: state and reason of each message."""
        return [
            " ".join(map(str, row)).strip() for row in rows(self.store, "SELECT state, reason FROM outbox ORDER BY key")
        ]

    async def reach(self, *states: str) -> None:
        """Until the outbox holds this."""
        await until(lambda: sorted(self.states()) == sorted(states))

    async def tries(self, count: int) -> float:
        """Until the one message has been tried so often and waits again; for how many seconds."""

        def waits() -> bool:
            return len(self.line.tried) == count and self.states()[0].partition(" ")[0] == "ready"

        await until(waits)
        ((due,),) = rows(self.store, "SELECT claimable FROM outbox")
        return float(str(due)) - self.clock.now()

    async def pass_time(self, seconds: float, dispatcher: Dispatcher) -> None:
        self.clock.time += seconds
        for sender in dispatcher._senders:
            sender.wake.set()
        await asyncio.sleep(0.02)


Scene = Callable[[Desk], Awaitable[None]]


def play(scene: Scene, folder: Path) -> Desk:
    """Run a scene at a desk whose clock stands still."""
    clock = FakeClock()

    async def main() -> Desk:
        store = open_store(f"sqlite:///{(folder / 'store.sqlite3').as_posix()}", clock)
        desk = Desk(store, clock, Courses(store, clock), Line())
        try:
            await scene(desk)
        finally:
            store.close()
        return desk

    return asyncio.run(main())


async def until(true: Callable[[], bool], seconds: float = 30.0) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110  # what is waited for has no event of its own
            await asyncio.sleep(0.005)


class working:  # noqa: N801  # reads as a phrase: async with working(dispatcher)
    """The dispatcher runs inside the block and is stopped at its end."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self.dispatcher = dispatcher

    async def __aenter__(self) -> Dispatcher:
        self.task = asyncio.create_task(self.dispatcher.run())
        return self.dispatcher

    async def __aexit__(self, *error: object) -> None:
        self.dispatcher.stop()
        async with asyncio.timeout(30):
            await self.task
