"""The Teams front: one endpoint, a strict door before it, botbuilder's turn behind it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Mapping
from typing import Any

import aiohttp
from aiohttp import web
from botbuilder.core import TurnContext  # type: ignore[import-untyped]
from botbuilder.schema import Activity, ChannelAccount, ConversationAccount  # type: ignore[import-untyped]
from botframework.connector.auth import AppCredentials  # type: ignore[import-untyped]

from adapters import bodies
from adapters.intake import Intake
from adapters.pacing import Limits, Pacer
from adapters.teams.acquaintances import Acquaintances
from adapters.teams.answering import ForeignError
from adapters.teams.carrier import TeamsCarrier
from adapters.teams.config import METADATA, registration, service_urls
from adapters.teams.connector import LIMITS, Connector
from adapters.teams.credentials import Tokens, credentials
from adapters.teams.delivery import Delivery
from adapters.teams.handler import INCOMING, Handler
from adapters.teams.inbound import PLATFORM, Incoming, MalformedError, incoming, loads
from adapters.teams.mails import Mails
from adapters.teams.outbound import Renderer
from adapters.teams.tokens import CHANNEL, KeyRing, NoKeysError, RefusedError, check
from adapters.teams.turns import Adapter
from bot.commands import Request, Sender
from bot.outcome import Outcome
from bot.ports import Places
from bot.settings import Settings, is_loopback

ENDPOINT = "/api/messages"
MOST_BYTES = 256 * 1024
TURN_SECONDS = 10.0

log = logging.getLogger(__name__)


class TeamsFront:
    """Teams as one of the process's fronts. Raises SettingsError where the registration is incomplete."""

    platform = PLATFORM

    def __init__(
        self,
        intake: Intake,
        settings: Settings,
        places: Places,
        sdk_credentials: AppCredentials | None = None,
        limits: Limits = LIMITS,
    ) -> None:
        """`sdk_credentials`: in place of those that the settings name. `limits`: how fast the connector is called."""
        self._registration = registration(settings)
        self._urls = service_urls(settings)
        self._intake = intake
        self._renderer = Renderer(settings.url)
        self._ring = KeyRing(settings.teams_metadata or METADATA)
        self._tokens = Tokens(sdk_credentials or credentials(self._registration))
        self._mails = Mails(intake, places)
        self._known = Acquaintances(intake, places, self._mails)
        self.carrier = TeamsCarrier(self._known, self._mails, self._renderer)
        self._pacer = Pacer(limits)
        self._handler = Handler(intake, self._renderer, self._known, self._send)
        self._session: aiohttp.ClientSession | None = None
        self._adapter = Adapter()
        self._delivery: Delivery | None = None
        self._refreshing: asyncio.Task[None] | None = None
        self._stopping = False
        intake.register(PLATFORM, self._send)

    def routes(self, app: web.Application) -> None:
        """Add the endpoint. The session is closed with the site: until then the workers still send."""
        app.router.add_post(ENDPOINT, self._messages)
        app.on_cleanup.append(self._close)

    async def start(self) -> None:
        """Open the session and begin to fetch the keys; does not wait for them."""
        self._session = aiohttp.ClientSession(trust_env=True)  # the town's proxy
        connector = Connector(self._session, self._tokens, self._urls, self._pacer)
        self.carrier.connector = self._mails.connector = connector
        self._delivery = Delivery(self._intake, connector, self._renderer, self._known)
        if self._registration is None:
            log.warning("Teams: no app id; development only: callers are not checked, only this machine is served")
        else:
            self._refreshing = asyncio.create_task(self._ring.run(self._session))

    async def stop(self) -> None:
        """Let nobody in any more; the platform comes again. What is in hand can still be sent."""
        self._stopping = True
        self._pacer.halt()
        if self._refreshing is not None:
            self._refreshing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._refreshing
            self._refreshing = None

    def ready(self) -> str | None:
        """None when activities can be checked, else what is missing."""
        if self._session is None:
            return "Teams: not started"
        if self._registration is not None and not self._ring.loaded.is_set():
            return "Teams: the signing keys have not been fetched yet"
        return None

    async def _close(self, _app: web.Application) -> None:
        await self._mails.finished()
        self._tokens.close()
        self._handler.close()
        if self._delivery is not None:
            await self._delivery.finished()
        if self._session is not None:
            await self._session.close()

    async def _send(self, request: Request, outcome: Outcome) -> None:
        if self._delivery is None:
            raise RuntimeError("not started")
        await self._delivery.send(request, outcome)

    async def _messages(self, asked: web.Request) -> web.Response:
        """One activity. Every call that is not the platform's ends in 4xx; nothing of it is kept."""
        try:
            claims = await self._claims(asked)
            if asked.content_type != "application/json":
                raise bodies.BodyError(415)  # noqa: TRY301  # one place says what a refusal is answered with
            activity = incoming(loads(await bodies.read(asked, MOST_BYTES)))
            self._check(activity, claims)
            return await self._turn(activity, claims)
        except bodies.BodyError as error:
            refused = web.Response(status=error.status)
            refused.force_close()  # what is left of the body would stand before the next request
            return refused
        except RefusedError as error:
            log.warning("Teams: refused (%s)", error.reason)
            return web.Response(status=401)
        except MalformedError as error:
            log.warning("Teams: malformed (%s)", error.reason)
            return web.Response(status=400)
        except ForeignError:
            return web.Response(status=403)
        except NoKeysError:
            return web.Response(status=503, headers={"Retry-After": "30"})

    async def _claims(self, asked: web.Request) -> Mapping[str, Any]:
        if self._session is None or self._stopping:
            raise NoKeysError
        if self._registration is None:
            if not is_loopback(asked.remote or "") or not is_loopback(asked.url.host or ""):
                raise RefusedError("development, and not from this machine")
            if any(name.lower() == "forwarded" or name.lower().startswith("x-forwarded-") for name in asked.headers):
                raise RefusedError("development, and through a proxy")  # before which everybody looks like this machine
            return {}
        return await check(asked.headers.get("Authorization"), self._ring, self._session, self._registration.app_id)

    def _check(self, activity: Incoming, claims: Mapping[str, Any]) -> None:
        """The token is for this activity, the activity is of this platform and of a tenant that is served.

        Nothing that somebody wrote is looked at before.
        """
        if self._registration is not None and claims.get("serviceurl") != activity.service_url:
            raise RefusedError("service address and token differ")
        if activity.channel_id != CHANNEL:
            raise RefusedError("channel")
        if not self._urls.trusted(activity.service_url):
            raise RefusedError("service address")
        sender = Sender(PLATFORM, activity.tenant, activity.user, activity.place, activity.conversation)
        if not activity.tenant or not self._intake.desk.serves(sender):
            log.warning("Teams: a tenant that is not served: %s", activity.tenant)
            raise ForeignError
        if activity.visitor:
            log.warning("Teams: a sender of another tenant: %s", activity.homes)
            raise ForeignError

    async def _turn(self, activity: Incoming, claims: Mapping[str, Any]) -> web.Response:
        async def logic(context: TurnContext) -> None:
            context.turn_state[INCOMING] = activity
            await self._handler.on_turn(context)

        try:
            async with asyncio.timeout(TURN_SECONDS):
                answer = await self._adapter.process_activity(self._adapter.let_in(claims), _handled(activity), logic)
        except ForeignError:
            raise
        except Exception as error:  # noqa: BLE001  # ours, not the caller's: the platform may try again
            log.error("Teams: a turn failed: %s", type(error).__name__)  # noqa: TRY400  # a trace may hold its text
            return web.Response(status=503)
        if answer is None:
            return web.Response(status=201)
        return (
            web.json_response(answer.body, status=answer.status, dumps=_dumps)
            if answer.body is not None
            else web.Response(status=answer.status)
        )


def _dumps(body: object) -> str:
    """JSON as it is counted: escaped into ASCII, a long draft would be twice as many bytes."""
    return json.dumps(body, ensure_ascii=False)


def _handled(activity: Incoming) -> Activity:
    """The SDK's own record, of what its turn looks at: reading all of a body, it takes seconds over a long list."""
    return Activity(
        type=activity.type,
        id=activity.id,
        name=activity.name,
        channel_id=activity.channel_id,
        service_url=activity.service_url,
        from_property=ChannelAccount(id=activity.user_id),
        recipient=ChannelAccount(id=activity.bot_id),
        conversation=ConversationAccount(id=activity.conversation, tenant_id=activity.tenant),
    )
