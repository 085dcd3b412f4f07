"""Working days, office hours and pace, over weekends, holidays, month ends and the turn of the year."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.course import Calendar
from bot.onboarding.schedule import WorkingCalendar, first_due, lesson_due, reminder_due, supervisor_due
from tests.unit.onboarding.courses import YEAR_END, at, course

CALENDAR = WorkingCalendar(Calendar(closed=YEAR_END))
days = st.dates(date(2024, 1, 1), date(2029, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-04-01", True),
        ("2026-04-04", False),  # Saturday
        ("2026-04-29", False),  # 昭和の日
        ("2026-05-06", False),  # 振替休日: 3 May 2026 is a Sunday
        ("2026-09-22", False),  # 国民の休日, between two holidays
        ("2026-12-28", True),
        ("2026-12-29", False),
        ("2027-01-01", False),
        ("2027-01-04", True),
    ],
)
def test_offices_are_closed_on_weekends_holidays_and_days_of_their_own(day: str, *, works: bool) -> None:
    assert CALENDAR.works(date.fromisoformat(day)) is works


def test_a_closing_day_of_one_year_is_open_in_the_next() -> None:
    calendar = WorkingCalendar(Calendar(closed=("2026-08-14",)))
    assert not calendar.works(date(2026, 8, 14))
    assert calendar.works(date(2028, 8, 14))


@pytest.mark.parametrize(
    ("now", "sent"),
    [
        ("2026-04-01 08:59", "2026-04-01 09:00"),
        ("2026-04-01 09:00", "2026-04-01 09:00"),
        ("2026-04-01 16:59", "2026-04-01 16:59"),
        ("2026-04-01 17:00", "2026-04-02 09:00"),
        ("2026-04-03 20:00", "2026-04-06 09:00"),  # Friday evening
        ("2026-12-28 18:00", "2027-01-04 09:00"),
        ("2026-05-02 12:00", "2026-05-07 09:00"),
    ],
)
def test_nothing_is_sent_outside_office_hours(now: str, sent: str) -> None:
    assert CALENDAR.open_from(at(now)) == at(sent)


@pytest.mark.parametrize(
    ("starts", "due"),
    [
        ("2026-04-01", ["04-01 09:00", "04-02 09:00", "04-06 09:00", "04-08 09:00", "04-15 09:00"]),
        ("2026-04-28", ["04-28 09:00", "04-30 09:00", "05-01 09:00", "05-07 09:00", "05-12 09:00"]),
        ("2026-01-30", ["01-30 09:00", "02-02 09:00", "02-02 09:00", "02-06 09:00", "02-13 09:00"]),
        ("2026-12-26", ["12-28 09:00", "12-28 09:00", "01-04 09:00", "01-04 09:00", "01-12 09:00"]),
    ],
)
def test_lessons_keep_the_pace_and_move_to_the_next_working_day(starts: str, due: list[str]) -> None:
    shown = course()
    found = [lesson_due(shown, starts, position) for position in range(5)]
    assert [f"{CALENDAR.local(one):%m-%d %H:%M}" for one in found] == due
    assert found[0] == first_due(shown, starts)


def test_two_lessons_are_never_sent_on_one_day() -> None:
    finished = at("2026-02-02 15:00")
    assert lesson_due(course(), "2026-01-30", 2, finished) == at("2026-02-03 09:00")


def test_reminders_count_working_days() -> None:
    since = at("2026-04-28 09:00")  # holidays follow
    assert reminder_due(course(), since, 0) == at("2026-05-07 09:00")
    assert reminder_due(course(), since, 1) == at("2026-05-12 09:00")
    assert reminder_due(course(), since, 2) is None
    assert supervisor_due(course(), since) == at("2026-05-18 09:00")


@given(days, st.integers(0, 12))
def test_every_lesson_is_due_on_a_working_day_at_the_opening(starts: date, position: int) -> None:
    due = lesson_due(course(), starts.isoformat(), position)
    assert CALENDAR.works(CALENDAR.day(due))
    assert CALENDAR.open_from(due) == due
    assert f"{CALENDAR.local(due):%H:%M}" == "09:00"
    assert CALENDAR.day(due) >= starts


@given(days, st.integers(1, 30))
def test_working_days_are_counted_one_by_one(day: date, count: int) -> None:
    end = CALENDAR.after(day, count)
    between = (day + timedelta(one) for one in range(1, (end - day).days + 1))
    assert sum(map(CALENDAR.works, between)) == count


def test_another_zone_has_other_hours() -> None:
    calendar = WorkingCalendar(Calendar(zone="Europe/Berlin"))
    assert calendar.open_from(at("2026-04-01 15:00")) == at("2026-04-01 16:00")  # 08:00 there


def test_a_calendar_without_a_working_day_does_not_hang() -> None:
    every = tuple(f"{day:%m-%d}" for day in (date(2024, 1, 1) + timedelta(one) for one in range(366)))
    assert WorkingCalendar(Calendar(closed=every)).open_from(at("2026-04-01 12:00")) > at("2026-04-01 12:00")
