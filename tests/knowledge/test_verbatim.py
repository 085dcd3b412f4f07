"""Every quotation is the source word for word, and the source is in the clauses exactly once."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from bot.corpus.guideline_file import load_guideline
from bot.corpus.knowledge import Knowledge
from bot.corpus.organization_file import load_curation
from bot.corpus.quoting import Quoter
from bot.corpus.tree import ClauseTree
from bot.ingest.check import source_of
from bot.ingest.coverage import uncovered
from bot.ingest.moves import _order
from bot.ingest.parser import parse_document
from bot.ingest.reader import read_document
from bot.model import Clause
from bot.testing import squashed

ORGS = Knowledge().ids

BROKEN_UP = {
    # moved lines: curation.yaml says which lines are printed where they do not belong, and why
    ("asahikawa", "moved lines"): {"5", "5(1)", "5(1)オ", "様式1"},
    ("bibai", "moved lines"): {"1", "Q1-1", "Q1-2", "Q1-2・3"},
    # the answer's mark Ａ． stands between a question and its answer
    ("bibai", "answer marks"): {"1", "2", "3", "4"},
}
"""The only quotations that are no substring of their source, and what stands or lies between their parts."""

STRUCTURE = r"(?:Ａ．)*"
"""All that may stand between two parts of a quotation."""


def read_in_order(knowledge: Knowledge, org: str) -> str:
    """The source with its moved lines where they belong, without white space."""
    folder = knowledge.folder(org)
    text = read_document(source_of(folder))
    moves = [(move.lines, move.to) for move in load_curation(folder / "curation.yaml").moved]
    lines = text.split("\n")
    return squashed("".join(lines[number - 1] for number in _order(parse_document(text), moves, len(lines))))


def parts(clause: Clause) -> list[str]:
    return [
        part
        for part in map(squashed, (clause.printed or clause.marker or "", clause.heading or "", clause.text))
        if part
    ]


@pytest.mark.parametrize("org", ORGS)
def test_a_quotation_stands_in_the_source_but_for_the_ones_named_here(knowledge: Knowledge, org: str) -> None:
    organization = knowledge.organization(org)
    quoter, source = Quoter(organization), squashed(read_document(source_of(knowledge.folder(org))))
    found = {
        clause.locator
        for clause in organization.guideline.clauses
        if squashed(quoter.citation(clause, 1.0).text) not in source
    }
    assert found == set().union(*(locators for (of, _), locators in BROKEN_UP.items() if of == org))


@pytest.mark.parametrize("org", ORGS)
def test_every_quotation_stands_in_the_source_read_in_order_with_only_structure_between(
    knowledge: Knowledge, org: str
) -> None:
    organization = knowledge.organization(org)
    quoter, source = Quoter(organization), read_in_order(knowledge, org)
    wrong = []
    for clause in organization.guideline.clauses:
        _, *below = quoter.tree.subtree(clause.locator)
        pieces = [squashed(clause.text), *(part for one in below for part in parts(one))]
        quoted = squashed(quoter.citation(clause, 1.0).text)
        if quoted != "".join(pieces) or not re.search(STRUCTURE.join(map(re.escape, pieces)), source):
            wrong.append(clause.locator)
    assert wrong == []


@pytest.mark.parametrize("org", ORGS)
def test_every_text_of_a_clause_alone_is_a_plain_stretch_of_the_source_read_in_order(
    knowledge: Knowledge, org: str
) -> None:
    source = read_in_order(knowledge, org)
    clauses = knowledge.organization(org).guideline.clauses
    assert [one.locator for one in clauses for part in parts(one) if part not in source] == []


@pytest.mark.parametrize("org", ORGS)
def test_every_line_of_the_source_is_in_one_clause_or_is_named_as_no_clause(knowledge: Knowledge, org: str) -> None:
    folder = knowledge.folder(org)
    document = load_guideline(folder / "guideline.yaml")
    held = Counter(
        number for clause in document.clauses for first, last in clause.lines for number in range(first, last + 1)
    )
    skipped = Counter(number for one in document.skipped for number in range(one.lines[0], one.lines[1] + 1))
    text = read_document(source_of(folder)).split("\n")
    full = {number for number, line in enumerate(text, 1) if line.strip()}
    assert full - set(held) - set(skipped) == set()
    assert set(held) & set(skipped) == set()
    assert {number for number, times in (held + skipped).items() if times > 1 and number in full} == set()


@pytest.mark.parametrize("org", ORGS)
def test_no_character_is_lost_or_doubled(knowledge: Knowledge, org: str) -> None:
    text = read_document(source_of(knowledge.folder(org)))
    assert uncovered(text, parse_document(text)) == []


@pytest.mark.parametrize("org", ORGS)
def test_parents_stand_above_their_children_and_locators_begin_with_theirs(knowledge: Knowledge, org: str) -> None:
    tree = ClauseTree(knowledge.organization(org).guideline)
    for clause in tree.clauses:
        if clause.parent is not None:
            assert tree.position[clause.parent] < tree.position[clause.locator]
        if clause.parent is not None and clause.kind != "qa":
            assert clause.locator.startswith(clause.parent)


@pytest.mark.parametrize("org", ORGS)
def test_the_quotations_of_all_top_clauses_together_are_the_document(knowledge: Knowledge, org: str) -> None:
    """Marker, heading and quotation of each clause without parent, in order: nothing is left but structure."""
    organization = knowledge.organization(org)
    quoter = Quoter(organization)
    told = "".join(
        squashed((clause.marker or "") + (clause.heading or "")) + squashed(quoter.citation(clause, 1.0).text)
        for clause in organization.guideline.clauses
        if clause.parent is None
    )
    source = read_in_order(knowledge, org)
    lost = Counter(source) - Counter(told)
    skipped = load_guideline(knowledge.folder(org) / "guideline.yaml").skipped
    lines = read_document(source_of(knowledge.folder(org))).split("\n")
    left_out = Counter(squashed("".join("".join(lines[one.lines[0] - 1 : one.lines[1]]) for one in skipped)))
    assert {sign for sign in lost - left_out if sign not in "．.-#*|Ａ：・　→＜＞【】"} == set()
    assert Counter(told) - Counter(source) == Counter()
