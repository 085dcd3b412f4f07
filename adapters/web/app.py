"""The page: routes, what each answers, and the checks that stand before them."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from traceback import format_tb

from aiohttp import web

from adapters.intake import Intake
from adapters.web.assets import Assets
from adapters.web.checks import KINDS, Checks
from adapters.web.courses import Courses
from adapters.web.guard import BODY_BYTES, HEADERS, JSON, Guard
from adapters.web.inbound import Posted, RefusedError, read_press, read_question
from adapters.web.onboarding import Standings
from adapters.web.outbound import fitted, render
from adapters.web.pages import Pages
from adapters.web.replies import as_json, body_of, page, unchanged, unkept_page
from bot.blocks import Copyable
from bot.commands import Request, Sender
from bot.limits import RateLimiter
from bot.outcome import Outcome
from bot.settings import Settings

TENANT = "web"
PER_ADDRESS = 600
"""Requests of one address in a minute; behind a proxy a whole town hall has one address."""
YEAR = "public, max-age=31536000, immutable"

_MISSING = "お探しのページはありません。アドレスが変わったか、書き間違いかもしれません。"
_METHOD = "このアドレスは、この開き方では使えません。"
_FAILED = "こちらの不具合で表示できませんでした。少し待って、もう一度お試しください。"
_BUSY = "続けてたくさんの要求が届いています。1分ほど待ってから、もう一度お試しください。"
_NO_ORG = "その団体のガイドラインは登録されていません。"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = logging.getLogger(__name__)


class WebFront:
    """The local web page: asks and presses are answered in the request itself; nothing is kept about visitors."""

    platform = "web"
    carrier = None

    def __init__(self, intake: Intake, settings: Settings) -> None:
        self._intake = intake
        self._settings = settings
        self._knowledge = intake.desk.service.knowledge
        self._guard = Guard(settings)
        self._assets = Assets()
        self._pages = Pages(self._knowledge, self._assets.version, settings.org)
        self._checks = Checks(self._knowledge, self._pages, self._outcome)
        self._courses = Courses(self._knowledge, self._pages, self._outcome)
        self._standings = Standings(intake, settings, self._assets.version)
        self._addresses = RateLimiter(intake.desk.clock, PER_ADDRESS)
        self._own: set[object] = set()

    def routes(self, app: web.Application) -> None:
        """The pages, the files they need, the endpoints; and a page for whatever is not found."""
        served: tuple[tuple[str, str, Handler], ...] = (
            ("GET", "/", self._home),
            ("GET", "/about", self._about),
            ("GET", "/guidelines/{org}", self._document),
            ("GET", "/static/{version}/{name}", self._static),
            ("POST", "/api/ask", self._ask),
            ("POST", "/api/press", self._press),
            *self._checks.routes(),
            *self._courses.routes(),
            *self._standings.routes(),
        )
        for method, path, handler in served:
            (app.router.add_get if method == "GET" else app.router.add_post)(path, handler)
        self._own = {handler for _, _, handler in served}
        app.middlewares.append(self._guarded)

    async def start(self) -> None:
        """Check the preselected organisation. Raises SettingsError for an unknown one."""
        if self._settings.org:
            self._knowledge.folder(self._settings.org)
        if not self._settings.loopback:
            log.warning(
                "the page can be opened from other machines (%s); it asks nobody to log in", self._settings.host
            )

    async def stop(self) -> None:
        """Requests in hand are the site's to finish."""

    def ready(self) -> str | None:
        """Always: an index that is not built yet is built at its first question."""
        return None

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Checks before, headers behind, every error as a page or as one line of JSON. Other fronts' routes pass."""
        match = request.match_info
        if match.http_exception is None and match.handler not in self._own:
            return await handler(request)
        try:
            self._check(request)
            response = await handler(request)
        except RefusedError as error:
            response = self._refused(request, error.status, error.japanese)
        except web.HTTPException as error:
            wrong_method = error.status == HTTPStatus.METHOD_NOT_ALLOWED
            response = self._refused(request, error.status, _METHOD if wrong_method else _MISSING)
            if "Allow" in error.headers:
                response.headers["Allow"] = error.headers["Allow"]
        except Exception as error:  # noqa: BLE001  # the visitor gets a page, the log gets no person's words
            where = "".join(format_tb(error.__traceback__))
            log.error("cannot serve %s: %s\n%s", match.handler.__name__, type(error).__name__, where)  # noqa: TRY400
            response = self._refused(request, 500, _FAILED)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    def _check(self, request: web.Request) -> None:
        host = request.headers.get("Host")
        self._guard.host(host)
        if request.method == "POST":
            self._guard.posted(request.headers, host, KINDS.get(request.path, {JSON: BODY_BYTES}))
            address = request.remote or ""
            if self._addresses.check(Sender(self.platform, "address", address, "", "")) != "ok":
                raise RefusedError(429, _BUSY)

    async def _home(self, request: web.Request) -> web.Response:
        asked = request.query.get("org")
        known = asked if asked in self._knowledge.ids else None
        return page(request, await self._intake.call(self._pages.home, known))

    async def _about(self, request: web.Request) -> web.Response:
        return page(request, self._pages.about())

    async def _document(self, request: web.Request) -> web.Response:
        org = request.match_info["org"]
        if org not in self._knowledge.ids:
            raise RefusedError(404, _NO_ORG)
        return page(request, await self._intake.call(self._pages.document, org))

    async def _static(self, request: web.Request) -> web.Response:
        asset = self._assets.get(request.match_info["name"])
        if asset is None:
            raise RefusedError(404, _MISSING)
        current = request.match_info["version"] == self._assets.version
        headers = {"ETag": asset.etag, "Cache-Control": YEAR if current else "no-cache"}
        if unchanged(request, asset.etag):
            return web.Response(status=304, headers=headers)
        return web.Response(body=asset.body, content_type=asset.content_type, charset="utf-8", headers=headers)

    async def _ask(self, request: web.Request) -> web.Response:
        posted = read_question(await body_of(request, BODY_BYTES))
        card = fitted((await self._outcome(posted)).card, posted.org)
        logged = None
        if card.answer is not None:
            logged = await self._intake.call(self._intake.desk.records.answer, TENANT, card.answer)
        status = "said" if logged is None else logged.status
        return as_json({"id": card.answer, "status": status, "html": render(card), "text": card.fallback})

    async def _press(self, request: web.Request) -> web.Response:
        posted = read_press(await body_of(request, BODY_BYTES))
        card = fitted((await self._outcome(posted)).card, posted.org)
        copied = next((block.text for block in card.blocks if isinstance(block, Copyable)), None)
        return as_json({"html": render(card), "text": card.fallback, "copy": copied})

    async def _outcome(self, posted: Posted) -> Outcome:
        visit = posted.visit or secrets.token_urlsafe(12)
        sender = Sender(self.platform, TENANT, visit, posted.org, f"{posted.org}/{visit}")
        wanted = Request(secrets.token_hex(16), sender, posted.command, "", self._intake.desk.clock.now())
        outcome = await self._intake.answer(wanted)
        if outcome is None:
            raise RefusedError(404, _NO_ORG)
        # So that the page offers to send it again; such a card says so in words and is no answer.
        if outcome == Outcome(self._intake.desk.busy()):
            raise RefusedError(429, outcome.card.fallback)
        if outcome == Outcome(self._intake.desk.trouble()):
            raise RefusedError(500, outcome.card.fallback)
        return outcome

    def _refused(self, request: web.Request, status: int, text: str) -> web.Response:
        if request.path.startswith("/api/"):
            return as_json({"error": text}, status)
        return unkept_page(self._pages.error(status, text), status)
