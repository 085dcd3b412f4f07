"""Whatever the bytes are, the answer is facts or a UsageError, and it comes soon."""

from __future__ import annotations

import struct
import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.drafts.images import read_image, stripped
from bot.errors import UsageError
from tests.unit.drafts.test_images_files import (
    XMP,
    box,
    exif,
    heic,
    picture,
    record,
    resource,
    saved,
    segment,
    with_segment,
)

MAGIC = (
    b"\xff\xd8\xff",
    b"\xff\xd8\xff\xe1\x01\x00Exif\0\0II*\0",
    b"\x89PNG\r\n\x1a\n",
    b"RIFF\xff\0\0\0WEBPVP8X",
    b"GIF89a",
    b"II*\0\x08\0\0\0",
    b"MM\0*\0\0\0\x08",
    b"\0\0\0\x18ftypheic",
)
WHOLE = {
    "jpeg": with_segment(
        saved("JPEG", exif=exif(turned=6, thumbnail=(24, 32)), xmp=XMP, comment=b"x"),
        0xED,
        resource(0x0404, record(120, "x")),
    ),
    "png": saved("PNG", exif=exif(turned=6)),
    "webp": saved("WEBP", exif=exif(turned=6), xmp=XMP),
    "gif": saved("GIF", comment=b"x"),
    "tiff": exif(size=(64, 48), thumbnail=(24, 32)),
    "heic": heic({b"Exif": bytes(4) + exif(), b"xmp ": XMP}),
}
MOST = 25 << 20


def tried(data: bytes) -> None:
    """Both functions, whose only error may be a UsageError; what was cleaned must be readable and clean."""
    for function in (read_image, stripped):
        try:
            result = function(data)
        except UsageError as error:
            assert error.code in ("E313", "E315"), error  # noqa: PT017  # not raising is as good
        else:
            if isinstance(result, bytes):
                seen = read_image(result)
                assert (seen.location, seen.taken, seen.serial, seen.caption) == (None, None, None, None)


@pytest.mark.parametrize("kind", WHOLE)
def test_a_file_cut_anywhere_is_facts_or_refused(kind: str) -> None:
    for end in range(len(WHOLE[kind])):
        tried(WHOLE[kind][:end])


@given(st.sampled_from(MAGIC), st.binary(max_size=400))
def test_noise_behind_a_valid_beginning_is_facts_or_refused(magic: bytes, noise: bytes) -> None:
    tried(magic + noise)


@given(
    st.sampled_from(sorted(WHOLE)),
    st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=9),
)
def test_a_file_with_changed_bytes_is_facts_or_refused(kind: str, changes: list[tuple[float, int]]) -> None:
    data = bytearray(WHOLE[kind])
    for place, value in changes:
        data[int(place * len(data))] = value
    tried(bytes(data))


@given(st.binary(max_size=300))
def test_an_exif_block_of_noise_is_facts_or_refused(noise: bytes) -> None:
    tried(with_segment(saved("JPEG"), 0xE1, b"Exif\0\0II*\0\x08\0\0\0" + noise))
    tried(b"II*\0\x08\0\0\0" + noise)


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "gif", "tiff", "heic"])
def test_every_byte_turned_over_is_facts_or_refused(kind: str) -> None:
    whole = WHOLE[kind]
    for at in range(len(whole)):
        tried(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])


def test_directories_that_lead_back_to_themselves_end() -> None:
    loop = struct.pack("<2sHIHHHIII", b"II", 42, 8, 1, 0x8769, 4, 1, 8, 8)
    assert read_image(saved("JPEG", exif=loop)).unreadable == ("exif",)


@pytest.mark.parametrize("kind", ["VP8 ", "ANMF"])
def test_a_webp_whose_pixels_are_of_no_known_kind_is_refused_rather_than_emptied(kind: str) -> None:
    frames = {"save_all": True, "append_images": [picture().rotate(90)]} if kind == "ANMF" else {}
    data = saved("WEBP", **frames).replace(b"VP8 ", b"VP9 ")
    with pytest.raises(UsageError):
        stripped(data)


def test_sizes_beyond_all_measure_are_facts_or_refused() -> None:
    png = saved("PNG")
    assert read_image(png[:16] + b"\x7f\xff\xff\xff" * 2 + png[24:]).size == (0x7FFFFFFF, 0x7FFFFFFF)
    tried(png[:33] + b"\xff\xff\xff\xfftEXt" + png[33:])
    tried(b"RIFF\xff\xff\xff\xffWEBPVP8 \xff\xff\xff\xff")
    tried(box(b"ftyp", b"heic" + bytes(4)) + b"\0\0\0\1meta" + b"\xff" * 8)


def bomb() -> bytes:
    """A PNG whose texts would unpack to gigabytes."""
    content = b"Comment\0\0" + zlib.compress(bytes(64 << 20), 9)
    chunk = struct.pack(">I", len(content)) + b"zTXt" + content + struct.pack(">I", zlib.crc32(b"zTXt" + content))
    png = saved("PNG")
    return png[:33] + chunk * 100 + png[33:]


def filled(head: bytes, piece: bytes, tail: bytes = b"") -> bytes:
    return head + piece * ((MOST - len(head) - len(tail)) // len(piece)) + tail


def segments(marker: int, payload: bytes) -> bytes:
    plain = saved("JPEG")
    return filled(plain[:2], segment(marker, payload), plain[2:])


def shared_packets() -> bytes:
    """A TIFF of many pages, each with the rest of the file as its XMP and IPTC."""
    pages, length = b"", MOST - 8 - 31 * 42
    for at in range(8, 8 + 31 * 42, 42):
        entries = [struct.pack("<HHII", tag, 7, length, 8 + 31 * 42) for tag in (700, 33723, 34377)]
        pages += struct.pack("<H", 3) + b"".join(entries) + struct.pack("<I", at + 42)
    return filled(b"II*\0\x08\0\0\0" + pages, b"x")


def shared_items() -> bytes:
    """A HEIC file with thousands of EXIF items, each of which is the whole file."""
    count, still = 10_000, bytes(4)
    infos = b"".join(box(b"infe", b"\2\0\0\0" + struct.pack(">HH", at, 0) + b"Exif\0") for at in range(count))
    places = b"".join(struct.pack(">HHHII", at, 0, 1, 0, 20 << 20) for at in range(count))
    size = box(b"iprp", box(b"ipco", box(b"ispe", still + struct.pack(">II", 64, 48))))
    listed = box(b"iinf", still + struct.pack(">H", count) + infos)
    placed = box(b"iloc", still + b"\x44\0" + struct.pack(">H", count) + places)
    return box(b"ftyp", b"heic" + still) + box(b"meta", still + size + listed + placed) + box(b"mdat", bytes(20 << 20))


HEAVY = {
    "texts that unpack to gigabytes": bomb,
    "millions of empty segments": lambda: segments(0xEB, b""),
    "millions of fill bytes": lambda: filled(b"\xff\xd8", b"\xff"),
    "hundreds of EXIF blocks": lambda: segments(0xE1, (b"Exif\0\0" + exif(thumbnail=(24, 32))).ljust(65_000, b"\xff")),
    "hundreds of full directories": lambda: segments(
        0xE1, b"Exif\0\0II*\0\x08\0\0\0\xd0\x07" + struct.pack("<HHII", 0x8769, 4, 1, 8) * 5_000
    ),
    "millions of Photoshop's resources": lambda: segments(0xED, b"Photoshop 3.0\0" + b"8BIM\4\4\0\0\0\0\0\0" * 5_000),
    "millions of IPTC records": lambda: segments(0xED, resource(0x0404, record(120, "") * 12_000)),
    "megabytes of one XMP name": lambda: segments(
        0xE1, b"http://ns.adobe.com/xmp/extension/\0" + bytes(40) + b" Make a" * 9_000
    ),
    "megabytes of XMP tags": lambda: segments(
        0xE1, b"http://ns.adobe.com/xmp/extension/\0" + bytes(40) + b"<dc:title><rdf:li>" * 3_600
    ),
    "thumbnails of thousands of segments": lambda: segments(0xE0, b"JFXX\0\x10\xff\xd8" + b"\xff\xe1\0\2" * 16_000),
    "millions of sub-blocks": lambda: filled(saved("GIF")[:-1] + b"\x21\xfe", b"\1a", b"\0;"),
    "millions of GIF extensions": lambda: filled(saved("GIF")[:-1], b"\x21\xfe\0", b";"),
    "millions of boxes": lambda: filled(box(b"ftyp", b"heic" + bytes(4)), box(b"free", b"")),
    "millions of RIFF chunks": lambda: filled(b"RIFF" + struct.pack("<I", MOST - 16) + b"WEBP", b"JUNK\0\0\0\0"),
    "a TIFF of directories": lambda: filled(b"II*\0\x08\0\0\0", struct.pack("<HHII", 0x8769, 4, 1, 8)),
    "thousands of small comments": lambda: segments(0xFE, b"\x01" * 500),
    "megabytes that are no text": lambda: segments(
        0xE1, b"http://ns.adobe.com/xmp/extension/\0" + bytes(40) + b"\xff" * 65_000
    ),
    "directories that share their megabytes": shared_packets,
    "items that share their megabytes": shared_items,
    "megabytes of control characters": lambda: segments(0xFE, b"\x01" * 65_000),
}


@pytest.mark.parametrize("name", HEAVY)
def test_a_file_made_to_keep_us_busy_does_not(name: str) -> None:
    data = HEAVY[name]()
    assert len(data) <= MOST
    begun = time.process_time()
    tried(data)
    assert time.process_time() - begun < 3
