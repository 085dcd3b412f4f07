"""Calls that come while one is under way are served together with the next."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.store.gathering import Gathering


def test_a_lone_call_is_served_at_once() -> None:
    assert Gathering(lambda items: [item * 2 for item in items]).add(21) == 42


def test_calls_that_come_meanwhile_are_one_batch_and_each_gets_its_own_result() -> None:
    begun, go, batches = threading.Event(), threading.Event(), []

    def serve(items: Sequence[int]) -> list[int]:
        batches.append(list(items))
        begun.set()
        assert go.wait(10)
        return [item * 2 for item in items]

    gathering = Gathering(serve)
    with ThreadPoolExecutor(9) as threads:
        first = threads.submit(gathering.add, 0)
        assert begun.wait(10)
        others = [threads.submit(gathering.add, number) for number in range(1, 9)]
        while len(gathering._waiting) < 8:
            pass
        go.set()
        assert [first.result(10), *(one.result(10) for one in others)] == [number * 2 for number in range(9)]
    assert len(batches) == 2
    assert sorted(batches[1]) == list(range(1, 9))


def test_a_failure_reaches_everybody_in_the_batch_and_nobody_after_it() -> None:
    broken = [True]

    def serve(items: Sequence[int]) -> Sequence[int]:
        if broken.pop() if broken else False:
            raise OSError("the database is away")
        return items

    gathering = Gathering(serve)
    with pytest.raises(OSError, match="away"):
        gathering.add(1)
    assert gathering.add(2) == 2


def test_many_threads_all_get_their_own() -> None:
    gathering = Gathering(lambda items: [-item for item in items])
    with ThreadPoolExecutor(16) as threads:
        assert list(threads.map(gathering.add, range(400))) == [-number for number in range(400)]
