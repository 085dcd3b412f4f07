"""Curation's moved lines: the document is read as if they had been printed where they belong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.document import ParsedDocument
from bot.ingest.parser import parse_document
from bot.model import LineRange

Move = tuple[LineRange, str]
"""Lines of the source, and the locator of the clause they belong to."""


def parse_with_moves(text: str, moves: Sequence[Move], *, name_hint: str | None = None) -> ParsedDocument:
    """Read a document with some lines moved behind the own text of other clauses.

    Line numbers of the result are those of `text` as given. A move to a clause that the document does
    not have changes nothing. Never raises.
    """
    document = parse_document(text, name_hint=name_hint)
    if not moves:
        return document
    lines = text.split("\n")
    order = _order(document, moves, len(lines))
    moved = parse_document("\n".join(lines[number - 1] for number in order), name_hint=name_hint)
    return replace(
        moved,
        clauses=tuple(replace(clause, lines=_renumbered(clause.lines, order)) for clause in moved.clauses),
        skipped=tuple(
            replace(skipped, lines=lines) for skipped in moved.skipped for lines in _renumbered((skipped.lines,), order)
        ),
        warnings=tuple(replace(warning, line=order[warning.line - 1]) for warning in moved.warnings),
    )


def _order(document: ParsedDocument, moves: Sequence[Move], count: int) -> list[int]:
    """Line numbers in the order in which the document is to be read."""
    last = {clause.locator: max(end for _, end in clause.lines) for clause in document.clauses if clause.lines}
    behind: dict[int, list[int]] = {}
    taken: set[int] = set()
    for (first, end), locator in moves:
        if locator in last:
            numbers = [number for number in range(first, min(end, count) + 1) if number not in taken]
            taken.update(numbers)
            behind.setdefault(last[locator], []).extend(numbers)
    order: list[int] = []
    for number in range(1, count + 1):
        if number not in taken:
            order.append(number)
        order.extend(behind.get(number, ()))
    return order


def _renumbered(ranges: Sequence[LineRange], order: Sequence[int]) -> tuple[LineRange, ...]:
    """The same lines in the source's own numbers, joined where they follow one another."""
    found: list[LineRange] = []
    for first, last in ranges:
        for position in range(first, last + 1):
            number = order[position - 1]
            if found and number == found[-1][1] + 1:
                found[-1] = (found[-1][0], number)
            else:
                found.append((number, number))
    return tuple(found)
