"""Every button of a card does what it says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.slack.conftest import Story
from tests.contract.slack.fake import Call
from tests.contract.slack.payloads import CHANNEL, USER, command, mention, press, press_alone, press_view
from tests.contract.slack.serving import Served

Tell = Callable[[Story], None]

PHOTO = "公式で写真を載せるときの注意は？"
PHOTO_CLAUSE = "個人情報，肖像権・著作権等について，十分に配慮する。"


async def asked(served: Served) -> dict[str, str]:
    """The buttons of an answer: action → value."""
    await served.event(mention(PHOTO))
    (post,) = await served.fake.wait()
    return buttons(post)


def buttons(call: Call) -> dict[str, str]:
    found: dict[str, str] = {}

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            if part.get("type") == "button" and "value" in part:
                found.setdefault(part["action_id"].split(":")[0], part["value"])
            if part.get("type") == "feedback_buttons":
                found["up"], found["down"] = part["positive_button"]["value"], part["negative_button"]["value"]
            for value in part.values():
                walk(value)
        elif isinstance(part, list):
            for one in part:
                walk(one)

    walk(call.body)
    return found


def test_copying_opens_a_view_with_the_quotation_in_one_piece(told_both: Tell) -> None:
    async def story(served: Served) -> None:
        there = await asked(served)
        await served.interact(press("copy:0", there["copy"]))
        (call,) = await served.fake.wait(1, "views.open")
        quoted = next(one for one in call.body["view"]["blocks"] if one["type"] == "rich_text")
        assert quoted["elements"][0]["type"] == "rich_text_preformatted"
        text = quoted["elements"][0]["elements"][0]["text"]
        assert PHOTO_CLAUSE in text
        assert text.endswith("旭川市ソーシャルメディアの利用に関するガイドライン（日付の記載なし） 6(3)")

    told_both(story)


def test_a_related_clause_opens_whole(told: Tell) -> None:
    async def story(served: Served) -> None:
        there = await asked(served)
        await served.interact(press("read", there["read"]))
        (call,) = await served.fake.wait(1, "views.open")
        assert "基本的人権，肖像権，プライバシー権，著作権等に関して留意しなければならない。" in call.text

    told(story)


def test_reading_on_inside_a_view_stacks_another_one(told: Tell) -> None:
    async def story(served: Served) -> None:
        await served.interact(press_view("read", "asahikawa/6(3)"))
        (call,) = await served.fake.wait(1, "views.push")
        assert PHOTO_CLAUSE in call.text

    told(story)


def test_where_no_more_views_can_be_stacked_the_clause_takes_the_place_of_the_last(told: Tell) -> None:
    async def story(served: Served) -> None:
        served.fake.failures["views.push"].append((200, {"ok": False, "error": "push_limit_reached"}, {}))
        await served.interact(press_view("read", "asahikawa/6(3)"))
        (call,) = await served.fake.wait(1, "views.update")
        assert call.body["view_id"] == "V0001"
        assert PHOTO_CLAUSE in call.text

    told(story)


def test_a_question_pressed_in_the_home_tab_is_answered_in_a_view(told: Tell) -> None:
    async def story(served: Served) -> None:
        await served.interact(press_view("ask:1", PHOTO, view="home"))
        (call,) = await served.fake.wait(1, "views.open")
        assert PHOTO_CLAUSE in call.text

    told(story)


def test_when_the_view_comes_too_late_the_clause_comes_as_a_message(told: Tell) -> None:
    async def story(served: Served) -> None:
        served.fake.failures["views.open"].append((200, {"ok": False, "error": "expired_trigger_id"}, {}))
        await served.interact(press("read", "asahikawa/6(3)"))
        (call,) = await served.fake.wait(1, "chat.postEphemeral")
        assert PHOTO_CLAUSE in call.text
        assert call.body["thread_ts"] == "1800000100.000000"

    told(story)


def test_a_rating_is_kept_and_confirmed_to_the_rater_alone(told_both: Tell) -> None:
    async def story(served: Served) -> None:
        there = await asked(served)
        await served.interact(press("rate", there["up"]))
        (call,) = await served.fake.wait(1, "chat.postEphemeral")
        assert "👍 を記録しました" in call.text
        await served.interact(press("rate", there["down"]))
        _, second = await served.fake.wait(2, "chat.postEphemeral")
        assert "👎 を記録しました" in second.text
        assert (second.body["channel"], second.body["user"]) == (CHANNEL, USER)

    told_both(story)


def test_an_answer_seen_by_one_can_be_shared_with_the_channel(told_both: Tell) -> None:
    async def story(served: Served) -> None:
        await served.command(command(PHOTO, served.reply_to()))
        (alone,) = await served.fake.wait(1, "respond")
        await served.interact(press_alone("share:3", buttons(alone)["share"], served.reply_to()))
        _, shared = await served.fake.wait(2, "respond")
        assert (shared.body["response_type"], shared.body["replace_original"]) == ("in_channel", False)
        assert PHOTO_CLAUSE in shared.text
        assert {"type": "user", "user_id": USER} in shared.body["blocks"][-1]["elements"][0]["elements"]

    told_both(story)


def test_a_second_press_within_a_minute_does_not_share_twice(told: Tell, monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(served: Served) -> None:
        await served.command(command(PHOTO, served.reply_to()))
        (alone,) = await served.fake.wait(1, "respond")
        share = buttons(alone)["share"]
        for _ in range(3):
            await served.interact(press_alone("share:3", share, served.reply_to()))
        await served.fake.wait(2, "respond")
        first, _ = await served.fake.wait(2, "chat.postEphemeral")
        assert "さきほど共有しました" in first.text
        await served.idle()
        assert len(served.fake.of("respond")) == 2
        monkeypatch.setattr("adapters.slack.pressing.SHARE_SECONDS", 0)  # the minute is over
        await served.interact(press_alone("share:3", share, served.reply_to()))
        await served.fake.wait(3, "respond")

    told(story)


NOT_THERE = (200, {"ok": False, "error": "not_in_channel"}, {})


def test_a_channel_that_cannot_be_reached_is_said_to_whoever_shared_and_the_button_works_again(told: Tell) -> None:
    async def story(served: Served) -> None:
        await served.command(command(PHOTO, served.reply_to()))
        (alone,) = await served.fake.wait(1, "respond")
        share = buttons(alone)["share"]
        served.fake.expired.add("old")
        served.fake.failures["chat.postMessage"].append(NOT_THERE)
        served.fake.failures["chat.postEphemeral"].append(NOT_THERE)
        await served.interact(press_alone("share:3", share, served.reply_to("old")))
        (told_alone,) = await served.fake.wait()
        assert told_alone.body["channel"] == f"D0{USER}"
        assert "このチャンネルには共有できませんでした" in told_alone.text
        await served.interact(press_alone("share:3", share, served.reply_to("old")))
        _, shared = await served.fake.wait(2)
        assert shared.body["channel"] == CHANNEL

    told(story)


@pytest.mark.parametrize(
    ("failure", "words", "again"),
    [
        ((429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "1"}), "いまは共有できませんでした", True),
        ((500, {"ok": False, "error": "fatal_error"}, {}), "共有できたか確かめられませんでした", False),
    ],
)
def test_a_share_that_fails_for_now_is_said_and_never_risks_a_second_post(
    told: Tell, failure: tuple[int, dict[str, Any], dict[str, str]], words: str, *, again: bool
) -> None:
    async def story(served: Served) -> None:
        await served.command(command(PHOTO, served.reply_to()))
        (alone,) = await served.fake.wait(1, "respond")
        served.fake.expired.add("old")
        served.fake.failures["chat.postMessage"].append(failure)
        await served.interact(press_alone("share:3", buttons(alone)["share"], served.reply_to("old")))
        (said,) = await served.fake.wait(1, "chat.postEphemeral")
        assert words in said.text
        await served.interact(press_alone("share:3", buttons(alone)["share"], served.reply_to("old")))
        if again:  # as soon as the pause is over
            await served.fake.wait()
        await served.idle()
        assert len(served.fake.posts) == again

    told(story)


def test_sharing_after_half_an_hour_posts_to_the_channel(told: Tell) -> None:
    async def story(served: Served) -> None:
        await served.command(command(PHOTO, served.reply_to()))
        (alone,) = await served.fake.wait(1, "respond")
        served.fake.expired.add("old")
        await served.interact(press_alone("share:3", buttons(alone)["share"], served.reply_to("old")))
        (shared,) = await served.fake.wait()
        assert shared.body["channel"] == CHANNEL

    told(story)


def test_a_question_pressed_in_a_private_answer_stays_private(told: Tell) -> None:
    async def story(served: Served) -> None:
        await served.interact(press_alone("ask:0", PHOTO, served.reply_to()))
        (reply,) = await served.fake.wait(1, "respond")
        assert reply.body["response_type"] == "ephemeral"
        assert "share" in buttons(reply)

    told(story)


def test_a_button_that_no_card_of_ours_has_is_acknowledged_and_does_nothing(told_both: Tell) -> None:
    async def story(served: Served) -> None:
        for action, value in (("copy", "nonsense"), ("rate", "sideways:x"), ("delete_all", "x"), ("open:1", "")):
            assert await served.interact(press(action, value)) == {}
        await served.fake.quiet()
        assert [call.method for call in served.fake.calls if not call.method.startswith("a")] == []

    told_both(story)


def test_another_workspaces_answer_is_out_of_reach(told: Tell) -> None:
    async def story(served: Served) -> None:
        there = await asked(served)
        body = press("refer:2", there["refer"])
        body["team"]["id"] = body["user"]["team_id"] = "T0OTHER"
        await served.interact(body)
        body = press("refer:2", there["refer"])
        body["user"]["team_id"] = "T0OTHER"  # a guest from a connected workspace
        await served.interact(body)
        await served.fake.quiet()
        assert len(served.fake.posts) == 1
        assert served.fake.of("chat.postEphemeral") == []

    told(story)
