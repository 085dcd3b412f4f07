"""The ledger as a file for an audit: every line, no formula, nobody who was forgotten."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.enrolment import Entry, LedgerRow
from bot.onboarding.exporting import COLUMNS, PURGED, Cell, Taught, as_csv, as_xlsx, lines
from tests.unit.onboarding.courses import LEARNER, at

TAUGHT = {"kasumino": Taught("霞野市", "Asia/Tokyo", {"secrets": "仕事で知ったこと"})}
HANAKO = replace(LEARNER, mail="hanako@town.example", contract="任期なし")
WHEN = at("2026-04-01 09:00")
DANGERS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x", " =1", "\u3000=1"]


def row(entry: Entry | None = None, number: int = 1) -> LedgerRow:
    told = entry or Entry("answered", WHEN, "secrets", "2:right", "e" * 16)
    return LedgerRow(number, "ab" * 32, HANAKO, "kasumino", 1, told, "cd" * 32)


def cells(one: LedgerRow) -> dict[str, Cell]:
    (line,) = lines([one], TAUGHT)
    return dict(zip(COLUMNS, line, strict=True))


def read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_a_line_says_who_did_what_when_in_which_edition() -> None:
    assert cells(row()) == {
        "番号": 1,
        "日時": "2026-04-01T09:00:00+09:00",
        "団体": "霞野市",
        "氏名": "霞野 花子",
        "所属": "広報課",
        "任用": "任期なし",
        "ユーザーID": "U1",
        "メール": "hanako@town.example",
        "上司": "U9",
        "できごと": "確認テストに回答",
        "レッスン": "仕事で知ったこと",
        "答え": "2",
        "正誤": "正解",
        "補足": "",
        "回": 1,
        "版": "e" * 16,
        "仮名": "ab" * 32,
        "ハッシュ": "cd" * 32,
    }


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (Entry("answered", WHEN, "secrets", "1:wrong"), ("確認テストに回答", "1", "不正解", "")),
        (Entry("sent", WHEN, "secrets"), ("レッスンを送信", "", "", "")),
        (Entry("sent", WHEN, "secrets", "reminder"), ("お知らせを送信", "", "", "")),
        (Entry("sent", WHEN, "secrets", "supervisor"), ("上司への連絡を送信", "", "", "")),
        (Entry("stopped", WHEN, detail="account_inactive"), ("停止", "", "", "account_inactive")),
        (Entry("acknowledged", WHEN), ("読み、理解したと確認", "", "", "")),
    ],
)
def test_an_event_is_told_in_words(entry: Entry, expected: tuple[str, ...]) -> None:
    told = cells(row(entry))
    assert tuple(told[name] for name in ("できごと", "答え", "正誤", "補足")) == expected


def test_somebody_who_was_forgotten_has_no_name_any_more() -> None:
    told = cells(replace(row(), learner=None))
    assert told["氏名"] == PURGED
    assert {told[name] for name in ("所属", "任用", "ユーザーID", "メール", "上司")} == {""}


def test_what_has_gone_from_the_knowledge_keeps_its_id() -> None:
    told = cells(replace(row(Entry("opened", WHEN, "gone")), org="elsewhere"))
    assert (told["団体"], told["レッスン"]) == ("elsewhere", "gone")
    assert cells(row(Entry("opened", WHEN, "gone")))["レッスン"] == "gone"


@pytest.mark.parametrize("name", DANGERS)
def test_no_cell_of_a_csv_file_begins_like_a_formula(name: str) -> None:
    told = read_csv(as_csv(lines([replace(row(), learner=replace(HANAKO, name=name))], TAUGHT)))
    assert told[1][3].startswith("'")


@given(st.text(max_size=30))
def test_any_text_is_one_cell_of_a_csv_file(name: str) -> None:
    told = read_csv(as_csv(lines([replace(row(), learner=replace(HANAKO, name=name))], TAUGHT)))
    assert [len(line) for line in told] == [len(COLUMNS)] * 2
    assert told[1][3].lstrip(" \u3000")[:1] not in tuple("=+-@＝＋－＠")


def test_a_csv_file_opens_in_excel_as_utf_8() -> None:
    data = as_csv(lines([row()], TAUGHT))
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == 2


@pytest.mark.parametrize("name", [*DANGERS, "霞野\x00\x0b花子", "\ud800", "霞野\u2028花子", "<b>&amp;</b>"])
def test_a_workbook_holds_texts_alone(name: str) -> None:
    data = as_xlsx(lines([replace(row(), learner=replace(HANAKO, name=name))], TAUGHT), [("末尾", "=1")], "記録")
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet, about = book.worksheets
    assert {cell.data_type for cell in (*sheet[2], *about[1])} <= {"s", "inlineStr", "n"}
    assert [cell.column_letter for cell in sheet[2] if isinstance(cell.value, int)] == ["A", "O"]
    assert [cell.value for cell in about[1]] == ["末尾", "=1"]
    book.close()


def test_a_workbook_keeps_its_header_in_sight_and_says_what_it_is() -> None:
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(lines([row()], TAUGHT), [], "研修の記録")))
    sheet = book.worksheets[0]
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)
    assert sheet["A2"].value == 1
    assert book.properties.title == "研修の記録"
    book.close()
