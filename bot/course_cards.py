"""Course → Card: announcements, lessons, what came of an answer, the acknowledgement. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.blocks import Actions, Block, Button, Card, ClauseRef, Heading, Note, Progress, Quote, Table, Text
from bot.cards import CardMaker
from bot.course import REVISED, Course, Lesson, Option
from bot.enrolment import Learner
from bot.onboarding.revision import Revision
from bot.onboarding.standing import Standing
from bot.onboarding.words import STANDING_COLUMNS

SIGNS = "①②③④"
MOST_CHANGED = 8
"""Changed clauses shown whole; of more the locators are named."""


class CourseCards:
    """Makes the cards of one organisation's course."""

    def __init__(self, maker: CardMaker, course: Course, texts: Mapping[str, str]) -> None:
        self._maker = maker
        self._course = course
        self._texts = texts

    def title(self, lesson: str) -> str:
        """What a lesson is called."""
        found = self._course.lesson(lesson)
        return self._texts["course_revised_title"] if found is None else found.title

    def announcement(self, lesson: str, place: tuple[int, int], *said: str) -> Card:
        """That a lesson is there, to be opened by a press. `place`: lessons finished, and of how many."""
        found = self._course.lesson(lesson)
        blocks: list[Block] = [Text(one) for one in said]
        blocks += [self._head(lesson, place), *([Text(found.text)] if found else []), self.progress(*place)]
        open_it = Button("lesson", self._texts["course_open"], lesson)
        pause = Button("course", self._texts["course_pause"], "pause")
        return _card((*blocks, Actions((open_it, pause))))

    def lesson(self, lesson: Lesson, place: tuple[int, int], bar: Progress, *said: str) -> Card:
        """A lesson: what it is about, its clauses word for word, one scene, one question."""
        blocks: list[Block] = [
            *(Note(one) for one in said),
            self._head(lesson.id, place),
            bar,
            Text(lesson.text),
            Note(self._texts["course_clauses"]),
            *self._quotes([cite.locator for cite in lesson.cites]),
            Note(self._texts["course_example"]),
            Text(lesson.example),
            *self._question(lesson),
        ]
        return _card(blocks)

    def revised(self, found: Revision, place: tuple[int, int], after: Sequence[Block]) -> Card:
        """The clauses that a revision changed; `after` is what follows them."""
        shown = found.changed[:MOST_CHANGED]
        blocks: list[Block] = [
            self._head(REVISED, place),
            Text(self._said("course_revised_text")),
            *self._quotes(shown),
        ]
        if len(found.changed) > len(shown):
            blocks.append(Note("、".join(found.changed[MOST_CHANGED:])))
        if found.gone:
            blocks.append(Note(self._texts["course_revised_gone"].format(locators="、".join(found.gone))))
        return _card((*blocks, *after))

    def verdict(self, lesson: Lesson, option: Option, after: Sequence[Block]) -> Card:
        """Right or wrong, why, and the clause that says so. A wrong answer may be given anew."""
        head = Heading(self._texts["course_right" if option.right else "course_wrong"])
        sign = SIGNS[lesson.options.index(option)]
        chosen = Note(self._texts["course_chosen"].format(sign=sign, text=option.text))
        blocks: list[Block] = [head, chosen, Text(option.reason), *self._quotes([option.cites])]
        if not option.right:
            blocks += [Text(self._texts["course_try_again"]), *self._question(lesson)]
        return _card((*blocks, *after))

    def onward(self, lesson: str, day: str | None = None) -> tuple[Block, ...]:
        """The way to the next lesson; `day`: when it would come by itself."""
        title = self.title(lesson)
        key = "course_waiting_lesson" if day is None else "course_next_day"
        said = self._texts[key].format(title=title, day=day)
        return (Text(said), Actions((Button("lesson", self._texts["course_next"], lesson),)))

    def acknowledgement(self, edition: str, *, recorded: bool = True) -> tuple[Block, ...]:
        """What is pressed at the end."""
        press = Button("acknowledge", self._texts["course_acknowledge"], edition)
        said = self._said("course_acknowledge_text" if recorded else "course_play_acknowledge_text")
        return (Heading(self._texts["course_acknowledge_head"]), Text(said), Actions((press,)))

    def acknowledged(self, time: str, edition: str) -> Card:
        """That it is on record."""
        return self._maker.said(self._said("course_acknowledged", time=time, edition=edition))

    def reminder(self, lesson: str, place: tuple[int, int], edition: str) -> Card:
        """That the present step waits; the acknowledgement where `lesson` is empty."""
        if not lesson:
            return _card((Text(self._texts["course_reminder_acknowledge"]), *self.acknowledgement(edition)))
        said = self._texts["course_reminder"].format(title=self._course.title)
        return self.announcement(lesson, place, said)

    def supervisor(self, learner: Learner, day: str) -> Card:
        """What a supervisor is told; never an answer, never a mark. A roster may name nobody but by address."""
        name, department = learner.name or learner.mail or learner.user or "", learner.department
        person = self._texts["course_person_of" if department else "course_person"]
        named = person.format(name=name, department=department)
        said = self._texts["course_supervisor"].format(person=named, day=day)
        return _card((Heading(self._texts["course_supervisor_head"]), Text(said)))

    def standing(self, found: Standing) -> Card:
        """How people stand, by department; nobody is named."""
        rows = tuple((row.department, *map(str, row.figures)) for row in (*found.rows, found.total))
        head = Heading(self._texts["course_standing"])
        troubles = tuple(Note(f"{reason}: {count}人") for reason, count in found.troubles)
        each = (" ".join((row[0], *map("{} {}".format, STANDING_COLUMNS[1:], row[1:]))) for row in rows)
        return Card((head, Table(STANDING_COLUMNS, rows), *troubles), "\n".join((head.text, *each)))

    def progress(self, done: int, total: int) -> Progress:
        """How far somebody is."""
        key = "course_progress_done" if done >= total else "course_progress"
        return Progress(done, total, self._texts[key].format(done=done, total=total))

    def page(self, number: int, total: int) -> Progress:
        """Where somebody is who may open any lesson."""
        return Progress(number, total, self._texts["course_page_number"].format(number=number, total=total))

    def card(self, *blocks: Block) -> Card:
        """These blocks as a card."""
        return _card(blocks)

    def _head(self, lesson: str, place: tuple[int, int]) -> Heading:
        done, total = place
        number = min(done + 1, total)
        return Heading(self._texts["course_lesson_head"].format(number=number, total=total, title=self.title(lesson)))

    def _question(self, lesson: Lesson) -> list[Block]:
        say = self._texts
        options = [
            say["course_option"].format(sign=sign, text=one.text)
            for sign, one in zip(SIGNS, lesson.options, strict=False)
        ]
        buttons = tuple(
            Button(
                "quiz",
                SIGNS[number - 1],
                f"{lesson.id}/{number}",
                say["course_option_hint"].format(sign=SIGNS[number - 1], number=number, text=one.text),
            )
            for number, one in enumerate(lesson.options, 1)
        )
        text = "\n".join((lesson.question, *options))
        return [Heading(say["course_question"]), Text(text), Actions(buttons)]

    def _quotes(self, locators: Sequence[str]) -> list[Quote]:
        """The clauses; what introduces several of them is shown once."""
        found = self._maker.citations([ClauseRef(self._maker.org, one) for one in locators])
        quotes, introduced = [], set[str | None]()
        for one in map(self._maker.quote, found):
            quotes.append(replace(one, lead_in=None) if one.lead_in in introduced else one)
            introduced.add(one.lead_in)
        return quotes

    def _said(self, key: str, **names: str) -> str:
        document, date = self._maker.document()
        return self._texts[key].format(document=document, date=date, **names)


def _card(blocks: Sequence[Block]) -> Card:
    """With headings and texts as the fallback."""
    said = [block.text for block in blocks if isinstance(block, Heading | Text)]
    return Card(tuple(blocks), "\n".join(said))
