"""A person who talks to the desk about the course of 須坂市."""

from __future__ import annotations

from dataclasses import replace

from bot.blocks import Actions, Button, Card
from bot.bootstrap import RandomIdentities
from bot.commands import AnswerQuiz, Command, OpenLesson, Request, Sender, SteerCourse, pressed
from bot.course import Option
from bot.desk import Desk
from bot.directory import Directory, Workspace, page_workspace
from bot.enrolment import Enrolment, Event
from bot.service import Service
from bot.store.database import Store
from bot.testing import FakeClock

ORG = "suzaka"
NEWCOMER = Sender("slack", "T1", "U1", "D1", "D1", direct=True)


class Talk:
    """One person's requests, a minute apart."""

    def __init__(self, desk: Desk, store: Store, clock: FakeClock) -> None:
        self.desk, self.store, self.clock, self.count = desk, store, clock, 0

    def __call__(self, command: Command, sender: Sender = NEWCOMER) -> Card:
        self.count += 1
        self.clock.time += 60
        return self.desk.handle(Request(f"r{self.count}", sender, command, "", self.clock.time)).card

    def press(self, card: Card, label: str) -> Card:
        button = next(one for one in buttons(card) if one.label == label)
        command = pressed(button.verb, button.value)
        assert command is not None
        return self(command)

    def right(self, lesson: str) -> Card:
        return self(AnswerQuiz(lesson, self.number_of_right(lesson)))

    def number_of_right(self, lesson: str) -> int:
        return next(number for number, one in enumerate(self._options(lesson), 1) if one.right)

    def wrong(self, lesson: str) -> int:
        return next(number for number, one in enumerate(self._options(lesson), 1) if not one.right)

    def _options(self, lesson: str) -> tuple[Option, ...]:
        course = self.desk.service.knowledge.course(ORG)
        found = course.lesson(lesson) if course else None
        assert found is not None
        return found.options

    def all_lessons(self) -> Card:
        card = self(SteerCourse("start"))
        for lesson in self.enrolment().lessons:
            self(OpenLesson(lesson))
            card = self.right(lesson)
        return card

    def enrolment(self, user: str = "U1") -> Enrolment:
        found = self.store.enrolments.find("T1", user, ORG)
        assert found is not None
        return found[1]

    def events(self) -> list[Event]:
        return [row.entry.event for row in self.store.ledger.rows("T1")]


def buttons(card: Card) -> list[Button]:
    return [
        one for block in card.blocks if isinstance(block, Actions) for one in block.items if isinstance(one, Button)
    ]


def labels(card: Card) -> list[str]:
    return [one.label for one in buttons(card)]


def desk_for(service: Service, store: Store, clock: FakeClock, **changes: object) -> Desk:
    workspace = replace(Workspace("slack", "T1", ORG), **changes)  # type: ignore[arg-type]
    directory = Directory([workspace, page_workspace(service.knowledge)])
    return Desk(service, directory, store, clock, RandomIdentities())
