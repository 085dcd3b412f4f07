"""WebP files as chunks of a RIFF.

Source: RFC 9649 (WebP Image Format), 2: container, VP8X flags, EXIF and XMP chunks.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.drafts.image_parts import MOST_PIECES, BrokenImageError, Parts, Size, number, taken

_PIXELS = frozenset((b"VP8 ", b"VP8L"))
_FRAME = _PIXELS | {b"ALPH"}
_PICTURE = _FRAME | {b"VP8X", b"ICCP", b"ANIM", b"ANMF"}
_EXIF_FLAG, _XMP_FLAG = 0x08, 0x04
_ANMF_HEAD = 16


def webp_parts(data: bytes) -> Parts:
    """The file taken apart. Raises BrokenImageError for one that is cut off or has no size."""
    parts, shown = Parts(), False
    for kind, content in _chunks(data, parts):
        shown = shown or kind in _PIXELS or kind == b"ANMF"
        if kind in _FRAME | {b"VP8X"} and parts.size == (0, 0):
            parts.size = _size(kind, content)
        elif kind == b"EXIF":
            parts.exif.append(content)
            parts.heeded = parts.heeded or content
        elif kind == b"XMP ":
            parts.xmp.append(content)
        elif kind not in _PICTURE or (kind == b"ANMF" and _frame(content) != content):
            parts.miss("segments")
    if not shown:
        raise BrokenImageError
    return parts


def webp_cleaned(data: bytes, exif: bytes) -> bytes:
    """The picture alone, its pixels byte for byte, with `exif` as its only EXIF block (empty: none).

    Raises BrokenImageError for a file that is cut off. A file of the simple kind, without VP8X, has no place for an
    EXIF block, and what showed it heeded none.
    """
    out, extended = [], False
    for kind, content in _chunks(data, Parts()):
        kept = content
        if kind not in _PICTURE:
            continue
        if kind == b"VP8X":
            flags = number(content, 0, 1) & ~(_EXIF_FLAG | _XMP_FLAG)
            kept, extended = bytes([flags | (_EXIF_FLAG if exif else 0)]) + content[1:10], True
        elif kind == b"ANMF":
            kept = _frame(content)
        out.append(_written(kind, kept))
    if exif and extended:
        out.append(_written(b"EXIF", exif))
    body = b"WEBP" + b"".join(out)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _chunks(data: bytes, parts: Parts) -> Iterator[tuple[bytes, bytes]]:
    if taken(data, 0, 4) != b"RIFF" or taken(data, 8, 4) != b"WEBP":
        raise BrokenImageError
    end = 8 + number(data, 4, 4, "little")
    if end > len(data):
        raise BrokenImageError
    if data[end:].strip(b"\0"):
        parts.miss("trailer")
    yield from _riff(data[:end], 12)


def _riff(data: bytes, at: int) -> Iterator[tuple[bytes, bytes]]:
    for _ in range(MOST_PIECES):
        if at >= len(data):
            return
        content = taken(data, at + 8, number(data, at + 4, 4, "little"))
        yield data[at : at + 4], content
        at += 8 + len(content) + len(content) % 2
    raise BrokenImageError


def _frame(content: bytes) -> bytes:
    """A frame of a moving picture without chunks that belong to none."""
    kept = [(kind, inner) for kind, inner in _riff(content, _ANMF_HEAD) if kind in _FRAME]
    if not any(kind in _PIXELS for kind, _ in kept):
        raise BrokenImageError
    return taken(content, 0, _ANMF_HEAD) + b"".join(_written(kind, inner) for kind, inner in kept)


def _size(kind: bytes, content: bytes) -> Size:
    if kind == b"VP8X":
        return number(content, 4, 3, "little") + 1, number(content, 7, 3, "little") + 1
    if kind == b"VP8 ":  # RFC 6386 9.1: three bytes of the frame, the start code, 14 bits each
        if taken(content, 3, 3) != b"\x9d\x01\x2a":
            raise BrokenImageError
        return number(content, 6, 2, "little") & 0x3FFF, number(content, 8, 2, "little") & 0x3FFF
    if kind == b"VP8L":  # RFC 9649 3.4: a signature, 14 bits each
        bits = number(content, 1, 4, "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    return 0, 0


def _written(kind: bytes, content: bytes) -> bytes:
    return kind + len(content).to_bytes(4, "little") + content + b"\0" * (len(content) % 2)
