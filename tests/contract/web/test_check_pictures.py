"""Pictures with a draft: what is hidden in them is told, a copy without it can be had, too much of them is refused."""

from __future__ import annotations

import socket
from urllib.parse import unquote

import pytest

from adapters.web import uploads
from bot.drafts.images import LARGEST, read_image
from tests.contract.web.drafts import IGNORED, form, picture, send_form
from tests.contract.web.serving import Reply, Site, one_line, post

FIELDS = {"org": "urausu", "account": "official", "text": ""}
"""Of an organisation with a clause on personal information for the official account."""

PLACE = "位置情報（緯度 33.0000、経度 130.0000）"


def looked(site: Site, files: list[tuple[str, bytes]], **fields: str) -> Reply:
    return send_form(site, "/api/check", {**FIELDS, **fields}, files)


def test_the_place_in_a_picture_is_told_beside_the_draft(site: Site) -> None:
    reply = looked(site, [("祭り.png", picture())], org="chikugo", text=IGNORED)
    assert reply.status == 200
    assert PLACE in reply.json["html"]
    assert "「祭り.png」" in reply.json["html"]
    assert all(mark["end"] for mark in reply.json["marks"])  # a picture has no words
    assert IGNORED[:10] in reply.json["html"]


def test_pictures_alone_get_their_findings_and_no_checklist_for_a_draft(site: Site) -> None:
    reply = looked(site, [("a.png", picture()), ("b.png", picture(place=False))])
    assert PLACE in reply.json["html"]
    assert "b.png" not in reply.json["html"]
    assert 'class="clauses"' not in reply.json["html"]
    assert 'class="contacts"' not in reply.json["html"]
    assert looked(site, [("b.png", picture(place=False))]).json["verdict"] == "ok"


def test_a_copy_without_what_is_hidden_can_be_had(site: Site) -> None:
    reply = send_form(site, "/api/strip", {}, [("市民まつり 1.jpg", picture())])
    assert reply.status == 200
    assert read_image(reply.body).location is None
    assert reply.headers["Content-Type"] == "image/png"
    assert reply.headers["Cache-Control"] == "no-store"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    said = reply.headers["Content-Disposition"]
    assert said.startswith('attachment; filename="picture.png"; ')
    assert unquote(said.partition("filename*=UTF-8''")[2]) == "市民まつり 1_情報なし.png"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd.png", "passwd_情報なし.png"),
        ("C:\\\\fakepath\\\\写真.png", "写真_情報なし.png"),
        ("a\u202egnp.exe.png", "agnp.exe_情報なし.png"),
        ("....png", "png_情報なし.png"),
        ("あ" * 300 + ".png", "あ" * 80 + "_情報なし.png"),
        ("<script>;x=.png", "script;x=_情報なし.png"),
        ("", "画像_情報なし.png"),
    ],
)
def test_a_name_comes_back_harmless(site: Site, name: str, safe: str) -> None:
    said = send_form(site, "/api/strip", {}, [(name, picture())]).headers["Content-Disposition"]
    assert unquote(said.partition("filename*=UTF-8''")[2]) == safe
    assert "\n" not in said


@pytest.mark.parametrize("content", [b"", b"<html><script>alert(1)</script>", b"%PDF-1.7", picture()[:40]])
def test_what_is_no_picture_is_refused_by_its_name(site: Site, content: bytes) -> None:
    for reply in (looked(site, [("a.png", picture()), ("何か.png", content)]), strip(site, "何か.png", content)):
        assert reply.status == 422
        assert one_line(reply).startswith("「何か.png」: 画像として読めません")


def strip(site: Site, name: str, content: bytes) -> Reply:
    return send_form(site, "/api/strip", {}, [(name, content)])


def test_a_tiff_is_told_that_it_cannot_be_cleaned(site: Site) -> None:
    reply = strip(site, "a.tif", b"II*\0")
    assert reply.status == 422


def test_one_picture_is_cleaned_at_a_time(site: Site) -> None:
    assert send_form(site, "/api/strip", {}, []).status == 400
    assert send_form(site, "/api/strip", {}, [("a.png", picture()), ("b.png", picture())]).status == 400


def test_a_picture_may_have_25_mebibytes_and_no_more(site: Site) -> None:
    room = LARGEST - len(picture()) - 12
    assert looked(site, [("a.png", picture(filler=room))]).status == 200
    reply = looked(site, [("大.png", picture(filler=room + 1))])
    assert reply.status == 413
    assert "「大.png」が大きすぎます。画像は1点25 MiB" in one_line(reply)


def test_all_pictures_may_have_60_mebibytes_and_be_ten(site: Site) -> None:
    large = picture(filler=21 << 20)
    reply = looked(site, [(f"{number}.png", large) for number in range(3)])
    assert reply.status == 413
    small = [(f"{number}.png", picture()) for number in range(10)]
    assert looked(site, small).status == 200
    reply = looked(site, [*small, ("11.png", picture())])
    assert reply.status == 413
    assert "10点まで" in one_line(reply)


def test_all_together_are_counted_while_they_come(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 1000)
    reply = looked(site, [("a.png", picture(filler=500)), ("b.png", picture(filler=500))])
    assert reply.status == 413
    assert "合わせて" in one_line(reply)


def test_a_body_without_a_length_is_refused_unread(site: Site) -> None:
    lines = (
        "POST /api/check HTTP/1.1", f"Host: 127.0.0.1:{site.port}", f"Origin: {site.url}",
        "Content-Type: multipart/form-data; boundary=x", "Transfer-Encoding: chunked", "", "",
    )  # fmt: skip
    with socket.create_connection(("127.0.0.1", site.port), timeout=20) as wire:
        wire.sendall("\r\n".join(lines).encode())
        assert wire.recv(64).startswith(b"HTTP/1.1 411")


def test_other_addresses_take_no_files(site: Site) -> None:
    body, kind = form(FIELDS, [("a.png", picture())])
    for path in ("/api/ask", "/api/press", "/check"):
        assert post(site, path, body, Content_Type=kind).status == 415


LINE, END = b"--frontier\r\n", b"--frontier--\r\n"
FIELD = b'Content-Disposition: form-data; name="text"\r\n\r\n'
MALFORMED = {
    "nothing": b"",
    "no boundary": b"nonsense",
    "cut in the boundary": LINE[:-2],
    "cut in the head": LINE + b"\r\n",
    "cut in a field": LINE + FIELD + b"x",
    "a form within": LINE + b"Content-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\nx\r\n--y--\r\n" + END,
    "a long head": LINE + b"X: " + b"y" * 20_000 + b"\r\n\r\nx\r\n" + END,
    "many fields": (LINE + FIELD + b"x\r\n") * 40 + END,
    "a long field": LINE + FIELD + b"x" * 200_000 + b"\r\n" + END,
}


@pytest.mark.parametrize("body", list(MALFORMED.values()), ids=list(MALFORMED))
def test_a_malformed_form_gets_one_line_and_is_never_our_fault(site: Site, body: bytes) -> None:
    for path in ("/api/check", "/api/strip"):
        reply = post(site, path, body, Content_Type="multipart/form-data; boundary=frontier")
        assert 400 <= reply.status < 500
        one_line(reply)


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", "multipart/form-data; boundary=", f"multipart/form-data; boundary={'x' * 99}"]
)
def test_a_form_without_a_boundary_gets_one_line(site: Site, kind: str) -> None:
    reply = post(site, "/api/check", b"--x--", Content_Type=kind)
    assert reply.status == 400
    one_line(reply)


def test_only_a_few_forms_are_taken_in_at_once(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site.front._checks._uploads, "_free", 0)
    reply = looked(site, [("a.png", picture())])
    assert reply.status == 503
    assert "少し待って" in one_line(reply)
