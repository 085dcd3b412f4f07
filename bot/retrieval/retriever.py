"""Question → ranked clauses of one organisation, with the measures that confidence is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import nsmallest

from bot.analysis.analyzer import Analyzer
from bot.corpus.tree import ClauseTree
from bot.model import Clause, Organization, Topic
from bot.retrieval.index import BM25Constants, ClauseIndex
from bot.retrieval.query import Query, QueryWord
from bot.retrieval.units import UnitWeights, clause_units, topic_documents

FAINT = 0.25
"""A topic whose score is at most this share of the best one's is not what the question is about."""


@dataclass(frozen=True, slots=True)
class RetrieverConfig:
    """Constants of the ranking.

    `topic`: what the topics both have count beside the text; `second_topic`: a clause's further topics against
    its first; `context`: the question before, for a message that hangs on it; `near`: standing
    beside, above or below the clause that answered the question before.
    """

    bm25: BM25Constants = field(default_factory=BM25Constants)
    units: UnitWeights = field(default_factory=UnitWeights)
    topic: float = 0.1
    second_topic: float = 0.7
    context: float = 0.5
    near: float = 0.15


@dataclass(frozen=True, slots=True)
class Hit:
    """One clause found.

    `score` ranks. `text` is the share of the question's best possible BM25 score (0–1), `topic` how well the
    topics fit (0–1), `cover` the idf mass of the question that the clause holds (0–1), `covered` its words there.
    """

    clause: Clause
    score: float
    text: float
    topic: float
    cover: float
    covered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Matches:
    """Scores of one query by position of the clause, see `Hit.text` and `Hit.topic`."""

    text: dict[int, float]
    topic: dict[int, float]

    def totals(self, weight: float) -> dict[int, float]:
        """What the clauses are ranked by."""
        return {place: score + weight * self.topic.get(place, 0.0) for place, score in self.text.items()}


class Retriever:
    """Built once for one organisation, then only read; safe between threads."""

    def __init__(
        self, organization: Organization, topics: Mapping[str, Topic], analyzer: Analyzer, config: RetrieverConfig
    ) -> None:
        self.tree = ClauseTree(organization.guideline)
        self.config = config
        units = clause_units(organization, self.tree, analyzer, config.units)
        documents = topic_documents(topics, analyzer)
        self._places = [unit.clause for unit in units]
        self._index = ClauseIndex([unit.terms for unit in units], config.bm25)
        self._topic_ids = [topic for topic, _ in documents]
        self._topics = ClauseIndex([terms for _, terms in documents], config.bm25)
        self._with_topic = _by_topic(self.tree.clauses, self._places, config.second_topic)
        self._units = {unit.clause: number for number, unit in enumerate(units)}

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
        matches = self._matches(query)
        totals = matches.totals(self.config.topic)
        earlier: _Matches | None = None
        if context is not None:
            earlier = self._matches(context)
            totals = self._joined(totals, earlier.totals(self.config.topic))
        ranked = nsmallest(
            k,
            (
                (-score, place)
                for place, score in totals.items()
                if allowed is None or allowed(self.tree.clauses[place])
            ),
        )
        places = [place for _, place in ranked]
        own = [
            self._hit(matches, place, cover) for place, cover in zip(places, self._covers(query, places), strict=True)
        ]
        if context is not None and earlier is not None:
            before = self._covers(context, places)
            hits = [self._hit(earlier, place, cover) for place, cover in zip(places, before, strict=True)]
            own = [_better(one, other) for one, other in zip(own, hits, strict=True)]
        return [replace(hit, score=-negative) for hit, (negative, _) in zip(own, ranked, strict=True)]

    def _hit(self, matches: _Matches, place: int, cover: tuple[float, tuple[str, ...]]) -> Hit:
        text, topic = min(1.0, matches.text.get(place, 0.0)), matches.topic.get(place, 0.0)
        return Hit(self.tree.clauses[place], 0.0, text, topic, *cover)

    def _matches(self, query: Query) -> _Matches:
        return _Matches(self._text_scores(query), self._topic_scores(query))

    def knows(self, key: str) -> bool:
        """Whether the term stands in any clause or in its everyday questions."""
        return key in self._index

    def _covers(self, query: Query, places: Sequence[int]) -> list[tuple[float, tuple[str, ...]]]:
        """For each clause the share of the question's idf mass that it holds, and the words."""
        units = {self._units[place] for place in places}
        total = 0.0
        mass: dict[int, float] = dict.fromkeys(units, 0.0)
        held: dict[int, list[str]] = {unit: [] for unit in units}
        for word in query.words:
            weight = self._index.idf(word.key)
            total += weight
            for unit, share in self._shares(word, units).items():
                mass[unit] += weight * share
                held[unit].append(word.surface)
        wanted = [self._units[place] for place in places]
        return [(mass[unit] / total if total else 0.0, tuple(held[unit])) for unit in wanted]

    def _shares(self, word: QueryWord, units: set[int]) -> dict[int, float]:
        """How well each of `units` that holds the word, or what it leads to, holds it."""
        found: dict[int, float] = {}
        for needed, share in word.alternatives:
            holders = units.intersection(self._index.holders(needed[0]))
            for key in needed[1:]:
                holders.intersection_update(self._index.holders(key))
            for unit in holders:
                found[unit] = max(found.get(unit, 0.0), share)
        return found

    def _joined(self, own: dict[int, float], before: dict[int, float]) -> dict[int, float]:
        """What a message and the question before it ask together.

        Clauses around the one that answered the question before (below it, above it, beside it) come nearer.
        """
        share, near = self.config.context, self.config.near
        found = {place: own.get(place, 0.0) + share * before.get(place, 0.0) for place in own.keys() | before.keys()}
        if before:
            best = self.tree.clauses[min(before, key=lambda place: (-before[place], place))]
            for place in found:
                clause = self.tree.clauses[place]
                beside = clause.parent == best.parent and clause is not best and best.parent is not None
                if beside or clause.parent == best.locator or clause.locator == best.parent:
                    found[place] += near
        return found

    def _text_scores(self, query: Query) -> dict[int, float]:
        """Score by position of the clause, as a share of what one occurrence of every term would give."""
        best = sum(value * self._index.idf(key) for key, value in query.own.items()) or 1.0
        scores = self._index.scores(query.terms)
        return {place: score / best for place, score in zip(self._places, scores, strict=True) if score > 0}

    def _topic_scores(self, query: Query) -> dict[int, float]:
        """1 for the clauses of the topic the question points at most, less for those of the next."""
        scores = self._topics.scores(query.terms)
        best = max(scores, default=0.0)
        found: dict[int, float] = {}
        for topic, score in zip(self._topic_ids, scores, strict=True):
            if score > FAINT * best:
                for place, share in self._with_topic.get(topic, ()):
                    found[place] = max(found.get(place, 0.0), share * score / best)
        return found


def _better(one: Hit, other: Hit) -> Hit:
    """What a clause has of a message or of the question before it, whichever is more."""
    return replace(
        one,
        text=max(one.text, other.text),
        topic=max(one.topic, other.topic),
        cover=max(one.cover, other.cover),
        covered=one.covered + other.covered,
    )


def _by_topic(clauses: Sequence[Clause], places: Sequence[int], second: float) -> dict[str, list[tuple[int, float]]]:
    found: dict[str, list[tuple[int, float]]] = {}
    for place in places:
        for rank, topic in enumerate(clauses[place].topics):
            found.setdefault(topic, []).append((place, 1.0 if rank == 0 else second))
    return found
