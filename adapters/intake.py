"""The way every request takes: accept it for good, answer it, send the answer; shared by all fronts of a process.

Only this module knows the order. A front translates a payload into a `Request`, calls `accept` (or `answer` for what
is answered in the request itself) and gives the intake a function that sends.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from traceback import format_tb
from typing import Literal, NoReturn, ParamSpec, TypeVar
from weakref import WeakValueDictionary

from bot.commands import Request
from bot.desk import Desk
from bot.limits import RateLimiter
from bot.outcome import Outcome
from bot.ports import Claimed, Inbox

POLL = 1.0
"""Seconds after which the inbox is looked at again without a call: retries, and what other processes left."""
SEND_SECONDS = 12.0
"""A send that takes longer has failed; below the inbox's lease."""
TRIES = 8
"""Tries of a request that fails through a fault of ours."""
PATIENCE = 24 * 3600.0
"""Seconds for which an answer is tried again while the platform or the database is away."""
PAUSE, LONGEST_PAUSE = 5.0, 300.0
"""Seconds before the second try where nobody names a time, and at most; every further pause is twice as long."""
MOST_CLAIMS = 500
"""A request taken up more often has ended the process each time, and must not for ever."""
RECENT = 10_000
"""Posts remembered so that their second delivery is not counted against the sender."""

Accepted = Literal["new", "known", "busy", "foreign"]
Concerns = Literal["message", "person", "platform"]
Send = Callable[[Request, Outcome], Awaitable[None]]

P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)


class DeliveryError(Exception):
    """A message could not be sent. `reason` is a short code, never a person's text.

    `retry_after`: seconds before the next try; None where no try will help (channel gone, token revoked). `unsure`: it
    may have arrived all the same. `concerns`: the message alone, a person whose account is gone for good, or the whole
    platform, which takes no message of ours just now.
    """

    def __init__(
        self, reason: str, retry_after: float | None = None, *, unsure: bool = False, concerns: Concerns = "message"
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry_after = retry_after
        self.unsure = unsure
        self.concerns = concerns


class Intake:
    """Accepts, answers, sends. One for a process; its methods belong to one event loop.

    `workers`: requests in hand at once for each platform, so that none waits for another one's outage. Most of that
    time is waiting for the platform.
    """

    def __init__(self, desk: Desk, inbox: Inbox, limiter: RateLimiter, workers: int = 8) -> None:
        self.desk = desk
        self._inbox = inbox
        self._limiter = limiter
        self._workers = workers
        self._sends: dict[str, Send] = {}
        self._wakes: dict[str, asyncio.Event] = {}
        self._stopping = False
        self._recent: OrderedDict[tuple[str, str], bool] = OrderedDict()
        self._order: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
        self._background: set[asyncio.Task[None]] = set()
        # Apart, so that looking at the inbox never waits behind the answers that are being made.
        self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="desk")
        self._answering = ThreadPoolExecutor(max_workers=workers, thread_name_prefix="answering")

    def register(self, platform: str, send: Send) -> None:
        """`send` delivers what comes of this platform's requests; it raises DeliveryError."""
        self._sends[platform] = send
        self._wakes[platform] = asyncio.Event()

    async def accept(self, request: Request) -> Accepted:
        """Store a request so that it will be answered, whatever happens; returns after the commit.

        `known`: it was delivered before. `busy`: the sender asks too fast and is told so once. `foreign`: the
        workspace is not served. Nothing is stored in these three cases.
        Raises what the database raises: the front must not acknowledge then.
        """
        if self._foreign(request):
            return "foreign"
        allowed = self._recent.get((request.sender.tenant, request.key))
        if allowed is None:
            allowed = self._counted(request)
        if not allowed:
            return "busy"
        new = await asyncio.wrap_future(self._inbox.accept(request))
        if new and request.sender.platform in self._wakes:
            self._wakes[request.sender.platform].set()
        return "new" if new else "known"

    async def engaged(self, request: Request) -> bool:
        """Whether the bot takes part in the thread of this request."""
        sender = request.sender
        return await self.call(self.desk.records.engaged, sender.tenant, sender.thread)

    async def answer(self, request: Request) -> Outcome | None:
        """Answer at once without storing the request; None for a workspace that is not served."""
        if self._foreign(request):
            return None
        if self._limiter.check(request.sender) != "ok":
            return Outcome(self.desk.busy())
        try:
            return await asyncio.get_running_loop().run_in_executor(self._answering, self.desk.handle, request)
        except Exception as error:  # noqa: BLE001  # whatever it is: the person gets a word, the log no text of theirs
            _report(error)
            return Outcome(self.desk.trouble())

    async def call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a call of the core in a thread of ours."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, lambda: function(*args, **kwargs))

    async def cancel(self, platform: str, tenant: str) -> None:
        """Give up what waits for a tenant that has left."""
        await self.call(self._inbox.cancel, platform, tenant)

    async def run(self) -> None:
        """Answer what is accepted; returns after `stop`, when nothing is in hand any more.

        Cancelled, it gives back what is in hand.
        """
        await asyncio.gather(*(self._serving(platform) for platform in self._sends))

    async def _serving(self, platform: str) -> None:
        free = asyncio.Semaphore(self._workers)
        in_hand: set[asyncio.Task[None]] = set()

        def done(task: asyncio.Task[None]) -> None:
            in_hand.discard(task)
            free.release()

        try:
            while not self._stopping:
                await free.acquire()
                claimed = await self._next(platform)
                if claimed is not None:
                    task = asyncio.create_task(self._serve(claimed))
                    in_hand.add(task)
                    task.add_done_callback(done)
            await asyncio.gather(*in_hand, return_exceptions=True)
        finally:
            for task in (*in_hand, *self._background):
                task.cancel()
            await asyncio.gather(*in_hand, return_exceptions=True)

    def stop(self) -> None:
        """Begin no more. What is not begun stays in the inbox for the next start."""
        self._stopping = True
        for wake in self._wakes.values():
            wake.set()

    def _foreign(self, request: Request) -> bool:
        if self.desk.serves(request.sender):
            return False
        log.warning("a workspace that is not served: %r %r", request.sender.platform, request.sender.tenant)
        return True

    def _counted(self, request: Request) -> bool:
        """Count a post against its sender, once however often it is delivered; whether it is to be stored."""
        verdict = self._limiter.check(request.sender)
        self._recent[request.sender.tenant, request.key] = verdict == "ok"
        if len(self._recent) > RECENT:
            self._recent.popitem(last=False)
        if verdict == "tell":  # not awaited: the platform waits for its acknowledgement
            task = asyncio.create_task(self._tell(request))
            self._background.add(task)
            task.add_done_callback(self._background.discard)
        return verdict == "ok"

    async def _tell(self, request: Request) -> None:
        try:
            await self._send(request, Outcome(self.desk.busy()))
        except Exception as error:  # noqa: BLE001  # a courtesy: it is not tried again
            log.warning("not told to slow down: %s", type(error).__name__)

    async def _send(self, request: Request, outcome: Outcome) -> None:
        await asyncio.wait_for(self._sends[request.sender.platform](request, outcome), SEND_SECONDS)

    async def _next(self, platform: str) -> Claimed | None:
        """The next request to answer, as soon as there is one; None after `stop`."""
        pause, wake = POLL, self._wakes[platform]
        while not self._stopping:
            wake.clear()
            try:
                claimed = await self._claim(platform)
            except Exception as error:  # noqa: BLE001  # the database is away: it will come back
                log.error("cannot read the inbox: %s", type(error).__name__)  # noqa: TRY400  # its text may hold a row
                pause = min(2 * pause, 30.0)
            else:
                pause = POLL
                if claimed is not None:
                    return claimed
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(wake.wait(), pause)
        return None

    async def _claim(self, platform: str) -> Claimed | None:
        claiming = asyncio.ensure_future(self.call(self._inbox.claim, (platform,)))
        try:
            return await asyncio.shield(claiming)
        except asyncio.CancelledError:  # the thread goes on: what it takes must not lie until the lease ends
            claimed = await claiming
            if claimed is not None:
                self._inbox.release(claimed)
            raise

    async def _serve(self, claimed: Claimed) -> None:
        """Answer one request; whatever comes of it, the inbox knows."""
        try:
            await self._answered(claimed)
        except asyncio.CancelledError:  # the process ends; whoever starts next takes it up
            with contextlib.suppress(Exception):
                self._inbox.release(claimed)
            raise
        except DeliveryError as error:
            await self._failed(claimed, error.reason, error.retry_after)
        except TimeoutError:
            await self._failed(claimed, "timeout", PAUSE)
        except Exception as error:  # noqa: BLE001  # a front's fault must not end the worker
            _report(error)
            await self._failed(claimed, type(error).__name__, PAUSE if claimed.attempt < TRIES else None)
        else:
            await self._settle(self._inbox.finish, claimed)

    async def _answered(self, claimed: Claimed) -> None:
        request = claimed.request
        if not self.desk.serves(request.sender):  # it was, when the request was stored
            raise DeliveryError("foreign")
        if claimed.attempt > MOST_CLAIMS:
            await self._give_up(request, "endless")
        place = (request.sender.tenant, request.sender.thread)
        order = self._order.setdefault(place, asyncio.Lock())
        try:
            async with order:  # a question follows up on the one before it, however quickly both were typed
                answering = asyncio.get_running_loop().run_in_executor
                outcome = await answering(self._answering, self.desk.handle, request)
        except Exception as error:  # noqa: BLE001  # whatever is wrong with one request
            _report(error)
            if claimed.attempt < TRIES:
                raise DeliveryError(type(error).__name__, PAUSE) from None
            await self._give_up(request, type(error).__name__)
        await self._send(request, outcome)

    async def _give_up(self, request: Request, reason: str) -> NoReturn:
        """Say that there will be no answer, rather than stay silent for ever."""
        await self._send(request, Outcome(self.desk.trouble()))
        raise DeliveryError(reason)

    async def _failed(self, claimed: Claimed, reason: str, retry_after: float | None) -> None:
        again = None
        if retry_after is not None and self.desk.clock.now() - claimed.request.at < PATIENCE:
            again = min(retry_after * 2 ** min(claimed.attempt - 1, 10), max(retry_after, LONGEST_PAUSE))
        left = "given up" if again is None else f"again in {again:.0f} s"
        log.warning("%s: not sent (%s), try %d, %s", claimed.request.sender.platform, reason, claimed.attempt, left)
        await self._settle(self._inbox.fail, claimed, reason, again)

    async def _settle(self, mark: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> None:
        """Note how a request ended. Without the note it would be answered again, so it is tried with patience."""
        for pause in (0.5, 1.0, 2.0, 4.0):
            try:
                await self.call(mark, *args, **kwargs)
            except asyncio.CancelledError:  # it may not have begun
                with contextlib.suppress(Exception):
                    mark(*args, **kwargs)
                raise
            except Exception as error:  # noqa: BLE001  # the database is away
                log.error("cannot note how a request ended: %s", type(error).__name__)  # noqa: TRY400  # as above
                await asyncio.sleep(pause)
            else:
                return


def _report(error: Exception) -> None:
    # Without the error's own text: it may hold a person's words.
    log.error("cannot serve a request: %s\n%s", type(error).__name__, "".join(format_tb(error.__traceback__)))
