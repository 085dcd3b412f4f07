"""Misspelt and variously spelt words of a question, led back to the words the clauses use.

Precision comes first: a correctly written question should get no correction at all. So a spelling
must be one that belongs to a word of the vocabulary, lie between the tokenizer's word boundaries,
and not be a word in its own right.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from bot.analysis.edits import OneEdit
from bot.analysis.normalize import Normalized, hiragana, normalize
from bot.analysis.plausible import ends_word, is_broken_pair, is_mixed_word, is_plain_grammar, is_slip
from bot.analysis.readings import align, is_kanji, mixed_spellings, short_okurigana, skeleton, without_long_vowels
from bot.analysis.romaji import romaji_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.analysis.analyzer import Analyzer
    from bot.analysis.tokenizer import Word
    from bot.analysis.vocabulary import VocabularyWord

    Cut = tuple[str, Word, int]

Why = Literal["kana", "mazegaki", "okurigana", "conversion", "typo", "romaji"]

_WEIGHTS: dict[Why, float] = {
    "okurigana": 1.0, "kana": 0.9, "mazegaki": 0.9, "romaji": 0.9, "conversion": 0.8, "typo": 0.7,
}  # fmt: skip
_ALTERNATIVES = 3
_SHORTEST_KANA, _CERTAIN_KANA, _SHORTEST_TYPO = 3, 5, 4
_HOLE = "□"
_SLIP_RUN = re.compile(r"[ァ-ヺー]{3,}|[a-z]{4,}|(?<!\d)[\u3400-\u9fff々]{3,}")


class Correction(NamedTuple):
    """`word` of the vocabulary is meant by `start:end` of the question as typed; `weight` 0 to 1."""

    start: int
    end: int
    word: str
    weight: float
    why: Why


class _Found(NamedTuple):
    start: int
    end: int
    words: tuple[str, ...]
    why: Why | None  # None: the words themselves, correctly written


class Spelling:
    """Built once for an organisation's vocabulary; look-ups change nothing and may run in parallel."""

    def __init__(self, vocabulary: Iterable[VocabularyWord], analyzer: Analyzer, right: Iterable[str] = ()) -> None:
        """`right`: further phrases that are spelt as they should be, and that nothing is mended to."""
        self._analyzer = analyzer
        words = list(vocabulary)
        self._surfaces = {word.surface for word in words} | {normalize(phrase).text for phrase in right}
        self._latin = frozenset(surface for surface in self._surfaces if surface.isascii())
        self._forms: dict[str, dict[str, Why]] = {}
        self._holes: dict[str, list[tuple[str, str]]] = {}
        self._readings: dict[str, list[str]] = {}
        slips: dict[str, list[str]] = {}
        for word in words:
            self._add(word)
            if len(word.surface) >= _SHORTEST_TYPO:
                slips.setdefault(skeleton(word.surface), []).append(word.surface)
        self._slips, self._near = slips, OneEdit(slips)
        self._lengths = _lengths(self._forms)
        self._short_readings: dict[str, list[str]] = {}
        for reading, surfaces in self._readings.items():
            self._short_readings.setdefault(without_long_vowels(reading), []).extend(surfaces)

    def corrections(self, question: str) -> list[Correction]:
        """What the misspelt places of the question mean, in order; an ambiguous one gives up to three."""
        folded = normalize(question)
        return self.corrections_of(folded, self._analyzer.tokenizer.cut(folded.text))

    def corrections_of(self, folded: Normalized, cut: Sequence[Cut]) -> list[Correction]:
        """`corrections` of a text that is normalised and cut already."""
        found = [*self._in_forms(folded.text, cut), *self._conversions(cut), *self._slips_in(folded.text, cut)]
        found += self._romaji(folded.text)
        result: list[Correction] = []
        for place in _longest(found):
            if place.why is not None:
                start, end = folded.original_span(place.start, place.end)
                words = place.words[:_ALTERNATIVES]
                weight = _WEIGHTS[place.why] / len(words)
                result.extend(Correction(start, end, word, weight, place.why) for word in words)
        return result

    # --- building --------------------------------------------------------------------------------

    def _add(self, word: VocabularyWord) -> None:
        """Enter the spellings of one word; commoner words come first and stay first."""
        surface, reading = word.surface, word.reading
        phonetic = hiragana(surface)
        self._form(phonetic, surface, "kana")
        if surface.isascii() or not reading or not _is_kana(reading):
            return
        if len(reading) >= _SHORTEST_KANA:
            self._form(reading, surface, "kana")
            self._readings.setdefault(reading, []).append(surface)
        if phonetic == reading:
            return
        pieces = align(phonetic, reading)
        if pieces is None:
            return
        for form in mixed_spellings(phonetic, pieces):
            self._form(form, surface, "mazegaki")
        for form in short_okurigana(surface):
            self._form(hiragana(form), surface, "okurigana")
        if len(surface) >= 2 and all(map(is_kanji, surface)):
            for at, piece in enumerate(pieces):
                self._holes.setdefault(surface[:at] + _HOLE + surface[at + 1 :], []).append((surface, piece))

    def _form(self, form: str, surface: str, why: Why) -> None:
        self._forms.setdefault(form, {}).setdefault(surface, why)

    # --- looking up ------------------------------------------------------------------------------

    def _in_forms(self, text: str, cut: Sequence[Cut]) -> Iterator[_Found]:
        """Kana, mazegaki and okurigana, read off the question character by character."""
        phonetic, forms, lengths = hiragana(text), self._forms, self._lengths
        starts = {start for _, _, start in cut}
        for start in sorted(starts):
            for length in lengths.get(phonetic[start], ()):
                end = start + length
                form = phonetic[start:end]
                if end > len(text) or form not in forms:
                    continue
                written = text[start:end]
                if written in self._surfaces:
                    yield _Found(start, end, (written,), None)
                    continue
                if len(form) < _SHORTEST_KANA and not any(map(is_kanji, written)):
                    continue
                covering = [one for one in cut if one[2] < end and one[2] + len(one[0]) > start]
                ends = len(form) >= _CERTAIN_KANA or ends_word(text, end, covering[-1])
                if ends and (words := self._meant(form, written, covering)):
                    yield _Found(start, end, words, next(iter(forms[form].values())))

    def _meant(self, form: str, written: str, covering: Sequence[Cut]) -> tuple[str, ...]:
        """The words a spelling stands for; none where it is an ordinary word or part of one."""
        light = self._analyzer.config.light_words
        if is_plain_grammar(covering, light, self._surfaces):
            return ()
        reading = "".join(word.reading for _, word, _ in covering)
        kanji = any(map(is_kanji, written))
        if kanji and not is_mixed_word(covering, written, light, reads=reading in self._readings):
            return ()
        lemma = covering[0][1].lemma if len(covering) == 1 else ""
        found = []
        for surface in self._forms[form]:
            if lemma and _shares_kanji(lemma, surface) and not (kanji and self._reads(surface, reading)):
                continue  # the dictionary form is the same word already
            found.append(surface)
        return tuple(found)

    def _reads(self, surface: str, reading: str) -> bool:
        return surface in self._readings.get(reading, ())

    def _conversions(self, cut: Sequence[Cut]) -> Iterator[_Found]:
        """Kanji words with one wrong character of the same reading: 違放行為, 後式."""
        for first, (_, _, start) in enumerate(cut):
            written, tokens = "", 0
            for surface, _, _ in cut[first : first + 5]:
                if not all(map(is_kanji, surface)):
                    break
                written, tokens = written + surface, tokens + 1
                if written in self._surfaces or len(written) < 2:
                    continue
                if len(written) == 2 and not is_broken_pair(cut, first, tokens):
                    continue
                words = self._converted(written)
                if words:
                    yield _Found(start, start + len(written), words, "conversion")

    def _converted(self, written: str) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for at, character in enumerate(written):
            for surface, piece in self._holes.get(written[:at] + _HOLE + written[at + 1 :], ()):
                if piece in self._analyzer.tokenizer.readings(character):
                    found[surface] = None
        return tuple(found)

    def _slips_in(self, text: str, cut: Sequence[Cut]) -> Iterator[_Found]:
        """Words with one slip of the finger, ー and small kana aside: アカウト, ソシャルメディア."""
        for run in _SLIP_RUN.finditer(text):
            start, end = run.span()
            inside = [one for one in cut if start <= one[2] < end]
            places = [(start, end, inside)]
            if len(inside) > 1:
                places += [(one[2], one[2] + len(one[0]), [one]) for one in inside if not one[1].known]
            for at, to, tokens in places:
                words = self._slipped(text[at:to], tokens)
                if words:
                    yield _Found(at, to, words, "typo")

    def _slipped(self, typed: str, tokens: Sequence[Cut]) -> tuple[str, ...]:
        if typed in self._surfaces or len(typed) < 3:
            return ()
        single = len(tokens) == 1 and tokens[0][1].known
        bones = skeleton(typed)
        if bones in self._slips:
            return tuple(self._slips[bones])
        if single:
            return ()
        found = [word for near in self._near.near(bones) if is_slip(bones, near, tokens) for word in self._slips[near]]
        pieces = {surface for surface, _, _ in tokens}
        return tuple(word for word in found if word not in pieces)

    def _romaji(self, text: str) -> Iterator[_Found]:
        """Words of a message typed in Latin letters: riyousha, sabetsu."""
        for word in romaji_words(text, self._latin):
            for length in range(len(word.kana), _SHORTEST_KANA - 1, -1):
                kana = word.kana[:length]
                words = self._readings.get(kana) or self._long_vowels_apart(kana)
                if words:
                    yield _Found(word.start, word.end, tuple(words), "romaji")
                    break

    def _long_vowels_apart(self, kana: str) -> list[str]:
        short = without_long_vowels(kana)
        return self._short_readings.get(short, []) if len(short) >= _SHORTEST_KANA else []


def _longest(found: Iterable[_Found]) -> list[_Found]:
    """Of overlapping places the longest stays; correct words before doubtful ones; in order."""
    taken: list[_Found] = []
    for place in sorted(found, key=lambda one: (one.start - one.end, one.why is not None, one.start)):
        if all(place.end <= other.start or place.start >= other.end for other in taken):
            taken.append(place)
    return sorted(taken)


def _lengths(forms: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Length of the spellings by their first character, longest first."""
    found: dict[str, set[int]] = {}
    for form in forms:
        found.setdefault(form[0], set()).add(len(form))
    return {first: tuple(sorted(lengths, reverse=True)) for first, lengths in found.items()}


def _is_kana(text: str) -> bool:
    return all("ぁ" <= character <= "ゖ" or character == "ー" for character in text)


def _shares_kanji(one: str, other: str) -> bool:
    return any(is_kanji(character) and character in other for character in one)
