"""A real store of either kind, and requests to put into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.commands import Command, Question, Request, Sender
from bot.store.database import Store, open_store
from bot.testing import FakeClock

Ask = Callable[..., Request]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An address of each kind of database."""
    if request.param == "sqlite":
        return f"sqlite:///{(tmp_path / 'store.sqlite3').as_posix()}"
    return str(request.getfixturevalue("postgres_database"))


@pytest.fixture
def store(url: str, clock: FakeClock) -> Iterator[Store]:
    opened = open_store(url, clock)
    yield opened
    opened.close()


@pytest.fixture
def postgres_store(postgres_database: str, clock: FakeClock) -> Iterator[Store]:
    """A store on a server, for what only several processes or a server can do."""
    opened = open_store(postgres_database, clock)
    yield opened
    opened.close()


@pytest.fixture
def asked(clock: FakeClock) -> Ask:
    """Makes a request of a tenant's, now."""

    def make(key: str = "k1", tenant: str = "T1", thread: str = "thread1", command: Command | None = None) -> Request:
        sender = Sender("slack", tenant, "U1", "C1", thread, "<@U1>")
        return Request(key, sender, command or Question("写真を載せてもいいですか"), f"address of {key}", clock.now())

    return make
