"""Runs labelled messages through the service."""

from __future__ import annotations

from collections.abc import Iterable

from bot.evaluation.judging import Judgement, judge
from bot.evaluation.labels import Label
from bot.model import Ask
from bot.service import Service


def run_labels(service: Service, labels: Iterable[Label]) -> list[Judgement]:
    """Answer each label's message as a person would have asked it, and judge the answer."""
    return [judge(label, service.ask(command(label))) for label in labels]


def command(label: Label) -> Ask:
    """The label's message as a command."""
    return Ask(label.org, label.question, label.account, label.history, label.id)
