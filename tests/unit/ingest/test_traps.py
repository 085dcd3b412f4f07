"""What trips a parser: wraps, references, page furniture, damaged Markdown, one-line pages."""

# ruff: noqa: E501 - a small document reads best on one line

from __future__ import annotations

from tests.unit.ingest.helpers import clause, locators, parsed

_WRAPPED = """丁市職員ＳＮＳ利用要領

１　目的
　この要領は、市の職員が業務においてソーシャルメディアを利用する場合の手順を定め、
２の規定に基づく公式アカウントの適正な運用を図ることを目的とする。ただし、次の
（１）から（３）までに掲げる場合は、この限りでない。なお、その期間は令和６年４月
１日から令和７年３月31日までの１年間とし、その回数は原則として１日につき
３回以内とする。
（１）災害が発生したとき、又は発生するおそれがあると市長が認めるときであって、
（２）に該当しないとき。
（２）その他緊急を要するとき。
（３）前２号に準ずるとき。
２　定義
　公式アカウントとは、市が開設するものをいう。
"""


def test_wrapped_lines_that_begin_like_markers_are_text() -> None:
    document = parsed(_WRAPPED)
    assert [clause.locator for clause in document.clauses] == ["1", "1(1)", "1(2)", "1(3)", "2"]
    assert clause(document, "1(1)").text.endswith("（２）に該当しないとき。")


def test_each_of_them_gives_a_warning_with_its_line() -> None:
    assert [warning.line for warning in parsed(_WRAPPED).warnings] == [5, 6, 7, 8, 10]


def test_a_true_clause_may_begin_with_a_reference() -> None:
    text = "５ 手続\n（１）作成する。\n（２）届け出る。\n６ 運用\n（１）５（１）で作成した方針を掲げる。\n（２）更新する。\n"
    assert locators(text) == ["5", "5(1)", "5(2)", "6", "6(1)", "6(2)"]


def test_circled_digits_and_articles_inside_a_sentence_are_text() -> None:
    text = (
        "Ｑ1．制限とは？\nＡ．地方公務員法第３６条は、①中立を保障し、②公正な運営を確保し、\n③利益を保護するものです。\n"
        "Ｑ2．次は？\nＡ．第３０条～\n第３８条に定めがあります。\n"
    )
    assert locators(text) == ["Q1", "Q2"]


def test_a_page_break_inside_a_sentence_does_not_cut_it() -> None:
    text = (
        "戊県指針\n\n第１　目的\n　この指針は、県民の信頼を\n　　　　　　　　1\n\f戊県指針\n確保することを目的とする。\n第２　対象\n　全員とする。\n"
        "　　　　　　　　2\n\f戊県指針\n第３　雑則\n　別に定める。\n　　　　　　　　3\n"
    )
    document = parsed(text)
    assert clause(document, "第1").text == "この指針は、県民の信頼を確保することを目的とする。"
    assert [item.why for item in document.skipped].count("page_number") == 3
    assert any(item.why == "running_header" for item in document.skipped)


def test_contents_are_skipped() -> None:
    text = (
        "甲県指針\n　　目　　次\n第１　総則 ･･････････ 1\n　１　目的 ･･････････ 1\n第２　運用 ･･････････ 2\n甲県指針\n\n"
        "第１　総則\n１　目的\n　定める。\n第２　運用\n　行う。\n"
    )
    document = parsed(text)
    assert [clause.locator for clause in document.clauses] == ["第1", "第1/1", "第2"]
    assert any(item.why == "contents" for item in document.skipped)


def test_contents_without_page_numbers_are_skipped() -> None:
    text = "甲市規程\n目次\n第１章　総則（第１条）\n第２章　雑則（第２条）\n第１章　総則\n第１条　あ。\n第２章　雑則\n第２条　い。\n"
    assert locators(text) == ["第1章", "第1条", "第2章", "第2条"]


def test_a_whole_page_on_one_line() -> None:
    text = (
        "南浜町要領\n１ 目的 この要領は、町の職員が業務で利用する際の手順を定めることを目的とする。 ２ 用語 用語の意味は、次のとおりとする。 "
        "(1) 公式アカウントとは、３により開設したものをいう。 (2) 職員とは、２(1)を用いる者をいう。 ３ 開設 (1) １日１回、確かめる。 "
        "ア 目的が町の仕事に沿っていること。 イ 担当が２人以上いること。 10 日以内に報告する。 ４ 委任 町長が定める。\n"
    )
    document = parsed(text)
    assert [clause.locator for clause in document.clauses] == [
        "1",
        "2",
        "2(1)",
        "2(2)",
        "3",
        "3(1)",
        "3(1)ア",
        "3(1)イ",
        "4",
    ]
    assert clause(document, "1").heading == "目的"
    assert {clause.lines for clause in document.clauses} == {((2, 2),)}


def test_items_that_fell_out_of_their_markdown_list() -> None:
    text = "## 4 原則\n\n- (1) 次を禁止する。\n  - ア 中傷\n  - イ 差別\n\nウ 秘密  \nただし、除く。\n\n- (2) 守る。\n"
    document = parsed(text)
    assert [clause.locator for clause in document.clauses] == ["4", "4(1)", "4(1)ア", "4(1)イ", "4(1)ウ", "4(2)"]
    assert 7 in {warning.line for warning in document.warnings}


def test_bold_labels_are_text_but_bold_numbers_are_clauses() -> None:
    text = "## 6 運用\n\n- (1) 返信する。\n\n**【事例】**\n\n- ・催し\n- ・紹介\n\n**(2) 誤ったとき**\n\n訂正する。\n"
    document = parsed(text)
    assert [clause.locator for clause in document.clauses] == ["6", "6(1)", "6(1)・1", "6(1)・2", "6(2)"]
    assert "**【事例】**" in clause(document, "6(1)").text
    assert clause(document, "6(2)").heading == "誤ったとき"


def test_markdown_heading_levels_may_be_wrong() -> None:
    text = "# 甲市手引\n\n## 1 目的\n\n定める。\n\n#### 2 対象\n\n全員。\n\n# 3 禁止\n\n- 秘密\n"
    assert locators(text) == ["1", "2", "3", "3・1"]


def test_a_list_that_starts_again() -> None:
    text = "### 3 心構え\n\n1. あ。\n2. い。\n\n**【別の場合】**\n\n1. う。\n2. え。\n"
    assert locators(text) == ["3", "3/1", "3/2", "3/1#2", "3/2#2"]


def test_numbers_with_gaps_keep_what_is_printed() -> None:
    document = parsed("１ 定義\n定める。\n２ 特性\n述べる。\n４ 運用\n行う。\n")
    assert [clause.locator for clause in document.clauses] == ["1", "2", "4"]
    assert [warning.line for warning in document.warnings] == [5]


def test_a_title_above_an_article_is_its_heading() -> None:
    document = parsed("（趣旨）\n第１条　定める。\n（定義）\n第２条　次のとおり。\n")
    assert [clause.heading for clause in document.clauses] == ["趣旨", "定義"]


def test_katakana_items_without_a_separator() -> None:
    text = "１ 禁止\nア秘密を漏らすこと。\nイ他人を傷つけること。\n２ 雑則\n定める。\n"
    assert locators(text) == ["1", "1ア", "1イ", "2"]


def test_a_word_cut_in_two_is_no_katakana_item() -> None:
    line = "　この要領は、職員が職務上又は私的に利用するソーシャルメディ"
    text = f"１　目的\n{line}\nア等の利用について定めることを目的とするものであるから、全員\nが守り、他の者にも守らせなければならないものとする必要があり\nます。\n"
    assert locators(text) == ["1"]


def test_hard_wraps_are_joined_with_nothing_or_one_blank() -> None:
    line = "　This guideline of the city explains how the staff uses social media"
    text = f"１　目的\n{line}\nand the web pages that belong to the city office and its branch offices\nas far as they are open, for every member of the staff and all others.\n"
    assert "social media and the web" in clause(parsed(text), "1").text


def test_marker_is_as_printed_and_text_is_not_normalised() -> None:
    document = parsed("１．登録ＵＲＬ\n（ｱ）ｱｶｳﾝﾄと①を用いる。\n（ｲ）その他\n")
    assert clause(document, "1(ア)").marker == "（ｱ）"
    assert clause(document, "1(ア)").text == "ｱｶｳﾝﾄと①を用いる。"
    assert clause(document, "1").marker == "１"


def test_bracketed_titles_divide_a_document_without_numbers() -> None:
    text = (
        "甲消防組合の心得\n\n　この心得を守る。いつでも読み返し、互いに声を掛けてください。\n\n【現場を撮らない】\n　私物の電話機を持って出動しない。\n・顔を撮らない。\n"
        "【出動を知らせない】\n　出動中であることを書き込まない。\n"
    )
    assert locators(text) == ["前文", "現場を撮らない", "現場を撮らない/・1", "出動を知らせない"]


def test_squares_before_titles_divide_a_document_without_numbers() -> None:
    text = "乙村の心得\n\n■発信の前に\n\n自分に問いかけてください。\n\n・必要か。\n\n■書き方\n\n役所の言葉を避けます。\n\n1. 腕章を着ける。\n2. 伝える。\n"
    assert locators(text) == ["発信の前に", "発信の前に/・1", "書き方", "書き方/1", "書き方/2"]


def test_squares_below_a_number_are_bullets() -> None:
    text = "２．管理\n次による。\n■　発行したものを使う。\n　○　貼らない。\n■　連携させない。\n"
    assert locators(text) == ["2", "2・1", "2・1・1", "2・2"]


def test_a_list_inside_an_answer_belongs_to_its_question() -> None:
    text = "# 甲市Q&A\n\n## つながり\n\n**Q1　よいですか。**\n\nA1　次のとおりです。\n\n1. 許可する。\n2. 解散する。\n\n## 写真\n\n**Q2　だめですか。**\n\nA2　はい。\n"
    assert locators(text) == ["つながり", "Q1", "Q1/1", "Q1/2", "写真", "Q2"]


def test_a_table_of_revisions_and_a_web_page_s_own_lines_are_skipped() -> None:
    text = (
        "トップ > 市政 > 広報\n\n甲市情報発信ガイドライン\n\n更新日 2023年8月3日\n\n改定履歴\n版\t年月\t内容\n1.0\t平成28年4月\t新規\n2.0\t令和5年3月\t全面改定\n"
        "1　総則\n1.1　目的\n市の情報発信を定める。\n2　文章\n2.1　見出し\n短くする。\n"
    )
    assert locators(text) == ["1", "1.1", "2", "2.1"]


def test_a_closing_text_behind_a_rule_is_the_ending() -> None:
    text = "# 甲大学指針\n\n## 1. 見直し\n\n見直します。\n\n---\n\n一人ひとりの言葉が大学の印象をつくります。\n\n## お問い合わせ\n\n広報課 電話 059-555-0142\n"
    assert locators(text) == ["1", "末尾", "お問い合わせ"]


def test_marker_lines_in_the_middle_of_wrapped_lines_are_found() -> None:
    text = (
        "１ 目的 この要領は、町の職員が業務で利用する際の手順を定める。 ２ 用\n語 用語の意味は、次のとおりとする。 (1) 公式アカウントとは、町のものを\n"
        "いう。 (2) 職員とは、町の者をいう。 ３ 委任 この要領に定めのないことは、\n町長が定める。\n"
    )
    assert locators(text) == ["1", "2", "2(1)", "2(2)", "3"]
