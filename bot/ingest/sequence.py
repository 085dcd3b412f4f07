"""What speaks for a marker in its place of the sequence.

That is the gain of going on at an open level, or of opening a new one. Gains are weights found by
trial; around three is certain, below zero is doubtful.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from bot.ingest.candidates import BOLD_LEVEL, Reading
from bot.ingest.markers import RANKS, is_special

ROOT_STYLES = frozenset({"form", "supplement", "contact", "ending"})
LEAF_STYLES = frozenset({"row", "field", "contact", "ending"})
UNNUMBERED = frozenset({"row", "field", "head", "form", "supplement", "contact", "ending"})
_NAMED_RANKS = {"form": 0, "supplement": 0, "head": 1, "field": 6, "row": 30}

Pairs = Counter[tuple[str, str]]
"""How often a style (second) stands below another (first, empty at the top) in this document."""


@dataclass(frozen=True, slots=True)
class Level:
    """An open level: the reading last accepted on it, and the candidate it belongs to."""

    reading: Reading
    candidate: int
    used: frozenset[str] = frozenset()
    """Styles already opened below it: opening one again means that its numbers begin anew."""
    before: tuple[str, int] = ("", 0)
    """Style and number of the last child of its predecessor: numbers may run on across headings."""

    @property
    def style(self) -> str:
        """Style of the marker last accepted."""
        return self.reading.marker.style


def is_first(reading: Reading) -> bool:
    """Whether a list can begin with it."""
    marker = reading.marker
    if marker.style in UNNUMBERED or marker.style.startswith("bullet") or marker.style == "q":
        return True
    return marker.ordinal == (1000 if marker.style == "article" else 1)


def continuing(last: Reading, new: Reading) -> tuple[float, str | None]:
    """Gain of going on at an open level, and the doubt about it."""
    style = new.marker.style
    cost = _unlike(last, new)
    if style in UNNUMBERED or style.startswith("bullet"):
        return 2.0 - cost, None
    if style in ("path", "q") and new.marker.path:
        return _continuing_path(last, new, cost)
    if style == "q" and not last.marker.path:
        return 2.5 - cost, None
    gain, doubt = _stepping(last, new, distance(style, last.marker.ordinal, new.marker.ordinal))
    return gain - cost, doubt


def _stepping(last: Reading, new: Reading, step: int) -> tuple[float, str | None]:
    """Gain of a number that lies `step` behind the last one."""
    printed = new.marker.step
    if step == 1:
        fallen = last.dash and not new.dash and not new.level
        return 3.0, f"「{printed}」が箇条書きから外れています" if fallen else None
    if step == 0:
        return -0.8, f"番号「{printed}」が重なっています"
    if step > 1 and new.marker.style == "article":
        return -0.6 - 0.1 * min(step, 6), f"「{last.marker.step}」の次が「{printed}」で、間の番号がありません"
    if step > 1:
        return 0.4 - 0.5 * min(step, 6), f"「{last.marker.step}」の次が「{printed}」で、間の番号がありません"
    if is_first(new):
        return -1.5, f"番号が「{printed}」から始まり直しています"
    return -3.5, f"「{last.marker.step}」の次に「{printed}」が来ています"


def _continuing_path(last: Reading, new: Reading, cost: float) -> tuple[float, str | None]:
    old, path = last.marker.path, new.marker.path
    if len(old) != len(path):
        return (-9.0 if new.marker.style == "path" else 1.0 - cost), None
    if old[:-1] == path[:-1] and path[-1] == old[-1] + 1:
        return 3.0 - cost, None
    if new.marker.style == "q":
        return 2.0 - cost, None if path[-1] == 1 else f"「{last.marker.step}」の次が「{new.marker.step}」です"
    if old[:-1] == path[:-1] and path[-1] > old[-1]:
        return 0.5 - cost, f"「{last.marker.step}」の次が「{new.marker.step}」で、間の番号がありません"
    return -2.0 - cost, f"「{last.marker.step}」の次に「{new.marker.step}」が来ています"


def distance(style: str, old: int, new: int) -> int:
    """Steps from one ordinal to the next; 第5条の2 is one step from 第5条, and 第6条 is one from both."""
    if style != "article":
        return new - old
    if new % 1000:
        branch = new % 1000
        same = new // 1000 == old // 1000
        return 1 if same and branch in (old % 1000 + 1, 2 if old % 1000 == 0 else -1) else (new - old if same else 3)
    return new // 1000 - old // 1000


def _unlike(old: Reading, new: Reading) -> float:
    """How much two readings of one style differ in dress: separator, heading level, indentation."""
    cost = 0.0
    if old.level != new.level:
        cost += 0.4 if old.level and new.level else 1.8
    if old.marker.separator != new.marker.separator:
        cost += 0.8
    if abs(old.indent - new.indent) >= 2:
        bullet = new.marker.style.startswith("bullet")
        cost += (2.4 if new.marker.style == "bullet-" and new.indent > old.indent else 0.9) if bullet else 0.3
    return cost


def opening(stack: tuple[Level, ...], depth: int, reading: Reading, pairs: Pairs) -> float:
    """Gain of opening a new level below `stack[:depth]`."""
    style, marker = reading.marker.style, reading.marker
    runs_on = depth > 0 and stack[depth - 1].before == (style, marker.ordinal - 1)
    gain = 1.5 if is_first(reading) or runs_on or second_paragraph(stack, depth, reading) else -2.5
    if style in ("article", "ordinal") and not is_first(reading):
        gain += 1.0
    gain -= 0.4 * (len(stack) - depth) + _sibling_cost(stack, depth, style)
    if any(level.style == style for level in stack[:depth]):
        gain -= _nesting_cost(stack[:depth], reading)
    parent = stack[depth - 1] if depth else None
    gain += 0.3 * min(pairs[(parent.style if parent else "", style)], 4)
    if parent is None:
        return gain - (0.3 if style == "q" or not style.startswith("bullet") else 0.0)
    if parent.style in LEAF_STYLES or not _may_stand_below(parent.reading, reading):
        return -9.0
    if style.startswith("bullet") and parent.style.startswith("bullet"):
        further = reading.indent - parent.reading.indent
        gain -= 0.0 if further >= 1 else (0.2 if further == 0 and parent.style != "bullet-" else 3.0)
    elif _rank(style) <= _rank(parent.style) and style != parent.style:
        gain -= 0.2 if (parent.style == "q" and style != "head") or style == "letter" else 2.0
    if parent.style == "head" and not 0 < parent.reading.level < BOLD_LEVEL:
        gain -= _below_plain_heading(parent.reading, reading)
    if 0 < reading.level < BOLD_LEVEL and not parent.reading.level and parent.style not in ROOT_STYLES:
        gain -= 3.0
    if style == "path":
        gain += _path_fits(parent, marker.path)
    return gain


def _sibling_cost(stack: tuple[Level, ...], depth: int, style: str) -> float:
    """A deeper style belongs below the item that stands last, not beside it."""
    if depth == len(stack) or style in UNNUMBERED:
        return 0.0
    closed = stack[depth].style
    if closed == style and style.startswith("bullet"):
        return 9.0
    if closed.startswith("bullet") and style.startswith("bullet"):
        return 1.0
    if closed in UNNUMBERED or closed == style or closed.startswith("bullet"):
        return 0.0
    return 2.0 if _rank(style) > _rank(closed) else 0.0


def second_paragraph(stack: tuple[Level, ...], depth: int, reading: Reading) -> bool:
    """An article's paragraph 1 is not printed: its list begins with 2."""
    marker = reading.marker
    return (
        marker.style == "num"
        and marker.ordinal == 2
        and depth > 0
        and stack[depth - 1].style in ("article", "supplement")
    )


def _may_stand_below(parent: Reading, reading: Reading) -> bool:
    """A plain heading stands below numbered headings only; はじめに frames a document and holds no numbers."""
    style = reading.marker.style
    if style == "head" and not reading.level:
        return _rank(parent.marker.style) <= 9 and not is_special(reading.marker.step)
    framing = parent.marker.style == "head" and is_special(parent.marker.step)
    if framing and 0 < parent.level < BOLD_LEVEL and not reading.level:
        return True
    return not framing or style.startswith("bullet") or _rank(style) > 9 or reading.level > parent.level > 0


def _below_plain_heading(parent: Reading, reading: Reading) -> float:
    """What speaks against a number that divides the document itself, not the text of a plain heading."""
    style = reading.marker.style
    if style in ("part", "chapter", "section", "article", "ordinal", "roman"):
        return 5.0
    if style.startswith("bullet") or _rank(style) > 9:
        return 0.0
    return 2.6 if reading.free and reading.indent <= parent.indent else 0.0


def _path_fits(parent: Level, path: tuple[int, ...]) -> float:
    above = parent.reading.marker
    if above.path:
        return 1.5 if above.path == path[:-1] else -3.0
    if above.style in ("num", "ordinal", "roman", "chapter"):
        return 1.5 if len(path) == 2 and path[0] == above.ordinal else -1.5
    return -0.5


def _nesting_cost(stack: tuple[Level, ...], reading: Reading) -> float:
    """The cost of a style below itself: small when it is dressed otherwise or stands further in."""
    style = reading.marker.style
    twin = next(level for level in reversed(stack) if level.style == style)
    deeper = reading.indent >= twin.reading.indent + 2
    if style.startswith("bullet"):
        return 0.0 if deeper and stack[-1] is twin else 8.0
    if style == "head":
        return 0.0 if reading.level > twin.reading.level > 0 else 8.0
    if style in UNNUMBERED or style in ("article", "chapter", "q"):
        return 8.0
    if style == "path":
        return 0.0
    if not is_first(reading):
        return 6.0
    dressed = twin.reading.level != reading.level and not reading.level
    dressed = dressed or twin.reading.marker.separator != reading.marker.separator
    return 0.5 if dressed or deeper else (2.0 if stack[-1] is not twin else 3.0)


def _rank(style: str) -> int:
    if style.startswith("bullet"):
        return RANKS["bullet"]
    return RANKS.get(style, _NAMED_RANKS.get(style, 0))
