"""The draft check in the direct chat; in teams and groups only the way there."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from adapters.teams import answering, chats
from bot.service import Service
from tests.contract.teams.activities import BOT, DRAFT, GROUP, HOSTILE, PERSONAL, in_channel, in_group, mention, message
from tests.contract.teams.fakes import TENANT, Platform
from tests.contract.teams.forms import buttons, field, filled
from tests.contract.teams.serving import Served, serving
from tests.unit.adapters.teams.cards import elements, problems, runs

Play = Callable[[Callable[[Served], Awaitable[None]]], None]


@pytest.fixture
def play(service: Service, tmp_path: Path, platform: Platform) -> Play:
    """Plays a scene without the workers that serve the inbox: what is answered is answered in the request."""

    def run(scene: Callable[[Served], Awaitable[None]]) -> None:
        async def whole() -> None:
            async with serving(service, tmp_path, platform, working=False) as served:
                await scene(served)
                assert served.office.store.inbox.waiting() == 0

        asyncio.run(whole())

    return run


def pressed(platform: Platform, data: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A button or form of a card in the chat: a message without text, the inputs merged into its value."""
    return message(platform, "", **{"text": None, "value": data, "replyToId": "m1", "id": "press1", **fields})


def whole(served: Served) -> str:
    return json.dumps([one.body for one in served.platform.sent], ensure_ascii=False)


@pytest.mark.parametrize("said", ["点検 {}", "下書き点検\n{}", "/check-draft {}"])
def test_the_word_is_answered_at_once_with_the_form_holding_what_stood_behind_it(play: Play, said: str) -> None:
    async def scene(served: Served) -> None:
        assert await served.post(message(served.platform, said.format(DRAFT))) == 201
        (sent,) = served.platform.sent  # it is there before the request is answered
        assert sent.path == f"/v3/conversations/{PERSONAL}/activities/1700000000001"
        assert problems(sent.card) == []
        assert field(sent.card, "text")["value"] == DRAFT
        assert buttons(sent.card)["点検する"] == {"verb": "check"}
        assert DRAFT not in sent.body["summary"]  # notifications show it, on locked screens too

    play(scene)


def test_the_word_alone_and_with_a_mention_opens_an_empty_form(play: Play) -> None:
    async def scene(served: Served) -> None:
        said = f"<at>{BOT['name']}</at> 下書き点検"
        assert await served.post(message(served.platform, said, entities=[mention()])) == 201
        (sent,) = served.platform.sent
        assert field(sent.card, "text")["value"] == ""

    play(scene)


def test_a_sent_form_is_answered_with_the_report(play: Play) -> None:
    async def scene(served: Served) -> None:
        assert await served.post(pressed(served.platform, filled(DRAFT))) == 201
        (sent,) = served.platform.sent
        assert sent.path == f"/v3/conversations/{PERSONAL}/activities/press1"
        assert problems(sent.card) == []
        assert any("「コメントが多いので" in text for text in runs(sent.card))
        assert DRAFT[:8] not in sent.body["summary"]
        reads = [data for data in buttons(sent.card).values() if data["verb"] == "read"]
        assert all(data["msteams"] == {"type": "task/fetch"} for data in reads)  # as on every card in a chat

    play(scene)


def test_the_findings_buttons_work_in_the_chat(play: Play) -> None:
    async def scene(served: Served) -> None:
        await served.post(pressed(served.platform, filled(DRAFT)))
        report = served.platform.sent[0].card
        await served.post(pressed(served.platform, buttons(report)["誤検知として知らせる"], id="p2"))
        assert "誤検知として記録しました" in served.platform.sent[1].body["text"]
        await served.post(pressed(served.platform, buttons(report)["理由を付けて見送る"], id="p3"))
        reasons = buttons(served.platform.sent[2].card)
        await served.post(pressed(served.platform, reasons["指摘の読み違い"], id="p4"))
        assert "見送りました" in served.platform.sent[3].body["text"]
        await served.post(pressed(served.platform, filled(DRAFT), id="p5"))
        assert "見送り済みの指摘があります" in json.dumps(served.platform.sent[4].body, ensure_ascii=False)
        (count,) = [one for one in served.office.store.findings.counts() if one.rule == "flame-ignored"]
        assert (count.false_alarms, count.dismissed) == (1, 1)

    play(scene)


def test_in_a_channel_and_a_group_no_draft_is_shown_but_a_button_that_opens_a_private_dialog(play: Play) -> None:
    async def scene(served: Served) -> None:
        unnamed = {"conversation": {"id": GROUP, "tenantId": TENANT}}  # says not what kind it is
        asked = (
            in_channel(served.platform, f"点検 {DRAFT}", id="1"),
            in_group(served.platform, f"下書き点検 {DRAFT}", id="2"),
            {**in_channel(served.platform, "", id="3"), "text": None, "value": filled(DRAFT), "entities": []},
            message(served.platform, f"点検 {DRAFT}", **unnamed, id="4"),
        )
        for number, one in enumerate(asked, 1):
            assert await served.post(one) == 201
            assert len(served.platform.sent) == number
        assert DRAFT[:8] not in whole(served)
        for sent in served.platform.sent:
            (button,) = buttons(sent.card).values()
            assert button == {"verb": "open_check", "value": "", "msteams": {"type": "task/fetch"}}
            assert "ほかの人に見えないところ" in json.dumps(sent.body, ensure_ascii=False)

    play(scene)


def test_a_channels_post_without_a_mention_is_left_alone(play: Play) -> None:
    async def scene(served: Served) -> None:
        assert await served.post(in_channel(served.platform, "点検", entities=[])) == 201
        assert served.platform.sent == []

    play(scene)


def test_the_home_card_opens_the_check_in_a_dialog(service: Service, tmp_path: Path, platform: Platform) -> None:
    async def scene() -> None:
        async with serving(service, tmp_path, platform) as served:
            await served.post(message(platform, "ヘルプ"))
            (home,) = await served.sent()
            assert buttons(home.card)["下書きを点検"]["msteams"] == {"type": "task/fetch"}

    asyncio.run(scene())


@pytest.mark.parametrize("without_account", [False, True])
def test_a_draft_too_long_for_a_message_is_to_be_pasted_into_the_dialog(play: Play, *, without_account: bool) -> None:
    async def scene(served: Served) -> None:
        long = "あ" * 9_900
        form = pressed(served.platform, {"verb": "check", "text": long})
        assert await served.post(form if without_account else message(served.platform, f"点検 {long}")) == 201
        (sent,) = served.platform.sent
        assert "貼り付けて" in json.dumps(sent.body, ensure_ascii=False)
        assert list(buttons(sent.card)) == ["下書きを点検"]

    play(scene)


def test_a_pasted_picture_is_said_to_be_for_the_page(play: Play) -> None:
    async def scene(served: Served) -> None:
        picture = {"contentType": "image/*", "contentUrl": f"{served.platform.url}/v3/attachments/1/views/original"}
        await served.post(message(served.platform, "点検 文", attachments=[picture]))
        (sent,) = served.platform.sent  # and nothing was fetched: the platform would have refused it
        assert "点検ページ" in json.dumps(sent.body, ensure_ascii=False)

    play(scene)


@pytest.mark.parametrize("draft", ["", *HOSTILE])
def test_any_draft_is_answered_and_nothing_in_the_answer_is_live(play: Play, draft: str) -> None:
    async def scene(served: Served) -> None:
        assert await served.post(pressed(served.platform, filled(draft))) == 201
        for sent in served.platform.sent:
            assert "entities" not in sent.body
            cards = [one["content"] for one in sent.body.get("attachments", [])]
            marked = [one["text"] for card in cards for one in elements(card) if one["type"] == "TextBlock"]
            marked += [sent.body.get("text", ""), sent.body.get("summary", "")]
            assert not any(sign in text for text in marked for sign in ("<", "**", "](", "${", "{{", "\x00", "\u202e"))
            assert all(problems(card) == [] for card in cards)
        assert ("下書きとして点検しました" if draft else "下書きが空です") in whole(served)

    play(scene)


def test_the_same_post_delivered_again_is_answered_once(play: Play) -> None:
    async def scene(served: Served) -> None:
        for _ in range(3):
            assert await served.post(message(served.platform, "点検 文")) == 201
        assert len(served.platform.sent) == 1

    play(scene)


def test_whoever_checks_too_fast_is_told_so_once(play: Play) -> None:
    async def scene(served: Served) -> None:
        for number in range(25):
            assert await served.post(message(served.platform, "点検", id=f"c{number}")) == 201
        assert len(served.platform.sent) == 21
        assert "1分ほど待って" in served.platform.sent[-1].body["text"]

    play(scene)


def test_a_connector_that_asks_to_wait_a_little_is_asked_again_and_no_other(play: Play) -> None:
    async def scene(served: Served) -> None:
        served.platform.refusals = [(429, {"Retry-After": "1"})]
        assert await served.post(message(served.platform, "点検 文")) == 201
        assert len(served.platform.sent) == 1
        served.platform.refusals = [(429, {"Retry-After": "60"}), (403, {})]
        for number in (2, 3):
            assert await served.post(message(served.platform, "点検 文", id=str(number))) == 201
        assert len(served.platform.sent) == 1

    play(scene)


def test_neither_a_hanging_check_nor_a_hanging_connector_holds_the_platform_up(
    play: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert answering.CHECK_SECONDS + chats.SEND_SECONDS < 10
    monkeypatch.setattr(answering, "CHECK_SECONDS", 0.2)
    monkeypatch.setattr(chats, "SEND_SECONDS", 0.4)

    async def scene(served: Served) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(served.office.desk.service, "check", lambda *_: time.sleep(1.0))
            assert await served.post(pressed(served.platform, filled(DRAFT))) == 201
        assert "時間内に点検を終えられませんでした" in served.platform.sent[0].body["text"]
        served.platform.hang = 5.0
        started = time.monotonic()
        assert await served.post(message(served.platform, "点検 文", id="2")) == 201
        assert time.monotonic() - started < 2.0

    play(scene)


def test_a_check_that_breaks_is_answered_with_a_sentence(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene(served: Served) -> None:
        def broken(*_: object) -> None:
            raise RuntimeError(DRAFT)

        monkeypatch.setattr(served.office.desk.service, "check", broken)
        assert await served.post(pressed(served.platform, filled(DRAFT))) == 201
        assert "問題が起きて" in served.platform.sent[0].body["text"]
        assert DRAFT not in whole(served)

    play(scene)
