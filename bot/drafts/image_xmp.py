"""XMP packets, searched rather than parsed: what a stranger's XML could make a parser do is not worth it.

Sources: XMP part 1 (ISO 16684-1) 7 and 8; Exif 2.32 metadata for XMP (CIPA DC-010) annex A; Photoshop and IPTC
name spaces as in IPTC Photo Metadata 2023. The names are searched with their usual prefixes or without one.
"""

from __future__ import annotations

import html
import re
from typing import Final

from bot.drafts.image_parts import Clues, Word

_WORDS: Final[tuple[tuple[str, Word], ...]] = (
    ("DateTimeOriginal", "taken"),
    ("DateTimeDigitized", "taken"),
    ("DateCreated", "taken"),
    ("CreateDate", "taken"),
    ("Make", "make"),
    ("Model", "model"),
    ("CameraOwnerName", "owner"),
    ("OwnerName", "owner"),
    ("BodySerialNumber", "serial"),
    ("SerialNumber", "serial"),
    ("LensSerialNumber", "serial"),
    ("dc:description", "caption"),
    ("ImageDescription", "caption"),
    ("UserComment", "caption"),
    ("dc:title", "caption"),
    ("Headline", "caption"),
    ("dc:creator", "author"),
    ("Artist", "author"),
    ("Credit", "author"),
    ("dc:rights", "author"),
)
_PLACE = re.compile(
    r"(?<=[:<\s])(?:GPSLatitude|GPSLongitude|photoshop:City|Iptc4xmpCore:Location|Location(?:Created|Shown))\b"
)
_PICTURE = re.compile(r"xmpGImg:image\b|GImage:Data\b")
"""A thumbnail, and the picture a phone keeps from before it blurred the background."""
_DEGREES = re.compile(
    r"(\d{1,3}),(\d{1,2}(?:\.\d{1,15})?)(?:,(\d{1,2}(?:\.\d{1,15})?))?([NSEW])|([+-]?\d{1,3}(?:\.\d{1,15})?)"
)
_MOST_PLACES = 100
_TAG = r"\s{0,99}<[\w.-]{1,20}:(?:Alt|Bag|Seq|li)\b(?:[^<>]{0,99}[^<>/])?>"


def _pattern(name: str) -> re.Pattern[str]:
    """The name as an attribute or as an element, its text perhaps the first of a list. Every repetition is bounded."""
    attribute = r"""\s{0,99}=\s{0,99}(?:"([^"<]{0,4000})|'([^'<]{0,4000}))"""
    element = rf"(?:\s[^<>]{{0,999}}[^<>/])?>(?:{_TAG}){{0,3}}([^<]{{0,4000}})"
    return re.compile(rf"(?<=[{':' if ':' not in name else ''}<\s]){re.escape(name)}(?:{attribute}|{element})")


def read_xmp(packet: bytes, clues: Clues) -> None:
    """Add what a packet says; one in an encoding other than UTF-8 and UTF-16 is named as unreadable."""
    text = packet.decode("utf-16" if packet[:2] in (b"\xfe\xff", b"\xff\xfe") else "utf-8", "replace")
    if "\0" in text.rstrip("\0"):
        clues.parts.miss("xmp")
    for name, word in _WORDS:
        clues.put(word, _said(text, name))
    _read_place(text, clues)
    if _PICTURE.search(text):
        size = [_said(text, f"xmpGImg:{side}") for side in ("width", "height")]
        whole = all(one.isdecimal() and len(one) < 7 for one in size)
        clues.parts.add_thumbnail((int(size[0]), int(size[1])) if whole else None)


def _said(text: str, name: str) -> str:
    """The first text of that name; after many places where the name only stands, the search ends."""
    pattern, at = _pattern(name), -1
    for _ in range(_MOST_PLACES):
        at = text.find(name, at + 1)
        if at < 0:
            break
        match = pattern.match(text, at)
        said = next((group for group in match.groups() if group), "") if match else ""
        if said.strip():
            return html.unescape(said).strip()
    return ""


def _read_place(text: str, clues: Clues) -> None:
    latitude, longitude = (_degrees(_said(text, name)) for name in ("GPSLatitude", "GPSLongitude"))
    if latitude is not None and longitude is not None:
        clues.place(latitude, longitude)
    elif _PLACE.search(text):
        clues.parts.miss("location")


def _degrees(said: str) -> float | None:
    match = _DEGREES.fullmatch(said)
    if match is None:
        return None
    whole, minutes, seconds, side, plain = match.groups()
    if plain is not None:
        return float(plain)
    value = int(whole) + float(minutes) / 60 + float(seconds or 0) / 3600
    return -value if side in "SW" else value
