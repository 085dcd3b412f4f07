"""One person in a course, met through the core alone, in Slack and in Teams: what is shown after each turn."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

import pytest

from bot.blocks import Actions, Button, Card
from bot.commands import Home, Question, Request, Sender, pressed
from bot.directory import Workspace
from bot.service import Service
from bot.testing import FakeClock, Office, office
from tests.contract.dms import dispatching, until
from tests.contract.slack import payloads
from tests.contract.slack import serving as slack_serving
from tests.contract.slack.fake import TEAM, slack
from tests.contract.teams import activities
from tests.contract.teams import serving as teams_serving
from tests.contract.teams.fakes import TENANT, new_key, running


class Person(Protocol):
    """Somebody at a front. Every call gives what was shown since the last, one text or card a message."""

    async def pass_time(self) -> list[Any]:
        """The planner looks, the sender sends."""

    async def join(self) -> list[Any]:
        """Come into the workspace."""

    async def say(self, words: str) -> list[Any]:
        """Write to the bot."""

    async def press(self, label: str) -> list[Any]:
        """Press the newest button with this label."""


class InTheCore:
    """Through the desk, with the outbox emptied by hand: the cards themselves."""

    def __init__(self, behind: Office) -> None:
        self._behind = behind
        self._cards: list[Card] = []
        self._count = 0

    async def pass_time(self) -> list[Card]:
        courses, outbox = self._behind.desk.courses, self._behind.store.outbox
        courses.plan()
        found = []
        for delivery in outbox.claim(("slack",), 20):
            card = courses.card(delivery)
            assert card is not None
            outbox.sent(delivery, "m")
            found.append(card)
        return self._shown(*found)

    async def join(self) -> list[Card]:
        return self._handled(Home(joined=True))

    async def say(self, words: str) -> list[Card]:
        return self._handled(Question(words))

    async def press(self, label: str) -> list[Card]:
        button = next(one for card in reversed(self._cards) for one in _buttons(card) if one.label == label)
        return self._handled(pressed(button.verb, button.value))

    def _handled(self, command: Any) -> list[Card]:
        self._count += 1
        sender = Sender("slack", "T1", "U1", "D1", "D1", direct=True)
        at = self._behind.desk.clock.now()
        return self._shown(self._behind.desk.handle(Request(f"r{self._count}", sender, command, "", at)).card)

    def _shown(self, *cards: Card) -> list[Card]:
        self._cards += cards
        return list(cards)


class InSlack:
    """Through Bolt and the fake Slack."""

    def __init__(self, served: slack_serving.Served) -> None:
        self._served = served
        self._seen = 0

    async def pass_time(self) -> list[str]:
        await settled(self._served.office)
        return await self._new(0)

    async def join(self) -> list[str]:
        await self._served.event(payloads.joined(payloads.USER))
        return await self._new(1)

    async def say(self, words: str) -> list[str]:
        await self._served.event(payloads.direct(words))
        return await self._new(1)

    async def press(self, label: str) -> list[str]:
        posts = [call.body.get("blocks", []) for call in reversed(self._served.fake.posts)]
        named = (one for one in _objects(posts) if one.get("type") == "button")
        button = next(one for one in named if one["text"]["text"] == label)
        await self._served.interact(payloads.press_direct(button["action_id"], button["value"]))
        return await self._new(1)

    async def _new(self, least: int) -> list[str]:
        await self._served.fake.wait(self._seen + least)
        # The clock is about to jump beyond the lease of whatever is not noted as answered yet.
        await until(lambda: self._served.office.store.inbox.waiting() == 0)
        posts = self._served.fake.posts[self._seen :]
        self._seen += len(posts)
        return [call.text.replace("\\n", "\n").replace('\\"', '"') for call in posts]


class InTeams:
    """Through botbuilder and the fake connector."""

    def __init__(self, served: teams_serving.Served) -> None:
        self._served = served
        self._seen = self._count = 0

    async def pass_time(self) -> list[str]:
        await settled(self._served.office)
        return await self._new(0)

    async def join(self) -> list[str]:
        added = activities.activity(self._served.platform, "installationUpdate", action="add")
        assert await self._served.post(added) < 300
        return await self._new(1)

    async def say(self, words: str) -> list[str]:
        return await self._posted(activities.message(self._served.platform, words))

    async def press(self, label: str) -> list[str]:
        bodies = [call.body for call in reversed(self._served.platform.sent)]
        submits = (one for one in _objects(bodies) if one.get("type") == "Action.Submit")
        data = next(one["data"] for one in submits if one["title"] == label)
        return await self._posted(activities.activity(self._served.platform, "message", value=data))

    async def _posted(self, activity: dict[str, Any]) -> list[str]:
        self._count += 1
        assert await self._served.post({**activity, "id": f"turn-{self._count}"}) < 300
        return await self._new(1)

    async def _new(self, least: int) -> list[str]:
        await self._served.sent(self._seen + least)
        await self._served.quiet()
        sent = self._served.platform.sent[self._seen :]
        self._seen += len(sent)
        return [_read(call.body) for call in sent]


async def settled(behind: Office) -> None:
    """Until what is due is planned and what is planned is sent."""
    await behind.intake.call(behind.desk.courses.plan)

    def nothing_waits() -> bool:
        counts = behind.store.outbox.counts()
        return not counts.get("ready") and not counts.get("sending")

    await until(nothing_waits)


@contextlib.asynccontextmanager
async def in_the_core(service: Service, folder: Path, org: str, clock: FakeClock) -> AsyncIterator[Person]:
    behind = office(service, folder, [Workspace("slack", "T1", org)], clock)
    try:
        yield InTheCore(behind)
    finally:
        behind.store.close()


@contextlib.asynccontextmanager
async def in_slack(service: Service, folder: Path, org: str, clock: FakeClock) -> AsyncIterator[Person]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(slack_serving, "WORKSPACE", Workspace("slack", TEAM, org))
        async with (
            slack() as fake,
            slack_serving.serving(service, folder, fake, clock=clock) as served,
            dispatching(served.office, served.front),
        ):
            yield InSlack(served)


@contextlib.asynccontextmanager
async def in_teams(service: Service, folder: Path, org: str, clock: FakeClock) -> AsyncIterator[Person]:
    with pytest.MonkeyPatch.context() as patch, running(new_key()) as platform:
        patch.setattr(teams_serving, "WORKSPACE", Workspace("teams", TENANT, org, enrol=("install",)))
        async with (
            teams_serving.serving(service, folder, platform, clock=clock) as served,
            dispatching(served.office, served.front),
        ):
            hello = activities.activity(platform, "conversationUpdate", membersRemoved=[{"id": "29:nobody"}])
            assert await served.post(hello) < 300
            yield InTeams(served)


def _buttons(card: Card) -> list[Button]:
    found = (one for block in card.blocks if isinstance(block, Actions) for one in block.items)
    return [one for one in found if isinstance(one, Button)]


def _read(body: Mapping[str, Any]) -> str:
    texts = [one[key] for one in _objects([body]) for key in ("text", "title") if isinstance(one.get(key), str)]
    return "\n".join(texts)


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object within, in whatever depth."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _objects(inner)
