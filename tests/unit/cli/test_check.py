"""`check`: a file, standard input, a batch; for people, for programs, for a build log; pictures; exit codes."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.conftest import Run
from tests.unit.drafts.test_images_files import exif, saved

DRAFT = "きょうのお知らせ\n申込みは bit.ly/abc12 から\n"
REPORT = {
    "id": str | None,
    "verdict": str,
    "findings": list,
    "not_checked": list,
    "departments": list,
    "approval": dict | None,
}
FINDING = {
    "rule": str,
    "topic": str,
    "severity": str,
    "start": int | None,
    "end": int | None,
    "quote": str | None,
    "message": str,
    "advice": str,
    "citations": list,
}


@pytest.fixture
def draft(tmp_path: Path) -> str:
    path = tmp_path / "draft.txt"
    path.write_text(DRAFT, encoding="utf-8")
    return str(path)


def official(*more: str) -> list[str]:
    return ["--org", "suzaka", "--account", "official", *more]


def has_shape(value: dict[str, Any], shape: dict[str, Any]) -> bool:
    return set(value) == set(shape) and all(isinstance(value[key], kind) for key, kind in shape.items())


def test_a_report_for_people_has_place_words_clause_advice_and_office(run: Run, draft: str) -> None:
    done = run("check", draft, *official())
    assert done.code == 1
    for part in ("2行1文字目", "bit.ly/abc12", "6(7)", "→", "自動では確認していない規定", "政策推進課", "6(5)"):
        assert part in done.out


def test_the_json_is_one_object_of_the_fixed_shape(run: Run, draft: str) -> None:
    report = json.loads(run("check", draft, *official("--json")).out)
    assert has_shape(report, REPORT)
    assert all(has_shape(finding, FINDING) for finding in report["findings"])
    finding = report["findings"][0]
    assert DRAFT[finding["start"] : finding["end"]] == finding["quote"]
    assert finding["citations"][0]["locator"] == "6(7)"


def test_format_json_is_the_same(run: Run, draft: str) -> None:
    assert run("check", draft, *official("--json")).out == run("check", draft, *official("--format", "json")).out


def test_a_build_log_gets_one_command_a_finding(run: Run, draft: str) -> None:
    (line,) = run("check", draft, *official("--format", "github")).out.splitlines()
    assert line.startswith("::")
    assert "line=2,endLine=2,col=1" in line


def test_a_clean_draft_ends_with_0(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "clean.txt"
    path.write_text("図書館は10時に開きます。", encoding="utf-8")
    done = run("check", str(path), *official())
    assert done.code == 0
    assert "指摘はありません" in done.out


def test_a_draft_may_come_from_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for encoding in ("utf-8", "cp932"):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(DRAFT.encode(encoding))))
        assert "6(7)" in run("check", "-", *official()).out


def test_a_file_of_an_old_word_processor_is_read(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "old.txt"
    path.write_bytes(DRAFT.replace("\n", "\r\n").encode("cp932"))
    assert "6(7)" in run("check", str(path), *official()).out


def test_the_account_must_be_named(run: Run, draft: str) -> None:
    done = run("check", draft, "--org", "suzaka")
    assert (done.code, done.out) == (2, "")
    assert "--account" in done.err
    assert len(done.err.splitlines()) == 1


def test_without_a_draft_it_says_what_is_wanted(run: Run) -> None:
    assert "ファイル" in run("check", *official()).err


def test_a_terminal_is_shown_no_control_characters(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "live.txt"
    path.write_text("\x1b[31mbit.ly/abc12\x1b]0;x\x07 \u202e逆\n", encoding="utf-8")
    for form in ("text", "github", "json"):
        out = run("check", str(path), *official("--format", form)).out
        assert not {"\x1b", "\x07", "\u202e"} & set(out), form


def test_a_batch_gives_one_report_a_line_in_order_and_an_error_in_its_place(run: Run, tmp_path: Path) -> None:
    requests = [
        {"id": "1", "org": "suzaka", "account": "official", "text": "図書館は10時に開きます。"},
        {"id": "2", "org": "suzaka", "account": "official", "text": DRAFT},
        {"id": "3", "org": "suzaka", "text": DRAFT},
        {"id": "4", "org": "suzaka", "account": "official", "text": "長" * 10_001},
        {"id": "5", "org": "suzaka", "account": "official", "text": ""},
        {"id": "6", "org": "nowhere", "account": "official", "text": "a"},
    ]
    path = tmp_path / "batch.jsonl"
    path.write_text("\n".join(map(json.dumps, requests)) + "\n{", encoding="utf-8")
    done = run("check", "--batch", str(path), "--json")
    replies = [json.loads(line) for line in done.out.splitlines()]
    assert done.code == 2
    assert [reply["id"] for reply in replies] == ["1", "2", "3", "4", "5", "6", None]
    assert [reply.get("verdict") for reply in replies[:2]] == ["ok", replies[1]["verdict"]]
    assert replies[1]["verdict"] != "ok"
    assert [reply["error"]["code"] for reply in replies if "error" in reply] == ["E306", "E312", "E202", "E305"]
    assert replies[4]["verdict"] == "ok"


def test_a_picture_is_checked_and_a_cleaned_copy_written(run: Run, tmp_path: Path) -> None:
    picture = tmp_path / "foto.jpg"
    picture.write_bytes(saved("JPEG", exif=exif()))
    done = run("check", "--image", str(picture), "--strip", "--org", "bibai", "--account", "private")
    assert done.code == 1
    assert "位置情報" in done.out
    assert "Q1-2・3" in done.out
    again = run("check", "--image", str(tmp_path / "foto-clean.jpg"), "--org", "bibai", "--account", "private")
    assert again.code == 0
    assert "位置情報（" not in again.out


def test_a_copy_never_overwrites_a_file(run: Run, tmp_path: Path) -> None:
    picture = tmp_path / "foto.jpg"
    picture.write_bytes(saved("JPEG", exif=exif()))
    (tmp_path / "foto-clean.jpg").write_bytes(b"mine")
    done = run("check", "--image", str(picture), "--strip", "--org", "bibai", "--account", "private")
    assert done.code == 2
    assert "すでにあります" in done.err
    assert (tmp_path / "foto-clean.jpg").read_bytes() == b"mine"


def test_a_missing_picture_is_one_clear_line(run: Run, tmp_path: Path) -> None:
    done = run("check", "--image", str(tmp_path / "none.jpg"), "--org", "bibai", "--account", "private")
    assert done.code == 2
    assert len(done.err.splitlines()) == 1
