"""`eval` and `bench`: the project's own figures."""

from __future__ import annotations

import argparse
import sys

from bot.bootstrap import build_service
from bot.cli.common import print_json
from bot.cli.main import OK
from bot.evaluation.fitting import Fit, fit_confidence
from bot.evaluation.judging import Figure, Judgement, figures
from bot.evaluation.labels import load_labels
from bot.evaluation.run import run_labels
from bot.settings import Settings


def evaluate(arguments: argparse.Namespace, settings: Settings) -> int:
    """Answer every labelled message and print the figures."""
    service, labels = build_service(settings), load_labels(arguments.files)
    if arguments.fit:
        return _fit(fit_confidence(service, labels))
    judgements = run_labels(service, labels)
    rows = figures(judgements)
    if arguments.json:
        print_json({row.what: {"share": round(row.share, 4), "right": row.right, "of": row.of} for row in rows})
        return OK
    if arguments.failures:
        for judgement in judgements:
            if judgement.failed:
                sys.stdout.write(_failure(judgement) + "\n")
    sys.stdout.write("\n".join(_row(row) for row in rows) + "\n")
    return OK


def _fit(fit: Fit) -> int:
    weights = ", ".join(f"{name}: {weight:.2f}" for name, weight in fit.weights.items())
    sys.stdout.write(f"confidence:  # {fit.rows} 件から\n  bias: {fit.bias:.2f}\n  weights: {{{weights}}}\n")
    return OK


def _row(figure: Figure) -> str:
    return f"{figure.share:6.3f}  {figure.right:4d}/{figure.of:<4d} {figure.what}"


def _failure(judgement: Judgement) -> str:
    label, answer = judgement.label, judgement.answer
    shown = [citation.locator for citation in (*answer.citations, *answer.related)][:4]
    names = [contact.name for contact in answer.departments]
    missed = [
        name
        for name in ("first", "in_three", "department", "refused", "steps", "report_to")
        if getattr(judgement, name) is False
    ]
    before = f"「{label.history[-1]}」→" if label.history else ""
    return (
        f"{label.id} [{label.group}] {before}「{label.question}」 {answer.status} {answer.confidence:.2f} "
        f"gold {'/'.join(label.gold)} got {' '.join(shown)} dept {'/'.join(names)} missed {','.join(missed)}"
    )
