"""Stretches of the source and how they are written out: hard wraps joined, nothing else changed."""

from __future__ import annotations

import re

from bot.ingest.lines import Line, Page, ends_open, ends_sentence

_OWN_LINE = re.compile(r"[※⇒→＊（(【\[□■☐・●|]|https?://|[\u3000 ]")
Span = tuple[int, int]


def pieces_between(page: Page, start: int, end: int, skipped: frozenset[int]) -> list[tuple[int, Span]]:
    """The stretch from `start` to `end` line by line, as (line index, span), skipped lines left out."""
    found: list[tuple[int, Span]] = []
    for index in range(_first_line(page, start), len(page.lines)):
        line = page.lines[index]
        if line.start >= end:
            break
        if index in skipped:
            continue
        first, last = max(line.start, start), min(line.end, end)
        while first < last and page.text[first].isspace():
            first += 1
        while last > first and page.text[last - 1].isspace():
            last -= 1
        if first < last:
            found.append((index, (first, last)))
    return found


def _first_line(page: Page, offset: int) -> int:
    """Index of the first line that ends behind the offset (binary search)."""
    low, high = 0, len(page.lines)
    while low < high:
        middle = (low + high) // 2
        if page.lines[middle].end <= offset:
            low = middle + 1
        else:
            high = middle
    return low


def written(page: Page, pieces: list[tuple[int, Span]]) -> str:
    """The pieces as one text: wraps joined, a line break kept where a paragraph ends."""
    out: list[str] = []
    for position, (index, (start, end)) in enumerate(pieces):
        if position:
            above = pieces[position - 1]
            out.append(_joint(page, above, (index, (start, end))))
        out.append(page.text[start:end])
    return "".join(out)


def _joint(page: Page, above: tuple[int, Span], below: tuple[int, Span]) -> str:
    if not is_wrap(page, above, below):
        return "\n"
    return blank_between(page.text[above[1][1] - 1], page.text[below[1][0]])


def blank_between(left: str, right: str) -> str:
    """One blank between two ASCII words, nothing between Japanese characters."""
    return " " if left.isascii() and right.isascii() and (left.isalnum() or left in ",.;:)") and right.isalnum() else ""


def is_wrap(page: Page, above: tuple[int, Span], below: tuple[int, Span]) -> bool:
    """Whether the line break between two pieces is a hard wrap inside a sentence."""
    upper: Line = page.lines[above[0]]
    lower: Line = page.lines[below[0]]
    if above[0] == below[0]:
        return True
    content = page.text[above[1][0] : above[1][1]]
    if page.text[below[1][0] : below[1][1]].startswith(("※", "⇒", "|", "（例", "(例", "http")):
        return False
    if lower.gap > max(page.usual_gap, 1) and ends_sentence(content):
        return False
    if page.is_full(upper):
        return not (ends_sentence(content) and lower.indent >= 2)
    return ends_open(content) and page.full_width is not None
