"""How fast one person may ask: so many requests in any minute, counted in memory."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from typing import Literal

from bot.commands import Sender
from bot.ports import Clock

PER_MINUTE = 20
WINDOW = 60.0
PEOPLE = 10_000
"""People remembered at most; the longest silent are forgotten."""

Verdict = Literal["ok", "tell", "drop"]
"""`tell`: the first request too many, to be answered with a word about it; `drop`: those behind it."""


class RateLimiter:
    """Counts requests by tenant and user; safe between threads."""

    def __init__(self, clock: Clock, per_minute: int = PER_MINUTE) -> None:
        self._clock = clock
        self._most = per_minute
        self._lock = threading.Lock()
        self._times: OrderedDict[tuple[str, str, str], deque[float]] = OrderedDict()
        self._told: dict[tuple[str, str, str], float] = {}

    def check(self, sender: Sender) -> Verdict:
        """Count one request of the sender's."""
        person, now = (sender.platform, sender.tenant, sender.user), self._clock.now()
        with self._lock:
            times = self._times.setdefault(person, deque())
            self._times.move_to_end(person)
            while times and times[0] <= now - WINDOW:
                times.popleft()
            if len(times) < self._most:
                times.append(now)
                self._told.pop(person, None)
                self._forget()
                return "ok"
            if person in self._told:
                return "drop"
            self._told[person] = now
            return "tell"

    def _forget(self) -> None:
        while len(self._times) > PEOPLE:
            person, _ = self._times.popitem(last=False)
            self._told.pop(person, None)
