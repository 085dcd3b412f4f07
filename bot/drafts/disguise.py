"""Signs put between letters to hide a word (新★聞, 中.村, ﾊﾞ・ｶ): which characters of a text are meant."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

MASKS = frozenset("○●◯〇×✕✖*▲△▼▽■□◆◇★☆#@_")
"""Signs that may also stand for a letter: ド○えもん."""

_HARD = frozenset("._=*|^`'\"\\¦‖¨´°○●◯×✕✖▲△▼▽■□◆◇★☆※†‡♥♡♪")
"""Nobody puts these between two letters of a Japanese word without a reason."""

_SOFT = frozenset(" ・/-~+:,")
"""Signs that also stand between words: dropped only beside a letter that stands alone."""

_LETTERS = re.compile(r"[ぁ-ゖァ-ヺー々〆ヶ㐀-䶿一-鿿豈-﫿]+")
_LONGEST_RUN = 16
_RUNS = re.compile(r"(.)\1{16,}")
"""One character over and over: nobody reads it, and it would keep the tokenizer busy."""

_SHORTEST = 1
_MOST_SIGNS = 2
_EMOJI = 0x1F000


def kept_places(text: str) -> list[int]:
    """The places of `text` (normalised) that are left when signs inserted within words are dropped."""
    dropped: set[int] = set()
    runs = [match.span() for match in _LETTERS.finditer(text)]
    for (start, end), (next_start, next_end) in pairwise(runs):
        between = text[end:next_start]
        if len(between) <= _MOST_SIGNS and _inserted(between, min(end - start, next_end - next_start)):
            dropped.update(range(end, next_start))
    for run in _RUNS.finditer(text):
        dropped.update(range(run.start() + _LONGEST_RUN, run.end()))
    return [at for at in range(len(text)) if at not in dropped]


def _inserted(between: str, shorter: int) -> bool:
    """Whether the signs between two runs of letters hide a word; `shorter` is the length of the shorter run."""
    if all(sign in _HARD for sign in between):
        return True
    if shorter > _SHORTEST:
        return False
    if all(sign in _SOFT or sign in _HARD for sign in between):
        return True
    symbols = all(ord(sign) < _EMOJI and unicodedata.category(sign) in {"So", "Sm", "Sk", "Po"} for sign in between)
    return symbols and between not in {"、", "。", "!", "?", "…", "‥"}
