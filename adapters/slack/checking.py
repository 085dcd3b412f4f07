"""Checks of drafts. Everything here is answered in the interaction itself, to the sender alone, and nothing is kept.

What is logged of a failure is its code or its place: the texts of errors may hold words of a draft.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from adapters.intake import DeliveryError, Intake
from adapters.slack import texts, views
from adapters.slack.drafts import Begun, Sent
from adapters.slack.forms import Sheet, form_of, opened, refused, reported, waiting
from adapters.slack.memory import Memory
from adapters.slack.outbound import Rendered
from adapters.slack.pictures import Pictures
from adapters.slack.sending import Poster
from adapters.slack.tasks import Tasks, report
from adapters.slack.webapi import Slack
from bot.commands import Check, OpenCheck, Picture, Request
from bot.outcome import Outcome

VIEW_SECONDS = 2.0
"""An answer in a view has three seconds; after these it says that the check goes on."""
FORM_SECONDS = 2.4
"""For the fields themselves: without them nothing can be said in the view at all."""
CHECK_SECONDS = 20.0
"""A check that lasts longer has failed."""
SETTLE = 0.5
"""Seconds until Slack has surely put up the view that says so, and the report may take its place."""
TRIES, LONGEST_PAUSE = 3, 5.0
ROOMS = 2
"""Drafts with pictures that are in memory at once; a draft may bring 250 MiB."""

log = logging.getLogger(__name__)


class CheckRoom:
    """Opens forms and answers drafts."""

    def __init__(self, intake: Intake, slack: Slack, poster: Poster, tasks: Tasks) -> None:
        self._intake = intake
        self._slack = slack
        self._poster = poster
        self._tasks = tasks
        self._pictures = Pictures(slack, intake)
        self._rooms = asyncio.Semaphore(ROOMS)
        self._newest: Memory[str, str] = Memory()
        """By view the last draft sent from it: a report that comes late must not take a newer one's place."""

    async def begun(self, begun: Begun) -> None:
        """Open the form, or check at once what a command brought."""
        outcome = await self._answered(begun.request)
        if outcome is None:
            return
        card, kept = outcome.card, begun.kept
        if isinstance(begun.request.command, Check):
            await self._whispered(begun, self._poster.rendered(card))
            return
        form = form_of(card)
        if form is None:
            view = views.showing(texts.NOTICE_TITLE, self._poster.rendered(card, "modal"), kept.channel)
        else:
            view = opened(Sheet(form, kept, self._poster.page), card)
        try:
            await self._slack.call("views.push" if begun.stacked else "views.open", trigger_id=begun.trigger, view=view)
        except DeliveryError as error:
            log.warning("no form (%s)", error.reason)
            await self._whispered(begun, self._poster.rendered(card))

    async def sent(self, sent: Sent) -> dict[str, Any]:
        """What the acknowledgement of a form says: its report, what is wrong with it, or that the check goes on."""
        begun = asyncio.get_running_loop().time()
        self._newest.keep(sent.view, sent.request.key)
        checking = asyncio.create_task(self._checked(sent))
        sheet = await self._sheet(sent)
        if sheet is None:
            checking.cancel()
            return _errors(refused(Outcome(self._intake.desk.trouble())))
        passed = asyncio.get_running_loop().time() - begun
        done, _ = await asyncio.wait({checking}, timeout=max(0.0, VIEW_SECONDS - passed))
        if not done:
            self._tasks.start(self._late(sent, sheet, checking))
            return {"response_action": "update", "view": waiting(sheet)}
        outcome, missed = checking.result()
        if outcome is None:
            return {}
        if outcome.report is None and not missed:
            return _errors(refused(outcome))
        return {"response_action": "update", "view": reported(sheet, outcome.card, missed)}

    async def _late(self, sent: Sent, sheet: Sheet, checking: asyncio.Task[tuple[Outcome | None, int]]) -> None:
        outcome, missed = await checking
        await asyncio.sleep(SETTLE)
        if outcome is None or self._newest.get(sent.view) != sent.request.key:
            return
        view = reported(sheet, outcome.card, missed)
        await _patiently(lambda: self._slack.call("views.update", view_id=sent.view, view=view))

    async def _sheet(self, sent: Sent) -> Sheet | None:
        """The form with what was sent in it; None where there is none to be had in time."""
        filled = replace(sent.request, command=OpenCheck(sent.command.text, sent.command.account))
        try:
            async with asyncio.timeout(FORM_SECONDS):
                # Not counted against the person: it is part of the check.
                outcome = await self._intake.call(self._intake.desk.handle, filled)
        except Exception as error:  # noqa: BLE001  # whatever it is: the person gets a word
            report(error)
            return None
        form = form_of(outcome.card)
        return Sheet(form, sent.kept, self._poster.page) if form else None

    async def _checked(self, sent: Sent) -> tuple[Outcome | None, int]:
        """What comes of a draft, and how many of its pictures could not be read. Never raises."""
        if not sent.kept.files:
            return await self._answered(sent.request), 0
        try:
            async with self._rooms:
                pictures, missed = await self._pictures.of(sent.kept.files)
                return await self._answered(_with(sent, pictures)), missed
        except Exception as error:  # noqa: BLE001  # as above
            report(error)
            return Outcome(self._intake.desk.trouble()), 0

    async def _answered(self, request: Request) -> Outcome | None:
        """None for a workspace that is not served."""
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                return await self._intake.answer(request)
        except TimeoutError:
            log.warning("a check lasts too long")
            return Outcome(self._intake.desk.trouble())

    async def _whispered(self, begun: Begun, rendered: Rendered) -> None:
        tenant, address = begun.request.sender.tenant, begun.address
        if address.kind == "direct":
            await _patiently(lambda: self._poster.direct(tenant, address.user, rendered))
        else:
            await _patiently(lambda: self._poster.whisper(tenant, address, rendered))


def _with(sent: Sent, pictures: tuple[Picture, ...]) -> Request:
    return replace(sent.request, command=replace(sent.command, pictures=pictures))


def _errors(errors: dict[str, str]) -> dict[str, Any]:
    return {"response_action": "errors", "errors": errors}


async def _patiently(send: Callable[[], Awaitable[object]]) -> None:
    """Again where Slack may take it a moment later: only one person sees it, so twice is better than never.

    Raises DeliveryError.
    """
    for left in reversed(range(TRIES)):
        try:
            await send()
        except DeliveryError as error:
            if error.retry_after is None or not left:
                raise
            await asyncio.sleep(min(error.retry_after, LONGEST_PAUSE))
        else:
            return
