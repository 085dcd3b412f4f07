"""Text as the analyzer sees it, with the way back to the characters the author wrote."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_JAMO = range(0x1160, 0x1200)
"""Hangul vowels and tails: they compose with the letter before without being combining marks."""

_DROPPED = frozenset({"Cc", "Cf", "Cs"})
"""Unicode categories that carry nothing to search: control, invisible, half of a surrogate pair."""

_BLANKS = frozenset("\t\n\v\f\r\x85\u2028\u2029")
_VOICING = {"\u309b": "\u3099", "\u309c": "\u309a"}
_DASHES = frozenset("-‐‑‒–—―−─━")


@dataclass(frozen=True, slots=True)
class Normalized:
    """Normalised text; character `i` of it stands for `original[starts[i]:ends[i]]`.

    Both sequences are as long as `text` and never fall. Several characters may stand for one
    original (㈱ → (株)), one for several (ｶﾞ → ガ); dropped originals lie between two neighbours.
    """

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    @property
    def offsets(self) -> tuple[tuple[int, int], ...]:
        """The original (start, end) of each normalised character."""
        return tuple(zip(self.starts, self.ends, strict=True))

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Where the normalised characters `start:end` stand in the original; empty stays empty."""
        if start < end:
            return self.starts[start], self.ends[end - 1]
        at = self.starts[start] if start < len(self.starts) else (self.ends[-1] if self.ends else 0)
        return at, at


def normalize(text: str) -> Normalized:
    """NFKC and lower case, half-width kana composed, invisible characters dropped.

    Line breaks and tabs become blanks; a dash between two kana becomes the long-vowel mark ー, as
    people type ソ−シャル. Normalising twice changes nothing.
    """
    pieces = [_single(character) for character in text]
    if None not in pieces:
        plain = "".join(pieces)  # type: ignore[arg-type]  # no None is left
        if len(plain) == len(text) and "" not in pieces:
            return Normalized(_long_vowels(plain), range(len(text)), range(1, len(text) + 1))
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end, folded in _clusters(text, pieces):
        characters.append(folded)
        starts += [start] * len(folded)
        ends += [end] * len(folded)
    return Normalized(_long_vowels("".join(characters)), starts, ends)


def hiragana(text: str) -> str:
    """Katakana as hiragana; ー and everything else unchanged. The length stays the same."""
    return text.translate(_TO_HIRAGANA)


def katakana(text: str) -> str:
    """Hiragana as katakana; everything else unchanged. The length stays the same."""
    return text.translate(_TO_KATAKANA)


_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}
_TO_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}


@lru_cache(maxsize=20_000)
def _single(character: str) -> str | None:
    """What one character becomes alone; "" when dropped; None when it joins the one before it."""
    if character in _BLANKS:
        return " "
    category = unicodedata.category(character)
    if category in _DROPPED or _is_variation_selector(character):
        return ""
    if character in _VOICING or category in {"Mn", "Mc"}:
        return None
    first = unicodedata.normalize("NFKD", character)[0]
    if unicodedata.combining(first) or ord(first) in _JAMO:
        return None
    return _fold(character)


def _clusters(text: str, pieces: Sequence[str | None]) -> list[tuple[int, int, str]]:
    """(start, end, normalised) of each base character with the marks that compose with it."""
    found: list[tuple[int, int, str]] = []
    at, count = 0, len(text)
    while at < count:
        if pieces[at] == "" and pieces[at + 1 : at + 2] == [""]:
            at += 1  # of a run of dropped characters only the last may have a mark behind it
            continue
        end, raw = at + 1, text[at]
        while end < count and pieces[end] in {None, ""}:
            if pieces[end] is None:
                raw += _VOICING.get(text[end], text[end])
            end += 1
        while end > at + 1 and pieces[end - 1] == "":
            end -= 1  # dropped characters belong to nobody unless a mark follows them
        piece = pieces[at]
        whole = piece if end == at + 1 and piece is not None else _fold_cluster(raw, piece)
        if whole:
            found.append((at, end, whole))
        at = end
    return found


def _fold_cluster(raw: str, piece: str | None) -> str:
    """Base and marks folded together; marks whose base was dropped or blank stand alone."""
    base = _VOICING.get(raw[0], raw[0]) if piece is None else piece
    return _fold(base + raw[1:])


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())


def _is_variation_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _long_vowels(text: str) -> str:
    """Write ー for a dash between two kana; the length stays the same."""
    if _DASHES.isdisjoint(text):
        return text
    out = list(text)
    for at in range(1, len(out) - 1):
        if out[at] in _DASHES and _is_kana(out[at - 1]) and _is_kana(out[at + 1]):
            out[at] = "ー"
    return "".join(out)


def _is_kana(character: str) -> bool:
    return "ぁ" <= character <= "ゖ" or "ァ" <= character <= "ヺ" or character == "ー"
