"""The clauses of the five guidelines against lists that a person read out of the documents."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.corpus.knowledge import Knowledge
from bot.corpus.yaml_source import load_yaml
from bot.ingest.check import source_of
from bot.ingest.reader import read_document
from bot.model import Clause
from bot.testing import squashed

GOLDEN = Path(__file__).parents[1] / "data" / "golden"
SHOWN = 8
"""Characters of a clause's beginning and end that the lists give."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One line of a golden list."""

    locator: str
    kind: str
    heading: str | None
    starts: str
    ends: str
    lines: tuple[int, int]


def golden(org: str) -> list[Wanted]:
    return [
        Wanted(
            row["locator"],
            row["kind"],
            row["heading"],
            row["starts"],
            row["ends"],
            (int(row["first_line"]), int(row["last_line"])),
        )
        for row in load_yaml(GOLDEN / f"{org}.yaml")
    ]


ORGS = sorted(path.stem for path in GOLDEN.glob("*.yaml"))


def clauses(knowledge: Knowledge, org: str) -> dict[str, Clause]:
    return {clause.locator: clause for clause in knowledge.organization(org).guideline.clauses}


def test_every_bundled_organisation_has_a_golden_list(knowledge: Knowledge) -> None:
    assert list(knowledge.ids) == ORGS


@pytest.mark.parametrize("org", ORGS)
def test_the_locators_are_the_golden_ones_in_their_order(knowledge: Knowledge, org: str) -> None:
    assert list(clauses(knowledge, org)) == [wanted.locator for wanted in golden(org)]


@pytest.mark.parametrize("org", ORGS)
def test_kinds_and_headings_are_the_golden_ones(knowledge: Knowledge, org: str) -> None:
    found = clauses(knowledge, org)
    wrong = [
        (wanted, found[wanted.locator].kind, found[wanted.locator].heading)
        for wanted in golden(org)
        if found[wanted.locator].kind != wanted.kind
        or squashed(found[wanted.locator].heading or "") != squashed(wanted.heading or "")
    ]
    assert wrong == []


@pytest.mark.parametrize("org", ORGS)
def test_every_text_begins_and_ends_as_the_golden_one(knowledge: Knowledge, org: str) -> None:
    found = clauses(knowledge, org)
    wrong = []
    for wanted in golden(org):
        text = squashed(found[wanted.locator].text)
        starts, ends = squashed(wanted.starts or ""), squashed(wanted.ends or "")
        told = min(len(starts), len(ends)) >= min(SHOWN - 1, len(text))
        if not (told and text.startswith(starts) and text.endswith(ends)):
            wrong.append((wanted.locator, text[:SHOWN], text[-SHOWN:]))
    assert wrong == []


@pytest.mark.parametrize("org", ORGS)
def test_every_clause_stands_within_the_golden_lines(knowledge: Knowledge, org: str) -> None:
    found = clauses(knowledge, org)
    wrong = [
        (wanted.locator, found[wanted.locator].lines, wanted.lines)
        for wanted in golden(org)
        if any(not wanted.lines[0] <= first <= last <= wanted.lines[1] for first, last in found[wanted.locator].lines)
        or found[wanted.locator].lines[0][0] != wanted.lines[0]
    ]
    assert wrong == []


@pytest.mark.parametrize("org", ORGS)
def test_the_golden_first_and_last_words_stand_on_the_golden_lines(knowledge: Knowledge, org: str) -> None:
    """The lists themselves are right: a slip in a list would prove a wrong parser right."""
    lines = read_document(source_of(knowledge.folder(org))).split("\n")
    wrong = []
    for wanted in golden(org):
        first, last = wanted.lines
        stretch = squashed("".join(lines[first - 1 : last]))
        if (wanted.starts or "") not in stretch or not stretch.endswith((wanted.ends or "", *"|*）)」")):
            wrong.append(wanted.locator)
    assert wrong == []
