"""The command as people start it: a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.unit.cli.conftest import ROOT

Process = Callable[..., "subprocess.CompletedProcess[bytes]"]


def test_a_question_is_answered_in_utf_8_whatever_the_locale(process: Process) -> None:
    found = process(
        "ask", "--org", "asahikawa", "短縮URLは？", "--json", env={"LC_ALL": "C", "PYTHONIOENCODING": "cp932"}
    )
    assert (found.returncode, found.stderr) == (0, b"")
    assert json.loads(found.stdout.decode("utf-8"))["citations"][0]["locator"] == "6(5)"


@pytest.mark.parametrize(("question", "code"), [("短縮URLは？", 0), ("住民票の取り方を教えて", 1), ("", 2)])
def test_the_exit_codes_reach_the_shell(process: Process, question: str, code: int) -> None:
    assert process("ask", "--org", "asahikawa", question).returncode == code


def test_english_is_for_wrong_arguments_too(process: Process) -> None:
    found = process("ask", "--lang", "en", "--nonsense")
    assert (found.returncode, found.stderr.decode()) == (
        2,
        "error: unrecognized arguments: --nonsense (see guideline-bot --help)\n",
    )


@pytest.mark.skipif(os.name == "nt", reason="pipes break otherwise there")
@pytest.mark.parametrize(
    "arguments",
    [("ask", "--org", "chikugo", "写真は？"), ("clauses", "--org", "asahikawa", "--json"), ("knowledge", "topics")],
)
def test_a_reader_that_has_gone_is_no_error(process: Process, arguments: tuple[str, ...]) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as broken:
        found = process(*arguments, stdout=broken)
    assert (found.returncode, found.stderr) == (0, b"")


def test_bytes_that_are_no_text_on_standard_input_are_a_clear_error(process: Process) -> None:
    found = process("ask", "--org", "chikugo", "-", stdin=b"\x80\xff abc", env={"PYTHONIOENCODING": "utf-8:strict"})
    assert (found.returncode, found.stdout, "制御文字" in found.stderr.decode()) == (2, b"", True)


def test_a_conversation_is_read_from_a_pipe(process: Process) -> None:
    lines = "こんにちは\nこのガイドラインの問い合わせ先は？\n\n/終了\n短縮URLは？\n"
    found = process("chat", "--org", "chikugo", stdin=lines.encode())
    shown = found.stdout.decode()
    assert (found.returncode, found.stderr) == (0, b"")
    assert "筑後市のガイドラインについて、どうぞ。" in shown
    assert "0942-65-7004" in shown
    assert "短縮" not in shown


def test_a_conversation_with_an_unknown_body_does_not_begin(process: Process) -> None:
    found = process("chat", "--org", "nowhere")
    assert (found.returncode, found.stdout, "登録されていません" in found.stderr.decode()) == (2, b"", True)


def test_nothing_is_written_beside_the_cache(process: Process, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    first = process("ask", "--org", "suzaka", "写真は？", env={"GUIDELINE_BOT_CACHE": str(cache)})
    again = process("ask", "--org", "suzaka", "写真は？", env={"GUIDELINE_BOT_CACHE": str(cache)})
    assert first.stdout == again.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["cache"]
    assert {path.suffix for path in cache.iterdir()} == {".pickle"}


@pytest.mark.parametrize("verb", ["", "ask", "chat", "ingest", "clauses", "knowledge", "eval", "bench"])
def test_every_verb_explains_itself(process: Process, verb: str) -> None:
    found = process(*filter(None, [verb]), "--help")
    assert found.returncode == 0
    assert "usage: guideline-bot" in found.stdout.decode()


def test_the_module_and_the_command_are_the_same() -> None:
    import sys

    command = Path(sys.executable).with_name("guideline-bot")
    if not command.exists():
        pytest.skip("the command is not installed here")
    found = subprocess.run([command, "--help"], check=False, capture_output=True, cwd=ROOT)
    assert found.returncode == 0
