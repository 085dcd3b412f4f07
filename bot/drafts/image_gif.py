"""GIF files as blocks.

Source: GIF89a (CompuServe, 1990), 15 to 26; the loop extension is Netscape's, the colour profile's is of the ICC
(ICCRGBG1/012), XMP stands in one as XMP part 3, 1.1.2 says.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bot.drafts.image_parts import MOST_PIECES, BrokenImageError, Parts, decoded, number, taken

_IMAGE, _EXTENSION, _END = 0x2C, 0x21, 0x3B
_CONTROL, _COMMENT, _APPLICATION = 0xF9, 0xFE, 0xFF
_LOOKS = (b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012")
_XMP = b"XMP DataXMP"
_XMP_TRAILER = 257
_MOST_STEPS = 1_000_000
"""Sub-blocks of a file, at most 255 bytes each."""


class _Block(NamedTuple):
    """A block as it stands in the file; `label` is the extension's, or None for an image."""

    label: int | None
    raw: bytes


def gif_parts(data: bytes) -> Parts:
    """The file taken apart. Raises BrokenImageError for one that is cut off."""
    parts = Parts()
    for label, raw in _blocks(data, parts):
        if label == _COMMENT:
            parts.comments.append(decoded(b"".join(_pieces(raw, 2))))
        elif label == _APPLICATION:
            if raw[3:14] == _XMP:
                parts.xmp.append(raw[14:-_XMP_TRAILER])
            elif raw[3:14] not in _LOOKS:
                parts.miss("segments")
        elif label not in (None, _CONTROL):
            parts.miss("segments")
    parts.size = number(data, 6, 2, "little"), number(data, 8, 2, "little")
    return parts


def gif_cleaned(data: bytes, _exif: bytes) -> bytes:
    """The picture alone, its pixels byte for byte; a GIF has no EXIF. Raises BrokenImageError for one cut off."""
    out, control = [data[: _head(data)]], b""
    for label, raw in _blocks(data, Parts()):
        if label == _CONTROL:
            control = raw  # it speaks of the next picture: without one it goes
        elif label is None:
            out += [control, raw]
            control = b""
        elif label == _APPLICATION and raw[3:14] in _LOOKS:
            out.append(raw)
        elif label == 0x01:
            control = b""  # plain text, which nothing has drawn since the nineties
    return b"".join(out) + bytes([_END])


def _head(data: bytes) -> int:
    """The length of header, screen and colour table."""
    if taken(data, 0, 6) not in (b"GIF87a", b"GIF89a"):
        raise BrokenImageError
    return 13 + _table(number(data, 10, 1))


def _table(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _blocks(data: bytes, parts: Parts) -> Iterator[_Block]:
    at, steps = _head(data), 0
    taken(data, 0, at)
    for _ in range(MOST_PIECES):
        start = at
        if at >= len(data):
            return  # some writers leave the end mark out
        kind = data[at]
        if kind == _END:
            if data[at + 1 :].strip(b"\0"):
                parts.miss("trailer")
            return
        if kind == _IMAGE:
            label, at = None, at + 11 + _table(number(data, at + 9, 1))
        elif kind == _EXTENSION:
            label, at = number(data, at + 1, 1), at + 2
        else:
            raise BrokenImageError
        while size := number(data, at, 1):
            at, steps = at + 1 + size, steps + 1
            if steps > _MOST_STEPS:
                raise BrokenImageError
        at += 1
        yield _Block(label, data[start:at])
    raise BrokenImageError


def _pieces(raw: bytes, at: int) -> Iterator[bytes]:
    while raw[at]:
        yield raw[at + 1 : at + 1 + raw[at]]
        at += 1 + raw[at]
