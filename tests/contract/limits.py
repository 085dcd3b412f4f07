"""A platform that keeps its limits strictly, and notes who does not."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from dataclasses import dataclass, field

from adapters.pacing import Window

ON_THE_LINE = 0.25
"""Seconds for which a caller cannot have heard of a refusal yet."""


@dataclass
class Enforcer:
    """What is over a limit is refused with a pause, for its conversation or for all; so is every `whim`th call.

    `early` counts the calls before the end of a pause, those that were on the line at its beginning left out.
    """

    conversation: tuple[Window, ...] = ()
    tenant: tuple[Window, ...] = ()
    whim: int = 0
    pause: int = 1
    taken: int = 0
    over: int = 0
    whims: int = 0
    early: int = 0
    _times: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _pauses: dict[str, tuple[float, float]] = field(default_factory=dict)

    def refusal(self, conversation: str) -> int | None:
        """The seconds that the caller is told to wait; None: the call is taken."""
        now = time.monotonic()
        for scope in ("", conversation):
            begun, until = self._pauses.get(scope, (0.0, 0.0))
            if now < until:
                self.early += now > begun + ON_THE_LINE
                return self.pause
        for scope, windows in (("", self.tenant), (conversation, self.conversation)):
            if any(self._count(scope, now - seconds) >= count for count, seconds in windows):
                self.over += 1
                return self._refuse(scope, now)
        self.taken += 1
        if self.whim and self.taken % self.whim == 0:
            self.whims += 1
            return self._refuse("", now)
        for scope in ("", conversation):
            self._times[scope].append(now)
        return None

    def _refuse(self, scope: str, now: float) -> int:
        self._pauses[scope] = (now, now + self.pause)
        return self.pause

    def _count(self, scope: str, since: float) -> int:
        return sum(at > since for at in self._times[scope])
