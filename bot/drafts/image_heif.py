"""HEIC files as boxes: what an iPhone's picture says of itself, found without decoding it.

Sources: ISO/IEC 14496-12 8.11 (meta, iinf, iloc, iref, idat); ISO/IEC 23008-12 6.5.3 (ispe), annex A.2.1 (Exif items:
four bytes of offset to the TIFF block), 10.2 (brands).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bot.drafts.image_parts import MOST_BLOCKS, MOST_PIECES, BrokenImageError, Parts, Size, number, taken

BRANDS = frozenset((b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"msf1"))
_KNOWN = frozenset((b"ftyp", b"meta", b"mdat", b"free", b"skip"))
_PICTURES = frozenset((b"hvc1", b"grid", b"iden", b"iovl", b"tmap", b"jpeg"))
_XMP_TYPE = b"application/rdf+xml\0"


class _Item(NamedTuple):
    number: int
    kind: bytes
    content_type: bytes


class _Reader:
    """Numbers read one after the other; raises BrokenImageError behind the end."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data = data
        self.at = at

    def next(self, size: int) -> int:
        """The next unsigned number of so many bytes; 0 for none."""
        value = number(self.data, self.at, size)
        self.at += size
        return value


def heif_parts(data: bytes) -> Parts:
    """The file taken apart. `size` is that of its largest picture, before turning.

    Raises BrokenImageError for one that is cut off or whose table of contents cannot be followed; a single item that
    cannot be reached is named as unreadable.
    """
    parts, boxes = Parts(), list(_boxes(data, 0))
    meta = next((content for kind, content in boxes if kind == b"meta"), b"")
    inner = list(_boxes(meta, 4))
    if any(kind not in _KNOWN for kind, _ in boxes):
        parts.miss("trailer")  # sound, films, makers' own boxes
    contents = dict(reversed(inner))
    sizes = list(_sizes(contents.get(b"iprp", b"")))
    parts.size = max(sizes, key=lambda size: size[0] * size[1], default=(0, 0))
    for kind, _ in _boxes(contents.get(b"iref", b"\0" * 4), 4):
        if kind == b"thmb":
            parts.add_thumbnail(None)
    places = _places(contents.get(b"iloc", b""))
    for item in _items(contents.get(b"iinf", b"")):
        packet = item.kind == b"mime" and item.content_type.startswith(_XMP_TYPE)
        if item.kind == b"Exif" or packet:
            # Read here and not before: thousands of items may all point to the same megabytes.
            many = len(parts.xmp if packet else parts.exif) >= MOST_BLOCKS
            content = None if many else _content(places.get(item.number), data, contents.get(b"idat", b""))
            _sort(content, parts, packet=packet)
        elif item.kind not in _PICTURES:
            parts.miss("segments")
    return parts


def _boxes(data: bytes, at: int) -> Iterator[tuple[bytes, bytes]]:
    for _ in range(MOST_PIECES):
        if at >= len(data):
            return
        size, kind, head = number(data, at, 4), taken(data, at + 4, 4), 8
        if size == 1:
            size, head = number(data, at + 8, 8), 16
        elif size == 0:
            size = len(data) - at
        yield kind, taken(data, at + head, size - head)
        at += size
    raise BrokenImageError


def _sizes(properties: bytes) -> Iterator[Size]:
    for kind, content in _boxes(properties, 0):
        if kind == b"ipco":
            for inner, said in _boxes(content, 0):
                if inner == b"ispe":
                    yield number(said, 4, 4), number(said, 8, 4)


def _items(data: bytes) -> Iterator[_Item]:
    if not data:
        return
    start = 6 if data[0] == 0 else 8
    for kind, content in _boxes(data, start):
        if kind != b"infe":
            continue
        version = number(content, 0, 1)
        if version not in (2, 3):
            raise BrokenImageError  # these older ones name no types
        wide = 2 if version == 2 else 4
        named = content[4 + wide + 2 + 4 :].partition(b"\0")[2]
        yield _Item(number(content, 4, wide), taken(content, 6 + wide, 4), named)


def _places(data: bytes) -> dict[int, list[tuple[int, int, int]] | None]:
    """Of each item the extents (method, offset, length); None where they lie in another file or item."""
    if not data:
        return {}
    reader, version = _Reader(data, 4), data[0]
    widths = reader.next(2)
    wide = 4 if version == 2 else 2
    offset, length, base, index = (widths >> shift & 15 for shift in (12, 8, 4, 0))
    found: dict[int, list[tuple[int, int, int]] | None] = {}
    steps = 0
    for _ in range(reader.next(wide)):
        item = reader.next(wide)
        method = reader.next(2) & 15 if version else 0
        elsewhere = reader.next(2) != 0 or method > 1
        origin, extents = reader.next(base), []
        count = reader.next(2)
        steps += count + 1
        if steps > MOST_PIECES:
            raise BrokenImageError
        for _ in range(count):
            reader.next(index if version else 0)
            extents.append((method, origin + reader.next(offset), reader.next(length)))
        found[item] = None if elsewhere else extents
    return found


def _content(extents: list[tuple[int, int, int]] | None, data: bytes, inside: bytes) -> bytes | None:
    """The bytes of an item; None where they cannot be reached."""
    if not extents or sum(length for _, _, length in extents) > len(data):
        return None
    try:
        return b"".join(taken(inside if method else data, at, length) for method, at, length in extents)
    except BrokenImageError:
        return None


def _sort(content: bytes | None, parts: Parts, *, packet: bool) -> None:
    start = 0 if packet or not content else 4 + int.from_bytes(content[:4], "big")
    if not content or len(content) <= start:
        parts.miss("xmp" if packet else "exif")
    elif packet:
        parts.xmp.append(content)
    else:
        parts.exif.append(content[start:])
