"""Whole courses over holidays and month ends, through the core, in Slack, in Teams and on the page: the same texts."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import pytest

from bot.blocks import Actions, Button, Card, Heading, Note, Progress, Quote, Text
from bot.commands import Acknowledge, AnswerQuiz, OpenLesson
from bot.corpus.yaml_source import load_yaml
from bot.course import Course
from bot.course_play import CoursePlay
from bot.service import Service
from bot.testing import FakeClock, office, squashed
from tests.contract.web.serving import post, served
from tests.scenario.people import Person, in_slack, in_teams, in_the_core
from tests.unit.onboarding.courses import at

FOLDER = Path(__file__).with_name("courses")
SCENARIOS = [load_yaml(path) for path in sorted(FOLDER.glob("*.yaml"))]
KNOWN = {"at", "joins", "say", "press", "answer", "comes", "shows"}
LONG = 600
"""Slack shows about so much of a clause in the message; the rest stands behind 全文を読む."""

Scenario = Mapping[str, Any]
Turn = Mapping[str, Any]
Meet = Callable[[Service, Path, str, FakeClock], AbstractAsyncContextManager[Person]]


class Teller:
    """Tells a scenario to a person, turn by turn."""

    def __init__(self, person: Person, course: Course, clock: FakeClock) -> None:
        self._person = person
        self._course = course
        self._clock = clock
        self._lesson = 0

    async def tell(self, turn: Turn) -> list[Any]:
        """What was shown in this turn. A minute passes before everything that has no time of its own."""
        self._clock.time = at(turn["at"]) if "at" in turn else self._clock.time + 60
        if "comes" in turn:
            return await self._person.pass_time()
        if "joins" in turn:
            return await self._person.join()
        if "say" in turn:
            return await self._person.say(turn["say"])
        if "press" in turn:
            return await self._person.press(turn["press"])
        if "answer" in turn:
            return await self._answer(right=turn["answer"] == "right")
        return []

    async def _answer(self, *, right: bool) -> list[Any]:
        options = self._course.lessons[self._lesson].options
        number = next(number for number, one in enumerate(options) if one.right is right)
        self._lesson += right
        return await self._person.press("①②③④"[number])


def told(service: Service, folder: Path, scenario: Scenario, meet: Meet) -> list[list[Any]]:
    """What a person was shown, by turn."""
    course = service.knowledge.course(scenario["org"])
    assert course is not None

    async def run() -> list[list[Any]]:
        clock = FakeClock(at(scenario["turns"][0]["at"]))
        async with meet(service, folder, scenario["org"], clock) as person:
            teller = Teller(person, course, clock)
            return [await teller.tell(turn) for turn in scenario["turns"]]

    return asyncio.run(run())


def words(card: Card) -> list[str]:
    """All that a person must be able to read of a card."""
    found: list[str] = []
    for block in card.blocks:
        match block:
            case Heading(text) | Text(text) | Note(text):
                found.append(text)
            case Progress():
                found.append(block.text)
            case Quote():
                found += [block.text[:LONG], block.source]
            case Actions(items):
                found += [one.label for one in items if isinstance(one, Button)]
            case _:
                pass
    return found


def test_scenarios_use_words_that_are_known() -> None:
    assert {key for scenario in SCENARIOS for turn in scenario["turns"] for key in turn} <= KNOWN
    assert len({scenario["org"] for scenario in SCENARIOS}) == len(SCENARIOS) >= 2


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda found: found["name"])
def test_the_course_goes_as_the_table_says(service: Service, tmp_path: Path, scenario: Scenario) -> None:
    shown = told(service, tmp_path, scenario, in_the_core)
    for turn, cards in zip(scenario["turns"], shown, strict=True):
        assert len(cards) == (0 if turn.get("comes") == "nothing" or turn.keys() <= {"at"} else 1), turn
        text = squashed("".join(word for card in cards for word in words(card)))
        quoted = "".join(block.ref.locator for card in cards for block in card.blocks if isinstance(block, Quote))
        assert [one for one in turn.get("shows", []) if squashed(one) not in text + quoted] == [], turn


@pytest.mark.parametrize("meet", [in_slack, in_teams], ids=lambda one: one.__name__)
@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda found: found["name"])
def test_every_front_shows_the_same_at_the_same_time(
    service: Service, tmp_path: Path, scenario: Scenario, meet: Meet
) -> None:
    (tmp_path / "core").mkdir()
    expected = told(service, tmp_path / "core", scenario, in_the_core)
    shown = told(service, tmp_path, scenario, meet)
    for turn, cards, texts in zip(scenario["turns"], expected, shown, strict=True):
        assert len(texts) == len(cards), turn
        text = squashed("".join(texts))
        lacking = [word for card in cards for word in words(card) if squashed(word) not in text]
        assert lacking == [], turn


def test_the_page_plays_every_lesson_with_the_same_texts(service: Service, tmp_path: Path) -> None:
    (tmp_path / "core").mkdir()
    behind = office(service, tmp_path / "core", [], FakeClock())
    play = CoursePlay(behind.desk.courses)
    with served(service, tmp_path) as site:
        for org in service.knowledge.ids:
            course = service.knowledge.course(org)
            assert course is not None
            for lesson in course.lessons:
                presses = [("lesson", lesson.id, OpenLesson(lesson.id))]
                numbers = range(1, len(lesson.options) + 1)
                presses += [("quiz", f"{lesson.id}/{one}", AnswerQuiz(lesson.id, one)) for one in numbers]  # type: ignore[misc]
                for verb, value, command in presses:
                    assert_shown(play.handle(command, org), post(site, "/api/press", _press(org, verb, value)).json)
            edition = behind.desk.courses.syllabus(org).edition  # type: ignore[union-attr]
            done = post(site, "/api/press", _press(org, "acknowledge", edition)).json
            assert_shown(play.handle(Acknowledge(edition), org), done)
    behind.store.close()


def _press(org: str, verb: str, value: str) -> dict[str, str]:
    return {"org": org, "verb": verb, "value": value}


def assert_shown(card: Card, reply: Mapping[str, Any]) -> None:
    text = squashed(html.unescape(re.sub(r"<[^>]+>", "", reply["html"])))
    assert [word for word in words(card) if squashed(word) not in text] == []
