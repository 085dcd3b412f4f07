"""The draft check in a dialog: form, report, and the form again, seen by the one person who opened it.

Opened by the compose extension's action, by the same on a message, or by a card's button.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Mapping
from dataclasses import replace
from typing import Any, cast

from adapters.teams.answering import CHECK_SECONDS, Answering, ForeignError, form_of, pictures_elsewhere, sentence
from adapters.teams.drafts import COMMAND_ID, DraftCommand, Shown, form_command, shown, typed
from adapters.teams.inbound import Incoming
from adapters.teams.messages import dialog_text, form_dialog
from adapters.teams.outbound import Renderer
from adapters.teams.texts import CHECK_CUT, CHECK_FAILED, CHECK_LATE, CHECK_TITLE, GONE
from bot.blocks import Block, Card, Form, Text
from bot.commands import Check, Copy, Dismiss, FalseAlarm, OpenCheck, Read
from bot.drafts.checker import LONGEST
from bot.model import Account

log = logging.getLogger(__name__)


class Dialogs:
    """Answers the invokes of the check's dialogs, each within the platform's five seconds."""

    def __init__(self, answering: Answering, renderer: Renderer) -> None:
        self._answering = answering
        self._renderer = renderer

    async def action(self, asked: Incoming) -> dict[str, Any]:
        """The compose extension's action: opened (`composeExtension/fetchTask`) or sent (`…/submitAction`)."""
        if asked.value.get("commandId") != COMMAND_ID:
            return dialog_text(GONE)
        of = shown(asked.value.get("messagePayload"))
        if asked.name == "composeExtension/fetchTask":
            return await self.opened(asked, of)
        return await self.sent(asked, pictures=of.pictures)

    async def opened(self, asked: Incoming, of: Shown) -> dict[str, Any]:
        """The form, with the text of a message in it."""
        notes: list[Block] = [Text(CHECK_CUT.format(limit=LONGEST))] if len(of.text) > LONGEST else []
        notes += pictures_elsewhere() if of.pictures else ()
        return await self._safely(self._open(asked, of.text[:LONGEST], tuple(notes)))

    async def sent(self, asked: Incoming, *, pictures: bool = False) -> dict[str, Any]:
        """A form or a button of the dialog: what comes of it, and the form with what was typed."""
        data = asked.value.get("data")
        data = data if isinstance(data, dict) else {}
        command = form_command(data)
        if command is None:
            return dialog_text(GONE)
        return await self._safely(self._send(asked, command, data, pictures=pictures))

    async def _safely(self, making: Awaitable[Card]) -> dict[str, Any]:
        """Whatever goes wrong: one sentence for the person, one word for the log."""
        try:
            return form_dialog(CHECK_TITLE, await making, self._renderer)
        except ForeignError:
            raise
        except Exception as error:  # noqa: BLE001  # its text may hold the draft
            log.error("Teams: a dialog failed: %s", type(error).__name__)  # noqa: TRY400  # so may its trace
            return dialog_text(CHECK_FAILED)

    async def _open(self, asked: Incoming, text: str, notes: tuple[Block, ...]) -> Card:
        card = (await self._answering.in_time(asked, OpenCheck(text))).card
        return replace(card, blocks=(*card.blocks[:1], *notes, *card.blocks[1:]))

    async def _send(
        self, asked: Incoming, command: DraftCommand | Read | Copy, data: Mapping[str, Any], *, pictures: bool
    ) -> Card:
        values = typed(data)
        text, account = values.get("text", ""), _account(values.get("account"))
        card, opened = await asyncio.gather(
            self._in_time(asked, command, Check(text, account, typing=True)),
            self._answering.form(asked, text[:LONGEST], account),
        )
        hint = pictures_elsewhere() if pictures else ()
        cut = (Text(CHECK_CUT.format(limit=LONGEST)),) if len(text) > LONGEST else ()
        said = tuple(block for block in card.blocks if not isinstance(block, Form))
        return replace(card, blocks=(*said, *hint, *cut, *form_of(opened)))

    async def _in_time(self, asked: Incoming, command: DraftCommand | Read | Copy, again: Check) -> Card:
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                return await self._made(asked, command, again)
        except TimeoutError:
            log.warning("Teams: a check took longer than %s s", CHECK_SECONDS)
            return sentence(CHECK_LATE)

    async def _made(self, asked: Incoming, command: DraftCommand | Read | Copy, again: Check) -> Card:
        """What comes of a command; where a finding was let pass or called wrong, with the report as it now is."""
        card = (await self._answering.answered(asked, command)).card
        settled = isinstance(command, FalseAlarm) or (isinstance(command, Dismiss) and command.reason is not None)
        if not settled or again.account is None or not again.text.strip():
            return card
        report = await self._answering.beside(asked, again)
        return card if report is None else replace(report, blocks=(*card.blocks, *report.blocks))


def _account(text: str | None) -> Account | None:
    return cast("Account", text) if text in ("official", "private") else None
