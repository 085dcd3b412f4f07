"""A question as the retriever asks it: weighted terms, and for each content word what would count as finding it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.analysis.analyzer import Analyzer
from bot.analysis.normalize import normalize
from bot.analysis.phrases import Cut, PhraseMatch, PhraseTable, outermost
from bot.analysis.spelling import Correction, Spelling
from bot.model import ThesaurusEntry

MINIMUM_SHARE = 0.35
"""Of the weight of an entry, what an alternative keeps at least however many there are."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a thesaurus entry leads to: the official words and their index terms, weighted.

    `keys`: for each of the words, the content words that stand for it.
    """

    words: tuple[str, ...]
    weight: float
    terms: dict[str, float]
    keys: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class QueryWord:
    """One content word. `alternatives`: index keys that together would count as finding it, and how well (0–1)."""

    surface: str
    key: str
    alternatives: tuple[tuple[tuple[str, ...], float], ...]


@dataclass(frozen=True, slots=True)
class Query:
    """`own` terms are the asker's, `terms` those with the thesaurus'; `words` measure what a clause covers."""

    text: str
    own: dict[str, float]
    terms: dict[str, float]
    words: tuple[QueryWord, ...]
    cut: tuple[Cut, ...] = ()
    matches: tuple[PhraseMatch[Meaning], ...] = ()
    corrections: tuple[Correction, ...] = ()


class QueryBuilder:
    """Turns questions into queries for one organisation; built once, then only read."""

    def __init__(
        self,
        analyzer: Analyzer,
        thesaurus: Iterable[ThesaurusEntry],
        spelling: Spelling | None,
        knows: Callable[[str], bool],
    ) -> None:
        """`knows`: whether a term stands in the index; an official word this body never prints is left out."""
        self.analyzer = analyzer
        self._knows = knows
        self.spelling = spelling
        phrases: list[tuple[str, Meaning]] = []
        for entry in thesaurus:
            meaning = self._meaning(entry)
            if not meaning.keys:
                continue
            phrases.extend((said, meaning) for said in entry.say)
        self._table = PhraseTable(phrases, analyzer.tokenizer.cut)

    def build(self, text: str) -> Query:
        """The query for one question. Never raises for any text."""
        normal = normalize(text)
        folded, cut = normal.text, self.analyzer.tokenizer.cut(normal.text)
        corrections = tuple(self.spelling.corrections_of(normal, cut)) if self.spelling else ()
        if corrections:
            folded = normalize(respelled(text, corrections)).text
            cut = self.analyzer.tokenizer.cut(folded)
        own = self.analyzer.terms_of(folded, cut)
        terms = dict(own)
        matches = outermost(self._table.find(folded, cut))
        for match in matches:
            for key, value in match.value.terms.items():
                if value > terms.get(key, 0.0):
                    terms[key] = value
        return Query(folded, own, terms, tuple(self._words(cut, matches)), tuple(cut), tuple(matches), corrections)

    def strange(self, query: Query) -> bool:
        """Whether a question has content words and none of them, nor what it leads to, stands in any clause."""
        known = (self._knows(key) for word in query.words for keys, _ in word.alternatives for key in keys)
        return bool(query.words) and not any(known)

    def _meaning(self, entry: ThesaurusEntry) -> Meaning:
        known = []
        for phrase in entry.means:
            found = self.analyzer.terms(phrase)
            needed = tuple(key for key in found if key.startswith("w:"))
            if needed and all(self._knows(key) for key in needed):
                known.append((phrase, found, needed))
        share = entry.weight * max(MINIMUM_SHARE, 1 / max(1, len(known)))
        terms: dict[str, float] = {}
        for _, found, _ in known:
            for key, value in found.items():
                terms[key] = max(terms.get(key, 0.0), value * share)
        words, keys = tuple(phrase for phrase, _, _ in known), tuple(needed for _, _, needed in known)
        return Meaning(words, entry.weight, terms, keys)

    def _words(self, cut: Sequence[Cut], matches: Sequence[PhraseMatch[Meaning]]) -> Iterator[QueryWord]:
        for surface, word, start in cut:
            end = start + len(surface)
            over = [match for match in matches if match.start < end and start < match.end]
            content = self.analyzer.is_content(word)
            alternatives: list[tuple[tuple[str, ...], float]] = [((f"w:{word.lemma}",), 1.0)] if content else []
            alternatives += [(keys, match.value.weight) for match in over for keys in match.value.keys]
            if alternatives:
                yield QueryWord(surface, f"w:{word.lemma}", tuple(alternatives))


def respelled(text: str, corrections: Sequence[Correction]) -> str:
    """The text with each correction's word in place of what was written."""
    pieces: list[str] = []
    at = 0
    for correction in sorted(corrections, key=lambda found: found.start):
        if correction.start >= at:
            pieces += [text[at : correction.start], correction.word]
            at = correction.end
    return "".join([*pieces, text[at:]])
