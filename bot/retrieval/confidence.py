"""How sure we may be that the best clause answers: measures of the match, put together by a logistic function."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """Measures of one match, each 0–1: normalised, for a raw score grows with the question's length.

    `cover`: idf mass of the question that the clause holds. `text`: score against the question's own best
    possible. `topic`: how well the topics fit. `margin`: lead over the next clause. `social`: the question
    speaks of social media. `outside`: of another office's business and not of social media. `silent`: of a
    subject the document has no word for. `number`: it asks for a number that the clause does not give.
    """

    cover: float
    text: float
    topic: float
    margin: float
    social: float
    outside: float
    silent: float
    number: float

    @property
    def lacks_the_point(self) -> bool:
        """Whether the clause cannot hold what is asked for, however well the rest of the question fits."""
        return bool(self.silent or self.number)

    def values(self) -> tuple[float, ...]:
        """The measures in the order of their names."""
        return tuple(getattr(self, name) for name in MEASURES)


MEASURES = ("cover", "text", "topic", "margin", "social", "outside", "silent", "number")


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of the measures and the two thresholds, fitted on the tuning questions (see `eval --fit`).

    `related`: the share of the best score that a further clause needs to be shown beside an answer.
    """

    bias: float
    weights: Mapping[str, float]
    answered: float
    suggested: float
    related: float

    def confidence(self, evidence: Evidence) -> float:
        """0–1: the share of such matches that were right on the tuning questions."""
        total = self.bias + sum(self.weights[name] * getattr(evidence, name) for name in MEASURES)
        return 1 / (1 + math.exp(-max(-40.0, min(40.0, total))))
