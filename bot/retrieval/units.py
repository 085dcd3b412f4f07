"""What is indexed: each citable clause with its parents' headings, each everyday question, each topic."""

from __future__ import annotations

from collections.abc import Mapping
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
    """How much the parents' headings and the everyday questions count beside the clause's own text."""

    headings: float = 1.0
    questions: float = 0.5


def is_citable(clause: Clause, tree: ClauseTree) -> bool:
    """Whether the clause is an answer of its own: it says something, and is no bullet of a Q&A."""
    if not clause.text and not clause.heading:
        return False
    return not any(above.kind == "qa" for above in tree.ancestors(clause.locator))


def clause_units(organization: Organization, tree: ClauseTree, analyzer: Analyzer, weights: UnitWeights) -> list[Unit]:
    """One unit for each citable clause, in document order; a Q&A is one unit with all its bullets.

    A unit holds the clause's heading and text, its parents' headings, and the everyday questions whose
    first cited clause it is: what people ask of a clause are words it can be found by (document
    expansion; Nogueira et al. 2019, with questions written by people).
    """
    asked = _asked(organization, analyzer)
    found = []
    for place, clause in enumerate(tree.clauses):
        if is_citable(clause, tree):
            own = tree.full_text(clause.locator) if clause.kind == "qa" else clause.text
            terms = analyzer.terms(f"{title(clause) or ''}\n{own}")
            for above in tree.ancestors(clause.locator):
                _add(terms, analyzer.terms(above.heading or ""), weights.headings)
            for bullet in tree.subtree(clause.locator) if clause.kind == "qa" else [clause]:
                _add(terms, asked.get(bullet.locator, {}), weights.questions)
            found.append(Unit(place, terms))
    return found


def _asked(organization: Organization, analyzer: Analyzer) -> dict[str, Terms]:
    """The terms of each clause's everyday questions, by locator."""
    found: dict[str, Terms] = {}
    for entry in organization.faq:
        terms = found.setdefault(entry.cites[0], {})
        for question in entry.questions:
            _add(terms, analyzer.terms(question), 1.0)
    return found


def topic_documents(topics: Mapping[str, Topic], analyzer: Analyzer) -> list[tuple[str, Terms]]:
    """The content words of each topic's label, words and typical questions as one document."""
    found = []
    for topic in topics.values():
        terms = analyzer.terms("\n".join((topic.label, *topic.words, *topic.questions)))
        found.append((topic.id, {key: value for key, value in terms.items() if key.startswith("w:")}))
    return found


def _add(terms: Terms, more: Terms, weight: float) -> None:
    for key, value in more.items():
        terms[key] = terms.get(key, 0.0) + value * weight
