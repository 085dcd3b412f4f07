"""What comes of a request."""

from __future__ import annotations

from dataclasses import dataclass

from bot.blocks import Card
from bot.model import CheckReport


@dataclass(frozen=True, slots=True)
class Referral:
    """A card for a department's channel; `answer` is what it refers to."""

    channel: str
    card: Card
    answer: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The card for the asker, more to choose from, and what goes to a department.

    `to_all`: the card is for the whole channel, not for the one who pressed. `report`: of a draft, for fronts that
    show more of it than the card.
    """

    card: Card
    choices: tuple[Card, ...] = ()
    referral: Referral | None = None
    to_all: bool = False
    report: CheckReport | None = None
