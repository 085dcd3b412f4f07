"""Words with letters hidden behind signs (伏せ字: ド○え○ん), looked up among the words rules know."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator

from bot.drafts.disguise import MASKS
from bot.drafts.text import DraftText, Span, fold

_MOST_MASKS = 24
"""Signs looked at in one draft: a draft full of them hides nothing."""

_SHORTEST, _LONGEST = 3, 9
_COMMON = frozenset("#@_■□◆◇★☆▲△▼▽*")
"""Signs that every other post has: they hide a letter only between two."""

_LETTER = re.compile(r"[ぁ-ゖァ-ヺー々㐀-䶿一-鿿○●◯〇×]")


class MaskedWords:
    """Built once for a set of words."""

    def __init__(self, words: Iterable[str]) -> None:
        """`words` are folded."""
        self._known: dict[tuple[int, int, str, int, str], list[str]] = defaultdict(list)
        for word in words:
            if _SHORTEST <= len(word) <= _LONGEST:
                for first in (0, 1):
                    for second in range(first + 1, min(first + 3, len(word))):
                        self._known[len(word), first, word[first], second, word[second]].append(word)

    def find(self, draft: DraftText) -> Iterator[tuple[str, Span]]:
        """(word, where it stands in `draft.plain`) for each word that a masked stretch may be."""
        if not draft.masks:
            return
        text = fold(draft.masked)
        masks = [at for at in draft.masks if _hides(text, at)]
        for mask in masks[:_MOST_MASKS]:
            for start in range(max(0, mask - _LONGEST + 1), mask + 1):
                if start and text[start] in MASKS and text[start - 1] in MASKS:
                    continue  # 〇〇さん: half a blank
                for end in range(max(mask + 1, start + _SHORTEST), min(len(text), start + _LONGEST) + 1):
                    for word in self._like(text[start:end]):
                        yield word, (bisect_left(draft.kept, start), bisect_left(draft.kept, end))

    def _like(self, stretch: str) -> Iterator[str]:
        seen = [at for at, sign in enumerate(stretch) if sign not in MASKS]
        if len(seen) < 2 or len(seen) * 2 < len(stretch) or (seen[0] and len(seen) < _SHORTEST):
            return  # 〇〇さん hides a name, no word
        first, second = seen[:2]
        for word in self._known.get((len(stretch), first, stretch[first], second, stretch[second]), ()):
            if all(stretch[at] == word[at] for at in seen):
                yield word


def _hides(text: str, at: int) -> bool:
    """Whether a sign stands for a letter: within a word or at its edge, and not as a tag, a handle or a bullet."""
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    inside = _LETTER.fullmatch(before) is not None and _LETTER.fullmatch(after) is not None
    return inside if text[at] in _COMMON else bool(_LETTER.fullmatch(before) or _LETTER.fullmatch(after))
