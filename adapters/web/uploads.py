"""A form with pictures, read piece by piece and no further than it may be long. Nothing of it touches a disk."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import BodyPartReader, web

from adapters.web.guard import CHECK_BYTES
from adapters.web.inbound import RefusedError
from adapters.web.replies import broken
from bot.commands import Picture
from bot.drafts.images import LARGEST

MOST_PICTURES = 10
MOST_BYTES = 60 << 20
"""Bytes of all pictures of one form."""
SECONDS = 60.0
"""How long a form may take to arrive: 60 MiB at 10 Mbit/s."""
AT_ONCE = 4
"""Forms that are read at the same time; each may take up `MOST_BYTES` of memory."""
LONGEST_NAME = 80

_CHUNK = 64 * 1024
_BUSY = "ほかの画像を受け取っているところです。少し待って、もう一度お試しください。"
_TOO_MANY = f"画像は一度に{MOST_PICTURES}点までです。"
_TOO_MUCH = f"画像は合わせて{MOST_BYTES >> 20} MiBまでです。分けて点検してください。"
_TOO_LARGE = f"「{{name}}」が大きすぎます。画像は1点{LARGEST >> 20} MiBまでです。"
_TOO_LONG = "送られた文が長すぎます。分けて点検してください。"
_SLOW = "画像を受け取るのに時間がかかりすぎています。もう一度送ってください。"
_UNSAFE = frozenset('\\/:*?"<>|%')


@dataclass(frozen=True, slots=True)
class Upload:
    """A form as posted: its fields by name, and its files."""

    fields: Mapping[str, str]
    pictures: tuple[Picture, ...]


class Uploads:
    """Reads forms with pictures, a few at a time."""

    def __init__(self) -> None:
        self._free = AT_ONCE

    @asynccontextmanager
    async def reading(self, request: web.Request) -> AsyncIterator[Upload]:
        """The form; its place is given back at the end of the block. Raises RefusedError."""
        if self._free <= 0:
            raise RefusedError(503, _BUSY)
        self._free -= 1
        try:
            yield await _read(request)
        finally:
            self._free += 1


async def _read(request: web.Request) -> Upload:
    fields: dict[str, str] = {}
    pictures: list[Picture] = []
    try:
        async with asyncio.timeout(SECONDS):
            async for part in _parts(request):
                if part.filename is None:
                    content = await _content(part, CHECK_BYTES, _TOO_LONG)
                    fields[part.name or ""] = content.decode("utf-8", "replace")
                else:
                    pictures.append(await _picture(part, part.filename, pictures))
    except TimeoutError:
        raise RefusedError(408, _SLOW) from None
    except RefusedError:
        raise
    except Exception:  # noqa: BLE001  # a malformed body fails in many ways, and their texts may quote it
        raise broken() from None
    return Upload(fields, tuple(pictures))


async def _parts(request: web.Request) -> AsyncIterator[BodyPartReader]:
    reader = await request.multipart()
    for _ in range(MOST_PICTURES + 16):
        part = await reader.next()
        if part is None:
            return
        if not isinstance(part, BodyPartReader):  # a form within a form
            raise broken()
        yield part
    raise RefusedError(413, _TOO_MANY)


async def _picture(part: BodyPartReader, filename: str, before: Sequence[Picture]) -> Picture:
    if len(before) == MOST_PICTURES:
        raise RefusedError(413, _TOO_MANY)
    name, left = safe_name(filename), MOST_BYTES - sum(len(one.data) for one in before)
    if left < LARGEST:
        return Picture(name, await _content(part, left, _TOO_MUCH))
    return Picture(name, await _content(part, LARGEST, _TOO_LARGE.format(name=name)))


async def _content(part: BodyPartReader, most: int, refusal: str) -> bytes:
    found = bytearray()
    while chunk := await part.read_chunk(_CHUNK):
        found += chunk
        if len(found) > most:
            raise RefusedError(413, refusal)
    return bytes(found)


def safe_name(name: str) -> str:
    """The last part of a file's name, without what turns text around, ends lines or means something in a path."""
    last = name.replace("\\", "/").rpartition("/")[2]
    seen = "".join(one for one in last if one not in _UNSAFE and unicodedata.category(one)[0] != "C")
    return " ".join(seen.split()).strip(". ")[:LONGEST_NAME] or "画像"
