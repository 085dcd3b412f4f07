"""What was accepted is answered once, by one worker, and then forgotten."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from random import Random

import pytest

from bot.commands import Command, Find, Home, Question, Rate, Request, Share
from bot.ports import Claimed
from bot.store.database import Store, open_store
from bot.store.inbox import LEASE
from bot.testing import FakeClock

Ask = Callable[..., Request]
SLACK = ("slack",)
DAY = 24 * 3600.0


def claim(store: Store) -> Claimed:
    claimed = store.inbox.claim(SLACK)
    assert claimed is not None
    return claimed


def test_what_comes_out_is_what_went_in(store: Store, asked: Ask) -> None:
    question = Question("住所は「〒」\0 \ud800 'の;--", "private", ("前の質問",), private=True)
    for number, command in enumerate((question, Home(joined=True), Home())):
        request = asked(f"k{number}", command=command)
        assert store.inbox.accept(request).result()
        assert claim(store) == Claimed(request, 1)


def test_the_same_post_is_accepted_once_however_often_and_in_whatever_order_it_comes(store: Store, asked: Ask) -> None:
    posts = [asked(f"k{number % 50}") for number in range(200)]
    Random(1).shuffle(posts)  # noqa: S311  # an order, no secret
    new = [future.result() for future in [store.inbox.accept(post) for post in posts]]
    assert sum(new) == store.inbox.waiting() == 50


def test_the_same_key_in_another_workspace_is_another_post(store: Store, asked: Ask) -> None:
    assert store.inbox.accept(asked(tenant="T1")).result()
    assert store.inbox.accept(asked(tenant="T2")).result()


@pytest.mark.parametrize("command", [Find("写真"), Rate("a", good=True), Share("a")])
def test_what_is_answered_in_the_request_itself_is_never_stored(store: Store, asked: Ask, command: Command) -> None:
    with pytest.raises(TypeError):
        store.inbox.accept(asked(command=command))
    assert store.inbox.waiting() == 0


def test_the_oldest_is_taken_first_and_each_only_once(store: Store, asked: Ask) -> None:
    for key in ("a", "b", "c"):
        store.inbox.accept(asked(key)).result()
    assert [claim(store).request.key for _ in range(3)] == ["a", "b", "c"]
    assert store.inbox.claim(SLACK) is None
    assert store.inbox.waiting() == 3


def test_only_the_platforms_asked_for_are_taken(store: Store, asked: Ask) -> None:
    request = asked()
    store.inbox.accept(replace(request, sender=replace(request.sender, platform="teams"))).result()
    assert store.inbox.claim(SLACK) is None
    assert store.inbox.claim(()) is None
    assert store.inbox.claim(("slack", "teams")) is not None


def test_many_workers_share_the_work_without_taking_anything_twice(store: Store, asked: Ask) -> None:
    for future in [store.inbox.accept(asked(f"k{number}")) for number in range(60)]:
        future.result()

    def work(_worker: int) -> list[str]:
        served = []
        while (claimed := store.inbox.claim(SLACK)) is not None:
            assert store.inbox.finish(claimed)
            served.append(claimed.request.key)
        return served

    with ThreadPoolExecutor(6) as pool:
        served = [key for keys in pool.map(work, range(6)) for key in keys]
    assert sorted(served) == sorted(f"k{number}" for number in range(60))


def test_a_retry_waits_for_its_time_and_holds_up_nobody(store: Store, asked: Ask, clock: FakeClock) -> None:
    first = asked("a")
    store.inbox.accept(first).result()
    store.inbox.accept(asked("b")).result()
    store.inbox.fail(claim(store), "rate_limited", 60.0)
    assert claim(store).request.key == "b"
    clock.time += 20.0
    assert store.inbox.claim(SLACK) is None
    clock.time += 40.0
    assert claim(store) == Claimed(first, 2)


def test_a_worker_that_vanished_loses_its_request_after_the_lease(store: Store, asked: Ask, clock: FakeClock) -> None:
    store.inbox.accept(asked()).result()
    first = claim(store)
    clock.time += LEASE + 1
    second = claim(store)
    assert second.attempt == 2
    assert not store.inbox.finish(first)
    store.inbox.fail(first, "late", None)
    store.inbox.release(first)
    assert store.inbox.claim(SLACK) is None
    assert store.inbox.finish(second)
    assert not store.inbox.finish(second)


def test_what_is_given_back_is_there_at_once_and_has_not_been_tried(store: Store, asked: Ask) -> None:
    store.inbox.accept(asked()).result()
    store.inbox.release(claim(store))
    assert claim(store).attempt == 1


def test_an_answered_key_stays_known_for_a_week(store: Store, asked: Ask, clock: FakeClock) -> None:
    store.inbox.accept(asked()).result()
    store.inbox.finish(claim(store))
    for _ in range(7):
        clock.time += DAY
        store.tidy()
        assert not store.inbox.accept(asked()).result()
    clock.time += 2 * DAY
    store.tidy()
    assert store.inbox.accept(asked()).result()


def test_what_waits_outlasts_a_long_standstill_but_not_the_end_of_its_platform(
    store: Store, asked: Ask, clock: FakeClock
) -> None:
    store.inbox.accept(asked()).result()
    clock.time += 29 * DAY
    store.tidy()
    assert store.inbox.waiting() == 1
    assert store.records.engaged("T1", "thread1")
    clock.time += 2 * DAY
    store.tidy()
    assert store.inbox.waiting() == 0


def test_places_of_answers_are_forgotten_with_them_and_others_stay(store: Store, clock: FakeClock) -> None:
    store.places.remember("teams", "T1", "answer:abc", "id")
    store.places.remember("teams", "T1", "19:chat", "address")
    clock.time += 91 * DAY
    store.tidy()
    assert store.places.address("teams", "T1", "answer:abc") is None
    assert store.places.address("teams", "T1", "19:chat") == "address"


def test_nothing_is_sent_to_a_workspace_that_has_left(store: Store, asked: Ask) -> None:
    store.inbox.accept(asked("a")).result()
    taken = claim(store)
    store.inbox.accept(asked("b")).result()
    store.inbox.accept(asked("c", tenant="T2")).result()
    store.inbox.cancel("slack", "T1")
    assert claim(store).request.sender.tenant == "T2"
    assert store.inbox.claim(SLACK) is None
    assert not store.inbox.finish(taken)
    assert not store.inbox.accept(asked("b")).result()


def test_a_stored_request_that_nobody_can_read_is_given_up_and_the_next_one_served(store: Store, asked: Ask) -> None:
    from sqlalchemy import text

    store.inbox.accept(asked("a")).result()
    store.inbox.accept(asked("b")).result()
    spoilt = text("UPDATE inbox SET body = '{\"later\": 1}' WHERE id = (SELECT min(id) FROM inbox)")
    store._database.write(lambda connection: connection.execute(spoilt))
    assert claim(store).request.key == "b"
    assert store.inbox.waiting() == 1


def test_a_restart_takes_up_what_was_in_hand(url: str, asked: Ask, clock: FakeClock) -> None:
    before = open_store(url, clock)
    for key in ("a", "b"):
        before.inbox.accept(asked(key)).result()
    in_hand = claim(before)
    before.close()
    if url.startswith("postgresql"):
        clock.time += LEASE + 1  # another replica may still have it
    after = open_store(url, clock)
    again = claim(after)
    assert (again.request, again.attempt) == (in_hand.request, 2)
    assert claim(after).request.key == "b"
    assert after.inbox.finish(again)
    after.close()
