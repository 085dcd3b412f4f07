"""What becomes of a planned message: over a real store; only planner and platform are played."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from adapters import dispatcher as loops
from adapters import sender as module
from adapters.intake import DeliveryError
from adapters.sender import TRIES
from bot.store.outbox import LEASE
from tests.unit.adapters.dispatching import DAY, Desk, Scene, play, until, working
from tests.unit.store.courses import announced, enrolment_of, events, from_roster, message, person, rows

Run = Callable[[Scene], Desk]

CANARY = "カナリア課長の電話は090-1111-2222"
CUT_OFF = DeliveryError("timeout", 5.0, unsure=True)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    for name in ("POLL", "LONGEST_PAUSE", "HELD_SECONDS"):
        monkeypatch.setattr(module, name, 0.02)
    monkeypatch.setattr(loops, "POLL", 0.02)
    monkeypatch.setattr(loops, "SEEK_SECONDS", 0.05)
    return lambda scene: play(scene, tmp_path)


def test_everybody_due_is_sent_the_lesson_once_and_it_is_on_record(run: Run) -> None:
    async def scene(desk: Desk) -> None:
        people = [person(f"{number:03}") for number in range(450)]
        desk.enrol(*people)
        async with working(desk.dispatcher()):
            await until(lambda: desk.store.outbox.counts().get("sent") == 450)
        assert sorted(desk.line.users) == sorted(str(learner.user) for learner, _ in people)
        assert events(desk.store).count("sent") == 450
        assert desk.line.most <= module.IN_FLIGHT

    run(scene)


def test_what_surely_did_not_arrive_is_tried_again_after_ever_longer_pauses_and_then_given_up(run: Run) -> None:
    pauses: list[float] = []

    async def scene(desk: Desk) -> None:
        desk.line.mishaps = [DeliveryError("http 502", 2.0) for _ in range(9)]
        desk.enrol(person())
        async with working(desk.dispatcher()) as dispatcher:
            for tried in range(1, TRIES):
                pauses.append(await desk.tries(tried))
                await desk.pass_time(pauses[-1], dispatcher)
            await desk.reach("failed http 502")
        assert (len(desk.line.tried), desk.line.sent) == (TRIES, [])

    run(scene)
    assert len(pauses) == TRIES - 1
    assert pauses == sorted(pauses)
    assert 2.0 <= pauses[0] < pauses[-1] <= 3600.0 * 1.25


def test_a_refusal_of_the_message_is_final_and_that_of_the_platform_never_is(run: Run) -> None:
    async def scene(desk: Desk) -> None:
        away = [DeliveryError("ratelimited", 30.0, concerns="platform") for _ in range(3 * TRIES)]
        desk.line.mishaps = [DeliveryError("msg_too_long"), *away]
        desk.enrol(person("a"))
        async with working(desk.dispatcher()) as dispatcher:
            await desk.reach("failed msg_too_long")
            desk.enrol(person("b"))
            while desk.line.users != ["U-b"]:
                await desk.pass_time(1.0, dispatcher)
            await desk.reach("failed msg_too_long", "sent")

    run(scene)


def test_no_message_is_tried_before_the_time_that_the_platform_names(run: Run) -> None:
    async def scene(desk: Desk) -> None:
        desk.line.mishaps = [DeliveryError("ratelimited", 30.0, concerns="platform"), DeliveryError("http 504", 90.0)]
        desk.enrol(person())
        async with working(desk.dispatcher()) as dispatcher:
            assert await desk.tries(1) == 30.0
            await desk.pass_time(29.0, dispatcher)
            assert len(desk.line.tried) == 1
            await desk.pass_time(1.0, dispatcher)
            assert await desk.tries(2) >= 90.0
            await desk.pass_time(89.0, dispatcher)
            assert len(desk.line.tried) == 2
            await desk.pass_time(60.0, dispatcher)
            await desk.reach("sent")

    run(scene)


def test_a_try_whose_end_nobody_knows_is_looked_up_and_never_doubled(run: Run) -> None:
    async def scene(desk: Desk) -> None:
        desk.line.silence = [CUT_OFF]
        desk.enrol(person())
        begun = desk.clock.now()
        async with working(desk.dispatcher()) as dispatcher:
            await desk.reach("sending timeout")
            await desk.pass_time(LEASE + 1, dispatcher)
            await desk.reach("sent")
        assert desk.line.users == ["U-a"]
        assert desk.line.since == [begun]
        assert rows(desk.store, "SELECT sent_id FROM outbox") == [("m1",)]

    run(scene)


def test_what_is_not_found_is_sent_and_a_look_that_fails_is_done_again_from_the_same_time_on(run: Run) -> None:
    async def scene(desk: Desk) -> None:
        desk.line.mishaps = [CUT_OFF]
        desk.line.looks = [DeliveryError("internal_error", 5.0), DeliveryError("unreached", 1.0, concerns="platform")]
        desk.enrol(person())
        begun = desk.clock.now()
        async with working(desk.dispatcher()) as dispatcher:
            for reason in ("timeout", "internal_error", "unreached"):
                await desk.reach(f"sending {reason}")
                assert desk.line.sent == []
                await desk.pass_time(LEASE + 1, dispatcher)
            await desk.reach("sent")
        assert desk.line.since == [begun] * 3
        assert desk.line.users == ["U-a"]

    run(scene)


@pytest.mark.parametrize(("careful", "state", "sent"), [(True, "unknown unconfirmed", 1), (False, "sent", 2)])
def test_where_nobody_can_look_a_careful_message_is_parked_and_another_sent_again(
    run: Run, state: str, sent: int, *, careful: bool
) -> None:
    async def scene(desk: Desk) -> None:
        desk.line.silence, desk.line.blind = [CUT_OFF], True
        one = person()
        desk.enrol(one)
        desk.store.enrolments.plan(desk.clock.now(), lambda learner, enrolment: replace(
            announced(learner, enrolment), messages=(replace(message(enrolment), careful=careful),)))  # fmt: skip
        async with working(desk.dispatcher()) as dispatcher:
            await desk.reach("sending timeout")
            await desk.pass_time(LEASE + 1, dispatcher)
            await desk.reach(state)
        assert len(desk.line.sent) == sent

    run(scene)


def test_a_message_whose_day_has_passed_waits_for_another_one(run: Run) -> None:
    async def scene(desk: Desk) -> None:
        desk.enrol(person())
        desk.courses.plan()
        desk.clock.time += DAY
        async with working(desk.dispatcher()) as dispatcher:
            await until(lambda: rows(desk.store, "SELECT due FROM outbox") == [(desk.clock.now() + DAY,)])
            assert desk.line.tried == []
            await desk.pass_time(DAY, dispatcher)
            await desk.reach("sent")

    run(scene)


def test_where_there_is_nothing_to_say_any_more_the_message_is_dropped(run: Run) -> None:
    async def scene(desk: Desk) -> None:
        desk.courses.silent = {"l-a"}
        desk.enrol(person("a"), person("b"))
        async with working(desk.dispatcher()):
            await desk.reach("cancelled", "sent")
        assert desk.line.users == ["U-b"]

    run(scene)


def test_somebody_known_by_mail_alone_is_found_and_known_from_then_on(run: Run) -> None:
    async def scene(desk: Desk) -> None:
        desk.line.mails = {"hanako@example.lg.jp": "U-hanako"}
        desk.enrol(from_roster("h", "Hanako@example.lg.jp"))
        async with working(desk.dispatcher()):
            await desk.reach("sent")
        assert desk.line.users == ["U-hanako"]
        assert desk.store.enrolments.find("T1", "U-hanako", "bibai") is not None

    run(scene)


def test_somebody_who_enrolled_under_the_user_id_before_is_not_sent_two_courses(run: Run) -> None:
    async def scene(desk: Desk) -> None:
        desk.line.mails = {"a@example.lg.jp": "U-a"}
        desk.enrol(person("a"), from_roster("twin", "a@example.lg.jp"))
        async with working(desk.dispatcher()):
            await until(lambda: bool(desk.line.sent) and not {"ready", "sending"} & set(desk.states()))
        assert desk.line.users == ["U-a"]

    run(scene)


def test_somebody_whose_account_is_made_later_is_found_then(run: Run) -> None:
    async def scene(desk: Desk) -> None:
        desk.enrol(from_roster("h", "hanako@example.lg.jp"))
        async with working(desk.dispatcher()):
            await desk.reach("failed unknown_mail")
            desk.line.mails = {"hanako@example.lg.jp": "U-hanako"}
            await desk.reach("sent")
        assert desk.line.users == ["U-hanako"]

    run(scene)


@pytest.mark.parametrize("supervisor", ["U-boss", "boss@example.lg.jp"])
def test_what_the_supervisor_is_told_goes_to_the_supervisor(run: Run, supervisor: str) -> None:
    async def scene(desk: Desk) -> None:
        learner, _ = person("a")
        learner = replace(learner, supervisor=supervisor)
        desk.enrol((learner, enrolment_of(learner)))
        desk.store.enrolments.plan(desk.clock.now(), lambda learner, enrolment: replace(
            announced(learner, enrolment), messages=(message(enrolment, "supervisor"),)))  # fmt: skip
        async with working(desk.dispatcher()):
            if "@" in supervisor:
                await desk.reach("failed unknown_mail")
                desk.line.mails = {supervisor: "U-boss"}
            await desk.reach("sent")
        assert desk.line.sent == [("T1", "U-boss", "aさん supervisor")]
        assert desk.store.enrolments.find("T1", "U-boss", "bibai") is None

    run(scene)


def test_the_course_of_somebody_whose_account_is_gone_is_stopped_and_nobody_elses(run: Run) -> None:
    async def scene(desk: Desk) -> None:
        desk.line.mails = {"gone@example.lg.jp": "U-gone"}
        desk.line.mishaps = [DeliveryError("user_disabled", concerns="person")]
        desk.enrol(from_roster("gone", "gone@example.lg.jp"))
        async with working(desk.dispatcher()):
            await desk.reach("failed user_disabled")
            desk.enrol(person("here"))
            await until(lambda: desk.line.users == ["U-here"])
        assert desk.courses.stopped == [("T1", "U-gone", "user_disabled")]

    run(scene)


def test_nothing_is_sent_into_a_tenant_that_is_not_served_any_more(run: Run) -> None:
    async def scene(desk: Desk) -> None:
        desk.enrol(person(tenant="T9"))
        async with working(desk.dispatcher()):
            await desk.reach("failed foreign")
        assert desk.line.tried == []

    run(scene)


def test_a_fault_of_ours_ends_nothing_and_no_name_stands_in_the_log(run: Run, caplog: pytest.LogCaptureFixture) -> None:
    async def scene(desk: Desk) -> None:
        desk.line.mishaps = [ValueError(CANARY), DeliveryError("http 403")]
        learners = [replace(person(name)[0], name=CANARY) for name in ("a", "b")]
        desk.enrol(*((learner, enrolment_of(learner)) for learner in learners))
        async with working(desk.dispatcher()):
            await desk.reach("failed http 403", "sending ValueError")
            desk.enrol(person("c"))
            await until(lambda: desk.line.users == ["U-c"])

    with caplog.at_level(logging.DEBUG):
        run(scene)
    assert "slack: a direct message: failed (http 403), try 1" in caplog.text
    assert "ValueError" in caplog.text
    for secret in ("カナリア", "090", "U-a", "T1"):
        assert secret not in caplog.text
