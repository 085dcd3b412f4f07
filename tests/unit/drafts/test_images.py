"""What a picture gives away is found, wherever in the file it stands."""

from __future__ import annotations

import binascii
import struct
import zlib

import pytest

from bot.drafts.images import ImageFacts, read_image
from bot.errors import UsageError
from tests.unit.drafts.test_images_files import (
    XMP,
    box,
    exif,
    heic,
    picture,
    profile,
    record,
    resource,
    saved,
    texts,
    with_segment,
)

HERE = (43.770833, 142.365)


def near(facts: ImageFacts) -> tuple[float, float]:
    assert facts.location is not None, "no location found"
    return round(facts.location[0], 6), round(facts.location[1], 6)


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def with_chunk(png: bytes, kind: bytes, content: bytes) -> bytes:
    return png[:33] + chunk(kind, content) + png[33:]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_an_exif_block_tells_the_place_the_day_the_camera_and_the_people(kind: str) -> None:
    facts = read_image(exif(size=(64, 48)) if kind == "TIFF" else saved(kind, exif=exif()))
    assert near(facts) == HERE
    assert facts.taken == "2024:05:01 10:20:30"
    assert facts.device == "Nikon Z 5"
    assert facts.serial == "北の街 / SER-4711"
    assert (facts.caption, facts.author) == ("市役所前の桜", "旭川太郎")
    assert (facts.format, facts.size, facts.unreadable) == (kind.lower(), (64, 48), ())


@pytest.mark.parametrize("head", [bytes(4), b"\0\0\0\6Exif\0\0"])
def test_the_same_block_in_a_heic_file_tells_the_same(head: bytes) -> None:
    facts = read_image(heic({b"hvc1": b"pixels", b"Exif": head + exif()}))
    assert near(facts) == HERE
    assert (facts.device, facts.caption, facts.format) == ("Nikon Z 5", "市役所前の桜", "heic")
    assert (facts.size, facts.thumbnail, facts.unreadable) == ((4032, 3024), True, ())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "TIFF"])
def test_a_picture_without_any_of_it_has_nothing_to_tell(kind: str) -> None:
    assert read_image(saved(kind)) == ImageFacts(format=kind.lower(), size=(64, 48))  # type: ignore[arg-type]


@pytest.mark.parametrize(("mode", "lossless"), [("RGB", False), ("RGB", True), ("RGBA", False)])
def test_the_size_of_a_webp_is_read_from_each_of_its_kinds(mode: str, *, lossless: bool) -> None:
    assert read_image(saved("WEBP", picture(301, 77, mode), lossless=lossless)).size == (301, 77)


def test_south_is_negative() -> None:
    assert near(read_image(saved("JPEG", exif=exif(south=True)))) == (-HERE[0], HERE[1])


def test_a_place_of_zeros_over_zeros_is_none() -> None:
    block = exif().replace(struct.pack("<6I", 43, 1, 46, 1, 15, 1), bytes(24))
    facts = read_image(saved("JPEG", exif=block.replace(struct.pack("<6I", 142, 1, 21, 1, 54, 1), bytes(24))))
    assert (facts.location, facts.unreadable) == (None, ())


def test_a_place_that_is_not_on_earth_is_not_passed_over_in_silence() -> None:
    block = exif().replace(struct.pack("<6I", 43, 1, 46, 1, 15, 1), struct.pack("<6I", 430, 1, 46, 1, 15, 1))
    facts = read_image(saved("JPEG", exif=block))
    assert (facts.location, facts.unreadable) == (None, ("location",))


@pytest.mark.parametrize("data", [saved("JPEG", xmp=XMP), saved("WEBP", xmp=XMP), heic({b"xmp ": XMP})])
def test_an_xmp_packet_tells_it_too(data: bytes) -> None:
    facts = read_image(data)
    assert near(facts) == HERE
    assert (facts.taken, facts.device, facts.serial) == ("2024-05-01T10:20:30+09:00", "Apple iPhone 15", "F00")
    assert (facts.caption, facts.author) == ("桜 & 雪", "旭川太郎")


def test_xmp_is_found_in_a_png_a_tiff_and_a_gif() -> None:
    in_png = with_chunk(saved("PNG"), b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP)
    in_gif = saved("GIF")[:-1] + b"\x21\xff\x0bXMP DataXMP" + XMP + bytes([1, *range(255, -1, -1), 0]) + b";"
    for data in (in_png, saved("TIFF", tiffinfo={700: XMP}), in_gif):
        assert (near(read_image(data)), read_image(data).author) == (HERE, "旭川太郎")


def test_the_part_of_xmp_that_did_not_fit_is_read() -> None:
    head = b"http://ns.adobe.com/xmp/extension/\0" + b"0" * 32 + bytes(8)
    data = with_segment(with_segment(saved("JPEG"), 0xE1, head + XMP[200:]), 0xE1, head + XMP[:200])
    assert near(read_image(data)) == HERE


def test_an_iptc_caption_and_a_place_in_words_are_seen() -> None:
    records = record(120, "桜まつり") + record(80, "広報課") + record(55, "20240501") + record(90, "旭川市")
    facts = read_image(with_segment(saved("JPEG"), 0xED, resource(0x0404, records)))
    assert (facts.caption, facts.author, facts.taken) == ("桜まつり", "広報課", "20240501")
    assert facts.unreadable == ("location",)


def test_the_texts_of_a_png_are_read_packed_or_not() -> None:
    facts = read_image(saved("PNG", pnginfo=texts()))
    assert (facts.caption, facts.author, facts.taken) == ("市役所前の桜", "Taro", "2024:05:01")


def test_a_text_of_a_png_under_an_unknown_name_is_a_caption() -> None:
    assert read_image(with_chunk(saved("PNG"), b"tEXt", b"parameters\0a city hall")).caption == "a city hall"


def test_the_profiles_that_imagemagick_writes_into_texts_are_read() -> None:
    digits = binascii.hexlify(b"Exif\0\0" + exif())
    text = b"Raw profile type exif\0\0" + zlib.compress(b"\nexif\n%8d\n" % (len(digits) // 2) + digits + b"\n")
    assert near(read_image(with_chunk(saved("PNG"), b"zTXt", text))) == HERE


def test_comments_are_captions() -> None:
    assert read_image(saved("JPEG", comment="内緒".encode())).caption == "内緒"
    assert read_image(saved("GIF", comment="内緒".encode())).caption == "内緒"


@pytest.mark.parametrize(
    ("tag", "raw"),
    [
        (0x9286, b"UNICODE\0" + "桜".encode("utf-16-le")),
        (0x9286, b"JIS\0\0\0\0\0" + "桜".encode("iso2022_jp")),
        (0x9286, bytes(8) + "桜".encode("cp932")),
        (0x9C9B, "桜".encode("utf-16-le") + bytes(6)),
        (0x010E, "\u202e桜\u200b\n\x07".encode()),
    ],
)
def test_a_caption_is_read_in_every_encoding_that_is_about(tag: int, raw: bytes) -> None:
    where = 26 if tag == 0x9286 else 8
    link = struct.pack("<HHHIII", 1, 0x8769, 4, 1, 26, 0) if tag == 0x9286 else b""
    at = where + 18
    entry = struct.pack("<HHHII", 1, tag, 7, len(raw), at) + bytes(4)
    assert read_image(saved("JPEG", exif=b"II*\0\x08\0\0\0" + link + entry + raw)).caption == "桜"


def test_a_long_caption_is_cut() -> None:
    assert read_image(saved("JPEG", comment=b"a " * 9_000)).caption == ("a " * 100).strip()


@pytest.mark.parametrize(
    ("size", "differs"), [((32, 24), False), ((33, 24), False), ((24, 32), True), ((32, 18), True)]
)
def test_a_thumbnail_of_other_proportions_is_told_from_one_of_the_pictures(
    size: tuple[int, int], *, differs: bool
) -> None:
    facts = read_image(saved("JPEG", exif=exif(thumbnail=size)))
    assert (facts.thumbnail, facts.thumbnail_differs, facts.unreadable) == (True, differs, ())


def test_thumbnails_of_photoshop_and_jfif_are_seen() -> None:
    small = resource(0x040C, struct.pack(">III", 1, 24, 32) + bytes(16))
    assert read_image(with_segment(saved("JPEG"), 0xED, small)).thumbnail_differs is True
    head = b"JFIF\0\1\1\0\0\1\0\1\4\3" + bytes(36)
    assert read_image(with_segment(saved("JPEG"), 0xE0, head)).thumbnail_differs is False
    assert read_image(with_segment(saved("JPEG"), 0xE0, b"JFXX\0\x10" + saved("JPEG"))).thumbnail is True


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_data_behind_the_end_is_named(kind: str) -> None:
    assert read_image(saved(kind) + saved("JPEG", exif=exif())).unreadable == ("trailer",)
    assert read_image(saved(kind) + bytes(100)).unreadable == (), f"{kind}: zeros hide nothing"


def test_parts_of_an_unknown_kind_are_named() -> None:
    webp = saved("WEBP") + b"JUNK\2\0\0\0ab"
    webp = webp[:4] + struct.pack("<I", len(webp) - 8) + webp[8:]
    unknown = (with_segment(saved("JPEG"), 0xEB, b"JP"), with_chunk(saved("PNG"), b"caBX", b"x"), webp)
    assert [read_image(data).unreadable for data in unknown] == [("segments",)] * 3


def test_a_makers_own_block_is_named() -> None:
    block = struct.pack("<2sHIHHHIIIHHHIII", b"II", 42, 8, 1, 0x8769, 4, 1, 26, 0, 1, 0x927C, 7, 4, 0, 0)
    assert read_image(saved("PNG", exif=block)).unreadable == ("maker_note",)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_damaged_exif_block_is_named_and_what_it_still_says_is_kept(kind: str) -> None:
    facts = read_image(saved(kind, exif=exif()[:-20]))
    assert "exif" in facts.unreadable
    assert facts.device == "Nikon Z 5"


def test_what_a_heic_file_keeps_out_of_reach_is_named() -> None:
    items = {b"Exif": bytes(4) + exif(), b"xmp ": XMP}
    for data in (heic(items, method=2), heic(items, far=1 << 20)):
        facts = read_image(data)
        assert (facts.location, facts.unreadable) == (None, ("exif", "xmp"))
    assert read_image(heic({b"uri ": b"x"}) + box(b"mpvd", b"film")).unreadable == ("trailer", "segments")


@pytest.mark.parametrize("data", [b"", b"text", b"%PDF-1.7", b"<svg/>", b"BM" + bytes(60), heic({}, brand=b"avif")])
def test_what_is_no_picture_that_can_be_read_is_refused(data: bytes) -> None:
    with pytest.raises(UsageError) as caught:
        read_image(data)
    assert caught.value.code == "E313"


def test_twenty_five_mebibytes_are_the_limit() -> None:
    data = saved("JPEG")
    assert read_image(data + bytes((25 << 20) - len(data))).size == (64, 48)
    with pytest.raises(UsageError) as caught:
        read_image(data + bytes((25 << 20) - len(data) + 1))
    assert caught.value.code == "E314"


def test_a_colour_profile_is_nothing_to_report() -> None:
    assert read_image(saved("JPEG", icc_profile=profile())).unreadable == ()
