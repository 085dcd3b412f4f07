"""A token that Slack refuses closes Slack's front, and nothing else."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from adapters.server import Server
from adapters.slack.app import SlackFront
from bot.bootstrap import build_core
from bot.service import Service
from bot.settings import Secret, Settings
from bot.testing import Office, office
from tests.contract.slack.fake import slack
from tests.contract.slack.payloads import mention
from tests.contract.slack.serving import WORKSPACE, serving, settings_for

PHOTO = "公式で写真を載せるときの注意は？"
REVOKED = (200, {"ok": False, "error": "token_revoked"}, {})


@contextlib.asynccontextmanager
async def _front(service: Service, folder: Path, settings: Settings) -> AsyncIterator[tuple[SlackFront, Office]]:
    behind = office(service, folder, [WORKSPACE])
    front = SlackFront(behind.intake, settings, behind.store.places)
    try:
        await front.start()
        yield front, behind
    finally:
        await front.stop()
        behind.store.close()


@pytest.mark.parametrize(
    ("wrong", "variable"),
    [
        ({"slack_bot_token": Secret("xoxb-wrong")}, "GUIDELINE_BOT_SLACK_BOT_TOKEN"),
        ({"slack_app_token": Secret("xapp-wrong")}, "GUIDELINE_BOT_SLACK_APP_TOKEN"),
    ],
)
def test_a_refused_token_is_named_in_one_line_and_the_front_stays_closed(
    service: Service, tmp_path: Path, caplog: pytest.LogCaptureFixture, wrong: dict[str, Secret], variable: str
) -> None:
    async def run() -> None:
        async with slack() as fake:
            settings = replace(settings_for(fake, socket=True), **wrong)
            async with _front(service, tmp_path, settings) as (front, _):
                assert front.ready() == "slack: token refused"
                await fake.quiet()
                assert fake.sockets == []

    asyncio.run(run())
    (line,) = [one for one in caplog.records if one.levelname == "ERROR" and one.name == "adapters.slack.app"]
    assert variable in line.getMessage()
    assert "invalid_auth" in line.getMessage()
    assert "xoxb-wrong" not in caplog.text


def test_a_token_refused_only_after_an_outage_closes_the_connection_again(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.app.AGAIN_SECONDS", 0.3)

    async def run() -> None:
        async with slack() as fake:
            away = (503, {"ok": False, "error": "service_unavailable"}, {})
            fake.failures["auth.test"].extend([away, REVOKED])
            async with _front(service, tmp_path, settings_for(fake, socket=True)) as (front, _):
                await fake.connected()
                async with asyncio.timeout(10):
                    while front.ready() != "slack: token refused":  # noqa: ASYNC110  # no event tells
                        await asyncio.sleep(0.02)
                    while not all(one.closed for one in fake.sockets):  # noqa: ASYNC110  # as above
                        await asyncio.sleep(0.02)
                await fake.quiet(0.5)
                assert len(fake.sockets) == 1
                assert front.ready() == "slack: token refused"

    asyncio.run(run())


def test_a_closed_front_takes_nothing_and_what_waits_is_answered_after_the_next_start(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.sending.REFUSED_SECONDS", 0.5)

    async def run() -> None:
        async with slack() as fake:
            async with serving(service, tmp_path, fake, workers=False) as served:
                await served.event(mention(PHOTO))
            wrong = replace(settings_for(fake), slack_bot_token=Secret("xoxb-wrong"))
            async with serving(service, tmp_path, fake, wrong) as served:
                assert (await served.post(b"{}", "application/json"))[0] == 503
                await asyncio.sleep(0.3)
                assert served.office.store.inbox.waiting() == 1
            assert fake.posts == []
            async with serving(service, tmp_path, fake) as served:
                await fake.wait()

    asyncio.run(run())


def test_the_page_is_served_while_slack_refuses_the_token(tmp_path: Path) -> None:
    async def run() -> None:
        async with slack() as fake:
            database = Secret(f"sqlite:///{(tmp_path / 'all.sqlite3').as_posix()}")
            wrong = {"slack_bot_token": Secret("xoxb-wrong"), "database": database, "port": 0}
            settings = replace(settings_for(fake, socket=True), **wrong)
            core = build_core(settings)
            server = Server(settings, core)
            async with server.running(), aiohttp.ClientSession() as session:
                for path, status in (("/healthz", 200), ("/", 200), ("/readyz", 503)):
                    async with session.get(server.address + path) as response:
                        assert response.status == status
            core.store.close()

    asyncio.run(run())
