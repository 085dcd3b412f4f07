"""Who is let in. Every forged or malformed call ends in 4xx; no handler runs, nothing is stored, nothing is sent."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from yarl import URL

from bot.errors import SettingsError
from bot.service import Service
from tests.contract.teams.activities import BOT, PERSON, PERSONAL, in_channel, message, search
from tests.contract.teams.fakes import TENANT, Platform, jwk
from tests.contract.teams.forgeries import FORGED, OTHER_KEY, now
from tests.contract.teams.serving import DEVELOPMENT, Served, serving

QUESTION = "写真を載せるときの注意は？"


@pytest.fixture
def play(service: Service, tmp_path: Path, platform: Platform) -> Callable[..., None]:
    def run(scene: Callable[[Served], Awaitable[None]], **changes: Any) -> None:
        async def whole() -> None:
            async with serving(service, tmp_path, platform, **changes) as served:
                await scene(served)
                assert served.handled == []
                assert served.office.store.inbox.waiting() == 0
                assert platform.sent == []

        platform.keys.append(jwk("webchat", OTHER_KEY, ("webchat",)))
        asyncio.run(whole())

    return run


def test_no_forged_token_is_let_in(play: Callable[..., None], caplog: pytest.LogCaptureFixture) -> None:
    assert len(FORGED) >= 20

    async def scene(served: Served) -> None:
        answers = {name: await served.post(message(served.platform, QUESTION), forge(served.platform))
                   for name, forge in FORGED.items()}  # fmt: skip
        assert {name: status for name, status in answers.items() if status not in (401, 403)} == {}

    with caplog.at_level(logging.DEBUG):
        play(scene)
    assert QUESTION not in caplog.text
    assert "eyJ" not in caplog.text  # no token


def test_the_right_token_is_let_in(service: Service, tmp_path: Path, platform: Platform) -> None:
    async def scene() -> None:
        async with serving(service, tmp_path, platform) as served:
            assert await served.post(message(platform, QUESTION)) == 201
            late = f"Bearer {platform.token(exp=now() - 200, nbf=now() + 200)}"  # clocks differ a little
            assert await served.post(message(platform, QUESTION, id="2"), late) == 201

    asyncio.run(scene())


def body(**fields: Any) -> Callable[[Platform], bytes]:
    return lambda platform: json.dumps({**message(platform, QUESTION), **fields}).encode()


def without(name: str) -> Callable[[Platform], bytes]:
    def make(platform: Platform) -> bytes:
        found = message(platform, QUESTION)
        del found[name]
        return json.dumps(found).encode()

    return make


MALFORMED: dict[str, tuple[Callable[[Platform], bytes], int]] = {
    "nothing": (lambda _: b"", 400),
    "not JSON": (lambda _: b"{", 400),
    "a list": (lambda _: b"[]", 400),
    "a text": (lambda _: b'"x"', 400),
    "null": (lambda _: b"null", 400),
    "bad UTF-8": (lambda _: b'{"type":"\xff\xfe"}', 400),
    "a hundred thousand brackets": (lambda _: b"[" * 100_000, 400),
    "a hundred levels": (body(value=json.loads("[" * 100 + "]" * 100)), 400),
    "half a character": (body(text="\ud800"), 400),
    "half a character as a key": (body(value={"\udfff": 1}), 400),
    "a number with 5,000 digits": (lambda _: b'{"type":' + b"1" * 5_000 + b"}", 400),
    "no type": (without("type"), 400),
    "a type that is no text": (body(type={}), 400),
    "no conversation": (without("conversation"), 400),
    "a conversation that is a list": (body(conversation=[]), 400),
    "a conversation without an id": (body(conversation={"id": ""}), 400),
    "a sender that is a text": (body(**{"from": "x"}), 400),
    "an id with a line end": (body(id="a\nb"), 400),
    "an id of 2,000 characters": (body(id="a" * 2_000), 400),
    "a text that is a list": (body(text=["x"]), 400),
    "entities that are an object": (body(entities={}), 400),
    "members that are a text": (body(membersAdded="x"), 400),
    "300 KiB": (body(text="あ" * 100_000), 413),
    "no channel": (without("channelId"), 401),
    "another channel": (body(channelId="webchat"), 401),
    "no service address": (without("serviceUrl"), 401),
}


def test_no_malformed_body_breaks_anything(play: Callable[..., None]) -> None:
    async def scene(served: Served) -> None:
        answers = {name: await served.raw(make(served.platform)) for name, (make, _) in MALFORMED.items()}
        assert answers == {name: status for name, (_, status) in MALFORMED.items()}
        assert await served.raw(body()(served.platform), "text/plain") == 415
        for packed in (b"\x1f\x8bgarbage", gzip.compress(body()(served.platform))):
            assert await served.raw(packed, **{"Content-Encoding": "gzip"}) == 415
        async with served.http.get(served.url) as answer:
            assert answer.status == 405

    play(scene)


def test_a_body_without_an_end_is_cut_off(play: Callable[..., None]) -> None:
    async def endless() -> Any:
        for _ in range(40):
            yield b" " * 10_000

    async def scene(served: Served) -> None:
        headers = {"Authorization": f"Bearer {served.platform.token()}", "Content-Type": "application/json"}
        async with served.http.post(served.url, data=endless(), headers=headers) as answer:
            assert answer.status == 413

    play(scene)


def test_a_body_whose_rest_never_comes_is_not_waited_for(
    play: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.bodies.BODY_SECONDS", 0.2)

    async def status(served: Served, head: str) -> bytes:
        url = URL(served.url)
        reader, writer = await asyncio.open_connection(url.host, url.port)
        writer.write(f"POST {url.path} HTTP/1.1\r\nHost: {url.host}\r\n{head}Content-Length: 99\r\n\r\n{{".encode())
        line = await asyncio.wait_for(reader.readline(), 5)
        writer.close()
        return line.split()[1]

    async def scene(served: Served) -> None:
        kind = "Content-Type: application/json\r\n"
        signed = f"{kind}Authorization: Bearer {served.platform.token()}\r\n"
        assert await status(served, signed) == b"408"
        monkeypatch.setattr("adapters.bodies.BODY_SECONDS", 60.0)
        assert await status(served, kind) == b"401"  # whoever has no token is not even read

    play(scene)


def test_nothing_that_a_stranger_wrote_is_looked_at(play: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    monkeypatch.setattr("adapters.teams.inbound.said", lambda text, *_: read.append(text))

    async def scene(served: Served) -> None:
        foreign = {"conversation": {"id": PERSONAL, "tenantId": "other"}, "channelData": {"tenant": {"id": "other"}}}
        started = time.monotonic()
        assert await served.post(message(served.platform, "<at>" * 60_000, **foreign)) == 403
        assert await served.post(message(served.platform, QUESTION, channelId="webchat")) == 401
        assert time.monotonic() - started < 1.0

    play(scene)
    assert read == []


@pytest.mark.parametrize("name", ["tenantId", "aadTenantId"])
def test_a_sender_whose_home_is_another_tenant_is_refused(play: Callable[..., None], name: str) -> None:
    async def scene(served: Served) -> None:
        guest = {**PERSON, name: "other"}
        assert await served.post(in_channel(served.platform, QUESTION, **{"from": guest})) == 403
        assert await served.post(message(served.platform, QUESTION, **{"from": guest})) == 403
        assert await served.post(search(served.platform, "写真") | {"from": guest}) == 403

    play(scene)


@pytest.mark.parametrize("field", ["entities", "membersAdded", "attachments", "reactionsAdded", "textHighlights"])
def test_a_long_list_does_not_hold_everybody_up(
    service: Service, tmp_path: Path, platform: Platform, field: str
) -> None:
    async def scene() -> None:
        async with serving(service, tmp_path, platform, working=False) as served:
            long = message(platform, QUESTION) | {field: []}
            raw = json.dumps(long).replace(f'"{field}": []', f'"{field}": [' + "{}," * 80_000 + "{}]").encode()
            started = time.monotonic()
            assert await served.raw(raw) == 201
            assert time.monotonic() - started < 2.0  # 0.03 s in quiet; the SDK took half a second and more

    asyncio.run(scene())


@pytest.mark.parametrize(
    "fields",
    [
        {"conversation": {"id": PERSONAL, "tenantId": "other"}, "channelData": {"tenant": {"id": "other"}}},
        {"conversation": {"id": PERSONAL, "tenantId": TENANT}, "channelData": {"tenant": {"id": "other"}}},
        {"conversation": {"id": PERSONAL, "tenantId": "other"}},
        {"conversation": {"id": PERSONAL}, "channelData": {}},
        {"conversation": {"id": PERSONAL}, "channelData": None},
    ],
)
def test_a_tenant_that_is_not_served_is_refused(play: Callable[..., None], fields: dict[str, Any]) -> None:
    async def scene(served: Served) -> None:
        assert await served.post(message(served.platform, QUESTION, **fields)) == 403
        assert await served.post(in_channel(served.platform, QUESTION, **fields)) == 403

    play(scene)


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1@evil.example/", "https://evil.example/", "http://169.254.169.254/", "file:///etc/passwd", "",
     "https://smba.trafficmanager.net.evil.example/", "https://smba.trafficmanager.net:8443/", "//x", "http://[::1"],
)  # fmt: skip
def test_a_foreign_service_address_is_refused_even_when_the_token_names_it(
    play: Callable[..., None], address: str
) -> None:
    async def scene(served: Served) -> None:
        token = f"Bearer {served.platform.token(serviceurl=address)}"
        assert await served.post(message(served.platform, QUESTION, serviceUrl=address), token) == 401

    play(scene)


def test_without_an_app_id_only_this_machine_is_served_and_only_from_here(
    service: Service, tmp_path: Path, platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    async def scene() -> None:
        async with serving(service, tmp_path, platform, **DEVELOPMENT) as served:
            assert served.front.ready() is None
            assert await served.post(message(platform, QUESTION), None) == 201  # as the Agents Playground calls
            (sent,) = await served.sent()
            assert sent.authorization == "Bearer the-bots-own-token"
            away = message(platform, QUESTION, id="2", serviceUrl="https://smba.trafficmanager.net/emea/")
            assert await served.post(away, None) == 401
            named = {"Host": "rebound.example", "Content-Type": "application/json"}
            async with served.http.post(served.url, json=message(platform, QUESTION, id="3"), headers=named) as answer:
                assert answer.status == 401
            for name in ("Forwarded", "X-Forwarded-For", "x-forwarded-proto", "X-Forwarded-Host"):
                assert await served.raw(body(id="4")(platform), **{name: "x"}) == 401  # a proxy on this machine
            assert len(served.handled) == 1

    with caplog.at_level(logging.WARNING):
        asyncio.run(scene())
    assert "no app id" in caplog.text


def test_without_an_app_id_nothing_starts_where_others_could_reach_it(
    service: Service, tmp_path: Path, platform: Platform
) -> None:
    async def scene() -> None:
        async with serving(service, tmp_path, platform, **DEVELOPMENT, host="0.0.0.0"):  # noqa: S104  # refused
            pass

    with pytest.raises(SettingsError) as caught:
        asyncio.run(scene())
    assert caught.value.code == "E213"


def test_the_bots_own_id_is_the_only_one_that_counts_as_a_mention_of_it(
    service: Service, tmp_path: Path, platform: Platform
) -> None:
    async def scene() -> None:
        async with serving(service, tmp_path, platform) as served:
            faked = {"type": "mention", "mentioned": {"id": "29:x", "name": BOT["name"]}, "text": "<at>x</at>"}
            assert await served.post(in_channel(platform, QUESTION, entities=[faked])) == 201
            await served.quiet()
            assert platform.sent == []

    asyncio.run(scene())
