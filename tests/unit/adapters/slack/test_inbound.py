"""Payloads as requests: who, where, what, and under which key."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.addresses import Address
from adapters.slack.inbound import from_command, from_join, from_opened, from_post, from_press, from_submission, left
from adapters.slack.payloads import unmarked
from bot.commands import Acknowledge, AnswerQuiz, Copy, Home, OpenLesson, Question, Rate, SteerCourse
from tests.contract.slack.fake import BOT, TEAM
from tests.contract.slack.payloads import (
    CHANNEL,
    DIRECT,
    USER,
    command,
    direct,
    joined,
    mention,
    message,
    opened,
    press,
    press_alone,
    press_direct,
    press_view,
    revoked,
    submission,
    uninstalled,
)


def test_a_mention_and_the_same_post_as_a_message_have_one_key_one_thread_and_one_question() -> None:
    once = mention("写真は？", "1800000100.000042")
    twin = {**once, "event": {**once["event"], "type": "message", "channel_type": "channel"}}
    first, second = from_post(once, 1.0), from_post(twin, 1.0)
    assert first is not None
    assert second is not None
    assert first == second
    assert first.request.key == f"msg:{CHANNEL}:1800000100.000042"
    assert first.request.sender.thread == f"{CHANNEL}:1800000100.000042"
    assert first.request.command == Question("写真は？")


def test_a_reply_belongs_to_its_threads_conversation() -> None:
    post = from_post(message("平日は？", thread_ts="1800000100.000001"), 1.0)
    assert post is not None
    assert post.unasked
    assert post.request.sender.thread == f"{CHANNEL}:1800000100.000001"
    assert Address.parse(post.request.address) == Address("post", CHANNEL, "1800000100.000001")


def test_a_direct_chat_is_one_conversation_and_a_thread_in_it_another() -> None:
    plain, threaded = from_post(direct("写真は？"), 1.0), from_post(direct("写真は？", thread_ts="1.2"), 1.0)
    assert plain is not None
    assert threaded is not None
    assert plain.request.sender.thread == DIRECT
    assert threaded.request.sender.thread == f"{DIRECT}:1.2"
    assert Address.parse(threaded.request.address) == Address("post", DIRECT, "1.2")


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast"])
def test_a_question_with_a_picture_and_one_also_sent_to_the_channel_are_questions(subtype: str) -> None:
    assert from_post(direct("この写真は？", subtype=subtype), 1.0) is not None


def _for_enterprise(body: dict[str, Any], enterprise: str | None) -> dict[str, Any]:
    return {**body, "authorizations": [{**body["authorizations"][0], "enterprise_id": enterprise}]}


def test_an_author_at_home_in_our_enterprise_is_known_by_its_id() -> None:
    body = mention("写真は？", user_team="E0001")
    assert from_post(body, 1.0) is None
    assert from_post(_for_enterprise(body, "E0001"), 1.0) is not None
    assert from_post(_for_enterprise(body, "E0002"), 1.0) is None


@pytest.mark.parametrize("home", ["user_team", "source_team", "team"])
def test_an_enterprise_that_only_the_event_itself_names_is_foreign(home: str) -> None:
    body = {**mention("写真は？", **{home: "E0FOREIGN"}), "enterprise_id": "E0FOREIGN", "is_ext_shared_channel": True}
    assert from_post(body, 1.0) is None
    assert from_post(_for_enterprise(body, "E0001"), 1.0) is None


def test_the_workspace_is_the_authorizations_and_never_the_one_that_the_event_names_beside_it() -> None:
    body = mention("写真は？", team="T0OTHER")
    body["team_id"] = "T0OTHER"
    assert from_post(body, 1.0) is None
    del body["authorizations"][0]["team_id"]
    assert from_post(body, 1.0) is None


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (f"<@{BOT}> 写真は？", "写真は？"),
        (f"<@{BOT}|guideline>　写真は？", "写真は？"),
        ("<https://a.example/?a=1&amp;b=2|市の記事> を載せる", "市の記事 を載せる"),
        ("<https://a.example/?a=1&amp;b=2> を載せる", "https://a.example/?a=1&b=2 を載せる"),
        ("<#C012|広報> に書く", "#広報 に書く"),
        ("<!here> 写真は？", "写真は？"),
        ("<!subteam^S1|@広報課> 写真は？", "写真は？"),
        ("<!date^1^{date}|4月1日> から", "4月1日 から"),
        ("a &lt; b &amp;&amp; c &gt; d", "a < b && c > d"),
        ("&amp;lt;!channel&amp;gt;", "&lt;!channel&gt;"),
        ("1 < 2", "1 < 2"),
    ],
)
def test_text_is_read_as_its_author_typed_it(typed: str, read: str) -> None:
    assert unmarked(typed) == read


@given(st.text())
def test_what_slack_encodes_comes_back_as_it_was(text: str) -> None:
    encoded = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert unmarked(encoded) == text.strip()


def test_the_command_with_words_asks_and_without_shows_the_home() -> None:
    asking, alone = from_command(command("写真は？", "https://x"), 1.0), from_command(command(" ", "https://x"), 1.0)
    assert asking is not None
    assert alone is not None
    assert asking.command == Question("写真は？", private=True)
    assert alone.command == Home()
    assert asking.key != alone.key
    assert Address.parse(asking.address) == Address("respond", CHANNEL, user=USER, url="https://x", echo=True)


def test_buttons_are_commands_with_their_place() -> None:
    copy = from_press(press("copy:0", "asahikawa/6(3)"), 1.0)
    assert copy is not None
    assert isinstance(copy.request.command, Copy)
    assert copy.address is not None
    assert copy.address.thread == "1800000100.000000"
    up = from_press(press("rate", "up:abc"), 1.0)
    assert up is not None
    assert up.request.command == Rate("abc", good=True)
    down = from_press(press_view("rate_down", "abc"), 1.0)
    assert down is not None
    assert down.request.command == Rate("abc", good=False)
    assert (down.view, down.address) == ("modal", None)


def test_the_first_button_of_a_private_answer_continues_its_conversation() -> None:
    pressed = from_press(press_alone("ask:0", "写真は？", "https://x"), 1.0)
    asked = from_command(command("写真は？", "https://x"), 1.0)
    assert pressed is not None
    assert asked is not None
    assert pressed.request.sender.thread == asked.sender.thread
    assert pressed.request.command == asked.command


@pytest.mark.parametrize(
    ("action", "value", "wanted"),
    [
        ("lesson:0", "photos", OpenLesson("photos")),
        ("quiz:2", "photos/3", AnswerQuiz("photos", 3)),
        ("acknowledge:0", "0123456789abcdef", Acknowledge("0123456789abcdef")),
        ("course:1", "pause", SteerCourse("pause")),
    ],
)
def test_a_press_of_the_course_is_kept_and_answered_where_it_was_made_in_the_direct_chat(
    action: str, value: str, wanted: object
) -> None:
    pressed = from_press(press_direct(action, value), 1.0)
    assert pressed is not None
    assert pressed.kept
    assert pressed.request.command == wanted
    assert pressed.request.key == f"trigger:{pressed.trigger}"
    assert Address.parse(pressed.request.address) == Address("post", DIRECT, user=USER)
    sender = pressed.request.sender
    assert (sender.channel, sender.thread, sender.direct) == (DIRECT, DIRECT, True)


@pytest.mark.parametrize(
    "body",
    [
        press("lesson:0", "photos"),
        press_alone("lesson:0", "photos", "https://x"),
        press_view("lesson:0", "photos", view="home"),
        press_view("lesson:0", "photos", private_metadata=CHANNEL),
    ],
    ids=["channel", "ephemeral", "home", "modal"],
)
def test_a_press_of_the_course_anywhere_else_goes_on_in_the_direct_chat(body: dict[str, Any]) -> None:
    pressed = from_press(body, 1.0)
    assert pressed is not None
    assert pressed.kept
    assert Address.parse(pressed.request.address) == Address("direct", user=USER)
    sender = pressed.request.sender
    assert (sender.channel, sender.direct) == ("", True)  # the course is the workspace's, not the channel's


def test_what_nobody_else_reads_is_known_as_such() -> None:
    said, public = from_post(direct("研修を始める"), 1.0), from_post(mention("研修を始める"), 1.0)
    assert said is not None
    assert public is not None
    assert (said.request.sender.direct, public.request.sender.direct) == (True, False)
    seen, typed = from_opened(opened("home")), from_command(command("研修を始める", "https://x"), 1.0)
    assert seen is not None
    assert typed is not None
    assert (seen.sender.direct, typed.sender.direct) == (True, False)


@pytest.mark.parametrize(("guest", "direct"), [({}, True), ({"is_restricted": True}, False),
                                               ({"is_ultra_restricted": True}, False)])  # fmt: skip
def test_whoever_joins_is_greeted_and_a_guest_begins_no_course(guest: dict[str, bool], *, direct: bool) -> None:
    request = from_join(joined(**guest), 1.0)  # type: ignore[arg-type]
    assert request is not None
    assert request.command == Home(joined=True)
    assert request.sender.direct is direct


def test_a_modal_is_a_conversation_of_its_own() -> None:
    request = from_submission(submission("写真は？"), "写真は？", 1.0)
    assert request is not None
    assert request.sender.thread == "view:V0002"
    assert from_submission(submission(" "), " ", 1.0) is None


def test_leaving_is_known_by_either_event_and_a_persons_token_is_not_leaving() -> None:
    assert left(uninstalled()) == TEAM
    assert left(revoked()) == TEAM
    own = revoked()
    own["event"]["tokens"] = {"oauth": ["U1"]}
    assert left(own) is None


@pytest.mark.parametrize(
    "address",
    [
        Address("post", "C1"),
        Address("post", "C1", "1.2"),
        Address("respond", "C1", user="U1", url="https://x", echo=True),
    ],
)
def test_an_address_comes_back_as_it_went(address: Address) -> None:
    assert Address.parse(str(address)) == address


@pytest.mark.parametrize("text", ["", "x", "[]", "{}", '{"kind":"post","other":1}'])
def test_what_is_no_address_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"address|Expecting"):
        Address.parse(text)
