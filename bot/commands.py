"""What people ask the bot for: typed commands, and the request that carries one from a front to the core."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from bot.blocks import ClauseRef, FindingRef
from bot.course import ACTIONS, CourseAction
from bot.model import Account

_LESSON = re.compile(r"[a-z0-9-]{1,32}")
_EDITION = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Question:
    """A question about the guideline.

    `history`: earlier questions where the front keeps them itself, oldest first. `private`: only the asker will see
    the answer, and may share it.
    """

    text: str
    account: Account | None = None
    history: tuple[str, ...] = ()
    private: bool = False


@dataclass(frozen=True, slots=True)
class Find:
    """Words to look clauses up by, for a list to choose from."""

    words: str


@dataclass(frozen=True, slots=True)
class Rate:
    """👍 or 👎 on an answer."""

    answer: str
    good: bool


@dataclass(frozen=True, slots=True)
class Refer:
    """Send question, clause and asker of an answer to the department in charge."""

    answer: str


@dataclass(frozen=True, slots=True)
class Copy:
    """The clause as text for a written proposal."""

    ref: ClauseRef


@dataclass(frozen=True, slots=True)
class Read:
    """One clause, whole."""

    ref: ClauseRef


@dataclass(frozen=True, slots=True)
class Share:
    """Show an answer that only the asker saw to everybody in the channel."""

    answer: str


@dataclass(frozen=True, slots=True)
class ShowContacts:
    """Whom to ask."""


@dataclass(frozen=True, slots=True)
class Home:
    """What the bot can do; `joined` greets a person or a place that has just met the bot.

    `installed`: the bot came to the person, not the person to the workspace.
    """

    joined: bool = False
    installed: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """An image that goes with a draft. Its bytes are read once and never kept."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class OpenCheck:
    """Show the form for a draft; `text` stands in it already."""

    text: str = ""
    account: Account | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """Check a draft. Without an account it is asked for first. `typing`: while somebody types; nothing is counted.

    Never stored: it is answered in the request itself.
    """

    text: str
    account: Account | None = None
    pictures: tuple[Picture, ...] = ()
    typing: bool = False


@dataclass(frozen=True, slots=True)
class FalseAlarm:
    """Somebody says that a finding is wrong."""

    finding: FindingRef


@dataclass(frozen=True, slots=True)
class Dismiss:
    """Let a finding pass. Without a reason the reasons to choose from are shown."""

    finding: FindingRef
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SteerCourse:
    """Begin the course, pause it, go on with it, see it again, leave it, see how far it is."""

    action: CourseAction


@dataclass(frozen=True, slots=True)
class OpenLesson:
    """Show a lesson."""

    lesson: str


@dataclass(frozen=True, slots=True)
class AnswerQuiz:
    """Choose an option of a lesson's question, counted from 1."""

    lesson: str
    option: int


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """「ガイドラインを読み、理解しました」, of the edition that was shown."""

    edition: str


CourseCommand = SteerCourse | OpenLesson | AnswerQuiz | Acknowledge

Command = (
    Question | Find | Rate | Refer | Copy | Read | Share | ShowContacts | Home
    | OpenCheck | Check | FalseAlarm | Dismiss | SteerCourse | OpenLesson | AnswerQuiz | Acknowledge
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sender:
    """Who asks from where, in the platform's own ids.

    `tenant` is the workspace (team or tenant id; `web` for the page). `thread` names the conversation whose earlier
    questions belong to this one. `mention` is how a message to others may name the person, as foreign text.
    `direct`: nobody else reads what is answered there.
    """

    platform: str
    tenant: str
    user: str
    channel: str
    thread: str
    mention: str = ""
    direct: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """One command on its way in.

    `key` is the same for every delivery of the same post (unique within the tenant). `address` is opaque text that
    only the adapter reads: where the reply goes. `at` is seconds since 1970.
    """

    key: str
    sender: Sender
    command: Command
    address: str
    at: float


def pressed(verb: str, value: str) -> Command | None:  # noqa: PLR0911  # one a verb
    """The command behind a button; None for a verb or value that no card of ours has."""
    ref = ClauseRef.parse(value)
    match verb:
        case "copy" | "read":
            return None if ref is None else Copy(ref) if verb == "copy" else Read(ref)
        case "refer" | "share":
            return (Refer(value) if verb == "refer" else Share(value)) if value else None
        case "rate_up" | "rate_down":
            return Rate(value, verb == "rate_up") if value else None
        case "ask":
            return Question(value) if value.strip() else None
        case "contacts":
            return ShowContacts()
        case "home":
            return Home()
        case "open_check":
            return OpenCheck()
        case "false_alarm":
            finding, _ = FindingRef.parse(value)
            return None if finding is None else FalseAlarm(finding)
        case "dismiss":
            finding, reason = FindingRef.parse(value)
            return None if finding is None else Dismiss(finding, reason)
        case _:
            return _course(verb, value)


def _course(verb: str, value: str) -> CourseCommand | None:
    """The command behind a button of the course. Values are small: `lesson`, `lesson/2`, an edition."""
    lesson, _, option = value.partition("/")
    match verb:
        case "course":
            return SteerCourse(value) if value in ACTIONS else None
        case "lesson" if _LESSON.fullmatch(value):
            return OpenLesson(value)
        case "quiz" if _LESSON.fullmatch(lesson) and option in ("1", "2", "3", "4"):
            return AnswerQuiz(lesson, int(option))
        case "acknowledge" if _EDITION.fullmatch(value):
            return Acknowledge(value)
        case _:
            return None


def submitted(verb: str, values: Mapping[str, str]) -> Command | None:
    """The command behind a form; None for a verb that no form of ours has. `values` by field id."""
    if verb != "check":
        return None
    account = values.get("account")
    return Check(values.get("text", ""), cast("Account", account) if account in ("official", "private") else None)
