"""A story is told against a front that serves, the fake Slack on the other side."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.service import Service
from tests.contract.slack.fake import SECONDS, slack
from tests.contract.slack.serving import Served, serving, settings_for

Story = Callable[[Served], Awaitable[None]]


@pytest.fixture(scope="session")
def _warm(service: Service) -> None:
    """As a server is before it takes requests: an answer in a view has two seconds."""
    service.answerer("asahikawa")
    service.checker("asahikawa")


@pytest.fixture(params=["http", "socket"])
def told_both(request: pytest.FixtureRequest, service: Service, tmp_path: Path) -> Callable[[Story], None]:
    """Runs a story twice: over HTTP and over Socket Mode."""
    return lambda story: _tell(story, service, tmp_path, socket=request.param == "socket")


@pytest.fixture
def told(service: Service, tmp_path: Path) -> Callable[[Story], None]:
    """Runs a story over HTTP."""
    return lambda story: _tell(story, service, tmp_path, socket=False)


@pytest.fixture
def told_over_socket(service: Service, tmp_path: Path) -> Callable[[Story], None]:
    """Runs a story over Socket Mode."""
    return lambda story: _tell(story, service, tmp_path, socket=True)


def _tell(story: Story, service: Service, folder: Path, *, socket: bool) -> None:
    async def run() -> None:
        async with slack() as fake:
            settings = settings_for(fake, socket=socket, url="https://guideline.example.lg.jp")
            async with serving(service, folder, fake, settings) as served:
                await asyncio.wait_for(story(served), 3 * SECONDS)

    asyncio.run(run())
