"""Bytes of a document → text. The only module of this room that touches a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 20 * 1024 * 1024

_MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (
        b"%PDF",
        "PDFは読めません。テキストに書き出してから渡してください",
        "PDF cannot be read; export it to text first",
    ),
    (
        b"PK\x03\x04",
        "Word・Excel・zipのファイルは読めません。テキストに書き出してから渡してください",
        "Word, Excel and zip files cannot be read; export the document to text first",
    ),
    (
        b"\xd0\xcf\x11\xe0",
        "古い形式のWord・Excelのファイルは読めません。テキストに書き出してから渡してください",
        "old Word and Excel files cannot be read; export the document to text first",
    ),
    (
        b"{\\rtf",
        "リッチテキスト（RTF）は読めません。テキストに書き出してから渡してください",
        "rich text (RTF) cannot be read; export it to text first",
    ),
)
_BOMS: tuple[tuple[bytes, str], ...] = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def read_document(path: Path) -> str:
    """Return the text of a txt or Markdown file, its line ends made LF, form feeds kept.

    UTF-8 (with or without BOM), UTF-16 with BOM, ISO-2022-JP, cp932 and EUC-JP are recognised.
    Raises DataError, with one Japanese and one English line, for a file that cannot be read as text:
    missing, a folder, larger than 20 MiB, empty, binary, or of no known encoding.
    """
    return read_document_from(_bytes_of(path), path)


def read_document_from(data: bytes, path: Path | None = None) -> str:
    """The same for bytes that are read already; `path` is what errors name. Raises DataError."""
    if not data.strip():
        raise DataError("E111", "ファイルが空です", "the file is empty", path=path)
    for magic, japanese, english in _MAGIC:
        if data.startswith(magic):
            raise DataError("E112", japanese, english, path=path)
    text = _decoded(data, path).replace("\r\n", "\n").replace("\r", "\n")
    if "\x00" in text:
        raise _binary(path)
    if not text.strip():
        raise DataError("E111", "ファイルには空白しかありません", "the file holds nothing but white space", path=path)
    return text


def _bytes_of(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise DataError("E113", "フォルダーは読めません", "this is a folder, not a file", path=path)
        if path.stat().st_size > MAX_BYTES:
            raise DataError("E114", "ファイルが20 MiBを超えています", "the file is larger than 20 MiB", path=path)
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DataError(
            "E113", f"ファイルを開けません（{reason}）", f"the file cannot be opened ({reason})", path=path
        ) from error


def _decoded(data: bytes, path: Path | None) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strict(data, (encoding,), path)
    if b"\x00" in data:
        raise _binary(path)
    if b"\x1b$" in data:
        return _strict(data, ("iso2022_jp_ext", "utf-8"), path)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _legacy(data, path)


def _legacy(data: bytes, path: Path | None) -> str:
    """Shift_JIS and EUC-JP often both decode without error: the reading that looks Japanese wins."""
    readings: list[tuple[int, str]] = []
    for encoding in ("cp932", "euc_jp"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        readings.append((_strangeness(text), text))
    if not readings:
        raise _binary(path)
    return min(readings, key=lambda reading: reading[0])[1]


def _strangeness(text: str) -> int:
    """How many characters a guideline hardly ever has: half-width katakana, private use, controls."""
    return sum(
        "\uff61" <= char <= "\uff9f" or "\ue000" <= char <= "\uf8ff" or (char < " " and char not in "\t\n\r\f")
        for char in text
    )


def _strict(data: bytes, encodings: tuple[str, ...], path: Path | None) -> str:
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _binary(path)


def _binary(path: Path | None) -> DataError:
    return DataError(
        "E115",
        "テキストとして読めません。UTF-8かShift_JISで保存し直してください",
        "this cannot be read as text; save it as UTF-8 or Shift_JIS",
        path=path,
    )
