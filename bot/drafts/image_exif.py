"""EXIF and TIFF: directories of tags, read without trusting a single offset.

Sources: TIFF 6.0 (Adobe, 1992) section 2; Exif 2.32 (CIPA DC-008-2019) 4.6; the XP tags are Microsoft's.
"""

from __future__ import annotations

import math
import struct
from typing import NamedTuple

from bot.drafts.image_iptc import read_resources
from bot.drafts.image_jpeg import jpeg_size
from bot.drafts.image_parts import MOST_BLOCKS, BrokenImageError, Clues, Order, Size, Word, decoded, number, taken

_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
"""Bytes of one value, by its type."""
_MOST_DIRECTORIES = 32
_MOST_TAGS = 2_000  # of a directory
_MOST_BYTES = 1 << 14  # of a text: it is cut far below
_MOST_PACKET = 1 << 20  # of a packet within a tag: directories may all point to the same megabytes

_WORDS: tuple[tuple[int, Word], ...] = (
    (0x9003, "taken"),  # DateTimeOriginal
    (0x9004, "taken"),  # DateTimeDigitized
    (0x0132, "taken"),  # DateTime: the last change, better than nothing
    (0x010F, "make"),
    (0x0110, "model"),
    (0x013C, "model"),  # HostComputer: the phone's model on iPhones
    (0xA430, "owner"),
    (0xA431, "serial"),
    (0xC62F, "serial"),  # CameraSerialNumber of DNG
    (0xA435, "serial"),  # of the lens
    (0x010E, "caption"),
    (0x9286, "caption"),  # UserComment
    (0x9C9B, "caption"),  # XPTitle
    (0x9C9C, "caption"),  # XPComment
    (0x9C9F, "caption"),  # XPSubject
    (0x9C9E, "caption"),  # XPKeywords
    (0x013B, "author"),
    (0x9C9D, "author"),  # XPAuthor
    (0x8298, "author"),  # Copyright: it names somebody
)
_XP = range(0x9C9B, 0x9CA0)
_COMMENT = 0x9286
_ORIENTATION, _EXIF, _GPS, _MAKER_NOTE = 0x0112, 0x8769, 0x8825, 0x927C
_WIDTH, _HEIGHT, _KIND, _STRIPS, _THUMB, _THUMB_LENGTH = 0x100, 0x101, 0xFE, 0x111, 0x201, 0x202
_XMP, _IPTC, _PHOTOSHOP = 0x2BC, 0x83BB, 0x8649
_GPS_PLACES = (2, 4, 20, 22, 28)
"""Latitude, longitude, those of the destination, the area's name."""


class Value(NamedTuple):
    """What a tag says: type, number of values, and where in the block its bytes stand."""

    kind: int
    amount: int
    start: int

    @property
    def size(self) -> int:
        """Bytes of all its values; a type that is not known counts as bytes."""
        return self.amount * _SIZES.get(self.kind, 1)


Directory = dict[int, Value]


class Tiff:
    """A TIFF block. Raises BrokenImageError where it does not begin as one.

    `damaged` turns true when a directory leads out of the block, or there are too many.
    """

    def __init__(self, data: bytes) -> None:
        mark = data[:2]
        self.order: Order = "little" if mark == b"II" else "big"
        if mark not in (b"II", b"MM") or self.number(data, 2, 2) != 42:
            raise BrokenImageError
        self.data = data
        self.damaged = False
        self._seen: set[int] = set()

    def number(self, data: bytes, at: int, size: int) -> int:
        """An unsigned number in the block's byte order. Raises BrokenImageError outside the data."""
        return number(data, at, size, self.order)

    def chain(self) -> list[Directory]:
        """The directories of the pictures, in order: the picture itself first, a thumbnail or further pages then."""
        found, at = [], self.number(self.data, 4, 4)
        while at and not self.damaged:
            entries = self.directory(at)
            if entries is not None:
                found.append(entries)
                end = at + 2 + 12 * self.number(self.data, at, 2)
                # Some writers leave the last link out at the very end of the block.
                at = self.number(self.data, end, 4) if end + 4 <= len(self.data) else 0
        return found

    def directory(self, at: int) -> Directory | None:
        """The tags at that place; None (and `damaged`) where there cannot be any or they were read before."""
        if at in self._seen or len(self._seen) >= _MOST_DIRECTORIES or at + 2 > len(self.data):
            self.damaged = True
            return None
        self._seen.add(at)
        count = self.number(self.data, at, 2)
        if count > _MOST_TAGS or at + 2 + 12 * count > len(self.data):
            self.damaged = True
            return None
        entries: Directory = {}
        for place in range(at + 2, at + 2 + 12 * count, 12):
            tag, kind = self.number(self.data, place, 2), self.number(self.data, place + 2, 2)
            value = Value(kind, self.number(self.data, place + 4, 4), place + 8)
            if value.size > 4:
                value = value._replace(start=self.number(self.data, place + 8, 4))
            entries.setdefault(tag, value)
        return entries

    def inner(self, entries: Directory, tag: int) -> Directory:
        """The directory a tag points to; empty without one."""
        at = self.integer(entries, tag)
        return (self.directory(at) or {}) if at is not None else {}

    def raw(self, entries: Directory, tag: int, most: int = _MOST_BYTES) -> bytes | None:
        """The bytes of a tag, at most that many; None (and `damaged`) where they lie outside the block."""
        value = entries.get(tag)
        if value is None:
            return None
        if value.start + value.size > len(self.data):
            self.damaged = True
            return None
        return self.data[value.start : value.start + min(value.size, most)]

    def integer(self, entries: Directory, tag: int) -> int | None:
        """The first whole number of a tag."""
        value, raw = entries.get(tag), self.raw(entries, tag)
        if value is None or not raw or value.kind not in (1, 3, 4, 13):
            return None
        return self.number(raw, 0, _SIZES[value.kind])

    def numbers(self, entries: Directory, tag: int) -> list[float] | None:
        """Up to three fractions; one with nothing below the line is not a number. None where they are no fractions."""
        value, raw = entries.get(tag), self.raw(entries, tag, 24)
        if value is None or raw is None or value.kind not in (5, 10) or len(raw) % 8 or not raw:
            return None
        sign = "<" if self.order == "little" else ">"
        pairs = struct.iter_unpack(sign + ("II" if value.kind == 5 else "ii"), raw)
        return [above / below if below else math.nan for above, below in pairs]


def read_exif(block: bytes, clues: Clues) -> None:
    """Add what an EXIF block says; a block that cannot be followed to its end is named as unreadable."""
    try:
        tiff = Tiff(block.removeprefix(b"Exif\0\0"))
        first, *others = tiff.chain() or [{}]
        _read(tiff, first, clues)
        for entries in others:
            _read_thumbnail(tiff, entries, clues)
            _read(tiff, entries, clues)
    except BrokenImageError:
        clues.parts.miss("exif")
        return
    if tiff.damaged:
        clues.parts.miss("exif")


def read_tiff(data: bytes, clues: Clues) -> None:
    """Add what a TIFF file says and the size of its first page. Raises BrokenImageError for what is none."""
    tiff = Tiff(data)
    pages = tiff.chain()
    if not pages:
        raise BrokenImageError
    clues.parts.size = (tiff.integer(pages[0], _WIDTH) or 0, tiff.integer(pages[0], _HEIGHT) or 0)
    for page in pages:
        if page is not pages[0] and (tiff.integer(page, _KIND) or 0) & 1:  # "a reduced-resolution version"
            clues.parts.add_thumbnail((tiff.integer(page, _WIDTH) or 0, tiff.integer(page, _HEIGHT) or 0))
        _read(tiff, page, clues)
    if tiff.damaged:
        clues.parts.miss("exif")


def orientation(block: bytes) -> int:
    """Which way up the picture is to be shown, 1 to 8 (Exif 4.6.4 A); 1, as it stands, where nothing says so."""
    try:
        tiff = Tiff(block.removeprefix(b"Exif\0\0"))
        entries = tiff.directory(tiff.number(tiff.data, 4, 4))
        value = tiff.integer(entries or {}, _ORIENTATION)
    except BrokenImageError:
        return 1
    return value if value is not None and 1 <= value <= 8 else 1


def orientation_block(value: int) -> bytes:
    """The smallest EXIF block: the orientation alone."""
    return struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, _ORIENTATION, 3, 1, value, 0, 0)


def _read(tiff: Tiff, entries: Directory, clues: Clues) -> None:
    inner = tiff.inner(entries, _EXIF)
    for tag, word in _WORDS:
        for place in (inner, entries):
            raw = tiff.raw(place, tag)
            if raw:
                clues.put(word, _text(tag, raw, tiff.order))
    if _MAKER_NOTE in inner:
        clues.parts.miss("maker_note")
    _read_gps(tiff, tiff.inner(entries, _GPS), clues)
    _read_packets(tiff, entries, clues)


def _read_packets(tiff: Tiff, entries: Directory, clues: Clues) -> None:
    parts = clues.parts
    for tag, name in ((_XMP, "xmp"), (_IPTC, "iptc"), (_PHOTOSHOP, "iptc")):
        raw = tiff.raw(entries, tag, _MOST_PACKET)
        if not raw:
            continue
        if entries[tag].size > _MOST_PACKET:
            parts.miss(name)
        if tag == _PHOTOSHOP:
            read_resources(raw, parts)
        else:
            (parts.xmp if tag == _XMP else parts.iptc).append(raw)


def _text(tag: int, raw: bytes, order: Order) -> str:
    if tag in _XP:
        return raw.decode("utf-16-le", "replace").replace("\0", " ")
    if tag == _COMMENT:
        mark, raw = raw[:8].rstrip(b"\0 "), raw[8:]
        if mark == b"UNICODE":
            return raw.decode("utf-16-le" if order == "little" else "utf-16-be", "replace").replace("\0", " ")
        if mark == b"JIS":
            return raw.decode("iso2022_jp", "replace").replace("\0", " ")
    return decoded(raw.replace(b"\0", b" ").strip())


def _read_gps(tiff: Tiff, entries: Directory, clues: Clues) -> None:
    latitude, longitude = tiff.numbers(entries, 2), tiff.numbers(entries, 4)
    if latitude and longitude:
        found = _degrees(latitude), _degrees(longitude)
        if not any(math.isnan(one) for one in found):
            south, west = (tiff.raw(entries, tag) or b"" for tag in (1, 3))
            clues.place(
                -found[0] if south[:1] in b"Ss" and south else found[0],
                -found[1] if west[:1] in b"Ww" and west else found[1],
            )
            return
        if all(math.isnan(one) for one in (*latitude, *longitude)):
            return  # 0/0 throughout is how some phones write that they do not know
    if any(tag in entries for tag in _GPS_PLACES):
        clues.parts.miss("location")


def _degrees(parts: list[float]) -> float:
    """Degrees, minutes, seconds; minutes and seconds may be missing or unknown, degrees may not."""
    known = [parts[0], *(0.0 if math.isnan(one) else one for one in parts[1:])]
    return sum((one / (1, 60, 3600)[at] for at, one in enumerate(known)), 0.0)


def _read_thumbnail(tiff: Tiff, entries: Directory, clues: Clues) -> None:
    at, length = tiff.integer(entries, _THUMB), tiff.integer(entries, _THUMB_LENGTH)
    size: Size | None = (tiff.integer(entries, _WIDTH) or 0, tiff.integer(entries, _HEIGHT) or 0)
    if (at is None and _STRIPS not in entries) or len(clues.parts.thumbnails) >= MOST_BLOCKS:
        return
    if at is not None:
        try:
            size = jpeg_size(taken(tiff.data, at, length or 0)) or size
        except BrokenImageError:
            tiff.damaged = True
    clues.parts.add_thumbnail(size)
