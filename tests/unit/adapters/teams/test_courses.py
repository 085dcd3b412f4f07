"""Every lesson of every course as an Adaptive Card: valid, in one message, with the buttons that go on."""

from __future__ import annotations

import pytest

from adapters.teams.messages import messages
from adapters.teams.outbound import MOST_BYTES, Renderer, size
from bot.service import Service
from tests.unit.adapters.slack.test_courses import ORGS, cards_of
from tests.unit.adapters.teams.cards import elements, problems


@pytest.mark.parametrize("org", ORGS)
def test_every_card_of_a_course_is_one_valid_message(service: Service, org: str) -> None:
    for card in cards_of(service, org):
        (message,) = messages(card, Renderer("https://guideline.example.lg.jp"))
        (attachment,) = message["attachments"]
        assert problems(attachment["content"]) == []
        assert size(attachment["content"]) <= MOST_BYTES
        pressed = [one for one in elements(attachment["content"]) if one["type"] == "Action.Submit"]
        assert pressed, card.fallback
