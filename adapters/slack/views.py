"""Slack's views: the modal that asks, the modal that shows a card, the home tab. Pure."""

from __future__ import annotations

from typing import Any

from adapters.slack import texts
from adapters.slack.blocks import SECTION, cut, plain
from adapters.slack.outbound import Rendered
from adapters.slack.payloads import Payload, map_of, text_of
from adapters.slack.surface import ASK_VIEW

TITLE = 24
_BLOCK, _INPUT = "question", "text"

View = dict[str, Any]


def asking(channel: str, draft: str = "") -> View:
    """A modal with one field. `channel` says for whom is answered; `draft` stands in the field to begin with."""
    field = {
        "type": "plain_text_input",
        "action_id": _INPUT,
        "multiline": True,
        "max_length": SECTION,
        "placeholder": plain(texts.ASK_PLACEHOLDER, 150),
        **({"initial_value": cut(draft, SECTION)} if draft else {}),
    }
    block = {
        "type": "input",
        "block_id": _BLOCK,
        "label": plain(texts.ASK_LABEL, 2000),
        "hint": plain(texts.ASK_HINT, 2000),
        "element": field,
    }
    view = showing(texts.ASK_TITLE, Rendered("", [block]), channel)
    return {**view, "callback_id": ASK_VIEW, "submit": plain(texts.ASK_SUBMIT, TITLE)}


def typed(body: Payload) -> str:
    """What was typed into `asking`'s field."""
    return text_of(map_of(body, "view", "state", "values"), _BLOCK, _INPUT, "value")


def showing(title: str, rendered: Rendered, channel: str = "") -> View:
    """A modal with a card."""
    return {
        "type": "modal",
        "title": plain(title, TITLE),
        "close": plain(texts.CLOSE, TITLE),
        "private_metadata": channel,
        "blocks": rendered.blocks,
    }


def home(rendered: Rendered) -> View:
    """The home tab."""
    return {"type": "home", "blocks": rendered.blocks}
