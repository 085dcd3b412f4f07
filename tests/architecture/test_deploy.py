"""The deploy files name what exists: paths, users, settings, verbs. No container engine or systemd runs here."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from bot.cli.main import build_parser
from bot.corpus.knowledge import Knowledge
from bot.directory import load_workspaces
from bot.settings import Settings, from_env

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
SETTING = re.compile(r"GUIDELINE_BOT_[A-Z_]+")


def instructions() -> list[tuple[str, str]]:
    """The Containerfile's instructions with their continued lines joined."""
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Containerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines if line.strip())]


def unit() -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(DEPLOY / "guideline-bot.service", encoding="utf-8")
    return parser


def known_settings() -> set[str]:
    return {f"GUIDELINE_BOT_{name.upper()}" for name in Settings.__slots__}


def test_every_setting_the_deploy_files_name_exists() -> None:
    for name in ("Containerfile", "compose.yaml", "guideline-bot.service"):
        assert set(SETTING.findall((DEPLOY / name).read_text(encoding="utf-8"))) <= known_settings(), name


def test_the_image_copies_only_what_is_there_and_all_that_the_build_needs() -> None:
    copied = [shlex.split(rest)[:-1] for word, rest in instructions() if word == "COPY" and "--from" not in rest]
    names = {name for sources in copied for name in sources}
    assert [name for name in names if not (ROOT / name).exists()] == []
    assert {"bot", "adapters", "knowledge", "pyproject.toml", "README.md", "LICENSE", "requirements.lock"} <= names


def test_the_image_runs_as_a_numbered_user_that_is_not_root() -> None:
    users = [rest for word, rest in instructions() if word == "USER"]
    assert users == ["10001:10001"]
    after = [word for word, _ in instructions()][[word for word, _ in instructions()].index("USER") :]
    assert not {"RUN", "COPY", "ADD"} & set(after)


def test_the_image_installs_only_what_the_lock_has() -> None:
    runs = " ".join(rest for word, rest in instructions() if word == "RUN")
    assert "--require-hashes -r /src/requirements.lock" in runs
    assert "--no-deps --no-build-isolation /src" in runs


def test_the_commands_the_files_start_are_verbs() -> None:
    (command,) = [rest for word, rest in instructions() if word == "CMD"]
    started = [yaml.safe_load(command)[0], shlex.split(unit()["Service"]["ExecStart"])[1]]
    for verb in started:
        assert build_parser().parse_args([verb]).verb == "serve"


def test_the_composition_keeps_the_container_small_in_rights() -> None:
    bot = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]["bot"]
    assert bot["read_only"] is True
    assert bot["cap_drop"] == ["ALL"]
    assert bot["security_opt"] == ["no-new-privileges:true"]
    assert all(port.startswith("127.0.0.1:") for port in bot["ports"])
    assert (DEPLOY / bot["build"]["context"] / bot["build"]["dockerfile"]).is_file()


def test_the_unit_has_no_rights_to_spare() -> None:
    service = unit()["Service"]
    assert service["DynamicUser"] == "yes"
    assert service["ProtectSystem"] == "strict"
    assert service["NoNewPrivileges"] == "yes"
    assert service["LimitCORE"] == "0"


def test_systemd_itself_accepts_the_unit(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed here")
    copy = tmp_path / "guideline-bot.service"
    text = (DEPLOY / "guideline-bot.service").read_text(encoding="utf-8")
    copy.write_text(text.replace("/opt/guideline-bot/bin/guideline-bot", "/bin/true"), encoding="utf-8")
    found = subprocess.run(["systemd-analyze", "verify", str(copy)], capture_output=True, text=True, check=False)
    assert (found.returncode, found.stderr) == (0, "")
    exposed = ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(copy)]
    assert subprocess.run(exposed, capture_output=True, check=False).returncode == 0, "exposure above 2.0"


def test_the_example_of_a_workspaces_file_loads(knowledge: Knowledge) -> None:
    assert [one.org for one in load_workspaces(DEPLOY / "workspaces.example.yaml", knowledge)] == [
        "asahikawa",
        "suzaka",
    ]


def test_the_example_environment_is_one_that_is_accepted() -> None:
    lines = (DEPLOY / ".env.example").read_text(encoding="utf-8").splitlines()
    given = dict(line.removeprefix("#").split("=", 1) for line in lines if re.match(r"#?GUIDELINE_BOT_", line))
    settings = from_env(given)
    assert settings.port == 8080
    assert settings.teams_app_type == "SingleTenant"
