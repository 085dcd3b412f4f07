"""Starting, stopping, losing the database: no message is lost, none sent twice, nobody waits for another platform."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from adapters import dispatcher as loops
from adapters import sender as module
from adapters.dispatcher import Dispatcher
from adapters.intake import DeliveryError
from adapters.sender import IN_FLIGHT
from bot.store.database import open_store
from bot.store.outbox import LEASE
from bot.testing import FakeClock
from tests.unit.adapters.dispatching import Courses, Desk, Line, Scene, play, until, working
from tests.unit.store.courses import enrolment_of, events, person

Run = Callable[[Scene], Desk]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    for name in ("POLL", "LONGEST_PAUSE", "HELD_SECONDS"):
        monkeypatch.setattr(module, name, 0.02)
    monkeypatch.setattr(loops, "POLL", 0.02)
    monkeypatch.setattr(loops, "LONGEST_PAUSE", 0.02)
    return lambda scene: play(scene, tmp_path)


def broken(*_given: object) -> None:
    raise OperationalError("SELECT 1", {}, OSError("gone"))


async def killed(dispatcher: Dispatcher, when: Callable[[], bool]) -> None:
    """Let the dispatcher run until then, and end it as a process ends."""
    task = asyncio.create_task(dispatcher.run())
    await until(when)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def test_stopping_lets_what_is_in_hand_finish_and_leaves_the_rest_for_the_next_start(run: Run) -> None:
    async def scene(desk: Desk) -> None:
        desk.line.free.clear()
        desk.enrol(*(person(f"{number:02}") for number in range(IN_FLIGHT + 6)))
        dispatcher = desk.dispatcher()
        task = asyncio.create_task(dispatcher.run())
        await until(lambda: desk.line.in_hand == IN_FLIGHT)
        dispatcher.stop()
        await asyncio.sleep(0.05)
        assert not task.done()
        desk.line.free.set()
        async with asyncio.timeout(30):
            await task
        assert len(desk.line.sent) == IN_FLIGHT
        async with working(desk.dispatcher()):
            await until(lambda: desk.store.outbox.counts() == {"sent": IN_FLIGHT + 6})
        assert len(set(desk.line.users)) == len(desk.line.users) == IN_FLIGHT + 6

    run(scene)


def test_a_message_that_was_under_way_at_the_end_is_looked_up_before_it_is_sent_again(run: Run) -> None:
    async def scene(desk: Desk) -> None:
        desk.line.free.clear()
        desk.enrol(person())
        await killed(desk.dispatcher(), lambda: desk.line.in_hand == 1)
        desk.line.free.set()
        async with working(desk.dispatcher()) as dispatcher:
            await asyncio.sleep(0.1)
            assert desk.line.tried == ["U-a"]  # not before its lease has ended
            await desk.pass_time(LEASE + 1, dispatcher)
            await desk.reach("sent")
        assert len(desk.line.since) == 1

    run(scene)


def test_a_message_that_was_not_begun_at_the_end_is_given_back_at_once(run: Run) -> None:
    async def scene(desk: Desk) -> None:
        line = desk.line
        slow = asyncio.Event()

        async def resolve(_tenant: str, _mail: str) -> str:
            slow.set()
            await asyncio.sleep(60)
            return "U-h"

        learner = replace(person("h")[0], user=None, mail="h@example.lg.jp")
        desk.enrol((learner, enrolment_of(learner)))
        line.resolve = resolve  # type: ignore[method-assign]
        await killed(desk.dispatcher(), slow.is_set)
        assert desk.states() == ["ready"]
        assert desk.store.outbox.claim(("slack",), 1)[0].attempt == 1

    run(scene)


def test_a_message_that_was_taken_while_the_end_came_is_given_back(run: Run) -> None:
    async def scene(desk: Desk) -> None:
        desk.enrol(person())
        desk.courses.plan()
        claim, begun = desk.store.outbox.claim, asyncio.Event()
        loop = asyncio.get_running_loop()

        def slowly(*given: object) -> object:
            loop.call_soon_threadsafe(begun.set)
            found = claim(*given)  # type: ignore[arg-type]
            import time

            time.sleep(0.2)
            return found

        desk.store.outbox.claim = slowly  # type: ignore[method-assign,assignment]
        await killed(desk.dispatcher(), begun.is_set)
        assert desk.states() == ["ready"]

    run(scene)


def test_a_stop_before_the_start_is_a_stop(run: Run) -> None:
    async def scene(desk: Desk) -> None:
        desk.enrol(person())
        dispatcher = desk.dispatcher()
        dispatcher.stop()
        async with asyncio.timeout(30):
            await dispatcher.run()
        assert desk.line.tried == []

    run(scene)


@pytest.mark.parametrize("away", ["claim", "troubles"])
def test_a_database_that_goes_away_is_waited_for(run: Run, away: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene(desk: Desk) -> None:
        async with working(desk.dispatcher()):
            with monkeypatch.context() as patch:
                patch.setattr(desk.store.outbox, away, broken)
                patch.setattr(desk.courses, "plan", broken)
                patch.setattr(desk.courses, "renew", broken)
                desk.enrol(person())
                await asyncio.sleep(0.2)
                assert desk.line.tried == []
            await desk.reach("sent")

    run(scene)


def test_a_database_that_is_away_when_a_message_has_been_sent_hears_of_it_later(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene(desk: Desk) -> None:
        sent, failures = desk.store.outbox.sent, [1, 2]

        def twice_away(*given: object) -> object:
            if failures:
                failures.pop()
                broken()
            return sent(*given)  # type: ignore[arg-type]

        monkeypatch.setattr(desk.store.outbox, "sent", twice_away)
        desk.enrol(person())
        async with working(desk.dispatcher()):
            await desk.reach("sent")
        assert desk.line.users == ["U-a"]
        assert events(desk.store) == ["enrolled", "sent"]

    run(scene)


def test_a_platform_that_is_away_keeps_no_other_waiting(run: Run) -> None:
    async def scene(desk: Desk) -> None:
        hanging, other = desk.line, Line()
        hanging.free.clear()
        there = [replace(person(f"t{number}")[0], platform="teams") for number in range(20)]
        desk.enrol(*(person(f"s{number}") for number in range(20)), *((one, enrolment_of(one)) for one in there))
        async with working(desk.dispatcher(slack=hanging, teams=other)):
            await until(lambda: len(other.sent) == 20)
            assert (hanging.sent, hanging.in_hand) == ([], IN_FLIGHT)
            hanging.free.set()
            await until(lambda: len(hanging.sent) == 20)

    run(scene)


def test_while_the_platform_refuses_everything_nothing_more_is_tried(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HELD_SECONDS", 60.0)

    async def scene(desk: Desk) -> None:
        refused = DeliveryError("token_revoked", concerns="platform")
        desk.line.mishaps = [refused for _ in range(100)]
        desk.enrol(*(person(f"{number:02}") for number in range(40)))
        async with working(desk.dispatcher()):
            await until(lambda: len(desk.line.tried) >= 1)
            await asyncio.sleep(0.2)
            assert len(desk.line.tried) <= IN_FLIGHT
            assert set(desk.states()) == {"ready"}

    run(scene)


def test_a_try_that_takes_too_long_is_cut_off_and_looked_up(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TRY_SECONDS", 0.1)

    async def scene(desk: Desk) -> None:
        desk.line.free.clear()
        desk.enrol(person())
        async with working(desk.dispatcher()) as dispatcher:
            await desk.reach("sending timeout")
            desk.line.free.set()
            await desk.pass_time(LEASE + 1, dispatcher)
            await desk.reach("sent")
        assert len(desk.line.since) == 1

    run(scene)


def test_two_processes_on_one_database_plan_and_send_each_message_once(
    postgres_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "POLL", 0.02)
    monkeypatch.setattr(loops, "POLL", 0.02)
    people, clock, line = [person(f"{number:03}") for number in range(300)], FakeClock(), Line()

    async def main() -> None:
        stores = [open_store(postgres_database, clock) for _ in range(2)]
        first, second = (Desk(store, clock, Courses(store, clock), line) for store in stores)
        first.enrol(*people)
        async with working(first.dispatcher()), working(second.dispatcher()):
            await until(lambda: first.store.outbox.counts() == {"sent": len(people)})
        assert events(first.store).count("sent") == len(people)
        for store in stores:
            store.close()

    asyncio.run(main())
    assert sorted(line.users) == sorted(str(learner.user) for learner, _ in people)


def test_no_chore_that_fails_keeps_another_from_its_turn(
    run: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []

    async def scene(desk: Desk) -> None:
        monkeypatch.setattr(desk.courses, "renew", broken)
        async with working(Dispatcher(desk.courses, [broken, lambda: done.append("last")])):
            await until(lambda: done == ["last"])

    run(scene)
    assert caplog.text.count("cannot look after the courses: OperationalError") == 2


def test_revised_guidelines_are_looked_for(run: Run) -> None:
    async def scene(desk: Desk) -> None:
        async with working(desk.dispatcher()):
            await until(lambda: desk.courses.renewed == 1)

    run(scene)
