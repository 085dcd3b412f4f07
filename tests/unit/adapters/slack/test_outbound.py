"""Cards as Block Kit: within Slack's limits whatever they hold, and nothing in them is ever live."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.outbound import FALLBACK, QUOTED, Surface, asked, characters, escape, fallback, render, signed
from adapters.slack.views import asking, home, showing
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
    ContactItem,
    Contacts,
    Copyable,
    Excerpt,
    Feedback,
    Form,
    Heading,
    Link,
    Note,
    Progress,
    Prompts,
    Quote,
    Step,
    Steps,
    Table,
    Text,
)
from bot.cards import CardMaker
from bot.model import Ask
from bot.outcome import Outcome
from bot.service import Service
from tests.contract.slack.gate import marked_texts, wrong_message, wrong_view

REF = ClauseRef("asahikawa", "6(3)")
PAGE = "https://guideline.example.lg.jp"

HOSTILE = st.sampled_from(
    [
        "<!channel>",
        "<!here|x>",
        "<@U0123ABCD>",
        "<#C0123|x>",
        "<!subteam^S1>",
        "<https://a.example|市>",
        "&lt;!channel&gt;",
    ]
)
TEXT = st.lists(HOSTILE | st.text(max_size=40) | st.sampled_from(["*太字*", "~消~", ":smile:", "`", "\n", " "])).map(
    "".join
)
LONG = TEXT | st.integers(0, 9000).map(lambda size: "長い文。\n" * (size // 5))
REFS = st.builds(ClauseRef, st.just("asahikawa"), TEXT.map(lambda text: text[:40] or "1"))
URLS = st.sampled_from([None, "https://a.example/d.pdf", "http://a.example", "javascript:alert(1)", "data:text/html,x"])
FIELD = Choice("account", "どのアカウント", (("official", "公式"), ("private", "個人")))
BLOCKS: st.SearchStrategy[Block] = st.one_of(
    st.builds(Heading, LONG),
    st.builds(Text, LONG),
    st.builds(Note, LONG),
    st.builds(Quote, REFS, st.lists(TEXT, max_size=3).map(tuple), TEXT, TEXT, LONG, TEXT, TEXT, URLS),
    st.builds(Steps, st.lists(st.builds(Step, st.integers(1, 9), LONG, REFS), max_size=6).map(tuple)),
    st.builds(Clauses, TEXT, st.lists(st.builds(ClauseItem, REFS, LONG, TEXT), max_size=6).map(tuple)),
    st.builds(Contacts, TEXT, st.lists(st.builds(ContactItem, TEXT, TEXT, TEXT, LONG), max_size=6).map(tuple)),
    st.builds(Prompts, TEXT, st.lists(LONG, max_size=6).map(tuple)),
    st.builds(Copyable, LONG),
    st.builds(
        Actions,
        st.lists(
            st.builds(Button, st.sampled_from(["copy", "read", "refer", "dismiss", "quiz"]), TEXT, LONG, LONG)
            | st.builds(Link, TEXT, URLS.map(lambda url: url or "/guidelines/asahikawa#1")),
            max_size=7,
        ).map(tuple),
    ),
    st.builds(Feedback, st.just("0123456789abcdef01234567")),
    st.builds(Progress, st.integers(-2, 40), st.integers(-2, 40), LONG),
    st.builds(Table, st.tuples(TEXT, LONG), st.lists(st.tuples(LONG, TEXT), max_size=120).map(tuple)),
    st.builds(Excerpt, TEXT, LONG, st.sampled_from(["error", "warning", "info"])),
    st.builds(lambda text: Form("check", "点検する", (FIELD, Area("text", "下書き", text, text, 10_000))), LONG),
)
CARDS = st.builds(Card, st.lists(BLOCKS, min_size=1, max_size=14).map(tuple), LONG)


@given(CARDS, TEXT)
def test_whatever_a_card_holds_slack_takes_it_and_nothing_is_live(card: Card, question: str) -> None:
    message = signed(asked(render(card, PAGE), question), "U0123", " さんが共有しました")
    assert wrong_message({"text": message.text, "blocks": message.blocks}) is None
    surfaces: tuple[Surface, ...] = ("modal", "home")
    for surface in surfaces:
        rendered = render(card, PAGE, surface)
        if rendered.blocks:
            view = home(rendered) if surface == "home" else showing("回答", rendered, "C1")
            assert wrong_view(view) is None


@given(CARDS)
def test_links_lead_only_to_our_page_and_to_https(card: Card) -> None:
    for surface in ("message", "modal"):
        for url in _urls(render(card, PAGE, surface).blocks):  # type: ignore[arg-type]
            assert url.startswith((f"{PAGE}/guidelines/", "https://a.example", "http://a.example"))


@given(CARDS)
def test_people_channels_and_markup_are_never_made_from_a_cards_text(card: Card) -> None:
    blocks = render(card, None).blocks
    kinds = set(_kinds(blocks))
    assert not kinds & {"mrkdwn", "markdown", "user", "usergroup", "channel", "broadcast", "emoji", "date"}
    assert list(marked_texts(blocks)) == []


@given(st.text() | TEXT)
def test_escaped_text_holds_no_sign_that_slack_obeys_and_reads_as_before(text: str) -> None:
    escaped = escape(text)
    assert "<" not in escaped
    assert ">" not in escaped
    assert escaped.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == text


@given(st.text(max_size=50).map(lambda text: text * 200) | st.just("&<>" * 5000))
def test_a_fallback_is_short_and_whole(text: str) -> None:
    shown = fallback(text)
    assert 1 <= len(shown) <= FALLBACK
    for entity in shown.split("&")[1:]:
        assert entity.startswith(("amp;", "lt;", "gt;"))


def _quote(text: str) -> Card:
    return Card((Quote(REF, ("６ 留意点",), None, None, text, None, "ガイドライン 6(3)"),), text)


def test_a_short_clause_stands_whole_in_a_quotation() -> None:
    blocks = render(_quote("写真の注意。"), None).blocks
    assert blocks[1] == {
        "type": "rich_text",
        "elements": [{"type": "rich_text_quote", "elements": [{"type": "text", "text": "写真の注意。"}]}],
    }
    assert "全文を読む" not in json.dumps(blocks, ensure_ascii=False)


def test_a_long_clause_is_cut_in_a_message_with_a_button_to_the_rest_and_whole_in_a_view() -> None:
    text = "".join(f"{number}号の条文。\n" for number in range(800))
    message = render(_quote(text), None).blocks
    shown = message[1]["elements"][0]["elements"][0]["text"]
    assert len(shown) == QUOTED
    assert message[-1]["elements"][0] | {"text": None} == {
        "type": "button",
        "action_id": "read:all",
        "text": None,
        "value": "asahikawa/6(3)",
    }
    view = render(_quote(text), None, "modal").blocks
    quoted = "".join(one["elements"][0]["elements"][0]["text"] for one in view if "rich_text_quote" in json.dumps(one))
    assert quoted == text


def test_without_a_page_there_are_no_links_to_it() -> None:
    card = Card((Actions((Link("文書の中で読む", "/guidelines/asahikawa"), Button("copy", "コピー", str(REF)))),), "x")
    assert [one["action_id"] for one in render(card, None).blocks[0]["elements"]] == ["copy:1"]
    assert [one.get("url") for one in render(card, PAGE + "/").blocks[0]["elements"]] == [
        f"{PAGE}/guidelines/asahikawa",
        None,
    ]


def test_feedback_is_slacks_own_in_a_message_and_two_buttons_in_a_view() -> None:
    card = Card((Text("答え"), Feedback("a1")), "答え")
    (element,) = render(card, None).blocks[-1]["elements"]
    assert element["type"] == "feedback_buttons"
    assert (element["positive_button"]["value"], element["negative_button"]["value"]) == ("up:a1", "down:a1")
    assert [one["action_id"] for one in render(card, None, "modal").blocks[-1]["elements"]] == ["rate_up", "rate_down"]


def test_where_a_card_is_too_long_buttons_stay_and_it_is_said() -> None:
    items = tuple(ClauseItem(ClauseRef("asahikawa", str(n)), "長い条文。" * 100) for n in range(80))
    card = Card((Clauses("関連", items), Actions((Button("copy", "コピー", str(REF)),)), Feedback("a1")), "x")
    rendered = render(card, None)
    assert len(rendered.blocks) <= 50
    assert characters(rendered.blocks) <= 9100
    assert [one["type"] for one in rendered.blocks[-3:]] == ["context", "actions", "context_actions"]
    assert rendered.blocks[-3]["elements"][0]["text"].startswith("長いため")


def test_steps_are_numbered_on_across_lists() -> None:
    steps = Steps(tuple(Step(number, "手順。" * 230, REF) for number in range(1, 8)))
    lists = [one["elements"][0] for one in render(Card((steps,), "x"), None).blocks]
    assert [one["style"] for one in lists] == ["ordered"] * len(lists)
    assert [one.get("offset", 0) for one in lists] == [0, 4]


@pytest.mark.parametrize(
    ("done", "total", "bar"),
    [(0, 3, "□□□"), (2, 3, "■■□"), (3, 3, "■■■"), (1, 20, "□□□□□□□□□□"), (19, 20, "■■■■■■■■■□"), (0, 0, "")],
)
def test_progress_is_said_in_words_and_shown_as_a_bar_that_is_full_only_at_the_end(
    done: int, total: int, bar: str
) -> None:
    (block,) = render(Card((Progress(done, total, "途中まで終わりました"),), "x"), None).blocks
    assert block == {
        "type": "context",
        "elements": [{"type": "plain_text", "text": f"途中まで終わりました　{bar}", "emoji": False}],
    }


@pytest.mark.parametrize("surface", ["message", "modal", "home"])
def test_a_table_stands_in_columns_of_wide_signs_on_every_surface(surface: Surface) -> None:
    table = Table(("所属", "修了", "対象"), (("産業観光課", "12", "40"), ("IT 推進", "3", "3")))
    (block,) = render(Card((table,), "x"), None, surface).blocks
    (preformatted,) = block["elements"]
    assert preformatted["type"] == "rich_text_preformatted"
    assert preformatted["elements"][0]["text"].split("\n") == [
        "所属　　　　修了　対象",
        "産業観光課　１２　４０",
        "ＩＴ　推進　３　　３",
    ]


def test_what_a_sign_on_a_button_means_is_said_to_a_screen_reader() -> None:
    buttons = (Button("quiz", "①", "lesson/1", "答え 1「消す」を選ぶ"), Button("quiz", "②", "lesson/2", "長" * 90))
    (block,) = render(Card((Actions(buttons),), "x"), None).blocks
    assert block["elements"][0]["accessibility_label"] == "答え 1「消す」を選ぶ"
    assert len(block["elements"][1]["accessibility_label"]) == 75


def test_an_incident_begins_with_a_warning_sign() -> None:
    card = Card((Heading("炎上への対応です。"),), "x", tone="alarm")
    assert render(card, None).blocks[0]["text"]["text"] == "⚠️ 炎上への対応です。"


def test_the_asking_view_takes_a_long_draft_and_says_what_becomes_of_it() -> None:
    view = asking("C1", "下書き" * 3000)
    assert wrong_view(view) is None
    assert len(view["blocks"][0]["element"]["initial_value"]) == 3000
    assert "残りません" in view["blocks"][0]["hint"]["text"]


@pytest.mark.parametrize("org", ["asahikawa", "bibai", "chikugo", "suzaka", "urausu"])
def test_every_clause_of_every_guideline_can_be_shown_and_copied_whole(service: Service, org: str) -> None:
    maker = CardMaker(service.knowledge, org)
    for clause in service.knowledge.organization(org).guideline.clauses:
        ref = ClauseRef(org, clause.locator)
        for card in (maker.clause(ref), maker.copy(ref)):
            if card is None:
                continue
            assert wrong_view(showing("条項", render(card, PAGE, "modal"))) is None
            message = render(card, PAGE)
            assert wrong_message({"text": message.text, "blocks": message.blocks}) is None
        shown = maker.copy(ref)
        if shown is not None:
            copied = [one for one in render(shown, None, "modal").blocks if "preformatted" in json.dumps(one)]
            assert "".join(one["elements"][0]["elements"][0]["text"] for one in copied) == shown.fallback


def test_answers_of_every_kind_fit(service: Service) -> None:
    maker = CardMaker(service.knowledge, "asahikawa", ("写真の注意は？",))
    for question in (
        "公式で写真を載せるときの注意は？",
        "炎上した",
        "昼ごはん",
        "他の自治体では写真は？",
        "ありがとう",
    ):
        outcome = Outcome(maker.answer(service.ask(Ask("asahikawa", question)), "a" * 24, private=True))
        rendered = render(outcome.card, PAGE)
        assert wrong_message({"text": rendered.text, "blocks": rendered.blocks}) is None


def _urls(part: Any) -> list[str]:
    if isinstance(part, dict):
        return [part[key] for key in ("url",) if key in part] + [url for value in part.values() for url in _urls(value)]
    return [url for one in part for url in _urls(one)] if isinstance(part, list) else []


def _kinds(part: Any) -> list[str]:
    if isinstance(part, dict):
        return [part[key] for key in ("type",) if key in part] + [
            kind for value in part.values() for kind in _kinds(value)
        ]
    return [kind for one in part for kind in _kinds(one)] if isinstance(part, list) else []
