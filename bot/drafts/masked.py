"""Words with letters hidden behind signs (伏せ字: ド○え○ん), looked up among the words rules know."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator

from bot.drafts.disguise import MASKS
from bot.drafts.text import DraftText, Span, fold

_MOST_MASKS = 24
"""Signs looked at in one draft: a draft full of them hides nothing."""

_SHORTEST, _LONGEST = 3, 9


class MaskedWords:
    """Built once for a set of words."""

    def __init__(self, words: Iterable[str]) -> None:
        """`words` are folded."""
        self._by_end: dict[tuple[int, int, str], list[str]] = defaultdict(list)
        for word in words:
            if _SHORTEST <= len(word) <= _LONGEST:
                self._by_end[len(word), 0, word[0]].append(word)
                self._by_end[len(word), -1, word[-1]].append(word)

    def find(self, draft: DraftText) -> Iterator[tuple[str, Span]]:
        """(word, where it stands in `draft.plain`) for each word that a masked stretch may be."""
        if not draft.masks:
            return
        text = fold(draft.masked)
        for mask in draft.masks[:_MOST_MASKS]:
            for start in range(max(0, mask - _LONGEST + 1), mask + 1):
                for end in range(max(mask + 1, start + _SHORTEST), min(len(text), start + _LONGEST) + 1):
                    for word in self._like(text[start:end]):
                        yield word, (bisect_left(draft.kept, start), bisect_left(draft.kept, end))

    def _like(self, stretch: str) -> Iterator[str]:
        hidden = [sign in MASKS for sign in stretch]
        seen = len(stretch) - sum(hidden)
        if seen * 2 < len(stretch) or (hidden[0] and (hidden[-1] or seen < _SHORTEST)):
            return  # 〇〇さん hides a name, no word
        side = -1 if hidden[0] else 0
        for word in self._by_end.get((len(stretch), side, stretch[side]), ()):
            if all(mask or one == other for mask, one, other in zip(hidden, stretch, word, strict=True)):
                yield word
