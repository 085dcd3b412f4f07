"""How fast events over HTTP are acknowledged and answered: python -m tests.contract.slack.bench_http [events].

Signed app_mention events over 50 connections on loopback, from a process of their own, through signature, durable inbox
and workers that post to a fake Web API in a third process. Prints acknowledgements and answers a second, and the
median, 99th percentile and maximum of the time to the acknowledgement.
"""

from __future__ import annotations

import asyncio
import gc
import json
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from aiohttp import web

from adapters.slack.app import SlackFront
from bot.corpus.knowledge import Knowledge
from bot.directory import Workspace
from bot.service import Service
from bot.settings import Secret, Settings
from bot.testing import office
from tests.contract.slack.fake import SECRET, TEAM
from tests.contract.slack.payloads import mention
from tests.contract.slack.serving import signature

EVENTS, CONNECTIONS, WAIT = 6000, 50, 120.0
QUESTIONS = (
    "公式で写真を載せるときの注意は？",
    "個人アカウントで勤務時間中に投稿してもいい？",
    "公式アカウントを開設したい",
    "炎上したらどうする？",
    "市民からの返信に答えるべき？",
    "短縮URLは使える？",
    "政治的な意見を書いてもよいか",
    "誤った情報を載せてしまった",
)


def fake_api(pipe: Connection) -> None:
    """The Web API alone: counts posts. Sends its port, then for each word received how many there were."""

    async def run() -> None:
        count = 0

        async def api(request: web.Request) -> web.Response:
            nonlocal count
            await request.read()
            count += request.match_info["method"] == "chat.postMessage"
            return web.json_response({"ok": True, "team_id": TEAM, "user_id": "U0BOT", "ts": "1.1"})

        app = web.Application()
        app.router.add_post("/api/{method}", api)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        pipe.send(runner.addresses[0][1])
        while await asyncio.to_thread(pipe.recv):
            pipe.send(count)

    asyncio.run(run())


def load(pipe: Connection, port: int, events: int) -> None:
    """Post signed events over so many connections; sends back the seconds in all, and those of each answer."""

    async def run() -> tuple[float, list[float], int]:
        requests = [_signed(number, port) for number in range(events)]
        waiting = iter(requests)
        times: list[float] = []
        wrong = 0

        async def connection() -> None:
            nonlocal wrong
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            for request in waiting:
                began = time.perf_counter()
                writer.write(request)
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    (line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")), b":0"
                )
                await reader.readexactly(int(length.split(b":")[1]))
                times.append(time.perf_counter() - began)
                wrong += not head.startswith(b"HTTP/1.1 200")
            writer.close()

        began = time.perf_counter()
        await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
        return time.perf_counter() - began, times, wrong

    pipe.send(asyncio.run(run()))


def _signed(number: int, port: int) -> bytes:
    said = mention(
        QUESTIONS[number % len(QUESTIONS)], f"18{number // 10**6:08d}.{number % 10**6:06d}", user=f"U{number // 10}"
    )
    body = json.dumps(said, ensure_ascii=False).encode()
    headers = {"Host": f"127.0.0.1:{port}", "Content-Type": "application/json", **signature(body, secret=SECRET)}
    lines = [f"{name}: {value}" for name, value in {**headers, "Content-Length": str(len(body))}.items()]
    return ("POST /slack/events HTTP/1.1\r\n" + "\r\n".join(lines) + "\r\n\r\n").encode() + body


def _start(target: Callable[..., None], *more: int) -> Connection:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    context.Process(target=target, args=(theirs, *more), daemon=True).start()
    return ours


async def bench(events: int, folder: Path) -> None:
    """Serve, load, wait for the answers, print."""
    api = _start(fake_api)
    port = await asyncio.to_thread(api.recv)
    settings = Settings(
        slack_bot_token=Secret("xoxb-1"), slack_signing_secret=Secret(SECRET), slack_api=f"http://127.0.0.1:{port}/api/"
    )
    behind = office(Service(Knowledge()), folder, [Workspace("slack", TEAM, "asahikawa")])
    behind.desk.cards("asahikawa")
    # One channel takes a message a second; here the answers of all channels come into one.
    front = SlackFront(behind.intake, settings, behind.store.places, {})
    app = web.Application()
    front.routes(app)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await front.start()
    working = asyncio.create_task(behind.intake.run())

    # Full collections over the indexes stop everything for 0.1 s and more; what stays for ever is taken out of them.
    gc.collect()
    gc.freeze()
    began = time.perf_counter()
    pipe = _start(load, runner.addresses[0][1], events)
    seconds, times, wrong = await asyncio.to_thread(pipe.recv)
    api.send("?")
    during = await asyncio.to_thread(api.recv)
    times.sort()
    at = {part: 1000 * times[min(len(times) - 1, int(len(times) * part))] for part in (0.5, 0.99, 1.0)}
    print(f"{events} events, {CONNECTIONS} connections, {wrong} not acknowledged")
    print(f"{events / seconds:,.0f} acks/s; ack p50 {at[0.5]:.1f} ms, p99 {at[0.99]:.1f} ms, max {at[1.0]:.1f} ms")
    print(f"{during} answers posted meanwhile")
    loaded, answered = time.perf_counter(), during
    while answered < events and time.perf_counter() - began < WAIT:
        await asyncio.sleep(0.1)
        api.send("?")
        answered = await asyncio.to_thread(api.recv)
    rest = max(time.perf_counter() - loaded, 0.001)
    print(f"{(answered - during) / rest:,.0f} answers/s after the load; {answered} of {events} answered")
    await front.stop()
    behind.intake.stop()
    await working
    await runner.cleanup()
    behind.store.close()
    api.send("")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        asyncio.run(bench(int(sys.argv[1]) if len(sys.argv) > 1 else EVENTS, Path(temporary)))
