"""A roster is read whole or not at all, and everything that is wrong with it is said at once, by line."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.onboarding.roster import LONGEST, MOST_ROWS, Roster, RosterRow, read_roster

HEADER = "氏名,メール,ID,開始日,所属,任用,上司"


def user_id(text: str) -> str | None:
    return text.upper() if text.upper().startswith("U") and text.isalnum() else None


def read(text: str | bytes, code: str = "utf-8") -> Roster:
    data = text if isinstance(text, bytes) else text.encode(code)
    return read_roster(data, Path("roster.csv"), user_id)


def said(text: str | bytes, code: str = "utf-8") -> list[str]:
    roster = read(text, code)
    assert roster.rows == ()
    return [error.japanese for error in roster.errors]


def rows(text: str, code: str = "utf-8") -> tuple[RosterRow, ...]:
    roster = read(text, code)
    assert roster.errors == ()
    return roster.rows


ROW = "霞野 花子,hanako@town.example,,2026-04-01,総務課,任期なし,boss@town.example"
HANAKO = RosterRow(2, "2026-04-01", "hanako@town.example", None, "霞野 花子", "総務課", "任期なし", "boss@town.example")


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "cp932"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_roster_is_read_in_either_code_with_any_line_end(code: str, end: str) -> None:
    assert rows(end.join((HEADER, ROW, "")), code) == (HANAKO,)


def test_headers_may_be_english_in_any_order_and_width() -> None:
    english = "START,department, Ｎａｍｅ ,id,contract\n2026-04-01,総務課,霞野 花子,u012,任期なし\n"
    assert rows(english) == (RosterRow(2, "2026-04-01", None, "U012", "霞野 花子", "総務課", "任期なし"),)
    assert rows("開始日,ﾒｰﾙ\n2026-04-01,a@b.jp\n") == (RosterRow(2, "2026-04-01", "a@b.jp"),)


def test_what_is_not_needed_may_be_empty_or_missing() -> None:
    assert rows("ID,開始日\nU1,2026-04-01\n") == (RosterRow(2, "2026-04-01", user="U1"),)
    assert rows(f"{HEADER},,\n,a@b.jp,,2026-04-01\n,c@d.jp,,2026-04-01,,,,,,\n")[1].mail == "c@d.jp"


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-04-01", "2026-04-01"),
        ("2026/4/1", "2026-04-01"),
        ("2026.4.1", "2026-04-01"),
        ("20260401", "2026-04-01"),
        ("2026年4月1日", "2026-04-01"),
        ("令和8年4月1日", "2026-04-01"),
        ("令和 ８年 ４月 １日", "2026-04-01"),
        ("R8.4.1", "2026-04-01"),
        ("r08/04/01", "2026-04-01"),
        ("令和元年5月1日", "2019-05-01"),
        ("平成31年4月1日", "2019-04-01"),
        ("H12.2.29", "2000-02-29"),
        ("2028-02-29", "2028-02-29"),
    ],
)
def test_a_date_is_read_as_people_write_it(written: str, day: str) -> None:
    assert rows(f"ID,開始日\nU1,{written}\n")[0].starts == day


@pytest.mark.parametrize(
    "written",
    [
        "2026-02-30",
        "2026-13-01",
        "2027-02-29",
        "26/4/1",
        "4/1/2026",
        "令和8年",
        "R0.4.1",
        "明日",
        "2026-4/1",
        "٢٠٢٦-٠٤-٠١",
    ],
)
def test_any_other_date_is_shown_with_the_ways_to_write_it(written: str) -> None:
    (text,) = said(f"ID,開始日\nU1,{written}\n")
    assert text.startswith("roster.csv:2: 「開始日」: 「")
    assert "2026-04-01、2026/4/1、令和8年4月1日、R8.4.1 のように" in text


def test_a_serial_number_of_a_spreadsheet_is_called_that() -> None:
    (text,) = said("ID,開始日\nU1,46113\n")
    assert "「46113」は日付として読めません（Excelの通し番号のようです" in text


@pytest.mark.parametrize("written", ["1999-12-31", "平成11年12月31日", "2100-01-01", "9999-12-31"])
def test_a_year_that_cannot_be_meant_is_refused(written: str) -> None:
    (text,) = said(f"ID,開始日\nU1,{written}\n")
    assert "2000年から2099年までの日付ではありません" in text


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("花子,,,2026-04-01", "「メール」、「ID」のどちらかを書いてください"),
        ("花子,hanako,,2026-04-01", "「hanako」はメールアドレスとして読めません"),
        ("花子,a@b,,2026-04-01", "「a@b」はメールアドレスとして読めません"),
        ("花子,a b@c.jp,,2026-04-01", "「a b@c.jp」はメールアドレスとして読めません"),
        ("花子,,12345,2026-04-01", "「12345」はユーザーIDとして読めません"),
        ("花子,a@b.jp,,", "「開始日」が空です"),
        ("花子,a@b.jp,,2026-04-01,,,山田部長", "「山田部長」はユーザーIDとして読めません"),
        ("花子,a@b.jp,,2026-04-01,,,boss@", "「boss@」はメールアドレスとして読めません"),
        ("花子,a@b.jp,,2026-04-01,,,,多い", "見出しのない列に「多い」があります。列が多すぎます"),
        (f"{'あ' * (LONGEST + 1)},a@b.jp,,2026-04-01", f"「氏名」が{LONGEST}文字を超えています: 「{'あ' * 40}…」"),
        ("花\x1b[31m子,a@b.jp,,2026-04-01", "「氏名」に改行や制御文字があります: 「花␦[31m子」"),
        ("花\u202e子,a@b.jp,,2026-04-01", "「花␦子」"),
        ('"花\n子",a@b.jp,,2026-04-01', "「花␦子」"),
        ('花子,"a"b@c.jp,,2026-04-01', '閉じた引用符「"」のあとに文字があります'),
        ('花子,a@b.jp,,"2026-04-01', '引用符「"」が閉じていません'),
    ],
)
def test_a_wrong_line_is_named_with_what_stands_there(line: str, complaint: str) -> None:
    (text,) = said(f"{HEADER}\n{line}\n")
    assert text.startswith("roster.csv:2: ")
    assert complaint in text


def test_a_wrong_length_is_not_called_missing_as_well() -> None:
    (text,) = said(f"{HEADER}\n花子,{'a' * 300}@b.jp,,2026-04-01\n")
    assert "「メール」が200文字を超えています" in text


def test_everything_that_is_wrong_is_said_in_the_order_of_lines() -> None:
    text = f"{HEADER}\n花子,x,,2026-13-01\n\n太郎,a@b.jp,,2026-04-01\n次郎,,,1999-01-01\n"
    assert [one.partition(": ")[0] for one in said(text)] == [
        "roster.csv:2",
        "roster.csv:2",
        "roster.csv:5",
        "roster.csv:5",
    ]


def test_a_record_is_named_by_the_line_it_begins_on() -> None:
    text = "氏名,備考なし\n"  # an unknown header stops nothing but the rows
    assert [one.partition(": ")[0] for one in said(text)] == ["roster.csv:1"] * 3
    first = '花子,"a@b.jp",,2026-04-01,"総務課","任期""なし"""'
    text = f'\n{HEADER}\n{first}\n\n\n"太\n\n郎",c@d.jp,,2026-04-01\n次郎,,,2026-04-01\n'
    assert [one.partition(": ")[0] for one in said(text)] == ["roster.csv:6", "roster.csv:9"]


def test_a_person_who_stands_there_twice_is_named_with_both_lines() -> None:
    text = f"{HEADER}\n花子,a@b.jp,U1,2026-04-01\n太郎,c@d.jp,u1,2026-04-01\n次郎,ａ@B.jp,,2026-04-01\n"
    assert said(text) == [
        "roster.csv:3: 同じ人が2行目にもあります（「ID」 U1）。",
        "roster.csv:4: 同じ人が2行目にもあります（「メール」 a@B.jp）。",
    ]


@pytest.mark.parametrize(
    ("header", "complaint"),
    [
        ("氏名,メール,開始日,電話", "「電話」という見出しは使えません（使えるのは 「氏名」"),
        ("氏名,メール,開始日,start", "見出し「start」が二つあります"),
        ("氏名,開始日", "見出し「メール」、「ID」のどちらかが必要です"),
        ("氏名,メール", "見出し「開始日」がありません"),
        ("氏名\tメール\t開始日", "列はカンマで区切ってください"),
        ("氏名;メール;開始日", "列はカンマで区切ってください"),
    ],
)
def test_a_wrong_header_is_said_once_and_not_for_each_row(header: str, complaint: str) -> None:
    found = said(f"{header}\n花子,a@b.jp,2026-04-01,2026-04-01\n")
    assert [complaint in one for one in found].count(True) == 1
    assert all(one.startswith("roster.csv:1: ") for one in found)


@pytest.mark.parametrize("text", ["", "\ufeff", "\n\r\n\n", ",,,\n , \n"])
def test_an_empty_file_is_called_empty(text: str) -> None:
    assert said(text) == ["roster.csv: ファイルが空です。1行目に見出しを書いてください。"]


def test_a_header_alone_is_no_roster() -> None:
    assert said(f"{HEADER}\n,,,,\n") == ["roster.csv: 見出しのほかに行がありません。"]


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"PK\x03\x04\x14\x00", "Excelのブックです"),
        ("氏名,メール".encode("utf-16"), "UTF-16のテキストです"),
        ("a,b\n".encode("utf-16-le"), "NUL"),
        (f"{HEADER}\n花子,a\0b@c.jp\n".encode(), "roster.csv:2: "),
        (f"{HEADER}\n花子,".encode() + b"\xff\xfe\n", "roster.csv:2: UTF-8でもShift_JISでもない文字"),
        (f"{HEADER}\n花子\n".encode("cp932") + b"\x80\n", "roster.csv:3: UTF-8でもShift_JISでもない文字"),
        (f"{HEADER}\n".encode("euc_jp") + b"\xa1\n", "UTF-8でもShift_JISでもない文字"),
        (f"\ufeff{HEADER}\n".encode() + "花子".encode("cp932"), "roster.csv:2: UTF-8でもShift_JISでもない文字"),
    ],
)
def test_what_is_no_text_in_a_known_code_is_one_error(data: bytes, complaint: str) -> None:
    (text,) = said(data)
    assert complaint in text


@pytest.mark.parametrize("name", ["ﾐｷ", "ﾘｴ ﾀﾅｶ", "Meiﾐｷ"])
def test_half_width_kana_are_no_letters_of_another_script(name: str) -> None:
    assert rows(f"name,id,start\n{name},U1,2026-04-01\n", "cp932")[0].name == name


@pytest.mark.parametrize("name", ["José", "Müller", "Анна", "Ελένη", "霞野", "Zoë ﾐｷ", "𠮷野", "髙橋 﨑"])
def test_names_of_the_whole_world_are_read_in_utf_8(name: str) -> None:
    assert rows(f"name,id,start\n{name},U1,2026-04-01\n")[0].name == name


@pytest.mark.parametrize("name", ["=1+1", "+81", "-1", "@SUM(A1)", "'=1", '=HYPERLINK("http://x.example")'])
def test_what_looks_like_a_formula_is_only_text(name: str) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    assert rows(f"name,id,start\n{quoted},U1,2026-04-01\n")[0].name == name


def test_a_character_of_a_towns_own_stays_as_it_is() -> None:
    assert rows("name,id,start\n\ue000田,U1,2026-04-01\n", "cp932")[0].name == "\ue000田"


def test_more_people_than_a_roster_may_hold_are_refused() -> None:
    lines = "".join(f"U{number},2026-04-01\n" for number in range(MOST_ROWS + 1))
    assert len(rows("id,start\n" + lines[: lines.rindex(f"U{MOST_ROWS},")])) == MOST_ROWS
    assert said("id,start\n" + lines) == ["roster.csv: 20,000人を超えています。分けて取り込んでください。"]


def test_a_quote_that_never_closes_is_one_error_however_much_follows() -> None:
    found = said(f'{HEADER}\n"花子,a@b.jp,,2026-04-01\n' + "x,y\n" * 60_000)
    assert found == ['roster.csv:2: 引用符「"」が閉じていません。']


@given(st.binary(max_size=300))
def test_no_file_is_more_than_it_can_read(data: bytes) -> None:
    roster = read(data)
    assert bool(roster.errors) != bool(roster.rows)


CELLS = st.text(st.characters(codec="utf-8"), max_size=12)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS, CELLS), max_size=8))
def test_whatever_stands_in_the_cells_each_line_is_a_person_or_an_error(cells: list[tuple[str, ...]]) -> None:
    lines = ["name,mail,id,start", *(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in cells)]
    roster = read("\n".join(lines))
    assert bool(roster.errors) != bool(roster.rows)
    for error in roster.errors:
        assert error.code in ("E151", "E152")
        assert not {unicodedata.category(one) for one in error.japanese} & {"Cc", "Cf", "Zl", "Zp"}
        assert len(error.japanese) < 300
        assert error.english


@given(
    st.text(st.characters(codec="cp932", exclude_characters="¢£¬‖−〜"), min_size=1, max_size=30)
    .map(str.strip)
    .filter(bool)
)
def test_a_name_survives_either_code(name: str) -> None:
    text = 'name,id,start,department\n"' + name.replace('"', '""') + '",U1,2026-04-01,総務課\n'
    for code in ("utf-8", "cp932"):
        roster = read(text, code)
        assert roster.errors or roster.rows[0].name == name
