"""A guideline as its page shows it: the clauses nested as they stand, and the table of contents."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.corpus.tree import ClauseTree, label, title
from bot.model import Clause, Organization, Scope

LOWEST_HEADING = 6

_MARKDOWN = re.compile(r"^(#+|[-*+])\s+(?=\S)")
"""Signs by which a plain-text source marks headings and lists; a page shows them by its layout."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One clause with those below it.

    `level` is that of its heading element. `inherits`: its scope is that of the clause above. `refers` are
    the locators of clauses it names.
    """

    locator: str
    marker: str
    heading: str | None
    text: str
    note: str | None
    scope: Scope | None
    level: int
    inherits: bool
    refers: tuple[str, ...]
    below: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table of contents with those below it."""

    locator: str
    label: str
    below: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """A whole guideline. `date` is as printed, None where there is none; `url` is the original's https address."""

    org: str
    organization: str
    title: str
    date: str | None
    url: str | None
    entries: tuple[Entry, ...]
    contents: tuple[Line, ...]


def document(organization: Organization) -> Document:
    """The guideline of an organisation, ready for its page."""
    guideline = organization.guideline
    tree = ClauseTree(guideline)
    top = [clause for clause in guideline.clauses if clause.parent not in tree.by_locator]
    return Document(
        organization.id,
        organization.name,
        guideline.title,
        guideline.date,
        guideline.url if guideline.url and guideline.url.startswith("https://") else None,
        tuple(_entry(tree, clause, None) for clause in top),
        tuple(Line(one.locator, _flat(label(one)), _below(tree, one)) for one in top),
    )


def _entry(tree: ClauseTree, clause: Clause, above: Clause | None, level: int = 2) -> Entry:
    heading = title(clause)
    deeper = min(level + 1, LOWEST_HEADING)
    return Entry(
        clause.locator,
        # A table's row is headed by its first cell, which stands as the marker.
        "" if clause.kind == "row" and clause.heading is None else _marker(clause),
        heading,
        clause.text,
        clause.note,
        clause.scope,
        level,
        above is not None and above.scope == clause.scope,
        tuple(one for one in clause.refers_to if one in tree.by_locator),
        tuple(_entry(tree, child, clause, deeper) for child in tree.children(clause.locator)),
    )


def _marker(clause: Clause) -> str:
    return _MARKDOWN.sub("", clause.printed or clause.marker or "")


def _below(tree: ClauseTree, clause: Clause) -> tuple[Line, ...]:
    headed = (child for child in tree.children(clause.locator) if child.heading and child.kind in ("clause", "qa"))
    return tuple(Line(child.locator, _flat(label(child))) for child in headed)


def _flat(text: str) -> str:
    """On one line; a heading may be broken inside a narrow cell."""
    return text.replace("\n", "")
