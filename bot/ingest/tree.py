"""Accepted markers and the text between them → nodes with heading, own text and locator."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.ingest.lines import Page, ends_sentence
from bot.ingest.markers import RANKS, Marker, read_answer
from bot.ingest.search import Choice
from bot.ingest.spans import Span, is_wrap, pieces_between

if TYPE_CHECKING:
    from bot.ingest.candidates import Candidate

_BRACKETED = re.compile(r"[（(【\[]\s*([^（()）]+(?:[（(][^（()）]*[）)][^（()）]*)*)\s*[）)】\]]")
_OPENING, _CLOSING = "【＜<《≪〈〔[", "】＞>》≫〉〕]"
_HEADING_LIMIT = 60
_NOT_HEADING = re.compile(r"[、，]$|(?:する|した|しない|ない|ある|である|れる|なる|おり|とおり)$")
_CUT = re.compile(r"(?<!も)の$|[をがで、，]$|及び$|又は$")
_TITLE_CHUNK = re.compile(r"([^\s。、，]{1,24})[ \t\u3000]+(?=\S{6,})")


@dataclass(slots=True)
class Node:
    """A clause in the making. All positions are offsets into the text."""

    style: str
    step: str
    parent: Node | None
    marker: Span | None
    pieces: list[tuple[int, Span]] = field(default_factory=list)
    """Everything but the marker and its separators, line by line."""
    heading: list[tuple[int, Span]] = field(default_factory=list)
    text: list[tuple[int, Span]] = field(default_factory=list)
    lines: set[int] = field(default_factory=set)
    marker_pieces: list[tuple[int, Span]] = field(default_factory=list)
    before: Span | None = None
    """An article's bracketed title that stands above its marker."""
    has_children: bool = False
    answered: bool = False
    locator: str = ""
    printed: Marker | None = None


def grow(page: Page, candidates: list[Candidate], choices: list[Choice], skipped: frozenset[int]) -> list[Node]:
    """Nodes in document order; `skipped` are the indices of lines that belong to none."""
    nodes: list[Node] = []
    by_candidate: dict[int, Node] = {}
    first = candidates[choices[0].candidate].start if choices else len(page.text)
    opening = pieces_between(page, 0, first, skipped)
    if opening:
        nodes.append(Node("preamble", "前文", None, None, pieces=opening))
    for position, choice in enumerate(choices):
        marker = choice.reading.marker
        candidate = candidates[choice.candidate]
        after = choices[position + 1 : position + 2]
        end = candidates[after[0].candidate].start if after else len(page.text)
        parent = by_candidate[choice.parent] if choice.parent is not None else None
        node = Node(marker.style, marker.step, parent, _marker_span(marker), printed=marker)
        if candidate.start < marker.start:
            node.before = _title_above(page.text, candidate.start, marker.start)
        node.pieces = pieces_between(page, marker.body, end, skipped)
        node.marker_pieces = pieces_between(page, marker.start, marker.end, skipped)
        node.lines = {
            index for index, _ in pieces_between(page, candidate.start, max(marker.end, candidate.start + 1), skipped)
        }
        if parent is None and node.style.startswith("bullet") and nodes and nodes[-1].style in ("preamble", node.style):
            parent = node.parent = nodes[0] if nodes[0].style == "preamble" else None
        if parent is not None:
            parent.has_children = True
        by_candidate[choice.candidate] = node
        nodes.append(node)
    for node in nodes:
        node.lines.update(index for index, _ in node.pieces)
        split_heading(page, node)
    return nodes


def _marker_span(marker: Marker) -> Span | None:
    return (marker.start, marker.end) if marker.end > marker.start else None


def _title_above(text: str, start: int, end: int) -> Span | None:
    match = _BRACKETED.match(text, start, end)
    return match.span(1) if match else None


def split_heading(page: Page, node: Node) -> None:
    """Divide a node's pieces into its heading and its own text."""
    node.heading, node.text = [], list(node.pieces)
    if node.before is not None:
        return
    if node.style == "field" and node.marker is not None:
        node.heading, node.marker = node.marker_pieces, None
    if node.style in ("preamble", "ending", "contact", "row", "field") or not node.pieces:
        return
    if node.style == "q":
        _split_question(page, node)
        _close_bold(page, node)
    elif node.style == "head":
        _split_at(node, 1)
        index, (start, end) = node.heading[0]
        if start and page.text[start - 1] in _OPENING and page.text[end - 1] in _CLOSING:
            node.heading[0] = (index, (start, end - 1))
    else:
        _split_title(page, node)


def _split_at(node: Node, count: int) -> None:
    node.heading, node.text = node.pieces[:count], node.pieces[count:]


def _split_question(page: Page, node: Node) -> None:
    """The question up to the answer mark is the heading; the mark itself is structure."""
    for position, (index, (start, end)) in enumerate(node.pieces):
        found = read_answer(page.text, start, end)
        inline = None
        if found is None:
            inline = re.compile(r"[？?。][\s\u3000]*(?=[ＡA][．.：:、]|回?答[．.：:、\s\u3000])").search(
                page.text, start, end
            )
            if inline:
                found = read_answer(page.text, inline.end(), end)
        if found is None:
            continue
        node.answered = True
        question = node.pieces[:position]
        if inline:
            question = [*question, (index, (start, inline.end()))]
            question = [(at, (first, _trim(page.text, first, last))) for at, (first, last) in question]
        rest = [(index, (found[1], end))] if found[1] < end else []
        node.heading, node.text = question, [*rest, *node.pieces[position + 1 :]]
        return
    stop = next((at for at, (_, span) in enumerate(node.pieces) if page.text[span[1] - 1] in "？?"), None)
    _split_at(node, stop + 1 if stop is not None else 1)


def _trim(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1].isspace():
        end -= 1
    return end


def _split_title(page: Page, node: Node) -> None:
    index, (start, end) = node.pieces[0]
    bracket = (
        _BRACKETED.match(page.text, start, end)
        if node.style in ("article", "ordinal", "form", "chapter", "supplement")
        else None
    )
    if bracket and (bracket.end() == end or page.text[bracket.end()] in " \t\u3000"):
        node.heading = [(index, bracket.span(1))]
        rest = pieces_between(page, bracket.end(), end, frozenset())
        node.text = [*rest, *node.pieces[1:]]
        return
    chunk = _TITLE_CHUNK.match(page.text, start, end) if RANKS.get(node.style, 30) <= 9 else None
    if chunk and ("。" in page.text[chunk.end() : end] or end - chunk.end() > 12):
        node.heading = [(index, chunk.span(1))]
        node.text = [(index, (chunk.end(), end)), *node.pieces[1:]]
        return
    count = _title_length(page, node)
    _split_at(node, count)
    _close_bold(page, node)


def _close_bold(page: Page, node: Node) -> None:
    """The `**` that closes a bold heading is structure, not text."""
    if not node.heading:
        return
    index, (start, end) = node.heading[-1]
    tail = re.compile(r"\s*(?:\*\*|__)?[\\]?$|\s+#+$").search(page.text, start, end)
    opened = (
        page.text[:start].rstrip().endswith("**")
        if start < 4
        else page.text[max(0, start - 40) : start].count("**") % 2
    )
    if tail and (opened or tail.group().lstrip().startswith("#")):
        node.heading[-1] = (index, (start, tail.start()))


def _title_length(page: Page, node: Node) -> int:
    """How many pieces the title takes; 0 when the first paragraph is text, not a title."""
    count = 1
    while count < len(node.pieces) and is_wrap(page, node.pieces[count - 1], node.pieces[count]):
        count += 1
    paragraph = "".join(page.text[start:end] for _, (start, end) in node.pieces[:count])
    if (
        len(paragraph) > _HEADING_LIMIT
        or ends_sentence(re.sub(r"[（(][^（()）]*[）)]$", "", paragraph))
        or _CUT.search(paragraph)
    ):
        return 0
    if node.style.startswith("bullet") or node.pieces[0][0] in page.apart:
        return 0
    if re.match(r"次に|次の|以下|[\s年月日]+$|.{0,12}[長様殿宛]$", paragraph):
        return 0
    if count == len(node.pieces) and not node.has_children:
        return count if RANKS.get(node.style, 30) <= 5 or node.style in ("form", "supplement") else 0
    return 0 if _NOT_HEADING.search(paragraph) else count
