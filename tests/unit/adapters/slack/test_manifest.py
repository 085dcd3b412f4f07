"""The manifest is what the code needs: no more, no less, and spelt as Slack spells it."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import jsonschema
import pytest

from adapters.slack.manifest import manifest
from adapters.slack.surface import EVENTS, METHODS, event_types, scopes
from bot.errors import SettingsError
from bot.settings import Secret, Settings

ROOT = Path(__file__).parents[4]
SCHEMA = ROOT.parent / "shared" / "schemas" / "slack-manifest.schema.2.0.0.json"
SHIPPED = ROOT / "deploy" / "slack" / "manifest.json"

SCOPES = """app_mentions:read assistant:write bookmarks:read bookmarks:write channels:history channels:join
channels:manage channels:read chat:write chat:write.customize chat:write.public commands conversations.connect:manage
conversations.connect:read dnd:read emoji:read files:read files:write groups:history groups:read groups:write im:history
im:read im:write incoming-webhook links:read links:write metadata.message:read mpim:history mpim:read mpim:write
pins:read pins:write reactions:read reactions:write reminders:read reminders:write team:read usergroups:read
usergroups:write users.profile:read users:read users:read.email users:write"""
"""Bot scopes as Slack names them (docs.slack.dev/reference/scopes): the schema takes any text."""

NAMES = """app_home_opened app_mention app_uninstalled assistant_thread_context_changed assistant_thread_started
channel_archive channel_created channel_deleted channel_rename file_shared group_left link_shared member_joined_channel
member_left_channel message.app_home message.channels message.groups message.im message.mpim reaction_added
reaction_removed team_join tokens_revoked user_change"""
"""Events as Slack names them (docs.slack.dev/reference/events)."""

HTTP = Settings(slack_signing_secret=Secret("s"), url="https://guideline.example.lg.jp")


@pytest.mark.parametrize("settings", [Settings(), HTTP], ids=["socket", "http"])
def test_the_manifest_keeps_to_slacks_schema(settings: Settings) -> None:
    if not SCHEMA.is_file():
        pytest.skip("Slack's schema of manifests is not beside this checkout (../shared/schemas)")
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.validate(manifest(settings), schema)


def test_scopes_and_events_are_spelt_as_slack_spells_them() -> None:
    made = manifest(Settings())
    assert set(made["oauth_config"]["scopes"]["bot"]) <= set(SCOPES.split())
    assert set(made["settings"]["event_subscriptions"]["bot_events"]) <= set(NAMES.split())


def test_every_event_asked_for_has_a_listener_and_every_listener_an_event() -> None:
    source = (ROOT / "adapters/slack/listening.py").read_text(encoding="utf-8")
    listed = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.AnnAssign) and "events" in ast.dump(node.target)
    ]
    (table,) = [ast.unparse(node.value) for node in listed if isinstance(node.value, ast.Dict)]
    heard = {key.value for key in ast.parse(table, mode="eval").body.keys}  # type: ignore[attr-defined]
    assert heard == {name.split(".")[0] for name in EVENTS} == set(event_types())


def test_every_method_that_is_called_is_listed_with_its_scope_and_no_other() -> None:
    called = set()
    for path in (ROOT / "adapters/slack").glob("*.py"):
        if path.name == "surface.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in METHODS:
                called.add(node.value)
    assert called == set(METHODS)
    assert scopes() == sorted(
        {"commands", *(scope for each in (*EVENTS.values(), *METHODS.values()) for scope in each)}
    )


def test_http_mode_names_its_addresses_and_socket_mode_has_none() -> None:
    http, socket = manifest(HTTP), manifest(Settings(slack_app_token=Secret("x"), slack_signing_secret=Secret("s")))
    address = "https://guideline.example.lg.jp/slack/events"
    assert http["settings"]["event_subscriptions"]["request_url"] == address
    assert http["settings"]["interactivity"]["request_url"] == address
    assert [one["url"] for one in http["features"]["slash_commands"]] == [address, address]
    assert not http["settings"]["socket_mode_enabled"]
    assert socket["settings"]["socket_mode_enabled"]
    assert "url" not in json.dumps(socket)


def test_commands_and_shortcuts_are_offered_under_the_names_that_the_listeners_know() -> None:
    features = manifest(Settings())["features"]
    assert [one["command"] for one in features["slash_commands"]] == ["/guideline", "/check-draft"]
    offered = {(one["type"], one["callback_id"]) for one in features["shortcuts"]}
    asks = {("message", "ask_about_message"), ("global", "ask")}
    checks = {("message", "check_draft"), ("global", "open_check")}
    assert offered == asks | checks
    assert all(len(one["name"]) <= 24 and len(one["description"]) <= 150 for one in features["shortcuts"])


@pytest.mark.parametrize("url", [None, "http://guideline.example.lg.jp"])
def test_http_mode_without_an_https_address_is_an_error(url: str | None) -> None:
    with pytest.raises(SettingsError) as caught:
        manifest(Settings(slack_signing_secret=Secret("s"), url=url))
    assert caught.value.code == "E222"


def test_the_shipped_manifest_is_the_one_the_code_makes() -> None:
    assert json.loads(SHIPPED.read_text(encoding="utf-8")) == manifest(Settings())
