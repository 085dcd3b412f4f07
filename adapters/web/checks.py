"""The page for drafts: its address, the check while somebody types, pictures and their cleaned copies.

A draft passes through here on its way to the desk and back; it is never kept, logged or put into an address.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import parse_qsl, quote

from aiohttp import web

from adapters.web.guard import CHECK_BYTES, FILES, FORM, JSON
from adapters.web.inbound import Posted, RefusedError, check_of, read_check
from adapters.web.outbound import fitted, marks, of_pictures, render
from adapters.web.pages import Pages
from adapters.web.replies import UNKEPT, as_json, body_of, broken, unkept_page
from adapters.web.uploads import MOST_BYTES, Uploads
from bot.blocks import Form
from bot.commands import Check, OpenCheck, Picture
from bot.corpus.knowledge import Knowledge
from bot.drafts.images import read_image, stripped
from bot.errors import UsageError
from bot.outcome import Outcome

SECONDS = 15.0
"""How long a check may take before the page is told so; the longest draft takes a small part of one."""

KINDS = {
    "/check": {FORM: CHECK_BYTES},
    "/api/check": {JSON: CHECK_BYTES, FILES: MOST_BYTES + 2 * CHECK_BYTES},
    "/api/strip": {FILES: MOST_BYTES + 2 * CHECK_BYTES},
}
"""What may be posted where, and how many bytes of it."""

_SLOW = "点検に時間がかかりすぎています。もう一度送ってください。"
_ONE = "画像を1点送ってください。"
_CLEANED = "{stem}_情報なし.{kind}"
_TYPES = (b"\xff\xd8", "jpg", "image/jpeg"), (b"\x89PNG", "png", "image/png"), (b"GIF", "gif", "image/gif")
_REFERRER = "same-origin"
"""Else a browser calls the origin of a plain form `null`. The page's own address is no secret: no draft is in it."""

T = TypeVar("T")

Answer = Callable[[Posted], Awaitable[Outcome]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Checks:
    """The routes for drafts. `answer` asks the desk; it raises RefusedError."""

    def __init__(self, knowledge: Knowledge, pages: Pages, answer: Answer) -> None:
        self._knowledge = knowledge
        self._pages = pages
        self._answer = answer
        self._uploads = Uploads()

    def routes(self) -> tuple[tuple[str, str, Handler], ...]:
        """Method, path, handler."""
        return (
            ("GET", "/check", self._open),
            ("POST", "/check", self._plain),
            ("POST", "/api/check", self._check),
            ("POST", "/api/strip", self._strip),
        )

    async def _open(self, request: web.Request) -> web.Response:
        asked = request.query.get("org")
        org = self._pages.preset() if asked is None else asked if asked in self._knowledge.ids else None
        html = await self._page(org, OpenCheck())
        return unkept_page(html, Referrer_Policy=_REFERRER)

    async def _page(self, org: str | None, opened: OpenCheck, report: str = "") -> str:
        if org is None:
            return await asyncio.to_thread(self._pages.check, None)
        card = (await self._in_time(Posted(org, "", opened))).card
        form = next((block for block in card.blocks if isinstance(block, Form)), None)
        if form is None:
            raise RefusedError(500, card.fallback)
        return self._pages.check(org, form, report)

    async def _plain(self, request: web.Request) -> web.Response:
        """The form as browsers without scripts send it; the report is a page."""
        body = await body_of(request, CHECK_BYTES)
        try:
            pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="replace", max_num_fields=16)
        except ValueError:
            raise broken() from None
        fields = dict(pairs)
        fields["text"] = fields.get("text", "").replace("\r\n", "\n")
        posted = check_of(fields)
        outcome = await self._in_time(posted)
        if not isinstance(posted.command, Check):
            raise broken()
        opened = OpenCheck(posted.command.text, posted.command.account)
        html = await self._page(posted.org, opened, render(fitted(outcome.card, posted.org)))
        return unkept_page(html, Referrer_Policy=_REFERRER)

    async def _check(self, request: web.Request) -> web.Response:
        if request.content_type != FILES:
            return await self._checked(read_check(await body_of(request, CHECK_BYTES)))
        async with self._uploads.reading(request) as upload:
            for picture in upload.pictures:
                await _named(read_image, picture)
            return await self._checked(check_of(upload.fields, upload.pictures))

    async def _checked(self, posted: Posted) -> web.Response:
        command = posted.command
        if not isinstance(command, Check):
            raise broken()
        outcome = await self._in_time(posted)
        card, report = fitted(outcome.card, posted.org), outcome.report
        if report is None:
            return as_json({"html": render(card), "text": card.fallback, "verdict": None, "marks": []})
        if command.pictures and not command.text.strip():
            card = of_pictures(card)
        found = marks(command.text, report)
        return as_json({"html": render(card), "text": card.fallback, "verdict": report.verdict, "marks": found})

    async def _strip(self, request: web.Request) -> web.Response:
        async with self._uploads.reading(request) as upload:
            if len(upload.pictures) != 1:
                raise RefusedError(400, _ONE)
            (picture,) = upload.pictures
            cleaned = await _named(stripped, picture)
        kind, media = next(((kind, media) for magic, kind, media in _TYPES if cleaned.startswith(magic)), _WEBP)
        name = _CLEANED.format(stem=picture.name.rpartition(".")[0] or picture.name, kind=kind)
        disposition = f"attachment; filename=\"picture.{kind}\"; filename*=UTF-8''{quote(name, safe='')}"
        headers = UNKEPT | {"Content-Disposition": disposition}
        return web.Response(body=cleaned, content_type=media, headers=headers)

    async def _in_time(self, posted: Posted) -> Outcome:
        try:
            async with asyncio.timeout(SECONDS):
                return await self._answer(posted)
        except TimeoutError:
            raise RefusedError(503, _SLOW) from None


_WEBP = "webp", "image/webp"


async def _named(read: Callable[[bytes], T], picture: Picture) -> T:
    """What comes of reading a picture; a refusal names it."""
    try:
        return await asyncio.to_thread(read, picture.data)
    except UsageError as error:
        raise RefusedError(HTTPStatus.UNPROCESSABLE_ENTITY, f"「{picture.name}」: {error.japanese}") from None
