"""What is wanted of the draft check, read from messages, forms, and the HTML of a message to check."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.drafts import Shown, draft_command, form_command, from_html, has_pictures, shown
from adapters.teams.inbound import incoming
from bot.blocks import FindingRef
from bot.commands import Check, Dismiss, FalseAlarm, OpenCheck

BOT = "28:bot"
REF = "flame-ignored/0123456789abcdef0123456789abcdef"
FINDING = FindingRef("flame-ignored", "0123456789abcdef0123456789abcdef")


def said(text: str, **fields: Any) -> dict[str, Any]:
    return {"type": "message", "id": "1", "conversation": {"id": "a:1", "conversationType": "personal"},
            "recipient": {"id": BOT}, "from": {"id": "29:u"}, "text": text, **fields}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "draft"),
    [
        ("下書き点検", ""),
        ("点検", ""),
        ("下書きを点検", ""),
        ("点検してください。", ""),
        ("/check-draft", ""),
        ("/Check-Draft  あした出します", "あした出します"),
        ("点検 本日は晴天です", "本日は晴天です"),
        ("点検：本日は\n晴天です", "本日は\n晴天です"),
        ("下書き点検\n\n一行目\n\n二行目", "一行目\n\n二行目"),
        ("点検　全角の空白のあと", "全角の空白のあと"),
    ],
)
def test_the_word_opens_the_form_and_what_stands_behind_it_is_the_draft(text: str, draft: str) -> None:
    assert draft_command(incoming(said(text))) == OpenCheck(draft)


@pytest.mark.parametrize(
    "text",
    [
        "点検はどの規定ですか",
        "点検済みの写真",
        "設備の点検 を載せたい",
        "下書きの書き方は？",
        "check-draft",
        "",
        "点検、",
    ],
)
def test_a_question_that_only_holds_the_word_stays_a_question(text: str) -> None:
    assert draft_command(incoming(said(text))) is None


def test_in_a_channel_only_a_mention_asks_for_the_check() -> None:
    where = {"id": "19:x@thread.tacv2", "conversationType": "channel"}
    assert draft_command(incoming(said("点検 文", conversation=where))) is None
    mention = {"type": "mention", "mentioned": {"id": BOT}, "text": "<at>Bot</at>"}
    asked = said("<at>Bot</at> 点検 文", conversation=where, entities=[mention])
    assert draft_command(incoming(asked)) == OpenCheck("文")


def test_another_bots_draft_is_not_checked() -> None:
    assert draft_command(incoming(said("点検 文", **{"from": {"id": "28:other"}}))) is None


@pytest.mark.parametrize(
    ("data", "command"),
    [
        ({"verb": "check", "account": "official", "text": "文"}, Check("文", "official")),
        ({"verb": "check", "account": "novelty", "text": "文"}, Check("文")),
        ({"verb": "check", "account": ["official"], "text": {"a": 1}}, Check("")),
        ({"verb": "check"}, Check("")),
        ({"verb": "open_check", "value": ""}, OpenCheck()),
        ({"verb": "dismiss", "value": REF}, Dismiss(FINDING)),
        ({"verb": "dismiss", "value": f"{REF}/approved"}, Dismiss(FINDING, "approved")),
        ({"verb": "false_alarm", "value": REF}, FalseAlarm(FINDING)),
        ({"verb": "dismiss", "value": "x"}, None),
        ({"verb": "refer", "value": "abc"}, None),
        ({"verb": ["check"]}, None),
        ({"verb": "check", "value": 3}, None),
        ({}, None),
    ],
)
def test_forms_and_buttons_are_read(data: dict[str, Any], command: object) -> None:
    assert form_command(data) == command
    if command is not None:
        assert draft_command(incoming(said("", value=data))) == command


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>本日は</p>\n<p>晴天です</p>", "本日は\n晴天です"),
        ("<div>一行目<br>二行目<br/>三行目</div>", "一行目\n二行目\n三行目"),
        ("<p>一</p><p>&nbsp;</p><p>二</p>", "一\n\n二"),
        ("<ul><li>い</li><li>ろ</li></ul>", "い\nろ"),
        ('<div><at id="0">鈴木</at>さんへ</div>', "鈴木さんへ"),
        ("&lt;at&gt;all&lt;/at&gt; &amp; <b>太字</b>", "<at>all</at> & 太字"),
        ('<a href="https://evil.example/">市の<i>ページ</i></a>', "市のページ"),
        ('晴<img alt="😀" itemtype="http://schema.skype.com/Emoji" src="x">天', "晴😀天"),
        ('晴<emoji id="smile" alt="🙂" title="x"></emoji>', "晴🙂"),
        ('<attachment id="5"></attachment>文', "文"),
        ("<script>alert(1)</script>", "alert(1)"),
        ("<p>開いたまま", "開いたまま"),
        ("3 < 5 と 7 > 6", "3 < 5 と 7 > 6"),
        ("一\x00二\u202e三", "一二\u202e三"),
        ("", ""),
    ],
)  # fmt: skip
def test_html_is_read_as_a_person_reads_it(html: str, text: str) -> None:
    assert from_html(html) == Shown(text, pictures=False)


@pytest.mark.parametrize(
    "payload",
    [
        {"body": {"contentType": "html", "content": '<p>文<img src="https://graph.microsoft.com/x/$value"></p>'}},
        {"body": {"content": "文"}, "attachments": [{"contentType": "image/png", "contentUrl": "https://x/"}]},
        {"body": {"content": "文"}, "attachments": [{"contentType": "reference", "name": "写真.JPG"}]},
    ],
)
def test_pictures_of_a_message_are_noticed(payload: object) -> None:
    assert shown(payload) == Shown("文", pictures=True)


@pytest.mark.parametrize(
    "payload", [None, [], "x", {}, {"body": None}, {"body": []}, {"body": {"content": 3}}, {"attachments": {}}]
)
def test_a_message_that_is_none_has_no_text(payload: object) -> None:
    assert shown(payload) == Shown("", pictures=False)


def test_a_message_of_plain_text_keeps_its_signs() -> None:
    assert shown({"body": {"contentType": "text", "content": " a < b & c "}}).text == "a < b & c"


@pytest.mark.parametrize(
    "attachments", [None, {}, [1, None, "x"], [{"contentType": 3, "name": None}], [{"name": "a.pdf"}]]
)
def test_other_attachments_are_no_pictures(attachments: object) -> None:
    assert not has_pictures(attachments)


@given(st.text(alphabet="<>/&;#brpatimg=\"' \n\x00文", max_size=200))
def test_any_html_is_text(html: str) -> None:
    found = from_html(html).text
    assert "\x00" not in found
    assert found == found.strip()


@pytest.mark.parametrize(
    "piece", ["<", "<p", "<p>", "</p>", "<img ", 'alt="', "<br> ", "&#", " ", "\n", "<img alt=", "点検 "]
)
def test_no_html_takes_more_time_than_its_length_asks_for(piece: str) -> None:
    text = piece * (240_000 // len(piece))
    started = time.perf_counter()
    from_html(text)
    from_html(f"<img {text}")
    draft_command(incoming(said(text)))
    assert time.perf_counter() - started < 2.0
