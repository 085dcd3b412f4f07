"""Slack's payloads, cut to what matters.

Shapes: events from github.com/slackapi/java-slack-sdk, json-logs/samples/events (AppMentionPayload, MessagePayload,
TeamJoinPayload, TokensRevokedPayload, AppUninstalledPayload, AppHomeOpenedPayload), interactions from
json-logs/samples/app-backend (BlockActionPayload, ViewSubmissionPayload, MessageShortcutPayload, GlobalShortcutPayload,
SlashCommandPayload); the tab of app_home_opened and feedback_buttons from docs.slack.dev/reference.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from tests.contract.slack.fake import BOT, TEAM

USER, CHANNEL, DIRECT = "U0ASKER", "C0100", "D0ASKER"

_numbers = itertools.count(1)


def new_ts() -> str:
    return f"1800000100.{next(_numbers):06d}"


def event(inner: dict[str, Any], **more: object) -> dict[str, Any]:
    """The outer envelope of the Events API."""
    return {
        "token": "unused",
        "team_id": TEAM,
        "api_app_id": "A0001",
        "event": {"event_ts": inner.get("ts", "1800000000.000001"), **inner},
        "type": "event_callback",
        "event_id": f"Ev{next(_numbers):08d}",
        "event_time": 1_800_000_000,
        "authorizations": [
            {"enterprise_id": None, "team_id": TEAM, "user_id": BOT, "is_bot": True, "is_enterprise_install": False}
        ],
        "is_ext_shared_channel": False,
        **more,
    }


def mention(text: str, ts: str = "", **more: object) -> dict[str, Any]:
    said = {"type": "app_mention", "user": USER, "text": f"<@{BOT}> {text}", "ts": ts or new_ts(), "team": TEAM}
    return event({**said, "channel": CHANNEL, **more})


def message(text: str, ts: str = "", **more: object) -> dict[str, Any]:
    said = {"type": "message", "user": USER, "text": text, "ts": ts or new_ts(), "team": TEAM}
    return event({**said, "channel": CHANNEL, "channel_type": "channel", **more})


def direct(text: str, **more: object) -> dict[str, Any]:
    return message(text, **{"channel": DIRECT, "channel_type": "im", **more})  # type: ignore[arg-type]


def joined(user: str = "U0NEW", **more: object) -> dict[str, Any]:
    person = {"id": user, "team_id": TEAM, "name": "atarashii", "is_bot": False, **more}
    return event({"type": "team_join", "user": person})


def opened(tab: str) -> dict[str, Any]:
    return event({"type": "app_home_opened", "user": USER, "channel": DIRECT, "tab": tab})


def uninstalled() -> dict[str, Any]:
    return event({"type": "app_uninstalled"})


def revoked() -> dict[str, Any]:
    return event({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [BOT]}})


def command(text: str, url: str, **more: object) -> dict[str, str]:
    """A form, not JSON."""
    return {
        "token": "unused",
        "team_id": TEAM,
        "team_domain": "shiyakusho",
        "channel_id": CHANNEL,
        "channel_name": "general",
        "user_id": USER,
        "user_name": "suzuki",
        "command": "/guideline",
        "text": text,
        "api_app_id": "A0001",
        "response_url": url,
        "trigger_id": f"111.222.{next(_numbers)}",
        **{key: str(value) for key, value in more.items()},
    }


def _interaction(kind: str, **more: object) -> dict[str, Any]:
    return {
        "type": kind,
        "team": {"id": TEAM, "domain": "shiyakusho"},
        "user": {"id": USER, "username": "suzuki", "name": "suzuki", "team_id": TEAM},
        "api_app_id": "A0001",
        "token": "unused",
        "trigger_id": f"111.333.{next(_numbers)}",
        "enterprise": None,
        "is_enterprise_install": False,
        **more,
    }


def press(action: str, value: str = "", **more: object) -> dict[str, Any]:
    """A button in a message of the bot's in a thread."""
    ts = new_ts()
    action_of = {"action_id": action, "block_id": "b1", "type": "button", "value": value, "action_ts": ts}
    container = {"type": "message", "message_ts": ts, "channel_id": CHANNEL, "is_ephemeral": False}
    shown = {
        "container": {**container, "thread_ts": "1800000100.000000"},
        "channel": {"id": CHANNEL, "name": "general"},
        "message": {"type": "message", "ts": ts, "bot_id": "B0BOT", "thread_ts": "1800000100.000000"},
    }
    return _interaction("block_actions", **{**shown, "actions": [action_of], **more})


def press_direct(action: str, value: str = "") -> dict[str, Any]:
    """A button in a message of the bot's in the direct chat."""
    body = press(action, value, channel={"id": DIRECT, "name": "directmessage"})
    ts = body["container"]["message_ts"]
    body["container"] = {"type": "message", "message_ts": ts, "channel_id": DIRECT, "is_ephemeral": False}
    del body["message"]["thread_ts"]
    return body


def press_alone(action: str, value: str, url: str) -> dict[str, Any]:
    """A button in a message that only the presser sees."""
    body = press(action, value, response_url=url)
    ts = body["container"]["message_ts"]
    body["container"] = {"type": "message", "message_ts": ts, "channel_id": CHANNEL, "is_ephemeral": True}
    del body["message"]
    return body


def press_view(action: str, value: str, view: str = "modal", **more: object) -> dict[str, Any]:
    """A button in a modal or in the home tab."""
    shown = {"id": "V0001", "type": view, "team_id": TEAM, "private_metadata": "", **more}
    body = press(action, value, view=shown)
    body["container"] = {"type": "view", "view_id": "V0001"}
    del body["message"], body["channel"]
    return body


def submission(question: str, channel: str = "") -> dict[str, Any]:
    values = {"question": {"text": {"type": "plain_text_input", "value": question}}}
    view = {"id": "V0002", "team_id": TEAM, "type": "modal", "callback_id": "ask_question", "state": {"values": values}}
    return _interaction("view_submission", view={**view, "private_metadata": channel, "app_installed_team_id": TEAM})


def message_shortcut(text: str) -> dict[str, Any]:
    posted = {"type": "message", "user": "U0OTHER", "ts": new_ts(), "text": text, "team": TEAM}
    channel = {"id": CHANNEL, "name": "general"}
    return _interaction("message_action", callback_id="ask_about_message", channel=channel, message=posted)


def global_shortcut() -> dict[str, Any]:
    return _interaction("shortcut", callback_id="ask")


def check_command(text: str, url: str, **more: object) -> dict[str, str]:
    return command(text, url, command="/check-draft", **more)


def check_message(text: str, url: str, files: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """The shortcut 「下書きを点検」 on a message."""
    body = message_shortcut(text)
    return {
        **body,
        "callback_id": "check_draft",
        "response_url": url,
        "message": {**body["message"], "files": list(files)},
    }


def check_global() -> dict[str, Any]:
    return _interaction("shortcut", callback_id="open_check")


def check_submission(text: str | None, account: str | None = "official", metadata: str = CHANNEL) -> dict[str, Any]:
    """The form for a draft, sent. An empty field's value is null."""
    chosen = {"text": {"type": "plain_text", "text": "公式アカウント"}, "value": account}
    radio = {"type": "radio_buttons", "selected_option": chosen if account else None}
    values = {"account": {"value": radio}, "text": {"value": {"type": "plain_text_input", "value": text}}}
    view = {"id": "V0003", "team_id": TEAM, "type": "modal", "callback_id": "check", "state": {"values": values}}
    return _interaction("view_submission", view={**view, "private_metadata": metadata, "app_installed_team_id": TEAM})
