"""One signing key for the session (making one is slow), one platform for each test."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.service import Service
from tests.contract.teams.fakes import Platform, new_key, running
from tests.contract.teams.serving import Play, Served, serving


@pytest.fixture(scope="session")
def signing_key() -> rsa.RSAPrivateKey:
    return new_key()


@pytest.fixture
def platform(signing_key: rsa.RSAPrivateKey) -> Iterator[Platform]:
    with running(signing_key) as found:
        yield found


@pytest.fixture
def play(service: Service, tmp_path: Path, platform: Platform) -> Play:
    """Plays a scene; afterwards nothing of it was stored, and nothing was sent to the connector."""

    def run(scene: Callable[[Served], Awaitable[None]]) -> None:
        async def whole() -> None:
            async with serving(service, tmp_path, platform) as served:
                await scene(served)
                assert served.office.store.inbox.waiting() == 0
                assert platform.sent == []

        asyncio.run(whole())

    return run
