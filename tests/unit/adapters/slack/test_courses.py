"""Every lesson of every course as Block Kit: whole, within Slack's limits, with the buttons that go on."""

from __future__ import annotations

import json

import pytest

from adapters.slack import texts
from adapters.slack.outbound import Surface, render
from adapters.slack.views import home, showing
from bot.blocks import Card
from bot.cards import CardMaker
from bot.course_cards import CourseCards
from bot.service import Service
from tests.contract.slack.gate import wrong_message, wrong_view

ORGS = ["asahikawa", "bibai", "chikugo", "suzaka", "urausu"]
SURFACES: tuple[Surface, ...] = ("modal", "home")


def cards_of(service: Service, org: str) -> list[Card]:
    """All that somebody is shown on the way through a course."""
    course = service.knowledge.course(org)
    assert course is not None
    cards = CourseCards(CardMaker(service.knowledge, org), course, service.knowledge.texts)
    count = len(course.lessons)
    found = []
    for place, lesson in enumerate(course.lessons):
        after = (cards.progress(place + 1, count), *cards.onward(lesson.id, "11月25日（水）"))
        found += [
            cards.announcement(lesson.id, (place, count)),
            cards.lesson(lesson, (place, count), cards.progress(place, count)),
        ]
        found += [cards.verdict(lesson, option, after) for option in lesson.options]
    return [*found, cards.card(*cards.acknowledgement("0" * 16))]


@pytest.mark.parametrize("org", ORGS)
def test_every_card_of_a_course_is_a_message_that_slack_takes_whole(service: Service, org: str) -> None:
    for card in cards_of(service, org):
        rendered = render(card, "https://guideline.example.lg.jp")
        assert wrong_message({"text": rendered.text, "blocks": rendered.blocks}) is None
        assert texts.SHORTENED not in json.dumps(rendered.blocks, ensure_ascii=False), card.fallback
        assert rendered.blocks[-1]["type"] == "actions"


@pytest.mark.parametrize("org", ORGS)
def test_every_card_of_a_course_fits_a_view(service: Service, org: str) -> None:
    for card in cards_of(service, org):
        for surface in SURFACES:
            rendered = render(card, None, surface)
            view = home(rendered) if surface == "home" else showing("研修", rendered, "C1")
            assert wrong_view(view) is None
