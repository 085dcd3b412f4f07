"""`doctor`: what is wrong is said in words, and the exit code tells scripts."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import checks
from bot.remarks import Remark
from bot.settings import Settings
from tests.unit.cli.conftest import Run

TENANT = "11111111-2222-3333-4444-555555555555"
TEAMS = {"TEAMS_APP_ID": TENANT, "TEAMS_APP_PASSWORD": "x"}


@pytest.fixture(autouse=True)
def _own_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIDELINE_BOT_DATABASE", f"sqlite:///{tmp_path / 'bot.sqlite3'}")
    monkeypatch.setenv("GUIDELINE_BOT_PORT", "0")
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)


def remarks(check: str, settings: Settings) -> list[Remark]:
    return list(getattr(checks, check)(settings))


def workspaces(folder: Path, text: str) -> str:
    path = folder / "workspaces.yaml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_a_fresh_installation_is_sound(run: Run) -> None:
    found = run("doctor")
    assert found.code == 0
    assert "旭川市（asahikawa）" in found.out
    assert "×" not in found.out


def test_the_same_for_programs(run: Run) -> None:
    found = run("doctor", "--json")
    assert found.json["ok"] is True
    assert {"level", "about", "text"} == set(found.json["remarks"][0])


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"ORG": "nowhere"}, "「nowhere」は登録されていません"),
        ({"DATABASE": "mysql://x/y"}, "sqliteとpostgresql"),
        ({"WORKSPACES": "/no/such.yaml"}, "/no/such.yaml"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}, "slack のワークスペースが"),
        ({"SLACK_BOT_TOKEN": "xapp-1", "SLACK_APP_TOKEN": "xapp-1"}, "xoxb-"),
        ({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xoxb-1"}, "xapp-"),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, "GUIDELINE_BOT_SLACK_APP_TOKEN"),
        ({"SLACK_APP_TOKEN": "xapp-1"}, "GUIDELINE_BOT_SLACK_BOT_TOKEN"),
        (TEAMS | {"TEAMS_TENANT_ID": TENANT}, "GUIDELINE_BOT_TEAMS_APP_TYPE"),
        (TEAMS | {"TEAMS_APP_TYPE": "MultiTenant"}, "MultiTenant"),
        (TEAMS | {"TEAMS_APP_TYPE": "SingleTenant"}, "GUIDELINE_BOT_TEAMS_TENANT_ID"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_the_exit_code_is_one(
    run: Run, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], words: str
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(f"GUIDELINE_BOT_{name}", value)
    found = run("doctor", "--offline")
    assert found.code == 1
    assert any(line.startswith("×") and words in line for line in found.out.splitlines()), found.out


@pytest.mark.parametrize(
    ("listed", "level", "words"),
    [
        ("{platform: slack, tenant: '11111111', org: bibai}", "error", "T で始まる"),
        ("{platform: teams, tenant: contoso, org: bibai}", "error", "GUID"),
        ("{platform: teams, tenant: aaaaaaaa-2222-3333-4444-555555555555, org: bibai}", "error", "TEAMS_TENANT_ID"),
        ("{platform: slack, tenant: T01, org: bibai}", "warning", "slack の設定がない"),
    ],
)
def test_a_workspaces_file_that_does_not_fit_is_said(tmp_path: Path, listed: str, level: str, words: str) -> None:
    path = Path(workspaces(tmp_path, f"- {listed}\n"))
    found = remarks("workspaces", Settings(workspaces=path, teams_tenant_id=TENANT, teams_app_type="SingleTenant"))
    assert any(one.level == level and words in one.text for one in found), found


def test_no_secret_is_ever_printed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {
        "SLACK_BOT_TOKEN": "canary-1", "SLACK_APP_TOKEN": "canary-2", "SLACK_SIGNING_SECRET": "canary-3",
        "TEAMS_APP_ID": "no-guid", "TEAMS_APP_PASSWORD": "canary-4", "TEAMS_APP_TYPE": "SingleTenant",
        "DATABASE": "postgresql://bot:canary-5@127.0.0.1:1/none",
    }  # fmt: skip
    for name, value in secrets.items():
        monkeypatch.setenv(f"GUIDELINE_BOT_{name}", value)
    found = run("doctor", "--offline")
    assert found.code == 1
    assert "canary" not in found.out + found.err


def test_a_knowledge_file_that_is_wrong_is_named_with_its_line(run: Run, invented_root: Path, tmp_path: Path) -> None:
    import shutil

    root = tmp_path / "knowledge"
    shutil.copytree(invented_root, root)
    (root / "organizations" / "kasumino" / "organization.yaml").write_text("id: kasumino\nnmae: x\n", encoding="utf-8")
    found = run("doctor", "--knowledge", str(root))
    assert found.code == 1
    assert "organization.yaml:" in found.out


def test_an_address_for_others_wants_its_name() -> None:
    (open_to_all, *_) = remarks("address", Settings(host="0.0.0.0", port=0))  # noqa: S104
    assert open_to_all.level == "warning"
    assert "GUIDELINE_BOT_URL" in open_to_all.text


def test_the_proxy_is_shown_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://user:canary@proxy.example.jp:3128")
    (remark,) = remarks("proxy", Settings())
    assert remark.text == "proxy.example.jp:3128 を通ります"


@pytest.mark.parametrize(("engine", "level"), [("SQLite 3.40.1", "warning"), ("SQLite 3.53.4", None)])
def test_an_sqlite_that_may_lose_writes_is_named(engine: str, level: str | None) -> None:
    found = [remark.level for remark in checks._sqlite("データベース", engine, "ext4")]
    assert found == ([level] if level else [])


def test_sqlite_on_a_network_drive_is_wrong() -> None:
    (found,) = checks._sqlite("データベース", "SQLite 3.53.4", "nfs4")
    assert found.level == "error"
