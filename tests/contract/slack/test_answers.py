"""A question from wherever it may be asked, over HTTP, to the answer in its place."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.service import Service
from tests.contract.slack.fake import SECONDS, slack
from tests.contract.slack.payloads import (
    CHANNEL,
    mention,
    new_ts,
)
from tests.contract.slack.serving import Served, serving

PHOTO = "公式で写真を載せるときの注意は？"
PHOTO_CLAUSE = "個人情報，肖像権・著作権等について，十分に配慮する。"

Story = Callable[[Served], Awaitable[None]]


@pytest.fixture
def told(service: Service, tmp_path: Path) -> Callable[[Story], None]:
    """Runs a story against a front that serves."""

    def tell(story: Story) -> None:
        async def run() -> None:
            async with _both(service, tmp_path) as served:
                await asyncio.wait_for(story(served), 3 * SECONDS)

        asyncio.run(run())

    return tell


@contextlib.asynccontextmanager
async def _both(service: Service, folder: Path) -> AsyncIterator[Served]:
    async with slack() as fake, serving(service, folder, fake) as served:
        yield served


def test_a_mention_is_answered_in_its_thread(told: Callable[[Story], None]) -> None:
    async def story(served: Served) -> None:
        ts = new_ts()
        assert await served.event(mention(PHOTO, ts)) == 200
        (post,) = await served.fake.wait()
        assert (post.body["channel"], post.body["thread_ts"]) == (CHANNEL, ts)
        assert PHOTO_CLAUSE in post.text
        assert "広報広聴課" in post.text
        assert PHOTO_CLAUSE in post.body["text"]

    told(story)
