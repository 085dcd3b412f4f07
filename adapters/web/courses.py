"""The page of a course: its address, and the lesson that stands there when it is opened."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from adapters.web.inbound import Posted, RefusedError
from adapters.web.outbound import fitted, render
from adapters.web.pages import Pages
from adapters.web.replies import page
from bot.commands import OpenLesson
from bot.corpus.knowledge import Knowledge
from bot.outcome import Outcome

_NONE = "この団体の研修は、まだ用意されていません。"

Answer = Callable[[Posted], Awaitable[Outcome]]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Courses:
    """The route of the course. What is pressed on its page goes the way of every other press."""

    def __init__(self, knowledge: Knowledge, pages: Pages, answer: Answer) -> None:
        """`answer` asks the desk; it raises RefusedError."""
        self._knowledge = knowledge
        self._pages = pages
        self._answer = answer

    def routes(self) -> tuple[tuple[str, str, Handler], ...]:
        """Method, path, handler."""
        return (("GET", "/course/{org}", self._open),)

    async def _open(self, request: web.Request) -> web.Response:
        """The lesson that the address names, else the first: each can be opened without a script, and kept."""
        org, asked = request.match_info["org"], request.query.get("lesson", "")
        course = await asyncio.to_thread(self._pages.course, org) if org in self._knowledge.ids else None
        if course is None:
            raise RefusedError(404, _NONE)
        lesson = asked if course.lesson(asked) else course.lessons[0].id
        card = fitted((await self._answer(Posted(org, "", OpenLesson(lesson)))).card, org)
        return page(request, self._pages.lesson(course, lesson, render(card)))
