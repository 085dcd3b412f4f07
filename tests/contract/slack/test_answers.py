"""A question from wherever it may be asked to the answer in its place, over HTTP and over Socket Mode."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.contract.slack.conftest import Story
from tests.contract.slack.payloads import (
    CHANNEL,
    DIRECT,
    USER,
    command,
    direct,
    global_shortcut,
    joined,
    mention,
    message,
    message_shortcut,
    new_ts,
    opened,
    press,
    submission,
)
from tests.contract.slack.serving import BIBAI_CHANNEL, Served

Tell = Callable[[Story], None]

PHOTO = "公式で写真を載せるときの注意は？"
PHOTO_CLAUSE = "個人情報，肖像権・著作権等について，十分に配慮する。"


def test_a_mention_is_answered_in_its_thread_with_the_clause_and_the_office(told_both: Tell) -> None:
    async def story(served: Served) -> None:
        ts = new_ts()
        await served.event(mention(PHOTO, ts))
        (post,) = await served.fake.wait()
        assert (post.body["channel"], post.body["thread_ts"]) == (CHANNEL, ts)
        assert PHOTO_CLAUSE in post.text
        assert "広報広聴課" in post.text
        assert PHOTO_CLAUSE in post.body["text"]
        assert (post.body["parse"], post.body["unfurl_links"]) == ("none", False)

    told_both(story)


def test_a_thread_goes_on_without_a_mention_where_the_bot_takes_part(told_both: Tell) -> None:
    async def story(served: Served) -> None:
        ts = new_ts()
        await served.event(mention("公式アカウントを作りたい", ts))
        await served.fake.wait(1)
        await served.event(message("届け出は要る？", thread_ts=ts))
        _, second = await served.fake.wait(2)
        assert second.body["thread_ts"] == ts

    told_both(story)


def test_people_among_themselves_are_left_alone(told: Tell) -> None:
    async def story(served: Served) -> None:
        ts = new_ts()
        await served.event(message(PHOTO))
        await served.event(message(PHOTO, thread_ts=new_ts()))
        await served.event(mention(PHOTO, ts))
        await served.fake.wait(1)
        await served.event(message("<@U0OTHER> 写真どうする？", thread_ts=ts))
        await served.idle()
        assert len(served.fake.posts) == 1

    told(story)


def test_a_direct_message_is_answered_without_a_thread(told_both: Tell) -> None:
    async def story(served: Served) -> None:
        await served.event(direct(PHOTO))
        (post,) = await served.fake.wait()
        assert post.body["channel"] == DIRECT
        assert "thread_ts" not in post.body

    told_both(story)


def test_a_mention_without_words_says_what_the_bot_can_do(told: Tell) -> None:
    async def story(served: Served) -> None:
        await served.event(mention(""))
        (post,) = await served.fake.wait()
        assert "旭川市のガイドラインについてお答えします" in post.text
        assert any(block["type"] == "actions" for block in post.body["blocks"])

    told(story)


def test_a_channel_may_belong_to_another_organisation(told: Tell) -> None:
    async def story(served: Served) -> None:
        await served.event(mention("", channel=BIBAI_CHANNEL))
        (post,) = await served.fake.wait()
        assert "美唄市" in post.text

    told(story)


def test_the_command_answers_only_the_asker_and_shows_the_question(told_both: Tell) -> None:
    async def story(served: Served) -> None:
        await served.command(command(PHOTO, served.reply_to()))
        (reply,) = await served.fake.wait(1, "respond")
        assert (reply.body["response_type"], reply.body["replace_original"]) == ("ephemeral", False)
        assert f"質問: {PHOTO}" in reply.text
        assert "このチャンネルに共有" in reply.text
        assert served.fake.posts == []

    told_both(story)


def test_the_command_alone_says_what_the_bot_can_do(told: Tell) -> None:
    async def story(served: Served) -> None:
        await served.command(command(" ", served.reply_to()))
        (reply,) = await served.fake.wait(1, "respond")
        assert "旭川市のガイドラインについてお答えします" in reply.text

    told(story)


def test_an_expired_response_address_does_not_lose_the_answer(told: Tell) -> None:
    async def story(served: Served) -> None:
        served.fake.expired.add("old")
        await served.command(command(PHOTO, served.reply_to("old")))
        (whispered,) = await served.fake.wait(1, "chat.postEphemeral")
        assert (whispered.body["channel"], whispered.body["user"]) == (CHANNEL, USER)

    told(story)


def test_where_the_bot_is_no_member_the_answer_comes_as_a_direct_message(told: Tell) -> None:
    async def story(served: Served) -> None:
        served.fake.expired.add("old")
        served.fake.failures["chat.postEphemeral"].append((200, {"ok": False, "error": "not_in_channel"}, {}))
        await served.command(command(PHOTO, served.reply_to("old")))
        (post,) = await served.fake.wait(1)
        assert post.body["channel"] == f"D0{USER}"

    told(story)


def test_no_answer_goes_to_a_host_that_is_not_slacks(told: Tell) -> None:
    async def story(served: Served) -> None:
        foreign = served.reply_to().replace("127.0.0.1", "localhost")
        await served.command(command(PHOTO, foreign))
        (whispered,) = await served.fake.wait(1, "chat.postEphemeral")
        assert served.fake.of("respond") == []
        assert PHOTO_CLAUSE in whispered.text

    told(story)


def test_a_question_in_a_modal_is_answered_in_the_modal_and_never_stored(told_both: Tell) -> None:
    async def story(served: Served) -> None:
        before = await served.office.intake.call(served.office.store.inbox.waiting)
        answer = await served.interact(submission(PHOTO))
        assert answer["response_action"] == "update"
        assert PHOTO_CLAUSE in str(answer["view"])
        assert "share" not in str(answer["view"])
        assert await served.office.intake.call(served.office.store.inbox.waiting) == before

    told_both(story)


def test_an_answer_that_takes_too_long_for_a_modal_says_so_in_the_modal(
    told: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.slack.listening.VIEW_SECONDS", 0)

    async def story(served: Served) -> None:
        answer = await served.interact(submission(PHOTO))
        assert served.office.desk.trouble().fallback in str(answer)

    told(story)


def test_the_shortcut_on_a_message_opens_the_modal_with_its_text_and_keeps_the_channel(told: Tell) -> None:
    async def story(served: Served) -> None:
        await served.interact(message_shortcut("写真を &lt;無断で&gt; 載せた <https://a.example|記事>"))
        (call,) = await served.fake.wait(1, "views.open")
        view = call.body["view"]
        assert view["blocks"][0]["element"]["initial_value"] == "写真を <無断で> 載せた 記事"
        assert view["private_metadata"] == CHANNEL
        await served.office.intake.call(served.office.desk.cards, "bibai")  # a server warms up at its start
        answer = await served.interact(submission(PHOTO, channel=BIBAI_CHANNEL))
        assert "美唄市" in str(answer["view"])

    told(story)


def test_the_global_shortcut_opens_an_empty_modal(told_both: Tell) -> None:
    async def story(served: Served) -> None:
        await served.interact(global_shortcut())
        (call,) = await served.fake.wait(1, "views.open")
        assert "initial_value" not in call.body["view"]["blocks"][0]["element"]

    told_both(story)


def test_the_home_tab_shows_what_the_bot_can_do_questions_and_offices(told: Tell) -> None:
    async def story(served: Served) -> None:
        await served.event(opened("home"))
        (call,) = await served.fake.wait(1, "views.publish")
        assert call.body["user_id"] == USER
        assert "広報広聴課" in call.text
        assert "たとえば、こう聞けます" in call.text

    told(story)


def test_the_messages_tab_suggests_questions(told: Tell) -> None:
    async def story(served: Served) -> None:
        await served.event(opened("messages"))
        (call,) = await served.fake.wait(1, "assistant.threads.setSuggestedPrompts")
        assert call.body["channel_id"] == DIRECT
        assert "thread_ts" not in call.body
        assert 1 <= len(call.body["prompts"]) <= 4

    told(story)


def test_who_joins_is_greeted_once_by_direct_message(told: Tell) -> None:
    async def story(served: Served) -> None:
        event = joined("U0NEW")
        await served.event(event)
        await served.event(event)
        await served.event(joined("U0BOT2", is_bot=True))
        await served.event(joined("U0ELSE", team_id="T0OTHER"))
        (post,) = await served.fake.wait()
        assert post.body["channel"] == "D0U0NEW"
        assert "はじめまして" in post.text
        await served.idle()
        assert len(served.fake.posts) == 1

    told(story)


def test_a_suggested_question_is_asked_where_it_was_pressed(told: Tell) -> None:
    async def story(served: Served) -> None:
        await served.interact(press("ask:0", PHOTO))
        (post,) = await served.fake.wait()
        assert (post.body["channel"], post.body["thread_ts"]) == (CHANNEL, "1800000100.000000")
        assert f"質問: {PHOTO}" in post.text

    told(story)


def test_answers_lead_to_the_clause_on_the_page(told: Tell) -> None:
    async def story(served: Served) -> None:
        await served.event(mention(PHOTO))
        (post,) = await served.fake.wait()
        buttons = [one for block in post.body["blocks"] if block["type"] == "actions" for one in block["elements"]]
        assert "https://guideline.example.lg.jp/guidelines/asahikawa#6%283%29" in [one.get("url") for one in buttons]

    told(story)


def test_opening_the_home_tab_often_is_not_asking_too_fast(told: Tell) -> None:
    async def story(served: Served) -> None:
        for _ in range(25):
            await served.event(opened("home"))
        calls = await served.fake.wait(25, "views.publish")
        assert all("広報広聴課" in call.text for call in calls)

    told(story)


def test_whatever_people_type_gets_an_answer(told: Tell) -> None:
    async def story(served: Served) -> None:
        odd = ["あ" * 12_000, "\ud800 写真", "\x00\u202e写真", "&lt;!channel&gt; <!channel> *写真*", "?" * 300, "😀"]
        for number, text in enumerate(odd):
            await served.event(direct(text, user=f"U0ODD{number}"))
        await served.fake.wait(len(odd))

    told(story)


def test_settings_of_other_slack_apps_in_the_environment_change_nothing(
    told: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (
        "SLACK_CLIENT_ID",
        "SLACK_CLIENT_SECRET",
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET",
        "SLACK_APP_TOKEN",
    ):
        monkeypatch.setenv(name, "another-app")

    async def story(served: Served) -> None:
        await served.event(mention(PHOTO))
        await served.fake.wait()

    told(story)
