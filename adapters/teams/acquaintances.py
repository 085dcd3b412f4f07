"""The conversations we have been told of, kept so that messages can be sent there later."""

from __future__ import annotations

from collections import OrderedDict

from adapters.intake import Intake
from adapters.teams.inbound import PLATFORM, Incoming
from adapters.teams.mails import Mails
from bot.ports import Places

MOST = 10_000
"""Places whose address is known to be stored; the longest unused are written again."""


class Acquaintances:
    """Remembers places; writes only what is new or has changed since this process started."""

    def __init__(self, intake: Intake, places: Places, mails: Mails) -> None:
        self.places = places
        self._intake = intake
        self._mails = mails
        self._written: OrderedDict[tuple[str, str], str] = OrderedDict()

    async def met(self, activity: Incoming) -> None:
        """Somebody wrote from there, or the bot was added: the address is good.

        Messages that waited for a way to the person are sent now.
        """
        key, address = (activity.tenant, _place(activity)), activity.address.place.dumps()
        if self._written.get(key) != address:
            new = activity.alone and await self.address(*key) is None
            await self._intake.call(self.places.remember, PLATFORM, *key, address)
            if new:
                await self._intake.call(self._intake.desk.courses.outbox.revive, *key)
            self._written[key] = address
            if len(self._written) > MOST:
                self._written.popitem(last=False)
        self._written.move_to_end(key)
        if activity.alone:
            self._mails.met(activity.address.place, activity.user)

    async def address(self, tenant: str, place: str) -> str | None:
        """The kept address of a place."""
        return await self._intake.call(self.places.address, PLATFORM, tenant, place)

    async def parted(self, activity: Incoming) -> None:
        """The bot was removed from there."""
        await self.lost(activity.tenant, _place(activity))

    async def lost(self, tenant: str, place: str) -> None:
        """A place can be reached no more. Heard from again, its address is written again."""
        await self._intake.call(self.places.forget, PLATFORM, tenant, place)
        self._written.pop((tenant, place), None)  # last: who writes from there meanwhile must not count as known


def _place(activity: Incoming) -> str:
    """A person's direct chat goes by the person, everything else by its own id."""
    return activity.user if activity.kind == "personal" and activity.user else activity.place
