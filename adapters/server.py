"""`serve`: every front that is configured, in one process; health pages; an orderly end."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import signal
import time
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Protocol

from aiohttp import web

from adapters.dispatcher import Dispatcher
from adapters.intake import Intake
from adapters.quiet import quiet
from adapters.sender import Carrier
from bot.bootstrap import Core, build_core
from bot.errors import GuidelineBotError, SettingsError
from bot.settings import Settings

DRAIN_SECONDS = 20.0
"""How long the requests in hand may take to finish after SIGTERM; what is left is taken up by the next start."""
HEARTBEAT, STALE = 1.0, 5.0
BODY_BYTES = 256 * 1024

log = logging.getLogger(__name__)


class Front(Protocol):
    """One platform: routes on the shared site, a connection of its own where it needs one."""

    platform: str

    @property
    def carrier(self) -> Carrier | None:
        """The way into people's direct chats; None where nobody is known."""

    def routes(self, app: web.Application) -> None:
        """Add the front's pages and endpoints."""

    async def start(self) -> None:
        """Connect. Raises SettingsError where a setting is wrong; a platform's refusal only shows in `ready`."""

    async def stop(self) -> None:
        """Take nothing new and close what is open."""

    def ready(self) -> str | None:
        """None when requests can be served, else what is missing, in words."""


def configured(settings: Settings) -> tuple[str, ...]:
    """The platforms whose settings are there; the page always is."""
    slack = settings.slack_bot_token or settings.slack_app_token or settings.slack_signing_secret
    teams = settings.teams_app_id or settings.teams_app_password or settings.teams_app_type or settings.teams_tenant_id
    return tuple(name for name, there in (("web", True), ("slack", slack), ("teams", teams)) if there)


def build_fronts(settings: Settings, core: Core, intake: Intake) -> list[Front]:
    """A front for each configured platform. Raises SettingsError where its settings or its packages are missing."""
    return [_front(name, settings, core, intake) for name in configured(settings)]


def _front(name: str, settings: Settings, core: Core, intake: Intake) -> Front:
    try:
        match name:
            case "slack":
                from adapters.slack.app import SlackFront  # noqa: PLC0415  # only who uses Slack has its packages

                return SlackFront(intake, settings, core.store.places)
            case "teams":
                from adapters.teams.app import TeamsFront  # noqa: PLC0415  # as above

                return TeamsFront(intake, settings, core.store.places)
            case _:
                from adapters.web.app import WebFront  # noqa: PLC0415  # as above

                return WebFront(intake, settings)
    except ModuleNotFoundError as error:
        raise SettingsError(
            "E215",
            f"{name} に必要な部品（{error.name}）がありません。pip install '.[{name}]' を実行してください。",
            f"{name} needs the package {error.name}: pip install '.[{name}]'.",
        ) from error


class Server:
    """One process: the site, the fronts, the worker that answers, the dispatcher of what is planned."""

    def __init__(self, settings: Settings, core: Core) -> None:
        self._settings = settings
        self._core = core
        self.intake = Intake(core.desk, core.store.inbox, core.limiter)
        self.fronts = build_fronts(settings, core, self.intake)
        self.dispatcher = Dispatcher(core.desk.courses, core.chores)
        for front in self.fronts:
            if front.carrier is not None:
                tenants = core.desk.directory.tenants(front.platform)
                self.dispatcher.register(front.platform, front.carrier, tenants)
        self._beat = time.monotonic()
        self._draining = False
        self._warm = False
        self.address = ""

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Serve inside the block; at its end take nothing new, finish what is in hand, close."""
        quiet("aiohttp.server")
        runner = web.AppRunner(self._site(), access_log=None, handle_signals=False, shutdown_timeout=DRAIN_SECONDS)
        await runner.setup()
        working = [asyncio.create_task(self.intake.run())]
        beside = [asyncio.create_task(one) for one in (self._beating(), self._warming())]
        try:
            await self._listen(runner)
            for front in self.fronts:
                await front.start()
            working.append(asyncio.create_task(self.dispatcher.run()))
            yield
        finally:
            await self._drain(runner, working, beside)
            gc.unfreeze()  # what was built may go when this server goes

    def _site(self) -> web.Application:
        app = web.Application(client_max_size=BODY_BYTES)
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/readyz", self._readyz)
        for front in self.fronts:
            front.routes(app)
        return app

    async def _listen(self, runner: web.AppRunner) -> None:
        host, port = self._settings.host, self._settings.port
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            raise SettingsError(
                "E216",
                f"{host}:{port} で待ち受けられません。別のプログラムが使っているか、アドレスが違います"
                "（GUIDELINE_BOT_PORT で変えられます）。",
                f"cannot listen on {host}:{port}; it is in use or no address of this machine (GUIDELINE_BOT_PORT).",
            ) from error
        bound = runner.addresses[0][1]
        shown = f"[{host}]" if ":" in host else host
        self.address = f"http://{shown}:{bound}"

    async def _drain(
        self, runner: web.AppRunner, working: Sequence[asyncio.Task[None]], beside: Sequence[asyncio.Task[None]]
    ) -> None:
        self._draining = True
        self.dispatcher.stop()
        for front in self.fronts:
            with contextlib.suppress(Exception):  # one front's trouble must not keep the others from closing
                await front.stop()
        self.intake.stop()
        await asyncio.wait(working, timeout=DRAIN_SECONDS)
        for task in (*working, *beside):
            task.cancel()
        await asyncio.gather(*working, *beside, return_exceptions=True)
        await runner.cleanup()

    async def _beating(self) -> None:
        while True:
            self._beat = time.monotonic()
            await asyncio.sleep(HEARTBEAT)

    async def _warming(self) -> None:
        """Build every organisation's index, cards and checker before the first question or draft waits for them."""
        ids = self._core.desk.service.knowledge.ids
        for org in sorted(ids, key=lambda one: one != self._settings.org):
            try:
                await self.intake.call(self._core.desk.cards, org)
                await self.intake.call(self._core.desk.service.checker, org)
            except GuidelineBotError as error:
                log.error("%s: %s", org, error.english)  # noqa: TRY400  # one clear line; the others are served
        # What was built stays for good: a full collection over the indexes would stop everything for 0.1-0.2 s.
        gc.collect()
        gc.freeze()
        self._warm = True

    async def _healthz(self, _request: web.Request) -> web.Response:
        alive = time.monotonic() - self._beat <= STALE
        return web.Response(text="ok" if alive else "stale", status=200 if alive else 503)

    async def _readyz(self, _request: web.Request) -> web.Response:
        """Whether requests can be served. Reasons go to the log: the page may be open to others."""
        missing = ["draining"] if self._draining else [text for one in self.fronts if (text := one.ready())]
        if not self._warm:
            missing.append("indexes are being built")
        try:
            await asyncio.wait_for(self.intake.call(self._core.store.inbox.waiting), HEARTBEAT)
        except Exception as error:  # noqa: BLE001  # whatever is wrong with the database: not ready
            missing.append(f"database: {type(error).__name__}")
        if missing:
            log.warning("not ready: %s", "; ".join(missing))
        return web.Response(text="not ready" if missing else "ok", status=503 if missing else 200)


async def serve(settings: Settings, started: Callable[[Server], None]) -> None:
    """Run until SIGTERM or SIGINT; a second signal ends at once (what is in hand stays in the inbox).

    `started` is called when everything listens. Raises SettingsError or DataError where something is set wrongly.
    """
    core = build_core(settings)
    try:
        server = Server(settings, core)
        ended = asyncio.Event()
        _on_signal(ended)
        async with server.running():
            started(server)
            await ended.wait()
    finally:
        core.store.close()


def _on_signal(ended: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    names = (signal.SIGTERM, signal.SIGINT)

    def end() -> None:
        ended.set()
        for name in names:
            loop.remove_signal_handler(name)

    with contextlib.suppress(NotImplementedError):  # Windows: Ctrl-C raises KeyboardInterrupt instead
        for name in names:
            loop.add_signal_handler(name, end)
