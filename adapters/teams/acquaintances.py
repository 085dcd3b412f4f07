"""The conversations we have been told of, kept so that messages can be sent there later."""

from __future__ import annotations

import hashlib
from collections import OrderedDict

from adapters.intake import Intake
from adapters.teams.inbound import PLATFORM, Incoming
from adapters.teams.mails import Mails
from bot.ports import Places

MOST = 10_000
"""Places whose address is known to be stored; the longest unused are written again."""
KNOWN_SECONDS = 3600.0
"""For so long an address counts as stored: it may have been forgotten meanwhile, with its person."""


class Acquaintances:
    """Remembers places; writes only what is new or has changed since this process started."""

    def __init__(self, intake: Intake, places: Places, mails: Mails) -> None:
        self.places = places
        self._intake = intake
        self._mails = mails
        self._written: OrderedDict[tuple[str, str], tuple[str, float]] = OrderedDict()

    async def met(self, activity: Incoming) -> None:
        """Somebody wrote from there, or the bot was added: the address is good.

        Messages that waited for a way to the person are sent now.
        """
        key, address = (activity.tenant, _place(activity)), activity.address.place.dumps()
        written, at = self._written.get(key, ("", 0.0))
        now = self._intake.desk.clock.now()
        if written != address or now - at >= KNOWN_SECONDS:
            new = activity.alone and await self.address(*key) is None
            await self._intake.call(self.places.remember, PLATFORM, *key, address)
            if new:
                await self._intake.call(self._intake.desk.courses.outbox.revive, *key)
            self._written[key] = address, now
            if len(self._written) > MOST:
                self._written.popitem(last=False)
        self._written.move_to_end(key)
        if activity.alone:
            self._mails.met(activity.address.place, activity.user)

    async def address(self, tenant: str, place: str) -> str | None:
        """The kept address of a place."""
        return await self._intake.call(self.places.address, PLATFORM, tenant, place)

    async def parted(self, activity: Incoming) -> None:
        """The bot was removed from there; that is counted."""
        await self.lost(activity.tenant, _place(activity))
        count = str(await self.partings(activity) + 1)
        await self._intake.call(self.places.remember, PLATFORM, activity.tenant, _parted(activity), count)

    async def partings(self, activity: Incoming) -> int:
        """How often the bot was removed from this conversation: a later installation is another one."""
        return int(await self.address(activity.tenant, _parted(activity)) or 0)

    async def lost(self, tenant: str, place: str) -> None:
        """A place can be reached no more. Heard from again, its address is written again."""
        await self._intake.call(self.places.forget, PLATFORM, tenant, place)
        self._written.pop((tenant, place), None)  # last: who writes from there meanwhile must not count as known


def _place(activity: Incoming) -> str:
    """A person's direct chat goes by the person, everything else by its own id."""
    return activity.user if activity.kind == "personal" and activity.user else activity.place


def _parted(activity: Incoming) -> str:
    """Under which name the removals from a conversation are counted; it tells nobody which one."""
    return "parted:" + hashlib.blake2b(activity.conversation.encode(), digest_size=16).hexdigest()
