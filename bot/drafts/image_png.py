"""PNG files as chunks.

Sources: W3C PNG, third edition (2025), 5 and 11; the "Raw profile type" texts are ImageMagick's and exiftool's.
"""

from __future__ import annotations

import binascii
import re
import zlib
from collections.abc import Iterator

from bot.drafts.image_iptc import read_resources
from bot.drafts.image_parts import MOST_PIECES, BrokenImageError, Parts, decoded, number, taken

_MAGIC = b"\x89PNG\r\n\x1a\n"
_CRITICAL = frozenset((b"IHDR", b"PLTE", b"IDAT", b"IEND"))
_LOOKS = frozenset(b"tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI mDCv cLLi bKGD hIST pHYs sPLT acTL fcTL fdAT".split())
"""What changes how the picture looks, and the frames of a moving one. Everything else but the picture is left out."""
_TEXTS = frozenset((b"tEXt", b"zTXt", b"iTXt"))
_HARMLESS = frozenset(b"tIME iDOT vpAg oFFs orNT".split())
_XMP = b"XML:com.adobe.xmp"
_RAW_PROFILE = re.compile(rb"Raw profile type (exif|APP1|iptc|8bim|xmp)")
_XMP_HEAD = b"http://ns.adobe.com/xap/1.0/\0"
_MOST_TEXT = 4 << 20
"""Bytes of a file's texts once unpacked: a small file can unpack to gigabytes."""


def png_parts(data: bytes) -> Parts:
    """The file taken apart. Raises BrokenImageError for one that is cut off or has no size."""
    parts, left = Parts(), _MOST_TEXT
    for kind, content in _chunks(data, parts):
        if kind == b"IHDR":
            parts.size = number(content, 0, 4), number(content, 4, 4)
        elif kind == b"eXIf":
            parts.exif.append(content)
            parts.heeded = parts.heeded or content
        elif kind in _TEXTS:
            keyword, text = _text(kind, content, left) if left > 0 else (b"", b"")
            left -= len(text)
            _sort(keyword if left > 0 else b"", text, parts)
        elif kind not in _CRITICAL | _LOOKS | _HARMLESS:
            parts.miss("segments")
    return parts


def png_cleaned(data: bytes, exif: bytes) -> bytes:
    """The picture alone, its pixels byte for byte, with `exif` as its only EXIF block (empty: none).

    Raises BrokenImageError for a file that is cut off.
    """
    out = [_MAGIC]
    for kind, content in _chunks(data, Parts()):
        if kind in _CRITICAL | _LOOKS:
            if kind == b"IDAT" and exif:
                out.append(_written(b"eXIf", exif))
                exif = b""
            out.append(_written(kind, content))
    return b"".join(out)


def _chunks(data: bytes, parts: Parts) -> Iterator[tuple[bytes, bytes]]:
    if not data.startswith(_MAGIC):
        raise BrokenImageError
    at = len(_MAGIC)
    for _ in range(MOST_PIECES):
        kind, content = taken(data, at + 4, 4), taken(data, at + 8, number(data, at, 4))
        at += 12 + len(content)
        if (at == 33) != (kind == b"IHDR") or at > len(data):
            raise BrokenImageError  # the first chunk is this one, 13 bytes long, and no other is
        if kind[0] < ord("a") and kind not in _CRITICAL:
            raise BrokenImageError  # a capital says that nobody can show the picture without knowing this chunk
        yield kind, content
        if kind == b"IEND":
            if data[at:].strip(b"\0"):
                parts.miss("trailer")
            return
    raise BrokenImageError


def _text(kind: bytes, content: bytes, most: int) -> tuple[bytes, bytes]:
    """Keyword and text, at most that many bytes of it."""
    keyword, _, rest = content.partition(b"\0")
    if kind == b"tEXt":
        return keyword, rest[:most]
    packed = kind == b"zTXt"
    if kind == b"iTXt":
        packed, rest = rest[:1] == b"\1", rest[2:].partition(b"\0")[2].partition(b"\0")[2]
    else:
        rest = rest[1:]
    if not packed:
        return keyword, rest[:most]
    try:
        return keyword, zlib.decompressobj().decompress(rest, max(most, 1))
    except zlib.error:
        return b"", b""


def _sort(keyword: bytes, text: bytes, parts: Parts) -> None:
    profile = _RAW_PROFILE.fullmatch(keyword)
    if not keyword:
        parts.miss("text")
    elif keyword == _XMP:
        parts.xmp.append(text)
    elif profile is None:
        parts.texts.append((keyword[:79].decode("latin-1"), decoded(text)))
    else:
        # A line with the name, one with the length, lines of hexadecimal digits.
        try:
            content = binascii.unhexlify(b"".join(text.split()[2:]))
        except ValueError:
            parts.miss("exif")
            return
        if content.startswith(_XMP_HEAD) or profile[1] == b"xmp":
            parts.xmp.append(content.removeprefix(_XMP_HEAD))
        elif profile[1] in (b"exif", b"APP1"):
            parts.exif.append(content)
        elif content.startswith(b"8BIM"):
            read_resources(content, parts)
        else:
            parts.iptc.append(content)


def _written(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return len(content).to_bytes(4, "big") + kind + content + check.to_bytes(4, "big")
