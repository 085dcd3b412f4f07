"""The front beside others on one site: start, stop, trouble behind the page, the log."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from adapters.web.app import WebFront
from bot.desk import Desk
from bot.errors import SettingsError
from bot.outcome import Outcome
from bot.service import Service
from bot.settings import Settings
from bot.testing import office
from tests.contract.web.serving import ASK, one_line, post, served


def test_an_unknown_preselected_organisation_stops_the_start(service: Service, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="nowhere"), served(service, tmp_path, Settings(port=0, org="nowhere")):
        pass


def test_other_fronts_routes_are_left_alone(service: Service, tmp_path: Path) -> None:
    async def other(_request: web.Request) -> web.Response:
        return web.Response(text="theirs")

    async def run() -> None:
        behind = office(service, tmp_path, [])
        app = web.Application()
        app.router.add_post("/others/events", other)
        WebFront(behind.intake, Settings(port=0)).routes(app)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        address = f"http://127.0.0.1:{runner.addresses[0][1]}/others/events"
        async with ClientSession() as session, session.post(address, headers={"Host": "public.example"}) as reply:
            assert (reply.status, await reply.text()) == (200, "theirs")
            assert "Content-Security-Policy" not in reply.headers
        await runner.cleanup()
        behind.store.close()

    asyncio.run(run())


def test_trouble_behind_the_page_is_one_line_and_no_word_of_the_question_is_logged(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_desk: Desk, _request: object) -> Outcome:
        raise RuntimeError(ASK["question"])

    monkeypatch.setattr(Desk, "handle", broken)
    with served(service, tmp_path) as site, caplog.at_level(logging.DEBUG):
        reply = post(site, "/api/ask", ASK)
        assert reply.status == 500
        assert "もう一度" in one_line(reply)
    assert "RuntimeError" in caplog.text
    assert "短縮" not in caplog.text


def test_nothing_that_is_asked_or_read_is_logged(
    service: Service, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with served(service, tmp_path) as site, caplog.at_level(logging.DEBUG):
        assert post(site, "/api/ask", ASK).status == 200
        assert post(site, "/api/ask", {**ASK, "account": "秘密の言葉"}).status == 400
    assert "短縮" not in caplog.text
    assert "秘密" not in caplog.text


def test_who_opens_the_page_to_other_machines_is_warned(
    service: Service, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with served(service, tmp_path, Settings(port=0, host="192.0.2.1")) as site:
        assert site.front.ready() is None
    assert "192.0.2.1" in caplog.text
