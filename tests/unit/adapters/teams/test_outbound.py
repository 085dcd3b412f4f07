"""Every card is a valid Adaptive Card, holds the whole quotation, and lets no foreign text come alive."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.teams.messages import CARD_TYPE, dialog, form_dialog, messages, search_list
from adapters.teams.outbound import MOST_BYTES, Renderer, size
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
from bot.service import Service
from tests.unit.adapters.teams.cards import elements, problems, runs

SITE = "https://guideline.example.lg.jp"
LIVE = ("<at>", "</at>", "<script", "](", "javascript:", "<a ", "<img", "://evil", "www.evil", "**", "<!", "&lt;")
"""What would be live in a message, a heading or a preview."""

EVIL = st.sampled_from(
    ["<at>全員</at>", "[x](javascript:alert(1))", "<script>alert(1)</script>", "[a](https://evil.example)",
     "https://evil.example/?q=1", "**太字**", "# 見出し", "![x](https://evil.example/a.png)", "<img src=x onerror=x>",
     "\u202eabc", "javascript:alert(1)", "JavaScript:x", "<a href='https://evil.example'>x</a>", "&lt;at&gt;x",
     "www.evil.example", "`x`", "| a | b |", "\\[x\\](y)", "<!channel>", "{{DATE(2026)}}", "mailto:a@evil.example"]
)  # fmt: skip
FOREIGN = st.lists(EVIL | st.text(max_size=30), min_size=1, max_size=4).map("".join)


def cards_of(card: Card, base: str | None = SITE) -> list[dict[str, Any]]:
    return Renderer(base).cards(card)


def quoted(text: str) -> Quote:
    return Quote(ClauseRef("asahikawa", "6(3)"), ("６ 留意点",), None, None, text, None, "文書（日付の記載なし） 6(3)")


def whole(texts: str) -> Card:
    """A card with one of every block, each text foreign."""
    ref = ClauseRef("x", texts)
    blocks: tuple[Block, ...] = (
        Heading(texts),
        Text(texts),
        Note(texts),
        Quote(ref, (texts, texts), texts, texts, texts, texts, texts, "https://example.lg.jp/"),
        Steps((Step(1, texts, ref),)),
        Clauses(texts, (ClauseItem(ref, texts, texts),)),
        Contacts(texts, (ContactItem(texts, texts, texts, texts),)),
        Prompts(texts, (texts,)),
        Copyable(texts),
        Actions((Button("refer", "担当課に聞く", "id"), Button("copy", texts, texts), Link(texts, "/guidelines/x"))),
        Actions((Button("quiz", texts, texts, texts), Button("ask", texts, texts, texts))),
        Progress(1, 3, texts),
        Table((texts, texts), ((texts, texts),)),
        Feedback("id"),
        Excerpt(texts, texts, "error"),
        Form("check", texts, (Choice("account", texts, (("a", texts),), "a"), Area("text", texts, texts, texts, 99))),
    )
    return Card(blocks, texts, "id", "alarm")


@pytest.mark.parametrize(
    "question", ["写真を載せるときの注意は？", "炎上した", "駐車場はどこ", "こんにちは", "他の自治体では？写真"]
)
@pytest.mark.parametrize("org", ["asahikawa", "bibai", "chikugo", "suzaka", "urausu"])
def test_every_answer_is_a_valid_card(service: Service, org: str, question: str) -> None:
    maker = CardMaker(service.knowledge, org, ["公式アカウントを作るには？"])
    card = maker.answer(service.ask(Ask(org, question)), "id")
    for one in (card, maker.home(), maker.home(joined=True), maker.contacts(), maker.referral("質問", [], "名")):
        for rendered in cards_of(one):
            assert problems(rendered) == []
            assert size(rendered) <= MOST_BYTES


@pytest.mark.parametrize("org", ["asahikawa", "bibai", "chikugo", "suzaka", "urausu"])
def test_every_clause_is_shown_word_for_word_from_beginning_to_end(service: Service, org: str) -> None:
    maker = CardMaker(service.knowledge, org)
    for clause in service.knowledge.organization(org).guideline.clauses:
        card = maker.clause(ClauseRef(org, clause.locator))
        assert card is not None
        (quote,) = [block for block in card.blocks if isinstance(block, Quote)]
        (rendered,) = cards_of(card)
        assert problems(rendered) == []
        shown = "".join("".join(text.split()) for text in runs(rendered))
        assert "".join(quote.text.split()) in shown, clause.locator
        copied = maker.copy(ClauseRef(org, clause.locator))
        assert copied is not None
        (copy,) = cards_of(copied)
        (field,) = [one for one in elements(copy) if one["type"] == "Input.Text"]
        assert field["value"] == copied.fallback


def test_a_long_clause_is_folded_and_the_button_opens_the_rest() -> None:
    text = "\n".join(f"第{number}に、" + "公式アカウントの運用にあたっては、配慮する。" * 4 for number in range(12))
    (card,) = cards_of(Card((quoted(text),), text))
    (hidden,) = [one for one in elements(card) if one.get("isVisible") is False]
    (toggle,) = [one for one in elements(card) if one["type"] == "Action.ToggleVisibility"]
    assert toggle["targetElements"] == [hidden["id"]]
    assert 0 < len("".join(runs(hidden))) < len(text)
    assert "".join(text.split()) in "".join(runs(card))


def test_a_text_of_one_long_line_is_cut_into_paragraphs_at_its_sentences_only() -> None:
    text = "配慮する。" * 700
    (card,) = cards_of(Card((Text(text),), "x"))
    assert "".join(runs(card)) == text
    assert all(one.endswith("。") for one in runs(card))


@given(st.lists(st.text(alphabet="条項のとおり。、配慮する\n", min_size=1, max_size=900), min_size=1, max_size=30))
def test_what_is_too_long_for_one_card_goes_on_in_the_next(texts: list[str]) -> None:
    long = "\n".join(texts) * 3
    blocks: tuple[Block, ...] = (Heading("見出し"), quoted(long), *(Text(text) for text in texts), Feedback("id"))
    found = cards_of(Card(blocks, long))
    for one in found:
        assert size(one) <= MOST_BYTES
        assert problems(one) == []
    shown = "".join("".join("".join(runs(one)) for one in found).split())
    assert "".join(long.split()) in shown
    for text in texts:
        assert "".join(text.split()) in shown


def test_a_clause_longer_than_a_card_stands_open_in_several_messages() -> None:
    long = "公式アカウントの運用にあたっては、配慮する。\n" * 600
    sent = messages(Card((quoted(long), Feedback("id")), "要約", "id", "answer"), Renderer(SITE))
    assert len(sent) > 2
    marks, *sent = sent
    assert marks["text"].endswith("[1]")
    assert not any("channelData" in one for one in sent[:-1])
    assert sent[-1]["channelData"] == {"feedbackLoop": {"type": "default"}}
    shown = "".join("".join(runs(one["attachments"][0]["content"])) for one in sent)
    assert "".join(long.split()) in shown


def test_links_to_the_page_are_there_only_when_it_has_an_address() -> None:
    card = Card((Actions((Link("文書の中で読む", "/guidelines/x#1"), Link("外", "https://example.lg.jp/"))),), "x")
    (with_page,), (without,) = cards_of(card), cards_of(card, None)
    assert [one["url"] for one in elements(with_page) if one["type"] == "Action.OpenUrl"] == [
        f"{SITE}/guidelines/x#1",
        "https://example.lg.jp/",
    ]
    assert [one["url"] for one in elements(without) if one["type"] == "Action.OpenUrl"] == ["https://example.lg.jp/"]
    for url in ("javascript:x", "http://example.lg.jp/", "//evil.example"):
        (refused,) = cards_of(Card((Text("x"), Actions((Link("x", url),))), "x"))
        assert "OpenUrl" not in json.dumps(refused)


@given(FOREIGN)
def test_no_foreign_text_is_ever_live(text: str) -> None:
    """Text runs, titles, values and inputs know no markup; everything else must hold nothing that could be live."""
    renderer = Renderer(SITE)
    card = whole(text)
    told = messages(card, renderer) + messages(Card((Text(text),), text), renderer)
    shapes = [attachment["content"] for one in told for attachment in one.get("attachments", [])]
    lists = search_list((card,), renderer)["composeExtension"]["attachments"]
    shapes.append(form_dialog("題", card, renderer)["task"]["value"]["card"]["content"])
    shapes += [dialog("題", card, renderer)["task"]["value"]["card"]["content"], *(one["content"] for one in lists)]
    marked = [one[name] for one in told for name in ("text", "summary") if name in one]
    marked += [value for one in lists for value in one["preview"]["content"].values()]
    for entity in (entity for one in told for entity in one.get("entities", [])):
        marked += [claim["appearance"][name] for claim in entity["citation"] for name in ("name", "abstract")]
    for shape in shapes:
        assert "entities" not in shape["msteams"]  # without it, no <at> in a card is a mention
        marked.append(shape["fallbackText"])
        marked += [one["text"] for one in elements(shape) if one["type"] == "TextBlock"]
        marked += [text for one in elements(shape) if one["type"] == "FactSet"
                   for fact in one["facts"] for text in fact.values()]  # fmt: skip
        marked += [one["data"]["msteams"]["displayText"] for one in elements(shape)
                   if one["type"] == "Action.Submit" and "displayText" in one["data"].get("msteams", {})]  # fmt: skip
        assert {one["url"] for one in elements(shape) if one["type"] == "Action.OpenUrl"} <= {f"{SITE}/guidelines/x"}
        assert "selectAction" not in json.dumps(shape)
    for one in marked:
        bare = re.sub(r" \[\d+\]", "", one.lower())
        assert [sign for sign in LIVE if sign in bare] == []
        assert not re.search(r"[<>\[\]*`_~#|\\@&\u202a-\u202e\u2066-\u2069]", bare)
        assert not re.search(r"(javascript|data|mailto|tel):", bare)


def test_a_card_with_one_of_every_block_is_valid() -> None:
    renderer = Renderer(SITE)
    for rendered in (*cards_of(whole("文")), renderer.still(whole("文")), renderer.dialog(whole("文"))):
        assert problems(rendered) == []


def test_progress_is_said_in_words_before_its_bar() -> None:
    (card,) = cards_of(Card((Progress(3, 20, "20回のうち3回終わりました"),), "x"))
    assert runs(card) == ["20回のうち3回終わりました", "　■□□□□□□□□□"]
    (nothing,) = cards_of(Card((Progress(0, 0, "まだありません"),), "x"))
    assert runs(nothing)[0] == "まだありません"


def test_a_table_is_a_list_of_facts_that_a_phone_shows_too() -> None:
    rows = tuple((f"{number}. 課", str(number), "40") for number in range(45))
    (card,) = cards_of(Card((Table(("所属", "修了", "対象"), rows),), "x"))
    assert problems(card) == []
    sets = [one["facts"] for one in card["body"]]
    assert [len(one) for one in sets] == [20, 20, 5]
    assert sets[0][7] == {"title": "7． 課", "value": "修了\u00a07　対象\u00a040"}


def test_what_a_sign_on_a_button_means_is_its_tooltip() -> None:
    (card,) = cards_of(Card((Actions((Button("quiz", "①", "lesson/1", "答え 1を選ぶ"),)),), "x"))
    (button,) = card["body"][0]["actions"]
    assert (button["title"], button["tooltip"]) == ("①", "答え 1を選ぶ")
    assert button["data"] == {"verb": "quiz", "value": "lesson/1"}


def test_an_alarm_is_seen_as_one() -> None:
    (card,) = cards_of(Card((Heading("炎上"), Text("x")), "x", tone="alarm"))
    assert card["body"][0]["color"] == "Attention"


def test_a_notice_is_a_plain_message_without_a_card() -> None:
    (one,) = messages(Card((Text("送りました。<at>x</at>"),), "送りました。<at>x</at>"), Renderer(None))
    assert one == {"type": "message", "text": "送りました。＜at＞x＜/at＞", "textFormat": "plain"}


def test_a_card_for_the_answers_reader_has_its_type() -> None:
    marks, one = messages(whole("x"), Renderer(None))
    assert "attachments" not in marks
    assert [attachment["contentType"] for attachment in one["attachments"]] == [CARD_TYPE]
