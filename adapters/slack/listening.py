"""Bolt's listeners: translate, accept for good, acknowledge. What needs no store runs on as a task of ours."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable
from traceback import format_tb
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from adapters.intake import Intake
from adapters.quiet import quiet
from adapters.slack import drafts, inbound, views
from adapters.slack.checking import CheckRoom
from adapters.slack.payloads import Payload, text_of, unmarked
from adapters.slack.pressing import Desktop
from adapters.slack.surface import (
    ASK_VIEW,
    CHECK_COMMAND,
    CHECK_GLOBAL,
    CHECK_MESSAGE,
    CHECK_VIEW,
    COMMAND,
    SHORTCUT_GLOBAL,
    SHORTCUT_MESSAGE,
    event_types,
)
from adapters.slack.tasks import Tasks
from bot.commands import OpenCheck, Request

ANYTHING = re.compile(".*", re.DOTALL)
VIEW_SECONDS = 2.5
"""An answer in a modal has three seconds."""

Ack = Callable[..., Awaitable[Any]]
Listener = Callable[[Payload, Ack], Awaitable[None]]
Left = Callable[[str], Awaitable[None]]

BOLT = "adapters.slack.bolt"

log = logging.getLogger(__name__)


class UnstoredError(Exception):
    """A listener failed before its request was safe: Slack must deliver it again."""


class Listeners:
    """All that Slack may send us. `gone` are workspaces that have left: nothing is done for them any more."""

    def __init__(self, intake: Intake, rooms: tuple[Desktop, CheckRoom], tasks: Tasks, left: Left) -> None:
        self._intake = intake
        self._desktop, self._checks = rooms
        self._tasks = tasks
        self._left = left
        self.bot = ""
        """The bot's user id, once known."""
        self.gone: set[str] = set()
        self.events: dict[str, Listener] = {
            "app_mention": self._post,
            "message": self._post,
            "app_home_opened": self._opened,
            "team_join": self._joined,
            "app_uninstalled": self._uninstalled,
            "tokens_revoked": self._uninstalled,
        }

    def app(self, web: AsyncWebClient) -> AsyncApp:
        """A Bolt app with every listener. It holds no token: only our own client calls Slack."""
        bolt = AsyncApp(
            name="guideline-bot",
            logger=quiet(BOLT),
            client=AsyncWebClient(base_url=web.base_url, logger=quiet(BOLT), retry_handlers=[]),
            authorize=_authorize,
            signing_secret="checked-before",  # noqa: S106  # guard.py checks signatures, before anything is parsed
            request_verification_enabled=False,
            process_before_response=True,  # the acknowledgement waits for the listener: stored first
            raise_error_for_unhandled_request=True,
            ignoring_self_events_enabled=False,  # inbound.py knows, and takes any shape
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        if set(self.events) != set(event_types()):
            raise AssertionError("listeners and manifest differ")
        for name, listener in self.events.items():
            bolt.event(name)(_bolted(listener))
        bolt.command(COMMAND)(_bolted(self._command))
        bolt.command(CHECK_COMMAND)(_bolted(self._check_command))
        for kind, ask, check in (
            ("message_action", SHORTCUT_MESSAGE, CHECK_MESSAGE),
            ("shortcut", SHORTCUT_GLOBAL, CHECK_GLOBAL),
        ):
            bolt.shortcut({"type": kind, "callback_id": ask})(_bolted(self._shortcut))
            bolt.shortcut({"type": kind, "callback_id": check})(_bolted(self._check_shortcut))
        bolt.view(ASK_VIEW)(_bolted(self._submitted))
        bolt.view(CHECK_VIEW)(_bolted(self._check_submitted))
        bolt.action(ANYTHING)(_bolted(self._pressed))
        for anything in (bolt.event, bolt.command, bolt.shortcut, bolt.view, bolt.options):
            anything(ANYTHING)(_bolted(_ignored))  # whatever else comes is acknowledged, or Slack sends it for ever
        bolt.error(_failed)
        return bolt

    async def _post(self, body: Payload, ack: Ack) -> None:
        post = inbound.from_post(body, self._now(), self.bot)
        if post is not None and (not post.unasked or await self._takes_part(post.request)):
            await self._accept(post.request)
        await ack()

    async def _joined(self, body: Payload, ack: Ack) -> None:
        request = inbound.from_join(body, self._now())
        if request is not None:
            await self._accept(request)
        await ack()

    async def _command(self, body: Payload, ack: Ack) -> None:
        request = inbound.from_command(body, self._now())
        if request is not None:
            await self._accept(request)
        await ack()

    async def _pressed(self, body: Payload, ack: Ack) -> None:
        press = inbound.from_press(body, self._now())
        if press is not None and press.request.sender.tenant not in self.gone:
            if press.kept:
                await self._accept(press.request)
            elif isinstance(press.request.command, OpenCheck):
                self._begin(drafts.from_press(press))
            else:
                self._tasks.start(self._desktop.pressed(press))
        await ack()

    async def _shortcut(self, body: Payload, ack: Ack) -> None:
        sender = inbound.from_shortcut(body)
        if sender is not None and self._served(sender.tenant) and self._intake.desk.serves(sender):
            draft = unmarked(text_of(body, "message", "text"))
            self._tasks.start(self._desktop.asking(text_of(body, "trigger_id"), sender.channel, draft))
        await ack()

    async def _submitted(self, body: Payload, ack: Ack) -> None:
        request = inbound.from_submission(body, views.typed(body), self._now())
        view = None
        if request is not None and self._served(request.sender.tenant):
            view = await self._desktop.answered(request, VIEW_SECONDS)
        await (ack() if view is None else ack(response_action="update", view=view))

    async def _check_command(self, body: Payload, ack: Ack) -> None:
        self._begin(drafts.from_command(body, self._now()))
        await ack()

    async def _check_shortcut(self, body: Payload, ack: Ack) -> None:
        self._begin(drafts.from_shortcut(body, self._now()))
        await ack()

    async def _check_submitted(self, body: Payload, ack: Ack) -> None:
        sent = drafts.from_submission(body, self._now())
        said = await self._checks.sent(sent) if sent is not None and self._served(sent.request.sender.tenant) else {}
        await ack(**said)

    def _begin(self, begun: drafts.Begun | None) -> None:
        """A draft's request: never stored, so nothing of it waits for the acknowledgement."""
        if begun is not None and self._served(begun.request.sender.tenant):
            self._tasks.start(self._checks.begun(begun))

    async def _opened(self, body: Payload, ack: Ack) -> None:
        opened = inbound.from_opened(body)
        if opened is not None and self._served(opened.sender.tenant):
            self._tasks.start(self._desktop.opened(opened, self._now()))
        await ack()

    async def _uninstalled(self, body: Payload, ack: Ack) -> None:
        tenant = inbound.left(body)
        if tenant is not None:
            self.gone.add(tenant)
            await self._left(tenant)
        await ack()

    async def _accept(self, request: Request) -> None:
        if self._served(request.sender.tenant):
            await self._intake.accept(request)

    async def _takes_part(self, request: Request) -> bool:
        return self._intake.desk.serves(request.sender) and await self._intake.engaged(request)

    def _served(self, tenant: str) -> bool:
        return tenant not in self.gone

    def _now(self) -> float:
        return self._intake.desk.clock.now()


def _bolted(listener: Listener) -> Callable[..., Awaitable[None]]:
    """A listener as Bolt calls it, by the names of its parameters."""

    async def listen(body: Payload, ack: Ack) -> None:
        try:
            await listener(body, ack)
        except Exception as error:
            raise UnstoredError from error

    return listen


async def _ignored(_body: Payload, ack: Ack) -> None:
    await ack()


async def _authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
    """No call to Slack for each event, and no token in Bolt's hands. Who is served is decided by the intake."""
    return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)


async def _failed(error: Exception) -> BoltResponse:
    """500 makes Slack deliver again; a shape at which Bolt itself stumbles would stumble again."""
    if isinstance(error, BoltUnhandledRequestError):
        return BoltResponse(status=200, body="")
    cause = error.__cause__ if isinstance(error, UnstoredError) and error.__cause__ else error
    log.error("cannot take a request: %s\n%s", type(cause).__name__, "".join(format_tb(cause.__traceback__)))
    return BoltResponse(status=500 if isinstance(error, UnstoredError) else 400, body="")
