"""Card → HTML. Every text is escaped by the template engine, the one escape of this front."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.blocks import Card

FOLD_ABOVE = 600
"""Characters of a quotation above which only its beginning is shown at first."""
BEGINNING = 240
"""Characters of the beginning at most; it ends with a sentence or a line where there is one."""

_ENDS = re.compile(r"[。\n]")
_LEAST_DIGITS = 3


def render(card: Card) -> str:
    """The card as an `article`; pure."""
    blocks = [(type(block).__name__, block) for block in card.blocks]
    return environment().get_template("card.html").render(card=card, blocks=blocks).strip()


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates, with everything escaped and nothing undefined let through."""
    found = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates", encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {"tel": tel, "beginning": beginning, "safe_url": safe_url}
    return found


def beginning(text: str) -> str:
    """What is shown of a long text before it is unfolded; the text itself where it is not long."""
    if len(text) <= FOLD_ABOVE:
        return text
    ends = [match.end() for match in _ENDS.finditer(text, 0, BEGINNING)]
    return text[: ends[-1] if ends else BEGINNING].rstrip()


def tel(phone: str | None) -> str | None:
    """The digits of a tel: link; None for what is no phone number."""
    digits = "".join(one for one in unicodedata.normalize("NFKC", phone or "") if one in "+0123456789")
    return digits if len(digits) >= _LEAST_DIGITS else None


def safe_url(url: str) -> str | None:
    """The address of a link where it is a page of ours or https; None for any other."""
    ours = url.startswith("/") and not url.startswith(("//", "/\\"))
    return url if ours or url.startswith("https://") else None
