"""Socket Mode over a real WebSocket: it comes back by itself, and says when it is not there."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.quiet import quiet
from adapters.slack.app import SlackFront
from bot.errors import SettingsError
from bot.service import Service
from bot.settings import Secret, Settings
from bot.testing import office
from tests.contract.slack.conftest import Story
from tests.contract.slack.fake import slack
from tests.contract.slack.payloads import direct
from tests.contract.slack.serving import WORKSPACE, Served, serving, settings_for

Tell = Callable[[Story], None]

PHOTO = "公式で写真を載せるときの注意は？"


def test_when_slack_renews_the_connection_nothing_is_lost(told_over_socket: Tell) -> None:
    async def story(served: Served) -> None:
        first = served.fake.sockets[0]
        await first.send_json({"type": "disconnect", "reason": "refresh_requested", "debug_info": {}})
        while len(served.fake.sockets) < 2:  # noqa: ASYNC110  # no event tells
            await asyncio.sleep(0.01)
        await served.event(direct(PHOTO))
        await served.fake.wait()

    told_over_socket(story)


def test_when_slack_closes_the_connection_it_comes_back_and_ready_knows(told_over_socket: Tell) -> None:
    async def story(served: Served) -> None:
        assert served.front.ready() is None
        began = time.monotonic()
        await served.fake.sockets[0].close()
        while len(served.fake.sockets) < 2:  # noqa: ASYNC110  # no event tells
            await asyncio.sleep(0.01)
        await served.event(direct(PHOTO))
        await served.fake.wait()
        assert time.monotonic() - began < 10
        assert served.front.ready() is None

    told_over_socket(story)


class Cable:
    """Passes bytes on to a port until it is cut: then both ends still look open and nothing comes through."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._cut: set[asyncio.StreamWriter] = set()
        self._ends: set[asyncio.StreamWriter] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._port)
        self._ends |= {writer, back}
        with contextlib.suppress(ConnectionError):
            await asyncio.gather(self._pass(reader, back), self._pass(there, writer))

    def cut(self) -> None:
        self._cut |= self._ends

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            if writer not in self._cut:
                writer.write(data)
        writer.close()


def test_a_line_that_dies_without_a_word_is_replaced_within_ten_seconds(service: Service, tmp_path: Path) -> None:
    async def run() -> None:
        async with slack() as fake:
            cable = Cable(int(fake.url.rsplit(":", 1)[1]))
            server = await asyncio.start_server(cable.serve, "127.0.0.1", 0)
            fake.link = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            async with serving(service, tmp_path, fake, settings_for(fake, socket=True)) as served:
                await served.event(direct(PHOTO))
                await fake.wait(1)
                began = time.monotonic()
                cable.cut()
                while len(fake.sockets) < 2:  # noqa: ASYNC110  # no event tells
                    await asyncio.sleep(0.05)
                await served.event(direct(PHOTO))
                await fake.wait(2)
                assert time.monotonic() - began < 10
            server.close()

    asyncio.run(run())


def test_a_connection_without_a_pong_for_a_minute_is_not_ready(
    told_over_socket: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(served: Served) -> None:
        link = served.front._link
        assert link is not None
        monkeypatch.setattr(link, "last_ping_pong_time", time.time() - 61)
        assert served.front.ready() == "slack: socket mode: silent"

    told_over_socket(story)


def test_two_hundred_questions_at_once_are_all_acknowledged_within_three_seconds(told_over_socket: Tell) -> None:
    async def story(served: Served) -> None:
        async def timed(number: int) -> float:
            began = time.monotonic()
            await served.event(direct(f"写真は？ {number}", user=f"U0{number}"))
            return time.monotonic() - began

        assert max(await asyncio.gather(*(timed(number) for number in range(200)))) < 3
        await served.fake.wait(200)

    told_over_socket(story)


def test_without_a_network_the_start_goes_on_and_ready_says_why(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.app.CONNECT_SECONDS", 0.3)

    async def run() -> None:
        settings = Settings(
            slack_bot_token=Secret("xoxb-1"), slack_app_token=Secret("xapp-1"), slack_api="http://127.0.0.1:9/api/"
        )
        behind = office(service, tmp_path, [WORKSPACE])
        front = SlackFront(behind.intake, settings, behind.store.places)
        await front.start()
        assert front.ready() == "slack: ClientConnectorError"
        await front.stop()
        behind.store.close()

    asyncio.run(run())


def test_an_outage_at_the_start_mends_itself(service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.slack.app.AGAIN_SECONDS", 0.1)

    async def run() -> None:
        async with slack() as fake:
            fake.failures["auth.test"].append((503, {"ok": False, "error": "service_unavailable"}, {}))
            behind = office(service, tmp_path, [WORKSPACE])
            front = SlackFront(behind.intake, settings_for(fake), behind.store.places)
            await front.start()
            assert front.ready() == "slack: service_unavailable"
            await fake.wait(1, "auth.test")
            await asyncio.sleep(0.1)
            assert front.ready() is None
            await front.stop()
            behind.store.close()

    asyncio.run(run())


@pytest.mark.parametrize("missing", [{"slack_bot_token": None}, {"slack_app_token": None}])
def test_half_of_the_settings_is_an_error_that_names_them(
    service: Service, tmp_path: Path, missing: dict[str, None]
) -> None:
    async def run() -> None:
        behind = office(service, tmp_path, [WORKSPACE])
        given = replace(Settings(slack_bot_token=Secret("xoxb-1"), slack_app_token=Secret("xapp-1")), **missing)
        with pytest.raises(SettingsError) as caught:
            SlackFront(behind.intake, given, behind.store.places)
        assert caught.value.code == "E220"
        behind.store.close()

    asyncio.run(run())


def test_answers_in_the_making_are_still_sent_while_the_front_stops(told_over_socket: Tell) -> None:
    async def story(served: Served) -> None:
        for number in range(20):
            await served.event(direct(f"写真は？ {number}", user=f"U0{number}"))
        await served.front.stop()
        await served.fake.wait(20)

    told_over_socket(story)


def test_a_shape_at_which_the_sdk_stumbles_is_acknowledged_so_that_it_does_not_come_for_ever(
    told_over_socket: Tell,
) -> None:
    async def story(served: Served) -> None:
        odd = direct(PHOTO, channel=5)
        await served.event(odd)
        await served.event({**odd, "event": "nothing"})
        await served.event(direct(PHOTO))
        await served.fake.wait()

    told_over_socket(story)


def test_what_the_sdk_logs_holds_no_ticket_and_no_token(caplog: pytest.LogCaptureFixture) -> None:
    logger = quiet("adapters.slack.sdk")
    try:
        raise ConnectionError("wss://wss-primary.slack.com/link/?ticket=12345-secret")  # noqa: TRY301  # as the SDK does
    except ConnectionError as error:
        logger.exception(f"Failed to connect (error: {error}) with xoxb-12-secret; Retrying...")  # noqa: G004, TRY401
    assert "secret" not in caplog.text
    assert "Failed to connect (error: …" in caplog.text
    assert "[ConnectionError]" in caplog.text
