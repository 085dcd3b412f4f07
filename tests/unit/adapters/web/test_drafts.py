"""Reports of drafts as the page shows them, and what the page posts of drafts."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.web.inbound import RefusedError, check_of, read_check, read_press
from adapters.web.outbound import fitted, marks, of_pictures, render
from adapters.web.uploads import LONGEST_NAME, safe_name
from bot.blocks import (
    Actions,
    Area,
    Button,
    Card,
    Choice,
    ClauseItem,
    ClauseRef,
    Clauses,
    Contacts,
    Excerpt,
    FindingRef,
    Form,
    Heading,
    Link,
    Note,
    Quote,
    Text,
)
from bot.commands import Check, FalseAlarm, Picture
from bot.model import CheckReport, Finding
from tests.unit.adapters.web.parsed import Parsed

FINDING = Finding("rule", "topic", "error", 0, 1, "x", "why", "how", ())
QUOTE = Quote(ClauseRef("a", "1"), (), None, None, "本文", None, "出典")


def report(*findings: Finding) -> CheckReport:
    return CheckReport(None, "ng", findings, (), ())


@given(st.text(max_size=40), st.data())
def test_a_mark_cuts_the_same_words_out_of_utf_16(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    (mark,) = marks(text, report(replace(FINDING, start=start, end=end)))
    units = text.encode("utf-16-le", "surrogatepass")
    cut = units[2 * mark["start"] : 2 * mark["end"]].decode("utf-16-le", "surrogatepass")
    assert cut == text[start:end]


def test_findings_about_no_words_have_no_mark_and_keep_their_number() -> None:
    picture = replace(FINDING, start=None, end=None, quote=None)
    found = marks("ab", report(picture, FINDING))
    assert found == [{"start": 0, "end": 1, "severity": "error", "number": 2}]


def test_nobody_lets_a_finding_pass_here_and_the_form_is_a_link() -> None:
    card = Card(
        (Actions((Button("dismiss", "見送る", "r/1"), Button("open_check", "点検"), Button("home", "戻る"))),), ""
    )
    (actions,) = fitted(card, "a/b&c").blocks
    assert actions == Actions((Link("点検", "/check?org=a%2Fb%26c"), Button("home", "戻る")))


def test_a_report_of_pictures_is_their_findings_alone() -> None:
    card = Card(
        (
            Heading("要確認 7件"), Note("公式"), Heading("1. 要確認"), Text("位置情報"), QUOTE, Actions(()),
            Note("ほかに 1件"), Clauses("目で", (ClauseItem(ClauseRef("a", "1"), "x"),)), Text("決裁"),
            Contacts("係", ()), Note("見落とすことがあります"),
        ),
        "",
    )  # fmt: skip
    kept = [getattr(block, "text", "") for block in of_pictures(card).blocks]
    assert kept == ["要確認 7件", "公式", "1. 要確認", "位置情報", "本文", "", "ほかに 1件", "見落とすことがあります"]
    clean = Card((Heading("指摘なし"), Note("公式"), Text("決裁")), "")
    assert len(of_pictures(clean).blocks) == 2


def test_words_of_a_draft_stand_below_their_label_with_their_line_ends() -> None:
    found = Parsed(render(Card((Excerpt("1. 要修正: 秘密", "一行目\n <b>二行目", "error"),), "")))
    assert found.complaints == []
    assert "一行目\n <b>二行目" in found.text
    assert "finding finding-error" in list(found.values("class"))


def test_a_form_asks_for_one_of_its_choices_and_keeps_what_was_typed() -> None:
    choice = Choice("account", "どれ", (("official", "公式"), ("private", "個人")), "private")
    form = Form("check", "点検する", (choice, Area("text", "下書き", "貼る", "\n</textarea>&", 9)))
    html = render(Card((form,), ""))
    found = Parsed(html)
    assert found.complaints == []
    assert re.search(r'value="private" required checked', html)
    assert not re.search(r'value="official" required checked', html)
    assert "\n\n</textarea>&" in found.text  # the first line end after the tag is the browser's


def test_a_posted_draft_is_read_as_typed() -> None:
    posted = read_check(json.dumps({"org": "a", "account": "private", "text": "a\0\r\n\x07b", "typing": True}).encode())
    assert posted.command == Check("a\0\r\n\x07b", "private", (), typing=True)
    assert check_of({"org": "a", "account": "official", "text": "\ud800x"}).command == Check("\ufffdx", "official")
    pictures = (Picture("a.png", b"x"),)
    assert check_of({"org": "a", "account": "official"}, pictures).command == Check("", "official", pictures)
    assert read_check(b'{"org": "a", "account": "official", "typing": "yes"}').command == Check("", "official")


def test_a_false_alarm_is_a_press_and_a_dismissal_is_none() -> None:
    ref = FindingRef("rule", "0" * 32)
    body = {"org": "a", "verb": "false_alarm", "value": str(ref)}
    assert read_press(json.dumps(body).encode()).command == FalseAlarm(ref)
    for verb in ("dismiss", "open_check", "check"):
        with pytest.raises(RefusedError):
            read_press(json.dumps({**body, "verb": verb}).encode())


@given(st.text(max_size=200))
def test_any_name_of_a_file_becomes_a_harmless_one(name: str) -> None:
    safe = safe_name(name)
    assert 0 < len(safe) <= LONGEST_NAME
    assert not set(safe) & set('/\\:*?"<>|%\r\n\0\u202e')
    assert safe == safe_name(safe) or len(safe) == LONGEST_NAME
    assert not safe.startswith(".")
