"""However a draft is made, the recognisers' time grows no faster than its length."""

from __future__ import annotations

import importlib
import re
import re._constants as sre  # type: ignore[import-not-found]  # typeshed has no stubs of it
import re._parser as sre_parse  # type: ignore[import-not-found]
import time
from collections.abc import Iterator
from typing import Any

import pytest

from bot.analysis.tokenizer import Tokenizer
from bot.drafts.recognizers import RECOGNIZERS
from bot.drafts.recognizing import Surroundings
from bot.drafts.text import read_draft

MODULES = ("access", "links", "numbers", "people", "phones", "quantities", "short_hosts", "views", "whereabouts")
MOST_REPEATS = 64
REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT)
ALPHABET = [chr(code) for code in (*range(32, 127), *range(0x3000, 0x3100), 0x4E00, 0x753A, 0x4E01, 0x25CB, 0x2605)]
PATTERNS = {
    f"{module}.{name}": value
    for module in MODULES
    for name, value in vars(importlib.import_module(f"bot.drafts.{module}")).items()
    if isinstance(value, re.Pattern)
}


def parts(item: Any) -> Iterator[Any]:
    """The patterns that stand within one item of a parsed pattern."""
    operator, argument = item
    if operator in REPEATS:
        yield argument[2]
    elif operator is sre.SUBPATTERN:
        yield argument[3]
    elif operator is sre.BRANCH:
        yield from argument[1]
    elif operator in (sre.ASSERT, sre.ASSERT_NOT):
        yield argument[1]


def repeats(parsed: Any) -> Iterator[tuple[int, Any]]:
    """(most times, what is repeated) of each repeat, however deep."""
    for item in parsed:
        if item[0] in REPEATS:
            yield item[1][1], item[1][2]
        for part in parts(item):
            yield from repeats(part)


def characters(parsed: Any) -> set[str]:
    """What of the alphabet any one-character item of a parsed pattern can match."""
    found: set[str] = set()
    for item in parsed:
        operator, argument = item
        if operator is sre.LITERAL:
            found |= {chr(argument)}
        elif operator in (sre.IN, sre.NOT_LITERAL, sre.ANY):
            one = re.compile(written(item))
            found |= {letter for letter in ALPHABET if one.fullmatch(letter)}
        elif operator not in (sre.ASSERT, sre.ASSERT_NOT):
            for part in parts(item):
                found |= characters(part)
    return found


def written(item: Any) -> str:
    """A one-character item as a pattern again."""
    operator, argument = item
    if operator is sre.ANY:
        return "."
    if operator is sre.NOT_LITERAL:
        return f"[^{re.escape(chr(argument))}]"
    classes = {
        sre.CATEGORY_DIGIT: r"\d",
        sre.CATEGORY_SPACE: r"\s",
        sre.CATEGORY_NOT_SPACE: r"\S",
        sre.CATEGORY_WORD: r"\w",
    }
    signs = []
    for kind, value in argument:
        if kind is sre.NEGATE:
            signs.append("^")
        elif kind is sre.RANGE:
            signs.append(f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}")
        else:
            signs.append(classes[value] if kind is sre.CATEGORY else re.escape(chr(value)))
    return f"[{''.join(signs)}]"


def certain(parsed: Any) -> Iterator[set[str]]:
    """The characters of each item of a repeat's body that always matches something."""
    for item in parsed:
        operator, argument = item
        if operator is sre.SUBPATTERN:
            yield from certain(argument[3])
        elif operator is sre.BRANCH:
            firsts = [next(certain(branch), None) for branch in argument[1]]
            if all(first is not None for first in firsts):
                yield set().union(*(first or set() for first in firsts))
        elif operator in REPEATS:
            if argument[0] > 0:
                yield characters(argument[2])
        elif operator not in (sre.ASSERT, sre.ASSERT_NOT, sre.AT):
            yield characters([item])


@pytest.mark.parametrize("name", PATTERNS)
def test_nothing_repeats_without_bound(name: str) -> None:
    assert [most for most, _ in repeats(sre_parse.parse(PATTERNS[name].pattern)) if most > MOST_REPEATS] == []


@pytest.mark.parametrize("name", PATTERNS)
def test_no_repeat_stands_in_another_that_can_match_the_same(name: str) -> None:
    for most, body in repeats(sre_parse.parse(PATTERNS[name].pattern)):
        for inner_most, inner in repeats(body) if most > 1 else ():
            if inner_most > 1:
                same = characters(inner)
                assert any(one.isdisjoint(same) for one in certain(body)), "nothing in the body parts its repeats"


HOSTILE = {
    "a draft": "きょうは駅前で祭りです🎉 くわしくは市のホームページで。電話は0125-00-1234、佐々木さんまで。",
    "digits": "0123456789",
    "zeros": "0",
    "dots": "a.",
    "spaced dots": "a . ",
    "at signs": "a@",
    "slashes": "https://",
    "kana numbers": "ぜろいちに",
    "blocks": "1丁目の1",
    "passwords": "パスワードは",
    "now": "今駅に",
    "names": "田中花子",
    "colons": "1:",
    "backslashes": "\\\\a",
    "short hosts": "bit.ly/a",
    "brackets": "[.](at)",
    "stars": "○藤さん★",
    "one letter": "a",
    "kanji": "町",
    "money": "1,億",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_ten_thousand_characters_take_no_longer_than_they_may(kind: str, request: pytest.FixtureRequest) -> None:
    around = Surroundings(short_hosts=frozenset({"bit.ly", "x.gd", "びっとりー"}), hosts=("city.rei.lg.jp",))
    text = (HOSTILE[kind] * 10_000)[:10_000]
    draft = read_draft(text, Tokenizer().cut)
    best = min(_seconds(draft, around) for _ in range(3))
    request.node.user_properties.append(("milliseconds", round(best * 1000)))
    assert best < 0.4, "bound wide enough for a busy machine; alone it is below 60 ms"


def _seconds(draft: Any, around: Surroundings) -> float:
    begin = time.perf_counter()
    for recognizer in RECOGNIZERS.values():
        list(recognizer(draft, around))
    return time.perf_counter() - begin
