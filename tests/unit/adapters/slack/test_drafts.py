"""Drafts in Slack's payloads, what a view remembers, and reports as views and messages."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack import drafts, texts
from adapters.slack.forms import Sheet, opened, reported, waiting
from adapters.slack.kept import Kept
from adapters.slack.outbound import QUOTED, characters, render
from adapters.slack.payloads import drafted
from bot.blocks import (
    Actions,
    Area,
    Block,
    Button,
    Card,
    Choice,
    ClauseItem,
    ClauseRef,
    Clauses,
    Excerpt,
    FindingRef,
    Form,
    Heading,
    Note,
    Quote,
    Text,
)
from bot.commands import Check, OpenCheck
from tests.contract.slack.gate import wrong_message, wrong_view
from tests.contract.slack.payloads import CHANNEL, check_command, check_message, check_submission
from tests.unit.adapters.slack.test_outbound import CARDS, LONG, PAGE, TEXT

REF = ClauseRef("asahikawa", "6(3)")
FINDING = FindingRef("flame-ignored", "0" * 32)
DISMISS = Actions(
    (Button("dismiss", "理由を付けて見送る", str(FINDING)), Button("false_alarm", "誤検知", str(FINDING)))
)
CHOICE = Choice("account", "どのアカウント", (("official", "公式アカウント"), ("private", "個人アカウント")))
IDS = st.from_regex(r"[A-Z][A-Z0-9]{1,12}", fullmatch=True)
KEPT = st.builds(
    Kept, IDS | st.just(""), st.lists(IDS, max_size=10).map(tuple), st.integers(0, 99), st.integers(0, 40_000)
)
KEYS = st.sampled_from(["files", "text", "id", "state", "values", "value", "view", "selected_option", "team_id"])
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda one: st.lists(one, max_size=3) | st.dictionaries(KEYS, one, max_size=4),
)


def form(text: str = "") -> Form:
    return Form("check", "点検する", (CHOICE, Area("text", "下書き", "貼り付けてください", text, 10_000)))


def finding(words: str = "放置します", clause: str = "条文。") -> list[Block]:
    quote = Quote(REF, ("６ 留意点",), None, None, clause, None, "ガイドライン 6(3)")
    return [Excerpt("1. 要確認: 炎上", words, "warning"), Text("理由\n→ 直し方"), quote, DISMISS]


def report(count: int = 1, **more: str) -> Card:
    blocks: list[Block] = [Heading("要確認があります"), Note("公式アカウントの下書きとして点検しました。")]
    blocks += [block for _ in range(count) for block in finding(**more)]
    items = tuple(ClauseItem(REF, "目で確かめる問い") for _ in range(4))
    return Card((*blocks, Clauses("自動では確認していない規定", items), Note("見落とすことがあります。")), "要確認")


@given(KEPT)
def test_what_a_view_remembers_comes_back_and_fits(kept: Kept) -> None:
    assert Kept.parse(str(kept)) == kept
    assert len(str(kept)) <= 3000


@given(st.text() | st.recursive(st.integers() | st.text(), st.lists).map(str))
def test_whatever_stands_in_its_place_is_read_as_nothing_worse(text: str) -> None:
    Kept.parse(text)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("<!channel> 集合", "@channel 集合"),
        ("<!subteam^S1|@kouhou> へ", "@kouhou へ"),
        ("<!subteam^S1>", "@subteam"),
        ("<@U1> さん", "さん"),
        ("<#C1|general>", "#general"),
        ("<https://bit.ly/a>", "https://bit.ly/a"),
        ("<https://bit.ly/a|bit.ly/a>", "bit.ly/a"),
        ("<https://bit.ly/a|市のページ>", "市のページ https://bit.ly/a"),
        ("<mailto:a@b.example|a@b.example>", "a@b.example"),
        ("&lt;!channel&gt; &amp;amp;", "<!channel> &amp;"),
    ],
)
def test_a_draft_is_read_as_it_was_typed(typed: str, read: str) -> None:
    assert drafted(typed) == read


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("公式 写真です", Check("写真です", "official")),
        ("個人　写真です", Check("写真です", "private")),
        ("PRIVATE:写真です", Check("写真です", "private")),
        ("公式\n一行目\n二行目", Check("一行目\n二行目", "official")),
        ("公式", OpenCheck("", "official")),
        ("公式写真です", OpenCheck("公式写真です")),
        ("officially", OpenCheck("officially")),
        ("", OpenCheck()),
    ],
)
def test_a_command_names_the_account_with_its_first_word_alone(typed: str, command: Check | OpenCheck) -> None:
    begun = drafts.from_command(check_command(typed, ""), 0)
    assert begun is not None
    assert begun.request.command == command
    assert begun.request.address == ""


@given(ODD)
def test_payloads_of_any_shape_are_read_without_a_stumble(odd: Any) -> None:
    for body in (check_command("公式 a", ""), check_message("a", ""), check_submission("a")):
        for key in body:
            changed = {**body, key: odd}
            drafts.from_command(changed, 0)
            drafts.from_shortcut(changed, 0)
            drafts.from_submission(changed, 0)


@given(CARDS, KEPT, LONG, st.integers(0, 3))
def test_whatever_a_card_and_a_draft_hold_slack_takes_the_views(card: Card, kept: Kept, text: str, missed: int) -> None:
    sheet = Sheet(form(text), kept, PAGE)
    for view in (opened(sheet, card), waiting(sheet), reported(sheet, card, missed)):
        assert wrong_view(view) is None


@given(st.integers(1, 40), LONG, TEXT)
def test_a_report_of_any_length_fits_a_message_and_a_view(count: int, clause: str, words: str) -> None:
    card = report(count, clause=clause, words=words)
    message = render(card, PAGE)
    assert wrong_message({"text": message.text, "blocks": message.blocks}) is None
    view = reported(Sheet(form("あ" * 3000), Kept(CHANNEL), PAGE), card, 0)
    assert wrong_view(view) is None
    assert characters(view["blocks"]) <= 13_000  # Slack sends it back with every press, and the door has its limit
    buttons = [block for block in message.blocks if "dismiss" in str(block)]
    excerpts = [block for block in message.blocks if "rich_text_preformatted" in str(block)]
    assert len(buttons) <= len(excerpts)  # none without its finding


def test_a_report_of_six_findings_stands_whole_in_a_message() -> None:
    for rendered in (render(report(6), PAGE), render(report(6), PAGE, "modal")):
        assert texts.SHORTENED not in str(rendered.blocks)
        assert "見落とすことがあります" in str(rendered.blocks[-1])


def test_the_words_of_a_draft_stand_apart_from_the_clause_with_what_hides_in_them_shown() -> None:
    blocks = render(report(words="あ\u202eい\x00う\n<!channel>"), None).blocks
    (excerpt,) = [block for block in blocks if "rich_text_preformatted" in str(block)]
    label, said = (part["elements"][0] for part in excerpt["elements"])
    assert (label["text"], label["style"]) == ("1. 要確認: 炎上", {"bold": True})
    assert said == {"type": "text", "text": "あ\ufffdい\ufffdう\n<!channel>"}


def test_a_long_clause_of_a_report_is_cut_with_a_button_to_the_rest() -> None:
    for rendered in (render(report(clause="条" * 900), None), render(report(clause="条" * 900), None, "modal")):
        (quoted,) = [part for block in rendered.blocks for part in block.get("elements", []) if "quote" in str(part)]
        assert len(quoted["elements"][0]["text"]) == QUOTED
        assert "read:all" in str(rendered.blocks)


def test_only_the_first_heading_of_an_alarm_has_the_warning_sign() -> None:
    card = Card((Heading("要修正 1件があります"), Text("a"), Heading("1. 要修正: 秘密")), "x", tone="alarm")
    heads = [block["text"]["text"] for block in render(card, None).blocks if block["type"] == "header"]
    assert heads == ["⚠️ 要修正 1件があります", "1. 要修正: 秘密"]


def test_in_a_message_a_form_is_a_button_that_opens_it() -> None:
    (row,) = render(Card((form("下書きの文"),), "x"), None).blocks
    assert row["elements"][0]["action_id"] == "open_check:form"
    assert "下書きの文" not in str(row)


def test_what_is_needed_and_chosen_stands_in_the_fields() -> None:
    view = opened(Sheet(form("文"), Kept(CHANNEL), None), Card((Heading("下書きの点検"), Note("保存しません。")), "x"))
    account, text = (block for block in view["blocks"] if block["type"] == "input")
    assert (account["optional"], text["optional"]) == (False, False)
    assert (text["element"]["max_length"], text["element"]["initial_value"]) == (3000, "文")
    assert [block["type"] for block in view["blocks"]] == ["context", "input", "input"]  # its title says the heading
