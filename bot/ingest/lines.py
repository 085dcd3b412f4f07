"""Physical lines with the measures that the later steps weigh: width, indentation, gaps, wrapping.

Offsets are indices into the whole text; columns count a wide character as two.
"""

from __future__ import annotations

import re
import statistics
from dataclasses import dataclass
from unicodedata import east_asian_width

ENDS_SENTENCE = re.compile(r"[。｡！？!?][」』）)】\]]*$|[．][」』）)】\]]*$|(?<=[ぁ-ん])\.$")
ENDS_OPEN = re.compile(
    r"[、､，,（(「『【・]$|(?<!も)の$|(?<!こ)と$|[をにはがでへや]$|(?:及び|又は|若しくは|並びに|かつ|から|まで|より|する|した|して)$"
)
_LAID_OUT = re.compile(r"[^\S\n]{3,}|[.．…‥・･]{4,}")
"""Lines of tables and contents: they do not show the margin."""
_WIDE = ("W", "F", "A")
_SLACK = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One non-blank physical line; `start` and `end` bound its content without outer white space."""

    number: int
    start: int
    end: int
    indent: int
    width: int
    gap: int
    """Blank lines before it."""
    new_page: bool

    def content(self, text: str) -> str:
        """The characters of the line without outer white space."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Page:
    """All non-blank lines of a document and what is usual in it."""

    text: str
    lines: tuple[Line, ...]
    usual_gap: int
    least_gap: int
    """Blank lines between most lines that are closest together (1 in a double-spaced text)."""
    full_width: int | None
    """Columns of a full line where the document is hard-wrapped, else None."""
    apart: frozenset[int] = frozenset()
    """Lines that are no part of the sentence around them: headers of tables."""

    def content(self, index: int) -> str:
        """The content of the line at `index`."""
        return self.lines[index].content(self.text)

    def is_full(self, line: Line) -> bool:
        """Whether the line reaches the right margin, so that its sentence may go on below."""
        return self.full_width is not None and line.indent + line.width >= self.full_width - _SLACK

    def stands_apart(self, index: int) -> bool:
        """Whether more blank lines than usual stand before the line (always for the first)."""
        return index == 0 or self.lines[index].gap > self.usual_gap


def columns(text: str) -> int:
    """Display width of a stretch of text."""
    return sum(2 if east_asian_width(char) in _WIDE else 1 for char in text)


def ends_sentence(content: str) -> bool:
    """Whether a line ends a sentence."""
    return ENDS_SENTENCE.search(content[-8:]) is not None


def ends_open(content: str) -> bool:
    """Whether a line ends in a comma or particle, so that something must follow."""
    return ENDS_OPEN.search(content[-6:]) is not None


def read_page(text: str) -> Page:
    """Split a text into its non-blank physical lines and measure them."""
    lines: list[Line] = []
    position, gap, new_page = 0, 0, False
    for number, raw in enumerate(text.split("\n"), start=1):
        content = raw.strip()
        new_page = new_page or "\f" in raw
        if content:
            lead = len(raw) - len(raw.lstrip())
            start = position + lead
            lines.append(
                Line(
                    number,
                    start,
                    start + len(content),
                    columns(raw[:lead].replace("\t", "    ").replace("\f", "")),
                    columns(content),
                    gap,
                    new_page,
                )
            )
            gap, new_page = 0, False
        else:
            gap += 1
        position += len(raw) + 1
    return Page(text, tuple(lines), _usual_gap(lines), _least_gap(lines), _full_width(text, lines))


def _usual_gap(lines: list[Line]) -> int:
    gaps = [line.gap for line in lines[1:]]
    return int(statistics.median_low(gaps)) if gaps else 0


def _least_gap(lines: list[Line]) -> int:
    gaps = sorted(line.gap for line in lines[1:])
    return gaps[int(len(gaps) * 0.15)] if gaps else 0


def _full_width(text: str, lines: list[Line]) -> int | None:
    """The margin, if the widest lines are mostly cut in mid-sentence; else the text is not wrapped."""
    running = [line for line in lines if line.indent < 16 and not _LAID_OUT.search(line.content(text))]
    lines = running if len(running) >= 4 else lines
    widths = sorted(line.indent + line.width for line in lines)
    if len(widths) < 4:
        return None
    margin = widths[int(len(widths) * 0.95) - 1] if len(widths) >= 20 else widths[-1]
    full = [line for line in lines if margin - 6 <= line.indent + line.width <= margin + 6]
    cut = [line for line in full if not ends_sentence(line.content(text))]
    if margin > 160 or margin < 40 or len(full) < 3 or len(cut) < 0.35 * len(full):
        return None
    return margin
