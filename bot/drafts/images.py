"""Pictures that go with a draft: what they give away unseen, and the same picture without it.

Everything is read from the files' own tables of contents, within this process and without any library: pixels are
never decoded, so a picture made to break a decoder breaks nothing here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bot.drafts.image_exif import orientation, orientation_block, read_exif, read_tiff
from bot.drafts.image_gif import gif_cleaned, gif_parts
from bot.drafts.image_heif import BRANDS, heif_parts
from bot.drafts.image_iptc import read_iptc
from bot.drafts.image_jpeg import jpeg_cleaned, jpeg_parts
from bot.drafts.image_parts import MOST_BLOCKS, MOST_TEXTS, BrokenImageError, Clues, Parts, Size
from bot.drafts.image_png import png_cleaned, png_parts
from bot.drafts.image_webp import webp_cleaned, webp_parts
from bot.drafts.image_xmp import read_xmp
from bot.errors import UsageError

Format = Literal["jpeg", "png", "webp", "gif", "tiff", "heic"]

LARGEST = 25 << 20
"""Bytes of a picture that is looked at: 25 MiB."""
_CROPPED = 0.05
"""By how much the proportions of picture and thumbnail may differ: rounding of a small size stays below."""

_READERS: dict[Format, Callable[[bytes], Parts]] = {
    "jpeg": jpeg_parts,
    "png": png_parts,
    "webp": webp_parts,
    "gif": gif_parts,
    "heic": heif_parts,
}
_CLEANERS: dict[Format, Callable[[bytes, bytes], bytes]] = {
    "jpeg": jpeg_cleaned,
    "png": png_cleaned,
    "webp": webp_cleaned,
    "gif": gif_cleaned,
}
_MAGIC: tuple[tuple[bytes, Format], ...] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
)
_CAPTION_KEYWORDS = ("description", "title", "comment", "caption", "subject")
_DULL_KEYWORDS = ("software", "date:", "creation time", "png:", "exif:", "icc:", "xmp:", "signature", "thumb::")
"""Keywords of a PNG's texts that name no caption: dates, programs, what ImageMagick copies."""


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """What a picture file gives away. Texts are one line of at most 200 characters, as the file has them.

    `format`: what the bytes are, whatever the file is called. `location`: latitude and longitude in degrees, north and
    east positive. `taken`: when it was taken, else digitised, else last changed. `device`: maker and model. `serial`:
    the camera's owner and serial numbers. `thumbnail`: a small picture stands in the file, perhaps of what was cropped
    away or covered later; `thumbnail_differs`: its proportions are not the picture's (more than 5 % off), None without
    one or where its size is unknown. Many cameras add black bars to it, so True is a hint; False is no proof either.
    `caption`: the first description, title or comment. `author`: who made it, else whose rights it names.
    `size`: width and height in pixels as stored, before any turning.

    `unreadable` names what is there and was not understood, so that no field above may be taken as "there is none":
    "exif", "xmp", "iptc", "text" (such a block is damaged, too long or of an unknown kind), "location" (a place that is
    no pair of coordinates, such as a town's name), "maker_note" (the camera maker's own block; often has serial
    numbers), "segments" (parts of a kind not known here), "trailer" (data that is not part of the picture: second
    pictures, films, leftovers of an editor).
    """

    format: Format
    size: Size
    location: tuple[float, float] | None = None
    taken: str | None = None
    device: str | None = None
    serial: str | None = None
    thumbnail: bool = False
    thumbnail_differs: bool | None = None
    caption: str | None = None
    author: str | None = None
    unreadable: tuple[str, ...] = ()


def read_image(data: bytes) -> ImageFacts:
    """What the file gives away. Raises UsageError: E313 for what is no picture or a broken one, E314 above 25 MiB."""
    kind = _format(data)
    clues = _opened(data, kind)
    _understand(clues)
    words, parts = clues.words, clues.parts
    return ImageFacts(
        format=kind,
        size=parts.size,
        location=clues.location,
        taken=words.get("taken"),
        device=_device(words.get("make"), words.get("model")),
        serial=" / ".join(words[one] for one in ("owner", "serial") if one in words) or None,
        thumbnail=bool(parts.thumbnails),
        thumbnail_differs=_differs(parts),
        caption=words.get("caption"),
        author=words.get("author"),
        unreadable=tuple(parts.unreadable),
    )


def stripped(data: bytes) -> bytes:
    """The same picture, pixels byte for byte, without anything that is not needed to show it.

    Kept are the colour profile and which way up it is shown (EXIF Orientation, where not 1). Cleaning twice changes
    nothing more. Raises UsageError: E313 and E314 as `read_image`, E315 for TIFF and HEIC, which cannot be cleaned.
    """
    kind = _format(data)
    if kind not in _CLEANERS:
        raise UsageError(
            "E315",
            f"{kind.upper()}の画像からは情報を取り除けません。JPEGで書き出すか、画面の写し(スクリーンショット)を撮ってお使いください。",
            f"a {kind.upper()} picture cannot be cleaned; export it as JPEG or take a screenshot.",
        )
    turned = orientation(_opened(data, kind).parts.heeded)
    try:
        return _CLEANERS[kind](data, orientation_block(turned) if turned != 1 else b"")
    except BrokenImageError:
        raise _broken() from None


def _opened(data: bytes, kind: Format) -> Clues:
    """The file taken apart, its blocks not yet read. Raises UsageError E313."""
    clues = Clues(Parts())
    try:
        if kind == "tiff":
            read_tiff(data, clues)
        else:
            clues.parts = _READERS[kind](data)
    except BrokenImageError:
        raise _broken() from None
    if not all(clues.parts.size):
        raise _broken()
    return clues


def _format(data: bytes) -> Format:
    if len(data) > LARGEST:
        raise UsageError(
            "E314",
            f"画像が大きすぎます({len(data) / (1 << 20):.1f} MiB)。25 MiBまでの画像をお使いください。",
            f"the picture is too large ({len(data) / (1 << 20):.1f} MiB); the limit is 25 MiB.",
        )
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp" and data[8:12] in BRANDS:
        return "heic"
    raise _broken()


def _broken() -> UsageError:
    return UsageError(
        "E313",
        "画像として読めません。JPEG・PNG・WebP・GIF・TIFF・HEICの、壊れていないファイルをお使いください。",
        "this cannot be read as a picture; use an undamaged JPEG, PNG, WebP, GIF, TIFF or HEIC file.",
    )


def _understand(clues: Clues) -> None:
    """Every block in turn; EXIF has the first say, then IPTC, XMP, texts, comments."""
    parts = clues.parts
    for block in parts.exif[:MOST_BLOCKS]:
        read_exif(block, clues)
    for name, blocks, read in (("iptc", parts.iptc, read_iptc), ("xmp", parts.xmp, read_xmp)):
        for block in blocks[:MOST_BLOCKS]:
            read(block, clues)
        if len(blocks) > MOST_BLOCKS:
            parts.miss(name)
    if len(parts.exif) > MOST_BLOCKS:
        parts.miss("exif")
    if max(len(parts.texts), len(parts.comments)) > MOST_TEXTS:
        parts.miss("text")
    _read_texts(parts.texts[:MOST_TEXTS], clues)
    for comment in parts.comments[:MOST_TEXTS]:
        clues.put("caption", comment)


def _read_texts(texts: list[tuple[str, str]], clues: Clues) -> None:
    """The texts of a PNG: well-known keywords first, then any that is not known to be dull."""
    for keyword, text in texts:
        word = keyword.lower()
        if word in _CAPTION_KEYWORDS:
            clues.put("caption", text)
        elif word in ("author", "artist", "copyright"):
            clues.put("author", text)
        elif word == "creation time":
            clues.put("taken", text)
        elif word == "source":
            clues.put("model", text)
    for keyword, text in texts:
        if not keyword.lower().startswith((*_DULL_KEYWORDS, "author", "artist", "copyright", "source")):
            clues.put("caption", text)


def _device(make: str | None, model: str | None) -> str | None:
    """Maker and model; the maker once, where the model begins with it."""
    if make and model and not model.lower().startswith(make.lower()):
        return f"{make} {model}"
    return model or make


def _differs(parts: Parts) -> bool | None:
    """Whether the proportions of any thumbnail are not the picture's; None where no size of one is known."""
    width, height = parts.size
    known = [wide * height / (high * width) for wide, high in filter(None, parts.thumbnails)]
    return any(max(ratio, 1 / ratio) - 1 > _CROPPED for ratio in known) if known else None
