"""Everything doubtful in a document, each with its line."""

from __future__ import annotations

from bot.document import ParseWarning
from bot.ingest.candidates import Candidate
from bot.ingest.lines import Page, ends_sentence
from bot.ingest.search import Choice
from bot.ingest.spans import written
from bot.ingest.tree import Node

_OPENING, _CLOSING = "「『（(【［", "」』）)】］"


def find_warnings(
    page: Page, nodes: list[Node], sequence: tuple[list[Candidate], list[Choice]], skipped: dict[int, str]
) -> tuple[ParseWarning, ...]:
    """All warnings in the order of their lines."""
    candidates, choices = sequence
    found = [_at(page, candidates[choice.candidate].line, choice.doubt) for choice in choices if choice.doubt]
    found.extend(_markers_taken_for_text(page, candidates, choices))
    found.extend(_tables_inside(page, skipped))
    for node in nodes:
        found.extend(_doubts_of(page, node))
    if not choices:
        found.append(ParseWarning(1, "条項の番号が見つかりません。全体を一つの文として読みました"))
    return tuple(sorted(found, key=lambda warning: warning.line))


def _at(page: Page, index: int, message: str) -> ParseWarning:
    return ParseWarning(page.lines[index].number, message)


def _markers_taken_for_text(page: Page, candidates: list[Candidate], choices: list[Choice]) -> list[ParseWarning]:
    accepted = {choice.candidate for choice in choices}
    starts = {candidates[choice.candidate].line for choice in choices}
    found: list[ParseWarning] = []
    for position, candidate in enumerate(candidates):
        marker = candidate.readings[0].marker
        at_start = candidate.start == page.lines[candidate.line].start
        if marker.style in ("kana", "iroha") and not marker.separated:
            continue
        if position in accepted or not at_start or marker.style in ("head", "hiragana") or candidate.line in starts:
            continue
        shown = page.text[marker.start : marker.end]
        found.append(_at(page, candidate.line, f"行頭の「{shown}」は番号ではなく文の続きとして読みました"))
    return found


def _tables_inside(page: Page, skipped: dict[int, str]) -> list[ParseWarning]:
    """The header of a table below a line that is cut in mid-sentence: the table is out of place."""
    found: list[ParseWarning] = []
    for index in sorted(page.apart):
        above = index - 1
        while above in skipped:
            above -= 1
        if (
            above >= 0
            and index not in skipped
            and page.is_full(page.lines[above])
            and not ends_sentence(page.content(above))
        ):
            found.append(_at(page, index, "文の途中に表が入っています。別の条項の表かもしれません"))
    return found


def _doubts_of(page: Page, node: Node) -> list[ParseWarning]:
    if not node.lines:
        return []
    line = min(node.lines)
    found: list[ParseWarning] = []
    if node.style == "q" and not node.answered:
        found.append(_at(page, line, f"「{node.locator}」に答えが見つかりません"))
    whole = written(page, node.heading) + written(page, node.text)
    for opening, closing in zip(_OPENING, _CLOSING, strict=True):
        if whole.count(opening) > whole.count(closing):
            found.append(_at(page, line, f"「{node.locator}」の中で {opening} が閉じていません"))
    return found
