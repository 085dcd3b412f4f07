"""The draft check's dialogs as a person meets them: what stands there, what is in the fields, what can be pressed."""

from __future__ import annotations

from typing import Any

from adapters.teams.outbound import DIALOG_BYTES, size
from tests.unit.adapters.teams.cards import elements, problems, runs


def card(answer: tuple[int, Any]) -> dict[str, Any]:
    """The card that a dialog shows next; as valid and as small as the platform wants it."""
    status, body = answer
    assert (status, body["task"]["type"], body["task"]["value"]["title"]) == (200, "continue", "下書き点検")
    found = body["task"]["value"]["card"]["content"]
    assert found["version"] == "1.5"
    assert problems(found) == []
    assert size(found) <= DIALOG_BYTES
    return dict(found)


def field(shown: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = [one for one in elements(shown) if one.get("id") == name]
    return found


def buttons(shown: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["title"]: one["data"] for one in elements(shown) if one["type"] == "Action.Submit"}


def filled(text: str, account: str | None = "official") -> dict[str, Any]:
    """What the form sends."""
    return {"verb": "check", "text": text} | ({} if account is None else {"account": account})


def words(shown: dict[str, Any]) -> str:
    return "\n".join([*runs(shown), *(one["text"] for one in elements(shown) if one["type"] == "TextBlock")])
