"""What is answered in the interaction itself and never stored: buttons, modals, the home tab."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace

from adapters.intake import DeliveryError, Intake
from adapters.slack import texts, views
from adapters.slack.addresses import Address
from adapters.slack.inbound import Opened, Press
from adapters.slack.memory import Memory
from adapters.slack.outbound import signed
from adapters.slack.sending import Poster
from adapters.slack.surface import CHECK_VIEW
from adapters.slack.views import View
from adapters.slack.webapi import Slack
from bot.blocks import Card, Heading, Prompts, Text
from bot.commands import Command, Copy, Dismiss, Home, Question, Read, Request, ShowContacts
from bot.outcome import Outcome

log = logging.getLogger(__name__)

PROMPTS = 4
"""Suggested prompts that Slack shows at most."""
SHARE_SECONDS = 60.0
"""For so long an answer is not shared with the same channel once more."""


class Desktop:
    """Answers interactions. A failure is logged by its code; the person can press again."""

    def __init__(self, intake: Intake, slack: Slack, poster: Poster) -> None:
        self._intake = intake
        self._slack = slack
        self._poster = poster
        self._shares: Memory[tuple[str, Command, str], float] = Memory()
        """When an answer of a tenant was shared with a channel."""

    async def pressed(self, press: Press) -> None:
        """Serve a button."""
        outcome = await self._intake.answer(press.request)
        if outcome is None:
            return
        sender, command = press.request.sender, press.request.command
        if outcome.to_all and press.address is not None:
            await self._shared(press, press.address, outcome.card)
        elif press.address is None or isinstance(command, Copy | Read | ShowContacts | Home):
            await self._shown(press, outcome.card)
        else:
            await self._poster.whisper(sender.tenant, press.address, self._poster.rendered(outcome.card))

    async def asking(self, trigger: str, channel: str, draft: str) -> None:
        """Open the modal that asks."""
        await self._slack.call("views.open", trigger_id=trigger, view=views.asking(channel, draft))

    async def answered(self, request: Request, seconds: float) -> View | None:
        """The modal that takes the asking one's place; None for a workspace that is not served.

        After so many seconds it says that something is wrong: Slack waits for it.
        """
        try:
            outcome = await asyncio.wait_for(self._intake.answer(request), seconds)
        except TimeoutError:
            outcome = Outcome(self._intake.desk.trouble())
        if outcome is None:
            return None
        rendered = self._poster.rendered(outcome.card, "modal")
        return views.showing(texts.ANSWER_TITLE, rendered, request.sender.channel)

    async def opened(self, opened: Opened, at: float) -> None:
        """Fill the home tab, or suggest questions in the messages tab."""
        key = f"home:{opened.sender.user}:{at}"
        if not self._intake.desk.serves(opened.sender):
            return
        # Not counted against the person: opening a page is no question.
        outcome = await self._intake.call(self._intake.desk.handle, Request(key, opened.sender, Home(), "", at))
        if opened.tab == "home":
            view = views.home(self._poster.rendered(outcome.card, "home"))
            await self._slack.call("views.publish", user_id=opened.sender.user, view=view)
            return
        asked = next((block for block in outcome.card.blocks if isinstance(block, Prompts)), None)
        if asked is not None and opened.sender.channel:
            prompts = [{"title": one, "message": one} for one in asked.questions[:PROMPTS]]
            await self._slack.call(
                "assistant.threads.setSuggestedPrompts",
                channel_id=opened.sender.channel,
                title=asked.heading,
                prompts=prompts,
            )

    async def _shown(self, press: Press, card: Card) -> None:
        """In a modal: over the message or the home tab, or on top of the modal the button stands in."""
        title = _title(press.request.command, card)
        view = views.showing(title, self._poster.rendered(card, "modal"), press.request.sender.channel)
        method = "views.push" if press.view == "modal" else "views.open"
        if press.view == "modal" and isinstance(press.request.command, Dismiss) and press.request.command.reason:
            await self._slack.call("views.update", view_id=press.view_id, view=view)  # in place of the reasons
            return
        try:
            await self._slack.call(method, trigger_id=press.trigger, view=view)
        except DeliveryError as error:
            log.warning("no new view (%s)", error.reason)  # the trigger lasts three seconds, a stack has three views
            if press.address is not None:
                await self._poster.whisper(press.request.sender.tenant, press.address, self._poster.rendered(card))
            elif press.callback == CHECK_VIEW:  # a draft stands in there that must not be lost
                sender = press.request.sender
                await self._poster.direct(sender.tenant, sender.user, self._poster.rendered(card))
            elif press.view == "modal":
                await self._slack.call("views.update", view_id=press.view_id, view=view)

    async def _shared(self, press: Press, address: Address, card: Card) -> None:
        """Show it to the whole channel, once however quickly the button is pressed again; say so where that fails."""
        sender = press.request.sender
        what = (sender.tenant, press.request.command, sender.channel)
        last = self._shares.get(what)
        if last is not None and press.request.at - last < SHARE_SECONDS:
            await self._told(press, address, texts.SHARE_AGAIN)
            return
        self._shares.keep(what, press.request.at)  # before the call: the second press may come while it lasts
        try:
            await self._poster.share(address, signed(self._poster.rendered(card), sender.user, texts.SHARED_BY))
        except DeliveryError as error:
            log.warning("not shared (%s)", error.reason)
            if error.unsure:
                await self._told(press, address, texts.SHARE_UNSURE)
                return
            self._shares.forget(what)
            await self._told(press, address, texts.SHARE_FAILED if error.retry_after is None else texts.SHARE_LATER)

    async def _told(self, press: Press, address: Address, text: str) -> None:
        """A word to whoever pressed; not through the response address, which may just have failed."""
        rendered = self._poster.rendered(Card((Text(text),), text))
        await self._poster.whisper(press.request.sender.tenant, replace(address, url=""), rendered)


def _title(command: Command, card: Card) -> str:
    match command:
        case Copy():
            return texts.COPY_TITLE
        case Read():
            return texts.CLAUSE_TITLE
        case ShowContacts():
            return texts.CONTACTS_TITLE
        case Question():
            return texts.ANSWER_TITLE
        case _:
            return texts.APP_NAME if isinstance(card.blocks[0], Heading) else texts.NOTICE_TITLE
