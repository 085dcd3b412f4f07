"""What is answered in the interaction itself and never stored: buttons, modals, the home tab."""

from __future__ import annotations

import asyncio
import logging

from adapters.intake import DeliveryError, Intake
from adapters.slack import texts, views
from adapters.slack.inbound import Opened, Press
from adapters.slack.outbound import signed
from adapters.slack.sending import Poster
from adapters.slack.views import View
from adapters.slack.webapi import Slack
from bot.blocks import Card, Heading, Prompts
from bot.commands import Command, Copy, Home, Question, Read, Request, ShowContacts
from bot.desk import Outcome, Referral

log = logging.getLogger(__name__)

PROMPTS = 4
"""Suggested prompts that Slack shows at most."""


class Desktop:
    """Answers interactions. A failure is logged by its code; the person can press again."""

    def __init__(self, intake: Intake, slack: Slack, poster: Poster) -> None:
        self._intake = intake
        self._slack = slack
        self._poster = poster

    async def pressed(self, press: Press) -> None:
        """Serve a button."""
        outcome = await self._intake.answer(press.request)
        if outcome is None:
            return
        sender, command = press.request.sender, press.request.command
        if outcome.referral is not None:
            card = await self._referred(press.request, outcome.referral, outcome.card)
            outcome = Outcome(card)
        if outcome.to_all and press.address is not None:
            rendered = signed(self._poster.rendered(outcome.card), sender.user, texts.SHARED_BY)
            await self._poster.share(press.address, rendered)
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
            outcome = Outcome(self._intake.desk.trouble(request))
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
        try:
            await self._slack.call(method, trigger_id=press.trigger, view=view)
        except DeliveryError as error:
            log.warning("no new view (%s)", error.reason)  # the trigger lasts three seconds, a stack has three views
            if press.address is not None:
                await self._poster.whisper(press.request.sender.tenant, press.address, self._poster.rendered(card))
            elif press.view == "modal":
                await self._slack.call("views.update", view_id=press.view_id, view=view)

    async def _referred(self, request: Request, referral: Referral, done: Card) -> Card:
        """Send it to the department; the card for whoever asked for it."""
        rendered = signed(self._poster.rendered(referral.card), request.sender.user, texts.ASKED_BY)
        try:
            await self._poster.patiently(referral.channel, rendered)
        except DeliveryError as error:
            log.warning("not referred (%s)", error.reason)
            return await self._intake.call(self._intake.desk.undelivered, request, referral)
        return done


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
