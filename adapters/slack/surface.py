"""What is registered with Slack: one list for the listeners and for the manifest."""

from __future__ import annotations

COMMAND = "/guideline"
CHECK_COMMAND = "/check-draft"
SHORTCUT_MESSAGE = "ask_about_message"
SHORTCUT_GLOBAL = "ask"
CHECK_MESSAGE = "check_draft"
CHECK_GLOBAL = "open_check"
ASK_VIEW = "ask_question"
CHECK_VIEW = "check"
ENDPOINT = "/slack/events"

EVENTS = {
    "app_mention": ("app_mentions:read",),
    "message.im": ("im:history",),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "app_home_opened": (),
    "team_join": ("users:read",),
    "app_uninstalled": (),
    "tokens_revoked": (),
}
"""Events asked for, each with the scopes it needs. `message.channels` and `.groups`: threads the bot takes part in."""

METHODS = {
    "auth.test": (),
    "chat.postMessage": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "conversations.open": ("im:write",),
    "conversations.history": ("im:history",),
    "files.info": ("files:read",),
    "users.lookupByEmail": ("users:read", "users:read.email"),
    "views.open": (),
    "views.push": (),
    "views.update": (),
    "views.publish": (),
    "assistant.threads.setSuggestedPrompts": ("assistant:write",),
}
"""Web API methods that are called, each with the scopes it needs. `files:read` is also for reading the file itself."""

READS = ("files.info", "conversations.history", "users.lookupByEmail")
"""Methods that take no JSON."""

COMMAND_SCOPES = ("commands",)
"""For slash commands and shortcuts."""


def scopes() -> list[str]:
    """All scopes the bot token needs, and no more."""
    needed = {*COMMAND_SCOPES}
    for each in (*EVENTS.values(), *METHODS.values()):
        needed.update(each)
    return sorted(needed)


def event_types() -> list[str]:
    """The types by which listeners tell events apart: `message.im` and its kin arrive as `message`."""
    return sorted({name.split(".")[0] for name in EVENTS})
