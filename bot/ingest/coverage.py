"""Proof that parsing lost and doubled nothing.

The source's non-blank characters, read in order, must be: lines that were skipped, and for each
clause in document order its marker, heading and own text, with nothing between them but structure
(separators behind a marker, Markdown signs, an answer mark, brackets around a title).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.document import ParsedDocument
from bot.model import Clause

_STRUCTURE = frozenset("．.、，,:：|#*_->+`\\()（）[]【】＜<＞>《》≪≫〈〉〔〕＊")
_ANSWER = re.compile(r"(?:[ＡA]|回?答え?)[0-9０-９\-－‐.．]*")


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the source that is lost, or of a clause that the source does not have there."""

    line: int
    text: str
    locator: str | None
    kind: str
    """`lost`: in the source, in no clause; `foreign`: in the clause, not in the source at this place."""


def uncovered(text: str, document: ParsedDocument) -> list[Stretch]:
    """The stretches that are lost or doubled; an empty list is the proof that there are none."""
    source = _Source(text, document)
    problems = _line_problems(text, document)
    for clause in document.clauses:
        problems.extend(_check_clause(source, clause))
    problems.extend(source.structure_until(len(source.chars), None, final=True))
    return problems


def _line_problems(text: str, document: ParsedDocument) -> list[Stretch]:
    """Every non-blank line lies in a clause or in `skipped`, never in both."""
    held = {n for clause in document.clauses for first, last in clause.lines for n in range(first, last + 1)}
    left = {n for skipped in document.skipped for n in range(skipped.lines[0], skipped.lines[1] + 1)}
    found: list[Stretch] = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip() and (number in held) == (number in left):
            found.append(Stretch(number, line.strip(), None, "foreign" if number in held else "lost"))
    return found


class _Source:
    """The characters that must be found again, in order, each with its line."""

    def __init__(self, text: str, document: ParsedDocument) -> None:
        left = {n for skipped in document.skipped for n in range(skipped.lines[0], skipped.lines[1] + 1)}
        self.chars: list[str] = []
        self.lines: list[int] = []
        for number, line in enumerate(text.split("\n"), start=1):
            if number in left:
                continue
            for char in line:
                if not char.isspace():
                    self.chars.append(char)
                    self.lines.append(number)
        self.text = "".join(self.chars)
        self.position = self._title_length(document)

    def _title_length(self, document: ParsedDocument) -> int:
        """The title and date may stand on the line of the first clause."""
        title = "".join(document.title.split())
        first = document.clauses[0] if document.clauses else None
        parts = (first.marker, first.heading, first.text) if first else ()
        if (
            not title
            or not self.text.startswith(title)
            or "".join("".join(parts_) for parts_ in parts if parts_).startswith(document.title)
        ):
            return 0
        date = re.compile(
            r"[（(]?"
            + re.escape("".join((document.established or "").split()))
            + r"(?:制定|改定|改正|改訂|策定|施行|作成|決定|現在)*[）)]?"
        ).match(self.text, len(title))
        return date.end() if date and document.established else len(title)

    def structure_until(self, end: int, locator: str | None, *, final: bool = False) -> list[Stretch]:
        """Pass over the characters before `end`; those that are no structure are lost."""
        between = self.text[self.position : end]
        line = self.lines[self.position] if self.position < len(self.lines) else 0
        self.position = end
        rest = "".join(char for char in between if char not in _STRUCTURE)
        if not rest or (not final and _ANSWER.fullmatch(rest)):
            return []
        return [Stretch(line, between, locator, "lost")]


def _check_clause(source: _Source, clause: Clause) -> list[Stretch]:
    parts = ["".join((part or "").split()) for part in (clause.marker, clause.heading, clause.text)]
    if parts[0] and parts[1] and _heading_first(source, parts[0], parts[1]):
        parts = [parts[1], parts[0], parts[2]]
    problems: list[Stretch] = []
    for part in parts:
        if not part:
            continue
        at = _find(source, part)
        if at < 0:
            line = source.lines[source.position] if source.position < len(source.lines) else 0
            problems.append(Stretch(line, part[:60], clause.locator, "foreign"))
            continue
        problems.extend(source.structure_until(at, clause.locator))
        source.position = at + len(part)
    return problems


def _find(source: _Source, part: str) -> int:
    """Where the part stands next; behind structure only, if that is possible."""
    position = source.position
    while position <= len(source.text) - len(part):
        if source.text.startswith(part, position):
            return position
        if source.text[position] not in _STRUCTURE:
            break
        position += 1
    return source.text.find(part, source.position, source.position + len(part) + 400)


def _heading_first(source: _Source, marker: str, heading: str) -> bool:
    """An article's title may stand above its marker."""
    window = source.text[source.position : source.position + len(heading) + len(marker) + 12]
    first, second = window.find(heading), window.find(marker)
    return 0 <= first < second and first <= 2
