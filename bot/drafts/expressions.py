"""How rules write what they look for: a small notation, read into parts that the matcher finds.

- `予算の{査定,議決}{前,はこれから}`: characters; braces hold alternatives, an empty one included. Kana are alike in
  both scripts, a word in kanji is also found spelt in kana where that cannot be chance.
- `[消す]`: any form of a word, by its dictionary form (unidic's lemma); `[らしい:助動詞]` also names the
  part of speech.
- `<phone>`: what the recogniser of that name finds.
- `見直し~正直`: one part behind the other with at most 15 characters between them, in one sentence.
- `@resident`: every expression of the lexicon's list of that name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from bot.analysis.normalize import normalize
from bot.analysis.phrases import Cut
from bot.analysis.readings import is_kanji
from bot.drafts.text import fold

MOST_ALTERNATIVES = 2_000
"""Spellings one expression may stand for; more is a slip of the pen."""

_SHORTEST = 2
_MOST_KANJI_WORDS = 3
_SHORTEST_MIXED = 4
_MOST_DISGUISED = 60
"""Alternatives of an expression up to which each is also looked for in kana: long phrases are not disguised whole."""

_BRACES = re.compile(r"\{([^{}]*)\}")
_LEMMA = re.compile(r"\[([^\[\]:]+)(?::([^\[\]:]+))?\]")
_RECOGNIZED = re.compile(r"<([a-z_]+)>")
_ODD = re.compile(r"[{}\[\]<>@~]")


@dataclass(frozen=True, slots=True)
class Literal:
    """Characters to be found. `text` is folded; `sure` = found wherever it stands; else only as a disguise."""

    text: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Lemma:
    """A word in any form."""

    lemma: str
    pos: str | None = None


@dataclass(frozen=True, slots=True)
class Recognized:
    """What a recogniser finds."""

    name: str


Part = tuple[Literal, ...] | Lemma | Recognized


class ExpressionError(ValueError):
    """An expression that cannot be read; the arguments are what is wrong, in Japanese and in English."""


def parse_expression(text: str, cut: Callable[[str], Sequence[Cut]]) -> tuple[Part, ...]:
    """The parts of one expression, in order. `cut` cuts normalised text into words, for their readings.

    Raises ExpressionError.
    """
    return tuple(_part(piece.strip(), cut) for piece in text.split("~"))


def _part(text: str, cut: Callable[[str], Sequence[Cut]]) -> Part:
    if lemma := _LEMMA.fullmatch(text):
        return Lemma(normalize(lemma[1]).text, lemma[2])
    if recognized := _RECOGNIZED.fullmatch(text):
        return Recognized(recognized[1])
    found: dict[str, Literal] = {}
    written = spellings(text)
    for plain in written:
        if _ODD.search(plain):
            raise ExpressionError(f"「{text}」の記号の使い方が違います", f"misplaced sign in '{text}'")
        folded = normalize(plain).text
        for literal in _variants(folded, cut) if len(written) <= _MOST_DISGUISED else (Literal(fold(folded)),):
            if len(literal.text) < _SHORTEST:
                raise ExpressionError(f"「{text}」は短すぎます", f"'{text}' is too short")
            if literal.sure or literal.text not in found:
                found[literal.text] = literal
    return tuple(found.values())


def spellings(text: str) -> list[str]:
    """What braces stand for: `{市,町}長` → 市長, 町長. Raises ExpressionError for too many or nested braces."""
    pieces = _BRACES.split(text)
    choices = [piece.split(",") if at % 2 else [piece] for at, piece in enumerate(pieces)]
    count = 1
    for choice in choices:
        count *= len(choice)
    if count > MOST_ALTERNATIVES:
        raise ExpressionError(f"「{text}」の選択肢が多すぎます", f"too many alternatives in '{text}'")
    return ["".join(chosen) for chosen in product(*choices)]


def _variants(plain: str, cut: Callable[[str], Sequence[Cut]]) -> Iterator[Literal]:
    """The text itself, and with one or all of its kanji words in kana, as people disguise them."""
    yield Literal(fold(plain))
    words = cut(plain) if any(map(is_kanji, plain)) else ()
    kanji = [at for at, (surface, word, _) in enumerate(words) if any(map(is_kanji, surface)) and word.known]
    if not 0 < len(kanji) <= _MOST_KANJI_WORDS:
        return
    for spelt in (frozenset(kanji), *(frozenset({one}) for one in kanji[: len(kanji) if len(kanji) > 1 else 0])):
        text = fold("".join(word.reading if at in spelt else surface for at, (surface, word, _) in enumerate(words)))
        if len(text) >= (_SHORTEST_MIXED if any(map(is_kanji, text)) else 3):
            yield Literal(text, sure=False)
