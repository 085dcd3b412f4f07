"""The way every request takes: accept it for good, answer it, send the answer; shared by all fronts of a process.

Only this module knows the order. A front translates a payload into a `Request`, calls `accept` (or `answer` for what
is answered in the request itself) and gives the intake a function that sends.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from traceback import format_tb
from typing import Literal, ParamSpec, TypeVar

from bot.commands import Request
from bot.desk import Desk, Outcome
from bot.limits import RateLimiter
from bot.ports import Claimed, Inbox

POLL = 1.0
"""Seconds after which the inbox is looked at again without a call: retries, and what other processes left."""
SEND_SECONDS = 12.0
"""A send that takes longer has failed; below the inbox's lease."""
TRIES = 5

Accepted = Literal["new", "known", "busy", "foreign"]
Send = Callable[[Request, Outcome], Awaitable[None]]

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)


class DeliveryError(Exception):
    """A message could not be sent. `reason` is a short code, never a person's text.

    `retry_after`: seconds before the next try; None where no try will help (channel gone, token revoked).
    """

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after


class Intake:
    """Accepts, answers, sends. One for a process; its methods belong to one event loop."""

    def __init__(self, desk: Desk, inbox: Inbox, limiter: RateLimiter, workers: int = 4) -> None:
        self.desk = desk
        self._inbox = inbox
        self._limiter = limiter
        self._workers = workers
        self._sends: dict[str, Send] = {}
        self._wake = asyncio.Event()
        self._stopping = False
        self._threads = ThreadPoolExecutor(max_workers=workers + 2, thread_name_prefix="desk")

    def register(self, platform: str, send: Send) -> None:
        """`send` delivers what comes of this platform's requests; it raises DeliveryError."""
        self._sends[platform] = send

    async def accept(self, request: Request) -> Accepted:
        """Store a request so that it will be answered, whatever happens; returns after the commit.

        `known`: it was delivered before. `busy`: the sender asks too fast and has been told. `foreign`: the
        workspace is not served. Nothing is stored in these three cases.
        """
        if not self.desk.serves(request.sender):
            log.warning("a workspace that is not served: %s %s", request.sender.platform, request.sender.tenant)
            return "foreign"
        verdict = self._limiter.check(request.sender)
        if verdict != "ok":
            if verdict == "tell":
                await self._tell(request)
            return "busy"
        new = await asyncio.wrap_future(self._inbox.accept(request))
        if new:
            self._wake.set()
        return "new" if new else "known"

    async def engaged(self, request: Request) -> bool:
        """Whether the bot takes part in the thread of this request."""
        sender = request.sender
        return await self.call(self.desk.records.engaged, sender.tenant, sender.thread)

    async def answer(self, request: Request) -> Outcome | None:
        """Answer at once without storing the request; None for a workspace that is not served."""
        if not self.desk.serves(request.sender):
            log.warning("a workspace that is not served: %s %s", request.sender.platform, request.sender.tenant)
            return None
        if self._limiter.check(request.sender) != "ok":
            return Outcome(self.desk.busy(request))
        return await self.call(self.desk.handle, request)

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a call of the core in a thread of ours."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: function(*args, **kwargs))

    async def run(self) -> None:
        """Answer what is accepted; returns after `stop`, when nothing is in hand any more."""
        await asyncio.gather(*(self._work() for _ in range(self._workers)))

    def stop(self) -> None:
        """Begin no more. What is not begun stays in the inbox for the next start."""
        self._stopping = True
        self._wake.set()

    async def _tell(self, request: Request) -> None:
        send = self._sends.get(request.sender.platform)
        if send is not None:
            with contextlib.suppress(DeliveryError, TimeoutError):
                await asyncio.wait_for(send(request, Outcome(self.desk.busy(request))), SEND_SECONDS)

    async def _work(self) -> None:
        while not self._stopping:
            self._wake.clear()
            claimed = await self.call(self._inbox.claim, tuple(self._sends))
            if claimed is not None:
                await self._serve(claimed)
            elif not self._stopping:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), POLL)

    async def _serve(self, claimed: Claimed) -> None:
        request = claimed.request
        try:
            outcome = await self.call(self.desk.handle, request)
            await asyncio.wait_for(self._sends[request.sender.platform](request, outcome), SEND_SECONDS)
        except asyncio.CancelledError:
            self._inbox.release(claimed)  # the process ends; whoever starts next takes it up
            raise
        except DeliveryError as error:
            await self._failed(claimed, error.reason, error.retry_after)
        except TimeoutError:
            await self._failed(claimed, "timeout", 5.0)
        except Exception as error:  # noqa: BLE001  # one bad request must not end the worker
            # Without the error's own text: it may hold a person's words.
            where = "".join(format_tb(error.__traceback__))
            log.error("cannot serve a request: %s\n%s", type(error).__name__, where)  # noqa: TRY400
            await self._failed(claimed, type(error).__name__, 30.0)
        else:
            await self.call(self._inbox.finish, claimed)

    async def _failed(self, claimed: Claimed, reason: str, retry_after: float | None) -> None:
        again = retry_after if claimed.attempt < TRIES else None
        log.warning("not sent (%s), try %d of %d", reason, claimed.attempt, TRIES)
        await self.call(self._inbox.fail, claimed, reason, again)
