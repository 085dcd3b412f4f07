"""The planner behind the direct messages: what is due, what it says, who has gone. Synchronous."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import Protocol

from bot.blocks import Card
from bot.cards import CardMaker
from bot.corpus.knowledge import Knowledge
from bot.course import REVISED
from bot.course_cards import CourseCards
from bot.enrolment import Change, Delivery, Enrolment, Learner
from bot.errors import GuidelineBotError
from bot.onboarding.progressing import arrived_late, planned, renewed, returned
from bot.onboarding.revision import Revision, revision, touched
from bot.onboarding.schedule import WorkingCalendar
from bot.onboarding.syllabus import Syllabus, read_syllabus
from bot.onboarding_ports import Enrolments, Ledger, Outbox
from bot.ports import Clock

LOOK_AGAIN = 3600.0
"""Seconds until somebody's course is looked at again that cannot be given just now."""
LATE = 24 * 3600.0
"""Seconds after which a lesson has come late."""
MOST = 200
"""Enrolments planned in one transaction."""
WEEKDAYS = "月火水木金土日"

log = logging.getLogger(__name__)


class CourseRecords(Protocol):
    """What courses are kept in."""

    @property
    def enrolments(self) -> Enrolments:
        """Who is how far."""

    @property
    def outbox(self) -> Outbox:
        """What is to be sent."""

    @property
    def ledger(self) -> Ledger:
        """What was."""


class CoursePlanner:
    """One for a process; safe to call from several threads."""

    def __init__(
        self, knowledge: Knowledge, kept: CourseRecords, clock: Clock, makers: Callable[[str], CardMaker]
    ) -> None:
        """`makers`: the card maker of an organisation."""
        self.knowledge = knowledge
        self.enrolments = kept.enrolments
        self.outbox = kept.outbox
        self.ledger = kept.ledger
        self.clock = clock
        self._makers = makers
        self.syllabus: Callable[[str], Syllabus | None] = lru_cache(maxsize=None)(self._read)
        self.cards: Callable[[str], CourseCards] = lru_cache(maxsize=None)(self._cards)
        self._kept: set[tuple[str, str]] = set()

    def plan(self) -> int:
        """One round: what is due becomes messages; how many were due. As many as `MOST`: call again at once."""
        return self.enrolments.plan(self.clock.now(), self._step, MOST)

    def renew(self) -> int:
        """Begin a new round for whoever has acknowledged another edition; how many."""
        count = 0
        for org in self.knowledge.ids:
            found = self.syllabus(org)
            if found is None or not found.ready or not found.course.renew:
                continue
            for learner, enrolment in self.enrolments.outdated(org, found.edition, MOST):
                self.keep(learner.tenant, found)
                change = self.renewal(found, enrolment)
                count += self.enrolments.commit(change)
        return count

    def renewal(self, found: Syllabus, enrolment: Enrolment) -> Change:
        """What the revision since the enrolment's edition asks anew; where nothing changed, only the edition."""
        old = self.enrolments.edition(enrolment.tenant, enrolment.org, enrolment.edition)
        changes = revision(old, found.digests)
        if not changes:
            return Change(enrolment, replace(enrolment, edition=found.edition))
        lessons = touched(found.course, found.tree, changes)
        change = renewed(found.course, enrolment, lessons, found.edition, self.clock.now())
        entries = tuple(replace(entry, detail=enrolment.edition) for entry in change.entries)
        return replace(change, entries=entries)

    def revision(self, found: Syllabus, enrolment: Enrolment) -> Revision:
        """What the round's revision changed: since the edition that was in force when it began."""
        rows = self.ledger.rows(enrolment.tenant, enrolment.learner)
        before = next((row.entry.detail for row in reversed(rows) if row.entry.event == "renewed"), "")
        return revision(self.enrolments.edition(enrolment.tenant, enrolment.org, before), found.digests)

    def keep(self, tenant: str, found: Syllabus) -> None:
        """Remember the edition that is in force, so that the next one can be compared with it."""
        if (tenant, found.edition) not in self._kept:
            self.enrolments.keep_edition(tenant, found.course.org, found.edition, found.digests)
            self._kept.add((tenant, found.edition))

    def card(self, delivery: Delivery) -> Card | None:
        """What a planned message says; None where there is nothing to say any more."""
        message, enrolment = delivery.message, delivery.enrolment
        found = self.syllabus(enrolment.org)
        if found is None or not self._still_true(found, delivery):
            return None
        self.keep(enrolment.tenant, found)
        cards = self.cards(enrolment.org)
        place = (enrolment.position, len(enrolment.lessons))
        match message.kind:
            case "lesson":
                return cards.announcement(message.lesson, place)
            case "reminder":
                return cards.reminder(message.lesson, place, found.edition)
            case "supervisor":
                since = day_in_words(found.calendar, enrolment.since)
                return cards.supervisor(delivery.learner, since)

    def window(self, delivery: Delivery) -> tuple[float, float] | None:
        """From when to when a message may be sent instead of now; None: now.

        Its day may have passed, and a course that is being read again is not delivered.
        """
        found, now = self.syllabus(delivery.enrolment.org), self.clock.now()
        if found is None:
            return now + LOOK_AGAIN, now + 2 * LOOK_AGAIN
        if found.ready and now < delivery.message.until:
            return None
        begins = found.calendar.open_from(now if found.ready else now + LOOK_AGAIN)
        return begins, found.calendar.closing(found.calendar.day(begins))

    def arrived(self, delivery: Delivery, message: str) -> bool:
        """A message arrived under the platform's id. False: somebody else has it now.

        A lesson that came long after it was planned is waited for from now on.
        """
        found, enrolment = self.syllabus(delivery.enrolment.org), delivery.enrolment
        if found is not None:  # of this edition is what was said
            enrolment = replace(enrolment, edition=found.edition)
        noted = self.outbox.sent(replace(delivery, enrolment=enrolment), message)
        now = self.clock.now()
        if noted and found is not None and delivery.message.kind == "lesson" and now > enrolment.since + LATE:
            self.enrolments.commit(arrived_late(found.course, delivery.enrolment, now))
        return noted

    def resume(self, tenant: str, reason: str) -> int:
        """Whoever was stopped for this reason goes on; how many."""
        count = 0
        for _, enrolment in self.enrolments.stopped(tenant, reason):
            found = self.syllabus(enrolment.org)
            if found is not None:
                count += self.enrolments.commit(returned(found.course, enrolment, self.clock.now()))
        return count

    def stop(self, tenant: str, user: str | None, reason: str) -> None:
        """A person, or with None everybody of a tenant, has gone."""
        self.enrolments.stop(tenant, user, reason)

    def _still_true(self, found: Syllabus, delivery: Delivery) -> bool:
        """Whether the message is about the step that the person is at now, and can be meant for someone who knows."""
        message, enrolment = delivery.message, delivery.enrolment
        if message.lesson != (enrolment.lesson or "") or f":round:{enrolment.round}:" not in message.key:
            return False
        if message.lesson not in ("", REVISED) and found.course.lesson(message.lesson) is None:
            return False
        if message.kind == "lesson" or not message.lesson:
            return True
        if message.kind == "reminder" and message.number not in (0, enrolment.reminders):
            return False
        # Nobody is reminded of what never came, and no supervisor hears of somebody whom nothing has reached.
        rows = self.ledger.rows(enrolment.tenant, enrolment.learner)
        told = (row.entry for row in rows if (row.org, row.round) == (enrolment.org, enrolment.round))
        before = (one for one in told if one.lesson == message.lesson and one.at <= message.due)
        return any(one.event in ("sent", "opened") for one in before)

    def _step(self, learner: Learner, enrolment: Enrolment) -> Change | None:
        now = self.clock.now()
        found = self.syllabus(enrolment.org)
        if found is None or not found.ready:
            return Change(enrolment, replace(enrolment, due=now + LOOK_AGAIN))
        return planned(found.course, learner, enrolment, now)

    def _read(self, org: str) -> Syllabus | None:
        if org not in self.knowledge.ids:  # enrolled in it, and then taken out of the folder
            return None
        try:
            return read_syllabus(self.knowledge, org)
        except GuidelineBotError as error:  # the planner must go on for the others
            log.error("%s", error.english)  # noqa: TRY400  # one clear line
            return None

    def _cards(self, org: str) -> CourseCards:
        course = self.knowledge.course(org)
        if course is None:
            raise LookupError(org)
        return CourseCards(self._makers(org), course, self.knowledge.texts)


def day_in_words(calendar: WorkingCalendar, at: float) -> str:
    """11月25日（水）."""
    day = calendar.day(at)
    return f"{day.month}月{day.day}日（{WEEKDAYS[day.weekday()]}）"


def time_in_words(calendar: WorkingCalendar, at: float) -> str:
    """2026年11月25日 15:04."""
    local = calendar.local(at)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
