"""What a person reads."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answers.wording import EXCERPT, Wording, excerpt
from bot.corpus.knowledge import Knowledge
from bot.model import Citation, Contact, Department, Guideline, Organization, Step

CITATION = Citation(
    org="rei",
    document="例市ガイドライン",
    date="令和6年4月1日",
    locator="2(1)",
    breadcrumb=("１ 総則", "２ 禁止"),
    lead_in="次をしない。",
    heading="秘密",
    text="秘密を書く。\nア　人事　 異動",
    scope="official",
    kind="clause",
    url=None,
    score=1.0,
)
ASK = Contact("広報課", "0123-45-6789", "142", "問合せ先")


@pytest.fixture(scope="session")
def wording(knowledge: Knowledge) -> Wording:
    offices = (Department("総務部広報課", aliases=("広報課",)),)
    return Wording(Organization("rei", "例市", Guideline("例", None, None, ()), offices, ("所属長",)), knowledge.texts)


def test_an_answer_is_scope_place_clause_source_and_contact(wording: Wording) -> None:
    assert wording.answered(CITATION, (), [ASK]).split("\n") == [
        "公式アカウントについての規定です。",
        "",
        "１ 総則 ＞ ２ 禁止",
        "（柱書）次をしない。",
        "秘密",
        "秘密を書く。",
        "ア　人事　 異動",
        "",
        "例市ガイドライン（令和6年4月1日） 2(1)",
        "担当: 広報課（電話 0123-45-6789 内線 142）",
    ]


def test_the_quotation_stands_in_the_answer_untouched(wording: Wording) -> None:
    odd = replace(CITATION, text="｛０｝ {document} %s\\n　Ａ．\n\n  x  y")
    assert odd.text in wording.answered(odd, (), ())


def test_an_undated_document_says_so(wording: Wording) -> None:
    assert wording.source(replace(CITATION, date=None)) == "例市ガイドライン（日付の記載なし） 2(1)"


def test_a_note_is_shown_as_a_note(wording: Wording) -> None:
    assert "\n※ 原本の表では" in wording.answered(replace(CITATION, note="原本の表では"), (), ())


@pytest.mark.parametrize(
    ("phone", "extension", "said"),
    [
        ("1", "2", "担当: 課（電話 1 内線 2）"),
        ("1", None, "担当: 課（電話 1）"),
        (None, "2", "担当: 課（内線 2）"),
        (None, None, "担当: 課"),
    ],
)
def test_a_contact_shows_what_the_document_gives(
    wording: Wording, phone: str | None, extension: str | None, said: str
) -> None:
    assert wording.contact(Contact("課", phone, extension, "")) == said


def test_a_suggestion_claims_nothing(wording: Wording) -> None:
    said = wording.suggested([CITATION], [ASK])
    assert "もしかして" in said
    assert "・2(1) 秘密" in said
    assert CITATION.text not in said


def test_a_refusal_says_why_as_far_as_known_and_whom_to_ask(wording: Wording) -> None:
    said = wording.not_found("「年末調整」は扱っていません。", [ASK]).split("\n")
    assert said[1] == "「年末調整」は扱っていません。"
    assert said[-1].startswith("担当: 広報課")
    assert len(wording.not_found(None, [ASK]).split("\n")) == len(said) - 1


def test_steps_are_numbered_in_order_behind_whom_to_tell(wording: Wording) -> None:
    said = wording.incident("炎上", [Step("7", "まず止める。"), Step("8", "次に報告。")], ["所属長", "広報課"], [ASK])
    lines = said.split("\n")
    assert lines[1] == "連絡・報告先: 所属長、広報課"
    assert lines[3:5] == ["1. まず止める。（7）", "2. 次に報告。（8）"]


def test_those_outside_the_house_are_informed_only_where_needed(wording: Wording) -> None:
    said = wording.incident("なりすまし", [Step("7", "止める。")], ["広報課", "報道機関"], [ASK]).split("\n")
    assert said[1:3] == ["連絡・報告先: 広報課", "必要に応じて知らせる先: 報道機関"]


def test_a_clause_for_the_other_account_says_that_it_is_only_the_nearest(wording: Wording) -> None:
    assert "個人アカウントについての規定は見つかりません" in wording.answered(CITATION, (), [ASK], "private")
    assert "見つかりません" not in wording.answered(CITATION, (), [ASK], "official")


def test_where_nobody_is_to_be_told_it_says_so(wording: Wording) -> None:
    assert "報告先は、示した規定と" in wording.incident("炎上", [Step("7", "止める。")], [], [ASK])


def test_other_bodies_are_marked_as_reference(wording: Wording) -> None:
    said = wording.others("自分の回答", [("他市", CITATION)])
    assert said.startswith("自分の回答\n")
    assert "参考。例市の規定ではありません" in said
    assert "・他市 2(1) 秘密" in said


def test_an_excerpt_is_one_short_line() -> None:
    long = replace(CITATION, heading=None, text="あ\nい　 う" + "え" * 100)
    assert excerpt(long).startswith("あ い う")
    assert len(excerpt(long)) == EXCERPT + 1
    assert excerpt(long).endswith("…")
    assert excerpt(CITATION) == "秘密"
