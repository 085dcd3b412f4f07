"""The same post delivered one to four times, shuffled, as two kinds: exactly one answer each, no error."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from pathlib import Path
from random import Random

import aiohttp

from tests.torture.rig import Mock, Process, deliver, drained, post

POSTS = 200
AT_ONCE = 50


async def shuffled(mock: Mock, processes: list[Process], random: Random) -> list[str | None]:
    """Deliver every post one to four times, to any of the processes; what they made of it."""
    deliveries = [
        post(f"k{number}", time.time(), random.choice(("message", "app_mention")))
        for number in range(POSTS)
        for _ in range(random.randint(1, 4))
    ]
    random.shuffle(deliveries)
    slots = asyncio.Semaphore(AT_ONCE)
    async with aiohttp.ClientSession() as session:

        async def one(body: dict[str, object]) -> str | None:
            async with slots:
                return await deliver(session, random.choice(processes).url, body)

        verdicts = await asyncio.gather(*map(one, deliveries))
        await drained(session, processes[0].url)
    assert len(mock.ids) == POSTS
    return verdicts


def played(database: str, count: int, folder: Path) -> tuple[Mock, list[str | None], list[Process]]:
    """The scene with so many processes on one database."""
    random = Random(count)  # noqa: S311  # an order, no secret

    async def main() -> tuple[Mock, list[str | None], list[Process]]:
        async with Mock(random).listening() as mock:
            processes = [await Process.standing_by(database, mock, folder) for _ in range(count)]
            await asyncio.gather(*(process.go() for process in processes))
            verdicts = await shuffled(mock, processes, random)
            assert [await process.end() for process in processes] == [0] * count
            return mock, verdicts, processes

    return asyncio.run(main())


def assert_each_answered_once(mock: Mock, verdicts: list[str | None], processes: list[Process]) -> None:
    assert mock.answers == Counter({f"k{number}": 1 for number in range(POSTS)})
    counted = Counter(verdicts)
    assert counted["new"] == POSTS
    assert counted["known"] == len(verdicts) - POSTS > POSTS / 2
    assert [process.said() for process in processes] == [""] * len(processes)


def test_one_process_over_sqlite_answers_each_post_once(tmp_path: Path) -> None:
    assert_each_answered_once(*played(f"sqlite:///{(tmp_path / 'store.sqlite3').as_posix()}", 1, tmp_path))


def test_two_replicas_over_postgresql_answer_each_post_once(postgres_database: str, tmp_path: Path) -> None:
    assert_each_answered_once(*played(postgres_database, 2, tmp_path))


def test_what_a_killed_replica_had_in_hand_the_other_one_answers(postgres_database: str, tmp_path: Path) -> None:
    random = Random(5)  # noqa: S311  # moments, no secret
    acked: set[str] = set()

    async def main() -> Mock:
        async with Mock(random, slowest=0.2).listening() as mock, aiohttp.ClientSession() as session:
            first, second = [await Process.standing_by(postgres_database, mock, tmp_path, 1.5) for _ in range(2)]
            await asyncio.gather(first.go(), second.go())
            for number in range(60):
                key = f"k{number}"
                if await deliver(session, first.url, post(key, time.time())) == "new":
                    acked.add(key)
            await first.kill()
            await drained(session, second.url)
            assert await second.end() == 0
            return mock

    mock = asyncio.run(main())
    assert len(acked) == 60
    assert acked - {*mock.answers} == set()
    assert sum(mock.answers.values()) <= 60 + 8  # what was in hand


def test_a_restart_in_order_loses_nothing_and_sends_nothing_twice(tmp_path: Path) -> None:
    random = Random(7)  # noqa: S311  # moments, no secret
    database = f"sqlite:///{(tmp_path / 'store.sqlite3').as_posix()}"

    async def main() -> Mock:
        async with Mock(random, slowest=0.1).listening() as mock, aiohttp.ClientSession() as session:
            before, after = [await Process.standing_by(database, mock, tmp_path) for _ in range(2)]
            await before.go()
            for number in range(50):
                assert await deliver(session, before.url, post(f"k{number}", time.time())) == "new"
            assert await before.end() == 0
            assert 0 < len(mock.answers) < 50
            await after.go()
            await drained(session, after.url)
            assert await after.end() == 0
            return mock

    assert asyncio.run(main()).answers == Counter({f"k{number}": 1 for number in range(50)})
