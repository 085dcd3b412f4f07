"""The app manifest, made from the same lists that the listeners and the Web API calls go by."""

from __future__ import annotations

from typing import Any

from adapters.slack import texts
from adapters.slack.surface import (
    CHECK_COMMAND,
    CHECK_GLOBAL,
    CHECK_MESSAGE,
    COMMAND,
    ENDPOINT,
    EVENTS,
    SHORTCUT_GLOBAL,
    SHORTCUT_MESSAGE,
    scopes,
)
from bot.errors import SettingsError
from bot.settings import Settings

COLOUR = "#1f4e79"

SHORTCUTS = (
    (texts.SHORTCUT_MESSAGE, "message", SHORTCUT_MESSAGE, texts.SHORTCUT_MESSAGE_DESCRIPTION),
    (texts.CHECK_SHORTCUT, "message", CHECK_MESSAGE, texts.CHECK_MESSAGE_DESCRIPTION),
    (texts.SHORTCUT_GLOBAL, "global", SHORTCUT_GLOBAL, texts.SHORTCUT_GLOBAL_DESCRIPTION),
    (texts.CHECK_SHORTCUT, "global", CHECK_GLOBAL, texts.CHECK_GLOBAL_DESCRIPTION),
)
COMMANDS = (
    (COMMAND, texts.COMMAND_DESCRIPTION, texts.COMMAND_HINT),
    (CHECK_COMMAND, texts.CHECK_COMMAND_DESCRIPTION, texts.CHECK_COMMAND_HINT),
)


def manifest(settings: Settings) -> dict[str, Any]:
    """For Socket Mode, unless only the signing secret is set: then for HTTP at the page's address.

    Raises SettingsError where HTTP mode has no address.
    """
    address = _address(settings)
    request_url = {"request_url": address} if address else {}
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": texts.APP_NAME,
            "description": texts.APP_DESCRIPTION,
            "background_color": COLOUR,
        },
        "features": _features(address),
        "oauth_config": {"scopes": {"bot": scopes()}},
        "settings": {
            "event_subscriptions": {**request_url, "bot_events": sorted(EVENTS)},
            "interactivity": {"is_enabled": True, **request_url},
            "org_deploy_enabled": False,
            "socket_mode_enabled": address is None,
            "token_rotation_enabled": False,
        },
    }


def _features(address: str | None) -> dict[str, Any]:
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "guideline-bot", "always_online": True},
        "shortcuts": [
            {"name": name, "type": kind, "callback_id": callback, "description": description}
            for name, kind, callback, description in SHORTCUTS
        ],
        "slash_commands": [
            {
                "command": command,
                "description": description,
                "usage_hint": hint,
                "should_escape": False,
                **({"url": address} if address else {}),
            }
            for command, description, hint in COMMANDS
        ],
        "agent_view": {"agent_description": texts.AGENT_DESCRIPTION},
    }


def _address(settings: Settings) -> str | None:
    """Where Slack sends requests in HTTP mode; None in Socket Mode."""
    if settings.slack_app_token or not settings.slack_signing_secret:
        return None
    if not settings.url or not settings.url.startswith("https://"):
        raise SettingsError(
            "E222",
            "SlackのHTTPモードには、外から届く https:// のアドレスが必要です（GUIDELINE_BOT_URL）。",
            "Slack's HTTP mode needs an https:// address (GUIDELINE_BOT_URL).",
        )
    return settings.url.rstrip("/") + ENDPOINT
