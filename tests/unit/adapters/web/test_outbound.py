"""Cards as HTML: every block, and no foreign text that ever becomes markup."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.web.outbound import BEGINNING, FOLD_ABOVE, beginning, environment, render, safe_url, tel
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
from bot.testing import squashed
from tests.unit.adapters.web.parsed import Parsed


def quote(text: str, **changed: object) -> Quote:
    given = {
        "ref": ClauseRef("kasumino", "3(2)"),
        "breadcrumb": ("３ 公式アカウントの運用",),
        "lead_in": None,
        "heading": None,
        "text": text,
        "note": None,
        "source": "霞野市ガイドライン（令和６年４月１日） 3(2)",
        **changed,
    }
    return Quote(**given)  # type: ignore[arg-type]


def shown(*blocks: Block, tone: str = "answer") -> Parsed:
    found = Parsed(render(Card(blocks, "", "abc", tone)))  # type: ignore[arg-type]
    assert found.complaints == []
    return found


def test_every_block_has_a_macro() -> None:
    drawn = environment().get_template("blocks.html").module
    assert {block.__name__ for block in get_args(Block)} <= set(dir(drawn))


def test_the_first_note_is_the_label_for_whom_the_clause_holds() -> None:
    found = shown(Note("公式アカウントについての規定です。"), Note("小さな注"), quote("本文"))
    assert list(found.values("class"))[1] == "holds"
    assert list(found.values("class")).count("note") == 1


def test_a_quotation_shows_where_it_stands_word_for_word_with_its_line_ends() -> None:
    text = "一行目，\n  二行目  は□空きも残す。"
    html = render(Card((quote(text, lead_in="次のとおり。", heading="写真", note="原本のまま。"),), ""))
    assert text in html
    for part in (
        "３ 公式アカウントの運用",
        "3(2)",
        "柱書",
        "次のとおり。",
        "写真",
        "※ 原本のまま。",
        "令和６年４月１日",
    ):
        assert part in html


def test_a_long_quotation_is_folded_and_its_whole_text_is_there() -> None:
    text = "".join(f"第{number}の文です。\n" for number in range(100))
    html = render(Card((quote(text),), ""))
    assert "<details" in html
    assert text in html
    assert beginning(text) in html
    assert "<details" not in render(Card((quote("短い。"),), ""))


@given(st.text(alphabet="あ。\nｘ ", max_size=3 * FOLD_ABOVE))
def test_the_beginning_of_a_text_is_its_beginning_and_short(text: str) -> None:
    shown_first = beginning(text)
    assert text.startswith(shown_first)
    assert shown_first == text if len(text) <= FOLD_ABOVE else len(shown_first) <= BEGINNING


def test_steps_are_numbered_and_each_leads_to_its_clause() -> None:
    steps = Steps((Step(1, "冷静に。", ClauseRef("a", "7(1)ア")), Step(2, "報告する。", ClauseRef("a", "7(1)イ"))))
    found = shown(Heading("炎上"), steps, tone="alarm")
    assert list(found.values("value")) == ["1", "2"]
    assert "/guidelines/a#7%281%29%E3%82%A2" in list(found.values("href"))


def test_clauses_of_others_are_marked_as_such() -> None:
    own = shown(Clauses("あわせて読むとよい規定", (ClauseItem(ClauseRef("a", "1"), "目的"),)))
    others = shown(Clauses("参考", (ClauseItem(ClauseRef("b", "1"), "目的", "美唄市"),)))
    assert "clauses foreign" not in list(own.values("class"))
    assert {"clauses foreign", "of"} <= set(others.values("class"))
    assert "美唄市" in others.text


def test_a_phone_number_can_be_rung() -> None:
    contact = ContactItem("係", "係（電話 (026)248-9017 内線 1）", "(026)248-9017", "問合せ先")
    assert list(shown(Contacts("担当", (contact,))).values("href")) == ["tel:0262489017"]
    nobody = ContactItem("係", "係", None, "")
    assert list(shown(Contacts("担当", (nobody,))).values("href")) == []


def test_progress_is_a_bar_with_a_label() -> None:
    found = shown(Progress(2, 6, "6回のうち2回終わりました"))
    assert ("progress", {"max": "6", "value": "2"}) in found.elements
    assert [tag for tag, _ in found.elements if tag in ("label", "progress")] == ["label", "progress"]
    assert "6回のうち2回終わりました" in found.text


def test_a_table_says_what_heads_its_columns_and_rows() -> None:
    found = shown(Table(("所属", "修了"), (("産業課", "3"), ("総務課", "4"))))
    assert list(found.values("scope")) == ["col", "col", "row", "row"]
    assert squashed(found.text) == "所属修了産業課3総務課4"


def test_what_a_sign_on_a_button_means_is_said_to_a_screen_reader() -> None:
    found = shown(Actions((Button("quiz", "①", "lesson/1", "答え 1を選ぶ"), Button("copy", "コピー", "a/1"))))
    assert list(found.values("aria-label")) == ["答え 1を選ぶ"]


@pytest.mark.parametrize(
    ("phone", "digits"), [("０１２３－４５－６７８９", "0123456789"), ("+81 26", "+8126"), ("内線", None), (None, None)]
)
def test_the_digits_of_a_phone_number(phone: str | None, digits: str | None) -> None:
    assert tel(phone) == digits


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "//evil.example",
        "/\\evil.example",
        "http://a.example",
        "data:text/html,x",
        "",
        " /x",
        "HTTPS://x",
    ],
)
def test_an_address_that_is_neither_ours_nor_https_is_no_link(url: str) -> None:
    assert safe_url(url) is None
    found = shown(Actions((Link("開く", url),)), quote("本文", url=url))
    assert list(found.values("href")) == []
    assert "開く" in found.text


foreign = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "<script>alert(1)</script>", "</textarea><script>", '" onmouseover="alert(1)', "' autofocus onfocus='x",
            "<img src=x onerror=alert(1)>", "javascript:alert(1)", "{{ 7*7 }}{% raw %}", "</blockquote></details>",
            "&lt;script&gt;", "<!--", "]]>", "<svg/onload=x>", "\u2028</p>", "<a href=//evil.example>",
        ]
    ),
)  # fmt: skip
refs = st.builds(ClauseRef, foreign, foreign)
optional = st.none() | foreign
several = st.lists(foreign, max_size=3).map(tuple)
blocks = st.one_of(
    st.builds(Heading, foreign),
    st.builds(Text, foreign),
    st.builds(Note, foreign),
    st.builds(
        Quote,
        refs,
        several,
        optional,
        optional,
        foreign | foreign.map(lambda one: one * 700),
        optional,
        foreign,
        optional,
    ),
    st.builds(Steps, st.lists(st.builds(Step, st.integers(1, 9), foreign, refs), max_size=2).map(tuple)),
    st.builds(Clauses, foreign, st.lists(st.builds(ClauseItem, refs, foreign, optional), max_size=2).map(tuple)),
    st.builds(
        Contacts, foreign, st.lists(st.builds(ContactItem, foreign, foreign, optional, foreign), max_size=2).map(tuple)
    ),
    st.builds(Prompts, foreign, several),
    st.builds(Copyable, foreign),
    st.builds(
        Actions,
        st.lists(
            st.builds(Button, st.just("copy"), foreign, foreign, foreign) | st.builds(Link, foreign, foreign),
            max_size=2,
        ).map(tuple),
    ),
    st.builds(Feedback, foreign),
    st.builds(Progress, st.integers(-1, 9), st.integers(-1, 9), foreign),
    st.builds(Table, st.tuples(foreign, foreign), st.lists(st.tuples(foreign, foreign), max_size=2).map(tuple)),
    st.builds(Excerpt, foreign, foreign, st.sampled_from(["error", "warning", "info"])),
    st.builds(
        Form,
        st.just("check"),
        foreign,
        st.tuples(
            st.builds(Choice, foreign, foreign, st.tuples(st.tuples(foreign, foreign)), optional),
            st.builds(Area, foreign, foreign, foreign, foreign, st.integers(1, 9)),
        ),
    ),
)


@given(st.lists(blocks, max_size=4).map(tuple))
def test_no_foreign_text_ever_becomes_an_element_an_attribute_or_a_link(found: tuple[Block, ...]) -> None:
    assert Parsed(render(Card(found, ""))).complaints == []


@given(foreign)
def test_foreign_text_is_shown_as_it_is(text: str) -> None:
    assert squashed(text) in squashed(Parsed(render(Card((Heading(text),), ""))).text)


@pytest.mark.parametrize(
    "question", ["写真を載せるときの注意は？", "炎上しました", "駐車場の利用料は？", "政治の話は？ 他の自治体では？"]
)
def test_real_answers_are_whole_and_well_formed(service: Service, question: str) -> None:
    for org in service.knowledge.ids:
        answer = service.ask(Ask(org, question))
        found = Parsed(render(CardMaker(service.knowledge, org).answer(answer, "id")))
        assert found.complaints == []
        for citation in answer.citations[:1] if answer.status == "answered" else ():
            assert squashed(citation.text) in squashed(found.text)
