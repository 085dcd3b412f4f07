"""How fast a platform may be called: sliding windows for a conversation and for a tenant, pauses, two lanes.

Answers go before planned messages, and never wait for the share of the limits that those may take.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from math import inf

Window = tuple[int, float]
"""So many calls within so many seconds."""

ANSWER_SECONDS, BULK_SECONDS = 4.0, 10.0
"""How long a call waits for its turn: an answer must still be sent within the intake's limit, a planned message within
the outbox's lease."""
PACED = "paced"
"""The reason of a call that was not made because it was not its turn."""
TICK = 1e-6
"""Seconds by which a timer may be early."""
SWEEP_SECONDS = 60.0
"""So often what is long past is forgotten."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Windows of one conversation, of a tenant, and of that share of the tenant's which planned messages may take."""

    conversation: tuple[Window, ...] = ()
    tenant: tuple[Window, ...] = ()
    bulk: tuple[Window, ...] = ()


class HeldError(Exception):
    """It was not this call's turn, and will not be for about so many `seconds`. Nothing was called."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(eq=False, slots=True)
class _Call:
    """One call and the meters that count it; `ended` is never as long as it is in hand."""

    meters: tuple[_Meter, ...]
    begins: asyncio.Future[None]
    ended: float = inf


@dataclass(slots=True)
class _Meter:
    """The calls of one conversation, one tenant or one tenant's planned messages, and until when they are held."""

    windows: tuple[Window, ...]
    calls: list[_Call] = field(default_factory=list)
    held: float = -inf

    def free(self, now: float) -> float:
        """When the next call may begin; never, as long as only the end of another one can tell."""
        free, ends = max(now, self.held), sorted(call.ended for call in self.calls)
        for count, seconds in self.windows:
            counted = [end for end in ends if end + seconds > now]
            if len(counted) >= count:
                free = max(free, counted[-count] + seconds)
        return free

    def count(self, call: _Call, now: float) -> None:
        self.forget(now)
        if self.windows:
            self.calls.append(call)

    def forget(self, now: float) -> bool:
        """Drop what counts no more; whether nothing is left."""
        longest = max((seconds for _, seconds in self.windows), default=0.0)
        self.calls = [call for call in self.calls if call.ended + longest > now]
        return not self.calls and self.held <= now


class Pacer:
    """Gives turns. One for a process and a set of limits; its methods belong to one event loop.

    A call counts from its beginning until the window's length after its end: when the platform counted it, nobody
    here knows.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._answers: list[_Call] = []
        self._bulk: list[_Call] = []
        self._meters: dict[tuple[str, ...], _Meter] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._swept = -inf
        self._halted = False

    @contextlib.asynccontextmanager
    async def turn(self, tenant: str, conversation: str = "", *, bulk: bool = False) -> AsyncIterator[None]:
        """Make the call inside the block. `bulk`: a planned message, which lets answers go first.

        Raises HeldError where it would wait too long.
        """
        loop = asyncio.get_running_loop()
        call = _Call(tuple(self._counting(tenant, conversation, bulk=bulk)), loop.create_future())
        lane = self._bulk if bulk else self._answers
        lane.append(call)
        try:
            self._look()
            await self._begun(call, bulk=bulk)
            yield
        finally:
            if call in lane:
                lane.remove(call)
            call.ended = loop.time()
            self._look()

    def hold(self, tenant: str, seconds: float) -> None:
        """The platform asks for a pause. It does not say whose limit was passed, so the whole tenant keeps it."""
        meter = self._meter(("tenant", tenant), self._limits.tenant)
        meter.held = max(meter.held, asyncio.get_running_loop().time() + seconds)

    def halt(self) -> None:
        """Begin no planned message any more; those that wait are told at once, so that they can be given back."""
        self._halted = True
        for call in self._bulk:
            if not call.begins.done():
                call.begins.set_exception(HeldError(0.0))

    def _counting(self, tenant: str, conversation: str, *, bulk: bool) -> list[_Meter]:
        found = [self._meter(("tenant", tenant), self._limits.tenant)]
        if conversation:
            found.append(self._meter(("conversation", tenant, conversation), self._limits.conversation))
        if bulk:
            found.append(self._meter(("bulk", tenant), self._limits.bulk))
        return found

    def _meter(self, name: tuple[str, ...], windows: tuple[Window, ...]) -> _Meter:
        return self._meters.setdefault(name, _Meter(windows))

    async def _begun(self, call: _Call, *, bulk: bool) -> None:
        patience, loop = BULK_SECONDS if bulk else ANSWER_SECONDS, asyncio.get_running_loop()
        pause = max(meter.held for meter in call.meters) - loop.time()
        if pause > patience or (bulk and self._halted):
            raise HeldError(max(pause, 0.0))
        try:
            async with asyncio.timeout(patience):
                await call.begins
        except TimeoutError:
            wait = max(meter.free(loop.time()) for meter in call.meters) - loop.time()
            raise HeldError(max(wait, 1.0) if wait < inf else patience) from None

    def _look(self) -> None:
        """Let begin whoever may, the answers first; look again when the next one may."""
        loop = asyncio.get_running_loop()
        now, soonest = loop.time() + TICK, inf
        for lane in (self._answers, self._bulk):
            for call in tuple(lane):
                if call.begins.done():  # cancelled, or told to stop
                    continue
                free = max(meter.free(now) for meter in call.meters)
                if free > now:
                    soonest = min(soonest, free)
                    continue
                lane.remove(call)
                call.begins.set_result(None)
                for meter in call.meters:
                    meter.count(call, now)
        if self._timer is not None:
            self._timer.cancel()
        self._timer = loop.call_at(soonest, self._look) if soonest < inf else None
        self._sweep(now)

    def _sweep(self, now: float) -> None:
        """Forget conversations that are quiet, but for those that somebody waits for."""
        if now - self._swept < SWEEP_SECONDS:
            return
        self._swept = now
        wanted = {id(meter) for call in (*self._answers, *self._bulk) for meter in call.meters}
        quiet = [name for name, meter in self._meters.items() if id(meter) not in wanted and meter.forget(now)]
        for name in quiet:
            del self._meters[name]
