"""Other ways to see a draft, each with the way back to `DraftText.plain`: digits however spelt, disguised dots."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.drafts.text import DraftText, Span

_DIGITS = str.maketrans("〇零○◯●o一二三四五六七八九壱弐参il|", "000000123456789123111")
"""Signs that are read as a digit between digits: kanji, circles, o for 0, l for 1. As many characters as before."""

_DOT = re.compile(
    r"\s?[\[({<「『【〔] ?(?:\.|dot|どっと|ドット|てん) ?[\])}>」』】〕]\s?"
    r"|\s?(?:どっと|ドット|ピリオド)\s?"
    r"|(?<=[a-z0-9])\s\.\s?(?=[a-z])"
    r"|(?<=[a-z0-9]) ?[。。.](?=[a-z])"
)
_AT = re.compile(
    r"\s?[\[({<「『【〔] ?(?:@|at|あっと|アット)(?:まーく|マーク)? ?[\])}>」』】〕]\s?"
    r"|\s?(?:あっと|アット)(?:まーく|マーク)?\s?"
    r"|(?<=[a-z0-9])\s@\s?(?=[a-z])"
)


@dataclass(frozen=True, slots=True)
class View:
    """A text made of a draft; character `i` stands for the character `places[i]` of `DraftText.masked`."""

    text: str
    places: Sequence[int]

    def span(self, draft: DraftText, start: int, end: int) -> Span:
        """Where the characters `start:end` of the view stand in `plain`."""
        return plain_span(draft, self.places[start], self.places[end - 1] + 1)


def plain_span(draft: DraftText, start: int, end: int) -> Span:
    """Where the characters `start:end` of `masked` stand in `plain`; at least one character of it."""
    first = min(bisect_left(draft.kept, start), len(draft.plain) - 1)
    return first, max(bisect_left(draft.kept, end), first + 1)


def digits_view(draft: DraftText) -> View:
    """The draft with everything that can be read as a digit as that digit."""
    return View(draft.masked.translate(_DIGITS), range(len(draft.masked)))


def address_view(draft: DraftText) -> View:
    """The draft with disguised dots and at-signs of mail addresses and links as what they mean."""
    text = draft.masked
    return _replaced(_replaced(View(text, range(len(text))), _DOT, "."), _AT, "@")


def _replaced(view: View, pattern: re.Pattern[str], sign: str) -> View:
    pieces: list[str] = []
    places: list[int] = []
    done = 0
    for match in pattern.finditer(view.text):
        pieces += [view.text[done : match.start()], sign]
        places += [*view.places[done : match.start()], view.places[match.start()]]
        done = match.end()
    if not pieces:
        return view
    return View("".join(pieces) + view.text[done:], [*places, *view.places[done:]])


def apart(spans: Iterable[Span]) -> Iterator[Span]:
    """The spans in order without overlaps: what touches the same characters becomes one."""
    held: Span | None = None
    for start, end in sorted(spans):
        if held and start < held[1]:
            held = held[0], max(held[1], end)
            continue
        if held:
            yield held
        held = start, end
    if held:
        yield held


def found(draft: DraftText, *patterns: re.Pattern[str]) -> Iterator[Span]:
    """Where any of the patterns stands in `plain`."""
    return apart(match.span() for pattern in patterns for match in pattern.finditer(draft.plain))
