"""Full Teams turns over HTTP: token check, inbox, answer, reply to the connector; by hand, on loopback.

    .venv/bin/python -m tests.contract.teams.bench_turns [seconds] [connections]

The front, its store and its workers run in this process; the connector, the key server and the asking client in
another. A turn is done when the connector has taken the answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import multiprocessing
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import aiohttp

from bot.corpus.knowledge import Knowledge
from bot.limits import RateLimiter
from bot.model import Ask
from bot.service import Service
from tests.contract.teams.activities import message
from tests.contract.teams.fakes import Platform, Sent, new_key, running
from tests.contract.teams.serving import serving

QUESTIONS = (
    "公式で写真を載せるときの注意は？",
    "個人情報を書いてもいい？",
    "炎上したらどうする",
    "勤務時間中に投稿してよいか",
    "アカウントを開設したい",
    "著作権について",
    "コメントに返信してよい？",
    "秘密を漏らしたら",
)
LIMITS = {"turns/s": 150.0, "turn p99 ms": 500.0}


class Timed(list[Sent]):
    """What the connector took, and when; tells the asker, who waits in another thread's loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self.at: dict[str, float] = {}
        self.waiting: dict[str, asyncio.Event] = {}
        self._loop = loop

    def append(self, one: Sent) -> None:
        key = one.body["replyToId"]
        self.at.setdefault(key, time.perf_counter())
        self._loop.call_soon_threadsafe(self.waiting[key].set)


class Client:
    """So many people who ask, wait for the answer and ask again."""

    def __init__(self, platform: Platform, url: str, seconds: float) -> None:
        self._platform = platform
        self._url = url
        self._end = time.perf_counter() + seconds
        self._headers = {"Authorization": f"Bearer {platform.token()}", "Content-Type": "application/json"}
        self._answered = Timed(asyncio.get_running_loop())
        platform.sent = self._answered
        self._asked: dict[str, float] = {}
        self._acks: list[float] = []
        self._wrong = 0

    async def run(self, connections: int) -> dict[str, float]:
        started = time.perf_counter()
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=connections)) as http:
            await asyncio.gather(*(self._person(number, http) for number in range(connections)))
        whole = time.perf_counter() - started
        turns = [self._answered.at[key] - at for key, at in self._asked.items() if key in self._answered.at]
        return {
            "turns": len(turns),
            "not answered": len(self._asked) - len(turns),
            "refused": self._wrong,
            "turns/s": len(turns) / whole,
            **_percentiles("turn", turns),
            **_percentiles("ack", self._acks),
        }

    async def _person(self, number: int, http: aiohttp.ClientSession) -> None:
        turn = 0
        while time.perf_counter() < self._end:
            key, turn = f"{number}-{turn}", turn + 1
            person = {"id": f"29:{number}", "name": "x", "aadObjectId": f"u{number}"}
            chat = {"conversationType": "personal", "id": f"a:{number}"}
            asked = message(
                self._platform, QUESTIONS[turn % len(QUESTIONS)], id=key, conversation=chat, **{"from": person}
            )
            arrived = self._answered.waiting[key] = asyncio.Event()
            self._asked[key] = time.perf_counter()
            async with http.post(self._url, data=json.dumps(asked), headers=self._headers) as response:
                await response.read()
                self._wrong += response.status != 201
            self._acks.append(time.perf_counter() - self._asked[key])
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(arrived.wait(), 20)


def _percentiles(name: str, times: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(times, n=100)
    return {f"{name} p50 ms": cuts[49] * 1000, f"{name} p99 ms": cuts[98] * 1000, f"{name} max ms": max(times) * 1000}


def client(pipe: Any, connections: int) -> None:
    """The other process: tells where it listens, is told where to ask, tells the figures."""
    with running(new_key()) as platform:
        pipe.send(platform.url)
        url, seconds = pipe.recv()
        pipe.send(asyncio.run(ask(platform, url, seconds, connections)))


async def ask(platform: Platform, url: str, seconds: float, connections: int) -> dict[str, float]:
    """Ask for so many seconds; the figures."""
    return await Client(platform, url, seconds).run(connections)


async def serve(pipe: Any, seconds: float) -> dict[str, float]:
    """Run the front and all that stands behind it in this process."""
    platform = Platform(new_key(), url=pipe.recv())
    service = Service(Knowledge())
    for question in QUESTIONS:
        service.ask(Ask("asahikawa", question))
    gc.collect()
    gc.freeze()  # as the server does when its indexes are built
    with tempfile.TemporaryDirectory() as folder:
        async with serving(service, Path(folder), platform) as served:
            pipe.send((served.url, seconds))
            before = time.process_time()
            figures = dict(await asyncio.to_thread(pipe.recv))
            return {**figures, "our CPU ms a turn": (time.process_time() - before) / figures["turns"] * 1000}


def main() -> None:
    """Print the figures."""
    seconds, connections = float((sys.argv[1:] or ["10"])[0]), int((sys.argv[2:] or ["20"])[0])
    # Twenty people ask as fast as they can: the limit of one person's questions a minute is not measured here.
    RateLimiter.check = lambda _self, _sender: "ok"  # type: ignore[method-assign,assignment]
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    other = spawn.Process(target=client, args=(theirs, connections), daemon=True)
    other.start()
    figures = asyncio.run(serve(ours, seconds))
    other.join()
    for name, value in figures.items():
        limit = f"   (wanted: {LIMITS[name]:.0f})" if name in LIMITS else ""
        sys.stdout.write(f"{name:>17} {value:10.1f}{limit}\n")


if __name__ == "__main__":
    main()
