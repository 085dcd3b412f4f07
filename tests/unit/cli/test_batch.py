"""`ask --batch`: one reply a line, in order, whatever a line holds."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import Run

GOOD = {"id": "a", "org": "asahikawa", "question": "短縮URLは使える？"}


def batch(folder: Path, *lines: Any) -> Path:
    path = folder / "batch.jsonl"
    texts = (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


def test_replies_come_in_the_order_of_the_requests(run: Run, tmp_path: Path) -> None:
    orgs = ["suzaka", "asahikawa", "chikugo", "bibai", "urausu", "suzaka"]
    requests = [
        GOOD | {"id": f"q{place}", "org": org, "question": "著作権に気をつけることは？"}
        for place, org in enumerate(orgs)
    ]
    result = run("ask", "--batch", batch(tmp_path, *requests), "--json")
    assert (result.code, result.err) == (0, "")
    assert [reply["id"] for reply in result.lines] == [f"q{place}" for place in range(6)]
    assert [{one["org"] for one in reply["citations"]} for reply in result.lines] == [{org} for org in orgs]


def test_a_reply_is_that_of_the_single_question(run: Run, tmp_path: Path) -> None:
    request = GOOD | {"account": "official", "history": ["公式アカウントの写真は？"]}
    (reply,) = run("ask", "--batch", batch(tmp_path, request), "--json").lines
    alone = run("ask", "--org", "asahikawa", "--account", "official", "--history", request["history"][0],
                request["question"], "--json").json  # fmt: skip
    assert reply == alone | {"id": "a"}


@pytest.mark.parametrize(
    ("line", "code", "identity"),
    [
        ("{", "E305", None),
        ("[]", "E305", None),
        ('"text"', "E305", None),
        ("[" * 100_000, "E305", None),
        ('{"id":' + "1" * 5_000 + "}", "E305", None),
        (GOOD | {"org": "nowhere"}, "E202", "a"),
        (GOOD | {"org": 7}, "E306", "a"),
        (GOOD | {"org": None}, "E205", "a"),
        (GOOD | {"question": None}, "E306", "a"),
        (GOOD | {"question": 7}, "E306", "a"),
        (GOOD | {"question": ["x"]}, "E306", "a"),
        (GOOD | {"question": "  "}, "E301", "a"),
        (GOOD | {"question": "あ" * 2_001}, "E302", "a"),
        (GOOD | {"question": "a\x00b"}, "E303", "a"),
        (GOOD | {"account": "both"}, "E306", "a"),
        (GOOD | {"account": ["official"]}, "E306", "a"),
        (GOOD | {"history": "前の質問"}, "E306", "a"),
        (GOOD | {"history": [1]}, "E306", "a"),
        (GOOD | {"id": 7, "org": 7}, "E306", "7"),
        ({"org": "asahikawa"}, "E306", None),
        ("{}", "E306", None),
    ],
)
def test_a_bad_line_gets_an_error_in_its_place_and_the_rest_is_answered(
    run: Run, tmp_path: Path, line: Any, code: str, identity: str | None
) -> None:
    result = run("ask", "--batch", batch(tmp_path, GOOD, line, GOOD | {"id": "z"}), "--json")
    first, bad, last = result.lines
    assert result.code == 2
    assert (first["id"], first["status"], last["id"], last["status"]) == ("a", "answered", "z", "answered")
    assert set(bad) == {"id", "error"}
    assert (bad["id"], bad["error"]["code"], set(bad["error"])) == (identity, code, {"code", "message"})
    assert bad["error"]["message"]


def test_errors_in_a_batch_are_english_on_demand(run: Run, tmp_path: Path) -> None:
    (reply,) = run("ask", "--batch", batch(tmp_path, "{"), "--json", "--lang", "en").lines
    assert reply["error"]["message"] == "this line is not JSON."


def test_what_is_odd_but_clear_is_answered(run: Run, tmp_path: Path) -> None:
    odd = [
        GOOD | {"id": 7},
        GOOD | {"account": None, "history": None},
        GOOD | {"more": 1},
        GOOD | {"history": ["\x00"]},
    ]
    result = run("ask", "--batch", batch(tmp_path, "", *odd, "  "), "--json")
    assert result.code == 0
    assert [reply["id"] for reply in result.lines] == ["7", "a", "a", "a"]


def test_a_missing_organisation_is_that_of_the_command_line(run: Run, tmp_path: Path) -> None:
    path = batch(tmp_path, {"question": "短縮URLは？"}, GOOD | {"org": "suzaka"})
    replies = run("ask", "--batch", path, "--json", "--org", "asahikawa").lines
    assert [reply["citations"][0]["org"] for reply in replies] == ["asahikawa", "suzaka"]


def test_nothing_found_in_a_batch_is_a_reply_like_any_other(run: Run, tmp_path: Path) -> None:
    result = run("ask", "--batch", batch(tmp_path, GOOD | {"question": "住民票の取り方を教えて"}), "--json")
    assert (result.code, result.lines[0]["status"]) == (0, "not_found")


def test_an_empty_batch_is_no_error(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "empty.jsonl"
    path.write_bytes(b"")
    assert run("ask", "--batch", path, "--json").out == ""


def test_a_batch_that_is_not_utf_8_is_refused_as_a_whole(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "sjis.jsonl"
    path.write_bytes(json.dumps(GOOD, ensure_ascii=False).encode("cp932"))
    result = run("ask", "--batch", path, "--json")
    assert (result.code, result.out, "UTF-8ではありません" in result.err) == (2, "", True)


def test_a_dash_reads_the_batch_from_standard_input(run: Run, stdin: Callable[[str], None]) -> None:
    stdin("\ufeff" + json.dumps(GOOD) + "\r\n" + json.dumps(GOOD | {"id": "b"}))
    assert [reply["id"] for reply in run("ask", "--batch", "-", "--json").lines] == ["a", "b"]
