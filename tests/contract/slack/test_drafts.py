"""A draft from wherever it may be checked to its report, which only the sender sees."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.contract.slack.conftest import Story
from tests.contract.slack.payloads import (
    CHANNEL,
    check_command,
    check_global,
    check_message,
    check_submission,
    new_ts,
    opened,
    press,
    press_view,
)
from tests.contract.slack.serving import BIBAI_CHANNEL, Served
from tests.contract.slack.test_presses import buttons

pytestmark = pytest.mark.usefixtures("_warm")

Tell = Callable[[Story], None]

DRAFT = "問い合わせは 090-1234-5678 の山田花子さんまで"
FOUND = "理由を付けて見送る"
"""What a report says that has a finding, whatever the rules say of it."""
FINE = "図書館は5月3日も開いています。"


def fields(view: dict[str, Any]) -> dict[str, Any]:
    """The elements of a form by field."""
    return {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}


def shown(view: dict[str, Any]) -> str:
    """What a view says outside its fields."""
    return str([block for block in view["blocks"] if block["type"] != "input"])


async def form(served: Served) -> dict[str, Any]:
    (call,) = await served.fake.wait(1, "views.open")
    return dict(call.body["view"])


def test_the_command_alone_opens_an_empty_form_that_asks_for_the_account(told_both: Tell) -> None:
    async def story(served: Served) -> None:
        await served.command(check_command("", served.reply_to()))
        view = await form(served)
        account, text = fields(view)["account"], fields(view)["text"]
        assert [one["value"] for one in account["options"]] == ["official", "private"]
        assert "initial_option" not in account
        assert "initial_value" not in text
        assert view["submit"]["text"] == "点検する"
        assert view["private_metadata"] == CHANNEL
        assert "保存しません" in shown(view)

    told_both(story)


@pytest.mark.parametrize(
    ("typed", "account", "text"),
    [
        (DRAFT, None, DRAFT),
        ("個人", "private", None),
        ("公式アカウントを始めました", None, "公式アカウントを始めました"),
        ("a &lt;b&gt; &amp; c", None, "a <b> & c"),
    ],
)
def test_what_the_command_does_not_say_is_asked_with_the_rest_filled_in(
    told: Tell, typed: str, account: str | None, text: str | None
) -> None:
    async def story(served: Served) -> None:
        await served.command(check_command(typed, served.reply_to()))
        found = fields(await form(served))
        assert found["account"].get("initial_option", {}).get("value") == account
        assert found["text"].get("initial_value") == text

    told(story)


@pytest.mark.parametrize("prefix", ["公式 ", "公式　", "公式:", "公式：\n", "official ", "Official\n"])
def test_the_command_with_account_and_draft_is_answered_to_the_sender_alone(told: Tell, prefix: str) -> None:
    async def story(served: Served) -> None:
        await served.command(check_command(prefix + DRAFT, served.reply_to()))
        (reply,) = await served.fake.wait(1, "respond")
        assert (reply.body["response_type"], reply.body["replace_original"]) == ("ephemeral", False)
        assert FOUND in reply.text
        assert DRAFT in reply.text
        assert DRAFT not in reply.body["text"]  # a notification may be read by others
        assert {"dismiss", "false_alarm"} <= buttons(reply).keys()
        assert served.fake.posts == []

    told(story)


def test_the_account_counts(told_both: Tell) -> None:
    async def story(served: Served) -> None:
        await served.command(check_command(f"個人 {DRAFT}", served.reply_to()))
        (reply,) = await served.fake.wait(1, "respond")
        assert "個人アカウントの下書きとして点検しました" in reply.text

    told_both(story)


def test_the_command_takes_longer_drafts_than_the_form_and_says_where_its_own_end_is(told: Tell) -> None:
    async def story(served: Served) -> None:
        await served.command(check_command("公式 " + "図書館は開いています。" * 700 + DRAFT, served.reply_to()))
        (reply,) = await served.fake.wait(1, "respond")
        assert FOUND in reply.text
        await served.command(check_command("公式 " + "あ" * 10_001, served.reply_to()))
        _, refused = await served.fake.wait(2, "respond")
        assert "下書きは10,000文字までです" in refused.text

    told(story)


def test_a_message_is_checked_with_its_text_as_it_was_typed(told_both: Tell) -> None:
    async def story(served: Served) -> None:
        said = "<!channel> 写真は &lt;無断&gt; で <https://bit.ly/x1|こちら> <https://a.example/b|a.example/b>"
        await served.interact(check_message(said, served.reply_to()))
        text = fields(await form(served))["text"]
        assert text["initial_value"] == "@channel 写真は <無断> で こちら https://bit.ly/x1 a.example/b"

    told_both(story)


def test_a_draft_too_long_for_the_form_says_what_is_missing_and_where_all_of_it_can_be_checked(told: Tell) -> None:
    async def story(served: Served) -> None:
        await served.interact(check_message("長い文です。" * 700, served.reply_to()))
        view = await form(served)
        assert len(fields(view)["text"]["initial_value"]) == 3000
        assert "全部で4,200文字" in shown(view)
        assert "https://guideline.example.lg.jp/check" in shown(view)
        answer = await served.interact(check_submission(FINE, metadata=view["private_metadata"]))
        assert "全部で4,200文字" in shown(answer["view"])  # no 「指摘はありません」 without it

    told(story)


def test_the_global_shortcut_and_the_button_of_the_home_tab_open_the_form(told_both: Tell) -> None:
    async def story(served: Served) -> None:
        await served.interact(check_global())
        await form(served)
        await served.event(opened("home"))
        (home,) = await served.fake.wait(1, "views.publish")
        assert "open_check" in str(home.body)
        await served.interact(press_view("open_check:0", "", view="home"))
        _, second = await served.fake.wait(2, "views.open")
        assert fields(second.body["view"]).keys() == {"account", "text"}

    told_both(story)


def test_the_button_in_a_message_opens_the_form_and_in_a_view_stacks_it(told: Tell) -> None:
    async def story(served: Served) -> None:
        await served.interact(press("open_check:0"))
        assert (await form(served))["private_metadata"] == CHANNEL
        await served.interact(press_view("open_check:0", ""))
        await served.fake.wait(1, "views.push")

    told(story)


def test_a_sent_draft_is_answered_in_its_own_view_with_the_fields_as_they_were(told_both: Tell) -> None:
    async def story(served: Served) -> None:
        before = await served.office.intake.call(served.office.store.inbox.waiting)
        answer = await served.interact(check_submission(DRAFT))
        assert answer["response_action"] == "update"
        view = answer["view"]
        assert FOUND in shown(view)
        assert "要修正" in str(view["blocks"][0])  # what was found comes first
        assert fields(view)["text"]["initial_value"] == DRAFT
        assert fields(view)["account"]["initial_option"]["value"] == "official"
        assert view["private_metadata"] == CHANNEL
        again = await served.interact(check_submission(FINE, metadata=view["private_metadata"]))
        assert "指摘はありません" in str(again["view"]["blocks"][0])
        assert fields(again["view"])["text"]["initial_value"] == FINE
        assert await served.office.intake.call(served.office.store.inbox.waiting) == before
        assert [call.method for call in served.fake.calls if call.method != "auth.test"] in ([], [CONNECT])

    told_both(story)


CONNECT = "apps.connections.open"


def test_the_channels_organisation_is_the_one_whose_guideline_counts(told: Tell) -> None:
    async def story(served: Served) -> None:
        await served.office.intake.call(served.office.desk.cards, "bibai")  # a server warms up at its start
        answer = await served.interact(check_submission(DRAFT, metadata=BIBAI_CHANNEL))
        assert "美唄市" in shown(answer["view"])

    told(story)


@pytest.mark.parametrize(
    ("text", "account", "field", "words"),
    [
        (DRAFT, None, "account", "どのアカウントから出す下書きですか"),
        ("", "official", "text", "下書きが空です"),
        (" \n　", "official", "text", "下書きが空です"),
        (None, "official", "text", "下書きが空です"),
    ],
)
def test_what_is_missing_is_said_at_its_field(
    told: Tell, text: str | None, account: str | None, field: str, words: str
) -> None:
    async def story(served: Served) -> None:
        answer = await served.interact(check_submission(text, account))
        assert answer["response_action"] == "errors"
        assert words in answer["errors"][field]

    told(story)


def test_who_checks_too_fast_is_told_at_the_field_and_loses_nothing(told: Tell) -> None:
    async def story(served: Served) -> None:
        for _ in range(20):
            assert (await served.interact(check_submission(DRAFT)))["response_action"] == "update"
        answer = await served.interact(check_submission(DRAFT))
        assert answer["response_action"] == "errors"
        assert served.office.desk.busy().fallback in answer["errors"]["text"]

    told(story)


def test_another_workspaces_people_get_no_form_and_no_report(told: Tell) -> None:
    async def story(served: Served) -> None:
        for body in (check_global(), check_submission(DRAFT), check_message(DRAFT, served.reply_to())):
            body["user"]["team_id"] = "T0OTHER"
            assert await served.interact(body) == {}
            body["team"]["id"] = "T0OTHER"
            assert await served.interact(body) == {}
        await served.command(check_command(f"公式 {DRAFT}", served.reply_to(), team_id="T0OTHER"))
        await served.fake.quiet()
        assert [call.method for call in served.fake.calls] == ["auth.test"]

    told(story)


def test_a_form_of_a_shape_nobody_sends_is_acknowledged_and_does_nothing(told: Tell) -> None:
    async def story(served: Served) -> None:
        body = check_submission(DRAFT)
        for state in ({}, {"values": []}, {"values": {"text": {"value": {"value": 3}}}}):
            body["view"]["state"] = state
            answer = await served.interact({**body, "trigger_id": new_ts()})
            assert answer.get("response_action") == "errors"
        body["view"]["id"] = "<!channel>"
        assert await served.interact(body) == {}

    told(story)
