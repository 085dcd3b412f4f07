"""Slack's payloads → requests about drafts; pure. None means: not for us. None of these requests is ever stored."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import cast

from adapters.slack.addresses import Address
from adapters.slack.blocks import TYPED
from adapters.slack.forms import INPUT
from adapters.slack.inbound import PLATFORM, Press, acting
from adapters.slack.kept import Kept
from adapters.slack.payloads import Payload, drafted, id_of, map_of, text_of
from bot.check_desk import MOST_PICTURES
from bot.commands import Check, OpenCheck, Request, Sender, submitted
from bot.drafts.images import LARGEST
from bot.model import Account

KINDS = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/tiff", "image/heic", "image/heif")
"""Pictures that can be looked at."""
_ACCOUNTS = {"公式": "official", "official": "official", "個人": "private", "private": "private"}
_PREFIX = re.compile(r"(公式|個人|official|private)(?:\s*[:：]\s*|\s+|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Begun:
    """Somebody wants a draft checked: with `Check` at once, with `OpenCheck` in a view.

    `trigger` opens it within three seconds; `stacked`: on top of the view in which a button was pressed. `address`:
    where a word to the person alone goes.
    """

    request: Request
    trigger: str
    address: Address
    kept: Kept
    stacked: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """A draft sent from a view."""

    request: Request
    command: Check
    view: str
    kept: Kept


def from_command(body: Payload, at: float) -> Begun | None:
    """`/check-draft`, with an account and a draft, a draft alone or nothing."""
    tenant, user, channel = id_of(body, "team_id"), id_of(body, "user_id"), id_of(body, "channel_id")
    trigger, url = text_of(body, "trigger_id"), text_of(body, "response_url")
    if not (tenant and user and channel and trigger):
        return None
    text, account = drafted(text_of(body, "text")), None
    found = _PREFIX.match(text)
    if found:
        account, text = cast("Account", _ACCOUNTS[found.group(1).lower()]), text[found.end() :].strip()
    command = Check(text, account) if account and text else OpenCheck(text, account)
    sender = Sender(PLATFORM, tenant, user, channel, "", text_of(body, "user_name"))
    request = Request(f"trigger:{trigger}", sender, command, "", at)
    return Begun(request, trigger, Address("respond", channel, user=user, url=url), _kept(channel, text))


def from_shortcut(body: Payload, at: float) -> Begun | None:
    """Both shortcuts: with the message's text and pictures, or empty."""
    who, trigger = acting(body), text_of(body, "trigger_id")
    if who is None or not trigger:
        return None
    channel, message = id_of(body, "channel", "id"), map_of(body, "message")
    text = drafted(text_of(message, "text"))
    sender = Sender(PLATFORM, who[0], who[1], channel, "", text_of(body, "user", "name"))
    url = text_of(body, "response_url")
    address = Address("respond", channel, user=who[1], url=url) if channel else Address("direct", user=who[1])
    request = Request(f"trigger:{trigger}", sender, OpenCheck(text), "", at)
    return Begun(request, trigger, address, _kept(channel, text, message))


def from_press(press: Press) -> Begun:
    """The button that opens an empty form."""
    sender = press.request.sender
    address = press.address or Address("direct", user=sender.user)
    return Begun(press.request, press.trigger, address, Kept(sender.channel), press.view == "modal")


def from_submission(body: Payload, at: float) -> Sent | None:
    """A form that was sent: a draft, for the first time or changed."""
    who, view, trigger = acting(body), id_of(body, "view", "id"), text_of(body, "trigger_id")
    command = submitted("check", _values(body))
    if who is None or not view or not isinstance(command, Check):
        return None
    kept = Kept.parse(text_of(body, "view", "private_metadata"))
    sender = Sender(PLATFORM, who[0], who[1], kept.channel, f"view:{view}", text_of(body, "user", "name"))
    return Sent(Request(f"view:{view}:{trigger}", sender, command, "", at), command, view, kept)


def picture(file: Payload) -> bool:
    """Whether a file of Slack's is a picture of a kind and size that can be looked at."""
    size = file.get("size")
    fits = not isinstance(size, int) or size <= LARGEST
    return text_of(file, "mimetype") in KINDS and fits and id_of(file, "id") != ""


def _values(body: Payload) -> dict[str, str]:
    """What stands in the form, by field id."""
    state = map_of(body, "view", "state", "values")
    fields = {name: map_of(state, name, INPUT) for name in state}
    return {name: text_of(one, "value") or text_of(one, "selected_option", "value") for name, one in fields.items()}


def _kept(channel: str, text: str, message: Payload | None = None) -> Kept:
    listed = (message or {}).get("files")
    files = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    shown = [one for one in files if text_of(one, "mimetype").startswith("image/")]
    fine = [id_of(one, "id") for one in shown if picture(one)][:MOST_PICTURES]
    return Kept(channel, tuple(fine), len(shown) - len(fine), len(text) if len(text) > TYPED else 0)
