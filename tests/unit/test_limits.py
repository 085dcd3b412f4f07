"""Nobody floods the bot, and nobody is left without a word about it."""

from __future__ import annotations

from dataclasses import replace

from bot.commands import Sender
from bot.limits import RateLimiter
from bot.testing import FakeClock

CLERK = Sender("slack", "T1", "U1", "C1", "C1/1")


def test_a_person_may_ask_so_many_questions_a_minute() -> None:
    limiter = RateLimiter(FakeClock(), per_minute=3)
    assert [limiter.check(CLERK) for _ in range(3)] == ["ok"] * 3


def test_the_first_question_too_many_is_told_and_those_behind_it_are_dropped() -> None:
    limiter = RateLimiter(FakeClock(), per_minute=1)
    assert [limiter.check(CLERK) for _ in range(4)] == ["ok", "tell", "drop", "drop"]


def test_after_a_minute_it_goes_on() -> None:
    clock = FakeClock()
    limiter = RateLimiter(clock, per_minute=1)
    assert [limiter.check(CLERK), limiter.check(CLERK)] == ["ok", "tell"]
    clock.time += 60
    assert [limiter.check(CLERK), limiter.check(CLERK)] == ["ok", "tell"]


def test_one_persons_flood_is_nobody_elses() -> None:
    limiter = RateLimiter(FakeClock(), per_minute=1)
    for _ in range(5):
        limiter.check(CLERK)
    assert limiter.check(replace(CLERK, user="U2")) == "ok"
    assert limiter.check(replace(CLERK, tenant="T2")) == "ok"
