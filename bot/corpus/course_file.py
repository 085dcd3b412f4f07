"""course.yaml of an organisation, and onboarding.yaml with what every course starts from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from bot.corpus.calendar_file import read_calendar, read_pace, read_reminders
from bot.corpus.schema import Node
from bot.course import (
    ACTIONS,
    REVISED,
    Calendar,
    Course,
    CourseAction,
    CourseDefaults,
    Lesson,
    LessonCite,
    Option,
    Reminders,
    Template,
)

YES_NO = ("yes", "no")
MOST_LESSONS = 20
MOST_CITES = 4
OPTIONS = (2, 4)
COURSE_TITLE = 60
TITLE = 24
TEXT = 160
EXAMPLE = 180
QUESTION = 100
OPTION = 40
REASON = 100
"""The longest texts, in characters: what a telephone shows without scrolling past the clauses."""

_ID = re.compile(r"[a-z0-9-]{1,32}")


def load_course(folder: Path, defaults: CourseDefaults) -> Course | None:
    """Read `folder`/course.yaml, None where there is none. Raises DataError that points at what is wrong.

    Whether its clauses exist and are still the same is for `digests.stale` to say.
    """
    path = folder / "course.yaml"
    if not path.is_file():
        return None
    root = Node.load(path).only("title", "reviewed", "pace", "calendar", "remind", "renew", "lessons")
    return Course(
        org=folder.name,
        title=_short(root.need("title"), COURSE_TITLE),
        reviewed=_yes(root.need("reviewed")),
        lessons=_lessons(root.need("lessons")),
        pace=defaults.pace if (pace := root.get("pace")) is None else read_pace(pace),
        calendar=read_calendar(root.get("calendar"), defaults.calendar),
        reminders=read_reminders(root.get("remind"), defaults.reminders),
        renew=True if (renew := root.get("renew")) is None else _yes(renew),
    )


def load_course_defaults(path: Path, topics: Iterable[str]) -> CourseDefaults:
    """Read onboarding.yaml; `topics` is the closed list. Raises DataError that points at what is wrong."""
    known = tuple(topics)
    root = Node.load(path).only("words", "pace", "calendar", "remind", "templates")
    templates = tuple(_template(node, known) for node in root.need("templates").each())
    _all_different((node.need("id") for node in root.need("templates").each()), [template.id for template in templates])
    return CourseDefaults(
        words=_words(root.need("words")),
        pace=read_pace(root.need("pace")),
        calendar=read_calendar(root.need("calendar"), Calendar()),
        reminders=read_reminders(root.need("remind"), Reminders()),
        templates=templates,
    )


def folded(message: str) -> str:
    """A message, or a word of onboarding.yaml, as the two are compared.

    NFKC, small letters, without white space and without 。 or ! at the end.
    """
    return "".join(unicodedata.normalize("NFKC", message).split()).rstrip("。!").casefold()


def _lessons(node: Node) -> tuple[Lesson, ...]:
    nodes = tuple(node.each())
    _count(node, len(nodes), (1, MOST_LESSONS), ("レッスン", "lessons"))
    lessons = tuple(_lesson(one) for one in nodes)
    _all_different((one.need("id") for one in nodes), [lesson.id for lesson in lessons])
    return lessons


def _lesson(node: Node) -> Lesson:
    node.only("id", "title", "text", "cites", "example", "question", "options")
    cites = tuple(_cite(one) for one in node.need("cites").each())
    locators = tuple(cite.locator for cite in cites)
    _count(node.need("cites"), len(cites), (1, MOST_CITES), ("条項", "clauses"))
    _all_different(node.need("cites").each(), locators)
    options = tuple(
        replace(_option(one.only("text", "right", "reason", "cites")), cites=one.need("cites").one_of(locators))
        for one in node.need("options").each()
    )
    _check_options(node.need("options"), options)
    return Lesson(
        id=_id(node.need("id")),
        title=_short(node.need("title"), TITLE),
        text=_short(node.need("text"), TEXT),
        cites=cites,
        example=_short(node.need("example"), EXAMPLE),
        question=_short(node.need("question"), QUESTION),
        options=options,
    )


def _cite(node: Node) -> LessonCite:
    node.only("locator", "hash")
    return LessonCite(node.need("locator").text(), node.opt_text("hash") or "")


def _option(node: Node) -> Option:
    right = node.get("right")
    return Option(
        text=_short(node.need("text"), OPTION),
        right=right is not None and _yes(right),
        reason=_short(node.need("reason"), REASON),
        cites="",
    )


def _check_options(node: Node, options: Sequence[Option]) -> None:
    _count(node, len(options), OPTIONS, ("選択肢", "options"))
    _all_different((one.need("text") for one in node.each()), [option.text for option in options])
    if sum(option.right for option in options) != 1:
        node.fail("正しい選択肢（right: yes）は、ちょうど一つにしてください。", "exactly one option is right.")


def _template(node: Node, topics: tuple[str, ...]) -> Template:
    node.only("id", "title", "topics", "account", "text", "example", "question", "options")
    options = tuple(_option(one.only("text", "right", "reason")) for one in node.need("options").each())
    _check_options(node.need("options"), options)
    return Template(
        id=_id(node.need("id")),
        title=_short(node.need("title"), TITLE),
        topics=tuple(one.one_of(topics) for one in node.need("topics").each()),
        account=None if (account := node.get("account")) is None else account.one_of(("official", "private")),
        text=_short(node.need("text"), TEXT),
        example=_short(node.need("example"), EXAMPLE),
        question=_short(node.need("question"), QUESTION),
        options=tuple((option.text, option.right, option.reason) for option in options),
    )


def _words(node: Node) -> dict[CourseAction, tuple[str, ...]]:
    """What is typed for each action; two words that are read alike would make a message mean two things."""
    node.only(*ACTIONS)
    words: dict[CourseAction, tuple[str, ...]] = {action: node.need(action).texts() for action in ACTIONS}
    nodes = [one for action in ACTIONS for one in node.need(action).each()]
    _all_different(nodes, [folded(one.text()) for one in nodes])
    return words


def _id(node: Node) -> str:
    if node.text() == REVISED:
        node.fail(f"「{REVISED}」は別の用途に使われます。", f"'{REVISED}' has another use.")
    if not _ID.fullmatch(node.text()):
        node.fail(
            "id は小文字の英数字と - で、32文字以内にしてください。",
            "an id takes small letters, digits and -, at most 32.",
        )
    return node.text()


def _short(node: Node, most: int) -> str:
    text = node.text().strip()
    if len(text) > most:
        node.fail(f"長すぎます（{len(text)}文字。{most}文字まで）。", f"{len(text)} characters; {most} at most.")
    return text


def _yes(node: Node) -> bool:
    return bool(node.one_of(YES_NO) == "yes")


def _count(node: Node, count: int, bounds: tuple[int, int], what: tuple[str, str]) -> None:
    least, most = bounds
    if not least <= count <= most:
        node.fail(f"{what[0]}は{least}～{most}個にしてください。", f"{least} to {most} {what[1]} are wanted.")


def _all_different(nodes: Iterable[Node], values: Sequence[str]) -> None:
    """Complain of the first node whose value stood before."""
    for place, node in enumerate(nodes):
        if values[place] in values[:place]:
            node.fail(f"「{values[place]}」は二度書かれています。", f"'{values[place]}' is written twice.")
