"""Finds many phrases in a text at once, by their characters or by their dictionary forms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.analysis.normalize import normalize
from bot.analysis.tokenizer import Word

Value = TypeVar("Value")
_DICTIONARY_ENDINGS = frozenset("うくぐすつぬぶむるい")
_EMPTY_LEMMAS = frozenset({"為る", "居る", "無い"})
Cut = tuple[str, Word, int]


@dataclass(frozen=True, slots=True)
class PhraseMatch(Generic[Value]):
    """A phrase found at `start:end` of the normalised text."""

    start: int
    end: int
    phrase: str
    value: Value


class PhraseTable(Generic[Value]):
    """Phrases with a value each. A phrase is found by either of two ways.

    - its normalised characters stand in the text (Latin words and digits only between boundaries);
    - its words follow one another in the text as dictionary forms, so 言い返す finds 言い返した.
    """

    def __init__(self, phrases: Iterable[tuple[str, Value]], cut: Callable[[str], Sequence[Cut]]) -> None:
        """`cut` cuts normalised text into words; it is asked only for phrases that may inflect."""
        self._by_text: dict[str, list[tuple[str, Value]]] = {}
        self._by_lemmas: dict[tuple[str, ...], list[tuple[str, Value]]] = {}
        for phrase, value in phrases:
            folded = normalize(phrase).text.strip()
            if not folded:
                continue
            self._by_text.setdefault(folded, []).append((phrase, value))
            words = cut(folded) if folded[-1] in _DICTIONARY_ENDINGS else ()
            if words and _inflects(words):
                self._by_lemmas.setdefault(tuple(word.lemma for _, word, _ in words), []).append((phrase, value))
        self._lengths = _lengths_by_first(self._by_text)
        self._lemma_lengths = _lengths_by_first(self._by_lemmas)

    def find(self, text: str, cut: Sequence[Cut]) -> list[PhraseMatch[Value]]:
        """All matches in normalised `text`, `cut` into words; the longest first at each place, none twice."""
        found = list(self._in_characters(text))
        seen = {(match.phrase, match.start) for match in found}
        found.extend(match for match in self._in_lemmas(cut) if (match.phrase, match.start) not in seen)
        return sorted(found, key=lambda match: (match.start, -match.end))

    def _in_characters(self, text: str) -> Iterable[PhraseMatch[Value]]:
        for start, first in enumerate(text):
            for length in self._lengths.get(first, ()):
                end = start + length
                piece = text[start:end]
                if len(piece) == length and piece in self._by_text and _at_boundaries(text, start, end):
                    for phrase, value in self._by_text[piece]:
                        yield PhraseMatch(start, end, phrase, value)

    def _in_lemmas(self, cut: Sequence[Cut]) -> Iterable[PhraseMatch[Value]]:
        lemmas = tuple(word.lemma for _, word, _ in cut)
        for at, first in enumerate(lemmas):
            for length in self._lemma_lengths.get(first, ()):
                piece = lemmas[at : at + length]
                if len(piece) == length and piece in self._by_lemmas:
                    last_surface, _, last_start = cut[at + length - 1]
                    for phrase, value in self._by_lemmas[piece]:
                        yield PhraseMatch(cut[at][2], last_start + len(last_surface), phrase, value)


def _inflects(cut: Sequence[Cut]) -> bool:
    """Whether the phrase ends in the dictionary form of a verb or adjective, so that its other forms are meant too.

    する, いる and ない are no subject of their own: as dictionary forms they would find every した, いた, なくて.
    """
    _, last, _ = cut[-1]
    return last.pos in {"動詞", "形容詞"} and all(word.lemma not in _EMPTY_LEMMAS for _, word, _ in cut)


def outermost(matches: Sequence[PhraseMatch[Value]]) -> list[PhraseMatch[Value]]:
    """The matches without those that lie within a longer one: アカウント says nothing more beside 偽アカウント."""
    return [
        match
        for match in matches
        if not any(
            other.start <= match.start and match.end <= other.end and other.end - other.start > match.end - match.start
            for other in matches
        )
    ]


def _lengths_by_first(keys: Iterable[Sequence[str]]) -> dict[str, tuple[int, ...]]:
    lengths: dict[str, set[int]] = {}
    for key in keys:
        lengths.setdefault(key[0], set()).add(len(key))
    return {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}


def _at_boundaries(text: str, start: int, end: int) -> bool:
    before_joins = start > 0 and _is_latin(text[start]) and _is_latin(text[start - 1])
    after_joins = end < len(text) and _is_latin(text[end - 1]) and _is_latin(text[end])
    return not before_joins and not after_joins


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
