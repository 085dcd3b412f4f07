"""A roster of new hires: the bytes of a CSV file → rows, or everything that is wrong with it, by line. Pure."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.errors import DataError
from bot.onboarding.roster_dates import EXAMPLES, FIRST_YEAR, LAST_YEAR, is_serial, read_date
from bot.onboarding.roster_text import decoded, shown

MOST_ROWS = 20_000
LONGEST = 200
"""Characters of a cell."""

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("氏名", "名前"),
    "mail": ("メール", "メールアドレス", "email"),
    "id": ("ID", "ユーザーID"),
    "start": ("開始日",),
    "department": ("所属",),
    "contract": ("任用",),
    "supervisor": ("上司",),
}
"""English and Japanese names of the columns; the first Japanese one is the one that people are told."""

_FIELDS = {"".join(name.split()).casefold(): field for field, names in COLUMNS.items() for name in (field, *names)}
_UNKNOWN = "?"
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_LIVE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})

UserId = Callable[[str], str | None]
"""The id as the platform writes it; None for a text that is none."""


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person. `line`: where the record begins, from 1. `starts`: ISO date; one of `mail` and `user` is there."""

    line: int
    starts: str
    mail: str | None = None
    user: str | None = None
    name: str = ""
    department: str = ""
    contract: str = ""
    supervisor: str | None = None


@dataclass(frozen=True, slots=True)
class Roster:
    """What a file says. Where anything is wrong with it there are no rows."""

    rows: tuple[RosterRow, ...]
    errors: tuple[DataError, ...]


def read_roster(data: bytes, path: Path, user_id: UserId) -> Roster:
    """Every row, or every fault by line. `path` is named in the errors (E151 a line, E152 the file as a whole)."""
    faults = _Faults(path)
    try:
        rows = _read(decoded(data, path), faults, user_id)
    except DataError as error:
        return Roster((), (error,))
    return Roster(() if faults.errors else tuple(rows), tuple(faults.errors))


class _Faults:
    """What is wrong with one file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.errors: list[DataError] = []

    def at(self, line: int, japanese: str, english: str) -> None:
        """A line is wrong."""
        self.errors.append(DataError("E151", japanese, english, path=self._path, line=line))

    def whole(self, japanese: str, english: str) -> DataError:
        """The file is."""
        return DataError("E152", japanese, english, path=self._path)


def _read(text: str, faults: _Faults, user_id: UserId) -> list[RosterRow]:
    records = _records(text, faults)
    header = next(records, None)
    if header is None:
        if faults.errors:
            return []
        raise faults.whole("ファイルが空です。1行目に見出しを書いてください。", "the file is empty.")
    fields = _fields(*header, faults)
    if "start" not in fields or not {"mail", "id"} & set(fields):
        return []
    reader = _Rows(fields, faults, user_id)
    rows = []
    for number, (line, cells) in enumerate(records, 1):
        if number > MOST_ROWS:
            most = f"{MOST_ROWS:,}"
            raise faults.whole(f"{most}人を超えています。分けて取り込んでください。", f"more than {most} people.")
        rows.append(reader.row(line, cells))
    if not rows and not faults.errors:
        raise faults.whole("見出しのほかに行がありません。", "there is no row below the header.")
    return rows


def _records(text: str, faults: _Faults) -> Iterator[tuple[int, list[str]]]:
    """Records that are not blank, each with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "expected after" not in str(error):
                faults.at(line, '引用符「"」が閉じていません。', "a quote is not closed.")
                return  # all that follows was taken for its text
            faults.at(
                line,
                '閉じた引用符「"」のあとに文字があります。中の引用符は二つ重ねて書いてください。',
                "text behind a closing quote; a quote itself is written twice.",
            )
        else:
            if any(cell.strip() for cell in cells):
                yield line, cells


def _fields(line: int, cells: Sequence[str], faults: _Faults) -> list[str]:
    """The field of each column, empty for one without a name."""
    fields: list[str] = []
    for cell in cells:
        name = "".join(unicodedata.normalize("NFKC", cell).split()).casefold()
        field = _FIELDS.get(name, _UNKNOWN if name else "")
        if field == _UNKNOWN:
            hint = "列はカンマで区切ってください" if {"\t", ";"} & set(cell) else f"使えるのは {_named(*COLUMNS)}"
            faults.at(
                line,
                f"「{shown(cell)}」という見出しは使えません（{hint}）。",
                f"unknown header '{shown(cell)}' (known: {', '.join(COLUMNS)}; commas between).",
            )
        elif field and field in fields:
            faults.at(line, f"見出し「{shown(cell)}」が二つあります。", f"the header '{shown(cell)}' stands twice.")
        fields.append(field)
    if "start" not in fields:
        faults.at(line, f"見出し{_named('start')}がありません。", "the header 'start' is missing.")
    if not {"mail", "id"} & set(fields):
        faults.at(line, f"見出し{_named('mail', 'id')}のどちらかが必要です。", "a header 'mail' or 'id' is needed.")
    return fields


def _named(*fields: str) -> str:
    return "、".join(f"「{COLUMNS[field][0]}」" for field in fields)


class _Rows:
    """Reads the records below one header."""

    def __init__(self, fields: Sequence[str], faults: _Faults, user_id: UserId) -> None:
        self._fields = fields
        self._faults = faults
        self._user_id = user_id
        self._seen: dict[tuple[str, str], int] = {}

    def row(self, line: int, cells: Sequence[str]) -> RosterRow:
        """One person; of no use where it added a fault."""
        self._surplus(line, cells)
        written = {field: cell.strip() for field, cell in zip(self._fields, cells, strict=False) if field in COLUMNS}
        given = {field: self._checked(line, field, text) for field, text in written.items()}
        if not written.get("mail") and not written.get("id"):
            self._faults.at(line, f"{_named('mail', 'id')}のどちらかを書いてください。", "a mail or an id is needed.")
        if not written.get("start"):
            self._faults.at(line, f"{_named('start')}が空です（{EXAMPLES} のように）。", "start is empty.")
        mail, user = self._mail(line, given.get("mail", "")), self._user(line, given.get("id", ""))
        self._once(line, ("mail", mail))
        self._once(line, ("id", user))
        boss = given.get("supervisor", "")
        return RosterRow(
            line,
            self._start(line, given.get("start", "")),
            mail,
            user,
            name=given.get("name", ""),
            department=given.get("department", ""),
            contract=given.get("contract", ""),
            supervisor=self._mail(line, boss) if "@" in _folded(boss) else self._user(line, boss),
        )

    def _surplus(self, line: int, cells: Sequence[str]) -> None:
        fields = (*self._fields, *[""] * len(cells))
        over = next((cell for field, cell in zip(fields, cells, strict=False) if not field and cell.strip()), None)
        if over is not None:
            self._faults.at(
                line,
                f"見出しのない列に「{shown(over)}」があります。列が多すぎます。",
                f"too many columns: '{shown(over)}' stands under no header.",
            )

    def _checked(self, line: int, field: str, text: str) -> str:
        """The text of a cell, empty where it is of no use."""
        if len(text) > LONGEST:
            japanese = f"{_named(field)}が{LONGEST}文字を超えています: 「{shown(text)}」"
            self._faults.at(line, japanese, f"{field}: more than {LONGEST} characters: '{shown(text)}'")
        elif any(unicodedata.category(one) in _LIVE for one in text):
            japanese = f"{_named(field)}に改行や制御文字があります: 「{shown(text)}」"
            self._faults.at(line, japanese, f"{field}: control characters: '{shown(text)}'")
        else:
            return text
        return ""

    def _mail(self, line: int, text: str) -> str | None:
        mail = _folded(text)
        if mail and not _MAIL.fullmatch(mail):
            self._faults.at(
                line,
                f"「{shown(text)}」はメールアドレスとして読めません。",
                f"'{shown(text)}' is no mail address.",
            )
        return mail or None

    def _user(self, line: int, text: str) -> str | None:
        user = _folded(text)
        known = self._user_id(user) if user else None
        if user and known is None:
            self._faults.at(
                line,
                f"「{shown(text)}」はユーザーIDとして読めません。職員番号ではなく、ワークスペースでのIDを書いてください。",
                f"'{shown(text)}' is no user id of the workspace.",
            )
        return known

    def _start(self, line: int, text: str) -> str:
        if not text:
            return ""
        folded = _folded(text)
        day = read_date(folded)
        if day is None:
            hint = f"{EXAMPLES} のように書いてください"
            if is_serial(folded):
                hint = "Excelの通し番号のようです。列の表示形式を「日付」にして保存し直してください"
            self._faults.at(
                line,
                f"{_named('start')}: 「{shown(text)}」は日付として読めません（{hint}）。",
                f"start: '{shown(text)}' is no date (like 2026-04-01; no serial numbers).",
            )
            return ""
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self._faults.at(
                line,
                f"{_named('start')}: 「{shown(text)}」は{FIRST_YEAR}年から{LAST_YEAR}年までの日付ではありません。",
                f"start: '{shown(text)}' is not between {FIRST_YEAR} and {LAST_YEAR}.",
            )
        return day.isoformat()

    def _once(self, line: int, person: tuple[str, str | None]) -> None:
        field, text = person
        if not text:
            return
        first = self._seen.setdefault((field, text.casefold()), line)
        if first != line:
            self._faults.at(
                line,
                f"同じ人が{first}行目にもあります（{_named(field)} {shown(text)}）。",
                f"the same person stands on line {first} ({field} {shown(text)}).",
            )


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
