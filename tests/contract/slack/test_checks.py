"""What `doctor` says about Slack, in words."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.slack.checks import service, tokens
from adapters.slack.surface import scopes
from bot.remarks import Remark
from bot.settings import Secret, Settings
from tests.contract.slack.fake import FakeSlack, slack
from tests.contract.slack.serving import settings_for


def _said(remarks: Iterator[Remark]) -> str:
    return "\n".join(f"{one.level} {one.text}" for one in remarks)


@pytest.fixture
def fake() -> Iterator[FakeSlack]:
    """A fake Slack in a thread: the checks have an event loop of their own."""
    loop, there = asyncio.new_event_loop(), threading.Event()
    found: list[FakeSlack] = []
    end = asyncio.Event()

    async def run() -> None:
        async with slack() as one:
            found.append(one)
            there.set()
            await end.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(run()))
    thread.start()
    assert there.wait(10)
    yield found[0]
    loop.call_soon_threadsafe(end.set)
    thread.join(10)
    loop.close()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (Settings(slack_bot_token=Secret("xoxp-1"), slack_app_token=Secret("xapp-1")), "xoxb- で始まる"),
        (Settings(slack_bot_token=Secret("xoxb-1"), slack_app_token=Secret("xoxb-1")), "xapp- で始まる"),
        (Settings(slack_app_token=Secret("xapp-1")), "GUIDELINE_BOT_SLACK_BOT_TOKEN がありません"),
        (Settings(slack_bot_token=Secret("xoxb-1")), "どちらかが必要です"),
        (Settings(slack_bot_token=Secret("xoxb-1"), slack_signing_secret=Secret("s")), "GUIDELINE_BOT_URL も"),
        (Settings(slack_bot_token=Secret("xoxb-1"), slack_app_token=Secret("xapp-1")), "ok Socket Mode で受け取ります"),
    ],
)
def test_what_is_set_is_looked_at_without_asking_anybody(settings: Settings, words: str) -> None:
    said = _said(tokens(settings))
    assert words in said
    assert "xoxp-1" not in said


def test_tokens_that_slack_takes_are_fine(fake: FakeSlack) -> None:
    said = _said(service(settings_for(fake, socket=True)))
    assert "ok ワークスペース「市役所」（T0001）につながります。" in said
    assert "ok Socket Mode の接続先を受け取れます。" in said
    assert "error" not in said


@pytest.mark.parametrize("right", ["im:history", "files:read"])
def test_missing_rights_are_named(fake: FakeSlack, right: str) -> None:
    answer = {"ok": True, "team": "市役所", "team_id": "T0001"}
    given = ",".join(one for one in scopes() if one != right)
    fake.failures["auth.test"].append((200, answer, {"x-oauth-scopes": given}))
    assert f"error 権限が足りません（{right}）" in _said(service(settings_for(fake)))
    fake.failures["auth.test"].append((200, answer, {"x-oauth-scopes": ",".join(scopes())}))
    assert "ok 必要な権限がそろっています。" in _said(service(settings_for(fake)))


def test_a_refused_token_and_a_wrong_clock_are_named(fake: FakeSlack) -> None:
    fake.failures["auth.test"].append(
        (200, {"ok": False, "error": "token_revoked"}, {"Date": "Sat, 21 Nov 2020 00:00:00 GMT"})
    )
    said = _said(service(settings_for(fake)))
    assert "GUIDELINE_BOT_SLACK_BOT_TOKEN が受け付けられません（token_revoked）" in said
    assert "秒ずれています" in said


def test_a_workspace_that_is_not_listed_is_named(fake: FakeSlack, tmp_path: Path) -> None:
    path = tmp_path / "workspaces.yaml"
    path.write_text("- platform: slack\n  tenant: T0OTHER\n  org: asahikawa\n", encoding="utf-8")
    said = _said(service(replace(settings_for(fake), workspaces=path)))
    assert "error ワークスペース T0001 が" in said


def test_without_a_way_to_slack_the_proxy_is_named() -> None:
    settings = Settings(slack_bot_token=Secret("xoxb-1"), slack_api="http://127.0.0.1:9/api/")
    assert "プロキシ（HTTPS_PROXY）" in _said(service(settings))
