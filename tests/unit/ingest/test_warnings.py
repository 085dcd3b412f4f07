"""Everything doubtful is said, with its line."""

from __future__ import annotations

import pytest

from tests.unit.ingest.helpers import parsed


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("１ 目的\n定める。\n３ 対象\n全員。\n", 3, "間の番号がありません"),
        ("１ 禁止\n(1) あ。\n(2) い。\n(2) う。\n(3) え。\n", 4, "重なっています"),
        ("Ｑ1．よいですか？\nＡ．はい。\nＱ2．だめですか？\n", 3, "答えが見つかりません"),
        ("１ 目的\nこの「文書を定める。\n２ 対象\n全員。\n", 1, "閉じていません"),
        ("番号のない文です。\n", 1, "番号が見つかりません"),
        ("## 1 禁止\n\n- ア あ\n- イ い\n\nウ う\n", 6, "箇条書きから外れています"),
    ],
)
def test_a_doubt_is_said_with_its_line(text: str, line: int, words: str) -> None:
    assert any(warning.line == line and words in warning.message for warning in parsed(text).warnings)


def test_a_clean_document_has_no_warnings() -> None:
    assert parsed("甲市指針\n\n１ 目的\n定める。\n２ 対象\n（１）職員\n（２）議員\n").warnings == ()
