"""The body of a request, read no further than it may be long and no longer than it may take."""

from __future__ import annotations

import asyncio

from aiohttp import web

BODY_SECONDS = 10.0


class BodyError(Exception):
    """A body that is not read to its end. `status` is the answer: 400, 408, 413 or 415."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def read(request: web.Request, most: int) -> bytes:
    """All of a body of at most `most` bytes.

    Raises BodyError: 415 packed (a packed body may unfold to any size), 413 longer, 408 slower than `BODY_SECONDS`,
    400 cut off or not sent as announced.
    """
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise BodyError(415)
    if (request.content_length or 0) > most:
        raise BodyError(413)
    found = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.content.iter_chunked(64 * 1024):
                found += part
                if len(found) > most:
                    raise BodyError(413)
    except TimeoutError:
        raise BodyError(408) from None
    except (web.RequestPayloadError, ConnectionError):
        raise BodyError(400) from None
    return bytes(found)
