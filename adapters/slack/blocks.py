"""Small functions that make Block Kit objects. No markup anywhere: every text is plain or a rich-text text element."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

SECTION, HEADER, LABEL, VALUE, CONTEXT = 3000, 150, 75, 2000, 2000
"""Slack's limits in characters: a text block, a header, a button's text and value, a text of the small print."""
TYPED = 3000
"""Characters that a field for typing holds at most."""
ROW = 5
"""Buttons in one row; Slack takes 25, but more than five in a row are hard to tell apart."""

CELLS = 10
"""Signs of a bar at most; of more parts it shows the share."""
CELL = 20
"""Characters of a table's cell: four columns still fit a screen."""

_HIDING = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

_WIDE = {0x20: 0x3000} | {code: code + 0xFEE0 for code in range(0x21, 0x7F)}

Block = dict[str, Any]
Element = dict[str, Any]


def cut(text: str, most: int) -> str:
    """At most so many characters; the last is … where something is missing."""
    return text if len(text) <= most else text[: most - 1] + "…"


def pieces(text: str, most: int = SECTION) -> list[str]:
    """The whole text in pieces, cut at line ends where one is near."""
    found = []
    while len(text) > most:
        end = text.rfind("\n", most // 2, most) + 1 or most
        found.append(text[:end])
        text = text[end:]
    return [*found, text] if text else found


def plain(text: str, most: int) -> Element:
    """A plain_text object: nothing in it is ever live, not even an emoji's name. Blank text becomes one blank."""
    return {"type": "plain_text", "text": cut(text, most) or " ", "emoji": False}


def revealed(text: str) -> str:
    """Foreign text with every sign that hides or turns text around shown as �; line ends and tabs stay."""
    return _HIDING.sub("\ufffd", text)


def words(text: str, *, bold: bool = False) -> Element:
    """A rich-text text element."""
    return {"type": "text", "text": text, **({"style": {"bold": True}} if bold else {})}


def link(text: str, url: str) -> Element:
    """A rich-text link; only for addresses that we made or checked."""
    return {"type": "link", "url": url, "text": text}


def person(user: str) -> Element:
    """A rich-text mention of a person whose id came from Slack itself."""
    return {"type": "user", "user_id": user}


def rich(kind: str, elements: Sequence[Element], **more: object) -> Block:
    """A rich_text block with one part: rich_text_section, _quote, _preformatted or _list."""
    return {"type": "rich_text", "elements": [{"type": f"rich_text_{kind}", "elements": list(elements), **more}]}


def stacked(*parts: tuple[str, Sequence[Element]]) -> Block:
    """A rich_text block of several parts (kind, elements), one below the other; empty ones are left out."""
    there = [{"type": f"rich_text_{kind}", "elements": list(elements)} for kind, elements in parts if elements]
    return {"type": "rich_text", "elements": there}


def paragraphs(text: str, *, bold: bool = False) -> list[Block]:
    """The whole text as sections."""
    return [rich("section", [words(piece, bold=bold)]) for piece in pieces(text) if piece.strip()]


def header(text: str) -> list[Block]:
    """A header, or bold text where it is too long for one."""
    if len(text) > HEADER:
        return paragraphs(text, bold=True)
    return [{"type": "header", "text": plain(text, HEADER)}] if text.strip() else []


def context(text: str) -> list[Block]:
    """Small print, all of it."""
    return [
        {"type": "context", "elements": [plain(piece, CONTEXT)]} for piece in pieces(text, CONTEXT) if piece.strip()
    ]


def section(text: str, accessory: Element | None = None) -> Block:
    """A text with a button beside it."""
    block: Block = {"type": "section", "text": plain(text, SECTION)}
    return {**block, "accessory": accessory} if accessory else block


def button(action: str, label: str, value: str, hint: str = "") -> Element | None:
    """A button; None where its value does not fit, for half a value would ask for something else.

    `hint`: what a screen reader says in place of the label.
    """
    if len(value) > VALUE:
        return None
    element = {"type": "button", "action_id": action, "text": plain(label, LABEL)}
    given = {"value": value, "accessibility_label": cut(hint, LABEL)}
    return element | {name: text for name, text in given.items() if text}


def leads_to(action: str, label: str, url: str) -> Element:
    """A button that opens a page."""
    return {"type": "button", "action_id": action, "text": plain(label, LABEL), "url": url}


def rows(elements: Iterable[Element | None]) -> list[Block]:
    """Buttons in rows of five."""
    there = [one for one in elements if one is not None]
    return [{"type": "actions", "elements": there[start : start + ROW]} for start in range(0, len(there), ROW)]


def bar(done: int, total: int) -> str:
    """How far somebody is, in at most ten signs; nothing where there is nothing to do."""
    cells = min(max(total, 0), CELLS)
    full = min(max(done, 0), total) * cells // total if cells else 0
    return "■" * full + "□" * (cells - full)


def columns(lines: Sequence[Sequence[str]]) -> str:
    """Lines of cells one below the other. All signs are made as wide as a kanji, for only so they stand in columns."""
    cells = [[cut(" ".join(cell.split()), CELL).translate(_WIDE) for cell in line] for line in lines]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "".join(cell.ljust(width + 1, "\u3000") for cell, width in zip(line, widths, strict=True)).rstrip("\u3000")
        for line in cells
    )
