"""Japanese text cut into words by MeCab with unidic-lite; every word knows where it stood."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, NamedTuple

from bot.analysis.normalize import Normalized, hiragana, normalize

_LEMMA, _KANA = 7, 17
"""Columns of a unidic-lite feature line; an unknown word has only the first six."""

_CACHE_SIZE = 50_000
_MOST_READINGS = 20


class Token(NamedTuple):
    """One word. `start` and `end` point into the ORIGINAL text; `surface` is normalised.

    `lemma` is unidic's dictionary form without its -gloss (ライン-line → ライン), or the surface of an
    unknown word; `reading` is hiragana, or the surface where none is known; `pos` is unidic's first
    part of speech (名詞, 動詞, 助詞 …).
    """

    surface: str
    lemma: str
    reading: str
    pos: str
    start: int
    end: int


class Word(NamedTuple):
    """What the dictionary says of a word, wherever it stands. `known` = it is in the dictionary."""

    lemma: str
    reading: str
    pos: str
    known: bool


_OF_THREAD = threading.local()
"""Each thread's tagger. They all have the same dictionary, 250 MB mapped into memory for each of them."""


class Tokenizer:
    """Cuts text; safe to share between threads (MeCab's taggers are not: each thread gets its own)."""

    def __init__(self) -> None:
        self._words: dict[tuple[str, str], Word] = {}
        self._readings: dict[str, frozenset[str]] = {}

    def __getstate__(self) -> dict[str, object]:
        """A stored tokenizer is an empty one: taggers belong to threads."""
        return {}

    def __setstate__(self, state: dict[str, object]) -> None:
        """An empty one again."""
        self.__init__()  # type: ignore[misc]

    def tokens(self, text: str) -> list[Token]:
        """The words of `text` in order; blanks and invisible characters belong to no word."""
        folded = normalize(text)
        return [self._token(folded, *cut) for cut in self.cut(folded.text)]

    def cut(self, normalized: str) -> list[tuple[str, Word, int]]:
        """(surface, word, start) of each word of text that is normalised already: the fast path."""
        found: list[tuple[str, Word, int]] = []
        words, at = self._words, 0
        for node in self._tagger().parseToNodeList(normalized):
            surface: str = node.surface
            key = (surface, node.feature_raw)
            word = words.get(key) or self._remember(key)
            at += len(node.white_space)
            found.append((surface, word, at))
            at += len(surface)
        return found

    def readings(self, character: str) -> frozenset[str]:
        """Every way the dictionary reads one character, in hiragana: 後 → あと, ご, こう, のち …."""
        found = self._readings.get(character)
        if found is None:
            paths = self._tagger().nbestToNodeList(character, _MOST_READINGS)
            found = frozenset(
                _word(node.surface, node.feature_raw).reading for path in paths if len(path) == 1 for node in path
            )
            self._readings[character] = found
        return found

    def _token(self, folded: Normalized, surface: str, word: Word, at: int) -> Token:
        start, end = folded.original_span(at, at + len(surface))
        return Token(surface, word.lemma, word.reading, word.pos, start, end)

    def _remember(self, key: tuple[str, str]) -> Word:
        if len(self._words) >= _CACHE_SIZE:
            self._words = {}
        self._words[key] = word = _word(*key)
        return word

    def _tagger(self) -> Any:  # fugashi has no types
        tagger = getattr(_OF_THREAD, "tagger", None)
        if tagger is None:
            tagger = _OF_THREAD.tagger = new_tagger()
        return tagger


def new_tagger() -> Any:  # fugashi has no types
    """A tagger of the dictionary; it belongs to the thread that makes it."""
    import fugashi  # noqa: PLC0415  # a command that cuts nothing should not pay for the dictionary
    import unidic_lite  # noqa: PLC0415

    folder = Path(unidic_lite.DICDIR)
    return fugashi.GenericTagger(f'-r "{folder / "dicrc"}" -d "{folder}"')


def _word(surface: str, feature: str) -> Word:
    """Read one feature line. Quoted columns stand behind those needed, so a plain split is enough."""
    columns = feature.split(",", _KANA + 1)
    if len(columns) <= _KANA:
        return Word(surface, hiragana(surface), columns[0], known=False)
    lemma = columns[_LEMMA]
    gloss = lemma.find("-", 1)
    lemma = normalize(lemma if gloss < 0 else lemma[:gloss]).text
    reading = columns[_KANA]
    return Word(
        lemma if lemma not in {"", "*"} else surface,
        hiragana(reading) if reading not in {"", "*"} else hiragana(surface),
        columns[0],
        known=True,
    )
