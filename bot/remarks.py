"""What `doctor` has to say: one remark for each thing it looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Remark:
    """One sentence for the person who set the bot up. `about`: a word for what was looked at."""

    level: Literal["ok", "warning", "error"]
    about: str
    text: str


def fine(about: str, text: str) -> Remark:
    """Nothing to do."""
    return Remark("ok", about, text)


def doubtful(about: str, text: str) -> Remark:
    """It works, but somebody should look."""
    return Remark("warning", about, text)


def wrong(about: str, text: str) -> Remark:
    """It does not work until somebody mends it."""
    return Remark("error", about, text)
