"""A desk over the real store, at ten o'clock on the first of April."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.corpus.knowledge import Knowledge
from bot.service import Service
from bot.store.database import Store, open_store
from bot.testing import FakeClock
from tests.unit.courses.talk import Talk, desk_for
from tests.unit.onboarding.courses import at


@pytest.fixture(scope="module")
def lessons(cache: Path) -> Service:
    """A service without the draft rules, which no lesson needs."""
    return Service(Knowledge(), cache)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(at("2026-04-01 10:00"))


@pytest.fixture
def store(tmp_path: Path, clock: FakeClock) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'store.sqlite3'}", clock)
    yield opened
    opened.close()


@pytest.fixture
def talk(lessons: Service, store: Store, clock: FakeClock) -> Talk:
    return Talk(desk_for(lessons, store, clock), store, clock)
