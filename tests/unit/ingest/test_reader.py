"""Bytes → text."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import DataError
from bot.ingest.reader import MAX_BYTES, read_document

_TEXT = "１ 目的\nこのガイドラインは、職員が守るべき事項を定める。\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jp", "iso2022_jp"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(_TEXT.encode(encoding))
    assert read_document(path) == _TEXT


def test_line_ends_are_made_one_and_form_feeds_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("あ\r\nい\rう\n\fえ".encode())
    assert read_document(path) == "あ\nい\nう\n\fえ"


@pytest.mark.parametrize(
    ("data", "japanese", "english"),
    [
        (b"%PDF-1.7 \x00", "PDFは読めません。テキストに書き出してから渡してください", "PDF"),
        (b"PK\x03\x04rest", "Word", "Word"),
        (b"\xd0\xcf\x11\xe0rest", "Word", "Word"),
        (b"", "空です", "empty"),
        (" 　\n".encode(), "空白しか", "white space"),
        (b"abc\x00def", "テキストとして読めません", "cannot be read as text"),
        (b"\x81\x20\xff\xfe\x80", "テキストとして読めません", "cannot be read as text"),
    ],
)
def test_what_is_no_text_is_refused_in_one_line(tmp_path: Path, data: bytes, japanese: str, english: str) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(data)
    with pytest.raises(DataError) as caught:
        read_document(path)
    assert japanese in caught.value.japanese or japanese in str(caught.value)
    assert english in caught.value.message("en")
    assert "\n" not in str(caught.value)


def test_a_missing_file_a_folder_and_a_huge_file_are_refused(tmp_path: Path) -> None:
    huge = tmp_path / "huge.txt"
    with huge.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    for path in (tmp_path / "none.txt", tmp_path, huge):
        with pytest.raises(DataError):
            read_document(path)
