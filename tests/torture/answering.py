"""A process that can be killed: it accepts over loopback, answers by POSTing to a mock platform.

Started by exec with a JSON object: `database`, `mock`, `lease`. It gets warm, waits for a line on stdin, opens the
database and prints its port. SIGTERM drains it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
from typing import Any

import aiohttp
from aiohttp import web

from adapters.intake import DeliveryError, Intake
from bot.bootstrap import RandomIdentities, SystemClock, build_service
from bot.commands import Acknowledge, Question, Request, Sender
from bot.desk import Desk
from bot.directory import Directory, Workspace
from bot.limits import RateLimiter
from bot.outcome import Outcome
from bot.service import Service
from bot.settings import from_env
from bot.store import inbox
from bot.store.database import Store, open_store

ORG = "asahikawa"
"""Also the organisation whose course is acknowledged."""


def main() -> None:
    """Get warm, wait, serve."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")
    given = json.loads(sys.argv[1])
    service = build_service(from_env(os.environ))
    service.answerer(ORG)
    inbox.LEASE = given["lease"]
    print("warm", flush=True)
    if sys.stdin.readline():
        asyncio.run(serve(service, given))


async def serve(service: Service, given: dict[str, Any]) -> None:
    """Serve until SIGTERM."""
    clock = SystemClock()
    store = open_store(given["database"], clock)
    desk = Desk(service, Directory([Workspace("slack", "T1", ORG)]), store, clock, RandomIdentities())
    intake = Intake(desk, store.inbox, RateLimiter(clock, 10**9))
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    async with aiohttp.ClientSession() as session:

        async def send(request: Request, outcome: Outcome) -> None:
            body = {"key": request.key, "answer": outcome.card.answer, "said": outcome.card.fallback}
            try:
                async with session.post(given["mock"], json=body) as response:
                    if response.status != 200:
                        raise DeliveryError(f"http_{response.status}", 0.5)
            except aiohttp.ClientError as error:
                raise DeliveryError(type(error).__name__, 0.5) from None

        intake.register("slack", send)
        work = asyncio.create_task(intake.run())
        runner = await listen(intake, store)
        print(runner.addresses[0][1], flush=True)
        await ended.wait()
        await runner.cleanup()
        intake.stop()
        await work
    store.close()


async def listen(intake: Intake, store: Store) -> web.AppRunner:
    """The endpoints, on a free port of loopback."""

    async def ask(http: web.Request) -> web.Response:
        post = await http.json()
        edition = post.get("acknowledge")
        sender = Sender("slack", "T1", post["user"], "C1", post["key"], direct=edition is not None)
        command = Question(post["text"]) if edition is None else Acknowledge(edition)
        request = Request(post["key"], sender, command, "there", post["at"])
        return web.json_response({"accepted": await intake.accept(request), "kind": post["kind"]})

    async def waiting(_http: web.Request) -> web.Response:
        return web.json_response(await intake.call(store.inbox.waiting))

    app = web.Application()
    app.router.add_post("/ask", ask)
    app.router.add_get("/waiting", waiting)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner


if __name__ == "__main__":
    main()
