"""BM25 over weighted documents in plain Python: nothing to import, fastest up to a few hundred clauses.

score(d, q) = sum over t of q[t] · idf[t] · tf·(k1 + 1) / (tf + k1·(1 - b + b·L[d]/mean L))

tf is how often t stands in d, L[d] the sum of d's weighted values over all kinds of term (one joint
length), idf Lucene's ln(1 + (N - n + 0.5)/(n + 0.5)), never negative. Robertson et al., Okapi at
TREC-3; idf as in Lucene's BM25Similarity.
"""

from __future__ import annotations

import math
from array import array
from dataclasses import dataclass, field
from heapq import nsmallest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class BM25Constants:
    """`k1`: how much a second occurrence adds (low: clauses are short); `b`: how much length costs.

    `units` tell by namespace (the key up to its first colon) what one occurrence weighs in a
    document's mapping, so that value / unit = tf; 1 where nothing is said.
    """

    k1: float = 0.3
    b: float = 0.75
    units: Mapping[str, float] = field(default_factory=dict)

    def unit(self, term: str) -> float:
        """What one occurrence of `term` weighs."""
        return self.units.get(term.partition(":")[0], 1.0) if self.units else 1.0


def lucene_idf(documents: int, containing: int) -> float:
    """ln(1 + (N - n + 0.5)/(n + 0.5)): positive even for a word in every document."""
    return math.log1p((documents - containing + 0.5) / (containing + 0.5))


_NOWHERE = (0, 0)


class ClauseIndex:
    """The same scores as `bm25.WeightedBM25`, without numpy. Immutable once built.

    Postings lie one term after the other in two arrays, so that a stored index is read back in no time; those of a
    term that has been asked for are kept as pairs, which are quicker to walk.
    """

    def __init__(self, documents: Sequence[Mapping[str, float]], constants: BM25Constants | None = None) -> None:
        found = _weighted(documents, constants or BM25Constants())
        self.size = len(documents)
        self._spans: dict[str, tuple[int, int]] = {}
        self._idf = [lucene_idf(self.size, holders) for holders in range(self.size + 1)]
        self._documents, self._parts = array("i"), array("d")
        self._asked: dict[str, Sequence[tuple[int, float]]] = {}
        for term, rows in found.items():
            idf = self._idf[len(rows)]
            start = len(self._documents)
            for number, part in rows:
                self._documents.append(number)
                self._parts.append(idf * part)
            self._spans[term] = (start, len(self._documents))

    def __contains__(self, term: str) -> bool:
        """Whether the term stands in any document."""
        return term in self._spans

    def idf(self, term: str) -> float:
        """The term's idf; a term of no document counts as the rarest possible."""
        start, end = self._spans.get(term, _NOWHERE)
        return self._idf[end - start] if self.size else 0.0

    def holders(self, term: str) -> Collection[int]:
        """The documents that hold the term, in order."""
        start, end = self._spans.get(term, (0, 0))
        return self._documents[start:end]

    def scores(self, query: Mapping[str, float]) -> list[float]:
        """The score of every document, in document order; 0.0 where nothing matches."""
        result = [0.0] * self.size
        asked = self._asked
        for term, weight in query.items():
            for number, part in asked.get(term) or self._pairs(term):
                result[number] += weight * part
        return result

    def _pairs(self, term: str) -> Sequence[tuple[int, float]]:
        """The term's postings; threads that ask at once make the same pairs."""
        span = self._spans.get(term)
        if span is None:
            return ()
        pairs = list(zip(self._documents[slice(*span)], self._parts[slice(*span)], strict=True))
        self._asked[term] = pairs
        return pairs

    def top(
        self, query: Mapping[str, float], k: int, allowed: Collection[int] | None = None
    ) -> list[tuple[int, float]]:
        """The `k` best documents with a score above 0, best first, ties in document order.

        `allowed` is applied before the best are taken: what is not in it can neither appear nor
        push another out.
        """
        scores = self.scores(query)
        numbers = range(self.size) if allowed is None else {number for number in allowed if 0 <= number < self.size}
        ranked = [(-scores[number], number) for number in numbers if scores[number] > 0]
        return [(number, -negative) for negative, number in nsmallest(max(k, 0), ranked)]


def _weighted(documents: Sequence[Mapping[str, float]], constants: BM25Constants) -> dict[str, list[tuple[int, float]]]:
    """By term, the documents that hold it and the part of the score that does not depend on idf."""
    lengths = [sum(document.values()) for document in documents]
    mean = sum(lengths) / len(lengths) if lengths else 0.0
    found: dict[str, list[tuple[int, float]]] = {}
    for number, document in enumerate(documents):
        k = constants.k1 * (1 - constants.b + (constants.b * lengths[number] / mean if mean else 0.0))
        for term, value in document.items():
            if value > 0:
                tf = value / constants.unit(term)
                found.setdefault(term, []).append((number, tf * (constants.k1 + 1) / (tf + k)))
    return found
