"""Commands that are answered where they are asked: at once, within a time limit, and never stored."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

from adapters.intake import Intake
from adapters.teams.inbound import Incoming, request
from adapters.teams.texts import CHECK_LATE, CHECK_PAGE, CHECK_PATH, CHECK_PICTURES
from bot.blocks import Actions, Block, Card, Form, Link, Note, Text
from bot.commands import Command, OpenCheck
from bot.model import Account
from bot.outcome import Outcome

CHECK_SECONDS = 3.5
"""For what a dialog waits for. The platform waits 5 s for a dialog, the way there and back with it."""

log = logging.getLogger(__name__)


class ForeignError(Exception):
    """The workspace is not served."""


class Answering:
    """Asks the core without the inbox. Raises ForeignError where the intake knows the workspace not."""

    def __init__(self, intake: Intake) -> None:
        self.intake = intake
        # Apart, so that nothing that hangs here keeps the inbox waiting.
        self._threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="teams-form")

    def close(self) -> None:
        """Begin nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def answered(self, asked: Incoming, command: Command) -> Outcome:
        """The answer, counted against the person's limit."""
        outcome = await self.intake.answer(request(asked, command, self._now()))
        if outcome is None:
            raise ForeignError
        return outcome

    async def in_time(self, asked: Incoming, command: Command) -> Outcome:
        """The answer, or the word that it takes too long; what hangs is left to its thread."""
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                return await self.answered(asked, command)
        except TimeoutError:
            log.warning("Teams: a check took longer than %s s", CHECK_SECONDS)
            return Outcome(sentence(CHECK_LATE))

    async def beside(self, asked: Incoming, command: Command) -> Card | None:
        """What belongs to an answer and is not counted; None where it cannot be had in time."""
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                asking, handle = request(asked, command, self._now()), self.intake.desk.handle
                return (await asyncio.get_running_loop().run_in_executor(self._threads, handle, asking)).card
        except Exception as error:  # noqa: BLE001  # the answer goes without it; the error's text may hold the draft
            log.error("Teams: part of a check failed: %s", type(error).__name__)  # noqa: TRY400  # as above
            return None

    async def form(self, asked: Incoming, text: str, account: Account | None) -> Card | None:
        """The form with these values in it."""
        return await self.beside(asked, OpenCheck(text, account))

    def _now(self) -> float:
        return self.intake.desk.clock.now()


def sentence(text: str) -> Card:
    """A card of one sentence."""
    return Card((Text(text),), text)


def form_of(card: Card | None) -> tuple[Block, ...]:
    """The form in a card, without what stands above it; nothing where there is none."""
    return tuple(block for block in card.blocks if isinstance(block, Form)) if card is not None else ()


def pictures_elsewhere() -> tuple[Block, ...]:
    """That pictures are not checked here.

    Those of a message lie behind Graph, where the bot's token is none; and what Teams has made of a picture no longer
    says what its file gives away, so that a check of it would only lull.
    """
    return (Note(CHECK_PICTURES), Actions((Link(CHECK_PAGE, CHECK_PATH),)))
