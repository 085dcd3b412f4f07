"""Plans what is due and sends it: the loops of a process behind the direct messages, shared by all fronts."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from adapters.sender import IN_FLIGHT, LONGEST_PAUSE, POLL, Carrier, Sender, call, report
from bot.course_planner import MOST, CoursePlanner

RENEW_SECONDS, SEEK_SECONDS = 60.0, 600.0
"""So often revised guidelines are looked for, and people whose mail address nobody had."""


class Dispatcher:
    """Plans and sends. One for a process; its methods belong to one event loop."""

    def __init__(self, courses: CoursePlanner, chores: Sequence[Callable[[], object]] = ()) -> None:
        """`chores`: what else is to be looked after once a minute, in a thread."""
        self._courses = courses
        self._chores = chores
        self._senders: list[Sender] = []
        self._stopped = asyncio.Event()
        # Of its own, so that no wave of messages keeps an answer waiting.
        self._threads = ThreadPoolExecutor(max_workers=IN_FLIGHT, thread_name_prefix="dispatcher")

    def register(self, platform: str, carrier: Carrier, tenants: Sequence[str]) -> None:
        """`carrier` sends this platform's messages; `tenants` are those that are served there."""
        self._senders.append(Sender(platform, carrier, tenants, self._courses, self._threads))

    async def run(self) -> None:
        """Plan and send; returns after `stop`, when nothing is in hand any more.

        Cancelled, it gives back what is not begun; what is begun is looked up when its lease ends.
        """
        try:
            async with asyncio.TaskGroup() as work:
                work.create_task(self._often(self._plan, POLL))
                work.create_task(self._often(self._renew, RENEW_SECONDS))
                for sender in self._senders:
                    work.create_task(sender.run(self._stopped))
                    work.create_task(self._often(sender.seek, SEEK_SECONDS))
        finally:
            self._threads.shutdown(wait=False)

    def stop(self) -> None:
        """Begin no more."""
        self._stopped.set()
        for sender in self._senders:
            sender.wake.set()

    async def _plan(self) -> None:
        planned = MOST
        while planned >= MOST and not self._stopped.is_set():
            planned = await call(self._threads, self._courses.plan)
            if planned:
                for sender in self._senders:
                    sender.wake.set()

    async def _renew(self) -> None:
        for work in (self._courses.renew, *self._chores):
            try:
                await call(self._threads, work)
            except Exception as error:  # noqa: BLE001  # none of them must keep the next from its turn
                report("cannot look after the courses", error)

    async def _often(self, work: Callable[[], Awaitable[None]], seconds: float) -> None:
        """Do it again and again until `stop`; less often while the database is away."""
        pause = seconds
        while not self._stopped.is_set():
            try:
                await work()
                pause = seconds
            except Exception as error:  # noqa: BLE001  # the database is away: it will come back
                report("cannot plan", error)
                pause = min(2 * pause, max(LONGEST_PAUSE, seconds))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), pause)
