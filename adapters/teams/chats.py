"""The draft check in a chat: answered within the request, past the inbox, in the direct chat only.

In a team or a group everybody would read the draft's words; there the bot says where it can be done.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from adapters.intake import DeliveryError
from adapters.teams.answering import Answering, ForeignError, form_of, pictures_elsewhere, sentence
from adapters.teams.drafts import DraftCommand, has_pictures
from adapters.teams.inbound import Incoming, request
from adapters.teams.outbound import Renderer
from adapters.teams.texts import CHECK_ELSEWHERE, CHECK_FAILED, CHECK_PASTE
from bot.blocks import Actions, Button, Card, Text
from bot.commands import Home, OpenCheck, Request
from bot.outcome import Outcome

SEND_SECONDS = 5.0
"""For the answer on its way; with the check itself it stays below a turn's limit."""
RECENT = 1_000
"""Messages, and people who were told to slow down, that are remembered."""

Send = Callable[[Request, Outcome], Awaitable[None]]

log = logging.getLogger(__name__)


class Chats:
    """Answers messages about drafts. `send` delivers; what it cannot deliver is gone, as nothing of it is kept."""

    def __init__(self, answering: Answering, renderer: Renderer, send: Send) -> None:
        self._answering = answering
        self._renderer = renderer
        self._send = send
        self._seen: OrderedDict[tuple[str, ...], None] = OrderedDict()
        self._told: OrderedDict[tuple[str, ...], None] = OrderedDict()

    async def answer(self, message: Incoming, command: DraftCommand) -> None:
        """Answer one message; a second delivery of it is left alone.

        Never fails through a fault of ours: the platform would send the draft again.
        """
        if _again(self._seen, (message.tenant, message.conversation, message.id)):
            return
        try:
            await self._answer(message, command)
        except ForeignError:
            raise
        except Exception as error:  # noqa: BLE001  # its text may hold the draft
            log.error("Teams: a draft was not answered: %s", type(error).__name__)  # noqa: TRY400  # so may its trace
            await self._deliver(request(message, Home(), 0.0), Outcome(sentence(CHECK_FAILED)))

    async def _answer(self, message: Incoming, command: DraftCommand) -> None:
        outcome = await self._answering.in_time(message, command if message.alone else OpenCheck())
        if self._silent(message, outcome):
            return
        card = self._fitting(outcome.card, command, message) if message.alone else self._elsewhere()
        # Without its command: nothing behind this needs to know the draft.
        await self._deliver(request(message, Home(), 0.0), Outcome(card))

    def _silent(self, message: Incoming, outcome: Outcome) -> bool:
        """Whether somebody asks too fast and has been told so."""
        person = (message.tenant, message.user)
        if outcome.card != self._answering.intake.desk.busy():
            self._told.pop(person, None)
            return False
        return _again(self._told, person)

    def _fitting(self, card: Card, command: DraftCommand, message: Incoming) -> Card:
        """A form with a draft too long for a message leaves it out; pictures are spoken of where a form opens."""
        if form_of(card) and len(self._renderer.cards(card)) > 1:
            return Card((Text(CHECK_PASTE), self._button()), CHECK_PASTE)
        if isinstance(command, OpenCheck) and has_pictures(message.attachments):
            return Card((*card.blocks, *pictures_elsewhere()), card.fallback)
        return card

    def _elsewhere(self) -> Card:
        return Card((Text(CHECK_ELSEWHERE), self._button()), CHECK_ELSEWHERE)

    def _button(self) -> Actions:
        label = self._answering.intake.desk.service.knowledge.texts["button_check"]
        return Actions((Button("open_check", label),))

    async def _deliver(self, asking: Request, outcome: Outcome) -> None:
        """Send, and once more where the platform says that it may help and there is time."""
        loop = asyncio.get_running_loop()
        end = loop.time() + SEND_SECONDS
        while True:
            try:
                async with asyncio.timeout_at(end):
                    return await self._send(asking, outcome)
            except TimeoutError:
                reason, wait = "timeout", None
            except DeliveryError as error:
                reason, wait = error.reason, error.retry_after
            if wait is None or loop.time() + wait >= end:
                log.warning("Teams: the answer to a draft was not sent (%s)", reason)
                return None
            await asyncio.sleep(wait)


def _again(kept: OrderedDict[tuple[str, ...], None], key: tuple[str, ...]) -> bool:
    """Whether the key was there before; now it is."""
    known = key in kept
    kept[key] = None
    kept.move_to_end(key)
    if len(kept) > RECENT:
        kept.popitem(last=False)
    return known
