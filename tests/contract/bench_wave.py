"""A wave of planned messages, and answers meanwhile: python -m tests.contract.bench_wave [people].

So many people (2,000 without a word) are due at once; two others a second ask something. The platform is a fake in this
process that keeps its limits strictly and refuses every 500th call as well: Microsoft's own limits for Teams; for Slack
a message a second in a channel and, as Slack names no number, 20 a second in the workspace, of which planned messages
take half. Slack's chats have been opened before. Prints for each: how long the wave took, calls refused, calls before
the end of a pause, messages lost and doubled, and the time from a question's arrival to that of its answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adapters.pacing import Limits
from adapters.server import Front
from adapters.slack.webapi import LIMITS as SLACK
from adapters.teams.connector import LIMITS as TEAMS
from bot.corpus.knowledge import Knowledge
from bot.model import Ask
from bot.service import Service
from bot.testing import Office
from tests.contract.dms import ORG, OfficeClock, dispatching, enrol, learner
from tests.contract.limits import Enforcer
from tests.contract.slack import serving as slack_side
from tests.contract.slack.fake import TEAM, Call, FakeSlack, slack
from tests.contract.slack.payloads import direct
from tests.contract.teams import serving as teams_side
from tests.contract.teams.activities import BOT, activity, message
from tests.contract.teams.fakes import TENANT, Platform, Sent, new_key, running

PEOPLE, WHIM, PAUSE = 2_000, 500, 0.5
QUESTIONS = ("公式で写真を載せるときの注意は？", "個人情報を書いてもいい？", "炎上したらどうする", "著作権について")
FAST_SLACK = {**SLACK, "chat.postMessage": Limits(conversation=((1, 1.0),), tenant=((20, 1.0),), bulk=((10, 1.0),))}


@dataclass
class Side:
    """One platform, ready: its limits, how somebody asks, and when each conversation was first written into."""

    office: Office
    front: Front
    tenant: str
    chat: str
    limits: Enforcer
    ask: Callable[[str, str], Awaitable[object]]
    at: dict[str, float] = field(default_factory=dict)
    sent: Counter[str] = field(default_factory=Counter)

    def took(self, conversation: str) -> None:
        self.at.setdefault(conversation, time.perf_counter())
        self.sent[conversation] += 1


@contextlib.asynccontextmanager
async def slack_people(service: Service, folder: Path, users: list[str]) -> AsyncIterator[Side]:
    """Slack, and everybody's chat opened."""
    async with (
        slack() as fake,
        slack_side.serving(service, folder, fake, limits=FAST_SLACK, clock=OfficeClock()) as served,
    ):
        limits = fake.limits = Enforcer(((1, 1.0),), ((20, 1.0),), WHIM)
        for user in users:
            served.office.store.places.remember("slack", TEAM, user, f"D0{user}")

        async def ask(user: str, question: str) -> None:
            await served.event(direct(question, user=user, channel=f"D0{user}"))

        side = Side(served.office, served.front, TEAM, "D0", limits, ask)
        _watch(fake, side)
        yield side


def _watch(fake: FakeSlack, side: Side) -> None:
    record = fake._record

    def taken(call: Call) -> None:
        if call.method == "chat.postMessage":
            side.took(str(call.body["channel"]))
        record(call)

    fake._record = taken  # type: ignore[method-assign]


@contextlib.asynccontextmanager
async def teams_people(service: Service, folder: Path, users: list[str]) -> AsyncIterator[Side]:
    """Teams, and everybody has the app."""
    with running(new_key()) as platform:
        limits = platform.limits = Enforcer(TEAMS.conversation, TEAMS.tenant, WHIM)
        async with teams_side.serving(service, folder, platform, limits=TEAMS, clock=OfficeClock()) as served:
            for user in users:
                met = activity(platform, "conversationUpdate", **_person(user), membersAdded=[{"id": f"29:{user}"}])
                address = _address(platform, met)
                served.office.store.places.remember("teams", TENANT, user, address)

            async def ask(user: str, question: str) -> None:
                await served.post(message(platform, question, id=f"q-{user}", **_person(user)))

            side = Side(served.office, served.front, TENANT, "a:", limits, ask)
            platform.sent = _Watched(side)
            yield side


class _Watched(list[Sent]):
    def __init__(self, side: Side) -> None:
        super().__init__()
        self._side = side

    def append(self, one: Sent) -> None:
        self._side.took(str(one.body["conversation"]["id"]))
        super().append(one)


def _person(user: str) -> dict[str, Any]:
    chat = {"conversationType": "personal", "tenantId": TENANT, "id": f"a:{user}"}
    return {"from": {"id": f"29:{user}", "name": "x", "aadObjectId": user}, "conversation": chat}


def _address(platform: Platform, met: dict[str, Any]) -> str:
    from adapters.teams.addresses import Address

    where = met["conversation"]["id"]
    person = (met["from"]["id"], met["from"]["name"])
    return Address(platform.service_url, TENANT, "personal", where, "", (BOT["id"], BOT["name"]), person).dumps()


async def asked(side: Side, name: str, until: Callable[[], bool]) -> list[float]:
    """Two questions a second until then; the seconds to each answer."""
    begun: dict[str, float] = {}
    while not until():
        user = f"{name}{len(begun)}"
        begun[user] = time.perf_counter()
        await side.ask(user, QUESTIONS[len(begun) % len(QUESTIONS)])
        await asyncio.sleep(PAUSE)
    async with asyncio.timeout(60):
        while any(side.chat + user not in side.at for user in begun):  # noqa: ASYNC110  # no event tells
            await asyncio.sleep(0.05)
    return [side.at[side.chat + user] - at for user, at in begun.items()]


async def wave(side: Side, platform: str, users: list[str]) -> None:
    """Ask while nothing else goes on, then send the wave and ask meanwhile; print."""
    end = time.perf_counter() + 15
    quiet = await asked(side, "UQUIET", lambda: time.perf_counter() > end)
    assert enrol(side.office, [learner(user, side.tenant, platform, user) for user in users]) == len(users)
    begun = time.perf_counter()
    async with dispatching(side.office, side.front):
        all_sent = asyncio.create_task(_sent(side.office, len(users)))
        busy = await asked(side, "UBUSY", all_sent.done)
        await all_sent
    chats = {side.chat + user: side.sent[side.chat + user] for user in users}
    last = max(side.at[chat] for chat in chats)
    limits = side.limits
    print(f"{platform}: {len(users)} messages in {last - begun:.0f} s")
    print(
        f"  over a limit {limits.over}, refused at will {limits.whims}, calls before the end of a pause {limits.early}"
    )
    print(f"  lost {sum(not count for count in chats.values())}, doubled {sum(count > 1 for count in chats.values())}")
    for name, times in (("alone", sorted(quiet)), ("meanwhile", sorted(busy))):
        p50, p99 = (times[int(len(times) * part)] for part in (0.5, 0.99))
        print(f"  answers {name} ({len(times)}): p50 {p50:.2f} s, p99 {p99:.2f} s, longest {times[-1]:.2f} s")


async def _sent(office: Office, count: int) -> None:
    while office.store.outbox.counts().get("sent", 0) < count:  # noqa: ASYNC110  # no event tells
        await asyncio.sleep(0.5)


async def main(people: int) -> None:
    """Both platforms, one after the other."""
    service = Service(Knowledge())
    for question in QUESTIONS:
        service.ask(Ask(ORG, question))
    gc.collect()
    gc.freeze()  # as the server does when its indexes are built
    users = [f"U{number:04}" for number in range(people)]
    for platform, sides in (("slack", slack_people), ("teams", teams_people)):
        with tempfile.TemporaryDirectory() as folder:
            async with sides(service, Path(folder), users) as side:
                await wave(side, platform, users)


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE))
