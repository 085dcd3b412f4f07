"""Tables: Markdown pipes, columns of white space, and cells that hold bullets over many lines.

Each row with a first cell becomes a candidate; its other lines cannot begin clauses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.ingest.candidates import Candidate, Reading
from bot.ingest.lines import Page, columns, ends_open, ends_sentence
from bot.ingest.markers import Marker, half_width, read_markers

_GAP = re.compile(r"[ ]{2,}|[ \u3000]*\t[ \t\u3000]*|\u3000+[ \u3000]*")
_SPACED = re.compile(r"(?<!\S)([一-龥])[ \u3000]{1,2}([一-龥])(?!\S)")
_THIN_GAP = re.compile(r"[ ]+")
_BULLET = re.compile(r"[・･●○◆◇■□▪•]")
_PIPE_RULE = re.compile(r"\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?")
_NO_HEADER = re.compile(r"[#*>_\-+]|[（(【]?(?:別紙|様式|別表|別添|別記|附則|第)")
_CELL_LIMIT = 40
_LABEL_LINES = 6


@dataclass(slots=True)
class Tables:
    """What was found: candidates of rows by line, lines that hold no candidates, header lines."""

    rows: dict[int, Candidate] = field(default_factory=dict)
    masked: set[int] = field(default_factory=set)
    headers: list[int] = field(default_factory=list)
    stops: frozenset[int] = frozenset()
    """Lines between which no table runs on: the first lines of annexes and contacts."""


def is_pipe_rule(content: str) -> bool:
    """Whether a line is the `|---|---|` below the header of a Markdown table."""
    return "-" in content and "|" in content and _PIPE_RULE.fullmatch(content) is not None


def find_tables(page: Page, usable: list[int], stops: frozenset[int] = frozenset()) -> Tables:
    """Find all tables among the lines at the indices `usable` (furniture left out)."""
    tables = Tables(stops=stops)
    position = 0
    while position < len(usable):
        length = (
            _pipe_table(page, usable, position, tables)
            or _column_table(page, usable, position, tables)
            or _bullet_table(page, usable, position, tables)
        )
        position += length or 1
    return tables


def find_headers(page: Page) -> list[int]:
    """Lines that look like the header of a table: a few short words apart, no sentence."""
    found: list[int] = []
    for index in range(1, len(page.lines)):
        content = page.content(index)
        if len(content) > 80 or len(content.split()) < 2 or _NO_HEADER.match(content):
            continue
        if _is_header(page, index, _cells(content, _GAP)) or _is_header(page, index, _cells(content, _THIN_GAP)):
            found.append(index)
    return found


def _row(page: Page, index: int, cell: tuple[int, int], body: int, name: str | None = None) -> Candidate:
    """A row whose first cell is `cell`; `name` where furniture stands between the lines of the cell."""
    line = page.lines[index]
    step = half_width((name or page.text[cell[0] : cell[1]]).replace("**", "").replace("<br>", ""))
    marker = Marker("row", 0, step, cell[0], cell[1], body, separated=True, separator=" ")
    return Candidate(index, line.start, line.end, (Reading(marker, 1.0, line.indent),), forced=True)


def _pipe_table(page: Page, usable: list[int], position: int, tables: Tables) -> int:
    length = 0
    while position + length < len(usable) and page.content(usable[position + length]).startswith("|"):
        length += 1
    if length < 2:
        return 0
    for offset in range(length):
        index = usable[position + offset]
        tables.masked.add(index)
        line = page.lines[index]
        inner = re.compile(r"\|\s*([^|]*?)\s*(?:\||$)\s*").match(page.text, line.start, line.end)
        if offset == 0 or inner is None or not inner.group(1):
            continue
        tables.rows[index] = _row(page, index, inner.span(1), inner.end())
    tables.headers.append(usable[position])
    return length


def _cells(content: str, gap: re.Pattern[str]) -> list[str]:
    """The cells of a line; a word of two letters may be printed with a blank between them."""
    return [cell for cell in gap.split(_SPACED.sub(r"\1\2", content)) if cell]


def _is_header(page: Page, index: int, cells: list[str]) -> bool:
    line = page.lines[index]
    if not 2 <= len(cells) <= 8 or read_markers(page.text, line.start, line.end):
        return False
    if max(len(cell) for cell in cells) < 2 or re.search(r"\w", cells[0]) is None:
        return False
    return all(1 <= len(cell) <= 14 and not re.search(r"[。、，：:]|[0-9０-９]{2}", cell) for cell in cells)


def _column_table(page: Page, usable: list[int], position: int, tables: Tables) -> int:
    """A header and at least two rows whose cells stand apart by wide gaps (or all by single blanks)."""
    index = usable[position]
    content = page.content(index)
    for gap in (_GAP, _THIN_GAP):
        header = _cells(content, gap)
        if not _is_header(page, index, header) or (gap is _THIN_GAP and len(header) < 2):
            continue
        rows, length = _rows_below(page, usable, position, (gap, len(header)), tables.stops)
        if len(rows) < 2:
            continue
        tables.headers.append(index)
        tables.masked.update(usable[position : position + length])
        for row, name in rows.items():
            line = page.lines[row]
            hole = gap.search(page.text, line.start, line.end)
            if hole is not None:
                tables.rows[row] = _row(page, row, (line.start, hole.start()), hole.end(), name)
        return length
    return 0


def _rows_below(
    page: Page, usable: list[int], position: int, shape: tuple[re.Pattern[str], int], stops: frozenset[int]
) -> tuple[dict[int, str], int]:
    """First line → first cell of each row, and the lines read."""
    gap, count = shape
    rows: dict[int, str] = {}
    last = -1
    length = 1
    first = page.lines[usable[position]]
    while position + length < len(usable):
        index = usable[position + length]
        line, content = page.lines[index], page.content(index)
        cells = _cells(content, gap)
        near = max(page.usual_gap, first.gap if length == 1 else 0, page.lines[usable[position + 1]].gap)
        above = usable[position + length - 1]
        if (line.gap > near and index == above + 1) or any(at in stops for at in range(above + 1, index)):
            break
        if rows and gap is _GAP and _continues(page, last, index):
            rows[last] += cells[0] if line.indent <= page.lines[last].indent else ""
            length += 1
            continue
        enough = len(cells) == count if gap is _THIN_GAP else 2 <= len(cells) <= count
        plain = not content.startswith(("（", "(", "※", "⇒")) and not _BULLET.match(content)
        if not enough or not plain or len(cells[0]) > _CELL_LIMIT or _is_numbered(page, index, next(iter(rows), None)):
            break
        if gap is _THIN_GAP and (ends_sentence(content) or any(len(cell) > 20 for cell in cells)):
            break
        rows[index] = cells[0]
        last = index
        length += 1
    return rows, length


def _continues(page: Page, row: int, index: int) -> bool:
    """Whether a line goes on with the cells of the row above: further in, or with its first cell's brackets."""
    line, above = page.lines[index], page.lines[row]
    if line.indent >= above.indent + 6:
        return True
    if page.content(index)[0] not in "（(":
        return False
    holes = [_GAP.search(page.text, one.start, one.end) for one in (line, above)]
    if holes[0] is None or holes[1] is None:
        return False
    starts = [
        columns(page.text[one.start : hole.end()]) for one, hole in zip((line, above), holes, strict=True) if hole
    ]
    return abs(starts[0] - starts[1]) <= 2


def _is_numbered(page: Page, index: int, first: int | None) -> bool:
    """Whether the line is a numbered clause and not a row whose first cell is a number."""
    styles = _marker_styles(page, index)
    if not styles:
        return False
    if first is not None:
        return not styles & _marker_styles(page, first)
    line = page.lines[index]
    marker = read_markers(page.text, line.start, line.end)[0]
    return _GAP.search(page.text, marker.body, line.end) is None


def _marker_styles(page: Page, index: int) -> set[str]:
    line = page.lines[index]
    return {marker.style for marker in read_markers(page.text, line.start, line.end)} - {"letter"}


def _bullet_table(page: Page, usable: list[int], position: int, tables: Tables) -> int:
    """A header, then first cells (perhaps over several lines) each followed by bulleted cells."""
    index = usable[position]
    header = _cells(page.content(index), _GAP)
    if len(header) < 2:
        header = _cells(page.content(index), _THIN_GAP)
    if not _is_header(page, index, header):
        return 0
    rows: list[tuple[int, tuple[int, int], int]] = []
    at = position + 1
    masked = [index]
    while at < len(usable):
        taken = _labelled_row(page, usable, at)
        if taken is None:
            break
        row, length = taken
        rows.append(row)
        masked.extend(usable[at : at + length])
        at += length
    if len(rows) < 2:
        return 0
    tables.headers.append(index)
    tables.masked.update(masked)
    for line_index, cell, body in rows:
        inside = [line for line in usable[position:at] if cell[0] <= page.lines[line].start < cell[1]]
        name = "".join(page.content(line)[: cell[1] - page.lines[line].start] for line in inside)
        tables.rows[line_index] = _row(page, line_index, cell, body, name)
    return at - position


def _labelled_row(page: Page, usable: list[int], at: int) -> tuple[tuple[int, tuple[int, int], int], int] | None:
    label_end, body, length = _label(page, usable, at)
    if not length:
        return None
    position = at + length
    while position < len(usable):
        content = page.content(usable[position])
        line = page.lines[usable[position]]
        above = page.content(usable[position - 1])
        if not _BULLET.match(content) and (ends_sentence(above) or read_markers(page.text, line.start, line.end)):
            break
        position += 1
    start = page.lines[usable[at]].start
    return (usable[at], (start, label_end), body), position - at


def _label(page: Page, usable: list[int], at: int) -> tuple[int, int, int]:
    """End of the first cell, start of the second, and the lines read (0: no such row)."""
    for offset in range(min(_LABEL_LINES, len(usable) - at)):
        index = usable[at + offset]
        line, content = page.lines[index], page.content(index)
        bullet = _BULLET.match(content)
        if bullet:
            return (page.lines[usable[at + offset - 1]].end, line.start, offset) if offset else (0, 0, 0)
        split = re.compile(r"([^\s・]{1,16})[ \u3000]+(?=[・･●○◆◇■□▪•])").match(page.text, line.start, line.end)
        if split:
            return split.end(1), split.end(), offset + 1
        if len(content) > 16 or re.search(r"[。、，]", content) or read_markers(page.text, line.start, line.end):
            return 0, 0, 0
        if ends_open(content) and line.width > 20:
            return 0, 0, 0
    return 0, 0, 0
