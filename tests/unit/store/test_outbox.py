"""A planned message is in one sender's hands, and what became of it is marked by nobody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.enrolment import Change, Delivery, Message
from bot.store.database import Store, open_store
from bot.store.outbox import LEASE
from bot.testing import FakeClock
from tests.unit.store.courses import (
    NOW,
    SLACK,
    add,
    announced,
    claim,
    claimed,
    events,
    found,
    message,
    person,
    plan,
)

DAY = 24 * 3600.0
FAULT = "channel_not_found"


def also(store: Store, *more: Message) -> None:
    """Plan further messages for the one person who is there."""
    _, before = found(store, person())
    assert store.enrolments.commit(Change(before, before, messages=more))


def reminder(number: int, due: float = NOW) -> Message:
    return message(person()[1], "reminder", number, due)


def set_state(store: Store, state: str) -> None:
    _, before = found(store, person())
    assert store.enrolments.commit(Change(before, replace(before, state=state)))  # type: ignore[arg-type]  # one of them


def test_a_delivery_says_what_to_whom(store: Store) -> None:
    plan(store, person())
    learner, enrolment = found(store, person())
    delivery = claim(store)
    assert (delivery.message, delivery.learner, delivery.enrolment) == (message(person()[1]), learner, enrolment)
    assert (delivery.attempt, delivery.doubtful, delivery.since) == (1, False, NOW)


def test_a_token_stands_for_the_key_and_tells_nobody_anything(store: Store, clock: FakeClock) -> None:
    plan(store, person(), person("a", "T2"))
    first, second = store.outbox.claim(SLACK, 9)
    assert first.message.key == second.message.key
    assert first.token != second.token
    assert (len(first.token), int(first.token, 16) > 0) == (32, True)
    clock.time += LEASE + 1
    assert {one.token for one in store.outbox.claim(SLACK, 9)} == {first.token, second.token}


def test_nothing_is_given_out_before_it_is_due(store: Store, clock: FakeClock) -> None:
    plan(store, person())
    also(store, reminder(1, NOW + 10.0))
    assert len(store.outbox.claim(SLACK, 9)) == 1
    clock.time += 10.0
    assert claim(store).message.kind == "reminder"


def test_only_the_platforms_asked_for_are_served(store: Store) -> None:
    learner, enrolment = person("b")
    plan(store, person("a"), (replace(learner, platform="teams"), enrolment))
    assert store.outbox.claim((), 9) == ()
    assert store.outbox.claim(SLACK, 0) == ()
    assert [one.learner.id for one in store.outbox.claim(("teams",), 9)] == ["l-b"]
    assert [one.learner.id for one in store.outbox.claim(("slack", "teams"), 9)] == ["l-a"]


def test_the_oldest_goes_first(store: Store) -> None:
    plan(store, person())
    also(store, reminder(1, NOW - 20.0), reminder(2, NOW - 30.0))
    numbers = [(one.message.kind, one.message.number) for one in store.outbox.claim(SLACK, 9)]
    assert numbers == [("reminder", 2), ("reminder", 1), ("lesson", 0)]


def test_a_workspace_with_thousands_of_messages_leaves_the_others_their_turn(store: Store) -> None:
    plan(store, *(person(str(number)) for number in range(30)), person("a", "T2"), person("b", "T2"))
    first = claimed(store, 4)
    assert sorted(one.split()[0] for one in first) == ["T1", "T1", "T2", "T2"]
    assert len(claimed(store, 50)) == 28


def test_what_has_arrived_is_over(store: Store) -> None:
    plan(store, person())
    delivery = claim(store)
    assert store.outbox.sent(delivery, "1700000000.000100")
    assert not store.outbox.sent(delivery, "1700000000.000100")
    assert store.outbox.claim(SLACK, 9) == []
    assert store.outbox.counts() == {"sent": 1}
    assert events(store) == ["enrolled", "sent"]


def test_what_has_not_arrived_is_tried_again_in_time(store: Store, clock: FakeClock) -> None:
    plan(store, person())
    store.outbox.later(claim(store), "ratelimited", 30.0)
    clock.time += 29.0
    assert store.outbox.claim(SLACK, 9) == []
    clock.time += 1.0
    again = claim(store)
    assert (again.attempt, again.doubtful, again.since) == (2, False, NOW + 30.0)


def test_a_sender_that_vanished_leaves_it_doubtful(store: Store, clock: FakeClock) -> None:
    plan(store, person())
    first = claim(store)
    clock.time += LEASE - 1
    assert store.outbox.claim(SLACK, 9) == []
    clock.time += 1
    second = claim(store)
    assert (second.attempt, second.doubtful, second.since) == (2, True, NOW)
    assert not store.outbox.sent(first, "m1")
    assert store.outbox.sent(second, "m1")
    assert events(store) == ["enrolled", "sent"]


def test_doubt_goes_back_to_the_first_try_that_may_have_arrived(store: Store, clock: FakeClock) -> None:
    plan(store, person())
    store.outbox.later(claim(store), "ratelimited", 1.0)
    clock.time += 1
    store.outbox.doubtful(claim(store), "timeout")
    assert store.outbox.claim(SLACK, 9) == []
    for attempt in (3, 4):
        clock.time += LEASE
        again = claim(store)
        assert (again.attempt, again.doubtful, again.since) == (attempt, True, NOW + 1)


@pytest.mark.parametrize(
    "mark",
    [
        lambda store, one: store.outbox.later(one, "late", 0.0),
        lambda store, one: store.outbox.doubtful(one, "late"),
        lambda store, one: store.outbox.unknown(one, "late"),
        lambda store, one: store.outbox.failed(one, "late"),
        lambda store, one: store.outbox.dropped(one),
        lambda store, one: store.outbox.postpone(one, NOW + DAY, NOW + 2 * DAY),
        lambda store, one: store.outbox.release(one),
        lambda store, one: store.outbox.sent(one, "m0"),
    ],
)
def test_who_has_lost_a_message_marks_it_no_more(
    store: Store, clock: FakeClock, mark: Callable[[Store, Delivery], object]
) -> None:
    plan(store, person())
    first = claim(store)
    clock.time += LEASE + 1
    second = claim(store)
    mark(store, first)
    assert store.outbox.claim(SLACK, 9) == []
    assert store.outbox.sent(second, "m1")
    assert store.outbox.troubles("T1") == []


def test_a_message_of_another_process_is_marked_by_that_one_alone(postgres_database: str, clock: FakeClock) -> None:
    here, there = open_store(postgres_database, clock), open_store(postgres_database, clock)
    plan(here, person())
    delivery = claim(here)
    assert not there.outbox.sent(delivery, "m1")
    assert here.outbox.sent(delivery, "m1")
    here.close()
    there.close()


def test_what_is_given_back_has_not_been_tried(store: Store) -> None:
    plan(store, person())
    store.outbox.release(claim(store))
    again = claim(store)
    assert (again.attempt, again.doubtful) == (1, False)


def test_what_may_have_arrived_is_given_back_as_doubtful(store: Store, clock: FakeClock) -> None:
    plan(store, person())
    claim(store)
    clock.time += LEASE
    store.outbox.release(claim(store))
    again = claim(store)
    assert (again.attempt, again.doubtful, again.since) == (2, True, NOW)


def test_what_is_put_off_waits_for_its_new_day_and_has_not_been_tried(store: Store, clock: FakeClock) -> None:
    plan(store, person())
    store.outbox.postpone(claim(store), NOW + DAY, NOW + DAY + 60.0)
    clock.time += DAY - 1
    assert store.outbox.claim(SLACK, 9) == []
    clock.time += 1
    again = claim(store)
    assert (again.attempt, again.message.due, again.message.until) == (1, NOW + DAY, NOW + DAY + 60.0)


def test_what_there_is_nothing_to_say_of_is_cancelled(store: Store) -> None:
    plan(store, person())
    store.outbox.dropped(claim(store))
    assert store.outbox.counts() == {"cancelled": 1}
    assert store.outbox.troubles("T1") == []


@pytest.mark.parametrize("state", ["paused", "left", "stopped", "done"])
def test_nothing_is_given_out_for_whoever_is_not_in_the_course_any_more(store: Store, state: str) -> None:
    plan(store, person("b"), person())
    set_state(store, state)
    assert claimed(store) == ["T1 U-b"]
    assert store.outbox.counts() == {"cancelled": 1, "sending": 1}


def test_messages_to_nobody_hold_up_none_that_is_due_behind_them(store: Store) -> None:
    plan(store, *(person(str(number)) for number in range(5)))
    add(store, person("z"))
    for number in range(5):
        _, before = found(store, person(str(number)))
        assert store.enrolments.commit(Change(before, replace(before, state="done")))
    store.enrolments.plan(NOW, announced)
    assert claimed(store, 2) == ["T1 U-z"]


def test_what_may_have_arrived_before_the_person_left_is_not_called_cancelled(store: Store, clock: FakeClock) -> None:
    plan(store, person())
    claim(store)
    set_state(store, "left")
    clock.time += LEASE
    assert store.outbox.claim(SLACK, 9) == []
    assert store.outbox.counts() == {"unknown": 1}
    assert store.outbox.troubles("T1") == []
    assert store.outbox.again("T1") == 0


def test_a_restart_loses_nothing_and_doubles_nothing(url: str, clock: FakeClock) -> None:
    before = open_store(url, clock)
    plan(before, person("a"), person("b"))
    in_hand = claim(before)
    before.close()
    after = open_store(url, clock)
    assert claim(after).learner != in_hand.learner
    assert after.outbox.claim(SLACK, 9) == []
    clock.time += LEASE
    assert all(one.doubtful for one in after.outbox.claim(SLACK, 9))
    after.close()
