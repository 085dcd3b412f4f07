"""What a person was told is on record is on record, whatever happens next; and whoever changes it is found out."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import time
from dataclasses import replace
from pathlib import Path
from random import Random

import aiohttp
import pytest
from aiohttp import web

from bot.corpus.knowledge import Knowledge
from bot.enrolment import Learner
from bot.onboarding.syllabus import read_syllabus
from bot.store.database import Store
from tests.torture.answering import ORG
from tests.torture.courses import TENANT, opened
from tests.torture.rig import Mock, Process, deliver, drained

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "torture"
KILLS = 60 if LONG else 5
PEOPLE = 40 * KILLS


class Confirming(Mock):
    """A platform that notes whom it showed 「記録しました」."""

    def __init__(self, random: Random) -> None:
        super().__init__(random, slowest=0.01)
        self.confirmed: set[str] = set()

    async def _take(self, http: web.Request) -> web.Response:
        body = await http.json()
        taken = await super()._take(http)
        if "記録しました" in body["said"]:
            self.confirmed.add(body["key"])
        return taken


def waiting_people(store: Store) -> str:
    """People with only the acknowledgement left; the edition."""
    found = read_syllabus(Knowledge(), ORG)
    assert found is not None
    people = []
    for number in range(PEOPLE):
        learner = Learner(TENANT, f"learner{number}", "slack", f"U-k{number}")
        enrolment = found.enrolment(learner, f"enrolment{number}", "2026-04-01")
        people.append((learner, replace(enrolment, position=len(found.lessons), announced=True, due=None)))
    store.enrolments.add(people, time.time())
    return found.edition


def test_a_confirmed_acknowledgement_outlives_any_kill_and_a_changed_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite3"
    database, random = f"sqlite:///{file.as_posix()}", Random(11)  # noqa: S311  # moments, no secrets
    with opened(database, 0.0) as store:
        edition = waiting_people(store)

    async def one_life(process: Process, numbers: range) -> None:
        await process.go()
        async with aiohttp.ClientSession() as session:

            async def press(number: int) -> None:
                key = f"k{number}"
                body = {"key": key, "user": f"U-{key}", "acknowledge": edition, "at": time.time(), "kind": "press"}
                await deliver(session, process.url, body)

            presses = asyncio.gather(*map(press, numbers))
            await asyncio.sleep(random.uniform(0.1, 0.5))
            await process.kill()
            await presses

    async def main() -> Confirming:
        async with Confirming(random).listening() as mock:
            following = await Process.standing_by(database, mock, tmp_path)
            for life in range(KILLS):
                process, following = following, await Process.standing_by(database, mock, tmp_path)
                await one_life(process, range(40 * life, 40 * life + 40))
                with opened(database, 0.0) as store:
                    assert_on_record(store, mock.confirmed)
            await following.go()
            async with aiohttp.ClientSession() as session:
                await drained(session, following.url)
            assert await following.end() == 0, following.said()
            return mock

    mock = asyncio.run(main())
    with opened(database, 0.0) as store:
        assert_on_record(store, mock.confirmed)
        assert store.ledger.verify(TENANT).wrong is None
        rows = store.ledger.rows(TENANT)
    acknowledged = [row for row in rows if row.entry.event == "acknowledged"]
    print(f"{KILLS} kills, {len(mock.confirmed)} confirmed, {len(acknowledged)} on record")
    assert len({row.person for row in acknowledged}) == len(acknowledged) >= len(mock.confirmed) > KILLS
    tamper(file, acknowledged[3].number)
    with opened(database, 0.0) as store:
        assert store.ledger.verify(TENANT).wrong == acknowledged[3].number


def assert_on_record(store: Store, confirmed: set[str]) -> None:
    done = {learner.user for learner, enrolment in store.enrolments.people(TENANT) if enrolment.state == "done"}
    on_record = {
        row.learner.user for row in store.ledger.rows(TENANT) if row.learner and row.entry.event == "acknowledged"
    }
    assert {f"U-{key}" for key in confirmed} <= done == on_record


def tamper(file: Path, number: int) -> None:
    """As somebody with the file in hand would: the trigger away, a time changed."""
    with contextlib.closing(sqlite3.connect(file)) as connection, connection:
        with pytest.raises(sqlite3.Error):
            connection.execute("UPDATE ledger SET at = at - 86400 WHERE number = ?", (number,))
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f'DROP TRIGGER "{name}"')
        connection.execute("UPDATE ledger SET at = at - 86400 WHERE number = ?", (number,))
