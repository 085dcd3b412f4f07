"""Every everyday question leads to its clause."""

from __future__ import annotations

import pytest

from bot.corpus.knowledge import Knowledge
from bot.corpus.tree import ClauseTree
from bot.model import Organization
from bot.service import Service

ORGS = Knowledge().ids
FOUND, REACHED = 0.97, 0.90
"""Share of an organisation's questions whose clause is among the first three, and that are not refused."""

PARTS = 4
"""The questions of an organisation are asked in parts, so that two cores share the work."""


def questions(organization: Organization) -> list[tuple[str, tuple[str, ...]]]:
    return [(question, entry.cites) for entry in organization.faq for question in entry.questions]


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("org", ORGS)
def test_an_everyday_question_finds_its_clause_in_the_first_three(service: Service, org: str, part: int) -> None:
    answerer = service.answerer(org)
    tree, asked = ClauseTree(answerer.parts.organization.guideline), questions(answerer.parts.organization)[part::PARTS]
    found = reached = 0
    for question, cites in asked:
        dialogue = answerer.parts.dialogues.read(question, (), None)
        hits = answerer._search(dialogue)
        below = {clause.locator for hit in hits[:3] for clause in tree.subtree(hit.clause.locator)}
        found += not below.isdisjoint(cites)
        suggested = answerer.parts.calibration.suggested
        calibration = answerer.parts.calibration
        reached += bool(hits) and calibration.confidence(answerer.evidence(dialogue, hits)) >= suggested
    print(f"{org}: {found / len(asked):.3f} found, {reached / len(asked):.3f} not refused, of {len(asked)}")
    assert found / len(asked) >= FOUND
    assert reached / len(asked) >= REACHED


@pytest.mark.parametrize("org", ORGS)
def test_no_question_is_given_to_two_first_clauses(knowledge: Knowledge, org: str) -> None:
    first: dict[str, str] = {}
    twice = []
    for question, cites in questions(knowledge.organization(org)):
        if first.setdefault(question, cites[0]) != cites[0]:
            twice.append((question, first[question], cites[0]))
    assert twice == []


@pytest.mark.parametrize("org", ORGS)
def test_the_questions_are_not_those_of_the_measure(knowledge: Knowledge, org: str) -> None:
    """Nothing of the measure goes into the knowledge; figures of it would be worth nothing. Only counts are told."""
    from pathlib import Path

    from bot.evaluation.labels import load_labels

    measure = Path(__file__).parents[1] / "data" / "measure"
    labels = load_labels([measure / "blind", measure / "tune"])
    known = {question for question, _ in questions(knowledge.organization(org)) if len(question) > 12}
    assert len(known & {label.question for label in labels if label.org == org}) == 0
