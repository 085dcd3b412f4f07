"""The desk for courses: a press or a word in, the lesson or what came of it out. What counts is on record before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.blocks import Actions, Block, Button, Card, Text
from bot.commands import Acknowledge, AnswerQuiz, CourseCommand, OpenLesson, Request, SteerCourse
from bot.course import REVISED, CourseAction
from bot.course_cards import CourseCards
from bot.course_entry import CourseEntry
from bot.course_planner import CoursePlanner, day_in_words, time_in_words
from bot.enrolment import Change, Enrolment, Learner
from bot.onboarding.progressing import acknowledged, answered, left, opened, passed_over, paused, resumed
from bot.onboarding.syllabus import Syllabus

TRIES = 5
"""Two presses of one person at once: the second is worked out anew."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of somebody who is enrolled."""

    request: Request
    found: Syllabus
    cards: CourseCards
    learner: Learner
    enrolment: Enrolment

    @property
    def place(self) -> tuple[int, int]:
        """Lessons finished, and of how many."""
        return self.enrolment.position, len(self.enrolment.lessons)


class CourseDesk:
    """Serves course commands of people who are on record; safe to call from several threads."""

    def __init__(self, planner: CoursePlanner, entry: CourseEntry) -> None:
        self._planner = planner
        self._entry = entry
        self._texts = planner.knowledge.texts

    def handle(self, request: Request, command: CourseCommand, org: str) -> Card:
        """Serve one command."""
        found = self._planner.syllabus(org)
        if found is None:
            return self._said("course_none")
        if not found.ready:
            return self._said("course_unready")
        sender, cards = request.sender, self._planner.cards(org)
        self._planner.keep(sender.tenant, found)
        if not sender.direct:
            return self._aside(request, command, found)
        known = self._planner.enrolments.find(sender.tenant, sender.user, org)
        if known is None:
            if command != SteerCourse("start"):
                offered = self._entry.offer(org, sender)
                return cards.card(Text(self._texts["course_not_enrolled"]), *offered)
            known = self._entry.enrol(request, found)
        for _ in range(TRIES):
            lost = passed_over(found.course, known[1], request.at)
            if lost is not None and self._planner.enrolments.commit(lost):
                known = self._planner.enrolments.find(sender.tenant, sender.user, org) or known
            card = self._served(Visit(request, found, cards, *known), command)
            if card is not None:
                return card
            known = self._planner.enrolments.find(sender.tenant, sender.user, org) or known
        raise RuntimeError("an enrolment never stops changing")

    def _served(self, visit: Visit, command: CourseCommand) -> Card | None:
        """None where the enrolment has changed meanwhile."""
        match command:
            case SteerCourse(action):
                return self._steered(visit, action)
            case _ if visit.enrolment.state in ("left", "stopped"):
                return self._standing(visit)
            case OpenLesson(lesson):
                return self._opened(visit, lesson)
            case AnswerQuiz(lesson, option):
                return self._answered(visit, lesson, option)
            case Acknowledge(edition):
                return self._acknowledged(visit, edition)

    def _aside(self, request: Request, command: CourseCommand, found: Syllabus) -> Card:
        """In a channel somebody may begin the course; nothing of it is shown there."""
        if command != SteerCourse("start"):
            return self._said("course_only_direct")
        known = self._planner.enrolments.find(request.sender.tenant, request.sender.user, found.course.org)
        due = (known or self._entry.enrol(request, found))[1].due
        if known is not None or due is None:
            return self._said("course_already")
        return self._said("course_by_direct", day=day_in_words(found.calendar, due))

    def _steered(self, visit: Visit, action: CourseAction) -> Card | None:
        enrolment, at = visit.enrolment, visit.request.at
        match action:
            case "start" | "resume" | "resend":
                return self._begun(visit, action)
            case "pause" if enrolment.state == "active":
                again = Actions((Button("course", self._texts["course_resume"], "resume"),))
                card = visit.cards.card(Text(self._texts["course_paused"]), again)
                return card if self._commit(visit, lambda one: paused(one, at)) else None
            case "leave" if enrolment.state in ("active", "paused"):
                return self._said("course_left") if self._commit(visit, lambda one: left(one, at)) else None
            case _:
                return self._standing(visit)

    def _begun(self, visit: Visit, action: CourseAction) -> Card | None:
        """The present step once more, here and now; whoever had stopped goes on with it."""
        enrolment, course, at = visit.enrolment, visit.found.course, visit.request.at
        if enrolment.state == "done":
            return self._standing(visit)
        if enrolment.state in ("left", "stopped") and action == "resend":
            return self._said("course_stopped")
        said = self._texts["course_already"] if enrolment.announced else self._begins(visit)
        if enrolment.state != "active":
            said = self._texts["course_resumed"]
            if self._commit(visit, lambda one: resumed(course, one, at)) is None:
                return None
        elif not enrolment.announced:  # shown here: it need not be sent
            shown = replace(resumed(course, enrolment, at), entries=(), cancel=True)
            if not self._planner.enrolments.commit(shown):
                return None
        return self._present(visit, () if action == "resend" else (said,))

    def _begins(self, visit: Visit) -> str:
        return self._texts["course_begun"].format(title=visit.found.course.title, total=len(visit.enrolment.lessons))

    def _present(self, visit: Visit, said: tuple[str, ...]) -> Card:
        lesson = visit.enrolment.lesson
        if lesson is None:
            texts = (Text(one) for one in said)
            return visit.cards.card(*texts, *visit.cards.acknowledgement(visit.found.edition))
        return visit.cards.announcement(lesson, visit.place, *said)

    def _standing(self, visit: Visit) -> Card:
        """How far the person is."""
        enrolment, cards = visit.enrolment, visit.cards
        if enrolment.state == "done":
            return self._said("course_done", time=self._when(visit))
        if enrolment.state in ("left", "stopped"):
            return cards.card(
                Text(self._texts["course_stopped"]), *self._entry.offer(enrolment.org, visit.request.sender)
            )
        blocks: list[Block] = [cards.progress(*visit.place)]
        if enrolment.lesson is None:
            return cards.card(*blocks, *cards.acknowledgement(visit.found.edition))
        return cards.card(*blocks, *cards.onward(enrolment.lesson, self._day(visit, enrolment)))

    def _opened(self, visit: Visit, lesson: str) -> Card | None:
        found, at = visit.found, visit.request.at
        if lesson not in visit.enrolment.lessons[: visit.enrolment.position + 1]:
            return self._present(visit, ())
        after = self._commit(visit, lambda one: opened(found.course, one, lesson, at, found.edition))
        if after is None:
            return None
        total = len(after.lessons)
        if lesson == REVISED:
            changes = self._planner.revision(found, after)
            return visit.cards.revised(changes, (after.lessons.index(REVISED), total), self._onward(visit, after, None))
        taught = found.course.lesson(lesson)
        if taught is None:
            return self._present(visit, ())
        bar = visit.cards.progress(after.position, total)
        return visit.cards.lesson(taught, (after.lessons.index(lesson), total), bar)

    def _answered(self, visit: Visit, lesson: str, option: int) -> Card | None:
        found, at = visit.found, visit.request.at
        taught = found.course.lesson(lesson)
        shown = visit.enrolment.lessons[: visit.enrolment.position + 1]
        if taught is None or lesson not in shown or option > len(taught.options):
            return self._present(visit, ())
        after = self._commit(visit, lambda one: answered(found.course, one, (lesson, option), at, found.edition))
        if after is None:
            return None
        chosen = taught.options[option - 1]
        if not chosen.right:
            return visit.cards.verdict(taught, chosen, ())
        bar = visit.cards.progress(after.position, len(after.lessons))
        return visit.cards.verdict(taught, chosen, (bar, *self._onward(visit, after, self._day(visit, after))))

    def _onward(self, visit: Visit, after: Enrolment, day: str | None) -> tuple[Block, ...]:
        if after.state == "done":
            return ()
        if after.lesson is None:
            return visit.cards.acknowledgement(visit.found.edition)
        return visit.cards.onward(after.lesson, day)

    def _day(self, visit: Visit, enrolment: Enrolment) -> str | None:
        """When the present lesson comes by itself, None where it has come."""
        if enrolment.announced or enrolment.due is None:
            return None
        return day_in_words(visit.found.calendar, enrolment.due)

    def _acknowledged(self, visit: Visit, edition: str) -> Card | None:
        found, enrolment, at = visit.found, visit.enrolment, visit.request.at
        if enrolment.lesson is not None:
            same = found.edition == edition == enrolment.edition
            said = Text(self._texts["course_acknowledge_early" if same else "course_acknowledge_changed"])
            return visit.cards.card(said, *visit.cards.onward(enrolment.lesson))
        done = enrolment.state == "done"
        if done and (enrolment.edition == found.edition or not found.course.renew):
            return self._confirmed(visit)
        if enrolment.edition != found.edition:  # revised since the round began: what changed is asked first
            self._planner.enrolments.commit(self._planner.renewal(found, enrolment))
            return None
        if edition != found.edition:
            said = Text(self._texts["course_acknowledge_changed"])
            return visit.cards.card(said, *visit.cards.acknowledgement(found.edition))
        if self._commit(visit, lambda one: acknowledged(one, at)) is None:
            return None
        return visit.cards.acknowledged(time_in_words(found.calendar, at), found.edition)

    def _confirmed(self, visit: Visit) -> Card:
        """Said again in the same words, whoever asks twice or was cut off before the answer."""
        return visit.cards.acknowledged(self._when(visit), visit.enrolment.edition)

    def _when(self, visit: Visit) -> str:
        """When the person has acknowledged last."""
        rows = self._planner.ledger.rows(visit.enrolment.tenant, visit.enrolment.learner)
        own = (row.entry for row in reversed(rows) if row.org == visit.enrolment.org)
        at = next((entry.at for entry in own if entry.event == "acknowledged"), visit.request.at)
        return time_in_words(visit.found.calendar, at)

    def _commit(self, visit: Visit, make: Callable[[Enrolment], Change]) -> Enrolment | None:
        """The enrolment as it is now; None where somebody else was quicker.

        A request that was cut off after this comes again: what it did is in the ledger, with its time.
        """
        change = make(visit.enrolment)
        rows = self._planner.ledger.rows(visit.enrolment.tenant, visit.enrolment.learner)
        done = {(row.entry.event, row.entry.lesson, row.entry.at) for row in rows}
        if any((one.event, one.lesson, one.at) in done for one in change.entries):
            return visit.enrolment
        return change.after if self._planner.enrolments.commit(change) else None

    def _said(self, key: str, **names: str) -> Card:
        text = self._texts[key].format(**names)
        return Card((Text(text),), text)
