"""The course where nobody is known: every lesson at once, nothing on record."""

from __future__ import annotations

from bot.blocks import Actions, Button, Card, Text
from bot.commands import Acknowledge, AnswerQuiz, CourseCommand, OpenLesson
from bot.course import Lesson
from bot.course_cards import CourseCards
from bot.course_planner import CoursePlanner
from bot.onboarding.syllabus import Syllabus


class CoursePlay:
    """Plays the course to whoever looks at it."""

    def __init__(self, planner: CoursePlanner) -> None:
        self._planner = planner
        self._texts = planner.knowledge.texts

    def handle(self, command: CourseCommand, org: str) -> Card:
        """Serve one command."""
        found = self._planner.syllabus(org)
        if found is None:
            text = self._texts["course_none"]
            return Card((Text(text),), text)
        cards, course = self._planner.cards(org), found.course
        match command:
            case OpenLesson(lesson) if (taught := course.lesson(lesson)) is not None:
                return self._lesson(found, cards, taught)
            case AnswerQuiz(lesson, option) if (taught := course.lesson(lesson)) is not None:
                if option <= len(taught.options):
                    return self._answered(found, cards, taught, option)
            case Acknowledge():
                again = Actions((Button("lesson", self._texts["course_again"], found.lessons[0]),))
                return cards.card(Text(self._texts["course_unrecorded_done"]), again)
            case _:
                pass
        return self._lesson(found, cards, course.lessons[0])

    def _lesson(self, found: Syllabus, cards: CourseCards, lesson: Lesson) -> Card:
        place = found.lessons.index(lesson.id), len(found.lessons)
        said = () if found.course.reviewed else (self._texts["course_proposed"],)
        return cards.lesson(lesson, place, cards.page(place[0] + 1, place[1]), *said)

    def _answered(self, found: Syllabus, cards: CourseCards, lesson: Lesson, option: int) -> Card:
        chosen = lesson.options[option - 1]
        following = found.lessons[found.lessons.index(lesson.id) + 1 :]
        if not chosen.right:
            return cards.verdict(lesson, chosen, ())
        if following:
            return cards.verdict(lesson, chosen, cards.onward(following[0]))
        return cards.verdict(lesson, chosen, cards.acknowledgement(found.edition, recorded=False))
