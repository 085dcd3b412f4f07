"""What an activity says, read without a server."""

from __future__ import annotations

import contextlib
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.addresses import Address, parse
from adapters.teams.inbound import MalformedError, button_command, incoming, loads, message_command, request, said
from bot.commands import (
    Acknowledge,
    AnswerQuiz,
    Copy,
    Home,
    OpenLesson,
    Question,
    Refer,
    ShowContacts,
    SteerCourse,
)

BOT = "28:bot"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ("type", "id", "name", "channelId", "serviceUrl", "from", "recipient", "conversation", "channelData", "text",
          "value", "entities", "membersAdded", "membersRemoved", "action", "replyToId")  # fmt: skip


def body(**fields: Any) -> dict[str, Any]:
    return {"type": "message", "id": "1", "conversation": {"id": "a:1", "conversationType": "personal"},
            "recipient": {"id": BOT}, "from": {"id": "29:u"}, **fields}  # fmt: skip


@given(st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_any_json_is_an_activity_or_malformed(fields: dict[str, Any]) -> None:
    for one in (fields, {**body(), **fields}):
        try:
            found = incoming(one)
        except MalformedError:
            continue
        message_command(found)
        button_command(found.value)
        assert parse(found.address.dumps()) == found.address


@given(st.binary(max_size=40))
def test_any_bytes_are_an_object_or_malformed(raw: bytes) -> None:
    with contextlib.suppress(MalformedError):
        assert isinstance(loads(raw), dict)


@pytest.mark.parametrize(
    ("value", "command"),
    [
        ({"verb": "refer", "value": "abc"}, Refer("abc")),
        ({"verb": "contacts", "value": ""}, ShowContacts()),
        ({"verb": "home", "value": ""}, Home()),
        ({"verb": "ask", "value": "写真は？"}, Question("写真は？")),
        ({"verb": "lesson", "value": "photos"}, OpenLesson("photos")),
        ({"verb": "quiz", "value": "photos/2"}, AnswerQuiz("photos", 2)),
        ({"verb": "quiz", "value": "photos/5"}, None),
        ({"verb": "acknowledge", "value": "0123456789abcdef"}, Acknowledge("0123456789abcdef")),
        ({"verb": "course", "value": "resume"}, SteerCourse("resume")),
        ({"verb": "copy", "value": "asahikawa/6"}, None),  # opens a dialog and never arrives as a message
        ({"verb": "rate_up", "value": "abc"}, None),
        ({"verb": "novelty", "value": "x"}, None),
        ({"verb": ["refer"], "value": "x"}, None),
        ({"verb": None}, None),
    ],
)
def test_a_button_that_arrives_as_a_message(value: dict[str, Any], command: object) -> None:
    assert message_command(incoming(body(value=value, text=""))) == command


def test_a_button_for_a_dialog() -> None:
    command = button_command({"verb": "copy", "value": "asahikawa/6(3)", "msteams": {"type": "task/fetch"}})
    assert isinstance(command, Copy)
    assert (command.ref.org, command.ref.locator) == ("asahikawa", "6(3)")


@pytest.mark.parametrize(
    ("text", "mentions", "expected"),
    [
        ("<at>Bot</at> 写真は？", [(BOT, "<at>Bot</at>")], "写真は？"),
        ("<at>Bot</at>&nbsp;a &lt;b&gt; &amp; c", [(BOT, "<at>Bot</at>")], "a <b> & c"),
        ("<at id='0'>鈴木</at>さん", [("29:x", "<at id='0'>鈴木</at>")], "鈴木さん"),
        ("1行目\r\n2行目\x00\x07", [], "1行目\n2行目"),
        ("<at>開いたまま", [], "開いたまま"),
        ("<attic>と</attic>", [], "<attic>と</attic>"),
        ("R&D&copy;&#9731;&#x1F600;&notes;&amp;lt;", [], "R&D©☃😀&notes;&lt;"),
        ("&notes", [], "&notes"),
    ],
)
def test_what_was_written_is_read_without_the_platforms_marks(
    text: str, mentions: list[tuple[str, str]], expected: str
) -> None:
    assert said(text, mentions, BOT) == expected


@pytest.mark.parametrize(
    "piece",
    ["<at>", "</at>", "<at", "<at ", "<at></at>", "<at>x</at>", "<at<at>", "&", "&#", "&amp", "&#1", "&a;", "\r", " "],
)
def test_no_text_is_read_in_more_time_than_its_length_asks_for(piece: str) -> None:
    text = piece * (240_000 // len(piece))
    names = [(BOT, "<at>" + "x" * number) for number in range(1, 1_000)]
    started = time.perf_counter()
    for whole in (text, f"<at{text}", f"&#{text};"):
        said(whole, names, BOT)
    assert time.perf_counter() - started < 1.0  # it was 42 s


def test_a_number_of_any_length_is_no_trouble() -> None:
    text = "&#" + "1" * 5_000 + ";"
    assert said(text, [], BOT) == text


@pytest.mark.parametrize(
    ("sender", "visitor"),
    [
        ({}, False),
        ({"tenantId": "T-1"}, False),
        ({"tenantId": "t-1", "aadTenantId": "t-1"}, False),
        ({"tenantId": "t-2"}, True),
        ({"aadTenantId": "t-2"}, True),
        ({"tenantId": "t-1", "aadTenantId": "t-2"}, True),
    ],
)
def test_whoever_has_another_home_is_a_visitor(sender: dict[str, str], visitor: bool) -> None:  # noqa: FBT001  # what is expected
    found = incoming(body(**{"from": {"id": "29:u", **sender}, "channelData": {"tenant": {"id": "t-1"}}}))
    assert found.visitor is visitor


def test_the_key_is_the_post_and_an_invoke_beside_it_is_another() -> None:
    first, again = incoming(body()), incoming(body(text="x"))
    other = incoming(body(name="task/fetch"))
    keys = {request(one, Home(), 0.0).key for one in (first, again, other)}
    assert len(keys) == 2


def test_a_channels_thread_is_its_own_conversation_and_its_place_is_the_channel() -> None:
    where = {"id": "19:x@thread.tacv2;messageid=5", "conversationType": "channel", "tenantId": "t"}
    found = incoming(body(conversation=where, channelData={"channel": {"id": "19:x@thread.tacv2"}}))
    sender = request(found, Home(), 0.0).sender
    assert (sender.channel, sender.thread) == ("19:x@thread.tacv2", "19:x@thread.tacv2;messageid=5")
    assert found.address.place.conversation == "19:x@thread.tacv2"
    assert found.address.place.activity == ""


@pytest.mark.parametrize(
    ("kind", "conversation", "direct"),
    [
        ("personal", "a:1", True),
        ("personal", "19:disguised@thread.v2", False),
        ("groupChat", "19:x@thread.v2", False),
        ("channel", "19:x@thread.tacv2;messageid=5", False),
    ],
)
def test_only_a_personal_chat_is_read_by_nobody_else(kind: str, conversation: str, *, direct: bool) -> None:
    found = incoming(body(conversation={"id": conversation, "conversationType": kind}))
    assert request(found, Home(), 0.0).sender.direct is direct


@pytest.mark.parametrize("text", ["", "x", "[]", "{}", '{"bot": 1, "user": 2}', "null"])
def test_an_address_that_is_none_is_none(text: str) -> None:
    assert parse(text) is None


def test_another_channel_of_the_same_tenant_has_no_person() -> None:
    own = Address("https://x/", "t", "personal", "a:1", "7", (BOT, "b"), ("29:u", "人"))
    there = own.channel("19:y@thread.tacv2")
    assert (there.kind, there.conversation, there.activity, there.user) == (
        "channel",
        "19:y@thread.tacv2",
        "",
        ("", ""),
    )
    assert own.channel("19:z@thread.v2").kind == "groupChat"
