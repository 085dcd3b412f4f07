"""The parts of course files that say when: pace, calendar, reminders."""

from __future__ import annotations

import re
from datetime import date
from zoneinfo import ZoneInfo

from bot.corpus.schema import Node
from bot.course import Calendar, Reminders

LONGEST_PACE = 1000
"""Days from the start of a course to a lesson."""

LONGEST_WAIT = 250
"""Working days without an answer."""

MOST_CLOSED = 100
"""Closing days: a calendar must leave days to send on."""

_NUMBER = re.compile(r"[0-9]{1,4}")
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]")
_DAY = re.compile(r"(?:[0-9]{4}-)?[0-9]{2}-[0-9]{2}")
_LEAP_YEAR = "2000-"


def read_pace(node: Node) -> tuple[int, ...]:
    """Days from the start to each lesson, none before the one that stands in front of it."""
    pace = tuple(_whole(one, 0, LONGEST_PACE) for one in node.each())
    if not pace:
        node.fail("間隔を一つ以上書いてください。", "at least one day is wanted.")
    for place, one in enumerate(node.each()):
        if place and pace[place] < pace[place - 1]:
            one.fail("前のレッスンより早い日は書けません。", "a lesson cannot come before the one in front of it.")
    return pace


def read_calendar(node: Node | None, usual: Calendar) -> Calendar:
    """The calendar; what it leaves out is as in `usual`."""
    if node is None:
        return usual
    node.only("zone", "opens", "closes", "closed")
    opens, closes = node.get("opens"), node.get("closes")
    closed = node.get("closed")
    calendar = Calendar(
        zone=usual.zone if (zone := node.get("zone")) is None else _zone(zone),
        opens=usual.opens if opens is None else _time(opens),
        closes=usual.closes if closes is None else _time(closes),
        closed=usual.closed if closed is None else tuple(_day(one) for one in closed.each()),
    )
    if calendar.opens >= calendar.closes:
        (closes or opens or node).fail(
            f"{calendar.opens} に始まり {calendar.closes} に終わる時間帯はありません。",
            f"office hours cannot open at {calendar.opens} and close at {calendar.closes}.",
        )
    if closed is not None and len(calendar.closed) > MOST_CLOSED:
        closed.fail(f"休みの日は{MOST_CLOSED}日までです。", f"{MOST_CLOSED} closing days at most.")
    return calendar


def read_reminders(node: Node | None, usual: Reminders) -> Reminders:
    """The reminders; what is left out is as in `usual`, and `supervisor: no` tells nobody."""
    if node is None:
        return usual
    node.only("after", "supervisor")
    after, supervisor = node.get("after"), node.get("supervisor")
    reminders = Reminders(
        after=usual.after if after is None else _rising(after),
        supervisor=usual.supervisor if supervisor is None else _supervisor(supervisor),
    )
    if reminders.supervisor is not None and reminders.supervisor <= max(reminders.after, default=0):
        (supervisor or node).fail(
            f"上司に知らせるのは、最後の催促（{max(reminders.after)}日）より後にしてください。",
            f"the supervisor is told after the last reminder (day {max(reminders.after)}).",
        )
    return reminders


def _rising(node: Node) -> tuple[int, ...]:
    days = tuple(_whole(one, 1, LONGEST_WAIT) for one in node.each())
    for place, one in enumerate(node.each()):
        if place and days[place] <= days[place - 1]:
            one.fail("前の催促より後の日にしてください。", "each reminder comes after the one before.")
    return days


def _supervisor(node: Node) -> int | None:
    return None if node.value == "no" else _whole(node, 1, LONGEST_WAIT)


def _whole(node: Node, least: int, most: int) -> int:
    value = int(node.text()) if _NUMBER.fullmatch(node.text()) else -1
    if not least <= value <= most:
        node.fail(f"ここには{least}～{most}の整数を書いてください。", f"a whole number, {least} to {most}, is wanted.")
    return value


def _zone(node: Node) -> str:
    try:
        return ZoneInfo(node.text()).key
    except (ValueError, KeyError, OSError):  # the last one: the name of a folder of zones
        node.fail(
            f"「{node.value}」という時間帯はありません（例: Asia/Tokyo）。", f"there is no time zone '{node.value}'."
        )


def _time(node: Node) -> str:
    if not _TIME.fullmatch(node.text()):
        node.fail("時刻は 09:00 の形で書いてください。", "a time is written like 09:00.")
    return node.text()


def _day(node: Node) -> str:
    day = node.text()
    try:
        date.fromisoformat(day if len(day) > 5 else _LEAP_YEAR + day)
    except ValueError:
        day = ""
    if not _DAY.fullmatch(day):
        node.fail("休みの日は 12-29 か 2026-12-29 の形で書いてください。", "a closing day is 12-29 or 2026-12-29.")
    return day
