"""The ledger as a table for an audit: a CSV file or an Excel workbook, as bytes. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.course import Calendar
from bot.enrolment import Entry, LedgerRow
from bot.onboarding.words import EVENTS, SENT

COLUMNS = (
    "番号", "日時", "団体", "氏名", "所属", "任用", "ユーザーID", "メール", "上司",
    "できごと", "レッスン", "答え", "正誤", "補足", "回", "版", "仮名", "ハッシュ",
)  # fmt: skip
PURGED = "（抹消済み）"
MOST_ROWS = 1_048_575
"""Lines that an Excel sheet takes below its header."""

_WIDTHS = (8, 27, 12, 16, 20, 16, 16, 28, 16, 22, 28, 6, 8, 16, 5, 18, 20, 20)
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_UNFIT = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Controls and halves of characters: nothing that a table shows, and partly nothing that XML takes."""

Cell = int | str


@dataclass(frozen=True, slots=True)
class Taught:
    """What the table says of an organisation: its name, the zone of its calendar, its lessons' titles by id."""

    name: str
    zone: str = Calendar().zone
    lessons: Mapping[str, str] | None = None


def lines(rows: Iterable[LedgerRow], taught: Mapping[str, Taught]) -> Iterator[tuple[Cell, ...]]:
    """One line a row, in the order of `COLUMNS`. `taught` by organisation; one that is not there is named by its id."""
    for row in rows:
        org = taught.get(row.org) or Taught(row.org)
        entry, who = row.entry, row.learner
        person = (
            (PURGED, "", "", "", "", "")
            if who is None
            else (who.name, who.department, who.contract, who.user or "", who.mail or "", who.supervisor or "")
        )
        yield (
            row.number,
            datetime.fromtimestamp(entry.at, ZoneInfo(org.zone)).isoformat(timespec="seconds"),
            org.name,
            *person,
            *_event(entry),
            (org.lessons or {}).get(entry.lesson, entry.lesson),
            *_answer(entry),
            row.round,
            entry.edition,
            row.person,
            row.hash,
        )


def as_csv(table: Iterable[Sequence[Cell]]) -> bytes:
    """The table with its header, in UTF-8 with a byte order mark; no cell begins like a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([_harmless(cell) for cell in line] for line in table)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(table: Iterable[Sequence[Cell]], about: Sequence[tuple[str, str]], title: str) -> bytes:
    """The table as a workbook, all texts as texts; `about` fills a second sheet.

    Raises ImportError where openpyxl is not installed.
    """
    from openpyxl import Workbook  # noqa: PLC0415  # an extra, and slow to import
    from openpyxl.utils import get_column_letter  # noqa: PLC0415  # as above

    book = Workbook(write_only=True)  # its sheets are Any: the stubs leave out their columns
    book.properties.title, book.properties.creator = title, "guideline-bot"
    sheet: Any = book.create_sheet("記録")
    sheet.freeze_panes = "A2"  # a sheet that is only written wants this, and the widths, before its first line
    for number, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for line in (COLUMNS, *table):
        sheet.append([_cell(sheet, cell) for cell in line])
    second: Any = book.create_sheet("この書き出しについて")
    second.column_dimensions["A"].width, second.column_dimensions["B"].width = 24, 100
    for pair in about:
        second.append([_cell(second, cell) for cell in pair])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _event(entry: Entry) -> tuple[str]:
    if entry.event == "sent":
        return (next((words for kind, words in SENT.items() if kind == entry.detail), SENT["lesson"]),)
    return (EVENTS[entry.event],)


def _answer(entry: Entry) -> tuple[str, str, str]:
    """The option chosen, whether it was right, and what else there is to say."""
    if entry.event == "answered":
        option, _, verdict = entry.detail.partition(":")
        return option, "正解" if verdict == "right" else "不正解", ""
    return "", "", "" if entry.event == "sent" else entry.detail


def _clean(cell: str) -> str:
    return _UNFIT.sub("␦", cell)


def _harmless(cell: Cell) -> Cell:
    """A text that no spreadsheet takes for a formula when it opens the file."""
    if isinstance(cell, int):
        return cell
    begins = cell.lstrip(" \u3000").startswith(_FORMULA)
    return f"'{_clean(cell)}" if begins else _clean(cell)


def _cell(sheet: Any, cell: Cell) -> Any:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415  # see `as_xlsx`

    if isinstance(cell, int):
        return WriteOnlyCell(sheet, cell)
    made = WriteOnlyCell(sheet, _clean(cell))
    made.data_type = "s"  # also where it begins with an equals sign
    return made
