"""The Slack front: Bolt over Socket Mode (an app token) or over HTTP (a signing secret), and the way back."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from adapters.intake import DeliveryError, Intake
from adapters.pacing import Limits
from adapters.slack.carrier import SlackCarrier
from adapters.slack.checking import CheckRoom
from adapters.slack.checks import tokens
from adapters.slack.guard import Refused, body_of
from adapters.slack.inbound import PLATFORM
from adapters.slack.link import REFUSALS, Link
from adapters.slack.listening import Listeners
from adapters.slack.pressing import Desktop
from adapters.slack.sending import Poster
from adapters.slack.surface import ENDPOINT
from adapters.slack.tasks import Tasks
from adapters.slack.webapi import LIMITS, Slack
from bot.errors import SettingsError
from bot.ports import Places
from bot.settings import Settings

CONNECT_SECONDS = 10.0
"""How long the start waits for the connection before it goes on and lets it be made in the background."""
REFUSED = "token refused"
AGAIN_SECONDS = 15.0
FINISH_SECONDS = 10.0
STUMBLES = (AttributeError, IndexError, KeyError, TypeError, ValueError, RecursionError)
"""What Bolt raises at JSON of a shape that it does not expect; our listeners' errors it answers with 500 itself."""

log = logging.getLogger(__name__)


class SlackFront:
    """One workspace's Slack app."""

    platform = PLATFORM

    def __init__(
        self, intake: Intake, settings: Settings, places: Places, limits: Mapping[str, Limits] = LIMITS
    ) -> None:
        """`limits`: how fast each method of the Web API is called.

        Raises SettingsError where a token is missing or of the wrong kind.
        """
        for remark in tokens(settings):
            if remark.level == "error":
                raise SettingsError("E220", remark.text, "a Slack token is missing or of the wrong kind.")
        self._intake = intake
        self._settings = settings
        self._places = places
        self._slack = Slack(settings, limits)
        poster = Poster(self._slack, intake, places, settings.url)
        self.carrier = SlackCarrier(self._slack, poster)
        self._tasks = Tasks()
        rooms = Desktop(intake, self._slack, poster), CheckRoom(intake, self._slack, poster, self._tasks)
        self._listeners = Listeners(intake, rooms, self._tasks, self._left)
        self._bolt = self._listeners.app(self._slack.client)
        self._verifier = SignatureVerifier(str(settings.slack_signing_secret or "-"))
        self._link: Link | None = None
        self._greeting: asyncio.Task[None] | None = None
        self._connecting: asyncio.Task[None] | None = None
        self._trouble: str | None = "not started"
        self._closed = False
        self._stopping = False
        intake.register(PLATFORM, poster.send)

    def routes(self, app: web.Application) -> None:
        """HTTP mode's endpoint; Socket Mode has none."""
        if not self._settings.slack_app_token:
            app.router.add_post(ENDPOINT, self._receive)

    async def start(self) -> None:
        """Check the bot token and connect.

        Where Slack cannot be reached it goes on trying, and `ready` says so. Where Slack refuses a token the front
        stays closed until the next start; the log says which token, and the other fronts are not disturbed.
        """
        self._stopping = self._closed = False
        await self._greet()
        if self._trouble and not self._closed:
            self._greeting = asyncio.create_task(self._keep_greeting())
        if self._settings.slack_app_token and not self._closed:
            await self._connect(str(self._settings.slack_app_token))

    async def stop(self) -> None:
        """Take nothing new, finish what was begun. Answers in the making can still be sent."""
        self._stopping = True
        self._slack.halt()
        await _end(self._greeting)
        await self._unlink()
        await self._tasks.finish(FINISH_SECONDS)
        await self._slack.close()

    def ready(self) -> str | None:
        """None while requests can be taken and answered; else what is missing."""
        if self._closed:
            return f"slack: {REFUSED}"
        if self._trouble:
            return f"slack: {self._trouble}"
        if not self._settings.slack_app_token:
            return None
        trouble = self._link.trouble() if self._link else "socket mode: not connected"
        return f"slack: {trouble}" if trouble else None

    async def _greet(self) -> None:
        """Whose token it is."""
        try:
            own = await self._slack.call("auth.test")
        except DeliveryError as error:
            if error.reason in REFUSALS:
                await self._close("GUIDELINE_BOT_SLACK_BOT_TOKEN", error.reason)
                return
            self._trouble = error.reason
            log.warning("Slack does not answer: %s", error.reason)
            return
        tenant = str(own.get("team_id") or "")
        self._listeners.bot = str(own.get("user_id") or "")
        if await self._intake.call(self._places.gone, PLATFORM, tenant):  # the token works: installed again
            await self._intake.call(self._intake.desk.courses.resume, tenant, "left")
            await self._intake.call(self._places.returned, PLATFORM, tenant)  # last: cut off before, all is done again
        if tenant in self._intake.desk.directory.tenants(PLATFORM):
            self.carrier.team = tenant
        else:
            log.warning("the workspace of the bot token is not served: %s", tenant)
        self._trouble = None

    async def _keep_greeting(self) -> None:
        while self._trouble and not self._closed:
            await asyncio.sleep(AGAIN_SECONDS)
            await self._greet()

    async def _close(self, variable: str, code: str) -> None:
        """Take nothing any more: Slack refuses a token, which no patience mends."""
        self._closed = True
        log.error("Slack refuses %s (%s): compare it with the app's page", variable, code)
        await self._unlink()

    async def _unlink(self) -> None:
        await _end(self._connecting)
        if self._link is not None:
            await self._link.close()  # type: ignore[no-untyped-call]  # the SDK's
            self._link = None

    async def _connect(self, app_token: str) -> None:
        link = Link(app_token, self._slack.client)
        link.socket_mode_request_listeners.append(self._arrived)
        self._link = link
        self._connecting = asyncio.create_task(link.connect())  # type: ignore[no-untyped-call]  # the SDK's
        waited = 0.0
        while not self._connecting.done() and waited < CONNECT_SECONDS:
            if link.refused:
                await self._close("GUIDELINE_BOT_SLACK_APP_TOKEN", link.refused)
                return
            await asyncio.sleep(0.02)
            waited += 0.02

    async def _arrived(self, client: AsyncBaseSocketModeClient, envelope: SocketModeRequest) -> None:
        """One envelope: acknowledged when its listener is done, so when the request is stored."""
        try:
            response = await run_async_bolt_app(self._bolt, envelope)
        except STUMBLES:
            response = BoltResponse(status=400, body="")
        if 400 <= response.status < 500:  # unacknowledged, it would come again and again
            response = BoltResponse(status=200, body="")
        await send_async_response(client, envelope, response, time.time())

    async def _receive(self, request: web.Request) -> web.Response:
        if self._stopping or self._closed:
            return web.Response(status=503)  # Slack delivers again, to whoever runs then
        try:
            body = await body_of(request, self._verifier)
            bolt_request = AsyncBoltRequest(body=body, headers=dict(request.headers))
            response = await self._bolt.async_dispatch(bolt_request)
        except Refused as refused:
            return web.Response(status=refused.status)
        except STUMBLES:
            return web.Response(status=400)
        return await to_aiohttp_response(response)

    async def _left(self, tenant: str) -> None:
        """Uninstalled or revoked: forget the workspace's places, what waits for it and what is planned."""
        log.warning("the workspace has left: %s", tenant)
        courses = self._intake.desk.courses
        await self._intake.call(self._places.left, PLATFORM, tenant)
        await self._intake.cancel(PLATFORM, tenant)
        await self._intake.call(courses.outbox.cancel, PLATFORM, tenant)
        await self._intake.call(courses.stop, tenant, None, "left")


async def _end(task: asyncio.Task[None] | None) -> None:
    if task is not None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
