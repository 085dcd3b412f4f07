"""What Slack takes: every block through slack_sdk's models, and the limits that those do not know."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from slack_sdk.models.blocks import Block

from adapters.slack.outbound import characters

MESSAGE, VIEW = 50, 100


def wrong_message(body: dict[str, Any]) -> str | None:
    """What Slack would refuse in a message, None where it would take it."""
    blocks, text = body.get("blocks", []), body.get("text")
    if not isinstance(text, str) or not text.strip():
        return "no fallback text"
    if "link_names" in body and body["link_names"] is not False:
        return "link_names"
    if len(blocks) > MESSAGE:
        return f"{len(blocks)} blocks"
    if len(text) + characters(blocks) > 12_000:
        return f"{len(text) + characters(blocks)} characters"
    return wrong_blocks(blocks) or live(body)


def wrong_view(view: dict[str, Any]) -> str | None:
    """What Slack would refuse in a view, None where it would take it."""
    blocks = view["blocks"]
    if not 1 <= len(blocks) <= VIEW:
        return f"{len(blocks)} blocks"
    for key in ("title", "submit", "close"):
        if key in view and len(view[key]["text"]) > 24:
            return f"{key} is too long"
    if any(block["type"] == "context_actions" for block in blocks):
        return "context_actions in a view"
    if len(json.dumps(view).encode()) > 250_000:
        return "too big"
    return wrong_fields(view) or wrong_blocks(blocks) or live(view)


def wrong_fields(view: dict[str, Any]) -> str | None:
    """What Slack would refuse in a view's fields, None where it would take them."""
    if len(view.get("private_metadata", "")) > 3000:
        return "private_metadata is too long"
    inputs = [block for block in view["blocks"] if block["type"] == "input"]
    if inputs and "submit" not in view:
        return "fields without a submit button"
    if len({block["block_id"] for block in inputs}) != len(inputs):
        return "the same block_id twice"
    if any(len(block["element"].get("initial_value", "")) > 3000 for block in inputs):
        return "initial_value over 3,000 characters"
    return None


def wrong_blocks(blocks: list[dict[str, Any]]) -> str | None:
    for block in blocks:
        parsed = Block.parse(block)
        if parsed is None:
            return f"unknown block {block['type']}"
        try:
            parsed.to_dict()
        except Exception as error:  # noqa: BLE001  # whatever the model says
            return f"{block['type']}: {error}"
        ids = [one["action_id"] for one in block.get("elements", []) if "action_id" in one]
        if len(ids) != len(set(ids)):
            return "the same action_id twice in one block"
        if block["type"] == "context" and any(len(one["text"]) > 2000 for one in block["elements"]):
            return "context text over 2,000 characters"
        if len(json.dumps(block, ensure_ascii=False).encode("utf-8", "replace")) > 30_000:
            return "a huge block"
    return None


def live(payload: dict[str, Any]) -> str | None:
    """Text in which Slack would find a mention, a channel or a link that no template of ours wrote."""
    for found in marked_texts(payload):
        if "<" in found or ">" in found:
            return f"live text: {found[:80]!r}"
    return None


def marked_texts(payload: Any) -> Iterator[str]:
    """Every text that Slack reads as markup: the fallback of a message, and mrkdwn objects. Ours never use those."""
    if isinstance(payload, dict):
        if isinstance(payload.get("text"), str) and payload.get("type") not in ("plain_text", "text", "link"):
            yield payload["text"]
        for value in payload.values():
            yield from marked_texts(value)
    elif isinstance(payload, list):
        for one in payload:
            yield from marked_texts(one)
