"""Sends what comes of a request: the answer into its conversation, a referral into the department's channel."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections import OrderedDict

from adapters.intake import DeliveryError, Intake
from adapters.teams.addresses import Address, parse
from adapters.teams.connector import SEND_SECONDS, Connector
from adapters.teams.inbound import PLATFORM
from adapters.teams.messages import messages
from adapters.teams.outbound import Element, Renderer
from bot.commands import Request
from bot.desk import Outcome, Referral
from bot.ports import Places

MOST_BEGUN = 1_000
"""Answers of several messages that were sent in part, remembered until the rest is."""

log = logging.getLogger(__name__)


class Delivery:
    """The sending half of the front. Addresses come from the store and are checked again at each send."""

    def __init__(self, intake: Intake, connector: Connector, renderer: Renderer, places: Places) -> None:
        self._intake = intake
        self._connector = connector
        self._renderer = renderer
        self._places = places
        self._begun: OrderedDict[tuple[str, str], int] = OrderedDict()
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
        """Send the messages of one answer; the id of the last. What an earlier try has sent is not sent again."""
        key, last = (request.sender.tenant, request.key), ""
        for number, message in enumerate(found):
            if number >= self._begun.get(key, 0):
                last = await self._connector.send(address, message)
                self._begun[key] = number + 1
                if len(self._begun) > MOST_BEGUN:
                    self._begun.popitem(last=False)
        self._begun.pop(key, None)
        return last

    async def finished(self) -> None:
        """Wait until every answer is known by its message."""
        await asyncio.gather(*self._remembering, return_exceptions=True)

    def _remember(self, address: Address, message: str, answer: str) -> None:
        """Keep which answer a message holds. Not waited for: the answer is out, only its thumbs depend on it."""
        place = rated_place(address.conversation, message)
        task = asyncio.ensure_future(self._intake.call(self._places.remember, PLATFORM, address.tenant, place, answer))
        self._remembering.add(task)
        task.add_done_callback(self._remembered)

    def _remembered(self, task: asyncio.Future[None]) -> None:
        self._remembering.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("cannot keep which answer a message holds: %s", type(task.exception()).__name__)

    async def _refer(self, request: Request, referral: Referral, asker: Address) -> bool:
        """Post a referral as a conversation of its own; False where the channel cannot be reached."""
        tenant = request.sender.tenant
        kept = await self._intake.call(self._places.address, PLATFORM, tenant, referral.channel)
        known = parse(kept) if kept else None
        address = known if known is not None and known.tenant == tenant else asker.channel(referral.channel)
        try:
            async with asyncio.timeout(SEND_SECONDS / 2):  # the asker must still hear of it
                await self._post(address, messages(referral.card, self._renderer))
        except DeliveryError as error:
            if known is not None and error.retry_after is None:  # removed from there without a word
                await self._intake.call(self._places.forget, PLATFORM, tenant, referral.channel)
            return False
        except TimeoutError:
            return False
        return True

    async def _post(self, address: Address, found: list[Element]) -> None:
        """A new post in a channel, or a message in a chat."""
        if address.kind != "channel":
            for message in found:
                await self._connector.send(address.place, message)
            return
        for message in found:
            await self._connector.start_thread(address.place, message)


def rated_place(conversation: str, activity: str) -> str:
    """Under which name the answer in a message is kept: 👍👎 on the message name the message, not the answer."""
    return "answer:" + hashlib.blake2b(f"{conversation}\0{activity}".encode(), digest_size=16).hexdigest()
