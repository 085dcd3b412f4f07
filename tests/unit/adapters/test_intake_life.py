"""Starting, stopping, losing the database: what was accepted is answered all the same."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from adapters import intake as module
from adapters.intake import Intake
from bot.commands import Question, Request, Sender
from bot.directory import Workspace
from bot.limits import RateLimiter
from bot.outcome import Outcome
from bot.service import Service
from bot.testing import FakeClock, Office, office

START = 1_800_000_000.0


def asked(key: str, text: str = "写真を載せてもいいですか", at: float = START) -> Request:
    return Request(key, Sender("slack", "T1", "U1", "C1", "thread"), Question(text), "there", at)


class Lines:
    """A platform whose line can be held; keeps what arrived."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.sent: list[tuple[str, Outcome]] = []
        self.free = asyncio.Event()
        self.free.set()

    async def send(self, request: Request, outcome: Outcome) -> None:
        self.begun.append(request.key)
        await self.free.wait()
        self.sent.append((request.key, outcome))

    @property
    def keys(self) -> list[str]:
        return [key for key, _ in self.sent]


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not true():  # noqa: ASYNC110  # what is waited for has no event of its own
            await asyncio.sleep(0.005)


@pytest.fixture
def opened(service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], tuple[Office, Lines]]:
    monkeypatch.setattr(module, "POLL", 0.02)

    def make() -> tuple[Office, Lines]:
        at, lines = office(service, tmp_path, [Workspace("slack", "T1", "asahikawa")], FakeClock(START)), Lines()
        at.intake.register("slack", lines.send)
        return at, lines

    return make


Make = Callable[[], tuple[Office, Lines]]


def test_stopping_lets_the_one_in_hand_finish_and_leaves_the_rest_for_the_next_start(opened: Make) -> None:
    async def main() -> None:
        at, lines = opened()
        lines.free.clear()
        for number in range(14):
            await at.intake.accept(asked(f"k{number:02}"))
        task = asyncio.create_task(at.intake.run())
        await until(lambda: len(lines.begun) == 8)
        at.intake.stop()
        await asyncio.sleep(0.05)
        assert not task.done()
        lines.free.set()
        async with asyncio.timeout(30):
            await task
        assert sorted(lines.keys) == [f"k{number:02}" for number in range(8)]
        at.store.close()

        after, more = opened()
        task = asyncio.create_task(after.intake.run())
        await until(lambda: len(more.sent) == 6)
        after.intake.stop()
        await task
        assert sorted(lines.keys + more.keys) == [f"k{number:02}" for number in range(14)]
        assert after.store.inbox.waiting() == 0
        after.store.close()

    asyncio.run(main())


def test_cancelling_gives_back_what_is_in_hand(opened: Make) -> None:
    async def main() -> None:
        at, lines = opened()
        lines.free.clear()
        await at.intake.accept(asked("k1"))
        task = asyncio.create_task(at.intake.run())
        await until(lambda: lines.begun == ["k1"])
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        claimed = at.store.inbox.claim(("slack",))
        assert claimed is not None
        assert (claimed.request.key, claimed.attempt) == ("k1", 1)
        at.store.close()

    asyncio.run(main())


def test_a_stop_before_the_start_is_a_stop(opened: Make) -> None:
    async def main() -> None:
        at, lines = opened()
        await at.intake.accept(asked("k1"))
        at.intake.stop()
        async with asyncio.timeout(30):
            await at.intake.run()
        assert (lines.begun, at.store.inbox.waiting()) == ([], 1)
        at.store.close()

    asyncio.run(main())


def test_two_questions_of_one_thread_are_read_in_their_order(opened: Make) -> None:
    async def main() -> None:
        at, lines = opened()
        await at.intake.accept(asked("k1", "なりすましを見つけたら？", START))
        await at.intake.accept(asked("k2", "報道機関には？", START + 0.001))
        task = asyncio.create_task(at.intake.run())
        await until(lambda: len(lines.sent) == 2)
        at.intake.stop()
        await task
        second = dict(lines.sent)["k2"].card.answer
        logged = at.store.records.answer("T1", second or "")
        assert logged is not None
        assert logged.locators[0] == "asahikawa/7(2)イ"
        at.store.close()

    asyncio.run(main())


def test_a_request_that_ends_the_process_each_time_is_given_up_at_last(
    opened: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_CLAIMS", 3)

    async def main() -> None:
        at, lines = opened()
        await at.intake.accept(asked("k1"))
        at.store.close()
        for _ in range(module.MOST_CLAIMS):
            at, lines = opened()
            assert at.store.inbox.claim(("slack",)) is not None
            at.store.close()
        at, lines = opened()
        at.desk.handle = lambda _request: pytest.fail("tried again")  # type: ignore[method-assign]
        task = asyncio.create_task(at.intake.run())
        await until(lambda: at.store.inbox.waiting() == 0)
        at.intake.stop()
        await task
        assert lines.sent == [("k1", Outcome(at.desk.trouble()))]
        at.store.close()

    asyncio.run(main())


class Flaky:
    """A real inbox behind a line that is cut for a while."""

    def __init__(self, at: Office) -> None:
        self._inbox = at.store.inbox
        self.failures = {"claim": 0, "finish": 0}

    def __getattr__(self, name: str) -> object:
        def call(*arguments: object) -> object:
            if self.failures.get(name, 0) > 0:
                self.failures[name] -= 1
                raise ConnectionError("the row was: 秘密の質問")
            return getattr(self._inbox, name)(*arguments)

        return call


def test_a_database_that_is_away_for_a_while_costs_time_and_no_answer(
    opened: Make, caplog: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        at, lines = opened()
        flaky = Flaky(at)
        flaky.failures = {"claim": 3, "finish": 2}
        intake = Intake(at.desk, flaky, RateLimiter(at.desk.clock))  # type: ignore[arg-type]  # it answers by name
        intake.register("slack", lines.send)
        task = asyncio.create_task(intake.run())
        await intake.accept(asked("k1"))
        await until(lambda: at.store.inbox.waiting() == 0)
        intake.stop()
        await task
        assert lines.keys == ["k1"]
        at.store.close()

    asyncio.run(main())
    assert "ConnectionError" in caplog.text
    assert "秘密" not in caplog.text


def test_what_cannot_be_stored_is_not_acknowledged(opened: Make) -> None:
    async def main() -> None:
        at, _ = opened()
        at.store.close()
        with pytest.raises(RuntimeError):
            await at.intake.accept(asked("k1"))

    asyncio.run(main())


def test_a_platform_that_hangs_does_not_hold_up_the_others(opened: Make) -> None:
    async def main() -> None:
        at, lines = opened()
        other = Lines()
        at.intake.register("web", other.send)
        lines.free.clear()
        for number in range(12):
            await at.intake.accept(asked(f"k{number}"))
        page = Sender("web", "web", "v", "asahikawa", "visit")
        await at.intake.accept(Request("w1", page, Question("写真は？"), "there", START))
        task = asyncio.create_task(at.intake.run())
        await until(lambda: other.keys == ["w1"])
        assert lines.keys == []
        lines.free.set()
        at.intake.stop()
        await task
        at.store.close()

    asyncio.run(main())
