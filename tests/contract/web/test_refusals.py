"""What the page refuses: foreign hosts and origins, bodies it cannot read, too much of anything. Never with a 5xx."""

from __future__ import annotations

import contextlib
import json
import socket
from pathlib import Path
from urllib.parse import quote

import pytest

from bot.service import Service
from bot.settings import Settings
from tests.contract.web.serving import ASK, Site, head, one_line, post, send, served

MANY = 64 * 1024


@pytest.mark.parametrize(
    "host", ["127.0.0.1:{port}", "localhost:{port}", "localhost", "[::1]:{port}", "127.1.2.3", "LOCALHOST"]
)
def test_a_loopback_name_is_served(site: Site, host: str) -> None:
    assert send(site, "GET", "/", Host=host.format(port=site.port)).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example:8080",
        "192.168.1.9",
        "",
        "[::",
        "a b",
        "evil.example@127.0.0.1.x",
    ],
)
def test_any_other_host_is_refused_for_it_may_be_a_rebound_name(site: Site, host: str) -> None:
    assert send(site, "GET", "/", Host=host).status == 421
    assert send(site, "GET", "/no/such/page", Host=host).status == 421
    reply = post(site, "/api/ask", ASK, Host=host)
    assert reply.status == 421
    assert "GUIDELINE_BOT_URL" in one_line(reply)


def test_the_address_in_the_settings_is_served_through_its_proxy(service: Service, tmp_path: Path) -> None:
    settings = Settings(port=0, host="0.0.0.0", url="https://bot.kasumino.example")  # noqa: S104  # bound to 127.0.0.1 here
    with served(service, tmp_path, settings) as site:
        own = {"Host": "bot.kasumino.example", "Origin": "https://bot.kasumino.example"}
        assert post(site, "/api/ask", ASK, **own).status == 200
        assert post(site, "/api/ask", ASK, **{**own, "Host": "127.0.0.1:8080"}).status == 200
        assert post(site, "/api/ask", ASK, **{**own, "Origin": "https://evil.example"}).status == 403
        assert send(site, "GET", "/", Host="192.168.1.9:8080").status == 200
        assert send(site, "GET", "/", Host="evil.example").status == 421


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "",
        "http://127.0.0.1",
        "http://127.0.0.1:1",
        "file://",
        "http://127.0.0.1:{port}.evil.example",
    ],
)
def test_a_post_from_another_origin_is_refused(site: Site, origin: str) -> None:
    assert post(site, "/api/ask", ASK, Origin=origin.format(port=site.port)).status == 403


def test_a_post_without_an_origin_is_refused(site: Site) -> None:
    assert send(site, "POST", "/api/ask", json.dumps(ASK).encode(), Content_Type="application/json").status == 403


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_a_post_that_is_not_called_json_is_refused(site: Site, kind: str) -> None:
    assert post(site, "/api/ask", ASK, Content_Type=kind).status == 415


BROKEN: list[object] = [
    b"", b"{", b"\xff\xfe", b"null", b"[]", b'"text"', b"1" * 5000, b"[" * 60_000, b"NaN",
    {}, {"org": "asahikawa"}, {"question": "x"}, {"org": 1, "question": "x"}, {"org": "asahikawa", "question": None},
    {**ASK, "question": ""}, {**ASK, "question": " \n　"}, {**ASK, "question": ["x"]}, {**ASK, "account": "both"},
    {**ASK, "account": 1}, {**ASK, "account": []}, {**ASK, "history": "x"}, {**ASK, "history": [1]},
    {**ASK, "history": None}, {**ASK, "history": {"a": 1}},
]  # fmt: skip


@pytest.mark.parametrize("content", BROKEN, ids=lambda one: str(one)[:40])
def test_a_question_that_cannot_be_read_gets_400_and_one_line(site: Site, content: object) -> None:
    reply = post(site, "/api/ask", content)
    assert reply.status == 400
    one_line(reply)


@pytest.mark.parametrize(
    "content",
    [
        {}, {"org": "asahikawa"}, {"org": "asahikawa", "verb": "share", "value": "x"},
        {"org": "asahikawa", "verb": "ask", "value": "x"}, {"org": "asahikawa", "verb": "copy", "value": "no-slash"},
        {"org": "asahikawa", "verb": "copy"}, {"org": "asahikawa", "verb": "rate_up", "value": ""},
        {"org": "asahikawa", "verb": ["copy"], "value": "a/1"}, {"org": "asahikawa", "verb": "copy", "value": {"a": 1}},
    ],
    ids=str,
)  # fmt: skip
def test_a_press_that_no_button_makes_gets_400_and_one_line(site: Site, content: object) -> None:
    reply = post(site, "/api/press", content)
    assert reply.status == 400
    one_line(reply)


@pytest.mark.parametrize("org", ["", "nowhere", "../etc", "asahikawa/../bibai", "x" * 5000, "旭川", "\0"])
def test_an_unknown_organisation_is_not_found(site: Site, org: str) -> None:
    assert post(site, "/api/ask", {"org": org, "question": "写真は？"}).status == 404
    assert send(site, "GET", f"/guidelines/{quote(org, safe='') or 'x'}").status == 404
    assert send(site, "GET", f"/?org={quote(org, safe='')}").status == 200


@pytest.mark.parametrize(
    "question", ["\ud800", "a\0b", "x" * 20_000, "<script>" * 500, "\u202e" * 9, "😀" * 500, "%s{0}${x}"]
)
def test_a_strange_question_is_never_our_fault(site: Site, question: str) -> None:
    reply = post(
        site, "/api/ask", {"org": "asahikawa", "question": question, "history": [question], "visit": question[:64]}
    )
    assert reply.status in (200, 400)
    assert b"<script>" not in reply.body


def test_a_body_that_is_too_long_is_refused_whether_or_not_it_says_so(site: Site) -> None:
    long = json.dumps({**ASK, "question": "あ" * MANY}).encode()
    assert post(site, "/api/ask", long).status == 413
    with socket.create_connection(("127.0.0.1", site.port), timeout=20) as wire:
        wire.sendall(f"{head(site)}Transfer-Encoding: chunked\r\n\r\n".encode())
        chunk = b"2000\r\n" + b"x" * 0x2000 + b"\r\n"
        with contextlib.suppress(ConnectionError):  # refused before we had sent it all
            for _ in range(12):
                wire.sendall(chunk)
        assert wire.recv(64).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd"])
def test_a_packed_body_is_refused_unopened(site: Site, encoding: str) -> None:
    assert post(site, "/api/ask", b"\x1f\x8b\x08", Content_Encoding=encoding).status in (400, 415)


def test_broken_http_gets_400(site: Site) -> None:
    for sent in (b"NONSENSE\r\n\r\n", f"{head(site)}Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n".encode()):
        with socket.create_connection(("127.0.0.1", site.port), timeout=20) as wire:
            wire.sendall(sent)
            assert wire.recv(64).startswith((b"HTTP/1.1 400", b"HTTP/1.0 400"))


def test_who_presses_without_end_is_asked_to_wait(site: Site) -> None:
    pressed = {"org": "asahikawa", "verb": "contacts", "visit": "impatient-1"}
    statuses = [post(site, "/api/press", pressed).status for _ in range(22)]
    assert statuses == [200] * 20 + [429] * 2
    assert "1分ほど待って" in one_line(post(site, "/api/press", pressed))
    assert post(site, "/api/press", {**pressed, "visit": "somebody-else"}).status == 200
