"""What a planned message says, when it waits, and when there is nothing to say any more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.blocks import Card
from bot.bootstrap import RandomIdentities
from bot.commands import Acknowledge, OpenLesson, Question, SteerCourse
from bot.course_planner import CoursePlanner
from bot.desk import Desk
from bot.directory import Directory, Workspace
from bot.enrolment import Delivery, Enrolment, Learner
from bot.service import Service
from bot.store.database import Store
from bot.testing import FakeClock
from tests.unit.courses.talk import NEWCOMER, ORG, Talk, desk_for
from tests.unit.onboarding.courses import at

HANAKO = Learner("T1", "l1", "slack", "U1", name="須坂 花子", department="税務課", supervisor="U9")


@pytest.fixture
def planner(lessons: Service, store: Store, clock: FakeClock) -> CoursePlanner:
    planner = desk_for(lessons, store, clock).courses
    found = planner.syllabus(ORG)
    assert found is not None
    assert store.enrolments.add([(HANAKO, found.enrolment(HANAKO, "e1", "2026-04-01"))], clock.now()) == 1
    return planner


def claimed(planner: CoursePlanner) -> Sequence[Delivery]:
    planner.plan()
    return planner.outbox.claim(("slack",), 20)


def said(planner: CoursePlanner, delivery: Delivery) -> str | None:
    card = planner.card(delivery)
    return None if card is None else card.fallback


def until_the_end(planner: CoursePlanner, clock: FakeClock, *, arrives: bool) -> list[tuple[str, str | None]]:
    """Let reminders come as they are due; kind and text of each message that would be sent."""
    told = []
    for _ in range(9):
        found = planner.enrolments.find("T1", "U1", ORG)
        assert found is not None
        if found[1].due is None:
            break
        clock.time = max(clock.time, found[1].due)
        for delivery in claimed(planner):
            told.append((delivery.message.kind, said(planner, delivery)))
            if arrives and told[-1][1] is not None:
                assert planner.arrived(delivery, "m")
            else:
                planner.outbox.failed(delivery, "unknown_mail")
    return told


def test_whoever_does_not_answer_is_reminded_and_the_supervisor_reads_name_and_day(
    planner: CoursePlanner, clock: FakeClock
) -> None:
    kinds, texts = zip(*until_the_end(planner, clock, arrives=True), strict=True)
    assert kinds == ("lesson", "reminder", "reminder", "supervisor")
    assert "須坂 花子さん（税務課）" in texts[-1]
    assert "4月1日（水）から" in texts[-1]


@pytest.mark.parametrize(
    ("known", "named"),
    [
        ({"department": ""}, "須坂 花子さんの"),
        ({"name": "", "mail": "hanako@example.lg.jp"}, "hanako@example.lg.jpさん（税務課）の"),
        ({"name": "", "department": ""}, "U1さんの"),
    ],
)
def test_a_supervisor_reads_of_whom_it_is_however_little_the_roster_says(
    planner: CoursePlanner, known: dict[str, str], named: str
) -> None:
    card = planner.cards(ORG).supervisor(replace(HANAKO, **known), "4月1日（水）")  # type: ignore[arg-type]
    assert named in card.fallback
    assert "（）" not in card.fallback


def test_nobody_is_reminded_of_what_never_came_and_no_supervisor_hears_of_it(
    planner: CoursePlanner, clock: FakeClock
) -> None:
    told = until_the_end(planner, clock, arrives=False)
    assert [text for kind, text in told if kind != "lesson"] == [None, None, None]
    assert [one.reason for one in planner.outbox.troubles("T1")] == ["unknown_mail"] * 4


def test_a_lesson_that_came_late_is_reminded_of_from_then_on(planner: CoursePlanner, clock: FakeClock) -> None:
    until_the_end(planner, clock, arrives=False)
    clock.time = at("2026-05-11 09:30")
    assert planner.outbox.again("T1") == 4
    spoken = {}
    for delivery in planner.outbox.claim(("slack",), 20):
        if said(planner, delivery) is None:
            planner.outbox.dropped(delivery)
        else:
            spoken[delivery.message.kind] = planner.arrived(delivery, "m")
    assert spoken == {"lesson": True}  # one message, not four
    clock.time = at("2026-05-14 09:00")
    assert [one.message.kind for one in claimed(planner)] == ["reminder"]


def test_a_message_about_a_step_that_is_done_says_nothing(planner: CoursePlanner, clock: FakeClock) -> None:
    (delivery,) = claimed(planner)
    moved = replace(delivery.enrolment, position=1)
    assert planner.card(replace(delivery, enrolment=moved)) is None
    assert planner.card(replace(delivery, enrolment=replace(delivery.enrolment, round=2))) is None
    assert planner.card(delivery) is not None
    assert clock.now() < delivery.message.until


def test_while_the_course_is_read_again_messages_wait_and_none_is_lost(
    planner: CoursePlanner, monkeypatch: pytest.MonkeyPatch, clock: FakeClock
) -> None:
    (delivery,) = claimed(planner)
    assert planner.window(delivery) is None
    found = planner.syllabus(ORG)
    assert found is not None
    monkeypatch.setattr(planner, "syllabus", lambda _org: replace(found, ready=False))
    instead = planner.window(delivery)
    assert instead == (clock.now() + 3600, at("2026-04-01 17:00"))
    planner.outbox.postpone(delivery, *instead)
    monkeypatch.undo()
    clock.time += 3600
    (again,) = claimed(planner)
    assert planner.window(again) is None
    assert said(planner, again) == said(planner, delivery)


def test_a_message_whose_day_has_passed_is_for_the_next_working_morning(
    planner: CoursePlanner, clock: FakeClock
) -> None:
    (delivery,) = claimed(planner)
    clock.time = at("2026-04-03 18:00")
    assert planner.window(delivery) == (at("2026-04-06 09:00"), at("2026-04-06 17:00"))


def test_what_is_sent_is_on_record_with_the_edition_it_was_made_of(planner: CoursePlanner) -> None:
    (delivery,) = claimed(planner)
    old = replace(delivery, enrolment=replace(delivery.enrolment, edition="0" * 16))
    assert planner.arrived(old, "m")
    (row,) = [row for row in planner.ledger.rows("T1") if row.entry.event == "sent"]
    assert row.entry.edition == planner.syllabus(ORG).edition  # type: ignore[union-attr]


def test_a_course_begun_in_another_organisations_channel_is_the_workspaces_own(
    lessons: Service, store: Store, clock: FakeClock
) -> None:
    directory = Directory([Workspace("slack", "T1", ORG, {"C9": "bibai"})])
    talk = Talk(Desk(lessons, directory, store, clock, RandomIdentities()), store, clock)
    talk(Question("研修を始める"), replace(NEWCOMER, channel="C9", direct=False))
    assert [enrolment.org for _, enrolment in store.enrolments.people("T1")] == [ORG]


def test_an_old_button_asks_nobody_anew_where_the_course_does_not_want_it(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk.press(talk.all_lessons(), "ガイドラインを読み、理解しました")
    done = talk.enrolment()
    found = talk.desk.courses.syllabus(ORG)
    assert found is not None
    other = replace(found, edition="1" * 16, course=replace(found.course, renew=False))
    monkeypatch.setattr(talk.desk.courses, "syllabus", lambda _org: other)
    assert "記録しました" in talk(Acknowledge(done.edition)).fallback
    assert talk.enrolment() == done


def test_a_lesson_taken_out_of_the_course_traps_nobody(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    talk(SteerCourse("start"))
    first, second = talk.enrolment().lessons[:2]
    found = talk.desk.courses.syllabus(ORG)
    assert found is not None
    shorter = replace(found.course, lessons=found.course.lessons[1:])
    monkeypatch.setattr(talk.desk.courses, "syllabus", lambda _org: replace(found, course=shorter))
    card: Card = talk(OpenLesson(first))
    assert talk.enrolment().lesson == second
    assert shorter.lessons[0].title in card.fallback


def test_a_workspace_that_returns_goes_on_where_it_was(talk: Talk) -> None:
    talk(SteerCourse("start"))
    talk.desk.courses.stop("T1", None, "left")
    stopped: Enrolment = talk.enrolment()
    assert stopped.state == "stopped"
    assert talk.desk.courses.resume("T1", "uninstalled") == 0
    assert talk.desk.courses.resume("T1", "left") == 1
    assert talk.enrolment().state == "active"
    assert talk.enrolment().due is not None
