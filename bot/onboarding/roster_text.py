"""The bytes of a roster as text: UTF-8 or Shift_JIS (cp932), told apart by what they can be."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from bot.errors import DataError

SHOWN = 40
"""Characters of a value that an error shows."""

_OTHERS = (
    ((b"PK\x03\x04", b"\xd0\xcf\x11\xe0"), "Excelのブック", "an Excel workbook"),
    ((b"\xff\xfe", b"\xfe\xff"), "UTF-16のテキスト", "text in UTF-16"),
    ((b"%PDF",), "PDF", "a PDF"),
)
"""What people send in place of a CSV file, by its first bytes."""
_BOM = b"\xef\xbb\xbf"
_NOT_CP932 = re.compile("[\x80\xa0\uf8f0-\uf8f3]")
"""What Python reads single bytes as that no character of the code has."""
_HALF_KANA = re.compile("[\x00-\x7f｡-ﾟ]+")
_CONTROLS = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def decoded(data: bytes, path: Path) -> str:
    """The text without a byte order mark. Raises DataError (E152) that says which line is neither code's."""
    for magics, japanese, english in _OTHERS:
        if data.startswith(magics):
            raise _wrong(path, None, f"{japanese}です。「CSV UTF-8」で保存し直してください。", f"this is {english}.")
    text = _text(data, path)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise _wrong(
            path,
            line,
            "テキストにない文字（NUL）があります。「CSV UTF-8」で保存し直してください。",
            "a NUL character is no text.",
        )
    return text


def _text(data: bytes, path: Path) -> str:
    body = data.removeprefix(_BOM)
    utf8, bad = _read(body, "utf-8")
    if utf8 is not None and (body != data or not _rather_kana(utf8, body)):
        return utf8
    cp932, worse = _read(body, "cp932")
    if cp932 is not None and body == data:
        return cp932
    first = body[: bad if body != data else max(bad, worse)]
    raise _wrong(
        path,
        first.count(b"\n") + 1,
        "UTF-8でもShift_JISでもない文字があります。「CSV UTF-8」で保存し直してください。",
        "neither UTF-8 nor Shift_JIS (cp932).",
    )


def shown(value: str) -> str:
    """A value for an error: its beginning, with what a terminal would obey made visible."""
    begin = value if len(value) <= SHOWN else f"{value[:SHOWN]}…"
    return "".join("␦" if unicodedata.category(one) in _CONTROLS else one for one in begin)


def _read(body: bytes, code: str) -> tuple[str | None, int]:
    """The text, or None and where the first wrong byte is."""
    try:
        text = body.decode(code)
    except UnicodeDecodeError as error:
        return None, error.start
    wrong = _NOT_CP932.search(text) if code == "cp932" else None
    return (text, len(body)) if wrong is None else (None, len(text[: wrong.start()].encode(code)))


def _rather_kana(utf8: str, body: bytes) -> bool:
    """Whether valid UTF-8 is half-width kana of the other code all the same: ﾐｷ has the bytes of a Cyrillic letter.

    A rare file: all its characters beyond ASCII are half-width kana there, and none is Japanese or Latin here.
    """
    beyond = {one for one in utf8 if not one.isascii()}
    if not beyond or any(one > "\u07ff" or unicodedata.name(one, "").startswith("LATIN") for one in beyond):
        return False
    kana, _ = _read(body, "cp932")
    return kana is not None and _HALF_KANA.fullmatch(kana) is not None


def _wrong(path: Path, line: int | None, japanese: str, english: str) -> DataError:
    return DataError("E152", japanese, english, path=path, line=line)
