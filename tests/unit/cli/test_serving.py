"""`serve` as people start it: it says where to look, answers, and ends in order."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.cli.conftest import ROOT, Run


class Running:
    """A `serve` process on a port of its own."""

    def __init__(self, folder: Path, *arguments: str, **environment: str) -> None:
        clean = {name: value for name, value in os.environ.items() if name != "GUIDELINE_BOT_DATABASE"}
        settings = {"PYTHONPATH": str(ROOT), "GUIDELINE_BOT_DATABASE": f"sqlite:///{folder / 'bot.sqlite3'}"}
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "serve", "--port", "0", *arguments],
            cwd=folder, env=clean | settings | environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        self.greeting = self.process.stdout.readline()
        found = re.match(r"(http://\S+) ", self.greeting)
        self.address = found[1] if found else ""

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(self.address + path, timeout=10) as reply:
                return reply.status, reply.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def ask(self, org: str, question: str) -> dict[str, str]:
        body = json.dumps({"org": org, "question": question, "history": []}).encode()
        headers = {"Content-Type": "application/json", "Origin": self.address}
        request = urllib.request.Request(f"{self.address}/api/ask", body, headers)
        with urllib.request.urlopen(request, timeout=30) as reply:
            return dict(json.loads(reply.read()))

    def end(self, name: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Exit code and what stood on stderr."""
        self.process.send_signal(name)
        _, errors = self.process.communicate(timeout=30)
        return self.process.returncode, errors


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    one = Running(tmp_path_factory.mktemp("serve"))
    yield one
    if one.process.poll() is None:
        one.end()


def test_it_says_where_to_look_and_what_runs(running: Running) -> None:
    assert running.greeting == f"{running.address} を開いてください（ページ）。終わるときは Ctrl-C。\n"


def test_it_is_alive_at_once_and_ready_when_its_indexes_are_built(running: Running) -> None:
    assert running.get("/healthz") == (200, "ok")
    until = time.monotonic() + 60
    while (found := running.get("/readyz"))[0] != 200 and time.monotonic() < until:
        assert found == (503, "not ready")
        time.sleep(0.2)
    assert running.get("/readyz") == (200, "ok")


def test_it_answers_a_question_of_the_page(running: Running) -> None:
    found = running.ask("asahikawa", "bit.lyとか使っていい？")
    assert found["status"] == "answered"
    assert "ＵＲＬ短縮サービス" in found["html"]


@pytest.mark.parametrize("name", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_order(tmp_path: Path, name: signal.Signals) -> None:
    one = Running(tmp_path, "--org", "suzaka")
    one.ask("suzaka", "090-1111-2222の短縮URLは？")
    code, errors = one.end(name)
    assert code == 0
    assert "Traceback" not in errors
    assert "090-1111-2222" not in errors
    assert "短縮URL" not in errors


def test_a_second_one_on_the_same_database_is_refused_in_one_line(running: Running, tmp_path: Path) -> None:
    one = Running(tmp_path, GUIDELINE_BOT_DATABASE=f"sqlite:///{running.folder / 'bot.sqlite3'}")
    _, errors = one.process.communicate(timeout=30)
    assert one.process.returncode == 2
    assert "別のプロセス" in errors
    assert errors.count("\n") == 1


def test_a_port_in_use_is_one_clear_line(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIDELINE_BOT_DATABASE", f"sqlite:///{tmp_path / 'bot.sqlite3'}")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        found = run("serve", "--port", str(taken.getsockname()[1]))
    assert found.code == 2
    assert "待ち受けられません" in found.err
    assert found.out == ""


def test_a_malformed_request_leaves_nothing_of_itself_in_the_log(tmp_path: Path) -> None:
    one = Running(tmp_path, "--org", "suzaka")
    port = int(one.address.rsplit(":", 1)[1])
    for raw in (b"GET / HTTP/1.1\r\nAuthorization: Bearer CANARY\x01\r\n\r\n", b"GET /?q=CANARY\x00 HTTP/1.1\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", port), timeout=5) as line:
            line.sendall(raw)
            assert b" 400 " in line.recv(1000)
    code, errors = one.end()
    assert code == 0
    assert "CANARY" not in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize("port", ["99999", "-1", "八千", ""])
def test_a_port_that_is_none_is_one_clear_line(run: Run, port: str) -> None:
    found = run("serve", f"--port={port}")
    assert (found.code, found.err.count("\n")) == (2, 1)
    assert "0〜65535" in found.err
