"""What an event does to an enrolment: one pure function for each. Times are seconds since 1970."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.course import REVISED, Course
from bot.enrolment import Change, Enrolment, Entry, Learner, Message, MessageKind
from bot.onboarding.schedule import WorkingCalendar, lesson_due, reminder_due, supervisor_due

CAREFUL: frozenset[MessageKind] = frozenset({"lesson"})
"""Sent again only when it is known that the try before did not arrive; a reminder too many does no harm."""


def planned(course: Course, learner: Learner, enrolment: Enrolment, now: float) -> Change:
    """What is due now: the present lesson, a reminder, a word to the supervisor; outside office hours later."""
    calendar = WorkingCalendar(course.calendar)
    begins = calendar.open_from(now)
    if begins > now:
        return Change(enrolment, replace(enrolment, due=begins))
    kept = _without_lost(course, enrolment)
    until = calendar.closing(calendar.day(now))
    if not kept.announced and kept.lesson is not None:
        after = _waiting(course, replace(kept, announced=True, since=now, reminders=0))
        return Change(enrolment, after, messages=(_message(kept, "lesson", 0, (now, until)),))
    if not kept.announced:  # all that was left has gone from the course
        return Change(enrolment, _waiting(course, replace(kept, announced=True, since=now, reminders=0)))
    if kept.reminders < len(course.reminders.after):
        number = kept.reminders + 1
        after = _waiting(course, replace(kept, reminders=number))
        return Change(enrolment, after, messages=(_message(kept, "reminder", number, (now, until)),))
    told = (_message(kept, "supervisor", 0, (now, until)),) if learner.supervisor else ()
    return Change(enrolment, replace(kept, due=None), messages=told)


def opened(course: Course, enrolment: Enrolment, lesson: str, now: float, edition: str) -> Change:
    """A lesson was opened by a press; `edition` is what was shown.

    The changed clauses of a revision have no question: opened is finished.
    """
    after = _awake(course, enrolment, now)
    if lesson == enrolment.lesson:
        if not enrolment.announced:  # before its time, by the person's own wish
            after = _waiting(course, replace(after, announced=True, since=now, reminders=0))
        if lesson == REVISED:
            after = _finished(course, after, now)
    entry = Entry("opened", now, lesson, edition=edition)
    return Change(enrolment, after, (entry,), cancel=after.position != enrolment.position)


def answered(course: Course, enrolment: Enrolment, chosen: tuple[str, int], now: float, edition: str) -> Change:
    """A lesson's option was chosen, counted from 1, beside this edition.

    The right one of the present lesson finishes it.
    """
    lesson, option = chosen
    found = course.lesson(lesson)
    right = found is not None and found.options[option - 1].right
    after = _awake(course, enrolment, now)
    if right and lesson == enrolment.lesson:
        after = _finished(course, after, now)
    detail = f"{option}:{'right' if right else 'wrong'}"
    entry = Entry("answered", now, lesson, detail, edition)
    return Change(enrolment, after, (entry,), cancel=after.position != enrolment.position)


def acknowledged(enrolment: Enrolment, now: float) -> Change:
    """「ガイドラインを読み、理解しました」: this round is done."""
    entry = Entry("acknowledged", now, edition=enrolment.edition)
    return Change(enrolment, replace(enrolment, state="done", due=None), (entry,), cancel=True)


def paused(enrolment: Enrolment, now: float) -> Change:
    """Nothing is sent until the person goes on."""
    return Change(enrolment, replace(enrolment, state="paused", due=None), (Entry("paused", now),), cancel=True)


def left(enrolment: Enrolment, now: float) -> Change:
    """The person has ended the course."""
    return Change(enrolment, replace(enrolment, state="left", due=None), (Entry("left", now),), cancel=True)


def resumed(course: Course, enrolment: Enrolment, now: float) -> Change:
    """On with the present step: it counts as announced anew."""
    after = _waiting(course, replace(enrolment, state="active", announced=True, since=now, reminders=0))
    return Change(enrolment, after, (Entry("resumed", now),))


def returned(course: Course, enrolment: Enrolment, now: float) -> Change:
    """Who had gone is there again: on with what has been announced, else as it was planned."""
    if enrolment.announced:
        return resumed(course, enrolment, now)
    planned_for = lesson_due(course, enrolment.starts, enrolment.position)
    due = max(planned_for, WorkingCalendar(course.calendar).open_from(now))
    return Change(enrolment, replace(enrolment, state="active", due=due), (Entry("resumed", now),))


def arrived_late(course: Course, enrolment: Enrolment, now: float) -> Change:
    """The present lesson came only now, long after it was planned: reminders count from here."""
    return Change(enrolment, _waiting(course, replace(enrolment, since=now, reminders=0)))


def passed_over(course: Course, enrolment: Enrolment, now: float) -> Change | None:
    """Lessons that the course has no more are left out, for somebody who is here; None where all are there."""
    kept = _without_lost(course, enrolment)
    if kept == enrolment:
        return None
    return Change(enrolment, _waiting(course, replace(kept, announced=True, since=now, reminders=0)), cancel=True)


def reminded(enrolment: Enrolment, calendar: WorkingCalendar, now: float) -> Change | None:
    """An administrator's wish: remind now, or as the offices open; once a day. None where nothing is waited for."""
    if enrolment.state != "active" or not enrolment.announced:
        return None
    begins = calendar.open_from(now)
    day = calendar.day(begins)
    message = _message(enrolment, "reminder", 0, (begins, calendar.closing(day)))
    return Change(enrolment, enrolment, messages=(replace(message, key=f"{message.key}:{day.isoformat()}"),))


def renewed(course: Course, enrolment: Enrolment, lessons: tuple[str, ...], edition: str, now: float) -> Change:
    """The guideline was revised: what it touches is asked again, from the next working day on.

    Whoever has acknowledged begins another round; whoever is still on the way gets it behind what is left.
    """
    entry = Entry("renewed", now, edition=edition)
    if enrolment.state == "done":
        starts = WorkingCalendar(course.calendar).day(now) + timedelta(1)
        after = replace(
            enrolment,
            starts=starts.isoformat(),
            lessons=lessons,
            edition=edition,
            round=enrolment.round + 1,
            position=0,
            announced=False,
            reminders=0,
            state="active",
            due=lesson_due(course, starts.isoformat(), 0),
        )
        return Change(enrolment, after, (entry,))
    ahead = enrolment.lessons[enrolment.position :]
    behind = enrolment.lessons[: enrolment.position]
    again = tuple(one for one in lessons if one not in ahead)
    # The ids finished so far stay in front, so that `position` and the bar stay true.
    after = replace(enrolment, lessons=(*behind, *ahead, *again), edition=edition)
    if enrolment.lesson is None and again:
        after = replace(after, announced=False, reminders=0, due=lesson_due(course, after.starts, after.position, now))
    return Change(enrolment, after, (entry,))


def _without_lost(course: Course, enrolment: Enrolment) -> Enrolment:
    """Lessons that a new course has no more are passed over."""
    lessons = enrolment.lessons
    kept = [one for one in lessons[enrolment.position :] if one == REVISED or course.lesson(one)]
    return replace(enrolment, lessons=(*lessons[: enrolment.position], *kept))


def _awake(course: Course, enrolment: Enrolment, now: float) -> Enrolment:
    """Whoever goes on by himself has ended his pause."""
    if enrolment.state != "paused":
        return enrolment
    awake = replace(enrolment, state="active", reminders=0)
    if awake.announced:
        return _waiting(course, replace(awake, since=now))
    return replace(awake, due=WorkingCalendar(course.calendar).open_from(now))


def _finished(course: Course, enrolment: Enrolment, now: float) -> Enrolment:
    after = _without_lost(course, replace(enrolment, position=enrolment.position + 1, reminders=0))
    if after.lesson is None:  # the acknowledgement is shown at once
        return _waiting(course, replace(after, announced=True, since=now))
    return replace(after, announced=False, due=lesson_due(course, after.starts, after.position, now))


def _waiting(course: Course, enrolment: Enrolment) -> Enrolment:
    """Announced and unanswered: until the next reminder, then until the supervisor is told."""
    due = reminder_due(course, enrolment.since, enrolment.reminders)
    return replace(enrolment, due=supervisor_due(course, enrolment.since) if due is None else due)


def _message(enrolment: Enrolment, kind: MessageKind, number: int, window: tuple[float, float]) -> Message:
    lesson = enrolment.lesson or ""
    # The position, too: after a revision the same lesson may come a second time in a round.
    step = f"round:{enrolment.round}:step:{enrolment.position}:{lesson or 'acknowledgement'}"
    key = f"enrolment:{enrolment.id}:{step}:{kind}:{number}"
    if kind != "lesson":  # after a pause it is waited for, and reminded of, anew
        key += f":{int(enrolment.since)}"
    return Message(key, kind, lesson, number, *window, careful=kind in CAREFUL)
