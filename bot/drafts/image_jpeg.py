"""JPEG files as segments.

Sources: ITU-T T.81 annex B (markers); T.871 (JFIF); Exif 2.32 4.5 (APP1); XMP part 3, 1.1.3 (APP1);
ICC.1:2022 B.4 (APP2); CIPA DC-007 (MPF).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from bot.drafts.image_iptc import read_resources
from bot.drafts.image_parts import MOST_BLOCKS, MOST_PIECES, BrokenImageError, Parts, Size, decoded, number, taken

_SOI, _EOI, _SOS, _COM = 0xD8, 0xD9, 0xDA, 0xFE
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PICTURE = (frozenset(range(0xC0, 0xE0)) - {0xC8, _SOI, _EOI}) - frozenset(range(0xD0, 0xD8))
"""What a decoder needs: frames, tables, scans. Restart marks stand within the scans and are kept with them."""
_APP0, _APP1, _APP2, _APP12, _APP13, _APP14 = 0xE0, 0xE1, 0xE2, 0xEC, 0xED, 0xEE

_EXIF, _XMP, _MORE_XMP = b"Exif\0", b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0"
_ICC, _MPF, _PHOTOSHOP, _JFIF, _JFXX = b"ICC_PROFILE\0", b"MPF\0", b"Photoshop 3.0\0", b"JFIF\0", b"JFXX\0"
_HEADS = {
    _APP0: (_JFIF, _JFXX),
    _APP1: (_EXIF, _XMP, _MORE_XMP),
    _APP2: (_ICC, _MPF),
    _APP12: (b"Ducky",),  # Photoshop's quality
    _APP13: (_PHOTOSHOP,),
    _APP14: (b"Adobe",),
}
"""How the segments begin whose content is known."""
_MORE_XMP_PLACE = 40  # behind a digest of 32 characters, the length, the offset

_MARK = re.compile(rb"\xff[^\x00\xff]")
_SCAN_END = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")


class Segment(NamedTuple):
    """A marker, what its segment says, and for a scan the coded pixels behind it."""

    marker: int
    payload: bytes
    pixels: bytes = b""


def jpeg_parts(data: bytes) -> Parts:
    """The file taken apart. Raises BrokenImageError for one that is cut off before its pixels."""
    parts = Parts()
    found: defaultdict[bytes, list[bytes]] = defaultdict(list)
    for marker, payload, _ in _segments(data, parts):
        head = next((one for one in _HEADS.get(marker, ()) if payload.startswith(one)), b"")
        if head:
            found[head].append(payload[len(head) :])
        elif marker in _FRAMES:
            parts.size = _frame_size(payload)
        elif marker == _COM:
            parts.comments.append(decoded(payload))
        elif marker not in _PICTURE:
            parts.miss("segments")
    parts.exif = _blocks(found[_EXIF])
    parts.heeded = parts.exif[0] if parts.exif else b""
    more = b"".join(one[_MORE_XMP_PLACE:] for one in found[_MORE_XMP])
    parts.xmp = found[_XMP] + ([more] if more else [])
    _read_jfif(found, parts)
    read_resources(b"".join(found[_PHOTOSHOP]), parts)
    return parts


def jpeg_size(data: bytes) -> Size | None:
    """Width and height of an embedded JPEG; None where it says none or is broken."""
    try:
        for segment in _segments(data, Parts()):
            if segment.marker in _FRAMES:
                return _frame_size(segment.payload)
    except BrokenImageError:
        return None
    return None


def jpeg_cleaned(data: bytes, exif: bytes) -> bytes:
    """The picture alone, its pixels byte for byte, with `exif` as its only EXIF block (empty: none).

    Raises BrokenImageError for a file that cannot be followed to the end of its pixels.
    """
    head: list[bytes] = []
    rest: list[bytes] = []
    for marker, payload, pixels in _segments(data, Parts()):
        if marker == _APP0 and payload.startswith(_JFIF) and len(payload) >= 14 and not head:
            head.append(_written(marker, payload[:12] + b"\0\0"))  # the last two were the size of a thumbnail
        elif marker == _APP14 and payload.startswith(b"Adobe") and len(payload) >= 12:
            rest.append(_written(marker, payload[:12]))
        elif marker in _PICTURE or (marker == _APP2 and payload.startswith(_ICC)):
            rest.append(_written(marker, payload) + pixels)
    if exif:
        head.append(_written(_APP1, _EXIF + b"\0" + exif))
    return b"".join([b"\xff\xd8", *head, *rest, b"\xff\xd9"])


def _segments(data: bytes, parts: Parts) -> Iterator[Segment]:
    """The segments up to the end of the image; bytes that belong to none are passed over, as decoders do."""
    if data[:2] != b"\xff\xd8":
        raise BrokenImageError
    at, scanned = 2, False
    for _ in range(MOST_PIECES):
        mark = _MARK.search(data, at)
        if mark is None:
            break
        _note(data[at : mark.start()].strip(b"\xff"), parts)
        marker, at = data[mark.start() + 1], mark.end()
        if marker == _EOI:
            _note(data[at:].strip(b"\0"), parts)
            break
        if marker == _SOI:
            raise BrokenImageError
        if marker == 0x01 or 0xD0 <= marker <= 0xD7:
            continue  # these have no length and mean nothing here
        length = number(data, at, 2)
        payload, at = taken(data, at + 2, length - 2), at + length
        pixels = b""
        if marker == _SOS:
            end = _SCAN_END.search(data, at)
            pixels, scanned = data[at : end.start() if end else len(data)], True
            at += len(pixels)
        yield Segment(marker, payload, pixels)
    else:
        raise BrokenImageError
    if not scanned:
        raise BrokenImageError


def _frame_size(payload: bytes) -> Size:
    return number(payload, 3, 2), number(payload, 1, 2)


def _blocks(pieces: list[bytes]) -> list[bytes]:
    """EXIF blocks; one too long for a segment goes on in the next, which does not begin like a block."""
    blocks: list[list[bytes]] = []
    for piece in (piece[1:] for piece in pieces):  # the zero that fills up the head
        if blocks and piece[:2] not in (b"II", b"MM"):
            blocks[-1].append(piece)
        else:
            blocks.append([piece])
    return [b"".join(block) for block in blocks]


def _read_jfif(found: dict[bytes, list[bytes]], parts: Parts) -> None:
    """The thumbnails of JFIF, whose size in pixels ends its segment, and of its extension."""
    for rest in found.get(_JFIF, ()):
        if len(rest) >= 9 and rest[7] and rest[8]:
            parts.add_thumbnail((rest[7], rest[8]))
    for at, rest in enumerate(found.get(_JFXX, ())):
        parts.add_thumbnail(jpeg_size(rest[1:]) if at < MOST_BLOCKS else None)


def _note(loose: bytes, parts: Parts) -> None:
    if loose:
        parts.miss("trailer")


def _written(marker: int, payload: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(payload) + 2).to_bytes(2, "big") + payload
