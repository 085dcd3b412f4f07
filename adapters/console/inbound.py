"""What is typed → a command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.model import Ask

HISTORY = 5
"""How many earlier questions go with a new one."""

Word = Literal["quit", "help", "organizations", "forget"]

_WORDS: dict[str, Word] = {
    "/q": "quit", "/quit": "quit", "/exit": "quit", "/終了": "quit", "終了": "quit", "exit": "quit", "quit": "quit",
    "/?": "help", "/help": "help", "/ヘルプ": "help",
    "/団体": "organizations", "/org": "organizations",
    "/新規": "forget", "/new": "forget",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Typed:
    """A line that is no question: a word for the console itself, with what follows it."""

    word: Word
    rest: str = ""


def to_command(line: str, org: str, history: Sequence[str]) -> Ask | Typed | None:
    """The line as a question with the earlier ones, or as a word for the console; None for a blank line."""
    text = line.strip()
    if not text:
        return None
    head, _, rest = text.replace("\u3000", " ").replace("／", "/").replace("？", "?").partition(" ")
    word = _WORDS.get(head.lower())
    if word is not None and (head.startswith("/") or not rest):
        return Typed(word, rest.strip())
    return Ask(org, text, history=tuple(history[-HISTORY:]))
