"""Stretches of the source and how they are written out: hard wraps joined, nothing else changed."""

from __future__ import annotations

import re

from bot.ingest.lines import Line, Page, ends_open, ends_sentence

_OWN_LINE = re.compile(r"[※⇒→＊【□■☐・●|]|[（(](?:例|記載|※|注|その他|具体)|https?://|\*\*")
_HIRAGANA = re.compile(r"[ぁ-ん]|[ァィゥェォャュョッー]")
_FLOWS = re.compile(r"[ぁ-ん\u3400-\u9fff]\Z")
_COLUMN = 20
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


def written(page: Page, pieces: list[tuple[int, Span]], *, loose: bool = False) -> str:
    """The pieces as one text: wraps joined, a line break kept where a paragraph ends.

    `loose`: in lists and tables, where columns are narrow, a cut line is joined on less evidence.
    """
    out: list[str] = []
    for position, (index, (start, end)) in enumerate(pieces):
        if position:
            above = pieces[position - 1]
            out.append(_joint(page, above, (index, (start, end)), loose=loose))
        out.append(page.text[start:end])
    return "".join(out)


def _joint(page: Page, above: tuple[int, Span], below: tuple[int, Span], *, loose: bool) -> str:
    apart = above[0] in page.apart or below[0] in page.apart
    cut = (
        not apart
        and ends_open(page.text[above[1][0] : above[1][1]])
        and _OWN_LINE.match(page.text, below[1][0]) is None
    )
    if not cut and not is_wrap(page, above, below, loose=loose):
        return "\n"
    return blank_between(page.text[above[1][1] - 1], page.text[below[1][0]])


def blank_between(left: str, right: str) -> str:
    """One blank between two ASCII words, nothing between Japanese characters."""
    return " " if left.isascii() and right.isascii() and (left.isalnum() or left in ",.;:)") and right.isalnum() else ""


def is_wrap(page: Page, above: tuple[int, Span], below: tuple[int, Span], *, loose: bool = False) -> bool:
    """Whether the line break between two pieces is a hard wrap inside a sentence."""
    upper: Line = page.lines[above[0]]
    lower: Line = page.lines[below[0]]
    if above[0] == below[0]:
        return True
    content = page.text[above[1][0] : above[1][1]]
    following = page.text[below[1][0] : below[1][1]]
    if _OWN_LINE.match(following) or above[0] in page.apart or below[0] in page.apart:
        return False
    if lower.gap > max(page.usual_gap, 1) and ends_sentence(content):
        return False
    if page.is_full(upper):
        return not (ends_sentence(content) and lower.indent >= 2)
    # No paragraph ends in mid-word, and few begin with hiragana.
    flows = _HIRAGANA.match(following) and _FLOWS.search(content) and len(content) >= _COLUMN
    known = page.full_width is not None and not ends_sentence(content)
    return bool(flows) or (known and (ends_open(content) or _goes_on(upper, lower, following, loose=loose)))


def _goes_on(upper: Line, lower: Line, following: str, *, loose: bool) -> bool:
    """Whether a line that is not full is cut all the same: in a narrow column, say."""
    narrow = upper.width >= _COLUMN and lower.width <= upper.width + 4
    return narrow and (loose or _HIRAGANA.match(following) is not None)
