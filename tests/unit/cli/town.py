"""The invented town with a reviewed course, a workspace and a database of its own, for the tests of `onboard`."""

from __future__ import annotations

import csv
import io
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.bootstrap import RandomIdentities, SystemClock
from bot.corpus.knowledge import Knowledge
from bot.onboarding.administering import Administration
from bot.store.database import Store, open_store
from bot.testing import INVENTED_ID
from tests.unit.cli.conftest import Result, Run

ROSTER = """氏名,メール,ID,開始日,所属,任用,上司
霞野 花子,hanako@town.example,,2026-04-01,総務課,任期なし,boss@town.example
霞野 太郎,,U0TARO123,令和8年4月1日,総務課,会計年度任用職員,
"=1+1",jiro@town.example,,R8.4.1,総務課,,
"""
DONE = "3人を登録しました（登録済み 0人）。\n"


def town(invented_root: Path, folder: Path, patch: pytest.MonkeyPatch) -> str:
    """The address of a database that nobody has opened yet; the folder with roster.csv is the present one."""
    root = folder / "knowledge"
    shutil.copytree(invented_root, root)
    course = root / "organizations" / INVENTED_ID / "course.yaml"
    course.write_text(course.read_text(encoding="utf-8").replace("reviewed: no", "reviewed: yes"), encoding="utf-8")
    workspaces(folder, ("slack", "T0KASUMI"))
    url = f"sqlite:///{folder / 'data' / 'bot.sqlite3'}"
    patch.setenv("GUIDELINE_BOT_DATABASE", url)
    patch.setenv("GUIDELINE_BOT_WORKSPACES", str(folder / "workspaces.yaml"))
    patch.setenv("GUIDELINE_BOT_KNOWLEDGE", str(root))
    patch.chdir(folder)
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    return url


def workspaces(folder: Path, *listed: tuple[str, str]) -> None:
    text = "".join(f"- platform: {name}\n  tenant: {tenant}\n  org: {INVENTED_ID}\n" for name, tenant in listed)
    (folder / "workspaces.yaml").write_text(text or "[]\n", encoding="utf-8")


@contextmanager
def serving(url: str) -> Iterator[tuple[Store, Administration]]:
    """A process that has the database open, as `serve` does."""
    store = open_store(url, SystemClock())
    try:
        knowledge = Knowledge(Path(os.environ["GUIDELINE_BOT_KNOWLEDGE"]))
        yield store, Administration(knowledge, store, SystemClock(), RandomIdentities())
    finally:
        store.close()


def refused(result: Result, words: str) -> None:
    assert (result.code, result.out) == (2, "")
    assert words in result.err


def exported(run: Run, *more: str) -> list[dict[str, str]]:
    assert run("onboard", "export", "out.csv", "--force", *more).code == 0
    text = Path("out.csv").read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))
