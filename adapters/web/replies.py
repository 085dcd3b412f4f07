"""What goes back to the browser: pages, JSON, files; and the body of what came."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web

from adapters.bodies import BodyError, read
from adapters.web.assets import etag
from adapters.web.guard import too_large
from adapters.web.inbound import RefusedError

UNKEPT = {"Cache-Control": "no-store"}
"""Of every reply that belongs to what somebody typed."""

_BROKEN = "送られたデータを読めませんでした。もう一度送ってください。"


async def body_of(request: web.Request, most: int) -> bytes:
    """The body, read no further than it may be long. Raises RefusedError."""
    try:
        return await read(request, most)
    except BodyError as error:
        raise (too_large() if error.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE else broken(error.status)) from error


def broken(status: int = 400) -> RefusedError:
    """The refusal of a body that does not hold together."""
    return RefusedError(status, _BROKEN)


def page(request: web.Request, html: str) -> web.Response:
    """A page that is asked for anew each time, and sent again only when it has changed."""
    body = html.encode()
    headers = {"ETag": etag(body), "Cache-Control": "no-cache"}
    if unchanged(request, headers["ETag"]):
        return web.Response(status=304, headers=headers)
    return web.Response(body=body, content_type="text/html", charset="utf-8", headers=headers)


def unkept_page(html: str, status: int = 200, **headers: str) -> web.Response:
    """A page that no browser and no proxy keeps."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return web.Response(text=html, status=status, content_type="text/html", headers=UNKEPT | named)


def unchanged(request: web.Request, tag: str) -> bool:
    """Whether the browser has this edition already."""
    named = request.headers.get("If-None-Match", "")
    return tag in (one.strip().removeprefix("W/") for one in named.split(","))


def as_json(content: Mapping[str, object], status: int = 200) -> web.Response:
    """A reply for a script; never kept."""
    body = json.dumps(content, ensure_ascii=False)
    return web.Response(text=body, status=status, content_type="application/json", headers=UNKEPT)
