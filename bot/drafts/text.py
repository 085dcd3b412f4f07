"""A draft as the rules read it, with the way back to the characters its author wrote."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.analysis.normalize import hiragana, normalize
from bot.analysis.phrases import Cut
from bot.drafts.disguise import MASKS, kept_places

Span = tuple[int, int]

_SMALL = str.maketrans("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ")
_VOWELS = {
    kana: vowel
    for vowel, row in zip(
        "あいういう",
        (
            "あかさたなはまやらわがざだばぱ",
            "いきしちにひみりぎじぢびぴ",
            "うくすつぬふむゆるぐずづぶぷゔ",
            "えけせてねへめれげぜでべぺ",
            "おこそとのほもよろをごぞどぼぽ",
        ),
        strict=True,
    )
    for kana in row
}
"""What a long-vowel mark behind a kana is usually spelt as: しゅっちょー, しゅっちょう."""

_DISGUISED = 2
_LONG = re.compile("([ぁ-ゔ])ー")
_EMOJI = "\u2600-\u27bf\U0001f000-\U0001faff"
_END = re.compile(rf"[。!?\n]+[)」』]*|(?<![{_EMOJI}♪])[{_EMOJI}♪]+(?![{_EMOJI}♪]|$)")
"""Where a sentence ends: at its full stop, at a new line, behind emoji."""


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class DraftText:
    """One draft in the forms that rules look at; every reading is one of its own, and what hangs on it goes with it.

    `plain` is normalised (see `normalize`), with line ends kept and inserted signs dropped (新★聞 → 新聞); character
    `i` of it stands for `original[starts[i]:ends[i]]`. `folded` is `plain` with katakana as hiragana, small kana
    large and ー as a vowel, of the same length. `words` are MeCab's over `plain`. `sentences` are where they stand.
    `masks` are places in `masked`, the text before signs were dropped, where a sign may hide a letter (伏せ字);
    `kept[i]` is where character `i` of `plain` stands in it.
    """

    original: str
    plain: str
    folded: str
    starts: Sequence[int]
    ends: Sequence[int]
    words: Sequence[Cut]
    sentences: tuple[Span, ...]
    masked: str
    kept: Sequence[int]
    masks: tuple[int, ...]

    @property
    def disguised(self) -> bool:
        """Whether signs were put into words, or stand for letters, more than once."""
        return len(self.masked) - len(self.plain) >= _DISGUISED

    def span(self, start: int, end: int) -> Span:
        """Where the characters `start:end` of `plain` stand in the original."""
        return self.starts[start], self.ends[end - 1]

    def sentence_at(self, place: int) -> int:
        """The number of the sentence that holds a place of `plain`."""
        return max(0, bisect_right(self.sentences, (place, len(self.plain))) - 1)


def read_draft(text: str, cut: Callable[[str], Sequence[Cut]]) -> DraftText:
    """The draft in all its forms; `cut` cuts normalised text into words."""
    folded = normalize(text)
    masked = "".join(
        "\n" if character == " " and text[at] in "\r\n\u2028\u2029" else character
        for character, at in zip(folded.text, folded.starts, strict=True)
    )
    kept = kept_places(masked)
    plain = "".join(masked[at] for at in kept)
    return DraftText(
        original=text,
        plain=plain,
        folded=fold(plain),
        starts=[folded.starts[at] for at in kept],
        ends=[folded.ends[at] for at in kept],
        words=cut(plain),
        sentences=_sentences(plain),
        masked=masked,
        kept=kept,
        masks=tuple(at for at, sign in enumerate(masked) if sign in MASKS),
    )


def fold(normalized: str) -> str:
    """Normalised text with its kana made alike; the length stays the same."""
    folded = hiragana(normalized).translate(_SMALL)
    return _LONG.sub(lambda found: found[1] + _VOWELS.get(found[1], "ー"), folded) if "ー" in folded else folded


def _sentences(plain: str) -> tuple[Span, ...]:
    found, start = [], 0
    for end in _END.finditer(plain):
        if plain[start : end.start()].strip():
            found.append((start, end.end()))
            start = end.end()
    if plain[start:].strip() or not found:
        found.append((start, len(plain)))
    return tuple(found)
