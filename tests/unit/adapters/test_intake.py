"""Accept, answer, send: over a real store and the real guidelines; only the platform is played."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from adapters import intake as module
from adapters.intake import PATIENCE, DeliveryError, Intake
from bot.blocks import Text
from bot.commands import Question, Request, Sender, ShowContacts
from bot.directory import Workspace
from bot.limits import PER_MINUTE
from bot.outcome import Outcome
from bot.service import Service
from bot.testing import FakeClock, Office, office

CANARY = "カナリアさんの電話は090-1111-2222"
QUESTION = "写真を載せてもいいですか"
WORKSPACES = (Workspace("slack", "T1", "asahikawa"), Workspace("slack", "T2", "chikugo"))


def asked(key: str, text: str = QUESTION, tenant: str = "T1", user: str = "U1") -> Request:
    return Request(
        key, Sender("slack", tenant, user, "C1", f"thread of {user}"), Question(text), "there", 1_800_000_000.0
    )


@dataclass
class Platform:
    """A platform that keeps what it is sent, after the mishaps it was told to have."""

    mishaps: list[Exception] = field(default_factory=list)
    sent: list[tuple[str, Outcome]] = field(default_factory=list)
    tried: list[float] = field(default_factory=list)
    clock: FakeClock = field(default_factory=FakeClock)
    slow: float = 0.0

    async def send(self, request: Request, outcome: Outcome) -> None:
        self.tried.append(self.clock.now())
        await asyncio.sleep(self.slow)
        if self.mishaps:
            raise self.mishaps.pop(0)
        self.sent.append((request.key, outcome))

    @property
    def keys(self) -> list[str]:
        return [key for key, _ in self.sent]


Play = Callable[[Office, Platform], Awaitable[None]]
Run = Callable[[Play], Platform]


@pytest.fixture
def run(service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Plays a scene in an office whose clock stands still; the scene ends the workers, or they are stopped."""
    monkeypatch.setattr(module, "POLL", 0.02)

    def play(scene: Play) -> Platform:
        platform = Platform()

        async def main() -> None:
            opened = office(service, tmp_path, WORKSPACES, platform.clock)
            opened.intake.register("slack", platform.send)
            try:
                await scene(opened, platform)
            finally:
                opened.store.close()

        asyncio.run(main())
        return platform

    return play


async def until(true: Callable[[], bool], seconds: float = 30.0) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110  # what is waited for has no event of its own
            await asyncio.sleep(0.005)


class working:  # noqa: N801  # reads as a phrase: async with working(intake)
    """The workers run inside the block and are stopped at its end."""

    def __init__(self, intake: Intake) -> None:
        self.intake = intake

    async def __aenter__(self) -> None:
        self.task = asyncio.create_task(self.intake.run())

    async def __aexit__(self, *error: object) -> None:
        self.intake.stop()
        async with asyncio.timeout(30):
            await self.task


def test_each_post_is_answered_once_however_often_it_is_delivered(run: Run) -> None:
    async def scene(at: Office, _platform: Platform) -> None:
        posts = [asked(f"k{number % 40}", user=f"U{number % 7}") for number in range(120)]
        Random(3).shuffle(posts)  # noqa: S311  # an order, no secret
        async with working(at.intake):
            accepted = await asyncio.gather(*(at.intake.accept(post) for post in posts))
            await until(lambda: at.store.inbox.waiting() == 0)
        assert (accepted.count("new"), accepted.count("known")) == (40, 80)

    assert sorted(run(scene).keys) == sorted(f"k{number}" for number in range(40))


def test_a_foreign_workspace_is_not_stored_and_not_answered(run: Run, caplog: pytest.LogCaptureFixture) -> None:
    async def scene(at: Office, _platform: Platform) -> None:
        assert await at.intake.accept(asked("k1", CANARY, tenant="T9\nforged line")) == "foreign"
        assert await at.intake.answer(asked("k2", CANARY, tenant="T9")) is None
        assert at.store.inbox.waiting() == 0

    assert run(scene).tried == []
    assert "T9" in caplog.text
    assert "\nforged line" not in caplog.text
    assert "カナリア" not in caplog.text


def test_who_asks_too_fast_is_told_once_and_nothing_of_it_is_stored(run: Run) -> None:
    async def scene(at: Office, platform: Platform) -> None:
        verdicts = [await at.intake.accept(asked(f"k{number}")) for number in range(PER_MINUTE + 5)]
        assert verdicts == ["new"] * PER_MINUTE + ["busy"] * 5
        assert at.store.inbox.waiting() == PER_MINUTE
        assert await at.intake.accept(asked("other", user="U2")) == "new"
        await until(lambda: len(platform.sent) == 1)
        assert platform.sent[0][1] == Outcome(at.desk.busy())

    assert run(scene).keys == [f"k{PER_MINUTE}"]


def test_the_second_delivery_of_a_post_does_not_count_against_the_sender(run: Run) -> None:
    async def scene(at: Office, _platform: Platform) -> None:
        for number in range(PER_MINUTE):
            assert [await at.intake.accept(asked(f"k{number}")) for _ in range(3)] == ["new", "known", "known"]

    run(scene)


def test_nobodys_acknowledgement_waits_for_the_word_about_being_too_fast(run: Run) -> None:
    async def scene(at: Office, platform: Platform) -> None:
        platform.slow = 60.0
        async with asyncio.timeout(30):
            for number in range(PER_MINUTE + 1):
                await at.intake.accept(asked(f"k{number}"))
        await until(lambda: len(platform.tried) == 1)

    run(scene)


def test_a_platform_that_asks_for_time_gets_it(run: Run) -> None:
    async def scene(at: Office, platform: Platform) -> None:
        platform.mishaps = [DeliveryError("rate_limited", 30.0)]
        async with working(at.intake):
            await at.intake.accept(asked("k1"))
            await at.intake.accept(asked("k2"))
            await until(lambda: platform.keys == ["k2"])
            await asyncio.sleep(0.1)
            assert len(platform.tried) == 2
            platform.clock.time += 31
            await until(lambda: platform.keys == ["k2", "k1"])

    run(scene)


def test_what_can_never_be_sent_is_given_up_and_its_text_emptied(run: Run, tmp_path: Path) -> None:
    async def scene(at: Office, platform: Platform) -> None:
        platform.mishaps = [DeliveryError("channel_not_found")]
        async with working(at.intake):
            await at.intake.accept(asked("canary-key"))
            await until(lambda: at.store.inbox.waiting() == 0)
        assert await at.intake.accept(asked("canary-key")) == "known"
        at.store.tidy()

    platform = run(scene)
    assert all(b"canary-key" not in file.read_bytes() for file in tmp_path.iterdir())
    assert (len(platform.tried), platform.sent) == (1, [])


async def lived_through(at: Office, platform: Platform) -> None:
    """Let time pass from try to try until nothing waits any more."""
    while at.store.inbox.waiting():
        tried = len(platform.tried)
        platform.clock.time += 3_700 if tried > 9 else 310
        at.intake._wakes["slack"].set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.1):  # not due yet: more time must pass
                while len(platform.tried) == tried and at.store.inbox.waiting():  # noqa: ASYNC110  # as in `until`
                    await asyncio.sleep(0.002)


def test_a_platform_that_stays_away_is_tried_less_and_less_often_for_a_day(run: Run) -> None:
    async def scene(at: Office, platform: Platform) -> None:
        platform.mishaps = [DeliveryError("unavailable", 5.0) for _ in range(500)]
        async with working(at.intake):
            request = replace(asked("k1"), at=platform.clock.time)
            await at.intake.accept(request)
            await lived_through(at, platform)

    tried = run(scene).tried
    pauses = [after - before for before, after in pairwise(tried)]
    assert PATIENCE <= tried[-1] - tried[0] <= PATIENCE + 8_000
    assert pauses[0] >= 5.0
    assert pauses[-1] >= 300.0


def test_a_platform_that_comes_back_after_hours_still_gets_its_answer(run: Run) -> None:
    async def scene(at: Office, platform: Platform) -> None:
        platform.mishaps = [DeliveryError("unavailable", 5.0) for _ in range(14)]
        async with working(at.intake):
            await at.intake.accept(replace(asked("k1"), at=platform.clock.time))
            await lived_through(at, platform)

    assert run(scene).keys == ["k1"]


def test_a_send_that_hangs_is_cut_off_and_tried_again(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SEND_SECONDS", 0.05)

    async def scene(at: Office, platform: Platform) -> None:
        platform.slow = 60.0
        async with working(at.intake):
            await at.intake.accept(asked("k1"))
            await until(lambda: len(platform.tried) == 1)
            await asyncio.sleep(0.1)
            platform.slow = 0.0
            platform.clock.time += 6
            await until(lambda: platform.keys == ["k1"])

    run(scene)


def test_a_fault_of_ours_ends_no_worker_leaks_no_text_and_is_said_at_last(
    run: Run, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene(at: Office, platform: Platform) -> None:
        handle = at.desk.handle

        def faulty(request: Request) -> Outcome:
            if "カナリア" in getattr(request.command, "text", ""):
                raise RuntimeError(f"cannot serve {request.command}")
            return handle(request)

        monkeypatch.setattr(at.desk, "handle", faulty)
        async with working(at.intake):
            await at.intake.accept(asked("bad", CANARY))
            await at.intake.accept(asked("good"))
            await until(lambda: platform.keys == ["good"])
            while at.store.inbox.waiting():
                platform.clock.time += 60
                await asyncio.sleep(0.02)
        assert platform.sent[-1] == ("bad", Outcome(at.desk.trouble()))
        outcome = await at.intake.answer(asked("now", CANARY))
        assert outcome == Outcome(at.desk.trouble())

    with caplog.at_level(logging.DEBUG):
        run(scene)
    assert "RuntimeError" in caplog.text
    assert "カナリア" not in caplog.text
    assert "090" not in caplog.text


def test_a_fault_of_a_front_ends_no_worker_and_leaks_no_text(run: Run, caplog: pytest.LogCaptureFixture) -> None:
    async def scene(at: Office, platform: Platform) -> None:
        platform.mishaps = [ValueError(CANARY)]
        async with working(at.intake):
            await at.intake.accept(asked("k1"))
            await until(lambda: len(platform.tried) == 1)
            await asyncio.sleep(0.05)
            platform.clock.time += 6
            await until(lambda: platform.keys == ["k1"])

    run(scene)
    assert "ValueError" in caplog.text
    assert "カナリア" not in caplog.text


def test_what_is_answered_at_once_is_not_stored(run: Run) -> None:
    async def scene(at: Office, _platform: Platform) -> None:
        outcome = await at.intake.answer(replace(asked("k1"), command=ShowContacts()))
        assert outcome is not None
        assert outcome.card.blocks
        assert not isinstance(outcome.card.blocks[0], Text)
        assert at.store.inbox.waiting() == 0

    run(scene)
