"""The door of HTTP mode: size, signature, depth and shape are checked before Bolt sees anything.

Bolt parses before it verifies, answers 500 to a wrong timestamp, bad UTF-8 and deep nesting, and logs refused bodies.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from adapters.bodies import BodyError, read

BODY_BYTES = 256 * 1024
DEPTH = 64
OBJECTS = ("event", "user", "team", "channel", "view", "container", "message", "enterprise")
"""Keys that Bolt and we look into; `user` and the like are also plain ids in some payloads."""


class Refused(Exception):  # noqa: N818  # an answer, not a fault
    """A request that gets no further; `status` is its answer."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


async def body_of(request: web.Request, verifier: SignatureVerifier) -> str:
    """The text of a request that Slack signed.

    Raises Refused: 401 not Slack's, 400 not readable, and what `bodies.read` says of a body that it cannot read.
    """
    try:
        body = await read(request, BODY_BYTES)
    except BodyError as error:
        raise Refused(error.status) from None
    stamp, signature = (request.headers.get(f"X-Slack-{name}", "") for name in ("Request-Timestamp", "Signature"))
    # Slack probes a command's address without a signature; nothing is done but to answer.
    if not signature and body.startswith(b"ssl_check=1") and b"payload" not in body:
        raise Refused(200)
    if not (stamp.isascii() and stamp.isdecimal() and len(stamp) <= 12 and signature.isascii()):
        raise Refused(401)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(400) from None
    if not verifier.is_valid(text, stamp, signature):
        raise Refused(401)
    check(text, request.content_type)
    return text


def check(text: str, content_type: str) -> None:
    """Whether a body is JSON of a sound shape, or a form (with or without such JSON). Raises Refused."""
    if content_type == "application/json" or text.startswith("{"):
        _check_json(text)
        return
    try:
        form = parse_qs(text, keep_blank_values=True, max_num_fields=100)
    except ValueError:
        raise Refused(400) from None
    if "payload" in form:
        _check_json(form["payload"][-1])
    elif "command" not in form:
        raise Refused(400)


def _check_json(text: str) -> None:
    if too_deep(text):
        raise Refused(400)
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused(400) from None
    if not isinstance(found, dict) or not _sound(found):
        raise Refused(400)


def too_deep(text: str) -> bool:
    """Whether JSON is nested deeper than any payload of Slack's; counted without parsing."""
    # Hardly ever is there any need to look closer.
    return text.count("[") + text.count("{") > DEPTH and _truly_deep(text)


def _truly_deep(text: str) -> bool:
    """Brackets in texts left out: a question may hold many."""
    depth, inside, escaped = 0, False, False
    for sign in text:
        if inside:
            inside, escaped = escaped or sign != '"', not escaped and sign == "\\"
        elif sign == '"':
            inside = True
        elif sign in "[{":
            depth += 1
            if depth > DEPTH:
                return True
        elif sign in "]}":
            depth -= 1
    return False


def _sound(found: Mapping[str, Any]) -> bool:
    """Whether the places into which Bolt looks hold what it takes for granted."""
    if "event" in found and not isinstance(found["event"], dict):
        return False
    for key in OBJECTS:
        if not isinstance(found.get(key), dict | str | None):
            return False
        if isinstance(found.get(key), dict) and not isinstance(found[key].get("id"), str | None):
            return False
    listed = found.get("authorizations")
    if listed is not None and not (isinstance(listed, list) and all(isinstance(one, dict) for one in listed)):
        return False
    actions = found.get("actions", [{}])
    return isinstance(actions, list) and bool(actions) and all(isinstance(one, dict) for one in actions)
