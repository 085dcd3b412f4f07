"""What the readers of the image formats share: where a file breaks off, and what they hand on.

Nothing here or in the other `image_*` modules decodes pixels; each reads the file's own table of contents.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import Literal

LONGEST = 200
"""Characters of a text that are kept."""
MOST_PIECES = 50_000
"""Segments, chunks or blocks of a file: far above any real picture's, few enough to walk through in a second."""
MOST_TEXTS = 1_000
"""Comments or texts of a file that are looked at."""
MOST_BLOCKS = 8
"""EXIF blocks, IPTC blocks, thumbnails of a file that are looked at; each may be walked through for long."""

Order = Literal["little", "big"]
Size = tuple[int, int]
Word = Literal["taken", "make", "model", "owner", "serial", "caption", "author"]


class BrokenImageError(Exception):
    """The bytes do not hold together: cut off, or not what their beginning says. Never leaves bot.drafts."""


@dataclass(slots=True)
class Parts:
    """A file taken apart, not yet understood. `size` is width and height in pixels as stored.

    `exif` are TIFF blocks, `heeded` the one after which viewers turn the picture, `xmp` packets, `iptc` IIM records,
    `texts` keyword and text, `comments` texts without a keyword, `thumbnails` the sizes of small pictures (None: one
    whose size is unknown), `unreadable` as in `ImageFacts`.
    """

    size: Size = (0, 0)
    exif: list[bytes] = field(default_factory=list)
    heeded: bytes = b""
    xmp: list[bytes] = field(default_factory=list)
    iptc: list[bytes] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    thumbnails: list[Size | None] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)

    def add_thumbnail(self, size: Size | None) -> None:
        """A small picture stands in the file; of more than a handful the sizes are not kept."""
        if len(self.thumbnails) < MOST_BLOCKS:
            self.thumbnails.append(size if size and all(size) else None)

    def miss(self, what: str) -> None:
        """Something is there that was not looked at or not understood."""
        if what not in self.unreadable:
            self.unreadable.append(what)


@dataclass(slots=True)
class Clues:
    """What was understood so far; the first one found of each kind stays."""

    parts: Parts
    words: dict[Word, str] = field(default_factory=dict)
    location: tuple[float, float] | None = None

    def put(self, word: Word, text: str) -> None:
        """Keep the text as the one of its kind, unless it is empty or another one is there."""
        shown = tidy(text) if word not in self.words else ""
        if shown:
            self.words[word] = shown

    def place(self, latitude: float, longitude: float) -> None:
        """Keep the place; degrees, north and east positive. One that is not on Earth counts as not understood."""
        if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
            self.parts.miss("location")
        elif self.location is None:
            self.location = (latitude, longitude)


def tidy(text: str) -> str:
    """One line without control, invisible and direction-changing characters, at most `LONGEST` characters."""
    # What is cut off before the spaces are joined is far more than is shown: the time is bounded.
    kept = (" " if char.isspace() else char for char in text[: LONGEST * 20])
    seen = "".join(char for char in kept if unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co"))
    return " ".join(seen.split())[:LONGEST].strip()


def decoded(raw: bytes) -> str:
    """A text whose encoding the file does not say: UTF-8, else what Japanese cameras and programs wrote before it."""
    raw = raw[: LONGEST * 80]
    for encoding in ("utf-8", "cp932"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def number(data: bytes, at: int, size: int, order: Order = "big") -> int:
    """The unsigned number of `size` bytes at that place. Raises BrokenImageError where the data is too short."""
    return int.from_bytes(taken(data, at, size), order)


def taken(data: bytes, at: int, size: int) -> bytes:
    """Exactly `size` bytes from that place. Raises BrokenImageError where the data is too short."""
    if at < 0 or size < 0 or at + size > len(data):
        raise BrokenImageError
    return data[at : at + size]
