"""What did not arrive, or may not have: who is told, and how it is sent after all. What is old goes."""

from __future__ import annotations

import pytest

from bot.enrolment import Change, Message
from bot.store.database import Store
from bot.store.outbox import UNREACHABLE
from bot.testing import FakeClock
from tests.unit.store.courses import NOW, SLACK, claim, claimed, events, found, message, person, plan

DAY = 24 * 3600.0
FAULT = "channel_not_found"


def also(store: Store, one: Message) -> None:
    """Plan a further message for the one person who is there."""
    _, before = found(store, person())
    assert store.enrolments.commit(Change(before, before, messages=(one,)))


def test_a_workspace_that_has_left_gets_nothing_more(store: Store) -> None:
    plan(store, person("a"), person("b"), person("a", "T2"))
    in_hand = next(one for one in store.outbox.claim(SLACK, 2) if one.learner.tenant == "T1")
    store.outbox.cancel("slack", "T1")
    assert store.outbox.counts("T1") == {"cancelled": 1, "sending": 1}
    assert store.outbox.sent(in_hand, "m1")
    assert "cancelled" not in store.outbox.counts("T2")


def test_what_is_planned_is_known_whatever_became_of_it_but_cancelled(store: Store) -> None:
    plan(store, *(person(name) for name in "abcd"), person("a", "T2"))
    _, failed, sent, _ = (one for one in store.outbox.claim(SLACK, 9) if one.learner.tenant == "T1")
    store.outbox.failed(failed, FAULT)
    store.outbox.sent(sent, "m1")
    also(store, message(person()[1], "reminder", due=NOW + DAY))
    keys = {message(person(name)[1]).key for name in "abcd"}
    reminder = message(person()[1], "reminder").key
    many = [f"none-{number}" for number in range(1200)]
    assert store.outbox.planned("T1", [*many, *keys, reminder]) == keys | {reminder}
    store.outbox.cancel("slack", "T1")
    assert store.outbox.planned("T1", [*keys, reminder]) == keys
    assert store.outbox.planned("T3", keys) == set()
    assert store.outbox.planned("T1", []) == set()


def test_troubles_are_named_with_their_reason(store: Store) -> None:
    plan(store, person("a"), person("b"), person("c"), person("a", "T2"))
    mine = sorted(
        (one for one in store.outbox.claim(SLACK, 9) if one.learner.tenant == "T1"), key=lambda one: one.token
    )
    store.outbox.failed(mine[0], FAULT)
    store.outbox.unknown(mine[1], "timeout")
    troubles = {(one.learner.id, one.message.key, one.state, one.reason) for one in store.outbox.troubles("T1")}
    assert troubles == {
        (mine[0].learner.id, mine[0].message.key, "failed", FAULT),
        (mine[1].learner.id, mine[1].message.key, "unknown", "timeout"),
    }
    assert store.outbox.troubles("T2") == []
    assert store.outbox.counts() == {"failed": 1, "sending": 2, "unknown": 1}


@pytest.mark.parametrize("reason", UNREACHABLE)
def test_who_can_be_reached_again_gets_what_could_not_be_sent(store: Store, reason: str) -> None:
    plan(store, person("a"), person("b"), person("a", "T2"))
    for delivery in store.outbox.claim(SLACK, 9):
        store.outbox.failed(delivery, reason)
    store.outbox.revive("T1", "U-a")
    assert claimed(store) == ["T1 U-a"]


def test_another_fault_is_not_mended_by_meeting_the_bot(store: Store) -> None:
    plan(store, person())
    store.outbox.failed(claim(store), FAULT)
    store.outbox.revive("T1", "U-a")
    assert claimed(store) == []


def test_a_word_to_the_supervisor_waits_for_the_supervisor(store: Store) -> None:
    plan(store, person())
    assert store.outbox.sent(claim(store), "m1")
    also(store, message(person()[1], "supervisor"))
    store.outbox.failed(claim(store), "not_installed")
    store.outbox.revive("T1", "U-a")
    assert claimed(store) == []
    store.outbox.revive("T1", "U-boss")
    assert claim(store).message.kind == "supervisor"


def test_an_administrator_has_what_is_stuck_sent_again_as_if_it_were_new(store: Store) -> None:
    plan(store, person("a"), person("b"), person("a", "T2"))
    for delivery in store.outbox.claim(SLACK, 9):
        (store.outbox.failed if delivery.learner.id == "l-a" else store.outbox.unknown)(delivery, FAULT)
    assert store.outbox.again("T1", "l-b") == 1
    again = claim(store)
    assert (again.learner.id, again.attempt, again.doubtful) == ("l-b", 1, False)
    assert store.outbox.again("T1") == 1
    assert claim(store).learner.id == "l-a"
    assert store.outbox.counts("T2") == {"failed": 1}


def test_old_messages_go_and_the_ledger_stays(store: Store, clock: FakeClock) -> None:
    plan(store, person("a"), person("b"), person("c"))
    first, second, third = store.outbox.claim(SLACK, 9)
    store.outbox.sent(first, "m1")
    store.outbox.dropped(second)
    store.outbox.failed(third, FAULT)
    clock.time += 399 * DAY
    store.tidy()
    assert store.outbox.counts() == {"sent": 1, "cancelled": 1, "failed": 1}
    clock.time += 2 * DAY
    store.tidy()
    assert store.outbox.counts() == {"failed": 1}
    assert events(store)[-1] == "sent"
    assert store.ledger.verify("T1").wrong is None
