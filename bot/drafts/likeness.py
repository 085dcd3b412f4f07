"""Likeness to labelled examples: a linear classifier over words and characters, learnt from the rules' own texts.

Multinomial logistic regression (softmax over the subjects and "nothing"), fitted by stochastic gradient descent on
L2-normalised idf vectors in a fixed order, so that the same texts always give the same model. It is built with the
index, in a second or two, and needs no data but rules/*.yaml.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.analysis.phrases import Cut
from bot.drafts.text import DraftText, Span

Floats: TypeAlias = NDArray[np.float32]
NOTHING = ""
"""The label of texts that break no rule."""

_EPOCHS = 8
_RATE, _DECAY = 4.0, 0.3
_SEEN = 2
"""Texts a feature must stand in: what stands in one alone says nothing of the next."""

_STRIDE = 7_919
"""A prime: visiting every so-manieth text mixes the labels without chance."""

_EMPTY = frozenset({"補助記号", "空白", "記号"})
_GRAMS = (2, 3)


def features(draft: DraftText, span: Span, marks: Iterable[str] = ()) -> frozenset[str]:
    """What a stretch of `plain` is known by: words, pairs of words, 2- and 3-grams, and named `marks`."""
    start, end = span
    first, after = (bisect_left(draft.words, at, key=_begins) for at in span)
    lemmas = [word.lemma for _, word, _ in draft.words[first:after] if word.pos not in _EMPTY]
    text = draft.folded[start:end]
    found = {f"w{lemma}" for lemma in lemmas}
    found.update(f"p{one} {other}" for one, other in pairwise(lemmas))
    found.update(f"c{text[at : at + size]}" for size in _GRAMS for at in range(len(text) - size + 1))
    found.update(f"m{mark}" for mark in marks)
    return frozenset(found)


def _begins(cut: Cut) -> int:
    return cut[2]


class Likeness:
    """Tells how likely a stretch belongs to each label."""

    def __init__(self, examples: Sequence[tuple[frozenset[str], str]]) -> None:
        """`examples`: features and label; NOTHING for texts that break no rule."""
        self.labels = (NOTHING, *sorted({label for _, label in examples} - {NOTHING}))
        counts = Counter(feature for known, _ in examples for feature in known)
        kept = sorted(feature for feature, count in counts.items() if count >= _SEEN)
        self._places = {feature: place for place, feature in enumerate(kept)}
        self._idf = np.log1p(len(examples) / np.array([counts[one] for one in kept], np.float32)).astype(np.float32)
        self._weights: Floats = np.zeros((len(kept), len(self.labels)), np.float32)
        self._fit(examples)

    def shares(self, known: frozenset[str]) -> Mapping[str, float]:
        """The likelihood (0-1) of each label but NOTHING; none where no feature is known."""
        places, values = self._vector(known)
        if not len(places):
            return {}
        shares = _softmax(values @ self._weights[places])
        return dict(zip(self.labels[1:], map(float, shares[1:]), strict=True))

    def _vector(self, known: frozenset[str]) -> tuple[NDArray[np.int64], Floats]:
        places = np.array(sorted(self._places[one] for one in known if one in self._places), np.int64)
        values = self._idf[places]
        length = float(np.linalg.norm(values))
        return places, values / length if length else values

    def _fit(self, examples: Sequence[tuple[frozenset[str], str]]) -> None:
        numbers = {label: number for number, label in enumerate(self.labels)}
        rows = [(*self._vector(known), numbers[label]) for known, label in examples]
        count = len(rows)
        stride = next(step for step in range(_STRIDE, _STRIDE + count + 1) if np.gcd(step, max(count, 1)) == 1)
        for epoch in range(_EPOCHS):
            rate = _RATE / (1 + epoch * _DECAY)
            for turn in range(count):
                places, values, label = rows[(turn * stride + epoch) % count]
                shares = _softmax(values @ self._weights[places])
                shares[label] -= 1
                self._weights[places] -= rate * np.outer(values, shares)


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max())
    shares: Floats = powers / powers.sum()
    return shares
