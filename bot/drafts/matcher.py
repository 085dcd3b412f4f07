"""Finds every expression of a rule set in a draft, in time linear in the draft's length."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot.analysis.readings import is_kanji
from bot.drafts.expressions import Lemma, Part, Recognized
from bot.drafts.masked import MaskedWords
from bot.drafts.recognizing import Recognizer, Surroundings
from bot.drafts.text import DraftText, Span

GAP = 15
"""Characters at most between two parts of an expression (`~`)."""

_SURE_LENGTH = 6
"""A kana spelling of a kanji word as long as this is no chance; a shorter one must be a katakana word by itself."""

_LOOSE_LENGTH = 3
Expression = tuple[Part, ...]


class Matcher:
    """Built once for a rule set; safe to share between threads."""

    def __init__(self, expressions: Sequence[Expression], harmless: Sequence[Expression] = ()) -> None:
        """`expressions` are named by their place; what lies within one of `harmless` is not found."""
        self._expressions = [*expressions, *harmless]
        self._harmless = range(len(expressions), len(self._expressions))
        self._parts: list[Part] = []
        self._part_of: dict[Part, int] = {}
        self._begins: dict[int, list[int]] = defaultdict(list)
        self._sequences = [tuple(self._number(part) for part in one) for one in self._expressions]
        for number, sequence in enumerate(self._sequences):
            self._begins[sequence[0]].append(number)
        self._literals: dict[str, list[tuple[int, bool]]] = {}
        self._lemmas: dict[str, list[tuple[int, str | None]]] = defaultdict(list)
        self._recognized: dict[str, int] = {}
        for number, part in enumerate(self._parts):
            self._enter(number, part)
        self._lengths = _lengths(self._literals)
        self._masked = MaskedWords(_plain_words(self._parts))

    def find(
        self, draft: DraftText, recognizers: Mapping[str, Recognizer], surroundings: Surroundings
    ) -> dict[int, list[Span]]:
        """Where each expression stands in `draft.plain`, in order; those that are not found are left out."""
        hits = self._parts_in(draft)
        for name, number in self._recognized.items():
            spans = list(recognizers[name](draft, surroundings))
            if spans:
                hits[number] = spans
        found = {number: self._chained(self._sequences[number], hits, draft) for number in self._begun(hits)}
        shields = sorted(span for number in self._harmless for span in found.pop(number, ()))
        return {
            number: kept
            for number, spans in found.items()
            if (kept := [span for span in spans if not _shielded(span, shields)])
        }

    def _number(self, part: Part) -> int:
        if part not in self._part_of:
            self._part_of[part] = len(self._parts)
            self._parts.append(part)
        return self._part_of[part]

    def _enter(self, number: int, part: Part) -> None:
        if isinstance(part, Lemma):
            self._lemmas[part.lemma].append((number, part.pos))
        elif isinstance(part, Recognized):
            self._recognized[part.name] = number
        else:
            for literal in part:
                self._literals.setdefault(literal.text, []).append((number, literal.sure))

    def _begun(self, hits: Mapping[int, object]) -> Iterable[int]:
        for part in hits:
            for number in self._begins[part]:
                if all(one in hits for one in self._sequences[number]):
                    yield number

    def _parts_in(self, draft: DraftText) -> dict[int, list[Span]]:
        hits: dict[int, list[Span]] = defaultdict(list)
        for number, span in self._literals_in(draft):
            if not hits[number] or hits[number][-1][0] != span[0]:  # the longest at each place
                hits[number].append(span)
        for text, span in self._masked.find(draft):
            for number, _ in self._literals[text]:
                insort(hits[number], span)
        for surface, word, start in draft.words:
            for number, pos in self._lemmas.get(word.lemma, ()):
                if pos is None or pos == word.pos:
                    hits[number].append((start, start + len(surface)))
        return hits

    def _literals_in(self, draft: DraftText) -> Iterator[tuple[int, Span]]:
        """(part, place) of every literal, the longest first at each place."""
        text, bounds = draft.folded, _word_bounds(draft)
        for at in range(len(text) - 1):
            for length in self._lengths.get(text[at : at + 2], ()):
                entries = self._literals.get(text[at : at + length])
                if entries is None or at + length > len(text):
                    continue
                span = (at, at + length)
                stands, disguised = _stands(draft, span, bounds), _is_disguise(draft, span)
                for number, sure in entries:
                    if stands if sure else disguised:
                        yield number, span

    def _chained(self, sequence: Sequence[int], hits: Mapping[int, list[Span]], draft: DraftText) -> list[Span]:
        """Where the parts follow one another: each joined to the next one's nearest place behind it."""
        found = hits[sequence[0]]
        for part in sequence[1:]:
            following = hits[part]
            joined = []
            for start, end in found:
                at = bisect_left(following, (end, end))
                if at < len(following):
                    after, last = following[at]
                    if after - end <= GAP and draft.sentence_at(after) == draft.sentence_at(start):
                        joined.append((start, last))
            found = joined
        return found


def _plain_words(parts: Iterable[Part]) -> Iterator[str]:
    """Words that an expression is, spelt one way only: such are hidden, not phrases of many spellings."""
    for part in parts:
        if not isinstance(part, Lemma | Recognized):
            sure = [literal.text for literal in part if literal.sure]
            if len(sure) == 1:
                yield sure[0]


def _lengths(literals: Iterable[str]) -> dict[str, tuple[int, ...]]:
    found: dict[str, set[int]] = defaultdict(set)
    for literal in literals:
        found[literal[:2]].add(len(literal))
    return {first: tuple(sorted(lengths, reverse=True)) for first, lengths in found.items()}


def _word_bounds(draft: DraftText) -> tuple[set[int], set[int]]:
    starts = {start for _, _, start in draft.words}
    return starts, {start + len(surface) for surface, _, start in draft.words}


def _stands(draft: DraftText, span: Span, bounds: tuple[set[int], set[int]]) -> bool:
    """Whether a literal is a word of its own: short ones in kana must begin and end where words do, Latin ones too."""
    start, end = span
    text = draft.folded
    if _latin(text[start]) and start > 0 and _latin(text[start - 1]):
        return False
    if _latin(text[end - 1]) and end < len(text) and _latin(text[end]):
        return False
    if end - start > _LOOSE_LENGTH or any(is_kanji(one) or one.isascii() for one in text[start:end]):
        return True
    return start in bounds[0] and end in bounds[1]


def _is_disguise(draft: DraftText, span: Span) -> bool:
    """Whether kana written for kanji are meant: long enough, or katakana that stand alone."""
    start, end = span
    if end - start >= _SURE_LENGTH or any(map(is_kanji, draft.folded[start:end])):
        return True
    text = draft.plain
    inside = all(_katakana(one) for one in text[start:end])
    return inside and not _katakana(text[start - 1 : start]) and not _katakana(text[end : end + 1])


def _katakana(character: str) -> bool:
    return "ァ" <= character <= "ヺ" or character == "ー"


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _shielded(span: Span, shields: Sequence[Span]) -> bool:
    """Whether a longer harmless word holds the span; only the few that begin close before it are looked at."""
    at = bisect_left(shields, (span[0] + 1, 0))
    return any(
        start <= span[0] and span[1] <= end and end - start > span[1] - span[0]
        for start, end in shields[max(0, at - 5) : at]
    )
