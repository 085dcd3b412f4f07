"""One organisation's course beside the guideline it teaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from bot.corpus.digests import edition, stale
from bot.corpus.knowledge import Knowledge
from bot.corpus.tree import ClauseTree
from bot.course import Course
from bot.enrolment import Enrolment, Learner
from bot.onboarding.schedule import WorkingCalendar, first_due


@dataclass(frozen=True)
class Syllabus:
    """`edition` and `digests` are the guideline's; `ready`: reviewed, and no lesson's clause has changed since."""

    course: Course
    tree: ClauseTree
    edition: str
    digests: Mapping[str, str]
    ready: bool

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """When the organisation works."""
        return WorkingCalendar(self.course.calendar)

    @property
    def lessons(self) -> tuple[str, ...]:
        """All lessons' ids."""
        return tuple(one.id for one in self.course.lessons)

    def enrolment(self, learner: Learner, enrolment: str, starts: str) -> Enrolment:
        """A new enrolment, with the id `enrolment`, of somebody who starts on an ISO date."""
        due = first_due(self.course, starts)
        return Enrolment(
            learner.tenant, enrolment, learner.id, self.course.org, starts, self.lessons, self.edition, due
        )


def read_syllabus(knowledge: Knowledge, org: str) -> Syllabus | None:
    """The course of an organisation, None where it has none. Raises DataError where a file is wrong."""
    course = knowledge.course(org)
    if course is None:
        return None
    guideline = knowledge.organization(org).guideline
    tree = ClauseTree(guideline)
    name, digests = edition(guideline)
    return Syllabus(course, tree, name, digests, ready=course.reviewed and not stale(course, tree))
