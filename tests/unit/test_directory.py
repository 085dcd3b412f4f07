"""Which organisation a workspace belongs to; who is not in the file is not served."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands import Sender
from bot.corpus.knowledge import Knowledge
from bot.directory import Directory, load_workspaces, page_workspace
from bot.errors import DataError

FILE = """
- platform: slack
  tenant: T01
  org: asahikawa
  channels: {C77: bibai}
  departments: {広報広聴課: C05}
- platform: teams
  tenant: 11111111-2222-3333-4444-555555555555
  org: suzaka
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "workspaces.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def sender(tenant: str, channel: str = "C1", platform: str = "slack") -> Sender:
    return Sender(platform, tenant, "U1", channel, f"{channel}/1")


@pytest.fixture
def directory(tmp_path: Path, knowledge: Knowledge) -> Directory:
    return Directory(load_workspaces(written(tmp_path, FILE), knowledge))


def test_a_workspace_answers_for_its_organisation(directory: Directory) -> None:
    assert directory.org(sender("T01")) == "asahikawa"


def test_a_channel_may_answer_for_another_one(directory: Directory) -> None:
    assert directory.org(sender("T01", "C77")) == "bibai"


def test_a_tenant_that_is_not_listed_has_no_organisation(directory: Directory) -> None:
    assert directory.org(sender("T99")) is None


def test_the_same_id_on_another_platform_is_another_tenant(directory: Directory) -> None:
    assert directory.org(sender("T01", platform="teams")) is None


def test_without_a_file_nobody_but_the_page_is_served(knowledge: Knowledge) -> None:
    directory = Directory([page_workspace(knowledge)])
    assert directory.org(sender("T01")) is None
    assert directory.org(sender("web", "chikugo", "web")) == "chikugo"
    assert directory.org(sender("web", "elsewhere", "web")) is None


def test_departments_have_their_channel(directory: Directory) -> None:
    workspace = directory.workspace(sender("T01"))
    assert workspace is not None
    assert workspace.departments == {"広報広聴課": "C05"}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("- {platform: slack, tenant: T1, org: nowhere}", 1, "登録されていません"),
        ("- {platform: irc, tenant: T1, org: bibai}", 1, "irc"),
        ("- {platform: slack, tenant: T1}", 1, "org"),
        ("- platform: slack\n  tenant: T1\n  org: bibai\n  channel: x", 4, "channel"),
        ("- platform: slack\n  tenant: T1\n  org: suzaka\n  departments: {無い課: C1}", 4, "無い課"),
        ("- {platform: slack, tenant: T1, org: bibai}\n- {platform: slack, tenant: T1, org: bibai}", 2, "二度"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(
    tmp_path: Path, knowledge: Knowledge, text: str, line: int, words: str
) -> None:
    with pytest.raises(DataError) as caught:
        load_workspaces(written(tmp_path, text), knowledge)
    assert caught.value.line == line
    assert words in str(caught.value)
