"""Pictures of a message, read from Slack when they are to be checked, and never kept."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from adapters.intake import DeliveryError, Intake
from adapters.slack.drafts import picture
from adapters.slack.payloads import map_of, text_of
from adapters.slack.webapi import Slack
from bot.commands import Picture
from bot.drafts.images import LARGEST, read_image
from bot.errors import UsageError

SECONDS = 10.0
"""For one picture."""
ALL_SECONDS = 30.0
"""For all of a draft's."""


class Pictures:
    """Reads a draft's pictures, one after the other."""

    def __init__(self, slack: Slack, intake: Intake) -> None:
        self._slack = slack
        self._intake = intake

    async def of(self, files: Sequence[str]) -> tuple[tuple[Picture, ...], int]:
        """The pictures of these file ids, and how many of them cannot be had or are none."""
        found: list[Picture] = []
        try:
            async with asyncio.timeout(ALL_SECONDS):
                for file in files:
                    one = await self._one(file)
                    found += [one] if one else []
        except TimeoutError:
            pass  # the rest is missing, and that is said
        return tuple(found), len(files) - len(found)

    async def _one(self, file: str) -> Picture | None:
        try:
            async with asyncio.timeout(SECONDS):
                found = map_of(await self._slack.call("files.info", file=file), "file")
                if not picture(found):
                    return None
                data = await self._slack.fetch(text_of(found, "url_private"), LARGEST)
            # Looked at here already: one that is broken must not keep the others from being checked.
            await self._intake.call(read_image, data)
        except (DeliveryError, TimeoutError, UsageError):
            return None
        return Picture(text_of(found, "name"), data)
