"""When something may be sent: working days, office hours, the pace of a course. Pure; times are seconds since 1970."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from bot.course import Calendar, Course

WEEK = 7
LONGEST_CLOSURE = 366
"""Days; a calendar without a working day for so long is taken as it comes."""


class WorkingCalendar:
    """The working days and hours of one organisation."""

    def __init__(self, calendar: Calendar) -> None:
        self._zone = ZoneInfo(calendar.zone)
        self._opens = time.fromisoformat(calendar.opens)
        self._closes = time.fromisoformat(calendar.closes)
        self._closed = frozenset(calendar.closed)

    def day(self, at: float) -> date:
        """The date there at a moment."""
        return self.local(at).date()

    def local(self, at: float) -> datetime:
        """The moment as clocks there show it."""
        return datetime.fromtimestamp(at, self._zone)

    def works(self, day: date) -> bool:
        """Whether the offices are open: no weekend, no public holiday, no closing day of their own."""
        own = day.isoformat()
        return day.weekday() < 5 and own not in self._closed and own[5:] not in self._closed and not holiday(day)

    def on_or_after(self, day: date) -> date:
        """The first working day from `day` on."""
        for _ in range(LONGEST_CLOSURE):
            if self.works(day):
                return day
            day += timedelta(1)
        return day

    def after(self, day: date, count: int) -> date:
        """The `count`-th working day behind `day`."""
        for _ in range(count):
            day = self.on_or_after(day + timedelta(1))
        return day

    def opening(self, day: date) -> float:
        """When the offices open on a day."""
        return datetime.combine(day, self._opens, self._zone).timestamp()

    def closing(self, day: date) -> float:
        """When they close."""
        return datetime.combine(day, self._closes, self._zone).timestamp()

    def open_from(self, at: float) -> float:
        """`at` itself in office hours, else the next opening."""
        today = self.day(at)
        if self.works(today) and at < self.closing(today):
            return max(at, self.opening(today))
        return self.opening(self.after(today, 1))


@cache
def holiday(day: date) -> bool:
    """Whether a day is a public holiday in Japan (国民の祝日に関する法律, as jpholiday computes it)."""
    import jpholiday  # noqa: PLC0415  # an extra: who only asks on the command line has none

    return bool(jpholiday.is_holiday(day))


def first_due(course: Course, starts: str) -> float:
    """When the first lesson is due for somebody who starts on an ISO date."""
    return lesson_due(course, starts, 0)


def lesson_due(course: Course, starts: str, position: int, finished: float | None = None) -> float:
    """When the lesson at `position` of a round is due: at its pace, on a working day as the offices open.

    `finished`: when the lesson before it was; two are never sent on one day.
    """
    calendar = WorkingCalendar(course.calendar)
    known = min(position, len(course.pace) - 1)
    days = course.pace[known] + WEEK * (position - known)
    day = calendar.on_or_after(date.fromisoformat(starts) + timedelta(days))
    if finished is not None:
        day = max(day, calendar.after(calendar.day(finished), 1))
    return calendar.opening(day)


def reminder_due(course: Course, since: float, sent: int) -> float | None:
    """When the next reminder of a step is due that was announced at `since`, after so many; None for no more."""
    if sent >= len(course.reminders.after):
        return None
    return _working_days_later(course, since, course.reminders.after[sent])


def supervisor_due(course: Course, since: float) -> float | None:
    """When the supervisor is told; None where that is not wanted."""
    days = course.reminders.supervisor
    return None if days is None else _working_days_later(course, since, days)


def _working_days_later(course: Course, since: float, days: int) -> float:
    calendar = WorkingCalendar(course.calendar)
    return calendar.opening(calendar.after(calendar.day(since), days))
