"""No window is ever passed, whoever waits longest within a lane goes first, answers before everything planned."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from itertools import groupby
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.pacing import ANSWER_SECONDS, BULK_SECONDS, HeldError, Limits, Pacer, Window
from tests.unit.adapters.hurried import hurried

TEAMS = Limits(conversation=((7, 1.0), (8, 2.0), (60, 30.0)), tenant=((30, 1.0),), bulk=((15, 1.0),))
SLACK = Limits(conversation=((1, 1.0),), bulk=((1, 1.0),))


@dataclass
class Platform:
    """Takes calls, each at some moment between its beginning and its end; `taken` has the moments."""

    pacer: Pacer
    lasts: float = 0.0
    chance: Random = field(default_factory=lambda: Random(7))  # noqa: S311  # moments, no secret
    taken: list[tuple[float, str, bool]] = field(default_factory=list)
    refused: int = 0

    async def call(self, conversation: str = "c", *, bulk: bool = False, tenant: str = "t") -> None:
        try:
            async with self.pacer.turn(tenant, conversation, bulk=bulk):
                before = self.chance.random() * self.lasts
                await asyncio.sleep(before)
                self.taken.append((now(), conversation, bulk))
                await asyncio.sleep(self.lasts - before)
        except HeldError:
            self.refused += 1

    @property
    def order(self) -> list[str]:
        return [conversation for _, conversation, _ in self.taken]


def now() -> float:
    return asyncio.get_running_loop().time()


def most_in_a_window(moments: list[float], window: Window) -> int:
    seconds = window[1]
    return max((sum(start <= one < start + seconds for one in moments) for start in moments), default=0)


def passed(moments: list[float], windows: tuple[Window, ...]) -> list[Window]:
    """The windows in which more was taken than is allowed."""
    return [window for window in windows if most_in_a_window(moments, window) > window[0]]


@given(st.integers(0, 10_000), st.sampled_from([TEAMS, SLACK]), st.sampled_from([0.0, 0.1, 0.9, 2.5]))
def test_no_window_is_passed_at_the_platform_however_long_a_call_is_under_way(
    seed: int, limits: Limits, lasts: float
) -> None:
    chance = Random(seed)  # noqa: S311  # a course of events, no secret

    async def scene() -> Platform:
        platform = Platform(Pacer(limits), lasts, chance)

        async def caller() -> None:
            for _ in range(8):
                await platform.call(f"c{chance.randrange(4)}", bulk=chance.random() < 0.5)
                await asyncio.sleep(chance.choice((0.0, 0.0, 0.01, 0.7)))

        await asyncio.gather(*(caller() for _ in range(10)))
        assert len(platform.taken) + platform.refused == 80
        return platform

    taken = sorted(hurried(scene()).taken)
    assert passed([at for at, _, _ in taken], limits.tenant) == []
    assert passed([at for at, _, bulk in taken if bulk], limits.bulk) == []
    for _, calls in groupby(sorted(taken, key=lambda one: one[1]), key=lambda one: one[1]):
        assert passed([at for at, _, _ in calls], limits.conversation) == []


def test_an_answer_goes_before_everything_planned_that_waits_for_the_tenant() -> None:
    async def scene() -> list[str]:
        platform = Platform(Pacer(Limits(tenant=((1, 1.0),))))
        planned = [asyncio.create_task(platform.call(f"planned {number}", bulk=True)) for number in range(5)]
        await asyncio.sleep(0.5)
        await platform.call("answer")
        await asyncio.gather(*planned)
        return platform.order

    assert hurried(scene()) == ["planned 0", "answer", "planned 1", "planned 2", "planned 3", "planned 4"]


def test_an_answer_never_waits_for_the_share_of_what_is_planned() -> None:
    async def scene() -> list[str]:
        platform = Platform(Pacer(Limits(tenant=((4, 60.0),), bulk=((2, 60.0),))))
        planned = [asyncio.create_task(platform.call(f"planned {number}", bulk=True)) for number in range(3)]
        await asyncio.sleep(0.1)
        before = now()
        await platform.call("answer 1")
        await platform.call("answer 2")
        assert now() == before
        for task in planned:
            task.cancel()
        return platform.order

    assert hurried(scene()) == ["planned 0", "planned 1", "answer 1", "answer 2"]


def test_a_conversation_that_must_wait_keeps_no_other_waiting() -> None:
    async def scene() -> list[str]:
        platform = Platform(Pacer(SLACK))
        calls = [platform.call("busy"), platform.call("busy"), platform.call("quiet")]
        await asyncio.gather(*calls)
        return platform.order

    assert hurried(scene()) == ["busy", "quiet", "busy"]


def test_whoever_came_first_in_a_conversation_goes_first() -> None:
    async def scene() -> list[str]:
        platform, order = Platform(Pacer(SLACK)), []

        async def numbered(number: int) -> None:
            await platform.call("c")
            order.append(str(number))

        await asyncio.gather(*(numbered(number) for number in range(4)))
        return order

    assert hurried(scene()) == ["0", "1", "2", "3"]


def test_after_a_pause_was_asked_for_nothing_of_the_tenant_is_called_until_it_is_over() -> None:
    async def scene() -> None:
        platform = Platform(Pacer(Limits()))
        platform.pacer.hold("t", 3.0)
        platform.pacer.hold("t", 1.0)  # a shorter one does not end a longer one
        until = now() + 3.0
        await asyncio.gather(platform.call("a"), platform.call("b", bulk=True), platform.call("c", tenant="other"))
        assert [conversation for at, conversation, _ in platform.taken if at < until] == ["c"]
        assert sorted(platform.order) == ["a", "b", "c"]

    hurried(scene())


@pytest.mark.parametrize(("bulk", "patience"), [(False, ANSWER_SECONDS), (True, BULK_SECONDS)])
def test_who_would_wait_too_long_is_told_at_once_how_long(bulk: bool, patience: float) -> None:  # noqa: FBT001
    async def scene() -> None:
        pacer, before = Pacer(Limits()), now()
        pacer.hold("t", patience + 30.0)
        with pytest.raises(HeldError) as held:
            async with pacer.turn("t", "c", bulk=bulk):
                pytest.fail("it was called")
        assert held.value.seconds == pytest.approx(patience + 30.0)
        assert now() == before

    hurried(scene())


def test_who_has_waited_too_long_for_others_is_told_and_takes_no_place() -> None:
    async def scene() -> None:
        pacer = Pacer(Limits(conversation=((1, 20.0),)))
        async with pacer.turn("t", "c"):
            pass
        with pytest.raises(HeldError) as held:
            async with pacer.turn("t", "c"):
                pytest.fail("it was called")
        assert held.value.seconds == pytest.approx(20.0 - ANSWER_SECONDS)
        await asyncio.sleep(held.value.seconds)
        before = now()
        async with pacer.turn("t", "c"):
            assert now() == before

    hurried(scene())


def test_a_call_that_is_given_up_while_it_waits_leaves_its_place_to_the_next() -> None:
    async def scene() -> list[str]:
        platform = Platform(Pacer(SLACK))
        await platform.call()
        given_up = asyncio.create_task(platform.call())
        await asyncio.sleep(0)
        given_up.cancel()
        await asyncio.gather(given_up, return_exceptions=True)
        await asyncio.sleep(1.0)
        before = now()
        await platform.call()
        assert now() == before
        return platform.order

    assert hurried(scene()) == ["c", "c"]


def test_a_call_that_fails_counts_like_any_other() -> None:
    async def scene() -> None:
        pacer, before = Pacer(SLACK), now()
        with pytest.raises(ValueError, match="broken"):
            async with pacer.turn("t", "c"):
                raise ValueError("broken")
        async with pacer.turn("t", "c"):
            assert now() >= before + 1.0

    hurried(scene())


def test_halting_sends_away_what_is_planned_and_lets_answers_go_on() -> None:
    async def scene() -> list[str]:
        platform = Platform(Pacer(Limits(tenant=((1, 1.0),))))
        await platform.call("first")
        waiting = asyncio.gather(platform.call("planned", bulk=True), platform.call("answer"))
        await asyncio.sleep(0)
        platform.pacer.halt()
        await waiting
        await platform.call("planned later", bulk=True)
        assert platform.refused == 2
        return platform.order

    assert hurried(scene()) == ["first", "answer"]


def test_conversations_that_are_quiet_are_forgotten() -> None:
    async def scene() -> None:
        platform = Platform(Pacer(SLACK))
        await asyncio.gather(*(platform.call(f"c{number}") for number in range(500)))
        assert len(platform.pacer._meters) > 500
        await asyncio.sleep(120.0)
        await platform.call("another")
        assert len(platform.pacer._meters) <= 2

    hurried(scene())
