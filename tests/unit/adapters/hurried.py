"""An event loop in which nobody waits: when all tasks do, the clock goes on to the next time that matters."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _Hurried(selectors.DefaultSelector):
    passed = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        found = super().select(0 if timeout is not None else None)
        if not found and timeout is not None and timeout > 0:
            self.passed += timeout
        return found


class HurriedLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._waiting = _Hurried()
        super().__init__(self._waiting)

    def time(self) -> float:
        return 1000.0 + self._waiting.passed


def hurried(scene: Coroutine[Any, Any, T]) -> T:
    """Run a scene; hours of it pass in a moment. It must use no threads and no sockets."""
    with asyncio.Runner(loop_factory=HurriedLoop) as runner:
        return runner.run(scene)
