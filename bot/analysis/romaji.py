"""Japanese typed in Latin letters, Hepburn or kunrei, read back as kana."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection

_ROWS = {
    "": "あいうえお", "k": "かきくけこ", "s": "さしすせそ", "t": "たちつてと", "n": "なにぬねの", "h": "はひふへほ",
    "m": "まみむめも", "r": "らりるれろ", "g": "がぎぐげご", "z": "ざじずぜぞ", "d": "だぢづでど", "b": "ばびぶべぼ",
    "p": "ぱぴぷぺぽ",
}  # fmt: skip
_IRREGULAR = {
    "ya": "や", "yu": "ゆ", "yo": "よ", "wa": "わ", "wo": "を", "shi": "し", "chi": "ち", "tsu": "つ", "fu": "ふ",
    "ji": "じ", "fa": "ふぁ", "fi": "ふぃ", "fe": "ふぇ", "fo": "ふぉ", "va": "ゔぁ", "vi": "ゔぃ", "vu": "ゔ",
    "ve": "ゔぇ", "vo": "ゔぉ", "she": "しぇ", "che": "ちぇ", "je": "じぇ", "thi": "てぃ", "dhi": "でぃ", "wi": "うぃ",
    "we": "うぇ", "tsa": "つぁ", "di": "でぃ",
}  # fmt: skip
_GLIDES = {
    "ky": "き", "sy": "し", "ty": "ち", "ny": "に", "hy": "ひ", "my": "み", "ry": "り", "gy": "ぎ", "zy": "じ",
    "jy": "じ", "by": "び", "py": "ぴ", "sh": "し", "ch": "ち", "j": "じ", "cy": "ち", "dy": "ぢ",
}  # fmt: skip
_LONG = {"ā": "aa", "â": "aa", "ī": "ii", "î": "ii", "ū": "uu", "û": "uu", "ē": "ei", "ê": "ei", "ō": "ou", "ô": "ou"}
_WORD = re.compile(r"[a-zāâīîūûēêōô]+(?:['’\-][a-zāâīîūûēêōô]+)*")
_LATIN_SHARE = 0.7
_PARSED_SHARE = 0.75


class RomajiWord(NamedTuple):
    """A word of the message that reads as romaji: its kana and where it stands in the normalised text."""

    kana: str
    start: int
    end: int


def to_kana(word: str) -> str | None:
    """Return a lower-case romaji word in hiragana, None if it is none: toukou → とうこう, line → None.

    ō is おう, oo おお, n before a consonant, at the end or in nn and n' is ん, a doubled consonant っ.
    """
    for long, plain in _LONG.items():
        word = word.replace(long, plain)
    word = word.replace("’", "'").replace("-", "")
    kana, at = "", 0
    while at < len(word):
        piece, length = _next(word, at)
        if not length:
            return None
        kana += piece
        at += length
    return kana or None


def romaji_words(text: str, latin_words: Collection[str] = ()) -> list[RomajiWord]:
    """Find the romaji words of a normalised message, none unless the message is romaji as a whole.

    It is when most of its characters are Latin letters and most of its Latin words read as romaji;
    `latin_words` (names such as line, note) are left as they are and count for neither side.
    """
    visible = sum(not character.isspace() for character in text)
    words = [match for match in _WORD.finditer(text) if match.group() not in latin_words]
    letters = sum(len(word.group()) for word in words)
    if not words or letters < _LATIN_SHARE * visible - sum(map(len, _names(text, latin_words))):
        return []
    found = [
        RomajiWord(kana, word.start(), word.end()) for word in words if (kana := to_kana(word.group())) is not None
    ]
    parsed = sum(word.end - word.start for word in found)
    return found if parsed >= _PARSED_SHARE * letters else []


def _names(text: str, latin_words: Collection[str]) -> list[str]:
    return [match.group() for match in _WORD.finditer(text) if match.group() in latin_words]


def _next(word: str, at: int) -> tuple[str, int]:
    """Read one kana at `at`: (kana, letters used); no letters used where it is no romaji."""
    first, second = word[at], word[at + 1 : at + 2]
    if first == "n" and second not in {*"aiueoy"}:
        return "ん", 2 if second == "'" or (second == "n" and not _vowel_follows(word, at + 2)) else 1
    if first == "m" and second and second in "bmp":
        return "ん", 1  # Hepburn of old: shimbun
    if first == second and first not in "aiueon":
        return "っ", 1
    if word.startswith("tch", at):
        return "っ", 1
    for length in (3, 2, 1):
        kana = _syllables().get(word[at : at + length])
        if kana is not None and len(word[at : at + length]) == length:
            return kana, length
    return "", 0


def _vowel_follows(word: str, at: int) -> bool:
    return word[at : at + 1] in {*"aiueoy"}


@lru_cache(maxsize=1)
def _syllables() -> dict[str, str]:
    table = {start + vowel: kana for start, row in _ROWS.items() for vowel, kana in zip("aiueo", row, strict=True)}
    for start, kana in _GLIDES.items():
        for vowel, small in zip("auo", "ゃゅょ", strict=True):
            table[start + vowel] = kana + small
    return table | _IRREGULAR
