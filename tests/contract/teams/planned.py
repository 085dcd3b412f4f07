"""People in a course whose chats the platform has, and the dispatcher that writes to them."""

from __future__ import annotations

from dataclasses import dataclass

from adapters.dispatcher import Dispatcher
from adapters.teams.addresses import Address
from tests.contract.dms import OfficeClock, enrol, learner, reach
from tests.contract.teams.activities import BOT, PERSON, activity
from tests.contract.teams.fakes import TENANT, Platform
from tests.contract.teams.serving import Served
from tests.unit.store.courses import rows


@dataclass
class Office:
    """The front, its dispatcher, and time that can be skipped."""

    served: Served
    clock: OfficeClock
    dispatcher: Dispatcher

    @property
    def platform(self) -> Platform:
        return self.served.platform

    def met(self, *users: str) -> None:
        """These people have the app; each chat is called after its person."""
        for user in users:
            bot, person = (BOT["id"], BOT["name"]), (f"29:{user}", "新人 太郎")
            address = Address(self.platform.service_url, TENANT, "personal", f"a:{user}", "", bot, person)
            self.served.office.store.places.remember("teams", TENANT, user, address.dumps())

    def enrol(self, *users: str, mail: str | None = None) -> None:
        people = [learner(user, TENANT, "teams", None if mail else user, mail) for user in users]
        assert enrol(self.served.office, people) == len(people)

    async def install(self) -> None:
        """花子 gets the app."""
        members = {"membersAdded": [BOT, {"id": PERSON["id"]}]}
        assert await self.served.post(activity(self.platform, "conversationUpdate", **members)) == 201

    async def reach(self, *wanted: str) -> None:
        await reach(self.served.office.store, *wanted)

    def states(self) -> list[str]:
        """State and reason of each planned message."""
        found = rows(self.served.office.store, "SELECT state, reason FROM outbox")
        return [f"{state} {reason}" for state, reason in found]

    def skip(self, seconds: float) -> None:
        self.clock.skipped += seconds
        for one in self.dispatcher._senders:
            one.wake.set()
