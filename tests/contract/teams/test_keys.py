"""The signing keys: fetched in the background, renewed once for a new id, kept while their server is away."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp
import pytest

from adapters.teams.tokens import UNKNOWN_SECONDS, KeyRing, NoKeysError
from bot.service import Service
from tests.contract.teams.activities import message
from tests.contract.teams.fakes import Platform, jwk, new_key
from tests.contract.teams.serving import serving, until

QUESTION = "写真を載せるときの注意は？"


def test_a_new_key_in_the_middle_of_a_day_refuses_nobody(service: Service, tmp_path: Path, platform: Platform) -> None:
    async def scene() -> None:
        async with serving(service, tmp_path, platform) as served:
            assert await served.post(message(platform, QUESTION)) == 201
            new = new_key()
            platform.keys = [jwk("first", platform.key), jwk("second", new)]
            token = f"Bearer {platform.token(kid='second', key=new)}"
            asked = [served.post(message(platform, QUESTION, id=f"r{number}"), token) for number in range(10)]
            assert set(await asyncio.gather(*asked)) == {201}
            assert platform.keys_asked == 2

    asyncio.run(scene())


def test_invented_key_ids_make_us_look_once_in_five_minutes(platform: Platform) -> None:
    moment = [0.0]

    async def scene() -> None:
        ring = KeyRing(platform.metadata, lambda: moment[0])
        async with aiohttp.ClientSession() as session:
            assert await ring.refresh(session)
            for number in range(50):
                assert await ring.key(f"invented{number}", session) is None
            assert platform.keys_asked == 2
            moment[0] += UNKNOWN_SECONDS
            assert await ring.key("invented", session) is None
            assert platform.keys_asked == 3

    asyncio.run(scene())


def test_a_hanging_key_server_neither_blocks_the_process_nor_forgets_the_keys(
    service: Service, tmp_path: Path, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.teams.tokens.FETCH_SECONDS", 4.0)

    async def scene() -> None:
        async with serving(service, tmp_path, platform) as served:
            assert await served.post(message(platform, QUESTION)) == 201
            platform.keys_hang = 60.0
            stuck = asyncio.create_task(served.post(message(platform, QUESTION, id="2"),
                                                    f"Bearer {platform.token(kid='unknown')}"))  # fmt: skip
            await until(lambda: platform.keys_asked == 2, 5)
            for number in range(20):
                assert await served.post(message(platform, QUESTION, id=f"k{number}")) in (200, 201)
            assert not stuck.done()  # all twenty passed the one that waits for the key server
            assert await stuck == 401
            assert await served.post(message(platform, QUESTION, id="z")) in (200, 201)

    asyncio.run(scene())


def test_before_the_first_keys_are_there_nobody_is_judged(
    service: Service, tmp_path: Path, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.teams.tokens.FETCH_SECONDS", 0.2)
    monkeypatch.setattr("adapters.teams.tokens.RETRY_SECONDS", 0.2)
    platform.keys_hang = 60.0

    async def scene() -> None:
        async with serving(service, tmp_path, platform) as served:
            assert "keys" in (served.front.ready() or "")
            assert await served.post(message(platform, QUESTION)) == 503  # the platform comes again
            platform.keys_hang = 0.0
            await until(lambda: served.front.ready() is None, 5)
            assert await served.post(message(platform, QUESTION)) == 201

    asyncio.run(scene())


@pytest.mark.parametrize("keys", [[], [{"kid": "x"}], [{"kid": "x", "kty": "EC"}], ["x"], "x"])
def test_an_answer_without_keys_is_no_answer(platform: Platform, keys: object) -> None:
    async def scene() -> None:
        ring = KeyRing(platform.metadata)
        async with aiohttp.ClientSession() as session:
            assert await ring.refresh(session)
            platform.keys = keys  # type: ignore[assignment]
            assert not await ring.refresh(session)
            assert await ring.key("first", session) is not None

    asyncio.run(scene())


def test_keys_are_not_taken_from_elsewhere_without_https(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.teams.tokens.FETCH_SECONDS", 0.2)

    async def scene() -> None:
        ring = KeyRing(platform.metadata)
        platform.url = "http://keys.invalid"  # what the metadata will name
        async with aiohttp.ClientSession() as session:
            assert not await ring.refresh(session)
            with pytest.raises(NoKeysError):
                await ring.key("first", session)

    asyncio.run(scene())
