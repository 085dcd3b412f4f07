"""The one escape of this platform: foreign text that nothing in a card or a message can come alive in."""

from __future__ import annotations

import re
import unicodedata

_WIDE = str.maketrans(
    {
        "<": "＜", ">": "＞", "&": "＆", "[": "［", "]": "］", "\\": "＼", "*": "＊", "_": "＿", "~": "～", "`": "｀",
        "#": "＃", "|": "｜", "@": "＠",
    }
)  # fmt: skip
"""What Markdown and the platform's tags are made of → the full-width form a person reads the same way.

Backslashes would do for Markdown, but are not understood alike by every client; a wide form is inert in all of them.
"""

_TURNING = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c")
"""Marks that make the text behind them read the other way round."""


def plain(text: str) -> str:
    """Text for places that know no markup (a text run, a button's title): without control and direction marks."""
    return "".join(
        character
        for character in text.replace("\r\n", "\n").replace("\r", "\n")
        if character in "\n\t" or not (unicodedata.category(character) in {"Cc", "Cs"} or character in _TURNING)
    )


def escape(text: str) -> str:
    """Text for places that know markup (a message, a heading, a search result)."""
    wide = plain(text).translate(_WIDE).replace("://", "：//")
    wide = re.sub(r"(?i)(www)\.", r"\1．", wide)
    return re.sub(r"(?i)(javascript|data|vbscript|mailto|tel):", r"\1：", wide)
