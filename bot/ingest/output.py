"""Nodes → the domain's clauses."""

from __future__ import annotations

import re

from bot.document import Skipped
from bot.ingest.lines import Page
from bot.ingest.spans import written
from bot.ingest.tree import Node
from bot.model import Clause, ClauseKind, LineRange

_SIGNS_BEFORE = re.compile(r"[#\-*+>]+[ \t]*\Z")
_SIGNS_AFTER = re.compile(r"[．.、:：]")

_KINDS: dict[str, ClauseKind] = {
    "q": "qa",
    "row": "row",
    "form": "form",
    "field": "form",
    "supplement": "supplement",
    "preamble": "preamble",
    "ending": "ending",
    "contact": "contact",
}


def clause_of(page: Page, node: Node) -> Clause:
    """The clause of a node, whose locator and parent's locator are known."""
    heading = written(page, node.heading).strip()
    if node.before is not None:
        heading = page.text[node.before[0] : node.before[1]]
    return Clause(
        locator=node.locator,
        marker=_marker_text(page, node),
        heading=heading or None,
        text=written(page, node.text, loose=node.style in ("row", "field") or node.style.startswith("bullet")),
        kind=kind_of(node),
        parent=node.parent.locator if node.parent else None,
        lines=line_runs(page, node.lines),
        printed=_printed(page, node),
    )


def kind_of(node: Node) -> ClauseKind:
    """Rows and named parts have their own kind; what hangs below a Q&A, a form or 附則 shares theirs."""
    if node.style in _KINDS:
        return _KINDS[node.style]
    return (
        kind_of(node.parent)
        if node.parent is not None and kind_of(node.parent) in ("qa", "form", "supplement", "contact")
        else "clause"
    )


def _marker_text(page: Page, node: Node) -> str | None:
    if node.marker is None:
        return None
    return "".join(page.text[start:end] for _, (start, end) in node.marker_pieces)


def _printed(page: Page, node: Node) -> str | None:
    """The marker with the signs around it (## 1, - (1), 1．) where there are any: what a quotation must show."""
    if not node.marker_pieces:
        return None
    index, (start, _) = node.marker_pieces[0]
    _, (_, end) = node.marker_pieces[-1]
    before = _SIGNS_BEFORE.search(page.text, page.lines[index].start, start)
    after = _SIGNS_AFTER.match(page.text, end)
    lead = before.group().strip() if before else ""
    marker = _marker_text(page, node) or ""
    whole = f"{lead} {marker}{after.group() if after else ''}".strip()
    return whole if whole != marker else None


def line_runs(page: Page, indices: set[int]) -> tuple[LineRange, ...]:
    """Physical line numbers as ranges; a range runs over blank lines, not over lines of others."""
    runs: list[LineRange] = []
    last = -2
    for index in sorted(indices):
        number = page.lines[index].number
        if index == last + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
        last = index
    return tuple(runs)


def skipped_runs(page: Page, skipped: dict[int, str]) -> tuple[Skipped, ...]:
    """Skipped lines as ranges of one reason each."""
    runs: list[Skipped] = []
    last = -2
    for index in sorted(skipped):
        number, why = page.lines[index].number, skipped[index]
        if index == last + 1 and runs[-1].why == why:
            runs[-1] = Skipped((runs[-1].lines[0], number), why)
        else:
            runs.append(Skipped((number, number), why))
        last = index
    return tuple(runs)
