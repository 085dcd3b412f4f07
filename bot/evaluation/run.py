"""Runs labelled messages through the service."""

from __future__ import annotations

import math
import time
from collections.abc import Iterable

from bot.evaluation.judging import Judgement, judge
from bot.evaluation.labels import Label
from bot.model import Ask
from bot.service import Service

ROUNDS = 3
"""Each question is timed so often and the best counts: the rest is the neighbours of a shared machine."""


def run_labels(service: Service, labels: Iterable[Label]) -> list[Judgement]:
    """Answer each label's message as a person would have asked it, and judge the answer."""
    return [judge(label, service.ask(command(label))) for label in labels]


def time_labels(service: Service, labels: Iterable[Label]) -> dict[str, float]:
    """Milliseconds from question to answer inside the process: p50 and p99 of the best of three rounds each.

    The service must have answered before, so that nothing is built meanwhile.
    """
    commands = [command(label) for label in labels]
    best = [math.inf] * len(commands)
    for _ in range(ROUNDS):
        for place, one in enumerate(commands):
            started = time.perf_counter()
            service.ask(one)
            best[place] = min(best[place], time.perf_counter() - started)
    best.sort()
    return {"p50": round(best[len(best) // 2] * 1e3, 3), "p99": round(best[int(len(best) * 0.99)] * 1e3, 3)}


def command(label: Label) -> Ask:
    """The label's message as a command."""
    return Ask(label.org, label.question, label.account, label.history, label.id)
