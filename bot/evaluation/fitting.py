"""Fits the confidence's weights on labelled messages: logistic regression, both classes weighing the same."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.errors import DataError
from bot.evaluation.labels import Label
from bot.evaluation.run import command
from bot.retrieval.confidence import MEASURES
from bot.service import Service

RIDGE = 0.004
"""Keeps the weights of rare measures finite."""

STEPS, RATE = 4_000, 1.0

GIVEN = {"outside": -2.5}
"""Weights that are not fitted. The list of other offices' business knows nearly every such subject of the tuning
messages and fewer of unseen ones; fitted, it would hide what the other measures have to tell."""


@dataclass(frozen=True, slots=True)
class Fit:
    """The fitted constants; `rows` is how many messages they rest on."""

    bias: float
    weights: dict[str, float]
    rows: int


def fit_confidence(service: Service, labels: Iterable[Label]) -> Fit:
    """Weights that tell answerable messages from the others by their best match.

    Small talk and live incidents are left out: they are told apart before anything is retrieved.
    Raises DataError where nothing is left.
    """
    rows: list[tuple[tuple[float, ...], float]] = []
    for label in labels:
        if label.kind != "incident" and label.group != "smalltalk":
            evidence = service.answerer(label.org).best_evidence(command(label))
            if evidence is not None:
                fitted = replace(evidence, **dict.fromkeys(GIVEN, 0.0))
                rows.append((fitted.values(), float(label.kind != "unanswerable")))
    if not rows:
        raise DataError("E106", "合わせるための質問がありません。", "no questions to fit on.")
    weights = _descend(rows)
    return Fit(weights[0], dict(zip(MEASURES, weights[1:], strict=True)) | GIVEN, len(rows))


def _descend(rows: Sequence[tuple[tuple[float, ...], float]]) -> list[float]:
    share = sum(right for _, right in rows) / len(rows)
    weights = [0.0] * (len(MEASURES) + 1)
    for _ in range(STEPS):
        slope = [RIDGE * weight for weight in weights]
        slope[0] = 0.0
        for values, right in rows:
            total = weights[0] + sum(weight * value for weight, value in zip(weights[1:], values, strict=True))
            balance = 0.5 / (share if right else 1 - share)
            error = balance * (1 / (1 + math.exp(-total)) - right) / len(rows)
            slope[0] += error
            for place, value in enumerate(values, 1):
                slope[place] += error * value
        weights = [weight - RATE * step for weight, step in zip(weights, slope, strict=True)]
    return weights
