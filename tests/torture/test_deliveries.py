"""kill -9 at any moment of planner and sender: no direct message is lost without a flag, none is sent twice.

26 kills in the usual run, 1,000 in `make torture`: 250 on each database with a platform that can be asked for a
message, and with one that cannot.
"""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from random import Random

import pytest

from tests.torture.courses import TENANT, Delivering, Platform, ahead, enrol, opened

LONG = os.environ.get("HYPOTHESIS_PROFILE") == "torture"
KILLS = 250 if LONG else 13
PEOPLE = 600 if LONG else 80
LEASE = 1.5
CASES = [("sqlite", True), ("postgresql", False)]
if LONG:
    CASES = [(engine, looks) for engine in ("sqlite", "postgresql") for looks in (True, False)]


def address(engine: str, folder: Path, request: pytest.FixtureRequest) -> str:
    if engine == "sqlite":
        return f"sqlite:///{(folder / 'store.sqlite3').as_posix()}"
    return str(request.getfixturevalue("postgres_database"))


async def lives(database: str, platform: Platform, folder: Path, shift: float) -> Delivering:
    """Life after life, each ended at a moment nobody knows; the last one, which stays."""
    random = Random(20_261_121)  # noqa: S311  # moments, no secrets
    given = {"lease": LEASE, "ahead": shift, "at_once": 2}
    following = await Delivering.standing_by(database, platform, folder, **given)
    for _ in range(KILLS):
        process, following = following, await Delivering.standing_by(database, platform, folder, **given)
        await process.go()
        await asyncio.sleep(random.uniform(0.0, 0.25))
        await process.kill()
    await following.dismiss()
    last = await Delivering.standing_by(database, platform, folder, **given | {"at_once": 8})
    await last.go()
    return last


@pytest.mark.parametrize(("engine", "looks"), CASES)
def test_killed_at_any_moment_every_message_is_sent_once_or_flagged(
    tmp_path: Path, request: pytest.FixtureRequest, engine: str, *, looks: bool
) -> None:
    database, shift = address(engine, tmp_path, request), ahead()
    with opened(database, shift) as store:
        enrol(store, PEOPLE, shift, spread=KILLS * 0.2)

    async def main() -> Platform:
        async with Platform(Random(7), looks=looks).listening() as platform:  # noqa: S311  # as above
            last = await lives(database, platform, tmp_path, shift)
            quiet, before = 0, -1
            async with asyncio.timeout(300):
                while quiet < 30:  # nothing has arrived for three seconds, which is two leases
                    await asyncio.sleep(0.1)
                    quiet, before = (quiet + 1 if platform.tokens.total() == before else 0), platform.tokens.total()
            assert await last.end() == 0, last.said()
            return platform

    platform = asyncio.run(main())
    with opened(database, shift) as store:
        counts = store.outbox.counts(TENANT)
        sent = [row for row in store.ledger.rows(TENANT) if row.entry.event == "sent"]
        proof = store.ledger.verify(TENANT)
    twice = sum(count - 1 for count in platform.tokens.values())
    print(f"{engine}, looks={looks}: {KILLS} kills, {platform.tokens.total()} arrived, {counts}, {twice} twice")
    flagged = counts.get("unknown", 0)
    assert sum(counts.values()) == PEOPLE  # every person one row, however often it was planned
    assert counts.get("sent", 0) + flagged == PEOPLE
    assert twice == 0
    assert len(platform.users) >= counts.get("sent", 0)
    assert set(platform.users.values()) == {1}
    assert len(sent) == counts.get("sent", 0)
    assert platform.early == 0  # no call before Retry-After
    assert (flagged == 0) if looks else (flagged > 0)  # a platform that can be asked leaves nothing open
    assert proof.wrong is None
