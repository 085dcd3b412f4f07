"""A `rank_bm25.BM25` whose postings are weighted once, when it is built; a query is one sum."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from itertools import repeat
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from rank_bm25 import BM25

from bot.retrieval.index import BM25Constants, lucene_idf

Scores = npt.NDArray[np.float64]
Document = Sequence[str] | Mapping[str, float]
_Any = TypeVar("_Any")

_LONG_POSTINGS, _FEW_TERMS = 160, 14
"""Where slicing each term's postings is faster than gathering all (measured, 1,100 and 11,000 documents)."""


class WeightedBM25(BM25):  # type: ignore[misc]  # rank_bm25 has no types
    """BM25 over tokens, as rank_bm25 takes them, or over weighted terms (`index.py` has the formula).

    A document is a list of tokens or a mapping term → weight × occurrences. Other than in
    rank_bm25 nothing divides by zero, no idf is negative (Lucene's), a document without a matching
    term is no hit, and ties stand in document order. Immutable once built, safe between threads.
    """

    idf: dict[str, float]
    doc_len: list[float]
    corpus_size: int
    avgdl: float

    def __init__(
        self,
        corpus: Iterable[Document],
        tokenizer: Callable[[Any], Document] | None = None,
        constants: BM25Constants | None = None,
    ) -> None:
        self.constants = constants or BM25Constants()
        self._ids: dict[str, int] = {}
        self._rows = _Rows()
        super().__init__(corpus, tokenizer)
        self._weigh()
        del self._rows

    def scores(self, query: Mapping[str, float]) -> Scores:
        """Score of every document, shape (N,): sum of query weight × weighted posting."""
        size = len(query)
        unknown = len(self._ids)  # stands for every word not indexed: it has no postings
        terms = np.fromiter(map(self._ids.get, query, repeat(unknown)), np.intp, size)
        counts = self._counts.take(terms)
        if not counts.any():
            return np.zeros(self.corpus_size)
        relative = np.fromiter(query.values(), np.float64, size) / self._units.take(terms)
        documents, parts = self._postings(self._starts.take(terms), counts)
        parts *= relative.repeat(counts)
        summed: npt.NDArray[Any] = np.bincount(documents, parts, self.corpus_size)
        return summed

    def top(
        self, query: Mapping[str, float], k: int, allowed: Collection[int] | None = None
    ) -> list[tuple[int, float]]:
        """Return the `k` best documents with a score above 0 as (document, score), ties in document order.

        `allowed` is applied before the best are taken: what is not in it can neither appear nor
        push another out.
        """
        scores = self.scores(query)
        if allowed is not None:
            mask = np.zeros(self.corpus_size, dtype=bool)
            mask[[number for number in allowed if 0 <= number < self.corpus_size]] = True
            scores[~mask] = 0.0
        return _best(scores, k)

    # --- rank_bm25's interface -------------------------------------------------------------------

    def get_scores(self, query: Iterable[str]) -> Scores:
        """Score of every document, shape (N,); a token asked twice counts twice."""
        return self.scores(Counter(query))

    def get_batch_scores(self, query: Iterable[str], doc_ids: Sequence[int]) -> list[float]:
        """Return the scores of the documents `doc_ids`, in that order."""
        scores: list[float] = self.get_scores(query)[list(doc_ids)].tolist()
        return scores

    def get_top_n(self, query: Iterable[str], documents: Sequence[_Any], n: int = 5) -> list[_Any]:
        """Up to `n` of `documents` (the corpus in its order), best first; never one without a match."""
        if len(documents) != self.corpus_size:
            raise ValueError(f"{len(documents)} documents given, {self.corpus_size} indexed")
        return [documents[number] for number, _ in _best(self.get_scores(query), n)]

    # --- rank_bm25's hooks, called by its constructor ----------------------------------------------

    def _tokenize_corpus(self, corpus: Iterable[Any]) -> list[Document]:
        """Without rank_bm25's process pool: forking a bot that runs threads is asking for trouble."""
        return [self.tokenizer(document) for document in corpus]

    def _initialize(self, corpus: Iterable[Document]) -> dict[str, int]:
        """Count; returns in how many documents each term stands."""
        containing: dict[str, int] = {}
        for number, document in enumerate(corpus):
            values = document if isinstance(document, Mapping) else Counter(document)
            length = 0.0
            for term, value in values.items():
                if value > 0:
                    length += value
                    containing[term] = containing.get(term, 0) + 1
                    identity = self._ids.setdefault(term, len(self._ids))
                    self._rows.add(identity, number, value / self.constants.unit(term))
            self.doc_len.append(length)
        self.corpus_size = len(self.doc_len)
        self.avgdl = sum(self.doc_len) / self.corpus_size if self.corpus_size else 0.0
        return containing

    def _calc_idf(self, nd: Mapping[str, int]) -> None:
        """Lucene's idf; a subclass may fill `self.idf` with another."""
        self.idf = {term: lucene_idf(self.corpus_size, containing) for term, containing in nd.items()}

    def _postings(
        self, starts: npt.NDArray[np.intp], counts: npt.NDArray[np.intp]
    ) -> tuple[npt.NDArray[np.intp], Scores]:
        """Documents and parts of several terms' postings, one behind the other; own copies."""
        ends = counts.cumsum()
        if ends[-1] > _LONG_POSTINGS * (len(counts) - _FEW_TERMS):  # cut the few long runs out one by one
            runs = [slice(start, end) for start, end in zip(starts.tolist(), (starts + counts).tolist(), strict=True)]
            return (
                np.concatenate([self._documents[run] for run in runs]),
                np.concatenate([self._parts[run] for run in runs]),
            )
        # gather the many short ones by the position of each posting
        places = (starts - ends + counts).repeat(counts)
        places += np.arange(len(places))
        return self._documents.take(places), self._parts.take(places)

    def _weigh(self) -> None:
        """Sort the postings by term and weigh them once.

        A part is what the term adds to the document's score when it is asked for once, at its unit.
        """
        k1, b = self.constants.k1, self.constants.b
        terms, documents, tf = self._rows.arrays()
        order = np.argsort(terms, kind="stable")
        terms, documents, tf = terms[order], documents[order], tf[order]
        relative = np.asarray(self.doc_len) / (self.avgdl or 1.0)
        size = len(self._ids)
        self._units: Scores = np.fromiter(map(self.constants.unit, self._ids), np.float64, size)
        factors = np.fromiter(map(self.idf.get, self._ids, repeat(0.0)), np.float64, size) * self._units
        self._parts: Scores = factors[terms] * (tf * (k1 + 1) / (tf + k1 * (1 - b + b * relative[documents])))
        self._documents = documents.astype(np.intp, copy=False)
        # one more, without postings, for the words not indexed
        self._starts = np.searchsorted(terms, np.arange(size + 1))
        self._counts = np.diff(self._starts, append=len(terms))
        self._units = np.append(self._units, 1.0)


class _Rows:
    """Postings while they are collected, in document order, eight bytes a number."""

    def __init__(self) -> None:
        self._terms, self._documents, self._tf = array("q"), array("q"), array("d")

    def add(self, term: int, document: int, tf: float) -> None:
        self._terms.append(term)
        self._documents.append(document)
        self._tf.append(tf)

    def arrays(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Scores]:
        return (
            np.frombuffer(self._terms, np.int64) if self._terms else np.zeros(0, np.int64),
            np.frombuffer(self._documents, np.int64) if self._terms else np.zeros(0, np.int64),
            np.frombuffer(self._tf, np.float64) if self._terms else np.zeros(0),
        )


def _best(scores: Scores, k: int) -> list[tuple[int, float]]:
    """Return the `k` largest scores above 0 as (position, score), largest first, equal ones in order."""
    if k <= 0:
        return []
    floor = np.partition(scores, -k)[-k] if k < len(scores) else 0.0
    candidates = (scores >= floor).nonzero()[0] if floor > 0 else (scores > 0).nonzero()[0]
    values = scores.take(candidates)
    order = (-values).argsort(kind="stable")[:k]
    return list(zip(candidates.take(order).tolist(), values.take(order).tolist(), strict=True))
