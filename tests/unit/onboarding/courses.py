"""An invented course, and people in it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.course import Calendar, Course, Lesson, LessonCite, Option, Reminders
from bot.enrolment import Enrolment, Learner

TOKYO = ZoneInfo("Asia/Tokyo")
YEAR_END = ("12-29", "12-30", "12-31", "01-02", "01-03")


def at(text: str) -> float:
    """「2026-04-01 09:00」 in Japan as seconds."""
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO).timestamp()


def lesson(name: str) -> Lesson:
    options = (
        Option("そう思う", right=False, reason="規定と違います。", cites="1"),
        Option("相談する", right=True, reason="規定のとおりです。", cites="1"),
        Option("思わない", right=False, reason="規定と違います。", cites="1"),
    )
    return Lesson(
        name, f"{name}の話", "短い説明です。", (LessonCite("1", "00000000"),), "場面です。", "どうする", options
    )


def course(*names: str, **changes: object) -> Course:
    given = {
        "org": "kasumino",
        "title": "研修",
        "reviewed": True,
        "lessons": tuple(map(lesson, names or ("one", "two", "three"))),
        "pace": (0, 1, 3, 7),
        "calendar": Calendar(closed=YEAR_END),
        "reminders": Reminders((3, 6), 10),
    }
    return Course(**{**given, **changes})  # type: ignore[arg-type]


LEARNER = Learner("T1", "learner1", "slack", "U1", name="霞野 花子", department="広報課", supervisor="U9")


def enrolment(starts: str = "2026-04-01", **changes: object) -> Enrolment:
    given = {
        "tenant": "T1",
        "id": "e1",
        "learner": "learner1",
        "org": "kasumino",
        "starts": starts,
        "lessons": ("one", "two", "three"),
        "edition": "0" * 16,
        "due": at(f"{starts} 09:00"),
    }
    return Enrolment(**{**given, **changes})  # type: ignore[arg-type]
