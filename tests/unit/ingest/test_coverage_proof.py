"""The proof finds what is lost, and holds for any text whatever."""

# ruff: noqa: E501 - a small document reads best on one line

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ingest.coverage import uncovered
from bot.ingest.parser import parse_document
from tests.unit.ingest.helpers import parsed

_TEXT = "甲市指針\n\n１ 目的\n定める。\n（１）守る。\n（２）報告する。\n"
_MARKERS = """
１ ２ ３ 5 8 （１） (2) ① ② ア イ (ｱ) 一 二 第１条 第２条の２ 第１ Ⅰ a A ・ ● - ■ ○ # ## ### > | |---| ** 2.1 ６－１ Q1. Ａ． 問１ 答 附則 様式１
別表第１ （様式２） お問い合わせ 以上 目次 --- 令和５年４月１日 総務部広報課 012-345-6789 内線12 メリット デメリット （その他） 【注】 ※ ⇒ https://a.jp
目的 この文書は、職員が守る事項を定める。 に掲げる 及び 「 」 （ ）
"""
_BLANKS = ["- 3 -", "あ" * 40, "\f", "\t", "\u3000", "  ", " ", "\n", "\n", "\n\n"]
_PIECES = st.sampled_from([*_MARKERS.split(), *_BLANKS])


def test_a_lost_sentence_and_a_doubled_one_are_found() -> None:
    document = parsed(_TEXT)
    last = document.clauses[-1]
    lost = replace(document, clauses=(*document.clauses[:-1], replace(last, text="報告する")))
    assert [(stretch.text, stretch.kind) for stretch in uncovered(_TEXT, lost)] == [("。", "lost")]
    assert "lost" in {stretch.kind for stretch in uncovered(_TEXT, replace(lost, clauses=lost.clauses[:-1]))}
    doubled = replace(document, clauses=(*document.clauses[:-1], replace(last, text="報告する。報告する。")))
    assert [(stretch.locator, stretch.kind) for stretch in uncovered(_TEXT, doubled)][:1] == [("1(2)", "foreign")]


def test_a_changed_character_is_found() -> None:
    document = parsed(_TEXT)
    changed = replace(document, clauses=(replace(document.clauses[0], text="定めた。"), *document.clauses[1:]))
    assert uncovered(_TEXT, changed) != []


@settings(max_examples=150, deadline=None)
@given(st.lists(_PIECES, max_size=60).map("".join))
def test_any_mixture_of_markers_is_covered_and_its_locators_are_unique(text: str) -> None:
    parsed(text)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_covered(text: str) -> None:
    parsed(text)


@pytest.mark.parametrize(
    "text",
    [
        "１ 目的 この要領は、定める。 (1) あいう。 (2) かきく。 " * 400,
        "（" * 20000,
        "・" * 20000,
        "1-" * 10000,
        "\n".join(" " * depth + "・x" for depth in range(200)),
        "(1) " * 2000,
        "総務部" * 5000,
        "目次\n" + "１ 目的 ... 3\n" * 2000,
        "-あ " * 5000,
        "# a\n" * 1000,
    ],
    ids=range(10),
)
def test_monstrous_texts_are_parsed_in_seconds(text: str) -> None:
    begin = time.perf_counter()
    document = parse_document(text)
    assert uncovered(text, document) == []
    assert time.perf_counter() - begin < 10
