"""What several commands share: which organisation, and reading one JSON request a line."""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.corpus.knowledge import Knowledge
from bot.errors import SettingsError, UsageError
from bot.settings import Settings

WAITED = 1.5
"""Seconds."""

_LIVE = re.compile("[\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def chosen_org(knowledge: Knowledge, named: str | None, settings: Settings) -> str:
    """The organisation named, else the settings' default, else the only one there is.

    Raises SettingsError that lists them where none of these decides.
    """
    org = named or settings.org
    if org is None:
        if len(knowledge.ids) == 1:
            return knowledge.ids[0]
        known = "、".join(knowledge.ids) or "（なし）"
        raise SettingsError(
            "E205",
            f"団体を --org で指定してください。使えるのは: {known}",
            f"name the organisation with --org; known: {', '.join(knowledge.ids) or '(none)'}",
        )
    knowledge.folder(org)
    return org


def print_json(value: object) -> None:
    """One object on one line, characters as they are but for those that a terminal would obey, which are escaped."""
    text = json.dumps(value, ensure_ascii=False)
    sys.stdout.write(_LIVE.sub(lambda found: f"\\u{ord(found[0]):04x}", text) + "\n")


def batch_lines(path: str) -> Iterator[str]:
    """The lines of a batch file (or of standard input for `-`) without their ends.

    Raises UsageError when it cannot be read as UTF-8.
    """
    try:
        if path == "-":
            lines = sys.stdin.buffer.read().decode("utf-8-sig")
        else:
            lines = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "UTF-8ではありません"
        raise UsageError("E304", f"{path} を読めません（{reason}）。", f"cannot read {path} ({reason}).") from error
    for line in lines.split("\n"):
        if line.strip():
            yield line


def parse_request(line: str) -> dict[str, Any]:
    """One request. Raises UsageError when the line is no JSON object."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:  # ValueError: also a number of thousands of digits
        raise UsageError("E305", "JSONとして読めない行です。", "this line is not JSON.") from error
    if not isinstance(value, dict):
        raise UsageError("E305", "1行に一つのJSONオブジェクトを書いてください。", "each line is one JSON object.")
    return value


@contextmanager
def patience(message: str) -> Iterator[None]:
    """Says so at a terminal where what follows takes longer than people wait without a word."""
    timer = threading.Timer(WAITED, lambda: sys.stderr.write(f"{message}\n"))
    timer.daemon = True
    if sys.stderr.isatty():
        timer.start()
    try:
        yield
    finally:
        timer.cancel()


def identity(request: dict[str, Any]) -> str | None:
    """The request's own id, as text in replies and errors alike."""
    found = request.get("id")
    return None if found is None else str(found)
