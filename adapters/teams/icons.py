"""The app's two icons, drawn here: a page with a marked line. No image file, no image library."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

ACCENT = "#1F5C7A"

Pixel = tuple[int, int, int, int]
Paint = Callable[[float, float], Pixel]
"""The colour at a place of the picture, both coordinates from 0 to 1."""

_BLUE: Pixel = (0x1F, 0x5C, 0x7A, 255)
_WHITE: Pixel = (255, 255, 255, 255)
_MARK: Pixel = (0xF2, 0xB1, 0x34, 255)
_CLEAR: Pixel = (255, 255, 255, 0)

_PAGE = (0.26, 0.18, 0.74, 0.82)
_LINES = (0.32, 0.44, 0.56, 0.68)
_MARKED = 1
_THICK = 0.05


def color() -> bytes:
    """192 × 192, in colour, without transparency: a PNG file."""
    return _png(192, _in_color)


def outline() -> bytes:
    """32 × 32, white lines on nothing: a PNG file."""
    return _png(32, _in_outline)


def _in_color(x: float, y: float) -> Pixel:
    line = _line(x, y)
    if line is not None:
        return _MARK if line == _MARKED else _BLUE
    return _WHITE if _within(x, y, 0.0) else _BLUE


def _in_outline(x: float, y: float) -> Pixel:
    border = _within(x, y, 0.0) and not _within(x, y, 0.06)
    return _WHITE if border or _line(x, y) is not None else _CLEAR


def _within(x: float, y: float, margin: float) -> bool:
    left, top, right, bottom = _PAGE
    return left + margin <= x <= right - margin and top + margin <= y <= bottom - margin


def _line(x: float, y: float) -> int | None:
    """Which line of the page is here."""
    left, _, right, _ = _PAGE
    for number, at in enumerate(_LINES):
        end = right - (0.2 if number == len(_LINES) - 1 else 0.1)
        if left + 0.1 <= x <= end and at - _THICK / 2 <= y <= at + _THICK / 2:
            return number
    return None


def _png(side: int, paint: Paint) -> bytes:
    rows = bytearray()
    for row in range(side):
        rows.append(0)  # no filter
        for column in range(side):
            rows += bytes(paint((column + 0.5) / side, (row + 0.5) / side))
    header = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
