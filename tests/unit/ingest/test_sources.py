"""The key locators of the five guidelines that ship with the project."""

# ruff: noqa: E501 - a small document reads best on one line

from __future__ import annotations

import pytest

from bot.document import ParsedDocument
from tests.unit.ingest.helpers import clause, parsed, source

EXPECTED = {
    "asahikawa": (
        "1 3/リアルタイム性(即時性) 3/双方向性 3/拡散性 3/匿名性 3/その他 5(1)ア 5(1)キ 5(2)イ(ア) 5(2)イ(エ) 5(3)ア(ア) 6(6) 7(2)イ 8(1)キ・1"
        " 8(1)キ・6 8(1)ク 8(2)オ 9 様式1 様式1/運用時間 様式1/備考 様式1/1(3) 様式1/1(11) 様式1/3(4) 様式2 様式3 様式4 様式5"
    ),
    "bibai": "前文 1 Q1-1 Q1-2 Q1-2・1 Q1-4・4 Q1-8 2 Q2-2・2 3 Q3-4 4 Q4-1 Q4-1・1 Q4-1・3",
    "chikugo": "前文 1 2(1)・1 2(2)・3 4(5) 5(3) 6(3)・2 7",
    "suzaka": "1 4(5)コ 4(5)サ 6(4)ア 6(4)イ 6(4)ウ 6(5) 6(6) 6(6)・1 6(6)・5 6(10) 7(5) お問い合わせ",
    "urausu": "前文 1 2(4) 4(2)① 6(10) 8(1)⑤ 8(3)② 8(3)②ア 8(3)②オ 8(3)④ 9 附則",
}


def _document(organization: str) -> ParsedDocument:
    text = source(organization)
    if text is None:
        pytest.skip("the source is not here")
    return parsed(text)


@pytest.mark.parametrize("organization", EXPECTED)
def test_the_key_locators_are_there_and_none_is_repeated(organization: str) -> None:
    found = [clause.locator for clause in _document(organization).clauses]
    assert [locator for locator in EXPECTED[organization].split() if locator not in found] == []
    assert [locator for locator in found if "#" in locator] == []


def test_asahikawa_keeps_the_two_links_with_the_clause_above_them() -> None:
    text = clause(_document("asahikawa"), "5(1)キ").text
    assert text.splitlines() == ["運用時間を検討して決定する。", "https://twitter.com/", "http://ja-jp.facebook.com/"]


def test_asahikawa_has_no_date_and_one_office() -> None:
    document = _document("asahikawa")
    assert document.established is None
    assert [office.name for office in document.departments] == ["広報広聴課"]


def test_bibai_leaves_the_displaced_table_where_it_is_printed_and_warns() -> None:
    document = _document("bibai")
    assert clause(document, "Q1-2・4").text == "リアルタイムな情報発信が可能。"
    assert 65 in {warning.line for warning in document.warnings}
    assert clause(document, "1").heading == "共通"


def test_chikugo_has_its_revision_date_and_contact() -> None:
    document = _document("chikugo")
    assert document.established == "令和 4年 4月 1日"
    assert document.departments[0].phone == "0942-65-7004"
    assert document.departments[0].extension == "142"


def test_suzaka_warns_of_the_items_that_fell_out_of_their_lists() -> None:
    assert {37, 59} <= {warning.line for warning in _document("suzaka").warnings}


def test_urausu_warns_of_the_missing_heading() -> None:
    document = _document("urausu")
    assert [warning.line for warning in document.warnings] == [43]
    assert document.established == "令和３年７月 15 日"
