"""The course in the direct chat: presses arrive as messages, are kept, and are answered with a new one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from adapters.teams.acquaintances import KNOWN_SECONDS
from bot.service import Service
from tests.contract.dms import OfficeClock
from tests.contract.teams.activities import BOT, PERSON, PERSONAL, activity, in_channel, message
from tests.contract.teams.fakes import TENANT, Platform
from tests.contract.teams.serving import Served, serving
from tests.unit.adapters.teams.cards import elements, problems, runs

Play = Callable[[Callable[[Served], Awaitable[None]]], None]
USER = PERSON["aadObjectId"]
ORG = "asahikawa"


@pytest.fixture
def play(service: Service, tmp_path: Path, platform: Platform) -> Play:
    """Plays a scene with the front running."""

    def run(scene: Callable[[Served], Awaitable[None]]) -> None:
        async def whole() -> None:
            async with serving(service, tmp_path, platform) as served:
                await scene(served)

        asyncio.run(whole())

    return run


def buttons(sent: Any, verb: str) -> list[dict[str, Any]]:
    """The buttons of one verb in a message's card."""
    submits = [one for one in elements(sent.card) if one["type"] == "Action.Submit"]
    return [one for one in submits if one["data"].get("verb") == verb]


def press(served: Served, data: dict[str, Any], number: int) -> dict[str, Any]:
    return message(served.platform, "", text=None, value=data, replyToId="m1", id=f"press{number}")


async def pressed(served: Served, sent: Any, verb: str, place: int = 0) -> Any:
    """Press a button of a message; what comes of it."""
    count = len(served.platform.sent)
    assert await served.post(press(served, buttons(sent, verb)[place]["data"], count)) == 201
    return (await served.sent(count + 1))[-1]


async def begun(served: Served) -> Any:
    assert await served.post(message(served.platform, "研修を始める")) == 201
    (sent,) = await served.sent()
    return sent


def test_a_course_is_begun_by_a_word_and_led_through_by_presses(play: Play, service: Service) -> None:
    course = service.knowledge.course(ORG)
    assert course is not None
    first = course.lessons[0]
    right = next(place for place, option in enumerate(first.options) if option.right)

    async def scene(served: Served) -> None:
        lesson = await pressed(served, await begun(served), "lesson")
        assert first.text in "".join(runs(lesson.card))
        signs = buttons(lesson, "quiz")
        assert [one["title"] for one in signs] == ["①", "②", "③"]
        assert first.options[1].text in signs[1]["tooltip"]
        wrong = await pressed(served, lesson, "quiz", (right + 1) % 3)
        assert "そこは違います" in str(wrong.card)
        verdict = await pressed(served, wrong, "quiz", right)
        assert "■□□□□□□□" in "".join(runs(verdict.card))
        assert buttons(verdict, "lesson")
        for sent in served.platform.sent:
            assert sent.path.startswith(f"/v3/conversations/{PERSONAL}/activities")
            assert problems(sent.card) == []

    play(scene)


def test_a_press_that_comes_twice_is_answered_once(play: Play) -> None:
    async def scene(served: Served) -> None:
        data = buttons(await begun(served), "lesson")[0]["data"]
        for _ in range(3):
            assert await served.post(press(served, data, 1)) == 201
        await served.quiet()
        assert len(served.platform.sent) == 2

    play(scene)


def test_nothing_of_a_course_is_shown_in_a_channel(play: Play) -> None:
    async def scene(served: Served) -> None:
        asked = in_channel(served.platform, "", text="", value={"verb": "lesson", "value": "approval"}, entities=[])
        assert await served.post(asked) == 201
        (sent,) = await served.sent()
        assert "個別メッセージ" in sent.body["text"]
        assert "attachments" not in sent.body

    play(scene)


def test_whoever_installs_the_bot_is_greeted_and_offered_the_course_but_not_enrolled_unasked(play: Play) -> None:
    async def scene(served: Served) -> None:
        assert await served.post(activity(served.platform, "installationUpdate", action="add")) == 201
        (sent,) = await served.sent()
        assert "はじめまして" in str(sent.card)
        assert [one["data"]["value"] for one in buttons(sent, "course")] == ["start"]
        assert served.office.store.enrolments.people(TENANT) == []

    play(scene)


@pytest.mark.parametrize("kind", ["installationUpdate", "conversationUpdate"])
def test_whoever_removes_the_bot_has_ended_the_course(play: Play, kind: str) -> None:
    async def scene(served: Served) -> None:
        await begun(served)
        ((_, enrolment),) = served.office.store.enrolments.people(TENANT)
        assert enrolment.state == "active"
        gone = {"action": "remove"} if kind == "installationUpdate" else {"membersRemoved": [BOT]}
        assert await served.post(activity(served.platform, kind, id="f:9", **gone)) == 201
        found = served.office.store.enrolments.find(TENANT, USER, ORG)
        assert found is not None
        assert found[1].state == "stopped"
        (*_, last) = served.office.store.ledger.rows(TENANT)
        assert (last.entry.event, last.entry.detail) == ("stopped", "uninstalled")

    play(scene)


def installation(served: Served, number: int, action: str = "add") -> list[dict[str, Any]]:
    """The two activities of one installation, or of one removal."""
    members = {"membersAdded" if action == "add" else "membersRemoved": [BOT]}
    return [
        activity(served.platform, "installationUpdate", action=action, id=f"i{number}"),
        activity(served.platform, "conversationUpdate", **members, id=f"c{number}"),
    ]


def test_every_installation_after_a_removal_is_greeted_and_greeted_once(
    service: Service, tmp_path: Path, platform: Platform
) -> None:
    async def whole() -> None:
        for number in range(1, 4):
            async with serving(service, tmp_path, platform) as served:
                for one in installation(served, number):
                    assert await served.post(one) == 201
                await served.sent(number)
                await served.quiet()
                assert len(served.platform.sent) == number
                for one in installation(served, number, "remove"):
                    assert await served.post(one) == 201

    asyncio.run(whole())


def test_whoever_was_forgotten_can_be_reached_again_after_an_hour(
    service: Service, tmp_path: Path, platform: Platform
) -> None:
    async def whole() -> None:
        clock = OfficeClock()
        async with serving(service, tmp_path, platform, clock=clock) as served:
            store = served.office.store
            await begun(served)
            found = store.enrolments.find(TENANT, USER, ORG)
            assert found is not None
            assert store.enrolments.purge(TENANT, found[0].id)
            assert store.places.address("teams", TENANT, USER) is None
            clock.skipped += KNOWN_SECONDS
            assert await served.post(message(served.platform, "こんにちは", id="later")) == 201
            assert store.places.address("teams", TENANT, USER) is not None

    asyncio.run(whole())


def test_a_bot_removed_from_a_channel_ends_nobodys_course(play: Play) -> None:
    async def scene(served: Served) -> None:
        await begun(served)
        there = in_channel(served.platform, "", text=None, entities=None)
        gone = {**there, "type": "conversationUpdate", "membersRemoved": [BOT], "id": "f:9"}
        assert await served.post(gone) == 201
        ((_, enrolment),) = served.office.store.enrolments.people(TENANT)
        assert enrolment.state == "active"

    play(scene)
