"""The errors this project raises on purpose.

GuidelineBotError
├── DataError       E1xx  a file of knowledge or a document is wrong; names file, line and column
├── SettingsError   E2xx  a setting or a command-line value is wrong
└── UsageError      E3xx  a request cannot be served as it was put (empty or over-long question …)

`str(error)` is one clear Japanese line for the person at the keyboard; `error.english` is the same
for `--lang en`.
"""

from __future__ import annotations

from pathlib import Path


class GuidelineBotError(Exception):
    """Base of all errors that a user can mend. `code` is stable and documented."""

    def __init__(self, code: str, japanese: str, english: str) -> None:
        super().__init__(japanese)
        self.code = code
        self.japanese = japanese
        self.english = english

    def message(self, lang: str = "ja") -> str:
        """The one line to show, in the language asked for."""
        return self.english if lang == "en" else self.japanese


class SettingsError(GuidelineBotError):
    """A setting or a command-line value is wrong."""


class UsageError(GuidelineBotError):
    """A request cannot be served as it was put."""


class DataError(GuidelineBotError):
    """A knowledge file or a document is wrong.

    `line` and `column` count from 1; `shown` is the faulty line itself. The message reads
    `file:line:column: what is wrong` followed by the line where there is one.
    """

    def __init__(  # noqa: PLR0913  # four of them say where, by name
        self,
        code: str,
        japanese: str,
        english: str,
        *,
        path: Path | str | None = None,
        line: int | None = None,
        column: int | None = None,
        shown: str | None = None,
    ) -> None:
        where = ":".join(str(part) for part in (path, line, column) if part is not None)
        prefix = f"{where}: " if where else ""
        tail = f"\n  | {shown}" if shown is not None else ""
        super().__init__(code, f"{prefix}{japanese}{tail}", f"{prefix}{english}{tail}")
        self.path = None if path is None else Path(path)
        self.line = line
        self.column = column
        self.shown = shown
