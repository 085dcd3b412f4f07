"""Each recogniser finds its kind in every spelling, exactly, and leaves alone what only looks like it."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.analysis.tokenizer import Tokenizer
from bot.drafts.recognizers import RECOGNIZERS
from bot.drafts.recognizing import Surroundings
from bot.drafts.short_hosts import load_short_hosts
from bot.drafts.text import read_draft
from bot.errors import DataError

ROOT = Path(__file__).parents[3]
CASES: dict[str, Any] = yaml.safe_load((ROOT / "tests" / "data" / "recognizers.yaml").read_text(encoding="utf-8"))
AROUND = CASES.pop("around")
SURROUNDINGS = Surroundings(
    phones=frozenset(AROUND["phones"]),
    hosts=tuple(AROUND["hosts"]),
    accounts=frozenset(AROUND["accounts"]),
    offices=tuple(AROUND["offices"]),
    short_hosts=load_short_hosts(ROOT / "knowledge" / "short_urls.yaml"),
)
TOKENIZER = Tokenizer()


def found(name: str, text: str) -> list[str]:
    draft = read_draft(text, TOKENIZER.cut)
    places = [draft.span(*span) for span in RECOGNIZERS[name](draft, SURROUNDINGS)]
    assert places == sorted(places), "spans stand in order"
    assert all(end <= start for (_, end), (start, _) in pairwise(places)), "spans do not overlap"
    return [text[start:end] for start, end in places]


def cases(kind: str) -> list[Any]:
    return [pytest.param(name, text, id=f"{name}: {text}") for name, one in CASES.items() for text in one[kind]]


@pytest.mark.parametrize(("name", "text"), cases("found"))
def test_it_is_found_exactly(name: str, text: str) -> None:
    assert found(name, re.sub("[⟦⟧]", "", text)) == re.findall("⟦(.*?)⟧", text)


@pytest.mark.parametrize(("name", "text"), cases("clean"))
def test_it_is_left_alone(name: str, text: str) -> None:
    assert found(name, text) == []


def test_every_recogniser_has_cases() -> None:
    assert set(RECOGNIZERS) - set(CASES) == {"url"}


def test_the_services_left_out_on_purpose_are_no_short_urls() -> None:
    hosts = SURROUNDINGS.short_hosts
    assert hosts.isdisjoint({"youtu.be", "lin.ee", "forms.gle"})
    assert sum("." in host for host in hosts) >= 80
    assert all(host == host.lower().strip() and not host.startswith("www.") for host in hosts if "." in host)


def test_a_list_of_services_with_a_slip_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "short_urls.yaml"
    file.write_text("host: [bit.ly]\n", encoding="utf-8")
    with pytest.raises(DataError, match="host"):
        load_short_hosts(file)


def test_without_a_list_nothing_is_a_short_url() -> None:
    draft = read_draft("https://bit.ly/abc", TOKENIZER.cut)
    assert list(RECOGNIZERS["short_url"](draft, Surroundings())) == []


PIECES = [
    "",
    " ",
    "\n",
    "1",
    "090",
    "0000-",
    "〇",
    "○",
    "★",
    "@",
    "[.]",
    "bit",
    ".ly/",
    "さん",
    "佐藤",
    "花子",
    "生まれ",
    "は",
    "パスワード",
    "：",
    "//",
    "http:",
    "\\\\",
    "今",
    "駅",
    "に着いた",
    "丁目",
    "3",
    "ﾞ",
    "\u200b",
    "🎉",
    "㈱",
    "a",
    "::",
    "札幌",
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=60))
def test_whatever_is_written_spans_stand_in_the_draft_in_order(text: str) -> None:
    for name in RECOGNIZERS:
        assert all(found(name, text))
