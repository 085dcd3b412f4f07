"""The course in the direct chat: every press is kept before it is acknowledged, and answered with a new message."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.service import Service
from tests.contract.slack.conftest import Story
from tests.contract.slack.fake import TEAM, Call, slack
from tests.contract.slack.payloads import (
    CHANNEL,
    DIRECT,
    USER,
    direct,
    joined,
    opened,
    press,
    press_alone,
    press_direct,
    press_view,
)
from tests.contract.slack.serving import Served, serving, settings_for

Tell = Callable[[Story], None]
ORG = "asahikawa"


def buttons(call: Call, verb: str) -> list[dict[str, Any]]:
    """A message's buttons of one verb."""
    rows = [block["elements"] for block in call.body["blocks"] if block["type"] == "actions"]
    return [one for row in rows for one in row if one["action_id"].partition(":")[0] == verb]


def course_of(service: Service) -> Any:
    course = service.knowledge.course(ORG)
    assert course is not None
    return course


def right(service: Service, lesson: int) -> int:
    """The place of a lesson's right option, both counted from 0."""
    return next(place for place, option in enumerate(course_of(service).lessons[lesson].options) if option.right)


async def pressed(served: Served, call: Call, verb: str, place: int = 0) -> Call:
    """Press a button of a message in the direct chat; what comes of it."""
    count = len(served.fake.posts)
    button = buttons(call, verb)[place]
    assert await served.interact(press_direct(button["action_id"], button["value"])) == {}
    return (await served.fake.wait(count + 1))[-1]


async def begun(served: Served) -> Call:
    await served.event(direct("研修を始める"))
    (announced,) = await served.fake.wait()
    assert announced.body["channel"] == DIRECT
    return announced


def test_a_course_is_begun_by_a_word_and_led_through_by_presses_in_the_direct_chat(
    told_both: Tell, service: Service
) -> None:
    async def story(served: Served) -> None:
        lesson = await pressed(served, await begun(served), "lesson")
        first = course_of(service).lessons[0]
        assert first.text in lesson.text
        signs = buttons(lesson, "quiz")
        assert [one["text"]["text"] for one in signs] == ["①", "②", "③"]
        assert first.options[1].text in signs[1]["accessibility_label"]
        wrong = await pressed(served, lesson, "quiz", (right(service, 0) + 1) % 3)
        assert "そこは違います" in wrong.text
        verdict = await pressed(served, wrong, "quiz", right(service, 0))
        assert "そのとおりです" in verdict.text
        assert "■□□□□□□□" in verdict.text
        second = await pressed(served, verdict, "lesson")
        assert course_of(service).lessons[1].text in second.text
        for post in served.fake.posts:
            assert post.body["channel"] == DIRECT
            assert "thread_ts" not in post.body

    told_both(story)


def test_a_press_that_was_acknowledged_is_answered_by_whoever_starts_next(service: Service, tmp_path: Path) -> None:
    async def story() -> None:
        async with slack() as fake:
            settings = settings_for(fake)
            async with serving(service, tmp_path, fake, settings, workers=False) as served:
                for body in (press_direct("course:0", "start"), press_direct("lesson:0", "approval")):
                    assert await served.interact(body) == {}
                    assert await served.interact(body) == {}  # delivered twice
                assert served.office.store.inbox.waiting() == 2
            async with serving(service, tmp_path, fake, settings) as served:
                await fake.wait(2)
                await served.idle()
                assert len(fake.posts) == 2

    asyncio.run(story())


@pytest.mark.parametrize("where", ["channel", "ephemeral", "home"])
def test_a_press_made_elsewhere_is_answered_in_the_direct_chat_and_nowhere_else(told: Tell, where: str) -> None:
    async def story(served: Served) -> None:
        body = {
            "channel": press("course:0", "start"),
            "ephemeral": press_alone("course:0", "start", served.reply_to()),
            "home": press_view("course:0", "start", view="home"),
        }[where]
        await served.interact(body)
        (announced,) = await served.fake.wait()
        assert announced.body["channel"] == f"D0{USER}"
        assert buttons(announced, "lesson")
        await served.idle()
        assert served.fake.of("respond", "chat.postEphemeral", "views.open", "views.push") == []
        assert [post for post in served.fake.posts if post.body["channel"] == CHANNEL] == []

    told(story)


def test_whoever_joins_is_enrolled_and_a_guest_is_only_greeted(told: Tell) -> None:
    async def story(served: Served) -> None:
        await served.event(joined("U0STAFF"))
        await served.event(joined("U0GUEST", is_restricted=True))
        await served.fake.wait(2)
        by_place = {post.body["channel"]: post.text for post in served.fake.posts}
        assert all("はじめまして" in text for text in by_place.values())
        assert "研修" in by_place["D0U0STAFF"]
        assert "研修" not in by_place["D0U0GUEST"]
        people = served.office.store.enrolments.people(TEAM)
        assert [learner.user for learner, _ in people] == ["U0STAFF"]

    told(story)


def test_the_home_tab_offers_the_course(told: Tell) -> None:
    async def story(served: Served) -> None:
        await served.event(opened("home"))
        (view,) = await served.fake.wait(1, "views.publish")
        assert "研修を始める" in view.text

    told(story)
