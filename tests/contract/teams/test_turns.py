"""Each kind of activity, from the signed request to what the connector takes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.service import Service
from tests.contract.teams.activities import (
    BIBAI_CHANNEL,
    BOT,
    GROUP,
    OFFICE_CHANNEL,
    PERSON,
    PERSONAL,
    activity,
    in_channel,
    in_group,
    mention,
    message,
)
from tests.contract.teams.fakes import TENANT, Platform
from tests.contract.teams.serving import Served, serving

QUESTION = "公式で写真を載せるときの注意は？"
CLAUSE = "情報発信に当たっては，写真・動画を組み合わせることで，視覚的にＰＲできるが，"

Play = Callable[[Callable[[Served], Awaitable[None]]], None]


@pytest.fixture
def play(service: Service, tmp_path: Path, platform: Platform) -> Play:
    """Plays a scene with the front running."""

    def run(scene: Callable[[Served], Awaitable[None]]) -> None:
        async def whole() -> None:
            async with serving(service, tmp_path, platform) as served:
                await scene(served)

        asyncio.run(whole())

    return run


def words(sent: Any) -> str:
    return json.dumps(sent.body, ensure_ascii=False)


def buttons(card: dict[str, Any]) -> dict[str, dict[str, Any]]:
    sets = [element for element in card["body"] if element["type"] == "ActionSet"]
    return {action["title"]: action for one in sets for action in one["actions"]}


def test_a_question_in_the_direct_chat_is_answered_there_with_card_citation_and_thumbs(play: Play) -> None:
    async def scene(served: Served) -> None:
        assert await served.post(message(served.platform, QUESTION)) == 201
        (sent,) = await served.sent()
        assert sent.path == f"/v3/conversations/{PERSONAL}/activities/1700000000001"
        assert sent.authorization == "Bearer the-bots-own-token"
        assert CLAUSE in words(sent)
        assert sent.body["replyToId"] == "1700000000001"
        assert sent.body["channelData"] == {"feedbackLoop": {"type": "default"}}
        (cited,) = served.platform.cited
        (entity,) = cited.body["entities"]
        (claim,) = entity["citation"]
        assert entity["@type"] == "Message"
        assert "AIGeneratedContent" not in words(sent)
        assert claim["position"] == 1
        assert cited.body["text"].endswith("6(3) [1]")
        assert "attachments" not in cited.body  # the platform would split it and tell no id
        assert "text" not in sent.body
        assert claim["appearance"]["url"].startswith("https://guideline.example.lg.jp/guidelines/asahikawa#")

    play(scene)


def test_a_mention_in_a_channel_is_answered_in_its_thread_and_by_the_channels_own_organisation(play: Play) -> None:
    async def scene(served: Served) -> None:
        assert await served.post(in_channel(served.platform, QUESTION)) == 201
        (sent,) = await served.sent()
        assert ";messageid=5" in sent.path
        assert "旭川市" in words(sent)
        assert await served.post(in_channel(served.platform, QUESTION, BIBAI_CHANNEL, id="2")) == 201
        second = (await served.sent(2))[1]
        assert "美唄市" in words(second)
        assert "旭川市" not in words(second)

    play(scene)


def test_a_mention_in_a_group_chat_is_answered_and_everything_else_said_there_is_left_alone(play: Play) -> None:
    async def scene(served: Served) -> None:
        others = {"type": "mention", "mentioned": {"id": "29:x", "name": "鈴木"}, "text": "<at>鈴木</at>"}
        chat = {"conversationType": "groupChat", "tenantId": TENANT, "id": GROUP}
        told = message(served.platform, "<at>鈴木</at> 写真", id="2", entities=[others], conversation=chat)
        assert await served.post(told) == 201
        assert await served.post(in_group(served.platform, QUESTION, id="3")) == 201
        await served.quiet()
        (sent,) = served.platform.sent
        assert sent.path == f"/v3/conversations/{GROUP}/activities/3"

    play(scene)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("質問のしかた", "たとえば、こう聞けます"),
        ("ヘルプ", "たとえば、こう聞けます"),
        ("連絡先", "このガイドラインの問い合わせ先"),
        ("", "たとえば、こう聞けます"),
    ],
)
def test_a_word_of_the_command_list_shows_what_it_names(play: Play, said: str, shown: str) -> None:
    async def scene(served: Served) -> None:
        assert await served.post(in_channel(served.platform, said)) == 201
        (sent,) = await served.sent()
        assert shown in words(sent)

    play(scene)


def test_a_suggested_question_is_asked_as_the_persons_own(play: Play) -> None:
    async def scene(served: Served) -> None:
        await served.post(message(served.platform, "ヘルプ"))
        (home,) = await served.sent()
        prompt = next(
            action["data"]["msteams"] for action in buttons(home.card).values() if "msteams" in action["data"]
        )
        assert prompt["type"] == "messageBack"
        # As Teams sends it back: the text as the person's message, the value beside it, no mention even in a channel.
        back = in_channel(served.platform, "", id="9", text=prompt["text"], value=prompt["value"], entities=[])
        assert await served.post(back) == 201
        answer = (await served.sent(2))[1]
        assert answer.body["channelData"] == {"feedbackLoop": {"type": "default"}}

    play(scene)


def test_asking_the_department_posts_into_its_channel_once_and_tells_the_asker(play: Play) -> None:
    async def scene(served: Served) -> None:
        await served.post(in_channel(served.platform, QUESTION))
        (answer,) = await served.sent()
        data = buttons(answer.card)["担当課に聞く"]["data"]
        press = in_channel(served.platform, "", id="77", text="", value=data, entities=[])
        assert await served.post(press) == 201
        referral, told = (await served.sent(3))[1:]
        assert referral.path == "/v3/conversations"
        assert referral.body["channelData"] == {"channel": {"id": OFFICE_CHANNEL}, "tenant": {"id": TENANT}}
        assert referral.body["tenantId"] == TENANT
        assert PERSON["name"] in words(referral)
        assert QUESTION in words(referral)
        assert CLAUSE in words(referral)
        assert "送りました" in told.body["text"]
        assert await served.post({**press, "id": "78"}) == 201
        again = (await served.sent(4))[3]
        assert "すでに" in again.body["text"]

    play(scene)


def test_a_department_whose_channel_has_written_to_us_is_reached_at_the_address_kept_from_there(play: Play) -> None:
    async def scene(served: Served) -> None:
        elsewhere = f"{served.platform.url}/connector/"
        token = f"Bearer {served.platform.token(serviceurl=elsewhere)}"
        known = in_channel(served.platform, "ヘルプ", OFFICE_CHANNEL, serviceUrl=elsewhere)
        assert await served.post(known, token) == 201
        await served.sent()
        address = served.office.store.places.address("teams", TENANT, OFFICE_CHANNEL)
        assert address is not None
        assert json.loads(address)["service_url"] == elsewhere
        assert json.loads(address)["conversation"] == OFFICE_CHANNEL

    play(scene)


def test_installation_and_new_member_together_are_one_greeting(play: Play) -> None:
    async def scene(served: Served) -> None:
        installed = activity(served.platform, "installationUpdate", action="add", id="f:1")
        added = activity(served.platform, "conversationUpdate", membersAdded=[BOT, PERSON], id="f:2")
        for one in (installed, added, installed):
            assert await served.post(one) == 201
        await served.quiet()
        (sent,) = served.platform.sent
        assert "はじめまして" in words(sent)
        assert sent.path == f"/v3/conversations/{PERSONAL}/activities"
        assert served.office.store.places.address("teams", TENANT, PERSON["aadObjectId"]) is not None

    play(scene)


def test_a_person_who_joins_a_team_is_not_greeted_before_everybody(play: Play) -> None:
    async def scene(served: Served) -> None:
        team = in_channel(served.platform, "")
        joined = {**team, "type": "conversationUpdate", "membersAdded": [PERSON], "text": None, "entities": None}
        assert await served.post(joined) == 201
        await served.quiet()
        assert served.platform.sent == []
        with_bot = {**joined, "id": "f:9", "membersAdded": [{"id": BOT["id"]}]}
        assert await served.post(with_bot) == 201
        (sent,) = await served.sent()
        assert "はじめまして" in words(sent)

    play(scene)


def test_removal_forgets_the_place(play: Play) -> None:
    async def scene(served: Served) -> None:
        places = served.office.store.places
        await served.post(activity(served.platform, "installationUpdate", action="add"))
        assert places.address("teams", TENANT, PERSON["aadObjectId"])
        assert await served.post(activity(served.platform, "installationUpdate", action="remove", id="2")) == 201
        assert places.address("teams", TENANT, PERSON["aadObjectId"]) is None
        await served.post(activity(served.platform, "installationUpdate", action="add", id="3"))
        assert places.address("teams", TENANT, PERSON["aadObjectId"])
        gone = activity(served.platform, "conversationUpdate", membersRemoved=[BOT], id="4")
        assert await served.post(gone) == 201
        assert places.address("teams", TENANT, PERSON["aadObjectId"]) is None

    play(scene)


@pytest.mark.parametrize(
    "kind", ["typing", "messageReaction", "messageUpdate", "endOfConversation", "event", "novelty"]
)
def test_activities_that_need_no_answer_are_taken_and_left(play: Play, kind: str) -> None:
    async def scene(served: Served) -> None:
        assert await served.post(activity(served.platform, kind, text="x", name="application/vnd.x")) == 201
        await served.quiet()
        assert served.platform.sent == []

    play(scene)


def test_another_bots_message_is_not_answered(play: Play) -> None:
    async def scene(served: Served) -> None:
        other = {"id": "28:another", "name": "別のbot"}
        assert await served.post(message(served.platform, QUESTION, **{"from": other})) == 201
        await served.quiet()
        assert served.platform.sent == []

    play(scene)


def test_a_follow_up_in_a_thread_is_read_with_the_question_before_it(play: Play) -> None:
    async def scene(served: Served) -> None:
        await served.post(in_channel(served.platform, "公式アカウントで写真を載せてもいい？"))
        await served.sent()
        await served.quiet()
        await served.post(in_channel(served.platform, "じゃあ連絡先は？", id="12"))
        second = (await served.sent(2))[1]
        assert "広報広聴課" in words(second)

    play(scene)


def test_mentions_of_others_stay_in_the_question_and_html_is_read_as_text(play: Play) -> None:
    async def scene(served: Served) -> None:
        others = {"type": "mention", "mentioned": {"id": "29:x", "name": "鈴木"}, "text": "<at>鈴木</at>"}
        asked = in_channel(
            served.platform, "<at>鈴木</at>さんの写真 &lt;公式&gt;&nbsp;は？", entities=[mention(), others]
        )
        seen: list[str] = []
        desk, handle = served.office.desk, served.office.desk.handle

        def watched(request: Any) -> Any:
            seen.append(request.command.text)
            return handle(request)

        desk.handle = watched  # type: ignore[method-assign]
        await served.post(asked)
        await served.sent()
        assert seen == ["鈴木さんの写真 <公式> は？"]

    play(scene)
