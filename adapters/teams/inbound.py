"""An activity as JSON → what it says, in our words; and what is said → a request."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html.entities import html5
from typing import Any, Literal

from adapters.teams.addresses import Address
from adapters.teams.texts import CONTACT_WORDS, HOME_WORDS
from bot.commands import Command, CourseCommand, Home, Question, Refer, Request, Sender, ShowContacts, pressed

PLATFORM = "teams"
MOST_DEPTH = 64
"""Objects and lists within each other; a real activity has about ten."""

Kind = Literal["personal", "groupChat", "channel"]

MOST_NAMES = 16
"""Spellings of the bot's own mention in one message; a real one has one."""

# Each looks at a character a fixed number of times: a text may be 256 KiB of anything.
_AT = re.compile(r"</?at\b[^<>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]")


class MalformedError(Exception):
    """The body is no activity that the platform would send. `reason` is a short code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Incoming:
    """One activity, checked for shape. Texts are as they came; a missing one is empty.

    `kind` says where it was posted; `place` is the channel or the conversation, `conversation` with its thread.
    `tenant` is empty where the activity names none, or two; `homes` are the tenants named as the sender's own.
    `mentions` are the ids of those mentioned, each with the text that stands for it. `added` and `removed` are
    members' ids. `attachments` are as they came.
    """

    type: str
    name: str
    id: str
    channel_id: str
    service_url: str
    kind: Kind
    place: str
    conversation: str
    tenant: str
    homes: tuple[str, ...]
    user: str
    user_id: str
    user_name: str
    bot_id: str
    bot_name: str
    written: str
    mentions: tuple[tuple[str, str], ...]
    value: Mapping[str, Any]
    from_bot: bool
    added: tuple[str, ...]
    removed: tuple[str, ...]
    action: str
    reply_to: str
    attachments: Sequence[Any]

    @property
    def text(self) -> str:
        """What was said. Worked out only when it is asked for: whoever is refused is not read."""
        return said(self.written, self.mentions, self.bot_id)

    @property
    def mentions_bot(self) -> bool:
        """Whether the bot is mentioned."""
        return any(one == self.bot_id for one, _ in self.mentions)

    @property
    def visitor(self) -> bool:
        """Whether the sender belongs to another tenant than the one this was written in."""
        return any(home.casefold() != self.tenant.casefold() for home in self.homes)

    @property
    def alone(self) -> bool:
        """Whether nobody but the person reads the conversation, whatever it calls itself."""
        return self.kind == "personal" and not self.conversation.startswith("19:")

    @property
    def address(self) -> Address:
        """Where an answer goes."""
        return Address(
            self.service_url,
            self.tenant,
            self.kind,
            self.conversation,
            self.id if self.type == "message" else "",
            (self.bot_id, self.bot_name),
            (self.user_id, self.user_name),
        )


def loads(body: bytes) -> dict[str, Any]:
    """The JSON object in a request's body. Raises MalformedError for anything else."""
    try:
        found = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise MalformedError("not JSON") from None
    if not isinstance(found, dict):
        raise MalformedError("not an object")
    _measure(found)
    return found


def _measure(found: object) -> None:
    """Nothing nested too deep, no half of a character."""
    level: list[object] = [found]
    for _ in range(MOST_DEPTH):
        below: list[object] = []
        for one in level:
            if isinstance(one, dict):
                below += [*one.keys(), *one.values()]
            elif isinstance(one, list):
                below += one
            elif isinstance(one, str) and not one.isascii():
                try:
                    one.encode()
                except UnicodeEncodeError:
                    raise MalformedError("half a character") from None
        if not below:
            return
        level = below
    raise MalformedError("too deep")


def incoming(body: Mapping[str, Any]) -> Incoming:
    """The activity in a body. Raises MalformedError where it lacks what every activity has."""
    sender, recipient, data = _object(body, "from"), _object(body, "recipient"), _object(body, "channelData")
    conversation, channel = _object(body, "conversation"), _object(data, "channel")
    where = _id(conversation, "id")
    kind = _kind(_text(conversation, "conversationType"), where)
    value = body.get("value")
    if not (activity := _text(body, "type")) or not where:
        raise MalformedError("no type or no conversation")
    return Incoming(
        type=activity,
        name=_text(body, "name"),
        id=_id(body, "id"),
        channel_id=_text(body, "channelId"),
        service_url=_id(body, "serviceUrl"),
        kind=kind,
        place=(_id(channel, "id") or where.partition(";")[0]) if kind == "channel" else where,
        conversation=where,
        tenant=_tenant(_id(_object(data, "tenant"), "id"), _id(conversation, "tenantId")),
        homes=tuple(home for name in ("tenantId", "aadTenantId") if (home := _id(sender, name))),
        user=_id(sender, "aadObjectId") or _id(sender, "id"),
        user_id=_id(sender, "id"),
        user_name=_clean(_text(sender, "name")),
        bot_id=_id(recipient, "id"),
        bot_name=_clean(_text(recipient, "name")),
        written=_text(body, "text"),
        mentions=_mentions(body),
        value=value if isinstance(value, dict) else {},
        from_bot=_text(sender, "role") == "bot" or _id(sender, "id").startswith("28:"),
        added=_members(body, "membersAdded"),
        removed=_members(body, "membersRemoved"),
        action=_text(body, "action"),
        reply_to=_id(body, "replyToId"),
        attachments=_list(body, "attachments"),
    )


def said(text: str, mentions: Sequence[tuple[str, str]], bot: str) -> str:
    """What was written, the bot's own mention left out, other people's names kept, entities of HTML resolved."""
    for shown in list(dict.fromkeys(shown for member, shown in mentions if member == bot and shown))[:MOST_NAMES]:
        text = text.replace(shown, " ")
    return _clean(_ENTITY.sub(_resolved, _AT.sub("", text)).replace("\u00a0", " "))


def _resolved(entity: re.Match[str]) -> str:
    """One entity. html.unescape of a whole text fails at a number of 5,000 digits and reads 「&notes」 as 「¬es」."""
    found = entity[0]
    return html.unescape(found) if found[1] == "#" else html5.get(found[1:], found)


def message_command(message: Incoming) -> Command | None:
    """What a message asks for; None where it is not for us (no mention in a channel, another bot, a strange button)."""
    if message.from_bot:
        return None
    if "verb" in message.value:
        return _message_button(message.value)
    if message.kind != "personal" and not message.mentions_bot:
        return None
    text = message.text
    word = text.rstrip("。!！").lower()
    if not word or word in HOME_WORDS:
        return Home()
    if word in CONTACT_WORDS:
        return ShowContacts()
    return Question(text)


def _message_button(value: Mapping[str, Any]) -> Command | None:
    """A button whose answer is a message; those that open a dialog never arrive as one."""
    command = button_command(value)
    return command if isinstance(command, Question | Home | Refer | ShowContacts | CourseCommand) else None


def button_command(data: Mapping[str, Any]) -> Command | None:
    """The command behind a button; None for one that is not ours."""
    verb, value = data.get("verb"), data.get("value")
    if not isinstance(verb, str) or not isinstance(value, str):
        return None
    return pressed(verb, value)


def request(message: Incoming, command: Command, at: float, key: str | None = None) -> Request:
    """The request of a command. `key`: of what is one and the same in several activities."""
    sender = Sender(
        PLATFORM,
        message.tenant,
        message.user,
        message.place,
        message.conversation,
        message.user_name,
        message.alone,
    )
    own = key or "\n".join(part for part in (message.conversation, message.id, message.name) if part)
    return Request(own, sender, command, message.address.dumps(), at)


def _kind(named: str, conversation: str) -> Kind:
    match named:
        case "personal" | "groupChat" | "channel":
            return named
        case _:  # a membersAdded in a team may name none
            return "channel" if "@thread.tacv2" in conversation or "@thread.skype" in conversation else "personal"


def _tenant(first: str, second: str) -> str:
    """The one tenant that the activity names; two different ones are none."""
    return first if not second or first == second else second if not first else ""


def _mentions(body: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Whom the message mentions: id, and the text that stands for it."""
    return tuple(
        (_id(_object(entity, "mentioned"), "id"), _text(entity, "text"))
        for entity in _list(body, "entities")
        if isinstance(entity, dict) and entity.get("type") == "mention"
    )


def _members(body: Mapping[str, Any], name: str) -> tuple[str, ...]:
    return tuple(_id(member, "id") for member in _list(body, name) if isinstance(member, dict))


def _object(mapping: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = mapping.get(name)
    if found is not None and not isinstance(found, dict):
        raise MalformedError(name)
    return found or {}


def _list(mapping: Mapping[str, Any], name: str) -> list[Any]:
    found = mapping.get(name)
    if found is not None and not isinstance(found, list):
        raise MalformedError(name)
    return found or []


def _text(mapping: Mapping[str, Any], name: str) -> str:
    found = mapping.get(name)
    if found is not None and not isinstance(found, str):
        raise MalformedError(name)
    return found or ""


def _id(mapping: Mapping[str, Any], name: str) -> str:
    """An identifier: short, one line, nothing that cannot be printed."""
    found = _text(mapping, name)
    if len(found) > 1024 or not found.isprintable():
        raise MalformedError(name)
    return found


def _clean(text: str) -> str:
    """Without control characters (a database refuses some of them); line ends stay."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
