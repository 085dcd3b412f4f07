"""Everything doubtful in a document, each with its line."""

from __future__ import annotations

from bot.ingest.candidates import Candidate
from bot.ingest.lines import Page
from bot.ingest.search import Choice
from bot.ingest.tree import Node
from bot.model import ParseWarning


def find_warnings(
    page: Page, nodes: list[Node], sequence: tuple[list[Candidate], list[Choice]], headers: list[int]
) -> tuple[ParseWarning, ...]:
    """All warnings in the order of their lines."""
    candidates, choices = sequence
    found: list[ParseWarning] = []
    accepted = {choice.candidate for choice in choices}
    for choice in choices:
        if choice.doubt:
            found.append(_at(page, candidates[choice.candidate].line, choice.doubt))
    for position, candidate in enumerate(candidates):
        if position not in accepted and _like_marker(page, candidate):
            printed = candidate.readings[0].marker
            shown = page.text[printed.start : printed.end]
            found.append(_at(page, candidate.line, f"行頭の「{shown}」は番号ではなく文の続きとして読みました"))
    return tuple(sorted(found, key=lambda warning: warning.line))


def _at(page: Page, index: int, message: str) -> ParseWarning:
    return ParseWarning(page.lines[index].number, message)


def _like_marker(page: Page, candidate: Candidate) -> bool:
    marker = candidate.readings[0].marker
    return candidate.start == page.lines[candidate.line].start and not marker.style.startswith("bullet")
