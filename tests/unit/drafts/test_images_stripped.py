"""A cleaned picture looks the same to the pixel and gives nothing away."""

from __future__ import annotations

import io
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from bot.drafts.images import ImageFacts, read_image, stripped
from bot.errors import UsageError
from tests.unit.drafts.test_images_files import (
    SECRETS,
    XMP,
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

KINDS = ("JPEG", "PNG", "WEBP", "GIF")


def frames(data: bytes) -> list[bytes]:
    with Image.open(io.BytesIO(data)) as image:
        shown = []
        for at in range(getattr(image, "n_frames", 1) if image.format != "MPO" else 1):
            image.seek(at)
            shown.append(image.convert("RGBA").tobytes())
        return shown


def upright(data: bytes) -> bytes:
    with Image.open(io.BytesIO(data)) as image:
        return ImageOps.exif_transpose(image).tobytes()


def telling(kind: str, *, turned: int = 1, **options: Any) -> bytes:
    """A file of that kind with all it can give away."""
    own: dict[str, Any] = {
        "JPEG": {"xmp": XMP, "comment": "市役所前の桜".encode(), "icc_profile": profile(), "progressive": turned % 2},
        "PNG": {"pnginfo": texts(), "icc_profile": profile()},
        "WEBP": {"xmp": XMP, "icc_profile": profile()},
        "GIF": {"comment": "市役所前の桜".encode()},
    }[kind]
    block = {} if kind == "GIF" else {"exif": exif(turned=turned, thumbnail=(24, 32))}
    data = saved(kind, **own, **block, **options)
    if kind == "JPEG":
        data = with_segment(data, 0xED, resource(0x0404, record(120, "市役所前の桜")))
        data = with_segment(data, 0xEB, b"SER-4711")
    return data + saved("JPEG", exif=exif())


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_left_but_the_picture(kind: str) -> None:
    clean = stripped(telling(kind))
    assert read_image(clean) == ImageFacts(format=kind.lower(), size=(64, 48))  # type: ignore[arg-type]
    assert [secret for secret in SECRETS if secret.encode() in clean] == []
    assert frames(clean) == frames(telling(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_with_nothing_to_hide_stays_byte_for_byte(kind: str) -> None:
    assert stripped(saved(kind)) == saved(kind)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_colour_profile_stays(kind: str) -> None:
    with Image.open(io.BytesIO(stripped(telling(kind)))) as image:
        assert image.info["icc_profile"] == profile()


@pytest.mark.parametrize("turned", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_turned_picture_is_shown_upright_afterwards(kind: str, turned: int) -> None:
    clean = stripped(telling(kind, turned=turned))
    assert upright(clean) == upright(telling(kind, turned=turned))
    assert read_image(clean) == ImageFacts(format=kind.lower(), size=(64, 48))  # type: ignore[arg-type]
    with Image.open(io.BytesIO(clean)) as image:
        assert dict(image.getexif()) == ({0x0112: turned} if turned != 1 else {})


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_a_moving_picture_still_moves(kind: str) -> None:
    more = [picture().rotate(90 * turn) for turn in (1, 2)]
    moving = telling(kind, save_all=True, append_images=more, duration=100, loop=0)
    clean = stripped(moving)
    assert len(frames(clean)) == 3
    assert frames(clean) == frames(moving)
    with Image.open(io.BytesIO(clean)) as image:
        assert image.info["loop"] == 0


@pytest.mark.parametrize(
    ("mode", "kind"), [("L", "JPEG"), ("CMYK", "JPEG"), ("P", "PNG"), ("RGBA", "PNG"), ("P", "GIF")]
)
def test_other_ways_of_colouring_survive(mode: str, kind: str) -> None:
    data = saved(kind, picture(mode=mode))
    assert frames(stripped(data + b"more")) == frames(data)


def test_the_second_picture_of_a_two_picture_file_is_gone() -> None:
    pair = saved("MPO", save_all=True, append_images=[picture(32, 32)])
    clean = stripped(pair)
    assert b"MPF\0" in pair
    assert b"MPF\0" not in clean
    assert clean.count(b"\xff\xd8") == 1
    assert frames(clean) == frames(pair)


def test_a_thumbnail_in_the_jfif_head_is_gone_and_the_head_stays() -> None:
    plain = saved("JPEG")
    head = b"JFIF\0\1\1\0\0\1\0\1\2\2" + b"\x77" * 12
    data = plain[:2] + b"\xff\xe0" + struct.pack(">H", len(head) + 2) + head + plain[20:]
    assert read_image(data).thumbnail
    assert stripped(data) == plain


def test_what_stands_between_the_scans_of_a_progressive_jpeg_is_gone() -> None:
    data = saved("JPEG", progressive=True)
    second = data.index(b"\xff\xda", data.index(b"\xff\xda") + 2)
    hidden = data[:second] + b"\xff\xfe\x00\x08secret" + data[second:]
    assert read_image(hidden).caption == "secret"
    assert stripped(hidden) == data


def test_marks_for_restarting_stay_within_the_pixels() -> None:
    data = saved("JPEG", restart_marker_rows=1)
    assert b"\xff\xd0" in data
    assert stripped(data) == data


def test_a_jpeg_without_an_end_gets_one() -> None:
    assert stripped(saved("JPEG")[:-2]) == saved("JPEG")


@pytest.mark.parametrize("data", [saved("TIFF"), heic({b"hvc1": b"x"})])
def test_what_cannot_be_cleaned_is_refused_with_what_to_do(data: bytes) -> None:
    with pytest.raises(UsageError, match="スクリーンショット") as caught:
        stripped(data)
    assert (caught.value.code, "export it as JPEG" in caught.value.english) == ("E315", True)


@given(
    kind=st.sampled_from(KINDS),
    size=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    turned=st.integers(1, 8),
    tail=st.binary(max_size=40),
)
def test_no_cleaned_picture_gives_anything_away(kind: str, size: tuple[int, int], turned: int, tail: bytes) -> None:
    data = telling(kind, turned=turned, image=picture(*size)) + tail
    clean = stripped(data)
    assert read_image(clean) == ImageFacts(format=kind.lower(), size=size)  # type: ignore[arg-type]
    assert frames(clean) == frames(data)
    assert stripped(clean) == clean
