"""How a word's characters share its reading, and the spellings that follow from it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_SINO = re.compile(r"[^んっゃゅょー][ゃゅょ]?[んいうくきつちっ]?")
"""A Sino-Japanese reading: one mora, or one and a closing one (えん じょう さ べつ)."""

_LONGEST_READING = 5
_NEVER_FIRST = frozenset("んっゃゅょー")
_LARGE = str.maketrans("ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ", "あいうえおつやゆよわアイウエオツヤユヨワ", "ー")
_LONG_VOWEL = re.compile(
    r"(?<=[おこそとのほもよろごぞどぼぽょうくすつぬふむゆるぐずづぶぷゅ])う|(?<=[おこそとのほもよろごぞどぼぽょ])お|ー"
)


def is_kanji(character: str) -> bool:
    """Whether the character is written instead of a reading."""
    return "\u3400" <= character <= "\u9fff" or character in "々〆ヶ" or "\uf900" <= character <= "\ufaff"


def align(surface: str, reading: str) -> tuple[str, ...] | None:
    """Share `reading` (hiragana) among the characters of `surface` (hiragana and kanji).

    炎上, えんじょう → (えん, じょう); 書き込み → (か, き, こ, み). Sino-Japanese readings are tried
    first, then any. None where the reading cannot be shared (今日, きょう).
    """
    return _share(surface, reading, sino=True) or _share(surface, reading, sino=False)


def _share(surface: str, reading: str, *, sino: bool) -> tuple[str, ...] | None:
    if not surface:
        return None if reading else ()
    head, rest = surface[0], surface[1:]
    if not is_kanji(head):
        tail = _share(rest, reading[1:], sino=sino) if reading[:1] == head else None
        return None if tail is None else (head, *tail)
    room = len(reading) - len(rest)
    for length in range(min(room, _LONGEST_READING), 0, -1):
        piece = reading[:length]
        if piece[0] in _NEVER_FIRST or (sino and not _is_sino(piece)):
            continue
        tail = _share(rest, reading[length:], sino=sino)
        if tail is not None:
            return (piece, *tail)
    return None


@lru_cache(maxsize=4_000)
def _is_sino(piece: str) -> bool:
    return _SINO.fullmatch(piece) is not None


def mixed_spellings(surface: str, pieces: tuple[str, ...]) -> Iterator[str]:
    """Yield the spellings with some neighbouring kanji in kana: 炎じょう, えん上 (not all of them)."""
    kanji = [at for at, character in enumerate(surface) if is_kanji(character)]
    for first in range(len(kanji)):
        for last in range(first, len(kanji)):
            if last - first + 1 < len(kanji):
                start, end = kanji[first], kanji[last] + 1
                yield surface[:start] + "".join(pieces[start:end]) + surface[end:]


def short_okurigana(surface: str) -> Iterator[str]:
    """Yield the spellings with kana between or behind kanji left out: 書き込み → 書込み, 書き込, 書込."""
    groups = [match.span() for match in re.finditer(r"(?<=[^ぁ-ゖ])[ぁ-ゖ]+", surface)]
    if not 1 <= len(groups) <= 3:
        return
    for chosen in range(1, 2 ** len(groups)):
        kept, at = "", 0
        for number, (start, end) in enumerate(groups):
            kept += surface[at:start] + ("" if chosen >> number & 1 else surface[start:end])
            at = end
        kept += surface[at:]
        if len(kept) >= 2:
            yield kept


def skeleton(word: str) -> str:
    """Return the word without ー and with small kana large: what is left of it in hasty typing."""
    return word.translate(_LARGE)


def without_long_vowels(reading: str) -> str:
    """Return the reading as romaji often gives it: とうこう, とーこー and とこ are one."""
    return _LONG_VOWEL.sub("", reading)
