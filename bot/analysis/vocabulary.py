"""The words an organisation's clauses use, with how they are read: what spellings are mended to."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from bot.analysis.normalize import normalize

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bot.analysis.analyzer import Analyzer
    from bot.analysis.tokenizer import Word

    Cut = tuple[str, Word, int]

_NOMINAL = frozenset({"名詞", "接頭辞", "接尾辞", "形状詞"})
_LONGEST_COMPOUND = 4
_COUNTED = re.compile("[一二三四五六七八九]つ?")


class VocabularyWord(NamedTuple):
    """A word or a compound as printed (normalised), its reading in hiragana, how often it stands."""

    surface: str
    reading: str
    times: int


def collect_vocabulary(texts: Iterable[str], analyzer: Analyzer) -> list[VocabularyWord]:
    """Nouns of `texts` and the compounds of two to four that stand together; commonest first.

    Verbs and adjectives are left out: the tokenizer finds their dictionary forms in kana as well.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for text in texts:
        run: list[Cut] = []
        for cut in analyzer.tokenizer.cut(normalize(text).text):
            surface, word, start = cut
            touches = bool(run) and run[-1][2] + len(run[-1][0]) == start
            if word.pos not in _NOMINAL or not _is_word(surface) or (run and not touches):
                counts.update(_compounds(run, analyzer))
                run = []
            if word.pos in _NOMINAL and _is_word(surface):
                run.append(cut)
        counts.update(_compounds(run, analyzer))
    found = [VocabularyWord(surface, reading, count) for (surface, reading), count in counts.items()]
    return sorted(found, key=lambda word: (-word.times, word.surface, word.reading))


def _compounds(run: Sequence[Cut], analyzer: Analyzer) -> Iterable[tuple[str, str]]:
    """Every stretch of the run that can be a word: it starts with a word and is no light word."""
    for first, (_, head, _) in enumerate(run):
        if head.pos == "接尾辞":
            continue
        for last in range(first, min(len(run), first + _LONGEST_COMPOUND)):
            parts = run[first : last + 1]
            surface = "".join(part[0] for part in parts)
            if len(surface) < 2 or parts[-1][1].pos == "接頭辞":
                continue
            if len(parts) == 1 and not analyzer.is_content(head):
                continue
            yield surface, "".join(part[1].reading for part in parts)


def _is_word(surface: str) -> bool:
    return surface.isalpha() and _COUNTED.fullmatch(surface) is None
