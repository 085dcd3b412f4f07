"""Question → ranked clauses of one organisation, with the measures that confidence is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.analysis.analyzer import Analyzer
from bot.corpus.tree import ClauseTree
from bot.model import Clause, Organization, Topic
from bot.retrieval.index import BM25Constants, ClauseIndex, lucene_idf
from bot.retrieval.query import Query
from bot.retrieval.units import Unit, UnitWeights, asked_units, clause_units, question_units, topic_documents

SPARE = 8
"""Clauses beyond those wanted that are looked at again with the words they cover."""


@dataclass(frozen=True, slots=True)
class RetrieverConfig:
    """How much each kind of evidence counts beside the clause's own text.

    `asked`: all everyday questions of the clause together; `question`: the nearest of them; `topic`: the
    topics both have; `cover`: the share of the question's words held; `context`: the question before, for a
    message that hangs on it; `second_topic`: a clause's further topics against its first.
    """

    bm25: BM25Constants = field(default_factory=BM25Constants)
    units: UnitWeights = field(default_factory=UnitWeights)
    asked: float = 0.5
    question: float = 0.5
    topic: float = 0.3
    cover: float = 0.3
    second_topic: float = 0.7
    context: float = 0.6


@dataclass(frozen=True, slots=True)
class Hit:
    """One clause found. `score` ranks.

    `text`, `asked` and `question` are shares of the question's best possible score (0–1), see `RetrieverConfig`.
    `cover` is the idf mass of the question that the clause holds (0–1), `covered` the question's words in it.
    """

    clause: Clause
    score: float
    text: float
    asked: float
    question: float
    cover: float
    covered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Scores:
    """Scores by position of the clause, as shares of what a clause holding every term would get."""

    text: dict[int, float]
    asked: dict[int, float]
    question: dict[int, float]
    topic: dict[int, float]


class _Field:
    """One kind of evidence: an index of its own, whose documents lead to clauses."""

    def __init__(self, units: Sequence[Unit], constants: BM25Constants) -> None:
        self._clauses = [unit.clause for unit in units]
        self.index = ClauseIndex([unit.terms for unit in units], constants)

    def scores(self, terms: Mapping[str, float], best: float) -> dict[int, float]:
        """The best score of each clause's documents, as a share of `best`."""
        found: dict[int, float] = {}
        for clause, score in zip(self._clauses, self.index.scores(terms), strict=True):
            if score > found.get(clause, 0.0) * best:
                found[clause] = score / best
        return found


class Retriever:
    """Built once for one organisation, then only read; safe between threads."""

    def __init__(
        self, organization: Organization, topics: Mapping[str, Topic], analyzer: Analyzer, config: RetrieverConfig
    ) -> None:
        self.tree = ClauseTree(organization.guideline)
        self.config = config
        units = clause_units(self.tree, analyzer, config.units)
        questions = question_units(organization, self.tree, analyzer)
        documents = topic_documents(topics, analyzer)
        self._text = _Field(units, config.bm25)
        self._asked = _Field(asked_units(questions), config.bm25)
        self._questions = _Field(questions, config.bm25)
        self._topic_ids = [topic for topic, _ in documents]
        self._topic_index = ClauseIndex([terms for _, terms in documents], config.bm25)
        self._with_topic = _by_topic(self.tree.clauses, [unit.clause for unit in units], config.second_topic)
        self._keys = _keys([*units, *questions])
        self._maximum_idf = lucene_idf(max(1, len(units)), 0)

    def search(
        self,
        query: Query,
        k: int,
        allowed: Callable[[Clause], bool] | None = None,
        context: Query | None = None,
    ) -> list[Hit]:
        """The `k` best clauses, best first, ties in document order; never one without a matching term.

        With `context`, a clause counts for what it has of the message and, less, of the question before it.
        """
        own = self._scores(query)
        totals = self._totals(own)
        if context is not None:
            totals = _joined(totals, self._totals(self._scores(context)), self.config.context)
        ranked = sorted(
            (-score, place)
            for place, score in totals.items()
            if score > 0 and (allowed is None or allowed(self.tree.clauses[place]))
        )
        hits = [self._hit(query, own, place, -score) for score, place in ranked[: k + SPARE]]
        hits.sort(key=lambda hit: (-hit.score, self.tree.position[hit.clause.locator]))
        return hits[:k]

    def cover(self, query: Query, place: int) -> tuple[float, tuple[str, ...]]:
        """Share of the question's idf mass that the clause, its headings and its everyday questions hold; the words."""
        keys = self._keys.get(place, frozenset())
        total = covered = 0.0
        words = []
        for word in query.words:
            mass = self.idf(word.key)
            total += mass
            share = max((share for needed, share in word.alternatives if keys.issuperset(needed)), default=0.0)
            covered += mass * share
            if share:
                words.append(word.surface)
        return (covered / total if total else 0.0), tuple(words)

    def knows(self, key: str) -> bool:
        """Whether the term stands in any clause."""
        return key in self._text.index.idf

    def idf(self, key: str) -> float:
        """The key's idf over the clauses; a word no clause has counts as the rarest."""
        return self._text.index.idf.get(key, self._maximum_idf)

    def _hit(self, query: Query, own: _Scores, place: int, score: float) -> Hit:
        cover, covered = self.cover(query, place)
        return Hit(
            self.tree.clauses[place],
            score + self.config.cover * cover,
            text=min(1.0, own.text.get(place, 0.0)),
            asked=min(1.0, own.asked.get(place, 0.0)),
            question=min(1.0, own.question.get(place, 0.0)),
            cover=cover,
            covered=covered,
        )

    def _totals(self, scores: _Scores) -> dict[int, float]:
        config, found = self.config, {}
        for place in scores.text.keys() | scores.asked.keys():
            found[place] = (
                scores.text.get(place, 0.0)
                + config.asked * scores.asked.get(place, 0.0)
                + config.question * scores.question.get(place, 0.0)
                + config.topic * scores.topic.get(place, 0.0)
            )
        return found

    def _scores(self, query: Query) -> _Scores:
        best = sum(value * self.idf(key) for key, value in query.own.items()) or 1.0
        return _Scores(
            self._text.scores(query.terms, best),
            self._asked.scores(query.terms, best),
            self._questions.scores(query.terms, best),
            self._topic_scores(query),
        )

    def _topic_scores(self, query: Query) -> dict[int, float]:
        """1 for the clauses of the topic the question points at most, less for those of the next."""
        scores = self._topic_index.scores(query.terms)
        best = max(scores, default=0.0)
        found: dict[int, float] = {}
        if best > 0:
            for topic, score in zip(self._topic_ids, scores, strict=True):
                for place, share in self._with_topic.get(topic, ()):
                    found[place] = max(found.get(place, 0.0), share * score / best)
        return found


def _keys(units: Sequence[Unit]) -> dict[int, frozenset[str]]:
    keys: dict[int, set[str]] = {}
    for unit in units:
        keys.setdefault(unit.clause, set()).update(key for key in unit.terms if key.startswith("w:"))
    return {place: frozenset(found) for place, found in keys.items()}


def _joined(own: dict[int, float], before: dict[int, float], share: float) -> dict[int, float]:
    """Both scaled to their best, so that neither a long question before nor a short message wins by length."""
    best, best_before = max(own.values(), default=0.0) or 1.0, max(before.values(), default=0.0) or 1.0
    return {
        place: own.get(place, 0.0) / best + share * before.get(place, 0.0) / best_before
        for place in own.keys() | before.keys()
    }


def _by_topic(clauses: Sequence[Clause], places: Sequence[int], second: float) -> dict[str, list[tuple[int, float]]]:
    found: dict[str, list[tuple[int, float]]] = {}
    for place in places:
        for rank, topic in enumerate(clauses[place].topics):
            found.setdefault(topic, []).append((place, 1.0 if rank == 0 else second))
    return found
