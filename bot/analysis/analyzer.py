"""Text → weighted terms: what the index counts and what a question asks for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.analysis.normalize import normalize
from bot.analysis.tokenizer import Token, Tokenizer, Word
from bot.errors import DataError

WORD, CHARACTERS, PAIR, KANJI = "w", "c", "p", "k"
"""Namespaces of terms; a key is `<namespace>:<term>`, so that kinds never meet by chance."""

_RUN = re.compile(r"\w+")
_KANJI = re.compile(r"[\u3400-\u9fff\uf900-\ufaff々]")


@dataclass(frozen=True, slots=True)
class AnalysisConfig:
    """What counts as a term and how much.

    `light_words` are lemmas that say nothing about the subject (為る, 事, 場合); in a few dozen clauses
    they would get a real idf and win. The weights multiply a term's count: content words, character
    2-grams, ordered pairs of neighbouring content words, single kanji.
    """

    dropped_pos: frozenset[str] = frozenset({"助詞", "助動詞", "記号", "補助記号", "空白"})
    light_words: frozenset[str] = frozenset()
    words: float = 1.0
    characters: float = 0.25
    pairs: float = 0.3
    kanji: float = 0.1

    @property
    def units(self) -> dict[str, float]:
        """Weight of one occurrence by namespace: what the index must know to count occurrences."""
        return {WORD: self.words, CHARACTERS: self.characters, PAIR: self.pairs, KANJI: self.kanji}

    @classmethod
    def from_mapping(cls, data: Mapping[str, object]) -> AnalysisConfig:
        """Read the `analyzer` part of analysis.yaml, whose scalars are all strings.

        `{dropped_pos: [..], light_words: [..], weights: {words, characters, pairs, kanji}}`; what is
        missing keeps its default, an unknown name is an error.
        """
        unknown = set(data) - {"dropped_pos", "light_words", "weights"}
        if unknown:
            raise _wrong(f"知らない項目です: {min(unknown)}", f"unknown entry: {min(unknown)}")
        default = cls()
        weights = _weights(data.get("weights", {}))
        return cls(
            dropped_pos=_strings(data, "dropped_pos", default.dropped_pos),
            light_words=_strings(data, "light_words", default.light_words),
            words=weights.get("words", default.words),
            characters=weights.get("characters", default.characters),
            pairs=weights.get("pairs", default.pairs),
            kanji=weights.get("kanji", default.kanji),
        )


class Analyzer:
    """Cheap, deterministic and safe to share between threads."""

    def __init__(self, config: AnalysisConfig | None = None, tokenizer: Tokenizer | None = None) -> None:
        self.config = config or AnalysisConfig()
        self.tokenizer = tokenizer or Tokenizer()

    def tokens(self, text: str) -> list[Token]:
        """All words of `text`, function words included, with offsets into `text` as given."""
        return self.tokenizer.tokens(text)

    def content_tokens(self, text: str) -> list[Token]:
        """The words that tell the subject: no particles, no punctuation, no light words."""
        return [token for token in self.tokens(text) if self.is_content(token)]

    def is_content(self, word: Token | Word) -> bool:
        """Whether a word counts as a term."""
        return word.pos not in self.config.dropped_pos and word.lemma not in self.config.light_words

    def surfaces(self, text: str) -> list[str]:
        """The normalised words of `text` as plain BM25 takes them: nothing dropped, nothing weighted."""
        return [surface for surface, _, _ in self.tokenizer.cut(normalize(text).text)]

    def terms(self, text: str) -> dict[str, float]:
        """Weight × count of every term; keys `w:炎上 c:炎上 p:公式 アカウント k:炎`, in order of appearance.

        The same for clauses and questions. Sum of the values = the text's length for BM25.
        """
        folded = normalize(text).text
        return self.terms_of(folded, self.tokenizer.cut(folded))

    def terms_of(self, folded: str, cut: Sequence[tuple[str, Word, int]]) -> dict[str, float]:
        """`terms` of a text that is normalised and cut already."""
        dropped, light = self.config.dropped_pos, self.config.light_words
        words = [word.lemma for _, word, _ in cut if word.pos not in dropped and word.lemma not in light]
        found: dict[str, float] = {}
        _count(found, "w:", words, self.config.words)
        _count(found, "p:", map(" ".join, pairwise(words)), self.config.pairs)
        for run in _RUN.findall(folded):
            _count(found, "c:", map("".join, pairwise(run)), self.config.characters)
        _count(found, "k:", _KANJI.findall(folded), self.config.kanji)
        return found


def _count(found: dict[str, float], prefix: str, terms: Iterable[str], weight: float) -> None:
    """Add `weight` for each occurrence; a kind of weight 0 leaves no trace."""
    if weight:
        for term in terms:
            key = prefix + term
            found[key] = found.get(key, 0.0) + weight


def _strings(data: Mapping[str, object], name: str, default: frozenset[str]) -> frozenset[str]:
    value = data.get(name)
    if value is None:
        return default
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _wrong(f"{name} は文字列の一覧でなければなりません", f"{name} must be a list of strings")
    return frozenset(value)


def _weights(value: object) -> dict[str, float]:
    if not isinstance(value, Mapping):
        raise _wrong("weights は名前と数の対応でなければなりません", "weights must map names to numbers")
    found: dict[str, float] = {}
    for name, text in value.items():
        if name not in {"words", "characters", "pairs", "kanji"}:
            raise _wrong(f"weights に知らない名前があります: {name}", f"unknown weight: {name}")
        try:
            number = float(text)
        except (TypeError, ValueError):
            number = -1.0
        if not 0 <= number <= 10:  # refuses nan too
            raise _wrong(f"weights.{name} は0から10の数です: {text}", f"weights.{name} must be a number from 0 to 10")
        found[str(name)] = number
    return found


def _wrong(japanese: str, english: str) -> DataError:
    return DataError("E120", f"analysis.yaml analyzer: {japanese}", f"analysis.yaml analyzer: {english}")
