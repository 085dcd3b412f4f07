"""A guideline is revised: only what changed is asked again, and nothing before somebody has read the lessons."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from bot.blocks import Quote
from bot.bootstrap import RandomIdentities
from bot.cli.main import main
from bot.commands import Acknowledge, AnswerQuiz, OpenLesson, Request, SteerCourse
from bot.corpus.digests import stale
from bot.corpus.knowledge import Knowledge
from bot.corpus.tree import ClauseTree
from bot.course import REVISED
from bot.desk import Desk
from bot.directory import Directory, Workspace
from bot.enrolment import Enrolment
from bot.service import Service
from bot.store.database import Store
from bot.testing import INVENTED_ID, INVENTED_TEXT, FakeClock
from tests.unit.courses.talk import NEWCOMER, buttons
from tests.unit.onboarding.courses import at

OLD, NEW = "短縮URLは使用しない。", "短縮URLは、やむを得ない場合を除き使用しない。"
REVISED_TEXT = INVENTED_TEXT.replace(OLD, NEW)


class Town:
    """The invented town: its folder, and somebody who takes its course."""

    def __init__(self, root: Path, store: Store, clock: FakeClock) -> None:
        self.root, self.store, self.clock = root, store, clock
        self.count = 0
        self.restart()

    def restart(self) -> None:
        """The bot as it is after a start: with the knowledge that lies in the folder now."""
        service = Service(Knowledge(self.root))
        directory = Directory([Workspace("slack", "T1", INVENTED_ID)])
        self.desk = Desk(service, directory, self.store, self.clock, RandomIdentities())

    def __call__(self, command: OpenLesson | AnswerQuiz | Acknowledge | SteerCourse) -> list[Quote]:
        self.clock.time += 60
        self.count += 1
        self.shown = self.desk.handle(Request(f"r{self.count}", NEWCOMER, command, "", self.clock.time)).card
        return [block for block in self.shown.blocks if isinstance(block, Quote)]

    def enrolment(self) -> Enrolment:
        found = self.store.enrolments.find("T1", "U1", INVENTED_ID)
        assert found is not None
        return found[1]

    def finish(self, count: int = 99) -> None:
        """Open and answer lessons; with no count to the end, acknowledgement and all."""
        course = self.desk.service.knowledge.course(INVENTED_ID)
        assert course is not None
        for _ in range(count):
            lesson = self.enrolment().lesson
            if lesson is None:
                self(Acknowledge(self.desk.courses.syllabus(INVENTED_ID).edition))  # type: ignore[union-attr]
                return
            self(OpenLesson(lesson))
            taught = course.lesson(lesson)
            if taught is not None:
                self(AnswerQuiz(lesson, next(n for n, one in enumerate(taught.options, 1) if one.right)))

    def revise(self, text: str = REVISED_TEXT) -> None:
        document = self.root.parent / "revised.txt"
        document.write_text(text, encoding="utf-8")
        assert main(["ingest", str(document), "--org", INVENTED_ID, "--into", str(self.root), "--update"]) == 0

    def review(self) -> None:
        """What the person does who keeps the course: reads the lessons, writes the new digests."""
        knowledge = Knowledge(self.root)
        course = knowledge.course(INVENTED_ID)
        assert course is not None
        text = (path := self.root / "organizations" / INVENTED_ID / "course.yaml").read_text(encoding="utf-8")
        for one in stale(course, ClauseTree(knowledge.organization(INVENTED_ID).guideline)):
            assert one.digest is not None
            text = text.replace(one.cite.digest, one.digest)
        path.write_text(text, encoding="utf-8")


@pytest.fixture
def town(invented_root: Path, tmp_path: Path, store: Store, clock: FakeClock) -> Town:
    root = tmp_path / "knowledge"
    shutil.copytree(invented_root, root)
    course = root / "organizations" / INVENTED_ID / "course.yaml"
    course.write_text(re.sub(r"reviewed: \S+", "reviewed: yes", course.read_text(encoding="utf-8")), encoding="utf-8")
    return Town(root, store, clock)


def test_whoever_has_acknowledged_is_asked_about_the_changed_clauses_only(town: Town) -> None:
    town(SteerCourse("start"))
    town.finish()
    before = town.enrolment()
    assert before.state == "done"
    town.revise()
    town.review()
    town.restart()
    assert town.desk.courses.renew() == 1
    assert town.desk.courses.renew() == 0
    again = town.enrolment()
    assert (again.round, again.state, again.lessons[0]) == (2, "active", REVISED)
    assert len(again.lessons) < len(before.lessons)
    assert again.edition != before.edition
    town.clock.time = again.due or 0
    assert town.desk.courses.plan() == 1
    (delivery,) = town.store.outbox.claim(["slack"], 5)
    card = town.desk.courses.card(delivery)
    assert card is not None
    assert "改正された規定" in card.fallback
    quotes = town(OpenLesson(REVISED))
    assert [one.ref.locator for one in quotes] == ["3(3)"]
    assert NEW in quotes[0].text
    town.finish()
    assert town.enrolment().state == "done"
    editions = [row.entry.edition for row in town.store.ledger.rows("T1") if row.entry.event == "acknowledged"]
    assert editions == [before.edition, again.edition]


def test_a_clause_that_is_gone_is_named(town: Town) -> None:
    town(SteerCourse("start"))
    town.finish()
    gone = REVISED_TEXT.replace("(2) 勤務時間中に個人アカウントで投稿してはならない。\n", "").replace(
        "(3) 投稿の内容は", "(2) 投稿の内容は"
    )
    town.revise(gone)
    path = town.root / "organizations" / INVENTED_ID / "course.yaml"
    text = path.read_text(encoding="utf-8").replace('"2(3)"', '"2(2)"')
    path.write_text(text.replace("2(3)", "2(2)"), encoding="utf-8")
    town.review()
    town.restart()
    assert town.desk.courses.renew() == 1
    town(OpenLesson(REVISED))
    assert "なくなった規定: 2(3)" in "".join(getattr(block, "text", "") for block in town.shown.blocks)


def test_before_the_lessons_are_read_again_nothing_is_sent_and_nobody_can_begin(town: Town) -> None:
    town(SteerCourse("start"))
    town.finish()
    town.revise(INVENTED_TEXT.replace("職務上知り得た秘密を投稿しては", "職務上知り得た秘密を、退職後も投稿しては"))
    town.restart()
    assert town.desk.courses.renew() == 0
    town(SteerCourse("start"))
    assert "見直しているところ" in town.shown.fallback


def test_who_is_still_on_the_way_is_asked_again_only_what_was_finished_before(town: Town) -> None:
    town(SteerCourse("start"))
    lessons = town.enrolment().lessons
    town.finish(len(lessons))
    assert town.enrolment().lesson is None
    old = town.enrolment().edition
    town.revise()
    town.review()
    town.restart()
    town(Acknowledge(old))
    assert "改正されました" in town.shown.fallback
    assert [one.label for one in buttons(town.shown)] == ["次のレッスンへ進む"]
    assert town.enrolment().lesson == REVISED
    town.finish()
    assert town.enrolment().state == "done"


def test_a_source_that_is_only_wrapped_anew_is_no_revision(town: Town) -> None:
    town(SteerCourse("start"))
    town.finish()
    town.revise(INVENTED_TEXT.replace("市の見解ではないことを明記する。", "市の見解\nではないことを明記する。"))
    town.restart()
    assert town.desk.courses.renew() == 0


def test_a_course_that_does_not_want_it_is_never_renewed(town: Town) -> None:
    town(SteerCourse("start"))
    town.finish()
    town.revise()
    town.review()
    path = town.root / "organizations" / INVENTED_ID / "course.yaml"
    path.write_text("renew: no\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    town.restart()
    assert town.desk.courses.renew() == 0


def test_the_time_of_the_next_round_is_a_working_morning(town: Town) -> None:
    town(SteerCourse("start"))
    town.finish()
    town.revise()
    town.review()
    town.restart()
    town.clock.time = at("2026-05-01 16:00")  # the holidays begin
    assert town.desk.courses.renew() == 1
    assert town.enrolment().due == at("2026-05-07 09:00")
