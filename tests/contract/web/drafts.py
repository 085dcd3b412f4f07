"""Drafts and pictures for the page, and a service that finds known words, whatever the rules of the day are."""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import replace

from bot.drafts.checker import Passed
from bot.drafts.pictures import Pictures
from bot.model import Ask, CheckDraft, CheckReport, Finding, Severity, verdict
from bot.service import Service
from tests.contract.web.serving import Reply, Site, post

POINTED: dict[str, Severity] = {"極秘": "error", "たぶん": "warning", "ちなみに": "info"}
"""What the pointing service finds."""

IGNORED = "コメントが多いのでしばらく放置します。そのうち収まるでしょう"
"""What the rules that ship with the program have something against."""

DRAFT = {"org": "chikugo", "account": "official", "text": IGNORED}

HOSTILE = {
    "empty": "",
    "blank": " \n　\t\n",
    "emoji": "😀👨‍👩‍👧🇯🇵❤️‍🔥" * 40,
    "long": "あいうえお。" * 1666,
    "bidi": "\u202eいぬ\u2066ねこ\u2069\u200f",
    "nul": "a\0b\x07\x1b[31m",
    "halves": "\ud800い\udc00",
    "mention": "<!channel> <@U123> <at>all</at>",
    "markdown": "**[x](javascript:alert(1))** `${7*7}` {{7*7}} %s {0}",
    "script": "<script>window.hit=1</script><img src=x onerror=window.hit=1></textarea><svg onload=window.hit=1>",
    "card": '{"type":"AdaptiveCard","body":[{"type":"TextBlock","text":"x"}]}',
}


class PointingService(Service):
    """Finds the words of `POINTED`, each with a clause of the organisation's own."""

    def check(self, command: CheckDraft, pictures: Pictures = (), passed: Passed | None = None) -> CheckReport:
        report = super().check(command, pictures, passed)
        citations = self.ask(Ask(command.org, "写真を載せるときの注意は？")).citations[:1]
        found = tuple(
            Finding(
                f"test-{severity}", "portrait", severity, match.start(), match.end(), word, "この書き方は避けます。",
                "言い換えてください。", citations,
            )
            for word, severity in POINTED.items()
            for match in re.finditer(re.escape(word), command.text)
        )  # fmt: skip
        found += tuple(one for one in report.findings if one.start is None)
        return replace(report, findings=found, verdict=verdict(found))


def check(site: Site, text: object, **changed: object) -> Reply:
    """Post a draft as the page does."""
    return post(site, "/api/check", {**DRAFT, "text": text, **changed})


def picture(place: bool = True, filler: int = 0) -> bytes:  # noqa: FBT001, FBT002  # with a place or without
    """A PNG of one pixel; with the place where it was taken; with so many bytes that no viewer reads."""
    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"eXIf", _gps()), (b"IDAT", zlib.compress(b"\0\xff\0\0")), (b"IEND", b"")]
    if filler:
        parts.insert(1, (b"prVt", bytes(filler)))
    chosen = [one for one in parts if place or one[0] != b"eXIf"]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chosen)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _gps() -> bytes:
    """An EXIF block with nothing but a place: 33 degrees north, 130 degrees east."""
    first = struct.pack(">H", 1) + struct.pack(">HHII", 0x8825, 4, 1, 26) + bytes(4)
    entries = [(1, 2, 2, b"N\0\0\0"), (2, 5, 3, None), (3, 2, 2, b"E\0\0\0"), (4, 5, 3, None)]
    begin = 26 + 2 + 12 * len(entries) + 4
    degrees = {2: 33, 4: 130}
    table, data = struct.pack(">H", len(entries)), b""
    for tag, kind, count, value in entries:
        held = value if value is not None else struct.pack(">I", begin + len(data))
        if value is None:
            data += struct.pack(">6I", degrees[tag], 1, 0, 1, 0, 1)
        table += struct.pack(">HHI", tag, kind, count) + held
    return b"MM\0*" + struct.pack(">I", 8) + first + table + bytes(4) + data


def form(fields: dict[str, str], files: list[tuple[str, bytes]]) -> tuple[bytes, str]:
    """A body with files as a browser sends it, and its Content-Type."""
    line = b"--frontier\r\n"
    body = b"".join(
        line + f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    )
    for name, content in files:
        said = f'Content-Disposition: form-data; name="picture"; filename="{name}"\r\nContent-Type: image/png\r\n\r\n'
        body += line + said.encode() + content + b"\r\n"
    return body + b"--frontier--\r\n", "multipart/form-data; boundary=frontier"


def send_form(site: Site, path: str, fields: dict[str, str], files: list[tuple[str, bytes]]) -> Reply:
    """Post a form with files as the page does."""
    body, kind = form(fields, files)
    return post(site, path, body, Content_Type=kind)
