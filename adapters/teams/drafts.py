"""What a person wants of the draft check, read from what Teams sends: messages, forms, buttons, a message to check."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.teams.inbound import Incoming, said
from bot.commands import Check, Copy, Dismiss, FalseAlarm, OpenCheck, Read, pressed, submitted

DraftCommand = OpenCheck | Check | Dismiss | FalseAlarm
"""About a draft: answered at once and never stored."""

COMMAND_ID = "checkDraft"
"""The action in the manifest's compose extension."""

_WORD = re.compile(
    r"\s*(?:/check-draft|(?:下書き[をの]?)?点検)(?:して(?:ください|下さい)?|を?お願いします)?[。!！]?(?:\s*[\s:：]\s*|\s*$)",
    re.IGNORECASE,
)
"""The word that opens the form; what stands behind it is the draft."""

# Each looks at a character a fixed number of times: a message may be 256 KiB of anything.
_TAG = re.compile(r"<[/!?A-Za-z][^<>]*>")
_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)")
_ALT = re.compile(r'\balt="([^"<>]*)"')
_SPACE = re.compile(r"[ \t\r\n]+")
_EDGES = re.compile(r" ?\n ?")
_BLANK = re.compile(r"\n{3,}")
_ENDS = frozenset(
    {"p", "div", "li", "tr", "blockquote", "pre", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6"}
)
_IMAGE_NAME = re.compile(r"\.(?:jpe?g|png|gif|webp|heic|heif|tiff?|bmp)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shown:
    """The text of a message that is to be checked, and whether pictures go with it."""

    text: str
    pictures: bool


def draft_command(message: Incoming) -> DraftCommand | None:
    """What a message wants of the check; None where it wants nothing of it (or is not for us)."""
    if message.from_bot:
        return None
    if "verb" in message.value:
        command = form_command(message.value)
        return command if isinstance(command, DraftCommand) else None
    if message.kind != "personal" and not message.mentions_bot:
        return None
    text = message.text
    word = _WORD.match(text)
    return None if word is None else OpenCheck(text[word.end() :])


def form_command(data: Mapping[str, Any]) -> DraftCommand | Read | Copy | None:
    """The command behind a form or a button beside one; None for what is not ours."""
    verb, value = data.get("verb"), data.get("value", "")
    if not isinstance(verb, str) or not isinstance(value, str):
        return None
    command = submitted(verb, typed(data)) or pressed(verb, value)
    return command if isinstance(command, DraftCommand | Read | Copy) else None


def typed(data: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a form as they were sent."""
    return {name: one for name in ("text", "account") if isinstance(one := data.get(name), str)}


def shown(payload: object) -> Shown:
    """The message that an action was called on (`messagePayload`); empty where it was called on none."""
    if not isinstance(payload, dict):
        return Shown("", pictures=False)
    body = payload.get("body")
    content, kind = (body.get("content"), body.get("contentType")) if isinstance(body, dict) else ("", "")
    content = content if isinstance(content, str) else ""
    found = Shown(content.strip(), pictures=False) if kind == "text" else from_html(content)
    return Shown(found.text, found.pictures or has_pictures(payload.get("attachments")))


def from_html(content: str) -> Shown:
    """HTML as a person reads it: lines and names stay, tags go. What comes out is text and nothing else."""
    pictures = False

    def read(tag: re.Match[str]) -> str:
        nonlocal pictures
        name = _NAME.match(tag[0])
        match name[1].lower() if name else "":
            case "br":
                return "\n"
            case "img" | "emoji":
                if (name and name[1].lower() == "emoji") or "schema.skype.com/Emoji" in tag[0]:
                    alt = _ALT.search(tag[0])
                    return alt[1] if alt else ""
                pictures = True
                return ""
            case end if end in _ENDS and tag[0].startswith("</"):
                return "\n"
            case _:
                return ""

    text = said(_TAG.sub(read, _SPACE.sub(" ", content)), (), "")
    return Shown(_BLANK.sub("\n\n", _EDGES.sub("\n", text)).strip(), pictures)


def has_pictures(attachments: object) -> bool:
    """Whether a message's list of attachments holds a picture, pasted or as a file."""
    return (
        any(_pictured(one) for one in attachments if isinstance(one, dict)) if isinstance(attachments, list) else False
    )


def _pictured(attachment: Mapping[str, Any]) -> bool:
    kind, name = attachment.get("contentType"), attachment.get("name")
    if isinstance(kind, str) and kind.startswith("image/"):
        return True
    return isinstance(name, str) and _IMAGE_NAME.search(name) is not None
