"""Likeness to labelled examples: a linear classifier over words and characters, learnt from the rules' own texts.

Multinomial logistic regression (softmax over the subjects and "nothing"), fitted by stochastic gradient descent on
L2-normalised idf vectors in a fixed order, so that the same texts always give the same model. It is built with the
rules, in some ten seconds, and needs no data but rules/*.yaml and ordinary.yaml.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from bot.analysis.phrases import Cut
from bot.drafts.text import DraftText, Span

Floats: TypeAlias = NDArray[np.float32]
Columns: TypeAlias = NDArray[np.int32]
NOTHING = ""
"""The label of texts that break no rule."""

_EPOCHS = 6
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

    def __init__(self, examples: Iterable[tuple[frozenset[str], str]], beside: Callable[[int], int]) -> None:
        """`examples`: features and label; NOTHING for texts that break no rule.

        Each is learnt alone, and joined to the one at the place that `beside` gives for it.
        """
        numbers: dict[str, int] = {}
        known: list[Columns] = []
        labels: list[str] = []
        for one, label in examples:  # numbers at once: so many sets of texts would fill a small machine
            known.append(np.array([numbers.setdefault(feature, len(numbers)) for feature in sorted(one)], np.int32))
            labels.append(label)
        counts = np.bincount(np.concatenate(known), minlength=len(numbers))
        kept = np.flatnonzero(counts >= _SEEN)
        places = np.full(len(numbers), -1, np.int32)
        places[kept] = np.arange(len(kept), dtype=np.int32)
        self.labels = (NOTHING, *sorted({*labels} - {NOTHING}))
        self._places = {feature: int(places[number]) for feature, number in numbers.items() if places[number] >= 0}
        self._idf = np.log1p(len(known) / counts[kept]).astype(np.float32)
        self._weights: Floats = np.zeros((len(kept), len(self.labels)), np.float32)
        alone = [np.sort(found[found >= 0]) for found in (places[one] for one in known)]
        self._fit(alone, [self.labels.index(label) for label in labels], beside)

    def places(self, known: Iterable[str]) -> Columns:
        """The features of a stretch as this model knows them; those of several are joined by `joined`."""
        return np.array(sorted(self._places[one] for one in known if one in self._places), np.int32)

    def shares(self, places: Columns) -> Mapping[str, float]:
        """The likelihood (0-1) of each label but NOTHING; none where no feature is known."""
        if not len(places):
            return {}
        values = self._idf[places]
        shares = _softmax(values @ self._weights[places] / np.sqrt(values @ values))
        return dict(zip(self.labels[1:], map(float, shares[1:]), strict=True))

    def _values(self, places: Columns) -> Floats:
        values: Floats = self._idf[places]
        length = float(np.linalg.norm(values))
        return values / np.float32(length) if length else values

    def _fit(self, alone: Sequence[Columns], labels: Sequence[int], beside: Callable[[int], int]) -> None:
        pairs = [joined((places, alone[beside(at)])) for at, places in enumerate(alone)]
        rows = [
            (places, self._values(places), label)
            for places, label in zip((*alone, *pairs), (*labels, *labels), strict=True)
        ]
        count = len(rows)
        stride = next(step for step in range(_STRIDE, _STRIDE + count + 1) if np.gcd(step, max(count, 1)) == 1)
        for epoch in range(_EPOCHS):
            rate = _RATE / (1 + epoch * _DECAY)
            for turn in range(count):
                places, values, label = rows[(turn * stride + epoch) % count]
                shares = _softmax(values @ self._weights[places])
                shares[label] -= 1
                self._weights[places] -= rate * np.outer(values, shares)


def joined(stretches: Sequence[Columns]) -> Columns:
    """The features of several stretches, each once."""
    return stretches[0] if len(stretches) == 1 else np.unique(np.concatenate(stretches))


def _softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max())
    shares: Floats = powers / powers.sum()
    return shares
