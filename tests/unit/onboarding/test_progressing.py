"""What each event does to an enrolment."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.course import REVISED, Reminders
from bot.enrolment import Change, Enrolment
from bot.onboarding.progressing import (
    acknowledged,
    answered,
    arrived_late,
    left,
    opened,
    passed_over,
    paused,
    planned,
    reminded,
    renewed,
    resumed,
    returned,
)
from bot.onboarding.schedule import WorkingCalendar
from tests.unit.onboarding.courses import LEARNER, at, course, enrolment

COURSE = course()
START = at("2026-04-01 09:00")
EDITION = "e" * 16
"""What is shown, which may be newer than what the round began with."""


def kinds(change: Change) -> list[tuple[str, str]]:
    return [(one.kind, one.lesson) for one in change.messages]


def finished(one: Enrolment, now: float) -> Enrolment:
    assert one.lesson is not None
    return answered(COURSE, one, (one.lesson, 2), now, EDITION).after


def test_the_first_lesson_is_announced_when_it_is_due() -> None:
    change = planned(COURSE, LEARNER, enrolment(), START)
    assert kinds(change) == [("lesson", "one")]
    assert change.messages[0].until == at("2026-04-01 17:00")
    assert change.messages[0].careful
    assert (change.after.announced, change.after.since) == (True, START)
    assert change.after.due == at("2026-04-06 09:00")  # the first reminder


def test_outside_office_hours_only_the_time_is_moved() -> None:
    change = planned(COURSE, LEARNER, enrolment(), at("2026-04-01 21:00"))
    assert change.messages == ()
    assert change.after == replace(enrolment(), due=at("2026-04-02 09:00"))


def test_whoever_does_not_answer_is_reminded_twice_and_then_the_supervisor_hears_of_it() -> None:
    one, told = enrolment(), []
    for _ in range(10):
        if one.due is None:
            break
        now = one.due
        change = planned(COURSE, LEARNER, one, now)
        told += [(kind, now) for kind, _ in kinds(change)]
        one = change.after
    days = ("2026-04-01", "2026-04-06", "2026-04-09", "2026-04-15")
    assert told == list(
        zip(("lesson", "reminder", "reminder", "supervisor"), (at(f"{day} 09:00") for day in days), strict=True)
    )
    assert one.due is None


def test_without_a_supervisor_nobody_else_hears_of_it() -> None:
    alone = replace(LEARNER, supervisor=None)
    waiting = enrolment(announced=True, since=START, reminders=2)
    assert planned(COURSE, alone, waiting, at("2026-04-15 09:00")).messages == ()


def test_a_course_without_reminders_goes_straight_to_silence() -> None:
    quiet = course(reminders=Reminders())
    change = planned(quiet, LEARNER, enrolment(), START)
    assert kinds(change) == [("lesson", "one")]
    assert change.after.due is None


def test_planned_twice_a_message_has_the_same_key() -> None:
    first, second = (planned(COURSE, LEARNER, enrolment(), now) for now in (START, START + 1.5))
    assert first.messages[0].key == second.messages[0].key


def test_opening_is_on_record_and_finishes_nothing() -> None:
    waiting = enrolment(announced=True, since=START)
    change = opened(COURSE, waiting, "one", START + 60, EDITION)
    assert [(entry.event, entry.lesson, entry.at) for entry in change.entries] == [("opened", "one", START + 60)]
    assert change.after == waiting


def test_a_wrong_answer_is_on_record_and_the_lesson_stays() -> None:
    change = answered(COURSE, enrolment(announced=True, since=START), ("one", 1), START, EDITION)
    assert change.entries[0].detail == "1:wrong"
    assert change.after.position == 0


def test_the_right_answer_brings_the_next_lesson_at_its_pace() -> None:
    change = answered(COURSE, enrolment(announced=True, since=START), ("one", 2), START + 600, EDITION)
    assert change.entries[0].detail == "2:right"
    assert change.cancel  # a reminder that is planned has lost its reason
    assert (change.after.lesson, change.after.announced) == ("two", False)
    assert change.after.due == at("2026-04-02 09:00")


def test_a_late_answer_brings_one_lesson_on_the_next_working_day_not_all_that_were_missed() -> None:
    after = finished(enrolment(announced=True, since=START), at("2026-04-17 10:00"))
    assert after.due == at("2026-04-20 09:00")


def test_the_next_lesson_may_be_opened_before_its_time_and_is_not_sent_then() -> None:
    waiting = finished(enrolment(announced=True, since=START), START)
    early = opened(COURSE, waiting, "two", START + 5, EDITION).after
    assert early.announced
    assert early.due == at("2026-04-06 09:00")  # a reminder; the lesson itself is open already


def test_an_earlier_lesson_answered_again_changes_nothing_but_the_record() -> None:
    waiting = finished(enrolment(announced=True, since=START), START)
    change = answered(COURSE, waiting, ("one", 2), START + 9, EDITION)
    assert change.after == waiting
    assert change.entries


def test_after_the_last_lesson_only_the_acknowledgement_is_left_and_is_reminded_of() -> None:
    one = enrolment(announced=True, since=START)
    for _ in COURSE.lessons:
        one = finished(one, START)
    assert one.lesson is None
    assert one.announced
    change = planned(COURSE, LEARNER, one, one.due or 0)
    assert kinds(change) == [("reminder", "")]


def test_an_acknowledgement_ends_the_round() -> None:
    change = acknowledged(enrolment(position=3, announced=True), START)
    assert (change.after.state, change.after.due) == ("done", None)
    assert [(entry.event, entry.edition) for entry in change.entries] == [("acknowledged", "0" * 16)]


def test_a_pause_stops_the_planner_and_an_answer_ends_the_pause() -> None:
    change = paused(enrolment(announced=True, since=START), START)
    assert (change.after.state, change.after.due, change.cancel) == ("paused", None, True)
    assert finished(change.after, START).state == "active"
    again = resumed(COURSE, change.after, at("2026-04-13 10:00")).after
    assert (again.state, again.due) == ("active", at("2026-04-16 09:00"))


def test_reminders_after_a_pause_are_other_messages_than_those_before() -> None:
    first = planned(COURSE, LEARNER, enrolment(announced=True, since=START), at("2026-04-06 09:00")).messages[0]
    later = resumed(COURSE, enrolment(announced=True, since=START), at("2026-04-13 10:00")).after
    second = planned(COURSE, LEARNER, later, at("2026-04-16 09:00")).messages[0]
    assert first.key != second.key


def test_whoever_leaves_gets_nothing_more() -> None:
    change = left(enrolment(), START)
    assert (change.after.state, change.after.due, change.cancel) == ("left", None, True)


def test_a_lesson_that_the_course_has_no_more_is_passed_over() -> None:
    change = planned(COURSE, LEARNER, enrolment(lessons=("gone", "two")), START)
    assert kinds(change) == [("lesson", "two")]
    nothing = planned(COURSE, LEARNER, enrolment(lessons=("gone",)), START)
    assert nothing.messages == ()
    assert nothing.after.lesson is None


def test_a_revision_begins_a_round_of_what_it_touched() -> None:
    done = enrolment(position=3, announced=True, state="done", due=None)
    change = renewed(COURSE, done, (REVISED, "two"), "1" * 16, at("2026-04-24 18:00"))
    assert (change.after.round, change.after.lessons, change.after.position) == (2, (REVISED, "two"), 0)
    assert change.after.due == at("2026-04-27 09:00")
    assert change.after.edition == "1" * 16
    assert opened(COURSE, replace(change.after, announced=True), REVISED, START, EDITION).after.lesson == "two"


def test_a_revision_in_the_middle_adds_what_was_finished_before_it() -> None:
    midway = enrolment(position=2, announced=True, since=START)
    change = renewed(COURSE, midway, (REVISED, "one", "three"), "1" * 16, START)
    assert change.after.lessons == ("one", "two", "three", REVISED, "one")
    assert (change.after.lesson, change.after.position) == ("three", 2)


def test_an_administrator_reminds_once_a_day_and_only_whoever_is_waited_for() -> None:
    calendar = WorkingCalendar(COURSE.calendar)
    waiting = enrolment(announced=True, since=START)
    keys = {
        reminded(waiting, calendar, at(f"2026-04-0{day} {hour}")).messages[0].key  # type: ignore[union-attr]
        for day, hour in ((2, "10:00"), (2, "11:00"), (3, "10:00"))
    }
    assert len(keys) == 2
    assert reminded(enrolment(), calendar, START) is None
    assert reminded(replace(waiting, state="paused"), calendar, START) is None


def test_a_lesson_asked_a_second_time_in_a_round_is_another_message() -> None:
    first = planned(COURSE, LEARNER, enrolment(), START).messages[0]
    again = enrolment(lessons=("one", "two", "three", REVISED, "one"), position=4)
    second = planned(COURSE, LEARNER, again, START).messages[0]
    assert (first.lesson, second.lesson) == ("one", "one")
    assert first.key != second.key


def test_what_is_on_record_names_the_edition_that_was_shown() -> None:
    waiting = enrolment(announced=True, since=START)
    changes = opened(COURSE, waiting, "one", START, EDITION), answered(COURSE, waiting, ("one", 2), START, EDITION)
    assert {change.entries[0].edition for change in changes} == {EDITION}


def test_who_comes_back_before_the_start_is_still_begun_with_on_the_day() -> None:
    gone = enrolment("2026-04-01", state="stopped", due=None)
    early = returned(COURSE, gone, at("2026-03-02 10:00")).after
    assert (early.state, early.announced, early.due) == ("active", False, START)
    late = returned(COURSE, gone, at("2026-04-11 10:00")).after
    assert late.due == at("2026-04-13 09:00")
    midway = returned(COURSE, replace(gone, announced=True, since=START), at("2026-04-10 10:00")).after
    assert midway.due == at("2026-04-15 09:00")  # a reminder of what was announced


def test_reminders_of_a_lesson_that_came_late_count_from_its_coming() -> None:
    silent = enrolment(announced=True, since=START, reminders=2, due=None)
    after = arrived_late(COURSE, silent, at("2026-04-20 10:00")).after
    assert (after.reminders, after.due) == (0, at("2026-04-23 09:00"))


def test_a_lesson_that_is_gone_does_not_hold_up_whoever_is_here() -> None:
    stuck = enrolment(lessons=("gone", "two"), announced=True, since=START, due=None)
    change = passed_over(COURSE, stuck, START)
    assert change is not None
    assert (change.after.lesson, change.after.announced) == ("two", True)
    assert change.after.due is not None
    assert passed_over(COURSE, enrolment(), START) is None


EVENTS = st.lists(
    st.tuples(st.sampled_from(["plan", "open", "right", "wrong", "pause", "resume", "day"]), st.integers(0, 3)),
    max_size=40,
)


@given(EVENTS)
def test_whatever_happens_no_lesson_is_planned_twice_in_a_round(events: list[tuple[str, int]]) -> None:
    one, now, keys = enrolment(), START, []
    for name, number in events:
        now += 3600.0
        lesson = one.lessons[min(number, one.position, len(one.lessons) - 1)]
        match name:
            case "plan" if one.state == "active" and one.due is not None:
                now = max(now, one.due)
                change = planned(COURSE, LEARNER, one, now)
                keys += [message.key for message in change.messages]
            case "open":
                change = opened(COURSE, one, lesson, now, EDITION)
            case "right" | "wrong":
                change = answered(COURSE, one, (lesson, 2 if name == "right" else 1), now, EDITION)
            case "pause" if one.state == "active":
                change = paused(one, now)
            case "resume" if one.state == "paused":
                change = resumed(COURSE, one, now)
            case _:
                now += 86_400.0
                continue
        one = change.after
        assert 0 <= one.position <= len(one.lessons)
        assert one.state != "active" or one.due is not None or one.reminders == 2 or one.announced
    assert len(keys) == len(set(keys))
