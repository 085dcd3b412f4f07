"""When a spelling that could be a misspelt word is ordinary Japanese after all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.analysis.readings import is_kanji

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from bot.analysis.tokenizer import Word

    Cut = tuple[str, Word, int]

_PARTICLES = frozenset({"助詞", "助動詞"})
_AFFIXES = frozenset({"接頭辞", "接尾辞"})
_AUXILIARIES = frozenset({"為る", "来る", "行く", "居る", "有る", "置く", "見る", "仕舞う", "そう"})
_NUMERALS = frozenset("〇一二三四五六七八九十百千万")
_SHORTEST_TYPO = 4
_AFTER_NOUN = re.compile(r"って|し[たてなまよ]|す[るれ]|さ[れせ]|について|[をはがにのともでへ](?![ぁ-ゖ])")


def is_function(word: Word) -> bool:
    """Whether a word only holds others together: particles, and words used as auxiliaries."""
    return word.pos in _PARTICLES or word.lemma in _AUXILIARIES


def is_plain_grammar(covering: Sequence[Cut], light: Collection[str], known: Collection[str]) -> bool:
    """Whether the words under a spelling are grammar: して|き, こう|し(た), or a particle beside a word: た|団体."""
    if all(is_function(word) or word.lemma in light for _, word, _ in covering):
        return True
    if len(covering) < 2:
        return False
    first, last = covering[0], covering[-1]
    if last[1].lemma == "為る":
        return True
    rest = "".join(surface for surface, _, _ in covering[1:])
    return first[1].pos in _PARTICLES and rest in known


def ends_word(text: str, end: int, last: Cut) -> bool:
    """Whether a word may end at `end`: the tokenizer thinks so, or what follows is what follows a noun.

    It cuts unknown kana where it can: かん|りし|たら for かんりしたら.
    """
    surface, _, start = last
    if _is_katakana(text[end - 1]) and _is_katakana(text[end : end + 1]):
        return False
    return start + len(surface) == end or _AFTER_NOUN.match(text, end) is not None


def is_mixed_word(covering: Sequence[Cut], written: str, light: Collection[str], *, reads: bool) -> bool:
    """Whether kanji and kana were typed for one word (炎じょう), not an inflected one (表し, 行い).

    `reads`: the words under it are read like a word of the vocabulary.
    """
    kana = [word for surface, word, _ in covering if not any(map(is_kanji, surface))]
    letters = sum(not is_kanji(character) for character in written)
    particles = kana and all(is_function(word) or word.lemma in light for word in kana)
    if particles and (letters == 1 or kana[0].pos == "助詞"):
        return False
    if reads:
        return True
    inflected = any(
        word.known and any(map(is_kanji, surface)) and not all(map(is_kanji, surface)) for surface, word, _ in covering
    )
    return not inflected and (letters != 1 or bool(kana))


def is_broken_pair(cut: Sequence[Cut], first: int, count: int) -> bool:
    """Whether two kanji stand by themselves, as a word of two converted wrongly does: 後式, not 国化 in 従属国化."""
    surface = cut[first][0]
    if count == 1 or surface[0] in _NUMERALS or surface[0] == "何":
        return False  # 何 asks: 何日 and 何名 are as right as 何課
    start, (last, _, last_start) = cut[first][2], cut[first + count - 1]
    before = cut[first - 1] if first else None
    if before is not None and before[2] + len(before[0]) == start and _ends_in_kanji_or_digit(before[0]):
        return False
    after = cut[first + count] if first + count < len(cut) else None
    return after is None or after[2] != last_start + len(last) or not is_kanji(after[0][0])


def is_slip(typed: str, word: str, tokens: Sequence[Cut]) -> bool:
    """Whether a string is likely a slip for `word` (one edit away) and not a neighbouring word of its own."""
    if max(len(typed), len(word)) < _SHORTEST_TYPO:
        return False
    if all(map(is_kanji, word)):
        broken = any(len(surface) == 1 for surface, _, _ in tokens)
        broken = broken and not any(cut.pos in _AFFIXES for _, cut, _ in tokens)
        return broken and len(typed) != len(word) and typed[0] == word[0] and typed[-1] == word[-1]
    if word.isascii() or any(map(is_kanji, word)):
        return word.isascii() and len(word) > _SHORTEST_TYPO
    return len(word) > _SHORTEST_TYPO or len(tokens) > 1 or any(not cut.known for _, cut, _ in tokens)


def _ends_in_kanji_or_digit(text: str) -> bool:
    return is_kanji(text[-1]) or text[-1].isdigit()


def _is_katakana(character: str) -> bool:
    return "ァ" <= character <= "ー"
