"""An answer → lines for a terminal."""

from __future__ import annotations

import unicodedata

from bot.model import Answer

_KEPT = frozenset("\n\t")


def render(answer: Answer) -> str:
    """The answer's text with nothing in it that a terminal would obey."""
    return safe(answer.answer)


def safe(text: str) -> str:
    """Text without control and formatting characters (escape sequences, direction marks); line ends stay."""
    return "".join(
        character
        for character in text
        if character in _KEPT or unicodedata.category(character) not in {"Cc", "Cf", "Cs"}
    )
