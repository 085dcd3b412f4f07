"""A draft that holds a word found nowhere else: afterwards the word is nowhere but in the reply to who sent it."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from adapters.quiet import quiet
from adapters.web import checks
from bot.check_desk import CheckDesk
from bot.drafts.images import stripped
from bot.model import CheckDraft, CheckReport
from bot.outcome import Outcome
from bot.service import Service
from tests.contract.web.drafts import DRAFT, POINTED, PointingService, check, picture, send_form
from tests.contract.web.serving import Site, post, served

CANARY = "かなりあ極秘Zq7canary"
FIELDS = {"org": "chikugo", "account": "official"}


@pytest.fixture
def watched(
    pointing_service: PointingService,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> Iterator[Site]:
    """A page whose logs, database and output are searched for the word when it has closed."""
    quiet("aiohttp.server")  # as `serve` does
    caplog.set_level(logging.DEBUG)
    with served(pointing_service, tmp_path) as site:
        yield site
        stored = [path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()]
    stored += [path.read_bytes() for path in sorted(tmp_path.rglob("*")) if path.is_file()]
    output = capfd.readouterr()
    logged = [caplog.text, *(f"{one.getMessage()} {one.args} {one.exc_text} {one.__dict__}" for one in caplog.records)]
    assert stored
    for spelling in (CANARY, "Zq7canary", "かなりあ"):
        assert not any(spelling in text for text in (*logged, output.out, output.err))
        assert not any(spelling.encode(encoding) in one for one in stored for encoding in ("utf-8", "utf-16-le"))
        assert not any(spelling.encode("unicode_escape") in one for one in stored)


def test_a_draft_that_is_checked(watched: Site) -> None:
    POINTED[CANARY] = "error"
    try:
        reply = check(watched, f"あ{CANARY}")
    finally:
        del POINTED[CANARY]
    assert CANARY in reply.json["html"]  # who sent it sees it
    assert CANARY not in reply.json["text"]
    value = reply.json["html"].partition('data-verb="false_alarm" data-value="')[2].partition('"')[0]
    assert post(watched, "/api/press", {"org": "chikugo", "verb": "false_alarm", "value": value}).status == 200
    assert check(watched, CANARY, typing=True).status == 200


def test_a_draft_as_a_plain_form(watched: Site) -> None:
    body = urlencode({**FIELDS, "text": CANARY}).encode()
    reply = post(watched, "/check", body, Content_Type="application/x-www-form-urlencoded")
    assert CANARY in reply.body.decode()
    assert not [name for name, value in reply.headers.items() if "Zq7" in value]


def test_a_draft_with_pictures(watched: Site) -> None:
    noted = picture() + CANARY.encode()
    assert send_form(watched, "/api/check", {**FIELDS, "text": CANARY}, [(f"{CANARY}.png", noted)]).status == 200
    cleaned = send_form(watched, "/api/strip", {}, [(f"{CANARY}.png", noted)])
    assert cleaned.status == 200
    assert CANARY.encode() not in cleaned.body
    broken = send_form(watched, "/api/check", {**FIELDS, "text": CANARY}, [("a.png", CANARY.encode())])
    assert broken.status == 422
    assert CANARY not in broken.body.decode()


def test_a_draft_that_is_refused(watched: Site) -> None:
    for reply in (
        check(watched, CANARY * 1000),
        check(watched, CANARY * 9000),
        check(watched, CANARY, account=CANARY),
        check(watched, CANARY, org="nowhere"),
        check(watched, [CANARY]),
        post(watched, "/api/check", CANARY.encode()),
        post(watched, "/api/check", f'{{"text": "{CANARY}"'.encode()),
        post(watched, "/api/check", {**DRAFT, "text": CANARY}, Origin="https://evil.example"),
        post(watched, "/api/check", {**DRAFT, "text": CANARY}, Content_Type="text/plain"),
        post(watched, "/api/check", CANARY.encode(), Content_Type="multipart/form-data; boundary=x"),
        post(watched, "/check", CANARY.encode(), Content_Type="application/x-www-form-urlencoded"),
    ):
        assert reply.status in (200, 400, 403, 404, 413, 415)
        assert CANARY not in reply.body.decode()


def test_a_draft_that_crashes_the_checker(watched: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_desk: object, request: object, *_: object) -> Outcome:
        raise RuntimeError(CANARY, request) from ValueError(CANARY)

    monkeypatch.setattr(CheckDesk, "handle", broken)
    for reply in (check(watched, CANARY), send_form(watched, "/api/check", {**FIELDS, "text": CANARY}, [])):
        assert reply.status == 500
        assert CANARY not in reply.body.decode()


def test_a_picture_that_crashes_the_cleaning(watched: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(data: bytes) -> bytes:
        raise RuntimeError(CANARY, data)

    assert stripped(picture())
    monkeypatch.setattr(checks, "stripped", broken)
    reply = send_form(watched, "/api/strip", {}, [(f"{CANARY}.png", picture())])
    assert reply.status == 500
    assert CANARY not in reply.body.decode()


def test_a_draft_whose_check_hangs(watched: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()

    def hangs(_service: Service, command: CheckDraft, *_more: object) -> CheckReport:
        over.wait(20)
        raise RuntimeError(command.text)  # and nobody waits for it any more

    monkeypatch.setattr(checks, "SECONDS", 0.2)
    monkeypatch.setattr(PointingService, "check", hangs)
    try:
        reply = check(watched, CANARY)
        assert reply.status == 503
        assert CANARY not in reply.body.decode()
    finally:
        over.set()


def test_a_draft_whose_sender_goes_away(watched: Site) -> None:
    named = {"Host": f"127.0.0.1:{watched.port}", "Origin": watched.url, "Content-Type": "application/json"}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    for rest in ("Content-Length: 5000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\nzz\r\n", f"X-{CANARY}\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", watched.port), timeout=20) as wire:
            wire.sendall(f"POST /api/check HTTP/1.1\r\n{lines}{rest}{CANARY}".encode())
    assert check(watched, "あ").status == 200  # the page goes on
