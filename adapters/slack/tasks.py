"""Work that goes on behind an acknowledgement."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from traceback import format_tb
from typing import Any

from adapters.intake import DeliveryError

log = logging.getLogger(__name__)


class Tasks:
    """Work that goes on behind an acknowledgement; held, so that the process can wait for it."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Run it; its failure is logged by its kind."""
        task = asyncio.create_task(self._run(work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def finish(self, seconds: float) -> None:
        """Wait for what is running, then end it."""
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)
        for task in tuple(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _run(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except DeliveryError as error:
            log.warning("not shown (%s)", error.reason)
        except Exception as error:  # noqa: BLE001  # whatever it is
            report(error)


def report(error: Exception) -> None:
    """Log a failure of ours by its kind and place, without its text: it may hold a person's words."""
    log.error("cannot serve: %s\n%s", type(error).__name__, "".join(format_tb(error.__traceback__)))
