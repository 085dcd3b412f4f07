"""The escape keeps what a person reads and takes what a client would obey."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.escaping import escape, plain


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("旭川市（日付の記載なし） 6(5)", "旭川市（日付の記載なし） 6(5)"),
        ("<at>全員</at>", "＜at＞全員＜/at＞"),
        ("[x](https://evil.example)", "［x］(https：//evil.example)"),
        ("JavaScript:alert(1)", "JavaScript：alert(1)"),
        ("**太字** & #見出し", "＊＊太字＊＊ ＆ ＃見出し"),
        ("時刻は 9:30 です", "時刻は 9:30 です"),
    ],
)
def test_markup_is_shown_as_text(text: str, shown: str) -> None:
    assert escape(text) == shown


@given(st.text())
def test_escaping_twice_is_escaping_once(text: str) -> None:
    assert escape(escape(text)) == escape(text)


@given(st.text())
def test_plain_text_has_no_control_and_no_direction_marks(text: str) -> None:
    found = plain(text)
    assert plain(found) == found
    assert not set(found) & set("\0\x1b\r\u202e\u2066")
    found.encode()
