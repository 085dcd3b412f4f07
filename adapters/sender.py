"""The way of a planned message: claim it, ask the front to send it, note what became of it.

Sent once: a try whose end nobody knows is looked up at the platform before there is another; where nobody can look, a
careful message is parked.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from math import inf
from traceback import format_tb
from typing import ParamSpec, Protocol, TypeVar

from adapters.intake import DeliveryError
from adapters.pacing import PACED
from bot.blocks import Card
from bot.course_planner import CoursePlanner
from bot.enrolment import Delivery, Learner, Message, Trouble

POLL, LONGEST_PAUSE = 1.0, 30.0
"""Seconds after which the outbox is looked at again without a call, and at most while the database is away."""
IN_FLIGHT = 8
"""Messages of one platform in hand at once. No more are claimed: a claimed one that waits would lose its lease."""
TRY_SECONDS = 45.0
"""A try that takes longer has failed; below the outbox's lease."""
TRIES = 5
"""Tries of a message that fails by itself. What the whole platform refuses just now does not count."""
PAUSE, LAST_PAUSE = 15.0, 3600.0
"""Seconds before the second try, and at most; every further pause is five times as long."""
HELD_SECONDS = 60.0
"""Before the next try where the platform refuses our token and names no time."""
UNKNOWN_MAIL = "unknown_mail"

Mark = Callable[[], object]
P = ParamSpec("P")
T = TypeVar("T")

log = logging.getLogger(__name__)


class BlindError(Exception):
    """Nobody can tell whether the message arrived: the platform does not let us look."""


class Carrier(Protocol):
    """A front's way into one person's direct chat."""

    async def resolve(self, tenant: str, mail: str, /) -> str | None:
        """The user whose mail address it is, None where nobody is known by it. Raises DeliveryError."""

    async def deliver(self, tenant: str, user: str, card: Card, token: str, /) -> str:
        """Send one message, which `token` can be told by; the platform's id of it. Raises DeliveryError."""

    async def arrived(self, tenant: str, user: str, token: str, since: float, /) -> str | None:
        """The id of the message with this token, sent after `since`; None: it surely is not there.

        Raises BlindError where nobody can look, DeliveryError where it can be looked again later.
        """


@dataclass(slots=True)
class _Trial:
    """One try, to `user` once that is known.

    `doubt`: it is not known whether an earlier one arrived; `begun`: from here on this one may have.
    """

    delivery: Delivery
    doubt: bool
    begun: bool = False
    user: str = ""


class Sender:
    """Sends the messages of one platform; its methods belong to one event loop. Set `wake` where something is due."""

    def __init__(
        self,
        platform: str,
        carrier: Carrier,
        tenants: Sequence[str],
        courses: CoursePlanner,
        threads: ThreadPoolExecutor,
    ) -> None:
        self._platform = platform
        self._carrier = carrier
        self._tenants = tenants
        self._courses = courses
        self._outbox = courses.outbox
        self._threads = threads
        self._rests = -inf
        self._pause = POLL
        self.wake = asyncio.Event()

    async def run(self, stopped: asyncio.Event) -> None:
        """Send what is due until `stopped`; returns when nothing is in hand any more. Cancelled, see `Dispatcher`."""
        in_hand: set[asyncio.Task[None]] = set()

        def done(task: asyncio.Task[None]) -> None:
            in_hand.discard(task)
            self.wake.set()

        try:
            while not stopped.is_set():
                self.wake.clear()
                end = asyncio.get_running_loop().time() + TRY_SECONDS
                room = IN_FLIGHT - len(in_hand)
                # A claim costs the same for one message as for some: it waits until half of the room is free.
                for delivery in await self._claimed(room if room >= IN_FLIGHT / 2 else 0):
                    task = asyncio.create_task(self._serve(delivery, end))
                    in_hand.add(task)
                    task.add_done_callback(done)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.wake.wait(), self._pause)
            await asyncio.gather(*in_hand)
        finally:
            left = tuple(in_hand)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    async def seek(self) -> None:
        """Look again for the people whose mail address nobody had: accounts are often made on the first day."""
        for tenant in self._tenants:
            for trouble in await self._call(self._outbox.troubles, tenant):
                if trouble.reason == UNKNOWN_MAIL and trouble.learner.platform == self._platform:
                    await self._sought(trouble)

    async def _sought(self, trouble: Trouble) -> None:
        learner, message = trouble.learner, trouble.message
        with contextlib.suppress(DeliveryError):
            user = await self._recipient(learner, message)
            if user is not None:
                named = learner.supervisor if message.kind == "supervisor" else user
                await self._call(self._outbox.revive, learner.tenant, named or user)
                self.wake.set()

    async def _claimed(self, room: int) -> Sequence[Delivery]:
        """The next messages, as many as there is room for; none while the platform rests."""
        if room < 1 or asyncio.get_running_loop().time() < self._rests:
            return ()
        claiming = asyncio.ensure_future(self._call(self._outbox.claim, (self._platform,), room))
        try:
            found = await asyncio.shield(claiming)
        except asyncio.CancelledError:  # the thread goes on: what it takes must not lie until the lease ends
            with contextlib.suppress(Exception):
                for delivery in await claiming:
                    self._outbox.release(delivery)
            raise
        except Exception as error:  # noqa: BLE001  # the database is away: it will come back
            report("cannot read the outbox", error)
            self._pause = min(2 * self._pause, LONGEST_PAUSE)
            return ()
        self._pause = POLL
        return found

    async def _serve(self, delivery: Delivery, end: float) -> None:
        """One message; whatever comes of it, the outbox knows."""
        trial = _Trial(delivery, delivery.doubtful)
        try:
            async with asyncio.timeout_at(end):
                mark = await self._tried(trial)
        except asyncio.CancelledError:
            if not trial.begun:
                with contextlib.suppress(Exception):
                    self._outbox.release(delivery)
            raise
        except DeliveryError as error:
            mark = self._failed(trial, error)
        except TimeoutError:
            mark = self._failed(trial, DeliveryError("timeout", PAUSE, unsure=trial.begun))
        except Exception as error:  # noqa: BLE001  # a fault of ours must not end the sender
            report("cannot send a message", error)
            mark = self._failed(trial, DeliveryError(type(error).__name__, PAUSE, unsure=trial.begun))
        await self._settle(mark)

    async def _tried(self, trial: _Trial) -> Mark:
        """Send it, if it is still to be sent; what the outbox is to note."""
        delivery, outbox = trial.delivery, self._outbox
        tenant, message = delivery.learner.tenant, delivery.message
        if tenant not in self._tenants:  # it was, when this was planned
            raise DeliveryError("foreign")
        user = await self._recipient(delivery.learner, message)
        if user is None:
            return partial(outbox.dropped, delivery)
        trial.user = user
        if trial.doubt:
            try:
                found = await self._carrier.arrived(tenant, user, delivery.token, delivery.since)
            except BlindError:
                if message.careful:
                    return partial(outbox.unknown, delivery, "unconfirmed")
            else:
                if found is not None:
                    return partial(self._courses.arrived, delivery, found)
            trial.doubt = False
        instead = await self._call(self._courses.window, delivery)
        if instead is not None:
            return partial(outbox.postpone, delivery, *instead)
        card = await self._call(self._courses.card, delivery)
        if card is None:
            return partial(outbox.dropped, delivery)
        trial.begun = True
        sent = await self._carrier.deliver(tenant, user, card, delivery.token)
        return partial(self._courses.arrived, delivery, sent)

    async def _recipient(self, learner: Learner, message: Message) -> str | None:
        """Whom it goes to; None where the person turns out to be enrolled already under the user id.

        Raises DeliveryError where nobody is known by the mail address.
        """
        told = message.kind == "supervisor"
        named = learner.supervisor if told else learner.user or learner.mail
        if named is None or "@" not in named:
            user = named
        else:
            user = await self._carrier.resolve(learner.tenant, named)
            if user and not told and await self._call(self._courses.enrolments.identify, learner, user) is None:
                return None
        if not user:
            raise DeliveryError(UNKNOWN_MAIL)
        return user

    def _failed(self, trial: _Trial, error: DeliveryError) -> Mark:
        """What the outbox is to note of a try that failed."""
        delivery, outbox, reason, wait = trial.delivery, self._outbox, error.reason, error.retry_after
        away, spent = error.concerns == "platform", delivery.attempt >= TRIES
        if away:
            wait = HELD_SECONDS if wait is None else wait
            self._rest(wait)
        if trial.doubt or error.unsure:
            parked = (trial.doubt and wait is None) or (spent and not away)
            mark = partial(outbox.unknown if parked else outbox.doubtful, delivery, reason)
        elif away:
            again = self._courses.clock.now() + (wait or 0.0)
            mark = partial(outbox.postpone, delivery, again, delivery.message.until)
        elif wait is None or spent:
            mark = partial(outbox.failed, delivery, reason)
        else:
            mark = partial(outbox.later, delivery, reason, max(wait, _pause(delivery.attempt)))
        if reason != PACED:
            said = mark.func.__name__
            log.warning("%s: a direct message: %s (%s), try %d", self._platform, said, reason, delivery.attempt)
        if error.concerns == "person" and trial.user and delivery.message.kind != "supervisor":
            return partial(self._gone, mark, delivery.learner.tenant, trial.user, reason)
        return mark

    def _gone(self, mark: Mark, tenant: str, user: str, reason: str) -> None:
        mark()
        self._courses.stop(tenant, user, reason)

    def _rest(self, seconds: float) -> None:
        """Claim nothing for a while: it would fail alike."""
        until = asyncio.get_running_loop().time() + min(seconds, HELD_SECONDS)
        self._rests = max(self._rests, until)

    async def _settle(self, mark: Mark) -> None:
        """Note how a try ended. Without the note it would be looked up or tried again, so it is done with patience."""
        for pause in (0.5, 1.0, 2.0, 4.0):
            try:
                noted = await self._call(mark)
            except asyncio.CancelledError:  # it may not have begun
                with contextlib.suppress(Exception):
                    mark()
                raise
            except Exception as error:  # noqa: BLE001  # the database is away
                report("cannot note how a message ended", error)
                await asyncio.sleep(pause)
            else:
                if noted is False:
                    log.warning("%s: a message was sent after its lease had ended", self._platform)
                return

    async def _call(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await call(self._threads, function, *args, **kwargs)


async def call(threads: ThreadPoolExecutor, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a call of the core in one of these threads."""
    return await asyncio.get_running_loop().run_in_executor(threads, lambda: function(*args, **kwargs))


def _pause(attempt: int) -> float:
    """Seconds before the next try, with jitter: what failed together must not come back together."""
    return min(PAUSE * 5.0 ** (attempt - 1), LAST_PAUSE) * (1 + secrets.randbelow(1000) / 4000)


def report(what: str, error: Exception) -> None:
    """Log a failure of ours by its kind and place."""
    # Without the error's own text: it may hold a person's words.
    log.error("%s: %s\n%s", what, type(error).__name__, "".join(format_tb(error.__traceback__)))
