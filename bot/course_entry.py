"""The way into a course: the words that steer it, the button that begins it, who is enrolled by coming."""

from __future__ import annotations

from dataclasses import replace

from bot.blocks import Actions, Block, Button, Card, Link, Text
from bot.commands import Request, Sender, SteerCourse
from bot.corpus.course_file import folded
from bot.course_planner import CoursePlanner, day_in_words
from bot.enrolment import Enrolment, Learner
from bot.onboarding.progressing import returned
from bot.onboarding.standing import standing
from bot.onboarding.syllabus import Syllabus
from bot.ports import Identities


class CourseEntry:
    """Safe to call from several threads."""

    def __init__(self, planner: CoursePlanner, identities: Identities) -> None:
        self._planner = planner
        self._identities = identities
        self._texts = planner.knowledge.texts

    def spoken(self, org: str, text: str) -> SteerCourse | None:
        """The command that a person typed in so many words; None for a question."""
        if self._planner.syllabus(org) is None:
            return None
        said = folded(text)
        words = self._planner.knowledge.course_defaults.words
        action = next((one for one, known in words.items() if said in map(folded, known)), None)
        return None if action is None else SteerCourse(action)

    def offer(self, org: str, learner: Sender | None = None) -> tuple[Block, ...]:
        """The button that leads into the course, where there is one; to the page where nobody is known (None)."""
        found = self._planner.syllabus(org)
        if found is None:
            return ()
        if learner is None:
            return (Actions((Link(self._texts["course_page"], f"/course/{org}"),)),)
        if not found.ready:
            return ()
        known = self._planner.enrolments.find(learner.tenant, learner.user, org)
        if known is None or known[1].state in ("left", "stopped"):
            return (Actions((Button("course", self._texts["course_start"], "start"),)),)
        return (Actions((Button("course", self._texts["course_see"], "progress"),)),)

    def join(self, request: Request, org: str) -> tuple[Block, ...]:
        """Enrol somebody who has just come, from today; what the greeting says of it."""
        found = self._planner.syllabus(org)
        if found is None or not found.ready:
            return ()
        sender, planner = request.sender, self._planner
        known = planner.enrolments.find(sender.tenant, sender.user, org)
        if known is not None and known[1].state == "stopped":  # gone, and here again
            change = returned(found.course, known[1], request.at)
            planner.enrolments.commit(change)
            known = known[0], change.after
            if known[1].announced:
                again = Button("course", self._texts["course_resume"], "resend")
                return (Text(self._texts["course_resumed"]), Actions((again,)))
        enrolment = (known or self.enrol(request, found))[1]
        due = enrolment.due
        if due is None or enrolment.announced:
            return ()
        day = day_in_words(found.calendar, due)
        return (Text(self._texts["course_joined"].format(total=len(found.lessons), day=day)),)

    def enrol(self, request: Request, found: Syllabus) -> tuple[Learner, Enrolment]:
        """Enrol the sender from today on."""
        sender = request.sender
        learner = Learner(sender.tenant, self._identities.new(), sender.platform, sender.user)
        starts = found.calendar.day(request.at).isoformat()
        enrolment = found.enrolment(learner, self._identities.new(), starts)
        # Not before now: who comes in the evening is not written to before the offices open.
        enrolment = replace(enrolment, due=max(enrolment.due or 0.0, found.calendar.open_from(request.at)))
        self._planner.keep(sender.tenant, found)
        self._planner.enrolments.add([(learner, enrolment)], request.at)
        stored = self._planner.enrolments.find(sender.tenant, sender.user, found.course.org)
        return stored or (learner, enrolment)

    def overview(self, request: Request, org: str) -> Card | None:
        """How a workspace's people stand, by department; None where there is no course."""
        tenant, planner = request.sender.tenant, self._planner
        if planner.syllabus(org) is None:
            return None
        people = planner.enrolments.people(tenant, org)
        return planner.cards(org).standing(standing(people, planner.outbox.troubles(tenant)))
