"""What a course is made of, as read from course.yaml and onboarding.yaml: lessons, pace, calendar, reminders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

CourseAction = Literal["start", "pause", "resume", "resend", "leave", "progress"]
"""What a person asks of the course as a whole."""

ACTIONS: tuple[CourseAction, ...] = ("start", "pause", "resume", "resend", "leave", "progress")

REVISED = "revised"
"""The lesson that the program makes itself when the guideline was revised: the changed clauses, without a question."""


@dataclass(frozen=True, slots=True)
class LessonCite:
    """A clause that a lesson rests on. `digest` stands for its text when the lesson was written or last reviewed."""

    locator: str
    digest: str


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose. `reason` says why it is right or wrong, resting on the clause `cites`."""

    text: str
    right: bool
    reason: str
    cites: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """A few minutes: a text of our own, the clauses word for word, one concrete scene, one question."""

    id: str
    title: str
    text: str
    cites: tuple[LessonCite, ...]
    example: str
    question: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """When an organisation works. `zone` is an IANA name; `opens` and `closes` are HH:MM.

    `closed`: its own closing days besides weekends and public holidays, MM-DD for every year or YYYY-MM-DD.
    """

    zone: str = "Asia/Tokyo"
    opens: str = "09:00"
    closes: str = "17:00"
    closed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reminders:
    """Working days without an answer after which the person is reminded, and then, where set, the supervisor told."""

    after: tuple[int, ...] = ()
    supervisor: int | None = None


@dataclass(frozen=True, slots=True)
class Course:
    """An organisation's course. `pace`: days from the start to each lesson; later ones follow weekly.

    `reviewed`: somebody has read it; a proposed course is played on the page and delivered to nobody.
    `renew`: whoever has finished is asked again about what a revision changed.
    """

    org: str
    title: str
    reviewed: bool
    lessons: tuple[Lesson, ...]
    pace: tuple[int, ...]
    calendar: Calendar
    reminders: Reminders
    renew: bool = True

    def lesson(self, lesson: str) -> Lesson | None:
        """The lesson with this id."""
        return next((one for one in self.lessons if one.id == lesson), None)


@dataclass(frozen=True, slots=True)
class Template:
    """A lesson that is proposed for a new guideline where its clauses carry one of `topics`."""

    id: str
    title: str
    topics: tuple[str, ...]
    account: Literal["official", "private"] | None
    text: str
    example: str
    question: str
    options: tuple[tuple[str, bool, str], ...]
    """Text, whether right, reason."""


@dataclass(frozen=True, slots=True)
class CourseDefaults:
    """onboarding.yaml: what every course starts from. `words` are typed to steer it, by action."""

    words: Mapping[CourseAction, tuple[str, ...]]
    pace: tuple[int, ...]
    calendar: Calendar
    reminders: Reminders
    templates: tuple[Template, ...]
