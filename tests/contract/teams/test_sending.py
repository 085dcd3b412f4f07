"""What happens to an answer when the connector refuses, hangs, or has heard it already."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from adapters.intake import DeliveryError
from adapters.teams import connector
from bot.commands import Home, Request, Sender
from bot.outcome import Outcome
from bot.service import Service
from tests.contract.teams.activities import message
from tests.contract.teams.fakes import TENANT, Platform
from tests.contract.teams.serving import Served, serving

QUESTION = "公式で写真を載せるときの注意は？"


def request(served: Served, **changes: Any) -> Request:
    """A request whose answer goes to the direct chat."""
    found = {"service_url": served.platform.service_url, "tenant": TENANT, "kind": "personal", "conversation": "a:1",
             "activity": "7", "bot": ["28:x", "b"], "user": ["29:x", "u"], **changes}  # fmt: skip
    return Request("k", Sender("teams", TENANT, "u", "a:1", "a:1"), Home(), json.dumps(found), 0.0)


OneSend = Callable[[tuple[int, dict[str, str]]], DeliveryError]


@pytest.fixture
def one_send(service: Service, tmp_path: Path, platform: Platform) -> OneSend:
    """Sends one answer to a connector that refuses it."""

    def run(refusal: tuple[int, dict[str, str]]) -> DeliveryError:
        async def scene() -> DeliveryError:
            platform.refusals = [refusal]
            async with serving(service, tmp_path, platform, working=False) as served:
                with pytest.raises(DeliveryError) as caught:
                    await served.front._send(request(served), outcome(served))
                return caught.value

        return asyncio.run(scene())

    return run


def outcome(served: Served) -> Outcome:
    return Outcome(served.office.desk.cards("asahikawa").contacts())


def test_the_same_message_delivered_several_times_in_any_order_is_answered_once(
    service: Service, tmp_path: Path, platform: Platform
) -> None:
    async def scene() -> None:
        async with serving(service, tmp_path, platform) as served:
            # Of one person no more than the limit of a minute: 18 questions of 18 people.
            posts = []
            chance = Random(3)  # noqa: S311  # an order, no secret
            for number in range(18):
                person = {"id": f"29:{number}", "name": "x", "aadObjectId": f"u{number}"}
                one = message(platform, QUESTION, id=f"q{number}", **{"from": person})
                posts += [one] * chance.randint(1, 4)
            chance.shuffle(posts)
            assert set(await asyncio.gather(*map(served.post, posts))) == {201}
            await served.quiet()
            replies = [sent.body["replyToId"] for sent in platform.sent]
            assert sorted(replies) == sorted(f"q{number}" for number in range(18))

    asyncio.run(scene())


def test_too_many_requests_at_the_connector_delay_the_answer_and_never_double_it(
    service: Service, tmp_path: Path, platform: Platform
) -> None:
    platform.refusals = [(429, {"Retry-After": "1"})]

    async def scene() -> None:
        async with serving(service, tmp_path, platform) as served:
            started = time.monotonic()
            assert await served.post(message(platform, QUESTION)) == 201
            await served.sent(1, 15.0)
            assert time.monotonic() - started >= 1.0
            await served.quiet()
            assert len(platform.sent) == 1
            assert platform.refusals == []

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("refusal", "least", "most"),
    [
        ((429, {"Retry-After": "7"}), 7.0, 7.0),
        ((429, {}), 5.0, 10.0),
        ((429, {"Retry-After": "Sat, 21 Nov 2026 05:00:00 GMT"}), 5.0, 10.0),
        ((429, {"Retry-After": "99999999"}), 3600.0, 3600.0),
        ((412, {}), 2.0, 4.0),
        ((502, {}), 2.0, 4.0),
        ((504, {"Retry-After": "3"}), 3.0, 3.0),
        ((401, {}), 60.0, 120.0),
    ],
)
def test_a_refusal_that_may_pass_says_when_to_try_again(
    one_send: OneSend, refusal: tuple[int, dict[str, str]], least: float, most: float
) -> None:
    error = one_send(refusal)
    assert error.retry_after is not None
    assert least <= error.retry_after <= most


def test_what_an_earlier_try_has_sent_of_an_answer_is_not_sent_again(
    service: Service, tmp_path: Path, platform: Platform
) -> None:
    platform.refusals = [(201, {}), (429, {"Retry-After": "1"})]  # the citations go through, the card does not

    async def scene() -> None:
        async with serving(service, tmp_path, platform) as served:
            await served.post(message(platform, QUESTION))
            await served.sent(1, 15.0)
            await served.quiet()
            assert (len(platform.cited), len(platform.sent)) == (1, 1)

    asyncio.run(scene())


@pytest.mark.parametrize("status", [400, 403, 404, 413, 302])
def test_a_refusal_that_will_not_pass_is_final(one_send: OneSend, status: int) -> None:
    error = one_send((status, {"Location": "http://169.254.169.254/"}))
    assert error.retry_after is None
    assert error.reason == f"http {status}"


def test_no_turn_and_no_send_takes_longer_than_its_limit_when_the_connector_hangs(
    service: Service, tmp_path: Path, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert connector.SEND_SECONDS == 10.0
    monkeypatch.setattr(connector, "SEND_SECONDS", 0.5)
    monkeypatch.setattr("adapters.teams.delivery.SEND_SECONDS", 0.5)
    platform.hang = 30.0

    async def scene() -> None:
        async with serving(service, tmp_path, platform, working=False) as served:
            async with asyncio.timeout(platform.hang / 2):  # neither waits for the connector to wake up
                assert await served.post(message(platform, QUESTION)) == 201
                with pytest.raises(DeliveryError) as caught:
                    await served.front._send(request(served), outcome(served))
            assert caught.value.retry_after is not None

    asyncio.run(scene())


@pytest.mark.parametrize(
    "changes",
    [
        {"service_url": "https://evil.example/"},
        {"service_url": "http://169.254.169.254/"},
        {"tenant": "other"},
    ],
)
def test_a_kept_address_is_checked_again_before_anything_is_sent_there(
    service: Service, tmp_path: Path, platform: Platform, changes: dict[str, str]
) -> None:
    async def scene() -> None:
        async with serving(service, tmp_path, platform, working=False) as served:
            with pytest.raises(DeliveryError) as caught:
                await served.front._send(request(served, **changes), outcome(served))
            assert caught.value.retry_after is None
            broken = replace(request(served), address="{}")
            with pytest.raises(DeliveryError):
                await served.front._send(broken, outcome(served))

    asyncio.run(scene())


def test_after_the_front_has_stopped_nobody_is_let_in_and_what_was_accepted_is_still_sent(
    service: Service, tmp_path: Path, platform: Platform
) -> None:
    platform.hang = 0.3

    async def scene() -> None:
        async with serving(service, tmp_path, platform) as served:
            assert await served.post(message(platform, QUESTION)) == 201
            await served.front.stop()
            assert await served.post(message(platform, QUESTION, id="2")) == 503
            await served.sent(1)

    asyncio.run(scene())


def test_neither_a_question_nor_a_name_stands_in_the_log(
    service: Service, tmp_path: Path, platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    platform.refusals = [(500, {}), (403, {})]

    async def scene() -> None:
        async with serving(service, tmp_path, platform) as served:
            await served.post(message(platform, "カナリア123の写真は載せてよいか"))
            await served.post(message(platform, "カナリア123の写真は載せてよいか", id="2"))
            await asyncio.sleep(0.3)

    with caplog.at_level(logging.DEBUG):
        asyncio.run(scene())
    assert "カナリア123" not in caplog.text
    assert "旭川 花子" not in caplog.text
    assert "the-bots-own-token" not in caplog.text
