"""The desk between the fronts and the core: a request from a workspace in, a card out, with the record kept."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from functools import lru_cache
from itertools import islice
from typing import Protocol

from bot.analysis.masking import Masker
from bot.blocks import Card, ClauseRef, Text
from bot.cards import CardMaker
from bot.check_desk import CheckDesk
from bot.commands import (
    Acknowledge,
    AnswerQuiz,
    Check,
    Copy,
    CourseCommand,
    Dismiss,
    FalseAlarm,
    Find,
    Home,
    OpenCheck,
    OpenLesson,
    Question,
    Rate,
    Read,
    Refer,
    Request,
    Sender,
    Share,
    ShowContacts,
    SteerCourse,
)
from bot.course_desk import CourseDesk
from bot.course_entry import CourseEntry
from bot.course_planner import CoursePlanner, CourseRecords
from bot.course_play import CoursePlay
from bot.directory import Directory
from bot.errors import GuidelineBotError, UsageError
from bot.model import Ask
from bot.outcome import Outcome, Referral
from bot.ports import Clock, FindingRecords, Identities, LoggedAnswer, Records
from bot.service import Service

HISTORY_SECONDS = 12 * 3600
"""A question follows up on earlier ones of its thread that are not older than this."""

PROMPTS = 4

log = logging.getLogger(__name__)


class Kept(CourseRecords, Protocol):
    """What the desk keeps its records in."""

    @property
    def records(self) -> Records:
        """Of answers."""

    @property
    def findings(self) -> FindingRecords:
        """Of what people say of findings."""


class Desk:
    """Serves every workspace of one process; safe to call from several threads."""

    def __init__(
        self, service: Service, directory: Directory, kept: Kept, clock: Clock, identities: Identities
    ) -> None:
        self.service = service
        self.directory = directory
        self.records = kept.records
        self._checks = CheckDesk(service, kept.findings, clock)
        self.clock = clock
        self._mask = Masker()
        self._makers: Callable[[str], CardMaker] = lru_cache(maxsize=None)(self._maker)
        self.courses = CoursePlanner(service.knowledge, kept, clock, self._makers)
        self._entry = CourseEntry(self.courses, identities)
        self._lessons = CourseDesk(self.courses, self._entry)
        self._play = CoursePlay(self.courses)

    def serves(self, sender: Sender) -> bool:
        """Whether the sender's workspace is one of ours. Nobody else is answered."""
        return self.directory.org(sender) is not None

    def handle(self, request: Request) -> Outcome:
        """Serve one request. A request that cannot be read gets a card that says why.

        Raises LookupError for a sender that `serves` refuses.
        """
        try:
            return self._handled(request, self._own(request))
        except UsageError as error:
            return Outcome(_said(error.japanese))
        except GuidelineBotError as error:  # the knowledge is wrong: for whoever runs the bot, not for who asks
            log.error("%s", error.english)  # noqa: TRY400  # one clear line
            return Outcome(self.trouble())

    def cards(self, org: str) -> CardMaker:
        """The card maker of one organisation."""
        return self._makers(org)

    def busy(self) -> Card:
        """What somebody who asks too fast is told, also where an organisation's knowledge cannot be read."""
        return _said(self.service.knowledge.texts["too_fast"])

    def trouble(self) -> Card:
        """What somebody is told whose request we failed to serve; likewise."""
        return _said(self.service.knowledge.texts["trouble"])

    def undelivered(self, request: Request, referral: Referral) -> Card:
        """What the asker reads when the department's channel could not be reached; the referral may be tried again."""
        tenant = request.sender.tenant
        self.records.unrefer(tenant, referral.answer)
        logged = self.records.answer(tenant, referral.answer)
        if logged is None:
            return self._gone(request)
        return self._makers(logged.org).offices("referral_failed", logged.departments)

    def _handled(self, request: Request, maker: CardMaker) -> Outcome:  # noqa: C901, PLR0911  # one a command
        match request.command:
            case Question():
                return self._said_or_asked(request, request.command, maker)
            case Find(words):
                return self._searched(words, maker)
            case Rate(answer, good):
                return self._rated(request, answer, good=good)
            case Refer(answer):
                return self._referred(request, answer)
            case Share(answer):
                return self._shared(request, answer)
            case Copy(ref):
                return Outcome(maker.copy(ref) or maker.notice("clause_gone"))
            case Read(ref):
                return Outcome(maker.clause(ref) or maker.notice("clause_gone"))
            case ShowContacts():
                return Outcome(maker.contacts())
            case Home():
                return self._welcomed(request, request.command, maker)
            case Check() | OpenCheck() | FalseAlarm() | Dismiss():
                return self._checks.handle(request, request.command, maker)
            case SteerCourse() | OpenLesson() | AnswerQuiz() | Acknowledge():
                return self._taught(request, request.command, maker)

    def _said_or_asked(self, request: Request, question: Question, maker: CardMaker) -> Outcome:
        """A few words steer the course; everything else is a question, also in the middle of a lesson."""
        steering = self._entry.spoken(maker.org, question.text)
        if steering is not None:
            return self._taught(request, steering, maker)
        return Outcome(self._asked(request, question, maker))

    def _taught(self, request: Request, command: CourseCommand, maker: CardMaker) -> Outcome:
        """A course is always the workspace's own organisation's, for its lessons are sent to the direct chat."""
        workspace = self.directory.workspace(request.sender)
        if workspace is None or workspace.anonymous:
            return Outcome(self._play.handle(command, maker.org))
        org = workspace.org or maker.org
        own = self._lessons.handle(request, command, org)
        told = command == SteerCourse("progress") and request.sender.direct
        if told and request.sender.user in workspace.administrators:
            figures = self._entry.overview(request, org)
            if figures is not None:  # first how everybody stands, then the asker
                return Outcome(Card((*figures.blocks, *own.blocks), f"{figures.fallback}\n{own.fallback}"))
        return Outcome(own)

    def _welcomed(self, request: Request, home: Home, maker: CardMaker) -> Outcome:
        """The greeting; it enrols whom the workspace wants enrolled, and offers the course to the others."""
        sender, workspace = request.sender, self.directory.workspace(request.sender)
        if workspace is None or workspace.anonymous:
            return Outcome(maker.home(*self._entry.offer(maker.org), joined=home.joined))
        enrols = home.joined and sender.direct and ("install" if home.installed else "join") in workspace.enrol
        more = self._entry.join(request, maker.org) if enrols else ()
        if not more and sender.direct:
            more = self._entry.offer(maker.org, sender)
        return Outcome(maker.home(*more, joined=home.joined))

    def _asked(self, request: Request, question: Question, maker: CardMaker) -> Card:
        sender = request.sender
        history = question.history or tuple(
            self.records.history(sender.tenant, sender.thread, request.at - HISTORY_SECONDS, request.at)
        )
        answer = self.service.ask(Ask(maker.org, question.text, question.account, history))
        identity = _answer_id(request)
        locators = (*answer.citations, *answer.related)
        self.records.log(
            LoggedAnswer(
                identity,
                sender.tenant,
                sender.thread,
                maker.org,
                self._mask(question.text),
                answer.status,
                tuple(str(ClauseRef(one.org, one.locator)) for one in locators),
                tuple(office.name for office in answer.departments),
                answer.confidence,
                request.at,
            )
        )
        return maker.answer(answer, identity, private=question.private)

    def _searched(self, words: str, maker: CardMaker) -> Outcome:
        """Clauses for a list; without words, or for small talk, none."""
        if not words.strip():
            return Outcome(maker.home())
        answer = self.service.ask(Ask(maker.org, words))
        own = [one for one in (*answer.citations, *answer.related) if one.org == maker.org]
        return Outcome(maker.said(answer.answer), choices=maker.found(own))

    def _rated(self, request: Request, answer: str, *, good: bool) -> Outcome:
        tenant = request.sender.tenant
        logged = self.records.answer(tenant, answer)
        if logged is None:
            return Outcome(self._gone(request))
        self.records.rate(tenant, answer, self.records.pseudonym(tenant, request.sender.user), good)
        return Outcome(self._makers(logged.org).notice("rated_good" if good else "rated_bad"))

    def _referred(self, request: Request, answer: str) -> Outcome:
        """To the first of the answer's departments that has a channel; else its phone is shown."""
        sender = request.sender
        logged, workspace = self.records.answer(sender.tenant, answer), self.directory.workspace(sender)
        if logged is None or workspace is None:
            return Outcome(self._gone(request))
        maker = self._makers(logged.org)
        office = next((name for name in logged.departments if name in workspace.departments), None)
        if office is None:
            return Outcome(maker.offices("referral_phone", logged.departments))
        if not self.records.refer(sender.tenant, answer, request.at):
            return Outcome(maker.notice("referral_again", department=office))
        card = maker.referral(logged.question, _refs(logged), sender.mention)
        done = maker.notice("referral_sent", department=office)
        return Outcome(done, referral=Referral(workspace.departments[office], card, answer))

    def _shared(self, request: Request, answer: str) -> Outcome:
        logged = self.records.answer(request.sender.tenant, answer)
        if logged is None:
            return Outcome(self._gone(request))
        card = self._makers(logged.org).shared(logged.question, logged.status, _refs(logged))
        return Outcome(card, to_all=True)

    def _gone(self, request: Request) -> Card:
        return self._own(request).notice("answer_gone")

    def _own(self, request: Request) -> CardMaker:
        org = self.directory.org(request.sender)
        if org is None:
            raise LookupError(request.sender.tenant)
        return self._makers(org)

    def _maker(self, org: str) -> CardMaker:
        return CardMaker(self.service.knowledge, org, self.prompts(org))

    def prompts(self, org: str) -> list[str]:
        """Of the topics' suggested questions the first that this organisation's guideline answers."""
        offered = (topic.prompt for topic in self.service.knowledge.topics.values() if topic.prompt)
        answered = (one for one in offered if self.service.ask(Ask(org, one)).status == "answered")
        return list(islice(answered, PROMPTS))


def _said(text: str) -> Card:
    return Card((Text(text),), text)


def _refs(logged: LoggedAnswer) -> tuple[ClauseRef, ...]:
    return tuple(ref for ref in map(ClauseRef.parse, logged.locators) if ref is not None)


def _answer_id(request: Request) -> str:
    """The same for every delivery of one request, and not to be guessed from outside its tenant."""
    named = f"{request.sender.platform}\0{request.sender.tenant}\0{request.key}"
    return hashlib.blake2b(named.encode(), digest_size=12).hexdigest()
