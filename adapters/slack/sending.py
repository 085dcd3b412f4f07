"""Outcomes → messages in Slack, at the address their request carries."""

from __future__ import annotations

import asyncio
from typing import Any

from adapters.intake import DeliveryError, Intake
from adapters.slack.addresses import Address
from adapters.slack.inbound import PLATFORM
from adapters.slack.outbound import Rendered, Surface, asked, render
from adapters.slack.webapi import Slack
from bot.blocks import Card
from bot.commands import Question, Request
from bot.desk import Outcome
from bot.ports import Places

QUIET = {"parse": "none", "link_names": False, "unfurl_links": False, "unfurl_media": False}
"""Nothing in a message becomes a mention or a preview by itself."""
PATIENCE, TRIES = 5.0, 3
"""Seconds that a person who has pressed a button may be kept waiting when Slack says to slow down, and how often."""


class Poster:
    """Sends; knows which workspaces have left and where people's direct chats are."""

    def __init__(self, slack: Slack, intake: Intake, places: Places, page: str | None) -> None:
        self._slack = slack
        self._intake = intake
        self._places = places
        self._page = page

    def rendered(self, card: Card, surface: Surface = "message") -> Rendered:
        """The card as Slack shows it."""
        return render(card, self._page, surface)

    async def send(self, request: Request, outcome: Outcome) -> None:
        """Deliver what came of a stored request. Raises DeliveryError."""
        await self.allowed(request.sender.tenant)
        address = Address.parse(request.address)
        rendered = self.rendered(outcome.card)
        if address.echo and isinstance(request.command, Question):
            rendered = asked(rendered, request.command.text)
        if address.kind == "respond":
            await self.whisper(request.sender.tenant, address, rendered)
        elif address.kind == "direct":
            await self.post(await self._direct(request.sender.tenant, address.user), rendered)
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
            await self.post(await self._direct(tenant, address.user), rendered)

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

    async def patiently(self, channel: str, rendered: Rendered) -> None:
        """`post` to a department, again where Slack asks for a moment. Raises DeliveryError."""
        for _ in range(TRIES - 1):
            try:
                return await self.post(channel, rendered)
            except DeliveryError as error:
                if error.retry_after is None or error.retry_after > PATIENCE or error.reason != "ratelimited":
                    raise  # after any other failure the message may have arrived
                await asyncio.sleep(error.retry_after)
        return await self.post(channel, rendered)

    async def _direct(self, tenant: str, user: str) -> str:
        """The direct chat with a person, opened where it is not known yet."""
        known = await self._intake.call(self._places.address, PLATFORM, tenant, user)
        if known:
            return known
        answer = await self._slack.call("conversations.open", users=user)
        channel = answer.get("channel")
        found = channel.get("id") if isinstance(channel, dict) else None
        if not isinstance(found, str):
            raise DeliveryError("no_direct_chat")
        await self._intake.call(self._places.remember, PLATFORM, tenant, user, found)
        return found


def _body(rendered: Rendered) -> dict[str, Any]:
    return {"text": rendered.text, "blocks": rendered.blocks}


def _response(kind: str) -> dict[str, Any]:
    # Without replace_original an ephemeral message is put in place of the card that was pressed.
    return {"response_type": kind, "replace_original": False, "unfurl_links": False, "unfurl_media": False}
