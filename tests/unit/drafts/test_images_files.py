"""Picture files for the tests, made with Pillow and, where Pillow cannot, by hand."""

from __future__ import annotations

import io
import struct
from typing import Any

from PIL import Image, ImageCms, PngImagePlugin

SECRETS = ("北の街", "旭川太郎", "SER-4711", "Nikon", "Z 5", "2024:05:01", "市役所前の桜")
LATITUDE, LONGITUDE = (43.0, 46.0, 15.0), (142.0, 21.0, 54.0)


def picture(width: int = 64, height: int = 48, mode: str = "RGB") -> Image.Image:
    """Every pixel tells where it stands: turning or cropping it shows."""
    red = Image.linear_gradient("L").resize((width, height))
    image = Image.merge("RGB", (red, red.transpose(Image.Transpose.ROTATE_180), red.point(lambda value: value // 2)))
    return image.convert(mode)


def exif(
    *,
    turned: int = 1,
    thumbnail: tuple[int, int] | None = None,
    south: bool = False,
    size: tuple[int, int] | None = None,
) -> bytes:
    """An EXIF block with everything a camera may give away, without the mark before it; with `size` a TIFF file."""
    block = Image.Exif()
    block.endian = "<"
    if size:
        block[0x100], block[0x101] = size
    block[0x010E], block[0x013B] = "市役所前の桜".encode(), "旭川太郎".encode()
    block[0x010F], block[0x0110], block[0x0112] = "Nikon", "Nikon Z 5", turned
    inner, gps = block.get_ifd(0x8769), block.get_ifd(0x8825)
    inner[0x9003], inner[0xA430], inner[0xA431] = "2024:05:01 10:20:30", "北の街".encode(), "SER-4711"
    gps[1], gps[2], gps[3], gps[4] = "S" if south else "N", LATITUDE, "E", LONGITUDE
    data = block.tobytes().removeprefix(b"Exif\0\0")
    return with_thumbnail(data, *thumbnail) if thumbnail else data


def with_thumbnail(block: bytes, width: int, height: int) -> bytes:
    """The little-endian block with a second directory that holds a small JPEG."""
    small = io.BytesIO()
    picture(width, height).save(small, "JPEG")
    count = struct.unpack_from("<H", block, struct.unpack_from("<I", block, 4)[0])[0]
    link = struct.unpack_from("<I", block, 4)[0] + 2 + 12 * count
    at = len(block)
    entries = struct.pack("<HHII", 0x201, 4, 1, at + 30) + struct.pack("<HHII", 0x202, 4, 1, len(small.getvalue()))
    second = struct.pack("<H", 2) + entries + bytes(4)
    return block[:link] + struct.pack("<I", at) + block[link + 4 :] + second + small.getvalue()


def saved(kind: str, image: Image.Image | None = None, **options: Any) -> bytes:
    """The picture as a file of that kind."""
    if kind in ("JPEG", "MPO") and "exif" in options:
        options["exif"] = b"Exif\0\0" + options["exif"]
    out = io.BytesIO()
    (image or picture()).save(out, kind, **options)
    return out.getvalue()


def profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def texts() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Software", "a program")
    info.add_itxt("Description", "市役所前の桜")
    info.add_text("Author", "Taro", zip=True)
    info.add_text("Creation Time", "2024:05:01")
    return info


def segment(marker: int, payload: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(payload) + 2) + payload


def with_segment(jpeg: bytes, marker: int, payload: bytes) -> bytes:
    """The JPEG with one more segment right behind its beginning."""
    return jpeg[:2] + segment(marker, payload) + jpeg[2:]


def resource(kind: int, content: bytes) -> bytes:
    """An APP13 segment's payload with one of Photoshop's resources."""
    padded = content + b"\0" * (len(content) % 2)
    return b"Photoshop 3.0\x008BIM" + struct.pack(">HHI", kind, 0, len(content)) + padded


def record(dataset: int, text: str) -> bytes:
    raw = text.encode()
    return struct.pack(">BBBH", 0x1C, 2, dataset, len(raw)) + raw


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + kind + content


def heic(items: dict[bytes, bytes], *, brand: bytes = b"heic", method: int = 0, far: int = 0) -> bytes:
    """An iPhone-like file of 4032 × 3024 with a tile of 512 × 512; `far` moves the items' places away."""

    def full(kind: bytes, content: bytes, version: int = 0) -> bytes:
        return box(kind, bytes([version, 0, 0, 0]) + content)

    def assembled(start: int) -> bytes:
        infos, places, at = b"", b"", start
        for number, (name, content) in enumerate(items.items(), 1):
            kind, typed = (b"mime", b"\0application/rdf+xml\0") if name == b"xmp " else (name, b"\0")
            infos += full(b"infe", struct.pack(">HH", number, 0) + kind + typed, 2)
            places += struct.pack(">HHHHII", number, method, 0, 1, at + far, len(content))
            at += len(content)
        sizes = full(b"ispe", struct.pack(">II", 512, 512)) + full(b"ispe", struct.pack(">II", 4032, 3024))
        count = struct.pack(">H", len(items))
        return full(
            b"meta",
            full(b"iinf", count + infos)
            + full(b"iref", box(b"thmb", bytes(6)))
            + box(b"iprp", box(b"ipco", sizes))
            + full(b"iloc", b"\x44\x00" + count + places, 1),
        )

    head = box(b"ftyp", brand + bytes(4) + b"mif1heic")
    start = len(head) + len(assembled(0)) + 8
    return head + assembled(start) + box(b"mdat", b"".join(items.values()))


XMP = """<?xpacket begin='' id='W5M0MpCehiHzreSzNTczkc9d'?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>
<rdf:Description exif:GPSLatitude="43,46.25N" exif:GPSLongitude='142,21,54E' tiff:Make="Apple" tiff:Model="iPhone 15"
 aux:SerialNumber="F00" xmp:CreateDate="2024-05-01T10:20:30+09:00">
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">桜 &amp; 雪</rdf:li></rdf:Alt></dc:description>
<dc:creator><rdf:Seq><rdf:li>旭川太郎</rdf:li></rdf:Seq></dc:creator>
</rdf:Description></rdf:RDF></x:xmpmeta>""".encode()


def test_the_files_of_these_tests_show_another_program_what_they_are_to_give_away() -> None:
    for kind in ("JPEG", "PNG", "WEBP"):
        with Image.open(io.BytesIO(saved(kind, exif=exif(turned=6)))) as image:
            found = image.getexif()
            assert (found[0x0110], found[0x0112]) == ("Nikon Z 5", 6), kind
            assert found.get_ifd(0x8825)[2] == LATITUDE, kind
            assert found.get_ifd(0x8769)[0xA431] == "SER-4711", kind
