"""Every row of LOCATORS.md, each with the smallest document that has it."""

# ruff: noqa: E501 - a small document reads best on one line

from __future__ import annotations

import pytest

from tests.unit.ingest.helpers import clause, locators, parsed

TABLE = {
    "a number with a space, full-width": ("１ 目的\n目的を定める。\n２ 適用\n職員に適用する。\n", ["1", "2"]),
    "a number with a full stop": ("1．目的\n目的を定める。\n2．適用\n職員に適用する。\n", ["1", "2"]),
    "a Markdown heading": ("# 甲市ガイドライン\n\n## 8 目的\n\n定める。\n\n## 9 適用\n\n職員。\n", ["8", "9"]),
    "a number in brackets, full-width, half-width and as one sign": (
        "１ 禁止\n（１）秘密\n（２）悪口\n２ 手順\n(1) 確認\n(2) 投稿\n３ 報告\n⑴ 課長\n⑵ 部長\n",
        ["1", "1(1)", "1(2)", "2", "2(1)", "2(2)", "3", "3(1)", "3(2)"],
    ),
    "circled digits stay": ("１ 禁止\n① 秘密\n② 悪口\n", ["1", "1①", "1②"]),
    "katakana items, and half-width ones in brackets": (
        "１ 禁止\nア 秘密\nイ 悪口\n (ｱ) 個人\n （ｲ）団体\n",
        ["1", "1ア", "1イ", "1イ(ア)", "1イ(イ)"],
    ),
    "bullets are counted within their parent": (
        "１ 禁止\n・秘密\n・悪口\n２ 推奨\n●催し\n●防災\n◆写真\n",
        ["1", "1・1", "1・2", "2", "2・1", "2・2", "2・2・1"],
    ),
    "nested bullets": (
        "## 1 禁止\n\n- 秘密\n  - 個人\n  - 人事\n- 悪口\n",
        ["1", "1・1", "1・1・1", "1・1・2", "1・2"],
    ),
    "an article, its paragraph and that one's items": (
        "第１条　目的を定める。\n第２条　適用する。\n２　次の者を除く。\n(1)　議員\n(2)　委員\n",
        ["第1条", "第2条", "第2条2", "第2条2(1)", "第2条2(2)"],
    ),
    "items below the unprinted first paragraph": (
        "第１条　次のとおりとする。\n(1)　秘密\n(2)　悪口\n２　例外を認める。\n",
        ["第1条", "第1条(1)", "第1条(2)", "第1条2"],
    ),
    "a branch article": (
        "第１条　あ。\n第１条の２　い。\n２　う。\n第２条　え。\n",
        ["第1条", "第1条の2", "第1条の2/2", "第2条"],
    ),
    "第３ with its numbers": (
        "第１　趣旨\n定める。\n第２　禁止\n１　秘密\n２　悪口\n(1)　個人\n",
        ["第1", "第2", "第2/1", "第2/2", "第2/2(1)"],
    ),
    "a list 1. 2. below a numbered heading": (
        "１．目的\n定める。\n２．手順\n次の順に行う。\n1. 確認する。\n2. 投稿する。\n３．雑則\n別に定める。\n",
        ["1", "2", "2/1", "2/2", "3"],
    ),
    "a printed number is the whole path": (
        "2 運用\n2.1 開設\n2.1.1 申請\n届け出る。\n2.1.2 承認\n認める。\n2.2 廃止\n閉じる。\n",
        ["2", "2.1", "2.1.1", "2.1.2", "2.2"],
    ),
    "a printed number with a hyphen": (
        "６ 対応\n６－１ 炎上\n止める。\n６－２ 誤り\n直す。\n",
        ["6", "6-1", "6-2"],
    ),
    "articles run through the chapters": (
        "第１章　総則\n第１条　あ。\n第２条　い。\n第２章　雑則\n第３条　う。\n",
        ["第1章", "第1条", "第2条", "第2章", "第3条"],
    ),
    "Chinese numerals and below them イ ロ ハ": (
        "第１条\n１　次の者をいう。\n一　職員\nイ　常勤\nロ　非常勤\n二　議員\n",
        ["第1条", "第1条1", "第1条1一", "第1条1一イ", "第1条1一ロ", "第1条1二"],
    ),
    "Roman numerals": (
        "Ⅰ　総則\n1. 目的\n定める。\n2. 対象\n全員。\nⅡ　運用\n1. 開設\n届け出る。\n",
        ["Ⅰ", "Ⅰ1", "Ⅰ2", "Ⅱ", "Ⅱ1"],
    ),
    "questions stand on their own, chapters between them": (
        "１．共通\nＱ1-1．よいですか？\nＡ．はい。\nＱ1-2．だめですか？\nＡ．次の場合です。\n●秘密\n２．その他\nＱ2-1．なぜですか？\nＡ．規則です。\n",
        ["1", "Q1-1", "Q1-2", "Q1-2・1", "2", "Q2-1"],
    ),
    "問 and 答": ("問１　よいですか。\n答　　はい。\n問２　だめですか。\n答　　いいえ。\n", ["問1", "問2"]),
    "an unnumbered heading is a step": (
        "# 甲市ルール\n\n## 禁止事項\n\n- 秘密\n- 悪口\n\n## 手順\n\n1. 確認\n2. 投稿\n",
        ["禁止事項", "禁止事項/・1", "禁止事項/・2", "手順", "手順/1", "手順/2"],
    ),
    "an unnumbered heading in plain text": (
        "甲病院ルール\n\n禁止事項\n\n次の投稿を禁止します。\n\n・秘密\n・悪口\n\n困ったときは\n\n課長に知らせてください。\n",
        ["禁止事項", "禁止事項/・1", "禁止事項/・2", "困ったときは"],
    ),
    "labels are text": (
        "１ 方針\n（その他）\n・写真\n（例）空\n⇒ 海\n※ 山\n【注意】\n・動画\n",
        ["1", "1・1", "1・2"],
    ),
    "text before, after, and the contact": (
        "甲市ガイドライン\n\nこの文書は方針を示す。\n\n１ 目的\n定める。\n\nお問い合わせ\n総務部広報課 電話 012-345-6789\n\n　　　　　　　　　　令和５年４月１日\n",
        ["前文", "1", "お問い合わせ", "末尾"],
    ),
    "two supplementary provisions": (
        "第１条　定める。\n附　則\n公布の日から施行する。\n附　則\n１　令和６年から施行する。\n２　経過を定める。\n",
        ["第1条", "附則", "附則#2", "附則#2/1", "附則#2/2"],
    ),
    "a number printed twice": (
        "２ 禁止\n(1) あ。\n(2) い。\n(3) う。\n(3) え。\n(4) お。\n",
        ["2", "2(1)", "2(2)", "2(3)", "2(3)#2", "2(4)"],
    ),
    "forms and what is in them": (
        "１ 手続\n届け出る。\n\n（様式１）\n運用方針\n\n１ 注意事項\n（１）秘密\n（２）悪口\n\n別紙１\n連絡先の一覧\n\n１ 昼\n２ 夜\n(1) 電話\n",
        ["1", "様式1", "様式1/1", "様式1/1(1)", "様式1/1(2)", "別紙1", "別紙1/1", "別紙1/2", "別紙1/2(1)"],
    ),
    "fields of a form": (
        "１ 手続\n届け出る。\n\n（様式１）\n運用方針\n\n運用時間\n（記載例）\n平日の昼とします。\n備考\n",
        ["1", "様式1", "様式1/運用時間", "様式1/備考"],
    ),
    "rows of a table": (
        "３ 性質\n次の表のとおり。\n区分　　　内容　　　期限\n災害　　　被害の情報　　　直ちに\n催し　　　行事の情報　　　前日\n４ 雑則\n別に定める。\n",
        ["3", "3/災害", "3/催し", "4"],
    ),
    "rows of an annex": (
        "第１条　定める。\n別表第１（第１条関係）\n区分\t確認者\n定例\t担当者\n謝罪\t責任者\n",
        ["第1条", "別表第1", "別表第1/定例", "別表第1/謝罪"],
    ),
    "rows of a Markdown table": (
        "## 5 確認\n\n次の表による。\n\n| 役割 | 内容 |\n|---|---|\n| 作成者 | 日時 |\n| 係長（代理） | 方針 |\n",
        ["5", "5/作成者", "5/係長(代理)"],
    ),
    "a table printed as bullet lists keeps its bullets": (
        "Ｑ1．何ですか？\nＡ．次のとおりです。\nメリット デメリット\n●速い。\n●遅い。\n",
        ["Q1", "Q1・1", "Q1・2"],
    ),
}


@pytest.mark.parametrize("row", TABLE)
def test_the_table(row: str) -> None:
    text, expected = TABLE[row]
    assert locators(text) == expected


def test_the_first_cell_of_a_row_is_joined_and_bullets_in_cells_are_text() -> None:
    wrapped = "　この文書は、市の職員がソーシャルメディアを利用する場合に守るべき事項を定め、\n" * 3
    text = (
        wrapped
        + "全員が守る。\n"
        + (
            "３ 特徴\n次のような特徴がある。\n特徴 メリット デメリット\n速さ（即時\n性）\n・すぐに知らせること\nができる。\n・間違えやすい。\n"
            "双方向性 ・返事がすぐに\n返ってくる。\n４ 範囲\n全ての職員とする。\n"
        )
    )
    document = parsed(text)
    assert [clause.locator for clause in document.clauses] == ["前文", "3", "3/速さ(即時性)", "3/双方向性", "4"]
    assert clause(document, "3/速さ(即時性)").text.startswith("・すぐに知らせることができる。")
    assert clause(document, "3/双方向性").kind == "row"


def test_a_heading_without_text_is_a_clause_with_empty_text() -> None:
    document = parsed("１ 禁止\n（１）秘密\n（２）悪口\n")
    assert (clause(document, "1").heading, clause(document, "1").text) == ("禁止", "")


def test_text_after_a_list_stays_with_the_last_item() -> None:
    document = parsed("１ 禁止\n（１）秘密の漏えい\n（２）悪口\nただし、次の場合を除く。\n２ 雑則\n定める。\n")
    assert "ただし、次の場合を除く。" in clause(document, "1(2)").text


def test_an_item_that_is_a_sentence_is_text_and_a_title_is_a_heading() -> None:
    document = parsed("６ 運用\n（１）誠実に対応する。\n（２）開設の申請\n申請書を提出する。\n")
    assert clause(document, "6(1)").heading is None
    assert clause(document, "6(2)").heading == "開設の申請"


def test_kinds() -> None:
    document = parsed(
        "甲市要領\n\nこの要領は方針である。\n\n問１　よいですか。\n答　　はい。\n・昼\n\n附　則\n公布の日から施行する。\n\n"
        "様式１\n届出書\n１ 氏名\n\n問い合わせ先\n広報課 電話 012-345-6789\n"
    )
    assert {clause.locator: clause.kind for clause in document.clauses} == {
        "前文": "preamble",
        "問1": "qa",
        "問1・1": "qa",
        "附則": "supplement",
        "様式1": "form",
        "様式1/1": "form",
        "お問い合わせ": "contact",
    }
