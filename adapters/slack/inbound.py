"""Slack's payloads → requests; pure. None means: not for us.

Shapes follow Slack's published samples (github.com/slackapi/java-slack-sdk, json-logs/samples) and the reference
pages docs.slack.dev/reference/events and /interaction-payloads.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from adapters.slack.addresses import Address
from adapters.slack.kept import Kept
from adapters.slack.payloads import Payload, id_of, map_of, mentioned, text_of, ts_of, unmarked
from bot.commands import Command, CourseCommand, Home, Question, Refer, Request, Sender, pressed

PLATFORM = "slack"
SUBTYPES = ("", "file_share", "thread_broadcast")
"""Kinds of messages in which a person says something new; edits, deletions, joins and bots' posts are others."""


@dataclass(frozen=True, slots=True)
class Post:
    """A message to the bot. `unasked`: it stands in a thread without a mention: only where the bot takes part."""

    request: Request
    unasked: bool = False


@dataclass(frozen=True, slots=True)
class Press:
    """A button that was pressed. Its request carries the address where it is to be stored: see `kept`.

    `trigger` opens a view within three seconds. `view` is the kind of view it stood in (`modal` or `home`), `view_id`
    that view and `callback` which of ours, else it stood in a message; `address` is where an answer to the presser
    goes, None from a view.
    """

    request: Request
    trigger: str
    view: str = ""
    view_id: str = ""
    callback: str = ""
    address: Address | None = None

    @property
    def kept(self) -> bool:
        """Whether the answer is a message of its own, so that the press waits in the inbox and is never lost."""
        return bool(self.request.address) and isinstance(self.request.command, Question | Refer | CourseCommand)


@dataclass(frozen=True, slots=True)
class Opened:
    """Somebody opened the app's home: `tab` is home or messages, `channel` the direct chat."""

    sender: Sender
    tab: str


def tenant_of(body: Payload) -> str:
    """The workspace whose installation this event is for. Empty where the event's authorization names none."""
    return id_of(_authorization(body), "team_id") if body.get("authorizations") else id_of(body, "team_id")


def bot_of(body: Payload) -> str:
    """The bot's own user id, as the event's authorization names it."""
    listed = body.get("authorizations")
    each = listed if isinstance(listed, list) else []
    return next((id_of(one, "user_id") for one in each if isinstance(one, dict) and one.get("is_bot")), "")


def foreign(body: Payload, tenant: str) -> bool:
    """Whether the author is at home in another workspace (Slack Connect), or it cannot be told in a shared channel.

    In an Enterprise organisation the author's home may be its id; which one is ours says the authorization alone: in a
    shared channel the event itself may come from another one.
    """
    event = map_of(body, "event")
    homes = [id_of(event, key) for key in ("user_team", "source_team", "team")]
    known = [home for home in homes if home]
    own = {tenant, id_of(_authorization(body), "enterprise_id")}
    return any(home not in own for home in known) or (body.get("is_ext_shared_channel") is True and not known)


def _authorization(body: Payload) -> Payload:
    """The first installation for which the event is sent: ours."""
    listed = body.get("authorizations")
    first = listed[0] if isinstance(listed, list) and listed else None
    return first if isinstance(first, dict) else {}


def from_post(body: Payload, at: float, bot: str = "") -> Post | None:
    """`app_mention` and `message` events. `bot`: the bot's user id where the event does not say it."""
    event, tenant, own = map_of(body, "event"), tenant_of(body), bot_of(body) or bot
    user, channel, ts = id_of(event, "user"), id_of(event, "channel"), ts_of(event, "ts")
    if not (tenant and user and channel and ts) or foreign(body, tenant) or user == own or _not_said(event):
        return None
    said, thread = text_of(event, "text"), ts_of(event, "thread_ts")
    direct = text_of(event, "channel_type") == "im" or _is_direct(channel)
    called = text_of(event, "type") == "app_mention" or (own != "" and own in mentioned(said))
    if not direct and not called and (thread in ("", ts) or mentioned(said)):
        return None  # people among themselves, or one of them spoken to
    question = unmarked(said)
    if not question and not direct and not called:
        return None
    # One post is one request, whether it arrives as app_mention, as message or as both.
    conversation = f"{channel}:{thread}" if thread else channel if direct else f"{channel}:{ts}"
    address = Address("post", channel, thread if direct else thread or ts)
    sender = Sender(PLATFORM, tenant, user, channel, conversation, direct=direct)
    command: Command = Question(question) if question else Home()
    return Post(Request(f"msg:{channel}:{ts}", sender, command, str(address), at), not direct and not called)


def from_join(body: Payload, at: float) -> Request | None:
    """`team_join`: greet who is new. Bots and people of other workspaces are not greeted.

    For a guest `direct` is left unset: greeted like the others, but no course begins by itself.
    """
    user, tenant, event = map_of(body, "event", "user"), tenant_of(body), text_of(body, "event_id")
    person, home = id_of(user, "id"), id_of(user, "team_id")
    odd = user.get("is_bot") is True or user.get("is_stranger") is True or (home and home != tenant)
    if not (tenant and person and event) or odd:
        return None
    guest = user.get("is_restricted") is True or user.get("is_ultra_restricted") is True
    sender = replace(_alone(tenant, person), direct=not guest)
    return Request(f"event:{event}", sender, Home(joined=True), str(Address("direct", user=person)), at)


def from_opened(body: Payload) -> Opened | None:
    """`app_home_opened`."""
    event, tenant = map_of(body, "event"), tenant_of(body)
    user, channel, tab = id_of(event, "user"), id_of(event, "channel"), text_of(event, "tab")
    if not (tenant and user) or tab not in ("home", "messages"):
        return None
    return Opened(Sender(PLATFORM, tenant, user, channel, f"home:{user}", direct=True), tab)


def left(body: Payload) -> str | None:
    """The workspace that has uninstalled the bot or revoked the bot's token."""
    event = map_of(body, "event")
    if text_of(event, "type") == "tokens_revoked" and not map_of(event, "tokens").get("bot"):
        return None  # a person's own token
    return tenant_of(body) or None


def from_command(body: Payload, at: float) -> Request | None:
    """`/guideline …`: the answer is for the one who asked, who may share it."""
    tenant, user, channel = id_of(body, "team_id"), id_of(body, "user_id"), id_of(body, "channel_id")
    trigger, url = text_of(body, "trigger_id"), text_of(body, "response_url")
    if not (tenant and user and channel and trigger):
        return None
    question = unmarked(text_of(body, "text"))
    command: Command = Question(question, private=True) if question else Home()
    conversation, name = f"{channel}:command:{user}", text_of(body, "user_name")
    sender = Sender(PLATFORM, tenant, user, channel, conversation, name, _is_direct(channel))
    address = Address("respond", channel, user=user, url=url, echo=bool(question))
    return Request(f"trigger:{trigger}", sender, command, str(address), at)


def from_press(body: Payload, at: float) -> Press | None:
    """`block_actions`: one of our buttons."""
    listed = body.get("actions")
    action = listed[0] if isinstance(listed, list) and listed and isinstance(listed[0], dict) else {}
    who, trigger = acting(body), text_of(body, "trigger_id")
    command = _pressed(text_of(action, "action_id"), text_of(action, "value"))
    if who is None or command is None or not trigger:
        return None
    tenant, user = who
    name = text_of(body, "user", "name") or text_of(body, "user", "username")
    kind = text_of(body, "view", "type")
    if isinstance(command, CourseCommand) and (not _is_direct(_channel(body)) or _passing(body)):
        # Wherever the button stood, the course goes on in the direct chat, which nobody else reads and which stays.
        place = str(Address("direct", user=user))
        return Press(Request(f"trigger:{trigger}", _alone(tenant, user, name), command, place, at), trigger, kind)
    if kind:
        channel = Kept.parse(text_of(body, "view", "private_metadata")).channel
        sender = Sender(PLATFORM, tenant, user, channel, f"view:{id_of(body, 'view', 'id') or user}", name)
        # A view is gone when a referral is confirmed: that comes as a direct message.
        address = str(Address("direct", user=user)) if isinstance(command, Refer) else ""
        request = Request(f"trigger:{trigger}", sender, command, address, at)
        return Press(request, trigger, kind, id_of(body, "view", "id"), text_of(body, "view", "callback_id"))
    channel, ts = _channel(body), ts_of(body, "container", "message_ts")
    if not (channel and ts):
        return None
    return _from_message(
        body, Request(f"trigger:{trigger}", Sender(PLATFORM, tenant, user, channel, "", name), command, "", at)
    )


def from_submission(body: Payload, question: str, at: float) -> Request | None:
    """A question asked in a modal; never stored. `question` is what was typed there."""
    who, view = acting(body), id_of(body, "view", "id")
    if who is None or not view or not question.strip():
        return None
    channel = id_of(body, "view", "private_metadata")
    sender = Sender(PLATFORM, who[0], who[1], channel, f"view:{view}", text_of(body, "user", "name"))
    return Request(f"view:{view}", sender, Question(question.strip()), "", at)


def from_shortcut(body: Payload) -> Sender | None:
    """Both shortcuts: who used it, and in which channel where it was on a message."""
    who = acting(body)
    if who is None:
        return None
    return Sender(PLATFORM, who[0], who[1], id_of(body, "channel", "id"), "", text_of(body, "user", "name"))


def _from_message(body: Payload, request: Request) -> Press:
    sender, trigger = request.sender, text_of(body, "trigger_id")
    channel, ts = sender.channel, ts_of(body, "container", "message_ts")
    thread = ts_of(body, "container", "thread_ts") or ts_of(body, "message", "thread_ts")
    asks = isinstance(request.command, Question)
    if _passing(body):
        address = Address("respond", channel, user=sender.user, url=text_of(body, "response_url"), echo=asks)
        conversation = f"{channel}:command:{sender.user}"
        command = (
            Question(request.command.text, private=True) if isinstance(request.command, Question) else request.command
        )
    else:
        direct, command = _is_direct(channel), request.command
        kind: Literal["post", "respond"] = "respond" if isinstance(command, Refer) else "post"
        address = Address(kind, channel, thread if direct else thread or ts, sender.user, echo=asks)
        conversation = f"{channel}:{thread}" if thread else channel if direct else f"{channel}:{ts}"
    placed = replace(sender, thread=conversation, direct=_is_direct(channel))
    return Press(Request(request.key, placed, command, str(address), request.at), trigger, address=address)


def acting(body: Payload) -> tuple[str, str] | None:
    """Workspace and user of an interaction; None for a user who is at home in another workspace."""
    tenant, user = id_of(body, "team", "id"), id_of(body, "user", "id")
    homes = {id_of(body, "user", "team_id"), id_of(body, "view", "app_installed_team_id")}
    return (tenant, user) if tenant and user and homes <= {"", tenant} else None


def _alone(tenant: str, user: str, name: str = "") -> Sender:
    """A person in the direct chat, whose channel need not be known."""
    return Sender(PLATFORM, tenant, user, "", f"direct:{user}", name, direct=True)


def _is_direct(channel: str) -> bool:
    """Whether it is the direct chat with one person; of several people, and channels, the ids begin otherwise."""
    return channel.startswith("D")


def _channel(body: Payload) -> str:
    """Where the message stands whose button was pressed; empty for one in a view."""
    return id_of(body, "container", "channel_id") or id_of(body, "channel", "id")


def _passing(body: Payload) -> bool:
    """Whether the message is one that only the presser sees, and that is gone after a while."""
    return map_of(body, "container").get("is_ephemeral") is True


def _not_said(event: Payload) -> bool:
    """Whether this is not a new message of a person's."""
    bot = event.get("bot_id") or event.get("bot_profile") or event.get("hidden")
    return bool(bot) or (event.get("subtype") or "") not in SUBTYPES


def _pressed(action: str, value: str) -> Command | None:
    verb = action.split(":", maxsplit=1)[0]
    if verb == "rate":
        verb, _, value = value.partition(":")
        verb = f"rate_{verb}"
    return pressed(verb, value)
