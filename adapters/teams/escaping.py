"""The one escape of this platform: foreign text that nothing in a card or a message can come alive in."""

from __future__ import annotations

import re

_WIDE = str.maketrans(
    {
        "<": "＜", ">": "＞", "&": "＆", "[": "［", "]": "］", "\\": "＼", "*": "＊", "_": "＿", "~": "～", "`": "｀",
        "#": "＃", "|": "｜", "@": "＠",
    }
)  # fmt: skip
"""What Markdown and the platform's tags are made of → the full-width form a person reads the same way.

Backslashes would do for Markdown, but are not understood alike by every client; a wide form is inert in all of them.
"""

_UNSEEN = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]"
)
"""Control characters but tab and line end, halves of characters, marks that turn the direction of reading round."""


def plain(text: str) -> str:
    """Text for places that know no markup (a text run, a button's title): without control and direction marks."""
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def escape(text: str) -> str:
    """Text for places that know markup (a message, a heading, a search result)."""
    wide = plain(text).translate(_WIDE).replace("://", "：//")
    wide = re.sub(r"(?i)(www)\.", r"\1．", wide)
    return re.sub(r"(?i)(javascript|data|vbscript|mailto|tel):", r"\1：", wide)
