"""Outcomes → messages in Slack, at the address their request carries."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from adapters.intake import DeliveryError, Intake
from adapters.slack import texts
from adapters.slack.addresses import Address
from adapters.slack.inbound import PLATFORM
from adapters.slack.link import REFUSALS
from adapters.slack.memory import Memory
from adapters.slack.outbound import Rendered, Surface, asked, render, signed
from adapters.slack.webapi import Slack
from bot.blocks import Card
from bot.commands import Question, Request
from bot.outcome import Outcome, Referral
from bot.ports import Places

QUIET = {"parse": "none", "link_names": False, "unfurl_links": False, "unfurl_media": False}
"""Nothing in a message becomes a mention or a preview by itself."""
PATIENCE, TRIES = 5.0, 3
"""Seconds that a person who has pressed a button may be kept waiting when Slack says to slow down, and how often."""
REFERRAL_SECONDS = 10.0
"""A referral may take so long; less than the intake allows for all of the sending."""
REFUSED_SECONDS = 60.0
"""Before the next try where Slack does not take our token: somebody will mend that, and the answer is kept."""

log = logging.getLogger(__name__)


class Poster:
    """Sends; knows which workspaces have left and where people's direct chats are."""

    def __init__(self, slack: Slack, intake: Intake, places: Places, page: str | None) -> None:
        self._slack = slack
        self._intake = intake
        self._places = places
        self.page = page
        self._referred: Memory[tuple[str, str], bool] = Memory()
        """The presses (tenant, key) whose referral was posted, or could not be: it is not posted once more."""

    def rendered(self, card: Card, surface: Surface = "message") -> Rendered:
        """The card as Slack shows it."""
        return render(card, self.page, surface)

    async def send(self, request: Request, outcome: Outcome) -> None:
        """Deliver what came of a stored request: first to a department, then to whoever asked. Raises DeliveryError."""
        try:
            await self._send(request, outcome)
        except DeliveryError as error:
            if error.reason in REFUSALS:
                raise DeliveryError(error.reason, REFUSED_SECONDS) from None
            raise

    async def _send(self, request: Request, outcome: Outcome) -> None:
        await self.allowed(request.sender.tenant)
        address, card = Address.parse(request.address), outcome.card
        if outcome.referral is not None and not await self._refer(request, outcome.referral):
            card = await self._intake.call(self._intake.desk.undelivered, request, outcome.referral)
        rendered = self.rendered(card)
        if address.echo and isinstance(request.command, Question):
            rendered = asked(rendered, request.command.text)
        if address.kind == "respond":
            await self.whisper(request.sender.tenant, address, rendered)
        elif address.kind == "direct":
            await self.direct(request.sender.tenant, address.user, rendered)
        else:
            await self.post(address.channel, rendered, address.thread)

    async def allowed(self, tenant: str) -> None:
        """Raises DeliveryError for a workspace that has uninstalled the bot: nothing is sent there any more."""
        if await self._intake.call(self._places.gone, PLATFORM, tenant):
            raise DeliveryError("left")

    async def post(self, channel: str, rendered: Rendered, thread: str = "") -> None:
        """A message for everybody in a channel. Raises DeliveryError."""
        below = {"thread_ts": thread} if thread else {}
        await self._slack.call("chat.postMessage", channel=channel, **_body(rendered), **QUIET, **below)

    async def whisper(self, tenant: str, address: Address, rendered: Rendered) -> None:
        """A message that only the address's user sees. Raises DeliveryError where no way is left.

        Through the response address while Slack takes it, else in the channel, and where the bot is no member of that
        in the direct chat.
        """
        if address.url:
            try:
                await self._slack.respond(address.url, _body(rendered) | _response("ephemeral"))
            except DeliveryError as error:
                if error.retry_after is not None:
                    raise
            else:
                return
        below = {"thread_ts": address.thread} if address.thread else {}
        try:
            place = {"channel": address.channel, "user": address.user, **below}
            await self._slack.call("chat.postEphemeral", **place, **_body(rendered), parse="none", link_names=False)
        except DeliveryError as error:
            if error.retry_after is not None:
                raise
            await self.direct(tenant, address.user, rendered)

    async def direct(self, tenant: str, user: str, rendered: Rendered) -> None:
        """A message in the direct chat with a person. Raises DeliveryError."""
        await self.post(await self.channel(tenant, user), rendered)

    async def channel(self, tenant: str, user: str, *, bulk: bool = False) -> str:
        """The direct chat with a person, opened where it is not known yet; `bulk`: for a planned message.

        Raises DeliveryError.
        """
        known = await self._intake.call(self._places.address, PLATFORM, tenant, user)
        if known:
            return known
        opened = await (self._slack.bulk if bulk else self._slack.call)("conversations.open", users=user)
        channel = opened.get("channel")
        found = channel.get("id") if isinstance(channel, dict) else None
        if not isinstance(found, str):
            raise DeliveryError("no_direct_chat")
        await self._intake.call(self._places.remember, PLATFORM, tenant, user, found)
        return found

    async def lost(self, tenant: str, user: str) -> None:
        """The direct chat that was kept is there no more."""
        await self._intake.call(self._places.forget, PLATFORM, tenant, user)

    async def share(self, address: Address, rendered: Rendered) -> None:
        """A message for the channel in which somebody was answered alone. Raises DeliveryError."""
        if address.url:
            try:
                await self._slack.respond(address.url, _body(rendered) | _response("in_channel"))
            except DeliveryError as error:
                if error.retry_after is not None:
                    raise
            else:
                return
        await self.post(address.channel, rendered, address.thread)

    async def _refer(self, request: Request, referral: Referral) -> bool:
        """Post a referral to its department, once for a press however often its confirmation is tried.

        Whether it is there. What cannot be known counts as not sent: the asker is told, and may press again.
        """
        press = (request.sender.tenant, request.key)
        known = self._referred.get(press)
        if known is not None:
            return known
        self._referred.keep(press, False)  # noqa: FBT003  # also where the post is broken off
        rendered = signed(self.rendered(referral.card), request.sender.user, texts.ASKED_BY)
        try:
            async with asyncio.timeout(REFERRAL_SECONDS):
                await self._patiently(referral.channel, rendered)
        except (DeliveryError, TimeoutError) as error:
            reason = error.reason if isinstance(error, DeliveryError) else "timeout"
            if reason in REFUSALS:  # surely not posted, and the asker cannot be told either
                self._referred.forget(press)
                raise
            log.warning("not referred (%s)", reason)
            return False
        self._referred.keep(press, True)  # noqa: FBT003  # whether it was posted
        return True

    async def _patiently(self, channel: str, rendered: Rendered) -> None:
        """`post` to a department, again where Slack asks for a moment. Raises DeliveryError."""
        for _ in range(TRIES - 1):
            try:
                return await self.post(channel, rendered)
            except DeliveryError as error:
                if error.unsure or error.retry_after is None or error.retry_after > PATIENCE:
                    raise  # unsure: it may have arrived
                await asyncio.sleep(error.retry_after)
        return await self.post(channel, rendered)


def _body(rendered: Rendered) -> dict[str, Any]:
    return {"text": rendered.text, "blocks": rendered.blocks}


def _response(kind: str) -> dict[str, Any]:
    # Without replace_original an ephemeral message is put in place of the card that was pressed.
    return {"response_type": kind, "replace_original": False, "unfurl_links": False, "unfurl_media": False}
