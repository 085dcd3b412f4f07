"""Sends what comes of a request: the answer into its conversation, a referral into the department's channel."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from functools import partial

from adapters.intake import DeliveryError, Intake
from adapters.teams.acquaintances import Acquaintances
from adapters.teams.addresses import Address, parse
from adapters.teams.connector import SEND_SECONDS, Connector
from adapters.teams.elements import Element
from adapters.teams.inbound import PLATFORM
from adapters.teams.messages import messages
from adapters.teams.outbound import Renderer
from bot.commands import Request
from bot.outcome import Outcome, Referral

MOST_BEGUN = 1_000
"""Requests whose messages are remembered: what another try must not send again."""

log = logging.getLogger(__name__)


class Delivery:
    """The sending half of the front. Addresses come from the store and are checked again at each send."""

    def __init__(self, intake: Intake, connector: Connector, renderer: Renderer, known: Acquaintances) -> None:
        self._intake = intake
        self._connector = connector
        self._renderer = renderer
        self._known = known
        self._answered: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._referred: OrderedDict[tuple[str, str], int] = OrderedDict()
        self._remembering: set[asyncio.Future[None]] = set()

    async def send(self, request: Request, outcome: Outcome) -> None:
        """Deliver an outcome. Raises DeliveryError where the answer could not be sent, within `SEND_SECONDS`."""
        address = parse(request.address)
        if address is None or address.tenant != request.sender.tenant:
            raise DeliveryError("address", None)
        try:
            async with asyncio.timeout(SEND_SECONDS):
                card = outcome.card
                if outcome.referral is not None and not await self._refer(request, outcome.referral, address):
                    card = await self._intake.call(self._intake.desk.undelivered, request, outcome.referral)
                last = await self._say(request, address, messages(card, self._renderer))
        except TimeoutError:
            raise DeliveryError("timeout", 5.0) from None
        if card.answer is not None and last:
            self._remember(address, last, card.answer)

    async def _say(self, request: Request, address: Address, found: list[Element]) -> str:
        """Send the messages of one answer; the id of the last."""
        key = (request.sender.tenant, request.key)
        last = await _rest(self._answered, key, found, partial(self._connector.send, address))
        self._answered.pop(key, None)
        return last or ""

    async def finished(self) -> None:
        """Wait until every answer is known by its message."""
        await asyncio.gather(*self._remembering, return_exceptions=True)

    def _remember(self, address: Address, message: str, answer: str) -> None:
        """Keep which answer a message holds. Not waited for: the answer is out, only its thumbs depend on it."""
        place = rated_place(address.conversation, message)
        remember = self._known.places.remember
        task = asyncio.ensure_future(self._intake.call(remember, PLATFORM, address.tenant, place, answer))
        self._remembering.add(task)
        task.add_done_callback(self._remembered)

    def _remembered(self, task: asyncio.Future[None]) -> None:
        self._remembering.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("cannot keep which answer a message holds: %s", type(task.exception()).__name__)

    async def _refer(self, request: Request, referral: Referral, asker: Address) -> bool:
        """Post a referral as a conversation of its own; False where the channel cannot be reached.

        What was posted stays remembered: the request comes again where the asker could not be told, or where the
        store could not note that the asker was.
        """
        tenant = request.sender.tenant
        kept = await self._intake.call(self._known.places.address, PLATFORM, tenant, referral.channel)
        known = parse(kept) if kept else None
        address = known if known is not None and known.tenant == tenant else asker.channel(referral.channel)
        try:
            async with asyncio.timeout(SEND_SECONDS / 2):  # the asker must still hear of it
                found = messages(referral.card, self._renderer)
                await _rest(self._referred, (tenant, request.key), found, partial(self._post, address.place))
        except DeliveryError as error:
            if known is not None and error.retry_after is None:  # removed from there without a word
                await self._known.lost(tenant, referral.channel)
            return False
        except TimeoutError:
            return False
        return True

    async def _post(self, place: Address, message: Element) -> None:
        """A new post in a channel, or a message in a chat."""
        if place.kind == "channel":
            await self._connector.start_thread(place, message)
        else:
            await self._connector.send(place, message)


async def _rest(
    begun: OrderedDict[tuple[str, str], int],
    key: tuple[str, str],
    found: list[Element],
    send: Callable[[Element], Awaitable[str | None]],
) -> str | None:
    """Send what an earlier try has not sent of these messages; what `send` gives for the last."""
    last = None
    for number, message in enumerate(found):
        if number >= begun.get(key, 0):
            last = await send(message)
            begun[key] = number + 1
            if len(begun) > MOST_BEGUN:
                begun.popitem(last=False)
    return last


def rated_place(conversation: str, activity: str) -> str:
    """Under which name the answer in a message is kept: 👍👎 on the message name the message, not the answer."""
    return "answer:" + hashlib.blake2b(f"{conversation}\0{activity}".encode(), digest_size=16).hexdigest()
