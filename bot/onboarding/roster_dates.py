"""Dates as people write them into a roster."""

from __future__ import annotations

import re
from datetime import date

EXAMPLES = "2026-04-01、2026/4/1、令和8年4月1日、R8.4.1"
FIRST_YEAR, LAST_YEAR = 2000, 2099

_SEPARATED = re.compile(r"(?:([0-9]{4})|(R|H)(0?[1-9]|[1-9][0-9]|元))([-/.])([0-9]{1,2})\4([0-9]{1,2})", re.IGNORECASE)
_WRITTEN = re.compile(
    r"(?:([0-9]{4})|(令和|平成|R|H)(0?[1-9]|[1-9][0-9]|元))(年)([0-9]{1,2})月([0-9]{1,2})日", re.IGNORECASE
)
_TOGETHER = re.compile(r"([0-9]{4})()()()([0-9]{2})([0-9]{2})")
_ERAS = {"令和": 2018, "R": 2018, "平成": 1988, "H": 1988}


def read_date(text: str) -> date | None:
    """A date in one of the usual forms (NFKC-folded text); None for anything else."""
    squeezed = "".join(text.split())
    for form in (_SEPARATED, _WRITTEN, _TOGETHER):
        found = form.fullmatch(squeezed)
        if found:
            year, era, of_era, _, month, day = found.groups()
            full = int(year) if year else _ERAS[era.upper()] + (1 if of_era == "元" else int(of_era))
            try:
                return date(full, int(month), int(day))
            except ValueError:
                return None
    return None


def is_serial(text: str) -> bool:
    """Whether it is a spreadsheet's number of a day, which does not say by itself which day is meant."""
    return re.fullmatch(r"[0-9]{5}(?:\.[0-9]+)?", text) is not None
