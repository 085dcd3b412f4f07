"""A question that goes to its department: posted there once, whatever happens on the way."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from bot.service import Service
from tests.contract.teams.activities import OFFICE_CHANNEL, in_channel
from tests.contract.teams.fakes import TENANT, Platform
from tests.contract.teams.serving import Served, serving

QUESTION = "公式で写真を載せるときの注意は？"


async def referred(served: Served) -> dict[str, Any]:
    """Ask in the channel; what pressing 担当課に聞く below the answer sends."""
    await served.post(in_channel(served.platform, QUESTION))
    (answer,) = await served.sent()
    await served.quiet()
    sets = [one for one in answer.card["body"] if one["type"] == "ActionSet"]
    data = next(a["data"] for one in sets for a in one["actions"] if a["title"] == "担当課に聞く")
    return in_channel(served.platform, "", id="8", text="", value=data, entities=[])


def posted(platform: Platform) -> int:
    return sum(sent.path == "/v3/conversations" for sent in platform.sent)


def test_one_press_posts_to_the_department_once_however_often_the_asker_cannot_be_told(
    service: Service, tmp_path: Path, platform: Platform
) -> None:
    async def scene() -> None:
        async with serving(service, tmp_path, platform) as served:
            press = await referred(served)
            later = (429, {"Retry-After": "1"})
            platform.refusals = [(201, {}), later, later]  # the post goes through, the asker's message does not
            await served.post(press)
            await served.sent(3, 15.0)
            await served.quiet()
            assert "送りました" in platform.sent[-1].body["text"]
            assert (posted(platform), len(platform.sent)) == (1, 3)

    asyncio.run(scene())


def test_a_press_whose_end_could_not_be_noted_is_not_posted_again(
    service: Service, tmp_path: Path, platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        async with serving(service, tmp_path, platform) as served:
            press = await referred(served)
            inbox = served.office.store.inbox
            # The store notes "again, in a second" where it should note the end: what a lost lease comes to.
            finish = inbox.finish
            monkeypatch.setattr(inbox, "finish", lambda claimed: inbox.fail(claimed, "lost", 0.5))
            await served.post(press)
            await served.sent(3)
            monkeypatch.setattr(inbox, "finish", finish)
            await served.sent(4, 15.0)
            await served.quiet()
            assert posted(platform) == 1

    asyncio.run(scene())


def test_a_channel_that_was_lost_without_a_word_is_known_again_as_soon_as_it_writes(
    service: Service, tmp_path: Path, platform: Platform
) -> None:
    async def scene() -> None:
        async with serving(service, tmp_path, platform) as served:
            places = served.office.store.places
            there = in_channel(platform, "よろしく", OFFICE_CHANNEL, entities=[])
            assert await served.post(there) == 201
            assert places.address("teams", TENANT, OFFICE_CHANNEL) is not None
            press = await referred(served)
            platform.closed_channels.add(OFFICE_CHANNEL)
            await served.post(press)
            await served.sent(2)
            assert places.address("teams", TENANT, OFFICE_CHANNEL) is None
            assert await served.post({**there, "id": "9"}) == 201
            assert places.address("teams", TENANT, OFFICE_CHANNEL) is not None

    asyncio.run(scene())


def test_a_department_that_cannot_be_reached_is_shown_with_its_phone_instead(
    service: Service, tmp_path: Path, platform: Platform
) -> None:
    platform.closed_channels.add(OFFICE_CHANNEL)

    async def scene() -> None:
        async with serving(service, tmp_path, platform) as served:
            places = served.office.store.places
            known = {"service_url": platform.service_url, "tenant": TENANT, "kind": "channel", "activity": "",
                     "conversation": OFFICE_CHANNEL, "bot": ["28:x", "b"], "user": ["", ""]}  # fmt: skip
            places.remember("teams", TENANT, OFFICE_CHANNEL, json.dumps(known))
            await served.post(in_channel(platform, QUESTION))
            (answer,) = await served.sent()
            texts = json.dumps(answer.body, ensure_ascii=False)
            assert "担当課に聞く" in texts
            sets = [one for one in answer.card["body"] if one["type"] == "ActionSet"]
            data = next(a["data"] for one in sets for a in one["actions"] if a["title"] == "担当課に聞く")
            press = in_channel(platform, "", id="8", text="", value=data, entities=[])
            await served.post(press)
            told = (await served.sent(2))[1]
            assert "送れませんでした" in json.dumps(told.body, ensure_ascii=False)
            assert served.office.store.places.address("teams", TENANT, OFFICE_CHANNEL) is None
            platform.closed_channels.clear()
            await served.post({**press, "id": "9"})
            assert (await served.sent(3))[2].path == "/v3/conversations"  # it may be tried again

    asyncio.run(scene())
