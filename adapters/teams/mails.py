"""Whose mail addresses those of a roster are: Teams cannot be asked, it only says a person's whom the bot has met.

Kept as pseudonyms, and only for addresses that a roster names and nobody has been found for.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field

from adapters.intake import DeliveryError, Intake
from adapters.teams.addresses import Address
from adapters.teams.connector import Connector
from adapters.teams.inbound import PLATFORM
from bot.enrolment import Learner
from bot.ports import MAIL_PLACES, Places

KEPT_SECONDS = 60.0
"""For so long it is known which addresses are looked for."""
MOST_ASKED = 10_000

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Wanted:
    """The addresses looked for in a tenant, with whom they stand for (None: for supervisors), as of `at`.

    `asked`: people who have none of them.
    """

    at: float
    mails: Mapping[str, Learner | None]
    asked: set[str] = field(default_factory=set)


class Mails:
    """Notes the addresses of people who are met. `connector` is there once the front has started."""

    def __init__(self, intake: Intake, places: Places) -> None:
        self._intake = intake
        self._places = places
        self._wanted: dict[str, _Wanted] = {}
        self._looking: set[asyncio.Task[None]] = set()
        self.connector: Connector | None = None

    async def user(self, tenant: str, mail: str) -> str | None:
        """The user id behind a mail address, None where it is not known."""
        place = await self._intake.call(self._place, tenant, mail)
        return await self._intake.call(self._places.address, PLATFORM, tenant, place)

    def met(self, address: Address, user: str) -> None:
        """Somebody wrote in the direct chat: look who it is, where that is wanted. Not waited for."""
        task = asyncio.create_task(self._met(address, user))
        self._looking.add(task)
        task.add_done_callback(self._looking.discard)

    async def finished(self) -> None:
        """Wait until nobody is being looked at."""
        await asyncio.gather(*self._looking, return_exceptions=True)

    async def _met(self, address: Address, user: str) -> None:
        try:
            wanted = await self._wanting(address.tenant)
            if self.connector is None or not wanted.mails or user in wanted.asked:
                return
            member = await self.connector.member(address)
            named = {str(member.get(name) or "").strip().casefold() for name in ("email", "userPrincipalName")}
            for mail in named & wanted.mails.keys():
                await self._found(address.tenant, mail, user, wanted.mails[mail])
            if len(wanted.asked) < MOST_ASKED:
                wanted.asked.add(user)
        except DeliveryError as error:  # asked again when the person writes again
            log.warning("Teams: a person's mail address was not found out (%s)", error.reason)
        except Exception as error:  # noqa: BLE001  # its text may hold the address
            log.error("Teams: cannot note a mail address: %s", type(error).__name__)  # noqa: TRY400  # so may its trace

    async def _found(self, tenant: str, mail: str, user: str, learner: Learner | None) -> None:
        call, courses = self._intake.call, self._intake.desk.courses
        place = await call(self._place, tenant, mail)
        await call(self._places.remember, PLATFORM, tenant, place, user)
        if learner is not None and await call(courses.enrolments.identify, learner, user) is not None:
            await call(courses.outbox.revive, tenant, user)
        await call(courses.outbox.revive, tenant, mail)  # what is to be said to a supervisor

    async def _wanting(self, tenant: str) -> _Wanted:
        now, known = self._intake.desk.clock.now(), self._wanted.get(tenant)
        if known is not None and now - known.at < KEPT_SECONDS:
            return known
        people = await self._intake.call(self._intake.desk.courses.enrolments.people, tenant)
        mails: dict[str, Learner | None] = {}
        for learner, _ in people:
            if learner.supervisor and "@" in learner.supervisor:
                mails.setdefault(learner.supervisor.casefold())
            if learner.user is None and learner.mail:
                mails[learner.mail.casefold()] = learner
        same = known is not None and known.mails.keys() == mails.keys()
        self._wanted[tenant] = _Wanted(now, mails, known.asked if known is not None and same else set())
        return self._wanted[tenant]

    def _place(self, tenant: str, mail: str) -> str:
        return MAIL_PLACES + self._intake.desk.records.pseudonym(tenant, mail.casefold())
