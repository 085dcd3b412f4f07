"""Reading of Slack's JSON: whatever it holds, a lookup gives text or a mapping and never raises."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

Payload = Mapping[str, Any]

ID = re.compile(r"[A-Z][A-Z0-9]{1,40}")
TS = re.compile(r"[0-9]{1,12}\.[0-9]{1,9}")

_MARKED = re.compile(r"<([^<>]*)>")
_PERSON = re.compile(r"@([A-Z0-9]+)(?:\|.*)?")


def text_of(payload: Payload, *path: str) -> str:
    """The text at a path of keys; empty where there is none."""
    found: Any = payload
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, str) else ""


def map_of(payload: Payload, *path: str) -> Payload:
    """The mapping at a path of keys; empty where there is none."""
    found: Any = payload
    for key in path:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def id_of(payload: Payload, *path: str) -> str:
    """An id of Slack's at a path of keys; empty where there is none that looks like one."""
    found = text_of(payload, *path)
    return found if ID.fullmatch(found) else ""


def ts_of(payload: Payload, *path: str) -> str:
    """A message's time, which is its id within a channel; empty where there is none that looks like one."""
    found = text_of(payload, *path)
    return found if TS.fullmatch(found) else ""


def mentioned(text: str) -> set[str]:
    """The people a message names."""
    people = (_PERSON.fullmatch(inner) for inner in _MARKED.findall(text))
    return {found.group(1) for found in people if found}


def unmarked(text: str) -> str:
    """A message as its author saw it typed: people left out, links and channels by their names, entities resolved."""
    shown = _MARKED.sub(lambda match: _shown(match.group(1)), text)
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def drafted(text: str) -> str:
    """A draft as its author saw it typed: like `unmarked`, but calls to all and the addresses behind words stay."""
    shown = _MARKED.sub(lambda match: _spelt(match.group(1)), text)
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").strip()


def _spelt(inner: str) -> str:
    target, bar, label = inner.partition("|")
    if target.startswith("!") and not target.startswith("!date"):
        return label or "@" + target[1:].partition("^")[0]
    if target.startswith(("@", "#", "!")) or not bar or not label:
        return _shown(inner)
    return label if label in target else f"{label} {target}"  # a link behind words leads somewhere, too


def _shown(inner: str) -> str:
    target, bar, label = inner.partition("|")
    if target.startswith("@"):
        return " "
    if target.startswith("!"):
        return label if target.startswith("!date") else " "
    if target.startswith("#"):
        return f"#{label}" if label else " "
    return label if bar and label else target
