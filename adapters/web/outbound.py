"""Card → HTML, report → marks. Every text is escaped by the template engine, the one escape of this front."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TypedDict
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.blocks import Actions, Block, Button, Card, Clauses, Contacts, Link, Quote, Text
from bot.model import CheckReport, Severity

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


class Mark(TypedDict):
    """Words of a draft. `start` and `end` count UTF-16 code units, as browsers do; `number` is the finding's."""

    start: int
    end: int
    severity: Severity
    number: int


def marks(text: str, report: CheckReport) -> list[Mark]:
    """Where the findings stand in the draft, in their order; those about no words of it are left out."""
    return [
        Mark(
            start=_units(text[: one.start]),
            end=_units(text[: one.end]),
            severity=one.severity,
            number=number,
        )
        for number, one in enumerate(report.findings, 1)
        if one.start is not None and one.end is not None
    ]


def fitted(card: Card, org: str) -> Card:
    """The card as this page can serve it.

    The form for a draft is a page of its own, so its button is a link; nobody lets a finding pass here.
    """
    return replace(card, blocks=tuple(_fitted(block, org) for block in card.blocks))


def of_pictures(card: Card) -> Card:
    """A report of pictures alone: the findings, without what belongs to a draft (sign-off, checklist, offices)."""
    last = max((place for place, block in enumerate(card.blocks) if isinstance(block, Quote)), default=-1)
    kept = [
        block
        for place, block in enumerate(card.blocks)
        if not isinstance(block, (Clauses, Contacts)) and not (isinstance(block, Text) and place > last)
    ]
    return replace(card, blocks=tuple(kept))


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


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _fitted(block: Block, org: str) -> Block:
    return Actions(tuple(_items(block, org))) if isinstance(block, Actions) else block


def _items(block: Actions, org: str) -> Iterator[Button | Link]:
    for item in block.items:
        if isinstance(item, Button) and item.verb == "open_check":
            yield Link(item.label, f"/check?org={quote(org, safe='')}")
        elif not (isinstance(item, Button) and item.verb == "dismiss"):
            yield item
