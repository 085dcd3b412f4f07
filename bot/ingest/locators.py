"""Locators: the path of markers from the top of the document, as LOCATORS.md lays down."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.ingest.tree import Node

NAMED = frozenset({"preamble", "ending", "contact"})
WORDS = frozenset({"row", "field", "head"})
PASSED_OVER = frozenset({"part", "chapter", "section", "subsection"})


def name_nodes(nodes: list[Node]) -> None:
    """Give every node its locator; the second of the same becomes `#2`."""
    seen: Counter[str] = Counter()
    bullets: Counter[int] = Counter()
    for node in nodes:
        step = node.step
        if node.style.startswith("bullet"):
            bullets[id(node.parent)] += 1
            step = f"・{bullets[id(node.parent)]}"
        locator = _composed(node, step)
        seen[locator] += 1
        node.locator = locator
        count = seen[locator]
        while count > 1 and seen[f"{locator}#{count}"]:
            count += 1
        if count > 1:
            node.locator = f"{locator}#{count}"
            seen[node.locator] += 1


def _composed(node: Node, step: str) -> str:
    above = _base(node)
    if above is None:
        return step
    path = above.locator
    slash = (
        node.style in WORDS
        or above.style in WORDS
        or (step[:1].isdecimal() and (above.style == "form" or path[-1:].isdecimal()))
    )
    return f"{path}/{step}" if slash else path + step


def _base(node: Node) -> Node | None:
    """The node whose locator this one's begins with: articles run through chapters, paths stand alone."""
    above = node.parent
    if node.style in NAMED or node.style in ("q", "form", "supplement"):
        return None
    if node.style == "article" or node.style in PASSED_OVER:
        while above is not None and above.style in PASSED_OVER and node.style == "article":
            above = above.parent
    if node.style == "path":
        while above is not None and above.style not in ("form", "supplement"):
            above = above.parent
    return above
