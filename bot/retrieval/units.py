"""What is indexed: each citable clause with its parents' headings, each everyday question, each topic."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.analysis.analyzer import Analyzer
from bot.corpus.tree import ClauseTree, title
from bot.model import Clause, Organization, Topic

Terms = dict[str, float]


@dataclass(frozen=True, slots=True)
class Unit:
    """One passage of the index. `clause` is the position of the clause it leads to."""

    clause: int
    terms: Terms


@dataclass(frozen=True, slots=True)
class UnitWeights:
    """How much the parents' headings, a parent's lead-in and a Q&A's own question count beside the text."""

    headings: float = 1.0
    lead_in: float = 0.5


def is_citable(clause: Clause, tree: ClauseTree) -> bool:
    """Whether the clause is an answer of its own: it says something, and is no bullet of a Q&A."""
    if not clause.text and not clause.heading:
        return False
    return not any(above.kind == "qa" for above in tree.ancestors(clause.locator))


def clause_units(tree: ClauseTree, analyzer: Analyzer, weights: UnitWeights) -> list[Unit]:
    """One unit for each citable clause, in document order; a Q&A is one unit with all its bullets."""
    found = []
    for place, clause in enumerate(tree.clauses):
        if is_citable(clause, tree):
            own = tree.full_text(clause.locator) if clause.kind == "qa" else clause.text
            terms = analyzer.terms(f"{title(clause) or ''}\n{own}")
            for above in tree.ancestors(clause.locator):
                _add(terms, analyzer.terms(above.heading or ""), weights.headings)
            _add(terms, analyzer.terms(tree.lead_in(clause.locator) or ""), weights.lead_in)
            found.append(Unit(place, terms))
    return found


def question_units(organization: Organization, tree: ClauseTree, analyzer: Analyzer) -> list[Unit]:
    """One unit for each everyday question, leading to the first clause it cites."""
    return [
        Unit(tree.position[entry.cites[0]], analyzer.terms(question))
        for entry in organization.faq
        for question in entry.questions
    ]


def asked_units(questions: Iterable[Unit]) -> list[Unit]:
    """All everyday questions of a clause as one unit: what is asked about it, whoever asks."""
    found: dict[int, Terms] = {}
    for question in questions:
        _add(found.setdefault(question.clause, {}), question.terms, 1.0)
    return [Unit(clause, terms) for clause, terms in sorted(found.items())]


def topic_documents(topics: Mapping[str, Topic], analyzer: Analyzer) -> list[tuple[str, Terms]]:
    """Each topic's label, words and typical questions as one document."""
    return [
        (topic.id, analyzer.terms("\n".join((topic.label, *topic.words, *topic.questions))))
        for topic in topics.values()
    ]


def _add(terms: Terms, more: Terms, weight: float) -> None:
    for key, value in more.items():
        terms[key] = terms.get(key, 0.0) + value * weight
