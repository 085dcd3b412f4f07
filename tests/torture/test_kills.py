"""kill -9 at any moment after the acknowledgement: no answer is lost.

25 kills in the usual run, 200 in the long form of the property tests (HYPOTHESIS_PROFILE=torture).
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import aiohttp

from tests.torture.rig import Mock, Process, deliver, drained, post

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "torture"
KILLS = 200 if LONG else 25
POSTERS = 3
WORKERS = 8


async def poster(session: aiohttp.ClientSession, url: str, keys: Iterator[int], acked: set[str]) -> None:
    """Post after post until the process dies. A post without an acknowledgement promises nothing."""
    while True:
        key = f"k{next(keys)}"
        verdict = await deliver(session, url, post(key, time.time()))
        if verdict is None:
            return
        assert verdict == "new"
        acked.add(key)
        await asyncio.sleep(0.01)


async def one_life(process: Process, keys: Iterator[int], acked: set[str], seconds: float) -> None:
    """Start, post, kill at a moment nobody knows after the first acknowledgement."""
    await process.go()
    before = len(acked)
    async with aiohttp.ClientSession() as session:
        posters = [asyncio.create_task(poster(session, process.url, keys, acked)) for _ in range(POSTERS)]
        async with asyncio.timeout(60):
            while len(acked) == before:  # noqa: ASYNC110  # the first acknowledgement has no event of its own
                await asyncio.sleep(0.001)
        await asyncio.sleep(seconds)
        await process.kill()
        await asyncio.gather(*posters)


def test_no_acknowledged_question_stays_unanswered(tmp_path: Path) -> None:
    random = Random(20_261_121)  # noqa: S311  # moments, no secrets
    database = f"sqlite:///{(tmp_path / 'store.sqlite3').as_posix()}"
    acked: set[str] = set()
    keys = itertools.count()

    async def main() -> Mock:
        async with Mock(random, slowest=0.015).listening() as mock:
            following = await Process.standing_by(database, mock, tmp_path)
            for _ in range(KILLS):
                process, following = following, await Process.standing_by(database, mock, tmp_path)
                await one_life(process, keys, acked, random.uniform(0.0, 0.3))
            await following.go()
            async with aiohttp.ClientSession() as session:
                await drained(session, following.url)
                for key in random.sample(sorted(acked), min(50, len(acked))):
                    assert await deliver(session, following.url, post(key, time.time())) == "known"
            assert await following.end() == 0, following.said()
            return mock

    mock = asyncio.run(main())
    twice = sum(count - 1 for count in mock.answers.values())
    print(f"{KILLS} kills, {len(acked)} acknowledged, {len(acked - {*mock.answers})} lost, {twice} sent twice")
    assert len(acked) > 2 * KILLS
    assert acked - {*mock.answers} == set()
    assert twice <= KILLS * WORKERS  # only what was in hand at a kill
    assert all(len(ids) == 1 for ids in mock.ids.values())  # the same answer, not another one
    with contextlib.closing(sqlite3.connect(tmp_path / "store.sqlite3")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        left = connection.execute("SELECT count(*), sum(body <> '') FROM inbox").fetchone()
    assert left[1] == 0, "texts that nobody needs any more"
