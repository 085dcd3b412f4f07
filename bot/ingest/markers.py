"""The marker styles of Japanese guidelines: one row per style, with its ordinal and locator step.

A line start may be read in several ways (`イ` is the second of ア イ ウ or the first of イ ロ ハ);
`read_markers` returns every reading, and `search.py` decides from the whole document.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from unicodedata import normalize

KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
IROHA = "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセスン"
HIRAGANA = "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわをん"
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳㉑㉒㉓㉔㉕㉖㉗㉘㉙㉚㉛㉜㉝㉞㉟㊱㊲㊳㊴㊵㊶㊷㊸㊹㊺㊻㊼㊽㊾㊿"
BLACK_CIRCLED = "❶❷❸❹❺❻❼❽❾❿⓫⓬⓭⓮⓯⓰⓱⓲⓳⓴"
CIRCLED_KANA = "㋐㋑㋒㋓㋔㋕㋖㋗㋘㋙㋚㋛㋜㋝㋞㋟㋠㋡㋢㋣㋤㋥㋦㋧㋨㋩㋪㋫㋬㋭㋮㋯㋰㋱㋲㋳㋴㋵㋶㋷㋸㋹㋺㋻㋼㋽㋾"
ROMAN = "ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ"
SMALL_ROMAN = "ⅰⅱⅲⅳⅴⅵⅶⅷⅸⅹⅺⅻ"
_ROMAN_WORDS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_KANJI_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")}
_KANJI_UNITS = {"十": 10, "百": 100, "千": 1000}

_N = r"[0-9０-９]"
_K = r"[〇一二三四五六七八九十百千]"
_S = r"[ \t\u3000\u00a0]"
_GAP = r"[\s\u3000．.、，:：\\]"
_HYPHEN = r"[-－‐‑–—−ー.．]"
_FRAMING = re.compile(r"はじめに|おわりに|終わりに|まえがき|あとがき|むすび|結び|最後に|さいごに")
SEPARATORS = " \t\u3000\u00a0\f．.、，:：\\"


@dataclass(frozen=True, slots=True)
class Marker:
    """One reading of a line start. `end` is behind the marker, `body` behind the separators too."""

    style: str
    ordinal: int
    step: str
    start: int
    end: int
    body: int
    separated: bool
    separator: str
    path: tuple[int, ...] = ()
    """All numbers of a printed path such as 2.1.3."""


def half_width(text: str) -> str:
    """Digits, letters and brackets half-width, katakana full-width, no white space."""
    kept = "".join(char if char in CIRCLED + ROMAN + SMALL_ROMAN else normalize("NFKC", char) for char in text)
    return "".join(kept.split())


def number_value(text: str) -> int:
    """Value of a number in Arabic or Chinese digits; 0 when there is none."""
    plain = half_width(text)
    if plain.isdecimal():
        return int(plain[:9])
    total, digit = 0, 0
    for char in plain:
        if char in _KANJI_UNITS:
            total, digit = total + (digit or 1) * _KANJI_UNITS[char], 0
        else:
            digit = digit * 10 + _KANJI_DIGITS.get(char, 0)
    return total + digit


def _index_in(alphabet: str) -> Callable[[str], int]:
    def ordinal(text: str) -> int:
        return alphabet.find(normalize("NFKC", text) if alphabet in (KANA, IROHA) else text) + 1

    return ordinal


def _roman_value(text: str) -> int:
    if text[0] in ROMAN:
        return ROMAN.index(text[0]) + 1
    if text[0] in SMALL_ROMAN:
        return SMALL_ROMAN.index(text[0]) + 1
    word = half_width(text).upper()
    return _ROMAN_WORDS.index(word) + 1 if word in _ROMAN_WORDS else 0


def _letter_value(text: str) -> int:
    return ord(half_width(text).lower()[0]) - ord("a") + 1


def _article_value(text: str) -> int:
    """第5条の2 → 5002, so that branches stand between their article and the next one."""
    numbers = [number_value(part) for part in re.findall(rf"{_N}+|{_K}+", text)]
    return numbers[0] * 1000 + (numbers[1] if len(numbers) > 1 else 0)


def _enclosed_value(text: str) -> int:
    return number_value(normalize("NFKC", text).strip("(). "))


@dataclass(frozen=True, slots=True)
class Style:
    """A row of the table. Group 1 of `pattern` is what `ordinal` reads; `rank` is the usual depth."""

    name: str
    rank: int
    pattern: re.Pattern[str]
    ordinal: Callable[[str], int]
    lone: bool = False
    """Whether the marker needs white space or a full stop behind it to be one at all."""


def _style(name: str, rank: int, pattern: str, ordinal: Callable[[str], int], *, lone: bool = False) -> Style:
    return Style(name, rank, re.compile(pattern), ordinal, lone)


_OPEN, _CLOSE = rf"[（(]{_S}*", rf"{_S}*[）)]"
_KATA = r"[ア-ンｱ-ﾝ]"

STYLES: tuple[Style, ...] = (
    _style("part", 1, rf"第{_S}*({_N}+|{_K}+){_S}*[編部](?={_S}|$)", number_value),
    _style("chapter", 2, rf"第{_S}*({_N}+|{_K}+){_S}*章(?:の{_N}+)?(?![にのをはがで])", number_value),
    _style("section", 3, rf"第{_S}*({_N}+|{_K}+){_S}*節(?![にのをはがで])", number_value),
    _style("subsection", 4, rf"第{_S}*({_N}+|{_K}+){_S}*款(?![にのをはがで])", number_value),
    _style(
        "article",
        5,
        rf"(第{_S}*(?:{_N}+{_S}*条(?:の{_N}+)*|{_K}+{_S}*条(?:の{_K}+(?={_S}|[（(]|$))*))",
        _article_value,
    ),
    _style("ordinal", 5, rf"第{_S}?({_N}+|{_K}+)(?={_GAP}|$)", number_value),
    _style("roman", 5, rf"([{ROMAN}])", _roman_value, lone=True),
    _style("roman", 5, r"([IVXＩＶＸ]+)(?=[.．])", _roman_value, lone=True),
    _style("letter", 6, r"([A-ZＡ-Ｚ])(?![A-Za-zＡ-Ｚａ-ｚ0-9])", _letter_value, lone=True),
    _style("num", 7, rf"({_N}{{1,3}})(?![0-9０-９])", number_value),
    _style("num)", 8, rf"({_N}{{1,3}}){_CLOSE}", number_value),
    _style("[num]", 8, rf"[【\[［〔<＜〈]({_N}{{1,2}})[】\]］〕>＞〉]", number_value),
    _style("(num)", 10, rf"{_OPEN}({_N}{{1,3}}){_CLOSE}", number_value),
    _style("(num)", 10, r"([⑴-⒇])", _enclosed_value),
    _style("kanji", 10, rf"({_K}+)", number_value, lone=True),
    _style("(kanji)", 11, rf"{_OPEN}({_K}+){_CLOSE}", number_value),
    _style("circled", 12, rf"([{CIRCLED}])", _index_in(CIRCLED)),
    _style("black-circled", 12, rf"([{BLACK_CIRCLED}])", _index_in(BLACK_CIRCLED)),
    _style("kana", 13, rf"({_KATA})(?=[ぁ-ん一-龥「]|{_GAP}|$)", _index_in(KANA)),
    _style("iroha", 13, rf"({_KATA})(?=[ぁ-ん一-龥「]|{_GAP}|$)", _index_in(IROHA)),
    _style("kana)", 13, rf"({_KATA}){_CLOSE}", _index_in(KANA)),
    _style("hiragana", 13, r"([あ-ん])", _index_in(HIRAGANA), lone=True),
    _style("(kana)", 14, rf"{_OPEN}({_KATA}){_CLOSE}", _index_in(KANA)),
    _style("(iroha)", 14, rf"{_OPEN}({_KATA}){_CLOSE}", _index_in(IROHA)),
    _style("(hiragana)", 14, rf"{_OPEN}([あ-ん]){_CLOSE}", _index_in(HIRAGANA)),
    _style("circled-kana", 14, rf"([{CIRCLED_KANA}])", _index_in(CIRCLED_KANA)),
    _style("small-letter", 15, r"([a-zａ-ｚ])(?![A-Za-zＡ-Ｚａ-ｚ0-9])", _letter_value, lone=True),
    _style("small-letter)", 15, rf"([a-zａ-ｚ]){_CLOSE}", _letter_value),
    _style("(small-letter)", 16, rf"{_OPEN}([a-zａ-ｚ]){_CLOSE}", _letter_value),
    _style("(small-letter)", 16, r"([⒜-⒵])", lambda text: _letter_value(normalize("NFKC", text)[1])),
    _style("(letter)", 16, rf"{_OPEN}([A-ZＡ-Ｚ]){_CLOSE}", _letter_value),
    _style("small-roman", 16, rf"([{SMALL_ROMAN}])", _roman_value, lone=True),
    _style("(small-roman)", 17, rf"{_OPEN}([{SMALL_ROMAN}]|[iv]+){_CLOSE}", _roman_value),
)
RANKS: dict[str, int] = {style.name: style.rank for style in STYLES} | {"path": 8, "q": 9, "bullet": 20}

_PATH = re.compile(rf"({_N}{{1,3}}(?:{_HYPHEN}{_N}{{1,3}})+)(?![0-9０-９])[.．]?(?={_GAP}|$|[^\x00-\x7f])")
_QUESTION = re.compile(
    rf"(?:[【［\[（(〔＜<〈]{_S}*([ＱQ]|問い?|質問){_S}*[.．]?{_S}*({_N}*(?:{_HYPHEN}{_N}+)*){_S}*[】］\]）)〕＞>〉]"
    rf"|([ＱQ]|問い?|質問|設問){_S}*[.．]?{_S}*({_N}+(?:{_HYPHEN}{_N}+)*)(?![0-9０-９])|([ＱQ])(?=[.．:：\s\u3000])|(問)(?=[.．:：\s\u3000])"
    r"|(質問)(?=[:：]))"
)
_BULLET = re.compile(
    r"([・･●○〇◎◆◇■□▪▫▲△▼▽★☆•◦‣⦁∙‧·➢➤▶►▷✓✔☑❖◼◾])(?![・･●○〇◎◆◇■□△▲…])"
    r"|([-*+＊])(?=[ \t\u3000])|([－–—‐])(?=[ \t\u3000])"
    r"|([-－–—‐])(?=[ぁ-んァ-ヴ一-龥「『])(?![^\n]{0,60}[-－–—‐]$)"
)
_ONLY_BULLETS = "・･●○◎◆◇■□▪▲△▼▽★☆•✓✔"
_ANSWER = re.compile(
    rf"(?:[ＡA]{_S}*(?:{_N}+(?:{_HYPHEN}{_N}+)*)?|(?:回?答え?){_S}*{_N}*)(?={_GAP})"
    rf"|[【［\[（(〔＜<〈]{_S}*(?:[ＡA]|回?答え?){_S}*{_N}*(?:{_HYPHEN}{_N}+)*{_S}*[】］\]）)〕＞>〉]"
)


def is_special(step: str) -> bool:
    """Whether a heading is one of those that frame a document (はじめに, おわりに)."""
    return _FRAMING.fullmatch(step) is not None


def skip_separators(text: str, position: int, end: int) -> int:
    """The first offset at or behind `position` that holds no separator."""
    while position < end and text[position] in SEPARATORS:
        position += 1
    return position


def read_markers(text: str, start: int, end: int, *, bare: bool = False) -> list[Marker]:
    """Every reading of the characters at `start` as a marker; empty when there is none.

    `bare`: also ア イ ウ without anything behind them (`ア職員は`), which is mostly a word cut in two.
    """
    if start >= end or _is_plain(text, start, end):
        return []
    if text[start] in _ONLY_BULLETS:
        return _bullet_at(text, start, end)
    found: list[Marker] = []
    question = _question_at(text, start, end)
    if question is not None:
        return [question]
    path = _PATH.match(text, start, end)
    if path is not None:
        numbers = tuple(number_value(part) for part in re.findall(rf"{_N}+", path.group(1)))
        step = re.sub(_HYPHEN, lambda found: "." if found.group() in ".．" else "-", path.group(1))
        found.append(_marker("path", text, path, end, (numbers[-1], half_width(step), numbers)))
    for style in STYLES:
        match = style.pattern.match(text, start, end)
        if match is None:
            continue
        ordinal = style.ordinal(match.group(1))
        marker = _marker(style.name, text, match, end, (ordinal, half_width(match.group()), ()))
        if style.name == "hiragana" and marker.separator in "、，":
            continue
        needs_gap = style.lone or (style.name in ("kana", "iroha") and not bare)
        if ordinal > 0 and (marker.separated or not needs_gap):
            found.append(marker)
    return found or _bullet_at(text, start, end)


def _is_plain(text: str, start: int, end: int) -> bool:
    """Whether the first character shows that no marker stands here: the quick answer for most lines."""
    char = text[start]
    if "ぁ" <= char <= "ん":
        return start + 1 < end and text[start + 1] not in SEPARATORS
    return "一" <= char <= "龥" and char not in "第問質設一二三四五六七八九十百千"


def _question_at(text: str, start: int, end: int) -> Marker | None:
    match = _QUESTION.match(text, start, end)
    if match is None:
        return None
    head = next(match.group(at) for at in (1, 3, 5, 6, 7) if match.group(at))
    printed = match.group(2) or match.group(4) or ""
    numbers = tuple(number_value(part) for part in re.findall(rf"{_N}+", printed))
    step = half_width(head) + half_width(re.sub(_HYPHEN, lambda hit: "." if hit.group() in ".．" else "-", printed))
    return _marker("q", text, match, end, (numbers[-1] if numbers else 0, step, numbers))


def _bullet_at(text: str, start: int, end: int) -> list[Marker]:
    match = _BULLET.match(text, start, end)
    if match is None:
        return []
    sign = match.group()
    return [_marker("bullet" + ("-" if sign in "-*+" else sign), text, match, end, (0, "・", ()))]


def _marker(style: str, text: str, match: re.Match[str], end: int, reading: tuple[int, str, tuple[int, ...]]) -> Marker:
    body = skip_separators(text, match.end(), end)
    between = text[match.end() : body]
    separator = next((char for char in between if char in "．.、，:："), " " if between else "")
    ordinal, step, path = reading
    separated = bool(between) or match.end() == end
    return Marker(style, ordinal, step, match.start(), match.end(), body, separated, separator, path)


def read_answer(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Bounds (behind the marker, behind its separators) of an answer mark `Ａ．`, or None."""
    match = _ANSWER.match(text, start, end)
    return None if match is None else (match.end(), skip_separators(text, match.end(), end))
