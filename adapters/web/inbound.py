"""What the page posts → a command. Whatever cannot be read is refused with one line for the reader."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.commands import Check, Command, Picture, Question, pressed
from bot.model import Account

HISTORY = 5
"""How many earlier questions go with a new one; older ones are left out."""
MOST_ORG = 64
VERBS = frozenset(
    {"copy", "read", "refer", "rate_up", "rate_down", "contacts", "home", "false_alarm", "lesson", "quiz",
     "acknowledge"}
)  # fmt: skip
"""What a press may ask for.

Questions and drafts have addresses of their own; nobody shares on the page, nobody lets a finding pass and nobody
pauses a course there: the page does not know who it is.
"""

_VISIT = re.compile(r"[A-Za-z0-9_-]{8,64}")
_KEPT = frozenset("\n\t")
_HALVES = re.compile("[\ud800-\udfff]")
_ACCOUNTS: dict[Any, Account] = {"official": "official", "private": "private"}


class RefusedError(Exception):
    """A request that is not served. `status` is the HTTP status, `japanese` one line for the reader."""

    def __init__(self, status: int, japanese: str) -> None:
        super().__init__(japanese)
        self.status = status
        self.japanese = japanese


@dataclass(frozen=True, slots=True)
class Posted:
    """A command for one organisation; `visit` is the page's own name for the conversation, empty where it has none."""

    org: str
    visit: str
    command: Command


def read_question(body: bytes) -> Posted:
    """`{org, question, account?, history?, visit?}`. Raises RefusedError."""
    posted = _object(body)
    question, account = _text(posted, "question"), posted.get("account")
    if account is not None and account not in ("official", "private"):
        raise RefusedError(400, "account は official か private です。")
    earlier = posted.get("history", [])
    if not isinstance(earlier, list) or not all(isinstance(one, str) for one in earlier):
        raise RefusedError(400, "history は質問の並びです。")
    history = tuple(text for one in earlier[-HISTORY:] if (text := _clean(one)).strip())
    if not question.strip():
        raise RefusedError(400, "質問を書いてから送ってください。")
    command = Question(question, _ACCOUNTS.get(account), history)
    return Posted(_org(posted), _visit(posted), command)


def read_press(body: bytes) -> Posted:
    """`{org, verb, value?, visit?}`. Raises RefusedError."""
    posted = _object(body)
    verb, value = _text(posted, "verb"), _clean(posted.get("value", ""))
    command = pressed(verb, value) if verb in VERBS else None
    if command is None:
        raise RefusedError(400, "このボタンは使えません。ページを読み込み直してください。")
    return Posted(_org(posted), _visit(posted), command)


def read_check(body: bytes) -> Posted:
    """`{org, account, text, typing?, visit?}`. Raises RefusedError."""
    posted = _object(body)
    return check_of(posted, typing=posted.get("typing") is True)


def check_of(posted: Mapping[str, Any], pictures: tuple[Picture, ...] = (), *, typing: bool = False) -> Posted:
    """The draft in the fields of a form or an object, character by character as typed. Raises RefusedError.

    Only the halves of characters that no encoding takes are replaced; so its places stay what the page thinks.
    """
    text, account = posted.get("text", ""), posted.get("account")
    if not isinstance(text, str):
        raise RefusedError(400, "下書きは文字で送ってください。")
    if account not in ("official", "private"):
        raise RefusedError(400, "どのアカウントから出す下書きかを選んでください。")
    command = Check(_HALVES.sub("\ufffd", text), _ACCOUNTS[account], pictures, typing)
    return Posted(_org(posted), _visit(posted), command)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise RefusedError(400, "JSON として読めません。") from error
    if not isinstance(found, dict):
        raise RefusedError(400, "JSON のオブジェクトを送ってください。")
    return found


def _text(posted: Mapping[str, Any], field: str) -> str:
    if field not in posted:
        raise RefusedError(400, f"{field} がありません。")
    return _clean(posted[field])


def _clean(value: Any) -> str:
    """The text without control characters: not every database takes them, and none means anything here."""
    if not isinstance(value, str):
        raise RefusedError(400, "文字で送ってください。")
    return "".join(one for one in value if one in _KEPT or unicodedata.category(one) not in {"Cc", "Cs"})


def _org(posted: Mapping[str, Any]) -> str:
    return _text(posted, "org")[:MOST_ORG]


def _visit(posted: Mapping[str, Any]) -> str:
    visit = posted.get("visit", "")
    return visit if isinstance(visit, str) and _VISIT.fullmatch(visit) else ""
