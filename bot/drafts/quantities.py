"""Simple exact kinds that rules are built of: times, dates, sums of money, shares, numbers of people."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.drafts.recognizing import Surroundings
from bot.drafts.text import DraftText, Span

_NUMBER = r"(?<![\d.,])\d[\d,]{0,15}(?:\.\d{1,4})?"
_MONTH, _DAY = r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])"

TIME = re.compile(
    r"(?<![\d:./-])(?:[01]?\d|2[0-9]):[0-5]\d(?![\d:])"
    r"|(?<!\d)(?:[01]?\d|2[0-9])時(?![間代期点給差速短])(?:半|[0-5]?\d分)?"
    r"|正午"
)
"""18:30, 7時, 7時半, 25時. 時間, 時代, 時点 and the like are none."""

DATE = re.compile(
    rf"(?<![\d.])(?:19|20)\d\d(?:-{_MONTH}-|/{_MONTH}/|\.{_MONTH}\.){_DAY}(?!\d)"
    rf"|(?<![a-z\d])[rhst]\.?\d{{1,2}}[./年]{_MONTH}[./月]{_DAY}(?!\d)日?"
    rf"|(?<!\d)(?:(?:19|20)\d\d年|(?:令和|平成|昭和|大正|明治)(?:元|\d{{1,2}})年){_MONTH}月{_DAY}日"
    rf"|(?<!\d){_MONTH}月{_DAY}日"
    rf"|(?<![\d/.]){_MONTH}/{_DAY}(?![\d/])"
)
"""3月3日, 2026/4/1, 令和8年4月1日, r8.4.1, 4/1. Months alone are none."""

MONEY = re.compile(
    r"[¥$] ?\d[\d,.]{0,15}"
    r"|(?<![\d.,])\d[\d,.兆億万千百]{0,20}(?:円|ドル|ユーロ)"
    r"|(?<![一-鿿])[一二三四五六七八九十百千万億]{1,8}円"
)
PERCENT = re.compile(rf"{_NUMBER} ?(?:%|パーセント|割(?!引|増|れ)|ポイント(?=減|増|低|高|上|下))")
PEOPLE = re.compile(rf"(?<!第){_NUMBER}[万千百]?(?:人(?![前称目気間])|名(?![前山物所字簿])|世帯)")


def time_of_day(draft: DraftText, _: Surroundings) -> Iterator[Span]:
    """Times by the clock."""
    return (match.span() for match in TIME.finditer(draft.plain))


def date(draft: DraftText, _: Surroundings) -> Iterator[Span]:
    """Days of a month, with or without the year."""
    return (match.span() for match in DATE.finditer(draft.plain))


def money(draft: DraftText, _: Surroundings) -> Iterator[Span]:
    """Sums of money."""
    return (match.span() for match in MONEY.finditer(draft.plain))


def percentage(draft: DraftText, _: Surroundings) -> Iterator[Span]:
    """Shares."""
    return (match.span() for match in PERCENT.finditer(draft.plain))


def count_of_people(draft: DraftText, _: Surroundings) -> Iterator[Span]:
    """How many people or households."""
    return (match.span() for match in PEOPLE.finditer(draft.plain))
