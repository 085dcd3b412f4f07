"""When a document was established or last revised, as printed."""

from __future__ import annotations

import re

from bot.ingest.front import DATE
from bot.ingest.lines import Page
from bot.ingest.markers import half_width, number_value
from bot.ingest.spans import written
from bot.ingest.tree import Node

_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "R": 2018, "H": 1988, "S": 1925, "西暦": 0}
_IN_FORCE = re.compile(
    r"\s*[）)]?\s*(?:から|より|に|付けで|をもって)?\s*(?:一部)?(?:施行|適用|実施|制定|改定|改正|改訂|策定)"
)


def latest_date(page: Page, nodes: list[Node], skipped: dict[int, str]) -> str | None:
    """The latest establishing or revising date, or None for a document without any."""
    found: list[tuple[tuple[int, int, int], str]] = []
    for index, why in sorted(skipped.items()):
        if why in ("date", "title"):
            found.extend(_dates(page.content(index)))
    for node in nodes:
        text = written(page, node.heading) + "\n" + written(page, node.text)
        whole = node.style == "ending"
        found.extend(_dates(text, only_in_force=not whole))
    best = max((date for date, _ in found), default=None)
    return next((printed for date, printed in found if date == best), None)


def _dates(text: str, *, only_in_force: bool = False) -> list[tuple[tuple[int, int, int], str]]:
    found: list[tuple[tuple[int, int, int], str]] = []
    for match in DATE.finditer(text):
        if only_in_force and _IN_FORCE.match(text, match.end()) is None:
            continue
        value = _value(match)
        if value is not None:
            found.append((value, match.group().strip()))
    return found


def _value(match: re.Match[str]) -> tuple[int, int, int] | None:
    era, year, western, month, day = match.groups()
    number = 1 if year == "元" else number_value(year or western)
    full = number + (_ERAS.get(half_width(era), 0) if era else 0)
    date = (full, number_value(month), number_value(day) if day else 0)
    return date if 1900 < full < 2200 and 1 <= date[1] <= 12 and date[2] <= 31 else None
