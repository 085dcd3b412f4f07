"""Planned messages into people's direct chats in Teams, where the person has the app."""

from __future__ import annotations

import logging
from dataclasses import replace

from adapters.intake import DeliveryError
from adapters.sender import BlindError
from adapters.teams.acquaintances import Acquaintances
from adapters.teams.addresses import Address, parse
from adapters.teams.connector import AGAIN, Connector, RejectedError
from adapters.teams.elements import Element
from adapters.teams.mails import Mails
from adapters.teams.messages import messages
from adapters.teams.outbound import Renderer
from bot.blocks import Card

NOT_INSTALLED = "not_installed"
BARRED = ("BotNotInConversationRoster", "ConversationBlockedByUser", "ConversationNotFound", "MessageWritesBlocked")
"""What the connector says of a chat that the person has closed to the bot. It is forgotten, and new when we hear of it
again; other refusals are none of the person's."""

log = logging.getLogger(__name__)


class TeamsCarrier:
    """Sends to people we have met; see the port. `connector` is there once the front has started."""

    def __init__(self, known: Acquaintances, mails: Mails, renderer: Renderer) -> None:
        self._known = known
        self._mails = mails
        self._renderer = renderer
        self.connector: Connector | None = None

    async def resolve(self, tenant: str, mail: str) -> str | None:
        """See the port. None until the person has written to the bot or installed it."""
        return await self._mails.user(tenant, mail)

    async def deliver(self, tenant: str, user: str, card: Card, token: str) -> str:  # noqa: ARG002  # nothing carries it
        """See the port."""
        if self.connector is None:
            raise DeliveryError("not_started", AGAIN, concerns="platform")
        address = await self._address(tenant, user)
        try:
            return await self.connector.send(address, self._message(card), bulk=True)
        except RejectedError as error:
            if error.code in BARRED:
                await self._known.lost(tenant, user)
                raise DeliveryError(NOT_INSTALLED) from None
            raise

    async def arrived(self, *_sought: object) -> str | None:
        """See the port: Teams shows a bot no history."""
        raise BlindError

    async def _address(self, tenant: str, user: str) -> Address:
        kept = await self._known.address(tenant, user)
        address = parse(kept) if kept else None
        if address is None or address.kind != "personal" or address.tenant != tenant:
            raise DeliveryError(NOT_INSTALLED)
        return address.place

    def _message(self, card: Card) -> Element:
        """The card as one message: two could part, and only one would be looked after. Its end holds the buttons."""
        found = messages(replace(card, answer=None), self._renderer)
        if len(found) > 1:
            log.warning("Teams: a direct message is too long for one card: its beginning is left out")
        return found[-1]
