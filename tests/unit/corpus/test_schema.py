"""Typed reading: every complaint names the place and shows the line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.corpus.schema import Node
from bot.errors import DataError

_TEXT = """\
name: 例市
empty: ''
nothing: null
list: [a, b]
mixed: [a, [b]]
mapping: {x: 1}
number: '0.5'
lines: [3, 7]
"""


@pytest.fixture
def root(tmp_path: Path) -> Node:
    path = tmp_path / "a.yaml"
    path.write_text(_TEXT, encoding="utf-8")
    return Node.load(path)


def test_values_come_out_typed(root: Node) -> None:
    assert root.need("name").text() == "例市"
    assert root.need("list").texts() == ("a", "b")
    assert root.need("number").number() == 0.5
    assert root.need("lines").line_range() == (3, 7)
    assert root.need("name").one_of(("例市", "他")) == "例市"
    assert [(key, node.text()) for key, node in root.need("mapping").items()] == [("x", "1")]


def test_what_may_be_absent_is_none_or_empty(root: Node) -> None:
    assert root.get("none") is None
    assert root.get("nothing") is None
    assert root.opt_text("none") is None
    assert root.opt_texts("nothing") == ()


@pytest.mark.parametrize(
    ("read", "line", "said"),
    [
        (lambda root: root.need("none"), 1, "「none」がありません"),
        (lambda root: root.need("nothing"), 1, "「nothing」がありません"),
        (lambda root: root.need("empty").text(), 2, "文字を書いてください"),
        (lambda root: root.need("list").text(), 4, "文字を書いてください"),
        (lambda root: root.need("mixed").texts(), 5, "文字を書いてください"),
        (lambda root: list(root.need("name").each()), 1, "一覧"),
        (lambda root: root.need("list").get("a"), 4, "項目: 値"),
        (lambda root: root.need("name").number(), 1, "数を書いてください"),
        (lambda root: root.need("name").one_of(("a", "b")), 1, "「例市」は使えません（a、b のどれかです）"),
        (lambda root: root.need("list").one_of(("a",)), 4, "使えません"),
        (lambda root: root.need("mapping").only("y", "z"), 6, "「x」という項目はありません（使えるのは y、z）"),
        (lambda root: root.need("mixed").line_range(), 5, "数を書いてください"),
    ],
)
def test_a_complaint_names_the_line_and_shows_it(root: Node, read: Callable[[Node], Any], line: int, said: str) -> None:
    with pytest.raises(DataError) as caught:
        read(root)
    error = caught.value
    assert (error.code, error.line, error.shown) == ("E105", line, _TEXT.splitlines()[line - 1])
    assert said in str(error)
    assert str(error).startswith(f"{root.path}:{line}:")


@pytest.mark.parametrize("lines", ["[7, 3]", "[0, 3]", "[3]", "[1, 2, 3]", "[nan, 3]", "[1, inf]", "[-1, 3]", "[a, b]"])
def test_a_line_range_that_is_none_is_refused(tmp_path: Path, lines: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(f"lines: {lines}\n", encoding="utf-8")
    with pytest.raises(DataError):
        Node.load(path).need("lines").line_range()


def test_each_member_of_a_list_has_its_own_place(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("list:\n  - a\n  - []\n", encoding="utf-8")
    with pytest.raises(DataError) as caught:
        Node.load(path).need("list").texts()
    assert (caught.value.line, caught.value.column) == (3, 5)
