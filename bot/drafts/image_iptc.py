"""IPTC captions and the Photoshop resources they are kept in.

Sources: IPTC-NAA Information Interchange Model 4.2, chapters 3 and 6; Adobe Photoshop File Formats,
"Image Resource Blocks".
"""

from __future__ import annotations

from bot.drafts.image_parts import MOST_PIECES, BrokenImageError, Clues, Parts, Word, decoded, number, taken

_IPTC_RESOURCE, _THUMB_RESOURCES = 0x0404, (0x0409, 0x040C)
_WORDS: dict[int, Word] = {
    120: "caption",
    105: "caption",  # headline
    5: "caption",  # object name: a title
    80: "author",
    110: "author",  # credit
    116: "author",  # copyright notice
    55: "taken",
}
_PLACES = (90, 92, 95, 26, 27)
"""City, place within it, prefecture, code and name of what is shown: a place in words."""


def read_resources(data: bytes, parts: Parts) -> None:
    """Take Photoshop's resources apart: mark, number, a name, size and content, each of even length."""
    at = 0
    try:
        for _ in range(MOST_PIECES):
            if data[at : at + 4] != b"8BIM":
                break
            kind, name = number(data, at + 4, 2), number(data, at + 6, 1)
            at += 6 + (name + 2) // 2 * 2
            size = number(data, at, 4)
            content = taken(data, at + 4, size)
            at += 4 + (size + 1) // 2 * 2
            if kind == _IPTC_RESOURCE:
                parts.iptc.append(content)
            elif kind in _THUMB_RESOURCES:
                parts.add_thumbnail((number(content, 4, 4), number(content, 8, 4)))
    except BrokenImageError:
        parts.miss("iptc")
        return
    if data[at:].strip(b"\0"):
        parts.miss("iptc")


def read_iptc(data: bytes, clues: Clues) -> None:
    """Add what the records say; records that cannot be followed to their end are named as unreadable."""
    found: dict[int, bytes] = {}
    at = 0
    try:
        for _ in range(MOST_PIECES):
            if data[at : at + 1] != b"\x1c":
                break
            record, dataset, size = number(data, at + 1, 1), number(data, at + 2, 1), number(data, at + 3, 2)
            content = taken(data, at + 5, size)  # an extended size (above 32767) is none of a caption's: it breaks off
            at += 5 + size
            if record == 2:
                found.setdefault(dataset, content)
    except BrokenImageError:
        clues.parts.miss("iptc")
    if data[at:].strip(b"\0"):
        clues.parts.miss("iptc")
    for dataset, word in _WORDS.items():
        clues.put(word, decoded(found.get(dataset, b"")))
    if any(found.get(dataset, b"").strip() for dataset in _PLACES):
        clues.parts.miss("location")
