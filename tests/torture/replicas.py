"""Three replicas on one PostgreSQL database: `python -m tests.torture.replicas URL [people]` prints the figures."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.torture.courses import TENANT, Delivering, Platform, ahead, enrol, opened

REPLICAS = 3


@dataclass(frozen=True, slots=True)
class Wave:
    """What arrived for people who were all due at once, and how long after that, in seconds."""

    people: int
    keys: int
    twice: int
    waits: list[float]

    def percentile(self, share: float) -> float:
        return sorted(self.waits)[min(int(share * len(self.waits)), len(self.waits) - 1)]


async def wave(database: str, people: int, folder: Path) -> Wave:
    """Enrol people who are due in a few seconds; three processes are there by then."""
    shift, lead = ahead(), 4.0
    with opened(database, shift) as store:
        enrol(store, people, shift + lead)  # due `lead` seconds from now
    due = time.time() + lead
    async with Platform(Random(3), looks=True, broken=0.0, slowest=0.004).listening() as platform:  # noqa: S311
        given = {"lease": 30.0, "ahead": shift}
        replicas = [await Delivering.standing_by(database, platform, folder, **given) for _ in range(REPLICAS)]
        await asyncio.gather(*(one.go() for one in replicas))
        async with asyncio.timeout(120):
            while platform.tokens.total() < people:  # noqa: ASYNC110  # the mock has no event of its own
                await asyncio.sleep(0.05)
        await asyncio.sleep(1.0)  # a double would come now
        assert [await one.end() for one in replicas] == [0] * REPLICAS
    twice = sum(count - 1 for count in platform.tokens.values())
    return Wave(people, len(platform.tokens), twice, [at - due for at in platform.took])


def main() -> None:
    """Run the wave and print."""
    people = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(wave(sys.argv[1], people, Path(folder)))
    print(f"{REPLICAS} replicas, {found.people} people: {found.keys} keys, {found.twice} sent twice")
    print(f"due to sent: p50 {found.percentile(0.5):.2f} s, p99 {found.percentile(0.99):.2f} s")
    with opened(sys.argv[1], ahead()) as store:
        print(f"outbox {dict(store.outbox.counts(TENANT))}, ledger wrong: {store.ledger.verify(TENANT).wrong}")


if __name__ == "__main__":
    main()
