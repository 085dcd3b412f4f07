"""How fast requests are accepted while the workers answer: `python tests/torture/bench_inbox.py [seconds] [url]`.

Fifty people at once, each asking again as soon as the last question is accepted; the platform answers at once.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from itertools import count

from adapters.intake import Intake
from bot.bootstrap import RandomIdentities, SystemClock
from bot.commands import Question, Request, Sender
from bot.corpus.knowledge import Knowledge
from bot.desk import Desk
from bot.directory import Directory, Workspace
from bot.limits import RateLimiter
from bot.outcome import Outcome
from bot.service import Service
from bot.store.database import open_store

PEOPLE = 50
ORG = "asahikawa"
QUESTIONS = ("写真を載せてもいいですか", "短縮URLは使えますか", "勤務時間中に投稿してもいい？", "炎上したらどうする")


async def measure(desk: Desk, intake: Intake, seconds: float) -> None:
    """Ask for so many seconds; print how long the acceptances took and how many answers were sent meanwhile."""
    sent: list[float] = []
    took: list[float] = []
    keys = count()

    async def send(request: Request, _outcome: Outcome) -> None:
        sent.append(desk.clock.now() - request.at)

    async def person(number: int) -> None:
        while time.perf_counter() < end:
            key = next(keys)
            sender = Sender("slack", "T1", f"U{number}", "C1", f"thread {key}")
            question = Question(QUESTIONS[key % len(QUESTIONS)])
            begun = time.perf_counter()
            await intake.accept(Request(f"k{key}", sender, question, "there", desk.clock.now()))
            took.append(time.perf_counter() - begun)

    intake.register("slack", send)
    work = asyncio.create_task(intake.run())
    begun = time.perf_counter()
    end = begun + seconds
    await asyncio.gather(*map(person, range(PEOPLE)))
    spent, answered = time.perf_counter() - begun, len(sent)
    await asyncio.sleep(seconds)  # the workers alone with what is left
    alone = len(sent) - answered
    intake.stop()
    await work
    took.sort()
    p50, p99 = (took[int(len(took) * part)] * 1000 for part in (0.5, 0.99))
    print(f"accepted {len(took) / spent:,.0f}/s  p50 {p50:.1f} ms  p99 {p99:.1f} ms  longest {took[-1] * 1000:.1f} ms")
    print(f"answered meanwhile {answered / spent:,.0f}/s, alone {alone / seconds:,.0f}/s")


async def main(seconds: float, url: str) -> None:
    """Measure over the database at `url`."""
    clock = SystemClock()
    store = open_store(url, clock)
    desk = Desk(Service(Knowledge()), Directory([Workspace("slack", "T1", ORG)]), store, clock, RandomIdentities())
    desk.cards(ORG)
    print(store.engine)
    await measure(desk, Intake(desk, store.inbox, RateLimiter(clock, 10**9)), seconds)
    store.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        given = dict(enumerate(sys.argv[1:]))
        asyncio.run(main(float(given.get(0, "5")), given.get(1, f"sqlite:///{folder}/bench.sqlite3")))
