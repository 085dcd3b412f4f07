"""The pages: choosing and asking, a whole guideline, what could not be opened."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from adapters.web.document import document
from adapters.web.outbound import environment
from bot.blocks import Form
from bot.corpus.knowledge import Knowledge
from bot.course import Course
from bot.errors import GuidelineBotError
from bot.model import Organization

log = logging.getLogger(__name__)

TITLES = {
    403: "このページは開けません",
    404: "ページが見つかりません",
    405: "この開き方はできません",
    413: "長すぎて受け取れません",
    421: "このアドレスでは開けません",
    429: "少し待ってください",
    500: "うまくいきませんでした",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """An organisation to choose. `date` is as printed, None where the guideline has none; `course`: it has one."""

    id: str
    name: str
    title: str
    date: str | None
    course: bool


class Pages:
    """Renders the pages of one knowledge folder; safe between threads."""

    def __init__(self, knowledge: Knowledge, version: str, org: str | None) -> None:
        """`version`: of the static files; `org`: preselected, None where the visitor chooses."""
        self._knowledge = knowledge
        self._version = version
        self._org = org

    def home(self, asked: str | None) -> str:
        """The page to ask on. `asked`: the organisation the address names, None where it names none of ours."""
        choices = self._choices()
        only = choices[0].id if len(choices) == 1 else None
        return self._render("home.html", choices=choices, asked=asked, preset=self._org or only)

    def check(self, org: str | None, form: Form | None = None, report: str = "") -> str:
        """The page to check a draft on. Without a known organisation the choice of one.

        `form`: the fields to show; `report`: HTML made by `outbound.render`.
        """
        texts = self._knowledge.texts
        name = self._knowledge.name(org) if org else ""
        choices = [] if org else self._choices()
        shown = {"org": org or "", "name": name, "choices": choices, "course": bool(org and self.course(org))}
        return self._render("check.html", form=form, report=report, texts=texts, **shown)

    def preset(self) -> str | None:
        """The organisation that needs no choosing: the one of the settings, or the only one."""
        ids = self._knowledge.ids
        return self._org or (ids[0] if len(ids) == 1 else None)

    def document(self, org: str) -> str:
        """The whole guideline of a known organisation."""
        texts = self._knowledge.texts
        found, course = document(self._knowledge.organization(org)), self.course(org) is not None
        no_date, gone = texts["no_date"], texts["clause_gone"]
        return self._render("document.html", document=found, course=course, no_date=no_date, gone=gone)

    def course(self, org: str) -> Course | None:
        """A known organisation's course; None where it has none, or its file is wrong: the other pages stay."""
        try:
            return self._knowledge.course(org)
        except GuidelineBotError as error:
            log.error("%s", error.english)  # noqa: TRY400  # one clear line
            return None

    def lesson(self, course: Course, lesson: str, card: str) -> str:
        """The page of a course. `lesson`: the id of the one that is open; `card`: HTML made by `outbound.render`."""
        name, texts = self._knowledge.name(course.org), self._knowledge.texts
        return self._render("course.html", course=course, name=name, lesson=lesson, card=card, texts=texts)

    def about(self) -> str:
        """How the bot answers, what it keeps, what it sends."""
        return self._render("about.html")

    def error(self, status: int, text: str) -> str:
        """A page that says what went wrong and where to go on."""
        return self._render("error.html", title=TITLES.get(status, TITLES[500]), text=text)

    def _choices(self) -> Sequence[Choice]:
        found = (one for org in self._knowledge.ids if (one := self._read(org)) is not None)
        return [
            Choice(one.id, one.name, one.guideline.title, one.guideline.date, self.course(one.id) is not None)
            for one in found
        ]

    def _read(self, org: str) -> Organization | None:
        """An organisation; None where its files are wrong: the others can still be chosen."""
        try:
            return self._knowledge.organization(org)
        except GuidelineBotError as error:
            log.error("%s", error.english)  # noqa: TRY400  # one clear line
            return None

    def _render(self, template: str, **values: object) -> str:
        return environment().get_template(template).render(version=self._version, **values)
